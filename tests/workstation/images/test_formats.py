import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.workstation.images.files import saved, texture, tiff
from workstation.errors import UserFacingError
from workstation.images import load

SHAPE = (60, 80, 3)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True}), ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_deflate"}), ("TIFF", {"compression": "packbits"}), ("TIFF", {"big_tiff": True}),
    ],
)  # fmt: skip
def test_lossless_files_give_the_pixels_they_hold(kind: str, options: dict[str, object]) -> None:
    pixels = texture()
    image = load(saved(pixels, kind, **options))
    np.testing.assert_array_equal(image.pixels, pixels)
    assert image.conversions == ()
    assert image.pixels.dtype == np.uint8
    assert image.pixels.flags.c_contiguous


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_files_keep_colours_in_their_channels(kind: str) -> None:
    pixels = np.full(SHAPE, (200, 120, 40), np.uint8)
    image = load(saved(pixels, kind, quality=95))
    assert np.abs(image.pixels.astype(int) - (200, 120, 40)).max() <= 3


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG"])
def test_grey_fills_three_equal_channels(kind: str) -> None:
    grey = np.full((40, 50), 90, np.uint8)
    image = load(saved(grey, kind))
    np.testing.assert_array_equal(image.pixels, np.full((40, 50, 3), 90))


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_palette_and_bilevel_images(kind: str) -> None:
    blocks = np.zeros(SHAPE, np.uint8)
    blocks[:30], blocks[30:] = (250, 10, 20), (0, 100, 200)
    palette = Image.fromarray(blocks).quantize(2)
    np.testing.assert_array_equal(load(saved(palette, kind)).pixels, blocks)
    bilevel = Image.fromarray(blocks[..., 0]).convert("1", dither=Image.Dither.NONE)
    np.testing.assert_array_equal(load(saved(bilevel, kind)).pixels, np.where(blocks[..., :1] > 127, 255, [0] * 3))


def test_palette_with_a_transparent_colour_is_laid_on_white() -> None:
    indexed = Image.fromarray(np.repeat([[0, 1]], 4, axis=0).astype(np.uint8), "P")
    indexed.putpalette([10, 20, 30, 40, 50, 60])
    image = load(saved(indexed, "PNG", transparency=1))
    assert image.pixels[0].tolist() == [[10, 20, 30], [255, 255, 255]]
    assert image.conversions == ("transparent parts laid on white",)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_transparency_is_laid_on_white_and_said(kind: str) -> None:
    rgba = np.full((4, 4, 4), (100, 50, 0, 255), np.uint8)
    rgba[0, 0, 3] = 0
    rgba[0, 1, 3] = 51  # a fifth
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    image = load(saved(rgba, kind, **options))
    assert image.pixels[0, 0].tolist() == [255, 255, 255]
    assert image.pixels[0, 1].tolist() == [224, 214, 204]
    assert image.pixels[1, 1].tolist() == [100, 50, 0]
    assert image.conversions == ("transparent parts laid on white",)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_an_opaque_alpha_channel_changes_nothing(kind: str) -> None:
    rgba = np.dstack([texture(), np.full((60, 80), 255, np.uint8)])
    image = load(saved(rgba, kind, **({"lossless": True} if kind == "WEBP" else {})))
    np.testing.assert_array_equal(image.pixels, rgba[..., :3])
    assert image.conversions == ()


@pytest.mark.parametrize(
    ("highest", "shift", "said"),
    [
        (65535, 8, "16 bit reduced to 8 bit"),
        (16383, 6, "16 bit with 14 bits in use reduced to 8 bit"),
        (4095, 4, "16 bit with 12 bits in use reduced to 8 bit"),
        (255, 0, "16 bit with 8 bits in use reduced to 8 bit"),
    ],
)
@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_16_bit_is_reduced_by_whole_bits(ending: str, highest: int, shift: int, said: str) -> None:
    stored = np.random.default_rng(1).integers(0, highest + 1, SHAPE, dtype=np.uint16)
    stored[0, 0] = (highest, 0, highest // 2)
    image = load(cv2.imencode(ending, stored[..., ::-1])[1].tobytes())
    np.testing.assert_array_equal(image.pixels, stored >> shift)
    assert image.conversions == (said,)


def test_8_bit_stretched_to_16_comes_back_exactly() -> None:
    pixels = texture()
    wide = pixels.astype(np.uint16) * 257
    np.testing.assert_array_equal(load(cv2.imencode(".png", wide[..., ::-1])[1].tobytes()).pixels, pixels)


def test_16_bit_grey_and_16_bit_with_alpha() -> None:
    grey = np.arange(0, 65536, 1024, dtype=np.uint16).reshape(8, 8)
    for data in (saved(grey, "PNG"), saved(grey, "TIFF"), tiff(grey)):
        np.testing.assert_array_equal(load(data).pixels[..., 1], grey >> 8)
    rgba = np.full((2, 2, 4), 65535, np.uint16)
    rgba[0, 0] = (4000, 2000, 1000, 65535)
    rgba[1, 1, 3] = 0
    for data in (cv2.imencode(".png", rgba[..., [2, 1, 0, 3]])[1].tobytes(), tiff(rgba, extra=2)):
        image = load(data)
        assert image.pixels[0, 0].tolist() == [15, 7, 3]
        assert image.pixels[1, 1].tolist() == [255, 255, 255]
        assert image.conversions == ("16 bit reduced to 8 bit", "transparent parts laid on white")


def test_an_image_that_is_transparent_everywhere_is_shown_all_the_same() -> None:
    rgba = np.dstack([texture(), np.zeros((60, 80), np.uint8)])
    image = load(saved(rgba, "PNG"))
    np.testing.assert_array_equal(image.pixels, rgba[..., :3])
    assert image.conversions == ("alpha channel without content left out",)


def test_16_bit_12_bits_in_use_with_opaque_alpha() -> None:
    rgba = np.full((2, 2, 4), (4095, 160, 16, 65535), np.uint16)
    image = load(tiff(rgba, extra=2))
    assert image.pixels[0, 0].tolist() == [255, 10, 1]
    assert image.conversions == ("16 bit with 12 bits in use reduced to 8 bit",)


def test_a_fourth_tiff_sample_that_is_not_alpha_is_left_out() -> None:
    for dtype, factor in ((np.uint8, 1), (np.uint16, 257)):
        samples = np.full((3, 3, 4), np.array([9, 200, 100, 0]) * factor, dtype)
        image = load(tiff(samples, extra=0))
        assert image.pixels[1, 1].tolist() == [9, 200, 100]


def test_tiff_whose_colours_are_multiplied_with_alpha() -> None:
    for dtype, factor in ((np.uint8, 1), (np.uint16, 257)):
        samples = np.full((3, 3, 4), np.array([51, 102, 0, 102]) * factor, dtype)
        samples[0, 0] = 255 * factor
        image = load(tiff(samples, extra=1))
        assert np.abs(image.pixels[1, 1].astype(int) - [204, 255, 153]).max() <= 1


def test_tiff_where_zero_is_white() -> None:
    for dtype, factor in ((np.uint8, 1), (np.uint16, 257)):
        image = load(tiff(np.array([[0, 55, 255]], dtype) * dtype(factor), photometric=0))
        assert image.pixels[0, :, 0].tolist() == [255, 200, 0]


def test_tiff_with_channels_one_after_the_other() -> None:
    np.testing.assert_array_equal(load(tiff(texture(), planar=2)).pixels, texture())
    with pytest.raises(UserFacingError, match="16-bit channels one after the other"):
        load(tiff(texture().astype(np.uint16), planar=2))


def test_grey_with_alpha() -> None:
    grey_alpha = np.full((4, 4, 2), (100, 255), np.uint8)
    grey_alpha[0, 0, 1] = 0
    for kind in ("PNG", "TIFF"):
        assert load(saved(grey_alpha, kind)).pixels[0, :2].tolist() == [[255] * 3, [100] * 3]


def test_cmyk_is_converted_and_said() -> None:
    cyan = Image.fromarray(np.full((16, 16, 4), (255, 0, 0, 0), np.uint8), "CMYK")
    for kind in ("TIFF", "JPEG"):
        image = load(saved(cyan, kind))
        assert np.abs(image.pixels[8, 8].astype(int) - (0, 255, 255)).max() <= 2
        assert image.conversions == ("CMYK converted to RGB without a colour profile",)


def wide_gamut_profile() -> bytes:
    """A profile of sRGB's tone curve whose red and blue are exchanged: an error in its use cannot be overlooked."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = profile[blue : blue + 4], profile[red : red + 4]
    return bytes(profile)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "WEBP"])
def test_a_colour_profile_is_applied_and_said(kind: str) -> None:
    pixels = np.full((130, 20, 3), (200, 100, 50), np.uint8)
    options = {"lossless": True} if kind == "WEBP" else {}
    image = load(saved(pixels, kind, icc_profile=wide_gamut_profile(), **options))
    assert np.abs(image.pixels.astype(int) - (50, 100, 200)).max() <= 3
    assert len(image.conversions) == 1
    assert image.conversions[0].startswith("colours converted to sRGB from the profile")


def test_the_srgb_profile_itself_changes_nothing_and_is_not_worth_a_word() -> None:
    pixels = texture()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = load(saved(pixels, "PNG", icc_profile=srgb))
    np.testing.assert_array_equal(image.pixels, pixels)
    assert image.conversions == ()


def test_an_unusable_profile_is_said() -> None:
    pixels = texture()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"no profile at all", lab):
        image = load(saved(pixels, "PNG", icc_profile=profile))
        np.testing.assert_array_equal(image.pixels, pixels)
        assert image.conversions == ("colour profile unusable: colours taken as sRGB",)


def test_the_first_picture_of_a_camera_jpeg_with_several_is_taken_and_said() -> None:
    first, second = (Image.new("RGB", (32, 24), colour) for colour in ((200, 30, 30), (0, 0, 250)))
    image = load(saved(first, "MPO", save_all=True, append_images=[second]))
    assert image.conversions == ("first of 2 pictures in the file",)
    assert image.pixels[10, 10, 0] > 190


def test_a_thumbnail_page_is_no_second_page() -> None:
    page, thumbnail = Image.new("RGB", (32, 24), "red"), Image.new("RGB", (8, 6), "red")
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    assert load(saved(page, "TIFF", save_all=True, append_images=[thumbnail])).conversions == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (saved(Image.new("RGB", (9, 9)), "TIFF", save_all=True, append_images=[Image.new("RGB", (9, 9))]), "2 pages"),
        (saved(Image.new("RGB", (9, 9)), "PNG", save_all=True, append_images=[Image.new("RGB", (9, 9), "red")]),
         "animated (2 frames)"),
        (saved(Image.new("RGB", (9, 9)), "WEBP", save_all=True, append_images=[Image.new("RGB", (9, 9), "red")]),
         "animated (2 frames)"),
        (tiff(np.zeros((4, 4), np.float32), sample_format=3), "floating-point values"),
        (tiff(np.zeros((4, 4), np.uint32)), "32-bit values"),
        (tiff(np.zeros((4, 4), np.int16), sample_format=2), "signed values"),
        (tiff(np.zeros((4, 4), np.int8), sample_format=2), "signed values"),
        (tiff(np.zeros((4, 4, 3), np.uint8), subfile=1), "only a preview"),
        (saved(Image.new("LAB", (9, 9)), "TIFF"), "L*a*b*"),
    ],
)  # fmt: skip
def test_what_would_be_shown_wrongly_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        load(data)
    assert words in caught.value.what
    assert caught.value.remedy

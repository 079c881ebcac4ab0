import builtins
import io

import numpy as np
import pytest
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian, RLELossless

from tests.workstation.images.dicoms import DERMOSCOPIC, SECONDARY_CAPTURE, VL_PHOTOGRAPHIC, colours, dicom
from workstation.errors import UserFacingError
from workstation.images import load, read_header
from workstation.images.here import decode_here

JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
SPACING = ["0.005", "0.005"]


def jpeg(pixels, **options):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=95, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("sop_class", [VL_PHOTOGRAPHIC, DERMOSCOPIC, SECONDARY_CAPTURE])
@pytest.mark.parametrize("planar", [0, 1])
def test_photographs_give_the_pixels_they_hold(sop_class, planar):
    pixels = colours()
    stored = np.moveaxis(pixels, 2, 0) if planar else pixels
    image = load(dicom(pixels, sop_class, PlanarConfiguration=planar, PixelData=stored.tobytes(), PixelSpacing=SPACING))
    np.testing.assert_array_equal(image.pixels, pixels)
    assert image.metadata_um_per_px == pytest.approx(5.0)
    assert image.conversions == ()


def test_run_length_and_other_byte_orders_change_nothing():
    pixels = colours()
    np.testing.assert_array_equal(load(dicom(pixels, compress=RLELossless)).pixels, pixels)
    np.testing.assert_array_equal(load(dicom(pixels, syntax=ImplicitVRLittleEndian)).pixels, pixels)
    wide = np.arange(0, 60000, 15, dtype=np.uint16).reshape(50, 80)
    swapped = dicom(wide, syntax=ExplicitVRBigEndian, PixelData=wide.astype(">u2").tobytes())
    np.testing.assert_array_equal(load(swapped).pixels[..., 0], wide >> 8)


def test_a_header_is_read_without_the_pixels(tmp_path):
    path = tmp_path / "a.dcm"
    path.write_bytes(dicom(colours(), PixelSpacing=SPACING))
    header = read_header(path)
    assert (header.format, header.width_px, header.height_px, header.bits) == ("DICOM", 80, 60, 8)
    with pytest.raises(UserFacingError, match=r"the limit is 0\.001"):
        load(path, max_megapixels=0.001)


def test_brightness_stored_upside_down_is_turned_round():
    grey = np.array([[0, 255, 100, 30]] * 4, np.uint8)
    image = load(dicom(grey, PhotometricInterpretation="MONOCHROME1"))
    assert image.pixels[0, :, 0].tolist() == [255, 0, 155, 225]
    assert image.conversions == ("brightness turned round (MONOCHROME1)",)


def test_twelve_bits_are_reduced_by_the_depth_that_is_named_not_by_what_is_in_use():
    grey = np.array([[0, 160, 1600, 1000]] * 4, np.uint16)
    image = load(dicom(grey, stored=12))
    assert image.pixels[0, :, 0].tolist() == [0, 10, 100, 62]
    assert image.conversions == ("12 bit reduced to 8 bit",)
    turned = load(dicom(grey, stored=12, PhotometricInterpretation="MONOCHROME1"))
    assert turned.pixels[0, :, 0].tolist() == [255, 245, 155, 193]


def test_sixteen_bits():
    grey = np.array([[0, 256, 65535, 30000]] * 4, np.uint16)
    image = load(dicom(grey))
    assert image.pixels[0, :, 0].tolist() == [0, 1, 255, 117]
    assert image.conversions == ("16 bit reduced to 8 bit",)


def test_ycbcr_becomes_rgb():
    # BT.601 full range: Y 81, Cb 90, Cr 240 is (238, 14, 14) by R = Y + 1.402 (Cr - 128) and so on
    ycc = np.full((8, 8, 3), (81, 90, 240), np.uint8)
    image = load(dicom(ycc, PhotometricInterpretation="YBR_FULL"))
    assert np.abs(image.pixels[0, 0].astype(int) - (238, 14, 14)).max() <= 1
    pairs = np.tile(np.array([81, 81, 90, 240], np.uint8), 8 * 4)
    halved = dicom(ycc, PhotometricInterpretation="YBR_FULL_422", PixelData=pairs.tobytes())
    assert np.abs(load(halved).pixels.astype(int) - (238, 14, 14)).max() <= 1


def test_a_palette_is_converted_and_said():
    index = np.array([[0, 1], [1, 0]], np.uint8)
    channels = {"Red": (250, 0), "Green": (10, 100), "Blue": (20, 200)}
    more = {f"{name}PaletteColorLookupTableDescriptor": [2, 0, 8] for name in channels}
    more |= {f"{name}PaletteColorLookupTableData": bytes(values) for name, values in channels.items()}
    image = load(dicom(index, SECONDARY_CAPTURE, PhotometricInterpretation="PALETTE COLOR", **more))
    assert image.pixels[0].tolist() == [[250, 10, 20], [0, 100, 200]]
    assert image.conversions == ("palette converted to RGB",)


def test_jpeg_inside_is_read_as_its_colours_are_meant():
    plain = np.full((16, 16, 3), (200, 120, 40), np.uint8)
    for told, data in (("YBR_FULL_422", jpeg(plain)), ("RGB", without_marks(jpeg(plain, keep_rgb=True)))):
        file = dicom(
            plain,
            syntax=JPEG_BASELINE,
            PhotometricInterpretation=told,
            PixelData=encapsulate([data]),
            PixelSpacing=SPACING,
        )
        image = load(file)
        assert np.abs(image.pixels.astype(int) - (200, 120, 40)).max() <= 3, told
        assert image.metadata_um_per_px == pytest.approx(5.0)


def without_marks(data):
    """A JPEG without the segments that say which colours it holds, its components numbered from one."""
    parts, at = [data[:2]], 2
    while data[at + 1] != 0xDA:
        length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segment = bytearray(data[at : at + length])
        if segment[1] == 0xC0:
            segment[10], segment[13], segment[16] = 1, 2, 3
        if segment[1] not in (0xE0, 0xEE):
            parts.append(bytes(segment))
        at += length
    scan = bytearray(data[at:])
    scan[5], scan[7], scan[9] = 1, 2, 3
    return b"".join([*parts, bytes(scan)])


def test_a_jpeg_inside_may_not_be_larger_than_its_file_says():
    data = jpeg(np.zeros((64, 64, 3), np.uint8))
    file = dicom(np.zeros((16, 16, 3), np.uint8), syntax=JPEG_BASELINE, PixelData=encapsulate([data]))
    with pytest.raises(UserFacingError, match="truncated or damaged"):
        load(file)


@pytest.mark.parametrize(
    ("elements", "scale", "said"),
    [
        ({}, None, ()),
        ({"PixelSpacing": ["0.0055", "0.005"]}, None, "pixels not square (5 × 5.5 µm)"),
        ({"PixelSpacing": ["1", "1"]}, None, "1000 µm a pixel is none of a scalp image"),
        ({"PixelSpacing": ["0", "0"]}, None, "no positive number"),
        ({"ImagerPixelSpacing": ["0.007", "0.007"]}, 7.0, "which need not hold on the skin"),
        ({"ImagerPixelSpacing": ["0.007", "0.007"], "PixelSpacing": SPACING}, 5.0, ()),
        ({"WindowCenter": "128", "WindowWidth": "100"}, None, "window of the DICOM file not applied"),
    ],
)
def test_the_scale_is_the_pixel_spacing(elements, scale, said):
    image = load(dicom(colours(), **elements))
    assert image.metadata_um_per_px == (None if scale is None else pytest.approx(scale))
    assert said in image.conversions[0] if said else image.conversions == ()


@pytest.mark.parametrize(
    ("file", "what"),
    [
        (lambda: dicom(colours(), "1.2.840.10008.5.1.4.1.1.2"), "“CT Image Storage”, not a VL Photographic"),
        (lambda: dicom(colours(), NumberOfFrames=3, PixelData=colours().tobytes() * 3), "holds 3 frames"),
        (lambda: dicom(colours(), PhotometricInterpretation="HSV"), "colours of the kind “HSV”"),
        (lambda: dicom(colours()[..., 0], PixelRepresentation=1), "signed values"),
        (lambda: dicom(colours(), syntax=DeflatedExplicitVRLittleEndian), "deflated"),
        (lambda: dicom(colours(), syntax=JPEG_2000, PixelData=encapsulate([b"x" * 99])), "“JPEG 2000 .*not read"),
        (lambda: dicom(colours(), Rows=6000), "truncated or damaged"),
        (lambda: dicom(colours(), Rows=0), "no pixels"),
        (lambda: dicom(colours(), Rows=None), "truncated or damaged"),
        (lambda: dicom(colours(), PixelData=None), "truncated or damaged"),
    ],
)
def test_what_would_be_shown_wrongly_is_refused(file, what):
    with pytest.raises(UserFacingError, match=what):
        load(file())


def test_truncated_files_are_refused():
    whole = dicom(colours())
    for kept in [*range(1, len(whole) - 1, 97), *range(len(whole) - 20, len(whole) - 1)]:
        with pytest.raises(UserFacingError):
            load(whole[:kept])


@pytest.mark.parametrize("compress", [None, RLELossless])
def test_damaged_files_are_refused_or_shown_but_never_crash(compress):
    rng = np.random.default_rng(11)
    whole = dicom(colours(20, 30), compress=compress, PixelSpacing=SPACING, WindowCenter="100")
    refused = 0
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 8)):
            data[rng.integers(132, min(len(data), 1100))] = rng.integers(256)
        try:
            image = load(bytes(data), max_megapixels=1)
            assert image.pixels.dtype == np.uint8
        except UserFacingError:
            refused += 1
    assert refused > 100


def test_without_pydicom_it_is_said_what_to_install(monkeypatch):
    file = dicom(colours())
    real = builtins.__import__

    def missing(name, *rest, **more):
        if name.partition(".")[0] == "pydicom":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(
        UserFacingError, match=r"needs the package pydicom\. Install it: pip install \"trichodesk\[dicom\]\""
    ):
        decode_here(file, 1.0)

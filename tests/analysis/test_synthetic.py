import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from analysis.synthetic import (
    CASES,
    CameraSpec,
    HairSpec,
    ScalpSpec,
    SkinSpec,
    Truth,
    case_spec,
    make_phantom,
    phantom,
    random_spec,
)
from analysis.synthetic.scalp import grow_scalp, nearest_neighbour_mm, place_units

BARE_SKIN = SkinSpec(
    texture=0,
    oil=0,
    halo=0,
    vessels_per_cm2=0,
    pores_per_cm2=0,
    moles_per_cm2=0,
    flakes_per_cm2=0,
    cuttings_per_cm2=0,
    specks_per_cm2=0,
)
PERFECT_CAMERA = CameraSpec(
    blur_um=3,
    defocus_um=0,
    root_blur_um=0,
    unevenness=0,
    vignette=0,
    shadow=0,
    chromatic_um=0,
    noise=0,
    jpeg_quality=None,
)
CLEAN = ScalpSpec(
    size_px=(1100, 900),
    um_per_px=4,
    hair=HairSpec(relief=0, shine=0, unit_shares=(0.9, 0.1), spacing_um=200, units_per_cm2=75),
    skin=BARE_SKIN,
    camera=PERFECT_CAMERA,
)
SMALL = (320, 256)


def profiles(made, hair, reach_px):
    """Darkness along the normals of a hair's middle third: (stations, offsets)."""
    line = hair.centreline_px
    n = len(line)
    middle = line[n // 3 : 2 * n // 3 + 1]
    tangent = np.gradient(middle, axis=0)
    tangent /= np.hypot(*tangent.T)[:, None]
    offsets = np.arange(-reach_px, reach_px + 0.05, 0.1)
    x = middle[:, :1] - tangent[:, 1:] * offsets
    y = middle[:, 1:] + tangent[:, :1] * offsets
    grey = made.image.astype(float).mean(2)
    if x.min() < 0 or y.min() < 0 or x.max() > grey.shape[1] - 1 or y.max() > grey.shape[0] - 1:
        return offsets, None
    seen = map_coordinates(grey, [y, x], order=1)
    others = [h.centreline_px for h in made.truth.hairs if h.id != hair.id]
    gap = min(np.hypot(*(o[:, None] - middle[None]).transpose(2, 0, 1)).min() for o in others)
    return offsets, None if gap < reach_px + 16 else seen


@pytest.fixture(scope="module")
def clean():
    return make_phantom(CLEAN, 5)


def test_a_clean_profile_integrates_to_the_true_width_about_the_true_centreline(clean):
    measured = 0
    for hair in clean.truth.hairs:
        offsets, seen = profiles(clean, hair, 22)
        if seen is None or hair.width_um < 25:
            continue
        # two skin levels: the blush differs from place to place
        skin = np.linspace(seen[:, :20].mean(), seen[:, -20:].mean(), seen.shape[1])
        core = seen[:, np.abs(offsets) < 0.25].mean()
        share = (skin - seen) / (skin - core)
        width_um = share.sum(1).mean() * 0.1 * 4
        middle_px = (share * offsets).sum() / share.sum()
        assert width_um == pytest.approx(hair.width_um, abs=1.0)
        assert middle_px == pytest.approx(0, abs=0.1)
        measured += 1
    assert measured >= 8


def test_the_truth_is_consistent(clean):
    truth = clean.truth
    hairs = {h.id: h for h in truth.hairs}
    assert len(hairs) == len(truth.hairs)
    assert {i for u in truth.units for i in u.hair_ids} == set(hairs)
    for unit in truth.units:
        roots = [hairs[i].root_px for i in unit.hair_ids]
        np.testing.assert_allclose(unit.centre_px, np.mean(roots, axis=0))
        assert {hairs[i].unit_id for i in unit.hair_ids} == {unit.id}


def test_hairs_rooted_outside_are_in_the_truth_when_they_enter_the_image():
    truth = phantom("long_medium", 3, size_px=SMALL).truth
    inside = [((h.root_px > -0.5) & (h.root_px < np.array(SMALL) - 0.5)).all() for h in truth.hairs]
    assert any(inside)
    assert not all(inside)


def test_the_same_seed_gives_the_same_pixels_and_another_does_not():
    one, again, other = (phantom("dark", seed, size_px=SMALL) for seed in (7, 7, 8))
    np.testing.assert_array_equal(one.image, again.image)
    assert one.truth.to_json() == again.truth.to_json()
    assert (one.image != other.image).any()
    assert one.truth.to_json() != other.truth.to_json()


def test_skin_and_camera_leave_the_hair_as_it_is():
    spec = case_spec("dark", size_px=SMALL)
    dirty = replace(spec, skin=SkinSpec(oil=1, flakes_per_cm2=100), camera=CameraSpec(noise=4, defocus_um=20))
    assert make_phantom(dirty, 3).truth.to_json() == make_phantom(spec, 3).truth.to_json()


def test_tiles_leave_no_trace(monkeypatch):
    spec = case_spec("flakes_bubbles", size_px=(300, 260))
    spec = replace(spec, camera=replace(spec.camera, noise=0, jpeg_quality=None, defocus_um=10))
    whole = make_phantom(spec, 4).image.astype(int)
    monkeypatch.setattr("analysis.synthetic.scene.TILE_PX", 128)
    assert np.abs(make_phantom(spec, 4).image.astype(int) - whole).max() <= 2


@pytest.mark.parametrize("case", sorted(set(CASES) - {"bare"}))
def test_every_case_draws_its_hair_where_the_truth_says(case):
    made = phantom(case, 2, size_px=(480, 400), um_per_px=8)
    assert made.image.shape == (400, 480, 3)
    assert made.image.dtype == np.uint8
    assert made.truth.case == case
    assert made.truth.units
    grey = made.image.astype(float).mean(2)
    dark = []
    for hair in made.truth.hairs:
        if hair.colour != "black" or hair.width_um < 45:
            continue
        points = np.rint(hair.centreline_px[3:-2]).astype(int)
        points = points[(points >= 20).all(1) & (points < np.array([460, 380])).all(1)]
        if made.truth.circle_px is not None:
            x, y, radius = made.truth.circle_px
            points = points[np.hypot(points[:, 0] - x, points[:, 1] - y) < radius - 5]
        if len(points) >= 5:
            dark.append(np.median(grey[points[:, 1], points[:, 0]]) < 0.75 * np.median(grey[grey > 40]))
    # glare or a box with text may hide one
    assert sum(dark) >= 0.8 * len(dark)


def test_bare_skin_has_marks_and_no_hair():
    made = phantom("bare", 1, size_px=SMALL)
    assert made.truth.hairs == ()
    assert made.truth.units == ()
    assert made.image.std() > 3


def test_an_unknown_case_is_refused():
    with pytest.raises(ValueError, match=r"no case 'darkk'; there are dark, "):
        phantom("darkk", 1)


@pytest.mark.parametrize(("size", "scale"), [((20, 400), 5.0), ((400, 400), 0.2), ((400, 400), 90.0)])
def test_impossible_images_are_refused(size, scale):
    with pytest.raises(ValueError, match="synthetic image"):
        ScalpSpec(size_px=size, um_per_px=scale)


def test_files_count_from_the_pixels_corner(clean):
    written = json.loads(clean.truth.to_json())
    assert set(written) == {"size", "case", "visit", "um_per_px", "roi", "hairs", "units"}
    assert written["size"] == [1100, 900]
    assert written["um_per_px"] == 4
    assert written["roi"] is None
    hair, there = clean.truth.hairs[0], written["hairs"][0]
    assert {"fu", "width_um", "root", "centreline"} <= set(there)
    np.testing.assert_allclose(there["root"], hair.root_px + 0.5, atol=0.006)
    np.testing.assert_allclose(there["centreline"], hair.centreline_px + 0.5, atol=0.006)
    unit, there = clean.truth.units[0], written["units"][0]
    assert there["id"] == unit.id
    np.testing.assert_allclose(there["centre"], unit.centre_px + 0.5, atol=0.006)
    assert there["hairs"] == list(unit.hair_ids)


def test_a_truth_is_read_back_as_it_was_written():
    truth = phantom("round", 1, size_px=SMALL).truth
    again = Truth.from_json(truth.to_json())
    assert again.to_json() == truth.to_json()
    assert again.circle_px == pytest.approx((159.5, 127.5, 124.16))
    assert truth.as_dict()["roi"]["circle"] == [160.0, 128.0, 124.16]


def test_no_hair_is_rooted_under_a_banner_or_bars():
    spec = case_spec("dense", size_px=(640, 512))
    spec = replace(spec, camera=CameraSpec(banner=True, letterbox=True))
    roots = np.array([h.root_px for h in make_phantom(spec, 2).truth.hairs])
    inside = (roots > -0.5).all(1) & (roots < np.array([639.5, 511.5])).all(1)
    assert inside.sum() > 15
    assert (roots[inside, 0] >= 63.5).all()
    assert (roots[inside, 0] < 575.5).all()
    assert (roots[inside, 1] >= 13.5).all()


def test_units_follow_density_order_and_composition():
    scalp = grow_scalp(ScalpSpec(size_px=(6000, 4000), um_per_px=6), 1)
    area_cm2 = np.prod(scalp.high_mm - scalp.low_mm) / 100
    assert len(scalp.units) / area_cm2 == pytest.approx(74, rel=0.01)
    centres = np.array([u.centre_mm for u in scalp.units])
    nearest = nearest_neighbour_mm(centres)
    assert nearest.min() >= 0.3
    # in units of 1/√density: 0.5 at random, 1.07 on a lattice, 0.58 ± 0.1 on clipped fields
    assert 0.55 < nearest.mean() * np.sqrt(0.74) < 0.75
    sizes = np.bincount([len(u.hairs) for u in scalp.units], minlength=6)[1:] / len(scalp.units)
    np.testing.assert_allclose(sizes, [0.28, 0.53, 0.17, 0.013, 0.002], atol=0.05)
    widths = np.array([h.width_um for h in scalp.hairs])
    assert (widths < 30).mean() == pytest.approx(0.06, abs=0.02)
    assert widths[widths >= 30].mean() == pytest.approx(60.5, abs=1.5)
    assert widths[widths >= 30].std() == pytest.approx(14.5, abs=1.5)
    spread = [np.hypot(*(h.strand.curve_mm[0] - u.centre_mm)) for u in scalp.units if len(u.hairs) > 1 for h in u.hairs]
    assert 0.03 < np.median(spread) < 0.12


def test_crowded_units_keep_the_density_that_was_asked_for():
    centres = place_units(np.random.default_rng(0), 110, np.zeros(2), np.array([20.0, 20.0]))
    assert len(centres) == 440


@pytest.mark.parametrize("family", ["clipped", "long", "any"])
def test_random_specs_differ_and_can_be_drawn(family):
    specs = [random_spec(np.random.default_rng(k), family, size_px=(192, 160)) for k in range(40)]
    assert len({s.hair.colour for s in specs}) >= 4
    assert np.ptp([s.um_per_px for s in specs]) > 4
    assert np.ptp([s.skin.tone for s in specs]) > 0.5
    for k in (0, 1):
        assert make_phantom(specs[k], k).image.std() > 2


def test_random_specs_keep_to_their_family():
    styles = {f: {random_spec(np.random.default_rng(k), f).hair.style for k in range(30)} for f in ("clipped", "long")}
    assert styles == {"clipped": {"clipped"}, "long": {"long"}}


def rendered(case="dark", **skin):
    spec = case_spec(case, size_px=SMALL)
    return make_phantom(replace(spec, skin=replace(spec.skin, **skin)), 3)


def test_scale_and_debris_on_hair_change_the_image_and_not_the_truth():
    plain, strewn = rendered(), rendered(crumbs=1.0)
    assert strewn.truth.to_json() == plain.truth.to_json()
    changed = (np.abs(strewn.image.astype(int) - plain.image).max(axis=2) > 25).mean()
    assert 0.001 < changed < 0.1


def test_a_shaft_goes_on_greyly_below_its_root():
    clean = replace(CLEAN, skin=BARE_SKIN)
    plain = make_phantom(clean, 5)
    necked = make_phantom(replace(clean, skin=replace(BARE_SKIN, neck_um=90)), 5)
    assert necked.truth.to_json() == plain.truth.to_json()
    darker = (plain.image.astype(int) - necked.image).max(axis=2)
    rows, columns = np.nonzero(darker > 25)
    roots = np.array([h.root_px for h in plain.truth.hairs])
    far = np.hypot(columns[:, None] - roots[:, 0], rows[:, None] - roots[:, 1]).min(axis=1) * 4
    assert len(far) > 200
    assert far.max() < 1.7 * 90 + 60


def test_skin_shows_through_thin_hair_where_it_is_pale():
    hair = replace(CLEAN.hair, vellus_share=0.5)
    plain, pale = (make_phantom(replace(CLEAN, hair=replace(hair, pallor=p)), 5) for p in (0.0, 0.7))
    lighter = pale.image.astype(int).mean(axis=2) - plain.image.mean(axis=2)

    def gain(narrowest, widest):
        lines = [h.centreline_px for h in plain.truth.hairs if narrowest < h.width_um < widest]
        points = np.rint(np.concatenate(lines)).astype(int)
        points = points[(points >= 0).all(1) & (points < np.array([1100, 900])).all(1)]
        return np.median(lighter[points[:, 1], points[:, 0]])

    assert gain(0, 30) > 10
    assert gain(46, 200) == 0


def test_shafts_of_one_ostium_may_lie_over_one_another():
    hair = HairSpec(unit_shares=(0, 1), spacing_um=5)

    def seen_beside(overlap):
        """Median distance between two roots across their hair, in mean widths."""
        scalp = grow_scalp(ScalpSpec(size_px=(800, 800), hair=replace(hair, overlap=overlap)), 1)
        beside = []
        for unit in scalp.units:
            one, two = unit.hairs
            across = np.array([-np.sin(unit.direction_rad), np.cos(unit.direction_rad)])
            gap_um = 1000 * abs((one.strand.curve_mm[0] - two.strand.curve_mm[0]) @ across)
            beside.append(gap_um / (one.width_um + two.width_um) * 2)
        return np.median(beside)

    assert seen_beside(0.0) > 0.85
    assert seen_beside(0.9) < 0.65

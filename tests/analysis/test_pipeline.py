import itertools
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest

from analysis.detection import DetectionParameters, Polarity, Preset, Source, parameters_fault
from analysis.geometry import arc_length
from analysis.learned import _network
from analysis.pipeline import detect
from analysis.progress import Cancelled
from analysis.sources import FELL_BACK
from tests.analysis.drawn_hairs import draw, nearest_ends

ONE = ((120, 150), (230, 210), 60.0)
PAIR = [((100, 120), (210, 170), 66.0), ((96, 131), (206, 181), 66.0)]
CROSSING = [((100, 120), (230, 200), 60.0), ((110, 210), (220, 110), 60.0)]


def found(shafts, **how):
    return detect(draw(shafts, **how), 6.0)


def test_one_hair_is_found_with_its_ends_and_width():
    detection = found([ONE])
    assert detection.n_hairs == 1
    assert nearest_ends(detection, *map(np.array, ONE[:2])) < 8.0
    assert detection.width_px[0] * 6.0 == pytest.approx(60.0, abs=2.0)
    assert detection.confidence[0] > 0.5
    assert detection.root_visible[0]
    assert detection.unit[0] == 0


def test_columns_agree_with_one_another():
    detection = found([ONE, *CROSSING[:1]])
    assert len(detection.vertices_px) == len(detection.vertex_width_px) == detection.n_vertices.sum()
    assert (detection.n_vertices >= 2).all()
    assert detection.first_vertex.tolist() == [0, *np.cumsum(detection.n_vertices)[:-1]]


@pytest.mark.parametrize("shafts", [PAIR, CROSSING], ids=["touching", "crossing"])
def test_two_hairs_that_touch_or_cross_are_two(shafts):
    detection = found(shafts)
    assert detection.n_hairs == 2
    assert all(nearest_ends(detection, np.array(a), np.array(b)) < 12.0 for a, b, _ in shafts)


def test_light_hair_on_dark_skin_is_seen_as_light():
    detection = found([ONE, PAIR[0]], skin=(95, 70, 60), colour=(225, 220, 205))
    assert detection.parameters.polarity is Polarity.LIGHT
    assert nearest_ends(detection, *map(np.array, ONE[:2])) < 10.0


def test_a_hair_that_enters_from_outside_has_no_visible_root():
    detection = found([((-20, 200), (110, 215), 60.0), ((200, 100), (310, 115), 60.0), ((200, 300), (310, 315), 60.0)])
    at_edge = [i for i in range(detection.n_hairs) if detection.vertices_of(i)[:, 0].min() < 5]
    assert len(at_edge) == 1
    assert detection.n_hairs == 3
    inside = [i for i in range(3) if i not in at_edge]
    assert detection.root_visible[inside].all()
    assert (detection.unit == -1).tolist() == (~detection.root_visible).tolist()


def test_the_darkened_skin_tells_the_root():
    image = draw([ONE]).astype(float)
    y, x = np.mgrid[:420, :420]
    halo = np.exp(-((x - 238) ** 2 + (y - 214) ** 2) / (2 * 9.0**2))
    halo[image.max(axis=2) < 100] = 0
    detection = detect(np.round(image * (1 - 0.4 * halo[..., None])).astype(np.uint8), 6.0)
    assert np.hypot(*(detection.vertices_of(0)[0] - [230, 210])) < 10.0


def test_a_round_frame_is_the_field_and_has_no_hair_at_its_rim():
    image = draw([ONE], size=(420, 520))
    y, x = np.mgrid[:420, :520]
    image[(x - 260) ** 2 + (y - 210) ** 2 > 200**2] = 0
    detection = detect(image, 6.0)
    radii = np.hypot(*(detection.field_polygon_px - [260, 210]).T)
    assert radii.min() > 185
    assert radii.max() < 203
    assert detection.n_hairs == 1


def test_a_letterbox_is_not_the_field():
    image = np.zeros((420, 620, 3), np.uint8)
    image[:, 100:520] = draw([ONE])
    detection = detect(image, 6.0)
    assert detection.n_hairs == 1
    assert detection.field_polygon_px[:, 0].min() == pytest.approx(100, abs=6)
    assert detection.field_polygon_px[:, 0].max() == pytest.approx(519, abs=6)


def test_a_burnt_in_scale_bar_is_no_hair():
    image = draw([ONE])
    image[350:353, 60:260] = 5
    image[300:353, 60:63] = 5
    assert detect(image, 6.0).n_hairs == 1


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (5, 300), (128, 128)])
@pytest.mark.parametrize("um_per_px", [None, 1.0, 6.0, 100.0])
def test_an_even_image_of_any_size_has_no_hair(shape, um_per_px):
    detection = detect(np.full((*shape, 3), 180, np.uint8), um_per_px)
    assert (detection.n_hairs, detection.n_units) == (0, 0)
    assert detection.vertices_px.shape == (0, 2)


def test_camera_noise_is_no_hair():
    noise = np.random.default_rng(5).normal(180, 10, (400, 400, 3))
    assert detect(np.clip(noise, 0, 255).astype(np.uint8), 6.0).n_hairs == 0


def test_an_image_without_a_scale_gets_one_and_says_so():
    detection = detect(draw([ONE, *CROSSING], um_per_px=6.0), None)
    assert detection.um_per_px == pytest.approx(6.0, rel=0.25)
    assert any("no scale" in note for note in detection.notes)


def test_fine_scratches_are_not_what_the_scale_is_guessed_from():
    rng = np.random.default_rng(4)
    hairs = [((60, 40 + 60 * i), (360, 70 + 60 * i), 60.0) for i in range(6)]
    starts = rng.uniform(20, 400, (300, 2))
    scratches = [(tuple(at), tuple(at + rng.uniform(-40, 40, 2)), 20.0) for at in starts]
    assert detect(draw(hairs + scratches), None).um_per_px == pytest.approx(6.0, rel=0.35)


def test_parameters_are_told_as_used():
    detection = detect(draw([ONE]), 6.0, DetectionParameters(min_length_um=900.0))
    assert detection.n_hairs == 0
    assert detection.parameters.preset is Preset.CLIPPED
    assert detection.parameters.polarity is Polarity.DARK


def test_a_long_bowed_hair_is_one():
    t = np.linspace(0, 1, 60)
    points = np.column_stack([30 + 540 * t, 120 + 180 * np.sin(2.2 * t)])
    pieces = [(tuple(a), tuple(b), 60.0) for a, b in itertools.pairwise(points)]
    crossing = ((300, 60), (330, 380), 60.0)
    detection = found([*pieces, crossing], size=(420, 620))
    assert detection.parameters.preset is Preset.LONG
    assert detection.n_hairs == 2
    assert nearest_ends(detection, points[0], points[-1]) < 25.0


@pytest.mark.parametrize("stage", ["preparing the image", "tracing hairs", "measuring widths"])
def test_cancelling_ends_the_work_at_once(stage):
    def report(name, fraction):
        assert 0 <= fraction <= 1
        if name == stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        detect(draw(CROSSING), 6.0, report=report)


def test_progress_never_runs_back():
    shares = []
    detect(draw([ONE, *CROSSING]), 6.0, report=lambda _, fraction: shares.append(fraction))
    assert shares == sorted(shares)


def test_the_same_image_gives_the_same_hairs():
    image = draw(CROSSING)
    first, second = detect(image, 6.0), detect(image, 6.0)
    assert np.array_equal(first.vertices_px, second.vertices_px)


@pytest.mark.parametrize("image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)])
def test_what_is_no_colour_image_is_refused(image):
    with pytest.raises(ValueError, match="uint8"):
        detect(image, 6.0)


def test_hairs_outside_the_widths_asked_for_are_left_out():
    image = draw([((60, 60), (200, 120), 40.0), ((60, 250), (220, 300), 90.0)])
    assert sorted(detect(image, 6.0).width_px * 6.0) == pytest.approx([40.0, 90.0], abs=5.0)
    thin = detect(image, 6.0, DetectionParameters(max_width_um=60.0))
    assert thin.width_px * 6.0 == pytest.approx([40.0], abs=5.0)
    assert thin.n_units == 1
    assert detect(image, 6.0, DetectionParameters(min_width_um=100.0)).n_hairs == 0


def test_hairs_longer_than_asked_for_are_left_out():
    image = draw([((60, 60), (200, 60), 60.0), ((60, 250), (360, 250), 60.0)])
    short = detect(image, 6.0, DetectionParameters(max_length_um=1200.0))
    assert short.n_hairs == 1
    assert arc_length(short.vertices_of(0)) * 6.0 == pytest.approx(840.0, abs=60.0)


def test_filters_alone_can_be_asked_for():
    detection = detect(draw([ONE]), 6.0, DetectionParameters(source=Source.RIDGES))
    assert (detection.n_hairs, detection.parameters.source, detection.notes) == (1, Source.RIDGES, ())


def test_where_there_are_no_weights_filters_answer_and_that_is_told(monkeypatch, caplog):
    monkeypatch.setattr("analysis.learned.WEIGHTS", "weights/none.onnx")
    monkeypatch.setattr("analysis.learned._network", _network.__wrapped__)
    detection = detect(draw([ONE]), 6.0)
    assert (detection.n_hairs, detection.parameters.source) == (1, Source.RIDGES)
    (note,) = detection.notes
    assert note.startswith(f"{FELL_BACK} The reason: [Errno 2] No such file or directory")
    assert "none.onnx" in note
    (record,) = caplog.records
    assert (record.name, record.levelname, record.exc_info[0]) == ("analysis.sources", "WARNING", FileNotFoundError)


def test_where_the_weights_are_damaged_the_reason_is_a_line(monkeypatch, caplog):
    damaged = partial(cv2.dnn.readNetFromONNX, np.frombuffer(b"no network", np.uint8))
    monkeypatch.setattr("analysis.learned._network", damaged)
    detection = detect(draw([ONE]), 6.0)
    assert detection.parameters.source is Source.RIDGES
    (note,) = detection.notes
    assert note.startswith(FELL_BACK)
    assert "\n" not in note
    assert "OpenCV(" not in note
    assert len(caplog.records) == 1


@pytest.mark.parametrize("message", ["", " \n "])
def test_an_error_that_says_nothing_is_told_by_its_name(monkeypatch, caplog, message):
    def fail():
        raise OSError(message)

    monkeypatch.setattr("analysis.learned._network", fail)
    (note,) = detect(draw([ONE]), 6.0).notes
    assert note == f"{FELL_BACK} The reason: OSError"


def test_a_choice_given_as_text_is_the_choice():
    given = DetectionParameters(polarity="light", preset="long", source="ridges")
    assert given.polarity is Polarity.LIGHT
    assert given.preset is Preset.LONG
    assert given.source is Source.RIDGES
    assert replace(given, preset="clipped").preset is Preset.CLIPPED
    with pytest.raises(ValueError, match="'short' is not a valid Preset"):
        DetectionParameters(preset="short")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sensitivity": 1.5}, "the sensitivity must be 0 to 1, not 1.5"),
        ({"min_width_um": 0.0}, "the least width must be 1 to 500 µm, not 0"),
        ({"min_width_um": 80.0, "max_width_um": 60.0}, "the least width must be below the greatest"),
        ({"max_length_um": float("nan")}, "the greatest length must be 20 to 100000 µm, not nan"),
    ],
)
def test_parameters_that_cannot_be_are_named(wrong, said):
    assert parameters_fault(DetectionParameters(**wrong)) == said
    assert parameters_fault(DetectionParameters()) == ""

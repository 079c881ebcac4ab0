import pytest

from analysis.detection import DetectionParameters, Polarity, Preset, Source
from workstation.describing import chosen_text, parameters_text


def test_what_is_as_usual_is_not_said():
    assert parameters_text(DetectionParameters()) == "clipped or long hair, dark or light, sensitivity 0.5"
    found = DetectionParameters(polarity=Polarity.LIGHT, preset=Preset.LONG, sensitivity=0.75)
    assert parameters_text(found) == "long hair, light, sensitivity 0.75"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"max_width_um": 90.0}, "15–90 µm wide"),
        ({"min_length_um": 300.0}, "from 300 µm of length"),
        ({"max_length_um": 2000.0}, "150–2000 µm long"),
        ({"unit_distance_um": 180.0}, "units within 180 µm"),
        ({"source": Source.RIDGES}, "by filters alone"),
    ],
)
def test_what_is_not_as_usual_is(changed, said):
    assert parameters_text(DetectionParameters(**changed)).endswith(f", sensitivity 0.5, {said}")


def test_of_a_result_the_kind_of_hair_is_said():
    assert chosen_text(DetectionParameters(Polarity.LIGHT, Preset.LONG)) == "long hair, light"
    assert chosen_text(DetectionParameters(Polarity.DARK)) == "dark"
    assert chosen_text(DetectionParameters()) == ""

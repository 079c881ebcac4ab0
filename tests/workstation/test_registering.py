import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation.errors import UserFacingError
from workstation.pairing import PairIds
from workstation.registering import request_of


@pytest.mark.parametrize(
    ("read_of", "said"),
    [((1, 2), "the image week12.png has no scale."), ((1,), "nothing was detected in week12.png yet.")],
)
def test_an_image_that_cannot_be_registered_is_named_in_mid_sentence(read_of, said):
    images = [make_image(1, 1, "week0.png"), make_image(2, 2, "week12.png", calibration=None)]
    reads = [make_read([make_hair(2, 1, [(10, 10), (20, 30)])], id_=i, image_id=i) for i in read_of]
    with pytest.raises(UserFacingError) as refused:
        request_of(make_study(reads, images), PairIds(1, 2))
    assert str(refused.value).startswith(said)

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workstation.small_study import make_hair, make_image, make_read
from workstation.model.columns import table_of
from workstation.model.hair import frozen_array, median_width_px
from workstation.model.soundness import unsound
from workstation.model.validity import EDGE_TOLERANCE_PX, MIN_HAIR_LENGTH_PX, _hair_problems, problems

IMAGE = make_image()
LIMITS = np.array([IMAGE.width_px, IMAGE.height_px]), EDGE_TOLERANCE_PX, MIN_HAIR_LENGTH_PX
NAN, INF = float("nan"), float("inf")

COORDINATES = st.sampled_from([-0.5, -0.50001, 0.0, 1.0, 1.0 + 1e-10, 2.0, 3.0, 999.5, 999.6, 500.25, NAN, INF])
WIDTHS = st.sampled_from([1.0, 2.5, 2.5, 7.0, NAN, NAN, 0.0, -1.0, INF, 1e308])


@st.composite
def hairs(draw):
    """A hair of values of which many are sound and any may be wrong."""
    n = draw(st.integers(1, 5))
    line = draw(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=n, max_size=n))
    widths = frozen_array(draw(st.lists(WIDTHS, min_size=n, max_size=n)))
    own = median_width_px(widths) if widths.size else NAN
    return replace(
        make_hair(1, 3, [[0, 0], [9, 9]]),
        vertices_px=frozen_array(line, 2),
        vertex_width_px=widths if draw(st.integers(0, 9)) else widths[:-1],
        width_px=draw(st.sampled_from([own, own, own, own * (1 + 1e-11), own * 1.01, NAN, 0.0, INF])),
        width_is_set=draw(st.booleans()),
        confidence=draw(st.sampled_from([0.0, 0.5, 1.0, 1.01, -0.1, NAN])),
    )


@given(st.lists(hairs(), max_size=6))
def test_no_hair_that_breaks_a_rule_passes_for_sound(found):
    read = make_read([make_hair(1, 3, [[0, 0], [9, 9]])])
    with np.errstate(all="ignore"):
        broken = [bool(_hair_problems(hair, read, IMAGE)) for hair in found]
    kept = [i for i, hair in enumerate(found) if hair.vertex_width_px.shape == (len(hair.vertices_px),)]
    found, broken = [found[i] for i in kept], [broken[i] for i in kept]
    suspects = unsound(table_of(found), *LIMITS).tolist()
    assert len(suspects) == len(found)
    assert all(suspect for suspect, bad in zip(suspects, broken, strict=True) if bad)


def test_good_hairs_are_sound():
    rng = np.random.default_rng(3)
    found = []
    for number in range(200):
        line = rng.uniform(0, 999, (rng.integers(2, 9), 2))
        widths = np.where(rng.random(len(line)) < 0.3, NAN, rng.uniform(1, 9, len(line)))
        hair = make_hair(number, 3, line)
        found.append(replace(hair, vertex_width_px=frozen_array(widths), width_px=median_width_px(widths)))
    assert not unsound(table_of(found), *LIMITS).any()
    assert not unsound(table_of([]), *LIMITS).any()


@pytest.mark.parametrize("position", [0, 7, 19])
def test_one_broken_hair_among_many_is_named(position):
    good = [make_hair(i, 100, [[i, 10.0], [i, 20.0], [i, 30.0]]) for i in range(1, 21)]
    good[position] = replace(good[position], width_px=5.1)
    read = make_read(good)
    assert problems(read, IMAGE) == [
        f"the width of hair {position + 1} is not the median of its measured widths",
    ]
    hairs = MappingProxyType(
        {**read.hairs, 3: replace(read.hairs[3], comment="\0"), 4: replace(read.hairs[4], unit_id=9)}
    )
    assert problems(replace(read, hairs=hairs), IMAGE) == sorted(
        [
            f"the width of hair {position + 1} is not the median of its measured widths",
            "the comment on hair 3 has a character that cannot be stored",
            "hair 4 names unit 9, which does not exist",
        ],
        key=lambda problem: next(int(word.strip(",")) for word in problem.split() if word.strip(",").isdigit()),
    )

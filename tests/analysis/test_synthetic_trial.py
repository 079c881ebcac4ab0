import numpy as np
import pytest

from analysis.synthetic import TrueHair, TrueUnit, Truth
from analysis.synthetic.follow_up import NEW_IDS_FROM
from analysis.synthetic.trial import TrialDesign, draw_subjects, true_endpoints, visit_phantom

SMALL = TrialDesign(n_subjects=2, weeks=(0, 6, 12), size_px=(480, 360), um_per_px=10.6, gain=0.3, gain_sd=0.0)


@pytest.fixture(scope="module")
def visits():
    """The phantoms of the first subject, by week."""
    subject = draw_subjects(SMALL)[0]
    return {week: visit_phantom(SMALL, subject, week) for week in SMALL.weeks}


def unit_ids(phantom):
    return {unit.id for unit in phantom.truth.units}


def test_the_mean_gain_is_the_designs_and_subjects_differ():
    subjects = draw_subjects(TrialDesign())
    gains = [subject.gain for subject in subjects]
    assert np.mean(gains) == pytest.approx(0.10)
    assert np.std(gains) == pytest.approx(0.05, rel=0.15)
    assert min(gains) > 0
    assert [subject.code for subject in subjects] == [f"S{k:02d}" for k in range(1, 11)]
    assert [subject.sex for subject in subjects].count("female") == 5
    densities = [subject.spec.hair.units_per_cm2 for subject in subjects]
    assert 55 < np.mean(densities) < 95
    assert np.std(densities) > 8
    assert len({subject.spec.hair.colour for subject in subjects}) == 4
    assert draw_subjects(TrialDesign()) == subjects
    assert draw_subjects(TrialDesign(seed=1)) != subjects


def test_units_come_and_stay(visits):
    new = {week: {i for i in unit_ids(phantom) if i >= NEW_IDS_FROM} for week, phantom in visits.items()}
    assert new[0] == set()
    assert 0 < len(new[6]) < len(new[12])
    in_both = {i for i in new[6] if i in unit_ids(visits[12])}
    assert len(in_both) >= 0.6 * len(new[6]), "but for those that rest, or that the moved camera does not show"
    first = unit_ids(visits[0])
    assert len(first & unit_ids(visits[12])) > 0.7 * len(first)


def test_a_hair_keeps_its_width_but_for_a_little(visits):
    before, after = ({h.id: h.width_um for h in visits[w].truth.hairs} for w in (0, 12))
    ratios = [after[i] / before[i] for i in before.keys() & after.keys()]
    assert len(ratios) > 20
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.05)
    assert np.std(ratios) < 0.1


def test_the_camera_keeps_its_scale_and_every_visit_looks_otherwise(visits):
    assert {phantom.truth.um_per_px for phantom in visits.values()} == {10.6}
    assert {phantom.image.shape for phantom in visits.values()} == {(360, 480, 3)}
    assert np.abs(visits[6].image.astype(int) - visits[12].image).mean() > 2


def test_the_truth_is_measured_as_a_read_is():
    def hair(id_, unit, root, width_um):
        return TrueHair(id_, unit, width_um, "black", np.array([root, [root[0] + 5.0, root[1]]]))

    hairs = (
        hair(1, 7, (10.0, 10.0), 60.0),
        hair(2, 7, (12.0, 10.0), 40.0),
        hair(3, 8, (50.0, 50.0), 80.0),
        hair(4, 9, (-4.0, 50.0), 99.0),  # rooted outside: visible and not counted
    )
    units = tuple(TrueUnit(i, np.zeros(2), ()) for i in (7, 8, 9))
    found = true_endpoints(Truth((100, 100), 100.0, "trial", "week 0", hairs, units))
    assert (found.hair_count, found.fu_count, found.field_cm2) == (3, 2, pytest.approx(1.0))
    assert found.hair_density_per_cm2 == pytest.approx(3.0)
    assert (found.hairs_per_fu, found.mean_hair_width_um) == pytest.approx((1.5, 60.0))
    assert (found.terminal_count, found.intermediate_count) == (2, 1)

from types import MappingProxyType

import pytest

from tests.workstation.recorded_reads import KEY, OTHER_KEY
from tests.workstation.small_study import make_study
from workstation.edits import NothingToDo
from workstation.edits.people import add_person, enrol_key, remove_person, set_roles, withdraw_key
from workstation.errors import EditRefused
from workstation.model.patch import apply
from workstation.model.people import Person, PublicKey, Role
from workstation.model.record_validity import record_problems

NOW, LATER = "2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z"
ADA = Person("Ada", (Role.OWNER,), (PublicKey(KEY, NOW),))


@pytest.fixture
def study():
    return make_study(people=MappingProxyType({"Ada": ADA, "Bo": Person("Bo", (Role.ASSESSOR,))}))


def person(study, patch, name):
    after = apply(study, patch)
    assert record_problems(after) == []
    assert apply(after, patch.inverse()).people == study.people
    return after.people.get(name)


def test_somebody_is_listed_with_roles_in_one_order(study):
    patch = add_person(study, " 毛 ", [Role.ADJUDICATOR, Role.QA_REVIEWER, Role.ADJUDICATOR])
    assert person(study, patch, "毛") == Person("毛", (Role.QA_REVIEWER, Role.ADJUDICATOR))
    assert patch.operation == "add person"


@pytest.mark.parametrize("name", ["", "  ", "Ada", "ada", "a\tb", "x" * 201, "trichodesk"])
def test_a_name_that_cannot_be_listed(study, name):
    with pytest.raises(EditRefused):
        add_person(study, name, ())


def test_roles_are_changed_and_keys_stay(study):
    patch = set_roles(study, "Ada", [Role.OWNER, Role.QA_REVIEWER])
    assert person(study, patch, "Ada") == Person("Ada", (Role.OWNER, Role.QA_REVIEWER), ADA.keys)
    with pytest.raises(NothingToDo):
        set_roles(study, "Ada", [Role.OWNER])
    with pytest.raises(EditRefused, match="nobody by the name of 'Cy'"):
        set_roles(study, "Cy", [])


def test_a_key_is_enrolled(study):
    patch = enrol_key(study, "Bo", OTHER_KEY, now_utc=LATER)
    assert person(study, patch, "Bo") == Person("Bo", (Role.ASSESSOR,), (PublicKey(OTHER_KEY, LATER),))


def test_who_is_not_listed_is_listed_with_the_key(study):
    patch = enrol_key(study, "Cy", OTHER_KEY, now_utc=LATER)
    assert person(study, patch, "Cy") == Person("Cy", (Role.ASSESSOR,), (PublicKey(OTHER_KEY, LATER),))
    assert patch.operation == "enrol key"
    with pytest.raises(EditRefused, match="Bo is listed already"):
        enrol_key(study, "bo", OTHER_KEY)


def test_a_key_is_one_persons_alone(study):
    with pytest.raises(NothingToDo):
        enrol_key(study, "Ada", KEY)
    with pytest.raises(EditRefused, match="this key is enrolled for Ada"):
        enrol_key(study, "Bo", KEY)


def test_a_key_is_withdrawn_for_good(study):
    patch = withdraw_key(study, "Ada", KEY, now_utc=LATER)
    assert person(study, patch, "Ada") == Person("Ada", (Role.OWNER,), (PublicKey(KEY, NOW, LATER),))
    after = apply(study, patch)
    with pytest.raises(EditRefused, match="this key was withdrawn"):
        enrol_key(after, "Ada", KEY)
    with pytest.raises(EditRefused, match="was withdrawn on 2026-11-24T10:00:00Z"):
        withdraw_key(after, "Ada", KEY, now_utc=LATER)
    with pytest.raises(EditRefused, match="no such key"):
        withdraw_key(study, "Bo", KEY)


@pytest.mark.parametrize(
    ("since", "withdrawn"),
    [
        ("2026-11-23T12:30:00+02:00", "2026-11-23T10:30:00Z"),
        ("2026-11-24", "2026-11-24T00:00:00Z"),
        ("2025-01-01", NOW),  # before it was enrolled: it was never good
    ],
)
def test_a_key_is_withdrawn_from_a_moment_on(study, since, withdrawn):
    patch = withdraw_key(study, "Ada", KEY, since_utc=since, now_utc=LATER)
    assert person(study, patch, "Ada").keys == (PublicKey(KEY, NOW, withdrawn),)


@pytest.mark.parametrize(
    ("since", "because"), [("2026-11-24T10:00:01Z", "still to come"), ("soon", "not a moment"), ("", "not a moment")]
)
def test_a_moment_that_cannot_be(study, since, because):
    with pytest.raises(EditRefused, match=because):
        withdraw_key(study, "Ada", KEY, since_utc=since, now_utc=LATER)


def test_only_who_has_no_key_is_taken_out(study):
    assert person(study, remove_person(study, "Bo"), "Bo") is None
    with pytest.raises(EditRefused, match="Ada has a key, by which signatures are checked"):
        remove_person(study, "Ada")

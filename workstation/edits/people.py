"""Who takes part in a study: listed, given roles, known by keys. Keys are withdrawn, never taken out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from workstation.clock import utc_seconds
from workstation.edits.drafting import NothingToDo, clean_line
from workstation.errors import EditRefused
from workstation.model.patch import Change, Kind, Patch
from workstation.model.people import Person, PublicKey, Role
from workstation.model.read import DETECTOR
from workstation.model.study import Study


def add_person(study: Study, name: str, roles: Iterable[Role]) -> Patch:
    """List somebody.

    Args:
        study: the study.
        name: the reader's name as it stands in the settings of their program.
        roles: what they may do.

    Raises:
        EditRefused: if the name is empty, taken, or not to be told from another one.
    """
    clean = clean_line(name, "the name")
    if not clean or clean == DETECTOR:
        raise EditRefused("a person needs a name", remedy="Type the name that the reader uses in the program.")
    known = {one.casefold(): one for one in study.people}
    if (there := known.get(clean.casefold())) is not None:
        raise EditRefused(f"{there} is listed already", remedy="Change the roles instead.")
    return _patch("add person", None, Person(clean, _in_order(roles)))


def set_roles(study: Study, name: str, roles: Iterable[Role]) -> Patch:
    """Give somebody other roles.

    Raises:
        EditRefused: if nobody of that name is listed.
        NothingToDo: if they have these roles.
    """
    before = find_person(study, name)
    return _patch("set roles", before, replace(before, roles=_in_order(roles)))


def remove_person(study: Study, name: str) -> Patch:
    """Take somebody out of the list who has no keys.

    Raises:
        EditRefused: if nobody of that name is listed, or there are keys, by which signatures are checked.
    """
    before = find_person(study, name)
    if before.keys:
        raise EditRefused(
            f"{name} has a key, by which signatures are checked", remedy="Withdraw the key, or take the roles away."
        )
    return _patch("remove person", before, None)


def enrol_key(study: Study, name: str, public_key: str, *, now_utc: str | None = None) -> Patch:
    """Let signatures by a key count as somebody's. Who is not listed yet is listed as an assessor.

    Args:
        study: the study.
        name: as the key has it.
        public_key: in base64, proven by its own signature (`signing.public_keys.read_offer`).
        now_utc: the moment; now if None.

    Raises:
        EditRefused: if the key is somebody else's here, or was withdrawn.
        NothingToDo: if it is enrolled.
    """
    for person in study.people.values():
        for key in person.keys:
            if key.key != public_key:
                continue
            if person.name != name:
                raise EditRefused(f"this key is enrolled for {person.name}", remedy="Ask the reader for a key.")
            if key.withdrawn_utc:
                raise EditRefused("this key was withdrawn", remedy="Ask the reader to make another one.")
            raise NothingToDo
    enrolled = PublicKey(public_key, now_utc or utc_seconds())
    if name not in study.people:
        return _listed_with(study, name, enrolled)
    before = study.people[name]
    return _patch("enrol key", before, replace(before, keys=(*before.keys, enrolled)))


def withdraw_key(
    study: Study, name: str, public_key: str, *, since_utc: str | None = None, now_utc: str | None = None
) -> Patch:
    """Let signatures by a key count no longer: what is signed from a moment on. Earlier ones stay.

    Args:
        study: the study.
        name: whose key.
        public_key: in base64.
        since_utc: from when on the key may have been in other hands, ISO 8601; from now on if None.
        now_utc: now.

    Raises:
        EditRefused: if it is not enrolled, was withdrawn, or the moment is none or still to come.
    """
    person = find_person(study, name)
    found = next((key for key in person.keys if key.key == public_key), None)
    if found is None:
        raise EditRefused(f"{name} has no such key in this study")
    if found.withdrawn_utc:
        raise EditRefused(f"this key was withdrawn on {found.withdrawn_utc}")
    now = now_utc or utc_seconds()
    since = now if since_utc is None else _moment(since_utc)
    if since > now:
        raise EditRefused(f"{since} is still to come", remedy="Name a moment up to now, or none.")
    # a key that was never good is withdrawn from the moment on at which it was enrolled
    withdrawn = replace(found, withdrawn_utc=max(since, found.enrolled_utc))
    keys = tuple(withdrawn if key is found else key for key in person.keys)
    return _patch("withdraw key", person, replace(person, keys=keys))


def find_person(study: Study, name: str) -> Person:
    """Somebody who is listed.

    Raises:
        EditRefused: if nobody of that name is.
    """
    if name not in study.people:
        raise EditRefused(f"nobody by the name of {name!r} is listed in this study")
    return study.people[name]


def _listed_with(study: Study, name: str, key: PublicKey) -> Patch:
    listed = add_person(study, name, (Role.ASSESSOR,)).changes[0].after
    assert isinstance(listed, Person)
    return _patch("enrol key", None, replace(listed, keys=(key,)))


def _patch(operation: str, before: Person | None, after: Person | None) -> Patch:
    if before == after:
        raise NothingToDo
    return Patch(operation, None, (Change(Kind.PERSON, 0, before, after),))


def _in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    given = set(roles)
    return tuple(role for role in Role if role in given)


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise EditRefused(
            f"{text!r} is not a moment", remedy="Write it as 2026-02-03 or as 2026-02-03T09:15:00Z, in UTC."
        ) from error
    return utc_seconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

"""`trichodesk people`: who takes part in a study, what they may do, by which keys they are known."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, say
from workstation.cli.studies import Reason, StudyPath, open_to_change, open_to_read
from workstation.edits.drafting import NothingToDo
from workstation.edits.people import add_person, enrol_key, find_person, remove_person, set_roles, withdraw_key
from workstation.errors import UserFacingError
from workstation.model.patch import Patch
from workstation.model.people import Person, Role
from workstation.model.study import Study
from workstation.session import Session
from workstation.signing.people import note_on_owners, standing_of
from workstation.signing.public_keys import OfferedKey, fingerprint, read_offer

_ROLES = ", ".join(role.value for role in Role)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(people)


def people(
    study: StudyPath,
    add: Annotated[
        str | None, typer.Option(metavar="NAME", help="List somebody, by the name in their program's settings.")
    ] = None,
    change: Annotated[
        str | None, typer.Option(metavar="NAME", help="Give somebody who is listed the roles of --role, and no others.")
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help=f"One of {_ROLES}. Can be given several times.")
    ] = None,
    remove: Annotated[
        str | None, typer.Option(metavar="NAME", help="Take somebody out of the list who has no key.")
    ] = None,
    enrol: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Let signatures by a reader's public key count as theirs.", readable=False),
    ] = None,
    withdraw: Annotated[
        str | None, typer.Option(metavar="NAME", help="Let what is signed with a key from now on count no longer.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(metavar="FINGERPRINT", help="Which key --withdraw means, or its beginning, if there are several."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="UTC", help="From when on the key that is withdrawn may have been in other hands."),
    ] = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Print who takes part in a study; with options, change that first.

    Where nobody is listed everybody may do everything; where somebody is, all others are assessors.
    """
    if bool(role) and add is None and change is None:
        raise typer.BadParameter("--role goes with --add or --change")
    if withdraw is None and (key is not None or since is not None):
        raise typer.BadParameter("--key and --since go with --withdraw")
    if add is None and change is None and remove is None and not enrol and withdraw is None:
        with open_to_read(study) as session:
            found = session.study
    else:
        roles = _roles(role or [])
        offered = [read_offer(path) for path in enrol or ()]
        with open_to_change(study) as session:
            if add is not None:
                _apply(session, add_person(session.study, add, roles), reason)
            if change is not None:
                _do(session, lambda now: set_roles(now, change, roles), reason)
            if remove is not None:
                _apply(session, remove_person(session.study, remove), reason)
            for one in offered:
                _enrol(session, one, reason)
                say(f"{one.name}: is {one.fingerprint} what the reader tells you by another way?")
            if withdraw is not None:
                chosen = _which(session.study, withdraw, key)
                _apply(session, withdraw_key(session.study, withdraw, chosen, since_utc=since), reason)
            session.save()
            found = session.study
    _print(found, as_json=as_json)


def _apply(session: Session, patch: Patch, reason: str) -> None:
    session.document.apply(patch, reason=reason)


def _do(session: Session, make: Callable[[Study], Patch], reason: str) -> None:
    try:
        _apply(session, make(session.study), reason)
    except NothingToDo:
        return


def _enrol(session: Session, offered: OfferedKey, reason: str) -> None:
    _do(session, lambda now: enrol_key(now, offered.name, offered.public_key), reason)


def _roles(given: list[str]) -> list[Role]:
    known = {role.value.casefold(): role for role in Role} | {"qa": Role.QA_REVIEWER}
    if strange := [name for name in given if name.casefold() not in known]:
        raise UserFacingError(f"{strange[0]!r} is no role", remedy=f"It is one of {_ROLES}.")
    return [known[name.casefold()] for name in given]


def _which(study: Study, name: str, beginning: str | None) -> str:
    """The public key that is meant."""
    keys = [key.key for key in find_person(study, name).keys if not key.withdrawn_utc]
    if beginning is not None:
        wanted = beginning.replace(" ", "").upper()
        keys = [key for key in keys if fingerprint(key).replace(" ", "").startswith(wanted)]
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise UserFacingError(f"{name} has {len(keys)} keys", remedy="Say which with --key FINGERPRINT.")
    raise UserFacingError(f"{name} has no such key that could be withdrawn", remedy="Look at the list without options.")


def _print(study: Study, *, as_json: bool) -> None:
    listed = sorted(study.people.values(), key=lambda person: person.name.casefold())
    if as_json:
        print_json([_plain(person) for person in listed])
        return
    if not listed:
        output.print("Nobody is listed: everybody may do everything.", markup=False)
        return
    for person in listed:
        output.print(f"{person.name}: {', '.join(role.value for role in person.roles) or 'no role'}", markup=False)
        for key in person.keys:
            output.print(f"    key {fingerprint(key.key)}, {standing_of(key)}", markup=False)
    if note := note_on_owners(study):
        say(f"note: {note}")


def _plain(person: Person) -> dict[str, object]:
    keys = [
        {
            "fingerprint": fingerprint(key.key),
            "public_key": key.key,
            "enrolled_utc": key.enrolled_utc,
            "withdrawn_utc": key.withdrawn_utc,
        }
        for key in person.keys
    ]
    return {"name": person.name, "roles": [role.value for role in person.roles], "keys": keys}

"""How the people of a study and their keys are told."""

from workstation.model.people import PublicKey, Role
from workstation.model.study import Study


def standing_of(key: PublicKey) -> str:
    """`enrolled 2026-11-02`, `enrolled 2026-11-02, withdrawn 2026-11-24`."""
    enrolled = f"enrolled {key.enrolled_utc[:10]}"
    return f"{enrolled}, withdrawn {key.withdrawn_utc[:10]}" if key.withdrawn_utc else enrolled


def note_on_owners(study: Study) -> str:
    """What to consider where the list of people leaves the study without somebody it needs; else empty."""
    if not study.people:
        return ""
    roles = {role for person in study.people.values() for role in person.roles}
    if Role.OWNER not in roles:
        return "Nobody is the owner, so everybody may change this list. Make somebody the owner."
    if Role.QA_REVIEWER not in roles and Role.ADJUDICATOR not in roles:
        return "Nobody is QA reviewer or adjudicator, so no read can be accepted or returned."
    return ""

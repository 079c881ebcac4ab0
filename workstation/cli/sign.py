"""`trichodesk sign`: the signatures of a study and what they are worth, and signing a read."""

from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, say
from workstation.cli.passphrases import PassphraseFile, known_passphrase
from workstation.cli.studies import StudyPath, open_to_change, open_to_read, user_name
from workstation.edits.signatures import meanings_for, why_not
from workstation.errors import EditRefused, UserFacingError
from workstation.model.read import Read
from workstation.model.signature import Meaning
from workstation.model.study import Study
from workstation.session import Session
from workstation.signing import keys
from workstation.signing.checking import Checked, check_signatures, described, summary
from workstation.signing.signing import signature_by_key, signing_patch, typed_signature

_WORDS = {meaning.name.lower(): meaning for meaning in Meaning}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sign)


def sign(
    study: StudyPath,
    read: Annotated[int | None, typer.Option(metavar="N", help="The read to sign, by its number.")] = None,
    meaning: Annotated[
        str | None,
        typer.Option(
            metavar="MEANING",
            help=f"In which sense: {', '.join(_WORDS)}. If there is only one for you, it need not be given.",
        ),
    ] = None,
    typed: Annotated[
        bool, typer.Option("--typed", help="Without a key: your name alone, which proves nothing and is shown as such.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Print who signed what, and whether it holds; with --read, sign that read first.

    You sign under the name of the settings, with the key of that name on this computer: trichodesk key new.
    """
    if read is None and (meaning is not None or typed):
        raise typer.BadParameter("--meaning and --typed go with --read")
    if meaning is not None and meaning.lower() not in _WORDS:
        raise typer.BadParameter(f"--meaning is one of {', '.join(_WORDS)}")
    if read is None:
        with open_to_read(study) as session:
            checked = check_signatures(session.study, session.trail)
    else:
        with open_to_change(study) as session:
            sense = _meaning(session.study, _read(session.study, read), meaning)
            _sign(session, read, sense, None if typed else _unlocked(passphrase_file))
            session.save()
            checked = check_signatures(session.study, session.trail)
    _print(checked, as_json=as_json)


def _read(study: Study, read_id: int) -> Read:
    if read_id not in study.reads:
        raise EditRefused(f"there is no read {read_id}", remedy="trichodesk measure lists the reads.")
    return study.reads[read_id]


def _meaning(study: Study, read: Read, given: str | None) -> Meaning:
    name = user_name()
    if given is not None:
        return _WORDS[given.lower()]
    offered = meanings_for(study, read, name)
    if len(offered) == 1:
        return offered[0]
    if offered:
        words = " or ".join(meaning.name.lower() for meaning in offered)
        raise UserFacingError(f"{name} may sign this read in several senses", remedy=f"Give --meaning {words}.")
    own = Meaning.AUTHORSHIP if read.adjudicates is None else Meaning.ADJUDICATION
    raise EditRefused(why_not(study, read, own if read.reader == name else Meaning.APPROVAL, name))


def _unlocked(passphrase_file: PassphraseFile) -> tuple[keys.SigningKey, str]:
    name = user_name()
    key = keys.key_of(name, say)
    if key is None:
        raise UserFacingError(
            f"{name} has no signing key on this computer",
            remedy="Make one, trichodesk key new, or sign with --typed.",
        )
    return key, known_passphrase(name, passphrase_file)


def _sign(session: Session, read_id: int, meaning: Meaning, by: tuple[keys.SigningKey, str] | None) -> None:
    moment = session.moment
    signature = typed_signature(moment, read_id, user_name(), meaning)
    if by is not None:
        signature = signature_by_key(signature, moment.study, *by)
    session.document.apply(signing_patch(session.moment, signature))


def _print(checked: tuple[Checked, ...], *, as_json: bool) -> None:
    if as_json:
        print_json([_plain(one) for one in checked])
        return
    for one in checked:
        output.print(f"{one.word}: {described(one)} Signed {one.signature.signed_utc}.", markup=False)
    say(summary(checked))


def _plain(one: Checked) -> dict[str, object]:
    signature = one.signature
    return {
        "id": signature.id,
        "read_id": signature.read_id,
        "signer": signature.signer,
        "meaning": signature.meaning.value,
        "signed_utc": signature.signed_utc,
        "public_key": signature.public_key,
        "standing": one.standing.value,
        "on_earlier_version": one.on_earlier,
        "why": one.why,
    }

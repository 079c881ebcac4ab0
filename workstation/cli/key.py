"""`trichodesk key`: a reader's signing key on this computer."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.console import AsJson, output, print_json, say
from workstation.cli.passphrases import (
    NEW_VARIABLE,
    NewPassphraseFile,
    PassphraseFile,
    known_passphrase,
    new_passphrase,
)
from workstation.cli.studies import user_name
from workstation.errors import UserFacingError
from workstation.file_names import safe_name
from workstation.signing import keys
from workstation.signing.keys import SigningKey
from workstation.signing.public_keys import SUFFIX, write_offer

Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="Whose key; the reader of the settings if not given.")
]
Another = Annotated[
    bool, typer.Option("--another", help="Although there is a key of that name: that one is set aside.")
]

app = typer.Typer(help="Make and look after the key that you sign reads with.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the commands."""
    parent.add_typer(app, name="key")


@app.command("new")
def new(
    name: Name = None, passphrase_file: PassphraseFile = None, another: Another = False, as_json: AsJson = False
) -> None:
    """Make a key, sealed with a passphrase. Nobody can open it without: there is no way around a forgotten one."""
    name = name or user_name()
    keys.refuse_second(name, another=another)  # before a passphrase is asked for
    key = keys.make_key(name, new_passphrase(name, passphrase_file), another=another)
    _show((key,), as_json=as_json)
    say(f"Next: hand the public half to the owner of the study: {_command('export', key)}")


@app.command("show")
def show(name: Name = None, as_json: AsJson = False) -> None:
    """Print the keys on this computer: whose they are, their fingerprints and files."""
    found = tuple(key for key in keys.known_keys(say) if name in (None, key.name))
    if name is not None and not found:
        raise _missing(name)
    _show(found, as_json=as_json)
    if not found and not as_json:
        say("There is no signing key on this computer. Make one: trichodesk key new")


@app.command("export")
def export(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help=f"The file; NAME{SUFFIX} if not given.")
    ] = None,
    name: Name = None,
) -> None:
    """Write the public half into a file for the owner of a study; nothing in it is secret."""
    key = _key(name)
    path = out or Path(f"{safe_name(key.name)}{SUFFIX}")
    write_offer(path, key.offered)
    output.print(str(path), markup=False)
    say(f"Tell the owner the fingerprint by another way, on the telephone say: {key.fingerprint}")


@app.command("backup")
def backup(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The file; it must not be there yet.")],
    name: Name = None,
) -> None:
    """Copy the key, sealed as it is, into a file to keep in a safe place or to take to another computer."""
    keys.back_up(_key(name), out)
    output.print(str(out), markup=False)


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.", readable=False)],
    another: Another = False,
    as_json: AsJson = False,
) -> None:
    """Take a key from a backup, with the passphrase that it had then."""
    _show((keys.restore(file, another=another),), as_json=as_json)


@app.command("passphrase")
def passphrase(
    name: Name = None, passphrase_file: PassphraseFile = None, new_passphrase_file: NewPassphraseFile = None
) -> None:
    """Lock the key with another passphrase. Backups keep the old one."""
    key = _key(name)
    old = known_passphrase(key.name, passphrase_file)
    keys.change_passphrase(key, old, new_passphrase(key.name, new_passphrase_file, variable=NEW_VARIABLE))
    say(f"The key of {key.name} has a new passphrase; a backup keeps the one that it was made with.")


def _key(name: str | None) -> SigningKey:
    wanted = name or user_name()
    found = keys.key_of(wanted, say)
    if found is None:
        raise _missing(wanted)
    return found


def _missing(name: str) -> UserFacingError:
    return UserFacingError(
        f"{name} has no signing key on this computer", remedy="Make one: trichodesk key new --name NAME."
    )  # fmt: skip


def _show(found: tuple[SigningKey, ...], *, as_json: bool) -> None:
    folder = keys.keys_folder()
    rows = [
        {
            "name": key.name,
            "fingerprint": key.fingerprint,
            "public_key": key.public_key,
            "created_utc": key.created_utc,
            "file": str(folder / key.file_name),
        }
        for key in found
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        output.print(f"{row['name']}: {row['fingerprint']}, made {row['created_utc']}, {row['file']}", markup=False)


def _command(name: str, key: SigningKey) -> str:
    other = "" if key.name == user_name() else f" --name {shlex.quote(key.name)}"
    return f"trichodesk key {name}{other}"

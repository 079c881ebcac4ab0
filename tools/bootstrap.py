"""Set up `.venv` in the checkout: `python3 tools/bootstrap.py [--develop]`. Needs the standard library alone.

Installs or names the system libraries that are missing (`system_packages`). Does nothing where all is there already
and the environment is what the requirement files ask for.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENVIRONMENT / "trichodesk-set-up"


def fail(message: str) -> None:
    """Stop with a sentence for the user."""
    sys.exit(f"trichodesk: {message}")


def check_python() -> None:
    """Refuse an interpreter that is too old, and install or name the missing half of Debian's split venv."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before anything is known of the interpreter
        fail(
            f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]} ({sys.executable}). "
            "Install a newer one and run: make PYTHON=python3.12 run"
        )
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        package = f"python3.{sys.version_info.minor}-venv"
        print("This Python cannot make virtual environments.", flush=True)
        if not (system_packages.can_install() and system_packages.install([package])):
            fail(f"this Python cannot make virtual environments. {system_packages.how_to_install([package])}")


def fingerprint(requirements: list[Path]) -> str:
    """What the environment depends on, in one word; an older one is set up anew."""
    digest = hashlib.sha256(sys.version.encode())
    for path in [*requirements, ROOT / "pyproject.toml"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def pip(*arguments: str) -> None:
    """Run the environment's own pip."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", *arguments]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        fail("a package could not be installed (see above). Check the network and run the same command again.")


def main() -> None:
    """Make the environment, and see to the system's libraries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--develop", action="store_true", help="also what tests and checks need")
    develop = parser.parse_args().develop
    set_up(develop=develop)
    if system_packages.prepare(develop=develop) and develop:
        fail("the tests need Qt, and Qt needs what is missing (see above).")


def set_up(*, develop: bool) -> None:
    """Make the environment, or leave a good one alone."""
    requirements = [ROOT / "requirements" / "runtime.txt"]
    here = f"checkout {ROOT}"  # scripts in an environment name its place: it does not survive a move
    wanted = {here, f"runtime {fingerprint(requirements)}"}
    if develop:
        requirements.append(ROOT / "requirements" / "develop.txt")
        wanted.add(f"develop {fingerprint(requirements)}")
    done = set(STAMP.read_text(encoding="utf-8").splitlines()) if STAMP.exists() and PYTHON.exists() else set()
    if wanted <= done:
        return
    check_python()
    print("Setting up .venv (once; a minute or two) …", flush=True)
    if here not in done:
        venv.create(ENVIRONMENT, clear=True, with_pip=True, symlinks=os.name != "nt")
        STAMP.write_text(here + "\n", encoding="utf-8")
    pip(*[word for path in requirements for word in ("--requirement", str(path))])
    pip("--no-deps", "--no-build-isolation", "--editable", ".")
    STAMP.write_text("\n".join(sorted(wanted)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""`trichodesk verify`: does a study still hold together?"""

import typer

from workstation.cli.console import AsJson, output, print_json, say
from workstation.cli.studies import StudyPath
from workstation.storage.verify import verify as verify_study


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(verify)


def verify(study: StudyPath, as_json: AsJson = False) -> None:
    """Check a study's structure, checksums, values, audit trail, images and journal; exit with 1 if one fails."""
    findings = verify_study(study)
    holds = all(finding.holds for finding in findings)
    if as_json:
        checks = [{"check": f.check.value, "holds": f.holds, "message": f.message} for f in findings]
        print_json({"study": str(study), "holds": holds, "findings": checks})
    else:
        for finding in findings:
            output.print(f"{'holds' if finding.holds else 'FAILS':5}  {finding.check.value:11}  {finding.message}")
    if not holds:
        failed = ", ".join(finding.check.value for finding in findings if not finding.holds)
        say(f"trichodesk: {study}: does not hold: {failed}.")
        raise typer.Exit(1)

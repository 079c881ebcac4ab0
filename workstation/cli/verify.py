"""`trichodesk verify`: does a study still hold together?"""

import typer

from workstation.cli.console import AsJson, output, print_json, say
from workstation.cli.studies import StudyPath
from workstation.storage.verify import Finding, first_fault
from workstation.storage.verify import verify as verify_study


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(verify)


def verify(study: StudyPath, as_json: AsJson = False) -> None:
    """Check a study from its checksums through its audit trail and signatures to its images; exit with 1 if one fails.

    The first thing that does not hold is named first. docs/record.md lists what is looked at.
    """
    findings = verify_study(study)
    first = first_fault(findings)
    if as_json:
        checks = [_plain(finding) for finding in findings]
        fault = None if first is None else _plain(first)
        print_json({"study": str(study), "holds": first is None, "first_fault": fault, "findings": checks})
    else:
        if first is not None:
            output.print(f"DOES NOT HOLD: {first.check.value}: {first.message}", markup=False)
        for finding in findings:
            output.print(
                f"{'holds' if finding.holds else 'FAILS':5}  {finding.check.value:15}  {finding.message}", markup=False
            )
    if first is not None:
        failed = ", ".join(dict.fromkeys(finding.check.value for finding in findings if not finding.holds))
        say(f"trichodesk: {study}: does not hold: {failed}.")
        raise typer.Exit(1)


def _plain(finding: Finding) -> dict[str, object]:
    return {"check": finding.check.value, "holds": finding.holds, "message": finding.message}

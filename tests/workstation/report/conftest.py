import pytest

from tests.workstation.report.small_trial import study_file, trial, with_files
from workstation.report.building import build_report
from workstation.report.subject_page import build_subject_report
from workstation.session import open_study
from workstation.trial.analysing import analyse

HOSTILE = "<script>alert(1)</script>"
CODES = ("S01", "S02", HOSTILE, "S04 & <b>Söhne</b>")


def made_of(study, folder, subject=None):
    """The report of a study, or of one of its subjects."""
    with open_study(study_file(study, folder), "Ada", read_only=True) as session:
        analysis = analyse(session.study)
        if subject is None:
            return build_report(session, analysis)
        return build_subject_report(session, analysis, subject)


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """Of a trial of four subjects at three visits, with questionnaires and an adverse event."""
    folder = tmp_path_factory.mktemp("trial")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRICHODESK_HOME", str(tmp_path_factory.mktemp("home")))
        return made_of(with_files(trial(codes=CODES), folder), folder)

"""`trichodesk audit` and the first line of `trichodesk verify`."""

import csv
import json
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.small_study import make_hair, make_image, make_read, make_study
from workstation import edits
from workstation.edits.reads import begin_read
from workstation.model.hair import Status
from workstation.model.read import DETECTOR, ReadState
from workstation.session import create_study, open_study
from workstation.storage.content import content_of
from workstation.storage.reader import read_study
from workstation.storage.writer import write_content


@pytest.fixture
def study(tmp_path):
    hair = make_hair(1, 7, [(100, 100), (160, 180)])
    detected = make_read([hair], state=ReadState.DETECTED, reader=DETECTOR)
    path = tmp_path / "trial.h5"
    create_study(path, make_study([detected], [make_image()]), user="Ada")
    with open_study(path, "Bo") as session:
        session.document.apply(begin_read(session.study, 1, 1, "Bo", "2026-02-03T10:00:00Z"))
        session.document.apply(edits.set_width(session.study.reads[2], [1], 6.2), reason="=blurred")
        session.document.apply(edits.submit(session.study.reads[2]))
        session.document.apply(edits.withdraw_read(session.study.reads[2]))
        session.document.apply(edits.set_status(session.study.reads[2], [1], Status.REJECTED))
        session.save()
    return path


def test_rows_for_a_person(run, study):
    status, out, _ = run("audit", study)
    assert status == 0
    assert "Create study" in out
    assert "hair 1, width: 50.0 µm → 62.0 µm (set by hand)" in out
    assert "(after submission)" in out
    assert "6 rows of 6." in out
    assert f"Head: {read_study(study).state.audit_sha256}" in out


def test_rows_as_json_filtered(run_json, study):
    everything = run_json("audit", study)
    assert (everything["rows_in_all"], [row["row"] for row in everything["rows"]]) == (6, [1, 2, 3, 4, 5, 6])
    assert everything["head_sha256"] == everything["rows"][-1]["sha256"]

    def rows(*options):
        return [row["row"] for row in run_json("audit", study, *options)["rows"]]

    assert rows("--by", "Ada") == [1]
    assert rows("--read", "2", "--kind", "hairs") == [3, 6]
    assert rows("--after-submission") == [6]
    assert rows("--image", "scalp.png", "--text", "reject") == [6]
    assert rows("--since", "2999-01-01") == []
    assert rows("--until", "2001-01-01 10:00") == []


def test_the_table_as_csv(run, study, tmp_path):
    status, out, err = run("audit", study, "--csv", tmp_path / "audit.csv", "--by", "Bo")
    assert (status, out) == (0, "")
    assert "5 rows of 6" in err
    with (tmp_path / "audit.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["operation"] for row in rows] == ["begin read", "set width", "submit", "withdraw", "reject hairs"]
    assert rows[1]["reason"] == "'=blurred"  # no formula
    assert [row["after_submission"] for row in rows] == ["false"] * 4 + ["true"]


def test_as_it_was(run, run_json, study):
    rows = read_study(study).audit_rows
    found = run_json("audit", study, "--as-of", rows[-1].utc)
    assert (found["row"], found["sha256"]) == (6, rows[-1].sha256)
    assert [(row["read_id"], row["hair_count"]) for row in found["endpoints"]] == [(1, 1), (2, 0)]
    _, out, _ = run("audit", study, "--as-of", rows[-1].utc)
    said = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.split()}
    assert (said["read"], said["reader"], said["kind"]) == (["1", "2"], ["trichodesk", "Bo"], ["detected", "read"])
    then = run_json("audit", study, "--as-of", rows[0].utc)
    assert then["row"] <= 6
    status, _, err = run("audit", study, "--as-of", "2001-01-01")
    assert (status, "was not there yet" in err) == (1, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--as-of", "yesterday"), "“yesterday” is no time"),
        (("--image", "other.png"), "no image is called other.png"),
        (("--kind", "colour"), "no changes of the kind “colour”"),
    ],
)
def test_what_is_not_there_is_said(run, study, options, said):
    status, _, err = run("audit", study, *options)
    assert (status, said in err) == (1, True)


def test_verify_names_the_first_thing_that_does_not_hold_first(run, study):
    file = read_study(study)
    rows = [*file.audit_rows[:2], replace(file.audit_rows[2], reason="sharp"), *file.audit_rows[3:]]
    other = replace(file.study.images[1], width_px=20)  # leaves the hairs outside: the values come before the trail
    for changed, check, said in (
        (file.study, "audit trail", "Audit row 3 ("),
        (replace(file.study, images=MappingProxyType({1: other})), "values", "Read 1: "),
    ):
        write_content(study, content_of(changed, rows, []), {})
        status, out, err = run("verify", study)
        assert status == 1
        assert out.splitlines()[0].startswith(f"DOES NOT HOLD: {check}: {said}"), out.splitlines()[0]
        assert "audit trail" in err
        status, out, _ = run("verify", study, "--json")
        found = json.loads(out)
        assert (status, found["holds"], found["first_fault"]["check"]) == (1, False, check)

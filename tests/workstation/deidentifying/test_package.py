import csv
import errno
import os
import shutil
import stat
import uuid
from dataclasses import replace
from types import MappingProxyType

import cv2
import numpy as np
import pytest

from analysis.progress import Cancelled
from tests.workstation.deidentifying.identified import (
    BANNER_PX,
    CORNER,
    identified_study,
    opened,
    reversed_order,
    skin,
)
from workstation.clock import utc_seconds
from workstation.deidentifying import write_package
from workstation.deidentifying.key import make_key, write_key
from workstation.deidentifying.package import at_random
from workstation.deidentifying.searching import Secret, _in_bytes, _maybe_in_bytes, search_package, secrets_of
from workstation.endpoints import endpoints_of
from workstation.errors import UserFacingError
from workstation.model.field import ExclusionCause
from workstation.model.package import Package, PackageItem, Start
from workstation.model.pair_validity import pair_problems
from workstation.model.people import Person, Role
from workstation.model.read import DETECTOR, ReadState, Review
from workstation.model.reading import ReadingRules, Remark
from workstation.model.settlement import About, Choice, Settlement
from workstation.model.validity import problems
from workstation.session import create_study
from workstation.storage.verify import verify


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return identified_study(tmp_path_factory.mktemp("made") / "source")


@pytest.fixture(scope="module")
def session(original):
    with opened(original) as session:
        yield session


@pytest.fixture(scope="module")
def package(session, tmp_path_factory):
    """Made once: it is only looked at."""
    folder = tmp_path_factory.mktemp("package")
    return write_package(session, folder / "out", key_file=folder / "key.csv", shuffle=reversed_order)


def test_codes_names_dates_and_texts_are_gone_and_values_are_kept(session, package):
    before = session.study
    with opened(package.study) as copy:
        study = copy.study
    assert study.id != before.id
    assert [(s.id, s.sex, s.age) for s in study.subjects.values()] == [("P01", "female", 90), ("P02", "male", 40)]
    assert [(v.subject, v.name, v.week, v.date) for v in study.visits.values()] == [
        ("P01", "baseline", 0, ""), ("P01", "week 12", 12, ""), ("P02", "week 0", 0, ""),
    ]  # fmt: skip
    names = ["P01_baseline_vertex.png", "P01_week-12_vertex.png", "P02_week-0_left-crown.png"]
    assert [i.source_name for i in study.images.values()] == names
    assert [i.path for i in study.images.values()] == [f"study.images/{name}" for name in names]
    assert [dict(i.notes) for i in study.images.values()] == [
        {"study_day": "0"},
        {"study_day": "86"},
        {"study_day": "0"},
    ]
    assert [(i.site, i.device, i.calibration.um_per_px) for i in study.images.values()][2] == (
        "left crown",
        "Lens 3",
        7,
    )
    assert [(r.reader, r.image_id, r.based_on) for r in study.reads.values()] == [
        (DETECTOR, 1, None), ("reader C", 1, 1), ("reader B", 2, None), ("reader C", 3, None),
    ]  # fmt: skip
    assert {r.review.comment for r in study.reads.values()} == {""}
    assert {h.comment for r in study.reads.values() for h in r.hairs.values()} == {""}
    assert [h.vertices_px.tolist() for h in study.reads[2].hairs.values()] == [
        h.vertices_px.tolist() for h in before.reads[2].hairs.values()
    ]
    assert [(e.subject, e.term, e.start_date, e.comment) for e in study.events.values()] == [
        ("P01", "itching", "", "from study day 7 to study day 10"), ("P02", "cold", "", ""),
    ]  # fmt: skip
    assert [(r.visit_id, dict(r.answers)) for r in study.responses.values()] == [(2, {"q1": 1})]
    assert study.plan.title == ""
    assert study.plan.primary_endpoint == before.plan.primary_endpoint
    decision = study.pairs[1].decisions[1]
    assert (decision.baseline_read_id, decision.followup_read_id, decision.reader) == (2, 3, "reader A")


def test_it_is_a_valid_study_whose_history_begins_with_it(package):
    with opened(package.study) as copy:
        assert (copy.document.history.last_seq, copy.document.can_undo) == (1, False)
        for read in copy.study.reads.values():
            assert problems(read, copy.study.images[read.image_id]) == []
        assert pair_problems(copy.study) == []


def test_what_was_written_on_the_pictures_is_grey_and_left_out_of_the_field(session, package):
    for path, seed in zip(package.images, (0, 1, 2), strict=True):
        pixels = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        assert (pixels[: BANNER_PX - 3] == 128).all()
        inside = pixels[CORNER][6:24, 12:230]
        assert (inside == 128).mean() > 0.99
        free = np.s_[100:400, :]
        assert np.abs(pixels[free].astype(int) - skin(seed)[free]).mean() < 3
        assert (pixels[free] == 128).all(axis=2).mean() < 0.001
    with opened(package.study) as copy:
        study = copy.study
    text = [e for e in study.reads[2].field.exclusions if e.cause is ExclusionCause.TEXT]
    assert len(text) == 2
    assert study.images[1].conversions == ("text and margins masked in 2 places",)
    # the hair that lies under the corner's text counts no more
    assert endpoints_of(session.study, session.study.reads[2]).hair_count == 2
    assert endpoints_of(study, study.reads[2]).hair_count == 1


def test_the_key_lies_apart_and_only_its_owner_may_read_it(package):
    assert stat.S_IMODE(package.key.stat().st_mode) == 0o600
    with package.key.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert ["subject", "KLM-77", "P01"] in rows
    assert ["subject", "ABC-12", "P02"] in rows
    assert [row[1:7] for row in rows if row[0] == "image"][2] == [
        "visit of Jane.jpg", "P02_week-0_left-crown.png", "ABC-12", "2026-03-01 first", "left crown", "2026-03-01",
    ]  # fmt: skip
    assert sorted(row[1] for row in rows if row[0] == "reader") == ["Ada Lovelace", "Bob", "Cy"]


def test_the_last_search_finds_nothing_and_would_have_found_everything(session, package, original):
    secrets = secrets_of(session.study, original)
    assert search_package(package.study.parent, secrets) == []
    found = {(f.secret.kind, f.secret.text) for f in search_package(original.parent, secrets)}
    for kind, text in (
        ("subject", "KLM-77"), ("subject", "ABC-12"), ("reader", "Ada Lovelace"), ("reader", "Bob"), ("reader", "Cy"),
        ("date", "2026-02-03"), ("date", "2026:02:03"), ("date", "2026-02-10"), ("file name", "visit of Jane.jpg"),
        ("file name", "KLM-77_bl.jpg"), ("note", "Dr Miller"), ("study", session.study.id), ("file name", "miller.h5"),
    ):  # fmt: skip
        assert (kind, text) in found, text


def test_what_is_more_than_pixels_in_a_picture_is_found(session, package, original, tmp_path):
    copy = shutil.copytree(package.study.parent, tmp_path / "copy")
    path = copy / "study.images" / package.images[0].name
    data = path.read_bytes()
    text = b"Owner\0Jane"
    chunk = len(text).to_bytes(4, "big") + b"tEXt" + text + bytes(4)
    path.write_bytes(data[:33] + chunk + data[33:] + b"more")
    found = [str(f) for f in search_package(copy, secrets_of(session.study, original))]
    assert found == [
        "metadata 'tEXt' in study.images/P01_baseline_vertex.png",
        "metadata 'bytes after the picture' in study.images/P01_baseline_vertex.png",
    ]


def test_comments_that_are_kept_are_searched_and_refused_if_they_tell(session, tmp_path):
    with pytest.raises(UserFacingError, match=r"(?s)still held .*reader 'Bob' in study\.h5, /adverse_events/comment"):
        write_package(session, tmp_path / "out", keep_comments=True, key_file=tmp_path / "key.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == []


def test_the_key_may_not_lie_in_the_package_nor_replace_a_file(session, tmp_path):
    with pytest.raises(UserFacingError, match="would lie in the package"):
        write_package(session, tmp_path / "out", key_file=tmp_path / "out" / "key.csv")
    (tmp_path / "key.csv").write_text("mine")
    with pytest.raises(UserFacingError, match="already a file of this name"):
        write_package(session, tmp_path / "out", key_file=tmp_path / "key.csv")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(UserFacingError, match="must be empty"):
        write_package(session, tmp_path / "full")
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "key.csv").read_text() == "mine"


def test_nothing_is_left_of_a_package_that_was_stopped(session, tmp_path):
    def stop(stage, done):
        if done > 0.5:
            raise Cancelled

    (tmp_path / "there").mkdir()
    for name in ("out", "there"):
        with pytest.raises(Cancelled):
            write_package(session, tmp_path / name, report=stop)
    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "there").iterdir()) == []


def test_the_order_of_codes_is_left_to_chance(session):
    codes = {make_key(session.study, at_random).subjects["KLM-77"] for _ in range(40)}
    assert codes == {"P01", "P02"}


def test_names_tell_nothing_of_the_original(session):
    study = session.study
    people = MappingProxyType(
        {code: replace(study.subjects["ABC-12"], id=code) for code in ("P01", "KLM-77", "ABC-12")}
    )
    sites = {1: "KLM-77 scar", 2: "KLM-77_w12", 3: "left crown"}
    images = MappingProxyType({i: replace(image, site=sites[i]) for i, image in study.images.items()})
    key = make_key(replace(study, subjects=people, images=images), reversed_order)
    assert sorted(key.subjects.values()) == ["Q01", "Q02", "Q03"]
    assert dict(key.sites) == {"left crown": "left crown", "KLM-77 scar": "site 1", "KLM-77_w12": "site 2"}
    assert key.images[2] == "Q02_week-12_site-2.png"


def with_changes(study, sites=None, visits=None, readers=None, **more):
    """The study with other sites by image, other parts of visits by visit, and other names of readers."""
    images = {i: replace(one, site=(sites or {}).get(i, one.site)) for i, one in study.images.items()}
    changed = {i: replace(one, **(visits or {}).get(i, {})) for i, one in study.visits.items()}
    reads = {i: replace(one, reader=(readers or {}).get(one.reader, one.reader)) for i, one in study.reads.items()}
    proxies = {"images": images, "visits": changed, "reads": reads}
    return replace(study, **{name: MappingProxyType(values) for name, values in proxies.items()}, **more)


def test_two_sites_or_visits_never_become_one(session):
    study = with_changes(
        session.study,
        sites={1: "KLM-77 scar", 2: "site 1"},
        visits={1: {"name": "visit 2", "week": None}, 2: {"name": "2026-04-30", "week": None}},
    )
    key = make_key(study, reversed_order)
    assert dict(key.sites) == {"site 1": "site 1", "KLM-77 scar": "site 2", "left crown": "left crown"}
    assert [key.visits[1], key.visits[2]] == ["visit 2", "visit 3"]


def test_codes_of_readers_are_none_of_the_names(session):
    key = make_key(with_changes(session.study, readers={"Bob": "Reader B"}), reversed_order)
    assert sorted(key.readers.values()) == ["rater A", "rater B", "rater C"]


def test_a_name_tells_whatever_stands_between_its_words(session):
    key = make_key(with_changes(session.study, visits={1: {"name": "first of KLM 77"}}), reversed_order)
    assert key.visits[1] == "week 0"


def package_of(changed, session, folder, **more):
    path = session.path.parent / f"{folder.name}.h5"
    create_study(path, replace(changed, id=str(uuid.uuid4())), user="Ada")
    with opened(path) as copy:
        return write_package(copy, folder / "out", shuffle=reversed_order, **more)


def test_the_control_site_takes_its_new_name_along_and_todays_visit_is_no_finding(session, tmp_path):
    plan = replace(session.study.plan, control_site="KLM-77 scar")
    today = utc_seconds()[:10]
    changed = with_changes(session.study, sites={2: "KLM-77 scar"}, visits={2: {"date": today}}, plan=plan)
    with opened(package_of(changed, session, tmp_path).study) as copy:
        assert copy.study.plan.control_site == "site 1"
        assert copy.study.images[2].site == "site 1"


def test_no_other_visit_stands_for_a_baseline_without_a_day(session, tmp_path):
    package = package_of(with_changes(session.study, visits={1: {"date": ""}}), session, tmp_path)
    with opened(package.study) as copy:
        assert [dict(image.notes) for image in copy.study.images.values()] == [{}, {}, {"study_day": "0"}]
        assert copy.study.events[1].comment == ""


def test_the_folder_of_the_key_is_asked_for_first(session, tmp_path):
    def started(stage, done):
        raise AssertionError

    with pytest.raises(UserFacingError, match="the key's folder does not exist"):
        write_package(session, tmp_path / "out", key_file=tmp_path / "no" / "key.csv", report=started)


def test_half_a_key_is_taken_back(session, tmp_path, monkeypatch):
    def full(opened, *_, **__):
        os.close(opened)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("workstation.deidentifying.key.os.fdopen", full)
    key = make_key(session.study, reversed_order)
    with pytest.raises(UserFacingError):
        write_key(tmp_path / "key.csv", key, session.study, "x", dict.fromkeys(session.study.images, 0))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["3 March", "visit of 3-Mar", "March 2026", "03mar26 first", "Mar. 3"])
def test_a_day_with_its_month_s_name_is_a_day(session, name):
    assert make_key(with_changes(session.study, visits={1: {"name": name}}), reversed_order).visits[1] == "week 0"


@pytest.mark.parametrize("name", ["baseline", "1 mark", "may be", "visit 3"])
def test_other_words_are_no_months(session, name):
    assert make_key(with_changes(session.study, visits={1: {"name": name}}), reversed_order).visits[1] == name


def test_dates_are_searched_with_the_names_of_months_too(session, tmp_path):
    texts = {"a": "on 3 Feb 2026", "b": "03 February 2026", "c": "February 3, 2026.", "d": "3 Feb 2025"}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text)
    found = search_package(tmp_path, [s for s in secrets_of(session.study, session.path) if s.kind == "date"])
    assert {finding.where for finding in found} == {"a.txt", "b.txt", "c.txt"}


def test_bytes_are_found_wherever_they_lie(monkeypatch):
    monkeypatch.setattr("workstation.deidentifying.searching.AT_ONCE", 64)
    secrets = [Secret("file name", text) for text in ("IMG_01.jpg", "Ada Lovelace", "größe", "absent", "IMG_02.jpg")]
    for place in (0, 50, 60, 63, 64, 65, 190):
        data = bytearray(400)
        for text in (b"img_01.jpg", "ada lovelace".encode("utf-16-le"), "größe".encode()):
            data[place : place + len(text)] = text
            place += len(text) + 3
        found = _maybe_in_bytes(bytes(data), secrets)
        assert [s.text for s in found] == ["IMG_01.jpg", "Ada Lovelace", "größe", "IMG_02.jpg"]
        assert {f.secret.text for f in _in_bytes(bytes(data), found, "x")} == {"IMG_01.jpg", "Ada Lovelace", "größe"}


def test_reads_keep_their_states_and_what_ties_them_together_without_a_name(original, tmp_path):
    shutil.copytree(original.parent, tmp_path / "study")
    path = tmp_path / "study" / original.name
    items = (PackageItem("AB2CD", "A", 1, 1, "0" * 64), PackageItem("XY3ZW", "A", 1, 2, "1" * 64, repeat=1))
    made = Package(
        "7d1b", "Bob", "2026-02-03T00:00:00Z", "Ada Lovelace", Start.BLANK, str(uuid.uuid4()), "2" * 64, items
    )
    with opened(path) as session:
        study = session.study
    first = replace(study.reads[2], id=11, reader="Ada Lovelace", review=Review(ReadState.SUBMITTED, "", 1))
    second = replace(first, id=12, reader="Bob", package="7d1b", based_on=None)
    third = replace(
        first, id=13, reader="Cy", adjudicates=(11, 12), review=Review(ReadState.SIGNED, "", 2, "Dora Quill"),
        settlements=MappingProxyType({1: Settlement(1, About.FIELD, (), (), Choice.FIRST, ())}),
    )  # fmt: skip
    again = replace(third, id=14, amends=13, review=Review(ReadState.RETURNED, "", 1, "Dora Quill"))
    repeat = replace(second, id=15, repeat=1)
    remark = Remark(1, 11, "Eve Stone", "2026-02-03T00:00:00Z", "look again")
    new = {read.id: read for read in (first, second, third, again, repeat)}
    study = replace(
        study, id=str(uuid.uuid4()), reads=MappingProxyType({**study.reads, **new}), packages={"7d1b": made},
        remarks={1: remark}, people={"Fay Ward": Person("Fay Ward", (Role.OWNER,))}, reading=ReadingRules(15.0),
    )  # fmt: skip
    path.unlink()
    create_study(path, study, user="Ada Lovelace")
    with opened(path) as session:
        made_of = write_package(session, tmp_path / "out", shuffle=reversed_order)
    assert [finding.message for finding in verify(made_of.study) if not finding.holds] == []
    with opened(made_of.study) as copy:
        after = copy.study
    kept = {i: read for i, read in after.reads.items() if i >= 3 and read.image_id == 1}
    ids = dict(zip((11, 12, 13, 14, 15), sorted(kept), strict=True))
    assert kept[ids[13]].adjudicates == (ids[11], ids[12])
    assert (kept[ids[14]].amends, kept[ids[15]].repeat) == (ids[13], 1)
    assert [(read.review.state, read.review.n_submitted) for _, read in sorted(kept.items())] == [
        (ReadState.SUBMITTED, 1), (ReadState.SUBMITTED, 1), (ReadState.ACCEPTED, 2), (ReadState.RETURNED, 1),
        (ReadState.SUBMITTED, 1),
    ]  # fmt: skip
    assert kept[ids[13]].review.decided_by.startswith("reader ")
    assert dict(kept[ids[13]].settlements) == dict(third.settlements)
    assert (dict(after.packages), dict(after.remarks), dict(after.people)) == ({}, {}, {})
    assert (after.reading, after.read_in_use(1).id) == (study.reading, ids[13])
    told = {secret.text for secret in secrets_of(study, path)}
    assert {"Ada Lovelace", "Bob", "Cy", "Dora Quill", "Eve Stone", "Fay Ward"} <= told

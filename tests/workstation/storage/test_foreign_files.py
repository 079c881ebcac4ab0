"""Files that are damaged, hostile, newer, or no studies at all."""

import contextlib
import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import comment, same, study
from workstation.errors import UserFacingError
from workstation.model.study import ChangeRules
from workstation.session import create_study, open_study
from workstation.storage import inspection, schema
from workstation.storage.content import Content, content_of
from workstation.storage.inspection import root_attribute
from workstation.storage.known_files import mark_of, note
from workstation.storage.reader import read_state, read_study
from workstation.storage.record_schema import RECORD_GROUPS
from workstation.storage.trial_schema import TRIAL_GROUPS
from workstation.storage.writer import write_content


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The bytes of a saved study, made once: no test here asks what this computer knows of it."""
    folder = tmp_path_factory.mktemp("saved")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRICHODESK_HOME", str(folder / "home"))
        create_study(folder / "trial.h5", study(), user="Ada")
    return (folder / "trial.h5").read_bytes()


@pytest.fixture
def path(tmp_path, saved):
    (tmp_path / "trial.h5").write_bytes(saved)
    return tmp_path / "trial.h5"


def refused(path, said):
    with pytest.raises(UserFacingError, match=said) as caught:
        read_study(path)
    assert caught.value.remedy
    return caught.value


def test_missing(tmp_path):
    refused(tmp_path / "a.h5", "there is no such file")


def test_a_folder(tmp_path):
    refused(tmp_path, "this is a folder")


def test_empty(tmp_path):
    (tmp_path / "a.h5").touch()
    refused(tmp_path / "a.h5", "it is empty")


def test_no_hdf5(tmp_path):
    (tmp_path / "a.h5").write_bytes(b"GIF89a" + bytes(500))
    refused(tmp_path / "a.h5", "this is not a study file")


def test_the_hdf5_of_another_program(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["data"] = [1, 2, 3]
    refused(tmp_path / "a.h5", "this is not a study file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(path):
    path.chmod(0)
    refused(path, "you may not read this file")


def test_no_permission_as_the_system_says_it(path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    refused(path, "you may not read this file")


def test_opening_what_is_no_study_leaves_no_lock(tmp_path):
    (tmp_path / "a.h5").write_bytes(b"something else")
    for name in ("a.h5", "missing.h5"):
        with pytest.raises(UserFacingError):
            open_study(tmp_path / name, "Zoë")
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["a.h5"]


def test_a_backup_is_named_when_the_file_is_damaged(path):
    with open_study(path, "Zoë") as session:
        comment(session.document, "eins")
        session.save()
    path.write_bytes(path.read_bytes()[:5000])
    error = refused(path, "the study file is damaged")
    assert "trial.h5.bak" in error.remedy
    shutil.copy(path.with_name("trial.h5.bak"), path)
    assert same(read_study(path).study, study())


def test_cut_at_many_lengths(path, tmp_path):
    whole = path.read_bytes()
    cut = tmp_path / "cut.h5"
    lengths = {*range(0, 200, 7), *random.Random(1).sample(range(len(whole)), 60), len(whole) - 1}
    for length in sorted(lengths):
        cut.write_bytes(whole[:length])
        note(mark_of(cut))
        refused(cut, "damaged|not a study file")


def test_a_changed_byte_is_found_or_does_no_harm(tmp_path):
    """One bit flipped at positions all over the file: never another value, never a crash."""
    create_study(tmp_path / "small.h5", study(2, n_vertices=2), user="Ada")
    whole = (tmp_path / "small.h5").read_bytes()
    good = read_study(tmp_path / "small.h5")
    flipped = tmp_path / "flipped.h5"
    rng = random.Random(7)
    found = 0
    positions = range(0, len(whole), len(whole) // 120)
    for position in positions:
        changed = bytearray(whole)
        changed[position] ^= 1 << rng.randrange(8)
        flipped.write_bytes(changed)
        note(mark_of(flipped))  # read here, where a crash is one
        try:
            again = read_study(flipped)
        except UserFacingError:
            found += 1
        else:
            assert same(again.study, good.study)
            assert (again.audit_rows, again.state) == (good.audit_rows, good.state)
    # metadata, columns and their padding: most of the file is guarded, unused room in it is not
    assert found > 0.6 * len(positions)


def rewritten(path, change):
    """A saved study changed in place by somebody who knows HDF5."""
    with h5py.File(path, "r+") as file:
        change(file)


def test_an_external_link_is_not_followed(path, tmp_path):
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["x"] = np.arange(3)

    def change(file):
        del file["hairs/width_px"]
        file["hairs/width_px"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "x")

    rewritten(path, change)
    refused(path, "link to another place")


def test_a_soft_link_is_not_followed(path):
    def change(file):
        del file["vertices"]
        file["vertices"] = h5py.SoftLink("/hairs")

    rewritten(path, change)
    refused(path, "link to another place")


def test_a_virtual_dataset_is_not_read(path, tmp_path):
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["x"] = np.arange(24.0)

    def change(file):
        del file["hairs/width_px"]
        layout = h5py.VirtualLayout((24,), "f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "x", (24,))
        file["hairs"].create_virtual_dataset("width_px", layout)

    rewritten(path, change)
    refused(path, "takes its values from another file")


def test_external_storage_is_not_read(path, tmp_path):
    (tmp_path / "secret.bin").write_bytes(bytes(24 * 8))

    def change(file):
        del file["hairs/width_px"]
        file["hairs"].create_dataset("width_px", (24,), "f8", external=[(str(tmp_path / "secret.bin"), 0, 192)])

    rewritten(path, change)
    refused(path, "takes its values from another file")


def test_other_filters_are_not_loaded(path):
    def change(file):
        del file["hairs/width_px"]
        file["hairs"].create_dataset("width_px", data=np.zeros(24), compression="lzf")

    rewritten(path, change)
    refused(path, "a filter that a study never has")


def test_plugins_are_switched_off():
    assert os.environ["HDF5_PLUGIN_PRELOAD"] == "::"


def test_a_column_that_claims_more_than_it_holds_is_not_read(path):
    def change(file):
        del file["hairs/width_px"]
        file["hairs"].create_dataset("width_px", (10**12,), "f8", chunks=(1000,), compression="gzip")

    rewritten(path, change)
    refused(path, r"claims 8,000,000,000,000 bytes but holds 0")


def test_columns_that_claim_too_much_together_are_not_read(path, monkeypatch):
    monkeypatch.setattr(inspection, "MAX_TOTAL_BYTES", 1000)
    refused(path, "its tables claim")


def test_a_huge_piece_is_not_unpacked(path):
    def change(file):
        del file["hairs/width_px"]
        file["hairs"].create_dataset(
            "width_px", (24,), "f8", maxshape=(None,), chunks=(20_000_000,), compression="gzip"
        )

    rewritten(path, change)
    refused(path, "stored in pieces of 160,000,000 bytes")


@pytest.mark.parametrize(
    "values",
    [np.zeros((24, 2)), np.zeros(24, dtype="c16"), np.zeros(24, dtype=[("a", "f8")]), np.array(["a"] * 24, dtype="O")],
    ids=["2-D", "complex", "compound", "variable-length text"],
)
def test_other_kinds_of_columns_are_not_read(path, values):
    def change(file):
        del file["hairs/width_px"]
        file["hairs"]["width_px"] = values

    rewritten(path, change)
    refused(path, "is not a column of numbers or text")


def test_a_group_in_a_table_is_not_read(path):
    rewritten(path, lambda file: file["hairs"].create_group("more"))
    refused(path, "is not a column")


def test_a_column_in_the_root_is_not_read(path):
    rewritten(path, lambda file: file.create_dataset("more", data=[1]))
    refused(path, "is not a group")


def test_a_changed_value_is_named_by_its_table(path):
    def change(file):
        values = file["hairs/width_px"][:]
        values[0] += 0.001
        file["hairs/width_px"][:] = values

    rewritten(path, change)
    refused(path, "the checksum of the table /hairs does not hold")


def test_a_missing_column(path):
    content = content_of(study(), [], [])
    del content.groups["hairs"]["confidence"]
    write_content(path, resealed(content), {})
    refused(path, "/hairs/confidence is missing or of another type")


def test_a_changed_attribute(path):
    rewritten(path, lambda file: file.attrs.__setitem__("vellus_below_um", 20.0))
    refused(path, "the checksum of the whole does not hold")


def test_a_missing_attribute(path):
    rewritten(path, lambda file: file.attrs.__delitem__("study_id"))
    refused(path, "no proper attribute `study_id`")


def test_an_array_as_attribute(path):
    rewritten(path, lambda file: file.attrs.__setitem__("revision", np.zeros(1000)))
    refused(path, "no proper attribute `revision`")


@pytest.mark.parametrize(
    "changed",
    [
        {"revision": "many"}, {"revision": float("nan")}, {"revision": float("inf")}, {"vellus_below_um": "thin"},
        {"vellus_below_um": float("nan")}, {"vellus_below_um": 90.0}, {"format_version": 1.0}, {"saved_utc": 5},
        {"min_overlap": 0.0}, {"min_overlap": float("nan")}, {"width_change_limit_um": "wide"},
    ],
)  # fmt: skip
def test_strange_attributes(path, changed):
    """Well sealed where that can be; never anything but a clear refusal, or the study as it was."""
    content = content_of(study(), [], [])
    if any(value != value or value == float("inf") for value in changed.values()):
        content = Content({**content.attributes, **changed}, content.groups)
    else:
        content = resealed(content, **changed)
    write_content(path, content, {})
    with contextlib.suppress(UserFacingError):
        assert same(read_study(path).study, study())


def test_a_list_of_checksums_that_does_not_fit(path):
    content = content_of(study(), [], [])
    content.groups["manifest"]["sha256"] = content.groups["manifest"]["sha256"][:-1]
    write_content(path, content, {})
    refused(path, "makes no sense")


def test_a_strange_id_makes_a_study_read_only(path):
    write_content(path, resealed(content_of(study(study_id="../" * 100), [], [])), {})
    with open_study(path, "Zoë") as session:
        assert "is not one" in session.read_only_because


def test_a_text_of_variable_length_as_attribute(path):
    """A damaged reference to such a text kept HDF5 busy for minutes."""
    rewritten(path, lambda file: file.attrs.__setitem__("study_id", "text of variable length"))
    refused(path, "no proper attribute `study_id`")


def test_a_newer_format_is_refused(path):
    write_content(path, resealed(content_of(study(), [], []), format_version="2.0", software_version="7.1"), {})
    error = refused(path, r"has format 2\.0, which this program does not know \(it knows 1\.x\)")
    assert error.remedy == "Install trichodesk 7.1 or newer."


def add_to(file):
    file["hairs"].create_dataset("curl", data=np.zeros(24))
    file.create_group("waves")["x"] = np.zeros(3)


def test_a_newer_minor_format_is_read_only(path):
    rewritten(path, add_to)
    with h5py.File(path, "r+") as file:
        reseal_in_place(file, format_version="1.5")
    assert read_study(path).from_newer == "1.5"
    assert same(read_study(path).study, study())
    with open_study(path, "Zoë") as session:
        assert session.read_only_because.startswith("it has format 1.5: ")
        with pytest.raises(UserFacingError, match="read-only"):
            comment(session.document, "x")


def test_unknown_columns_in_this_format_are_refused(path):
    rewritten(path, add_to)
    with h5py.File(path, "r+") as file:
        reseal_in_place(file)
    refused(path, "/hairs/curl does not belong there")


def as_1_1(content):
    """The content as a program of format 1.1 would have written it."""
    groups = {name: dict(columns) for name, columns in content.groups.items()}
    later = ("pairs", "warp_knots", "landmarks", "decisions", *(group.name for group in TRIAL_GROUPS + RECORD_GROUPS))
    for name in later:
        del groups[name]
    for column in schema.READS.columns:
        if column.since:
            del groups["reads"][column.name]
    del groups["subjects"]["arm"]
    for name in ("pair_id", "baseline_read_id", "followup_read_id", "ruled"):
        del groups["matches"][name]
    attributes = dict(content.attributes) | {"format_version": "1.1"}
    del attributes["min_overlap"], attributes["width_change_limit_um"]
    return Content(attributes, groups)


def test_an_older_file_has_no_pairs_and_the_usual_rules(path):
    one = replace(study(), rules=ChangeRules(0.7, 12.0))
    write_content(path, resealed(as_1_1(content_of(one, [], []))), {})
    found = read_study(path)
    assert same(found.study, study())
    assert found.from_newer == ""


def test_what_came_later_is_refused_in_an_older_file(path):
    content = content_of(study(), [], [])
    later = as_1_1(content)
    later.groups["pairs"] = content.groups["pairs"]
    write_content(path, resealed(later), {})
    refused(path, "/pairs/[a-z_]+ does not belong there")
    later = as_1_1(content)
    later.groups["landmarks"] = {}
    write_content(path, resealed(later), {})
    refused(path, "/landmarks does not belong there")


def test_rows_that_an_older_version_never_wrote_are_refused(path):
    content = as_1_1(content_of(study(), [], []))
    content.groups["matches"] = {
        name: np.zeros(1, dtype=array.dtype) for name, array in content.groups["matches"].items()
    }
    write_content(path, resealed(content), {})
    refused(path, "/matches had no rows in that version")


def test_rules_of_an_older_file_that_it_cannot_have_are_passed_over(path):
    write_content(path, resealed(as_1_1(content_of(study(), [], [])), min_overlap=0.9), {})
    assert read_study(path).study.rules == ChangeRules()


def reseal_in_place(file, **attributes):
    groups = {name: {c: values[:] for c, values in group.items()} for name, group in file.items() if name != "manifest"}
    plain = {name: root_attribute(file, name, Path()) for name in file.attrs}
    sealed = resealed(Content(plain, groups), **attributes)
    for column, values in sealed.groups["manifest"].items():
        del file["manifest"][column]
        file["manifest"][column] = values.astype(h5py.string_dtype("utf-8", values.dtype.itemsize))
    for name, value in sealed.attributes.items():
        file.attrs[name] = np.bytes_(value.encode()) if isinstance(value, str) else value


def test_a_state_is_read_without_the_tables(path):
    state = read_state(path)
    assert (state.study_id, state.revision) == (study().id, 1)
    assert state == read_study(path).state

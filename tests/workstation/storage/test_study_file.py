"""The study file: written, read back, and readable by others."""

import hashlib
from dataclasses import replace
from types import MappingProxyType

import h5py
import numpy as np
import pandas as pd
import pytest

from tests.workstation.storage.forging import resealed
from tests.workstation.storage.studies import comment, read, same, study
from workstation.endpoints import endpoints_of
from workstation.errors import UserFacingError
from workstation.model.study import Study
from workstation.session import create_study, open_study
from workstation.storage import schema
from workstation.storage.columns import ENDPOINTS
from workstation.storage.content import content_of
from workstation.storage.reader import read_study
from workstation.storage.writer import write_content


def test_a_study_comes_back_equal(path):
    assert same(read_study(path).study, study())


def test_an_empty_study_comes_back_equal(tmp_path):
    empty = Study("3a0e0f5e-0000-4000-8000-000000000000", "2026-02-03T09:00:00Z")
    create_study(tmp_path / "empty.h5", empty, user="Ada")
    assert same(read_study(tmp_path / "empty.h5").study, empty)


def test_reads_without_hairs_come_back_equal(tmp_path):
    bare = study(0)
    create_study(tmp_path / "bare.h5", bare, user="Ada")
    assert same(read_study(tmp_path / "bare.h5").study, bare)


def test_floats_are_kept_to_the_last_bit(path):
    before, after = study().reads[3].hairs[2], read_study(path).study.reads[3].hairs[2]
    assert before.vertices_px.tobytes() == after.vertices_px.tobytes()
    assert not after.vertices_px.flags.writeable


def test_equal_studies_have_equal_digests_in_any_order():
    one = study()
    turned = Study(
        one.id, one.created_utc, one.cutoffs,
        dict(reversed(one.subjects.items())), dict(reversed(one.visits.items())),
        dict(reversed(one.images.items())), dict(reversed(one.reads.items())),
    )  # fmt: skip
    assert content_of(one, [], []).state == content_of(turned, [], []).state
    assert content_of(one, [], []).state != content_of(study(7), [], []).state


def test_five_lines_of_pandas(path):
    def text(column):
        return column.asstr()[:] if column.dtype.kind == "S" else column[:]

    with h5py.File(path) as file:
        hairs = pd.DataFrame({name: text(column) for name, column in file["hairs"].items()})
    widths = hairs.groupby(["image", "read_id", "reader"])["width_px"].median()

    one = study()
    expected = np.nanmedian([h.width_px for h in one.reads[3].hairs.values()])
    assert widths["Kopf 1.png", 3, "Zoë"] == expected
    assert list(hairs.columns) == [c.name for c in schema.HAIRS.columns]
    first = hairs[(hairs.read_id == 3) & (hairs.id == 1)].iloc[0]
    hair = one.reads[3].hairs[1]
    assert (first.root_x_px, first.root_y_px) == tuple(hair.vertices_px[0])
    assert first.width_um == pytest.approx(hair.width_px * 5.34)
    assert first.length_um == pytest.approx(np.hypot(*np.diff(hair.vertices_px, axis=0).T).sum() * 5.34)
    assert first["class"] == "intermediate"
    assert first.status == "accepted"
    assert hairs[hairs.read_id == 4].width_um.isna().all()


def test_the_documented_lines_are_the_tested_ones(path, repository):
    text = (repository / "docs" / "file-format.md").read_text(encoding="utf-8")
    lines = text.split("```python\n")[1].split("```")[0].replace("study.h5", path.as_posix())
    assert len(lines.strip().splitlines()) == 5
    names = {}
    exec(lines, names)
    assert len(names["hairs"]) == 24
    assert names["hairs"]["comment"].tolist() == [""] * 24


def test_every_column_is_documented(repository):
    text = (repository / "docs" / "file-format.md").read_text(encoding="utf-8")
    for group in (*schema.GROUPS.values(), ENDPOINTS, schema.MANIFEST):
        section = text.split(f"### /{group.name}\n")[1].split("\n### ")[0]
        for column in group.columns:
            mark = " (derived)" if column.derived else ""
            units = column.units or "–"
            assert f"| `{column.name}` | {column.type.name.lower()} | {units} | {column.description}{mark} |" in section
    for name, meaning in schema.ROOT_ATTRIBUTES.items():
        assert f"| `{name}` | {meaning} |" in text


def test_every_dataset_says_what_it_is(path):
    with h5py.File(path) as file:
        assert set(file) == {*schema.GROUPS, "endpoints", "manifest"}
        for group in file.values():
            assert group.attrs["description"]
            for column in group.values():
                assert column.attrs["description"]
                assert isinstance(column.attrs["units"], str)
                assert column.ndim == 1
                assert column.fletcher32 or not len(column)
        assert file["hairs/width_um"].attrs["units"] == "µm"
        assert file["vertices/x_px"].attrs["units"] == "px"
        assert set(schema.ROOT_ATTRIBUTES) == set(file.attrs)
        assert file.attrs["format_version"].decode() == "1.4"


def test_units_and_endpoints_are_written_for_others(path):
    one = study()
    with h5py.File(path) as file:
        units, endpoints = file["units"], file["endpoints"]
        row = np.flatnonzero((units["read_id"][:] == 3) & (units["id"][:] == 7))[0]
        counted = [h for h in one.reads[3].hairs_of(7) if h.counts]
        assert units["hairs"][row] == len(counted)
        assert units["x_px"][row] == pytest.approx(np.mean([h.root_px[0] for h in counted]))
        assert endpoints["read_id"][:].tolist() == [1, 3, 2, 4]
        assert endpoints["in_use"][:].tolist() == [False, True, False, True]
        value = endpoints["hair_density_per_cm2"][1]
        assert value == endpoints_of(one, one.reads[3]).hair_density_per_cm2
        assert np.isnan(endpoints["hair_density_per_cm2"][3])


def test_an_embedded_image_is_kept_byte_for_byte(tmp_path):
    data = np.random.default_rng(5).integers(0, 256, 3_000_000, dtype=np.uint8).tobytes()
    one = study()
    record = replace(one.images[1], embedded=True, sha256=hashlib.sha256(data).hexdigest())
    one = replace(one, images=MappingProxyType({**one.images, 1: record}))
    create_study(tmp_path / "e.h5", one, user="Ada", image_files={1: data})
    with open_study(tmp_path / "e.h5", "Zoë") as session:
        assert session.image_file(1) == data
        comment(session.document, "nochmal")
        session.save()
    with open_study(tmp_path / "e.h5", "Zoë") as session:
        assert session.image_file(1) == data
        assert session.study.images[1] == record


def test_the_bytes_of_an_embedded_image_must_be_there(tmp_path):
    one = study()
    record = replace(one.images[1], embedded=True)
    one = replace(one, images=MappingProxyType({**one.images, 1: record}))
    for files in ({}, {1: b"another image"}):
        with pytest.raises(UserFacingError, match="what was read back is not what was written"):
            create_study(tmp_path / "e.h5", one, user="Ada", image_files=files)
    assert not (tmp_path / "e.h5").exists()


def test_a_text_that_a_file_cannot_hold_is_said(tmp_path):
    one = study()
    for name in ("a\0b.png", "a\udcffb.png"):
        record = replace(one.images[1], source_name=name)
        with pytest.raises(UserFacingError, match="the study cannot be saved"):
            create_study(
                tmp_path / "e.h5", replace(one, images=MappingProxyType({1: record, 2: one.images[2]})), user="Ada"
            )
    assert list(tmp_path.glob("e.h5*")) == []


def test_hairs_twice_under_one_id_are_refused(tmp_path):
    content = content_of(study(), [], [])
    content.groups["hairs"]["id"][1] = content.groups["hairs"]["id"][0]
    write_content(tmp_path / "a.h5", resealed(content), {})
    with pytest.raises(UserFacingError, match="hair 1 of read 1 is there twice"):
        read_study(tmp_path / "a.h5")


@pytest.mark.parametrize(
    ("group", "column", "row", "value", "said"),
    [
        ("hairs", "first_vertex", 3, 7, "the table of points does not fit"),
        ("hairs", "n_vertices", 23, 6, "the table of points does not fit"),
        ("hairs", "read_id", 0, 99, "there is no read 99"),
        ("hairs", "status", 0, b"nonsense", "nonsense"),
        ("units", "read_id", 0, 98, "there is no read 98"),
        ("reads", "image_id", 0, 5, "image"),
        ("reads", "read_state", 0, b"nonsense", "nonsense"),
        ("images", "visit_id", 0, 9, "visit"),
        ("images", "um_per_px", 0, -1.0, "not plausible"),
        ("images", "width_px", 0, 0, "has no size"),
        ("images", "notes", 0, b"{", "Expecting"),
        ("visits", "subject", 0, b"S99", "of no subject"),
        ("subjects", "subject", 1, b"S01", "there twice"),
        ("fields", "cause", 1, b"whim", "whim"),
    ],
)
def test_well_sealed_nonsense_is_refused(tmp_path, group, column, row, value, said):
    content = content_of(study(), [], [])
    array = content.groups[group][column].copy()
    array[row] = value
    content.groups[group][column] = array
    write_content(tmp_path / "a.h5", resealed(content), {})
    with pytest.raises(UserFacingError, match=f"its content makes no sense: .*{said}"):
        read_study(tmp_path / "a.h5")


def test_a_large_read_is_compact(tmp_path):
    rng_read = read(1, 1, 200, 1, n_vertices=20)
    assert sum(len(h.vertices_px) for h in rng_read.hairs.values()) == 4000
    create_study(tmp_path / "a.h5", study(200, n_vertices=20), user="Ada")
    raw = 4 * 4000 * 3 * 8
    assert (tmp_path / "a.h5").stat().st_size < raw + 150_000  # what the tables and their descriptions take

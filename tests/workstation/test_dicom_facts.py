import numpy as np
import pytest

from tests.workstation.images.dicoms import colours, dicom, region
from workstation.importing.dicom_facts import Facts, facts_of, filled, is_dicom
from workstation.importing.studies import study_from_images, study_from_manifest
from workstation.manifest import ManifestRow, read_manifest

TOLD = {
    "PatientID": "P-07",
    "PatientSex": "F",
    "PatientAge": "034Y",
    "StudyDate": "20260301",
    "AcquisitionDate": "20260302",
    "AnatomicRegionSequence": region("Scalp"),
    "ImageLaterality": "L",
    "ManufacturerModelName": "Lens 3",
    "PixelSpacing": ["0.006", "0.006"],
}


def file(folder, name="a.dcm", seed=0, **elements):
    path = folder / name
    path.write_bytes(dicom(np.roll(colours(), seed, axis=1), **{**TOLD, **elements}))
    return path


def row(path, line=1, visit="baseline", **more):
    return ManifestRow(line=line, subject="S01", visit=visit, site="vertex", image=path, **more)


def test_what_a_file_tells(tmp_path):
    expected = Facts("P-07", "2026-03-02", "female", 34.0, "left scalp", "Lens 3")
    assert facts_of(file(tmp_path)) == expected


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"AcquisitionDate": "20261399"}, {"date": "2026-03-01"}),
        ({"AcquisitionDate": "00010101", "StudyDate": ""}, {"date": ""}),
        ({"PatientAge": "018M"}, {"age": 1.5}),
        ({"PatientAge": "old"}, {"age": None}),
        ({"PatientSex": "?"}, {"sex": ""}),
        ({"AnatomicRegionSequence": [], "BodyPartExamined": "HEAD", "ImageLaterality": "R"}, {"site": "right head"}),
        ({"PatientID": "A\r\nB"}, {"subject": "A B"}),
        ({"PatientID": "Doe^Jane"}, {"subject": ""}),
    ],
)
def test_what_cannot_be_meant_is_passed_over(tmp_path, elements, expected):
    told = facts_of(file(tmp_path, **elements))
    assert {name: getattr(told, name) for name in expected} == expected


def test_no_other_file_tells_anything(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    (tmp_path / "b").write_bytes(bytes(128) + b"DICM" + bytes(20))
    assert facts_of(tmp_path / "a.png") == facts_of(tmp_path / "b") == facts_of(tmp_path / "none") == Facts()
    assert is_dicom(tmp_path / "b")
    assert not is_dicom(tmp_path / "none")


def test_blanks_are_filled_in_and_nothing_is_contradicted(tmp_path):
    one, two = file(tmp_path, "1.dcm"), file(tmp_path, "2.dcm", PatientAge="035Y", AcquisitionDate="20260527")
    plain = tmp_path / "3.png"
    plain.write_bytes(b"")
    rows = filled([row(one), row(two, 2, "week 12"), row(plain, 3)])
    assert [(r.date, r.sex, r.age, r.device) for r in rows] == [
        ("2026-03-02", "female", 34.0, "Lens 3"),
        ("2026-05-27", "female", 34.0, "Lens 3"),
        ("2026-03-02", "female", 34.0, ""),
    ]
    typed = filled([row(one, sex="male", date="2026-01-01", age=50, device="X"), row(two, 2)])
    assert [(r.date, r.sex, r.age, r.device) for r in typed] == [
        ("2026-01-01", "male", 50, "X"),
        ("", "", None, "Lens 3"),
    ]


def test_a_manifest_of_dicom_files_becomes_a_study(tmp_path):
    file(tmp_path, "1.dcm")
    file(tmp_path, "2", 1, AcquisitionDate="20260525", PatientAge="035Y")
    manifest = tmp_path / "visits.csv"
    manifest.write_text("subject,visit,site,image\nS01,baseline,vertex,1.dcm\nS01,week 12,vertex,2\n")
    study = study_from_manifest(read_manifest(manifest), tmp_path / "s.h5")
    assert [(v.name, v.date, v.week) for v in study.visits.values()] == [
        ("baseline", "2026-03-02", 0), ("week 12", "2026-05-25", 12),
    ]  # fmt: skip
    assert (study.subjects["S01"].sex, study.subjects["S01"].age) == ("female", 34)
    calibration = study.images[1].calibration
    assert (calibration.um_per_px, calibration.source) == (6.0, "metadata")


def test_images_named_alone_need_no_facts(tmp_path):
    study = study_from_images([file(tmp_path)], None, tmp_path / "s.h5")
    assert list(study.subjects) == ["unnamed"]
    assert study.images[1].calibration.um_per_px == 6.0

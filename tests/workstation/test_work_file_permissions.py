"""Who may do what in a blinded reader's work file, and what a merge may bring out of one."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.workstation.small_study import make_read
from tests.workstation.users import HAIRS, NOW, Desk, begun, person, reject, study_with
from workstation import edits
from workstation.document import own_read
from workstation.errors import EditRefused
from workstation.model.package import Blinding, Package, PackageItem, Returned, Start
from workstation.model.patch import Change, Kind, Patch
from workstation.model.people import Person, Role
from workstation.model.read import DETECTOR, ReadState
from workstation.model.reading import Remark


def work_file():
    study = study_with()
    return replace(study, blinding=Blinding("p1", "Ada", Start.DETECTION))


def test_in_a_work_file_its_reader_alone_reads():
    desk = Desk(work_file())
    with pytest.raises(EditRefused, match="this work file is for Ada alone, and you are Bo"):
        desk.by("Bo").apply(edits.add_remark(desk.study, 2, "Bo", "hm"))
    ada = desk.by("Ada")
    ada.apply(reject(desk.read()))
    ada.apply(edits.add_remark(desk.study, 2, "Ada", "blurred at the left"))
    ada.apply(edits.submit(desk.read()))
    for patch in (
        edits.set_calibration(desk.study, 1, 12.0),
        edits.set_cutoffs(desk.study, 20, 50),
        person(None, Person("Ada", (Role.OWNER,))),
    ):
        with pytest.raises(EditRefused, match="cannot be changed in a work file"):
            ada.apply(patch)


def test_nothing_is_detected_in_a_work_file():
    with pytest.raises(EditRefused, match="nothing is detected in a work file"):
        Desk(work_file()).by("Ada").apply(begun(reader=DETECTOR, state=ReadState.DETECTED))


def test_what_comes_back_in_a_package_is_brought_in_for_its_reader_alone():
    out = Package("p1", "Eve", NOW, "Ada", Start.BLANK, "s2", "0" * 64, (PackageItem("C1", "A", 1, 1, "1" * 64),))
    back = replace(out, returned=Returned(NOW, 0, "2" * 64, ()))
    desk = Desk(replace(study_with(), packages=MappingProxyType({"p1": out})))
    merged = Change(Kind.PACKAGE, 0, out, back)
    remark = Change(Kind.REMARK, 1, None, Remark(1, 4, "Eve", NOW, "blurred"))

    def bring(reader, state=ReadState.SUBMITTED, *more, **what):
        read = make_read(HAIRS, id_=4, reader=reader, state=state, package="p1", **what)
        desk.by("Ada").apply(Patch("merge", None, (Change(Kind.READ, 4, None, read), *more)))

    with pytest.raises(EditRefused):
        bring("Eve")
    with pytest.raises(EditRefused):
        bring("Mallory", ReadState.SUBMITTED, merged)
    with pytest.raises(EditRefused, match="does not come out of a work file as accepted"):
        bring("Eve", ReadState.ACCEPTED, merged)
    bring("Eve", ReadState.SUBMITTED, merged, remark, repeat=1)
    assert (desk.read(4).reader, desk.study.remarks[1].author) == ("Eve", "Eve")
    assert own_read(desk.study, 1, "Eve") is None, "a hidden repeat stands for nothing"

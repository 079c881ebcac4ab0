"""A study with everything that the record holds: people, rules, remarks, a third read, signatures, packages."""

import base64
from dataclasses import replace
from types import MappingProxyType

from tests.workstation.small_study import make_hair, make_read, make_study
from workstation.model.package import Package, PackageItem, Returned, Start
from workstation.model.people import Person, PublicKey, Role
from workstation.model.read import ReadState, Review
from workstation.model.reading import ReadingRules, ReasonFor, Remark
from workstation.model.settlement import About, Choice, Settlement
from workstation.model.signature import Meaning, Signature

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()
SIGNED = base64.b64encode(bytes(range(64))).decode()
NOW = "2026-11-23T10:00:00Z"
HAIR, OTHER_HAIR = make_hair(1, 7, [[100, 100], [100, 140]]), make_hair(2, 8, [[300, 300], [300, 340]])
SETTLEMENTS = {
    1: Settlement(1, About.HAIR, (1,), (1,), Choice.AGREED, (1,)),
    2: Settlement(2, About.HAIR, (), (2,), Choice.NEITHER, ()),
    3: Settlement(3, About.FIELD, (), (), Choice.FIRST, ()),
}
PEOPLE = (
    Person("Ada", (Role.ASSESSOR,), (PublicKey(KEY, NOW, "2026-11-24T00:00:00Z"), PublicKey(OTHER_KEY, NOW))),
    Person("Zoë", (Role.OWNER, Role.QA_REVIEWER)),
    Person("毛", ()),
)
REMARKS = (
    Remark(1, 1, "Zoë", NOW, 'Two hairs, not one?\n"see" =1+1', hair_id=1),
    Remark(2, 1, "Ada", NOW, "Yes.", answers=1, done_by="Zoë", done_utc=NOW),
)
SIGNATURES = (
    Signature(1, 3, "Ada", Meaning.ADJUDICATION, NOW, "1" * 64, "2" * 64, "3" * 64, KEY, SIGNED),
    Signature(2, 3, "Zoë", Meaning.APPROVAL, NOW, "1" * 64, "2" * 64, "3" * 64),
)
ITEMS = (PackageItem("K7Q2", "A", 1, 2, "4" * 64), PackageItem("ZZ81", "B", 1, 1, "5" * 64, repeat=1))
PACKAGES = (
    Package("aaaa", "Bo", NOW, "Zoë", Start.BLANK, "s-1", "6" * 64, ITEMS),
    Package(
        "bbbb", "Cy", NOW, "Zoë", Start.DETECTION, "s-2", "7" * 64, ITEMS[:1],
        Returned(NOW, 2, "8" * 64, ('{"seq":1,"user":"毛"}', '{"seq":2,"reason":"a\\nb"}')),
    ),
    Package("cccc", "Bo", NOW, "Zoë", Start.BLANK, "s-3", "9" * 64, ITEMS[:1], Returned(NOW, 0, "a" * 64, ())),
)  # fmt: skip


def read_study_of():
    """Four reads of one image: two readers', the third read, signed, and a hidden repeat."""
    first = make_read([HAIR], id_=1, reader="Ada", state=ReadState.SUBMITTED)
    second = make_read([HAIR, OTHER_HAIR], id_=2, reader="Bo", state=ReadState.RETURNED)
    third = make_read([HAIR], id_=3, reader="Cy", adjudicates=(1, 2), settlements=MappingProxyType(SETTLEMENTS))
    third = replace(third, review=Review(ReadState.SIGNED, "fine", 2, "Zoë"))
    again = make_read([HAIR], id_=4, reader="Ada", package="bbbb", repeat=1, state=ReadState.SUBMITTED)
    amended = make_read([HAIR], id_=5, reader="Cy", amends=3, based_on=3)
    return make_study(
        [first, second, third, again, amended],
        reading=ReadingRules(12.5, ReasonFor.AFTER_SUBMISSION),
        people=MappingProxyType({person.name: person for person in PEOPLE}),
        remarks=MappingProxyType({remark.id: remark for remark in REMARKS}),
        signatures=MappingProxyType({signature.id: signature for signature in SIGNATURES}),
        packages=MappingProxyType({package.id: package for package in PACKAGES}),
    )

import json
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

from tests.workstation.small_study import make_image, make_read, make_study
from workstation.model.package import Package, PackageItem, Returned, Start
from workstation.quality.time_spent import Moment, TimeSpent, moments_of, spent, times_spent

READERS = {1: "Ada", 2: "Ada", 3: "Bo"}


def at(clock, read_id, user="Ada"):
    return Moment(f"2026-03-01T{clock}.000Z", user, read_id)


def seconds(*moments):
    return {read_id: time.seconds for read_id, time in spent(moments, READERS).items()}


def test_gaps_between_edits_of_one_read_add_up():
    assert seconds(at("10:00:00", 1), at("10:00:20", 1), at("10:01:00", 1)) == {1: 60.0}


def test_a_long_gap_counts_as_two_minutes():
    assert seconds(at("10:00:00", 1), at("10:02:00", 1), at("12:02:00", 1)) == {1: 240.0}


def test_work_on_another_image_in_between_is_not_counted():
    moments = (at("10:00:00", 1), at("10:00:10", 2), at("10:00:25", 2), at("10:01:00", 1), at("10:01:05", 1))
    assert seconds(*moments) == {1: 5.0, 2: 15.0}


def test_another_person_neither_interrupts_nor_counts():
    moments = (at("10:00:00", 1), at("10:00:10", 3, "Bo"), at("10:00:20", 1, "Bo"), at("10:00:30", 1))
    assert seconds(*moments) == {1: 30.0, 3: 0.0}


def test_an_edit_of_the_study_interrupts():
    assert seconds(at("10:00:00", 1), at("10:00:10", None), at("10:00:30", 1)) == {1: 0.0}


def test_a_clock_that_was_set_back_takes_no_time_away():
    assert seconds(at("10:00:20", 1), at("10:00:00", 1), at("10:00:05", 1)) == {1: 5.0}


@dataclass(frozen=True)
class Row:
    utc: str
    user: str
    read_id: int | None
    changes: str = "[]"


def begins(read_id, utc, image_id=None):
    after = {"read_sha256": "0" * 64} if image_id is None else {"copy_of": 9, "read": {"image_id": image_id}}
    changes = json.dumps([{"after": after, "before": None, "id": read_id, "kind": "read"}], separators=(",", ":"))
    return Row(utc, "Eve", None, changes)


def test_the_edit_that_begins_a_read_is_its_first():
    rows = [begins(4, "2026-03-01T10:00:00.500Z"), Row("2026-03-01T10:00:30.500Z", "Eve", 4)]
    assert [moment.read_id for moment in moments_of(rows)] == [4, 4]


def test_reads_from_a_package_have_the_time_of_its_own_trail():
    """Image 1 is picture 7 in the work file, its hidden repeat picture 8; the ids of reads are others there, too."""
    rows = (
        begins(1, "2026-03-01T10:00:00.100Z", 7),
        Row("2026-03-01T10:00:40.100Z", "Eve", 1),
        begins(2, "2026-03-01T11:00:00.100Z"),  # blank: named by its digest alone
        Row("2026-03-01T11:00:10.100Z", "Eve", 2),
        Row("2026-03-01T11:00:25.100Z", "Eve", 2),
    )
    items = (PackageItem("C1", "A", 1, 7, "1" * 64), PackageItem("C2", "A", 1, 8, "2" * 64, repeat=1))
    back = Returned("2026-03-02T09:00:00Z", len(rows), "3" * 64, tuple(json.dumps(asdict(row)) for row in rows))
    package = Package("p1", "Eve", "2026-02-28T09:00:00Z", "Ada", Start.DETECTION, "s2", "4" * 64, items, back)
    first = replace(make_read([], id_=21, reader="Eve", package="p1"), created_utc="2026-03-01T10:00:00Z")
    again = replace(make_read([], id_=22, reader="Eve", package="p1", repeat=1), created_utc="2026-03-01T10:59:59Z")
    study = replace(make_study([first, again], [make_image(1)]), packages=MappingProxyType({"p1": package}))
    assert times_spent(study, ()) == {
        21: TimeSpent(40.0, 2, "2026-03-01T10:00:00.100Z", "2026-03-01T10:00:40.100Z"),
        22: TimeSpent(25.0, 3, "2026-03-01T11:00:00.100Z", "2026-03-01T11:00:25.100Z"),
    }

"""The record behind the figures: how long it is, its head hash, who changed what, what was changed after submission."""

from collections import Counter, defaultdict

from workstation.counting import counted
from workstation.record.csv_file import changes_text
from workstation.record.filtering import GROUPS
from workstation.record.rows import Record, RecordRow, record_of
from workstation.report.document import Block, Column, Facts, Heading, Paragraph, Row, Table, Tone
from workstation.report.material import Material
from workstation.signing.wording import utc_minute
from workstation.storage.trail_checks import begins_with_creation

MOST_LATE = 40
"""So many changes after submission are listed; the exported record has all."""
SHOWN_DIFFERENCES = 2
CHAIN = (
    "Every change stands in the record with who made it, when, from what to what and why; each row holds the hash of "
    "the row before. The head hash, noted here, shows later whether a row was changed, taken out or cut off. The chain "
    "has no key: whoever makes all of it anew can hide a change, but then it has another head hash than this one."
)


def record(material: Material) -> list[Block]:
    """The chapter."""
    if not material.trail:
        return []
    found = record_of(material.study, material.trail)
    blocks: list[Block] = [Heading("Record"), Paragraph(CHAIN), Facts(_facts(material, found)), _who(found)]
    return [*blocks, *_late(found)]


def _facts(material: Material, found: Record) -> tuple[tuple[str, str], ...]:
    trail = material.trail
    begun = "with the study's creation" if begins_with_creation(trail) else "after the study's creation (older format)"
    facts = [
        ("Rows", f"{counted(len(trail), 'row')}, beginning {begun}"),
        ("Head hash (SHA-256)", found.head_sha256),
        ("First and last row", f"{utc_minute(trail[0].utc)} to {utc_minute(trail[-1].utc)}"),
        ("Versions", ", ".join(sorted({row.software_version for row in trail}))),
    ]
    packages = material.study.packages.values()
    came = [package for package in packages if package.returned is not None]
    if packages:
        facts.append(("Work files", f"{len(packages)} handed out, {len(came)} came back"))
    for package in came:
        assert package.returned is not None
        back = package.returned
        text = f"{counted(back.revision, 'row')}, merged {utc_minute(back.utc)}, head {back.head_sha256[:16]}…"
        facts.append((f"Work file of {package.reader}", text))
    return tuple(facts)


def _who(found: Record) -> Table:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in found.rows:
        counts[row.row.user].update(group for group, kinds in GROUPS.items() if not kinds.isdisjoint(row.kinds))
        counts[row.row.user]["rows"] += 1
        counts[row.row.user]["undone"] += row.row.action == "undo"
        counts[row.row.user]["late"] += row.after_submission
    rows = tuple(_who_row(user, counts[user]) for user in sorted(counts, key=str.casefold))
    columns = (
        Column("who", share=1.2),
        Column("changes", is_number=True, share=0.8),
        Column("undone", is_number=True, share=0.7),
        Column("after submission", is_number=True, share=0.9),
        Column("of what", share=3.4),
    )
    notes = ("Changes in merged work files are counted. One change can be of several kinds.",)
    return Table("Who changed what", columns, rows, notes)


def _who_row(user: str, counts: Counter[str]) -> Row:
    kinds = ", ".join(f"{group} {n}" for group in GROUPS if (n := counts[group]))
    return Row((user, str(counts["rows"]), str(counts["undone"]), str(counts["late"]), kinds))


def _late(found: Record) -> list[Block]:
    late = [row for row in found.rows if row.after_submission]
    if not late:
        return [Paragraph("No read was changed after it had been submitted.")]
    columns = (
        Column("when"),
        Column("who", share=0.8),
        Column("image", share=1.2),
        Column("change", share=2.6),
        Column("why", share=1.6),
    )
    rows = tuple(_late_row(found, row) for row in late[:MOST_LATE])
    left = len(late) - len(rows)
    notes = (f"{left} more stand in the exported record.",) if left else ()
    unsaid = sum(not row.row.reason for row in late)
    blocks: list[Block] = [Table("Changes of reads that had been submitted before", columns, rows, notes)]
    if unsaid:
        blocks.append(Paragraph(f"For {unsaid} of {len(late)} no reason is given.", Tone.NOTE))
    return blocks


def _late_row(found: Record, row: RecordRow) -> Row:
    change = f"{row.what}\n{changes_text(found, row, SHOWN_DIFFERENCES)}"
    return Row((utc_minute(row.row.utc), row.row.user, row.image, change, row.row.reason or "–"))

"""Every command of the window with its keys: the one table that menus, tool bars, tips and the shortcut sheet read.

Letters are tools and verdicts, `Ctrl` combinations are commands, digits put hairs into units. Some keys belong to the
image views themselves and are no commands: they stand in `VIEW_KEYS`. Verdicts have the same keys whether hairs or
matches are reviewed, each in its `Context`. A test finds no clash among all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a command behaves."""

    COMMAND = "command"
    TOOL = "tool"
    """Checkable; one of all tools is in hand."""
    TOGGLE = "toggle"
    """Checkable; on or off."""


class Menu(StrEnum):
    """The menu that a command stands in, and its heading in the shortcut sheet."""

    FILE = "File"
    EDIT = "Edit"
    VIEW = "View"
    IMAGE = "Image"
    HAIRS = "Hairs"
    UNITS = "Units"
    VISITS = "Visits"
    TOOLS = "Tools"
    STUDY = "Study"
    QUALITY = "Quality"
    HELP = "Help"


class Needs(StrEnum):
    """What must be there for a command to do anything; it is greyed otherwise."""

    NOTHING = "nothing"
    STUDY = "study"
    STUDY_EDITING = "study editing"
    """A study that may be changed, whatever of it is seen."""
    IMAGE = "image"
    """An image that is seen, as in all that follow."""
    EDITING = "editing"
    """An image of a study that may be changed."""
    HAIRS = "hairs"
    """Selected hairs of a study that may be changed; a selected unit stands for its hairs."""
    PAIR = "pair"
    """Two visits of one area side by side."""
    PAIR_EDITING = "pair editing"
    """The same, of a study that may be changed."""


class Context(StrEnum):
    """What is being reviewed while a command can be given; its keys are free for others the rest of the time."""

    ANY = "any"
    HAIRS = "hairs"
    MATCHES = "matches"
    NONE = "none"
    """Nothing is: a page without verdicts."""
    QUEUE = "queue"
    """The reads that wait for a decision are looked through."""
    ADJUDICATION = "adjudication"
    """What two reads of one image differ in."""

    def meets(self, other: "Context") -> bool:
        """Whether both may hold at a time."""
        return self is other or Context.ANY in (self, other)


@dataclass(frozen=True, slots=True)
class Command:
    """One command."""

    id: str
    text: str
    """As in the menu, in sentence case."""
    menu: Menu
    keys: tuple[str, ...] = ()
    """As `QKeySequence` reads them in portable form; the first is shown."""
    icon: str = ""
    tip: str = ""
    """What it does, where the text alone does not say."""
    needs: Needs = Needs.NOTHING
    kind: Kind = Kind.COMMAND
    starts_group: bool = False
    """A line stands above it in the menu."""
    context: Context = Context.ANY


def _tool(name: str, text: str, key: str, icon: str, tip: str, *, starts_group: bool = False) -> Command:
    needs = Needs.IMAGE if name in ("select", "measure") else Needs.EDITING
    return Command(f"tool.{name}", text, Menu.TOOLS, (key,), icon, tip, needs, Kind.TOOL, starts_group)


_F, _E, _V, _I, _H, _U, _P = Menu.FILE, Menu.EDIT, Menu.VIEW, Menu.IMAGE, Menu.HAIRS, Menu.UNITS, Menu.HELP
_S, _T, _Q = Menu.VISITS, Menu.STUDY, Menu.QUALITY
_STUDY, _IMAGE, _EDITING, _HAIRS = Needs.STUDY, Needs.IMAGE, Needs.EDITING, Needs.HAIRS
_CHANGING = Needs.STUDY_EDITING
_PAIR, _MATCH = Needs.PAIR, Needs.PAIR_EDITING
_OF_HAIRS, _OF_MATCHES = Context.HAIRS, Context.MATCHES
_OF_READS, _OF_QUEUE = Context.ADJUDICATION, Context.QUEUE

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("file.new", "New study from images…", _F, ("Ctrl+N",), "images"),
    Command("file.new_table", "New study from a table…", _F, ("Ctrl+Shift+O",), "overview",
            "A CSV file that says of each image whose it is, when and where it was taken"),
    Command("file.new_empty", "New empty study…", _F, (), "", "Its subjects and visits are entered by hand"),
    Command("file.open", "Open study…", _F, ("Ctrl+O",), "open"),
    Command("file.demo", "Open the demo", _F, (), "demo"),
    Command("file.add_images", "Add images…", _F, ("Ctrl+Shift+N",), "images", needs=_STUDY, starts_group=True),
    Command("file.import_reads", "Import reads…", _F, (), "open",
            "Hairs from GeoJSON of this program or of QuPath, or from COCO, as new reads", needs=_STUDY),
    Command("file.save", "Save", _F, ("Ctrl+S",), "save",
            "Corrections are on disk at once; this puts them into the study file", needs=_STUDY, starts_group=True),
    Command("file.save_as", "Save a copy as…", _F, ("Ctrl+Shift+S",), "save", needs=_STUDY),
    Command("file.export", "Export…", _F, ("Ctrl+E",), "export",
            "Tables, shapes and pictures for other programs, or a de-identified package", needs=_STUDY),
    Command("file.close", "Close study", _F, ("Ctrl+W",), needs=_STUDY, starts_group=True),
    Command("file.settings", "Settings…", _F, ("Ctrl+,",), "settings"),
    Command("file.quit", "Quit", _F, ("Ctrl+Q",), "close"),

    Command("edit.undo", "Undo", _E, ("Ctrl+Z",), "undo", needs=_STUDY),
    Command("edit.redo", "Redo", _E, ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", needs=_STUDY),
    Command("edit.reason", "Reason for the next edits…", _E, (), "comment",
            "Why this read is changed, where the study asks for a reason", needs=_EDITING),
    Command("edit.select_all", "Select all hairs", _E, ("Ctrl+A",), needs=_IMAGE, starts_group=True),
    Command("edit.select_none", "Select nothing", _E, ("Ctrl+Shift+A",), needs=_IMAGE),
    Command("edit.select_unit", "Select the hairs' units", _E, ("Ctrl+U",), "units", needs=_IMAGE),
    Command("edit.next_hair", "Next hair", _E, (".",), "",
            "Selects the next hair, row by row", needs=_IMAGE, starts_group=True),
    Command("edit.previous_hair", "Previous hair", _E, (",",), needs=_IMAGE),
    Command("edit.comment", "Comment", _E, ("T",), "comment",
            "On the selected hairs or unit, else on the image", needs=_EDITING, starts_group=True),
    Command("edit.delete", "Delete", _E, ("Del", "Backspace"), "delete",
            "Takes the selected hairs out; to keep them uncounted, reject them", needs=_EDITING),

    Command("view.zoom_in", "Zoom in", _V, ("Ctrl++", "Ctrl+=", "+", "="), "zoom_in", needs=_IMAGE),
    Command("view.zoom_out", "Zoom out", _V, ("Ctrl+-", "-"), "zoom_out", needs=_IMAGE),
    Command("view.fit", "Fit", _V, ("Ctrl+0",), "fit", "The whole image", needs=_IMAGE),
    Command("view.one_to_one", "1:1", _V, ("Ctrl+1",), "one_to_one",
            "One pixel of the image is one of the screen", needs=_IMAGE),
    Command("view.to_selection", "Zoom to selection", _V, ("Z",), "zoom_selection", needs=_IMAGE),
    Command("view.side_by_side", "Side by side", _V, ("F5",), "side_by_side",
            "Two visits beside each other", needs=_IMAGE, kind=Kind.TOGGLE, starts_group=True),
    Command("view.blink", "Blink", _V, ("F8",), "blink",
            "Two registered visits take turns in one place; [ and ] set how fast", needs=_IMAGE, kind=Kind.TOGGLE),
    Command("view.curtain", "Curtain", _V, ("F9",), "curtain",
            "One visit on either side of an edge; [ and ] move it", needs=_IMAGE, kind=Kind.TOGGLE),
    Command("view.fade", "Fade", _V, ("F10",), "fade",
            "One visit shines through the other; [ and ] say how much", needs=_IMAGE, kind=Kind.TOGGLE),
    Command("view.linked", "Link views", _V, ("Ctrl+L",), "linked",
            "Views pan and zoom together", needs=_IMAGE, kind=Kind.TOGGLE, starts_group=True),
    Command("view.other", "Other visit", _V, ("F6", "`"), "other_view",
            "Keys act on the next image; where one lies over the other, that one is shown", needs=_IMAGE),
    Command("view.hide_overlay", "Hide overlay", _V, ("Shift+H",), "hide",
            "Hold H to hide it for a moment", needs=_IMAGE, kind=Kind.TOGGLE, starts_group=True),
    Command("view.local_contrast", "Local contrast", _V, ("Ctrl+K",), "contrast",
            "Brings out fine hair; the data stay as they are", needs=_IMAGE, kind=Kind.TOGGLE),
    Command("view.reset_display", "Reset image adjustments", _V, ("Ctrl+Shift+K",), needs=_IMAGE),
    Command("view.panels", "Panels", _V, ("F4",), "panels",
            "Folds all panels away, or brings them back", kind=Kind.TOGGLE, starts_group=True),
    Command("view.full_screen", "Full screen", _V, ("F11",), kind=Kind.TOGGLE),

    Command("image.detect", "Detect hairs…", _I, ("Ctrl+D",), "detect",
            "Choose what to look for and see it at once; your corrections are never overwritten", needs=_EDITING),
    Command("image.detect_all", "Detect in all images", _I, ("Ctrl+Shift+D",), "detect",
            "In those that have no detection yet", needs=Needs.STUDY_EDITING),
    Command("image.next_doubtful", "Next doubtful hair", _I, ("N",), "next",
            needs=_IMAGE, starts_group=True, context=_OF_HAIRS),
    Command("image.previous_doubtful", "Previous doubtful hair", _I, ("P",), "previous",
            needs=_IMAGE, context=_OF_HAIRS),
    Command("image.submit", "Submit read", _I, ("Ctrl+Enter", "Ctrl+Return"), "reviewed",
            "It is done, and somebody else decides on it; again: withdraw it",
            needs=_EDITING, kind=Kind.TOGGLE, starts_group=True),
    Command("image.amend", "Amend signed read…", _I, (), "",
            "A copy of it to be corrected; the signed one is kept", needs=_EDITING),
    Command("image.other_read", "Show another read", _I, ("Ctrl+Shift+U",), "person",
            "The next read of this image, whoever made it; after the last your own again", needs=_IMAGE),
    Command("image.remark", "Write a remark", _I, ("Ctrl+T",), "comment",
            "On the read that is shown, or on its selected hair", needs=_EDITING),
    Command("image.sign", "Sign…", _I, ("Ctrl+Shift+I",), "signature",
            "Who signed the read that is shown, and to sign it: as its reader, or to approve it", needs=_IMAGE),
    Command("image.as_it_was", "Show as it was…", _I, ("Ctrl+H",), "clock",
            "The read of the image as it was earlier, one change after the other", needs=_IMAGE),
    Command("image.change_before", "As it was: earlier", _I, ("Shift+PgUp",), "previous", "The change before",
            needs=_IMAGE),
    Command("image.change_after", "As it was: later", _I, ("Shift+PgDown",), "next", "The next change", needs=_IMAGE),
    Command("image.scale", "Set scale…", _I, ("Ctrl+M",), "ruler",
            "Micrometres per pixel of this image", needs=_EDITING),
    Command("image.new_read", "Begin anew from the detection", _I, (), "",
            "A new read of this image; the one before is kept", needs=_EDITING),
    Command("work.next", "Next pair", _I, ("PgDown",), "next", "Of a blinded reader's work file",
            needs=_IMAGE, starts_group=True),
    Command("work.previous", "Previous pair", _I, ("PgUp",), "previous", "Of a blinded reader's work file",
            needs=_IMAGE),
    Command("work.submit", "Submit the pair", _I, ("Ctrl+Shift+Enter", "Ctrl+Shift+Return"), "reviewed",
            "All pictures of it that are shown, and on to the next", needs=_EDITING),
    Command("image.whole_field", "Measure the whole image", _I, ("Ctrl+Shift+F",), "field_image",
            "The field becomes the whole image", needs=_EDITING),

    Command("adjudication.review", "Settle two reads", _I, ("Ctrl+Shift+J",), "two_reads",
            "Both reads over each other, one difference after the other; again: back to the hairs",
            needs=_IMAGE, kind=Kind.TOGGLE, starts_group=True),
    Command("adjudication.next", "Next difference", _I, ("N",), "next", needs=_IMAGE, context=_OF_READS),
    Command("adjudication.previous", "Previous difference", _I, ("P",), "previous", needs=_IMAGE, context=_OF_READS),
    Command("adjudication.first", "As the first read", _I, ("A",), "first_read",
            "And on to the next difference", needs=_EDITING, context=_OF_READS),
    Command("adjudication.second", "As the second read", _I, ("B",), "second_read",
            "And on to the next difference", needs=_EDITING, context=_OF_READS),
    Command("adjudication.both", "Both", _I, ("W",), "both_reads",
            "What each read has: they are different hairs", needs=_EDITING, context=_OF_READS),
    Command("adjudication.neither", "Neither", _I, ("X",), "reject",
            "There is no hair", needs=_EDITING, context=_OF_READS),
    Command("adjudication.edit", "By hand", _I, ("R",), "vertices",
            "Takes a tool in hand; N goes on", needs=_EDITING, context=_OF_READS),
    Command("adjudication.reopen", "Open again", _I, ("Q",), "back",
            "Takes back how this difference was settled", needs=_EDITING, context=_OF_READS),
    Command("adjudication.blinded", "Hide the readers' names", _I, (), "hide",
            "Reader 1 and reader 2 in place of names", needs=_IMAGE, kind=Kind.TOGGLE),

    Command("hairs.accept", "Accept", _H, ("A",), "accept",
            "Right as it is, and on to the next doubtful one", needs=_HAIRS, context=_OF_HAIRS),
    Command("hairs.reject", "Reject", _H, ("X",), "reject",
            "No hair: kept, but counted nowhere", needs=_HAIRS, context=_OF_HAIRS),
    Command("hairs.unreview", "Take the verdict back", _H, ("Shift+A",), needs=_HAIRS),
    Command("hairs.reverse", "Swap root and tip", _H, ("Shift+R",), "reverse", needs=_HAIRS, starts_group=True),
    Command("hairs.join", "Join two pieces", _H, ("Shift+J",), "join",
            "The two selected hairs become one", needs=_HAIRS),
    Command("hairs.root_visible", "Root in the image", _H, ("Shift+O",), "root",
            "Off where the hair enters from outside: it then counts nowhere", needs=_HAIRS, kind=Kind.TOGGLE),
    Command("hairs.set_width", "Set width…", _H, ("Shift+G",), "width", needs=_HAIRS, starts_group=True),
    Command("hairs.reset_width", "Back to the measured width", _H, ("Ctrl+Shift+G",), needs=_HAIRS),

    Command("units.new", "Put into a new unit", _U, ("Ctrl+G",), "new_unit", needs=_HAIRS),
    Command("units.merge", "Merge units", _U, ("Ctrl+J",), "merge",
            "The units of what is selected become one", needs=_HAIRS),
    *(Command(f"units.slot{i}", f"Put into nearby unit {i}", _U, (str(i),), needs=_HAIRS, starts_group=i == 1)
      for i in range(1, 10)),

    Command("visits.register", "Register the visits shown", _S, ("Ctrl+R",), "register",
            "Finds how the images lie to each other, so that their units can be matched", needs=_MATCH),
    Command("visits.register_all", "Register all visits", _S, ("Ctrl+Shift+R",),
            tip="All visits of the study that are detected and not registered yet", needs=Needs.STUDY_EDITING),
    Command("visits.matches", "Show matches", _S, ("Shift+M",), "matches",
            "Kept units share a number and a colour; lost and new ones stand out", needs=_PAIR, kind=Kind.TOGGLE),
    Command("visits.review", "Review matches", _S, ("Ctrl+Shift+M",), "match_review",
            "The verdict keys then mean matches; again: hairs", needs=_PAIR, kind=Kind.TOGGLE),
    Command("visits.next", "Next unit to look at", _S, ("N",), "next",
            "Uncertain, lost, new or changed", needs=_PAIR, starts_group=True, context=_OF_MATCHES),
    Command("visits.previous", "Previous unit to look at", _S, ("P",), "previous", needs=_PAIR, context=_OF_MATCHES),
    Command("visits.confirm", "Confirm", _S, ("A",), "accept",
            "It is as the program says; on to the next", needs=_MATCH, starts_group=True, context=_OF_MATCHES),
    Command("visits.break", "Break", _S, ("X",), "unlinked",
            "These two are not the same", needs=_MATCH, context=_OF_MATCHES),
    Command("visits.relink", "Relink", _S, ("R",), "relink",
            "To the unit under the cursor in the other image", needs=_MATCH, context=_OF_MATCHES),
    Command("visits.lost", "Lost", _S, ("L",), "lost",
            "There at the earlier visit, not at the later one", needs=_MATCH, context=_OF_MATCHES),
    Command("visits.new", "New", _S, ("W",), "new_at_visit",
            "Not there at the earlier visit", needs=_MATCH, context=_OF_MATCHES),
    Command("visits.back", "Back", _S, ("B",), "back",
            "To the one decided last; there once more: take the decision back", needs=_MATCH, context=_OF_MATCHES),
    Command("visits.film_strip", "Film strip", _S, ("F7",), "film_strip",
            "All visits above the images, where there are more than two",
            needs=_IMAGE, kind=Kind.TOGGLE, starts_group=True),
    Command("visits.later", "Later visit", _S, ("Ctrl+PgDown",), "next", "Beside the first visit", needs=_IMAGE),
    Command("visits.earlier", "Earlier visit", _S, ("Ctrl+PgUp",), "previous", "Beside the first visit", needs=_IMAGE),

    _tool("select", "Select", "V", "select", "Click or drag a frame; Shift adds, Ctrl adds or takes away"),
    _tool("draw", "Draw hair", "D", "add_hair",
          "Click the root, then the tip; the line follows the shaft", starts_group=True),
    _tool("vertices", "Edit vertices", "E", "vertices", "Drag a vertex, click the line to insert, Del removes"),
    _tool("ends", "Extend or trim", "S", "ends", "Drag an end outwards to extend, inwards to trim"),
    _tool("cut", "Cut", "C", "cut", "Click a hair where it should be two"),
    _tool("join", "Join", "J", "join", "Click two pieces of one hair"),
    _tool("width", "Gauge width", "G", "width", "Drag across the shaft, from edge to edge"),
    _tool("units", "Group into units", "U", "units",
          "Drag a root or unit onto another unit; drag a centre to move it", starts_group=True),
    _tool("field", "Field", "F", "field", "The measured region: rectangle, circle or polygon", starts_group=True),
    _tool("exclude", "Exclude", "K", "brush", "Paint what should not count; Alt erases; [ and ] size the brush"),
    _tool("landmarks", "Landmarks", "I", "landmarks",
          "Click the same place in two visits: they are registered with it", starts_group=True),
    _tool("measure", "Measure", "M", "ruler", "A distance; Enter makes it the image's scale", starts_group=True),

    Command("study.images", "Images", _T, (), "images", "The images side by side", needs=_STUDY, kind=Kind.TOGGLE),
    Command("study.overview", "Overview", _T, ("F3",), "overview",
            "All subjects by visits; again: back to the images", needs=_STUDY, kind=Kind.TOGGLE),
    Command("study.statistics", "Statistics", _T, ("F12",), "statistics",
            "What changed between visits; again: back to the images", needs=_STUDY, kind=Kind.TOGGLE),
    Command("study.quality", "Quality", _T, ("F2",), "flag",
            "The reads that wait for a decision; again: back to the images", needs=_STUDY, kind=Kind.TOGGLE),
    Command("study.record", "Record", _T, ("Shift+F2",), "record",
            "Who changed what, when, from what to what and why; again: back to the images", needs=_STUDY,
            kind=Kind.TOGGLE),
    Command("study.find", "Find a subject", _T, ("Ctrl+F",), "search", "In the overview", needs=_STUDY),
    Command("study.subjects", "Subjects and visits…", _T, ("Ctrl+Shift+P",), "person",
            "Add, change or remove them by hand", needs=_STUDY, starts_group=True),
    Command("study.questionnaires", "Questionnaires…", _T, ("Ctrl+Shift+T",), "questionnaire",
            "What subjects say: enter answers, or import them", needs=_STUDY),
    Command("study.events", "Adverse events…", _T, ("Ctrl+Shift+E",), "event",
            "Enter them, or import them", needs=_STUDY),
    Command("study.plan", "Trial plan…", _T, ("Ctrl+Shift+L",), "plan",
            "Planned weeks, primary endpoint, control: named before results are looked at",
            needs=_STUDY, starts_group=True),
    Command("study.people", "People…", _T, (), "person",
            "Who takes part, what they may do, by which keys they are known", needs=_STUDY, starts_group=True),
    Command("study.my_key", "My signing key…", _T, (), "key",
            "Make it, hand its public half over, change its passphrase"),
    Command("study.report", "Report…", _T, ("Ctrl+P",), "report",
            "The results as PDF or HTML, for the file or for one subject", needs=_STUDY),

    Command("study.package", "Package for a blinded reader…", _T, (), "hide",
            "A file of coded pictures to read, without names, dates and other reads",
            needs=Needs.STUDY_EDITING, starts_group=True),
    Command("study.merge", "Merge a package…", _T, (), "merge",
            "Bring back what a blinded reader submitted, checked", needs=Needs.STUDY_EDITING),
    Command("study.packages", "Packages…", _T, (), "copy", "What was handed out, and what came back", needs=_STUDY),

    Command("quality.accept", "Accept read", _Q, ("A",), "accept",
            "It can be used; on to the next", needs=_CHANGING, context=_OF_QUEUE),
    Command("quality.return", "Return read…", _Q, ("R",), "back",
            "Back to its reader, with a remark that says why", needs=_CHANGING, context=_OF_QUEUE),
    Command("quality.remark", "Write a remark on it", _Q, ("W",), "comment", needs=_CHANGING, context=_OF_QUEUE),
    Command("quality.open", "Look at it in the images", _Q, ("L",), "images", needs=_STUDY, context=_OF_QUEUE),
    Command("quality.next", "Next read", _Q, ("N",), "next", needs=_STUDY, context=_OF_QUEUE, starts_group=True),
    Command("quality.previous", "Previous read", _Q, ("P",), "previous", needs=_STUDY, context=_OF_QUEUE),
    Command("quality.rules", "Reading rules…", _Q, (), "settings",
            "When two reads need a third, and which changes need a reason", needs=_STUDY, starts_group=True),

    Command("help.keys", "Keys", _P, ("?", "F1"), "keyboard", "All keys on one sheet"),
    Command("help.crash", "Last problem report…", _P, (), "warning"),
    Command("help.about", "About trichodesk", _P, (), "info"),
)
# fmt: on

BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

VIEW_KEYS: tuple[tuple[str, str], ...] = (
    ("Arrows", "Nudge what is selected, else move the crosshair; Shift: ten times as far"),
    ("Alt+Arrows", "Move the crosshair"),
    ("Enter", "Click at the crosshair; finish a line or an outline; detect what is previewed"),
    ("Esc", "Discard what is begun; leave a preview; then select nothing"),
    ("Space", "Hold and drag to pan; the middle button does too"),
    ("H", "Hold to hide the overlay"),
    ("[", "Smaller brush; previous landmark; blink slower, curtain to the left, fade back"),
    ("]", "Larger brush; next landmark; blink faster, curtain to the right, fade over"),
)
"""Keys that the image views handle themselves, with what they do."""


def keys_of(command: Command, overrides: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The keys of a command as the user set them."""
    return tuple(overrides.get(command.id, command.keys))


def clashes(overrides: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The keys that stand for more than one command or belong to the views, with the ids of those commands."""
    taken: dict[str, list[Command]] = {}
    for command in COMMANDS:
        for key in keys_of(command, overrides):
            taken.setdefault(key.casefold(), []).append(command)
    views = {key.casefold() for name, _ in VIEW_KEYS for key in _spelled(name)}
    found = {
        key: [one.id for one in commands if key in views or _shares(one, commands)] for key, commands in taken.items()
    }
    return {key: ids for key, ids in found.items() if ids}


def _shares(one: Command, commands: Sequence[Command]) -> bool:
    """Whether a command may be meant at the same time as another one."""
    return any(other is not one and one.context.meets(other.context) for other in commands)


def _spelled(name: str) -> tuple[str, ...]:
    if not name.endswith("Arrows"):
        return ("return", "enter") if name == "Enter" else (name,)
    before = name.removesuffix("Arrows")
    return tuple(f"{more}{before}{arrow}" for more in ("", "Shift+") for arrow in ("Left", "Right", "Up", "Down"))

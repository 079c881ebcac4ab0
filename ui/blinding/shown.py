"""Which commands there are in a work file: none that leads to a comparison, a number of the trial, or detection."""

from ui.keys import Command, Menu

MENUS_OF_STUDIES = frozenset({Menu.STUDY, Menu.VISITS, Menu.QUALITY})
ALSO_IN_WORK_FILES = frozenset({"study.my_key"})
"""Of those menus: a reader may sign."""
ADJUDICATION = "adjudication."
ONLY_IN_STUDIES = frozenset(
    {
        "file.add_images", "file.import_reads", "file.export",
        "view.side_by_side", "view.blink", "view.curtain", "view.fade",
        "image.detect", "image.detect_all", "image.scale", "image.amend",
        "tool.landmarks",
    }
)  # fmt: skip
ONLY_IN_WORK_FILES = frozenset({"work.next", "work.previous", "work.submit"})


def belongs(command: Command, *, blinded: bool) -> bool:
    """Whether a command is there at all."""
    if blinded:
        if command.id in ALSO_IN_WORK_FILES:
            return True
        compares = command.menu in MENUS_OF_STUDIES or command.id.startswith(ADJUDICATION)
        return not compares and command.id not in ONLY_IN_STUDIES
    return command.id not in ONLY_IN_WORK_FILES


def changes(command: Command) -> bool:
    """Whether a command is there in studies alone, or in work files alone."""
    return belongs(command, blinded=True) != belongs(command, blinded=False)

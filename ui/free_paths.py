"""Where the file of a new study can go."""

from pathlib import Path

STUDY_SUFFIX = ".h5"


def free_path(folder: Path, stem: str) -> Path:
    """A study file in a folder that is not there yet."""
    names = [f"{stem}{STUDY_SUFFIX}", *(f"{stem} {n}{STUDY_SUFFIX}" for n in range(2, 1000))]
    return next((folder / name for name in names if not (folder / name).exists()), folder / names[0])


def fault_of_path(path: Path, typed: str) -> str:
    """Why a study cannot be made there, as a sentence; empty where it can."""
    if not typed.strip() or not path.stem:
        return "Name the study file."
    try:
        if path.exists():
            return f"There is a file {path.name} already; choose another name."
        if not path.parent.is_dir():
            return f"There is no folder {path.parent}."
    except (OSError, ValueError):
        return f"{path.name[:60]} cannot be the name of a file."
    return ""

"""Text that others write for the program: GeoJSON and COCO of reads, the settings, definitions of questionnaires.

Which of them a file is stands in its first byte, which no reader sees.
"""

import json
import os
import random
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

from tests.fuzz import mutation
from tests.workstation.read_import.test_coco import BAR, CATEGORIES, annotation
from tests.workstation.read_import.test_own_files import full_study
from tests.workstation.read_import.test_qupath import feature, square
from workstation.errors import EditRefused, UserFacingError
from workstation.export.geojson import feature_collection
from workstation.home import HOME_VARIABLE
from workstation.model.patch import apply
from workstation.questionnaires.definition import read_questionnaire
from workstation.read_import import prepare_import
from workstation.settings import Settings, load_settings, settings_file

GEOJSON, COCO, SETTINGS, QUESTIONNAIRE = b"g", b"c", b"s", b"q"


@cache
def seeds() -> tuple[bytes, ...]:
    """Good files, each behind the letter of its kind: each must be read."""
    study = full_study()
    own = feature_collection(study, study.reads[1])
    qupath = [
        feature("LineString", [[10, 20], [10.5, 60.5]], "Terminal", measurements={"Width µm": 55.0}),
        feature("Polygon", [square(40, 50, 30)], "Glare"), feature("Point", [100, 100], "Unit", name="unit 4"),
        feature("MultiLineString", [[[50, 20], [50, 60]], [[70, 20], [70, 60]]]),
    ]  # fmt: skip
    coco = {
        "images": [{"id": 1, "file_name": "folder/scalp.png", "width": 1000, "height": 1000}],
        "annotations": [
            annotation(segmentation=[BAR]),
            annotation(2, segmentation=[[5, 5, 900, 5, 900, 900, 5, 900]]),
            annotation(3, segmentation=[[5, 5, 50, 5, 50, 50]]),
            annotation(segmentation=[BAR], keypoints=[10, 23, 2, 110, 23, 2], num_keypoints=2),
        ],
        "categories": CATEGORIES,
    }
    forms = resources.files("resources").joinpath("questionnaires")
    return (
        GEOJSON + json.dumps(own).encode(),
        GEOJSON + json.dumps({"type": "FeatureCollection", "features": qupath}).encode(),
        COCO + json.dumps(coco).encode(),
        SETTINGS + Settings(reader="Ada", keys={"edit.undo": ("Ctrl+Z",)}).model_dump_json(indent=1).encode(),
        QUESTIONNAIRE + forms.joinpath("hair_growth.toml").read_bytes(),
        QUESTIONNAIRE + forms.joinpath("would_recommend.toml").read_bytes(),
    )


def make(seed: int) -> bytes:
    """The changed file of a seed, behind its letter."""
    rng = random.Random(seed)
    kind = rng.choices((GEOJSON, COCO, SETTINGS, QUESTIONNAIRE), (4, 3, 1, 2))[0]
    return kind + mutation.text(rng, [data[1:] for data in seeds() if data[:1] == kind])


def opening(folder: str) -> Callable[[int | bytes], tuple[str, str]]:
    """For `Worker`: reads the text of a seed, or the one given."""
    own = Path(tempfile.mkdtemp(dir=folder))
    os.environ[HOME_VARIABLE] = str(own / "home")
    path, study = own / "scalp.json", full_study()

    def reads(data: bytes) -> str:
        path.write_bytes(data)
        apply(study, prepare_import(study, [path], user="Bob").patch)
        return "read"

    def settings(data: bytes) -> str:
        settings_file().write_bytes(data)
        said: list[str] = []
        load_settings(said.append)
        return "refused" if said else "read"

    def questionnaire(data: bytes) -> str:
        path.write_bytes(data)
        read_questionnaire(path)
        return "read"

    ways = {GEOJSON: reads, COCO: reads, SETTINGS: settings, QUESTIONNAIRE: questionnaire}

    def check(job: int | bytes) -> tuple[str, str]:
        data = make(job) if isinstance(job, int) else job
        try:
            return ways.get(data[:1], reads)(data[1:]), ""
        except (UserFacingError, EditRefused) as error:
            return "refused", str(error)

    return check

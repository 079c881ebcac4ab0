"""What is fuzzed: the seeds' changed files, made by number, and what opens them."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from tests.fuzz import image_files, json_files, study_files, table_files


@dataclass(frozen=True)
class Target:
    """One kind of files."""

    name: str
    module: ModuleType
    suffix: str
    guided: bool = False
    """Whether it is Python all through, so that coverage can be seen."""

    @property
    def work(self) -> str:
        """For `Worker`."""
        return f"{self.module.__name__}:opening"

    @property
    def make(self) -> Callable[[int], bytes]:
        """The changed file of a number."""
        return self.module.make

    @property
    def seeds(self) -> tuple[bytes, ...]:
        """Good files."""
        return self.module.seeds()


TARGETS = {
    "images": Target("images", image_files, ".image"),
    "studies": Target("studies", study_files, ".h5"),
    "manifests": Target("manifests", table_files, ".csv", guided=True),
    "json": Target("json", json_files, ".json", guided=True),
}

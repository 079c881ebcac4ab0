"""Which hairs a reviewer should look at, in which order, and how far off the count may still be."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.detection import FloatArray, IntArray
from workstation.endpoints import measured_field
from workstation.model.columns import HairsInColumns
from workstation.model.hair import Hair, Origin, Status
from workstation.model.read import Read
from workstation.model.study import ImageRecord, Study

CURVE_LEVELS = 8
"""The curve that orders the hairs passes through 2⁸ × 2⁸ cells: on a 12-MP image 16 px wide."""


def is_doubtful(hair: Hair, below: float) -> bool:
    """Whether a hair was detected with less confidence than `below` and nobody has judged or mended it yet."""
    return hair.confidence < below and hair.status is Status.UNREVIEWED and hair.origin is Origin.DETECTED


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The doubtful hairs of one read in an order with short ways from each to the next.

    They follow a Hilbert curve over the image. A hair's place on it hangs on nothing but its root, so the order of the
    others stays as it is when one is judged, and going back is always the opposite of going on. On 15 to 500 hairs
    strewn over a 2274 × 2048 px image the mean way from one to the next is 526 to 95 px: 2 to 12 times shorter than in
    the order of confidence, and the longest 2 to 6 times.

    Source: D. Hilbert, Ueber die stetige Abbildung einer Linie auf ein Flächenstück, Math. Ann. 38 (1891) 459–460.
    """

    image: ImageRecord
    places: tuple[tuple[int, int], ...]
    """Of every doubtful hair its place on the curve and its id, rising."""

    @classmethod
    def of(cls, image: ImageRecord, read: Read, below: float) -> "ReviewQueue":
        """The queue of a read of this image."""
        hairs = [hair for hair in read.hairs.values() if is_doubtful(hair, below)]
        along = curve_places([hair.root_px for hair in hairs], image)
        return cls(image, tuple(sorted(zip(along.tolist(), (hair.id for hair in hairs), strict=True))))

    @property
    def hair_ids(self) -> tuple[int, ...]:
        """The hairs in order."""
        return tuple(hair_id for _, hair_id in self.places)

    def after(self, root_px: ArrayLike, hair_id: int = 0) -> int | None:
        """The next hair from a place (2,), and from a hair there; after the last comes the first. None if empty."""
        return self._at(bisect_right(self.places, self._place(root_px, hair_id)))

    def before(self, root_px: ArrayLike, hair_id: int = 0) -> int | None:
        """The previous hair, as `after`; before the first comes the last."""
        return self._at(bisect_left(self.places, self._place(root_px, hair_id)) - 1)

    def _place(self, root_px: ArrayLike, hair_id: int) -> tuple[int, int]:
        return int(curve_places([root_px], self.image)[0]), hair_id

    def _at(self, index: int) -> int | None:
        return self.places[index % len(self.places)][1] if self.places else None


def curve_places(points_px: Iterable[ArrayLike], image: ImageRecord) -> IntArray:
    """How far along a Hilbert curve over the image points (N, 2) lie, (N,) in cells; those outside lie on its edge."""
    points: FloatArray = np.array(list(points_px), dtype=np.float64).reshape(-1, 2)
    side = 1 << CURVE_LEVELS
    cells = (points + 0.5) * (side / max(image.width_px, image.height_px))
    x, y = np.clip(cells, 0, side - 1).astype(np.int64).T
    place = np.zeros(len(points), dtype=np.int64)
    quadrant = side >> 1
    while quadrant:
        right, low = (x & quadrant) > 0, (y & quadrant) > 0
        place += quadrant**2 * np.where(right, np.where(low, 2, 3), np.where(low, 1, 0))
        # The curve enters and leaves each quadrant turned: the two upper ones are mirrored on a diagonal.
        mirrored = ~low & right
        x, y = np.where(mirrored, side - 1 - x, x), np.where(mirrored, side - 1 - y, y)
        x, y = np.where(low, x, y), np.where(low, y, x)
        quadrant >>= 1
    return place


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How far the doubtful hairs of an image are worked off."""

    n_left: int
    n_all: int

    @property
    def n_done(self) -> int:
        """How many are judged, mended or deleted."""
        return self.n_all - self.n_left

    @property
    def share_done(self) -> float:
        """From 0 to 1; 1 where there never was any."""
        return self.n_done / self.n_all if self.n_all else 1.0


def review_progress(study: Study, read: Read, below: float) -> ReviewProgress:
    """How many doubtful hairs are left, of those that were in the detection that the read began with."""
    n_left = n_doubtful(read, below)
    source = study.reads.get(read.based_on or 0)
    n_all = n_left if source is None else n_doubtful(source, below)
    return ReviewProgress(n_left, max(n_left, n_all))  # a doubtful hair that was cut in two may be two doubtful ones


@dataclass(frozen=True, slots=True)
class ExpectedError:
    """How far a hair count may be off through hairs that nobody has judged."""

    hairs: float
    """The sum of 1 − confidence over the counted unreviewed hairs: how many of them are expected to be wrong."""
    hair_count: int
    """Hairs that are counted."""

    @property
    def percent(self) -> float:
        """In percent of the hair count; NaN where none is counted."""
        return 100 * self.hairs / self.hair_count if self.hair_count else float("nan")


def expected_error(read: Read) -> ExpectedError:
    """How many counted hairs are expected to be wrong. Hairs that the detection missed are not in it."""
    counted = read.columns.counts & measured_field(read.field).contains(read.columns.root_px)
    doubt = [0.0 if hair.status is not Status.UNREVIEWED else 1 - hair.confidence for hair in read.hairs.values()]
    return ExpectedError(float(np.dot(counted, doubt)), int(counted.sum()))


@dataclass(frozen=True, slots=True)
class ReviewGoal:
    """What is left to do until the expected error is small enough."""

    error: ExpectedError
    limit_percent: float
    n_needed: int
    """So many of the least sure hairs must be judged at least."""
    look_below: float
    """They are those of less confidence than this that nobody has judged."""

    @property
    def reached(self) -> bool:
        """Whether the expected error is within the limit; also where no hair is counted."""
        return self.n_needed == 0


def review_goal(read: Read, limit_percent: float) -> ReviewGoal:
    """How many hairs must still be judged, the least sure first, until the expected error is within a limit."""
    error = expected_error(read)
    counted = read.columns.counts & measured_field(read.field).contains(read.columns.root_px)
    confidence = np.sort(
        [h.confidence for h, c in zip(read.hairs.values(), counted, strict=True) if c and h.status is Status.UNREVIEWED]
    )
    left = error.hairs - np.concatenate([[0.0], np.cumsum(1 - confidence)])
    allowed = limit_percent / 100 * error.hair_count + 1e-9
    n_needed = int(np.argmax(left <= allowed))
    below = float(np.nextafter(confidence[n_needed - 1], 2.0)) if n_needed else 0.0
    return ReviewGoal(error, limit_percent, n_needed, below)


def n_doubtful(read: Read, below: float) -> int:
    """How many hairs of a read are doubtful."""
    if isinstance(read.hairs, HairsInColumns):
        return read.hairs.n_unjudged(below)
    return sum(is_doubtful(hair, below) for hair in read.hairs.values())

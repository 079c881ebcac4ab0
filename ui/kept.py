"""What is kept in memory because it may be wanted again, up to a number of bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar


class OfImage(Hashable, Protocol):
    """A key of something that belongs to an image."""

    @property
    def image_id(self) -> int:
        """The image's id."""


K = TypeVar("K", bound=OfImage)


class Kept(Generic[K]):
    """Things by their key; what was not used for longest goes first where room is short.

    Args:
        budget_bytes: what all of it may take. What belongs to a pinned image stays whatever it takes.
    """

    def __init__(self, budget_bytes: int) -> None:
        self.budget_bytes = budget_bytes
        self._things: OrderedDict[K, tuple[object, int]] = OrderedDict()
        self._pinned: frozenset[int] = frozenset()

    @property
    def n_bytes(self) -> int:
        """What all that is kept takes."""
        return sum(size for _, size in self._things.values())

    def __contains__(self, key: K) -> bool:
        return key in self._things

    def get(self, key: K) -> object | None:
        """The thing, which is now the one used last; None where it is not kept."""
        if key not in self._things:
            return None
        self._things.move_to_end(key)
        return self._things[key][0]

    def put(self, key: K, thing: object, n_bytes: int) -> None:
        """Keep a thing, and let go of others where that needs the room."""
        self._things[key] = thing, n_bytes
        self._things.move_to_end(key)
        self._shrink(spare=key)

    def pin(self, image_ids: frozenset[int]) -> None:
        """Keep what belongs to these images before all others, and to no other image any longer."""
        self._pinned = image_ids
        self._shrink()

    def has_room(self, n_bytes: int) -> bool:
        """Whether so much fits beside what is pinned."""
        pinned = sum(size for key, (_, size) in self._things.items() if key.image_id in self._pinned)
        return pinned + n_bytes <= self.budget_bytes

    def clear(self) -> None:
        """Let go of everything."""
        self._things.clear()
        self._pinned = frozenset()

    def _shrink(self, spare: K | None = None) -> None:
        too_many = self.n_bytes - self.budget_bytes
        for key in list(self._things):
            if too_many <= 0:
                return
            if key != spare and key.image_id not in self._pinned:
                too_many -= self._things.pop(key)[1]

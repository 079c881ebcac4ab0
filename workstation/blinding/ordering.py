"""In which order, and under which codes, a blinded reader meets the pictures."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from workstation.file_names import folded
from workstation.model.study import Study

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of codes: nothing that is easily taken for something else."""
CODE_LENGTH = 5
ATTEMPTS = 100
"""At a random order that keeps repeats apart, before the one is taken that always does."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """A subject–site pair as its reader meets it."""

    code: str
    image_ids: tuple[int, ...]
    """The pair's images in the study, in the order of their places A, B, …"""
    repeat: int
    """1: it was there before, under another code."""


def groups_of(study: Study, image_ids: Iterable[int]) -> list[tuple[int, ...]]:
    """Images by subject and site: all of one place of one person."""
    found: dict[tuple[str, str], list[int]] = {}
    for image_id in sorted(image_ids):
        key = study.visit_of(image_id).subject, study.images[image_id].site
        found.setdefault(key, []).append(image_id)
    return [tuple(found[key]) for key in sorted(found)]


def n_repeats(n_groups: int, share: float) -> int:
    """How many pairs are shown twice: a share of them, but one at least where it is not 0."""
    return min(n_groups, max(1, round(share * n_groups))) if share > 0 and n_groups else 0


def presentations(
    groups: Sequence[tuple[int, ...]], share: float, chance: Random, taken: Collection[str] = ()
) -> list[Presentation]:
    """The pairs in random order, some of them twice.

    The second time is at least half of the list after the first. The pictures of a pair have a random order of their
    own each time.

    Args:
        groups: the images of each pair.
        share: of the pairs that are shown twice, 0 to 1.
        chance: where randomness comes from: one that nobody can foretell, but in tests.
        taken: what no code may be.
    """
    again = chance.sample(range(len(groups)), n_repeats(len(groups), share))
    n_all = len(groups) + len(again)
    places = spread(n_all, len(again), chance)
    order: list[tuple[int, int]] = [(-1, 0)] * n_all
    for group, (first, second) in zip(again, places, strict=True):
        order[first], order[second] = (group, 0), (group, 1)
    once = [group for group in range(len(groups)) if group not in set(again)]
    chance.shuffle(once)
    left = iter(once)
    order = [(next(left), 0) if group < 0 else (group, repeat) for group, repeat in order]
    codes = _codes(n_all, chance, taken)
    return [
        Presentation(code, tuple(chance.sample(groups[group], len(groups[group]))), repeat)
        for code, (group, repeat) in zip(codes, order, strict=True)
    ]


def spread(n_all: int, n_twice: int, chance: Random) -> list[tuple[int, int]]:
    """Places (first, second) in a list of `n_all` for what stands in it twice, half of the list apart or more."""
    apart = math.ceil(n_all / 2)
    for _ in range(ATTEMPTS):
        firsts, seconds = list(range(n_all - apart)), list(range(apart, n_all))
        chosen: list[tuple[int, int]] = []
        while len(chosen) < n_twice:
            fitting = [(a, b) for a in firsts for b in seconds if b - a >= apart]
            if not fitting:
                break
            first, second = chance.choice(fitting)
            firsts.remove(first)
            seconds.remove(second)
            chosen.append((first, second))
        else:
            return chosen
    return [(first, first + apart) for first in chance.sample(range(n_all - apart), n_twice)]


def _codes(n: int, chance: Random, taken: Collection[str]) -> list[str]:
    found: dict[str, None] = {}
    refused = {folded(text) for text in taken}
    while len(found) < n:
        code = "".join(chance.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if folded(code) not in refused:
            found[code] = None
    return list(found)

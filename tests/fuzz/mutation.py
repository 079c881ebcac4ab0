"""Small files changed at random, by a seed that makes the same file again."""

import random
import re
from collections.abc import Sequence

MAX_CHANGES = 6
MAX_BYTES = 400_000
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_NUMBERS = (
    b"0", b"-1", b"1e999", b"-1e308", b"1e-320", b"NaN", b"Infinity", b"2147483648", b"9223372036854775808", b"0.0",
    b"1" * 400, b"1e5", b"-0", b"true", b"null", b'""', b"[]", b"{}", b"1.5", b"99999999",
)  # fmt: skip
_WORDS = (
    b'"', b"\\", b"\\ud800", b"\\u0000", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b",", b";", b"\t", b"{",
    b"}", b"[", b"]", b":", b"[" * 3000, b'{"a":' * 1500, b"=cmd|' /C calc'!A0", b"../../../etc/passwd", b"/dev/zero",
    b"a" * 5000, "é".encode(), "毛".encode("utf-16"), b"'''", b'"""', b"#", b" ",
)  # fmt: skip
_INTEGERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x10000, 100_000)


def binary(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """A file of bytes, changed in one to six places."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.randint(1, MAX_CHANGES)):
        rng.choice(_BINARY)(rng, data, seeds)
    return bytes(data[:MAX_BYTES])


def text(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """A file of text, changed in one to six places."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.randint(1, MAX_CHANGES)):
        rng.choice(_TEXT)(rng, data, seeds)
    return bytes(data[:MAX_BYTES])


def _flip(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _integer(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    """Lengths, sizes, offsets and counts stand in two or four bytes."""
    size, order = rng.choice((1, 2, 4, 8)), rng.choice(("little", "big"))
    at = _near_the_start(rng, data)
    value = rng.choice(_INTEGERS) & ((1 << 8 * size) - 1)
    data[at : at + size] = value.to_bytes(size, order)


def _cut(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    del data[_near_the_start(rng, data) if rng.random() < 0.3 else rng.randrange(len(data) + 1) :]


def _remove(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    del data[at : at + _span(rng)]


def _repeat(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at, n = rng.randrange(len(data) + 1), rng.choice((1, 1, 2, 20))
    data[at:at] = bytes(data[at : at + _span(rng)]) * n


def _insert(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.randbytes(_span(rng))


def _splice(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    other = rng.choice(seeds)
    at, start = rng.randrange(len(data) + 1), rng.randrange(len(other) + 1)
    n = _span(rng)
    data[at : at + n] = other[start : start + n]


def _fill(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at, n = rng.randrange(len(data) + 1), _span(rng)
    data[at : at + n] = bytes([rng.choice((0, 0xFF, rng.randrange(256)))]) * len(data[at : at + n])


def _number(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    if found := list(_NUMBER.finditer(data)):
        match = rng.choice(found)
        data[match.start() : match.end()] = rng.choice(_NUMBERS)


def _word(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    data[at : at + rng.choice((0, 0, 1, 5))] = rng.choice(_WORDS)


def _piece(rng: random.Random, data: bytearray, _: Sequence[bytes]) -> None:
    """A line, cell or value taken away, doubled, or put elsewhere."""
    mark = rng.choice((b"\n", b",", b'"', b":"))
    pieces = bytes(data).split(mark)
    one = rng.randrange(len(pieces))
    piece = pieces[one] if rng.random() < 0.4 else pieces.pop(one)
    if rng.random() < 0.7:
        pieces.insert(rng.randrange(len(pieces) + 1), piece)
    data[:] = mark.join(pieces)


def _near_the_start(rng: random.Random, data: bytearray) -> int:
    """Headers come first."""
    return rng.randrange(min(len(data), 300) + 1) if rng.random() < 0.6 else rng.randrange(len(data) + 1)


def _span(rng: random.Random) -> int:
    return rng.choice((1, 2, 4, 16, 64, 300))


_BINARY = (_flip, _flip, _flip, _integer, _integer, _integer, _cut, _remove, _repeat, _insert, _splice, _fill)
_TEXT = (_number, _number, _number, _word, _word, _piece, _piece, _flip, _remove, _repeat, _splice, _cut)

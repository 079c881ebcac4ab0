"""What decoding an image may use: first to read its header, then by the pixels that the header tells of."""

from workstation.isolation.allowance import Allowance

HEADER_BYTES = 512 << 20
"""A few threads alone reserve half of it."""
COPIES_OF_FILE = 4
BYTES_PER_PX = 40
"""The costliest pictures, with opacity, of 16 bits a channel or with a colour profile, take up to 19."""
CPU_S, S_PER_MEGAPIXEL = 6.0, 0.6
"""The costliest ones take 0.22 s a megapixel, on one core of 2022."""
CLOCK_FACTOR = 3.3
"""A computer that does other work, too, takes longer by the clock."""


def for_header(file_bytes: int) -> Allowance:
    """To read the header of a file."""
    return _allowance(HEADER_BYTES + COPIES_OF_FILE * file_bytes, CPU_S)


def for_pixels(file_bytes: int, megapixels: float) -> Allowance:
    """To decode all of it."""
    memory = HEADER_BYTES + COPIES_OF_FILE * file_bytes + round(megapixels * 1e6 * BYTES_PER_PX)
    return _allowance(memory, CPU_S + S_PER_MEGAPIXEL * megapixels)


def _allowance(memory_bytes: int, cpu_seconds: float) -> Allowance:
    return Allowance(memory_bytes, cpu_seconds, CLOCK_FACTOR * cpu_seconds)

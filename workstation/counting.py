"""Numbers of things in sentences."""

NARROW_SPACE = "\u202f"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 image`, `2 images`, thousands set apart by a narrow space.

    Args:
        number: how many.
        one: of which, for one of them.
        many: for several; with an s at the end if empty.
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}".replace(",", NARROW_SPACE)

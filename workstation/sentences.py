"""Clauses as sentences."""


def as_sentence(clause: str) -> str:
    """A clause with a capital letter and a full stop."""
    return f"{clause[:1].upper()}{clause[1:].removesuffix('.')}."

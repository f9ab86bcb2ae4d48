"""Numbers of things as people say them."""

from __future__ import annotations


def count_of(n: int, one: str) -> str:
    """'1 hold', '2 holds', '1,200 holds', of a noun whose plural is with an s."""
    return f"{n:,} {noun_of(n, one)}"


def noun_of(n: int, one: str) -> str:
    """The same without the number, where that stands elsewhere."""
    return one if n == 1 else one + "s"

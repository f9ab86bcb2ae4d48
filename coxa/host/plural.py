"""Numbers of things as people say them."""

from __future__ import annotations


def count_of(n: int, one: str, several: str | None = None) -> str:
    """'1 hold', '2 holds', '1,200 holds'; `several` where the plural is not with an s."""
    return f"{n:,} {noun_of(n, one, several)}"


def noun_of(n: int, one: str, several: str | None = None) -> str:
    """The same without the number, where that stands elsewhere."""
    return one if n == 1 else several or one + "s"

"""Numbers of things as people say them."""

from __future__ import annotations


def count_of(n: int, one: str, several: str | None = None) -> str:
    """'1 hold', '2 holds', '1,200 holds'; `several` where the plural is not with an s."""
    return f"{n:,} {one if n == 1 else several or one + 's'}"

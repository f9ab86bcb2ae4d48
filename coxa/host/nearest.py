"""What somebody who wrote an unknown word probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

ALIKE = 0.6
"""From this likeness on (`difflib`, 0 to 1) a word may have been meant."""


def nearest_word(word: str, known: Iterable[str], alike: float = ALIKE) -> str | None:
    """The known word that is most like this one; None where none is."""
    return next(iter(difflib.get_close_matches(word, known, 1, alike)), None)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The end of a sentence about an unknown word: the nearest known one, or `otherwise` where none is like it."""
    near = nearest_word(word, known)
    return otherwise if near is None else f", did you mean '{near}'?"

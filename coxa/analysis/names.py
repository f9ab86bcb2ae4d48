"""How exercises and figures are called where people read them: one name in sentences, pictures, page and report."""

from __future__ import annotations

from coxa.host.exercises.spec import library

SIMULATED = "SIMULATED DATA"
SIMULATED_MARK = f"{SIMULATED}. Made by a simulated person and sensor; nobody was measured."
"""Stand on whatever shows a simulated person, where there is little room and where there is more."""


def title_of(exercise: str) -> str:
    """The exercise's name for people; an own exercise that is not here any more has but its own."""
    spec = library().get(exercise)
    return spec.title if spec else exercise.replace("_", " ").capitalize()


def mid_sentence(title: str) -> str:
    """A title as it stands within a sentence."""
    return title[:1].lower() + title[1:]


def digits_apart(size: float, limit: float) -> int:
    """Decimals (0 to 2) with which the larger of two magnitudes reads as larger, and no more than that takes."""
    return next((d for d in (0, 1) if f"{abs(size):.{d}f}" != f"{abs(limit):.{d}f}"), 2)

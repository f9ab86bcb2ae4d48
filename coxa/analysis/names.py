"""How exercises and figures are called where people read them: one name in sentences, pictures, page and report."""

from __future__ import annotations

from math import floor

from coxa.analysis.coverage import COVERAGE_95, DOUBTFUL_SD_DEG
from coxa.host.exercises.spec import library

SIMULATED = "SIMULATED DATA"
SIMULATED_MARK = f"{SIMULATED}. Made by a simulated person and sensor; nobody was measured."
"""Stand on whatever shows a simulated person, where there is little room and where there is more."""
DECIMALS = {"deg": 0, "s": 1, "m": 2, "m/s2": 1}
"""Of the units that a person can picture; cosines and shares say nothing to people (`--jsonl` has them)."""


def title_of(exercise: str) -> str:
    """The exercise's name for people; an own exercise that is not here any more has but its own."""
    spec = library().get(exercise)
    return spec.title if spec else exercise.replace("_", " ").capitalize()


def mid_sentence(title: str) -> str:
    """A title as it stands within a sentence."""
    return title[:1].lower() + title[1:]


def digits_apart(size: float, limit: float) -> int:
    """Decimals (0 to 2) with which the larger of two magnitudes reads as larger and the limit not as nothing, and no
    more than that takes.
    """
    texts = ((d, f"{abs(size):.{d}f}", f"{abs(limit):.{d}f}") for d in (0, 1))
    return next((d for d, a, b in texts if a != b and (float(b) or not limit)), 2)


def held_text(held_s: float, digits: int = 0) -> str:
    """How long something was held, rounded down as the voice does: what fell short never reads as enough."""
    return f"{floor(round(held_s * 10**digits, 6)) / 10**digits:.{digits}f}"


def angle_text(angle_deg: float, sd_deg: float | None, unit: str = " deg") -> str:
    """A rounded angle, and what it may be off to either side where that is much: '45 deg', '45 ± 80 deg'."""
    if sd_deg is None or sd_deg <= DOUBTFUL_SD_DEG:
        return f"{angle_deg:.0f}{unit}"
    return f"{angle_deg:.0f} ± {COVERAGE_95 * sd_deg:.0f}{unit}"


def percent(share: float, digits: int = 0, space: str = " ") -> str:
    """A share as percent; never 100 unless it is all, never 0 unless it is nothing."""
    shown, least = f"{100 * share:.{digits}f}", f"{10**-digits:.{digits}f}"
    if float(shown) == 100 and share < 1:
        return f">{space}{100 - float(least):.{digits}f}{space}%"
    if float(shown) == 0 and share > 0:
        return f"<{space}{least}{space}%"
    return f"{shown}{space}%"


def apart(measured: float, needed: float, unit: str) -> tuple[str, str] | None:
    """What was measured and its limit, with decimals that tell them apart; None where that tells people nothing."""
    if unit not in DECIMALS:
        return None
    digits = max(DECIMALS[unit], digits_apart(measured, needed))
    texts = f"{measured:.{digits}f}", f"{needed:.{digits}f}"
    return None if texts[0] == texts[1] else texts


def measure_text(measured: float, needed: float, unit: str) -> str:
    """The same in words: '18 of 25 deg' of too little, '105, limit 90 deg' of too much; empty where it says nothing."""
    texts = apart(measured, needed, unit)
    if texts is None:
        return ""
    return f"{texts[0]}{' of' if measured < needed else ', limit'} {texts[1]} {unit}"

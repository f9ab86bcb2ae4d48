"""Which counted repetition is which true one: a one-to-one matching with as many pairs as there can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from coxa.analysis.score_truth import Duty
from coxa.host.events import HoldEnded
from coxa.host.samples import FloatArray

_FORBIDDEN = -1e12
"""Worth of a pair that must not be; worse than all others together."""


@dataclass(frozen=True, slots=True)
class Window:
    """Where a counted peak finds a true repetition, ends included."""

    start_s: float
    end_s: float
    duty: Duty


@dataclass(frozen=True, slots=True)
class Matching:
    """The result; indices into the peaks and windows given."""

    found: tuple[tuple[int, int], ...]
    """(peak, window) of every window that must be found and was."""
    tolerated: tuple[int, ...]
    """Peaks in windows that may be found or not."""
    false: tuple[int, ...]
    """Peaks that found nothing."""
    missed: tuple[int, ...]
    """Windows that must be found and were not."""


def middle_s(hold: HoldEnded) -> float:
    """By what a hold finds a true one, as a repetition by its peak."""
    return (hold.start_s + hold.end_s) / 2


def match(peaks_s: Sequence[float], windows: Sequence[Window]) -> Matching:
    """The matching with most `must` windows found, then fewest false peaks, then smallest distance to the middle.

    A peak finds a window if it lies inside it; windows of duty `never` are found by none.
    """
    weights = _weights(peaks_s, windows)
    rows, columns = linear_sum_assignment(weights, maximize=True)
    pairs = [(int(p), int(w)) for p, w in zip(rows, columns, strict=True) if weights[p, w] > 0]
    found = tuple((p, w) for p, w in pairs if windows[w].duty == "must")
    tolerated = tuple(p for p, w in pairs if windows[w].duty == "may")
    used = {p for p, _ in pairs}
    hit = {w for _, w in found}
    return Matching(
        found,
        tolerated,
        tuple(p for p in range(len(peaks_s)) if p not in used),
        tuple(w for w, window in enumerate(windows) if window.duty == "must" and w not in hit),
    )


def _weights(peaks_s: Sequence[float], windows: Sequence[Window]) -> FloatArray:
    """(peaks, windows + peaks) gain of each pair; the last columns are 'no window', worth nothing."""
    pairs = len(peaks_s) + len(windows) + 1
    weights = np.zeros((len(peaks_s), len(windows) + len(peaks_s)))
    for w, window in enumerate(windows):
        base = {"must": 4.0 * pairs, "may": 2.0, "never": _FORBIDDEN}[window.duty]
        half_s = max((window.end_s - window.start_s) / 2, 1e-9)
        for p, peak_s in enumerate(peaks_s):
            off = abs(peak_s - (window.start_s + window.end_s) / 2) / half_s
            inside = window.start_s <= peak_s <= window.end_s
            weights[p, w] = base - off / pairs if inside and base > 0 else _FORBIDDEN
    return weights

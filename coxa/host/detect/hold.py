"""The verified hold: how long the thigh truly stayed in the band, read from the trace of a trip."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from coxa.host.detect.excursion import Excursion
from coxa.host.events import HoldBreak
from coxa.host.exercises.spec import ExerciseSpec


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold: from the first to the last moment in its band, with what does not count."""

    start_s: float
    end_s: float
    held_s: float
    level_deg: float
    breaks: tuple[HoldBreak, ...]


def find_hold(trip: Excursion, spec: ExerciseSpec) -> Hold | None:
    """The hold inside a trip, None where the thigh came to no rest.

    The level is the median angle over the quiet part of the trip; the band lies about it. Departures up to
    `wobble_s` belong to the hold, longer ones are breaks.
    """
    level = _level_deg(trip, spec)
    if level is None:
        return None
    half = max(spec.band_deg, 0.1 * level)
    inside = [abs(a - level) <= half for a in trip.angle_deg]
    runs = _runs(trip.t_s, inside)
    kept = _joined(runs, spec.wobble_s)
    kept = [run for run in kept if run[1] - run[0] >= min(1.0, spec.min_hold_s)]
    if not kept:
        return None
    breaks = tuple(
        HoldBreak(a[1], b[0], "left the band") for a, b in zip(kept, kept[1:], strict=False)
    )
    held_s = sum(end - start for start, end in kept)
    return Hold(kept[0][0], kept[-1][1], held_s, level, breaks)


def _level_deg(trip: Excursion, spec: ExerciseSpec) -> float | None:
    calm = [
        a
        for a, rate in zip(trip.angle_deg, trip.rate_dps, strict=True)
        if rate <= spec.motion_limit_dps and a >= 0.5 * trip.peak_deg
    ]
    if len(calm) < 12:
        return None
    calm.sort()
    return calm[len(calm) // 2]


def _runs(t_s: list[float], inside: list[bool]) -> list[tuple[float, float]]:
    runs = list[tuple[float, float]]()
    start: float | None = None
    for i, now in enumerate(inside):
        if now and start is None:
            start = t_s[i]
        elif not now and start is not None:
            runs.append((start, t_s[i]))
            start = None
    if start is not None:
        runs.append((start, t_s[-1]))
    return runs


def _joined(runs: list[tuple[float, float]], wobble_s: float) -> list[tuple[float, float]]:
    joined = list[tuple[float, float]]()
    for run in runs:
        if joined and run[0] - joined[-1][1] <= wobble_s:
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return joined


def calm_since(trip: Excursion, window_s: float, spread_deg: float) -> bool:
    """Whether the angle stayed within `spread_deg` over the last `window_s` of the trip."""
    if trip.t_s[-1] - trip.t_s[0] < window_s:
        return False
    recent = trip.angle_deg[bisect_left(trip.t_s, trip.t_s[-1] - window_s) :]
    return max(recent) - min(recent) <= spread_deg

"""How a repetition was done: its tempo and its smoothness, and how far it may have gone unseen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.motion.ticks import TICK_S
from coxa.host.samples import FloatArray

DIGITS = 6
"""Of a duration; differences of times have rounding errors beyond."""
BAND_HZ = 10.0
AMPLITUDE_SHARE = 0.05
"""The arc is measured up to the last frequency below 10 Hz with this share of the largest amplitude (Balasubramanian
et al. 2015, J NeuroEngineering Rehabil 12:112, recommend 0.05)."""


_GAP_S = 1.5 * TICK_S
"""Between two ticks further apart than that one is missing."""
PARTS = 20
"""Of a gap, in which the way through it is looked at."""


def phases_s(trip: Excursion, end_s: float) -> tuple[float | None, float | None, float | None]:
    """Times of the way up, of the stay at the top and of the way down, seconds; their sum is the repetition's. None of
    a part whose beginning or end nobody saw.
    """
    top_deg, seen_s = trip.params.top_share * trip.peak_deg, [*(t for t, _ in reversed(trip.before)), *trip.t_s]
    high = [t for t, a in zip(trip.t_s, trip.angle_deg, strict=True) if a >= top_deg]
    bounds_s = trip.begun_s(), high[0], high[-1], max(end_s, high[-1])
    top = sees_top(trip)
    seen = (
        _seen_after(seen_s, bounds_s[0]),
        top and _seen_before(seen_s, bounds_s[1]),
        top and _seen_after(seen_s, bounds_s[2]),
        _seen_before([*trip.t_s, *trip.tail_s], bounds_s[3]),
    )
    up_s, top_s, down_s = (
        round(bounds_s[k + 1] - bounds_s[k], DIGITS) if seen[k] and seen[k + 1] else None for k in range(3)
    )
    return up_s, top_s, down_s


def sees_top(trip: Excursion) -> bool:
    """Whether the thigh was seen at the top, as far as that may have been in a gap."""
    return trip.params.top_share * (trip.peak_deg + unseen_deg(trip)) <= trip.peak_deg


def unseen_deg(trip: Excursion) -> float:
    """How far beyond the largest angle seen the thigh may have been while samples were missing, degrees.

    From the angles and speeds at both edges of a gap: the cubic through them, which is what least jerk makes of them as
    long as nothing is known of how the thigh speeds up there. A long gap may hold a movement of its own, whatever its
    edges show, as the way down of who has stepped out into a lunge: the thigh may have gone as far as it does in this
    set.
    """
    if trip.t_s[-1] - trip.t_s[0] < (len(trip.t_s) - 0.5) * TICK_S:
        return 0.0  # no tick is missing
    edges = [k for k, (t, after_s) in enumerate(pairwise(trip.t_s)) if after_s - t > _GAP_S]
    return max((max(_top_deg(trip, k) - trip.peak_deg, 0.0) for k in edges), default=0.0)


def _top_deg(trip: Excursion, k: int) -> float:
    """Largest angle on the way through the gap behind tick `k`, both edges included."""
    lost_s, from_deg, to_deg = trip.t_s[k + 1] - trip.t_s[k], trip.angle_deg[k], trip.angle_deg[k + 1]
    ticks = trip.params.edge_ticks
    out = lost_s * _speed_dps(trip, max(k - ticks, 0), k)
    back = lost_s * _speed_dps(trip, k + 1, min(k + 1 + ticks, len(trip.t_s) - 1))
    x = np.linspace(0.0, 1.0, PARTS + 1)
    turn = x**2 * (3.0 - 2.0 * x)
    way_deg = (1.0 - turn) * from_deg + turn * to_deg + x * (1.0 - x) ** 2 * out - x**2 * (1.0 - x) * back
    if lost_s < trip.params.own_way_s:
        return float(way_deg.max())
    reached_deg = (from_deg + to_deg + lost_s * max(trip.rate_dps)) / 2.0
    return max(float(way_deg.max()), min(trip.usual_deg, reached_deg))


def _speed_dps(trip: Excursion, first: int, last: int) -> float:
    """Mean speed over these ticks, no more than the sensor turned: after a gap where up is has to be found again. 0
    where there is only one, or another gap among them.
    """
    lasts_s = trip.t_s[last] - trip.t_s[first]
    if first == last or lasts_s > (last - first) * _GAP_S:
        return 0.0
    most_dps = max(trip.rate_dps[first : last + 1])
    return min(max((trip.angle_deg[last] - trip.angle_deg[first]) / lasts_s, -most_dps), most_dps)


def _seen_after(seen_s: Sequence[float], t_s: float) -> bool:
    """Whether the tick after that moment is there."""
    k = bisect_right(seen_s, t_s)
    return k == len(seen_s) or seen_s[k] - t_s < _GAP_S


def _seen_before(seen_s: Sequence[float], t_s: float) -> bool:
    """Whether the tick before that moment is there."""
    k = bisect_left(seen_s, t_s)
    return k == 0 or t_s - seen_s[k - 1] < _GAP_S


def smoothness(trip: Excursion) -> float | None:
    """Mean spectral arc length of the ways out and back, without unit, nearer to zero is smoother; None with gaps.

    Each way is a stroke of its own: how long the thigh stays at the top says nothing about smoothness, but would
    lengthen the arc of the whole.
    """
    if trip.gaps:
        return None
    angle = np.array([*trip.angle_deg, *trip.tail_deg])
    high = np.flatnonzero(angle >= trip.params.top_share * trip.peak_deg)
    margin, middle = round(trip.params.stroke_end_s / TICK_S), (high[0] + high[-1]) // 2
    strokes = angle[: min(high[0] + margin, middle + 1)], angle[max(high[-1] + 1 - margin, middle) :]
    arcs = [spectral_arc_length(np.abs(stroke[1:] - stroke[:-1]), TICK_S) for stroke in strokes]
    known = [arc for arc in arcs if arc is not None]
    return sum(known) / len(known) if len(known) == len(arcs) else None


def spectral_arc_length(speed: FloatArray, period_s: float) -> float | None:
    """SPARC of Balasubramanian et al. 2015: minus the length of the normalised amplitude spectrum's curve.

    Args:
        speed: (n,) speed without sign, any unit, one stroke.
        period_s: time between two of them.

    About -1.4 for a stroke of least jerk, whatever its size and duration; None for less than 5 speeds or none at all.
    """
    if len(speed) < 5:
        return None
    size = 1 << ((len(speed) - 1).bit_length() + 4)
    spectrum = np.abs(np.fft.rfft(speed, size))
    if spectrum[0] <= 0.0:
        return None
    hz, steps_hz = _band(size, period_s)
    amplitude = spectrum[: len(hz)] / spectrum.max()
    last = int((amplitude >= AMPLITUDE_SHARE).nonzero()[0][-1])
    steps = amplitude[1 : last + 1] - amplitude[:last]
    return -float(np.sqrt((steps_hz[:last] / max(hz[last], 1e-9)) ** 2 + steps**2).sum())


@cache
def _band(size: int, period_s: float) -> tuple[FloatArray, FloatArray]:
    """Frequencies (n,) up to `BAND_HZ` in the spectrum of so many values, and the steps (n - 1,) between them."""
    all_hz = np.arange(size // 2 + 1, dtype=np.float64) * (1.0 / (size * period_s))
    hz = all_hz[all_hz <= BAND_HZ]
    return hz, hz[1:] - hz[:-1]

"""How a repetition was done: its tempo and its smoothness."""

from __future__ import annotations

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


def phases_s(trip: Excursion, end_s: float) -> tuple[float, float, float]:
    """Times of the way up, of the stay at the top and of the way down, seconds; their sum is the repetition's."""
    high = [t for t, a in zip(trip.t_s, trip.angle_deg, strict=True) if a >= trip.params.top_share * trip.peak_deg]
    up_s, top_s, down_s = high[0] - trip.begun_s(), high[-1] - high[0], max(end_s - high[-1], 0.0)
    return round(up_s, DIGITS), round(top_s, DIGITS), round(down_s, DIGITS)


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
    hz, amplitude = np.arange(len(spectrum)) * (1.0 / (size * period_s)), spectrum / spectrum.max()
    last = int(((amplitude >= AMPLITUDE_SHARE) & (hz <= BAND_HZ)).nonzero()[0][-1])
    steps_hz, steps = (hz[1 : last + 1] - hz[:last]) / max(hz[last], 1e-9), amplitude[1 : last + 1] - amplitude[:last]
    return -float(np.sqrt(steps_hz**2 + steps**2).sum())

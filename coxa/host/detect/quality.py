"""How a repetition was done: its tempo, its smoothness, and how far its range of motion can be trusted."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

import numpy as np

from coxa.host.detect.excursion import TOP_SHARE, Excursion
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.ticks import TICK_S
from coxa.host.samples import FloatArray

TILT_SD_DEG = 0.9
"""Error of the tilt after one still second: 0.9 (BMI270) to 1.2 degrees (LSM6DS3) in simulated sessions."""
BY_GRAVITY_SD_DEG = 4.0
"""Standard error of a peak's tilt without a gyro beyond that: ranges of motion of the kinematic recordings are then 3.1
degrees off in the mean, 1.2 with it."""
STROKE_END_S = 0.3
"""For so long the way out slows down after nine tenths, and gathers the way back speed before them."""
DIGITS = 6
"""Of a duration; differences of times have rounding errors beyond."""
BAND_HZ = 10.0
AMPLITUDE_SHARE = 0.05
"""The arc is measured up to the last frequency below 10 Hz with this share of the largest amplitude (Balasubramanian
et al. 2015, J NeuroEngineering Rehabil 12:112, recommend 0.05)."""


def phases_s(trip: Excursion, end_s: float) -> tuple[float, float, float]:
    """Times of the way up, of the stay at the top and of the way down, seconds; their sum is the repetition's."""
    high = [t for t, a in zip(trip.t_s, trip.angle_deg, strict=True) if a >= TOP_SHARE * trip.peak_deg]
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
    high = np.flatnonzero(angle >= TOP_SHARE * trip.peak_deg)
    margin, middle = round(STROKE_END_S / TICK_S), (high[0] + high[-1]) // 2
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


def rom_sd_deg(spec: ExerciseSpec) -> float:
    """Standard uncertainty of a range of motion: the sensor's tilt and what the flesh moves under the strap."""
    return hypot(TILT_SD_DEG, spec.tissue_sd_deg)


def less_certain(event: Event) -> Event:
    """What was measured without a gyro, with the uncertainty that this has; smoothness of a smoothed course is none."""
    if isinstance(event, RepCompleted):
        event = replace(event, smoothness=None)
    if isinstance(event, RepCompleted | HoldEnded) and event.rom_sd_deg is not None:
        return replace(event, rom_sd_deg=hypot(event.rom_sd_deg, BY_GRAVITY_SD_DEG))
    return event

"""Walking whose steps hardly knock: the thigh swings evenly, and the hips bob twice in each of its strides.

Who walks is highest on each leg and lowest between (an inverted pendulum; Cavagna, Heglund and Taylor 1977): the sensor
goes up and down at twice the rate at which its thigh swings. A leg that is swung or raised lying, and a knee that is
moved in a chair, take it up and down as often as they swing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from coxa.host.detect.still import Tick
from coxa.host.motion.ticks import TICK_HZ
from coxa.host.samples import FloatArray


@dataclass(frozen=True, slots=True)
class PaceParams:
    """What even walking is told by. Figures are of 193 walks and 2 hours of all else that other people do; inside the
    ranges nothing but walks, turns and stairs is taken for it.
    """

    ticks: int = 75
    """Ticks (3 s) that are looked at: two slow strides. 75 to 85."""
    slows_dps: float = 30.0
    """They are looked at whenever the thigh slows down to this, as it does at each end of a swing; soft walks turn it
    by 60 deg/s and more. 25 to 45."""
    stride_hz: tuple[float, float] = (0.65, 1.2)
    step_hz: float = 0.05
    """Rates of strides that are tried, and the step: walks have 0.65 to 1.1. 0.65 to 0.7, 1.15 to 1.2, 0.03 to
    0.05; at 0.6 who lies down, fidgets or sits back swings so too, once and a half in the time looked at."""
    even: float = 0.88
    """So much of the swing's variance is of one rate and its double: 0.98 in three of four walks. 0.8 to 0.93."""
    swing_deg: tuple[float, float] = (6.0, 30.0)
    """Amplitude of the swing about its middle: 10 to 26 degrees. 5 to 8, 27 to 40; with 4 gardening is even."""
    across_share: float = 0.12
    """So much of its variance at most is across its direction: 0.06 at most. 0.08 to 0.3."""
    off_deg: float = 40.0
    """Nor does the thigh go further from the middle: 8 to 36 degrees. 36 to 40; with 45 who leaves a figure four."""
    bob_mps2: float = 1.0
    """The sensor bobs by so much at twice the rate: 1.3 to 4.5, real people's 0.8 and more in three of four. 0.9 to
    1.2; with 0.8 legs that cycle in the air walk."""
    bob_times: float = 1.5
    """And by so many times what goes up and down with the swing: 2 and more. 1.5 to 2; with 1.2 legs that cycle."""


def walks_evenly(ticks: list[Tick], p: PaceParams) -> bool:
    """Whether the newest of these are of even walking, looked at where the thigh has just slowed down."""
    ticks = ticks[-p.ticks :]
    if len(ticks) < p.ticks or not ticks[-1].rate_dps < p.slows_dps <= ticks[-2].rate_dps:
        return False
    up = np.array([k.up for k in ticks])
    middle = up.mean(axis=0)
    middle /= np.linalg.norm(middle)
    if (up @ middle).min() < np.cos(np.radians(p.off_deg)):
        return False
    spread = up - up.mean(axis=0)
    variances, ways = np.linalg.eigh(spread.T @ spread)
    if variances[1] > p.across_share * variances[2]:
        return False
    swing_deg = np.degrees(spread @ ways[:, 2])
    waves, inverse = _strides(p)
    fits = inverse @ swing_deg
    left = swing_deg - np.einsum("rtc,rc->rt", waves, fits)
    unfit = (left**2).sum(axis=1)
    rate = int(unfit.argmin())
    amplitude_deg = float(np.hypot(*fits[rate, 1:3]))
    if unfit[rate] > (1.0 - p.even) * (swing_deg @ swing_deg) or not _within(amplitude_deg, p.swing_deg):
        return False
    bob = inverse[rate] @ np.array([k.rise_mps2 for k in ticks])
    once_mps2, twice_mps2 = float(np.hypot(*bob[1:3])), float(np.hypot(*bob[3:5]))
    return twice_mps2 > max(p.bob_mps2, p.bob_times * once_mps2)


@cache
def _strides(p: PaceParams) -> tuple[FloatArray, FloatArray]:
    """(rates, ticks, 5) what is fitted for each rate of strides, and (rates, 5, ticks) what fits it."""
    t_s = np.arange(p.ticks) / TICK_HZ
    waves = [_waves(t_s, hz) for hz in np.arange(*p.stride_hz, p.step_hz)]
    return np.stack(waves), np.stack([np.linalg.pinv(w) for w in waves], dtype=np.float64)


def _waves(t_s: FloatArray, hz: float) -> FloatArray:
    """(n, 5) mean, cosine and sine of that rate and of its double."""
    turn = 2.0 * np.pi * hz * t_s
    return np.column_stack([np.ones_like(t_s), np.cos(turn), np.sin(turn), np.cos(2.0 * turn), np.sin(2.0 * turn)])


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] < value < limits[1]

"""Taps on the sensor: sharp, short knocks out of rest, in a rhythm, and rest again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem, row_dots


@dataclass(frozen=True, slots=True)
class TapParams:
    """When a knock is a tap."""

    calm_mps2: float = 0.8
    """Largest step of the acceleration from sample to sample in a quiet thigh. Half to twice: nothing breaks."""
    calm_radps: float = 0.5
    """Largest angular rate of a quiet thigh. 0.35 to 1; with 0.25 taps are lost (`tests/test_taps.py`, as all of
    these)."""
    tap_mps2: float = 2.2
    """Smallest step of a tap. 1.5 to 3.1; with 1.1 soft knocks are taps, with 4.4 taps are lost."""
    tap_radps: float = 2.5
    """A knock that turns the sensor faster is a movement. 1.8 to 5; with 1.3 taps are lost."""
    maybe_mps2: float = 1.5
    maybe_radps: float = 4.0
    maybe_s: float = 0.2
    """Limits of what is a tap only where taps are going on: at 100 Hz a push of 5 ms may fall between samples (2.0), a
    hard one off the middle turns the sensor by 3 rad/s and rings longer (1 of 50 taps of the simulated finger). Half to
    twice: nothing breaks."""
    longest_s: float = 0.13
    """A knock dies away within so long: 10 ms of push, then strap and flesh ring at 5 to 9 Hz, well damped. Half to
    twice: nothing breaks."""
    apart_s: tuple[float, float] = (0.12, 0.8)
    """From one tap of a series to the next. 0.06 to 0.17, 0.56 to 1.6; with 0.24 or 0.4 taps are lost."""
    before_s: float = 1.0
    """So long must the thigh have been quiet before the first tap. 0.7 to 2 s; with 0.5 taps right after unrest count.
    """
    after_s: float = 0.7
    """And after the last, so that no fourth tap follows. 0.5 to 1.4 s; with 0.35 taps are lost."""
    slowest_s: float = 0.016
    """Longest sampling period at which taps are seen at all: 100 Hz with a jittery clock, not 50 Hz. 0.011 to 0.018 s;
    with 0.022 taps are seen at 50 Hz, with 0.008 none at 100 Hz."""
    joined_s: float = 0.05
    """Unrest less than this apart is one knock. Half to twice: nothing breaks."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A single knock that looks like a tap."""

    start_s: float
    decided_s: float
    sure: bool = True
    """False: so weak, so rough or so soon after other unrest, as a step is, that it is one only among others."""


@dataclass(frozen=True, slots=True)
class Taps:
    """A series of taps out of rest, and rest again."""

    count: int
    start_s: float
    """The first tap."""
    decided_s: float


TapItem: TypeAlias = Tap | Taps


@dataclass(slots=True)
class _Knock:
    start_s: float
    end_s: float
    step_mps2: float
    rate_radps: float


class TapFinder:
    """Feed it the stream as it comes; the result does not depend on how it was cut."""

    def __init__(self) -> None:
        self._p = TapParams()
        self._last: SampleBlock | None = None
        self._heard = self._deaf = 0
        """Samples so far in which taps could be felt, and others."""
        self._clear(None)

    @property
    def hears(self) -> bool:
        """Whether taps can be felt in this stream: its samples lie near enough to each other and have a gyro's rate."""
        return self._heard >= self._deaf

    def _clear(self, t_s: float | None) -> None:
        self._quiet_from_s = t_s
        """Since when the thigh is quiet, knocks of the open series left out; None: not known."""
        self._series: list[_Knock] = []
        self._open: _Knock | None = None

    def update(self, item: StreamItem) -> list[TapItem]:
        """Take the next item; give the taps, and the series of them, that it completed."""
        if isinstance(item, Gap):
            self._last = None
            self._clear(None)
            return []
        if not len(item):
            return []
        before, self._last = self._last, item.part(len(item) - 1, len(item))
        if before is None:
            before, item = item.part(0, 1), item.part(1, len(item))
        return self._take(before, item) if len(item) else []

    def _take(self, before: SampleBlock, block: SampleBlock) -> list[TapItem]:
        found, p, t_s = list[TapItem](), self._p, block.t_s
        accel, at_s = np.concatenate([before.accel_mps2, block.accel_mps2]), np.concatenate([before.t_s, t_s])
        steps = accel[1:] - accel[:-1]
        step, rate = row_dots(steps, steps), row_dots(block.gyro_radps, block.gyro_radps)  # squared
        rate[np.isnan(rate)] = math.inf  # without a gyro a kick cannot be told from a tap: none is found
        rate[at_s[1:] - at_s[:-1] > p.slowest_s] = math.inf  # nor where samples lie too far apart
        deaf = int(np.isinf(rate).sum())
        self._heard, self._deaf = self._heard + len(rate) - deaf, self._deaf + deaf
        loud = np.flatnonzero((step > p.calm_mps2**2) | (rate > p.calm_radps**2))
        if self._quiet_from_s is None:
            self._quiet_from_s = float(before.t_s[0])
        for knock in _knocks(loud, t_s, step, rate, p.joined_s):
            found += self._pass(knock.start_s)
            self._knock(knock)
        return found + self._pass(float(t_s[-1]))

    def _pass(self, t_s: float) -> list[TapItem]:
        """Time has come to `t_s`, and between the last knock and then there was quiet."""
        knock, p = self._open, self._p
        found = list[TapItem]()
        if knock is not None and t_s >= knock.end_s + p.joined_s:
            self._open = None
            found = self._close(knock)
        if not self._series or self._open is not None or t_s < self._series[-1].end_s + p.after_s:
            return found
        series, self._series = self._series, []
        self._quiet_from_s = series[-1].end_s
        return [*found, Taps(len(series), series[0].start_s, series[-1].end_s + p.after_s)]

    def _knock(self, new: _Knock) -> None:
        if self._open is None:
            self._open = new
            return
        was = self._open
        self._open = _Knock(
            was.start_s, new.end_s, max(was.step_mps2, new.step_mps2), max(was.rate_radps, new.rate_radps)
        )

    def _close(self, knock: _Knock) -> list[TapItem]:
        """A knock is over: does it begin a series, go on with one, or spoil it?"""
        p = self._p
        short = knock.end_s - knock.start_s <= p.longest_s
        if not short or knock.step_mps2 < p.tap_mps2 or knock.rate_radps > p.tap_radps:
            self._series, self._quiet_from_s = [], knock.end_s
            brief = knock.end_s - knock.start_s <= p.maybe_s
            maybe = brief and knock.step_mps2 >= p.maybe_mps2 and knock.rate_radps <= p.maybe_radps
            return [Tap(knock.start_s, knock.end_s + p.joined_s, sure=False)] if maybe else []
        quiet_s = 0.0 if self._quiet_from_s is None else knock.start_s - self._quiet_from_s
        goes_on = self._series and p.apart_s[0] <= knock.start_s - self._series[-1].start_s <= p.apart_s[1]
        if goes_on or (not self._series and quiet_s >= p.before_s):
            self._series.append(knock)
        else:
            self._series, self._quiet_from_s = [], knock.end_s
        return [Tap(knock.start_s, knock.end_s + p.joined_s, sure=bool(self._series))]


def _knocks(
    loud: NDArray[np.int64], t_s: FloatArray, step: FloatArray, rate: FloatArray, joined_s: float
) -> list[_Knock]:
    """Each stretch of unrest, from those samples that are loud; steps and rates are squared."""
    if not len(loud):
        return []
    at_s = t_s[loud]
    ends = np.flatnonzero(at_s[1:] >= at_s[:-1] + joined_s)
    first, last = loud[np.append(0, ends + 1)], loud[np.append(ends, len(loud) - 1)]
    bounds = np.column_stack([first, last + 1]).ravel()
    most_step, most_rate = (np.sqrt(np.maximum.reduceat(np.append(c, 0.0), bounds)[::2]) for c in (step, rate))
    columns = (t_s[first], t_s[last], most_step, most_rate)
    return [_Knock(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]

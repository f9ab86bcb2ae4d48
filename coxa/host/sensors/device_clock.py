"""Times of samples that the sensor's own clock stamps: unwrapped, strictly increasing, with gaps where it jumps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coxa.host.samples import LOST_PERIODS, FloatArray, Gap, StreamItem
from coxa.host.sensors.driver import SensorStats

COUNTED_GAP_PERIODS = 4.0
"""A step longer than this many sample periods is a gap even where a counter says that nothing is missing: boards that
makers program pause now and then. Without a counter it is `LOST_PERIODS`."""
RESTART_STAMPS = 3
"""So many stamps in a row that lie before what came last, but grow, mean that the sensor's clock began again."""
RESTART_GAP_S = 1.0
"""Time set for a restart, whose true length nobody knows."""
NEW_RATE_STEPS = 3
"""So many like steps in a row that do not fit the rate are another rate, not loss."""
SHORTEST_PERIOD_S = 1 / 4000
LONGEST_BLOCK_S = 2.0
"""A block that is not whole is taken to follow the one before where no more time than this has passed."""
AHEAD_S = 5.0
"""Where packets came late or were lost, a step between stamps may be so much longer than between their arrivals."""


class Unwrapper:
    """Makes a clock of so many bits grow for ever."""

    def __init__(self, bits: int) -> None:
        self._size = 1 << bits
        self._newest: int | None = None
        self._arrival_s = math.nan

    def __call__(self, raw: int, tick_s: float = 0.0, arrival_s: float = math.nan) -> int:
        """The count nearest to the newest one: less than half a turn ahead or behind.

        A clock that would have turned over on the way, in a step more than `AHEAD_S` longer than between the arrivals,
        has begun again: its count is given as it stands in the turn of the newest one, which is behind it.

        Args:
            raw: what the sensor says.
            tick_s: how long a count of a clock lasts.
            arrival_s: when it came, where that is known.
        """
        if self._newest is None:
            self._newest, self._arrival_s = raw, arrival_s
            return raw
        step = (raw - self._newest) % self._size
        turned = raw % self._size < self._newest % self._size
        ahead = turned and step * tick_s > arrival_s - self._arrival_s + AHEAD_S
        if step >= self._size // 2 or ahead:
            step -= self._size
        value = self._newest + step
        if value >= self._newest:
            self._newest, self._arrival_s = value, arrival_s
        return value

    def restart(self, value: int, arrival_s: float = math.nan) -> None:
        """The clock began again, and what was given as `value` is the newest."""
        self._newest, self._arrival_s = value, arrival_s


@dataclass(slots=True)
class Epoch:
    """Where a sensor's clock stands on the session's time: one for all streams that it stamps."""

    offset_s: float = 0.0
    """To be added to stamps; moved on where the clock began again."""
    newest_s: float = -math.inf
    """The latest time given to any of the streams."""


class DeviceClock:
    """Times of blocks of samples, each block stamped once, at its first or at its last sample."""

    def __init__(self, rate_hz: float, stats: SensorStats, epoch: Epoch | None = None) -> None:
        """Streams that one clock stamps share its `epoch`: where one sees it begin again, all go on together."""
        self.period_s = 1.0 / rate_hz
        """Learned from the stamps as they come."""
        self._stats = stats
        self._epoch = epoch or Epoch()
        self._last_s: float | None = None
        self._begun: tuple[float, int] | None = None
        """Stamp and size of the block before, where blocks are stamped at their first sample."""
        self._early: list[tuple[float, int]] = []
        """Stamps in a row that came too early, each with the number of its sample in its block."""
        self._odd: tuple[float, int] = (0.0, 0)
        """A sample period that does not fit the rate, and how many times in a row."""

    def set_rate(self, rate_hz: float) -> None:
        """The sensor says its rate."""
        self.period_s = 1.0 / rate_hz

    def from_first(
        self, stamp_s: float, n: int, *, skipped: int | None = None
    ) -> tuple[list[StreamItem], FloatArray] | None:
        """Gap before, and (n,) times in seconds, of a block stamped at its first sample; None for one that came before.

        Where the sensor counts too, `skipped` says how many samples are missing before, and breaks in the beat of an
        unsteady sensor are not taken for loss.
        """
        before = self._begun
        if not self._is_new(stamp_s, before[0] if before else None, 1):
            return None
        first_s = stamp_s + self._epoch.offset_s
        if before is not None and self._begun is not None:
            self._learn((first_s - before[0]) / before[1])
        self._begun = (first_s, n)
        gap = self._gap_before(first_s, skipped)
        if self._last_s is not None:  # the block before seemed to reach further than it did: the rate was not known yet
            first_s = max(first_s, self._last_s + 0.5 * self.period_s)
        return gap, self._given(first_s + self.period_s * np.arange(n, dtype=np.float64))

    def from_last(self, stamp_s: float, n: int, *, whole: bool = True) -> tuple[list[StreamItem], FloatArray] | None:
        """As `from_first`, stamped at its last sample. A block that is not whole lacks samples at its end."""
        last_s = self._last_s
        if not self._is_new(stamp_s, last_s, n):
            return None
        stamp_s += self._epoch.offset_s
        k = np.arange(1, n + 1, dtype=np.float64)
        if last_s is None:
            return [], self._given(stamp_s - self.period_s * (n - k))
        step_s = (stamp_s - last_s) / n
        if step_s < SHORTEST_PERIOD_S:
            self._stats.bad_frames += 1
            return None
        if not whole and stamp_s - last_s < LONGEST_BLOCK_S:
            return [], self._given(last_s + min(self.period_s, step_s) * k)
        if whole:
            self._learn(step_s)
        if step_s * n - self.period_s * n > (LOST_PERIODS - 1) * self.period_s:
            first_s = stamp_s - self.period_s * (n - 1)
            return self._gap_before(first_s), self._given(first_s + self.period_s * (k - 1))
        return [], self._given(last_s + step_s * k)

    def _given(self, t_s: FloatArray) -> FloatArray:
        self._last_s = float(t_s[-1])
        self._epoch.newest_s = max(self._epoch.newest_s, self._last_s)
        return t_s

    def _is_new(self, stamp_s: float, newest_s: float | None, upto: int) -> bool:
        """Whether a stamp, on sample number `upto` of its block, lies after the newest one.

        Where the clock began again, time goes on a second later, with the first of the stamps that told it.
        """
        if newest_s is None or stamp_s + self._epoch.offset_s > newest_s:
            self._early.clear()
            return True
        if self._early and stamp_s <= self._early[-1][0]:
            self._early.clear()
        self._early.append((stamp_s, upto))
        self._stats.duplicates += 1
        if len(self._early) < RESTART_STAMPS or self._last_s is None:
            return False
        self._stats.duplicates -= 1
        self._stats.restarts += 1
        begun_s, begun_upto = self._early[0]
        self._epoch.offset_s = self._epoch.newest_s + RESTART_GAP_S + (begun_upto - 1) * self.period_s - begun_s
        self._early.clear()
        self._begun = None
        return True

    def _gap_before(self, first_s: float, skipped: int | None = None) -> list[StreamItem]:
        last_s, period_s = self._last_s, self.period_s
        if last_s is None:
            return []
        step_s, limit_s = first_s - last_s, (LOST_PERIODS if skipped is None else COUNTED_GAP_PERIODS) * period_s
        if step_s <= limit_s and not skipped:
            return []
        self._stats.lost_samples += skipped or round(step_s / period_s) - 1
        start_s = last_s + min(period_s, 0.5 * step_s)
        return [Gap(start_s, first_s)] if start_s < first_s else []

    def _learn(self, period_s: float) -> None:
        """Follow the rate; what differs much is another rate only where it cannot be loss, or goes on too evenly."""
        ratio = period_s / self.period_s
        if period_s < SHORTEST_PERIOD_S:
            return
        if 0.75 < ratio < 1.25:
            self.period_s += 0.05 * (period_s - self.period_s)
            self._odd = (0.0, 0)
            return
        seen_s, count = self._odd
        alike = count > 0 and abs(period_s / seen_s - 1) < 0.1
        self._odd = (period_s, count + 1 if alike else 1)
        if ratio <= 0.75 or self._odd[1] >= NEW_RATE_STEPS:
            self.period_s, self._odd = period_s, (0.0, 0)

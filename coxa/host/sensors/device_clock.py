"""Times of samples that the sensor's own clock stamps: unwrapped, strictly increasing, with gaps where it jumps."""

from __future__ import annotations

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


class Unwrapper:
    """Makes a clock of so many bits grow for ever."""

    def __init__(self, bits: int) -> None:
        self._size = 1 << bits
        self._newest: int | None = None

    def __call__(self, raw: int) -> int:
        """The count nearest to the newest one: less than half a turn ahead or behind."""
        if self._newest is None:
            self._newest = raw
            return raw
        step = (raw - self._newest) % self._size
        if step >= self._size // 2:
            step -= self._size
        value = self._newest + step
        self._newest = max(self._newest, value)
        return value

    def restart(self, raw: int) -> None:
        """The clock began again, here."""
        self._newest = raw


class DeviceClock:
    """Times of blocks of samples, each block stamped once, at its first or at its last sample."""

    def __init__(self, rate_hz: float, stats: SensorStats) -> None:
        self.period_s = 1.0 / rate_hz
        """Learned from the stamps as they come."""
        self._stats = stats
        self._offset_s = 0.0
        self._last_s: float | None = None
        self._begun: tuple[float, int] | None = None
        """Stamp and size of the block before, where blocks are stamped at their first sample."""
        self._early: tuple[float, int] = (0.0, 0)
        """The newest stamp that came too early, and how many in a row."""
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
        first_s = stamp_s + self._offset_s
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
        stamp_s += self._offset_s
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
        return t_s

    def _is_new(self, stamp_s: float, newest_s: float | None, upto: int) -> bool:
        """Whether a stamp, on sample number `upto` of its block, lies after the newest one.

        Where the clock began again, time goes on a second later.
        """
        if newest_s is None or stamp_s + self._offset_s > newest_s:
            self._early = (0.0, 0)
            return True
        early_s, count = self._early
        count = count + 1 if count and stamp_s > early_s else 1
        self._early = (stamp_s, count)
        self._stats.duplicates += 1
        if count < RESTART_STAMPS or self._last_s is None:
            return False
        self._stats.duplicates -= 1
        self._stats.restarts += 1
        self._early, self._begun = (0.0, 0), None
        self._offset_s = self._last_s + RESTART_GAP_S + (upto - 1) * self.period_s - stamp_s
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

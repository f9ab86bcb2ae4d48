"""Single wrong rates that are small enough for a leg: gravity did not turn as they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.host.motion.turns import turned
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Gap, SampleBlock, StreamItem, joined, row_dots


@dataclass(frozen=True, slots=True)
class FalseTurnParams:
    """When a rate is false. Of 251,000 healthy samples of real legs at 25 to 100 Hz none is (docs/decisions.md)."""

    least_radps: float = 1.0
    """By so much it departs from both neighbours, the same way. What departs by less turns a leg by 2 degrees at
    25 Hz. 0.7 to 2."""
    alone_times: float = 4.0
    """And by so many times as much as those differ. 3 to 6."""
    margin_deg: float = 2.0
    doubt_times: float = 3.0
    """With it the turn of gravity from one neighbour to the other is missed by so much more than so many times what it
    is missed by with a rate on the line between them. 1 to 4 degrees, 2 to 5."""
    quiet_mps2: float = 1.5
    """Gravity is what it and its neighbours feel where that is within so much of 1 g. 1 to 2."""
    longest_s: float = 0.2
    """From one neighbour to the other; beyond that much may have happened. Half to twice: nothing breaks
    (`tests/test_false_turns.py`)."""


class FalseTurns:
    """Puts single false rates right. A sample waits for the next one only where its rate has just jumped.

    The result does not depend on how the stream was cut into blocks.
    """

    def __init__(self) -> None:
        self._p = FalseTurnParams()
        self._last: SampleBlock | None = None
        """The newest sample that was given, as it came; None at the start and after a gap."""
        self._held: SampleBlock | None = None
        """The one after it, if it waits."""
        self.spikes = 0
        """How many rates were wrong."""

    def update(self, item: StreamItem) -> list[StreamItem]:
        """The next block or gap."""
        if isinstance(item, Gap):
            return [*self.finish(), item]
        if not len(item):
            return []
        before = [b for b in (self._last, self._held) if b is not None]
        rows = joined([*before, item]) if before else item
        suspects = self._suspects(rows)
        waits = len(suspects) > 0 and int(suspects[-1]) == len(rows) - 1
        wrong = self._false(rows, suspects[: len(suspects) - waits])
        self.spikes += len(wrong)
        if not (len(wrong) or waits or self._held is not None):
            self._last = item.part(len(item) - 1, len(item))
            return [item]
        given, end = 0 if self._last is None else 1, len(rows) - waits
        self._last = rows.part(end - 1, end)
        self._held = rows.part(end, len(rows)) if waits else None
        out = _without(rows, wrong).part(given, end)
        return [out] if len(out) else []

    def finish(self) -> list[StreamItem]:
        """Nothing follows: what waits is given as it is."""
        held = self._held
        self._last = self._held = None
        return [] if held is None else [held]

    def _suspects(self, rows: SampleBlock) -> NDArray[np.int64]:
        """Rows whose rate jumps so far that it matters, while gravity does not turn as that would turn it."""
        p, gyro = self._p, rows.gyro_radps
        x, y, z = (np.abs(gyro[1:] - gyro[:-1]) > p.least_radps).T
        at = np.flatnonzero(x | y | z) + 1
        if not len(at):
            return at
        at = at[self._quiet(rows, at - 1) & self._quiet(rows, at)]
        took_s = (rows.t_s[at] - rows.t_s[at - 1])[:, None]
        first, last = rows.accel_mps2[at - 1], rows.accel_mps2[at]
        missed_deg = _missed_deg(0.5 * took_s * (gyro[at - 1] + gyro[at]), first, last)
        without_deg = _missed_deg(took_s * gyro[at - 1], first, last)
        return at[missed_deg > p.doubt_times * without_deg + 0.5 * p.margin_deg]

    def _false(self, rows: SampleBlock, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of the suspects have rates that are false, seen from the sample after each."""
        if not len(at):
            return at
        p, gyro = self._p, rows.gyro_radps
        from_before, from_after = gyro[at] - gyro[at - 1], gyro[at] - gyro[at + 1]
        same_way = np.sign(from_before) == np.sign(from_after)
        apart = np.where(same_way, np.minimum(np.abs(from_before), np.abs(from_after)), 0.0).max(axis=1, initial=0.0)
        near = np.abs(gyro[at + 1] - gyro[at - 1]).max(axis=1, initial=0.0)
        alone = (apart > p.least_radps) & (apart > p.alone_times * near)
        at = at[alone & self._quiet(rows, at + 1) & (rows.t_s[at + 1] - rows.t_s[at - 1] < p.longest_s)]
        took_s = (rows.t_s[at + 1] - rows.t_s[at - 1])[:, None]
        first, last = rows.accel_mps2[at - 1], rows.accel_mps2[at + 1]
        without = 0.5 * took_s * (gyro[at - 1] + gyro[at + 1])
        missed_deg = _missed_deg(0.5 * (without + took_s * gyro[at]), first, last)
        return at[missed_deg > p.doubt_times * _missed_deg(without, first, last) + p.margin_deg]

    def _quiet(self, rows: SampleBlock, at: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(n,) whether rows feel gravity and hardly more."""
        accel = rows.accel_mps2[at]
        return np.abs(np.sqrt(row_dots(accel, accel)) - STANDARD_GRAVITY_MPS2) < self._p.quiet_mps2


def _missed_deg(turn_rad: FloatArray, first: FloatArray, last: FloatArray) -> FloatArray:
    """(n,) angles between where gravity is felt last, (n, 3), and where it is after turns (n, 3) of the sensor."""
    if not len(turn_rad):
        return np.empty(0)
    there = turned(first, -turn_rad)  # what stands still turns the other way in the sensor's frame
    cosine = row_dots(there, last) / np.sqrt(row_dots(there, there) * row_dots(last, last))
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def _without(rows: SampleBlock, wrong: NDArray[np.int64]) -> SampleBlock:
    """The rows with those rates on straight lines between their neighbours'."""
    if not len(wrong):
        return rows
    gyro = rows.gyro_radps.copy()
    share = ((rows.t_s[wrong] - rows.t_s[wrong - 1]) / (rows.t_s[wrong + 1] - rows.t_s[wrong - 1]))[:, None]
    gyro[wrong] = (1.0 - share) * rows.gyro_radps[wrong - 1] + share * rows.gyro_radps[wrong + 1]
    return SampleBlock(rows.t_s, rows.accel_mps2, gyro)

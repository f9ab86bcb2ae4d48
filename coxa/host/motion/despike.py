"""Single wrong samples, as bit errors on a sensor's bus make them: told by their neighbours, and put right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem, joined


@dataclass(frozen=True, slots=True)
class SpikeParams:
    """What no thigh does. How far healthy sensors' samples depart from both neighbours was measured on all kinematic
    and real recordings, and on every 2nd, 3rd ... sample of them down to 25 Hz (docs/decisions.md)."""

    accel_mps2: float = 40.0
    """Departure of the specific force, whatever the rate: real knocks reach 30 (`leg_raise_4` at 25 Hz; `walk_01` at
    100 Hz: 26). 35 to 50."""
    gyro_radps2: float = 300.0
    """Departure of the rate for each second that it takes: real legs reach 206 (`walk_02` at 33 Hz). 250 to 350."""
    least_s: float = 0.01
    """Shorter times are taken for this one: stamps jitter, and what departs by less turns nothing far. Half to twice:
    nothing breaks (`tests/test_mend.py`)."""
    alone_times: float = 4.0
    """It departs so many times as far as its neighbours lie apart, each measured by the limits above. 3 to 6."""
    longest: int = 2
    """So many wrong samples in a row are put right; more cannot be told from a knock. Not below 2, not above 2:
    `tests/test_mend.py`."""


class Despiker:
    """Puts single wrong samples right. Samples wait only while one is suspect: for one or two that follow it.

    The result does not depend on how the stream was cut into blocks.
    """

    def __init__(self) -> None:
        self._p = SpikeParams()
        self._last: SampleBlock | None = None
        """The newest sample that was given; None at the start and after a gap."""
        self._held: SampleBlock | None = None
        """What came after it and waits."""
        self.spikes = 0
        """How many samples were wrong."""

    def update(self, item: StreamItem) -> list[StreamItem]:
        """The next block or gap."""
        if isinstance(item, Gap):
            return [*self.finish(), item]
        block = self._without_zeros(item)
        if not len(block):
            return []
        before = block.part(0, 1) if self._last is None else self._last
        known = self._held is None and (self._last is not None or len(block) > 1)
        if known and not self._jumps(before, block):
            self._last = block.part(len(block) - 1, len(block))
            return [block]
        return self._decided(joined([b for b in (self._last, self._held, block) if b is not None]))

    def finish(self) -> list[StreamItem]:
        """Nothing follows: what waits jumped and is not seen to come back, which is as good as lost.

        The only sample since a gap has jumped from nowhere and is given.
        """
        held, only = self._held, self._last is None
        self._last = self._held = None
        if held is None:
            return []
        given = held.part(0, 1 if only and len(held) == 1 else 0)
        self.spikes += len(held) - len(given)
        return [given] if len(given) else []

    def _without_zeros(self, block: SampleBlock) -> SampleBlock:
        """Where all six axes read zero nothing was measured: what rests feels gravity, what falls turns."""
        zero = np.flatnonzero(block.accel_mps2[:, 0] == 0.0)
        if len(zero):
            zero = zero[~block.accel_mps2[zero].any(axis=1) & ~block.gyro_radps[zero].any(axis=1)]
        if not len(zero):
            return block
        self.spikes += len(zero)
        return SampleBlock(
            *(np.delete(values, zero, axis=0) for values in (block.t_s, block.accel_mps2, block.gyro_radps))
        )

    def _jumps(self, before: SampleBlock, block: SampleBlock) -> bool:
        """Whether any step could be a jump; quick, as it is all that most blocks need."""
        p = self._p
        return any(
            max(_largest(values[:1] - last), _largest(values[1:] - values[:-1])) > limit
            for last, values, limit in (
                (before.accel_mps2, block.accel_mps2, p.accel_mps2),
                (before.gyro_radps, block.gyro_radps, p.gyro_radps2 * p.least_s),
            )
        )

    def _decided(self, rows: SampleBlock) -> list[StreamItem]:
        """What of the rows can be given; the first of them was, unless nothing had been."""
        if self._last is None:
            rows, waits = self._begun(rows)
            if waits:
                self._held = rows
                return []
        given = 0 if self._last is None else 1
        wrong, end, done = list[int](), len(rows), 0
        for k in self._suspects(rows):
            if k <= done:
                continue
            n = self._wrong_from(rows, k)
            if n is None:
                end = k
                break
            wrong += range(k, k + n)
            done = k + n
        self.spikes += len(wrong)
        right = _interpolated(rows, wrong)
        self._last, self._held = right.part(end - 1, end), rows.part(end, len(rows)) if end < len(rows) else None
        return [right.part(given, end)] if end > given else []

    def _begun(self, rows: SampleBlock) -> tuple[SampleBlock, bool]:
        """A stream's first rows without a first one that is wrong, and whether that is still to be seen."""
        if len(rows) == 1:
            return rows, True
        jump = self._apart(rows, 0, 1, float(rows.t_s[1] - rows.t_s[0]))
        if jump <= 1.0 or len(rows) == 2:
            return rows, jump > 1.0
        if jump <= self._p.alone_times * self._apart(rows, 1, 2, float(rows.t_s[2] - rows.t_s[1])):
            return rows, False
        self.spikes += 1
        return rows.part(1, len(rows)), False

    def _suspects(self, rows: SampleBlock) -> list[int]:
        """Rows that are further from the one before than a movement goes."""
        p = self._p
        limit = p.gyro_radps2 * np.maximum(np.diff(rows.t_s), p.least_s)
        accel = np.abs(np.diff(rows.accel_mps2, axis=0)).max(axis=1, initial=0.0)
        gyro = np.abs(np.diff(rows.gyro_radps, axis=0)).max(axis=1, initial=0.0)
        suspects: NDArray[np.int64] = np.flatnonzero((accel > p.accel_mps2) | (gyro > limit)) + 1
        return suspects.tolist()

    def _wrong_from(self, rows: SampleBlock, k: int) -> int | None:
        """How many rows from the suspect `k` on are wrong; None while too little has come to know it."""
        for n in range(1, self._p.longest + 1):
            before, after = k - 1, k + n
            if after >= len(rows):
                return None
            took_s = 0.5 * float(rows.t_s[after] - rows.t_s[before])
            near = self._apart(rows, before, after, took_s)
            far = min(self._apart(rows, end, j, took_s) for j in range(k, after) for end in (before, after))
            if far > max(1.0, self._p.alone_times * near):
                return n
        return 0

    def _apart(self, rows: SampleBlock, i: int, j: int, took_s: float) -> float:
        """How far row `j` is from row `i`, in times of what a movement of so long may do."""
        p = self._p
        accel = _largest(rows.accel_mps2[j] - rows.accel_mps2[i]) / p.accel_mps2
        gyro = _largest(rows.gyro_radps[j] - rows.gyro_radps[i]) / (p.gyro_radps2 * max(took_s, p.least_s))
        return max(accel, gyro)


def _largest(values: FloatArray) -> float:
    """Largest magnitude; 0 of nothing, and of the rates of a sensor without a gyro, which are no numbers."""
    if not values.size:
        return 0.0
    most = max(float(values.max()), -float(values.min()))
    return most if most > 0.0 else 0.0


def _interpolated(rows: SampleBlock, wrong: list[int]) -> SampleBlock:
    """The rows with the wrong ones on straight lines between their neighbours."""
    if not wrong:
        return rows
    right = np.delete(np.arange(len(rows)), wrong)
    mended = (rows.accel_mps2.copy(), rows.gyro_radps.copy())
    for values in mended:
        for axis in range(3):
            values[wrong, axis] = np.interp(rows.t_s[wrong], rows.t_s[right], values[right, axis])
    return SampleBlock(rows.t_s, *mended)

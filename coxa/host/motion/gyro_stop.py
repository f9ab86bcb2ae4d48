"""A gyro's axis that stops in mid session: one that has noise never reads the same for long."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.host.motion.accel_only import lacks_gyro, without_rates
from coxa.host.motion.noise import NoiseParams
from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem, joined


@dataclass(frozen=True, slots=True)
class StopParams:
    """When an axis has stopped. Those of all recordings, which have noise, read the same to the last bit for 0.15 s at
    most (`walk_02`), but at the sensor's limit.
    """

    habit_s: float = 0.2
    """An axis that has read the same for longer and went on is too coarse to see its own noise, and may stand still for
    as long as it likes. 0.15 to 0.25."""
    habit_samples: int = 8
    """And for more than so many samples, so that noise of one unit is none. 6 to 10."""
    rests: int = 12
    """It must have been seen at rest before, in so many stretches of `NoiseParams.samples` (3 s at 100 Hz), as a sensor
    that moves hides how coarse it is. 8 to 20."""
    stands_s: float = 0.8
    """An axis with noise that has read the same for so long has stopped. 0.5 to 1 s."""
    samples: int = 25
    """And so many samples again: noise of less than a unit repeats most (one sensor at 25 Hz 23 times). 24 to 40."""
    limit_radps: float = 1.7
    """What reads so much or more may be at the limit of the smallest range that gyros have (125 deg/s). 1 to 2."""
    limit_s: float = 1.5
    """Then it has stopped only after so long: a movement stays there for 0.6 s (`negative_6`). 1 to 3 s."""


class RestsSeen:
    """Tells from when on the sensor has been seen at rest for long enough."""

    def __init__(self, stretches: int) -> None:
        self._p, self._left = NoiseParams(), stretches
        self._seen: list[SampleBlock] = []
        self.since_s = np.inf

    def update(self, block: SampleBlock) -> None:
        """The next samples."""
        n = self._p.samples
        if self._left <= 0:
            return
        self._seen.append(block)
        if sum(map(len, self._seen)) < n:
            return
        seen = joined(self._seen)
        whole = len(seen) // n
        gyro, accel = (v[: whole * n].reshape(whole, n, 3) for v in (seen.gyro_radps, seen.accel_mps2))
        rests = gyro.std(axis=1).max(axis=1) <= self._p.still_radps
        rests &= accel.std(axis=1).max(axis=1) <= self._p.still_mps2
        at = np.flatnonzero(rests)
        if len(at) >= self._left:
            self.since_s = float(seen.t_s[(at[self._left - 1] + 1) * n - 1])
        self._left -= len(at)
        self._seen = [seen.part(whole * n, len(seen))]

    def forget(self) -> None:
        """Samples are missing: a stretch begins anew."""
        self._seen = []


class GyroStops:
    """Gives the stream without the rates of a gyro while one of its axes stands still, from the sample on that proves
    it up to the next that changes.

    The result does not depend on how the stream was cut into blocks.
    """

    def __init__(self) -> None:
        self._p = StopParams()
        self._rests = RestsSeen(self._p.rests)
        self._last: FloatArray = np.full(3, np.nan)
        """(3,) the newest rates, rad/s; no numbers at the start and after a gap, but of an axis that stood still."""
        self._since_s: FloatArray = np.zeros(3)
        self._again: NDArray[np.int64] = np.zeros(3, dtype=np.int64)
        """(3,) since when each axis reads what it does, and how many samples have repeated it."""
        self._coarse: NDArray[np.bool_] = np.zeros(3, dtype=np.bool_)
        """(3,) which axes stand still at times, and went on."""
        self._stopped: NDArray[np.bool_] = np.zeros(3, dtype=np.bool_)
        """(3,) which have stopped."""
        self._newest_s = np.inf
        self.left_out_s = 0.0
        """For how long in all the gyro was left out."""

    @property
    def stopped(self) -> tuple[int, ...]:
        """Which axes have stopped and stand still, 0 to 2 for x to z."""
        return tuple(np.flatnonzero(self._stopped).tolist())

    def update(self, item: StreamItem) -> list[StreamItem]:
        """The next block or gap."""
        if isinstance(item, Gap) or lacks_gyro(item):
            self._last = np.where(self._again >= self._p.habit_samples, self._last, np.nan)
            self._newest_s = np.inf
            self._rests.forget()
            return [item]
        if not len(item) or self._coarse.all():
            return [item]
        self._rests.update(item)
        same = np.empty((len(item), 3), dtype=np.bool_)
        same[0], same[1:] = item.gyro_radps[0] == self._last, item.gyro_radps[1:] == item.gyro_radps[:-1]
        parts: list[StreamItem] = [item]
        stopped = np.zeros(3, dtype=np.bool_)
        if self._may_stand(same):
            out = np.zeros(len(item), dtype=np.bool_)
            for axis in range(3):
                stops, stopped[axis] = self._stops(item, axis, np.flatnonzero(~same[:, axis]))
                for start, end in stops:
                    out[start:end] = True
            parts = self._parted(item, out) if out.any() else parts
        self._go_on(item, same, stopped)
        return parts

    def _may_stand(self, same: NDArray[np.bool_]) -> bool:
        """Whether an axis repeats itself for long anywhere; quick, as it is all that most blocks need.

        Args:
            same: (n, 3) which rates are the ones before.
        """
        many, half = self._p.habit_samples, self._p.habit_samples // 2
        if (self._again >= many).any() or (same[0] & ((self._again >= half) | same[:half].all(axis=0))).any():
            return True
        for k in (1, 2, 4):
            same = same[:-k] & same[k:]
        return bool(same.any())

    def _go_on(self, block: SampleBlock, same: NDArray[np.bool_], stopped: NDArray[np.bool_]) -> None:
        """What the next samples are compared with."""
        n, back = len(block), same[::-1].argmin(axis=0)
        through = same.all(axis=0)
        self._since_s = np.where(through, self._since_s, block.t_s[n - 1 - back])
        self._again = np.where(through, self._again + n, back)
        self._last, self._stopped, self._newest_s = block.gyro_radps[-1].copy(), stopped, float(block.t_s[-1])

    def _stops(self, block: SampleBlock, axis: int, at: NDArray[np.int64]) -> tuple[list[tuple[int, int]], bool]:
        """Stretches `[start, end)` of the block in which an axis has stopped that changes with the samples `at`, and
        whether it has when the block ends.
        """
        p, t_s, n = self._p, block.t_s, len(block)
        begin, end = np.append(0, at), np.append(at, n)
        since_s = np.append(self._since_s[axis], t_s[at])
        until_s = t_s[end - 1]
        if len(at) and not at[0]:  # what came before ended with its block, or a gap did not let it end
            until_s[0] = self._newest_s if np.isfinite(self._newest_s) else since_s[0]
        again = end - begin - 1
        again[0] += self._again[axis] + 1
        long = np.flatnonzero((until_s - since_s > p.habit_s) & (again > p.habit_samples))
        stops, stopped = list[tuple[int, int]](), False
        for k in long.tolist():
            rate_radps = abs(self._last[axis] if k == 0 else block.gyro_radps[begin[k], axis])
            least_s = p.stands_s if rate_radps < p.limit_radps else p.limit_s
            stands_s, repeats = t_s[begin[k] : end[k]] - since_s[k], again[k] - np.arange(end[k] - begin[k])[::-1]
            proof = (stands_s >= least_s) & (repeats >= p.samples)
            known = not self._coarse[axis] and since_s[k] >= self._rests.since_s
            stopped = (k == 0 and bool(self._stopped[axis])) or (known and bool(proof.any()))
            if known and proof.any():
                stops.append((int(begin[k] + proof.argmax()), int(end[k])))
            if k < len(at) and not stopped and rate_radps < p.limit_radps:
                self._coarse[axis] = True
        return stops, stopped and int(long[-1]) == len(at)

    def _parted(self, block: SampleBlock, out: NDArray[np.bool_]) -> list[StreamItem]:
        """The block in parts, without the rates where any axis has stopped."""
        step_s = np.diff(block.t_s, prepend=min(self._newest_s, block.t_s[0]))
        self.left_out_s += float(step_s[out].sum())
        edges = [0, *(np.flatnonzero(np.diff(out)) + 1).tolist(), len(block)]
        parts = [(block.part(a, b), bool(out[a])) for a, b in itertools.pairwise(edges)]
        return [without_rates(part) if left_out else part for part, left_out in parts]

"""When the sensor rests, which shows the gyro's offset and the direction of up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.host.motion.orientation_params import OrientationParams
from coxa.host.samples import FloatArray, SampleBlock, joined, row_dots


@dataclass(frozen=True, slots=True, eq=False)
class Rests:
    """Times in which the sensor stayed where it was, as columns."""

    end: NDArray[np.int64]
    """(n,) where each ends in the block that is being filtered."""
    after_motion: NDArray[np.bool_]
    """(n,) when the stretch before it ended the sensor did not rest, or it is not known."""
    up: FloatArray
    """(n, 3) direction of up as the accelerometer sees it."""
    rate_radps: FloatArray
    """(n, 3) mean rate."""
    turned_rad: FloatArray
    """(n,) by how much gravity, as the accelerometer sees it, turned from beginning to end."""
    lasts_s: FloatArray
    """(n,) how long each is."""
    trembles: NDArray[np.bool_]
    """(n,) it is not still, but its halves have the same means."""
    apart_radps: FloatArray
    """(n,) by how much the rates of its halves differ, on the worst axis; of what trembles, else 0."""

    def __getitem__(self, part: slice | NDArray[np.bool_]) -> Rests:
        """Some of them."""
        return Rests(
            self.end[part],
            self.after_motion[part],
            self.up[part],
            self.rate_radps[part],
            self.turned_rad[part],
            self.lasts_s[part],
            self.trembles[part],
            self.apart_radps[part],
        )

    def trusted(self, number: int | None) -> Rests:
        """Those of somebody who is still, and this one if any: of who trembles none else tells that much of up."""
        if not len(self.end):
            return self
        return self[~self.trembles | (np.arange(len(self.end)) == (-1 if number is None else number))]

    def within(self, start: int, end: int) -> Rests:
        """Those that end in `(start, end]`, as rests of a block that begins at `start`."""
        if not len(self.end):
            return self
        seen = self[slice(*np.searchsorted(self.end, (start, end), side="right").tolist())]
        return replace(seen, end=seen.end - start)


NO_RESTS = Rests(
    np.empty(0, np.int64),
    np.empty(0, np.bool_),
    np.empty((0, 3)),
    np.empty((0, 3)),
    np.empty(0),
    np.empty(0),
    np.empty(0, np.bool_),
    np.empty(0),
)


class RestFinder:
    """Finds rests in blocks that follow each other, the same wherever they were cut: stretches lie end to end."""

    def __init__(self, params: OrientationParams, window: int, lasts_s: float) -> None:
        """`window` is the number of samples in a stretch, which lasts so long."""
        self._p, self._window, self._lasts_s = params, window, lasts_s
        self.forget()

    def forget(self) -> None:
        """What comes next does not follow what came before."""
        self._seen = list[SampleBlock]()
        """The newest whole stretch, where there is one, and the beginning of the present one."""
        self._whole = 0
        """How many whole ones that are."""

    def update(self, block: SampleBlock) -> Rests:
        """The rests that end in the next block."""
        self._seen.append(block)
        count = sum(len(b) for b in self._seen)
        if count < (self._whole + 1) * self._window:
            return NO_RESTS
        seen, known = joined(self._seen), self._whole
        self._seen, self._whole = [seen.part((count // self._window - 1) * self._window, count)], 1
        return self._found(seen, known, count - len(block))

    def _found(self, seen: SampleBlock, known: int, begin: int) -> Rests:
        """Those at the ends of the stretches that come after so many known ones, in the block that begins there."""
        p, window, third = self._p, self._window, max(self._window // 3, 1)
        whole = len(seen) // window
        # each axis of each stretch lies in memory in one piece: sums then depend on nothing but the stretch, and are
        # quick
        gyro, accel = (
            np.ascontiguousarray(a[: whole * window].T).reshape(3, whole, window)
            for a in (seen.gyro_radps, seen.accel_mps2)
        )
        means = [a.mean(axis=-1, keepdims=True) for a in (gyro, accel)]
        gyro_std, accel_std = (
            a.std(axis=-1, mean=mean).max(axis=0) for a, mean in zip((gyro, accel), means, strict=True)
        )
        rate, force = (mean[..., 0].T for mean in means)
        still = (gyro_std <= p.still_gyro_radps) & (accel_std <= p.still_accel_mps2)
        calm = (gyro_std <= p.trembling_radps) & (accel_std <= p.trembling_mps2)
        rests = still.copy()
        rests[1:] |= calm[1:] & calm[:-1] & (np.abs(np.diff(force, axis=0)).max(axis=1) <= p.steady_mps2)
        at = np.flatnonzero(rests)
        at = at[at >= known]
        alone, before = still[at], np.where(still[at], at, at - 1)  # what trembles rests with the stretch before
        up = force[at] + force[before]
        first, last = (part[:, at].mean(axis=-1).T for part in (accel[..., :third], accel[..., -third:]))
        first, last = np.where(alone[:, None], (first, last), (force[before], force[at]))
        return Rests(
            (at + 1) * window - begin,
            ~np.concatenate([[False], rests])[at],
            up / np.maximum(np.sqrt(row_dots(up, up)), 1e-9)[:, None],
            0.5 * (rate[at] + rate[before]),
            np.where(alone, 1.5, 2.0) * _angles(first, last),
            np.where(alone, 1.0, 2.0) * self._lasts_s,
            ~alone,
            np.abs(rate[at] - rate[before]).max(axis=1, initial=0.0),
        )


def _angles(a: FloatArray, b: FloatArray) -> FloatArray:
    """(n,) radians between vectors (n, 3)."""
    sizes = np.sqrt(row_dots(a, a) * row_dots(b, b))
    return np.arccos(np.clip(row_dots(a, b) / np.maximum(sizes, 1e-9), -1.0, 1.0))

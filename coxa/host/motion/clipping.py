"""Samples at a limit of the sensor: its largest value, several times in a row, near a range that sensors have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coxa.host.motion.stream_params import StreamParams
from coxa.host.samples import FloatArray


class Clipping:
    """Counts one sensor's samples at its limit. Runs go on from stretch to stretch, and end where samples are lost."""

    def __init__(self, ranges: Sequence[int], per_unit: float, params: StreamParams) -> None:
        """Args:
        ranges: full scales that such sensors have.
        per_unit: one unit of those in the unit of the values.
        """
        self._ranges, self._per_unit, self._p = ranges, per_unit, params
        self.most = 0.0
        """Largest magnitude so far, in the unit of the values."""
        self._count = 0
        self._before: FloatArray = np.empty((0, 3))
        """The newest samples, which the next may make a run of."""
        self._piece_before: FloatArray = np.empty(0)
        self._told_before: NDArray[np.bool_] = np.empty(0, dtype=np.bool_)

    def update(self, values: FloatArray, piece: FloatArray) -> None:
        """The next samples (n, 3), and the number (n,) of the unbroken piece of the stream in which each lies."""
        most, keep = float(np.abs(values).max(initial=0.0)), self._p.flat_run - 1
        if most > self.most / self._p.flat_share:
            self.most, self._count = most, 0
            self._told_before[:] = False
        values, piece = np.concatenate([self._before, values]), np.concatenate([self._piece_before, piece])
        told = np.zeros(len(values), dtype=np.bool_)
        told[: len(self._told_before)] = self._told_before
        flat = self._in_flat_run(values, piece)
        self._count += int((flat & ~told).sum())
        self._before, self._piece_before, self._told_before = values[-keep:], piece[-keep:], (flat | told)[-keep:]

    def _in_flat_run(self, values: FloatArray, piece: FloatArray) -> NDArray[np.bool_]:
        """(n,) whether an axis stays at the limit for a whole run about the sample."""
        n, inside = self._p.flat_run, np.zeros(len(values), dtype=np.bool_)
        starts = len(values) - n + 1
        if starts <= 0:
            return inside
        flat = np.abs(values) >= self._p.flat_share * self.most
        runs = np.all([flat[k : starts + k] for k in range(n)], axis=0).any(axis=1) & (piece[n - 1 :] == piece[:starts])
        for k in range(n):
            inside[k : starts + k] |= runs
        return inside

    @property
    def limit(self) -> int | None:
        """The range that the sensor is set to, where samples are at its end."""
        most = self.most / self._per_unit
        near = (r for r in self._ranges if abs(most - r) <= self._p.range_error * r)
        return next(near, None) if self._count else None

    @property
    def samples(self) -> int:
        """How many samples are at the limit."""
        return self._count if self.limit is not None else 0

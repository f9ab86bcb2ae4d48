"""A steady beat for the detectors: tilt at 25 Hz, whatever the sensor's rate, jitter and packets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from coxa.host.motion.orientation import TiltBlock, TiltItem, joined_tilts
from coxa.host.samples import FloatArray, Gap, row_dots

TICK_HZ = 25.0
"""Rate of the beat. 25 Hz holds all of human limb motion (99 % below 6 Hz, Winter 2009, section 3.4.3)."""
TICK_S = 1.0 / TICK_HZ


@dataclass(frozen=True, slots=True)
class TickParams:
    """What a tick tells of the time before it."""

    steady_s: float = 0.2
    """Over so long a tremor turns back and forth, and so by nearly nothing, while a movement goes on: one turn of a
    tremor of 5 Hz (tremors have 4 to 12 Hz). 0.15 to 0.25 s."""


@dataclass(frozen=True, slots=True, eq=False)
class TickBlock:
    """Ticks `k` at `k / TICK_HZ` (the nearest float to a multiple of 0.04 s) on the recording's clock."""

    t_s: FloatArray
    """(n,) seconds."""
    up: FloatArray
    """(n, 3) unit vector that points up, sensor frame."""
    rate_radps: FloatArray
    """(n,) largest angular rate since the tick before."""
    steady_radps: FloatArray
    """(n,) magnitude of the mean angular rate of the last `steady_s`: what trembles is averaged out."""
    shock_mps2: FloatArray
    """(n,) largest departure of the specific force from 1 g since the tick before."""
    rise_mps2: FloatArray
    """(n,) mean vertical acceleration of the sensor since the tick before, gravity removed."""
    feels_height: bool = True
    """Whether that is what the sensor did: without a gyro, turning passes for it."""


TickItem: TypeAlias = TickBlock | Gap


class Ticker:
    """Resamples tilt blocks to ticks. A tick is given as soon as a sample at or after it has come."""

    def __init__(self) -> None:
        self._steady_s = TickParams().steady_s
        self._tail: TiltBlock | None = None
        self._next: int | None = None

    def update(self, item: TiltItem) -> list[TickItem]:
        """The next block or gap; ticks inside a gap do not exist."""
        if isinstance(item, Gap):
            self._tail, self._next = None, None
            return [item]
        block = item if self._tail is None else joined_tilts((self._tail, item))
        if len(block.t_s) < 2:
            self._tail = block
            return []
        first = self._next
        if first is None:
            first = int(np.ceil(block.t_s[0] * TICK_HZ))
            first += first / TICK_HZ < block.t_s[0]
        self._next = first
        last = int(np.floor(block.t_s[-1] * TICK_HZ))
        last -= last / TICK_HZ > block.t_s[-1]  # a tick never lies after the newest sample, not even by rounding
        if last < first:
            self._tail = block
            return []
        t_s = np.arange(first, last + 1) / TICK_HZ
        ticks = _sampled(block, t_s, self._steady_s)
        keep = max(int(np.searchsorted(block.t_s, t_s[-1] - self._steady_s, side="right")) - 1, 0)
        self._tail = _part(block, keep)
        self._next = last + 1
        return [ticks]


def _sampled(block: TiltBlock, t_s: FloatArray, steady_s: float) -> TickBlock:
    at = block.t_s.searchsorted(t_s)  # first sample that has reached the tick; there is one
    right = np.maximum(at, 1)
    t0, t1 = block.t_s[right - 1], block.t_s[right]
    share = np.clip((t_s - t0) / (t1 - t0), 0.0, 1.0)[:, None]
    up = block.up[right - 1] * (1 - share) + block.up[right] * share
    up = up / np.sqrt(row_dots(up, up))[:, None]
    # samples in (tick - TICK_S, tick], or the single next one where a tick has none
    first = block.t_s.searchsorted(t_s - TICK_S, side="right")
    end = np.maximum(at + (block.t_s[at] == t_s), first + 1)
    since = block.t_s.searchsorted(t_s - steady_s, side="right")
    rate_radps = np.sqrt(row_dots(block.rate_radps, block.rate_radps))
    turned = _each(np.add, block.rate_radps.T, since, end).T
    steady = np.sqrt(row_dots(turned, turned)) / (end - since)
    rate, shock = _each(np.maximum, [rate_radps, block.shock_mps2], first, end)
    (rise,) = _each(np.add, [block.rise_mps2], first, end) / (end - first)
    return TickBlock(t_s, up, rate, steady, shock, rise, block.feels_height)


def _each(
    reduce: np.ufunc, rows: FloatArray | list[FloatArray], first: NDArray[np.int64], end: NDArray[np.int64]
) -> FloatArray:
    """(k, n) of each of k rows reduced over each `[first, end)`."""
    bounds = np.empty(2 * len(first), np.int64)
    bounds[::2], bounds[1::2] = first, end
    padded = np.zeros((len(rows), len(rows[0]) + 1))  # an end may lie after the last sample
    padded[:, :-1] = rows
    return reduce.reduceat(padded, bounds, axis=1)[:, ::2]


def _part(block: TiltBlock, start: int) -> TiltBlock:
    return TiltBlock(
        block.t_s[start:],
        block.up[start:],
        block.rate_radps[start:],
        block.shock_mps2[start:],
        block.rise_mps2[start:],
        block.feels_height,
    )

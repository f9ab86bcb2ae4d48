"""A gyro with a dead axis is none: its rates are left out, and gravity tells how the thigh turns.

Of axes that were dead from the start; for those that stop in mid session see `gyro_stop`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.host.motion.accel_only import lacks_gyro, without_rates
from coxa.host.motion.gravity_step import QUIET_MPS2, STEP_S, gravity_at_ends
from coxa.host.motion.turns import turned
from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem, joined


@dataclass(frozen=True, slots=True)
class GyroParams:
    """When an axis is dead that has read the same to the last bit ever since: gravity turns about it, unseen by it.

    Healthy axes change with the second sample, those of sensors that round small rates to zero with the first movement.
    """

    step_s: float = STEP_S
    quiet_mps2: float = QUIET_MPS2
    """Steps over which gravity is compared, as `gravity_step` says."""
    turn_deg: float = 8.0
    """What gravity turns by in a step beyond what the gyro says; less may be acceleration. 7 to 10."""
    proof_deg: float = 12.0
    """So much of it about one axis, all in all, is proof: a slow raise has 25 on its way out. 10 to 30."""


class GyroWatch:
    """Gives the stream without the rates of a gyro of which an axis is dead, from the sample on that proves it.

    Rates that are left out are no numbers, as of a sensor that has no gyro. An axis that changes after all is alive,
    and not looked at again. The result does not depend on how the stream was cut into blocks.
    """

    def __init__(self) -> None:
        self._p = GyroParams()
        self._first: FloatArray = np.full(3, np.nan)
        """(3,) what the gyro read first, rad/s; no numbers before."""
        self._changed: NDArray[np.bool_] = np.zeros(3, dtype=np.bool_)
        """(3,) which axes have read anything else."""
        self._unseen_deg: FloatArray = np.zeros(3)
        """(3,) by how much gravity has turned about each axis without it."""
        self._step: list[SampleBlock] = []
        """The present step, so far."""
        self._dead = False
        """Whether an axis was found dead; until all have changed no rate is used."""

    @property
    def dead_axes(self) -> tuple[int, ...]:
        """Which axes are dead, 0 to 2 for x to z; empty where rates are used."""
        return tuple(np.flatnonzero(~self._changed).tolist()) if self._dead else ()

    def update(self, item: StreamItem) -> list[StreamItem]:
        """The next block or gap."""
        if isinstance(item, Gap):
            self._step = []
            return [item]
        if self._changed.all() or not len(item) or lacks_gyro(item):
            return [item]
        if np.isnan(self._first[0]):
            self._first = item.gyro_radps[0].copy()
        changed = np.logical_or.accumulate(item.gyro_radps != self._first, axis=0) | self._changed
        alive_at = int(np.searchsorted(changed.all(axis=1), True))
        dead_at = 0 if self._dead else self._proof(item.part(0, alive_at), changed)
        self._changed = changed[-1]
        parts = (item.part(0, dead_at), without_rates(item.part(dead_at, alive_at)), item.part(alive_at, len(item)))
        return [item] if dead_at == alive_at else [part for part in parts if len(part)]

    def _proof(self, block: SampleBlock, changed: NDArray[np.bool_]) -> int:
        """Which sample proves an axis dead; the block's length if none does. `changed` tells, for each sample, which
        axes had by then.
        """
        held, start = sum(map(len, self._step)), 0
        seen = joined([*self._step, block])
        while start < len(seen) and seen.t_s[-1] - seen.t_s[start] >= self._p.step_s:
            end = start + int(np.searchsorted(seen.t_s[start:], seen.t_s[start] + self._p.step_s))
            end = min(end, len(seen) - 1)
            self._unseen_deg += np.where(changed[end - held], 0.0, self._unseen(seen.part(start, end + 1)))
            start = end
            self._dead = bool((self._unseen_deg[~changed[end - held]] >= self._p.proof_deg).any())
            if self._dead:
                break
        self._step = [] if self._dead else [seen.part(start, len(seen))]
        return start - held if self._dead else len(block)

    def _unseen(self, step: SampleBlock) -> FloatArray:
        """(3,) degrees by which gravity turned about each axis from a step's first sample to its last, and the gyro did
        not say so.
        """
        ends = gravity_at_ends(step.accel_mps2[[0, -1]], self._p.quiet_mps2)
        if ends is None:
            return np.zeros(3)
        (first, last), steps_s = ends, np.diff(step.t_s)[:, None]
        turn_rad = ((step.gyro_radps[1:] - self._first) * steps_s).sum(axis=0)
        unseen_deg = np.degrees(np.abs(np.cross(turned(first[None], -turn_rad[None])[0], last)))
        return unseen_deg if np.linalg.norm(unseen_deg) >= self._p.turn_deg else np.zeros(3)

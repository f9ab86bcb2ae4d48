"""Sensors that hang: the same sample over and over, bit for bit, is no sample where the sensor cannot stand still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from coxa.host.motion.accel_only import lacks_gyro
from coxa.host.motion.noise import NoiseProof
from coxa.host.samples import STANDARD_GRAVITY_MPS2, Gap, SampleBlock, StreamItem, joined


@dataclass(frozen=True, slots=True)
class FreezeParams:
    """When a repeated sample is a loss."""

    frozen_s: float = 0.2
    """Sensors and their programs repeat samples for up to 0.04 s by habit (fresh values at 25 Hz, sent at 100 or 400),
    hangs last longer (docs/decisions.md). 0.15 to 0.3."""
    repeats: int = 4
    """And at low rates so many times. 2 to 8: nothing breaks (`tests/test_mend.py`)."""
    moving_radps: float = 0.5
    """A rate that stands still beyond this is no resting gyro's offset (20 deg/s of the MPU-6050), and nobody turns so
    evenly that gravity stays where it is as well. 0.4 to 0.8."""
    off_mps2: float = 3.0
    """Nor is a specific force so far from 1 g that of a resting sensor, whose zero and scale are off by 0.7. 1.5 to 6:
    nothing breaks (`tests/test_mend.py`)."""


class _Run(Enum):
    """What a run of one sample over and over is."""

    NONE = auto()
    WAITS = auto()
    """Not known yet: the repetitions are held back."""
    FROZEN = auto()
    RESTS = auto()
    """A resting sensor that may be too coarse to see its own noise: its samples are given."""


class FreezeWatch:
    """Turns stretches in which the sensor hung into gaps.

    Repetitions wait until a fresh sample comes, or until they are a hang; those of a sensor that may be resting do not
    wait. The result does not depend on how the stream was cut into blocks.
    """

    def __init__(self) -> None:
        self._p = FreezeParams()
        self._noise = NoiseProof()
        self._last: SampleBlock | None = None
        """The newest fresh sample, None at the start and after a gap."""
        self._run = _Run.NONE
        self._held: list[SampleBlock] = []
        self._from_s = self._newest_s = 0.0
        """Times of the first and of the newest repetition."""
        self.freezes, self.frozen_s = 0, 0.0
        """How often the sensor hung, and for how long in all."""

    def update(self, item: StreamItem) -> list[StreamItem]:
        """The next block or gap."""
        if isinstance(item, Gap):
            return self._cut(item)
        if not len(item):
            return []
        runs = self._runs(item)
        if not runs:
            return self._fresh(item)
        given, at = list[StreamItem](), 0
        for start, end in runs:
            if start > at:
                given += self._fresh(item.part(at, start))
            given += self._again(item.part(start, end))
            at = end
        if at < len(item):
            given += self._fresh(item.part(at, len(item)))
        return list(_merged(given))

    def finish(self) -> list[StreamItem]:
        """The stream is over: a hang in which it ends is a gap like others."""
        return self._ended(None)

    def _cut(self, gap: Gap) -> list[StreamItem]:
        """A gap ends every run; one that follows a hang begins where that began."""
        frozen, given = self._run is _Run.FROZEN, self._ended(gap.end_s)
        self._last = None
        self._noise.forget()
        return given if frozen else [*given, gap]

    def _ended(self, next_s: float | None) -> list[StreamItem]:
        """What the run that is open was, now that it is over: the samples that waited, or a gap."""
        run, held, self._run, self._held = self._run, self._held, _Run.NONE, []
        if run is _Run.FROZEN:
            self._noise.forget()
            return [Gap(self._from_s, self._newest_s if next_s is None else next_s)]
        if held:
            self._noise.update(joined(held))
        return list(held)

    def _runs(self, block: SampleBlock) -> list[tuple[int, int]]:
        """Runs `[start, end)` of repetitions that are long enough to be a hang, or reach beyond the block."""
        again = self._repetitions(block)
        if not len(again):
            return []
        first = np.flatnonzero(np.diff(again, prepend=-2) > 1)
        starts, ends = again[first], again[np.append(first[1:], len(again)) - 1] + 1
        lasts_s = block.t_s[ends - 1] - block.t_s[np.maximum(starts - 1, 0)]
        long = (lasts_s >= self._p.frozen_s) & (ends - starts >= self._p.repeats)
        told = long | (starts == 0) | (ends == len(block))
        return list(zip(starts[told].tolist(), ends[told].tolist(), strict=True))

    def _repetitions(self, block: SampleBlock) -> NDArray[np.int64]:
        """Which samples are the one before, bit for bit."""
        axes = [block.accel_mps2[:, 0], block.accel_mps2[:, 1], block.accel_mps2[:, 2]]
        if not lacks_gyro(block):
            axes += [block.gyro_radps[:, 0], block.gyro_radps[:, 1], block.gyro_radps[:, 2]]
        at = np.flatnonzero(axes[0][1:] == axes[0][:-1]) + 1
        for axis in axes[1:]:
            if not len(at):
                break
            at = at[axis[at] == axis[at - 1]]
        return np.append(0, at) if self._last is not None and _same(self._last, block) else at

    def _fresh(self, block: SampleBlock) -> list[StreamItem]:
        """A fresh sample, and what follows it."""
        ended = self._ended(float(block.t_s[0])) if self._run is not _Run.NONE else []
        self._last = block.part(len(block) - 1, len(block))
        self._noise.update(block)
        return [*ended, block]

    def _again(self, block: SampleBlock) -> list[StreamItem]:
        """More of the newest sample."""
        if self._run is _Run.NONE:
            self._from_s = float(block.t_s[0])
            self._run = _Run.RESTS if self._may_rest(block) else _Run.WAITS
        before_s, self._newest_s = self._newest_s, float(block.t_s[-1])
        if self._run is _Run.RESTS:
            self._noise.update(block)
            return [block]
        if self._run is _Run.WAITS:
            self._wait(block)
        else:
            self.frozen_s += self._newest_s - before_s
        return []

    def _wait(self, block: SampleBlock) -> None:
        self._held.append(block)
        assert self._last is not None
        lasts_s = self._newest_s - float(self._last.t_s[0])
        if lasts_s >= self._p.frozen_s and sum(map(len, self._held)) >= self._p.repeats:
            self._run, self._held = _Run.FROZEN, []
            self.freezes += 1
            self.frozen_s += lasts_s

    def _may_rest(self, block: SampleBlock) -> bool:
        """Whether a resting sensor could read this for long: unless its noise is known, it may be a quiet one."""
        if self._noise.proven:
            return False
        force_mps2, rate_radps = float(np.linalg.norm(block.accel_mps2[0])), float(np.linalg.norm(block.gyro_radps[0]))
        turns = rate_radps > self._p.moving_radps  # not without a gyro, where it is no number
        return not turns and abs(force_mps2 - STANDARD_GRAVITY_MPS2) <= self._p.off_mps2


def _same(last: SampleBlock, block: SampleBlock) -> bool:
    accel = np.array_equal(last.accel_mps2[0], block.accel_mps2[0])
    return accel and np.array_equal(last.gyro_radps[0], block.gyro_radps[0], equal_nan=True)


def _merged(items: list[StreamItem]) -> Iterator[StreamItem]:
    """Blocks that follow each other as one."""
    for gap, group in groupby(items, lambda item: isinstance(item, Gap)):
        if gap:
            yield from group
        else:
            yield joined([b for b in group if isinstance(b, SampleBlock)])

"""What travels from a sensor to the detectors: packets, blocks of samples, and gaps between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]

STANDARD_GRAVITY_MPS2 = 9.80665
"""Standard acceleration of free fall (BIPM, The International System of Units, 9th ed.)."""

LEAST_HZ = 20.0
"""The slowest rate that coxa can use, with some room below the 25 Hz that it promises."""
MAX_ACCEL_MPS2, MAX_GYRO_RADPS = 400.0, 80.0
"""40 g and 4600 deg/s, beyond the range of any IMU for bodies: larger values are of another unit, or damage."""
LOST_PERIODS = 1.5
"""A step of a sensor's clock longer than this many periods has lost a sample: one that is lost makes 2, jitter stays
below. Where only the clock tells of loss (sensors without a counter), such a step is a gap, so that loss shows."""
GAP_PERIODS = 2.5
"""A longer step is a gap in numbered packets and in files. Up to it nothing is missing but late where packets are
numbered; in a file one sample may be, and is integrated over: samples stand at their own times, and 2.5 periods are
0.1 s at the 25 Hz that coxa promises, as much as is ever bridged. Told as gaps they would cost counts: with each fifth
row of `ptx_s1_leg_raise_d` left out, 26 of 30 raises are found instead of 30."""

ABOUT = 0.6
"""Steps that differ from the middle one by no more than this share of it are taken to be of one period."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One notification as it came from the radio."""

    arrival_s: float
    """Host clock at arrival, seconds since the session began; it stamps samples only where the sensor has no clock."""
    data: bytes
    characteristic: str = ""
    """UUID that notified it; empty in recordings of an earlier coxa."""


@dataclass(frozen=True, slots=True, eq=False)
class SampleBlock:
    """Consecutive samples of one sensor, in the sensor's frame and on the sensor's clock."""

    t_s: FloatArray
    """(n,) seconds of the recording's own clock, strictly increasing."""
    accel_mps2: FloatArray
    """(n, 3) specific force, sensor frame, m/s2: +g on the axis that points up, at rest."""
    gyro_radps: FloatArray
    """(n, 3) angular rate, sensor frame, rad/s, right-handed."""

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.t_s)

    def part(self, start: int, end: int) -> SampleBlock:
        """Samples `[start, end)` as a block of their own (views, not copies)."""
        return SampleBlock(self.t_s[start:end], self.accel_mps2[start:end], self.gyro_radps[start:end])


def joined(blocks: Sequence[SampleBlock]) -> SampleBlock:
    """Blocks that follow each other as one; a single one as it is."""
    if len(blocks) == 1:
        return blocks[0]
    return SampleBlock(
        np.concatenate([b.t_s for b in blocks]),
        np.concatenate([b.accel_mps2 for b in blocks]),
        np.concatenate([b.gyro_radps for b in blocks]),
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples lost in `[start_s, end_s)`: after the last one received, before the next one."""

    start_s: float
    end_s: float
    certain: bool = True
    """False where the sensor's clock alone says so and its numbers go on: it may have been set forward, so that nothing
    is missing, or nobody knows how much."""


StreamItem: TypeAlias = SampleBlock | Gap


def usual_step_s(step_s: FloatArray) -> float:
    """The sampling period that (n,) steps of a clock tell, n at least 1: the mean of those about the middle one.

    Steps over losses are 2 periods and more and left out. The middle one itself is a period only for fine clocks: one
    that tells whole milliseconds makes steps of 2 and 3 at 400 Hz.
    """
    middle = (len(step_s) - 1) // 2
    middle_s = np.partition(step_s, middle)[middle]
    return float(step_s[np.abs(step_s - middle_s) <= ABOUT * middle_s].mean())


def row_dots(a: FloatArray, b: FloatArray) -> FloatArray:
    """Scalar products of the rows of two (n, 3) arrays, to the last bit the same however the rows lie in memory."""
    return a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]

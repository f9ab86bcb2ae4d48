"""What another sensor makes of the same movement: how it is mounted, what it measures wrongly, and how it fails."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from coxa.host.samples import SampleBlock, joined
from tools.recorded import Recorded

SPIKES_A_MINUTE = 10.0
HANGS_A_MINUTE = 4.0


def turned(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """Another mounting, any at all."""
    turn = Rotation.random(random_state=int(rng.integers(1 << 31)))
    return recorded.blocks(lambda b: SampleBlock(b.t_s, turn.apply(b.accel_mps2), turn.apply(b.gyro_radps)))


def noisier(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """Another mounting, more noise than makers state, a gyro offset of up to a degree a second."""
    offset_radps = rng.uniform(-0.02, 0.02, 3)

    def change(b: SampleBlock) -> SampleBlock:
        size = b.accel_mps2.shape
        return SampleBlock(
            b.t_s,
            b.accel_mps2 + rng.normal(0.0, 0.05, size),
            b.gyro_radps + rng.normal(0.0, 0.01, size) + offset_radps,
        )

    return turned(recorded, rng).blocks(change)


def offset(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """A gyro that nobody has calibrated: 2 to 8 deg/s off in every axis."""
    offset_radps = np.radians(rng.uniform(2.0, 8.0, 3)) * rng.choice([-1.0, 1.0], 3)
    return recorded.blocks(lambda b: SampleBlock(b.t_s, b.accel_mps2, b.gyro_radps + offset_radps))


def miscalibrated(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """Zero errors of the accelerometer up to 0.5 m/s2, scale errors of 3 %, axes 1.5 degrees askew."""
    zero_mps2 = rng.uniform(-0.5, 0.5, 3)
    skew_accel, skew_gyro = (np.diag(rng.uniform(0.97, 1.03, 3)) + rng.normal(0.0, 0.02, (3, 3)) for _ in range(2))
    return recorded.blocks(
        lambda b: SampleBlock(b.t_s, b.accel_mps2 @ skew_accel + zero_mps2, b.gyro_radps @ skew_gyro)
    )


def clipped(recorded: Recorded, _: np.random.Generator) -> Recorded:
    """A range of 2 g and 125 deg/s."""
    most_radps = np.radians(125)
    return recorded.blocks(
        lambda b: SampleBlock(b.t_s, np.clip(b.accel_mps2, -19.6, 19.6), np.clip(b.gyro_radps, -most_radps, most_radps))
    )


def gyroless(recorded: Recorded, _: np.random.Generator) -> Recorded:
    """Of a sensor that has no gyro."""
    return recorded.blocks(lambda b: SampleBlock(b.t_s, b.accel_mps2, np.full_like(b.gyro_radps, np.nan)))


def dead_gyro(recorded: Recorded, _: np.random.Generator) -> Recorded:
    """Of a sensor whose gyro sends zeros."""
    return recorded.blocks(lambda b: SampleBlock(b.t_s, b.accel_mps2, np.zeros_like(b.gyro_radps)))


def dead_gyro_axis(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """One axis of the gyro sends the same all the time."""
    axis, radps = int(rng.integers(3)), float(rng.uniform(-0.1, 0.1))

    def change(b: SampleBlock) -> SampleBlock:
        gyro = b.gyro_radps.copy()
        gyro[:, axis] = radps
        return SampleBlock(b.t_s, b.accel_mps2, gyro)

    return recorded.blocks(change)


def stopping_gyro(recorded: Recorded, _: np.random.Generator) -> Recorded:
    """The gyro stops after two fifths of the recording, and sends its last value from then on."""
    return _stopping(recorded, [0, 1, 2])


def stopping_gyro_axis(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """The same of one axis."""
    return _stopping(recorded, [int(rng.integers(3))])


def _stopping(recorded: Recorded, axes: list[int]) -> Recorded:
    seen = joined([i for i in recorded.items if isinstance(i, SampleBlock)])
    at = int(0.4 * len(seen))

    def change(b: SampleBlock) -> SampleBlock:
        gyro = b.gyro_radps.copy()
        gyro[np.ix_(b.t_s >= seen.t_s[at], axes)] = seen.gyro_radps[at, axes]
        return SampleBlock(b.t_s, b.accel_mps2, gyro)

    return recorded.blocks(change)


def spiky(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """A bus with bit errors: ten times a minute one axis of one sample is anything that its range allows."""

    def change(b: SampleBlock) -> SampleBlock:
        accel, gyro = b.accel_mps2.copy(), b.gyro_radps.copy()
        for at in rng.choice(len(b), min(_times(b, SPIKES_A_MINUTE), len(b)), replace=False):
            values, most = ((accel, 8 * 9.80665), (gyro, np.radians(2000.0)))[int(rng.integers(2))]
            values[at, rng.integers(3)] = rng.uniform(-most, most)
        return SampleBlock(b.t_s, accel, gyro)

    return recorded.blocks(change)


def repeats(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """A program that sends the last value again where the sensor had none: 0.1 to 0.6 s, four times a minute."""
    return recorded.blocks(lambda b: _hung(b, rng.uniform(0.1, 0.6, _times(b, HANGS_A_MINUTE)), rng))


def hangs(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """The same for half a second up to two."""
    return recorded.blocks(lambda b: _hung(b, rng.uniform(0.5, 2.0, _times(b, HANGS_A_MINUTE)), rng))


def _times(block: SampleBlock, a_minute: float) -> int:
    return round(a_minute / 60.0 * float(block.t_s[-1] - block.t_s[0])) if len(block) else 0


def _hung(block: SampleBlock, lasts_s: NDArray[np.float64], rng: np.random.Generator) -> SampleBlock:
    """Samples that repeat the last one before, for so long each."""
    of = np.arange(len(block))
    for last_s in lasts_s:
        first = int(rng.integers(len(block)))
        until = int(np.searchsorted(block.t_s, block.t_s[first] + last_s))
        of[first:until] = of[first]
    return SampleBlock(block.t_s, block.accel_mps2[of], block.gyro_radps[of])

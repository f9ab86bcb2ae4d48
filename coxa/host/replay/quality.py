"""What is doubtful about a recording that can still be read."""

from __future__ import annotations

import numpy as np

from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, SampleBlock

DEAD_GYRO_RADPS = 1e-4
"""Any live gyro is noisier than this (0.006 deg/s; BMI270: 0.07 deg/s rms)."""
DEAD_SHARE = 0.1
"""An axis that varies less than this share of the most lively one while the thigh moves."""
OFF_GRAVITY_SHARE = 0.12
"""A good sensor's offset and scale error stay well under this (LSM6DSO: 20 mg, 1 %; MPU-6050: 80 mg, 3 %)."""
CLIPPED_SAMPLES = 3
"""As many samples at the very same extreme value in a row are clipping, not chance."""


def doubts(samples: SampleBlock) -> list[str]:
    """One line for each thing that makes counts from these samples doubtful; empty when all is well."""
    return [*_gravity(samples), *_dead(samples), *_clipped(samples)]


def _gravity(samples: SampleBlock) -> list[str]:
    force_g = float(np.median(np.linalg.norm(samples.accel_mps2, axis=1))) / STANDARD_GRAVITY_MPS2
    if abs(force_g - 1) <= OFF_GRAVITY_SHARE:
        return []
    return [f"the accelerometer shows {force_g:.2f} g at rest instead of 1; its axes may be dead or wrongly scaled"]


def _dead(samples: SampleBlock) -> list[str]:
    out = list[str]()
    for label, values, least in (
        ("accelerometer", samples.accel_mps2, 0.0),
        ("gyro", samples.gyro_radps, DEAD_GYRO_RADPS),
    ):
        dead = [axis for axis, spread in zip("xyz", values.std(axis=0), strict=True) if spread <= least]
        if dead:
            out.append(f"the {label}'s {' and '.join(dead)} axis never moves: it may be dead")
    return out


def _clipped(samples: SampleBlock) -> list[str]:
    out = list[str]()
    for label, values in (("accelerometer", samples.accel_mps2), ("gyro", samples.gyro_radps)):
        axes = [axis for axis, column in zip("xyz", values.T, strict=True) if _is_clipped(column)]
        if axes:
            out.append(f"the {label}'s {' and '.join(axes)} axis hits the end of its range: choose a wider one")
    return out


def _is_clipped(column: FloatArray) -> bool:
    """Whether values (n,) stay at their own extreme for several samples, far from where they mostly are."""
    for extreme in (column.max(), column.min()):
        if abs(extreme - np.median(column)) < 5 * max(float(column.std()), 1e-9):
            continue
        at = column == extreme
        run = at.copy()
        for _ in range(CLIPPED_SAMPLES - 1):
            run = run[1:] & at[: len(run) - 1]
        if run.any():
            return True
    return False

"""What a phone's own sensors read of a simulated person: two streams at rates and times of their own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coxa.firmware_sim.raw import RawStream
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray

GRAVITY_TAU_S = 0.3
"""How slowly the phone's own estimate of gravity follows; with what is left over it makes up the whole again."""
GYRO_LATE_S = 0.003
"""So much later than the accelerometer's the gyro's first reading comes."""


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Both streams, on the phone's clock, from 0."""

    accel_s: FloatArray
    """(n,) seconds."""
    accel_mps2: FloatArray
    """(n, 3) specific force, phone frame."""
    gravity_mps2: FloatArray
    """(n, 3) the phone's own estimate of the part that is gravity."""
    gyro_s: FloatArray
    """(m,) seconds."""
    gyro_radps: FloatArray
    """(m, 3) angular rate, phone frame."""


def read(raw: RawStream, accel_hz: float = 100.0, gyro_hz: float = 100.0) -> Readings:
    """The readings of a phone that sits where the simulated sensor does."""
    t_s = (raw.t_us - raw.t_us[0]) * 1e-6
    counts = raw.counts.astype(np.float64)
    accel = counts[:, :3] * (raw.accel_range_g * STANDARD_GRAVITY_MPS2 / 32768)
    gyro = counts[:, 3:] * (math.radians(raw.gyro_range_dps) / 32768)
    accel_s = np.arange(0.0, t_s[-1], 1.0 / accel_hz)
    gyro_s = np.arange(GYRO_LATE_S, t_s[-1], 1.0 / gyro_hz)
    at = _between(accel_s, t_s, accel)
    return Readings(accel_s, at, _gravity(at, accel_hz), gyro_s, _between(gyro_s, t_s, gyro))


def _between(at_s: FloatArray, t_s: FloatArray, values: FloatArray) -> FloatArray:
    return np.stack([np.interp(at_s, t_s, column) for column in values.T], axis=1)


def _gravity(accel: FloatArray, rate_hz: float) -> FloatArray:
    slow, share = accel.copy(), 1.0 / (GRAVITY_TAU_S * rate_hz)
    for k in range(1, len(slow)):
        slow[k] = slow[k - 1] + share * (accel[k] - slow[k - 1])
    return slow * (STANDARD_GRAVITY_MPS2 / np.linalg.norm(slow, axis=1, keepdims=True))

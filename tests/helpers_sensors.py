"""Decoders of the sensor drivers, and what they make of notifications."""

from __future__ import annotations

import math
import struct

import numpy as np

from coxa.host.samples import FloatArray, Gap, StreamItem
from coxa.host.sensors import dot, movesense
from coxa.host.sensors.driver import SensorDecoder
from coxa.host.sensors.registry import driver

WIT_FRAME = "5561fcffefff110800000000000098ff0d00f831"


def started(
    name: str,
    *,
    lone: bool = True,
    rate_hz: float | None = None,
    range_g: float | None = None,
    range_dps: float | None = None,
) -> SensorDecoder:
    """A decoder as `coxa decode` makes it."""
    chosen = driver(name)
    return chosen.decoder(chosen.settings(rate_hz, range_g, range_dps, lone_halves=lone))


def fed(decoder: SensorDecoder, *notifications: str | bytes) -> list[StreamItem]:
    """Everything that these notifications give."""
    raw = [bytes.fromhex(n) if isinstance(n, str) else n for n in notifications]
    return [i for n in raw for i in decoder.feed("", n, math.nan)] + decoder.finish()


def assert_sane(items: list[StreamItem], *, whole: bool) -> None:
    """Time is finite and grows strictly; gaps lie between the samples that they part; no half samples."""
    last_s = -math.inf
    for item in items:
        if isinstance(item, Gap):
            assert last_s < item.start_s < item.end_s
            last_s = item.start_s
            continue
        assert len(item) > 0
        assert np.all(np.isfinite(item.t_s))
        assert last_s < item.t_s[0]
        assert np.all(np.diff(item.t_s) > 0)
        assert not whole or (np.all(np.isfinite(item.accel_mps2)) and np.all(np.isfinite(item.gyro_radps)))
        last_s = float(item.t_s[-1])


def encode_imu6(stamp_ms: int, accel_mps2: FloatArray, gyro_dps: FloatArray) -> bytes:
    """A Movesense's message of one IMU6 block, as the sensor would send it where the MTU is large enough."""
    body = np.concatenate([accel_mps2, gyro_dps]).astype("<f4").tobytes()
    return bytes([movesense.DATA, movesense.IMU_REF]) + struct.pack("<I", stamp_ms % 2**32) + body


def encode_rates(stamp_us: int, accel_mps2: FloatArray, gyro_dps: FloatArray) -> bytes:
    """A DOT's notification of mode 21, padded as the sensor pads it."""
    return struct.pack("<I6f", stamp_us % 2**32, *accel_mps2, *gyro_dps).ljust(dot.MEDIUM_BYTES, b"\0")

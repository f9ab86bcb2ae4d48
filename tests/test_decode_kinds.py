"""Kinds of packets beside those that coxa asks for: `coxa decode` tells them by their content and invents nothing."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from coxa.host.samples import FloatArray
from coxa.host.sensors.registry import driver
from tests.helpers import joined

STILL: FloatArray = np.array([[0.5, -9.7, 1.0]]) + 0.01 * np.arange(16.0)[:, None]
TURNING: FloatArray = np.array([[40.0, -20.0, 5.0]]) + 3.0 * np.arange(16.0)[:, None]
SWINGING: FloatArray = np.array([[1.0, -9.0, 2.0], [3.0, -11.0, 3.0], [5.0, -13.5, 5.0], [6.0, -16.0, 6.0]])


def decode(name: str, *notifications: bytes) -> tuple[FloatArray, FloatArray]:
    """Accelerations (m/s2) and rates in deg/s, NaN where they were not sent."""
    chosen = driver(name)
    decoder = chosen.decoder(chosen.settings(lone_halves=True))
    items = [item for data in notifications for item in decoder.feed("", data, float("nan"))]
    block = joined(items + decoder.finish())
    return block.accel_mps2, np.degrees(block.gyro_radps)


def movesense(*parts: FloatArray) -> bytes:
    return b"\x02\x07" + struct.pack("<I", 1000) + np.concatenate(parts).astype("<f4").tobytes()


@pytest.mark.parametrize("n", [2, 4, 8])
def test_movesense_at_26_52_and_104_hz_gives_both_halves(n: int) -> None:
    """Blocks of accelerometer, then gyro, whatever the reference that the host has chosen."""
    accel, rate = decode("movesense", movesense(STILL[:n], TURNING[:n]))
    assert np.allclose(accel, STILL[:n], atol=1e-5)
    assert np.allclose(rate, TURNING[:n], atol=1e-4)


def test_movesense_at_208_hz_comes_in_three_notifications() -> None:
    """The rest of an oversized payload is joined to it."""
    whole = movesense(STILL, TURNING)
    accel, rate = decode("movesense", whole[:161], b"\x03\x07" + whole[161:320], b"\x03\x07" + whole[320:])
    assert np.allclose(accel, STILL, atol=1e-5)
    assert np.allclose(rate, TURNING, atol=1e-4)


@pytest.mark.parametrize("values", [STILL[:4], SWINGING])
def test_a_movesense_accelerometer_alone_has_no_gyro(values: FloatArray) -> None:
    """At rest and in a brisk movement: no half of it is taken for a rate."""
    accel, rate = decode("movesense", movesense(values))
    assert np.allclose(accel, values, atol=1e-5)
    assert np.all(np.isnan(rate))


def test_a_movesense_gyro_alone_has_no_acceleration() -> None:
    """A resting gyro's degrees a second are no acceleration."""
    accel, rate = decode("movesense", movesense(0.02 * TURNING[:4]))
    assert np.allclose(rate, 0.02 * TURNING[:4], atol=1e-5)
    assert np.all(np.isnan(accel))


def test_dot_tells_acceleration_with_magnetic_field_from_euler_angles() -> None:
    """Modes 20 and 22 have one length; taken for each other, the acceleration would be nonsense."""
    mode_20 = struct.pack("<I9f", 1000, 0.1, 9.7, -1.0, 10.0, -20.0, 30.0, 0.2, 0.3, 0.8)
    accel, rate = decode("dot", mode_20)
    assert np.allclose(accel, [[0.1, 9.7, -1.0]], atol=1e-6)
    assert np.allclose(rate, [[10.0, -20.0, 30.0]], atol=1e-5)
    mode_22 = struct.pack("<I9f", 1000, 0.0, 90.0, 0.0, 0.0, 0.0, 0.0, 10.0, -20.0, 30.0)
    accel, rate = decode("dot", mode_22)
    assert np.allclose(accel, [[-9.80665, 0.0, 0.0]], atol=1e-5)
    assert np.allclose(rate, [[10.0, -20.0, 30.0]], atol=1e-5)

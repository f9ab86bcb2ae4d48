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

BRISK: FloatArray = np.vstack([SWINGING, [[6.0, -17.0, 6.5], [5.0, -15.0, 6.0], [3.0, -12.0, 4.0], [1.0, -9.0, 3.0]]])


def decode(name: str, *notifications: bytes) -> tuple[FloatArray, FloatArray]:
    """Accelerations (m/s2) and rates in deg/s, NaN where they were not sent."""
    chosen = driver(name)
    decoder = chosen.decoder(chosen.settings(lone_halves=True))
    items = [item for data in notifications for item in decoder.feed("", data, float("nan"))]
    block = joined(items + decoder.finish())
    return block.accel_mps2, np.degrees(block.gyro_radps)


def movesense(*parts: FloatArray) -> bytes:
    return b"\x02\x07" + struct.pack("<I", 1000) + np.concatenate(parts).astype("<f4").tobytes()


@pytest.mark.parametrize("n", [1, 2, 4, 8])
def test_movesense_at_13_to_104_hz_gives_both_halves(n: int) -> None:
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


@pytest.mark.parametrize("n", [1, 2, 4, 8, 16])
def test_movesense_with_magnetometer_leaves_that_out(n: int) -> None:
    """IMU9 at 13 to 208 Hz: accelerometer, gyro, magnetometer, each in a row; in pieces at the higher rates."""
    whole = movesense(STILL[:n], TURNING[:n], 30.0 + STILL[:n])
    pieces = [whole[:158], *(b"\x03\x07" + whole[k : k + 156] for k in range(158, len(whole), 156))]
    accel, rate = decode("movesense", *pieces)
    assert np.allclose(accel, STILL[:n], atol=1e-5)
    assert np.allclose(rate, TURNING[:n], atol=1e-4)


def test_a_movesense_piece_that_ends_with_a_vector_is_no_whole_payload() -> None:
    """Cut where a smaller block could end, 4 + 12 * 8 bytes, the rest still belongs to it."""
    whole = movesense(STILL[:8], TURNING[:8])
    accel, _ = decode("movesense", whole[:102], b"\x03\x07" + whole[102:], movesense(STILL[:8], TURNING[:8]))
    assert np.allclose(accel[:8], STILL[:8], atol=1e-5)


@pytest.mark.parametrize("values", [STILL[:1], STILL[:2], STILL[:4], STILL[:8], STILL, SWINGING, BRISK])
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


ACCOUNTED = ("a6330d00c100b12419cd", "ad330d00d4001825c0cc", "b4330d00c7000925b2cc", "ba330d00c5001725bccc")


def stamped(*bodies: str) -> tuple[list[float], FloatArray]:
    """Times and accelerations that a MetaMotion at 2 g gives with the board's own numbers before each sample."""
    chosen = driver("metamotion_bmi160")
    decoder = chosen.decoder(chosen.settings(accel_range_g=2.0, lone_halves=True))
    for body in bodies:
        assert decoder.feed("", bytes.fromhex("090300" + body), float("nan")) == []
    got = joined(decoder.finish())
    assert np.all(np.isnan(got.gyro_radps))
    return got.t_s.tolist(), got.accel_mps2


def test_metamotion_stamps_the_accelerometer_by_the_boards_clock() -> None:
    """The maker's test data: ticks of 48/32768 s, 193 9393 -13031 counts at 2 g; the clock turns over."""
    t_s, accel = stamped(*ACCOUNTED)
    assert np.allclose(t_s, np.array([0x0D33A6, 0x0D33AD, 0x0D33B4, 0x0D33BA]) * 48 / 32768)
    assert np.allclose(accel[0] / 9.80665, [0.01178, 0.57330, -0.79535], atol=1e-5)
    t_s, _ = stamped("ffffffff" + ACCOUNTED[0][8:], "06000000" + ACCOUNTED[1][8:])
    assert t_s[1] - t_s[0] == pytest.approx(7 * 48 / 32768)


def test_metamotion_counts_are_no_ticks() -> None:
    """Numbers that follow each other are samples' numbers: a period of the rate apart."""
    t_s, _ = stamped(*(f"{k:02x}010000010b9a074040" for k in (0xEC, 0xED, 0xEE)))
    assert np.allclose(np.diff(t_s), 0.02)


def dot(mode: int, *numbers: float) -> bytes:
    """A notification as table 15 of the maker's specification has it: a field of 6 bytes, the rest zeros."""
    tail = struct.pack("<3h", 900, -2000, 3100) if mode in (18, 20, 23) else b""
    tail = b"\x12\x00\x01\x02" if mode in (2, 7) else tail
    return (struct.pack(f"<I{len(numbers)}f", 1_000_000, *numbers) + tail).ljust(63 if mode == 26 else 40, b"\0")


FORCE, RATE, EULER, FREE = (0.1, 9.7, -1.0), (10.0, -20.0, 30.0), (12.0, -30.0, 95.0), (0.2, -0.1, 0.3)
KICK: tuple[float, float, float] = (20.0, -31.0, 12.0)
TURN = (0.5, 0.5, -0.5, 0.5)


@pytest.mark.parametrize(
    ("data", "force", "rate"),
    [
        (dot(20, *FORCE, *RATE), FORCE, RATE),
        (dot(21, *FORCE, *RATE), FORCE, RATE),
        (dot(21, *FORCE, *RATE)[:28], FORCE, RATE),
        (dot(21, *KICK, *RATE), KICK, RATE),
        (dot(21, *FORCE, 0.0, 0.0, 0.0), FORCE, (0.0, 0.0, 0.0)),
        (dot(22, 0.0, 90.0, 0.0, 0.0, 0.0, 0.0, *RATE), (-9.80665, 0.0, 0.0), RATE),
        (dot(26, *TURN, *FORCE, *RATE), FORCE, RATE),
        (dot(26, *TURN, *FORCE, *RATE)[:44], FORCE, RATE),
    ],
)
def test_dot_modes_with_force_and_rate_give_both(
    data: bytes, force: tuple[float, float, float], rate: tuple[float, float, float]
) -> None:
    """Modes 20, 21, 22 and 26, told apart by what they hold; taken for each other, they would be nonsense."""
    accel, gyro = decode("dot", data)
    assert np.allclose(accel, [force], atol=1e-5)
    assert np.allclose(gyro, [rate], atol=1e-5)


@pytest.mark.parametrize(
    "data",
    [
        dot(2, *TURN, *FREE), dot(3, *TURN, *FREE), dot(4, *EULER)[:20], dot(5, *TURN)[:20], dot(6, *FREE)[:16],
        dot(7, *EULER, *FREE), dot(16, *EULER, *FREE), dot(16, *EULER, *FREE)[:28], dot(18, *TURN, 0.1, 0.2, 0.0),
        dot(19, *TURN, 0.1, 0.2, 0.0), dot(23, *EULER, *FREE), dot(24, *TURN, *RATE),
    ],
)  # fmt: skip
def test_dot_modes_with_orientation_give_no_sample(data: bytes) -> None:
    """Angles are no accelerations, and a free acceleration is not what the sensor felt."""
    with pytest.raises(ValueError, match="need at least one array"):
        decode("dot", data)

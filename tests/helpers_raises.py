"""Six raises of a simulated person, told by every sensor's protocol."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np

from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, SampleBlock
from coxa.host.sensors.capture2go import ACCEL_SCALE, GYRO_SCALE, package
from tests.helpers import decoded, joined, scenario
from tests.helpers_sensors import encode_imu6, encode_rates

EXERCISE = "lateral_leg_raise"


def truth() -> SampleBlock:
    """Six raises of the simulated person, as coxa's own sensor gives them."""
    return joined(decoded(scenario(EXERCISE, 3)))


def at_rate(rate_hz: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The same at another rate: times from 0, g, deg/s."""
    block = truth()
    t_s = np.arange(int((block.t_s[-1] - block.t_s[0]) * rate_hz)) / rate_hz
    both = np.hstack([block.accel_mps2 / STANDARD_GRAVITY_MPS2, np.degrees(block.gyro_radps)])
    read = np.stack([np.interp(t_s, block.t_s - block.t_s[0], column) for column in both.T], axis=1)
    return t_s, read[:, :3], read[:, 3:]


def int16(values: FloatArray, scale: float) -> bytes:
    return np.clip(np.rint(values / scale), -32768, 32767).astype("<i2").tobytes()


def witmotion() -> list[tuple[float, bytes]]:
    t_s, g, dps = at_rate(50.0)
    frames = [
        b"\x55\x61" + int16(a, 16 / 32768) + int16(w, 2000 / 32768) + bytes(6) for a, w in zip(g, dps, strict=True)
    ]
    return [(t_s[k + 1], frames[k] + frames[k + 1]) for k in range(0, len(frames) - 1, 2)]


def movesense() -> list[tuple[float, bytes]]:
    t_s, g, dps = at_rate(52.0)
    return [
        (t_s[k + 3], encode_imu6(round(t_s[k] * 1000), g[k : k + 4] * STANDARD_GRAVITY_MPS2, dps[k : k + 4]))
        for k in range(0, len(t_s) - 3, 4)
    ]


def polar() -> list[tuple[float, bytes]]:
    t_s, g, dps = at_rate(52.0)
    out = list[tuple[float, bytes]]()
    for k in range(0, len(t_s) - 25, 26):
        part = slice(k, k + 26)
        stamp = struct.pack("<Q", round((7e8 + t_s[k + 25]) * 1e9))
        out.append((t_s[k + 25], b"\x02" + stamp + b"\x81" + packed(np.rint(g[part] * 1000))))
        out.append((t_s[k + 25], b"\x05" + stamp + b"\x80" + packed(np.rint(dps[part] / 0.07))))
    return out


def packed(values: FloatArray) -> bytes:
    """A reference sample and a block of 16-bit differences."""
    steps = np.diff(values, axis=0)
    return values[0].astype("<i2").tobytes() + bytes([16, len(steps)]) + steps.astype("<i2").tobytes()


def dot() -> list[tuple[float, bytes]]:
    rows = zip(*at_rate(60.0), strict=True)
    return [(t, encode_rates(round(t * 1e6) + 2**32 - 20_000_000, g * STANDARD_GRAVITY_MPS2, w)) for t, g, w in rows]


def metamotion() -> list[tuple[float, bytes]]:
    t_s, g, dps = at_rate(50.0)
    out = list[tuple[float, bytes]]()
    for k in range(0, len(t_s) - 2, 3):
        out.append((t_s[k + 2], b"\x03\x1c" + int16(g[k : k + 3], 1 / 4096)))
        out.append((t_s[k + 2] + 0.003, b"\x13\x07" + int16(dps[k : k + 3], 1 / 32.8)))
    return out


def capture2go() -> list[tuple[float, bytes]]:
    t_s, g, dps = at_rate(100.0)
    out = list[tuple[float, bytes]]()
    for k in range(0, len(t_s) - 7, 8):
        part = slice(k, k + 8)
        body = struct.pack("<q", round(t_s[k] * 1e9)) + int16(np.radians(dps[part]), GYRO_SCALE)
        body += int16(g[part] * STANDARD_GRAVITY_MPS2, ACCEL_SCALE) + bytes(11)
        out.append((t_s[k + 7], b"\xff" + package(0x0232, body)))
    return out


def nus_csv() -> list[tuple[float, bytes]]:
    text, out = b"#imu1 acc=g gyr=dps\n", list[tuple[float, bytes]]()
    for k, (t, g, w) in enumerate(zip(*at_rate(50.0), strict=True)):
        text += f"{k},{t * 1e6:.0f},{g[0]:.4f},{g[1]:.4f},{g[2]:.4f},{w[0]:.2f},{w[1]:.2f},{w[2]:.2f}\n".encode()
        out.append((t, text[:40]))
        text = text[40:]
    return [*out, (out[-1][0], text)]


TOLD: dict[str, Callable[[], list[tuple[float, bytes]]]] = {
    "witmotion": witmotion,
    "movesense": movesense,
    "polar": polar,
    "dot": dot,
    "metamotion_bmi160": metamotion,
    "capture2go": capture2go,
    "nus_csv": nus_csv,
}

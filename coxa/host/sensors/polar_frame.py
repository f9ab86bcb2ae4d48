"""One PMD frame: raw integers, or a reference sample and blocks of bit-packed differences.

Source: Polar's online measurement document; vectors of polarofficial/polar-ble-sdk and its issue 443.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coxa.host.samples import FloatArray
from coxa.host.sensors.driver import singles

HEAD_BYTES = 10
CHANNELS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The content of one frame."""

    kind: int
    """2 accelerometer, 5 gyro; others exist."""
    stamp_ns: int
    """Of the last sample, since 2000-01-01."""
    type: int
    compressed: bool
    floats: bool
    """Whether the values were IEEE 754 singles; else integers."""
    values: FloatArray
    """(n, 3), n at least 1 for accelerometer and gyro."""
    whole: bool
    """False where the frame ends inside a sample or block."""


def parse_frame(data: bytes) -> Frame | None:
    """A frame, or as much of it as is there; None where not even one sample is."""
    if len(data) < HEAD_BYTES + 1:
        return None
    kind, stamp_ns = data[0] & 0x3F, int.from_bytes(data[1:9], "little")
    compressed, form = bool(data[9] & 0x80), data[9] & 0x7F
    if kind not in (2, 5):
        return Frame(kind, stamp_ns, form, compressed, False, np.empty((0, CHANNELS)), True)
    body = data[HEAD_BYTES:]
    floats = compressed and kind == 5 and form == 1
    if compressed:
        samples, whole = differences(body, 4 if floats else 2) if form < 2 else ([], False)
    else:
        samples, whole = _raw(body, form + 1) if form < 3 else ([], False)
    if not samples:
        return None
    values = _as_floats(samples) if floats else np.array(samples, dtype=np.float64)
    return Frame(kind, stamp_ns, form, compressed, floats, values, whole)


def _raw(body: bytes, width: int) -> tuple[list[list[int]], bool]:
    """Signed integers of 1, 2 or 3 bytes, and whether they come out even."""
    size = CHANNELS * width
    n = len(body) // size
    numbers = [int.from_bytes(body[i : i + width], "little", signed=True) for i in range(0, n * size, width)]
    return [numbers[i : i + CHANNELS] for i in range(0, len(numbers), CHANNELS)], n * size == len(body)


def differences(body: bytes, width: int) -> tuple[list[list[int]], bool]:
    """Samples from a reference of `width` bytes an axis and blocks [bits, count, differences, x y z in turn].

    Differences are signed, least significant bit first, each block padded to a byte. A block that ends too early gives
    its whole samples; one of zero bits gives none, as in the maker's SDK. Sums wrap at 32 bits.
    """
    if len(body) < CHANNELS * width:
        return [], False
    now = [int.from_bytes(body[i : i + width], "little", signed=True) for i in range(0, CHANNELS * width, width)]
    samples, at = [list(now)], CHANNELS * width
    while at + 2 <= len(body):
        bits, count = body[at], body[at + 1]
        if bits > 32:
            return samples, False
        start, end = at + 2, at + 2 + (bits * count * CHANNELS + 7) // 8
        packed = int.from_bytes(body[start:end], "little")
        there = 0 if not bits else count if end <= len(body) else (len(body) - start) * 8 // (bits * CHANNELS)
        for k in range(there):
            for axis in range(CHANNELS):
                step = packed >> (bits * (k * CHANNELS + axis)) & ((1 << bits) - 1)
                now[axis] = _signed(now[axis] + _signed(step, bits), 32)
            samples.append(list(now))
        if end > len(body):
            return samples, False
        at = end
    return samples, at == len(body)


def _signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def _as_floats(samples: list[list[int]]) -> FloatArray:
    return singles(np.array(samples, dtype="<i4").tobytes()).reshape(-1, CHANNELS)

"""Polar's PMD service: the Verity Sense (accelerometer and gyro in compressed frames) and the H10 (accelerometer).

Source: Polar's online measurement document; forms of frames after captures and the tests of Polar's SDK.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from coxa.firmware_sim.emulators.base import (
    INDICATE,
    NOTIFY,
    READ,
    WRITE,
    Advertised,
    Emulator,
    Row,
    Told,
    battery_service,
    information_service,
)
from coxa.firmware_sim.emulators.person_motion import counts

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

ASK, START, STOP = 1, 2, 3
ACCEL, GYRO = 2, 5
OK, BAD_COMMAND, NOT_SUPPORTED, BAD_PARAMETER, ALREADY, BAD_STATE = 0, 1, 3, 5, 6, 12
RATE, RESOLUTION, RANGE, CHANNELS, FACTOR = 0, 1, 2, 4, 5
SETTING_BYTES = {RATE: 2, RESOLUTION: 2, RANGE: 2, 3: 2, CHANNELS: 1, FACTOR: 4}
COMPRESSED = 0x80
LONGEST_FRAME = 229
"""MTU of at most 232, less 3."""
BLOCK = 10
"""Differences that share one number of bits, as captured."""
FRAME_S = 1.0
"""A frame leaves when it is full or so old."""
SET_2024_NS = 762_000_000 * 10**9
"""Its date, nanoseconds since 2000-01-01, when the recording begins."""
GYRO_FACTOR = float(np.float32(2000 / 32768))
"""deg/s a count at 2000 deg/s; the reply to a start says it. What real ones say is not published."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What one measurement can be set to."""

    rates_hz: tuple[int, ...]
    ranges: tuple[int, ...]
    channels: bool

    def values(self) -> dict[int, tuple[int, ...]]:
        """By setting."""
        own = {RATE: self.rates_hz, RESOLUTION: (16,), RANGE: self.ranges}
        return {**own, CHANNELS: (3,)} if self.channels else own


def said(settings: dict[int, tuple[int, ...]]) -> bytes:
    """Settings as in replies: number, how many, values."""
    return b"".join(
        bytes([which, len(values)]) + b"".join(v.to_bytes(SETTING_BYTES[which], "little") for v in values)
        for which, values in settings.items()
    )


def read_settings(data: bytes) -> dict[int, int] | None:
    """One value for each setting, as in a start; None where it is no list of settings."""
    settings, at = dict[int, int](), 0
    while at < len(data):
        size = SETTING_BYTES.get(data[at])
        if size is None or data[at + 1 : at + 2] != b"\x01" or len(data) < at + 2 + size:
            return None
        settings[data[at]] = int.from_bytes(data[at + 2 : at + 2 + size], "little")
        at += 2 + size
    return settings


class Pmd(Emulator):
    """What both share: questions, starts and stops, each answered with an indication."""

    can: ClassVar[Mapping[int, Choice]]

    @property
    def services(self) -> dict[str, tuple[Row, ...]]:
        """Its table."""
        features = bytes([0x0F, sum(1 << kind for kind in self.can)]) + bytes(15)
        own = {SERVICE: (Row(CONTROL, (READ, WRITE, INDICATE), features), Row(DATA, (NOTIFY,)))}
        told = information_service(manufacturer="Polar Electro Oy", model=self.advertised.name, firmware="2.1.0")
        return {**own, **battery_service(), **told}

    def _command(self, uuid: str, data: bytes) -> bool:
        if uuid != CONTROL or len(data) < 2:
            return False
        operation, kind = data[0], data[1]
        error, body = self._done(operation, kind, data[2:])
        self._reply(CONTROL, bytes([0xF0, operation, kind, error]) + (b"\0" + body if error == OK else b""))
        return error in (OK, ALREADY) or operation == STOP  # which hosts send to be sure

    def _done(self, operation: int, kind: int, rest: bytes) -> tuple[int, bytes]:
        if operation not in (ASK, START, STOP):
            return BAD_COMMAND, b""
        if kind not in self.can:
            return NOT_SUPPORTED, b""
        running = str(kind) in self._streams
        if operation == ASK:
            return OK, said(self.can[kind].values())
        if operation == STOP:
            self._end(str(kind))
            return (OK if running else BAD_STATE), b""
        if CONTROL not in self.subscriptions or DATA not in self.subscriptions:
            return BAD_STATE, b""
        return (ALREADY, b"") if running else self._started(kind, read_settings(rest))

    def _started(self, kind: int, settings: dict[int, int] | None) -> tuple[int, bytes]:
        choice = self.can[kind].values()
        if settings is None or set(settings) != set(choice) or any(v not in choice[k] for k, v in settings.items()):
            return BAD_PARAMETER, b""
        self._begin(str(kind), self._measured(kind, settings, self.now_s))
        if not self.can[kind].channels:
            return OK, b""
        factor = 1e-3 if kind == ACCEL else GYRO_FACTOR * settings[RANGE] / 2000
        return OK, bytes([FACTOR, 1]) + struct.pack("<f", factor)

    def _measured(self, kind: int, settings: dict[int, int], from_s: float) -> Iterator[Told]:
        raise NotImplementedError


class VeritySense(Pmd):
    """An arm band, or one on the thigh: frames of about a second at rest, shorter ones in motion."""

    name = "polar"
    advertised = Advertised("Polar Sense 8C4CAD2D")
    wanted = 2
    can: ClassVar[Mapping[int, Choice]] = {
        ACCEL: Choice((52,), (8,), channels=True),
        GYRO: Choice((52,), (2000,), channels=True),
    }

    def _measured(self, kind: int, settings: dict[int, int], from_s: float) -> Iterator[Told]:
        rate_hz, head = float(settings[RATE]), bytes([kind])
        frame_type = COMPRESSED | (1 if kind == ACCEL else 0)
        while True:
            t_s, g, dps = self.motion.steps(from_s, rate_hz, int(FRAME_S * rate_hz))
            values = counts(g, 1e-3) if kind == ACCEL else counts(dps, GYRO_FACTOR)
            body, n = compressed(values.astype(np.int64), min(LONGEST_FRAME, self.room) - 10)
            yield Told(float(t_s[n - 1]), DATA, head + stamp(float(t_s[n - 1])) + bytes([frame_type]) + body)
            from_s = float(t_s[n - 1]) + 1 / rate_hz


class H10(Pmd):
    """The chest strap: raw frames of 36 samples. It goes on measuring when the host is lost without a stop."""

    name = "polar_h10"
    advertised = Advertised("Polar H10 8C4CAD2D")
    can: ClassVar[Mapping[int, Choice]] = {ACCEL: Choice((25, 50, 100, 200), (2, 4, 8), channels=False)}
    SAMPLES = 36
    measures_on = True

    def _measured(self, kind: int, settings: dict[int, int], from_s: float) -> Iterator[Told]:
        rate_hz = float(settings[RATE])
        while True:
            t_s, g, _ = self.motion.steps(from_s, rate_hz, self.SAMPLES)
            last_s = float(t_s[-1])
            milli_g = counts(np.clip(g, -settings[RANGE], settings[RANGE]), 1e-3)
            yield Told(last_s, DATA, bytes([kind]) + stamp(last_s) + b"\x01" + milli_g.tobytes())
            from_s = last_s + 1 / rate_hz


def stamp(t_s: float) -> bytes:
    """The time of a frame's last sample."""
    return struct.pack("<Q", SET_2024_NS + round(t_s * 1e9))


def compressed(values: NDArray[np.int64], room: int) -> tuple[bytes, int]:
    """A reference sample and blocks of differences with as many bits as they need; and how many samples went in."""
    out, n = values[0].astype("<i2").tobytes(), 1
    steps = np.diff(values, axis=0)
    for first in range(0, len(steps), BLOCK):
        block = steps[first : first + BLOCK]
        bits = 1 + max(int(block.max()).bit_length(), int(-1 - block.min()).bit_length(), 1)
        packed = packed_bits(block.ravel(), bits)
        if len(out) + 2 + len(packed) > room:
            break
        out, n = out + bytes([bits, len(block)]) + packed, n + len(block)
    return out, n


def packed_bits(values: NDArray[np.int64], bits: int) -> bytes:
    """Signed numbers of so many bits each, the lowest bit first, filled up to whole bytes."""
    number = 0
    for k, value in enumerate(values.tolist()):
        number |= (value & ((1 << bits) - 1)) << (k * bits)
    return number.to_bytes((len(values) * bits + 7) // 8, "little")

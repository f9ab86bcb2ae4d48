"""WitMotion BLE 5 (WT9011DCL, WT901BLECL, BWT901BLE): a byte stream of 20-byte frames without clock or checksum.

Source: WITMOTION/WitBluetooth_BWT901BLE5_0 (vendor's protocol), captures in public readers of the sensor.
"""

from __future__ import annotations

import math
import struct
from bisect import bisect_right

from coxa.host.sensors.driver import Capabilities, ParserStats, Reading, Settings, g, scaled

SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
NOTIFY = "0000ffe4-0000-1000-8000-00805f9a34fb"
WRITE = "0000ffe9-0000-1000-8000-00805f9a34fb"
CAPABILITIES = Capabilities(
    "WitMotion BLE 5 family", (10, 20, 50, 100, 200), 100, (16,), (2000,), "none", "unknown",
    "polled, once a minute", "highest rate of each model; whether unlocking is needed",
)  # fmt: skip
RATES = {10: 0x06, 20: 0x07, 50: 0x08, 100: 0x09, 200: 0x0B}
DATA, REGISTER = b"\x55\x61", b"\x55\x71"
SHORT, LONG, VIBRATION = 20, 28, 32
ACCEL_G, GYRO_DPS = 16 / 32768, 2000 / 32768
BATTERY_REGISTER = 0x64
_VOLTS100 = (340, 350, 368, 370, 373, 377, 379, 382, 387, 393, 397)
_PERCENT = (0, 5, 10, 15, 20, 30, 40, 50, 60, 75, 90, 100)


def configure(rate_hz: int) -> list[bytes]:
    """Writes that set the rate for now (not saved: it is the user's sensor) and six-axis fusion."""
    return [bytes([0xFF, 0xAA, 0x69, 0x88, 0xB5]), bytes([0xFF, 0xAA, 0x03, RATES[rate_hz], 0x00])]


def ask_battery() -> bytes:
    """The write that a battery reply follows."""
    return bytes([0xFF, 0xAA, 0x27, BATTERY_REGISTER, 0x00])


class WitMotionParser:
    """Finds frames in the stream, wherever notifications cut it; refuses the vibration sensor that looks alike."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.stats = ParserStats()
        self.battery_percent: int | None = None
        self._period_s = 1.0 / ((settings.rate_hz if settings else None) or CAPABILITIES.default_rate_hz)
        self._buffer = bytearray()
        self._length: int | None = None
        self._count = 0
        self._last_chip_s: float | None = None

    def feed(self, data: bytes) -> list[Reading]:
        """Take one notification; give the readings that it completed."""
        self.stats.notifications += 1
        if self._length is None and not self._buffer:
            self._length = _length_of(data)
        self._buffer += data
        readings = list[Reading]()
        while frame := self._next():
            readings += self._read(frame)
        self.stats.readings += len(readings)
        return readings

    def _next(self) -> bytes | None:
        """The next whole frame; bytes before it are garbage."""
        buffer = self._buffer
        start = _header_at(buffer)
        if start < 0:
            keep = 1 if bytes(buffer[-1:]) == b"\x55" else 0
            self.stats.garbage_bytes += len(buffer) - keep
            del buffer[: len(buffer) - keep]
            return None
        self.stats.garbage_bytes += start
        del buffer[:start]
        length = SHORT if bytes(buffer[:2]) == REGISTER else self._length or self._spacing()
        if length is None or len(buffer) < length:
            return None
        frame = bytes(buffer[:length])
        inside = frame.find(DATA, 2)
        followed = len(buffer) < length + 2 or bytes(buffer[length : length + 2]) in (DATA, REGISTER)
        if not followed and inside > 0:
            self.stats.bad_frames += 1
            self.stats.garbage_bytes += inside
            del buffer[:inside]
            return self._next()
        del buffer[:length]
        return frame

    def _spacing(self) -> int | None:
        """Length of the frames, once two headers show it."""
        for length in (SHORT, LONG, VIBRATION):
            if bytes(self._buffer[length : length + 2]) in (DATA, REGISTER):
                self._length = length
                return length
        return SHORT if len(self._buffer) >= VIBRATION + 2 else None

    def _read(self, frame: bytes) -> list[Reading]:
        if frame[:2] == REGISTER:
            self._register(frame)
            return []
        if len(frame) == VIBRATION:
            self.stats.bad_frames += 1
            self.stats.note(
                "this is a vibration sensor (WTVB01): it sends velocity, not the acceleration that counting needs"
            )
            return []
        ax, ay, az, gx, gy, gz = struct.unpack_from("<6h", frame, 2)
        t_s = self._time(frame)
        if t_s is None:
            self.stats.not_monotonic += 1
            return []
        gyro = scaled((gx, gy, gz), math.radians(GYRO_DPS))
        return [Reading(t_s, g(scaled((ax, ay, az), ACCEL_G)), gyro)]

    def _time(self, frame: bytes) -> float | None:
        """Sample number over rate, or the chip's time of day of the 28-byte models; None where that went back."""
        self._count += 1
        if len(frame) == SHORT:
            return (self._count - 1) * self._period_s
        _, _, day, hour, minute, second, ms = struct.unpack_from("<6BH", frame, 20)
        chip_s = ((day * 24 + hour) * 60 + minute) * 60 + second + ms / 1000
        if self._last_chip_s is not None and chip_s <= self._last_chip_s:
            return None
        self._last_chip_s = chip_s
        return chip_s

    def _register(self, frame: bytes) -> None:
        register = frame[2] | frame[3] << 8
        if register == BATTERY_REGISTER:
            (volts100,) = struct.unpack_from("<H", frame, 4)
            self.battery_percent = _PERCENT[bisect_right(_VOLTS100, volts100)]


def _header_at(buffer: bytearray) -> int:
    found = [at for at in (buffer.find(DATA), buffer.find(REGISTER)) if at >= 0]
    return min(found, default=-1)


def _length_of(data: bytes) -> int | None:
    """Length of the frames of a notification that holds whole ones only."""
    for length in (SHORT, LONG, VIBRATION):
        starts = range(0, len(data), length)
        if length > SHORT and data[SHORT : SHORT + 2] in (DATA, REGISTER):
            return None
        if data and len(data) % length == 0 and all(data[k : k + 2] in (DATA, REGISTER) for k in starts):
            return length if data[:2] == DATA else None
    return None

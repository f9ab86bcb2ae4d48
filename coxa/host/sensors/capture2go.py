"""Capture2Go (SensorStim): checksummed packages of 8 samples, stamped in nanoseconds, buffered on the sensor.

Source: Capture2Go communication protocol (MIT). Over Bluetooth each notification starts with 0xFF less the number of
whole real-time packages that follow; the rest is a slice of the byte stream of packages. Over USB there is only the
stream.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Mapping

import numpy as np

from coxa.host.samples import StreamItem
from coxa.host.sensors.device_clock import DeviceClock
from coxa.host.sensors.driver import Advertisement, Capabilities, Driver, Loss, SensorDecoder, Settings, Write, block

SERVICE = "80030001-e629-4c98-9324-aa7fc0c66de7"
COMMAND = "80030002-e629-4c98-9324-aa7fc0c66de7"
NOTIFY = "80030003-e629-4c98-9324-aa7fc0c66de7"

HEAD = struct.Struct("<BIBH")
"""Start byte, CRC-32 of header and payload, payload size, header."""
START_BYTE = b"\x02"
MAX_PAYLOAD = 236
MOST_REAL_TIME = 15
"""First bytes below 0xFF less this are no count of real-time packages."""
SAMPLES = 8
RATES_HZ = {1: 200.0, 2: 100.0, 3: 50.0, 4: 25.0, 5: 10.0, 6: 1.0}
"""By the low digit of a data header, and as the mode in a command."""
FULL_PACKED, FULL_6D_PACKED = 0x0220, 0x0230
PACKED_BYTES = {FULL_PACKED: 163, FULL_6D_PACKED: 115}
STATUS, STATUS_BYTES, STATUS_BATTERY = 0x0201, 19, 17
SET_MODE, START_STREAM, STOP_STREAM = 0x0120, 0x0150, 0x0158
ACCEL_SCALE = 16.0 / 32768.0 * 9.81
"""m/s2 a count; the maker takes 9.81 for g."""
GYRO_SCALE = math.radians(2000.0) / 32768.0


class Capture2GoDecoder(SensorDecoder):
    """Finds packages; those of data become blocks."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._clock = DeviceClock(settings.rate_hz, self.stats)
        self._stream = b""
        self._bluetooth: bool | None = None
        self.samples_at_resume = 0
        """How many samples had come by the newest `Capture2Go.resume`."""

    @property
    def rate_hz(self) -> float | None:
        return 1.0 / self._clock.period_s

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        if not data:
            return []
        if self._bluetooth is None:
            self._bluetooth = bool(characteristic) or data[0] != START_BYTE[0]
        if not self._bluetooth:
            return self._found(data)
        real_time = 0xFF - data[0]
        if real_time > MOST_REAL_TIME:
            self.stats.garbage_bytes += len(data)
            return []
        items, at = list[StreamItem](), 1
        for _ in range(real_time):
            package = self._package(data, at)
            if package is None:
                self.stats.bad_frames += 1
                return items
            at, header, payload = package
            items += self._understood(header, payload)
        return items + self._found(data[at:])

    def _rest(self) -> list[StreamItem]:
        """Half a package at the end; what it seemed to hold may be whole ones."""
        items = list[StreamItem]()
        if self._stream:
            self.stats.truncated += 1
        while self._stream:
            self.stats.garbage_bytes += 1
            self._stream = self._stream[1:]
            items += self._found(b"")
        return items

    def _found(self, data: bytes) -> list[StreamItem]:
        self._stream += data
        items, at = list[StreamItem](), 0
        while True:
            start = self._stream.find(START_BYTE, at)
            end = len(self._stream) if start < 0 else start
            self.stats.garbage_bytes += end - at
            at = end
            package = self._package(self._stream, at) if start >= 0 else None
            if package is not None:
                at, header, payload = package
                items += self._understood(header, payload)
            elif start < 0 or _may_grow(self._stream[at:]):
                self._stream = self._stream[at:]
                return items
            else:
                self.stats.garbage_bytes += 1
                at += 1

    def _package(self, data: bytes, at: int) -> tuple[int, int, bytes] | None:
        """End, header and payload of the whole package with a good checksum that begins here."""
        if len(data) < at + HEAD.size or data[at : at + 1] != START_BYTE:
            return None
        _, check, size, header = HEAD.unpack_from(data, at)
        end = at + HEAD.size + size
        if size > MAX_PAYLOAD or end > len(data) or zlib.crc32(data[at + 6 : end]) != check:
            return None
        return end, header, data[at + HEAD.size : end]

    def _understood(self, header: int, payload: bytes) -> list[StreamItem]:
        kind, rate_hz = header & 0xFFF0, RATES_HZ.get(header & 0xF)
        if rate_hz is not None and PACKED_BYTES.get(kind) == len(payload):
            return self._sampled(payload, rate_hz)
        self.stats.other += 1
        if header == STATUS and len(payload) >= STATUS_BYTES:
            self.battery_percent = min(payload[STATUS_BATTERY] & 0x7F, 100)
        return []

    def _sampled(self, payload: bytes, rate_hz: float) -> list[StreamItem]:
        if not 0.8 < self._clock.period_s * rate_hz < 1.25:
            self._clock.set_rate(rate_hz)
        (stamp_ns,) = struct.unpack_from("<q", payload)
        timed = self._clock.from_first(stamp_ns / 1_000_000_000, SAMPLES)
        if timed is None:
            return []
        gap, t_s = timed
        counts = np.frombuffer(payload, "<i2", count=2 * SAMPLES * 3, offset=8).reshape(2, SAMPLES, 3)
        return [*gap, block(t_s, counts[1] * ACCEL_SCALE, counts[0] * GYRO_SCALE)]


def _may_grow(rest: bytes) -> bool:
    """Whether what begins here may still become a package."""
    if len(rest) < HEAD.size:
        return True
    size = rest[5]
    return size <= MAX_PAYLOAD and len(rest) < HEAD.size + size


def package(header: int, payload: bytes = b"") -> bytes:
    """A package as both sides send it."""
    body = struct.pack("<H", header) + payload
    return START_BYTE + struct.pack("<IB", zlib.crc32(body), len(payload)) + body


class Capture2Go(Driver):
    """Capture2Go IMU."""

    name = "capture2go"
    title = "SensorStim Capture2Go"
    capabilities = Capabilities(
        clock="nanoseconds, 64 bits, at the first sample of each packet of 8",
        loss=Loss.CHECKED,
        rates_hz=(25.0, 50.0, 100.0, 200.0),
        accel_ranges_g=(16.0,),
        gyro_ranges_dps=(2000.0,),
        has_gyro=True,
        battery="told in the stream every second",
        evidence="packages made by the maker's SDK; no capture from a sensor",
        follows=(
            "The sensor keeps what it could not send: after bad reception the counts come late, but all of them.",
            "Every package is checksummed; damage cannot pass for a sample.",
            "Its own gyro bias estimate is already taken off.",
        ),
    )
    defaults = Settings(100.0, 16.0, 2000.0)

    def match(self, said: Advertisement) -> bool:
        return SERVICE in said.service_uuids or said.name.startswith("IMU_")

    def subscribe(self) -> tuple[str, ...]:
        return (NOTIFY,)

    def start(self, settings: Settings) -> tuple[Write, ...]:
        mode = next(m for m, rate_hz in RATES_HZ.items() if rate_hz == settings.rate_hz)
        no_magnetometer = bytes(10) + bytes([mode]) + bytes(3) + b"\x01" + bytes(14) + b"\x01"
        commands = package(STOP_STREAM), package(SET_MODE, no_magnetometer), package(START_STREAM)
        return tuple(Write(COMMAND, c, pause_s=0.1) for c in commands)

    def resume(self, settings: Settings, decoder: SensorDecoder, read: Mapping[str, bytes]) -> tuple[Write, ...]:
        """Nothing where samples have come since the last time: it measures on, and a start clears what it kept."""
        assert isinstance(decoder, Capture2GoDecoder)
        before, decoder.samples_at_resume = decoder.samples_at_resume, decoder.stats.samples
        return () if decoder.stats.samples > before else self.start(settings)

    def stop(self) -> tuple[Write, ...]:
        return (Write(COMMAND, package(STOP_STREAM)),)

    def decoder(self, settings: Settings) -> Capture2GoDecoder:
        return Capture2GoDecoder(settings)

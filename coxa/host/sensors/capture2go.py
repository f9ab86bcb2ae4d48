"""Capture2Go (SensorStim): packages with checksum, eight samples each, buffered on the sensor.

Source: sensorstim/capture2go_sdk (MIT), its packet definitions and generated packages.
"""

from __future__ import annotations

import math
import struct
import zlib

from coxa.host.sensors.driver import Capabilities, ParserStats, Reading, Settings, scaled

SERVICE = "80030001-e629-4c98-9324-aa7fc0c66de7"
WRITE = "80030002-e629-4c98-9324-aa7fc0c66de7"
NOTIFY = "80030003-e629-4c98-9324-aa7fc0c66de7"
CAPABILITIES = Capabilities(
    "Capture2Go", (25, 50, 100, 200), 100, (16,), (2000,), "device", "checksum and counter", "in the stream",
    "a live stream: packages of the vendor's own library only",
)  # fmt: skip
START, HEAD = 0x02, 8
RATES_HZ = {0x0231: 200, 0x0232: 100, 0x0233: 50, 0x0234: 25}
STATUS = 0x0201
PAYLOAD = 115
ACCEL_MPS2, GYRO_DPS = 16 * 9.81 / 32768, 2000 / 32768
REALTIME_MARK = 0xF0
"""A notification begins with 0xFF minus the number of real-time packages in it."""
COMMANDS = {
    "measure_100": "0225b7fe3e1e2001000000000000000000000200000001000000000000000000000000000001",
    "measure_50": "02638c995b1e2001000000000000000000000300000001000000000000000000000000000001",
    "start": "023d7f658c005001",
    "stop": "02bf1d53be005201",
    "status": "02d373d7af000002",
}


class Capture2GoParser:
    """Reads packages from notifications or from a bare byte stream; resynchronises after damage."""

    def __init__(self, settings: Settings | None = None) -> None:  # noqa: ARG002
        self.stats = ParserStats()
        self.battery_percent: int | None = None
        self._buffer = bytearray()
        self._last_s: float | None = None

    def feed(self, data: bytes) -> list[Reading]:
        """Take one notification."""
        self.stats.notifications += 1
        readings = list[Reading]()
        if data and data[0] >= REALTIME_MARK:
            realtime = bytearray(data[1:])
            for _ in range(0xFF - data[0]):
                readings += self._package(realtime)
            self._buffer += realtime
        else:
            self._buffer += data
        while (before := len(self._buffer)) >= HEAD:
            readings += self._package(self._buffer)
            if len(self._buffer) == before:
                break
        self.stats.readings += len(readings)
        return readings

    def _package(self, buffer: bytearray) -> list[Reading]:
        """Take one package off the front, or one byte of garbage; nothing while it is not whole."""
        if len(buffer) < HEAD:
            return []
        if buffer[0] != START:
            at = buffer.find(START)
            skipped = len(buffer) if at < 0 else at
            self.stats.garbage_bytes += skipped
            del buffer[:skipped]
            return []
        size = HEAD + buffer[5]
        if len(buffer) < size:
            return []
        (checksum,) = struct.unpack_from("<I", buffer, 1)
        if zlib.crc32(bytes(buffer[6:size])) != checksum:
            self.stats.bad_frames += 1
            self.stats.garbage_bytes += 1
            del buffer[:1]
            return []
        (header,) = struct.unpack_from("<H", buffer, 6)
        payload = bytes(buffer[HEAD:size])
        del buffer[:size]
        return self._read(header, payload)

    def _read(self, header: int, payload: bytes) -> list[Reading]:
        if header == STATUS and payload:
            self.battery_percent = min(payload[0] & 0x7F, 100)
        if header not in RATES_HZ:
            return []
        if len(payload) != PAYLOAD:
            self.stats.bad_frames += 1
            return []
        first_s = struct.unpack_from("<q", payload)[0] * 1e-9
        values = struct.unpack_from("<48h", payload, 8)
        step_s = 1.0 / RATES_HZ[header]
        if self._last_s is not None and first_s <= self._last_s:
            self.stats.not_monotonic += 8
            return []
        self._last_s = first_s + 7 * step_s
        if payload[-1] & 1:
            self.stats.note("the sensor says that its clock has a gap")
        rate = math.radians(GYRO_DPS)
        return [
            Reading(
                first_s + k * step_s,
                scaled(values[24 + 3 * k : 27 + 3 * k], ACCEL_MPS2),
                scaled(values[3 * k : 3 * k + 3], rate),
            )
            for k in range(8)
        ]

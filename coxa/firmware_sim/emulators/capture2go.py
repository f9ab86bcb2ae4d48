"""Capture2Go: checksummed packages, stamped in nanoseconds, in a buffer that outlives a lost link.

Source: Capture2Go communication protocol (SensorStim, MIT).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from coxa.firmware_sim.emulators.base import (
    BATTERY_PERCENT,
    NOTIFY,
    WRITE,
    WRITE_COMMAND,
    Advertised,
    Emulator,
    Row,
    Told,
)
from coxa.firmware_sim.emulators.person_motion import PersonMotion, counts

SERVICE = "80030001-e629-4c98-9324-aa7fc0c66de7"
COMMAND = "80030002-e629-4c98-9324-aa7fc0c66de7"
DATA = "80030003-e629-4c98-9324-aa7fc0c66de7"

ASK_STATUS, STATUS, SET_MODE, START, STOP, STOP_AND_CLEAR, SET_TIME = (
    0x0002, 0x0201, 0x0120, 0x0150, 0x0152, 0x0158, 0x0170,
)  # fmt: skip
MODE_BYTES, RATE_AT, STATUS_BYTES, STATUS_BATTERY_AT = 30, 10, 19, 17
PACKED_6D = 0x0230
RATES_HZ = {1: 200.0, 2: 100.0, 3: 50.0, 4: 25.0}
SAMPLES = 8
GYRO_DPS, ACCEL_MPS2, G_MPS2 = 2000 / 32768, 16 * 9.81 / 32768, 9.80665
AFTER_THE_SAMPLES = bytes(11)
"""Quaternion, heading, error flags: not emulated."""
LEAST_SLICE = 200
"""Bytes of the buffer that it waits for before it notifies."""


def package(header: int, payload: bytes = b"") -> bytes:
    """Start byte, checksum of header and payload, size, header, payload."""
    body = struct.pack("<H", header) + payload
    return b"\x02" + struct.pack("<IB", zlib.crc32(body), len(payload)) + body


class Capture2Go(Emulator):
    """Samples on after a lost link; its buffer waits for the next host, unless that one clears it."""

    name = "capture2go"
    advertised = Advertised("IMU_5f3a2b", (SERVICE,))
    measures_on = True

    def __init__(self, motion: PersonMotion) -> None:
        super().__init__(motion)
        self._mode: int | None = None
        self._buffer = b""

    @property
    def services(self) -> dict[str, tuple[Row, ...]]:
        """Its table."""
        return {SERVICE: (Row(COMMAND, (WRITE, WRITE_COMMAND)), Row(DATA, (NOTIFY,)))}

    def connected(self) -> None:
        """What was measured meanwhile is still in the buffer: no stream is moved on."""

    def _command(self, uuid: str, data: bytes) -> bool:
        size = data[5] if len(data) > 5 else 0
        if uuid != COMMAND or len(data) != 8 + size or data[:1] != b"\x02":
            return False
        check, header = int.from_bytes(data[1:5], "little"), int.from_bytes(data[6:8], "little")
        return zlib.crc32(data[6:]) == check and self._done(header, data[8:])

    def _done(self, header: int, payload: bytes) -> bool:
        if header == ASK_STATUS:
            self._reply(DATA, b"\xfe" + self._status())
        elif header == SET_MODE and len(payload) == MODE_BYTES and payload[RATE_AT] in RATES_HZ:
            self._mode = payload[RATE_AT]
        elif header == START and self._mode is not None:
            if not self.streaming:
                self._begin(DATA, self._notifications(self._mode, self.now_s))
        elif header in (STOP, STOP_AND_CLEAR):
            self._end(DATA)
            self._buffer = b""
        else:
            return header == SET_TIME
        return True

    def _status(self) -> bytes:
        payload = bytearray(STATUS_BYTES)
        payload[STATUS_BATTERY_AT] = BATTERY_PERCENT
        return package(STATUS, bytes(payload))

    def _notifications(self, mode: int, from_s: float) -> Iterator[Told]:
        """Slices of the buffer; once a second the status, in real time ahead of the slice."""
        rate_hz, status_s, at_s = RATES_HZ[mode], from_s, from_s
        while True:
            while len(self._buffer) < LEAST_SLICE:
                t_s, g, dps = self.motion.steps(from_s, rate_hz, SAMPLES)
                stamp_ns = self.motion.boot_us * 1000 + round(from_s * 1e9)
                gyro, accel = counts(dps, GYRO_DPS), counts(g * G_MPS2, ACCEL_MPS2)
                payload = struct.pack("<q", stamp_ns) + np.concatenate([gyro, accel]).tobytes() + AFTER_THE_SAMPLES
                self._buffer += package(PACKED_6D | mode, payload)
                at_s = float(t_s[-1])
                from_s = at_s + 1 / rate_hz
            first = b"\xff"
            if at_s >= status_s:
                first, status_s = b"\xfe" + self._status(), status_s + 1.0
            room = self.room - len(first)
            part, self._buffer = self._buffer[:room], self._buffer[room:]
            yield Told(at_s, DATA, first + part)

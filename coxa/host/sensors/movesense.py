"""Movesense over its GATT SensorData Protocol (GSP): float blocks of a few samples with a millisecond stamp.

Source: movesense.com/docs/esw/gatt_sensordata_protocol; fixtures of sensein/movesense-py.
"""

from __future__ import annotations

import math
import struct

from coxa.host.sensors.driver import Capabilities, ParserStats, Reading, Settings, Triple, Unwrapper

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"
WRITE = "34800001-7185-4d5d-b431-630e7050e8f0"
NOTIFY = "34800002-7185-4d5d-b431-630e7050e8f0"
CAPABILITIES = Capabilities(
    "Movesense (firmware with GSP, 2.3 and newer)", (13, 26, 52, 104), 52, (2, 4, 8, 16), (245, 500, 1000, 2000),
    "device", "clock gaps", "standard service", "firmware from which GSP is built in rests on one source",
)  # fmt: skip
HELLO, SUBSCRIBE, UNSUBSCRIBE, GET = 0, 1, 2, 4
RESPONSE, DATA, REST = 1, 2, 3
REFERENCE = 0x63
_VECTORS = {4: (1, 4), 8: (2, 4), 12: (3, 4), 16: (2, 8), 24: (3, 8)}
"""Number of float triples of a payload: how many sensors (accelerometer, gyroscope, magnetometer), how many samples."""


def start(rate_hz: int) -> bytes:
    """Subscribe to accelerometer and gyroscope."""
    return bytes([SUBSCRIBE, REFERENCE]) + f"/Meas/IMU6/{rate_hz}".encode()


def stop() -> bytes:
    """Unsubscribe."""
    return bytes([UNSUBSCRIBE, REFERENCE])


class MovesenseParser:
    """Joins split payloads, reads blocks of samples, spaces them by the sensor's own clock."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.stats = ParserStats()
        self.battery_percent: int | None = None
        self._period_s = 1.0 / ((settings.rate_hz if settings else None) or CAPABILITIES.default_rate_hz)
        self._given = bool(settings and settings.rate_hz)
        self._part = b""
        self._unwrap = Unwrapper(32)
        self._last: tuple[float, int] | None = None

    def feed(self, data: bytes) -> list[Reading]:
        """Take one notification, with its two-byte header or without."""
        self.stats.notifications += 1
        payload = self._payload(data)
        if payload is None:
            return []
        readings = self._read(payload)
        self.stats.readings += len(readings)
        return readings

    def _payload(self, data: bytes) -> bytes | None:
        ours = data[1:2] == bytes([REFERENCE]) and data[0] in (RESPONSE, DATA, REST)
        if not ours and not self._part and _is_payload(data):
            return data
        if len(data) < 2 or data[0] not in (RESPONSE, DATA, REST):
            self.stats.garbage_bytes += len(data)
            return None
        if data[0] == RESPONSE:
            self._response(data)
            return None
        if data[0] == REST:
            whole, self._part = (self._part + data[2:], b"") if self._part else (b"", b"")
            return self._whole(whole or data[2:])
        if self._part:
            self.stats.bad_frames += 1
            self._part = b""
        body = data[2:]
        if _is_payload(body):
            return body
        self._part = body
        return None

    def _whole(self, body: bytes) -> bytes | None:
        if _is_payload(body):
            return body
        self.stats.bad_frames += 1
        return None

    def _response(self, data: bytes) -> None:
        if len(data) < 4:
            self.stats.bad_frames += 1
            return
        (status,) = struct.unpack_from("<H", data, 2)
        if status >= 400:
            self.stats.note(
                f"a command was refused (status {status}): update the sensor with the Movesense Showcase app"
            )

    def _read(self, payload: bytes) -> list[Reading]:
        sensors, n = _VECTORS[(len(payload) - 4) // 12]
        (stamp,) = struct.unpack_from("<I", payload, 0)
        values = struct.unpack_from(f"<{3 * sensors * n}f", payload, 4)
        if not all(math.isfinite(v) for v in values):
            self.stats.bad_frames += 1
            return []
        first_s = self._unwrap(stamp) * 1e-3
        if self._last is not None and first_s <= self._last[0]:
            self.stats.not_monotonic += n
            return []
        if not self._given:
            self._period_s = 1 / 52 if n <= 4 else 1 / 104
        step_s = self._step(first_s)
        self._last = (first_s, n)
        rows: list[Triple] = [(values[i], values[i + 1], values[i + 2]) for i in range(0, len(values), 3)]
        accel, gyro = rows[:n], rows[n : 2 * n] if sensors > 1 else [None] * n
        rates = [None if w is None else (math.radians(w[0]), math.radians(w[1]), math.radians(w[2])) for w in gyro]
        return [Reading(first_s + k * step_s, a, w) for k, (a, w) in enumerate(zip(accel, rates, strict=True))]

    def _step(self, first_s: float) -> float:
        """Spacing of the samples: what the clock did since the last packet, the nominal one after a gap."""
        if self._last is None:
            return self._period_s
        step_s = (first_s - self._last[0]) / self._last[1]
        return step_s if abs(step_s - self._period_s) < 0.3 * self._period_s else self._period_s


def _is_payload(body: bytes) -> bool:
    return len(body) > 4 and (len(body) - 4) % 12 == 0 and (len(body) - 4) // 12 in _VECTORS

"""Polar's measurement data stream (PMD): Verity Sense (accelerometer and gyroscope), H10 and OH1 (accelerometer).

Source: Polar online_measurement.pdf 1.0 and the test vectors of polarofficial/polar-ble-sdk.
"""

from __future__ import annotations

import math
import struct
from itertools import accumulate

from coxa.host.sensors.driver import Capabilities, ParserStats, Reading, Settings, Triple, g, scaled

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
CAPABILITIES = Capabilities(
    "Polar Verity Sense", (52,), 52, (8,), (2000,), "device", "clock gaps", "standard service",
    "no raw capture of the gyroscope; frames come once a second when still, so words come late",
)  # fmt: skip
H10_CAPABILITIES = Capabilities(
    "Polar H10 (accelerometer only)", (25, 50, 100, 200), 100, (2, 4, 8), (), "device", "clock gaps",
    "standard service", "worn on a thigh: it leaves off 45 s after skin contact is lost",
)  # fmt: skip
ACC, GYRO = 2, 5
REPLY = 0xF0
COMPRESSED = 0x80
HEADER = 10
ACCEL_FACTOR_G = 2.44e-4
"""Value of a count of compressed type 0 of old Verity firmware, where the start reply did not tell another."""
GYRO_DPS_PER_RANGE = 3.5e-5
"""A count of the gyroscope over its range: 0.07 deg/s at 2000, where the start reply did not tell another."""


def start(kind: int, rate_hz: int, value_range: int, channels: int | None = 3) -> bytes:
    """The command that starts a stream: rate, 16 bits, range, channels."""
    command = bytes([2, kind, 0, 1]) + struct.pack("<H", rate_hz) + bytes([1, 1, 16, 0, 2, 1])
    return command + struct.pack("<H", value_range) + (b"" if channels is None else bytes([4, 1, channels]))


def stop(kind: int) -> bytes:
    """The command that stops it; without it the sensor goes on."""
    return bytes([3, kind])


class PolarParser:
    """Unpacks raw and compressed frames of both streams; the stamp is that of a frame's last sample."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.stats = ParserStats()
        self.battery_percent: int | None = None
        settings = settings or Settings()
        self._period_s = 1.0 / (settings.rate_hz or CAPABILITIES.default_rate_hz)
        self._factor = {
            ACC: (settings.range_g or 8.0) / 8.0 * ACCEL_FACTOR_G,
            GYRO: (settings.range_dps or 2000.0) * GYRO_DPS_PER_RANGE,
        }
        self._last_s: dict[int, float] = {}

    def feed(self, data: bytes) -> list[Reading]:
        """Take one notification of the data or of the control characteristic."""
        self.stats.notifications += 1
        if data[:1] == bytes([REPLY]):
            self._reply(data)
            return []
        if len(data) <= HEADER or data[0] & 0x3F not in (ACC, GYRO):
            self.stats.garbage_bytes += len(data)
            return []
        kind, stamp_s = data[0] & 0x3F, struct.unpack_from("<Q", data, 1)[0] * 1e-9
        rows = self._rows(kind, data[9], data[HEADER:])
        readings = self._timed(kind, stamp_s, rows)
        self.stats.readings += len(readings)
        return readings

    def _rows(self, kind: int, frame_type: int, body: bytes) -> list[Triple]:
        """The samples in m/s2 or rad/s."""
        shape = frame_type & 0x7F
        if not frame_type & COMPRESSED:
            return self._raw(kind, shape, body)
        if kind == GYRO and shape == 1:
            counts = self._unpacked(body, 32)
            rows = [(_float(a), _float(b), _float(c)) for a, b, c in counts]
            if not all(math.isfinite(v) for row in rows for v in row):
                self.stats.bad_frames += 1
                return []
            return [scaled_floats(row, math.radians(1.0)) for row in rows]
        if shape > 1:
            self.stats.bad_frames += 1
            return []
        counts = self._unpacked(body, 16)
        if kind == GYRO:
            return [scaled(c, math.radians(self._factor[GYRO])) for c in counts]
        per_count_g = self._factor[ACC] if shape == 0 else 1e-3
        return [g(scaled(c, per_count_g)) for c in counts]

    def _raw(self, kind: int, shape: int, body: bytes) -> list[Triple]:
        """Triples of 16 bits (type 1); other widths are not sent by sensors that one straps to a thigh."""
        if shape != 1 or kind != ACC:
            self.stats.bad_frames += 1
            return []
        n = len(body) // 6
        self.stats.bad_frames += len(body) % 6 != 0
        values = struct.unpack_from(f"<{3 * n}h", body)
        return [g(scaled(values[i : i + 3], 1e-3)) for i in range(0, 3 * n, 3)]

    def _unpacked(self, body: bytes, bits: int) -> list[tuple[int, int, int]]:
        """A reference sample, then blocks of bit-packed differences; whole samples only."""
        size = 3 * bits // 8
        if len(body) < size:
            self.stats.bad_frames += 1
            return []
        row = struct.unpack_from("<3h" if bits == 16 else "<3i", body)
        rows, at = [(row[0], row[1], row[2])], size
        while at + 2 <= len(body):
            width, count = body[at], body[at + 1]
            at += 2
            if not 0 < width <= 32:
                self.stats.bad_frames += 1
                return rows
            need = -(-width * 3 * count // 8)
            block = body[at : at + need]
            deltas = _deltas(block, width, count)
            rows += list(accumulate(deltas, _plus, initial=rows[-1]))[1:]
            at += need
            if len(block) < need:
                self.stats.bad_frames += 1
                return rows
        self.stats.bad_frames += at != len(body)
        return rows

    def _timed(self, kind: int, stamp_s: float, rows: list[Triple]) -> list[Reading]:
        """Spread the samples between the last frame's stamp and this one's."""
        if not rows:
            return []
        before = self._last_s.get(kind)
        if before is not None and stamp_s <= before:
            self.stats.not_monotonic += len(rows)
            return []
        self._last_s[kind] = stamp_s
        step_s = self._period_s
        if before is not None and (stamp_s - before) / len(rows) < 1.5 * self._period_s:
            step_s = (stamp_s - before) / len(rows)
        times = [stamp_s - (len(rows) - 1 - k) * step_s for k in range(len(rows))]
        return [
            Reading(t, row if kind == ACC else None, row if kind == GYRO else None)
            for t, row in zip(times, rows, strict=True)
        ]

    def _reply(self, data: bytes) -> None:
        """The reply to a start command tells what a count is worth (setting 5)."""
        if len(data) < 5 or data[1] != 2:
            return
        if data[3] not in (0, 6):
            self.stats.note("the sensor is on its charger" if data[3] == 13 else f"start refused (error {data[3]})")
            return
        at, kind = 5, data[2] & 0x3F
        sizes = {0: 2, 1: 2, 2: 2, 4: 1, 5: 4}
        while at + 2 <= len(data) and data[at] in sizes:
            key, count = data[at], data[at + 1]
            if key == 5 and at + 6 <= len(data) and kind in self._factor:
                (factor,) = struct.unpack_from("<f", data, at + 2)
                if math.isfinite(factor) and factor > 0:
                    self._factor[kind] = factor
            at += 2 + sizes[key] * count


def _float(bits: int) -> float:
    return float(struct.unpack("<f", struct.pack("<I", bits & 0xFFFFFFFF))[0])


def scaled_floats(row: Triple, factor: float) -> Triple:
    """Three numbers times a factor."""
    return (row[0] * factor, row[1] * factor, row[2] * factor)


def _plus(a: tuple[int, int, int], b: tuple[int, int, int]) -> tuple[int, int, int]:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def _deltas(block: bytes, width: int, count: int) -> list[tuple[int, int, int]]:
    """Signed numbers of `width` bits, least significant bit first; as many whole triples as there are."""
    packed, half, mask = int.from_bytes(block, "little"), 1 << (width - 1), (1 << width) - 1
    whole = min(3 * count, len(block) * 8 // width)
    values = [((packed >> (i * width) & mask) ^ half) - half for i in range(whole)]
    return [(values[i], values[i + 1], values[i + 2]) for i in range(0, whole - whole % 3, 3)]

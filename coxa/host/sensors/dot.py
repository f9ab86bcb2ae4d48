"""Movella (Xsens) DOT: one sample a notification, floats, a microsecond clock that wraps after 71.6 minutes.

Source: "Movella DOT BLE Service Specification" XD0506P rev C; njanssen/node-movella-dot.
"""

from __future__ import annotations

import math
import struct

from coxa.host.sensors.driver import Capabilities, ParserStats, Reading, Settings, Triple, Unwrapper

CONFIG = "15171002-4947-11e9-8646-d663bd873d93"
CONTROL = "15172001-4947-11e9-8646-d663bd873d93"
LONG = "15172002-4947-11e9-8646-d663bd873d93"
MEDIUM = "15172003-4947-11e9-8646-d663bd873d93"
BATTERY = "15173001-4947-11e9-8646-d663bd873d93"
CAPABILITIES = Capabilities(
    "Movella (Xsens) DOT", (12, 15, 20, 30, 60), 60, (16,), (2000,), "device", "clock gaps", "own characteristic",
    "modes 21 and 26 from the specification, no capture of them was found",
)  # fmt: skip
RATE_QUANTITIES, CUSTOM_5 = 21, 26
_SIZE = {RATE_QUANTITIES: 28, CUSTOM_5: 44, 22: 40}


def start(mode: int = RATE_QUANTITIES) -> bytes:
    """Start measuring; notifications must be on before."""
    return bytes([1, 1, mode])


def stop(mode: int = RATE_QUANTITIES) -> bytes:
    """Stop measuring; without it the sensor goes on."""
    return bytes([1, 0, mode])


def configure(rate_hz: int) -> bytes:
    """The 32 bytes that set the output rate."""
    return bytes([0x10]) + bytes(23) + struct.pack("<H", rate_hz) + bytes(6)


class DotParser:
    """Tells the mode by length and padding; modes without specific force give no acceleration."""

    def __init__(self, settings: Settings | None = None) -> None:  # noqa: ARG002
        self.stats = ParserStats()
        self.battery_percent: int | None = None
        self._unwrap = Unwrapper(32)
        self._last_s: float | None = None

    def feed(self, data: bytes) -> list[Reading]:
        """Take one notification."""
        self.stats.notifications += 1
        mode = _mode(data)
        if mode is None:
            self._explain(data)
            return []
        values = struct.unpack_from("<I" + "f" * (_SIZE[mode] // 4 - 1), data)
        if not all(math.isfinite(v) for v in values):
            self.stats.bad_frames += 1
            return []
        t_s = self._unwrap(values[0]) * 1e-6
        if self._last_s is not None and t_s <= self._last_s:
            self.stats.not_monotonic += 1
            return []
        self._last_s = t_s
        self.stats.readings += 1
        rate = values[-3:]
        gyro: Triple = (math.radians(rate[0]), math.radians(rate[1]), math.radians(rate[2]))
        if mode == 22:
            self.stats.note("mode 22 sends acceleration without gravity, which is not used: set mode 21 or 26")
            return [Reading(t_s, None, gyro)]
        return [Reading(t_s, (values[-6], values[-5], values[-4]), gyro)]

    def _explain(self, data: bytes) -> None:
        if len(data) == 20:
            self.stats.note("modes 4 and 5 send orientation only: set mode 21 or 26")
        else:
            self.stats.bad_frames += 1


def _mode(data: bytes) -> int | None:
    """Payloads are padded with zeros to the size of their characteristic (20, 40, 63 or 64 bytes)."""
    if len(data) >= 44 and not any(data[44:]):
        return CUSTOM_5
    if len(data) in (28, 32, 36, 40) and not any(data[28:]):
        return RATE_QUANTITIES
    return 22 if len(data) == 40 else None

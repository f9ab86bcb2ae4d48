"""Any board that prints lines of numbers over the Nordic UART service.

The suggested form: a header `#imu1 acc=m/s2 gyr=dps`, then `seq,t_us,ax,ay,az,gx,gy,gz[,battery]`, one line a sample.
Without a header the units are m/s2 and deg/s; lines of six numbers have neither number nor time.
"""

from __future__ import annotations

import math
import re

from coxa.host.samples import STANDARD_GRAVITY_MPS2
from coxa.host.sensors.driver import Capabilities, ParserStats, Reading, Settings, Triple, Unwrapper

SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
WRITE = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
NOTIFY = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
CAPABILITIES = Capabilities(
    "Nordic UART, lines of CSV (any board of your own)", (25, 50, 100), 50, (2, 4, 8, 16), (250, 500, 1000, 2000),
    "device", "counter", "last column", "your sketch",
)  # fmt: skip
LONGEST_LINE = 200
ACCEL_UNITS = {"m/s2": 1.0, "g": STANDARD_GRAVITY_MPS2, "mg": STANDARD_GRAVITY_MPS2 / 1000}
GYRO_UNITS = {"dps": math.radians(1.0), "deg/s": math.radians(1.0), "rad/s": 1.0, "mdps": math.radians(1e-3)}


class NusCsvParser:
    """Splits lines across notifications; what is no line of numbers is counted and left."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.stats = ParserStats()
        self.battery_percent: int | None = None
        self._period_s = 1.0 / ((settings.rate_hz if settings else None) or CAPABILITIES.default_rate_hz)
        self._buffer = bytearray()
        self._accel, self._gyro = 1.0, GYRO_UNITS["dps"]
        self._unwrap = Unwrapper(32)
        self._last_s: float | None = None
        self._count = 0

    def feed(self, data: bytes) -> list[Reading]:
        """Take one notification."""
        self.stats.notifications += 1
        self._buffer += data
        *lines, rest = bytes(self._buffer).split(b"\n")
        if len(rest) > LONGEST_LINE:
            self.stats.garbage_bytes += len(rest)
            rest = b""
        self._buffer = bytearray(rest)
        readings = [r for line in lines if (r := self._line(line)) is not None]
        self.stats.readings += len(readings)
        return readings

    def _line(self, line: bytes) -> Reading | None:
        text = line.decode("ascii", "replace").strip()
        if not text:
            return None
        if text.startswith("#"):
            self._header(text)
            return None
        numbers = _numbers(text) if len(line) <= LONGEST_LINE else None
        if numbers is None or len(numbers) not in (6, 7, 8, 9):
            self.stats.bad_frames += 1
            return None
        t_s = self._time(numbers)
        if self._last_s is not None and t_s <= self._last_s:
            self.stats.not_monotonic += 1
            return None
        self._last_s = t_s
        first = {6: 0, 7: 1, 8: 2, 9: 2}[len(numbers)]
        if len(numbers) == 9:
            self.battery_percent = round(min(max(numbers[8], 0.0), 100.0))
        a, w = numbers[first : first + 3], numbers[first + 3 : first + 6]
        accel: Triple = (a[0] * self._accel, a[1] * self._accel, a[2] * self._accel)
        return Reading(t_s, accel, (w[0] * self._gyro, w[1] * self._gyro, w[2] * self._gyro))

    def _time(self, numbers: list[float]) -> float:
        self._count += 1
        if len(numbers) == 6:
            return (self._count - 1) * self._period_s
        stamp_us = numbers[0] if len(numbers) == 7 else numbers[1]
        return self._unwrap(int(stamp_us)) * 1e-6

    def _header(self, text: str) -> None:
        for key, unit in re.findall(r"(acc|gyr)=(\S+)", text):
            known = ACCEL_UNITS if key == "acc" else GYRO_UNITS
            if unit not in known:
                self.stats.note(f"unit '{unit}' of {key} is not known; known are {', '.join(known)}")
            elif key == "acc":
                self._accel = known[unit]
            else:
                self._gyro = known[unit]


def _numbers(text: str) -> list[float] | None:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    return numbers if all(math.isfinite(v) and abs(v) < 1e15 for v in numbers) else None

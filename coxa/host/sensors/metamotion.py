"""MbientLab MetaMotion: S (BMI270) and R/RL/C (BMI160); the same bytes mean different things on the two chips.

Source: mbientlab/MetaWear-SDK-Cpp's test-suite (facts only; its licence binds the code to their products).
"""

from __future__ import annotations

import math
import struct
from typing import Literal, TypeAlias

from coxa.host.sensors.driver import Capabilities, ParserStats, Reading, Settings, Triple, Unwrapper, g, scaled

SERVICE = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND = "326a9001-85cb-9195-d9dd-464cfbbae75a"
NOTIFY = "326a9006-85cb-9195-d9dd-464cfbbae75a"
CAPABILITIES = Capabilities(
    "MbientLab MetaMotion S, R, RL", (25, 50, 100, 200), 100, (2, 4, 8, 16), (125, 250, 500, 1000, 2000), "none",
    "unknown", "register", "the BMI270's gyroscope; the fused stream's enabling",
)  # fmt: skip
Chip: TypeAlias = Literal["bmi160", "bmi270"]
ACCEL, GYRO, PROCESSOR, FUSION, SETTINGS = 0x03, 0x13, 0x09, 0x19, 0x11
BATTERY = 0x8C
COUNTS = 32768
_LAYOUTS: dict[Chip, dict[tuple[int, int], int]] = {
    "bmi160": {(ACCEL, 0x04): 1, (ACCEL, 0x1C): 3, (GYRO, 0x05): 1, (GYRO, 0x07): 3},
    "bmi270": {(ACCEL, 0x04): 1, (ACCEL, 0x05): 3, (GYRO, 0x04): 1, (GYRO, 0x05): 3},
}
"""Module and register of a stream: samples in a notification."""
_ODR = {25: 6, 50: 7, 100: 8, 200: 9}
_RANGE_160, _RANGE_270 = {2: 3, 4: 5, 8: 8, 16: 12}, {2: 0, 4: 1, 8: 2, 16: 3}
_GYRO_RANGE = {2000: 0, 1000: 1, 500: 2, 250: 3, 125: 4}


def configure(chip: Chip, rate_hz: int, range_g: int, range_dps: int) -> list[bytes]:
    """Writes that set rate and range of both."""
    odr = _ODR[rate_hz]
    accel = [0x20 | odr, _RANGE_160[range_g]] if chip == "bmi160" else [0xA0 | odr, _RANGE_270[range_g]]
    return [bytes([ACCEL, 3, *accel]), bytes([GYRO, 3, 0x20 | odr, _GYRO_RANGE[range_dps]])]


def start(chip: Chip) -> list[bytes]:
    """Writes that subscribe to the packed streams and start both."""
    accel, gyro = (0x1C, 0x07) if chip == "bmi160" else (0x05, 0x05)
    subscribe = [bytes([ACCEL, accel, 1]), bytes([GYRO, gyro, 1])]
    return [*subscribe, *(bytes(c) for c in ([3, 2, 1, 0], [0x13, 2, 1, 0], [3, 1, 1], [0x13, 1, 1]))]


def stop() -> list[bytes]:
    """Writes that stop both."""
    return [bytes(c) for c in ([3, 1, 0], [3, 2, 0, 1], [0x13, 1, 0], [0x13, 2, 0, 1])]


class MetaMotionParser:
    """Reads single, packed and fused-with-counter notifications of one chip."""

    def __init__(self, chip: Chip, settings: Settings | None = None) -> None:
        self.stats = ParserStats()
        self.battery_percent: int | None = None
        settings = settings or Settings()
        self._layouts = _LAYOUTS[chip]
        self._accel_g = (settings.range_g or 8.0) / COUNTS
        self._gyro_dps = _dps_per_count(settings.range_dps or 1000.0)
        self._period_s = 1.0 / (settings.rate_hz or CAPABILITIES.default_rate_hz)
        self._count = {ACCEL: 0, GYRO: 0}
        self._unwrap = Unwrapper(32)
        self._last: int | None = None

    def feed(self, data: bytes) -> list[Reading]:
        """Take one notification."""
        self.stats.notifications += 1
        if len(data) < 3:
            self.stats.garbage_bytes += len(data)
            return []
        module, register = data[0], data[1]
        readings = list[Reading]()
        if (module, register) in self._layouts:
            readings = self._samples(module, data[2:], self._layouts[module, register])
        elif (module, register) == (PROCESSOR, 3):
            readings = self._fused(data[3:])
        elif (module, register) == (SETTINGS, BATTERY):
            self.battery_percent = min(data[2], 100)
        elif module not in (ACCEL, GYRO, PROCESSOR, FUSION, SETTINGS):
            self.stats.garbage_bytes += len(data)
        elif module in (ACCEL, GYRO):
            self.stats.note("a stream of the other chip's layout came: MetaMotion S is bmi270, R, RL and C are bmi160")
        self.stats.readings += len(readings)
        return readings

    def _samples(self, module: int, body: bytes, n: int) -> list[Reading]:
        if len(body) != 6 * n:
            self.stats.bad_frames += 1
            return []
        values = struct.unpack(f"<{3 * n}h", body)
        readings = list[Reading]()
        for i in range(0, 3 * n, 3):
            t_s = self._count[module] * self._period_s
            self._count[module] += 1
            row = values[i : i + 3]
            readings.append(
                Reading(t_s, self._force(row), None) if module == ACCEL else Reading(t_s, None, self._rate(row))
            )
        return readings

    def _fused(self, body: bytes) -> list[Reading]:
        """Accelerometer and gyroscope with a counter: loss is seen."""
        if len(body) != 16:
            self.stats.bad_frames += 1
            return []
        count, *values = struct.unpack("<I6h", body)
        number = self._unwrap(count)
        if self._last is not None and number <= self._last:
            self.stats.not_monotonic += 1
            return []
        self._last = number
        return [Reading(number * self._period_s, self._force(tuple(values[:3])), self._rate(tuple(values[3:])))]

    def _force(self, row: tuple[int, ...]) -> Triple:
        return g(scaled(row, self._accel_g))

    def _rate(self, row: tuple[int, ...]) -> Triple:
        return scaled(row, math.radians(self._gyro_dps))


def _dps_per_count(range_dps: float) -> float:
    """Bosch states 16.4 counts for 1 deg/s at 2000 deg/s, twice as many at half the range (BMI160 datasheet, 1.2)."""
    return range_dps / (16.4 * 2000.0)

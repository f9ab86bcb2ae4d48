"""Movella (Xsens) DOT: one sample a notification, stamped in microseconds; specific force in modes 20, 21, 26.

Source: Movella DOT BLE Service Specification XD0506P rev. C; node-movella-dot; captures of modes 22 and 4.
"""

from __future__ import annotations

import math
import struct

import numpy as np

from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, StreamItem
from coxa.host.sensors.device_clock import DeviceClock, Unwrapper
from coxa.host.sensors.driver import (
    Advertisement,
    Capabilities,
    Driver,
    Loss,
    SensorDecoder,
    Settings,
    Write,
    block,
    singles,
)


def _uuid(short: str) -> str:
    return f"1517{short}-4947-11e9-8646-d663bd873d93"


MANUFACTURER = 0x0886
CONFIGURE, CONTROL = _uuid("1002"), _uuid("2001")
LONG, MEDIUM, SHORT = _uuid("2002"), _uuid("2003"), _uuid("2004")
BATTERY = _uuid("3001")

RATE_QUANTITIES, CUSTOM_1 = 21, 22
SHORT_BYTES, MEDIUM_BYTES = 20, 40
"""Longest notifications of the short and medium characteristics; rests are padded with zeros."""
RATES_BYTES, CUSTOM_1_BYTES, CUSTOM_5_BYTES = 28, 40, 44
GRAVITY_MPS2, MAGNETIC = (5.0, 20.0), (0.5, 2.0)
"""Sizes by which mode 20 (acceleration, rate, magnetic field in units of the local one) is told from mode 22."""
MAX_ACCEL_MPS2, MAX_GYRO_DPS = 200.0, 2300.0
"""A little above what 16 g and 2000 deg/s on one axis allow."""


class DotDecoder(SensorDecoder):
    """Takes notifications of the medium and long characteristics; which mode they are in shows in their content."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._clock = DeviceClock(settings.rate_hz, self.stats)
        self._unwrap = Unwrapper(32)

    @property
    def rate_hz(self) -> float | None:
        return 1.0 / self._clock.period_s

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        if characteristic == BATTERY:
            self.stats.other += 1
            self.battery_percent = battery_percent(data)
            return []
        if characteristic == SHORT or (not characteristic and len(data) == SHORT_BYTES):
            self.stats.other += 1  # orientation alone
            return []
        if len(data) < RATES_BYTES:
            self.stats.truncated += 1
            return []
        numbers = singles(data[: len(data) // 4 * 4], 4)
        found = _motion(numbers)
        if found is None:
            self.stats.other += 1
            return []
        return self._stamped(int.from_bytes(data[:4], "little"), *found)

    def _stamped(self, stamp: int, accel: FloatArray, gyro_dps: FloatArray) -> list[StreamItem]:
        with np.errstate(invalid="ignore"):
            if not (np.all(np.abs(accel) <= MAX_ACCEL_MPS2) and np.all(np.abs(gyro_dps) <= MAX_GYRO_DPS)):
                self.stats.bad_frames += 1
                return []
        restarts = self.stats.restarts
        timed = self._clock.from_first(self._unwrap(stamp) / 1_000_000, 1)
        if timed is None:
            return []
        if self.stats.restarts > restarts:
            self._unwrap.restart(stamp)
        gap, t_s = timed
        return [*gap, block(t_s, accel[None], np.radians(gyro_dps)[None])]


def _motion(numbers: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Specific force (m/s2) and angular rate (deg/s), from the numbers behind the stamp; None in other modes."""
    if len(numbers) * 4 + 4 >= CUSTOM_5_BYTES:  # long: mode 26 is quaternion, acceleration, rate
        return (numbers[4:7], numbers[7:10]) if _is_unit(numbers[:4]) else None
    if _is_unit(numbers[:4]):  # modes 2 and 3: quaternion and free acceleration
        return None
    if not np.any(numbers[6:]):
        return numbers[:3], numbers[3:6]
    if len(numbers) * 4 + 4 < CUSTOM_1_BYTES:
        return None
    if _is_between(numbers[:3], GRAVITY_MPS2) and _is_between(numbers[6:9], MAGNETIC):
        return numbers[:3], numbers[3:6]
    return specific_force(numbers[:3], numbers[3:6]), numbers[6:9]


def _is_between(vector: FloatArray, sizes: tuple[float, float]) -> bool:
    return sizes[0] < math.hypot(*vector.tolist()) < sizes[1]


def _is_unit(q: FloatArray) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(abs(float(q @ q) - 1.0) < 0.01)


def specific_force(euler_deg: FloatArray, free_mps2: FloatArray) -> FloatArray:
    """What the accelerometer felt, (3,) m/s2 in the sensor's frame, from mode 22's Euler angles and free acceleration.

    Free acceleration is that of the world's frame with gravity taken off (XD0506P, section 3.5): this puts it back and
    turns the sum into the sensor's frame. Roll, pitch, yaw about x, y, z, applied in this order.
    """
    if not np.all(np.isfinite(euler_deg)):
        return np.full(3, np.nan)
    roll, pitch, yaw = (math.radians(e) for e in euler_deg)
    (cr, sr), (cp, sp), (cy, sy) = ((math.cos(a), math.sin(a)) for a in (roll, pitch, yaw))
    sensor_to_world = np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )
    return sensor_to_world.T @ (free_mps2 + np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2]))


def battery_percent(data: bytes) -> int | None:
    """From the battery characteristic: [percent, charging]."""
    return data[0] if data and data[0] <= 100 else None


def encode_rates(stamp_us: int, accel_mps2: FloatArray, gyro_dps: FloatArray) -> bytes:
    """A mode 21 notification, padded as the sensor pads it."""
    return struct.pack("<I6f", stamp_us % 2**32, *accel_mps2, *gyro_dps).ljust(MEDIUM_BYTES, b"\0")


class Dot(Driver):
    """Movella DOT."""

    name = "dot"
    title = "Movella (Xsens) DOT"
    capabilities = Capabilities(
        clock="microseconds, 32 bits (turns over every 71.6 minutes), at each sample",
        loss=Loss.CLOCK,
        rates_hz=(20.0, 30.0, 60.0),
        accel_ranges_g=(16.0,),
        gyro_ranges_dps=(2000.0,),
        has_gyro=True,
        battery="its own battery service",
        evidence="captures of modes 22 and 4; mode 21, which coxa uses, from the maker's specification only",
        follows=(
            "Each sample carries the sensor's time: single lost samples are seen.",
            "It sleeps after 10 minutes of advertising and after 30 minutes connected without motion.",
            "It goes on measuring when a program leaves without a stop; switch it off and on then.",
        ),
    )
    defaults = Settings(60.0, 16.0, 2000.0)
    battery_characteristic = BATTERY

    def match(self, said: Advertisement) -> bool:
        return MANUFACTURER in said.manufacturer or said.name.startswith(("Xsens DOT", "Movella DOT"))

    def subscribe(self) -> tuple[str, ...]:
        return MEDIUM, BATTERY

    def start(self, settings: Settings) -> tuple[Write, ...]:
        """It takes no other rate while it measures, as it still may after a lost link; so it is stopped first."""
        rate = b"\x10" + bytes(23) + struct.pack("<H", round(settings.rate_hz)) + bytes(6)
        go = bytes([1, 1, RATE_QUANTITIES])
        return *self.stop(), Write(CONFIGURE, rate, response=True, pause_s=0.1), Write(CONTROL, go, response=True)

    def stop(self) -> tuple[Write, ...]:
        return (Write(CONTROL, bytes([1, 0, RATE_QUANTITIES]), response=True),)

    def battery(self, characteristic: str, data: bytes) -> int | None:
        return battery_percent(data) if characteristic.lower() == BATTERY else None

    def decoder(self, settings: Settings) -> DotDecoder:
        return DotDecoder(settings)

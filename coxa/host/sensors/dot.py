"""Movella (Xsens) DOT: one sample a notification, stamped in microseconds; specific force in modes 20, 21, 26.

Source: Movella DOT BLE Service Specification XD0506P, tables 14 to 17 (payload modes, sizes and data types);
node-movella-dot; captures of modes 22 and 4. A notification does not say which mode it is of, and its rest is padded
with zeros: where coxa has not set the mode itself (`lone_halves`), the content decides.
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

RATE_QUANTITIES = 21
SHORT_SIZES = (16, 20)
"""Of modes with orientation or free acceleration alone, without and with their padding."""
MEDIUM_BYTES = 40
RATES_BYTES, FIELD_END, CUSTOM_1_BYTES, CUSTOM_5_BYTES = 28, 34, 40, 44
"""Where modes 21, 20, 22 and 26 end: the magnetic field of mode 20 takes 6 bytes, not 12."""
QUIET_MPS2, QUIET_DPS = 20.0, 20.0
"""A force larger than the first comes with a rotation faster than the second. Euler angles with free acceleration
(modes 7, 16, 23) have the same place and length: mostly large numbers (the heading is any), then small ones."""
MAX_ACCEL_MPS2, MAX_GYRO_DPS = 200.0, 2300.0
"""A little above what 16 g and 2000 deg/s on one axis allow."""


class DotDecoder(SensorDecoder):
    """Takes notifications of mode 21, which coxa sets; with `lone_halves` of every mode that holds force or rate."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._any_mode = settings.lone_halves
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
        if characteristic == SHORT or (not characteristic and len(data) in SHORT_SIZES):
            self.stats.other += 1  # orientation alone
            return []
        if len(data) < RATES_BYTES:
            self.stats.truncated += 1
            return []
        found = _any_motion(data) if self._any_mode else _rates(data)
        if found is None:
            self.stats.other += 1
            return []
        return self._stamped(int.from_bytes(data[:4], "little"), arrival_s, *found)

    def _stamped(self, stamp: int, arrival_s: float, accel: FloatArray, gyro_dps: FloatArray) -> list[StreamItem]:
        with np.errstate(invalid="ignore"):
            if not (np.all(np.abs(accel) <= MAX_ACCEL_MPS2) and np.all(np.abs(gyro_dps) <= MAX_GYRO_DPS)):
                self.stats.bad_frames += 1
                return []
        restarts = self.stats.restarts
        stamp_us = self._unwrap(stamp, 1e-6, arrival_s)
        timed = self._clock.from_first(stamp_us / 1_000_000, 1)
        if timed is None:
            return []
        if self.stats.restarts > restarts:
            self._unwrap.restart(stamp_us, arrival_s)
        gap, t_s = timed
        return [*gap, block(t_s, accel[None], np.radians(gyro_dps)[None])]


def _rates(data: bytes) -> tuple[FloatArray, FloatArray] | None:
    """Specific force (m/s2) and angular rate (deg/s) of mode 21; None where more than padding follows."""
    if any(data[RATES_BYTES:]):
        return None
    numbers = singles(data[:RATES_BYTES], 4)
    return numbers[:3], numbers[3:]


def _any_motion(data: bytes) -> tuple[FloatArray, FloatArray] | None:
    """As `_rates`, of any mode that holds both; None for those that do not."""
    numbers = singles(data[: len(data) // 4 * 4], 4)
    if len(data) >= CUSTOM_5_BYTES:  # long: mode 26 is quaternion, acceleration, rate
        return (numbers[4:7], numbers[7:10]) if _is_unit(numbers[:4]) else None
    if _is_unit(numbers[:4]):  # modes 2, 3, 18, 19, 24: quaternions with free acceleration, velocity or rate
        return None
    if len(data) >= CUSTOM_1_BYTES and any(data[FIELD_END:]):
        return specific_force(numbers[:3], numbers[3:6]), numbers[6:9]
    return (numbers[:3], numbers[3:6]) if _is_felt(numbers[:3], numbers[3:6]) else None


def _is_felt(accel_mps2: FloatArray, gyro_dps: FloatArray) -> bool:
    """Whether these are force and rate (modes 20, 21), not Euler angles and free acceleration."""
    force_mps2, rate_dps = (math.hypot(*v.tolist()) for v in (accel_mps2, gyro_dps))
    return force_mps2 <= QUIET_MPS2 or rate_dps > QUIET_DPS


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

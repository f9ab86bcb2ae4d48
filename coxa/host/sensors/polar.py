"""Polar by its PMD service: Verity Sense (accelerometer and gyro, two streams) and H10 (accelerometer only).

Source: Polar's online measurement document, tests of polarofficial/polar-ble-sdk, captured frames from its issues.
A frame is stamped at its LAST sample, nanoseconds since 2000-01-01.
"""

from __future__ import annotations

import math
import struct

import numpy as np

from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, StreamItem
from coxa.host.sensors.device_clock import DeviceClock, Epoch
from coxa.host.sensors.driver import Advertisement, Capabilities, Driver, Loss, SensorDecoder, Settings, Write, block
from coxa.host.sensors.pairing import Pairer
from coxa.host.sensors.polar_frame import Frame, parse_frame

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

START, STOP = 2, 3
ACCEL, GYRO = 2, 5
REPLY = 0xF0
OK, RUNNING_ALREADY = 0, 6
REFUSALS = {
    1: "it does not know the command",
    2: "it does not know this measurement",
    3: "it does not have this measurement",
    4: "the command has a wrong length",
    5: "it does not take these settings",
    7: "it does not take this resolution",
    8: "it does not take this rate",
    9: "it does not take this range",
    10: "the radio packets agreed on are too small",
    11: "it does not take this number of axes",
    12: "it cannot in its present state; switch it off and on",
    13: "it is on its charger",
    14: "its memory is full",
}
"""Errors in replies (polar-ble-sdk, PmdControlPointResponse)."""
FACTOR_SETTING = 5
SETTING_BYTES = {0: 2, 1: 2, 2: 2, 3: 2, 4: 1, 5: 4}
"""Sizes of the values of each setting in commands and replies."""
GYRO_LSB_SHARE = 3.5e-5
"""deg/s a count and deg/s of full scale: 70 mdps at 2000 (STMicroelectronics LSM6DS family, datasheets, table 3)."""
MAX_ACCEL_G, MAX_GYRO_DPS = 20.0, 2100.0
"""A little above the widest ranges."""


class PolarDecoder(SensorDecoder):
    """Decodes frames of both streams; gyro samples are laid onto the accelerometer's times."""

    def __init__(self, settings: Settings, *, gyro: bool) -> None:
        super().__init__()
        epoch = Epoch()  # both streams are stamped by one clock
        self._clocks = {kind: DeviceClock(settings.rate_hz, self.stats, epoch) for kind in (ACCEL, GYRO)}
        self._pairer = Pairer(settings.rate_hz, self.stats, lone_halves=settings.lone_halves) if gyro else None
        self._accel_factor = settings.accel_range_g / 32768
        self._gyro_factor = GYRO_LSB_SHARE * settings.gyro_range_dps
        self._float_factor = 1.0

    @property
    def rate_hz(self) -> float | None:
        return 1.0 / self._clocks[ACCEL].period_s

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        if characteristic == CONTROL or (not characteristic and data[:1] == bytes([REPLY])):
            self._replied(data)
            return []
        frame = parse_frame(data)
        if frame is None:
            self.stats.truncated += 1
            return []
        if frame.kind not in (ACCEL, GYRO):
            self.stats.other += 1
            return []
        return self._sampled(frame)

    def _rest(self) -> list[StreamItem]:
        return self._pairer.finish() if self._pairer else []

    def _sampled(self, frame: Frame) -> list[StreamItem]:
        values = self._accel(frame) if frame.kind == ACCEL else self._gyro(frame)
        if values is None or (frame.kind == GYRO and self._pairer is None):
            self.stats.bad_frames += 1
            return []
        self.stats.truncated += not frame.whole
        timed = self._clocks[frame.kind].from_last(frame.stamp_ns / 1_000_000_000, len(values), whole=frame.whole)
        if timed is None:
            return []
        gap, t_s = timed
        if self._pairer is None:
            return [*gap, block(t_s, values, None)]
        return self._pairer.accel(t_s, values) if frame.kind == ACCEL else self._pairer.gyro(t_s, values)

    def _accel(self, frame: Frame) -> FloatArray | None:
        """(n, 3) m/s2. Compressed type 0 counts parts of the range, every other integer type milli-g."""
        if frame.floats:
            return None
        g = self._accel_factor if frame.compressed and frame.type == 0 else 1e-3
        values = frame.values * g
        return values * STANDARD_GRAVITY_MPS2 if np.all(np.abs(values) <= MAX_ACCEL_G) else None

    def _gyro(self, frame: Frame) -> FloatArray | None:
        """(n, 3) rad/s."""
        if not frame.compressed:
            return None
        values = frame.values * (self._float_factor if frame.floats else self._gyro_factor)
        with np.errstate(invalid="ignore"):
            if not np.all(np.abs(values) <= MAX_GYRO_DPS):
                return None
        return np.radians(values)

    def _replied(self, data: bytes) -> None:
        """The reply to a gyro start may say what a count is worth."""
        self.stats.other += 1
        if len(data) >= 4 and data[1] == START and data[3] not in (OK, RUNNING_ALREADY):
            why = REFUSALS.get(data[3], f"error {data[3]}")
            self.refusal = f"the sensor refused to stream: {why}"
        if len(data) < 5 or data[:3] != bytes([REPLY, START, GYRO]) or data[3] != 0:
            return
        at = 5
        while at + 2 <= len(data):
            setting, count = data[at], data[at + 1]
            size = SETTING_BYTES.get(setting)
            if size is None or not count:
                return
            if setting == FACTOR_SETTING and at + 6 <= len(data):
                (factor,) = struct.unpack_from("<f", data, at + 2)
                if math.isfinite(factor) and 0 < factor <= 10:
                    self._gyro_factor = self._float_factor = factor
            at += 2 + size * count


def start_bytes(kind: int, rate_hz: float, full_scale: float, channels: bool) -> bytes:
    """A start command: rate, 16 bits, range, and for the Verity Sense three channels."""
    command = bytes([START, kind]) + b"\x00\x01" + struct.pack("<H", round(rate_hz)) + b"\x01\x01\x10\x00"
    command += b"\x02\x01" + struct.pack("<H", round(full_scale))
    return command + (b"\x04\x01\x03" if channels else b"")


def stop_of(kind: int) -> Write:
    """The end of a stream; before each start too, since one left running by a killed program keeps its settings."""
    return Write(CONTROL, bytes([STOP, kind]), response=True, pause_s=0.1)


class Polar(Driver):
    """The Verity Sense arm band, worn on the thigh."""

    name = "polar"
    title = "Polar Verity Sense"
    capabilities = Capabilities(
        clock="nanoseconds since 2000, 64 bits, at the last sample of each frame",
        loss=Loss.CLOCK,
        rates_hz=(52.0,),
        accel_ranges_g=(8.0,),
        gyro_ranges_dps=(2000.0,),
        has_gyro=True,
        battery="the standard battery service",
        evidence="captured accelerometer frames (excerpts); gyro against the maker's tests only",
        follows=(
            "Frames come about once a second when you are still: counts are said up to a second late.",
            "Accelerometer and gyro are two streams on one clock; coxa lays the gyro onto the accelerometer's times.",
            "The sensor's date may jump when it is set; such a jump is a gap.",
            "It switches off after 10 minutes without a heart rate: wear its lens on bare skin.",
        ),
    )
    defaults = Settings(52.0, 8.0, 2000.0)

    def match(self, said: Advertisement) -> bool:
        return said.name.startswith("Polar Sense")

    def subscribe(self) -> tuple[str, ...]:
        return CONTROL, DATA

    def start(self, settings: Settings) -> tuple[Write, ...]:
        accel = start_bytes(ACCEL, settings.rate_hz, settings.accel_range_g, channels=True)
        gyro = start_bytes(GYRO, settings.rate_hz, settings.gyro_range_dps, channels=True)
        return *self.stop(), Write(CONTROL, accel, response=True, pause_s=0.2), Write(CONTROL, gyro, response=True)

    def stop(self) -> tuple[Write, ...]:
        return stop_of(GYRO), stop_of(ACCEL)

    def decoder(self, settings: Settings) -> PolarDecoder:
        return PolarDecoder(settings, gyro=True)


class PolarH10(Driver):
    """The H10 chest strap: no gyro, so slow movements only."""

    name = "polar_h10"
    title = "Polar H10 (accelerometer only)"
    capabilities = Capabilities(
        clock="nanoseconds since 2000, 64 bits, at the last sample of each frame",
        loss=Loss.CLOCK,
        rates_hz=(25.0, 50.0, 100.0, 200.0),
        accel_ranges_g=(2.0, 4.0, 8.0),
        gyro_ranges_dps=(),
        has_gyro=False,
        battery="the standard battery service",
        evidence="the maker's tests",
        follows=(
            "No gyro: how the thigh turns is taken from gravity. Slow movements are counted, angles are less certain.",
            "Taps on it are not noticed.",
            "It switches off about 45 s after it loses the skin, and stays on when a program leaves without a stop.",
        ),
    )
    defaults = Settings(100.0, 8.0, 2000.0)

    def match(self, said: Advertisement) -> bool:
        return said.name.startswith("Polar H10")

    def subscribe(self) -> tuple[str, ...]:
        return CONTROL, DATA

    def start(self, settings: Settings) -> tuple[Write, ...]:
        command = start_bytes(ACCEL, settings.rate_hz, settings.accel_range_g, channels=False)
        return *self.stop(), Write(CONTROL, command, response=True)

    def stop(self) -> tuple[Write, ...]:
        return (stop_of(ACCEL),)

    def decoder(self, settings: Settings) -> PolarDecoder:
        return PolarDecoder(settings, gyro=False)

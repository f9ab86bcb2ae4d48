"""Boards that makers program themselves: lines of numbers over the Nordic UART service, split over notifications.

A header line may say what follows; without it the columns below are taken:

    #imu1 acc=m/s2 gyr=dps cols=seq,t_us,ax,ay,az,gx,gy,gz
    17,340000,0.02,-0.10,9.81,0.3,0.0,-1.2

`seq` and `t_us` may be left out of `cols`; without a time, samples are stamped as they arrive. A ninth column is the
battery in percent. A line counts once its end has come: half a number is another number.
"""

from __future__ import annotations

import math

import numpy as np

from coxa.host.samples import MAX_ACCEL_MPS2, MAX_GYRO_RADPS, STANDARD_GRAVITY_MPS2, FloatArray, StreamItem
from coxa.host.sensors.arrival_clock import ArrivalClock
from coxa.host.sensors.device_clock import DeviceClock, Unwrapper
from coxa.host.sensors.driver import Advertisement, Capabilities, Driver, Loss, SensorDecoder, Settings, Write, block

SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
WRITE = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
NOTIFY = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"

LONGEST_LINE = 256
AXES = ("ax", "ay", "az", "gx", "gy", "gz")
COLUMNS = ("seq", "t_us", *AXES, "batt")
ACCEL_UNITS = {"m/s2": 1.0, "m/s^2": 1.0, "g": STANDARD_GRAVITY_MPS2, "mg": STANDARD_GRAVITY_MPS2 / 1000}
GYRO_UNITS = {"rad/s": 1.0, "dps": math.pi / 180, "deg/s": math.pi / 180, "mdps": math.pi / 180_000}
TIME_UNITS = {"t_us": 1e-6, "t_ms": 1e-3}
COUNTER_BITS = 32
"""Of micros() and millis() on these boards; sequence numbers too, or they never get so far."""
LARGEST = float(1 << 53)
"""Beyond it floats skip whole numbers."""


class NusCsvDecoder(SensorDecoder):
    """Reads lines. What is no line of numbers is counted and passed over."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._rate_hz = settings.rate_hz
        self._line = b""
        self._too_long = False
        self._accel_unit, self._gyro_unit, self._columns = 1.0, math.pi / 180, COLUMNS
        self._arrival = ArrivalClock(settings.rate_hz, self.stats)
        self._clock = DeviceClock(settings.rate_hz, self.stats)
        self._unwrap = Unwrapper(COUNTER_BITS)
        self._seq: int | None = None
        self._timed: bool | None = None
        """Whether lines carry a time: as the first one, so all."""

    @property
    def rate_hz(self) -> float | None:
        return 1.0 / (self._clock if self._timed else self._arrival).period_s

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        *lines, rest = (self._line + data).split(b"\n")
        items, unstamped = list[StreamItem](), list[FloatArray]()
        for line in lines:
            long, self._too_long = self._too_long, False
            if long or len(line) > LONGEST_LINE:
                self.stats.garbage_bytes += len(line)
                continue
            items += self._read(line.strip(), arrival_s, unstamped)
        if len(rest) > LONGEST_LINE:
            self._too_long = True
            self.stats.garbage_bytes += len(rest)
            rest = b""
        self._line = rest
        if unstamped:
            items += self._arrival.feed(np.array(unstamped), arrival_s)
        return items

    def _rest(self) -> list[StreamItem]:
        self.stats.truncated += bool(self._line)
        self._line = b""
        return self._arrival.finish()

    def _read(self, line: bytes, arrival_s: float, unstamped: list[FloatArray]) -> list[StreamItem]:
        if not line:
            return []
        if line.startswith(b"#"):
            self._header(line)
            return []
        values = self._values(line)
        unit = next((c for c in TIME_UNITS if values and c in values), None)
        if self._timed is None and values is not None:
            self._timed = unit is not None
        if values is None or self._timed != (unit is not None):
            self.stats.bad_frames += 1
            return []
        motion = np.array([values[a] for a in AXES])
        motion[:3] *= self._accel_unit
        motion[3:] *= self._gyro_unit
        too_much = np.any(np.abs(motion[:3]) > MAX_ACCEL_MPS2) or np.any(np.abs(motion[3:]) > MAX_GYRO_RADPS)
        if too_much or any(abs(v) > LARGEST for v in values.values()):
            self.stats.bad_frames += 1
            return []
        battery = values.get("batt")
        if battery is not None and 0 <= battery <= 100:
            self.battery_percent = round(battery)
        if unit is None:
            unstamped.append(motion)
            return []
        return self._stamped(round(values[unit]), TIME_UNITS[unit], arrival_s, values.get("seq"), motion)

    def _values(self, line: bytes) -> dict[str, float] | None:
        """Columns by name; None where the line is not what the header promised."""
        try:
            numbers = [float(n) for n in line.decode("ascii").split(",")]
        except (UnicodeDecodeError, ValueError):
            return None
        columns = self._columns
        if columns == COLUMNS and len(numbers) == len(AXES):
            columns = AXES
        few = len(columns) - (columns[-1] == "batt")
        if not few <= len(numbers) <= len(columns) or not all(map(math.isfinite, numbers)):
            return None
        return dict(zip(columns, numbers, strict=False))

    def _stamped(
        self, t: int, tick_s: float, arrival_s: float, seq: float | None, motion: FloatArray
    ) -> list[StreamItem]:
        restarts = self.stats.restarts
        stamp = self._unwrap(t, tick_s, arrival_s)
        timed = self._clock.from_first(stamp * tick_s, 1, skipped=self._skipped(seq))
        if timed is None:
            return []
        if self.stats.restarts > restarts:
            self._unwrap.restart(stamp, arrival_s)
        self._seq = None if seq is None else round(seq)
        gap, t_s = timed
        return [*gap, block(t_s, motion[None, :3], motion[None, 3:])]

    def _skipped(self, seq: float | None) -> int | None:
        """Lines missing before this one, where lines are numbered."""
        if seq is None or self._seq is None:
            return None
        missing = round(seq) - self._seq - 1
        return missing if 0 <= missing < 1 << 16 else None

    def _header(self, line: bytes) -> None:
        self.stats.other += 1
        said = dict(w.split("=", 1) for w in line.decode("ascii", "replace").lower().split() if "=" in w)
        accel, gyro = said.get("acc", "m/s2"), said.get("gyr", "dps")
        columns = tuple(said.get("cols", ",".join(COLUMNS)).split(","))
        if accel not in ACCEL_UNITS or gyro not in GYRO_UNITS or not set(AXES) <= set(columns):
            self.stats.bad_frames += 1
            return
        self._accel_unit, self._gyro_unit, self._columns = ACCEL_UNITS[accel], GYRO_UNITS[gyro], columns


class NusCsv(Driver):
    """Any board that sends such lines."""

    name = "nus_csv"
    title = "Own boards: lines of numbers over the Nordic UART service"
    capabilities = Capabilities(
        clock="what the board sends: micros(), millis() or nothing",
        loss=Loss.COUNTER,
        rates_hz=(),
        accel_ranges_g=(),
        gyro_ranges_dps=(),
        has_gyro=True,
        battery="an optional last column, or the standard battery service",
        evidence="by construction",
        follows=(
            "Number the lines and send micros(): then loss is seen and times are the board's own.",
            "Without a time, samples are stamped as they arrive, after two seconds of measuring the rate.",
            "Send a header line with the units every few seconds; without one m/s2 and deg/s are taken.",
            "There is no checksum: send short lines, and no faster than the radio carries (50 to 100 Hz).",
        ),
    )
    defaults = Settings(50.0, 16.0, 2000.0)

    def match(self, said: Advertisement) -> bool:
        return SERVICE in said.service_uuids

    def subscribe(self) -> tuple[str, ...]:
        return (NOTIFY,)

    def start(self, settings: Settings) -> tuple[Write, ...]:
        return ()  # it sends while somebody is subscribed

    def stop(self) -> tuple[Write, ...]:
        return ()

    def decoder(self, settings: Settings) -> NusCsvDecoder:
        return NusCsvDecoder(settings)

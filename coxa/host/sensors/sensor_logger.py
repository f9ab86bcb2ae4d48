"""A phone with the app Sensor Logger, which pushes its readings over HTTP as JSON; no Bluetooth.

Source: PUSHING.md, UNITS.md, COORDINATES.md and CROSSPLATFORM.md of tszheichoi/awesome-sensor-logger. One message is

    {"messageId": 0, "sessionId": "...", "deviceId": "...", "payload": [
      {"name": "gravity", "time": 1698501144401773000, "values": {"x": 0.1, "y": -0.2, "z": 9.8}}, ...]}

Times are nanoseconds since 1970, more than a float holds. Messages may overtake each other.
"""

from __future__ import annotations

import json
from typing import Any, cast

import numpy as np

from coxa.host.samples import MAX_ACCEL_MPS2, FloatArray, Gap, StreamItem
from coxa.host.sensors.driver import (
    Advertisement,
    Capabilities,
    Driver,
    Loss,
    SensorDecoder,
    SensorStats,
    Settings,
    Write,
)
from coxa.host.sensors.pairing import Pairer
from coxa.host.sensors.phone_streams import NO_GYRO_S, Grower, PhoneStreams, Timeline

PUSH = "push"
"""Stands for a characteristic: where messages come from."""
TOTAL, RAW, LINEAR, GRAVITY, GYRO = (
    "totalacceleration", "accelerometeruncalibrated", "accelerometer", "gravity", "gyroscope"
)  # fmt: skip
SOURCES = (TOTAL, RAW, LINEAR)
"""Where specific force is taken from, best first: as a whole, as the chip reads it, or in two parts."""
WAITING = 4
"""A message that so many later ones have overtaken is lost."""
BACK_NS = 5_000_000_000
"""A message whose turn it is and which is so much older than the newest: the phone's clock was set back."""
MAX_STAMP_NS = 1 << 62
"""The year 2116: a later stamp is none."""

NO_GRAVITY = "the phone sends acceleration without gravity: in Sensor Logger switch on Gravity (or Total Acceleration)"
NO_GYRO = "the phone sends no angular rate: in Sensor Logger switch on Gyroscope"

Axes = tuple[FloatArray, FloatArray]
"""(n,) seconds and (n, 3) values of one of the phone's sensors."""


class _Recording:
    """One recording of the app, from its start button to its stop button."""

    def __init__(self, settings: Settings, stats: SensorStats, session: str, base_ns: int) -> None:
        self.session, self.base_ns, self.newest_ns = session, base_ns, base_ns
        self.next_id: int | None = None
        self.waiting = dict[int, list[Any]]()
        self.source: str | None = None
        self.streams = PhoneStreams(
            settings.rate_hz,
            stats,
            lone_halves=settings.lone_halves,
            no_gravity=NO_GRAVITY,
            no_gyro=NO_GYRO,
            may_be_g=True,
        )
        self.linear, self.gravity = Grower(stats, MAX_ACCEL_MPS2), Grower(stats, MAX_ACCEL_MPS2)
        self.sum = Pairer(settings.rate_hz, stats, lone_halves=False)
        """Lays gravity onto the times of the acceleration without it."""


class SensorLoggerDecoder(SensorDecoder):
    """Takes one message at a time, in any order."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._line = Timeline(self.stats)
        self._now: _Recording | None = None

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        message = _message(data)
        if message is None:
            self.stats.truncated += bool(data)
            self.stats.garbage_bytes += len(data)
            return []
        number, session, payload = message
        stamped = _stamps_ns(payload)
        self.stats.other += not stamped
        ended = list[StreamItem]()
        if stamped and (self._now is None or session != self._now.session):
            ended = self._begin(session, min(stamped))
        if self._now is None:
            return []
        items = list[StreamItem]()
        for due in self._in_turn(self._now, number, payload):
            came = _stamps_ns(due)
            if came and max(came) < self._now.newest_ns - BACK_NS:
                ended += self._line.given(items) + self._begin(session, min(came))
                items = []
                self._now.next_id = None if number is None else number + 1
            items += self._read(self._now, due)
        return ended + self._line.given(items)

    def _rest(self) -> list[StreamItem]:
        return self._line.given(self._closed())

    def _begin(self, session: str, base_ns: int) -> list[StreamItem]:
        """Start was pressed again, or the phone's clock was set back; gives what was held back before."""
        ended = self._line.given(self._closed())
        if self._now is not None:
            self._line.restart(max((base_ns - self._now.base_ns) / 1e9, 0.0))
        self._now = _Recording(self._settings, self.stats, session, base_ns)
        self.refusal = None
        return ended

    def _closed(self) -> list[StreamItem]:
        """What the recording still held back."""
        now, items = self._now, list[StreamItem]()
        if now is None:
            return items
        for number in sorted(now.waiting):
            items += self._read(now, now.waiting[number])
        now.waiting.clear()
        items += self._forces(now, now.sum.finish())
        items += now.streams.finish()
        self._refuse(now)
        return items

    def _in_turn(self, now: _Recording, number: int | None, payload: list[Any]) -> list[list[Any]]:
        """The payloads whose turn it is; one that never came is waited for no longer than for `WAITING` others."""
        if number is None:
            return [payload]
        if (now.next_id is not None and number < now.next_id) or number in now.waiting:
            self.stats.duplicates += 1
            return []
        now.waiting[number] = payload
        if now.next_id is None:
            now.next_id = number
        due = list[list[Any]]()
        while now.waiting and (now.next_id in now.waiting or len(now.waiting) > WAITING):
            now.next_id = now.next_id if now.next_id in now.waiting else min(now.waiting)
            due.append(now.waiting.pop(now.next_id))
            now.next_id += 1
        return due

    def _read(self, now: _Recording, payload: list[Any]) -> list[StreamItem]:
        now.newest_ns = max([now.newest_ns, *_stamps_ns(payload)])
        came = self._columns(now, payload)
        if now.source is None or (now.source == LINEAR and now.gravity.first_s is None):  # no sample from it yet
            now.source = next((name for name in SOURCES if name in came), now.source)
        items = list[StreamItem]()
        if GYRO in came:
            items += now.streams.gyro(*came[GYRO])
        if now.source == LINEAR:
            gravity = now.sum.gyro(*now.gravity.take(*came[GRAVITY])) if GRAVITY in came else []
            linear = now.sum.accel(*now.linear.take(*came[LINEAR])) if LINEAR in came else []
            items += self._forces(now, [*gravity, *linear])
        elif now.source in came:
            items += now.streams.accel(*came[now.source])
        self._refuse(now)
        return items

    def _forces(self, now: _Recording, parts: list[StreamItem]) -> list[StreamItem]:
        """Specific force where acceleration and gravity are both there."""
        blocks = [p for p in parts if not isinstance(p, Gap)]
        return [i for b in blocks for i in now.streams.accel(b.t_s, b.accel_mps2 + b.gyro_radps)]

    def _refuse(self, now: _Recording) -> None:
        linear = now.linear
        if now.gravity.first_s is None and linear.first_s is not None and linear.last_s - linear.first_s > NO_GYRO_S:
            now.streams.refusal = NO_GRAVITY
        self.refusal = now.streams.refusal

    def _columns(self, now: _Recording, payload: list[Any]) -> dict[str, Axes]:
        """The readings of each sensor that matters."""
        rows = dict[str, list[tuple[float, float, float, float]]]()
        for reading in payload:
            stamp_ns = _stamp_ns(reading)
            name = reading.get("name") if stamp_ns is not None else None
            if stamp_ns is None or not isinstance(name, str):
                self.stats.bad_frames += 1
            elif name in (*SOURCES, GRAVITY, GYRO):
                axes = _axes(reading.get("values"))
                if axes is None:
                    self.stats.bad_frames += 1
                else:
                    rows.setdefault(name, []).append(((stamp_ns - now.base_ns) / 1e9 + self._line.offset_s, *axes))
            elif name == "battery":
                self._battery(reading.get("values"))
        tables = {name: np.array(table, np.float64) for name, table in rows.items()}
        return {name: (table[:, 0], table[:, 1:]) for name, table in tables.items()}

    def _battery(self, values: Any) -> None:
        level = values.get("batteryLevel") if isinstance(values, dict) else None
        if isinstance(level, int | float) and 0 <= level <= 1:
            self.battery_percent = round(100 * level)


def _message(data: bytes) -> tuple[int | None, str, list[Any]] | None:
    """Number, recording and readings of one message; None where it is none."""
    try:
        found = json.loads(data)  # not strict: one value that is no number costs its reading, not the message
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    told = cast(dict[str, Any], found)
    number, payload = told.get("messageId"), told.get("payload")
    if not isinstance(payload, list):
        return None
    number = number if isinstance(number, int) and not isinstance(number, bool) else None
    return number, str(told.get("sessionId", "")), [r for r in cast(list[Any], payload) if isinstance(r, dict)]


def _stamp_ns(reading: Any) -> int | None:
    time = reading.get("time")
    if isinstance(time, str) and time.isascii() and time.isdecimal() and len(time) < 20:
        time = int(time)
    return time if isinstance(time, int) and not isinstance(time, bool) and 0 < time < MAX_STAMP_NS else None


def _stamps_ns(payload: list[Any]) -> list[int]:
    return [ns for ns in map(_stamp_ns, payload) if ns is not None]


def _axes(values: Any) -> tuple[float, float, float] | None:
    if not isinstance(values, dict):
        return None
    told = cast(dict[str, Any], values)
    x, y, z = (told.get(axis) for axis in "xyz")
    if not all(isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < 1e9 for v in (x, y, z)):
        return None
    return float(cast(float, x)), float(cast(float, y)), float(cast(float, z))


class SensorLogger(Driver):
    """The app, on any phone."""

    name = "sensor_logger"
    title = "phone with Sensor Logger"
    capabilities = Capabilities(
        clock="the phone's, nanoseconds since 1970, at each reading",
        loss=Loss.CLOCK,
        rates_hz=(),
        accel_ranges_g=(),
        gyro_ranges_dps=(),
        has_gyro=True,
        battery="told in the stream, where Battery is switched on",
        evidence="the app's documents; no recording of a phone",
        follows=(
            "No Bluetooth: the phone sends over your own wireless network, unencrypted, to this computer alone.",
            "Counts are said as late as the app's batch period is long: set it to 100 ms or less.",
            "Switch on Standardise Units & Frames: without it an iPhone tells circles the wrong way round.",
            "Messages that overtake each other are put in order; one that never comes is a gap.",
        ),
    )
    defaults = Settings(100.0, 8.0, 2000.0)

    def match(self, said: Advertisement) -> bool:
        return False

    def subscribe(self) -> tuple[str, ...]:
        return (PUSH,)

    def start(self, settings: Settings) -> tuple[Write, ...]:
        return ()

    def stop(self) -> tuple[Write, ...]:
        return ()

    def decoder(self, settings: Settings) -> SensorLoggerDecoder:
        return SensorLoggerDecoder(settings)

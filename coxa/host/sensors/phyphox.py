"""A phone with the app phyphox, whose remote access is asked over HTTP; no Bluetooth.

Source: phyphox.org/wiki, "Remote-interface communication"; RemoteServer.java of phyphox/phyphox-android;
ExperimentSensorInput.swift of phyphox/phyphox-ios (both apps read +g on the axis that points up). An answer is

    {"buffer": {"accX": {"size": 1000, "updateMode": "partial", "buffer": [0.1, ...]}, ...},
     "status": {"session": "1a2b3c", "measuring": true, "timedRun": false, "countDown": 0}}
"""

from __future__ import annotations

import json
from typing import Any, cast

import numpy as np

from coxa.host.samples import FloatArray, StreamItem
from coxa.host.sensors.driver import Advertisement, Capabilities, Driver, Loss, SensorDecoder, Settings, Write
from coxa.host.sensors.phone_streams import PhoneStreams, Timeline

GET = "get"
"""Stands for a characteristic: what the answers come from."""
ACCEL, GYRO = ("acc_time", "accX", "accY", "accZ"), ("gyr_time", "gyrX", "gyrY", "gyrZ")
"""Buffers of the experiment that coxa brings (docs/sensors/coxa.phyphox), named as in the app's own experiments."""
BACK_S = 0.5
"""Answers may repeat samples, but no older ones than this; older ones mean that the experiment began anew."""

NO_GRAVITY = "the phone sends acceleration without gravity: load docs/sensors/coxa.phyphox into phyphox"
NO_ACCEL = "the experiment on the phone has no accelerometer: load docs/sensors/coxa.phyphox into phyphox"
NO_GYRO = "the experiment on the phone has no gyroscope: load docs/sensors/coxa.phyphox into phyphox"


class PhyphoxDecoder(SensorDecoder):
    """Takes one answer at a time; whether it repeats what came before does not matter."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._streams = self._fresh()
        self._session: str | None = None
        self._line = Timeline(self.stats)
        self.measuring = True
        """Whether the experiment runs, by the newest answer."""
        self._newest_s = dict[str, float]()
        """Time of the newest reading of each stream, on the experiment's clock."""

    def newest_s(self, clock: str) -> float | None:
        """Time of the newest reading of a stream, as its buffer `clock` has it: to ask for later ones only."""
        return self._newest_s.get(clock)

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        answer = _answer(data)
        if answer is None:
            self.stats.truncated += bool(data)
            self.stats.garbage_bytes += len(data)
            return []
        buffers, status = answer
        self.measuring = status.get("measuring") is not False
        ended, items = self._restarted(buffers, str(status.get("session", ""))), list[StreamItem]()
        for names in (GYRO, ACCEL):
            t_s, values = self._columns(buffers, names)
            if len(t_s):
                self._newest_s[names[0]] = max(self._newest_s.get(names[0], -np.inf), float(np.max(t_s)))
                take = self._streams.gyro if names is GYRO else self._streams.accel
                items += take(t_s + self._line.offset_s, values)
        self.refusal = self._streams.refusal or _missing(buffers)
        return ended + self._line.given(items)

    def _rest(self) -> list[StreamItem]:
        items = self._line.given(self._streams.finish())
        self.refusal = self._streams.refusal or self.refusal
        return items

    def _fresh(self) -> PhoneStreams:
        s = self._settings
        return PhoneStreams(
            s.rate_hz, self.stats, lone_halves=s.lone_halves, no_gravity=NO_GRAVITY, no_gyro=NO_GYRO, may_be_g=False
        )

    def _restarted(self, buffers: dict[str, Any], session: str) -> list[StreamItem]:
        """What was held back, where the experiment's clock has begun again."""
        newest = [float(np.max(t)) for c in (ACCEL, GYRO) if len(t := self._columns(buffers, c, count=False)[0])]
        before = max(self._newest_s.values(), default=-np.inf)
        other = self._session not in (None, session)
        self._session = session
        if not self._newest_s or not (other or (newest and max(newest) < before - BACK_S)):
            return []
        ended = self._line.given(self._streams.finish())
        self._line.restart()
        self._streams, self._newest_s = self._fresh(), {}
        return ended

    def _columns(
        self, buffers: dict[str, Any], names: tuple[str, ...], *, count: bool = True
    ) -> tuple[FloatArray, FloatArray]:
        """(n,) times and (n, 3) values of a stream; where its buffers are of unlike length, their common beginning."""
        columns = [_numbers(buffers.get(name)) for name in names]
        n = min(len(c) for c in columns)
        table = np.column_stack([c[:n] for c in columns])
        good = np.all(np.isfinite(table), axis=1) & (table[:, 0] >= 0) & (table[:, 0] < 1e9)
        if count:
            self.stats.truncated += any(len(c) != n for c in columns)
            self.stats.bad_frames += int(np.sum(~good))
        return table[good, 0], table[good, 1:]


def _missing(buffers: dict[str, Any]) -> str | None:
    if not all(name in buffers for name in ACCEL):
        return NO_ACCEL
    return None if all(name in buffers for name in GYRO) else NO_GYRO


def query(newest_s: dict[str, float | None]) -> str:
    """The path that asks for every reading later than these; all there are where None.

    The threshold of a buffer is applied to another one by `|`. The app moves it up by its own rounding.
    """
    parts = list[str]()
    for clock, *axes in (ACCEL, GYRO):
        since = newest_s.get(clock)
        parts.append(f"{clock}={'full' if since is None else f'{since:.8g}'}")
        parts += [f"{axis}={'full' if since is None else f'{since:.8g}%7C{clock}'}" for axis in axes]
    return "/get?" + "&".join(parts)


def _answer(data: bytes) -> tuple[dict[str, Any], dict[str, Any]] | None:
    try:
        found = json.loads(data)  # not strict: one value that is no number costs itself, not the answer
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    told = cast(dict[str, Any], found)
    buffers, status = told.get("buffer"), told.get("status")
    if not isinstance(buffers, dict) or not isinstance(status, dict):
        return None
    return cast(dict[str, Any], buffers), cast(dict[str, Any], status)


def _numbers(buffer: Any) -> FloatArray:
    """The values of one buffer; what is no number is NaN."""
    values = cast(dict[str, Any], buffer).get("buffer") if isinstance(buffer, dict) else None
    if not isinstance(values, list):
        return np.empty(0)
    told = cast(list[Any], values)
    return np.array([float(v) if _is_number(v) else np.nan for v in told], np.float64)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12


class Phyphox(Driver):
    """The app, on any phone, with the experiment that coxa brings."""

    name = "phyphox"
    title = "phone with phyphox"
    capabilities = Capabilities(
        clock="the experiment's, seconds since its start, at each reading",
        loss=Loss.CLOCK,
        rates_hz=(),
        accel_ranges_g=(),
        gyro_ranges_dps=(),
        has_gyro=True,
        battery="not told",
        evidence="the app's documents and sources; no recording of a phone",
        follows=(
            "No Bluetooth: this computer asks the phone over your own wireless network, unencrypted.",
            "Load the experiment docs/sensors/coxa.phyphox into the app: its own ones have one sensor each.",
            "Keep the app open and the screen on: phones stop their sensors otherwise.",
        ),
    )
    defaults = Settings(100.0, 8.0, 2000.0)

    def match(self, said: Advertisement) -> bool:
        return False

    def subscribe(self) -> tuple[str, ...]:
        return (GET,)

    def start(self, settings: Settings) -> tuple[Write, ...]:
        return ()

    def stop(self) -> tuple[Write, ...]:
        return ()

    def decoder(self, settings: Settings) -> PhyphoxDecoder:
        return PhyphoxDecoder(settings)

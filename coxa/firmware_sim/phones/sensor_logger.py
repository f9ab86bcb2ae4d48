"""The app Sensor Logger: batches of readings as JSON, each pushed by an HTTP POST."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from coxa.firmware_sim.phones.readings import Readings
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray

EPOCH_NS = 1_764_000_000_000_000_000
"""When the simulated recording begins, nanoseconds since 1970: more than a float holds."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How the app is set, and what the network does to it."""

    batch_s: float = 0.1
    gravity: bool = True
    gyro: bool = True
    total: bool = False
    """Total Acceleration, which Android phones have, instead of the two parts."""
    uncalibrated: bool = False
    """Accelerometer Uncalibrated instead of the two parts."""
    iphone_frame: bool = False
    """An iPhone without Standardise Units & Frames: opposite signs, and uncalibrated readings in g."""
    swap: bool = False
    """Every second message overtakes the one before it."""
    session: str = "simulated"


def messages(readings: Readings, sending: Sending, epoch_ns: int = EPOCH_NS) -> list[tuple[float, bytes]]:
    """Every message with the time at which the phone sends it, seconds since the recording began."""
    sign = -1.0 if sending.iphone_frame else 1.0
    streams: list[tuple[str, FloatArray, FloatArray]] = []
    accel_s, accel, gravity = readings.accel_s, readings.accel_mps2, readings.gravity_mps2
    if sending.total:
        streams.append(("totalacceleration", accel_s, accel))
    elif sending.uncalibrated:
        unit = sign / STANDARD_GRAVITY_MPS2 if sending.iphone_frame else 1.0
        streams.append(("accelerometeruncalibrated", accel_s, unit * accel))
    else:
        streams.append(("accelerometer", accel_s, sign * (accel - gravity)))
        if sending.gravity:
            streams.append(("gravity", accel_s, sign * gravity))
    if sending.gyro:
        streams.append(("gyroscope", readings.gyro_s, readings.gyro_radps))
    count = int(max(t_s[-1] for _, t_s, _ in streams) / sending.batch_s) + 1
    out = [
        ((k + 1) * sending.batch_s, _message(k, streams, k * sending.batch_s, sending, epoch_ns)) for k in range(count)
    ]
    if sending.swap:
        for k in range(2, len(out) - 1, 2):
            (first_s, first), (second_s, second) = out[k], out[k + 1]
            out[k], out[k + 1] = (first_s, second), (second_s, first)
    return out


def _message(
    number: int, streams: list[tuple[str, FloatArray, FloatArray]], from_s: float, sending: Sending, epoch_ns: int
) -> bytes:
    payload: list[dict[str, object]] = []
    for name, t_s, values in streams:
        first, last = t_s.searchsorted([from_s - 1e-9, from_s + sending.batch_s - 1e-9])
        for at, (x, y, z) in zip(t_s[first:last].tolist(), values[first:last].tolist(), strict=True):
            stamp_ns = epoch_ns + round(at * 1e9)
            payload.append({"name": name, "time": stamp_ns, "accuracy": 3, "values": {"x": x, "y": y, "z": z}})
    if number == 0:
        payload.append({"name": "battery", "time": epoch_ns, "values": {"batteryLevel": 0.81}})
    told = {"messageId": number, "sessionId": sending.session, "deviceId": "simulated phone", "payload": payload}
    return json.dumps(told).encode()


def push(url: str, sent: list[tuple[float, bytes]], *, fast: bool) -> int:
    """POST every message when its time has come, or at once; gives how many were taken.

    Raises:
        OSError: nobody listens at the address.
    """
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "127.0.0.1", place.port or 80, timeout=10)
    began_s, taken = time.monotonic(), 0
    try:
        for due_s, body in sent:
            if not fast:
                time.sleep(max(began_s + due_s - time.monotonic(), 0.0))
            connection.request("POST", place.path or "/", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            taken += answer.status == 200
    finally:
        connection.close()
    return taken

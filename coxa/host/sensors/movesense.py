"""Movesense (HR+, HR2, MD, Flash) by its GATT SensorData protocol: blocks of m/s2 and deg/s, stamped in milliseconds.

Source: Movesense's GATT SensorData protocol page and sample firmware; packets captured by sensein/movesense-py, whose
decoded side is the sensor's own log.
"""

from __future__ import annotations

import numpy as np

from coxa.host.samples import FloatArray, StreamItem
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

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"
NOTIFY = "34800002-7185-4d5d-b431-630e7050e8f0"
ADVERTISED = ("0000fdf3-0000-1000-8000-00805f9b34fb", "0000fe06-0000-1000-8000-00805f9b34fb")

SUBSCRIBE, UNSUBSCRIBE, GET = 1, 2, 4
"""First byte of a command; the second is the reference."""
REPLY, DATA, DATA_REST = 1, 2, 3
"""First byte of a message: an answer, the first part of a payload, its rest. The second is the reference."""
HEADER_BYTES, STAMP_BYTES = 2, 4
"""Of a message, and at the begin of a payload."""
IMU_REF, BATTERY_REF = 0x63, 0x65
"""References that this driver gives to its requests."""
REFUSED = 400
"""Statuses are those of HTTP."""
PACKETS_HZ = 13
"""Every stream comes in 13 packets a second, whatever its rate."""
VECTOR_BYTES = 12
"""Three IEEE 754 singles."""
BLOCKS = (1, 2, 4, 8, 16)
"""Samples in a block at 13, 26, 52, 104 and 208 Hz."""
WHOLE_VECTORS = {n * sensors for n in BLOCKS for sensors in (1, 2, 3)}
"""Vectors in it: of one sensor alone, of accelerometer with gyro, and with magnetometer."""
NAKED_BYTES = STAMP_BYTES + 4 * VECTOR_BYTES
"""A payload without its header is not looked for among shorter ones."""
LONGEST_PAYLOAD = 1024
"""What is longer is not waited for to become whole: nine axes at 208 Hz take 580 bytes."""
MAX_ACCEL_MPS2, MAX_GYRO_DPS = 170.0, 2100.0
"""A little above the widest range, 16 g and 2000 deg/s."""
EARTHLY_MPS2 = (3.0, 40.0)
"""What a worn accelerometer reads in the median of a block; a lone stream outside is a gyro's."""


class MovesenseDecoder(SensorDecoder):
    """Joins split payloads and takes them apart again into accelerometer and gyro.

    With `lone_halves` it also takes payloads without their two bytes of header, and streams of one sensor alone; as it
    knows no size then, each payload waits until the next message shows whether it was whole.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._vectors = 2 * max(round(settings.rate_hz / PACKETS_HZ), 1)
        self._any_kind = settings.lone_halves
        self._pending: bytes | None = None
        self._unwrap = Unwrapper(32)
        self._clock: DeviceClock | None = None
        """None before the first payload, which tells the rate."""

    @property
    def rate_hz(self) -> float | None:
        return 1.0 / self._clock.period_s if self._clock else None

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        continues = self._pending is not None and data[:1] == bytes([DATA_REST])
        if continues:
            pending, self._pending = self._pending or b"", None
            return self._joined(pending + data[HEADER_BYTES:])
        items = self._give_up()
        if self._any_kind and data[:2] != bytes([DATA, IMU_REF]) and _is_payload(data):
            return items + self._payload(data)
        kind = data[0] if data else None
        if kind == REPLY:
            self._replied(data)
        elif kind == DATA and len(data) > HEADER_BYTES:
            items += self._joined(data[HEADER_BYTES:])
        else:
            self.stats.garbage_bytes += len(data)
        return items

    def _rest(self) -> list[StreamItem]:
        return self._give_up()

    def _give_up(self) -> list[StreamItem]:
        """What waited for a rest that did not come: whole, where the size was not known, or half a payload."""
        pending, self._pending = self._pending, None
        if pending is None:
            return []
        whole, rest = divmod(len(pending) - STAMP_BYTES, VECTOR_BYTES)
        if self._any_kind and not rest and whole in WHOLE_VECTORS:
            return self._payload(pending)
        self.stats.truncated += 1
        return []

    def _replied(self, data: bytes) -> None:
        self.stats.other += 1
        if len(data) >= 5 and data[1] == BATTERY_REF and data[4] <= 100:
            self.battery_percent = data[4]
        status = int.from_bytes(data[2:4], "little")
        if len(data) >= 4 and data[1] == IMU_REF and status >= REFUSED:
            self.refusal = f"the sensor refused to stream (status {status}); close other apps, update its firmware"

    def _joined(self, payload: bytes) -> list[StreamItem]:
        vectors, rest = divmod(len(payload) - STAMP_BYTES, VECTOR_BYTES)
        if (rest or self._any_kind or vectors < self._vectors) and len(payload) < LONGEST_PAYLOAD:
            self._pending = payload
            return []
        if rest:
            self.stats.bad_frames += 1
            return []
        return self._payload(payload)

    def _payload(self, payload: bytes) -> list[StreamItem]:
        stamp = int.from_bytes(payload[:STAMP_BYTES], "little")
        vectors = singles(payload, STAMP_BYTES).reshape(-1, 3)
        n = _samples(vectors) if self._any_kind else len(vectors) // 2
        accel, gyro = vectors[:n], vectors[n : 2 * n] if len(vectors) > n else None
        lone_gyro = gyro is None and not EARTHLY_MPS2[0] < float(np.median(_sizes(accel))) < EARTHLY_MPS2[1]
        if lone_gyro:
            accel, gyro = np.full_like(vectors, np.nan), vectors
        odd = not self._any_kind and len(vectors) % 2
        accel_good, gyro_good = lone_gyro or _within(accel, MAX_ACCEL_MPS2), gyro is None or _within(gyro, MAX_GYRO_DPS)
        if odd or not (accel_good and gyro_good):
            self.stats.bad_frames += 1
            return []
        if self._clock is None:
            self._clock = DeviceClock(PACKETS_HZ * n, self.stats)
        restarts = self.stats.restarts
        stamp_ms = self._unwrap(stamp)
        timed = self._clock.from_first(stamp_ms / 1000, n)
        if timed is None:
            return []
        if self.stats.restarts > restarts:
            self._unwrap.restart(stamp_ms)
        gap, t_s = timed
        return [*gap, block(t_s, accel, None if gyro is None else np.radians(gyro))]


def _is_payload(data: bytes) -> bool:
    """Whether this may be a payload without its header."""
    whole, rest = divmod(len(data) - STAMP_BYTES, VECTOR_BYTES)
    if rest or whole not in WHOLE_VECTORS or len(data) < NAKED_BYTES:
        return False
    vectors = singles(data, STAMP_BYTES)
    return bool(np.all(np.isfinite(vectors)) and np.all(np.abs(vectors) < MAX_GYRO_DPS))


def _samples(vectors: FloatArray) -> int:
    """How many samples a payload of an unknown stream holds: of one, two or three sensors, each sensor's in a row."""
    m = len(vectors)
    if m not in BLOCKS:  # IMU9, or IMU6 at 208 Hz
        return m // 3 if m % 3 == 0 else m // 2
    sizes = _sizes(vectors)
    typical = float(np.median(sizes))
    all_gravity = 5.0 < typical < 20.0 and bool(np.all(np.abs(sizes / typical - 1.0) < 0.2))
    return m if m == 1 or all_gravity or (m > 2 and _is_one_curve(vectors)) else m // 2


def _sizes(vectors: FloatArray) -> FloatArray:
    return np.sqrt(np.einsum("ij,ij->i", vectors, vectors))


def _is_one_curve(vectors: FloatArray) -> bool:
    """Whether an even number of vectors is one sensor's, rather than half of them each of accelerometer and gyro: then
    the step in the middle is like those beside it."""
    steps = _sizes(np.diff(vectors, axis=0))
    middle = len(steps) // 2
    before, between, after = steps[middle - 1 : middle + 2]
    return bool(between <= 4.0 * np.sqrt(before * after) + 0.5)


def _within(vectors: FloatArray, most: float) -> bool:
    """Whether all numbers are such as a sensor gives; what is no number is none."""
    return bool(np.all(np.abs(vectors) <= most))


class Movesense(Driver):
    """Movesense sensors with a firmware that speaks the GATT SensorData protocol."""

    name = "movesense"
    title = "Movesense HR+, HR2, MD, Flash (firmware 2.3 or newer)"
    capabilities = Capabilities(
        clock="milliseconds since it woke, 32 bits, at the first sample of each packet",
        loss=Loss.CLOCK,
        rates_hz=(26.0, 52.0, 104.0),
        accel_ranges_g=(2.0, 4.0, 8.0, 16.0),
        gyro_ranges_dps=(245.0, 500.0, 1000.0, 2000.0),
        has_gyro=True,
        battery="the standard battery service",
        evidence="captured packets, decoded side from the sensor's own log",
        follows=(
            "Times are the sensor's own, to a millisecond; a lost packet shows as a gap of 77 ms.",
            "Firmware before about 2.3 speaks a closed protocol only: update it with the Movesense Showcase app.",
            "It talks to one program at a time; close the maker's app first.",
            "Ranges stay as the sensor has them; its values come in m/s2 and deg/s whatever the range.",
        ),
    )
    defaults = Settings(52.0, 8.0, 1000.0)

    def match(self, said: Advertisement) -> bool:
        return said.name.startswith("Movesense") or any(u in said.service_uuids for u in (SERVICE, *ADVERTISED))

    def subscribe(self) -> tuple[str, ...]:
        return (NOTIFY,)

    def start(self, settings: Settings) -> tuple[Write, ...]:
        path = f"/Meas/IMU6/{settings.rate_hz:.0f}".encode("ascii")
        return (Write(COMMAND, bytes([SUBSCRIBE, IMU_REF]) + path, response=True),)

    def stop(self) -> tuple[Write, ...]:
        return (Write(COMMAND, bytes([UNSUBSCRIBE, IMU_REF]), response=True),)

    def ask_battery(self) -> tuple[Write, ...]:
        return (Write(COMMAND, bytes([GET, BATTERY_REF]) + b"/System/Energy/Level\0", response=True),)

    def decoder(self, settings: Settings) -> MovesenseDecoder:
        return MovesenseDecoder(settings)

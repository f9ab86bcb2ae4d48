"""WitMotion BLE 5 family (WT9011DCL-BT50, WT901BLECL 5.0, BWT901BLE5.0): one 20-byte frame a sample, nothing stamped.

Source: WitMotion's protocol pages and SDKs, captured notifications. Frames run through notifications as a byte stream,
without checksum. Look-alikes: WT901SDCL sends 28-byte frames (chip time behind, not used), WTVB01 32-byte frames of
vibration velocity, which are refused.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import numpy as np

from coxa.host.samples import STANDARD_GRAVITY_MPS2, StreamItem
from coxa.host.sensors.arrival_clock import ArrivalClock
from coxa.host.sensors.driver import Advertisement, Capabilities, Driver, Loss, SensorDecoder, Settings, Write

SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
"""Note 9a34fb, not the 9b34fb of the Bluetooth SIG."""
NOTIFY = "0000ffe4-0000-1000-8000-00805f9a34fb"
COMMAND = "0000ffe9-0000-1000-8000-00805f9a34fb"

DATA, REPLY = b"\x55\x61", b"\x55\x71"
"""How frames of samples begin, and answers with registers."""
REPLY_BYTES = 20
"""Length of an answer."""
PLAIN, WITH_TIME, VIBRATION = 20, 28, 32
"""Lengths of data frames."""
DETECT_FRAMES, DETECT_BYTES = 10, 640
"""The length is decided after so many frames or bytes, or at the end of the stream."""
RATE_CODES = {10.0: 0x06, 20.0: 0x07, 50.0: 0x08, 100.0: 0x09, 200.0: 0x0B}
PAUSE_S = 0.1
"""Between commands, so that the sensor has taken one before the next comes."""
WRITE = b"\xff\xaa"
"""How a command begins; the register and its value, 16 bits little-endian, follow."""
RATE_REGISTER, AXES_REGISTER, READ_REGISTER, KEY_REGISTER, BATTERY_REGISTER = 0x03, 0x24, 0x27, 0x69, 0x64
UNLOCK, WITHOUT_MAGNETOMETER = 0xB588, 1
"""Values of the key register, without which no other is written, and of the axes register (six axes)."""
BATTERY_STEPS = (
    (397, 100), (393, 90), (387, 75), (382, 60), (379, 50), (377, 40),
    (373, 30), (370, 20), (368, 15), (350, 10), (340, 5),
)  # fmt: skip
"""(at least so many hundredths of a volt, percent): WitMotion's table."""


class WitmotionDecoder(SensorDecoder):
    """Finds frames in the byte stream."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._scale = np.array(
            [settings.accel_range_g * STANDARD_GRAVITY_MPS2 / 32768] * 3
            + [math.radians(settings.gyro_range_dps) / 32768] * 3
        )
        self._clock = ArrivalClock(settings.rate_hz, self.stats)
        self._length: int | None = None
        self._first = list[tuple[bytes, float]]()
        self._buffer = b""

    @property
    def rate_hz(self) -> float | None:
        return 1.0 / self._clock.period_s

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        if self._length is not None:
            return self._found(data, arrival_s)
        self._first.append((data, arrival_s))
        seen = b"".join(d for d, _ in self._first)
        if seen.count(DATA) < DETECT_FRAMES and len(seen) < DETECT_BYTES:
            return []
        return self._decided()

    def _rest(self) -> list[StreamItem]:
        items = self._decided()
        if self._buffer:
            self.stats.truncated += 1
        self._buffer = b""
        return items + self._clock.finish()

    def _decided(self) -> list[StreamItem]:
        held, self._first = self._first, []
        if self._length is None:
            self._length = frame_length(b"".join(d for d, _ in held))
        return [item for data, arrival_s in held for item in self._found(data, arrival_s)]

    def _found(self, data: bytes, arrival_s: float) -> list[StreamItem]:
        """Samples of the frames that these bytes complete."""
        buffer, at, counts = self._buffer + data, 0, list[bytes]()
        assert self._length is not None
        while at < len(buffer):
            head = buffer[at : at + 2]
            if not (DATA.startswith(head) or REPLY.startswith(head)):
                self.stats.garbage_bytes += 1
                at += 1
                continue
            end = at + (self._length if head == DATA else REPLY_BYTES)
            if len(head) < 2 or end > len(buffer):
                break
            after = buffer[end : end + 2]
            if not (DATA.startswith(after) or REPLY.startswith(after)):  # no header follows: none of this is in step
                self.stats.garbage_bytes += 1
                at += 1
                continue
            if head == REPLY:
                self._replied(buffer[at:end])
            elif self._length == VIBRATION:
                self.stats.bad_frames += 1
                self.refusal = "this is a vibration sensor (WTVB01): it sends velocities, from which coxa cannot count"
            else:
                counts.append(buffer[at + 2 : at + 14])
            at = end
        self._buffer = buffer[at:]
        values = np.frombuffer(b"".join(counts), "<i2").reshape(-1, 6) * self._scale
        return self._clock.feed(values, arrival_s)

    def _replied(self, frame: bytes) -> None:
        self.stats.other += 1
        register, value = int.from_bytes(frame[2:4], "little"), int.from_bytes(frame[4:6], "little")
        if register == BATTERY_REGISTER:
            self.battery_percent = next((p for volts, p in BATTERY_STEPS if value >= volts), 0)


def frame_length(seen: bytes) -> int:
    """Length of data frames: the most frequent distance between headers; from a single frame, its own length."""
    at, places = seen.find(DATA), list[int]()
    while at >= 0:
        places.append(at)
        at = seen.find(DATA, at + 2)
    steps = Counter(b - a for a, b in pairwise(places))
    known = [(count, length) for length, count in steps.items() if length in (PLAIN, WITH_TIME, VIBRATION)]
    if known:
        return max(known)[1]
    alone = len(seen) - places[0] if places else 0
    if seen[len(seen) - alone + PLAIN :][:2] == REPLY:
        return PLAIN
    return alone if alone in (WITH_TIME, VIBRATION) else PLAIN


def _command(register: int, value: int) -> bytes:
    return WRITE + bytes([register]) + value.to_bytes(2, "little")


class Witmotion(Driver):
    """WitMotion's BLE 5 family."""

    name = "witmotion"
    title = "WitMotion WT9011DCL-BT50, WT901BLECL 5.0, BWT901BLE5.0"
    capabilities = Capabilities(
        clock="none",
        loss=Loss.UNSEEN,
        rates_hz=tuple(RATE_CODES),
        accel_ranges_g=(16.0,),
        gyro_ranges_dps=(2000.0,),
        has_gyro=True,
        battery="asked for in the stream, about once a minute",
        evidence="notifications captured from real sensors",
        follows=(
            "Samples carry no time: coxa lays a steady beat under the moments they arrive, good to about 10 ms.",
            "The first two seconds serve to measure the true rate, so counting starts that much later.",
            "A lost packet shows only once the beat stays behind for a tenth of a second; a short loss goes unseen.",
            "There is no checksum: damaged bytes can pass for a sample.",
            "The gyro reads exactly zero at rest; that is the sensor's dead band, not a fault.",
            "The rate is set anew each time and never saved in the sensor.",
        ),
    )
    defaults = Settings(50.0, 16.0, 2000.0)

    def match(self, said: Advertisement) -> bool:
        return SERVICE in said.service_uuids or (said.name.startswith("WT") and not said.name.startswith("WTVB"))

    def subscribe(self) -> tuple[str, ...]:
        return (NOTIFY,)

    def start(self, settings: Settings) -> tuple[Write, ...]:
        values = {
            KEY_REGISTER: UNLOCK,
            AXES_REGISTER: WITHOUT_MAGNETOMETER,
            RATE_REGISTER: RATE_CODES[settings.rate_hz],
        }
        return tuple(Write(COMMAND, _command(register, value), pause_s=PAUSE_S) for register, value in values.items())

    def stop(self) -> tuple[Write, ...]:
        return ()  # it streams while somebody is subscribed

    def ask_battery(self) -> tuple[Write, ...]:
        return (Write(COMMAND, _command(READ_REGISTER, BATTERY_REGISTER)),)

    def decoder(self, settings: Settings) -> WitmotionDecoder:
        return WitmotionDecoder(settings)

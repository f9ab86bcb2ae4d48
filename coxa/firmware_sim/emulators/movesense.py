"""Movesense HR2 by its GATT SensorData protocol: subscriptions to paths, answered as by a small web server.

Source: Movesense's GATT SensorData protocol page; lengths after captured packets.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

from coxa.firmware_sim.emulators.base import (
    BATTERY_PERCENT,
    NOTIFY,
    WRITE,
    Advertised,
    Emulator,
    Row,
    Told,
    battery_service,
    information_service,
)
from coxa.host.samples import STANDARD_GRAVITY_MPS2

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"
DATA = "34800002-7185-4d5d-b431-630e7050e8f0"
SERIAL = "174630000192"

HELLO, SUBSCRIBE, UNSUBSCRIBE, GET = 0, 1, 2, 4
RESPONSE, WHOLE, REST = 1, 2, 3
OK, BAD_REQUEST, NOT_FOUND, CONFLICT = 200, 400, 404, 409
PACKETS_HZ = 13
RATES_HZ = (13, 26, 52, 104, 208)
LONGEST = 160
"""Bytes of a notification; what is over comes in a second one."""


class Movesense(Emulator):
    """Sends what was subscribed to until it is told to stop or the link ends."""

    name = "movesense"
    advertised = Advertised(f"Movesense {SERIAL}", ("FDF3",))

    @property
    def services(self) -> dict[str, tuple[Row, ...]]:
        """Its table."""
        own = {SERVICE: (Row(COMMAND, (WRITE,)), Row(DATA, (NOTIFY,)))}
        told = information_service(manufacturer="Movesense", serial=SERIAL, firmware="2.3.0")
        return {**own, **battery_service(), **told}

    def _command(self, uuid: str, data: bytes) -> bool:
        if uuid != COMMAND or len(data) < 2 or not data[1]:
            return False
        command, reference, path = data[0], data[1], data[2:]
        if command == SUBSCRIBE:
            self._subscribed(reference, path)
        elif command == GET:
            level = path == b"/System/Energy/Level\0"
            self._status(reference, OK if level else NOT_FOUND, bytes([BATTERY_PERCENT]) if level else b"")
        else:
            if command == UNSUBSCRIBE:
                self._end(str(reference))
            self._status(reference, OK if command in (HELLO, UNSUBSCRIBE) else BAD_REQUEST)
        return command in (HELLO, SUBSCRIBE, UNSUBSCRIBE, GET)

    def _status(self, reference: int, status: int, body: bytes = b"") -> None:
        self._reply(DATA, bytes([RESPONSE, reference]) + struct.pack("<H", status) + body)

    def _subscribed(self, reference: int, path: bytes) -> None:
        kind, _, rate = path.decode("ascii", "replace").rpartition("/")
        if kind not in ("/Meas/IMU6", "/Meas/Acc", "/Meas/Gyro") or rate not in map(str, RATES_HZ):
            self._status(reference, NOT_FOUND)
        elif str(reference) in self._streams:
            self._status(reference, CONFLICT)
        else:
            self._status(reference, OK)
            self._begin(str(reference), self._packets(reference, kind, int(rate), self.now_s))

    def _packets(self, reference: int, kind: str, rate_hz: int, from_s: float) -> Iterator[Told]:
        """Blocks, accelerometer first, stamped at their first sample in milliseconds since it woke."""
        n = rate_hz // PACKETS_HZ
        while True:
            t_s, g, dps = self.motion.steps(from_s, rate_hz, n)
            blocks = {"/Meas/Acc": [g * STANDARD_GRAVITY_MPS2], "/Meas/Gyro": [dps]}
            values = np.concatenate(blocks.get(kind, [g * STANDARD_GRAVITY_MPS2, dps]))
            stamp_ms = round(self.motion.boot_us / 1000 + from_s * 1000) % 2**32
            message = bytes([WHOLE, reference]) + struct.pack("<I", stamp_ms) + values.astype("<f4").tobytes()
            last_s = float(t_s[-1])
            yield Told(last_s, DATA, message[:LONGEST])
            if message[LONGEST:]:
                yield Told(last_s, DATA, bytes([REST, reference]) + message[LONGEST:])
            from_s = last_s + 1 / rate_hz

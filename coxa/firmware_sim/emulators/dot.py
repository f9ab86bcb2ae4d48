"""Movella DOT in mode 21, rate quantities: one sample a notification, stamped in microseconds.

Source: Movella DOT BLE Service Specification XD0506P rev. C.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from coxa.firmware_sim.emulators.base import (
    BATTERY_PERCENT,
    NOTIFY,
    READ,
    WRITE,
    Advertised,
    Emulator,
    Row,
    Told,
)
from coxa.firmware_sim.emulators.person_motion import PersonMotion
from coxa.host.samples import STANDARD_GRAVITY_MPS2


def uuid(short: str) -> str:
    """Movella's own base."""
    return f"1517{short}-4947-11e9-8646-d663bd873d93"


INFORMATION, CONFIGURE, REPORT = uuid("1001"), uuid("1002"), uuid("1004")
CONTROL, LONG, MEDIUM, SHORT = uuid("2001"), uuid("2002"), uuid("2003"), uuid("2004")
BATTERY = uuid("3001")
RATES_HZ = (1, 4, 10, 12, 15, 20, 30, 60)
SET_RATE, RATE_AT, CONFIGURE_BYTES, INFORMATION_BYTES = 0x10, 24, 32, 34
RATE_QUANTITIES = 21
MEDIUM_BYTES = 40
BEFORE_IT_TURNS_OVER_US = 20_000_000
"""Its clock turns over after 71.6 minutes; here 20 s into the recording, so that this is met each time."""


class Dot(Emulator):
    """Measures on command, and goes on when the host is lost: only a stop ends it."""

    name = "dot"
    advertised = Advertised("Movella DOT", manufacturer={0x0886: bytes.fromhex("d422cd00aabb")})
    measures_on = True

    def __init__(self, motion: PersonMotion) -> None:
        super().__init__(motion)
        self._rate_hz = 60

    @property
    def services(self) -> dict[str, tuple[Row, ...]]:
        """Its table."""
        told = bytes.fromhex("d422cd00aabb").ljust(INFORMATION_BYTES, b"\0")
        settings = (b"\0" * RATE_AT + struct.pack("<H", self._rate_hz)).ljust(CONFIGURE_BYTES, b"\0")
        return {
            uuid("1000"): (
                Row(INFORMATION, (READ,), told),
                Row(CONFIGURE, (READ, WRITE), settings),
                Row(REPORT, (NOTIFY,)),
            ),
            uuid("2000"): (Row(CONTROL, (READ, WRITE)), *(Row(u, (NOTIFY,)) for u in (LONG, MEDIUM, SHORT))),
            uuid("3000"): (Row(BATTERY, (READ, NOTIFY), bytes([BATTERY_PERCENT, 0])),),
        }

    def _command(self, uuid: str, data: bytes) -> bool:
        if uuid == CONFIGURE and len(data) == CONFIGURE_BYTES and data[0] == SET_RATE and not self.streaming:
            rate_hz = int.from_bytes(data[RATE_AT : RATE_AT + 2], "little")
            if rate_hz in RATES_HZ:
                self._rate_hz = rate_hz
            return rate_hz in RATES_HZ
        if uuid != CONTROL or len(data) != 3 or data[0] != 1:
            return False
        return self._measure(on=data[1] == 1, mode=data[2])

    def _measure(self, *, on: bool, mode: int) -> bool:
        """Only mode 21 is emulated, and somebody must listen to its characteristic first."""
        if not on:
            self._end(MEDIUM)
        elif mode != RATE_QUANTITIES or MEDIUM not in self.subscriptions:
            return False
        elif not self.streaming:
            self._begin(MEDIUM, self._samples(self.now_s))
        return True

    def _samples(self, from_s: float) -> Iterator[Told]:
        first_us, k = 2**32 - BEFORE_IT_TURNS_OVER_US, 0
        while True:
            t_s, g, dps = self.motion.steps(from_s + k / self._rate_hz, self._rate_hz, 1)
            stamp = (first_us + round(float(t_s[0]) * 1e6)) % 2**32
            values = struct.pack("<I6f", stamp, *(g[0] * STANDARD_GRAVITY_MPS2), *dps[0])
            yield Told(float(t_s[0]), MEDIUM, values.ljust(MEDIUM_BYTES, b"\0"))
            k += 1

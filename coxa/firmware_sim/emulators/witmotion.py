"""WitMotion WT9011DCL-BT50 / WT901BLE68: streams Euler frames to whoever subscribes, commands are register writes.

Source: WitMotion's BLE 5 protocol page, datasheet and SDKs; lengths and headers after captured notifications.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

from coxa.firmware_sim.emulators.base import NOTIFY, WRITE, WRITE_COMMAND, Advertised, Emulator, Row, Told
from coxa.firmware_sim.emulators.person_motion import PersonMotion, counts
from coxa.host.samples import FloatArray

SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
"""WitMotion's own base: 9a34fb."""
DATA = "0000ffe4-0000-1000-8000-00805f9a34fb"
COMMAND = "0000ffe9-0000-1000-8000-00805f9a34fb"

RATES_HZ = {3: 1.0, 4: 2.0, 5: 5.0, 6: 10.0, 7: 20.0, 8: 50.0, 9: 100.0, 11: 200.0}
FACTORY_RATE = 6
SAVE, SAVE_RATE, READ_REGISTERS, UNLOCK = 0x00, 0x03, 0x27, 0x69
KNOWN_SETTINGS = (0x01, 0x1F, 0x24, UNLOCK)
"""Calibration, bandwidth, 6 or 9 axes, unlock: taken, without effect here."""
ACCEL_G, GYRO_DPS, ANGLE_DEG = 16 / 32768, 2000 / 32768, 180 / 32768
DEAD_BAND_DPS = 0.3
"""Below it the gyro says exactly zero. No document tells the figure; captures at rest show zeros only."""
VOLTS = 3.85
REGISTERS = {0x64: round(VOLTS * 100), 0x2E: 4127, 0x40: 2650}
"""Battery, firmware version, temperature in hundredths."""


class Witmotion(Emulator):
    """Keeps its rate until it is switched off; saving it is another command, which is noted in `saved`."""

    name = "witmotion"
    advertised = Advertised("WT901BLE68")
    is_stream = True

    def __init__(self, motion: PersonMotion) -> None:
        super().__init__(motion)
        self._rate = FACTORY_RATE
        self.saved = False
        """Whether a host has made the sensor keep its settings for good."""

    @property
    def services(self) -> dict[str, tuple[Row, ...]]:
        """Its table."""
        return {SERVICE: (Row(DATA, (NOTIFY,)), Row(COMMAND, (WRITE, WRITE_COMMAND)))}

    @property
    def rate_hz(self) -> float:
        """The rate that it sends at now."""
        return RATES_HZ[self._rate]

    def subscribe(self, uuid: str, on: bool = True) -> None:
        """It has neither start nor stop: it streams while somebody listens."""
        super().subscribe(uuid, on)
        if uuid == DATA and on:
            self._begin(DATA, self._frames(self.now_s))
        elif uuid == DATA:
            self._end(DATA)

    def _command(self, uuid: str, data: bytes) -> bool:
        if uuid != COMMAND or len(data) != 5 or data[:2] != b"\xff\xaa":
            return False
        register, value = data[2], data[3]
        if register == SAVE_RATE and value in RATES_HZ:
            self._rate = value
            if self.streaming:  # the frames held back for the next notification are lost
                self._begin(DATA, self._frames(self.now_s))
        elif register == READ_REGISTERS:
            self._reply(
                DATA, b"\x55\x71" + struct.pack("<H8h", value, *(REGISTERS.get(value + k, 0) for k in range(8)))
            )
        elif register == SAVE:
            self.saved = True
        else:
            return register in KNOWN_SETTINGS
        return True

    def _frames(self, from_s: float) -> Iterator[Told]:
        """Frames come several at a time: four at 10 Hz, two at 50 Hz were captured."""
        while True:
            together = 2 if self.rate_hz == 50.0 else 4
            t_s, g, dps = self.motion.steps(from_s, self.rate_hz, together)
            from_s = float(t_s[-1]) + 1 / self.rate_hz
            yield Told(float(t_s[-1]), DATA, b"".join(frame(a, w) for a, w in zip(g, dps, strict=True)))


def frame(g: FloatArray, dps: FloatArray) -> bytes:
    """One sample; the angles from gravity alone, yaw always zero."""
    dps = np.where(np.abs(dps) < DEAD_BAND_DPS, 0.0, dps)
    roll, pitch = np.arctan2(g[1], g[2]), np.arctan2(-g[0], np.hypot(g[1], g[2]))
    angles = np.degrees(np.array([roll, pitch, 0.0]))
    parts = counts(g, ACCEL_G), counts(dps, GYRO_DPS), counts(angles, ANGLE_DEG)
    return b"\x55\x61" + b"".join(p.tobytes() for p in parts)

"""A simulated sensor in trouble: what the air, the battery and its clock do to it in real time, drawn from one seed."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any

import numpy as np

from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.firmware_sim.raw import RawStream
from coxa.host.samples import FloatArray

EVERY_S = 60.0
"""Bursts and disconnects come so often, the first after half of it."""
PACKET = 10
"""Samples."""
BOOT_S = 0.5
"""Time on the sensor's clock when it begins to sample after its power is back."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong in one session. Shares are of notifications, those sent again included."""

    name: str
    lost: float = 0.0
    radio_lost: float = 0.0
    """Share of radio packets, which the link layer sends again."""
    twice: float = 0.0
    swapped: float = 0.0
    """Held back until after the next one."""
    late: float = 0.0
    """Before these the stream stands still for up to `late_s`."""
    late_s: float = 1.0
    burst_s: float = 0.0
    """Nothing sent for so long arrives, the link stays; every minute."""
    away_s: float = 0.0
    """Out of range for so long, every minute."""
    off_s: float = 0.0
    """Once, half way, the power is cut and comes back after so long, with nothing remembered."""
    drift_ppm: float = 0.0
    jump_s: float = 0.0
    """The sensor's clock is set forward by so much half way; negative: back."""
    host_jump_s: float = 0.0
    """The same for the host's clock of day, as by a time server."""
    resends: bool = True
    """Whether the host asks for what is missing."""


class TroubledSensor(Peripheral):
    """Coxa's own sensor, worn by a person who goes on whatever the link does."""

    def __init__(self, raw: RawStream, air: Air, address: str, trouble: Trouble, seed: int) -> None:
        self.raw, self.trouble = raw, trouble
        self._rng = random.Random(f"{seed} {trouble}")
        self._true_s: FloatArray = (raw.t_us - raw.t_us[0]) * 1e-6
        stamps_s = raw.t_us[0] * 1e-6 + self._true_s * (1 + trouble.drift_ppm * 1e-6)
        self.boots = [(self._true_s, stamps_s)]
        """For each time it was switched on: true times of its samples, from the first START, and their stamps in the
        stream, whose time a clock that is set back does not turn back."""
        self._held: bytes | None = None
        self._burst_until_s = -1.0
        self._done = set[int]()
        super().__init__(
            Firmware(self._stamped(0), "FAULTS01", PACKET),
            air,
            address,
            f"coxa {address[-2:]}",
            fast=False,
            faults=Faults(),
        )
        half = self._firmware.packets // 2
        self._firmware.clock_steps = ((half, round(trouble.jump_s * 1e6)),)
        stamps_s[half * PACKET :] += max(trouble.jump_s, 0.0)
        self._air = air

    @property
    def half_done(self) -> bool:
        """Whether the person is half through."""
        return self._now_s() > self._true_s[-1] / 2

    @property
    def taken(self) -> int:
        """Samples measured so far, while it had power."""
        return sum(len(true_s) for true_s, _ in self.boots)

    def watch(self) -> None:
        """Let happen what happens at certain times; call it now and then."""
        now_s = self._now_s()
        if now_s < 0 or self._sent_all:
            return
        trouble, turn = self.trouble, int((now_s + EVERY_S / 2) // EVERY_S)
        if turn >= 1 and turn not in self._done and now_s < self._true_s[-1] - EVERY_S / 2:
            self._done.add(turn)
            if trouble.burst_s:
                self._burst_until_s = now_s + trouble.burst_s
            if trouble.away_s:
                self._air.lose(trouble.away_s)
        if trouble.off_s and len(self.boots) == 1 and now_s > self._true_s[-1] / 2:
            self._lose_power(now_s)

    def _now_s(self) -> float:
        return -1.0 if self._begun_s is None else asyncio.get_running_loop().time() - self._begun_s

    def _lose_power(self, now_s: float) -> None:
        """A new boot: buffer, numbers and clock begin anew, and what was measured but not sent is gone."""
        true_s, stamps_s = self.boots[0]
        off, on = np.searchsorted(true_s, [now_s, now_s + self.trouble.off_s])
        self.boots = [(true_s[:off], stamps_s[:off]), (true_s[on:], true_s[on:] - true_s[on] + BOOT_S)]
        self._true_s = true_s[on:]
        self._stop()
        self._firmware = Firmware(self._stamped(int(on)), "FAULTS01", PACKET)
        self._stream.value = self._firmware.description_frame()
        self._reached = -1
        self._air.lose(self.trouble.off_s)

    def _stamped(self, first: int) -> RawStream:
        """What the newest boot measures, by its own clock."""
        raw, stamps_s = self.raw, self.boots[-1][1]
        t_us = np.rint(stamps_s * 1e6).astype(np.int64)
        return RawStream(raw.rate_hz, raw.accel_range_g, raw.gyro_range_dps, t_us, raw.counts[first:])

    def _until_s(self, sequence: int) -> float:
        last = min((sequence + 1) * PACKET, len(self._true_s)) - 1
        return float(self._true_s[last]) - self._now_s()

    async def _notify(self, connection: Any, value: bytes) -> None:
        """The way to the host, with all that may happen on it."""
        trouble, draw = self.trouble, self._rng.random
        if draw() < trouble.late:
            await asyncio.sleep(draw() * trouble.late_s)
        if draw() < trouble.lost or self._now_s() < self._burst_until_s:
            return
        if self._held is None and draw() < trouble.swapped:
            self._held = value
            return
        held, self._held = self._held, None
        for data in (value, *([value] if draw() < trouble.twice else []), *([held] if held else [])):
            await super()._notify(connection, data)

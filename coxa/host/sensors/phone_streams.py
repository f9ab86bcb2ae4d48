"""What phones have in common: two streams of any rate on one clock, whose unit and gravity must be checked."""

from __future__ import annotations

import numpy as np

from coxa.host.samples import MAX_ACCEL_MPS2, MAX_GYRO_RADPS, STANDARD_GRAVITY_MPS2, FloatArray, Gap, StreamItem
from coxa.host.sensors.device_clock import RESTART_GAP_S
from coxa.host.sensors.driver import SensorStats
from coxa.host.sensors.pairing import Pairer

LOOK_S = 1.0
"""So much is looked at before the first sample is given."""
GIVE_UP_S = 5.0
"""A phone that reads nothing like gravity for so long is refused."""
NO_GYRO_S = 3.0
"""So long the gyro may be missing at the start; phones start their sensors one after the other."""
LEAST_MPS2, MOST_MPS2 = 7.0, 13.0
"""Median size of the specific force of a phone that is strapped on and stood up with."""
NO_GRAVITY_MPS2 = 4.0
"""Median size below which gravity has been taken out."""
IN_G = (0.7, 1.35)
"""The same where the phone counts in g."""
SHORTEST_S = 1e-3
"""At the least, a gap between two recordings begins so long after the end of the first."""


class Grower:
    """Lets through what is finite and lies after what came before, of one stream's samples."""

    def __init__(self, stats: SensorStats, most: float) -> None:
        self._stats, self._most = stats, most
        self.first_s: float | None = None
        self.last_s = -np.inf

    def take(self, t_s: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sorted and strictly growing; the rest is counted.

        Args:
            t_s: (n,) seconds.
            values: (n, 3) in the stream's unit.
        """
        with np.errstate(invalid="ignore"):
            good = np.isfinite(t_s) & np.all(np.abs(values) <= self._most, axis=1)
        self._stats.bad_frames += int(np.sum(~good))
        t_s, values = t_s[good], values[good]
        order = np.argsort(t_s, kind="stable")
        t_s, values = t_s[order], values[order]
        new = np.concatenate([[True], np.diff(t_s) > 0])[: len(t_s)] & (t_s > self.last_s)
        self._stats.duplicates += int(np.sum(~new))
        t_s, values = t_s[new], values[new]
        if len(t_s):
            self.first_s = float(t_s[0]) if self.first_s is None else self.first_s
            self.last_s = float(t_s[-1])
        return t_s, values


class PhoneStreams:
    """Specific force and angular rate of one recording of a phone, joined once they are seen to be that."""

    def __init__(
        self, rate_hz: float, stats: SensorStats, *, lone_halves: bool, no_gravity: str, no_gyro: str, may_be_g: bool
    ) -> None:
        """Take the sentences that tell what to do, and whether the phone may count in g, upside down, as iPhones do."""
        self._stats, self._lone = stats, lone_halves
        self._no_gravity, self._no_gyro, self._may_be_g = no_gravity, no_gyro, may_be_g
        self._pairer = Pairer(rate_hz, stats, lone_halves=lone_halves)
        self._accel, self._gyro = Grower(stats, MAX_ACCEL_MPS2), Grower(stats, MAX_GYRO_RADPS)
        self._held: list[tuple[bool, FloatArray, FloatArray]] | None = []
        self._unit = 1.0
        self.refusal: str | None = None

    def accel(self, t_s: FloatArray, values: FloatArray) -> list[StreamItem]:
        """Take (n,) times and (n, 3) specific forces."""
        return self._take(True, *self._accel.take(t_s, values))

    def gyro(self, t_s: FloatArray, values: FloatArray) -> list[StreamItem]:
        """Take (n,) times and (n, 3) angular rates, rad/s."""
        return self._take(False, *self._gyro.take(t_s, values))

    def finish(self) -> list[StreamItem]:
        """The recording is over: give what was held back."""
        items = self._release(final=True) if self._held is not None else []
        return [] if self.refusal else [*items, *self._pairer.finish()]

    def _take(self, is_accel: bool, t_s: FloatArray, values: FloatArray) -> list[StreamItem]:
        if not len(t_s) or self.refusal:
            return []
        if self._held is None:
            return self._pass(is_accel, t_s, values)
        self._held.append((is_accel, t_s, values))
        return self._release(final=False)

    def _pass(self, is_accel: bool, t_s: FloatArray, values: FloatArray) -> list[StreamItem]:
        return self._pairer.accel(t_s, values * self._unit) if is_accel else self._pairer.gyro(t_s, values)

    def _release(self, *, final: bool) -> list[StreamItem]:
        """Give what was held as soon as it is known to be right."""
        held = self._held or []
        decided = self._decided(final=final)
        if self.refusal is not None or decided:
            self._held = None
        if self.refusal is not None or not decided:
            return []
        return [item for part in held for item in self._pass(*part)]

    def _decided(self, *, final: bool) -> bool:
        """Whether unit, gravity and gyro are known; sets the refusal where they are known to be wrong."""
        seen_s = self._accel.last_s - self._accel.first_s if self._accel.first_s is not None else 0.0
        if not final and seen_s < LOOK_S:
            return False
        if self._accel.first_s is not None and not self._gravity(seen_s, final=final):
            return False
        if self._gyro.first_s is not None or self._lone:
            return True
        if seen_s >= NO_GYRO_S or final:
            self.refusal = self._no_gyro
        return False

    def _gravity(self, seen_s: float, *, final: bool) -> bool:
        size = float(np.median(np.concatenate([np.linalg.norm(v, axis=1) for a, _, v in self._held or [] if a])))
        if LEAST_MPS2 <= size <= MOST_MPS2:
            return True
        if self._may_be_g and IN_G[0] <= size <= IN_G[1]:
            self._unit = -STANDARD_GRAVITY_MPS2
            return True
        if size < NO_GRAVITY_MPS2:
            self.refusal = self._no_gravity
        elif seen_s >= GIVE_UP_S or final:
            self.refusal = f"the phone's accelerometer reads {size:.1f} where {STANDARD_GRAVITY_MPS2:.1f} m/s2 are due"
        return False


class Timeline:
    """Lays recordings one after the other: each begins `RESTART_GAP_S` after the end of the one before, or later."""

    def __init__(self, stats: SensorStats) -> None:
        self._stats = stats
        self._end_s = -np.inf
        self._parted = False
        self.offset_s = 0.0
        """To be added to the times of the present recording."""

    def given(self, items: list[StreamItem]) -> list[StreamItem]:
        """The items, after the gap that parts them from the recording before."""
        blocks = [i for i in items if not isinstance(i, Gap)]
        if not blocks:
            return items
        if self._parted:
            first = items[0]
            first_s = first.start_s if isinstance(first, Gap) else float(first.t_s[0])
            start_s = min(self._end_s + SHORTEST_S, 0.5 * (self._end_s + first_s))
            items, self._parted = [Gap(start_s, first_s), *items], False
        self._end_s = float(blocks[-1].t_s[-1])
        return items

    def restart(self, passed_s: float = 0.0) -> None:
        """Another recording begins, at least `passed_s` after the present one began; its own times count from 0."""
        self._stats.restarts += 1
        self._parted = bool(np.isfinite(self._end_s))
        self.offset_s = max(self.offset_s + passed_s, self._end_s + RESTART_GAP_S if self._parted else 0.0)

"""Does the accelerometer follow the movement? One with a dead axis makes it look like a fall that never ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coxa.host.detect.still import Ticks


@dataclass(frozen=True, slots=True)
class FallParams:
    """When the sensor seems to fall for longer than anything can."""

    window_ticks: int = 38
    """Ticks (1.5 s) over which the mean is taken: longer than any part of a movement that is thrown. 1.2 to 2 s."""
    fall_mps2: float = 1.75
    """Vertical acceleration whose mean over the window nobody has: it would end at 2.6 m/s. Raises, lunges, walking and
    getting up stay below 1.4 (`walk_03_IMU_5`, `lunge_2`), a dead axis makes 1.9 to 4.4 of raises (`ptx_s2_*`). 1.5 to
    1.85."""


class FallWatch:
    """Looks at the mean vertical acceleration of the last ticks: gravity, turned by the gyro, against what is felt."""

    def __init__(self) -> None:
        self._p = FallParams()
        self._rise_mps2: list[float] = []
        self._told = False

    def look(self, ticks: Ticks) -> int | None:
        """Take the next ticks: the number of the first at which there is such a fall; None without, and once told."""
        if self._told:
            return None
        window = self._p.window_ticks
        before = len(self._rise_mps2)
        rise = self._rise_mps2 + [k.rise_mps2 for k in ticks.each]
        self._rise_mps2 = rise[-(window - 1) :]
        if len(rise) < window or max(max(rise), -min(rise)) <= self._p.fall_mps2:
            return None  # no mean exceeds them all
        falls = np.abs(sliding_window_view(np.array(rise), window).mean(axis=1)) > self._p.fall_mps2
        self._told = bool(falls.any())
        return int(falls.argmax()) + window - 1 - before if self._told else None

    def clear(self) -> None:
        """Forget the recent past, as after a gap."""
        self._rise_mps2 = []

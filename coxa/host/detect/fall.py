"""Does the accelerometer follow the movement? One with a dead axis makes it look like a fall that never ends."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coxa.host.detect.still import Ticks

WINDOW_TICKS = 38
"""1.5 s."""
FALL_MPS2 = 1.75
"""Vertical acceleration whose mean over the window nobody has: it would end at 2.6 m/s. Raises, lunges, walking and
getting up stay below 1.4 (`walk_03_IMU_5`, `lunge_2`), a dead axis makes 1.9 to 4.4 of raises (`ptx_s2_*`)."""


class FallWatch:
    """Looks at the mean vertical acceleration of the last ticks: gravity, turned by the gyro, against what is felt."""

    def __init__(self) -> None:
        self._rise_mps2: list[float] = []
        self._told = False

    def look(self, ticks: Ticks) -> int | None:
        """Take the next ticks: the number of the first at which there is such a fall; None without, and once told."""
        if self._told:
            return None
        before = len(self._rise_mps2)
        rise = self._rise_mps2 + [k.rise_mps2 for k in ticks.each]
        self._rise_mps2 = rise[-(WINDOW_TICKS - 1) :]
        if len(rise) < WINDOW_TICKS:
            return None
        falls = np.abs(sliding_window_view(np.array(rise), WINDOW_TICKS).mean(axis=1)) > FALL_MPS2
        self._told = bool(falls.any())
        return int(falls.argmax()) + WINDOW_TICKS - 1 - before if self._told else None

    def clear(self) -> None:
        """Forget the recent past, as after a gap."""
        self._rise_mps2 = []

"""How much the sensor goes up and down while the thigh turns: steps lift the pelvis, circles do not."""

from __future__ import annotations

from collections import deque
from itertools import dropwhile

import numpy as np

from coxa.host.detect.still import Tick

SMOOTH_TICKS = 5
"""Vertical acceleration is averaged over 0.2 s: what the pelvis does is left, knocks are not."""


class Bobbing:
    """The newest ticks of a thigh that goes round."""

    def __init__(self, kept_ticks: int) -> None:
        self._ticks = deque[Tick](maxlen=kept_ticks)

    def add(self, tick: Tick) -> None:
        """The next one."""
        self._ticks.append(tick)

    def mps2_per_dps(self, since_s: float) -> float:
        """Spread of the vertical acceleration since then for each degree a second of mean turning; 0 where little was
        seen.
        """
        seen = list(dropwhile(lambda k: k.t_s < since_s, self._ticks))
        if len(seen) < 2 * SMOOTH_TICKS:
            return 0.0
        rise_mps2 = np.convolve([k.rise_mps2 for k in seen], np.full(SMOOTH_TICKS, 1.0 / SMOOTH_TICKS), "valid")
        return float(rise_mps2.std()) / max(sum(k.rate_dps for k in seen) / len(seen), 1e-9)

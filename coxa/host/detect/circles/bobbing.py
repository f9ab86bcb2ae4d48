"""How much the sensor goes up and down while the thigh turns: steps lift the pelvis, circles do not."""

from __future__ import annotations

from collections import deque
from itertools import dropwhile

import numpy as np

from coxa.host.detect.still import Tick


class Bobbing:
    """The newest ticks of a thigh that goes round."""

    def __init__(self, kept_ticks: int, smooth_ticks: int) -> None:
        self._smooth_ticks = smooth_ticks
        self._ticks = deque[Tick](maxlen=kept_ticks)

    def add(self, tick: Tick) -> None:
        """The next one."""
        self._ticks.append(tick)

    def shocks_mps2(self) -> tuple[list[float], list[float]]:
        """Times of the ticks, and the departure of the specific force from 1 g in each."""
        return [k.t_s for k in self._ticks], [k.shock_mps2 for k in self._ticks]

    def mps2_per_dps(self, since_s: float) -> float:
        """Spread of the vertical acceleration since then for each degree a second of mean turning; 0 where little was
        seen.
        """
        seen = list(dropwhile(lambda k: k.t_s < since_s, self._ticks))
        n = self._smooth_ticks
        if len(seen) < 2 * n:
            return 0.0
        rise_mps2 = np.convolve([k.rise_mps2 for k in seen], np.full(n, 1.0 / n), "valid")
        return float(rise_mps2.std()) / max(sum(k.rate_dps for k in seen) / len(seen), 1e-9)

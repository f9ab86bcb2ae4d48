"""Whether the sensor has been in the hand since it last rested: no thigh is turned so far, so fast and so variously."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, degrees, radians, sqrt

import numpy as np

from coxa.host.detect.still import Tick
from coxa.host.motion.tangent import Vector, angle_deg
from coxa.host.motion.ticks import TICK_S
from coxa.host.samples import FloatArray


@dataclass(frozen=True, slots=True)
class HandledParams:
    """What only a sensor in the hand does."""

    way_deg: float = 380.0
    way_dps: float = 46.0
    """Up goes so far, and so fast on the average, between two rests: 396 to 1070 degrees at 48 to 103 a second in 33
    sensors that were put on; who lies down and rolls over goes up to 490, at 39 a second at most. 350 to 395, 43 to 47.
    """
    near_deg: float = 40.0
    near_share: float = 0.24
    beside_deg: float = 3.8
    """And it goes not as a thigh does that walks and then sits or lies down: that swings in a plane, from which it
    strays by 0.6 to 2.5 degrees (root mean square) while near what is taken for upright (44 ways), of who dresses by
    4.3, in the hand by 4.4 to 13.5 (32 of 33). Of a way of which less than the share is near all is looked at, if it is
    the first from where the sensor was switched on: who rolls on the mat is that far from where they stood, too. 30 to
    50 degrees, 0.23 to 0.25, 3 to 4.2."""
    kept_s: float = 30.0
    """So much of the way is looked at. 15 to 60 s."""
    calm_dps: float = 15.0
    calm_s: float = 0.9
    """It begins anew after a rest of so long. 10 to 20 deg/s, as `PostureParams.settle_s`."""


class Handled:
    """Keeps the way since the newest rest, and is asked at the next one, until it is known that it is on the thigh."""

    def __init__(self) -> None:
        self._p = HandledParams()
        self._way: deque[Tick] = deque(maxlen=round(self._p.kept_s / TICK_S))
        self._calm_ticks = 0
        self._first = True
        """Whether the way leads from where the sensor was switched on, or from the hand."""
        self._over = False

    def end(self) -> None:
        """It is on the thigh."""
        self._over = True
        self._way.clear()

    def add(self, ticks: Sequence[Tick]) -> None:
        """The next ticks."""
        if self._over:
            return
        rested_ticks = round(self._p.calm_s / TICK_S)
        for tick in ticks:
            calm = tick.rate_dps < self._p.calm_dps
            if not calm and self._calm_ticks >= rested_ticks:
                self._way.clear()
            self._calm_ticks = self._calm_ticks + 1 if calm else 0
            if self._calm_ticks <= rested_ticks:
                self._way.append(tick)

    def rests(self, taken: Vector | None, *, sure: bool) -> bool:
        """The sensor rests elsewhere than before: whether it came there in the hand; `taken` is taken for upright. If
        it did not, and that is `sure`, it is on the thigh.
        """
        if self._over or taken is None:
            return False
        if self._seen(taken):
            return True
        self._first = False
        if sure:
            self.end()
        return False

    def _seen(self, taken: Vector) -> bool:
        """Whether the way since the rest before was in the hand."""
        p, ups = self._p, np.array([tick.up for tick in self._way])
        way_deg = sum(angle_deg(a.up, b.up) for a, b in pairwise(self._way))
        if way_deg < p.way_deg or way_deg < p.way_dps * TICK_S * len(ups):
            return False
        near = ups[ups @ np.array(taken) > cos(radians(p.near_deg))]
        if len(near) < p.near_share * len(ups):
            return self._first and _beside_deg(ups) > p.beside_deg
        return _beside_deg(near) > p.beside_deg


def _beside_deg(ups: FloatArray) -> float:
    """How far these directions, (n, 3), stray from a plane, root mean square, degrees."""
    least = float(np.linalg.eigvalsh(ups.T @ ups / len(ups))[0])
    return degrees(asin(sqrt(max(least, 0.0))))

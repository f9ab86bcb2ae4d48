"""Which way the thigh's front faces, learned from sitting and lying down: both bend the hip forward first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, degrees, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from coxa.host.detect.still import Tick, squared_chords
from coxa.host.exercises.spec import within
from coxa.host.motion.tangent import Vector, angle_deg, chord, dot, towards, unit
from coxa.host.samples import FloatArray


@dataclass(frozen=True, slots=True)
class AxesParams:
    """What counts as bending the hip forward."""

    upright_deg: float = 20.0
    """Below this tilt the thigh stands, 15 to 25."""
    cross_deg: float = 50.0
    """At this tilt the direction is read: past any raise sideways (25 to 45), before the trunk rolls (90). 25 to 70;
    with 100 `lateral_leg_raise_4` is not exact."""
    down_deg: float = 65.0
    """The way must go on to here, or it was a raise. 33 to 130: nothing breaks."""
    within_s: float = 4.0
    """And take no longer; lying down takes 3 to 6 s in all, its first half 1 to 2 s (`negative_3`). 2 to 8 s: nothing
    breaks."""
    slip_deg: float = 15.0
    """A front that jumps by more is a strap that has turned: bending the same hip again agrees within 5 degrees, a
    strap that was moved jumps by 20 and more (`negative_2`, `negative_8`). 7.5 to 30: nothing breaks."""
    beside_deg: tuple[float, float] = (40.0, 65.0)
    straight_deg: float = 6.0
    """Between these tilts the way must keep its direction within so much: sitting and lying down do within 4
    (`negative_4`), who gets down or up over one knee and the side turns by 7 to 20 there, and what is crossed in the
    middle of a turn is no front. 5 to 7 degrees."""
    kept: int = 6
    """So many of the last crossings are averaged. 3 to 12: nothing breaks."""
    agree: float = 0.5
    """Length of the sum of these unit vectors below which they point every way and tell no front. 0.3 to 1."""
    lying_sin2: float = 0.1
    """Square of the sine of 18 degrees of tilt: a thigh that tilts less is turned to no side. Of 15 to 25 degrees: who
    stands leans less, who sits tilts by 60 and more."""


class Axes:
    """The anterior direction in the sensor's frame; knows nothing until the person has sat or lain down or stood up."""

    def __init__(self) -> None:
        self._p = AxesParams()
        self._fronts: deque[Vector] = deque(maxlen=self._p.kept)
        self._last: tuple[float, float, Vector] | None = None
        """Time, tilt and direction of the newest end passed: upright or down."""
        self._crossing: Vector | None = None
        self.slipped_deg: float | None = None
        """By how much the strap has just been found turned; None after every other moment."""
        self._mean: Vector | None = None
        self.settle()

    def settle(self) -> None:
        """All moments looked at are taken."""
        self._down = self._up = b""
        """Marks of those looked at in which the thigh is beyond `cross_deg`, and of the others."""
        self._ends = b""
        """Of those in which it stands or is down, not on the way."""

    def look(self, up: FloatArray, first: int, upright: Vector) -> None:
        """The next moments, numbered from `first` on, none of which is taken yet: up (n, 3), sensor frame."""
        p, away = self._p, squared_chords(up, np.array(upright))
        down = away > chord(p.cross_deg) ** 2
        ends = (away <= chord(p.upright_deg) ** 2) | (away >= chord(p.down_deg) ** 2)
        self._down, self._up, self._ends = (marks(flags, first) for flags in (down, ~down, ends))

    def quiet(self, k: int, end: int) -> int:
        """Up to which moment, from number `k` on, nothing happens that `update` would have to see."""
        if self._crossing is not None:
            return k
        if self._last is None:
            return next_of(self._ends, k, end)
        return next_of(self._up if self._last[1] > self._p.cross_deg else self._down, k, end)

    def pass_over(self, k: int, end: int, ticks: Sequence[Tick], upright: Vector) -> None:
        """Take moments `[k, end)`, in which nothing happens."""
        self.slipped_deg = None
        newest = self._ends.rfind(1, k, end)
        if newest >= 0:
            tick = ticks[newest - k]
            self._last = (tick.t_s, angle_deg(upright, tick.up), tick.up)

    def clear(self) -> None:
        """Forget a way that is under way, as after a gap; what was learned stays."""
        self._last, self._crossing, self.slipped_deg = None, None, None

    def update(self, t_s: float, up: Vector, upright: Vector, recent: Sequence[Tick]) -> None:
        """Take the next moment, the last of the `recent` ones, with the upright pose as known by now."""
        self.slipped_deg = None
        tilt, cross = angle_deg(upright, up), self._p.cross_deg
        if self._crossing is None and self._last is not None and (tilt - cross) * (self._last[1] - cross) < 0:
            self._crossing = towards(upright, up)
        if self._p.upright_deg < tilt < self._p.down_deg:
            return
        other = self._last is not None and (tilt > self._p.cross_deg) != (self._last[1] > self._p.cross_deg)
        if other and self._last is not None and self._crossing is not None and t_s - self._last[0] < self._p.within_s:
            left_s = self._last[0]
            if self._straight(self._crossing, upright, (k for k in recent if k.t_s > left_s)):
                self._learn(self._crossing)
        self._last, self._crossing = (t_s, tilt, up), None

    def _straight(self, front: Vector, upright: Vector, way: Iterable[Tick]) -> bool:
        """Whether the way kept to the direction in which it crossed: the trunk or the hip did not turn meanwhile."""
        low, high = self._p.beside_deg
        beside = (k.up for k in way if low < angle_deg(upright, k.up) < high)
        return all(angle_deg(towards(upright, up), front) <= self._p.straight_deg for up in beside)

    def _learn(self, front: Vector) -> None:
        before = self.front()
        if before is not None and angle_deg(before, front) > self._p.slip_deg:
            self.slipped_deg = angle_deg(before, front)
            self._fronts.clear()
        self._fronts.append(front)
        self._mean = self._mean_front()

    def tell(self, front: Vector) -> None:
        """Where the front is has been shown."""
        self._fronts.append(front)
        self._mean = self._mean_front()

    def front(self) -> Vector | None:
        """Unit vector that points out of the front of the thigh, sensor frame; None while it is not known."""
        return self._mean

    def _mean_front(self) -> Vector | None:
        total = tuple(sum(f[i] for f in self._fronts) for i in range(3))
        x, y, z = total
        return unit((x, y, z)) if x * x + y * y + z * z > self._p.agree**2 else None

    def roll_deg(self, up: Vector, upright: Vector) -> float | None:
        """How far a lying thigh is turned: 0 front up, 90 on the side, 180 face down; None while not known."""
        front = self.front()
        if front is None:
            return None
        along = dot(up, upright)
        x, y, z = up[0] - along * upright[0], up[1] - along * upright[1], up[2] - along * upright[2]
        return None if x * x + y * y + z * z < self._p.lying_sin2 else angle_deg(unit((x, y, z)), front)

    def lies_turned(
        self, up: Vector, upright: Vector, roll_deg: tuple[float, float], room_deg: float = 0.0
    ) -> bool | None:
        """Whether a lying thigh is turned so far, lowest and highest, as far as that is known, in every direction of up
        within `room_deg` of `up`; None where that is not certain.
        """
        roll = self.roll_deg(up, upright)
        if room_deg == 0.0 or self.front() is None:
            return roll is None or within(roll, roll_deg)
        along, room = dot(up, upright), sin(radians(min(room_deg, 90.0)))
        across = sqrt(max(1.0 - along * along, 0.0))
        if roll is None or room >= across:
            return None
        # a circle of that size about `up` is seen from upright under twice this angle
        return within(roll, roll_deg, degrees(asin(room / across))) or None


def marks(flags: NDArray[np.bool_], first: int = 0) -> bytes:
    """One byte for each moment, 1 where its flag (n,) is set and else 0; the first flag is that of number `first`."""
    return bytes(first) + flags.tobytes()


def next_of(marked: bytes, k: int, end: int) -> int:
    """The first moment in `[k, end)` that is marked, `end` where there is none."""
    at = marked.find(1, k, end)
    return end if at < 0 else at

"""Which way the thigh's front faces, learned from sitting and lying down: both bend the hip forward first."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from coxa.host.motion.tangent import Vector, angle_deg, dot, towards, unit


@dataclass(frozen=True, slots=True)
class AxesParams:
    """What counts as bending the hip forward."""

    upright_deg: float = 20.0
    """Below this tilt the thigh stands, 15 to 25."""
    cross_deg: float = 50.0
    """At this tilt the direction is read: past any raise sideways (25 to 45), before the trunk rolls (90)."""
    down_deg: float = 65.0
    """The way must go on to here, or it was a raise."""
    within_s: float = 4.0
    """And take no longer; lying down takes 3 to 6 s in all, its first half 1 to 2 s (`negative_3`)."""
    slip_deg: float = 15.0
    """A front that jumps by more is a strap that has turned: bending the same hip again agrees within 5 degrees, a
    strap that was moved jumps by 20 and more (`negative_2`, `negative_8`)."""
    kept: int = 6
    """So many of the last crossings are averaged."""


class Axes:
    """The anterior direction in the sensor's frame; knows nothing until the person has sat or lain down or stood up."""

    def __init__(self, params: AxesParams | None = None) -> None:
        self._p = params or AxesParams()
        self._fronts: deque[Vector] = deque(maxlen=self._p.kept)
        self._last: tuple[float, float, Vector] | None = None
        """Time, tilt and direction of the newest end passed: upright or down."""
        self._crossing: Vector | None = None
        self.slipped_deg: float | None = None
        """By how much the strap has just been found turned; None after every other moment."""

    def clear(self) -> None:
        """Forget a way that is under way, as after a gap; what was learned stays."""
        self._last, self._crossing = None, None

    def update(self, t_s: float, up: Vector, upright: Vector) -> None:
        """Take the next moment, with the upright pose as known by now."""
        self.slipped_deg = None
        tilt, cross = angle_deg(upright, up), self._p.cross_deg
        if self._crossing is None and self._last is not None and (tilt - cross) * (self._last[1] - cross) < 0:
            self._crossing = towards(upright, up)
        if self._p.upright_deg < tilt < self._p.down_deg:
            return
        other = self._last is not None and (tilt > self._p.cross_deg) != (self._last[1] > self._p.cross_deg)
        if other and self._last is not None and self._crossing is not None and t_s - self._last[0] < self._p.within_s:
            self._learn(self._crossing)
        self._last, self._crossing = (t_s, tilt, up), None

    def _learn(self, front: Vector) -> None:
        before = self.front()
        if before is not None and angle_deg(before, front) > self._p.slip_deg:
            self.slipped_deg = angle_deg(before, front)
            self._fronts.clear()
        self._fronts.append(front)

    def front(self) -> Vector | None:
        """Unit vector that points out of the front of the thigh, sensor frame; None while it is not known."""
        if not self._fronts:
            return None
        total = tuple(sum(f[i] for f in self._fronts) for i in range(3))
        x, y, z = total
        return unit((x, y, z)) if x * x + y * y + z * z > 0.25 else None

    def roll_deg(self, up: Vector, upright: Vector) -> float | None:
        """How far a lying thigh is turned: 0 front up, 90 on the side, 180 face down; None while not known."""
        front = self.front()
        if front is None:
            return None
        along = dot(up, upright)
        x, y, z = (u - along * a for u, a in zip(up, upright, strict=True))
        return None if x * x + y * y + z * z < 0.1 else angle_deg(unit((x, y, z)), front)

"""Is the thigh at rest, and in which pose?"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from coxa.host.motion.tangent import Vector, angle_deg, unit


class Tick(NamedTuple):
    """One beat of `motion.ticks`, as plain numbers."""

    t_s: float
    up: Vector
    rate_dps: float
    shock_mps2: float
    rise_mps2: float


@dataclass(frozen=True, slots=True)
class StillParams:
    """When a thigh counts as still.

    A breath moves a lying thigh by about half a degree; the slowest circles of the recordings move it 3.4 deg/s
    (`hip_circle_4`), the slowest lowering of a leg 2 deg/s (`ptx_s1_leg_raise_d`).
    """

    window_s: float = 0.6
    """Length of the look-back, 0.4 to 1 s."""
    spread_deg: float = 1.3
    """Largest change of pose inside the window, 0.8 to 2 degrees."""
    rate_dps: float = 14.0
    """Largest angular rate inside the window: tremor and gyro noise pass, movement does not. 8 to 20 deg/s."""


class StillFinder:
    """Looks back over a short window, tick by tick."""

    def __init__(self, params: StillParams | None = None) -> None:
        self._p = params or StillParams()
        self._window: deque[Tick] = deque()
        self._pose: Vector | None = None
        self._fast = 0
        """How many ticks of the window are too fast."""
        self.still = False
        self.since_s: float | None = None
        """Start of the present rest, None while moving."""

    def clear(self) -> None:
        """Forget the window, as after a gap."""
        self._window.clear()
        self._fast, self._pose = 0, None
        self.still, self.since_s = False, None

    def update(self, tick: Tick) -> None:
        """Take the next tick."""
        window, self._pose = self._window, None
        window.append(tick)
        self._fast += tick.rate_dps > self._p.rate_dps
        while tick.t_s - window[0].t_s > self._p.window_s + 1e-6:
            self._fast -= window.popleft().rate_dps > self._p.rate_dps
        self.still = self._is_still()
        if not self.still:
            self.since_s = None
        elif self.since_s is None:
            self.since_s = window[0].t_s

    def lasts_s(self, t_s: float) -> float:
        """For how long the thigh has been still at time `t_s`, 0 while moving."""
        return 0.0 if self.since_s is None else t_s - self.since_s

    def pose(self) -> Vector:
        """Mean direction of up over the window."""
        if self._pose is None:
            x = y = z = 0.0
            for _, up, _, _, _ in self._window:
                x, y, z = x + up[0], y + up[1], z + up[2]
            self._pose = unit((x, y, z))
        return self._pose

    def _is_still(self) -> bool:
        window = self._window
        if window[-1].t_s - window[0].t_s < self._p.window_s - 0.05:
            return False
        if self._fast:
            return False
        newest, spread_deg = window[-1].up, self._p.spread_deg
        return (
            angle_deg(newest, window[0].up) < spread_deg and angle_deg(newest, window[len(window) // 2].up) < spread_deg
        )

"""Notices that the strap was taken off, put on and left in peace."""

from __future__ import annotations

from coxa.host.detect.still import StillFinder, Tick
from coxa.host.motion.tangent import Vector, angle_deg

HANDLED_DEG = 60.0
"""Handling turns the sensor this far away from where it was worn, standing or sitting."""
HANDLED_S = 1.5
"""And moves it for so long in all."""
HANDLING_DPS = 40.0
"""A sensor that turns faster is being handled, or its wearer walks."""
QUIET_S = 3.0
"""On again: so long a rest after the handling."""


class MovedStrap:
    """Feed it ticks from the moment the move was asked for."""

    def __init__(self, *, handled: bool = False) -> None:
        """`handled`: that the strap is in somebody's hands is known already, so only the rest is waited for."""
        self._handled = handled
        self._worn: Vector | None = None
        self._turned_deg = 0.0
        self._handled_s = 0.0
        self._last_s: float | None = None

    def update(self, tick: Tick, rest: StillFinder) -> bool:
        """Take the next tick; True once the sensor has been moved and rests again."""
        step_s = 0.0 if self._last_s is None else min(tick.t_s - self._last_s, 0.1)
        self._last_s = tick.t_s
        if self._worn is None:
            self._worn = tick.up
        if tick.rate_dps > HANDLING_DPS:
            self._handled_s += step_s
        self._turned_deg = max(self._turned_deg, angle_deg(self._worn, tick.up))
        self._handled |= self._handled_s >= HANDLED_S and self._turned_deg >= HANDLED_DEG
        return self._handled and rest.lasts_s(tick.t_s) >= QUIET_S

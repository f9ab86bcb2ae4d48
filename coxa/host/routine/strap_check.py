"""The strap check: stand still, lift the knee three times, and it is known how the sensor sits on the thigh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.body.pivot import Pivot
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.motion.tangent import Vector, angle_deg, towards, unit

LIFTS = 3
"""One alone may go anywhere; three that agree are the hip's own bending."""
Step: TypeAlias = Literal["lift", "known", "unknown"]


@dataclass(frozen=True, slots=True)
class StrapCheckParams:
    """What counts as standing still and as lifting the knee."""

    stand_s: float = 2.0
    """So long must the person stand still. 1.5 to 3 s."""
    lift_deg: float = 30.0
    """A lift reaches at least this tilt: knees are lifted by 35 to 90 degrees (simulated people); easy steps tilt the
    thigh by 20 to 30. 25 to 40 degrees."""
    back_deg: float = 12.0
    """Below this the foot is down again; standing differently afterwards is within it. 8 to 20 degrees."""
    longest_s: float = 8.0
    """A lift that takes longer is somebody who has sat down. 5 to 10 s."""
    agree_deg: float = 20.0
    """The lifts' directions lie so near their mean: knees that are lifted carelessly differ by 10 (simulated people,
    abduction and rotation of up to 8 degrees). 15 to 25 degrees."""
    lies_times: float = 2.0
    """How many times its own error the lever of a lying thigh must be to refuse the lifts: the person was asked to
    stand, so little speaks for it otherwise. 1.5 to 2.5 (20 simulated people on their backs: 19 refused)."""
    over_s: float = 60.0
    """After so long the session goes on without: nobody has to lift a knee who cannot. 40 to 90 s."""


class StrapCheck:
    """Feed it ticks from the moment the person was asked to stand still. Pure."""

    def __init__(self) -> None:
        self._p = StrapCheckParams()
        self._pivot = Pivot()
        self._began_s: float | None = None
        self._standing: Vector | None = None
        self._left_s: float | None = None
        """When the newest lift began; None while the foot is down."""
        self._top: tuple[float, Vector] | None = None
        """Tilt and direction of up at its top so far."""
        self._ways: list[Vector] = []
        self.mounting: Mounting | None = None
        """What was found; None before, and where nothing was."""

    def update(self, tick: Tick, rest: StillFinder) -> Step | None:
        """Take the next tick; what the person is to be told now, None for nothing new."""
        self._began_s = tick.t_s if self._began_s is None else self._began_s
        if tick.t_s - self._began_s > self._p.over_s:
            return "unknown"
        self._pivot.add([tick])
        if rest.lasts_s(tick.t_s) >= self._p.stand_s and self._stands_anew(rest.pose()):
            first, self._standing = self._standing is None, rest.pose()
            self._ways, self._left_s, self._top = [], None, None
            self._pivot.clear()  # the hip itself has moved until now
            return "lift" if first else None
        if self._standing is None or not self._lifted(self._standing, tick):
            return None
        return "known" if len(self._ways) == LIFTS and self._found(self._standing) else None

    def gap(self) -> None:
        """Samples are missing: a lift that nobody saw whole tells no direction."""
        self._left_s, self._top = None, None
        self._pivot.gap()

    def _stands_anew(self, pose: Vector) -> bool:
        return self._standing is None or angle_deg(self._standing, pose) > self._p.back_deg

    def _lifted(self, standing: Vector, tick: Tick) -> bool:
        """Whether a lift is over with this tick."""
        tilt_deg = angle_deg(standing, tick.up)
        if tilt_deg > self._p.back_deg:
            self._left_s = tick.t_s if self._left_s is None else self._left_s
            if self._top is None or tilt_deg > self._top[0]:
                self._top = tilt_deg, towards(standing, tick.up)
            return False
        left_s, top = self._left_s, self._top
        self._left_s, self._top = None, None
        if left_s is None or top is None or tick.t_s - left_s > self._p.longest_s or top[0] < self._p.lift_deg:
            return False
        self._ways = [*self._ways, top[1]][-LIFTS:]
        return True

    def _found(self, standing: Vector) -> bool:
        """Whether the lifts agree, and were those of a thigh that hangs down from the hip."""
        x, y, z = (sum(w[i] for w in self._ways) for i in range(3))
        if x * x + y * y + z * z < 1.0:
            return False
        anterior = unit((x, y, z))
        agree = all(angle_deg(anterior, w) <= self._p.agree_deg for w in self._ways)
        if not agree or self._pivot.stands(standing, self._p.lies_times) is False:
            return False
        self.mounting = Mounting(standing, anterior)
        return True

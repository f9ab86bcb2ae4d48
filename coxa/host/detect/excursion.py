"""One trip of the thigh away from its rest pose and back, as it unfolds."""

from __future__ import annotations

from dataclasses import dataclass, field

from coxa.host.detect.still import Tick
from coxa.host.motion.tangent import Vector, angle_deg, cross, dot, towards, unit


@dataclass(slots=True)
class Excursion:
    """The trace of a trip, relative to the rest pose it left from."""

    rest: Vector
    """Direction of up at rest, sensor frame."""
    start_s: float
    """Last moment near the rest pose."""
    settled: bool
    """It began from a rest long enough to open a set."""
    t_s: list[float] = field(default_factory=list[float])
    angle_deg: list[float] = field(default_factory=list[float])
    """Angle against the rest pose, one a tick."""
    still: list[bool] = field(default_factory=list[bool])
    rate_dps: list[float] = field(default_factory=list[float])
    rise_mps2: list[float] = field(default_factory=list[float])
    peak_deg: float = 0.0
    peak_s: float = 0.0
    peak_up: Vector = (0.0, 0.0, 0.0)
    lost_s: float = 0.0
    """Time inside the trip for which there are no samples."""
    shock_mps2: float = 0.0
    path_deg: float = 0.0
    """Way covered by the direction of up."""
    last_up: Vector | None = None

    def add(self, tick: Tick, still: bool) -> None:
        """Take the next tick of the trip."""
        a = angle_deg(self.rest, tick.up)
        self.path_deg += angle_deg(self.last_up or self.rest, tick.up)
        self.last_up = tick.up
        self.t_s.append(tick.t_s)
        self.angle_deg.append(a)
        self.still.append(still)
        self.rate_dps.append(tick.rate_dps)
        self.rise_mps2.append(tick.rise_mps2)
        self.shock_mps2 = max(self.shock_mps2, tick.shock_mps2)
        if a > self.peak_deg:
            self.peak_deg, self.peak_s, self.peak_up = a, tick.t_s, tick.up

    @property
    def now_deg(self) -> float:
        """Angle at the newest tick."""
        return self.angle_deg[-1]

    def signed_deg(self, up: Vector) -> float:
        """Angle of `up` against the rest pose, negative on the side away from the peak."""
        a = angle_deg(self.rest, up)
        return a * dot(towards(self.rest, up), towards(self.rest, self.peak_up))

    def axis(self) -> Vector:
        """Unit axis, sensor frame, about which up turned between rest and peak."""
        return unit(cross(self.rest, self.peak_up))

    @property
    def out_s(self) -> float:
        """How long the way out took: from the start to nine tenths of the peak."""
        return self.t_s[self._top()] - self.start_s

    def lift_m(self) -> float:
        """How far the sensor rose on the way out, negative where it sank.

        Vertical acceleration integrated twice, with the speed set to zero at both ends (zero-velocity update), which
        takes out a constant error. A leg raised by 20 degrees lifts the sensor 0.1 m (`ptx_s4_leg_raise_f`);
        sitting down sinks it.
        """
        end = self._top() + 1
        if end < 3:
            return 0.0
        step_s = (self.t_s[end - 1] - self.t_s[0]) / (end - 1)
        speed, speeds = 0.0, list[float]()
        for a in self.rise_mps2[:end]:
            speed += a * step_s
            speeds.append(speed)
        return sum(v - speed * (i + 1) / end for i, v in enumerate(speeds)) * step_s

    def _top(self) -> int:
        """Index of the first tick at nine tenths of the peak, or of the standstill shortly after it."""
        first = next(i for i, a in enumerate(self.angle_deg) if a >= 0.9 * self.peak_deg)
        for i in range(first, min(first + 15, len(self.t_s))):
            if self.rate_dps[i] < 12.0:
                return i
        return first

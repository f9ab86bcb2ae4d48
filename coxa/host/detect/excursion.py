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

    def add(self, tick: Tick, still: bool) -> None:
        """Take the next tick of the trip."""
        a = angle_deg(self.rest, tick.up)
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

    def lift_m(self) -> float:
        """Height of the sensor at the peak against the start, from vertical acceleration.

        Integrated twice with the speed forced to zero at both ends of the trip (zero-velocity update), so it means
        something only for a trip of a few seconds between two rests: about 0.1 m per 3 s with a 0.03 m/s2 bias.
        """
        speed, height, speeds = 0.0, 0.0, list[float]()
        step_s = (self.t_s[-1] - self.t_s[0]) / max(len(self.t_s) - 1, 1)
        for a in self.rise_mps2:
            speed += a * step_s
            speeds.append(speed)
        extreme = 0.0
        for i, v in enumerate(speeds):
            height += (v - speed * (i + 1) / len(speeds)) * step_s
            extreme = height if abs(height) > abs(extreme) else extreme
        return extreme

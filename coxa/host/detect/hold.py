"""The verified hold: a clock that runs only while the thigh stays in its band."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from coxa.host.detect.excursion import Excursion
from coxa.host.events import HoldBreak
from coxa.host.exercises.spec import ExerciseSpec

CALM_S = 1.0
"""So long must the angle be calm before a hold is said to have started."""
LEVEL_SHARE = 0.01
"""How fast the level follows the angle inside the band, per tick: 4 s, so that a slow sag stays inside."""
BAND_SHARE = 0.06
"""The band is never narrower than this share of the level."""


@dataclass(slots=True)
class Hold:
    """One hold as it unfolds."""

    level_deg: float
    """The angle held, against the rest pose; follows a slow sag."""
    half_deg: float
    """Half width of the band about the level."""
    start_s: float
    last_in_s: float
    """Newest moment inside the band."""
    paused_s: float = 0.0
    """Time in breaks that are over."""
    breaks: list[HoldBreak] = field(default_factory=list[HoldBreak])

    @property
    def held_s(self) -> float:
        """Time inside the band, breaks left out, short wobbles included."""
        return self.last_in_s - self.start_s - self.paused_s

    def update(self, t_s: float, angle_deg: float, rate_dps: float, spec: ExerciseSpec) -> None:
        """Take the next tick of the trip."""
        if abs(angle_deg - self.level_deg) > self.half_deg:
            return
        away_s = t_s - self.last_in_s
        if away_s > spec.wobble_s:
            self.paused_s += away_s
            self.breaks.append(HoldBreak(self.last_in_s, t_s, "left the band"))
        self.last_in_s = t_s
        if rate_dps <= spec.motion_limit_dps:
            self.level_deg += LEVEL_SHARE * (angle_deg - self.level_deg)


def hold_begun(trip: Excursion, spec: ExerciseSpec) -> Hold | None:
    """The hold that has begun at the end of `trip`, None while the thigh is not yet calm.

    Its start is where the angle came into the band for the present stay, looked up in the trace.
    """
    if trip.t_s[-1] - trip.t_s[0] < CALM_S:
        return None
    first = bisect_left(trip.t_s, trip.t_s[-1] - CALM_S)
    recent = trip.angle_deg[first:]
    if max(recent) - min(recent) > spec.band_deg:
        return None
    if sorted(trip.rate_dps[first:])[len(recent) // 2] > spec.motion_limit_dps:
        return None
    level = sorted(recent)[len(recent) // 2]
    half = max(0.5 * spec.band_deg, BAND_SHARE * level)
    start = len(trip.t_s) - 1
    while start > 0 and abs(trip.angle_deg[start - 1] - level) <= half:
        start -= 1
    return Hold(level, half, trip.t_s[start], trip.t_s[-1])

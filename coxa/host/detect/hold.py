"""The verified hold: a clock that runs only while the thigh stays in its band."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from coxa.host.detect.excursion import Excursion
from coxa.host.events import HoldBreak
from coxa.host.exercises.spec import ExerciseSpec

CALM_S = 1.0
"""So long must the angle be calm before a hold is said to have started."""
PLATEAU_S = 2.0
"""A shorter stay on the way to the hold is not part of it (`figure_four_1` lifts the ankle first)."""
WOBBLE_BANDS = 2.0
"""How many bands a wobble may reach (`knee_to_chest_1` swings 6 degrees to either side)."""
REGRIP_DEG, REGRIP_SHARE = 10.0, 0.2
"""How far another level may lie, in degrees or as a share, to be the same hold gripped again."""
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
    """Half width of the band about the level; its edges start and end the hold."""
    start_s: float
    last_in_s: float
    """Newest moment inside the band."""
    last_near_s: float
    """Newest moment inside twice the band, where a wobble still belongs to the hold."""
    paused_s: float = 0.0
    """Time in breaks that are over."""
    breaks: list[HoldBreak] = field(default_factory=list[HoldBreak])

    @property
    def held_s(self) -> float:
        """Time inside the band, breaks left out, short wobbles included."""
        return self.last_in_s - self.start_s - self.paused_s

    def update(self, t_s: float, angle_deg: float, rate_dps: float, spec: ExerciseSpec) -> None:
        """Take the next tick of the trip."""
        off_deg = abs(angle_deg - self.level_deg)
        if off_deg <= WOBBLE_BANDS * self.half_deg:
            if t_s - self.last_near_s > spec.wobble_s:
                self._break(t_s, "left the band")
            self.last_near_s = t_s
        if off_deg > self.half_deg:
            return
        self.last_in_s = t_s
        if rate_dps <= spec.motion_limit_dps:
            self.level_deg += LEVEL_SHARE * (angle_deg - self.level_deg)

    def gap(self, lost_s: float) -> None:
        """Samples are missing: what nobody saw is not held against the person."""
        self.last_near_s += lost_s

    def regrip(self, new: Hold | None) -> None:
        """The thigh has come to rest at a level nearby: go on there, or begin anew if there was nothing yet."""
        if new is None:
            return
        beside = new.start_s - self.last_near_s <= 0.0
        if self.held_s < PLATEAU_S:
            self.start_s, self.paused_s, self.breaks = new.start_s, 0.0, []
        elif abs(new.level_deg - self.level_deg) <= max(REGRIP_DEG, REGRIP_SHARE * self.level_deg):
            if not beside:
                self._break(new.start_s, "gripped again")
        else:
            return
        self.level_deg, self.half_deg = new.level_deg, new.half_deg
        self.last_in_s = self.last_near_s = new.last_in_s

    def _break(self, end_s: float, reason: str) -> None:
        self.paused_s += end_s - self.last_in_s
        self.breaks.append(HoldBreak(self.last_in_s, end_s, reason))


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
    return Hold(level, half, trip.t_s[start], trip.t_s[-1], trip.t_s[-1])

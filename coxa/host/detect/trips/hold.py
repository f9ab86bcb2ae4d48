"""The verified hold: a clock that runs only while the thigh stays in its band and is quiet there."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from math import sqrt
from typing import ClassVar

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.held_range import HeldRange
from coxa.host.detect.trips.hold_params import HoldParams
from coxa.host.detect.trips.rep_quality import DIGITS
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.events import HoldBreak, HoldEnded, Side
from coxa.host.exercises.spec import ExerciseSpec, StartPose
from coxa.host.motion.tangent import Vector, angle_deg, unit
from coxa.host.motion.ticks import TICK_S
from coxa.host.reasons import Reason


@dataclass(slots=True)
class Spread:
    """Standard deviation of angles as they come (Welford 1962), each stretch about its own mean."""

    count: int = 0
    squares: float = 0.0
    _here: int = 0
    _mean_deg: float = 0.0

    def add(self, angle_deg: float) -> None:
        """The next one."""
        self.count, self._here = self.count + 1, self._here + 1
        step = angle_deg - self._mean_deg
        self._mean_deg += step / self._here
        self.squares += step * (angle_deg - self._mean_deg)

    def begin_anew(self) -> None:
        """What comes next has a mean of its own."""
        self._here, self._mean_deg = 0, 0.0

    @property
    def deg(self) -> float:
        """Degrees, 0 before the first."""
        return sqrt(self.squares / self.count) if self.count else 0.0


@dataclass(slots=True)
class Hold:
    """One hold as it unfolds: a level, a band about it, and a clock that runs while the thigh is quiet in the band.

    A short departure does not stop the clock (`wobble_s` of the exercise), a longer one is a break, after which the
    hold goes on if the thigh comes back, or is gripped again at a level nearby (`regrip`).
    """

    params: ClassVar[HoldParams] = HoldParams()

    level_deg: float
    """The angle held, against the rest pose; follows a slow sag."""
    half_deg: float
    """Half width of the band about the level for somebody who holds still; its edges start the hold."""
    start_s: float
    last_in_s: float
    """Newest moment inside the band."""
    up: Vector
    """Direction of up in the pose, sensor frame."""
    crossed: bool = False
    """Whether the leg was surely crossed on the way to it, by who stands."""
    unseen_s: float = 0.0
    """Time without samples since then."""
    blind_s: float = 0.0
    """Of the time held, how much nobody saw."""
    paused_s: float = 0.0
    """Time in breaks that are over."""
    breaks: list[HoldBreak] = field(default_factory=list[HoldBreak])
    rate_dps: float = 0.0
    """Mean angular rate of the last moments."""
    _held_deg_s: float = 0.0
    """Angle times time over the time held."""
    _held_up_s: Vector = (0.0, 0.0, 0.0)
    """Direction of up times time over it."""
    _inside: bool = True
    """Whether the newest tick was inside the band."""
    _left: bool = False
    """Whether it has been outside since the clock last ran."""
    _left_dps: float = 0.0
    """How fast the angle changed when it last left the band."""
    _last: tuple[float, float] | None = None
    """Time and angle of the tick before."""
    _drift_dps: float = 0.0
    """How fast the angle changes, trembling left out."""
    _back_s: float | None = None
    """Since when the thigh is in the band again after a break."""
    _in_grips: Spread = field(default_factory=Spread)
    """Of the angle about the middle of each grip: that another one is held elsewhere is no trembling."""
    _in_all: Spread = field(default_factory=Spread)
    _tremble: float = 0.0
    """Mean square of what the angle was off the level, degrees squared, where that was not far."""

    def __post_init__(self) -> None:
        self._held_for(self.held_s, self.level_deg, self.up)

    @property
    def calm_by_s(self) -> float:
        """By when the thigh had been calm there for long enough to be held."""
        return self.start_s + self.params.calm_s

    @property
    def held_s(self) -> float:
        """Time inside the band, breaks left out, short wobbles included."""
        return self.last_in_s - self.start_s - self.paused_s

    @property
    def held_deg(self) -> float:
        """Mean angle over the time held."""
        return self._held_deg_s / self.held_s if self.held_s > 0.0 else self.level_deg

    @property
    def held_up(self) -> Vector:
        """Mean direction of up over that time."""
        return unit(self._held_up_s) if any(self._held_up_s) else self.up

    @property
    def seen_share(self) -> float:
        """Of the time held, how much was seen."""
        return 1.0 - self.blind_s / max(self.held_s, TICK_S)

    @property
    def room_deg(self) -> float:
        """Half width of the band as it is: somebody who trembles has not let go."""
        most_deg = self.params.tremble_most * self.half_deg
        return min(max(self.half_deg, self.params.tremble_times * sqrt(self._tremble)), most_deg)

    @property
    def steadiness_deg(self) -> float:
        """Standard deviation of the angle inside the band, each grip about its own middle."""
        return self._in_grips.deg

    @property
    def spread_deg(self) -> float:
        """The same about the middle of all grips."""
        return self._in_all.deg

    def away_s(self, t_s: float) -> float:
        """For how long the thigh has been seen outside the band at time `t_s`."""
        return t_s - self.last_in_s - self.unseen_s

    def update(self, t_s: float, off_deg: float, up: Vector, rate_dps: float, spec: ExerciseSpec) -> None:
        """Take the next tick of the trip: the angle off the rest pose, and where up is."""
        p = self.params
        self.rate_dps += p.rate_share * (rate_dps - self.rate_dps)
        same_pose = angle_deg(self.up, up) <= p.wander_deg(self.level_deg, self.half_deg)
        before_s = self.held_s
        if self._last is not None:
            dps = (off_deg - self._last[1]) / (t_s - self._last[0])
            self._drift_dps += p.rate_share * (dps - self._drift_dps)
        self._last = t_s, off_deg
        let_go = self._left_dps > p.let_go_share * self.half_deg and self.away_s(t_s) > p.sway_s
        if same_pose and rate_dps < spec.motion_limit_dps and not let_go:
            self._follow(off_deg - self.level_deg)
        inside = same_pose and abs(off_deg - self.level_deg) <= self.room_deg
        if self._inside and not inside:
            self._left_dps = abs(self._drift_dps)
        self._inside, self._left = inside, self._left or not inside
        if not inside or self.rate_dps > spec.motion_limit_dps:
            self._back_s = None
            return
        if self.away_s(t_s) > spec.wobble_s:
            self._back_s = t_s if self._back_s is None else self._back_s
            if t_s - self._back_s < p.return_s:
                return
            self._break(self._back_s, Reason.LEFT_BAND if self._left else Reason.MOVED)
        elif self.unseen_s > p.unseen_s:
            self._break(t_s, Reason.NOT_MEASURED)
        else:
            self.blind_s += self.unseen_s
        self.last_in_s, self.unseen_s, self._left, self._back_s = t_s, 0.0, False, None
        self._held_for(self.held_s - before_s, off_deg, up)
        self._in_grips.add(off_deg)
        self._in_all.add(off_deg)

    def _follow(self, off_deg: float) -> None:
        """Level and trembling follow what is in and near the band: of the inside alone the middle would be missed."""
        p = self.params
        if abs(off_deg) <= p.tremble_most * self.half_deg:
            self._tremble += p.level_share * (off_deg * off_deg - self._tremble)
            self.level_deg += p.level_share * off_deg

    def gap(self, lost_s: float) -> None:
        """Samples are missing: what nobody saw is not held against the person, unless the thigh had left the band."""
        if self._inside:
            self.unseen_s += lost_s

    def regrip(self, new: Hold) -> None:
        """The thigh is calm at another level: go on there once it has stayed, if the level lies nearby."""
        p = self.params
        same_pose = angle_deg(self.up, new.up) <= p.wander_deg(self.level_deg, self.half_deg)
        if new.held_s < p.regrip_s or not self.is_near(new) or not same_pose:
            return
        before_s = self.held_s
        self._break(max(new.start_s, self.last_in_s), Reason.GRIPPED_AGAIN)
        self.level_deg, self.half_deg = new.level_deg, new.half_deg
        self.last_in_s, self.unseen_s, self.up, self._back_s = new.last_in_s, 0.0, new.up, None
        self._held_for(self.held_s - before_s, new.level_deg, new.up)
        self._in_grips.begin_anew()

    def is_near(self, new: Hold) -> bool:
        """Whether that level may be the same hold, gripped again."""
        p = self.params
        return abs(new.level_deg - self.level_deg) <= max(p.regrip_deg, p.regrip_share * self.level_deg)

    def ended(
        self, spec: ExerciseSpec, side: Side | None, target_s: float, decided_s: float, rom: HeldRange
    ) -> HoldEnded:
        """The event that it is told by when it is over, with the range that was held."""
        return HoldEnded(
            spec.name,
            side,
            self.start_s,
            self.last_in_s,
            round(self.held_s, DIGITS),
            target_s,
            rom.deg,
            round(self.held_s, DIGITS) >= target_s,
            decided_s,
            tuple(self.breaks),
            rom.sd_deg,
            self.steadiness_deg,
        )

    def _held_for(self, lasts_s: float, off_deg: float, up: Vector) -> None:
        """So long at that angle off the rest pose, up being there."""
        self._held_deg_s += off_deg * lasts_s
        x, y, z = self._held_up_s
        self._held_up_s = (x + up[0] * lasts_s, y + up[1] * lasts_s, z + up[2] * lasts_s)

    def _break(self, end_s: float, reason: Reason) -> None:
        self.paused_s += end_s - self.last_in_s
        self.breaks.append(HoldBreak(self.last_in_s, end_s, reason))


def hold_begun(trip: Excursion, spec: ExerciseSpec) -> Hold | None:
    """The hold that has begun at the end of `trip`, None while the thigh is not yet calm.

    Its start is where the angle came into the band for the present stay, looked up in the trace.
    """
    p = Hold.params
    if trip.t_s[-1] - trip.t_s[0] < p.calm_s:
        return None
    first = bisect_left(trip.t_s, trip.t_s[-1] - p.calm_s)
    recent = sorted(trip.angle_deg[first:])
    if len(recent) * TICK_S < p.seen_share * p.calm_s:
        return None
    tenth = len(recent) // 10
    if recent[-1 - tenth] - recent[tenth] > spec.band_deg:
        return None
    if sorted(trip.rate_dps[first:])[len(recent) // 2] > spec.motion_limit_dps:
        return None
    level = recent[len(recent) // 2]
    half = max(0.5 * spec.band_deg, spec.band_share * level)
    now, wander_deg = trip.up[-1], p.wander_deg(level, half)
    if max(angle_deg(up, now) for up in trip.up[first:]) > wander_deg:
        return None
    start = _came_in(trip, level, half, wander_deg, spec.wobble_s)
    start_s = trip.t_s[start] - _unseen_in_s(trip, start, level - half)
    return Hold(level, half, start_s, trip.t_s[-1], trip.last_up or trip.rest)


def refusal(
    hold: Hold,
    spec: ExerciseSpec,
    start: StartPose,
    p: TripParams,
    *,
    known: bool,
    sure: bool = True,
    lifted: bool = False,
) -> Verdict | None:
    """Why a hold that is over does not count; None where it does.

    Args:
        hold: what was held.
        spec: the exercise.
        start: the pose that it was begun from.
        p: tuning values.
        known: whether the person is known to stand or to lie, or has done a repetition here; else more must be seen.
        sure: whether that is so for sure; else a deep hold of somebody who stands may be a chair, and must last longer.
        lifted: whether the hips were lifted for it, to the top of their way, and have come back, which is a bridge
            however short it was, if the person is `known` so.
    """
    held = hold.params
    if hold.held_s < spec.min_hold_s and not (known and lifted):
        return Verdict(Reason.NOT_HELD, hold.held_s, spec.min_hold_s, "s")
    if hold.seen_share < p.way.measured_share:
        return Verdict(Reason.NOT_MEASURED, hold.seen_share, p.way.measured_share, "share of samples")
    if hold.level_deg < start.nearly_deg:
        return Verdict(Reason.TOO_SMALL, hold.level_deg, start.nearly_deg, "deg")
    if hold.level_deg > spec.max_rom_deg:
        return Verdict(Reason.TOO_LARGE, hold.level_deg, spec.max_rom_deg, "deg")
    if start.direction == "any":
        if not sure and hold.level_deg > p.top.sit_deg and hold.held_s < held.supposed_s:
            return Verdict(Reason.POSTURE_UNKNOWN, hold.held_s, held.supposed_s, "s")
        # who shifts about in a chair grips again as well
        unsteady_deg = hold.spread_deg if hold.level_deg > p.top.sit_deg else hold.steadiness_deg
        if unsteady_deg <= held.unsteady_deg:
            return None
        return Verdict(Reason.NOT_HELD_STILL, unsteady_deg, held.unsteady_deg, "deg")
    deep_deg = held.deep_deg(start)
    if not known and hold.held_s < held.unknown_s:
        return Verdict(Reason.POSTURE_UNKNOWN, hold.held_s, held.unknown_s, "s")
    if not known and hold.level_deg < deep_deg:
        return Verdict(Reason.POSTURE_UNKNOWN, hold.level_deg, deep_deg, "deg")
    return None


def _came_in(trip: Excursion, level_deg: float, half_deg: float, wander_deg: float, wobble_s: float) -> int:
    """Index of the tick at which the thigh came into the band to stay; who trembles leaves it for moments, not far."""
    start = k = len(trip.t_s) - 1
    now = trip.up[k]
    while k > 0 and abs(trip.angle_deg[k - 1] - level_deg) <= Hold.params.tremble_most * half_deg:
        k -= 1
        if angle_deg(trip.up[k], now) > wander_deg:
            break
        if abs(trip.angle_deg[k] - level_deg) <= half_deg:
            start = k
        elif trip.t_s[start] - trip.t_s[k] > wobble_s:
            break
    return start


def _unseen_in_s(trip: Excursion, start: int, edge_deg: float) -> float:
    """How long the thigh had been in the band before it was seen there: it had all but come in when a gap began."""
    p = Hold.params
    if start == 0:
        return 0.0
    before_s, after_s = trip.t_s[start - 1], trip.t_s[start]
    way_deg, rate_dps = edge_deg - trip.angle_deg[start - 1], trip.rate_dps[start - 1]
    lost_s = after_s - before_s
    lost = 1.5 * TICK_S < lost_s < p.unseen_start_s
    coming_in = 0.0 < way_deg <= p.enters_s * rate_dps
    return max(lost_s - way_deg / rate_dps, 0.0) if lost and coming_in else 0.0

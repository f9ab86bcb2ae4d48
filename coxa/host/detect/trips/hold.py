"""The verified hold: a clock that runs only while the thigh stays in its band and is quiet there."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from math import sqrt

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.rep_quality import DIGITS
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.detect.uncertainty import rom_sd_deg
from coxa.host.events import HoldBreak, HoldEnded, Side
from coxa.host.exercises.spec import ExerciseSpec, StartPose
from coxa.host.motion.tangent import Vector, angle_deg
from coxa.host.motion.ticks import TICK_S

CALM_S = 1.0
"""So long must the angle be calm before a hold is said to have started. 0.8 to 1.5 s."""
SEEN_SHARE = 0.5
"""Of that so much must have been seen: the first sample after a gap is calm by itself (`negative_2`, lying down)."""
PLATEAU_S = 2.0
"""A shorter stay on the way to the hold is not part of it (`figure_four_1` lifts the ankle first)."""
PAUSE_S = 3.0
"""The same where the thigh was lifted to it, and no bridge is held (`figure_four_2` in 1.3 of the time: 2.1 s)."""
REGRIP_S = 3.5
"""So long a stay at another level is a new grip; shorter ones are the way there (`figure_four_3` dips for 2 s, for
slow people 3.2). 3.5 to 5 s."""
NO_HOLD = ("not held", "not held still")
"""Reasons for which what began as a hold was none; one of a posture that is not known may be one."""
RETURN_S = 0.4
"""So long must the thigh be back in the band after a break: on the way out it may pass through."""
REGRIP_DEG, REGRIP_SHARE = 4.0, 0.2
"""How far another level may lie, in degrees or as a share, to be the same hold gripped again."""
LEVEL_SHARE = 0.01
"""How fast level and trembling follow the angle, per tick: 4 s, so that a slow sag stays inside."""
ASIDE_DEG = 20.0
"""So far may up wander sideways, at the same angle off the rest pose, before it is another pose: rolling over and
getting up may keep the angle for long (`negative_3`, `negative_7`)."""
SWAY_S = 0.5
LET_GO_SHARE = 1.5
"""What leaves the band for longer than that, and faster than so many of its half widths a second, is neither trembling
nor a sag, and level and band do not follow it: a grip that is let go by 7 degrees for 2 s drew them along and was in
the band again (`figure_four_3` of others: 5 a second; hips that creep on into a bridge 0.75). 0.3 to 0.8 s, 1 to 2."""
RATE_SHARE = 0.1
"""How fast the mean rate follows, per tick: 0.4 s, so that tremor and a knock are no movement."""
TREMBLE_TIMES = 1.5
"""The band reaches at least so many standard deviations of the person's own trembling to either side. 1.3 to 2
(`tools/routine_sets`, clumsiness 1); at 2 the end of a stretch is seen late (`hamstring_stretch_*`)."""
TREMBLE_MOST = 2.0
"""But never so many times as far as for somebody who holds still: a stretch that is let go by 3 degrees is a break."""
UNSTEADY_DEG = 3.0
"""From standing, what spreads by more is no pose that is held: who lies down in stages, each near the one before,
spreads by 6 to 8 degrees (`negative_8`), figure fours by 1.8 at most. 2.5 to 4 degrees."""
ENTERS_S = 0.15
UNSEEN_START_S = 1.5
"""A thigh that is lost for a moment on its way out and would be in the band so soon at its pace, and is in it when it
is seen again, has been (`hip_bridge_2` of others: lost 0.3 degrees before it, for 1 s). 0.1 to 0.2 s, 1 to 2 s."""
UNSEEN_S = 5.0
"""A gap up to this long between two moments at the same level counts as held; a longer one is 'not measured'."""


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
    """One hold as it unfolds."""

    level_deg: float
    """The angle held, against the rest pose; follows a slow sag."""
    half_deg: float
    """Half width of the band about the level for somebody who holds still; its edges start the hold."""
    start_s: float
    last_in_s: float
    """Newest moment inside the band."""
    up: Vector
    """Direction of up in the pose, sensor frame."""
    unseen_s: float = 0.0
    """Time without samples since then."""
    paused_s: float = 0.0
    """Time in breaks that are over."""
    breaks: list[HoldBreak] = field(default_factory=list[HoldBreak])
    rate_dps: float = 0.0
    """Mean angular rate of the last moments."""
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

    @property
    def held_s(self) -> float:
        """Time inside the band, breaks left out, short wobbles included."""
        return self.last_in_s - self.start_s - self.paused_s

    @property
    def room_deg(self) -> float:
        """Half width of the band as it is: somebody who trembles has not let go."""
        most_deg = TREMBLE_MOST * self.half_deg
        return min(max(self.half_deg, TREMBLE_TIMES * sqrt(self._tremble)), most_deg)

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
        self.rate_dps += RATE_SHARE * (rate_dps - self.rate_dps)
        same_pose = angle_deg(self.up, up) <= max(ASIDE_DEG, 2.0 * self.half_deg)
        if self._last is not None:
            dps = (off_deg - self._last[1]) / (t_s - self._last[0])
            self._drift_dps += RATE_SHARE * (dps - self._drift_dps)
        self._last = t_s, off_deg
        let_go = self._left_dps > LET_GO_SHARE * self.half_deg and self.away_s(t_s) > SWAY_S
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
            if t_s - self._back_s < RETURN_S:
                return
            self._break(self._back_s, "left the band" if self._left else "moved too much")
        elif self.unseen_s > UNSEEN_S:
            self._break(t_s, "not measured")
        self.last_in_s, self.unseen_s, self._left, self._back_s = t_s, 0.0, False, None
        self._in_grips.add(off_deg)
        self._in_all.add(off_deg)

    def _follow(self, off_deg: float) -> None:
        """Level and trembling follow what is in and near the band: of the inside alone the middle would be missed."""
        if abs(off_deg) <= TREMBLE_MOST * self.half_deg:
            self._tremble += LEVEL_SHARE * (off_deg * off_deg - self._tremble)
            self.level_deg += LEVEL_SHARE * off_deg

    def gap(self, lost_s: float) -> None:
        """Samples are missing: what nobody saw is not held against the person, unless the thigh had left the band."""
        if self._inside:
            self.unseen_s += lost_s

    def regrip(self, new: Hold) -> None:
        """The thigh is calm at another level: go on there once it has stayed, if the level lies nearby."""
        near = abs(new.level_deg - self.level_deg) <= max(REGRIP_DEG, REGRIP_SHARE * self.level_deg)
        if new.held_s < REGRIP_S or not near or angle_deg(self.up, new.up) > ASIDE_DEG:
            return
        self._break(max(new.start_s, self.last_in_s), "gripped again")
        self.level_deg, self.half_deg = new.level_deg, new.half_deg
        self.last_in_s, self.unseen_s, self.up = new.last_in_s, 0.0, new.up
        self._in_grips.begin_anew()

    def ended(self, spec: ExerciseSpec, side: Side | None, target_s: float, decided_s: float) -> HoldEnded:
        """The event that it is told by when it is over."""
        return HoldEnded(
            spec.name,
            side,
            self.start_s,
            self.last_in_s,
            round(self.held_s, DIGITS),
            target_s,
            self.level_deg,
            round(self.held_s, DIGITS) >= target_s,
            decided_s,
            tuple(self.breaks),
            rom_sd_deg(spec),
            self.steadiness_deg,
        )

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
    recent = sorted(trip.angle_deg[first:])
    if len(recent) * TICK_S < SEEN_SHARE * CALM_S:
        return None
    tenth = len(recent) // 10
    if recent[-1 - tenth] - recent[tenth] > spec.band_deg:
        return None
    if sorted(trip.rate_dps[first:])[len(recent) // 2] > spec.motion_limit_dps:
        return None
    level = recent[len(recent) // 2]
    half = max(0.5 * spec.band_deg, spec.band_share * level)
    start = _came_in(trip, level, half, spec.wobble_s)
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
    """Why a hold that is over does not count; None where it does. Of whoever is not `known` to stand or to lie, or to
    have done a repetition here, more has to be seen; of whoever is, but not for `sure`, where it may be standing up.
    However short it was, it was one where the hips were `lifted` for it and have come back, which is a repetition.
    """
    if hold.held_s < spec.min_hold_s and not (known and lifted):
        return ("not held", hold.held_s, spec.min_hold_s, "s")
    if hold.level_deg < start.nearly_deg:
        return ("too small", hold.level_deg, start.nearly_deg, "deg")
    if hold.level_deg > spec.max_rom_deg:
        return ("too large", hold.level_deg, spec.max_rom_deg, "deg")
    if start.direction == "any":
        if not sure and hold.level_deg > p.sit_deg and hold.held_s < p.stood_hold_s:
            return ("posture not known", hold.held_s, p.stood_hold_s, "s")
        # who shifts about in a chair grips again as well
        unsteady_deg = hold.spread_deg if hold.level_deg > p.sit_deg else hold.steadiness_deg
        return ("not held still", unsteady_deg, UNSTEADY_DEG, "deg") if unsteady_deg > UNSTEADY_DEG else None
    deep_deg = p.unknown_hold_share * start.min_rom_deg
    if not known and hold.held_s < p.unknown_hold_s:
        return ("posture not known", hold.held_s, p.unknown_hold_s, "s")
    if not known and hold.level_deg < deep_deg:
        return ("posture not known", hold.level_deg, deep_deg, "deg")
    return None


def _came_in(trip: Excursion, level_deg: float, half_deg: float, wobble_s: float) -> int:
    """Index of the tick at which the thigh came into the band to stay; who trembles leaves it for moments, not far."""
    start = k = len(trip.t_s) - 1
    while k > 0 and abs(trip.angle_deg[k - 1] - level_deg) <= TREMBLE_MOST * half_deg:
        k -= 1
        if abs(trip.angle_deg[k] - level_deg) <= half_deg:
            start = k
        elif trip.t_s[start] - trip.t_s[k] > wobble_s:
            break
    return start


def _unseen_in_s(trip: Excursion, start: int, edge_deg: float) -> float:
    """How long the thigh had been in the band before it was seen there: it had all but come in when a gap began."""
    if start == 0:
        return 0.0
    before_s, after_s = trip.t_s[start - 1], trip.t_s[start]
    way_deg, rate_dps = edge_deg - trip.angle_deg[start - 1], trip.rate_dps[start - 1]
    lost_s = after_s - before_s
    lost = 1.5 * TICK_S < lost_s < UNSEEN_START_S
    coming_in = 0.0 < way_deg <= ENTERS_S * rate_dps
    return max(lost_s - way_deg / rate_dps, 0.0) if lost and coming_in else 0.0

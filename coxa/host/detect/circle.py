"""Counts hip circles: turns of the direction of up about its own mean, in the sensor's frame."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import hypot
from statistics import median
from typing import get_args

from coxa.host.detect.circle_path import Point, distance, length, mean_radius_deg, winding
from coxa.host.detect.posture import Posture
from coxa.host.detect.quality import rom_sd_deg
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.events import Direction, Event, RepCompleted, RepRejected, Side
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import Vector, angle_deg, dot, plane_at, towards


@dataclass(frozen=True, slots=True)
class CircleParams:
    """Tuning of circles."""

    settle_s: float = 0.9
    """Rest that opens a set. After a shorter one two turns must wind round the same way: `hip_circle_2` done by
    somebody quicker rests for 0.8 s."""
    leave_deg: float = 1.5
    """So far from rest the movement has begun."""
    growth_s: float = 0.2
    growth_share: float = 0.3
    """A turn begins where the way out, over this time, has slowed to this share of its fastest."""
    close_share: float = 0.35
    """A turn is complete when the path is this near to where it began, as a share of its width: 89 % of a circle."""
    step_shock_mps2: float = 5.5
    """A knock like this is a foot coming down (3 to 6 in slow walking, `negative_2`) or hips thrown round a corner
    (`hip_circle_3`: 4.2, done quicker 6.8): of somebody who walks it ends the set, else turns must be alike."""
    end_share: float = 0.7
    """What was gone round before the first turn that was told, and after the last, make one more if they come to so
    much of one: who leans out slowly is found on the circle late, and stops before that point is passed again
    (`hip_circle_4`, slower: 0.8 to 1; a half circle at one end makes 0.5). 0.6 to 0.8."""
    lead_share: float = 0.2
    """With so much gone round before, the first turn began where the hips left their rest, and the middle of each lies
    earlier than the far point by so much."""
    quick_s: float = 2.6
    """A first turn quicker than this waits for a second: walking and picking something up make one (`negative_3`)."""
    small_deg: float = 4.5
    """So does a first turn smaller than this: fidgets make single ones (`figure_four_3`: 3.7)."""
    alike_turns: int = 3
    """So many turns are needed before a set is believed while the posture is not known, or where no rest was seen."""
    alike_share: float = 0.6
    adrift_s: float = 1.0
    adrift_shock_mps2: float = 2.5
    """The rest before a set may be lost with the radio. So long after the last knock, one less than a step (with 5.5
    `negative_3` in 0.75 of the time picks something up), turns are looked for without one; they must be alike: the
    shortest no shorter, the smallest no smaller than this share of the longest and largest."""
    pass_share: float = 0.1
    """The next turn has begun once the path has left the nearest point by this share of its width."""
    keep: float = 0.7
    """How much of the old beginning the next turn keeps: circles drift, but slowly."""
    max_lost_share: float = 0.45
    """Share of a turn that may be missing; why not 0.4: `TripParams.measured_share`."""


@dataclass(slots=True)
class _Turn:
    """One turn as it unfolds, from a far point of the path round to it again."""

    anchor: Point
    path: list[Point] = field(default_factory=list[Point])
    width_deg: float = 0.0
    far: Point = (0.0, 0.0, 0.0)
    lost_s: float = 0.0
    begin_s: float | None = None
    """When it began, where that was before the far point."""

    def add(self, point: Point) -> float:
        """Take the next point; gives its distance from the anchor in degrees."""
        self.path.append(point)
        away = distance(self.anchor, point)
        if away > self.width_deg:
            self.width_deg, self.far = away, point
        return away


@dataclass(slots=True)
class _Round:
    """What a set has gone round before its first turn was told and after its last, as lengths of the path in degrees.

    The direction of up winds about no point that all turns share (thin and dented paths), but it goes as far each time.
    """

    lead: list[Point]
    """The path from the rest pose to where the first turn begins."""
    closed: list[Point] = field(default_factory=list[Point])
    """The newest turn that has closed."""
    late: float = 0.0
    """By how much of a turn all are taken to begin late."""

    def before(self) -> float:
        """How much of a turn the hips had made when the first one was taken to begin."""
        return self._share(self.lead, self.lead[0])

    def after(self, path: list[Point]) -> float:
        """How much of a turn they have made since the last one, on their way back to rest."""
        return self._share(path, path[-1])

    def _share(self, path: list[Point], end: Point) -> float:
        """Length of a path, the straight way between the turns and its end at rest left out."""
        reach = min(distance(end, q) for q in self.closed)
        return max(length(path) - reach, 0.0) / length([*self.closed, self.closed[0]])


class CircleDetector:
    """One exercise of kind circle. Feed it ticks; it gives events."""

    def __init__(self, spec: ExerciseSpec, side: Side | None) -> None:
        self.spec = spec
        self.side: Side | None = side
        self._p = CircleParams()
        self.rest: Vector | None = None
        self.reps = 0
        self.hold_s: float | None = None
        self.needed_deg: float | None = None
        """A turn is judged by its path about its own middle, so there is no elevation that it must reach."""
        self.band_deg: tuple[float, float] | None = None
        self._plane: tuple[Vector, Vector] | None = None
        self._from: Point | None = None
        self._search: list[Point] = []
        self._fastest = 0.0
        self._turn: _Turn | None = None
        self._closing: _Turn | None = None
        self._roms: list[float] = []
        self._unsaid: list[RepCompleted] = []
        self._opened = False
        """Whether turns have been said since the last rest: only somebody who has rested may be walking off."""
        self._hasty = False
        """Whether the rest was too short to open a set by itself."""
        self._adrift = False
        """Whether turns must be alike: no rest was seen, a point of the path stands for it, or a knock came first."""
        self._knocked_s = float("-inf")
        """When the thigh was last knocked as by a step."""
        self._round = _Round([])

    @property
    def moving(self) -> bool:
        """Whether the hips have left the rest pose."""
        return self._from is not None

    rose_m: None = None
    """Circles rise no further than they fall."""

    @property
    def deciding(self) -> bool:
        """Turns are counted as they close: false."""
        return False

    def everyday(self, _posture: Posture, /) -> bool:
        """Nothing is held: false."""
        return False

    def update(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Take the next tick, after `rest` and `posture` have."""
        if rest.lasts_s(tick.t_s) >= self._p.settle_s:
            return self._settle(tick, rest, posture)
        if tick.shock_mps2 > self._p.adrift_shock_mps2 or posture.walking:
            self._knocked_s = tick.t_s
        if self.rest is None or self._plane is None:
            self._seek_rest(tick, rest, posture)
            return []
        knocked = tick.shock_mps2 > self._p.step_shock_mps2
        if angle_deg(self.rest, tick.up) > self.spec.max_rom_deg or (knocked and posture.walking):
            return self.forget()
        self._adrift = self._adrift or (knocked and not self._opened)
        point = self._point(tick)
        if self._from is None:
            if hypot(point[1], point[2]) > self._p.leave_deg:
                self._from, self._search, self._fastest = (tick.t_s, 0.0, 0.0), [], 0.0
                self._round = _Round([self._from])
            return []
        if self._closing is not None:
            self._round_again(self._closing, point)
            return []
        if self._turn is None:
            self._find_anchor(point)
            return []
        return self._on_turn(self._turn, point, posture)

    def gap(self, start_s: float, end_s: float) -> None:
        """Samples are missing; the turn goes on and notes what it could not see."""
        if self._turn is not None:
            self._turn.lost_s += end_s - start_s

    def forget(self) -> list[Event]:
        """Nothing is known any more."""
        self._unsaid = []
        self.rest, self._plane, self._from, self._turn, self._closing = None, None, None, None, None
        return []

    def finish(self) -> list[Event]:
        """The stream is over; a turn that is not complete is none."""
        return []

    def _seek_rest(self, tick: Tick, rest: StillFinder, posture: Posture) -> None:
        if rest.still:
            self._take_rest(rest.pose(), posture, hasty=True)
        elif posture.upright() is not None and tick.t_s - self._knocked_s > self._p.adrift_s:
            self._take_rest(tick.up, posture, hasty=True)
            self._adrift = True

    def _settle(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        turn, unsaid, opened, lost = self._turn, self._unsaid, self._opened, self._adrift and not self._opened
        self._from, self._turn, self._closing, self._unsaid, self._opened = None, None, None, [], False
        self._take_rest(rest.pose(), posture, hasty=False)
        if rest.lasts_s(tick.t_s) > 8.0 or self.rest is None:
            self.reps, self._roms = 0, []
        needed = self._needed_deg()
        if turn is None or lost or turn.width_deg < max(1.2 * needed, 1.5 * median(self._roms) if self._roms else 0.0):
            return []
        if opened and self.rest is not None and self._whole(turn, rest.since_s or tick.t_s):
            self._unsaid, self._opened = unsaid, opened
            said = self._judge(turn, tick.t_s, posture, rest.since_s)
            self._unsaid, self._opened = [], False
            return said
        return self._rejected(turn, tick.t_s, "half a circle", 0.5 * turn.width_deg, needed, "deg")

    def _take_rest(self, pose: Vector, posture: Posture, *, hasty: bool) -> None:
        standing = posture.start_of(pose, self.spec.start) is not None
        self.rest = pose if standing else None
        self._plane = plane_at(pose) if standing else None
        self._hasty, self._adrift = hasty, False

    def _whole(self, turn: _Turn, end_s: float) -> bool:
        """Whether the turn that a rest has ended was whole, seen from where the set began."""
        if not self._round.closed or end_s - turn.anchor[0] > self.spec.max_rep_s:
            return False
        return self._round.before() + self._round.after(turn.path) > self._p.end_share

    def _point(self, tick: Tick) -> Point:
        assert self.rest is not None
        assert self._plane is not None
        away, way = angle_deg(self.rest, tick.up), towards(self.rest, tick.up)
        return (tick.t_s, away * dot(way, self._plane[0]), away * dot(way, self._plane[1]))

    def _find_anchor(self, point: Point) -> None:
        """Where the path stops leading away from where it came: there a turn begins."""
        assert self._from is not None
        self._search.append(point)
        before = [q for q in self._search if q[0] >= point[0] - self._p.growth_s - 1e-6]
        reach = distance(self._from, point)
        growth = reach - distance(self._from, before[0])
        self._fastest = max(self._fastest, growth)
        if len(before) > 2 and reach > self._p.leave_deg and growth < self._p.growth_share * self._fastest:
            self._turn, self._fastest = _Turn(point), 0.0
            self._round.lead = [*self._round.lead[:1], *self._search]

    def _on_turn(self, turn: _Turn, point: Point, posture: Posture) -> list[Event]:
        away = turn.add(point)
        if away > self._p.close_share * turn.width_deg:
            if point[0] - turn.anchor[0] > self.spec.max_rep_s:
                self._from, self._search, self._turn = turn.anchor, [], None
                self._round = _Round([self._from])
            return []
        if turn.width_deg < self._p.leave_deg * 2:
            return []
        self._closing, self._search, self._turn = turn, [point], None
        first = not self._round.closed
        self._round.closed = turn.path
        before = self._round.before() if first else 0.0
        if before > self._p.lead_share:
            turn.begin_s, self._round.late = self._round.lead[0][0], before
        return self._judge(turn, point[0], posture)

    def _round_again(self, closed: _Turn, point: Point) -> None:
        """The next turn begins where the path passes the old beginning nearest."""
        self._search.append(point)
        nearest = min(self._search, key=lambda q: distance(closed.anchor, q))
        gone = distance(closed.anchor, point) - distance(closed.anchor, nearest)
        if gone < self._p.pass_share * closed.width_deg:
            return
        x, y = (self._p.keep * a + (1 - self._p.keep) * b for a, b in zip(closed.anchor[1:], nearest[1:], strict=True))
        self._turn, self._closing = _Turn((nearest[0], x, y)), None
        for q in self._search:
            if q[0] >= nearest[0]:
                self._turn.add(q)

    def _judge(self, turn: _Turn, t_s: float, posture: Posture, ended_s: float | None = None) -> list[Event]:
        rom, needed, end_s = mean_radius_deg(turn.path), self._needed_deg(), ended_s or t_s
        lasted = end_s - turn.anchor[0]
        if rom < needed:
            small = rom < 0.7 * self.spec.start[0].min_rom_deg
            if small or not self._roms:
                self.forget()
            return [] if small else self._rejected(turn, t_s, "too small", rom, needed, "deg")
        if lasted < self.spec.min_rep_s:
            if not self._roms:
                self.forget()
            return self._rejected(turn, t_s, "too fast", lasted, self.spec.min_rep_s, "s")
        if turn.lost_s > self._p.max_lost_share * lasted:
            share = 1 - self._p.max_lost_share
            return self._rejected(turn, t_s, "not measured", 1 - turn.lost_s / lasted, share, "share of samples")
        self._roms.append(rom)
        sense, sd_deg = winding(turn.path), rom_sd_deg(self.spec)
        if ended_s is not None and sense is None:
            sense = winding(self._round.closed)
        start_s = turn.anchor[0] if turn.begin_s is None else turn.begin_s
        peak_s = max(turn.far[0] - self._round.late * lasted, start_s)
        rep = RepCompleted(self.spec.name, self.side, 0, start_s, peak_s, end_s, rom, sense, t_s, sd_deg)
        return self._say(rep, posture, slow=lasted >= self._p.quick_s)

    def _say(self, rep: RepCompleted, posture: Posture, *, slow: bool) -> list[Event]:
        """Say a turn; a set that opens quickly, or in an unknown posture, is believed once others follow.

        Quick ones must wind round, and the same way: a leg that swings to and fro, walking, comes back as often, but
        hardly winds (`lateral_leg_raise_2`); where one did, a single turn that winds may be of a body that turns round.
        """
        self._unsaid.append(rep)
        if not self._opened:
            alike = max(([r for r in self._unsaid if self._goes(r, way)] for way in get_args(Direction)), key=len)
            small = rep.rom_deg < self._p.small_deg
            sure = slow and not small and not self._hasty and len(alike) == len(self._unsaid)
            sure = sure and (rep.direction is not None or len(alike) > 1)
            unseen = posture.upright() is None or self._adrift
            if len(alike) < (self._p.alike_turns if unseen else 1 if sure else 2):
                return []
            if self._adrift and not _alike(alike[-self._p.alike_turns :], self._p.alike_share):
                return []
            self._unsaid = self._unsaid[self._unsaid.index(alike[0]) :]
        self._opened = True
        said = list[Event]()
        for one in self._unsaid:
            self.reps += 1
            said.append(replace(one, index=self.reps, decided_s=rep.decided_s))
        self._unsaid = []
        return said

    def _goes(self, rep: RepCompleted, way: Direction) -> bool:
        """Whether a turn may have gone this way round."""
        may_be_thin = rep.end_s - rep.start_s >= self._p.quick_s and not self._hasty
        return rep.direction == way or (rep.direction is None and may_be_thin)

    def _needed_deg(self) -> float:
        own = self.spec.relative_rom * median(self._roms[-5:]) if self._roms else 0.0
        return max(self.spec.start[0].min_rom_deg, own)

    def _rejected(self, turn: _Turn, t_s: float, why: str, measured: float, needed: float, unit: str) -> list[Event]:
        """A turn that does not count is told, but where nobody is known to circle."""
        if self._adrift and not self._opened:
            return []
        return [RepRejected(self.spec.name, self.side, turn.anchor[0], t_s, why, measured, needed, unit, t_s)]


def _alike(reps: list[RepCompleted], share: float) -> bool:
    """Whether turns are of about one size and one length."""
    sizes, times = [r.rom_deg for r in reps], [r.end_s - r.start_s for r in reps]
    return min(sizes) >= share * max(sizes) and min(times) >= share * max(times)

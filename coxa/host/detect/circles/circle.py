"""Counts hip circles: turns of the direction of up about its own mean, in the sensor's frame."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from math import hypot

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.circles.bobbing import Bobbing
from coxa.host.detect.circles.circle_opening import Circumstances, Closed, Opening
from coxa.host.detect.circles.circle_params import CircleParams
from coxa.host.detect.circles.circle_path import Point, distance, enclosed_share, mean_radius_deg, winding
from coxa.host.detect.circles.circle_turn import Round, Turn
from coxa.host.detect.circles.turn_judge import TurnJudge
from coxa.host.detect.detector import Verdict
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.detect.uncertainty import astray_deg, rom_sd_deg
from coxa.host.events import Event, RepCompleted, RepRejected, Side
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import Vector, angle_deg, dot, plane_at, towards
from coxa.host.motion.ticks import TICK_HZ
from coxa.host.reasons import Reason
from coxa.host.samples import Gap


class CircleDetector:
    """One exercise of kind circle. Feed it ticks; it gives events."""

    def __init__(self, spec: ExerciseSpec, side: Side | None) -> None:
        self.spec = spec
        self.side: Side | None = side
        self._p = CircleParams()
        self.rest: Vector | None = None
        """Direction of up at rest, sensor frame; None while it is not known."""
        self.reps = 0
        """Circles of the set so far."""
        self.hold_s: float | None = None
        """Nothing is held."""
        self.needed_deg: float | None = None
        """A turn is judged by its path about its own middle, so there is no elevation that it must reach."""
        self.band_deg: tuple[float, float] | None = None
        """Nothing is held."""
        self._plane: tuple[Vector, Vector] | None = None
        """The axes of the plane about the rest pose in which the path is looked at, unit vectors, sensor frame."""
        self._from: Point | None = None
        """Where the hips left their rest; None while they have not."""
        self._search: list[Point] = []
        """The newest points, among which a turn's beginning is looked for."""
        self._fastest = 0.0
        """How fast the way out has been, degrees over `growth_s`."""
        self._turn: Turn | None = None
        """The turn that is on."""
        self._others: list[Turn] = []
        """Those that may have begun since, should the hips not come back to where that one did."""
        self._closing: Turn | None = None
        """One that is complete, while the next one's beginning is looked for."""
        self._half: Turn | None = None
        """The newest turn that is complete, which may be half of one; None where what follows cannot be the other."""
        self._judged = TurnJudge(spec, self._p)
        self._measured_s = float("-inf")
        """When the newest of them ended."""
        self._opening = Opening(self._p.opening)
        self._hasty = False
        """Whether the rest was too short to open a set by itself."""
        self._adrift = False
        """Whether turns must be alike: no rest was seen, a point of the path stands for it, or a knock came first."""
        self._strode_s = float("-inf")
        """When the thigh last turned as fast as in a stride."""
        self._knocked_s = float("-inf")
        """When the thigh was last knocked as by a step."""
        self._round = Round([])
        self._bobbing = Bobbing(round(spec.max_rep_s * TICK_HZ), self._p.opening.bob_ticks)

    @property
    def moving(self) -> bool:
        """Whether the hips have left the rest pose."""
        return self._from is not None

    rose_m: None = None
    """Circles rise no further than they fall."""
    refused: None = None
    """Nothing is held."""

    @property
    def deciding(self) -> bool:
        """Turns are counted as they close: false."""
        return False

    def everyday(self, _posture: Posture, /) -> bool:
        """Nothing is held: false."""
        return False

    def update(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Take the next tick, after `rest` and `posture` have."""
        self._bobbing.add(tick)
        if rest.lasts_s(tick.t_s) >= self._p.settle_s:
            return self._settle(tick, rest, posture)
        if tick.shock_mps2 > self._p.adrift_shock_mps2 or posture.walking:
            self._knocked_s = tick.t_s
        if tick.rate_dps > self._p.opening.stride_dps:
            self._strode_s = tick.t_s
        if self.rest is None or self._plane is None:
            self._seek_rest(tick, rest, posture)
            return []
        knocked = tick.shock_mps2 > self._p.step_shock_mps2
        if angle_deg(self.rest, tick.up) > self.spec.max_rom_deg or (knocked and posture.walking):
            self._leave_rest()
            return []
        self._adrift = self._adrift or (knocked and not self._opening.opened)
        point = self._point(tick)
        if self._from is None:
            if hypot(point[1], point[2]) > self._p.leave_deg:
                self._from, self._search, self._fastest, self._half = (tick.t_s, 0.0, 0.0), [], 0.0, None
                self._round = Round([self._from])
            return []
        if self._closing is not None:
            self._round_again(self._closing, point)
            return []
        return self._go_on(self._from, point, posture)

    def gap(self, gap: Gap) -> None:
        """Samples are missing; the turn goes on."""
        self._judged.gap(gap)

    def forget(self) -> list[Event]:
        """Nothing is known any more: the next circle is the first of a set."""
        self._leave_rest()
        self._opening.clear()
        self.reps = 0
        self._judged.own.clear()
        return []

    def finish(self) -> list[Event]:
        """The stream is over; a turn that is not complete is none."""
        return []

    def _leave_rest(self) -> None:
        """Where the hips rest is to be found anew."""
        self._opening.drop()
        self.rest, self._plane, self._from, self._turn, self._closing = None, None, None, None, None

    def _seek_rest(self, tick: Tick, rest: StillFinder, posture: Posture) -> None:
        if rest.still:
            self._take_rest(rest.pose(), posture, hasty=True)
        elif posture.upright() is not None and tick.t_s - self._knocked_s > self._p.adrift_s:
            self._take_rest(tick.up, posture, hasty=True)
            self._adrift = True

    def _settle(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        turn = None if self._adrift and not self._opening.opened else self._turn
        self._from, self._turn, self._closing = None, None, None
        self._take_rest(rest.pose(), posture, hasty=False)
        new_set = rest.lasts_s(tick.t_s) > self._p.new_set_s or self.rest is None
        if new_set:
            self.reps = 0
        if new_set or tick.t_s - self._measured_s > self._p.stale_s:
            self._judged.own.clear()
            self._opening.drop()
        said = [] if turn is None else self._at_end(turn, tick.t_s, rest, posture)
        self._opening.rest()
        return said

    def _at_end(self, turn: Turn, t_s: float, rest: StillFinder, posture: Posture) -> list[Event]:
        """What becomes of the turn that a rest has ended."""
        if self._judged.too_narrow(turn):
            return []
        end_s = rest.since_s or t_s
        alone = self._alone(turn, end_s)
        if alone is not None:
            return self._judge(alone, t_s, posture, end_s)
        if self._opening.opened and self.rest is not None and self._whole(turn, end_s):
            return self._judge(turn, t_s, posture, end_s)
        away = distance(turn.anchor, turn.path[-1]) / turn.width_deg
        return self._rejected(turn, t_s, Verdict(Reason.HALF_CIRCLE, away, self._p.close_share, "share of its width"))

    def _alone(self, turn: Turn, end_s: float) -> Turn | None:
        """The one turn since the hips left their rest, if it wound round and led back there; None where it did not."""
        if self._round.closed or self.rest is None:
            return None
        alone = self._round.alone(turn, end_s)
        back_deg = distance(alone.anchor, turn.path[-1])
        winds = abs(enclosed_share(alone.path)) > self._p.opening.wide_share
        soon = end_s - alone.anchor[0] <= self.spec.max_rep_s
        return alone if winds and soon and back_deg <= self._p.close_share * alone.width_deg else None

    def _take_rest(self, pose: Vector, posture: Posture, *, hasty: bool) -> None:
        standing = posture.start_of(pose, self.spec.start) is not None
        self.rest = pose if standing else None
        self._plane = plane_at(pose) if standing else None
        self._hasty, self._adrift = hasty, False

    def _whole(self, turn: Turn, end_s: float) -> bool:
        """Whether the turn that a rest has ended was whole, seen from where the set began, and went on round: who
        turns away or bends down after the last one goes to and fro.
        """
        if not self._round.closed or end_s - turn.anchor[0] > self.spec.max_rep_s:
            return False
        sense = winding(turn.path, self._p.winding_share)
        if sense is None or sense != winding(self._round.closed, self._p.winding_share):
            return False
        after = self._round.after(turn.path)
        return after > self._p.after_share and self._round.before() + after > self._p.end_share

    def _point(self, tick: Tick) -> Point:
        assert self.rest is not None
        assert self._plane is not None
        away, way = angle_deg(self.rest, tick.up), towards(self.rest, tick.up)
        return (tick.t_s, away * dot(way, self._plane[0]), away * dot(way, self._plane[1]))

    def _look_at(self, point: Point) -> None:
        """The next point in which a turn may begin; what is older than any turn takes tells nothing."""
        self._search.append(point)
        while self._search[0][0] < point[0] - self.spec.max_rep_s:
            self._search.pop(0)

    def _beginning(self, origin: Point, point: Point) -> Turn | None:
        """The turn that begins where the path stops leading away from where it came; None where it does not yet."""
        self._look_at(point)
        since_s = point[0] - self._p.growth_s - 1e-6
        newest = list(takewhile(lambda q: q[0] >= since_s, reversed(self._search)))
        reach = distance(origin, point)
        growth = reach - distance(origin, newest[-1])
        self._fastest = max(self._fastest, growth)
        if len(newest) < 3 or reach <= self._p.leave_deg or growth >= self._p.growth_share * self._fastest:
            return None
        self._fastest = 0.0
        return Turn(point)

    def _go_on(self, origin: Point, point: Point, posture: Posture) -> list[Event]:
        if self._turn is not None:
            return self._on_turn(self._turn, point, posture)
        self._turn, self._others = self._beginning(origin, point), []
        if self._turn is not None:
            self._round.lead = [*self._round.lead[:1], *self._search]
        return []

    def _on_turn(self, turn: Turn, point: Point, posture: Posture) -> list[Event]:
        turns = [turn, *self._others]
        complete = [self._is_complete(t, point) and t.width_deg >= self._p.other_share * turn.width_deg for t in turns]
        if any(complete):
            for _ in range(complete.index(True)):
                self._give_up(turns.pop(0), turns)
            return self._on_complete(turns[0], point, posture)
        other = None if self._opening.opened else self._beginning(turns[-1].anchor, point)
        if other is not None:
            turns.append(other)
        if self._judged.takes_too_long(turn, point[0]):
            self._give_up(turns.pop(0), turns)
        self._turn, self._others = (turns[0], turns[1:]) if turns else (None, [])
        return []

    def _is_complete(self, turn: Turn, point: Point) -> bool:
        """Whether the path, with this point, has come back to where the turn began."""
        away = turn.add(point)
        return away <= self._p.close_share * turn.width_deg and turn.width_deg >= self._p.leave_deg * 2

    def _give_up(self, turn: Turn, others: list[Turn]) -> None:
        """The hips went somewhere else before they circled: what begins from there on is looked at."""
        until_s = others[0].anchor[0] if others else turn.anchor[0]
        self._from, self._half = turn.anchor, None
        self._round = Round([q for q in turn.path if q[0] <= until_s] or [turn.anchor])
        if not others:
            self._search = []

    def _on_complete(self, turn: Turn, point: Point, posture: Posture) -> list[Event]:
        before, half = self._round.closed, self._half
        self._closing, self._search, self._turn, self._others = turn, [point], None, []
        if half is not None and self._are_halves(half, turn):
            return self._join(half, turn, point, posture)
        self._half, self._round.closed = turn, turn.path
        lead = self._round.before() if not before else 0.0
        if lead > self._p.lead_share:
            turn.begin_s, self._round.late = self._round.lead[0][0], lead
        if lead > self._p.late_share:
            turn.end_s = self._round.earlier_s()
        said = self._judge(turn, point[0], posture, before=before)
        turn.said = any(isinstance(e, RepCompleted) for e in said)
        if self.rest is not None and lead > self._p.late_share:
            self._turn, self._closing, self._half = self._round.begin_earlier(), None, None
        return said

    def _are_halves(self, turn: Turn, after: Turn) -> bool:
        """Whether the hips passed, half way round a thin turn, where it had begun. Strides are to and fro as well, and
        are quick.
        """
        took_s = after.path[-1][0] - turn.anchor[0]
        if took_s > self.spec.max_rep_s or (took_s < self._p.opening.quick_s and not self._opening.opened):
            return False
        senses = {winding(t.path, self._p.winding_share) for t in (turn, after)}
        one_way = len(senses) == 1 and None not in senses
        return one_way and after.is_across(turn, self._p.close_share, self._p.opening.alike_share)

    def _join(self, half: Turn, other: Turn, point: Point, posture: Posture) -> list[Event]:
        """Count two halves as the one turn that they are; the next one begins at its end, which it passes once."""
        whole = Turn.along(half.anchor, [*half.path, *other.path])
        whole.begin_s, self._half, self._round.closed = half.begin_s, None, whole.path
        self._opening.take_back(half.anchor[0])
        said = [] if half.said else self._judge(whole, point[0], posture)
        if self.rest is not None:
            since = [q for q in other.path if q[0] >= other.far[0]]
            self._turn, self._closing = Turn.along(other.far, since), None
        return said

    def _round_again(self, closed: Turn, point: Point) -> None:
        """The next turn begins where the path passes the old beginning nearest."""
        self._look_at(point)
        nearest = min(self._search, key=lambda q: distance(closed.anchor, q))
        gone = distance(closed.anchor, point) - distance(closed.anchor, nearest)
        if gone < self._p.pass_share * closed.width_deg:
            return
        x, y = (self._p.keep * a + (1 - self._p.keep) * b for a, b in zip(closed.anchor[1:], nearest[1:], strict=True))
        since = [q for q in self._search if q[0] >= nearest[0]]
        self._turn, self._closing = Turn.along((nearest[0], x, y), since), None

    def _judge(
        self,
        turn: Turn,
        t_s: float,
        posture: Posture,
        ended_s: float | None = None,
        before: list[Point] | None = None,
    ) -> list[Event]:
        """Count a turn that has closed, or tell why it is none; the one before went along that path."""
        rom_deg, end_s = mean_radius_deg(turn.path), ended_s or t_s
        both = self._judged.both(turn, end_s)
        if both:
            return [e for one, until_s in both for e in self._judge(one, t_s, posture, until_s, before)]
        why = self._judged.wrong(turn, rom_deg, end_s - turn.anchor[0])
        if why is None and before and self._opening.opened:
            why = self._judged.cut_short(turn, before)
        if why is None:
            return self._count(turn, t_s, rom_deg, end_s, posture)
        shifts = why.reason == Reason.TOO_SMALL and rom_deg < self._p.told_share * self.spec.start[0].min_rom_deg
        nobody_circles = (shifts and not self._opening.opened) or not self._judged.own
        if nobody_circles and why.reason != Reason.NOT_MEASURED:
            self._leave_rest()
        return [] if shifts else self._rejected(turn, t_s, why)

    def _count(self, turn: Turn, t_s: float, rom_deg: float, end_s: float, posture: Posture) -> list[Event]:
        """Take a circle: those that may be said now."""
        lasted_s, self._measured_s = end_s - turn.anchor[0], t_s
        sense, gaps_s = winding(turn.path, self._p.winding_share), self._judged.gaps_between(turn.anchor[0], end_s)
        sd_deg = hypot(rom_sd_deg(self.spec), astray_deg(gaps_s, *self._bobbing.shocks_mps2(), turn.anchor[0]))
        start_s = turn.anchor[0] if turn.begin_s is None else turn.begin_s
        end_s = end_s if turn.end_s is None else turn.end_s
        peak_s = min(max(turn.far[0] - self._round.late * lasted_s, start_s), end_s)
        rep = RepCompleted(self.spec.name, self.side, 0, start_s, peak_s, end_s, rom_deg, sense, t_s, sd_deg)
        bobs = self._bobbing.mps2_per_dps(turn.anchor[0]) > self._p.opening.bob_mps2_per_dps
        strode, slow = bobs or self._strode_s > turn.anchor[0], lasted_s >= self._p.opening.quick_s
        closed = Closed.of(rep, turn.path, self._p.opening, slow=slow, strode=strode)
        if self._opening.opened or not closed.strode:
            self._judged.own.add(rom_deg, lasted_s)
        known = posture.upright() is not None or self.reps > 0
        said = self._opening.take(closed, Circumstances(known, self._hasty, self._adrift))
        self.reps += len(said)
        return [replace(r, index=self.reps - len(said) + k) for k, r in enumerate(said, 1)]

    def _rejected(self, turn: Turn, t_s: float, why: Verdict) -> list[Event]:
        """A turn that does not count is told, but where nobody is known to circle."""
        if self._adrift and not self._opening.opened:
            return []
        return [RepRejected(self.spec.name, self.side, turn.anchor[0], t_s, *why, t_s)]

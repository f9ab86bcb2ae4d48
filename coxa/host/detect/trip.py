"""Counts trips from rest and back: leg raises, lunges, bridges, and the holds at their far end."""

from __future__ import annotations

from itertools import takewhile
from math import inf

from coxa.host.detect import verdict
from coxa.host.detect.excursion import Excursion
from coxa.host.detect.hold import CALM_S, PAUSE_S, PLATEAU_S, Hold, hold_begun, refusal
from coxa.host.detect.posture import Posture
from coxa.host.detect.rest_pose import RestPose
from coxa.host.detect.set_count import completed
from coxa.host.detect.still import StillFinder, Tick, Ticks
from coxa.host.detect.verdict import STEPS, Verdict
from coxa.host.events import Event, HoldStarted, RepRejected, Side
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import Vector, angle_deg


class TripDetector(RestPose):
    """One exercise of kind raise, hold or bridge. Feed it ticks; it gives events."""

    def __init__(self, spec: ExerciseSpec, side: Side | None, hold_target_s: float | None) -> None:
        super().__init__(spec)
        self.side: Side | None = side
        self.target_s = hold_target_s or spec.hold_target_s or 0.0
        self.hold: Hold | None = None
        self.refused: Verdict | None = None
        """Why the trip's newest hold did not count."""
        self._lifted = False
        """Whether the thigh was lifted to where the hold began."""
        self._back_s, self._stepped_s = -inf, -inf
        self._bent = False
        """Whether the first movement of somebody who may lie with straight knees has been taken for bending them."""
        self._seen_by: Posture | None = None
        """What was known of the posture at the newest return."""

    def update(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Take the next tick, after `rest` and `posture` have."""
        self._recent.append((tick, rest.still))
        if self.rest is None or self.start is None:
            self._seek_rest(tick, rest, posture)
            return []
        events = self._confirm(tick, rest, posture)
        if self.trip is None:
            if self._at_rest(tick, rest, posture):
                self._leave(tick, posture)
        else:
            events += self._on_trip(self.trip, tick, rest, posture)
        return events

    @property
    def waits(self) -> bool:
        """Whether a repetition waits to be believed, so that each tick has to be looked at."""
        return self._pending is not None

    def skip(self, ticks: Ticks, k: int, end: int, rest: StillFinder, posture: Posture) -> int:
        """Take ticks `[k, end)` as far as nothing can be decided in them; gives the first that `update` must see.

        It does not wait, and what is known of the posture does not change in them.
        """
        if self.rest is None or self.start is None:
            to = self._seek_on(k, end, rest)
        elif self.trip is None:
            to = self._stay_on(ticks, k, end, rest, posture)
        else:
            to = self._go_on(self.trip, ticks, k, end, rest, posture)
        self._recent.extend(zip(ticks.each[k:to], rest.stills[k:to], strict=True))
        return to

    def _go_on(self, trip: Excursion, ticks: Ticks, k: int, end: int, rest: StillFinder, posture: Posture) -> int:
        """Ticks of a trip in which the thigh is neither back nor still."""
        if self.spec.holds or trip.gaps or posture.upright() != self._upright:
            return k
        share, low_deg, low_dps = self.spec.return_share, self._return_deg(trip, 0.0), self._low_dps
        for at in range(k, end):
            tick = ticks.each[at]
            off_deg, least_deg = angle_deg(trip.rest, tick.up), share * trip.peak_deg
            back = off_deg <= least_deg or off_deg <= low_deg
            low = tick.rate_dps < low_dps and off_deg < self._p.low_share * trip.peak_deg
            if back or low or rest.stills[at] or tick.t_s - trip.start_s > self.spec.max_rep_s:
                return at
            trip.add(tick, False, off_deg)
        return end

    @property
    def moving(self) -> bool:
        """Whether the thigh is away from its rest pose."""
        return self.trip is not None

    @property
    def rose_m(self) -> float | None:
        """How far the sensor rose on the newest ways out that were counted, in the median; None where none was seen."""
        return self._set.rose_m

    @property
    def deciding(self) -> bool:
        """Whether a movement that is over waits to be counted."""
        return self._pending is not None

    def everyday(self, posture: Posture) -> bool:
        """Whether the pose that is held may be a chair or the mat, or only another way to stand or to lie."""
        trip = self.trip
        if trip is None or self.start is None:
            return False
        held_deg = trip.peak_deg if self.hold is None else self.hold.level_deg
        roll_deg = None if trip.last_up is None else posture.roll_deg(trip.last_up)
        return verdict.may_be_everyday(trip, self.spec, self.start, held_deg, roll_deg, self._p)

    def gap(self, start_s: float, end_s: float) -> None:
        """Samples are missing; a trip goes on and notes what it could not see."""
        if self.trip is not None:
            self.trip.gaps.append((start_s, end_s))
        if self.hold is not None:
            self.hold.gap(end_s - start_s)
        self._blind.append((start_s, end_s))

    def forget(self) -> list[Event]:
        """Nothing is known any more, as after a long gap: close what is open."""
        events = self.finish()
        self.rest, self.trip, self._armed = None, None, False
        return events

    def finish(self) -> list[Event]:
        """The stream is over: a hold that is still on ends here, and what was only waiting for its end is counted."""
        if self._pending is not None and self._seen_by is not None and (self.spec.impacts or self.spec.holds):
            (trip, back_s), self._pending = self._pending, None
            return self._count(trip, back_s, self._recent[-1][0], self._seen_by)
        if self.trip is not None and self.hold is not None:
            return self._end_hold(self.trip, self.trip.t_s[-1])
        return []

    @property
    def hold_s(self) -> float | None:
        """The running hold's clock, None when there is no hold."""
        return None if self.hold is None else self.hold.held_s

    @property
    def band_deg(self) -> tuple[float, float] | None:
        """Between which angles the running hold must stay."""
        hold = self.hold
        return None if hold is None else (hold.level_deg - hold.room_deg, hold.level_deg + hold.room_deg)

    def _settle(self, pose: Vector, tick: Tick, posture: Posture) -> None:
        super()._settle(pose, tick, posture)
        self.trip, self.hold = None, None

    # the trip

    def _leave(self, tick: Tick, posture: Posture) -> None:
        """A trip begins, with what was seen since the thigh was last near its rest pose."""
        assert self.rest is not None
        self.start = posture.start_of(self.rest, self.spec.start)
        if self.start is None:
            self.rest = None
            return
        unseen_s = sum(end - start for start, end in self._blind)
        fresh = unseen_s <= self._p.unseen_way_s and tick.t_s - self._near_s - unseen_s <= self._p.leave_s
        self._upright, self.refused = posture.upright(), None
        self.trip = Excursion.over(self.rest, self._near_s, self._seen_since(self._near_s))
        self.trip.settled, self.trip.gaps, self._blind = self._armed and fresh, self._blind, []
        self.trip.rest_rise_mps2 = self._rest_rise_mps2()
        earlier = (k for k, _ in reversed(self._recent) if k.t_s <= self._near_s)
        near = takewhile(lambda k: k.t_s > self._near_s - self._p.begin_s, earlier)
        self.trip.before = [(k.t_s, angle_deg(self.rest, k.up)) for k in near]

    def _on_trip(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        trip.add(tick, rest.still)
        self._sure = posture.sure
        if posture.upright() != self._upright:
            self._upright, self.start = posture.upright(), posture.start_of(trip.rest, self.spec.start)
            if self.start is None:
                return self.forget()
        if self.hold is not None:
            self.hold.update(tick.t_s, trip.now_deg, tick.up, tick.rate_dps, self.spec)
        if self._has_returned(trip):
            return self._back(trip, tick, rest, posture)
        if self._rests_low(trip, rest):
            self.rest = rest.pose() if rest.still else tick.up
            return self._back(trip, tick, rest, posture)
        events = list[Event]()
        if self.spec.holds:
            events = self._on_hold(trip)
        if rest.lasts_s(tick.t_s) >= self._settle_s and not self._may_rest_here(trip, tick, rest, posture):
            events += self.finish()
            self._settle(rest.pose(), tick, posture)
        elif self._lies_otherwise(trip, rest) and self._pause(rest.pose(), tick, posture):
            self.trip = None
        elif tick.t_s - trip.start_s > self.spec.max_rep_s:
            events += self.forget()
        return events

    def _lies_otherwise(self, trip: Excursion, rest: StillFinder) -> bool:
        """Whether the thigh comes to rest further away than this exercise takes it."""
        return trip.now_deg > self.spec.max_rom_deg and self._pauses(rest)

    def _has_returned(self, trip: Excursion) -> bool:
        """Whether the thigh is back; where it was lost near the top and is found half way down, it has been."""
        lost_s = trip.gaps[-1][1] - trip.gaps[-1][0] if trip.gaps else 0.0
        found = not self.spec.holds and lost_s > self._p.lost_return_s and trip.t_s[-1] - trip.gaps[-1][1] < 0.1
        share = max(self.spec.return_share, 0.5) if found else self.spec.return_share
        return trip.now_deg <= self._return_deg(trip, share)

    def _return_deg(self, trip: Excursion, share: float) -> float:
        return max(share * trip.peak_deg, 0.6 * self._enter_deg())

    def _rests_low(self, trip: Excursion, rest: StillFinder) -> bool:
        """Whether a raised leg has come down to a rest pose that lies a little off the old one."""
        assert self.start is not None
        low = rest.still or verdict.lies_low(trip, self._low_dps, self._p)
        if not low or self.spec.kind != "raise" or trip.now_deg > self._p.drift_share * trip.peak_deg:
            return False
        fell_deg = trip.highest_deg(self._p.fall_s) - trip.now_deg
        fallen = fell_deg >= max(self._p.fall_share * self.start.min_rom_deg, self.spec.relative_rom * self._own_deg())
        return fallen or trip.peak_deg - trip.now_deg >= self._needed_deg()

    def _may_rest_here(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> bool:
        """Whether a rest away from the rest pose is the top of a repetition rather than a new posture."""
        if self.spec.kind == "bridge" and not (self._known or self.reps or self._bent):
            self._bent = trip.now_deg > self._p.bent_deg
            if self._bent:
                return False  # the knees were straight
        level_deg = trip.now_deg if self.hold is None else self.hold.level_deg
        if self.spec.kind != "bridge" and self.start is not None and level_deg < self.start.nearly_deg:
            return False  # nobody holds so little: from the chair to the mat the thigh passes through more
        if self.hold is not None:
            return self.hold.away_s(tick.t_s) < self.spec.regrip_s
        if self._why_not(trip, moving=True) is not None:
            return False
        high = self._may_be_step(posture) and trip.peak_deg > self._p.sit_deg and not self._set.goes_so(trip)
        sitting = high and (not self._sure or verdict.may_have_lain_down(trip, self._p))
        stands = self._known and (self.reps > 0 or trip.peak_deg < self._p.stood_deg)
        return rest.lasts_s(tick.t_s) < verdict.longest_top_s(trip, self.spec, self._p, may_sit=sitting, stands=stands)

    def _on_hold(self, trip: Excursion) -> list[Event]:
        t_s = trip.t_s[-1]
        if self.hold is None:
            return self._begin_hold(trip)
        if self.hold.away_s(t_s) > self.spec.wobble_s:
            new = hold_begun(trip, self.spec)
            if new is not None and self.hold.held_s < (PAUSE_S if self._lifted else PLATEAU_S):
                plateau, self.hold = self.hold, None
                begun = self._begin_hold(trip, plateau)
                if begun:
                    return begun
                self.hold = plateau
            if new is not None:
                self.hold.regrip(new)
        return self._end_hold(trip, t_s) if self.hold.away_s(t_s) > self.spec.regrip_s else []

    def _begin_hold(self, trip: Excursion, plateau: Hold | None = None) -> list[Event]:
        """A hold, where the thigh is calm and did not take too long from rest, or from a short stay on the way there
        to which it was lifted.
        """
        assert self.start is not None
        t_s = trip.t_s[-1]
        if trip.now_deg < self.start.min_rom_deg:
            return []
        begun = hold_begun(trip, self.spec)
        left_s = plateau.last_in_s if plateau is not None and self._lifted else trip.start_s
        if begun is None or begun.start_s - left_s - trip.lost_s > self.spec.max_way_s:
            return []
        trip.calm_s, trip.calm_up = (t_s - CALM_S, t_s), trip.last_up
        if self._why_not(trip, moving=True) is not None:
            trip.calm_s = trip.calm_up = None
            return []
        lifted = (trip.lift_m() or 0.0) > self._p.lifted_m and begun.level_deg < self._p.lifted_deg
        self._lifted = lifted and self.spec.kind == "hold"
        self.hold = begun
        return [HoldStarted(self.spec.name, self.side, self.hold.start_s, t_s)]

    def _why_not(self, trip: Excursion, *, moving: bool) -> Verdict | None:
        assert self.start is not None
        needed = self.start.nearly_deg if moving else self._needed_deg()
        typical = not moving and self._set.typical(trip)
        return verdict.why_not(trip, self.spec, self.start, needed, self._upright, self._p, typical=typical)

    def _bad_timing(self, trip: Excursion, tick: Tick, posture: Posture) -> Verdict | None:
        steps, typical = self._steps(trip, posture), self._set.typical(trip)
        return verdict.bad_timing(trip, tick.t_s, self.spec, self._p, steps=steps, typical=typical)

    # the way back

    def _back(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        self.trip, self._cleared, self._lowest_deg, self._seen_by = None, False, trip.now_deg, posture
        trip.closed = True
        self._near_s, self._blind = tick.t_s, []
        if self.spec.holds:
            return self._back_from_hold(trip, tick, rest, posture)
        why = self._why_not(trip, moving=False) or self._bad_timing(trip, tick, posture)
        if why is not None and why[0] == "went down" and not self._known:
            return self._flip(trip, posture)
        if why is not None and not self._goes_on(trip, tick, posture, why):
            return self._reject(trip, tick, why)
        before, self._pending = self._pending, None
        events = self._count(*before, tick, posture) if before is not None else []
        self._pending, self._back_s = (trip, tick.t_s), tick.t_s
        return events + self._confirm(tick, rest, posture)

    def _goes_on(self, trip: Excursion, tick: Tick, posture: Posture, why: Verdict) -> bool:
        """Whether it goes on with the set for all that: nothing else is wrong, and others like it came before."""
        if why[0] != "did not start from rest":
            return False
        trip.settled = True
        wrong = self._why_not(trip, moving=False) or self._bad_timing(trip, tick, posture)
        trip.settled = False
        self._armed = wrong is None and self._set.goes_on(trip, tick.t_s)
        return self._armed

    def _flip(self, trip: Excursion, posture: Posture) -> list[Event]:
        """What looked like rest was the top: the peak is the rest pose, and the thigh is at the top again."""
        first = self._before_flip(trip)
        self._set.measure_afresh()
        if not self._leave_from(trip.peak_up, trip.peak_s, posture):
            return self.forget()
        self._pending = None if first is None else (first, trip.peak_s)
        return []

    def _confirm(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Count what came back, once it is certain that it did not swing through or pass by."""
        if self._pending is None:
            return []
        trip, back_s = self._pending
        trip.end_at(tick, angle_deg(trip.rest, tick.up))
        step, waited_s = self._may_be_step(posture), tick.t_s - back_s
        quick = step and trip.out_s < self._p.quick_s and trip.peak_deg < self._p.sudden_deg
        past = verdict.swung_past(trip, tick, self._p, typical=self._set.typical(trip)) if step else None
        if past is not None and waited_s <= (self._p.confirm_quick_s if quick else self._p.confirm_s):
            self._drop_pending()
            return [] if self._left_from_top(trip, posture) else self._reject(trip, tick, past)
        certain = waited_s >= self._wait_s(trip, tick, rest, quick=quick)
        by = verdict.passed_by(trip, tick, self.spec, self._p) if certain or self.reps == 0 else None
        if by is not None:
            self._drop_pending()
            return self._reject(trip, tick, by)
        if not certain:
            return []
        self._pending = None
        return self._count(trip, back_s, tick, posture)

    def _drop_pending(self) -> None:
        """What came back was not the end of a repetition: whoever moves so must rest before the next one."""
        self._pending, self._armed = None, False
        self._set.drop_waiting()

    def _count(self, trip: Excursion, end_s: float, tick: Tick, posture: Posture) -> list[Event]:
        known, kind = posture.upright() is not None, self.spec.kind
        if kind == "bridge" and not known and trip.start_s - self._stepped_s < self._p.stepped_s:
            return []
        step, raised = self._may_be_step(posture), known and kind == "raise"
        stood_up = step and not self._sure and verdict.may_have_stood_up(trip, self._p)
        weak = raised and (stood_up or verdict.may_be_fidget(trip, end_s, self.spec, self.start, self._p))
        said = self._set.take(trip, end_s, posture_known=known, weak=weak, may_be_step=step)
        numbered = enumerate(said, self.reps - len(said) + 1)
        return [completed(self.spec, self.side, i, one, tick.t_s, posture) for i, one in numbered]

    def _reject(self, trip: Excursion, tick: Tick, why: Verdict) -> list[Event]:
        reason = why[0]
        if reason in ("too large", "to and fro") or (
            reason == "wrong direction" and not verdict.winds_up(trip, why, self._needed_deg(), self._p)
        ):
            self._armed = False
        if reason in STEPS and self.reps == 0 and (self.spec.impacts or not self._known):
            self._set.drop_waiting()
            self._stepped_s = tick.t_s
        tail = reason == "did not start from rest" and trip.start_s < self._back_s
        if tail or (reason == "too small" and trip.peak_deg < 0.5 * self._needed_deg()):
            return []
        return [RepRejected(self.spec.name, self.side, trip.start_s, tick.t_s, *why, tick.t_s)]

    def _back_from_hold(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        why = self._why_not(trip, moving=False) or self._bad_timing(trip, tick, posture)
        if why is not None:
            self.hold = None
            found_up = verdict.found_up(why, self.spec, self._p, posture_known=self._known)
            if found_up and trip.peak_deg >= self._needed_deg():
                return self._flip(trip, posture)
            return self._reject(trip, tick, why)
        events = list[Event]()
        if self.spec.kind == "bridge":
            self._pending = (trip, tick.t_s)
            events += self._confirm(tick, rest, posture)
        held = self._end_hold(trip, tick.t_s)
        if not held and self.spec.kind == "hold":
            return self._reject(trip, tick, self.refused or ("not held", 0.0, self.spec.min_hold_s, "s"))
        return [*events, *held]

    def _end_hold(self, trip: Excursion, decided_s: float) -> list[Event]:
        hold, bridge, self.hold = self.hold, self.spec.kind == "bridge", None
        if hold is None or self.start is None:
            return []
        known, lifted = self._known or (bridge and self.reps > 0), bridge and self.trip is None
        self.refused = refusal(hold, self.spec, self.start, self._p, known=known, sure=self._sure, lifted=lifted)
        if self.refused is not None:
            return []
        if self.spec.kind == "hold":
            self._set.held(hold.level_deg)
        trip.settled = False
        return [hold.ended(self.spec, self.side, self.target_s, decided_s)]

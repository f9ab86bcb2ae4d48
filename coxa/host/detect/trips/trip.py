"""The detector of trips: counts leg raises, lunges and bridges, and verifies the holds at their far end.

`TripDetector` is in one of three states: it seeks a rest pose (`_seek`), it waits at one for the thigh to leave
(`RestPose.left`), or it follows a trip (`_go`) until the thigh is back (`_back`), rests elsewhere, or takes too long.
"""

from __future__ import annotations

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.detector import Verdict
from coxa.host.detect.still import StillFinder, Tick, Ticks
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.felt import Felt
from coxa.host.detect.trips.hold import Hold
from coxa.host.detect.trips.holding import Holding
from coxa.host.detect.trips.left_low import Stay
from coxa.host.detect.trips.recent import Recent
from coxa.host.detect.trips.rest_pose import RestPose
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.skim import Skim
from coxa.host.detect.trips.trip_judge import TripJudge
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.detect.trips.verdict import found_up
from coxa.host.detect.trips.way_back import WayBack
from coxa.host.events import Event, Side
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import Vector
from coxa.host.reasons import Reason
from coxa.host.samples import Gap


class TripDetector:
    """One exercise of kind raise, hold or bridge. Shown each tick by `update`, it gives the events that it decides.

    Where nothing can be decided, `skip` takes many ticks at once, with the same outcome.
    """

    def __init__(self, spec: ExerciseSpec, side: Side | None, hold_target_s: float | None) -> None:
        self._spec, self._p = spec, TripParams()
        lies = spec.kind == "raise" and spec.begins("up")
        self._recent, self._set = Recent(), SetCount(self._p, impacts=spec.impacts, lies=lies)
        self._pose = RestPose(spec, self._p, self._recent, self._set)
        self._judge = TripJudge(spec, self._p, self._pose, self._set)
        target_s = spec.to_hold_s(hold_target_s)
        self._longest_s = spec.max_rep_s + target_s
        """A trip that takes longer is none; what is to be held comes on top of what the exercise takes."""
        self._holding = Holding(spec, side, target_s, self._pose, self._judge, self._set)
        self._way_back = WayBack(spec, side, self._p, self._pose, self._judge, self._set)
        self._skim = Skim(spec, self._p, self._pose, self._judge, self._longest_s)
        self._trip: Excursion | None = None
        """The one that is on."""
        self._seen_by: Posture | None = None
        """The posture that was given at the newest return, for what is counted at the end of the stream."""

    @property
    def rest(self) -> Vector | None:
        """The rest pose, None while it is not known."""
        return self._pose.up

    @property
    def reps(self) -> int:
        """Repetitions of the set so far."""
        return self._set.reps

    @property
    def needed_deg(self) -> float | None:
        """How far from the rest pose the next repetition must go, None while there is no rest pose."""
        return None if self._pose.up is None else self._pose.needed_deg()

    @property
    def hold_s(self) -> float | None:
        """The running hold's clock, None when there is no hold."""
        return self._holding.clock_s

    @property
    def band_deg(self) -> tuple[float, float] | None:
        """Between which angles against the rest pose the running hold must stay, None while nothing is held."""
        return self._holding.band_deg

    @property
    def refused(self) -> Verdict | None:
        """Why the trip's newest hold did not count."""
        return self._holding.refused

    @property
    def moving(self) -> bool:
        """Whether the thigh is away from its rest pose."""
        return self._trip is not None

    @property
    def lies(self) -> bool:
        """Whether the rest pose is one of somebody who lies."""
        return self._pose.start is not None and self._pose.start.direction != "any"

    @property
    def rose_m(self) -> float | None:
        """How far the sensor rose on the newest ways out that were counted, in the median; None where none was seen."""
        return self._set.rose_m

    @property
    def felt(self) -> Felt:
        """What the sensor felt."""
        hold = self._holding.hold
        return Felt(self._holding.levers_m, self._set.newest, crossed=hold is not None and hold.crossed)

    @property
    def deciding(self) -> bool:
        """Whether a movement that is over waits to be counted, so that each tick has to be looked at."""
        return self._set.pending is not None

    def farthest_deg(self, start_s: float, end_s: float) -> float:
        """How far the thigh has been from its rest pose in that time, as far as it is remembered; 0 without one."""
        return 0.0 if self._pose.up is None else self._recent.farthest_deg(self._pose.up, start_s, end_s)

    def count_said(self, until_s: float) -> None:
        """What began by then and waits to be counted has been, by another detector."""
        self._set.count_said(until_s)

    def weighed(self, *, convinced: bool) -> None:
        """Somebody else weighs what is held, in a posture that is not known; if that has `convinced` them, what is held
        now counts, and so does what is held there from here again.
        """
        self._judge.trusts_rest = not convinced
        if convinced and self._trip is not None and self._holding.hold is not None:
            self._judge.before.believes(self._holding.hold, self._trip)

    def everyday(self, posture: Posture) -> bool:
        """Whether the pose that is held may as well be sitting, lying, or another way to stand; False without one."""
        if self._trip is None or self._pose.start is None:
            return False
        lever_m = None if self._holding.levers_m is None else self._holding.levers_m[0]
        return self._holding.not_put_out or self._judge.everyday(self._trip, self._holding.hold, posture, lever_m)

    def update(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Take the next tick, after `rest` and `posture` have."""
        self._recent.add(tick, rest.still)
        if self._pose.up is None:
            self._seek(tick, rest, posture)
            return []
        events = self._confirm(tick, rest, posture)
        if self._trip is not None:
            events += self._go(self._trip, tick, rest, posture)
        elif self._pose.rests_off(tick, rest):
            self._settle(rest.pose(), tick, posture)
        elif self._pose.left(tick, rest, posture):
            self._leave(tick, posture)
        return events

    def skip(self, ticks: Ticks, k: int, end: int, rest: StillFinder, posture: Posture) -> int:
        """Take ticks `[k, end)` as far as nothing can be decided in them; gives the first that `update` must see.

        Only while it is not `deciding`, and for ticks in which what is known of the posture does not change.
        """
        if self._pose.up is None:
            to = self._pose.seek_on(k, end, rest)
        elif self._trip is None:
            to = self._pose.stay_on(ticks, k, end, rest, posture)
        else:
            to = self._skim.go_on(self._trip, ticks, k, end, rest, posture)
        self._recent.extend(ticks.each[k:to], rest.stills[k:to])
        return to

    def gap(self, gap: Gap) -> None:
        """Samples are missing; a trip goes on and notes what it could not see."""
        if self._trip is not None:
            self._trip.lose(gap)
        self._holding.gap(gap.end_s - gap.start_s)
        self._pose.gap(gap.start_s, gap.end_s)

    def forget(self) -> list[Event]:
        """Nothing is known any more, as after a long gap: close what is open."""
        events = self.finish()
        self._pose.forget()
        self._trip = None
        return events

    def finish(self) -> list[Event]:
        """The stream is over: a hold that is on ends here; a lunge or bridge that only waited for its end counts."""
        waits_for_end = self._spec.impacts or self._spec.holds
        if self._set.pending is not None and self._seen_by is not None and waits_for_end:
            newest = self._recent.newest
            return self._holding.said(self._way_back.count(newest, self._seen_by), newest.t_s)
        return [] if self._trip is None else self._holding.end(self._trip, self._trip.t_s[-1])

    def _seek(self, tick: Tick, rest: StillFinder, posture: Posture) -> None:
        """Look for a rest pose: a rest that is long enough, or a pause of somebody who may lie ready for raises."""
        if self._pose.settles(tick, rest):
            self._settle(rest.pose(), tick, posture)
        elif self._pose.sways(rest):
            self._settle(rest.sway_pose(), tick, posture)
        elif self._pose.pauses():
            self._pose.pause(rest.pose(), tick, posture)

    def _settle(self, pose: Vector, tick: Tick, posture: Posture) -> None:
        """The thigh rests in this pose now: what was on its way is no trip, and what was held is no hold."""
        self._pose.settle(pose, tick, posture)
        self._holding.drop()
        self._trip = None

    def _leave(self, tick: Tick, posture: Posture) -> None:
        """The thigh leaves its rest pose: a trip begins, where the exercise may begin there."""
        self._trip = self._pose.leave(tick, posture)
        if self._trip is not None:
            self._judge.upright, self._holding.refused = posture.upright(), None

    def _go(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Take a tick of the trip, and what comes of it: the thigh is back, is held, rests elsewhere, or goes on."""
        trip.extend([tick], [rest.still])
        if self._judge.learns(posture) and not self._pose.fits(posture):
            return self.forget()
        if self._pose.is_below(tick, still=rest.still):
            return self._back_below(trip, tick, rest, posture)
        self._holding.update(trip, tick)
        if self._judge.has_returned(trip) and not self._judge.may_rest_off(trip, self._recent):
            return self._back(trip, tick, rest, posture)
        ended = self._end_elsewhere(trip, tick, rest, posture)
        if ended is not None:
            return ended
        events, only_stayed = self._decide_hold(trip, posture)
        trip = self._trip or trip
        if self._pose.settles(tick, rest) and (
            only_stayed
            or self._holding.only_shifted(trip)
            or not self._judge.may_rest_here(trip, self._holding.hold, tick, rest, posture)
        ):
            events += self._rest_out_there(trip, tick, rest, posture)
        elif self._judge.lies_otherwise(trip) and self._pose.pause(rest.pose(), tick, posture):
            self._trip = None
        elif tick.t_s - trip.start_s > self._longest_s + (self._p.set.stale_s if self._judge.in_set else 0.0):
            events += self._give_up(trip, tick)
        return events

    def _end_elsewhere(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event] | None:
        """What is told of a trip that is over though the thigh is not back where it left from; None while it is on."""
        if self._judge.rises_again(trip, posture):
            trip.end_at_lowest()
            return self._back_at_lowest(trip, tick, rest, posture)
        unseen = self._judge.back_unseen(trip)
        if unseen is not None:
            trip.end_unseen(*unseen)
            return self._back_at_lowest(trip, tick, rest, posture)
        low = self._judge.low_rest(trip, tick, rest, posture)
        if low is not None:
            self._pose.stop_short(low)
            return self._back(trip, tick, rest, posture)
        stay = self._judge.stay(trip, self._recent)
        return None if stay is None else self._back_at_stay(stay, tick, rest, posture)

    def _decide_hold(self, trip: Excursion, posture: Posture) -> tuple[list[Event], bool]:
        """The events of a hold, and whether one that had begun came to nothing: the thigh only stayed there for a
        while and has left for elsewhere.
        """
        stay = self._holding.hold
        low = None if stay is None else self._judge.lifted_from(trip, stay)
        if low is not None and self._lift_from(low, posture) is not None:
            return self._holding.tell_anew(trip.t_s[-1]), False
        events = self._holding.decide(trip) if self._spec.holds else []
        if stay is None or self._holding.hold is not None or events:
            return events, False
        next_trip = self._leave_stay(stay, posture)
        return (self._holding.decide(next_trip), False) if next_trip is not None else ([], True)

    def _leave_stay(self, stay: Hold, posture: Posture) -> Excursion | None:
        """The trip that has begun from where the thigh only stayed, where that may be its new rest pose.

        Who lay on a side and rolls onto the back first seems to hold something there; with the knee at the chest the
        thigh is as far from the side as from the back. So does who sat on the bed and lies down with bent knees.
        """
        if self._spec.kind != "hold":
            return None
        trip = self._pose.leave_from(stay.up, stay.last_in_s, posture)
        if trip is not None:
            self._trip = trip
            self._set.begin()
        return trip

    def _rest_out_there(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """The thigh rests away from its rest pose for longer than at a top: it has settled there, unless the judge says
        that the leg is only kept up for too long.
        """
        if self._judge.stays(trip, rest.pose(), posture):
            trip.stays(rest.lasts_s(tick.t_s))
            return []
        events = self.finish()
        self._settle(rest.pose(), tick, posture)
        return events

    def _give_up(self, trip: Excursion, tick: Tick) -> list[Event]:
        """The thigh has not come back in time: whatever this is, it is none of this exercise's trips."""
        told = self._way_back.reject(trip, tick, self._judge.too_long(trip)) if trip.stayed_s else []
        return told + self.forget()

    def _back(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """The trip is over, and is judged as a whole. The thigh is back at rest, or, where the first rest pose was the
        top of a repetition (`_flip`), at the top again.
        """
        self._trip, self._seen_by, trip.closed = None, posture, True
        self._pose.come_back(trip, tick.t_s)
        if trip.stayed_s or (self._judge.in_set and trip.lasted_s > self._longest_s):
            return self._way_back.reject(trip, tick, self._judge.too_long(trip))
        why = self._judge.wrong(trip, tick.t_s, posture)
        if self._spec.holds:
            return self._back_from_hold(trip, tick, rest, posture, why)
        down = self._set.lying.comes_down(trip) if why is None else why.reason == Reason.WENT_DOWN
        if down and not self._judge.known:
            up = self._set.may_be_found_up(trip) or self._recent.rested_up(trip, self._spec.return_share)
            return self._flip(trip, posture) if up else []
        if why is not None and not self._way_back.goes_on(trip, tick.t_s, posture, why):
            return self._way_back.reject(trip, tick, why)
        events = self._way_back.count(tick, posture)
        self._way_back.wait(trip, tick.t_s)
        return events + self._confirm(tick, rest, posture)

    def _back_below(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """The leg is back where it rested before it stopped short. It only paused there, unless it has been out since:
        then it stopped short once, and comes all the way down from this one.
        """
        out = trip.peak_deg >= self._pose.needed_deg()
        self._trip = None
        events = self._back(trip, tick, rest, posture) if out else []
        if self._trip is None and self._pose.is_below(tick, still=rest.still):
            self._pose.go_down(tick, still=rest.still)
        return events

    def _back_at_lowest(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """The trip was over at its lowest point, and the next one has begun there."""
        events = self._back(trip, tick, rest, posture)
        if self._trip is None and self._pose.up is not None:
            self._pose.turned(trip)
            if self._pose.left(tick, rest, posture):
                self._leave(tick, posture)
        return events

    def _back_at_stay(self, stay: Stay, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """What seemed held was a new rest pose, from which the hips have been lifted and have come back."""
        self._holding.drop()
        trip = self._lift_from(stay, posture)
        return self.forget() if trip is None else self._back(trip, tick, rest, posture)

    def _lift_from(self, stay: Stay, posture: Posture) -> Excursion | None:
        """Take where the hips were lifted from for the rest pose; gives the trip since then, with what was held on it.
        None, and nothing is taken, where the exercise cannot begin there.
        """
        trip = self._pose.leave_from(*stay, posture)
        if trip is not None:
            self._trip = trip
            self._set.begin()
            self._holding.drop()
            self._holding.look_back(trip, self._recent.since(stay[1]))
        return trip

    def _back_from_hold(
        self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture, why: Verdict | None
    ) -> list[Event]:
        """The same in an exercise that is held, where `why` says what was wrong with the trip: the hold ends here and
        is told; a bridge is a repetition as well.
        """
        if why is not None:
            self._holding.drop()
            up = found_up(why, self._spec, self._p, posture_known=self._judge.known)
            if up and trip.peak_deg >= self._pose.needed_deg():
                return self._flip(trip, posture)
            return self._way_back.reject(trip, tick, why)
        events = list[Event]()
        if self._spec.kind == "bridge":
            self._way_back.wait(trip, tick.t_s)
            events += self._confirm(tick, rest, posture)
        held = self._holding.end(trip, tick.t_s, back=True)
        if not held and self._spec.kind == "hold":
            not_held = self._holding.refused or Verdict(Reason.NOT_HELD, 0.0, self._spec.min_hold_s, "s")
            return self._way_back.reject(trip, tick, not_held)
        return [*events, *held]

    def _flip(self, trip: Excursion, posture: Posture) -> list[Event]:
        """What looked like rest was the top of a repetition: the trip's peak is the rest pose, and now the thigh is at
        the top again. What led to the first top is counted as well, if it was seen.
        """
        first = None if self.reps else self._recent.before_top(trip, self._spec.return_share)
        self._set.measure_afresh()
        self._trip = self._pose.leave_from(trip.peak_up, trip.peak_s, posture)
        if self._trip is None:
            return self.forget()
        self._set.pending = None if first is None else (first, trip.peak_s)
        return []

    def _confirm(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Count what came back, once it is certain that it did not swing through or pass by."""
        if self._set.pending is None:
            return []
        trip, back_s = self._set.pending
        why, certain = self._way_back.look(trip, back_s, tick, rest, posture, self._trip)
        if why is None:
            return self._holding.said(self._way_back.count(tick, posture), tick.t_s) if certain else []
        self._way_back.drop(hasty=trip.hasty)
        next_trip = self._pose.leave_from_top(trip, posture) if why.reason == Reason.SWUNG_PAST else None
        if next_trip is None:
            return self._way_back.reject(trip, tick, why)
        self._trip = next_trip
        return []

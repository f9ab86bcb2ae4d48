"""What becomes of a trip that has come back: it is counted once that is certain, or it is told why not."""

from __future__ import annotations

from math import inf

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.detector import Verdict
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.detect.trips import footfall, no_raise, verdict
from coxa.host.detect.trips.completed import completed
from coxa.host.detect.trips.doubt import Doubt
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.rest_pose import RestPose
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.trip_judge import TripJudge
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.events import Event, RepRejected, Side
from coxa.host.exercises.spec import ExerciseSpec, StartPose
from coxa.host.motion.tangent import angle_deg
from coxa.host.reasons import LIKE_STEPS, Reason


class WayBack:
    """Looks on at a trip that came back until it is certain that it neither swung through its rest pose, as the leg of
    a step does, nor only passed it by. Then it is given to `SetCount`, which says what counts now; what does not count
    is told by `reject`.
    """

    def __init__(
        self,
        spec: ExerciseSpec,
        side: Side | None,
        params: TripParams,
        pose: RestPose,
        judge: TripJudge,
        counted: SetCount,
    ) -> None:
        self._spec, self._p = spec, params
        self._side: Side | None = side
        self._pose, self._judge, self._set = pose, judge, counted
        self._back_s = -inf
        """When the newest trip that may count was back."""
        self._stepped_s = -inf
        """When the newest step was made."""

    def goes_on(self, trip: Excursion, t_s: float, posture: Posture, why: Verdict) -> bool:
        """Whether the trip goes on with the set in spite of `why`: nothing is wrong with it but that it did not begin
        from rest, and others like it came before.
        """
        if why.reason != Reason.NOT_FROM_REST:
            return False
        wrong = self._judge.wrong(trip, t_s, posture, settled=True)
        self._pose.armed = wrong is None and self._set.goes_on(trip, t_s)
        return self._pose.armed

    def wait(self, trip: Excursion, t_s: float) -> None:
        """A trip that may count is back at `t_s`, and waits until that is certain."""
        self._set.pending, self._back_s = (trip, t_s), t_s

    def look(
        self, trip: Excursion, back_s: float, tick: Tick, rest: StillFinder, posture: Posture, on_way: Excursion | None
    ) -> tuple[Verdict | None, bool]:
        """Look at the next tick after the trip was back at `back_s`: why it is no repetition after all, None where
        nothing says so, and whether it is certain by now that it is one. `on_way` is the trip that has begun since.

        Of what is seen again only when that would long be over, nothing tells but that it was like one of its set.
        """
        unseen = tick.t_s - trip.newest_s > self._p.back.unseen_s
        if not unseen:
            trip.end_at(tick, angle_deg(trip.rest, tick.up))
        why, certain = self._watch(trip, back_s, tick, rest, posture, on_way)
        if why is None or not unseen:
            return why, certain
        if self._set.like_one(trip):
            return None, True
        return Verdict(Reason.NOT_MEASURED, 0.0, self._p.back.confirm_s, "s"), False

    def _watch(
        self, trip: Excursion, back_s: float, tick: Tick, rest: StillFinder, posture: Posture, on_way: Excursion | None
    ) -> tuple[Verdict | None, bool]:
        """What the tick itself tells of a trip that was back at `back_s`."""
        step, waited_s = self._judge.may_be_step(posture), tick.t_s - back_s
        quick = step and trip.out_s < self._p.back.quick_s and trip.peak_deg < self._p.step.sudden_deg
        past = verdict.swung_past(trip, tick, self._p, typical=self._set.typical(trip)) if step else None
        if past is not None and waited_s <= (self._p.back.confirm_quick_s if quick else self._p.back.confirm_s):
            return past, False
        certain = waited_s >= self._wait_s(trip, tick, rest, on_way, quick=quick)
        by = verdict.passed_by(trip, tick, self._spec, self._p) if certain or self._set.reps == 0 else None
        return by, certain

    def _wait_s(
        self, trip: Excursion, tick: Tick, rest: StillFinder, on_way: Excursion | None, *, quick: bool
    ) -> float:
        """How long after the return a repetition is certain, seconds. Lying down, the first of a set waits longer,
        unless the thigh is calm or is on its way out again; one that is like its set's, or slow by now, hardly waits.
        """
        start = self._pose.start
        if self._spec.impacts or self._spec.holds:
            return 0.0 if trip.ended else self._p.back.end_s
        if self._set.reps == 0 and start is not None and start.direction != "any":
            again = on_way is not None and trip.signed_deg(tick.up) > self._pose.enter_deg()
            calm_s = 0.0 if trip.calm_back_s is None else tick.t_s - trip.calm_back_s
            sure = rest.still or again or calm_s >= self._p.back.calm_back_s
            return self._p.back.confirm_s if sure else self._p.back.confirm_first_s
        if self._set.typical(trip):
            return self._p.back.confirm_typical_s if tick.rate_dps > self._p.back.moving_dps else 0.0
        if quick:
            return self._p.back.confirm_quick_s
        return self._p.back.confirm_s if tick.rate_dps > self._p.back.moving_dps else 0.0

    def drop(self, *, hasty: bool = False) -> None:
        """What came back was no repetition: whoever moves so must rest before one counts again, unless it was as
        `hasty` as the leg of a step.
        """
        self._set.pending, self._pose.armed = None, self._pose.armed and hasty
        self._set.drop_waiting()

    def count(self, tick: Tick, posture: Posture) -> list[Event]:
        """Hand what waits, if anything does, to the set; gives the repetitions that count now, which may be none, or
        several where earlier ones have waited for it.
        """
        back, self._set.pending = self._set.pending, None
        if back is None:
            return []
        trip, end_s = back
        known, kind = posture.upright() is not None, self._spec.kind
        start = posture.start_of(trip.rest, self._spec.start) if known else self._pose.start
        if known and start is None:
            self.drop()
            return []  # what has just been learned of the posture says that the exercise does not begin there
        if kind == "bridge" and not known and trip.start_s - self._stepped_s < self._p.step.stepped_s:
            return []
        step = self._judge.may_be_step(posture)
        said = self._set.take(
            trip,
            end_s,
            posture_known=known,
            doubt=self._doubt(trip, end_s, start, posture, step=step),
            may_lead_away=step or (self._spec.raises_leg and not known),
            feels_height=posture.feels_height,
        )
        numbered = enumerate(said, self._set.reps - len(said) + 1)
        return [completed(self._spec, self._side, i, one, tick.t_s, posture) for i, one in numbered]

    def _doubt(self, trip: Excursion, end_s: float, start: StartPose | None, posture: Posture, *, step: bool) -> Doubt:
        """What speaks against it as the first of a set; `start` is where it began, by what is known now."""
        feels_height, impacts = posture.feels_height, self._spec.impacts
        opens = posture.upright() is not None and self._spec.kind == "raise" and self._set.opens_with(trip)
        over = False
        weak, moves = opens and self._opens_weakly(trip, end_s, start, step=step), False
        if opens and start is not None:
            moves = no_raise.is_out_long(trip, end_s, start, self._p.fidget)
            moves = moves or no_raise.leans(trip, start, posture, self._p.fidget)
        if opens and feels_height and impacts:
            weak = weak or footfall.sinks_at_once(trip, self._p) or not footfall.is_firm(trip, self._p)
        elif opens and feels_height and start is not None:
            weak = weak or no_raise.may_be_none(trip, start, self._p.fidget)
            moves = moves or no_raise.climbs(trip, end_s, start, self._p.fidget)
            moves = moves or no_raise.sits(trip, start, posture, self._p.fidget)
            moves = moves or (weak and no_raise.is_bent(trip, start, posture))
            moves = moves or (weak and no_raise.is_unlike_lying(trip, start, posture, self._p.fidget))
            sunk = no_raise.squat_signs(trip, end_s, start)
            moves = moves or sunk > 0 or no_raise.is_high(trip, start)
            over = sunk > 1 or no_raise.stoops(trip, start)
        return Doubt(
            weak=weak,
            moves=moves,
            over=over,
            soft=feels_height and footfall.is_soft(trip, self._spec, self._p),
            strides=step and not trip.paused and end_s - trip.start_s < self._p.step.step_s,
            sinks=feels_height and impacts and footfall.may_kneel(trip, self._p),
        )

    def _opens_weakly(self, trip: Excursion, end_s: float, start: StartPose | None, *, step: bool) -> bool:
        """Whether the first raise or lunge of a set may be somebody who gets up, or a fidget; it may be a `step`."""
        stood_up = step and not self._judge.sure and verdict.may_have_stood_up(trip, self._p)
        unseen = self._spec.impacts and not footfall.is_seen(trip)
        return stood_up or unseen or verdict.may_be_fidget(trip, end_s, self._spec, start, self._p)

    def reject(self, trip: Excursion, tick: Tick, why: Verdict) -> list[Event]:
        """The trip does not count: its event, none where it was hardly a movement, or the tail of one that counts.

        What was no part of the exercise at all must be followed by a rest before a trip counts alone again, and what
        was like a step makes earlier trips that wait for others no repetitions.
        """
        reason, needed_deg = why.reason, self._pose.needed_deg()
        if reason in (Reason.TOO_LARGE, Reason.TO_AND_FRO, Reason.WENT_ROUND) or (
            reason == Reason.WRONG_DIRECTION and not _winds_up(trip, why, needed_deg, self._p)
        ):
            self._pose.armed = False
        if reason in LIKE_STEPS and self._set.reps == 0 and (self._spec.impacts or not self._judge.known):
            self._set.drop_waiting()
            self._stepped_s = tick.t_s
        if reason == Reason.TOO_SMALL:
            self._set.falls_short(trip)
        tail = reason == Reason.NOT_FROM_REST and trip.start_s < self._back_s
        if tail or (reason == Reason.TOO_SMALL and trip.peak_deg < self._p.back.told_share * needed_deg):
            return []
        return [RepRejected(self._spec.name, self._side, trip.start_s, tick.t_s, *why, tick.t_s)]


def _winds_up(trip: Excursion, why: Verdict, needed_deg: float, p: TripParams) -> bool:
    """Whether a short way to the opposite side, straight back through rest, prepares what follows."""
    small = trip.peak_deg < p.way.wind_up_times * needed_deg
    opposite = why.measured < -p.way.direction_cos
    return small and opposite and trip.settled and trip.lasted_s < p.way.wind_up_s

"""The hold at the far end of a trip: when one begins, is gripped again, and ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf
from operator import attrgetter

from coxa.host.detect.detector import Verdict
from coxa.host.detect.still import Tick
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold, hold_begun
from coxa.host.detect.trips.rest_pose import RestPose
from coxa.host.detect.trips.seated import not_put_out, put_back, slid_flat
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.stands import balances, crossed_standing, may_be_step
from coxa.host.detect.trips.trip_judge import TripJudge
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted, Side
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import angle_deg
from coxa.host.motion.ticks import TICK_S
from coxa.host.reasons import Reason


class Holding:
    """What is held on one trip after the other. Shown each tick of a trip, it tells when a hold begins and ends.

    `update` lets the running hold take a tick, then `decide` says whether one has begun, was gripped again or was left;
    `end` ends it where the trip does. Whether it counts is the judge's to say; `refused` keeps why the newest did not.
    """

    def __init__(
        self,
        spec: ExerciseSpec,
        side: Side | None,
        target_s: float,
        pose: RestPose,
        judge: TripJudge,
        counted: SetCount,
    ) -> None:
        self._spec, self._target_s = spec, target_s
        self._side: Side | None = side
        self._pose, self._judge, self._set = pose, judge, counted
        self.hold: Hold | None = None
        """The one that is on, None while nothing is held."""
        self.refused: Verdict | None = None
        """Why the trip's newest hold did not count."""
        self._lifted = False
        """Whether the sensor rose on the way to where the newest hold began: nobody has sat or lain down there."""
        self.came_back = False
        """Whether the newest hold of somebody who sits, before anything has counted, is where the thigh had just been:
        knees that are uncrossed go down like a leg that is put out for a stretch, but to where they were before. Who
        has held that leg out there from this seat puts it out again.
        """
        self.shifted = False
        """Whether who sits may only have shifted or twitched to where the newest hold began."""
        self.slid = False
        """Whether who was taken to sit may have slid the legs flat to where the newest hold began."""
        self._shifted_on: Excursion | None = None
        """The newest trip on which who sits only shifted or twitched to where they rest."""
        self.levers_m: tuple[float, float] | None = None
        """By which levers the sensor went to where the newest hold began, across up and below the joint, m."""
        self._sank: Excursion | None = None
        """The newest trip on which hips sank to where the thigh came to rest."""
        self._aside: tuple[Excursion, float] | None = None
        """The newest trip on which the leg was calm beside the exercise's way, of who sits, or where who crosses it
        finds the balance, and until when.
        """
        self._near: tuple[Excursion, float] | None = None
        """The newest one on which it rested nearer than anything is held, and until when."""
        self._unsaid: list[HoldEnded] = []
        """What was held in bridges that are not believed yet."""

    @property
    def clock_s(self) -> float | None:
        """For how long it has been held, None while nothing is."""
        return None if self.hold is None else self.hold.held_s

    @property
    def band_deg(self) -> tuple[float, float] | None:
        """Between which angles the thigh must stay, None while nothing is held."""
        hold = self.hold
        return None if hold is None else (hold.level_deg - hold.room_deg, hold.level_deg + hold.room_deg)

    @property
    def not_put_out(self) -> bool:
        """Whether the leg of somebody who sits may not have been put out to what is held."""
        return self.came_back or self.shifted or self.slid

    def only_shifted(self, trip: Excursion) -> bool:
        """Whether who sits has only shifted or twitched on this trip, and holds nothing: they rest there now."""
        return self._shifted_on is trip and self.hold is None

    def gap(self, lost_s: float) -> None:
        """Samples are missing."""
        if self.hold is not None:
            self.hold.gap(lost_s)

    def drop(self) -> None:
        """What was held was no hold: nothing is told of it here."""
        self.hold = None

    def update(self, trip: Excursion, tick: Tick) -> None:
        """Take the next tick of the trip."""
        if self.hold is not None:
            self.hold.update(tick.t_s, trip.now_deg, tick.up, tick.rate_dps, self._spec)

    def decide(self, trip: Excursion) -> list[Event]:
        """What the newest tick of a trip that goes on decides: a hold begins, is gripped again nearby, or was left for
        good. Where the thigh left a stay that was too short for a hold and is calm elsewhere, a hold may begin there.
        """
        t_s = trip.t_s[-1]
        if self.hold is None:
            return self._begin(trip)
        if self.hold.away_s(t_s) > self._spec.wobble_s:
            new = hold_begun(trip, self._spec)
            if new is not None and self.hold.held_s < self._plateau_s(trip, self.hold, new):
                plateau, self.hold = self.hold, None
                begun = self._begin(trip, plateau)
                if begun:
                    return begun
                self.hold = plateau
            if new is not None:
                self.hold.regrip(new)
        return self.end(trip, t_s) if self.hold.away_s(t_s) > self._spec.regrip_s else []

    def look_back(self, trip: Excursion, seen: Iterable[tuple[Tick, bool]]) -> None:
        """Find what was held on this trip, which is over, in all that was seen on it."""
        so_far = Excursion(trip.rest, trip.start_s, settled=True)
        for tick, still in seen:
            so_far.extend([tick], [still])
            self.update(so_far, tick)
            self.decide(so_far)
        trip.calm_s, trip.calm_up = so_far.calm_s, so_far.calm_up

    def tell_anew(self, decided_s: float) -> list[Event]:
        """When what is held has truly begun, where another start was told in the same movement."""
        if self.hold is None:
            return []
        return [HoldStarted(self._spec.name, self._side, self.hold.start_s, decided_s)]

    def _plateau_s(self, trip: Excursion, stay: Hold, new: Hold) -> float:
        """A `stay` shorter than this may be a pause on the way to the `new` hold, seconds.

        If the new hold is well off, it may last as long as the shortest hold, of somebody who sits or lies, and of who
        stands where it is one step of several: they have shifted in the chair and rest so now, have put the foot out
        before the lean raised the knee again, or found their balance with the ankle over the knee. Who only trembles
        would grip again nearby. Else it is shorter, as circles stay at a level for moments.
        """
        start = self._pose.start
        elsewhere = abs(new.level_deg - stay.level_deg) > Hold.params.regrip_deg
        if elsewhere and start is not None and (start.direction != "any" or self._is_step(trip, stay, new)):
            return self._spec.min_hold_s
        return Hold.params.pause_s if self._lifted else Hold.params.plateau_s

    def _is_step(self, trip: Excursion, stay: Hold, new: Hold) -> bool:
        """Whether a leg may have been crossed at the stay, too short for a hold, which then was a step on the way to
        the new one. Who lies and fidgets seems to do so too: it must be sure that they stand.
        """
        short = self._spec.twists and stay.held_s < self._spec.min_hold_s
        return short and self._surely_stands and may_be_step(trip, stay, new)

    @property
    def _surely_stands(self) -> bool:
        return self._judge.known and self._judge.sure

    def _balances(self, trip: Excursion, stay: Hold) -> bool:
        """Whether a leg may have been crossed at the stay, where nothing is held yet."""
        return self._spec.twists and balances(trip, stay)

    def end(self, trip: Excursion, decided_s: float, *, back: bool = False) -> list[Event]:
        """What is held, if anything is, ends here, with the thigh `back` at rest or not; its event, if it counts."""
        hold, self.hold = self.hold, None
        if hold is None or self._pose.start is None:
            return []
        self.refused = self._judge.refused(hold, trip, back=back) or self._uncrossed(back=back or put_back(trip, hold))
        rom = self._judge.held_range(hold, trip)
        ended = hold.ended(self._spec, self._side, self._target_s, decided_s, rom)
        if self.refused is not None:
            if back and self._judge.refused(hold, trip, back=True, believed=True) is None:
                self._unsaid.append(ended)
            return []
        if self._spec.kind == "hold":
            self._set.held(hold.level_deg)
            self._judge.before.counts(hold, trip)
        trip.settled = False
        return [ended]

    def _uncrossed(self, *, back: bool) -> Verdict | None:
        """That who sits put the leg down to where it had just been, and then did not come `back`: knees were uncrossed,
        and that is the seat.
        """
        never = self.came_back and not back
        return Verdict(Reason.NOT_FROM_REST, 0.0, TripParams().rest.settle_hold_s, "s") if never else None

    def said(self, reps: list[Event], decided_s: float) -> list[Event]:
        """These repetitions are said now, and with them what was held in them that was not believed before."""
        if not reps:
            return reps
        done = [(e.start_s, e.end_s) for e in reps if isinstance(e, RepCompleted)]
        within = [h for h in self._unsaid if any(start_s <= h.start_s < end_s for start_s, end_s in done)]
        self._unsaid = []
        return sorted([*reps, *(replace(h, decided_s=decided_s) for h in within)], key=attrgetter("end_s"))

    def _begin(self, trip: Excursion, plateau: Hold | None = None) -> list[Event]:
        """The event of a hold that begins, where the thigh is calm far enough from rest, did not take too long on its
        way, and went where the exercise takes it. `plateau` is a short stay on the way, from which the time is taken
        instead of from rest if the thigh was lifted to it, or the person sits or lies.
        """
        t_s, start = trip.t_s[-1], self._pose.start
        if start is None:
            return []
        if trip.now_deg < self._judge.least_hold_deg:
            self._pauses(trip)
            return []
        begun = hold_begun(trip, self._spec)
        left_s = self._left_s(trip)
        if begun is not None and plateau is not None:
            step = self._is_step(trip, plateau, begun)
            trip.crossed = trip.crossed or (step and not plateau.is_near(begun))
            on_the_way = self._lifted or start.direction != "any" or step
            left_s = plateau.last_in_s if on_the_way else left_s
        if begun is None or begun.start_s - left_s - trip.lost_s > self._spec.max_way_s:
            return []
        if self._judge.lay_down(trip) or begun.start_s < _until_s(self._near, trip):
            return []
        trip.calm_s, trip.calm_up = (t_s - Hold.params.calm_s, t_s), trip.last_up
        seated = self._judge.not_crossed(trip, begun)
        if self._refuses(trip, seated, beyond=plateau is not None and _is_beyond(trip, plateau)):
            self.refused = seated or self.refused
            trip.calm_s = trip.calm_up = None
            finds_balance = self._balances(trip, begun)
            trip.crossed = trip.crossed or (finds_balance and self._surely_stands)
            if self._sits or finds_balance:
                self._aside = (trip, t_s)
            return []
        self._lifted = self._judge.lifted(trip, begun)
        sits = self._sits
        again = not self.came_back and self._judge.before.again(begun, trip)
        first = sits and self._set.reps == 0 and not again
        self.came_back = first and self._pose.came_from(begun.up, trip.start_s)
        self.shifted = sits and self._judge.shifted(trip, begun)
        self.slid = first and self._slides_flat(trip, begun)
        if first and not_put_out(trip, begun):
            self._shifted_on = trip
            return []
        begun.crossed = self._spec.twists and crossed_standing(trip, begun)
        self.hold, self.levers_m = begun, height.levers_m(trip)
        return [HoldStarted(self._spec.name, self._side, begun.start_s, t_s)]

    @property
    def _sits(self) -> bool:
        """Whether a leg is to be put out by who sits."""
        start = self._pose.start
        return self._spec.kind == "hold" and start is not None and start.direction == "down"

    def _pauses(self, trip: Excursion) -> None:
        """Who sits may rest nearer than anything is held, with the foot out, before they lean; or has shifted there."""
        if not (self._sits and all(trip.still[-round(TripParams().rest.settle_hold_s / TICK_S) :])):
            return
        stay, self._near = hold_begun(trip, self._spec), (trip, trip.t_s[-1])
        if stay is not None and self._set.reps == 0 and not_put_out(trip, stay):
            self._shifted_on = trip

    def _slides_flat(self, trip: Excursion, begun: Hold) -> bool:
        """Whether the legs of who lies are slid flat to where a hold begins, as far as upright is known."""
        upright = self._judge.upright
        if upright is None:
            return False
        return slid_flat(begun, angle_deg(upright, trip.rest), self._pose.drawn_up_deg(trip, upright))

    def _left_s(self, trip: Excursion) -> float:
        """Since when the thigh is on its way to where it is: from its rest pose, or from where the foot was put before
        the lean, if that was beside the exercise's way and too short for a rest, or near.
        """
        return max(trip.start_s, _until_s(self._aside, trip), _until_s(self._near, trip))

    def _refuses(self, trip: Excursion, seated: Verdict | None, *, beyond: bool) -> bool:
        """Whether no hold may begin where the thigh is calm: it is a seat, or did not go there as the exercise does.
        Hips that have sunk to where they first rested have not been lifted, and who sat down there stands in no figure
        four, whatever so long a way seems to add up to later. Nor have hips sunk for good that were lifted to a pause
        on the way, whatever it seems to add up to for a moment `beyond` it.
        """
        why = seated or self._judge.why_not(trip, moving=True)
        sunk = why is not None and why.reason == Reason.WENT_DOWN
        if sunk and (seated or (not beyond and self._spec.kind == "bridge")):
            self._sank = trip
        return why is not None or self._sank is trip


def _is_beyond(trip: Excursion, plateau: Hold) -> bool:
    """Whether the thigh has gone on from that stay, rather than trembled there."""
    return trip.now_deg - plateau.level_deg > Hold.params.regrip_deg


def _until_s(stay: tuple[Excursion, float] | None, trip: Excursion) -> float:
    """Until when that stay lasted, if it was one on this trip."""
    return stay[1] if stay is not None and stay[0] is trip else -inf

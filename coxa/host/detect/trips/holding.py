"""The hold at the far end of a trip: when one begins, is gripped again, and ends."""

from __future__ import annotations

from coxa.host.detect.detector import Verdict
from coxa.host.detect.still import Tick
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold, hold_begun
from coxa.host.detect.trips.rest_pose import RestPose
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.trip_judge import TripJudge
from coxa.host.events import Event, HoldStarted, Side
from coxa.host.exercises.spec import ExerciseSpec


class Holding:
    """What is held on one trip after the other. Shown each tick of a trip, it tells when a hold begins and ends."""

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
        """The one that is on."""
        self.refused: Verdict | None = None
        """Why the trip's newest hold did not count."""
        self._lifted = False
        """Whether the thigh was lifted to where the hold began."""
        self.came_back = False
        """Whether it only came back there, as far as a set has not begun: knees that are uncrossed go down like a leg
        that is put out, but to where they were before.
        """

    @property
    def clock_s(self) -> float | None:
        """For how long it is held, None while nothing is."""
        return None if self.hold is None else self.hold.held_s

    @property
    def band_deg(self) -> tuple[float, float] | None:
        """Between which angles the thigh must stay, None while nothing is held."""
        hold = self.hold
        return None if hold is None else (hold.level_deg - hold.room_deg, hold.level_deg + hold.room_deg)

    def gap(self, lost_s: float) -> None:
        """Samples are missing."""
        if self.hold is not None:
            self.hold.gap(lost_s)

    def drop(self) -> None:
        """What was held was none: nothing is told of it."""
        self.hold = None

    def update(self, trip: Excursion, tick: Tick) -> None:
        """Take the next tick of the trip."""
        if self.hold is not None:
            self.hold.update(tick.t_s, trip.now_deg, tick.up, tick.rate_dps, self._spec)

    def decide(self, trip: Excursion) -> list[Event]:
        """Whether with the newest tick of a trip that goes on a hold begins, is gripped again or has been left."""
        t_s = trip.t_s[-1]
        if self.hold is None:
            return self._begin(trip)
        if self.hold.away_s(t_s) > self._spec.wobble_s:
            new = hold_begun(trip, self._spec)
            if new is not None and self.hold.held_s < self._plateau_s(self.hold, new):
                plateau, self.hold = self.hold, None
                begun = self._begin(trip, plateau)
                if begun:
                    return begun
                self.hold = plateau
            if new is not None:
                self.hold.regrip(new)
        return self.end(trip, t_s) if self.hold.away_s(t_s) > self._spec.regrip_s else []

    def _plateau_s(self, stay: Hold, new: Hold) -> float:
        """A stay shorter than that may be on the way to the hold. Of who sits or lies and stays too shortly for a hold
        it may also be where they rest now, after a fidget in the chair, or how far the foot was put out before the lean
        raised the knee again, if the hold is well off: who trembles grips again nearby. Standing, circles stay at a
        level for moments.
        """
        if self._lifted:
            return Hold.params.pause_s
        start = self._pose.start
        elsewhere = abs(new.level_deg - stay.level_deg) > Hold.params.regrip_deg
        rested = elsewhere and start is not None and start.direction != "any"
        return self._spec.min_hold_s if rested else Hold.params.plateau_s

    def end(self, trip: Excursion, decided_s: float, *, back: bool = False) -> list[Event]:
        """What is held ends here, with the thigh `back` at rest or not; it is told if it counts."""
        hold, self.hold = self.hold, None
        if hold is None or self._pose.start is None:
            return []
        self.refused = self._judge.refused(hold, back=back)
        if self.refused is not None:
            return []
        if self._spec.kind == "hold":
            self._set.held(hold.level_deg)
        trip.settled = False
        return [hold.ended(self._spec, self._side, self._target_s, decided_s)]

    def _begin(self, trip: Excursion, plateau: Hold | None = None) -> list[Event]:
        """A hold, where the thigh is calm and did not take too long from rest, or from a short stay on the way there
        to which it was lifted.
        """
        t_s, start = trip.t_s[-1], self._pose.start
        if start is None or trip.now_deg < self._judge.least_hold_deg:
            return []
        begun = hold_begun(trip, self._spec)
        on_the_way = self._lifted or start.direction != "any"
        left_s = plateau.last_in_s if plateau is not None and on_the_way else trip.start_s
        if begun is None or begun.start_s - left_s - trip.lost_s > self._spec.max_way_s:
            return []
        seated = self._judge.not_crossed(trip, begun)
        if seated is not None:
            self.refused = seated
            return []
        trip.calm_s, trip.calm_up = (t_s - Hold.params.calm_s, t_s), trip.last_up
        if self._judge.why_not(trip, moving=True) is not None:
            trip.calm_s = trip.calm_up = None
            return []
        self._lifted = self._judge.lifted(trip, begun.level_deg)
        sits = self._spec.kind == "hold" and start.direction == "down"
        self.came_back = sits and self._set.reps == 0 and self._pose.came_from(begun.up, trip.start_s)
        self.hold = begun
        return [HoldStarted(self._spec.name, self._side, begun.start_s, t_s)]

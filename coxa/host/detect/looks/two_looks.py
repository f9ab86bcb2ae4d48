"""The detector of one exercise, and a second look at it while it is only supposed that the person stood at first."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.detector import OneDetector, Verdict
from coxa.host.detect.looks.second_look import SecondLook, passed_over
from coxa.host.detect.still import StillFinder, Tick, Ticks
from coxa.host.detect.trips.trip import TripDetector
from coxa.host.events import Event, HoldEnded, RepCompleted, RepRejected
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import Vector
from coxa.host.reasons import Reason
from coxa.host.samples import Gap


@dataclass(frozen=True, slots=True)
class TwoLooksParams:
    """What makes doubt that the person stood at first, and what confirms it."""

    aside_cos: float = 0.5
    """A movement so far beside its direction (cosine) makes doubt it too: straight against it is the way back from
    where somebody paused (`lateral_leg_raise_1`: -1). 0.4 to 0.6."""
    aside_deg: float = 16.0
    """And no smaller than this: fidgets go anywhere (`lateral_leg_raise_2`, `negative_5`), and one of 13 degrees made
    all that was known of the posture be forgotten. 12 to 20; smaller raises are seen by the second look."""
    set_reps: int = 3
    """So many repetitions of who lies, from a pose and in a direction that fit what is supposed of upright, show that
    it is so: as many as the second look needs to overrule it. 3 to 4."""
    unfit_s: float = 0.9
    """So long a rest in a pose from which the exercise cannot begin makes doubt what is known of the posture: as long
    as one that opens a set. 0.7 to 1.5 s."""
    half_way_s: float = 1.2
    """So long a rest between upright and lying does so where the exercise may lie. No shorter than one that opens a
    set. 1.2 to 2.5 s; with 3 three of eight knees are not drawn to a chest (`tools/starts`)."""
    half_way_deg: float = 30.0
    """But not where holds may be smaller than this: such a stretch from a chair that was taken for upright ends half
    way (`tools/starts`, stretches of who began lying: 9 of 18 lost with 0). 10 to 40."""


class TwoLooks:
    """The detector of one exercise, which copes with a recording that begins on a chair or on the mat.

    The first rest is taken for standing. While that is only supposed (`Posture.supposed`), a copy of the detector, the
    `SecondLook`, takes the same ticks as if the person had sat or lain then. Only what the first says is told, until
    the second sees the exercise where the first sees none, or upright is found to be elsewhere: then the second takes
    its place, and what it has seen meanwhile is told. What is asked of a `Detector` is the first's to answer.
    """

    def __init__(self, detector: OneDetector, spec: ExerciseSpec) -> None:
        self._p, self._spec, self._one = TwoLooksParams(), spec, detector
        self._second: SecondLook | None = None
        self._seen_s = -inf
        """Up to where the detector has passed over ticks as the second look, before it was believed."""
        little = any(start.min_rom_deg < self._p.half_way_deg for start in spec.start)
        self._may_lie_bent = not spec.stands and not (spec.kind == "hold" and little)
        """Whether a rest half way between upright and lying may be one of legs that are stretched out."""
        self._done = False
        """Whether anything has been counted: what is known of the posture let it begin."""

    @property
    def rest(self) -> Vector | None:
        """The rest pose, None while it is not known."""
        return self._one.rest

    @property
    def reps(self) -> int:
        """Repetitions of the set."""
        return self._one.reps

    @property
    def hold_s(self) -> float | None:
        """Clock of the running hold."""
        return self._one.hold_s

    @property
    def needed_deg(self) -> float | None:
        """What the next repetition must reach; None where it is not judged by elevation."""
        return self._one.needed_deg

    @property
    def band_deg(self) -> tuple[float, float] | None:
        """Between which angles the running hold must stay."""
        return self._one.band_deg

    @property
    def moving(self) -> bool:
        """Whether the thigh is away from its rest pose."""
        return self._one.moving

    @property
    def refused(self) -> Verdict | None:
        """Why the newest hold did not count."""
        return self._one.refused

    def update(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """The next tick."""
        events = self._looked(tick, rest, posture)
        if events:
            self._learn(events, posture)
        half_way = self._rests_half_way(tick, rest, posture)
        if half_way or self._rests_unfit(tick, rest, posture):
            posture.doubt()
        if half_way and self._spec.kind == "hold":
            self._second = None
        return events

    def _learn(self, events: list[Event], posture: Posture) -> None:
        """What was said tells of the posture, too."""
        if any(isinstance(e, RepCompleted | HoldEnded) for e in events):
            self._done = True
            posture.trust()
            if self._fits_who_lies(posture):
                posture.confirm()
            elif self._lies_often and self._one.rest is not None:
                posture.lies(self._one.rest)
            newest = self._one.felt.newest if isinstance(self._one, TripDetector) else None
            if newest is not None and self._one.reps >= self._p.set_reps:
                posture.reaches(newest.peak_up)
        elsewhere = [e for e in events if self._led_elsewhere(e)]
        if elsewhere:
            posture.doubt()
        if elsewhere and self._second is not None:
            self._second.elsewhere_s = elsewhere[-1].start_s

    def take(self, ticks: Ticks, k: int, end: int, rest: StillFinder, posture: Posture) -> tuple[int, list[Event]]:
        """Take ticks `[k, end)` up to the first that decides something: where to go on, and what was decided.

        Nothing is learned of the posture in them but what the detector makes of it, which ends them as well.
        """
        while k < end:
            k = self._skip(ticks, k, end, rest, posture)
            if k == end:
                break
            rest.at(k)
            posture.at(k)
            moving, doubted, second = self._one.moving, posture.doubted, self._second
            events = self.update(ticks.each[k], rest, posture)
            k += 1
            learns_otherwise = self._spec.twists and self._one.moving != moving
            if events or learns_otherwise or posture.doubted != doubted or second is not None:
                return k, events
        return k, []

    def _skip(self, ticks: Ticks, k: int, end: int, rest: StillFinder, posture: Posture) -> int:
        """Take ticks `[k, end)` as far as nothing can be decided in them; gives the first that `update` must see."""
        if not isinstance(self._one, TripDetector) or self._one.deciding:
            return k
        self._look_twice(posture)
        if self._second is not None:
            end = self._second.skip(ticks, k, end, rest)
        return passed_over(self._one, ticks, k, end, rest, posture, self._seen_s) if end > k else k

    def gap(self, gap: Gap) -> None:
        """Samples are missing."""
        self._one.gap(gap)
        if self._second is not None:
            self._second.gap(gap)

    def forget(self) -> list[Event]:
        """Nothing is known any more: close what is open."""
        self._second = None
        return self._one.forget()

    def finish(self) -> list[Event]:
        """The stream is over: close what is open."""
        return self._one.finish()

    def _look_twice(self, posture: Posture) -> None:
        if self._second is None and posture.supposed:
            self._second = SecondLook(self._one, posture, self._spec)

    def _looked(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Let both take the tick; gives what the one says that is believed, and changes over to the second if that is
        to be believed from now on.
        """
        if tick.t_s <= self._seen_s:
            return []
        if self._second is not None and not posture.supposed:
            second, self._second = self._second, None
            if second.sees_more(posture, self._one):
                self._one, self._seen_s = second.detector, second.seen_s
                new = self._one.update(tick, rest, posture) if tick.t_s > self._seen_s else []
                second.learn_what_was_said()
                return [*second.told(tick.t_s), *new]
        self._look_twice(posture)
        events, second = self._one.update(tick, rest, posture), self._second
        if second is None:
            return events
        second.update(tick, rest, posture, events)
        if not second.convinces(self._one):
            return events
        posture.refute()
        second.learn_what_was_said()
        self._one, self._second, self._seen_s = second.detector, None, second.seen_s
        return [*events, *second.told(tick.t_s)]

    def _fits_who_lies(self, posture: Posture) -> bool:
        """Whether so many repetitions have gone as the exercise does of who lies as is supposed: from another posture
        none would go so.
        """
        return posture.supposed and self._lies_often

    @property
    def _lies_often(self) -> bool:
        """Whether so many repetitions have counted of an exercise that only who lies can do."""
        lies = self._spec.kind in ("raise", "bridge") and all(start.direction != "any" for start in self._spec.start)
        return lies and self._one.reps >= self._p.set_reps

    def _rests_unfit(self, tick: Tick, rest: StillFinder, posture: Posture) -> bool:
        """Whether the exercise is done standing, nothing has counted, and the person rests as if sitting or lying."""
        at_rest = not self._done and not self._one.moving and rest.lasts_s(tick.t_s) >= self._p.unfit_s
        return at_rest and self._spec.stands and posture.off_its_feet

    def _led_elsewhere(self, event: Event) -> bool:
        """Whether a movement led beside its direction, or let a leg down that seemed to lie, and was no fidget. Who
        lies with bent knees may stretch them out, which lets the thigh down as well and fits what is supposed.
        """
        if not isinstance(event, RepRejected) or not isinstance(self._one, TripDetector):
            return False
        aside = event.reason == Reason.WRONG_DIRECTION and abs(event.measured) < self._p.aside_cos
        down = event.reason == Reason.WENT_DOWN and self._one.lies and self._spec.kind != "bridge"
        return (aside or down) and self._one.farthest_deg(event.start_s, event.end_s) >= self._p.aside_deg

    def _rests_half_way(self, tick: Tick, rest: StillFinder, posture: Posture) -> bool:
        """Whether who lies has stretched out bent knees that were taken for standing. Where something is held, they
        rest there now; raised legs and hips rest half way as well, and so does who stretches a little from a chair.
        """
        if not self._may_lie_bent or self._done or self._one.moving:
            return False
        if self._spec.kind != "hold" and self._one.rest is not None:
            return False
        return rest.lasts_s(tick.t_s) >= self._p.half_way_s and posture.half_way

"""Exercises that show that who is only supposed to have stood at first had lain: a second look at each of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from coxa.host.detect.auto.candidate import Candidate, held_deg, levers_m
from coxa.host.detect.auto.recogniser_params import RecogniserParams
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.looks.second_look import SecondLook
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.detect.trips.trip import TripDetector
from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted
from coxa.host.motion.tangent import Vector, angle_deg, dot, towards
from coxa.host.samples import Gap


class LowLook(ABC):
    """One exercise of who lies, seen as if what is supposed to be upright were the mat."""

    def __init__(self, p: RecogniserParams) -> None:
        self._p = p
        self._second: SecondLook | None = None
        self._begun: list[Event] = []
        """The beginning of the hold that was on when the second detector was taken along."""
        self.seen = False
        """Whether it has been seen, and nothing else of the posture since."""

    @abstractmethod
    def _convinces(self, second: SecondLook, upright: Vector) -> bool:
        """Whether what the second look has seen is so certain that what is taken for `upright` was none."""

    def look(self, c: Candidate, posture: Posture) -> None:
        """Take a second detector along from now on, if it is to be: before the first takes the next tick."""
        if posture.upright() is not None:
            self.seen = False
        if not posture.supposed:
            self._second = None
        elif self._second is None:
            self._second, self._begun = SecondLook(c.detector, posture, c.spec), c.running()
            _weigh(self._second, convinced=False)

    def update(
        self, c: Candidate, tick: Tick, rest: StillFinder, posture: Posture, said: Sequence[Event]
    ) -> list[Event]:
        """Take the next tick after the detector of the exercise, which `said` that; gives what only the second look has
        seen, if it has seen enough: then nothing is taken for upright any more.
        """
        second, upright = self._second, posture.upright()
        if second is None or upright is None or not posture.supposed:
            return []
        if any(isinstance(e, RepCompleted | HoldEnded) for e in said):
            self._second = None
            return []
        second.update(tick, rest, posture, list(said))
        if not self._convinces(second, upright):
            return []
        posture.refute()
        _weigh(second, convinced=True)
        c.detector, self._second, self.seen = second.detector, None, True
        told = second.told(tick.t_s)
        goes_on = second.detector.hold_s is not None and not any(isinstance(e, HoldStarted) for e in told)
        return [*told, *self._begun] if goes_on else told

    def gap(self, gap: Gap) -> None:
        """Samples are missing."""
        if self._second is not None:
            self._second.gap(gap)

    def begin_anew(self) -> None:
        """What has been seen so far was something else."""
        self._second = None

    def forget(self) -> None:
        """Nothing is known any more."""
        self._second, self.seen = None, False


def _weigh(second: SecondLook, *, convinced: bool) -> None:
    """What it sees held is weighed here, not by its size alone."""
    if isinstance(second.detector, TripDetector):
        second.detector.weighed(convinced=convinced)


class RolledOver(LowLook):
    """The raises on the side of somebody who was taken for standing on the back.

    The thigh was level in both poses: the way of a leg that is raised from level runs along the thigh, and that way is
    at right angles to the way in which it rolled. From standing to lying the thigh tilts along itself, so a leg that is
    raised goes on in the same plane. So the first pose was not upright: who has rolled by a quarter lies on one side.
    """

    def _convinces(self, second: SecondLook, upright: Vector) -> bool:
        newest = second.detector.felt.newest if isinstance(second.detector, TripDetector) else None
        if newest is None or second.reps < self._p.reps:
            return False
        return abs(dot(newest.way(), towards(newest.rest, upright))) < self._p.levers.aside_cos


class DrawnAgain(LowLook):
    """The knee drawn to the chest of somebody who was taken for standing on the back.

    Once, it is the mirror image of getting up from a low chair. Who was there for long without a step, is back just
    where they were, and goes there again is doing an exercise, and none is done by getting up. Sitting down sinks, and
    from bent knees the thigh sinks as well, once it is past the vertical: those two look alike.
    """

    def _convinces(self, second: SecondLook, upright: Vector) -> bool:
        levers, deg = levers_m(second.detector), held_deg(second.detector)
        if levers is None or deg is None:
            return False
        across_m, below_m = levers
        p = self._p.levers
        if self._goes_on(second, upright, deg):
            return across_m > p.drawn_on_m and second.holds_s >= self._p.hold_s
        rose = across_m > p.drawn_m and below_m > -p.drawn_m
        return rose and deg >= p.drawn_deg and second.holds_again(self._p.hold_s, p.drawn_s)

    def _goes_on(self, second: SecondLook, upright: Vector, deg: float) -> bool:
        """Whether knees that were bent from what was taken for upright go on the same way, further than from a chair:
        nobody rests half way up from one.
        """
        rest, held, p = second.detector.rest, second.held, self._p.levers
        if rest is None or held is None:
            return False
        bent_deg, away_deg = angle_deg(upright, rest), angle_deg(upright, held)
        bent = p.bent_deg[0] <= bent_deg <= p.bent_deg[1]
        share = p.same_plane_share if deg > p.far_on_deg else p.near_plane_share
        return bent and away_deg >= p.drawn_deg and away_deg > share * (bent_deg + deg)

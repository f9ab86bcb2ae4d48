"""An exercise that may be the one that is being done, and what speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from coxa.host.detect.detector import OneDetector
from coxa.host.detect.trips.hold import Hold
from coxa.host.detect.trips.trip import TripDetector
from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted, RepRejected
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.reasons import NO_HOLD


@dataclass(slots=True)
class Candidate:
    """One exercise that may be the one, and what its detector has said so far."""

    spec: ExerciseSpec
    detector: OneDetector
    said: list[Event] = field(default_factory=list[Event])
    everyday: bool = False
    """A hold of the newest trip has once looked like sitting or lying: who goes on from there turns the thigh too."""
    let_go_s: float = -inf
    """When what seemed to be held was last let go too soon to count."""
    let_go_times: int = 0
    """How often in a row, with no long rest between."""
    _stay: tuple[float, float] = (0.0, 0.0)
    """For how long, and at which angle in degrees, something was held at the newest tick."""
    _nearby_s: float = 0.0
    """For how long the thigh was held nearby right before the hold that is on: people settle into a pose in stages."""
    farther: bool = False
    """Whether the newest hold began further out than where the thigh was held before, on the same way."""
    _runs: bool = False
    """Whether the hold's clock ran at the newest tick."""
    rested: bool = True
    """Whether the thigh has been at its rest pose since a hold began."""

    def holds_for_s(self, t_s: float, least_share: float = 0.0) -> float:
        """How long a hold has been on, of which no more may be unseen than its beginning; 0 where none is, where the
        thigh is just leaving it, or where it was there for less than that share of the time: it only comes by.
        """
        started, hold_s = [e for e in self.said if isinstance(e, HoldStarted)], self.detector.hold_s
        if hold_s is None or not started or not self._runs or hold_s < least_share * (t_s - started[-1].start_s):
            return 0.0
        return self._nearby_s + min(hold_s, t_s - started[-1].decided_s + Hold.params.calm_s)

    def follow(self, events: Sequence[Event]) -> None:
        """See how its hold goes on, after its detector, which said `events`, has taken the next tick."""
        hold_s, band_deg = self.detector.hold_s, self.detector.band_deg
        before_s, before_deg = self._stay
        if hold_s is None or band_deg is None:
            self._stay = 0.0, 0.0
            return
        level_deg, p = sum(band_deg) / 2, Hold.params
        if any(isinstance(e, HoldStarted) for e in events):
            self.farther = level_deg > before_deg > 0.0
            near = abs(level_deg - before_deg) <= max(p.regrip_deg, p.regrip_share * before_deg)
            self._nearby_s = self._nearby_s + before_s if near else 0.0
        self._runs, self._stay = hold_s != before_s, (hold_s, level_deg)

    @property
    def holds(self) -> bool:
        """Whether something is held now."""
        return self.detector.hold_s is not None

    @property
    def held_deg(self) -> float | None:
        """How far from rest something is held, None while nothing is."""
        return held_deg(self.detector)

    @property
    def levers_m(self) -> tuple[float, float] | None:
        """By which levers, across up and below the joint, the sensor went to what is held; None where none tells."""
        return levers_m(self.detector)

    def reps(self) -> list[RepCompleted]:
        """Its repetitions, oldest first."""
        return [e for e in self.said if isinstance(e, RepCompleted)]

    def ended(self) -> list[HoldEnded]:
        """What it has held, oldest first."""
        return [e for e in self.said if isinstance(e, HoldEnded)]

    def take(self, events: Sequence[Event], t_s: float, quiet_s: float) -> None:
        """What its detector has just said; what comes after a rest of `quiet_s` does not go on with what was before."""
        if any(isinstance(e, RepRejected) and e.reason in NO_HOLD for e in events):
            again = t_s - self.let_go_s < quiet_s
            self.let_go_s, self.let_go_times = t_s, self.let_go_times + 1 if again else 1
        elif any(isinstance(e, HoldEnded) for e in events):
            self.let_go_times = 0
        self.said += [e for e in events if not isinstance(e, RepRejected)]

    def drop_stale(self, t_s: float, quiet_s: float) -> None:
        """Forget holds that came to nothing or were a chair, and everything after a long rest."""
        if not self.holds:
            if self.everyday:
                self.said = [e for e in self.said if not isinstance(e, HoldStarted | HoldEnded)]
            ended = {e.start_s for e in self.said if isinstance(e, HoldEnded)}
            self.said = [e for e in self.said if not isinstance(e, HoldStarted) or e.start_s in ended]
            rests = not self.detector.moving and not self.detector.deciding
            if self.said and rests and t_s - self.said[-1].decided_s > quiet_s:
                self.said = []

    def drop_counted(self, until_s: float) -> None:
        """Forget the movements that began before `until_s`, up to when all has been counted as another exercise."""
        done = {e.start_s for e in self.said if isinstance(e, RepCompleted | HoldEnded) and e.start_s < until_s}
        self.said = [e for e in self.said if e.start_s not in done]

    def start_s(self) -> float:
        """When the first repetition or hold began; there is one."""
        return min(e.start_s for e in self.said if isinstance(e, RepCompleted | HoldStarted | HoldEnded))

    def forget(self) -> None:
        """Forget what was said, but for the beginning of a hold that is still on."""
        self.said = self.running()

    def running(self) -> list[Event]:
        """The beginning of the hold that is on, if one is."""
        return list[Event](e for e in self.said if isinstance(e, HoldStarted))[-1:] if self.holds else []


def held_deg(detector: OneDetector) -> float | None:
    """How far from rest that detector sees something held, None while nothing is."""
    band_deg = detector.band_deg
    return None if band_deg is None else sum(band_deg) / 2


def levers_m(detector: OneDetector) -> tuple[float, float] | None:
    """By which levers, across up and below the joint, the sensor went to what it sees held; None where none tells."""
    return detector.felt.levers_m if isinstance(detector, TripDetector) else None

"""An exercise that may be the one that is being done, and what speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from coxa.host.detect.detector import OneDetector
from coxa.host.detect.trips.hold import Hold
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
    rested: bool = True
    """Whether the thigh has been at its rest pose since a hold began."""

    def holds_for_s(self, t_s: float) -> float:
        """How long a hold has been on, of which no more may be unseen than its beginning; 0 where none is."""
        started = [e for e in self.said if isinstance(e, HoldStarted)]
        if self.detector.hold_s is None or not started:
            return 0.0
        return min(self.detector.hold_s, t_s - started[-1].decided_s + Hold.params.calm_s)

    def reps(self) -> list[RepCompleted]:
        """Its repetitions, oldest first."""
        return [e for e in self.said if isinstance(e, RepCompleted)]

    def take(self, events: Sequence[Event], t_s: float) -> None:
        """What its detector has just said."""
        if any(isinstance(e, RepRejected) and e.reason in NO_HOLD for e in events):
            self.let_go_s = t_s
        self.said += [e for e in events if not isinstance(e, RepRejected)]

    def drop_stale(self, t_s: float, quiet_s: float) -> None:
        """Forget holds that came to nothing or were a chair, and everything after a long rest."""
        if self.detector.hold_s is None:
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
        running = [e for e in self.said if isinstance(e, HoldStarted)][-1:] if self.detector.hold_s is not None else []
        self.said = list(running)

"""What a person does beside the exercises: moves the strap, shows how it sits, taps an answer."""

from __future__ import annotations

from typing import Literal, TypeAlias

from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.still import Tick
from coxa.host.routine.effort import EffortQuestion, Said
from coxa.host.routine.moved import MovedStrap
from coxa.host.routine.strap_check import Step, StrapCheck
from coxa.host.samples import Gap
from coxa.host.tracker import Tracker

News: TypeAlias = Literal["moved"] | Step | Said
"""The strap sits on the other thigh; a step of the strap check; what there is to say of the question."""


class Aside:
    """At most one of the three at a time; the question comes last and stays."""

    def __init__(self) -> None:
        self._moved: MovedStrap | None = None
        self._check: StrapCheck | None = None
        self.question: EffortQuestion | None = None
        """Once all sets are done."""
        self.mounting: Mounting | None = None
        """How the sensor sits, by the newest strap check; None where that found nothing."""

    @property
    def on(self) -> bool:
        """Whether what the person does now is no exercise."""
        return self.moving or self.checking or self.question is not None

    @property
    def moving(self) -> bool:
        """Whether the sensor is awaited on the other thigh."""
        return self._moved is not None

    @property
    def checking(self) -> bool:
        """Whether the person is showing how the strap sits."""
        return self._check is not None

    def await_move(self, *, handled: bool = False) -> None:
        """From now on the strap is moved to the other thigh; `handled`: that has begun, only its rest is waited for."""
        self._moved, self._check = MovedStrap(handled=handled), None

    def await_check(self) -> None:
        """From now on the person stands still and lifts the knee."""
        self._check = StrapCheck()

    def drop_check(self) -> None:
        """The set for which the strap was to be checked is over."""
        self._check = None

    def ask(self, t_s: float, *, can_tap: bool) -> None:
        """All sets were done at `t_s`, seconds of the stream's clock: how hard it was is asked, if it can be tapped."""
        self.drop_check()
        self.question = EffortQuestion(t_s, can_tap=can_tap)

    def update(self, beat: Tick | Gap, t_s: float, tracker: Tracker) -> News | None:
        """What is new with a beat that the tracker has taken; what is over is over with it."""
        if self._moved is not None:
            return self._look_for_move(beat, self._moved, tracker)
        if self._check is not None:
            return self._look_for_lifts(beat, self._check, tracker)
        return None if self.question is None else self.question.update(t_s)

    def _look_for_move(self, beat: Tick | Gap, moved: MovedStrap, tracker: Tracker) -> News | None:
        if isinstance(beat, Gap) or not tracker.shown_to(moved, beat):
            return None
        self._moved = None
        return "moved"

    def _look_for_lifts(self, beat: Tick | Gap, check: StrapCheck, tracker: Tracker) -> News | None:
        if isinstance(beat, Gap):
            check.gap()
            return None
        step = tracker.shown_to(check, beat)
        if step in ("known", "unknown"):
            self._check, self.mounting = None, check.mounting
        return step

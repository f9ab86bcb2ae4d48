"""Decides what to tell the person: reads the coach after every item of the stream and gives cues."""

from __future__ import annotations

from math import ceil

from coxa.host.cues.cue import Cue
from coxa.host.cues.hold_clock import HoldClock
from coxa.host.cues.kinds import cue
from coxa.host.cues.leading import Leading, PauseReminder, SensorMove
from coxa.host.cues.reasons import what_is_wrong, why_not
from coxa.host.events import (
    Event,
    ExerciseRecognised,
    HoldEnded,
    HoldStarted,
    RepCompleted,
    RepRejected,
    TrackingLost,
    TrackingResumed,
)
from coxa.host.exercises.spec import library
from coxa.host.live_view import LiveView
from coxa.host.reasons import TRIED, Tracking
from coxa.host.routine import Coach, SetPlan, counts
from coxa.host.routine.prompt import Prompt

REASON_S = 4.0
"""At most one reason in so long: who hears every flaw stops listening."""
PRAISE_FROM, PRAISE_SHARE = 6, 0.6
"""In sets of so many repetitions there is one word of encouragement, after this share of them."""
PRAISES = 3
"""So many different ones, in turn."""
TRIES = 2
"""So many attempts at the exercise before the first repetition show that it is one, not somebody lying down."""
UNSEEN_S = 2.0
"""A shorter stretch without samples is not worth a word."""
SHORT_S = 1.0
"""The hold of a bridge that was given up is told with its number, which comes so soon if it comes."""
LOST_POSE_S, LOST_POSE_TIMES = 20.0, 2
"""Somebody who is not found in the exercise's pose for so long is told, so many times a set."""

PLAIN = {
    "finished?": "finished",
    "paused": "paused",
    "resumed": "resumed",
    "stand_still": "stand_still",
    "lift_knee": "lift_knee",
    "strap_known": "strap_known",
    "strap_unknown": "strap_unknown",
    "skipped": "skipped",
    "effort?": "effort_question",
    "no effort?": "effort_zero",
}
"""Prompts that are told as they are."""


class Announcer:
    """Pure: the same items and link changes give the same cues. Owns the coach's prompts: nobody else takes them."""

    def __init__(self, plan: tuple[SetPlan, ...]) -> None:
        self._plan = plan
        self._at, self._done = 0, 0
        self._hold = HoldClock()
        self._leading, self._move, self._pause = Leading(), SensorMove(), PauseReminder()
        self._t_s = 0.0
        self._began_s: float | None = None
        self._reason_s, self._pose_s = -REASON_S, 0.0
        self._pose_told = 0
        self._reps = self._holds = 0
        self._skipped_s: float | None = None
        self._linked = self._met = False
        self._tries = 0
        self._given_up: HoldEnded | None = None
        """A bridge's hold that waits for its number."""

    def status(self, connected: bool) -> list[Cue]:
        """The link came or went. The first contact is told with the first samples."""
        before, self._linked = self._linked, True
        if connected:
            return [cue("connected_again", self._t_s)] if before else []
        return [cue("connection_lost", self._t_s)]

    def gone(self) -> list[Cue]:
        """The sensor was given up."""
        return [cue("connection_gone", self._t_s)]

    def update(self, coach: Coach, events: list[Event]) -> list[Cue]:
        """What to say after a part of the stream, once the coach has taken it and given `events`.

        After each beat (`Coach.feed_beat_by_beat`) it gives the same cues wherever the packets end.
        """
        view = coach.view
        if view.t_s is not None:
            self._t_s = view.t_s
        told = sorted(events, key=lambda e: isinstance(e, RepCompleted))  # a bridge's number is told with its hold
        cues = self._greeting(view) + _newest_count([c for event in told for c in self._event(event)])
        if self._given_up is not None and self._t_s - self._given_up.decided_s >= SHORT_S:
            cues += self._short(self._given_up)
        for prompt in coach.prompts():
            cues += self._prompt(prompt, coach)
        self._at, self._done = coach.set_index, coach.done
        cues += self._pause.due(self._t_s, moves=coach.moves)
        if view.t_s is None or self._move.waiting:
            return cues + self._move.due(self._t_s)
        cues += self._hold.update(view.t_s, view.hold_s, self._target_s(view))
        cues += self._leading.due(view.t_s, moves=view.state in ("moving", "holding"))
        return cues if coach.ended else cues + self._pose(view)

    # what the tracker decided

    def _event(self, event: Event) -> list[Cue]:
        if isinstance(event, HoldStarted):
            self._leading.begun()
        if counts(event):
            return self._counted(event)
        if isinstance(event, HoldEnded):
            self._holds += event.verified
            self._given_up = None if event.verified else event
            return []
        if isinstance(event, RepRejected):
            return self._rejected(event)
        if isinstance(event, TrackingLost):
            return self._lost(event)
        if isinstance(event, ExerciseRecognised):
            return [cue("recognised", event.decided_s, exercise=event.exercise)]
        if isinstance(event, TrackingResumed) and event.reason == Tracking.SOUND_AGAIN:
            return [cue("sensor_fine", event.decided_s)]
        return []

    def _counted(self, event: Event) -> list[Cue]:
        assert isinstance(event, HoldEnded | RepCompleted)
        self._done += 1
        self._leading.begun()
        target, n = self._plan[self._at].reps, event.index or self._done
        if isinstance(event, HoldEnded):
            self._holds += event.verified
            return [cue("hold_count", event.decided_s, n=n)] if event.verified else self._short(event)
        self._reps += 1
        cues = [self._number(n, target, event.decided_s)]
        due = target is not None and target >= PRAISE_FROM and n == round(PRAISE_SHARE * target)
        if due and cues[0].key == "count":
            cues.append(cue(f"encourage_{1 + self._at % PRAISES}", event.decided_s))
        return cues

    def _number(self, n: int, target: int | None, at_s: float) -> Cue:
        """A repetition's; of a bridge with what there was of its hold, if that was too little and more are to come."""
        short, self._given_up = self._given_up, None
        if short is not None and n != target:
            return cue("count_short", at_s, n=n, held=int(short.held_s), target=ceil(short.target_s))
        key = "count" if target is None or n > target else {0: "count_final", 1: "count_last"}.get(target - n, "count")
        return cue(key, at_s, n=n)

    def _short(self, event: HoldEnded) -> list[Cue]:
        """A hold that was given up before its time."""
        self._given_up = None
        return [cue("hold_short", event.decided_s, n=int(event.held_s), target=ceil(event.target_s))]

    def _rejected(self, event: RepRejected) -> list[Cue]:
        self._tries += event.reason in TRIED
        meant = self._done or (event.reason in TRIED and self._tries >= TRIES)
        if not meant or event.decided_s - self._reason_s < REASON_S:
            return []
        self._reason_s = event.decided_s
        return [why_not(event)]

    def _lost(self, event: TrackingLost) -> list[Cue]:
        self._pose_s = event.decided_s
        self._hold.unseen(event.decided_s)
        wrong = what_is_wrong(event, self._plan[self._at].side)
        if wrong is not None:
            return [wrong]
        lost_s = event.decided_s - event.start_s
        return [cue("unseen", event.decided_s, n=round(lost_s))] if lost_s > UNSEEN_S else []

    # what the coach leads to

    def _prompt(self, prompt: Prompt, coach: Coach) -> list[Cue]:
        kind, at_s, planned = prompt.kind, prompt.at_s, self._plan[prompt.set_index]
        self._began_s = at_s if self._began_s is None else self._began_s
        if kind in ("set_begins", "rest", "set_done"):
            return self._set(prompt, planned)
        if kind == "move_sensor":
            return self._move.ask(planned, at_s)
        if kind == "sensor_moved":
            self._pose_s = at_s
            self._move.over()
            return [cue("sensor_moved", at_s)]
        if kind == "routine_done":
            return self._summary(at_s)
        if kind == "effort":
            return [cue("effort_heard", at_s, n=coach.effort or 0)]
        if kind in ("paused", "resumed", "skipped"):
            self._leading.begun()
            self._pause.over()
        if kind == "skipped":
            self._skipped_s = at_s
        if kind == "paused":
            self._pause.begin(at_s)
        if kind == "resumed" and not coach.done:
            self._leading.tell_later(planned, at_s)
        return [cue(PLAIN[kind], at_s)]

    def _set(self, prompt: Prompt, planned: SetPlan) -> list[Cue]:
        """From one set to the next."""
        at_s = prompt.at_s
        before = self._plan[prompt.set_index - 1] if prompt.set_index else None
        if prompt.kind == "set_done":
            short = planned.reps is not None and self._done < planned.reps
            return [cue("going_on", at_s)] if short and at_s != self._skipped_s else []  # who skips knows
        if prompt.kind == "rest" and before is not None:
            return self._leading.rest(planned, before, at_s)
        self._pose_s, self._pose_told, self._tries = at_s, 0, 0
        return self._leading.open_set(planned, None if planned.move_sensor else before, at_s)

    def _summary(self, at_s: float) -> list[Cue]:
        """Whoever had nothing to hold hears of no holds, and who had only that of no repetitions."""
        minutes = max(round((at_s - (self._began_s or 0.0)) / 60), 1)
        specs = [library().get(p.exercise) for p in self._plan]
        if not any(s is None or s.holds for s in specs):
            return [cue("routine_done_reps", at_s, reps=self._reps, minutes=minutes)]
        if all(s is not None and s.kind == "hold" for s in specs):
            return [cue("routine_done_holds", at_s, holds=self._holds, minutes=minutes)]
        return [cue("routine_done", at_s, reps=self._reps, holds=self._holds, minutes=minutes)]

    # what time brings

    def _greeting(self, view: LiveView) -> list[Cue]:
        if self._met or view.t_s is None:
            return []
        self._met = True
        return [cue("connected", view.t_s)]

    def _pose(self, view: LiveView) -> list[Cue]:
        """The thigh does not come to rest in a pose from which the exercise begins, though that has been told."""
        if view.state != "waiting for rest" or view.t_s is None or self._leading.coming:
            self._pose_s = self._t_s
            return []
        if self._t_s - self._pose_s < LOST_POSE_S or self._pose_told >= LOST_POSE_TIMES:
            return []
        self._pose_s, self._pose_told = self._t_s, self._pose_told + 1
        return [cue("get_in_position", self._t_s)]

    def _target_s(self, view: LiveView) -> float:
        spec = library().get(view.exercise)
        planned_s = self._plan[self._at].hold_target_s
        return spec.to_hold_s(planned_s) if spec is not None else planned_s or 0.0


def _newest_count(cues: list[Cue]) -> list[Cue]:
    """Several repetitions decided at once, as the first circles of a set, are one number."""
    last = max((i for i, c in enumerate(cues) if c.slot == "count"), default=None)
    return [c for i, c in enumerate(cues) if c.slot != "count" or i == last]

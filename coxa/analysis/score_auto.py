"""Judges `auto`: whether the right exercise was recognised in time in each set, asked for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coxa.analysis.score_truth import Truth
from coxa.host.events import Event, ExerciseRecognised, HoldStarted, RepCompleted
from coxa.host.exercises.spec import library

BY_REP = 3
"""By the end of this repetition of a set its exercise is to be known."""
HOLD_S = 3.0
"""Or so long after a hold has begun."""
DECISION_S = 0.6
"""What the decision may take beyond that: the goal of every other decision."""


@dataclass(frozen=True, slots=True)
class AutoSet:
    """One set, done with `auto`."""

    start_s: float
    exercise: str
    said: str | None
    """What was known of this set in time; None where it was unknown."""
    deadline_s: float
    """When it had to be known."""

    @property
    def right(self) -> bool:
        """Whether it is what was done."""
        return self.said == self.exercise


def judge_auto(truth: Truth, events: Sequence[Event]) -> list[AutoSet]:
    """Every set of a recording whose repetitions are known one by one, judged from the events of `auto`.

    Where no sets are told apart, blocks are sets, or all of the recording is one.
    """
    spans = [(s.start_s, s.end_s) for s in truth.sets or truth.blocks]
    out = list[AutoSet]()
    for start_s, end_s in spans or [(0.0, float("inf"))]:
        deadline_s = _deadline_s(truth, start_s, end_s)
        if deadline_s is not None:
            out.append(AutoSet(start_s, truth.exercise, _known(events, start_s, deadline_s), deadline_s))
    return out


def mistaken(truth: Truth, events: Sequence[Event]) -> list[ExerciseRecognised]:
    """Where `auto` took something for an exercise that was not done, in sets or between them."""
    never = truth.negative or truth.exercise not in library()
    return [e for e in events if isinstance(e, ExerciseRecognised) and (never or e.exercise != truth.exercise)]


def _deadline_s(truth: Truth, start_s: float, end_s: float) -> float | None:
    """When a set must be known; None where nothing in it must be found."""
    if truth.exercise in library() and library()[truth.exercise].kind == "hold":
        holds = [h.start_s for h in truth.holds if h.duty == "must" and start_s <= h.start_s < end_s]
        return holds[0] + HOLD_S + DECISION_S if holds else None
    ends = [r.end_s for r in truth.reps if r.duty == "must" and start_s <= (r.start_s + r.end_s) / 2 < end_s]
    return ends[min(BY_REP, len(ends)) - 1] + DECISION_S if ends else None


def _known(events: Sequence[Event], start_s: float, deadline_s: float) -> str | None:
    """The exercise of which something in the set was counted or begun in time; a name from before is not enough."""
    said: str | None = None
    for event in events:
        if event.decided_s > deadline_s:
            break
        if isinstance(event, RepCompleted | HoldStarted | ExerciseRecognised) and event.start_s >= start_s - 1.0:
            said = event.exercise
    return said

"""What is to be done: one set after the other."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.events import Direction, Side


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One set of a routine."""

    exercise: str
    side: Side | None = None
    reps: int | None = None
    """Repetitions (or holds) after which the set is done; None: open end."""
    hold_target_s: float | None = None
    """How long each hold must last; None: the exercise's own."""
    rest_s: float = 0.0
    """Rest that is offered after it; whoever goes on sooner is counted all the same."""
    direction: Direction | None = None
    """Which way to circle: told to the person, not enforced."""
    move_sensor: bool = False
    """Before this set the sensor moves to the other thigh."""

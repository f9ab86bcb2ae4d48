"""What is to be done: one set after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coxa.host.errors import SpecError
from coxa.host.events import Direction, Side
from coxa.host.exercises.spec import exercise, library
from coxa.host.tracker import AUTO


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
    check_strap: bool = False
    """Before this set the person stands still and lifts the knee three times: then it is known how the sensor sits."""


def open_set(name: str, side: Side | None, hold_target_s: float | None) -> SetPlan:
    """A set without an end, of an exercise by its name or of whatever is recognised.

    Raises:
        SpecError: the library has no such exercise, or nothing held so shortly would be a hold of it.
    """
    specs = list(library().values()) if name == AUTO else [exercise(name)]
    least_s = max((s.min_hold_s for s in specs if s.holds), default=0.0)
    if hold_target_s is not None and hold_target_s < least_s:
        what = "what is recognised" if name == AUTO else f"'{name}'"
        raise SpecError(f"--hold-target-s must be at least {least_s:g} for {what}, found {hold_target_s:g}")
    return SetPlan(name, side, None, hold_target_s)


def side_of(planned: SetPlan) -> str:
    """The thigh by a name; 'either' where the plan does not say."""
    return planned.side or "either"


def with_strap_checks(plan: tuple[SetPlan, ...]) -> tuple[SetPlan, ...]:
    """The same plan with a look at how the strap sits whenever it has been put on."""
    return tuple(replace(p, check_strap=i == 0 or p.move_sensor) for i, p in enumerate(plan))

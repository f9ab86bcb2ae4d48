"""A routine is a list of sets; the coach leads through them and moves on by what it has seen."""

from coxa.host.routine.coach import Coach, check_exercises
from coxa.host.routine.plan import SetPlan
from coxa.host.routine.told import counts

__all__ = ["Coach", "SetPlan", "check_exercises", "counts"]

"""A routine is a list of sets; the coach leads through them and moves on by what it has seen."""

from coxa.host.routine.coach import Coach, check_exercises, counts
from coxa.host.routine.plan import SetPlan

__all__ = ["Coach", "SetPlan", "check_exercises", "counts"]

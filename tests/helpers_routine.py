"""A short routine of every kind of step, and who does it."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from coxa.firmware_sim.scenario import Scenario, build_routine
from coxa.host.routine.file import parse_routine
from coxa.host.routine.plan import SetPlan

SHORT = """
name = "short"
[[step]]
exercise = "hip_circle"
leg = "either"
direction = "clockwise"
reps = 4
[[step]]
exercise = "knee_to_chest"
reps = 1
hold_s = 8
rest_s = 5
[[step]]
exercise = "lateral_leg_raise"
reps = 4
sets = 2
rest_s = 8
"""


@cache
def short(seed: int) -> tuple[tuple[SetPlan, ...], Scenario]:
    plan = parse_routine(SHORT, "short.toml").plan("right")
    return plan, build_routine([asdict(p) for p in plan], seed, 50.0)

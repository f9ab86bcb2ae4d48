"""How far a range of motion can be trusted."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.exercises.spec import ExerciseSpec

TILT_SD_DEG = 0.9
"""Error of the tilt after one still second: 0.9 (BMI270) to 1.2 degrees (LSM6DS3) in simulated sessions."""
BY_GRAVITY_SD_DEG = 4.0
"""Standard error of a peak's tilt without a gyro beyond that: ranges of motion of the kinematic recordings are then 3.1
degrees off in the mean, 1.2 with it."""


def rom_sd_deg(spec: ExerciseSpec) -> float:
    """Standard uncertainty of a range of motion: the sensor's tilt and what the flesh moves under the strap."""
    return hypot(TILT_SD_DEG, spec.tissue_sd_deg)


def less_certain(event: Event) -> Event:
    """What was measured without a gyro, with the uncertainty that this has; smoothness of a smoothed course is none."""
    if isinstance(event, RepCompleted):
        event = replace(event, smoothness=None)
    if isinstance(event, RepCompleted | HoldEnded) and event.rom_sd_deg is not None:
        return replace(event, rom_sd_deg=hypot(event.rom_sd_deg, BY_GRAVITY_SD_DEG))
    return event

"""A phone on a thigh."""

from __future__ import annotations

from functools import cache

from coxa.firmware_sim.phones.readings import Readings, read
from coxa.firmware_sim.scenario import build_routine

RAISES = 10


@cache
def readings(accel_hz: float = 100.0, gyro_hz: float = 100.0) -> Readings:
    """A person who does ten raises with a phone on the thigh."""
    return read(
        build_routine([{"exercise": "lateral_leg_raise", "side": "right", "reps": RAISES}], 3).raw, accel_hz, gyro_hz
    )

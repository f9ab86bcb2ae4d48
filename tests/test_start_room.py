"""Which start pose all directions about a rest fit is told without asking for each of them."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.body.posture import Posture
from coxa.host.exercises.spec import exercise
from coxa.host.motion.tangent import Vector, unit


def direction(rng: np.random.Generator) -> Vector:
    """Any."""
    x, y, z = rng.normal(size=3).tolist()
    return unit((x, y, z))


def off_by(up: Vector, room_deg: float, rng: np.random.Generator) -> Vector:
    """A direction up to so far from `up`, half of the time as far as that."""
    away = np.cross(up, direction(rng))
    angle = np.radians(room_deg * max(rng.uniform(-1.0, 1.0), 0.0) if rng.random() < 0.5 else room_deg)
    x, y, z = (np.cos(angle) * np.array(up) + np.sin(angle) * away / np.linalg.norm(away)).tolist()
    return unit((x, y, z))


@pytest.mark.parametrize("name", ["lateral_leg_raise", "leg_raise", "knee_to_chest", "hip_bridge", "figure_four"])
def test_a_start_pose_with_room_is_that_of_every_direction_in_it(name: str) -> None:
    """For a known posture, wherever the sensor sits."""
    rng, starts, certain = np.random.default_rng(1), exercise(name).start, 0
    posture = Posture()
    posture.tell(Mounting(anterior=(1.0, 0.0, 0.0), proximal=(0.0, 1.0, 0.0)))
    for _ in range(2000):
        up, room_deg = direction(rng), float(rng.choice([0.1, 2.0, 10.0, 40.0]))
        start = posture.start_of(up, starts, room_deg)
        if start is None:
            continue
        certain += 1
        near = [up, *(off_by(up, 0.999 * room_deg, rng) for _ in range(12))]
        assert {posture.start_of(one, starts) for one in near} == {start}
    assert certain > 50

"""A drawn figure for each exercise: joints of a stick figure at both ends of the movement."""

from __future__ import annotations

import json
from functools import cache
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Pose: TypeAlias = dict[str, Point]
"""Joints in a square of 100 by 100, y down: head, neck, hip, knee, foot of the working leg, knee2, foot2 of the other,
elbow, hand."""


def _pose(*points: Point) -> Pose:
    names = ("head", "neck", "hip", "knee", "foot", "knee2", "foot2", "elbow", "hand")
    return dict(zip(names, points, strict=True))


_STAND = _pose((50, 12), (50, 22), (50, 50), (51, 70), (51, 92), (49, 70), (48, 92), (42, 36), (47, 47))
_SUPINE = _pose((8, 72), (17, 75), (45, 77), (68, 77), (92, 77), (68, 78), (92, 79), (26, 82), (36, 82))
_SIDE = _pose((8, 68), (17, 72), (45, 74), (68, 74), (91, 74), (67, 78), (90, 79), (22, 82), (10, 82))

FIGURES: dict[str, tuple[Pose, Pose]] = {
    "hip_circle": (
        _pose((50, 12), (49, 22), (44, 50), (48, 70), (47, 92), (52, 70), (54, 92), (36, 38), (42, 48)),
        _pose((50, 12), (51, 22), (56, 50), (49, 70), (47, 92), (54, 70), (54, 92), (48, 38), (54, 48)),
    ),
    "hamstring_stretch": (
        _pose((40, 20), (41, 30), (40, 62), (62, 68), (84, 82), (56, 66), (54, 90), (48, 44), (54, 56)),
        _pose((62, 28), (56, 36), (40, 62), (62, 68), (84, 82), (56, 66), (54, 90), (64, 50), (74, 66)),
    ),
    "knee_to_chest": (
        _SUPINE,
        _pose((8, 72), (17, 75), (45, 77), (32, 55), (54, 62), (68, 78), (92, 79), (24, 64), (34, 58)),
    ),
    "figure_four": (
        _STAND,
        _pose((44, 18), (46, 28), (40, 56), (62, 58), (54, 68), (58, 70), (52, 92), (58, 40), (68, 46)),
    ),
    "hip_bridge": (
        _pose((8, 76), (17, 78), (45, 79), (62, 58), (66, 84), (63, 59), (67, 84), (28, 83), (40, 84)),
        _pose((8, 76), (17, 77), (45, 62), (66, 54), (66, 84), (67, 55), (67, 84), (28, 83), (40, 84)),
    ),
    "lateral_leg_raise": (
        _SIDE,
        _pose((8, 68), (17, 72), (45, 74), (64, 60), (83, 46), (67, 78), (90, 79), (22, 82), (10, 82)),
    ),
    "lunge": (
        _STAND,
        _pose((46, 16), (46, 26), (46, 54), (68, 62), (68, 90), (34, 76), (16, 90), (38, 40), (45, 52)),
    ),
    "leg_raise": (
        _SUPINE,
        _pose((8, 72), (17, 75), (45, 77), (58, 57), (71, 38), (68, 78), (92, 79), (26, 82), (36, 82)),
    ),
}
"""Start pose and far end of each exercise of the library."""


@cache
def figures_json() -> str:
    """All figures for the browser; it moves from one pose to the other as the thigh does."""
    return json.dumps({name: {"from": start, "to": end} for name, (start, end) in FIGURES.items()})

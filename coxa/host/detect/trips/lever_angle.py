"""How steep the lever is of a thigh that is raised again and again: how it lies at rest, before any posture."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees, sqrt
from typing import NamedTuple

import numpy as np

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.height import lever_rows


class LeverAngle(NamedTuple):
    """The angle of the lever from the joint to the sensor, of which a level one of a thigh that is raised has 0."""

    deg: float
    """90 hangs from the joint, -90 stands on it."""
    sd_deg: float
    """Its standard error."""
    length_m: float


def lever_angle(trips: Sequence[Excursion]) -> LeverAngle | None:
    """The angle of the lever by which these trips, all of one set, moved the sensor; None where too little was seen.

    One movement hardly tells both of its parts, some do together (`height.levers_m`).
    """
    rows = [row for trip in trips if (row := lever_rows(trip)) is not None]
    if not rows:
        return None
    columns, felt = np.concatenate([c for c, _ in rows]), np.concatenate([f for _, f in rows])
    p = trips[-1].params
    held = np.diag([p.lever_weight, p.lever_weight, p.error_weight, p.error_weight])
    spread = np.linalg.inv(columns.T @ columns + held)
    solved = spread @ columns.T @ felt
    across_m, below_m = float(solved[0]), float(solved[1])
    left = felt - columns @ solved
    noise = float(left @ left) / len(left) * p.smooth_ticks
    turns = np.array([-below_m, across_m]) / max(across_m**2 + below_m**2, 1e-6)
    sd = sqrt(max(float(turns @ (spread[:2, :2] * noise) @ turns), 0.0))
    return LeverAngle(degrees(atan2(below_m, across_m)), degrees(sd), sqrt(across_m**2 + below_m**2))

"""How high a trip took the sensor, and how, made tick by tick."""

from __future__ import annotations

from math import cos, degrees, pi, radians

import numpy as np
import pytest

from coxa.host.detect.still import Tick
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.detect.trips.verdict import why_not
from coxa.host.exercises.spec import exercise
from coxa.host.motion.ticks import TICK_S
from coxa.host.reasons import Reason
from coxa.host.samples import FloatArray
from tests.helpers_ticks import UPRIGHT, up_at


@pytest.mark.parametrize("lever_m", [0.2, 0.35])
@pytest.mark.parametrize("lies", [True, False])
def test_the_swing_of_a_leg_explains_what_it_feels(lever_m: float, lies: bool) -> None:
    """However quickly it is raised, from hanging or from level; two such levers at once are longer than a thigh."""
    angles = [radians(50.0) * 0.5 * (1.0 - cos(2.0 * pi * k / 32)) for k in range(33)]
    level, hanging = np.sin(angles), 1.0 - np.cos(angles)

    def unexplained(heights_m: FloatArray) -> float:
        trip, rises = Excursion(UPRIGHT, 0.0, settled=True), np.gradient(np.gradient(heights_m, TICK_S), TICK_S)
        for k, (a, rise) in enumerate(zip(angles, rises.tolist(), strict=True)):
            trip.extend([Tick(k * TICK_S, up_at(degrees(a), 0.0), 50.0, 0.1, rise)], [False])
        return height.unexplained_mps2(trip, 5, hangs=not lies)

    swing = lever_m * (level if lies else hanging)
    assert unexplained(swing) < 0.25 * float(np.gradient(np.gradient(swing, TICK_S), TICK_S).std())
    assert unexplained(lever_m * (level + 2.0 * hanging) * (0.7 / lever_m)) > 1.0


@pytest.mark.parametrize(("lead_mps2", "reason"), [([2.0] * 6, None), ([], Reason.WENT_DOWN)])
def test_hips_that_are_lifted_by_a_jerk_have_not_been_let_down(lead_mps2: list[float], reason: Reason | None) -> None:
    """Claim: the sensor has its speed before the thigh has turned away from where it rested, and only loses it on the
    way that is a trip: without what was felt before, it seems to sink.
    """
    spec, rest_deg = exercise("hip_bridge"), 130.0
    one = Excursion(up_at(rest_deg, 0.0), 0.0, settled=True, rest_rise_mps2=0.0, lead_rise_mps2=lead_mps2)
    for k in range(25):
        tick = Tick(k * TICK_S, up_at(rest_deg - min(3.0 + k, 25.0), 0.0), 25.0, 0.1, -1.0 if k < 12 else 0.0)
        one.extend([tick], [False])
    why = why_not(one, spec, spec.start[0], 12.0, UPRIGHT, TripParams())
    assert (why and why.reason) == reason

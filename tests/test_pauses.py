"""Between raises a leg pauses, between steps it does not: what that tells while nobody has been seen to stand."""

from __future__ import annotations

from math import pi, sin

import pytest

from coxa.host.detect.still import Tick
from coxa.host.events import RepCompleted
from tests.test_ways import Knot, ticks_of, told


def jolted(ticks: list[Tick]) -> list[Tick]:
    """The same, with the sensor going up and down by 1 m/s2 twice a second while the thigh moves, as in steps."""
    return [k._replace(rise_mps2=sin(4.0 * pi * k.t_s) if k.rate_dps > 2.0 else 0.0) for k in ticks]


@pytest.mark.parametrize(("pauses", "counted"), [(True, 6), (False, 0)])
def test_who_pauses_between_raises_is_not_walking(*, pauses: bool, counted: int) -> None:
    """Of a thigh that nobody has seen stand, quick raises which jolt as steps do are raises if it pauses before each
    (`ptx_s1_leg_raise_f`, `ptx_s4_lateral_leg_raise_e` from their quick blocks on).
    """
    pause: list[Knot] = [(1.0, 0.0, 0.0)] if pauses else []
    trips: list[Knot] = [k for _ in range(6) for k in ((0.8, 30.0, 0.0), (0.8, 0.0, 0.0), *pause)]
    ticks = jolted(ticks_of((3.0, 0.0, 0.0), *trips, (3.0, 0.0, 0.0)))
    assert sum(isinstance(e, RepCompleted) for e in told("leg_raise", ticks)) == counted

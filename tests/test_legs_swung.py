"""Who swings the legs on to the mat turns the sensor as one who turns on the spot does; only the latter stands."""

from __future__ import annotations

import math

import pytest

from coxa.host.detect.body.gait import turns, turns_about_up
from coxa.host.detect.body.gait_params import GaitParams
from coxa.host.detect.still import Tick
from coxa.host.motion.ticks import TICK_S

TURN_DPS = 90.0


def turned(by_deg: float, *, sinks_deg: float = 0.0, before_deg: float = 0.0) -> list[Tick]:
    """A second at rest, `before_deg` from where a turn by so much begins, and the turn, in which the thigh sinks."""
    count = round(by_deg / TURN_DPS / TICK_S)
    tilts = [before_deg] * 13 + [before_deg * (1 - k / 12) for k in range(12)]
    tilts += [sinks_deg * k / count for k in range(count + 1)]
    rates = [0.0] * 25 + [TURN_DPS] * (count + 1)
    ups = [(math.sin(math.radians(a)), 0.0, math.cos(math.radians(a))) for a in tilts]
    return [Tick(k * TICK_S, up, rate, 0.0, 0.0) for k, (up, rate) in enumerate(zip(ups, rates, strict=True))]


@pytest.mark.parametrize(("ticks", "stands"), [
    (turned(90.0), True),
    (turned(90.0, sinks_deg=5.0), True),
    (turned(90.0, sinks_deg=14.0), False),
    (turned(90.0, before_deg=25.0), False),
    (turned(45.0), False),
], ids=["on the spot", "swaying", "the thigh sinks", "it has just come up", "too short a turn"])  # fmt: skip
def test_up_stays_where_it_is_in_a_turn_on_the_spot(ticks: list[Tick], stands: bool) -> None:
    """All of them are turns; one that contradicts what was supposed must be about up, which was there before."""
    assert turns(ticks, GaitParams())
    assert turns_about_up(ticks, GaitParams()) is stands

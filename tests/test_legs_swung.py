"""Who swings the legs on to the mat turns the sensor as one who turns on the spot does; only the latter stands."""

from __future__ import annotations

import math

import pytest

from coxa.host.detect.body.gait import turns, turns_about_up
from coxa.host.detect.body.gait_params import GaitParams
from coxa.host.detect.still import Tick
from coxa.host.events import RepCompleted
from coxa.host.motion.tangent import unit
from coxa.host.motion.ticks import TICK_S
from tests.helpers_ticks import UPRIGHT, Knot, after_each_other, felt, looked, spun, through, ticks_of, told, up_at

TURN_DPS = 90.0
SITS: list[Knot] = [(3.0, 0.0, 0.0), (1.5, 85.0, 0.0), (2.0, 85.0, 0.0)]
ON_THE_BOTTOM = after_each_other(spun(up_at(85.0, 0.0), 1.5))
"""By 90 degrees: the thigh stays as level as it was."""


def turned(by_deg: float, *, sinks_deg: float = 0.0, before_deg: float = 0.0) -> list[Tick]:
    """A second at rest, `before_deg` from where a turn by so much begins, and the turn, in which the thigh sinks."""
    count = round(by_deg / TURN_DPS / TICK_S)
    tilts = [before_deg] * 13 + [before_deg * (1 - k / 12) for k in range(12)]
    tilts += [sinks_deg * k / count for k in range(count + 1)]
    rates = [0.0] * 25 + [TURN_DPS] * (count + 1)
    ups = [(math.sin(math.radians(a)), 0.0, math.cos(math.radians(a))) for a in tilts]
    return [Tick(k * TICK_S, up, rate, 0.0, 0.0) for k, (up, rate) in enumerate(zip(ups, rates, strict=True))]


@pytest.mark.parametrize(("ticks", "stands"), [
    (turned(150.0), True),
    (turned(150.0, sinks_deg=5.0), True),
    (turned(150.0, sinks_deg=22.0), False),
    (turned(150.0, before_deg=25.0), False),
    (turned(45.0), False),
    (turned(95.0), False),
], ids=["on the spot", "swaying", "the thigh sinks", "it has just come up", "too short", "on the bottom"])  # fmt: skip
def test_up_stays_where_it_is_in_a_turn_on_the_spot(ticks: list[Tick], stands: bool) -> None:
    """All of them are turns; one that contradicts what was supposed must be about up, which was there before."""
    assert turns(ticks, GaitParams())
    assert turns_about_up(ticks, GaitParams()) is stands


def test_a_turn_on_the_bottom_shows_no_other_upright() -> None:
    """It is one by all that is seen of it, but where somebody is supposed to sit it shows nothing."""
    *_, posture = looked(after_each_other(ticks_of(*SITS), ON_THE_BOTTOM))
    assert turns(ON_THE_BOTTOM, GaitParams())
    assert posture.supposed
    assert posture.tilt_deg(UPRIGHT) == pytest.approx(0.0, abs=1.0)


def test_a_turn_where_somebody_is_supposed_to_stand_shows_that_they_do() -> None:
    """The same turn, upright again after a seat."""
    stands = ticks_of(*SITS, (1.5, 0.0, 0.0), (1.0, 0.0, 0.0))
    *_, posture = looked(after_each_other(stands, spun(UPRIGHT, 1.5)))
    assert posture.sure
    assert posture.tilt_deg(UPRIGHT) == pytest.approx(0.0, abs=1.0)


def test_raises_on_the_side_count_after_legs_were_swung_on_to_a_bed() -> None:
    """Sits down on its edge, turns, lies down and rolls onto the side."""
    lies: list[Knot] = [(1.0, 90.0, 0.0), (1.5, 90.0, 90.0), (3.0, 90.0, 90.0)]
    raises: list[Knot] = [(1.0, 125.0, 90.0), (1.0, 90.0, 90.0), (1.0, 90.0, 90.0)] * 4
    split, lain = len(ticks_of(*SITS)), len(ticks_of(*SITS, *lies))
    moved = ticks_of(*SITS, *lies, *raises, (3.0, 90.0, 90.0))
    whole = after_each_other(moved[:split], ON_THE_BOTTOM, moved[split:])
    ticks = felt(whole, 0.25, whole[lain + len(ON_THE_BOTTOM) - 1].t_s)
    assert sum(isinstance(e, RepCompleted) for e in told("lateral_leg_raise", ticks)) == 4


def knocked(ticks: list[Tick]) -> list[Tick]:
    """The same, with a knock in each as of a foot that comes down."""
    return [k._replace(shock_mps2=4.5) for k in ticks]


def test_a_leg_that_lies_and_is_raised_with_jerks_does_not_walk() -> None:
    """A few steps have shown where upright is, too few to be a walk. Raises on the side whose top bounces swing and
    knock as steps do, but from where the thigh rests now: that is no other upright.
    """
    stands, lies = (2.0, 0.0, 0.0), (2.5, 90.0, 90.0)
    steps: list[Knot] = [(0.3, 30.0, 0.0), (0.3, 0.0, 0.0)] * 3
    bounces: list[Knot] = [(0.4, 125.0, 90.0), *[(0.25, 110.0, 90.0), (0.25, 125.0, 90.0)] * 3, (0.5, 90.0, 90.0)]
    at = [len(ticks_of(*knots)) for knots in ([stands], [stands, *steps], [stands, *steps, stands, lies, lies])]
    ticks = ticks_of(stands, *steps, stands, lies, lies, *[*bounces, (1.0, 90.0, 90.0)] * 4)
    steps_end = at[1] - 10
    walked = [*ticks[:steps_end], *knocked(ticks[steps_end : at[1]]), *ticks[at[1] : at[2]], *knocked(ticks[at[2] :])]
    said = told("lateral_leg_raise", felt(walked, 0.25, walked[at[2]].t_s))
    assert sum(isinstance(e, RepCompleted) for e in said) == 4


@pytest.mark.parametrize(("across_deg", "walks"), [(0.0, True), (4.0, True), (9.0, False)])
def test_a_thigh_that_walks_swings_in_one_plane(across_deg: float, walks: bool) -> None:
    """A sensor in the hand swings as far and as quickly, and knocks as hard, but goes all ways; nobody stands there."""
    turns_rad = [2.0 * math.pi * 0.9 * k * TICK_S for k in range(150)]
    tilts_rad = [math.radians(50.0 + 20.0 * math.sin(a)) for a in turns_rad]
    asides = [math.sin(math.radians(across_deg)) * math.sin(1.6 * a) for a in turns_rad]
    ups = [unit((math.sin(tilt), math.cos(tilt), aside)) for tilt, aside in zip(tilts_rad, asides, strict=True)]
    *_, posture = looked(after_each_other(through(ups, 4.0)))
    assert posture.sure is walks

"""What tells a walk from an exercise: between raises a leg pauses, and hips that circle do not bob."""

from __future__ import annotations

from itertools import pairwise
from math import atan2, cos, degrees, hypot, pi, sin

import pytest

from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.circles.circle_params import CircleParams
from coxa.host.detect.still import StillFinder, Tick, Ticks
from coxa.host.events import RepCompleted, RepRejected
from coxa.host.motion.tangent import angle_deg
from coxa.host.motion.ticks import TICK_HZ
from coxa.host.reasons import Reason
from coxa.host.tracker import Tracker
from tests.helpers_ticks import FRONT, UPRIGHT, Knot, after_each_other, paced, swung, ticks_of, told, up_at

Place = tuple[float, float]
"""How far a thigh leans forward and sideways, degrees."""


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


def along(points: list[tuple[float, float]], bob_mps2: float = 0.0) -> list[Tick]:
    """A thigh that leans so far forward and sideways, degrees, at each tick; the sensor bobs by so much 1.6 times a
    second.
    """
    ups = [up_at(hypot(x, y), degrees(atan2(y, x))) for x, y in points]
    dps = [0.0, *(angle_deg(a, b) * TICK_HZ for a, b in pairwise(ups))]
    rises = [bob_mps2 * sin(2.0 * pi * 1.6 * k / TICK_HZ) for k in range(len(ups))]
    return [Tick(0.0, up, d, 0.1, rise) for up, d, rise in zip(ups, dps, rises, strict=True)]


def round_deg(turns: float, turn_s: float, radius_deg: float = 6.0) -> list[tuple[float, float]]:
    """Round a circle of that size through upright."""
    n = round(turns * turn_s * TICK_HZ)
    ways = [2.0 * pi * turns * k / n for k in range(n)]
    return [(radius_deg * (1.0 - cos(a)), radius_deg * sin(a)) for a in ways]


@pytest.mark.parametrize(("bob_mps2", "counted"), [(0.0, 6), (1.2, 0)])
def test_strides_that_wind_round_bob(bob_mps2: float, counted: int) -> None:
    """Soft short strides turn the thigh no faster than quick circles and wind round as they do, but the pelvis goes up
    at each step.
    """
    ticks = after_each_other(
        ticks_of((3.0, 0.0, 0.0)), along(round_deg(6.0, 1.28), bob_mps2), ticks_of((3.0, 0.0, 0.0))
    )
    assert sum(isinstance(e, RepCompleted) for e in told("hip_circle", ticks)) == counted


def test_strides_tell_nothing_of_how_large_circles_are() -> None:
    """Who walks to where the hips are circled goes round with the thigh, too, much further."""
    ways = [2.0 * pi * k / 30 for k in range(90)]
    strides, rests = [(24.0 * (1.0 - cos(a)), 8.0 * sin(a)) for a in ways], ticks_of((3.0, 0.0, 0.0))
    ticks = after_each_other(rests, along(strides), rests, along(round_deg(4.0, 3.0, 4.0)), rests)
    assert sum(isinstance(e, RepCompleted) for e in told("hip_circle", ticks)) == 4


@pytest.mark.parametrize(("goes_round", "counted"), [(True, 4), (False, 3)])
def test_who_bends_after_the_last_circle_has_not_circled_again(*, goes_round: bool, counted: int) -> None:
    """The last turn of a set is whole though the hips stop short of where it began; leaning forward after the set, and
    resting half way back from there, is none.
    """
    leans = [(9.0 * (1.0 - cos(1.5 * pi * k / 75)), 0.0) for k in range(75)]
    last = round_deg(0.75, 3.0) if goes_round else leans
    path = [*round_deg(3.0, 3.0), *last, *[last[-1]] * 75]
    ticks = after_each_other(ticks_of((3.0, 0.0, 0.0)), along(path))
    assert sum(isinstance(e, RepCompleted) for e in told("hip_circle", ticks)) == counted


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("radius_deg", [4.0, 8.0])
@pytest.mark.parametrize("pause_s", [1.0, 3.0])
def test_circles_done_one_by_one_count(radius_deg: float, pause_s: float, *, known: bool) -> None:
    """Each from rest to rest, be they small, and whether or not the person is known to stand."""
    rest, pause = ticks_of((3.0, 0.0, 0.0)), ticks_of((pause_s, 0.0, 0.0))
    circles = [part for _ in range(6) for part in (along(round_deg(1.0, 3.0, radius_deg)), pause)]
    tracker = Tracker("hip_circle")
    if known:
        tracker.remount("hip_circle", None, None, Mounting(UPRIGHT, FRONT))
    events = [e for k in after_each_other(rest, *circles) for e in tracker.take(Ticks.single(k))]
    assert [type(e) for e in events] == [RepCompleted] * 6
    assert [e.index for e in events if isinstance(e, RepCompleted)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("turns", [0.6, 0.75])
def test_half_a_circle_ends_too_far_from_where_it_began(turns: float) -> None:
    """From rest to another place on the circle: told as what it is, with a limit that it does not keep."""
    half = round_deg(turns, 3.0, 8.0)
    ticks = after_each_other(ticks_of((3.0, 0.0, 0.0)), along([*half, *[half[-1]] * 50]))
    (event,) = told("hip_circle", ticks)
    assert isinstance(event, RepRejected)
    assert event.reason == Reason.HALF_CIRCLE
    assert event.measured > event.needed == CircleParams().close_share


def eased(start: Place, end: Place, lasts_s: float) -> list[Place]:
    """Straight from one place to another, smoothly, or at rest where they are one."""
    n = round(lasts_s * TICK_HZ)
    shares = [0.5 - 0.5 * cos(pi * k / n) for k in range(1, n + 1)]
    return [(start[0] + k * (end[0] - start[0]), start[1] + k * (end[1] - start[1])) for k in shares]


def oval(turns: float, turn_s: float, half_axes_deg: Place, start: Place, phase: float = 0.0) -> list[Place]:
    """Round an oval through that place, which lies at that phase of it."""
    n, (a, b) = round(turns * turn_s * TICK_HZ), half_axes_deg
    ways = [phase + 2.0 * pi * turns * k / n for k in range(1, n + 1)]
    return [(start[0] + a * (cos(w) - cos(phase)), start[1] + b * (sin(w) - sin(phase))) for w in ways]


def counted(path: list[Place]) -> int:
    """Circles counted of who stands, goes along that path, and rests at its end."""
    ticks = after_each_other(ticks_of((3.0, 0.0, 0.0)), along([*path, *eased(path[-1], path[-1], 3.0)]))
    return sum(isinstance(e, RepCompleted) for e in told("hip_circle", ticks))


@pytest.mark.parametrize("shift_deg", [2.0, 3.0, 5.0])
@pytest.mark.parametrize("pause_s", [0.1, 0.4])
@pytest.mark.parametrize("way", [0.0, 2.0, 4.0])
def test_hips_may_shift_before_they_circle(shift_deg: float, pause_s: float, way: float) -> None:
    """Where they were shifted to is the middle of the circles, too short a rest to be one, and they never come back
    there: turns begin further on.
    """
    here = (shift_deg * cos(way), shift_deg * sin(way))
    out = (here[0] + 8.0, here[1])
    shift = [*eased((0.0, 0.0), here, 0.6), *eased(here, here, pause_s)]
    assert counted([*shift, *eased(here, out, 0.7), *oval(5.0, 3.0, (8.0, 7.2), out), *eased(out, here, 0.7)]) == 5


@pytest.mark.parametrize("phase", [0.0, 1.6, 3.1])
def test_half_a_circle_and_straight_back_is_no_circle(phase: float) -> None:
    """Who circles through the place that the hips were shifted to ends near where a turn began, however they came
    there.
    """
    here = (2.0, 0.0)
    circles = oval(4.4, 4.0, (8.0, 8.0), here, phase)
    shift = [*eased((0.0, 0.0), here, 0.6), *eased(here, here, 0.2)]
    assert counted([*shift, *circles, *eased(circles[-1], here, 0.5)]) == 4


@pytest.mark.parametrize("thick_deg", [1.8, 2.2])
@pytest.mark.parametrize("phase", [1.4, 1.57])
@pytest.mark.parametrize("turn_s", [4.0, 5.0])
def test_thin_circles_that_begin_between_their_ends_count_once(thick_deg: float, phase: float, turn_s: float) -> None:
    """Half way round they pass where they began, on the other side."""
    here = (0.0, 3.0)
    shift = [*eased((0.0, 0.0), here, 0.6), *eased(here, here, 0.4)]
    assert counted([*shift, *oval(6.0, turn_s, (13.0, thick_deg), here, phase)]) == 6


@pytest.mark.parametrize("sway_deg", [0.0, 1.0])
def test_swaying_to_and_fro_is_no_circle(sway_deg: float) -> None:
    """Hips that go out and back one time after the other, with a rest between, and hardly wind round."""
    ways = [2.0 * pi * k / 75 for k in range(75)]
    sways = along([(8.0 * (1.0 - cos(a)), sway_deg * sin(a)) for a in ways])
    parts = [part for _ in range(6) for part in (sways, ticks_of((1.5, 0.0, 0.0)))]
    events = told("hip_circle", after_each_other(ticks_of((3.0, 0.0, 0.0)), *parts))
    assert not any(isinstance(e, RepCompleted) for e in events)


def test_a_tired_person_is_measured_by_the_set() -> None:
    """Who sways while resting for 16 s has not rested for 8, and all the same begins another set: circles of a third of
    the size count there. After a moment's rest in a set they do not.
    """

    def counted(sways: int) -> int:
        sway: list[Knot] = [k for _ in range(sways) for k in ((2.5, 0.0, 0.0), (0.7, 2.0, 0.0), (0.8, 0.0, 0.0))]
        rest = ticks_of((1.5, 0.0, 0.0), *sway)
        parts = (along(round_deg(4.0, 2.5, 12.0)), rest, along(round_deg(4.0, 2.5, 4.0)), ticks_of((3.0, 0.0, 0.0)))
        events = told("hip_circle", after_each_other(ticks_of((3.0, 0.0, 0.0)), *parts))
        return sum(isinstance(e, RepCompleted) for e in events)

    assert (counted(4), counted(1)) == (8, 4)


@pytest.mark.parametrize(("swing_deg", "bobs", "stands"), [
    (15.0, 2, True), (15.0, 1, False), (0.0, 2, False),
], ids=["walks", "is raised and lowered", "is shaken"])  # fmt: skip
def test_who_walks_without_a_knock_stands(swing_deg: float, bobs: int, stands: bool) -> None:
    """A thigh that swings evenly while the hips bob twice in each stride walks, however softly the feet come down; so a
    chair on which the sensor was switched on is no upright. A leg that is moved goes up and down as often as it swings.
    """
    sat = ticks_of((2.0, 0.0, 0.0))  # taken for upright, 85 degrees off what the walk swings about
    walk = paced(85.0, swing_deg, 150, bobs)
    rest, posture = StillFinder(), Posture()
    for tick in after_each_other(sat, ticks_of((1.5, 85.0, 0.0)), walk):
        one = Ticks.single(tick)
        rest.look(one)
        posture.look(one)
        rest.at(0)
        posture.update(0, rest)
        rest.settle()
        posture.settle()
    upright = posture.upright() if posture.sure else None
    assert (upright is not None and angle_deg(upright, up_at(85.0, 0.0)) < 15.0) is stands


def test_who_has_walked_softly_needs_no_second_raise() -> None:
    """Claim: also where the exercise is named: the first raise of somebody who stands counts alone, if the soft steps
    before it were seen; whoever may as well lie on the mat must raise the leg alike once more, unless its own swing
    tells that it hangs.
    """
    walk = paced(0.0, 15.0, 150)
    stands, raised = ticks_of((3.0, 0.0, 0.0)), ticks_of((1.0, 35.0, 0.0), (0.8, 35.0, 0.0), (1.0, 0.0, 0.0))
    counted = [
        sum(isinstance(e, RepCompleted) for e in told("leg_raise", after_each_other(stands, *parts, raises, stands)))
        for parts, raises in (((walk, stands), swung(raised, 0.1)), ((), swung(raised, 0.1)), ((), swung(raised)))
    ]
    assert counted == [1, 0, 1]


@pytest.mark.parametrize("way_s", [0.36, 0.44])
def test_quick_raises_of_who_lies_are_no_walk(way_s: float) -> None:
    """They knock as hard and swing as quickly as strides, but from where the leg rested, to one side of it and back."""
    lies: list[Knot] = [(3.0, 0.0, 0.0), (2.0, 85.0, 0.0), (2.5, 85.0, 0.0)]
    one: list[Knot] = [(way_s, 135.0, 0.0), (0.3, 135.0, 0.0), (way_s, 85.0, 0.0), (0.3, 85.0, 0.0)]
    ticks = ticks_of(*lies, *(one * 8), (3.0, 85.0, 0.0))
    ticks = [k._replace(shock_mps2=5.0 if k.t_s > 7.0 and k.rate_dps > 60.0 else 0.1) for k in ticks]
    assert sum(isinstance(e, RepCompleted) for e in told("leg_raise", ticks)) == 8

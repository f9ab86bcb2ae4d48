"""Bridges of who lies with bent knees, made tick by tick: what the legs do besides costs none and is none."""

from __future__ import annotations

from math import cos, radians

import numpy as np
import pytest

from coxa.host.detect.still import Tick
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted, RepRejected
from coxa.host.motion.tangent import angle_deg
from coxa.host.motion.ticks import TICK_S
from coxa.host.reasons import Reason
from tests.helpers_ticks import Knot, felt, ticks_of, told, up_at

BENT_DEG = 135.0
STANDS: Knot = (2.0, 0.0, 0.0)
LIES: list[Knot] = [(1.5, 60.0, 0.0), (1.5, BENT_DEG, 0.0), (2.0, BENT_DEG, 0.0)]
LIES_FROM_THE_FIRST: list[Knot] = [(0.04, BENT_DEG, 0.0), (2.0, BENT_DEG, 0.0)]
HANGING_M = 0.35
LEVER_M = 0.1
"""The lever at whose end lifted hips lift the sensor; legs that are stretched out let it down."""


JERKED_M = -0.6
"""And the one at whose end hips seem to be that jerk on their way."""


def lifted(times: int, rest_deg: float = BENT_DEG, held_s: float = 2.5) -> list[Knot]:
    """Bridges of 25 degrees from there, each held for some such time."""
    up: list[Knot] = [(0.8, rest_deg - 25.0, 0.0), (held_s, rest_deg - 25.0, 0.0)]
    return [*up, (0.8, rest_deg, 0.0), (1.3, rest_deg, 0.0)] * times


def stretched(straight_deg: float, way_s: float = 0.7) -> list[Knot]:
    """Bent legs that are stretched out for a moment and bent again."""
    return [(way_s, straight_deg, 0.0), (1.2, straight_deg, 0.0), (1.0, BENT_DEG, 0.0), (3.0, BENT_DEG, 0.0)]


def felt_from(begins: list[Knot], *parts: tuple[list[Knot], float]) -> list[Tick]:
    """Who begins so and then does these, each with the lever that it has."""
    knots, ticks, after_s = list(begins), ticks_of(*begins), ticks_of(*begins)[-1].t_s
    for part, lever_m in parts:
        knots += part
        ticks += felt(ticks_of(*knots), lever_m, after_s)[len(ticks) :]
        after_s = ticks[-1].t_s
    return ticks


def counted(said: list[Event]) -> tuple[list[RepCompleted], list[HoldEnded]]:
    """Bridges and what was held in them."""
    return [e for e in said if isinstance(e, RepCompleted)], [e for e in said if isinstance(e, HoldEnded)]


@pytest.mark.parametrize("begins", [[STANDS, *LIES], LIES_FROM_THE_FIRST])
@pytest.mark.parametrize("rests_s", [1.5, 4.0])
def test_who_has_shifted_the_feet_lifts_the_hips_from_there(begins: list[Knot], rests_s: float) -> None:
    """Feet that are moved away by a little turn the thigh as a low bridge does, and it lies still there: what is lifted
    from there and comes back shows that the hips rest.
    """
    shifted_deg = BENT_DEG - 13.0
    shifts: list[Knot] = [(0.6, shifted_deg, 0.0), (rests_s, shifted_deg, 0.0)]
    ticks = felt_from(begins, (shifts, 0.0), (lifted(4, shifted_deg), LEVER_M))
    reps, holds = counted(told("hip_bridge", ticks))
    assert [e.rom_deg for e in reps] == pytest.approx([25.0] * 4, abs=1.0)
    assert [e.held_s for e in holds] == pytest.approx([2.9] * 4, abs=0.3)


@pytest.mark.parametrize("begins", [[STANDS, *LIES], LIES_FROM_THE_FIRST])
def test_who_holds_for_long_has_lifted_the_hips_from_where_they_rested(begins: list[Knot]) -> None:
    """The same where the first bridge is held for longer than a grip may be let go: the stay before it was a rest, not
    a low bridge that was left.
    """
    shifted_deg = BENT_DEG - 13.0
    shifts: list[Knot] = [(0.6, shifted_deg, 0.0), (4.0, shifted_deg, 0.0)]
    ticks = felt_from(begins, (shifts, 0.0), (lifted(3, shifted_deg, held_s=9.0), LEVER_M))
    reps, holds = counted(told("hip_bridge", ticks))
    assert [e.rom_deg for e in reps] == pytest.approx([25.0] * 3, abs=1.0)
    assert [e.held_s for e in holds] == pytest.approx([9.4] * 3, abs=0.3)


@pytest.mark.parametrize(
    ("shifted_deg", "beside_deg"), [(BENT_DEG + 7.0, 10.0), (BENT_DEG + 9.0, 6.0), (BENT_DEG - 13.0, 8.0)]
)
def test_who_lies_otherwise_since_he_shifted_lifts_the_hips_from_there(shifted_deg: float, beside_deg: float) -> None:
    """To the side, or against the way of the bridges: hips that come down may pass near where they rested before, and
    rest where they were lifted from.
    """
    rests: Knot = (2.5, shifted_deg, beside_deg)
    up: list[Knot] = [(0.8, shifted_deg - 25.0, beside_deg), (1.5, shifted_deg - 25.0, beside_deg)]
    lifts = [*up, (0.8, shifted_deg, beside_deg), (1.3, shifted_deg, beside_deg)] * 4
    ticks = felt_from(LIES_FROM_THE_FIRST, ([(0.6, shifted_deg, beside_deg), rests], 0.0), (lifts, LEVER_M))
    reps, _ = counted(told("hip_bridge", ticks))
    assert [e.rom_deg for e in reps] == pytest.approx([25.0] * 4, abs=1.5)


def test_no_swing_shows_that_who_has_lifted_the_hips_again_and_again_stands() -> None:
    """Of whom nothing is known, three bridges have counted; the next one, after a rest, is felt as a thigh that hangs
    would be. Who lifted the hips from there lies, and all that follow count.
    """
    before: list[Knot] = [*LIES_FROM_THE_FIRST, *lifted(3), (17.0, BENT_DEG, 0.0)]
    short = lifted(1, held_s=0.4)
    ticks, done = felt(ticks_of(*before, *short, *lifted(3)), LEVER_M, 0.0), len(ticks_of(*before))
    heights_m = [HANGING_M * (1.0 - cos(radians(angle_deg(ticks[-1].up, k.up)))) for k in ticks]
    rises = np.gradient(np.gradient(heights_m, TICK_S), TICK_S).tolist()
    swings = slice(done, done + len(ticks_of(*short)))
    ticks[swings] = [k._replace(rise_mps2=r) for k, r in zip(ticks[swings], rises[swings], strict=True)]
    assert len(counted(told("hip_bridge", ticks))[0]) == 7


def test_a_bridge_that_is_gripped_half_way_down_is_one() -> None:
    """Hips that stay half way for a moment before the top and again after it have not been let down."""
    half: list[Knot] = [(0.6, 120.0, 0.0), (1.5, 120.0, 0.0)]
    top: list[Knot] = [(0.8, 108.0, 0.0), (2.5, 108.0, 0.0)]
    once = [*half, *top, *half, (0.8, BENT_DEG, 0.0), (2.0, BENT_DEG, 0.0)]
    reps, holds = counted(told("hip_bridge", felt_from([STANDS, *LIES], (once * 3, LEVER_M))))
    assert (len(reps), len(holds)) == (3, 3)


@pytest.mark.parametrize("straight_deg", [95.0, 105.0])
@pytest.mark.parametrize("lost", [None, (7.2, 7.4)], ids=["seen", "way out lost in part"])
def test_legs_that_are_stretched_out_before_the_set_make_no_doubt(
    straight_deg: float, lost: tuple[float, float] | None
) -> None:
    """That lets the thigh down as no bridge does, and says nothing against what is known of the posture: nothing is
    held there, or where that was not seen it is rejected, and each bridge counts as soon as it is done.
    """
    ticks = felt_from([STANDS, *LIES], (stretched(straight_deg), -3.0 * LEVER_M), (lifted(3), LEVER_M))
    said = told("hip_bridge", ticks, lost)
    reps, holds = counted(said)
    assert any(isinstance(e, RepRejected) and e.reason == Reason.WENT_DOWN for e in said) is (lost is not None)
    assert sum(isinstance(e, HoldStarted) for e in said) == (3 if lost is None else 4)
    assert [e.decided_s - e.end_s for e in reps] == pytest.approx([0.0] * 3, abs=0.5)
    assert len(holds) == 3


def test_the_way_of_the_set_is_no_way_down_though_the_height_says_so() -> None:
    """Of who has lifted the hips three times from here, so that the set is believed though nothing is known of the
    posture, one that pauses half way is another one: that it seems to sink is the error of so long a way.
    """
    half: list[Knot] = [(0.6, BENT_DEG - 13.0, 0.0), (1.1, BENT_DEG - 13.0, 0.0)]
    top: list[Knot] = [(0.6, BENT_DEG - 25.0, 0.0), (0.9, BENT_DEG - 25.0, 0.0)]
    paused = [*half, *top, (0.8, BENT_DEG, 0.0), (1.3, BENT_DEG, 0.0)]
    ticks = felt_from(LIES_FROM_THE_FIRST, ([*lifted(3), *paused, *lifted(2)], LEVER_M))
    reps, holds = counted(told("hip_bridge", ticks))
    assert [e.rom_deg for e in reps] == pytest.approx([25.0] * 6, abs=1.0)
    assert len(holds) == 6


def test_what_is_held_in_a_pose_in_which_a_set_has_been_believed_is_told() -> None:
    """After half a minute of rest a new set begins: the hips need not show again that they are lifted from here."""
    rests: list[Knot] = [(30.0, BENT_DEG, 0.0)]
    parts = ((lifted(4), LEVER_M), (rests, 0.0), (lifted(1), LEVER_M))
    reps, holds = counted(told("hip_bridge", felt_from(LIES_FROM_THE_FIRST, *parts)))
    assert (len(reps), len(holds)) == (5, 5)
    assert holds[-1].decided_s < reps[-1].decided_s


def test_holds_are_told_with_the_bridges_that_are_believed() -> None:
    """Of who lies from the first moment on three bridges are believed together; what was held in each is told then, in
    their order, and nothing of two alone.
    """
    two, three = (told("hip_bridge", felt_from(LIES_FROM_THE_FIRST, (lifted(n), LEVER_M))) for n in (2, 3))
    assert counted(two) == ([], [])
    reps, holds = counted(three)
    assert [e.held_s for e in holds] == pytest.approx([2.9] * 3, abs=0.1)
    assert all(r.start_s < h.start_s < h.end_s < r.end_s for r, h in zip(reps, holds, strict=True))
    assert {e.decided_s for e in [*reps, *holds]} == {reps[-1].decided_s}


def test_legs_that_are_stretched_out_softly_before_the_set_are_no_bridge() -> None:
    """Nor is anything held there, though they go the way of the bridges that follow, as far, and so that the
    height alone tells nothing: they let the sensor down as the end of a lever.
    """
    ticks = felt_from([STANDS, *LIES], (stretched(100.0, 1.2), -2.0 * LEVER_M), (lifted(3), LEVER_M))
    said = told("hip_bridge", ticks)
    reps, holds = counted(said)
    assert [e.rom_deg for e in reps] == pytest.approx([25.0] * 3, abs=1.0)
    assert len(holds) == 3
    assert not any(isinstance(e, HoldEnded) and e.start_s < reps[0].start_s for e in said)


@pytest.mark.parametrize(("before", "expected"), [(3, 5), (0, 1)])
def test_who_has_lifted_the_hips_so_before_has_not_stretched_the_legs(before: int, expected: int) -> None:
    """One in a set that seems to let the sensor down, as jerks may make it seem, is like those before it; the first one
    may be the legs.
    """
    up, down = lifted(1)[:2], lifted(1)[2:]
    jerked = (up, 0.0), (down, -4.0 * LEVER_M)
    ticks = felt_from([STANDS, *LIES], (lifted(before), LEVER_M), *jerked, (lifted(1), LEVER_M))
    assert len(counted(told("hip_bridge", ticks))[0]) == expected


def test_what_is_held_on_the_way_up_from_the_mat_is_no_bridge() -> None:
    """Who gets up pauses on the way: nothing is told to have been held in a movement that ends in another posture."""
    rises: list[Knot] = [(0.6, 115.0, 0.0), (3.0, 115.0, 0.0), (1.5, 10.0, 0.0), (8.0, 10.0, 0.0)]
    reps, holds = counted(told("hip_bridge", felt_from([STANDS, *LIES], (lifted(2), LEVER_M), (rises, 0.0))))
    assert (len(reps), len(holds)) == (2, 2)


@pytest.mark.parametrize(("lost_s", "found_s", "expected"), [(10.66, 12.83, 4), (10.66, 11.9, 4), (8.5, 9.7, 4)])
def test_hips_that_came_down_and_go_up_again_unseen_are_two_bridges(
    lost_s: float, found_s: float, expected: int
) -> None:
    """They were coming down when they were lost and go up where they are found, and there was the time for both: they
    have been back. What is lost at the top or at rest changes nothing.
    """
    ticks = felt_from([STANDS, *LIES], (lifted(4), LEVER_M))
    reps, holds = counted(told("hip_bridge", ticks, (lost_s, found_s)))
    assert (len(reps), len(holds)) == (expected, expected)
    assert [e.rom_deg for e in reps] == pytest.approx([25.0] * expected, abs=1.0)


def test_hips_that_sag_and_are_lifted_again_unseen_have_not_been_let_down() -> None:
    """At their pace there was not the time for coming down and going up again."""
    half: list[Knot] = [(0.6, BENT_DEG - 10.0, 0.0), (0.1, BENT_DEG - 10.0, 0.0)]
    top: list[Knot] = [(0.8, BENT_DEG - 25.0, 0.0), (2.5, BENT_DEG - 25.0, 0.0)]
    ticks = felt_from([STANDS, *LIES], ([*top, *half, *top, (0.8, BENT_DEG, 0.0), (2.0, BENT_DEG, 0.0)], LEVER_M))
    assert len(counted(told("hip_bridge", ticks, (10.65, 11.2)))[0]) == 1


@pytest.mark.parametrize(("seen", "told_of"), [((0.0, 9.9), True), ((0.0, 1.0), True), ((0.7, 4.25), False)])
def test_of_ways_of_which_little_was_seen_no_lever_is_told(seen: tuple[float, float], told_of: bool) -> None:
    """Claim: the ends of the ways of a bridge turn so little that a tremor on them makes a lever of a metre."""
    ticks = felt(ticks_of((0.04, 0.0, 0.0), (1.0, 30.0, 0.0), (3.0, 30.0, 0.0), (1.0, 0.0, 0.0)), LEVER_M, 0.0)
    one = Excursion.over(up_at(0.0, 0.0), 0.0, [(k, False) for k in ticks if seen[0] <= k.t_s < seen[1]])
    assert (height.level_lever_m(one, of_ways=True) is not None) is told_of


@pytest.mark.parametrize("lost_s", [7.3, 8.4])
def test_a_short_loss_does_not_hide_that_legs_were_stretched_out(lost_s: float) -> None:
    """On the way, or where they lie straight: what was seen before and after it tells that the sensor was let down."""
    ticks = felt_from([STANDS, *LIES], (stretched(100.0, 1.2), -2.0 * LEVER_M), (lifted(3), LEVER_M))
    reps, holds = counted(told("hip_bridge", ticks, (lost_s, lost_s + 0.3)))
    assert [e.rom_deg for e in reps] == pytest.approx([25.0] * 3, abs=1.0)
    assert len(holds) == 3


@pytest.mark.parametrize(("begins", "expected"), [([STANDS, *LIES], 4), (LIES_FROM_THE_FIRST, 0)])
def test_who_is_known_to_lie_lifts_the_hips_as_quickly_as_he_likes(begins: list[Knot], expected: int) -> None:
    """Up and down within 1.4 s as they are seen, of which the ends are missing: of who lies that is no step. Who may
    stand as well climbs stairs like that.
    """
    quick: list[Knot] = [(0.8, BENT_DEG - 25.0, 0.0), (0.3, BENT_DEG - 25.0, 0.0), (0.8, BENT_DEG, 0.0)]
    rests: list[Knot] = [(1.3, BENT_DEG, 0.0)]
    said = told("hip_bridge", felt_from(begins, ([*quick, *rests] * 4, LEVER_M)))
    assert len(counted(said)[0]) == expected


@pytest.mark.parametrize(("first_m", "expected"), [(LEVER_M, 2), (0.4 * LEVER_M, 0)])
def test_what_is_like_a_quick_bridge_that_counted_is_no_quicker(first_m: float, expected: int) -> None:
    """Claim: one that lifts the sensor by too short a lever to be believed alone goes with one that was believed."""
    quick: list[Knot] = [(0.8, BENT_DEG - 25.0, 0.0), (0.3, BENT_DEG - 25.0, 0.0), (0.8, BENT_DEG, 0.0)]
    rests: list[Knot] = [(1.3, BENT_DEG, 0.0)]
    ticks = felt_from([STANDS, *LIES], ([*quick, *rests], first_m), ([*quick, *rests], 0.4 * LEVER_M))
    assert len(counted(told("hip_bridge", ticks))[0]) == expected


def test_bent_legs_that_only_swing_as_quickly_are_no_bridges() -> None:
    """Knees that are let down and drawn up again lift no sensor."""
    quick: list[Knot] = [(0.8, BENT_DEG - 25.0, 0.0), (0.3, BENT_DEG - 25.0, 0.0), (0.8, BENT_DEG, 0.0)]
    rests: list[Knot] = [(1.3, BENT_DEG, 0.0)]
    assert not counted(told("hip_bridge", felt_from([STANDS, *LIES], ([*quick, *rests] * 4, 0.0))))[0]


def test_who_trembles_in_a_long_bridge_has_not_stretched_the_legs() -> None:
    """Trembling turns the thigh about the hip, and lifts the sensor where the way up would let it down: what tells legs
    that are stretched out is felt on the ways alone.
    """
    trembles: list[Knot] = [(0.36, 112.0, 0.0), (0.36, 107.0, 0.0)] * 30
    whole = ticks_of(STANDS, *LIES, (0.8, 110.0, 0.0), *trembles, (0.8, BENT_DEG, 0.0), (2.0, BENT_DEG, 0.0))
    lies_s = ticks_of(STANDS, *LIES)[-1].t_s
    lifts, turns = felt(whole, LEVER_M, lies_s), felt(whole, -3.0 * LEVER_M, lies_s)
    held_s = (lies_s + 1.0, whole[-1].t_s - 3.0)
    ticks = [b if held_s[0] < b.t_s < held_s[1] else a for a, b in zip(lifts, turns, strict=True)]
    reps, holds = counted(told("hip_bridge", ticks))
    assert (len(reps), len(holds)) == (1, 1)


def in_jerks(jerks: int, lever_m: float) -> list[Tick]:
    """Hips that are lifted and let down in 1.6 s each at such a lever, in jerks in which they turn about another."""

    def whole(jerk_deg: float) -> list[Tick]:
        way_s, step_deg = 1.6 / (jerks + 1), 25.0 / (jerks + 1)
        degs = [BENT_DEG - step_deg * k + jerk_deg * (-1) ** k for k in range(1, jerks + 1)]
        out: list[Knot] = [(way_s, deg, 0.0) for deg in degs]
        top: list[Knot] = [(way_s, 110.0, 0.0), (2.5, 110.0, 0.0)]
        return ticks_of(STANDS, *LIES, *out, *top, *out[::-1], (way_s, BENT_DEG, 0.0), (2.0, BENT_DEG, 0.0))

    lies_s, jerked = ticks_of(STANDS, *LIES)[-1].t_s, whole(6.0 / jerks)
    parts = felt(whole(0.0), lever_m, lies_s), felt(jerked, JERKED_M, lies_s), felt(whole(0.0), JERKED_M, lies_s)
    return [
        k._replace(rise_mps2=a.rise_mps2 + b.rise_mps2 - c.rise_mps2) for k, a, b, c in zip(jerked, *parts, strict=True)
    ]


@pytest.mark.parametrize(("lever_m", "expected"), [(LEVER_M, 1), (-2.0 * LEVER_M, 0)])
def test_hips_that_go_up_in_jerks_have_not_gone_down(lever_m: float, expected: int) -> None:
    """Claim: jerks on a way of 1.6 s make more acceleration than the bridge, but not its height: who has risen by more
    than the error of that has stretched no legs. Legs that are stretched out so are no bridge.
    """
    assert len(counted(told("hip_bridge", in_jerks(3, lever_m)))[0]) == expected


@pytest.mark.parametrize(("lever_m", "sunk"), [(LEVER_M, False), (-2.0 * LEVER_M, True)])
def test_averaged_over_a_part_of_the_way_jerks_tell_no_lever(lever_m: float, sunk: bool) -> None:
    """Claim: four jerks a second hide the lever of a bridge, and none is left where they are averaged."""
    ticks, lies_s = in_jerks(13, lever_m), ticks_of(STANDS, *LIES)[-1].t_s
    one = Excursion.over(
        up_at(BENT_DEG, 0.0), lies_s, [(k, False) for k in ticks if lies_s < k.t_s < ticks[-1].t_s - 2]
    )
    fine_m, averaged_m = (height.level_lever_m(one, of_ways=True, over_ticks=n) or 0.0 for n in (1, 15))
    assert fine_m < -0.1
    assert (averaged_m < -0.1) is sunk


@pytest.mark.parametrize("flat_deg", [88.0, 82.0])
def test_who_lets_the_knees_down_between_sets_has_to_bend_them_again(flat_deg: float) -> None:
    """Of whom nothing is known: that turns the thigh further than hips that are lifted, which go from there."""
    flat: list[Knot] = [(1.0, flat_deg, 0.0), (5.0, flat_deg, 0.0)]
    bent: list[Knot] = [(1.0, BENT_DEG, 0.0), (4.0, BENT_DEG, 0.0)]
    low = [(3.96, flat_deg, 0.0), *bent]
    down, up = (flat, 3.0 * LEVER_M), (bent, -3.0 * LEVER_M)
    sets = (lifted(3), LEVER_M)
    reps, holds = counted(told("hip_bridge", felt_from([(0.04, flat_deg, 0.0), *low], sets, down, up, sets)))
    assert [e.rom_deg for e in reps] == pytest.approx([25.0] * 6, abs=1.5)
    assert [e.held_s for e in holds] == pytest.approx([2.9] * 6, abs=0.4)


def test_hips_that_were_lifted_to_a_pause_have_not_sunk_beyond_it() -> None:
    """Claim: who pauses on the way up and goes on with a jolt, which for a moment seems to let the sensor down, holds
    the bridge where it is held, and has lifted the hips from where they lay.
    """
    pauses: list[Knot] = [(0.5, BENT_DEG - 11.0, 0.0), (1.1, BENT_DEG - 11.0, 0.0)]
    top: list[Knot] = [(0.7, BENT_DEG - 28.0, 0.0), (6.0, BENT_DEG - 28.0, 0.0)]
    begins = [STANDS, *LIES]
    jolts_s = ticks_of(*begins, *pauses)[-1].t_s
    smooth = felt_from(begins, ([*pauses, *top, (0.8, BENT_DEG, 0.0), (2.0, BENT_DEG, 0.0)], LEVER_M))
    ticks = [
        k._replace(rise_mps2=k.rise_mps2 - 2.0 * (0.0 < k.t_s - jolts_s < 0.13) + 2.0 * (0.2 < k.t_s - jolts_s < 0.33))
        for k in smooth
    ]
    reps, holds = counted(told("hip_bridge", ticks))
    assert len(reps) == len(holds) == 1
    assert holds[0].rom_deg == pytest.approx(28.0, abs=1.0)


@pytest.mark.parametrize(("paused_deg", "top_s", "expected"), [(13.0, 0.4, 0), (24.0, 0.4, 1), (13.0, 2.5, 1)])
def test_a_pause_half_way_up_is_no_short_hold(paused_deg: float, top_s: float, expected: int) -> None:
    """Claim: hips that are lifted and come back have held a bridge however short it was, at its top alone: a pause half
    way up to a top that is not held is none.
    """
    paused: list[Knot] = [(0.5, BENT_DEG - paused_deg, 0.0), (1.2, BENT_DEG - paused_deg, 0.0)]
    top: list[Knot] = [(0.4, BENT_DEG - 28.0, 0.0), (top_s, BENT_DEG - 28.0, 0.0)]
    ticks = felt_from([STANDS, *LIES], ([*paused, *top, (0.8, BENT_DEG, 0.0), (2.0, BENT_DEG, 0.0)], LEVER_M))
    reps, holds = counted(told("hip_bridge", ticks))
    assert len(reps) == 1
    assert len(holds) == expected

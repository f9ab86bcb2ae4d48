"""What the same exercise looks like of people who do it otherwise, made tick by tick: nothing of it is lost."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from coxa.host.detect.still import Tick
from coxa.host.events import RepCompleted
from coxa.host.motion.tangent import angle_deg
from coxa.host.replay.run import track
from coxa.host.samples import SampleBlock
from tests.helpers import tilted, tilts
from tests.helpers_ticks import Knot, after_each_other, felt, spun, ticks_of, told, up_at

LEVEL_M = 0.3
"""Lever of a thigh that lies level, which its raises lift; those of a lunge let it down as far."""
STILL: Knot = (2.0, 0.0, 0.0)


def raises(deg: float, way_s: float, times: int, *, low_deg: float = 0.0, top_s: float = 0.5) -> list[Knot]:
    """Raises that come down so far, all with a pause at the top."""
    low: list[Knot] = [(0.6, 0.0, 0.0)] if low_deg == 0.0 else []
    return [*([(way_s, deg, 0.0), (top_s, deg, 0.0), (way_s, low_deg, 0.0), *low] * times)]


def counted(exercise: str, ticks: list[Tick]) -> list[RepCompleted]:
    return [e for e in told(exercise, ticks) if isinstance(e, RepCompleted)]


def lying(*knots: Knot) -> list[Tick]:
    """A thigh that lies from the first moment on, of which nothing else is known, with what its sensor feels."""
    return felt(ticks_of(STILL, *knots, STILL), LEVEL_M, 0.0)


def test_no_quick_raise_is_a_step_where_raises_have_shown_that_the_leg_lies() -> None:
    """Raises that go out as suddenly as steps count after slow ones that lifted the sensor as only a leg does that
    lies; of a sensor that was lifted by nothing they may be steps.
    """
    slow, quick = raises(20.0, 1.2, 3), raises(20.0, 0.36, 4, top_s=0.4)
    assert len(counted("leg_raise", lying(*slow, *quick))) == 7
    unlifted = [k._replace(rise_mps2=0.0) for k in lying(*slow, *quick)]
    assert len(counted("leg_raise", unlifted)) < 7


def test_a_lying_leg_that_is_raised_high_and_quickly_does_not_climb() -> None:
    """It gains height by the sine of the angle, where one that hangs gains a third of that."""
    assert len(counted("leg_raise", lying(*raises(45.0, 0.7, 6, top_s=0.12)))) == 6


def test_what_goes_against_the_way_it_is_raised_comes_down() -> None:
    """Whoever is found at the top after a set, and rests longer there than below, raises the leg the same way as in
    that set: the tops are the peaks, not the moments below.
    """
    creeps: list[Knot] = [(9.0, 0.0, 0.0), (8.0, 10.0, 0.0), (3.0, 10.0, 0.0)]
    below: list[Knot] = [(1.0, 0.0, 0.0), (0.4, 0.0, 0.0), (1.0, 10.0, 0.0), (3.0, 10.0, 0.0)]
    ticks = lying(*raises(20.0, 1.2, 3), *creeps, *(below * 4), (1.0, 0.0, 0.0))
    rest = ticks[0].up
    tops = [e for e in counted("leg_raise", ticks) if e.start_s > 25.0]
    assert len(tops) >= 4
    away = {k.t_s: angle_deg(rest, k.up) for k in ticks}
    assert all(away[e.peak_s] > 9.0 for e in tops)


@pytest.mark.parametrize(("stoop_deg", "deg"), [(26.0, 40.0), (38.0, 40.0), (38.0, 22.0)])
def test_who_stoops_before_the_set_does_not_rest_where_the_stoop_turned(stoop_deg: float, deg: float) -> None:
    """Of whom nothing is known lets the sensor down once and rests: five raises from there count, not the ways down
    to where nobody ever rested.
    """
    stoop = felt(ticks_of(STILL, (0.9, stoop_deg, 0.0), (0.9, 0.0, 0.0), STILL), -LEVEL_M, 0.0)
    raised: list[Knot] = [(1.2, deg, 0.0), (1.0, deg, 0.0), (1.2, 0.0, 0.0), (1.5, 0.0, 0.0)]
    up = felt(ticks_of(*(raised * 5), STILL), 0.2, 0.0)
    reps = counted("leg_raise", after_each_other(stoop, up))
    assert [e.rom_deg for e in reps] == pytest.approx([deg] * 5, abs=1.0)


@pytest.mark.parametrize("before", [[(0.2, 0.0, 0.0)], [(0.3, 3.0, 0.0), (0.3, 0.0, 0.0)]])
def test_a_leg_that_was_raised_before_its_first_rest_is_raised_from_below(before: list[Knot]) -> None:
    """The first rest of a recording is the top of its first raise, and below nobody rests for long enough."""
    raised: list[Knot] = [(1.0, 18.0, 0.0), (2.5, 18.0, 0.0), (1.0, 0.0, 0.0), (0.5, 0.0, 0.0)]
    reps = counted("leg_raise", felt(ticks_of(*before, *(raised * 6), STILL), LEVEL_M, 0.0))
    assert [e.rom_deg for e in reps] == pytest.approx([18.0] * 6, abs=1.0)


@pytest.mark.parametrize(("low_deg", "expected"), [(7.0, 7), (14.0, 4)])
def test_a_lying_leg_that_turns_low_is_raised_again(low_deg: float, expected: int) -> None:
    """A leg need not rest between raises: what has come down by more than half and rises again is two, what has not is
    the same one."""
    turning = raises(20.0, 0.8, 3, low_deg=low_deg)
    ticks = lying(*raises(20.0, 1.2, 3), *turning, (0.8, 20.0, 0.0), (0.5, 20.0, 0.0), (1.2, 0.0, 0.0))
    assert len(counted("leg_raise", ticks)) == expected


def stepped(deg: float, lever_m: float, shock_mps2: float) -> list[Tick]:
    """Four slow lunges of somebody of whom nothing is known, in which the end of such a lever is let down."""
    ticks = felt(ticks_of(STILL, *raises(deg, 1.6, 4), STILL), lever_m, 0.0)
    rest = ticks[0].up
    return [k._replace(shock_mps2=shock_mps2 if angle_deg(rest, k.up) > 0.8 * deg else 0.1) for k in ticks]


@pytest.mark.parametrize(("deg", "shock_mps2"), [(50.0, 0.8), (33.0, 2.0), (50.0, 2.0)])
def test_small_and_soft_lunges_count_if_they_sink(deg: float, shock_mps2: float) -> None:
    """What is slow steps softly, and no stride sinks, however far it goes: both prove a lunge that alone would not."""
    assert len(counted("lunge", stepped(deg, -LEVEL_M, shock_mps2))) == 4


def test_a_slow_lunge_steps_softly_though_nothing_is_seen_to_sink() -> None:
    """Over two seconds the error of the height is as large as what the hips sink: it is enough that nothing rose."""
    assert len(counted("lunge", stepped(50.0, 0.0, 0.8))) == 4


@pytest.mark.parametrize(("pause_deg", "pause_s", "low_s"), [(8.0, 0.5, 0.6), (17.0, 1.3, 0.6), (17.0, 1.3, 0.2)])
def test_a_leg_that_pauses_on_its_way_down_rests_where_it_did(pause_deg: float, pause_s: float, low_s: float) -> None:
    """Once in a set the leg stays for a moment before it comes down: that raise and those after it count, whole, though
    it is raised again at once.
    """
    broken: list[Knot] = [(1.0, 35.0, 0.0), (0.5, 35.0, 0.0), (0.8, pause_deg, 0.0), (pause_s, pause_deg, 0.0)]
    down: list[Knot] = [(0.8, 0.0, 0.0), (low_s, 0.0, 0.0)]
    reps = counted("leg_raise", ticks_of(STILL, *raises(35.0, 1.0, 3), *broken, *down, *raises(35.0, 1.0, 4), STILL))
    assert len(reps) == 8
    assert min(e.rom_deg for e in reps) > 33.0


def test_where_the_leg_has_rested_for_long_it_did_not_only_pause() -> None:
    """It comes down 12 degrees off, stands there for 4 s, and is raised backwards from there, past where it rested."""
    down: list[Knot] = [(1.0, 35.0, 0.0), (0.5, 35.0, 0.0), (0.8, 12.0, 0.0), (4.0, 12.0, 0.0)]
    back: list[Knot] = [(0.9, -22.0, 0.0), (0.4, -22.0, 0.0), (0.9, 12.0, 0.0), (0.8, 12.0, 0.0)]
    reps = counted("leg_raise", ticks_of(STILL, *raises(35.0, 1.0, 2), *down, *(back * 4)))
    assert [round(e.rom_deg) for e in reps] == pytest.approx([35] * 3 + [34] * 4, abs=1)


@pytest.mark.parametrize(("deg", "pause_s"), [(16.0, 0.7), (16.0, 1.0)])
def test_who_lies_and_pauses_on_the_way_up_has_not_let_the_leg_down(deg: float, pause_s: float) -> None:
    """Every other raise stops half way for a moment: so slow a way seems to sink if it is integrated from where the leg
    turned already, and then counts upside down, or not at all.
    """
    half: list[Knot] = [(0.9, 0.5 * deg, 0.0), (pause_s, 0.5 * deg, 0.0)]
    broken: list[Knot] = [*half, (0.9, deg, 0.0), (0.5, deg, 0.0), (1.2, 0.0, 0.0), (0.6, 0.0, 0.0)]
    reps = counted("leg_raise", lying(*([*raises(deg, 1.2, 1), *broken] * 3)))
    assert [round(e.rom_deg) for e in reps] == [deg] * 6


def test_a_quick_raise_that_is_like_its_set_is_not_too_fast() -> None:
    """Of who raises the leg in a second some take less: they are like the others, so no fidgets."""
    ways_s = (1.2, 1.2, 1.2, 0.7, 0.56, 0.52, 0.4, 0.5, 0.4)
    quick = lying(*(knot for way_s in ways_s for knot in raises(35.0, way_s, 1, top_s=0.12)))
    assert len(counted("leg_raise", quick)) == len(ways_s)


@pytest.mark.parametrize(("deg", "shock_mps2"), [(50.0, 0.8), (33.0, 2.0), (50.0, 0.3), (25.0, 2.0)])
def test_what_rises_or_hardly_moves_is_no_lunge(deg: float, shock_mps2: float) -> None:
    """The same of a knee that is lifted, and what sinks without any step or by too little."""
    lever_m = LEVEL_M if deg > 30.0 and shock_mps2 > 0.5 else -LEVEL_M
    assert counted("lunge", stepped(deg, lever_m, shock_mps2)) == []


def test_who_does_not_keep_still_between_sets_is_measured_afresh_all_the_same() -> None:
    """After half a minute of fidgets a smaller set is no longer measured by the one before."""
    fidgets: list[Knot] = [(0.4, 2.0, 0.0), (0.4, 0.0, 0.0), (1.5, 0.0, 0.0)]
    ticks = lying(*raises(30.0, 1.2, 3), *(fidgets * 11), *raises(11.0, 1.2, 3))
    assert len(counted("leg_raise", ticks)) == 6


@pytest.mark.parametrize("begins_s", [0.72, 2.0])
def test_a_set_may_begin_with_the_recording(begins_s: float) -> None:
    """Who is still from the first sample on has been so before: the first raise counts though it comes so soon."""
    ticks = felt(ticks_of((begins_s, 0.0, 0.0), *raises(20.0, 1.2, 3, top_s=2.0), STILL), LEVEL_M, 0.0)
    assert len(counted("leg_raise", ticks)) == 3


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_gyro_that_is_off_does_not_cost_the_first_raise(axis: int) -> None:
    """Half a second of rest tells an offset of 8 deg/s, so that the rest pose is where the thigh rests."""
    knots = [(0.0, 0.0), (0.6, 0.0)]
    for _ in range(4):
        t_s = knots[-1][0]
        knots += [(t_s + 1.2, 25.0), (t_s + 2.5, 25.0), (t_s + 3.7, 0.0), (t_s + 4.5, 0.0)]
    block = tilted(knots, 25.0)
    gyro = block.gyro_radps.copy()
    gyro[:, axis] += np.radians(8.0)
    off = SampleBlock(block.t_s, block.accel_mps2, gyro)
    sound, seen = ([e.start_s for e in track([b], "leg_raise") if isinstance(e, RepCompleted)] for b in (block, off))
    assert len(sound) == 4
    assert seen == pytest.approx(sound, abs=0.3)


def test_who_has_shown_to_lie_does_not_walk() -> None:
    """Three raises that go as only who lies raises the leg show where up is; quick ones that knock are no walk then."""
    lain: list[Knot] = [(2.0, 0.0, 0.0), (1.5, 90.0, 0.0), (1.5, 90.0, 0.0), (1.5, 90.0, 90.0), (2.0, 90.0, 90.0)]

    def ups(way_s: float, times: int, rest_s: float) -> list[Knot]:
        return [(way_s, 130.0, 90.0), (0.2, 130.0, 90.0), (way_s, 90.0, 90.0), (rest_s, 90.0, 90.0)] * times

    ticks = ticks_of(*lain, *ups(1.0, 4, 1.0), *ups(0.36, 8, 0.1), (3.0, 90.0, 90.0), *ups(1.0, 3, 1.0))
    landing = [21.3 < k.t_s < 30.0 and angle_deg(k.up, up_at(90.0, 90.0)) < 6.0 for k in ticks]
    ticks = [k._replace(shock_mps2=4.0) if lands else k for k, lands in zip(ticks, landing, strict=True)]
    slow = [e for e in counted("lateral_leg_raise", ticks) if e.end_s - e.start_s > 1.5]
    assert len(slow) == 7


def trembling(block: SampleBlock, hz: float, peak_dps: float) -> SampleBlock:
    """The same of a thigh that goes to and fro about an axis of no body, this fast at most."""
    phase, peak_radps, axis = 2.0 * np.pi * hz * block.t_s, np.radians(peak_dps), np.array([0.6, 0.8, 0.0])
    away = Rotation.from_rotvec(peak_radps / (2.0 * np.pi * hz) * np.outer(np.sin(phase), axis))
    own_radps = -peak_radps * np.outer(np.cos(phase), axis)
    return SampleBlock(block.t_s, away.apply(block.accel_mps2), away.apply(block.gyro_radps) + own_radps)


@pytest.mark.parametrize("hz", [4.0, 5.0, 8.0, 12.0])
def test_whoever_trembles_rests_all_the_same(hz: float) -> None:
    """A thigh that goes to and fro at 19 deg/s is at rest where it goes nowhere: its raises count."""
    knots = [(0.0, 0.0), (3.0, 0.0)]
    for _ in range(4):
        t_s = knots[-1][0]
        knots += [(t_s + 1.2, 30.0), (t_s + 2.0, 30.0), (t_s + 3.2, 0.0), (t_s + 4.7, 0.0)]
    events = track([trembling(tilted(knots), hz, 19.0)], "leg_raise")
    assert sum(isinstance(e, RepCompleted) for e in events) == 4


@pytest.mark.parametrize("moves_s", [0.0, 3.0])
@pytest.mark.parametrize("hz", [1.0, 5.0, 8.0])
def test_a_gyro_that_is_off_is_seen_beside_trembling(hz: float, moves_s: float) -> None:
    """Whoever is never perfectly still has up where it is, too, once they have rested: at once, or after they moved."""
    moves = [(0.0, 0.0), (0.5 * moves_s, 30.0)] if moves_s else []
    block = trembling(tilted([*moves, (moves_s, 0.0), (moves_s + 6.0, 0.0)]), hz, 4.0)
    off = SampleBlock(block.t_s, block.accel_mps2, block.gyro_radps + np.radians([5.0, -5.0, 5.0]))
    t_s, up = tilts([off])
    away = np.degrees(np.arccos(np.clip(up @ [0.0, 0.0, 1.0], -1.0, 1.0)))
    assert away[t_s > moves_s + 3.2].max() < 3.0


@pytest.mark.parametrize("sway_deg", [-5.0, -8.0])
@pytest.mark.parametrize("lies", [True, False])
def test_a_sway_right_before_a_set_costs_no_repetition(sway_deg: float, *, lies: bool) -> None:
    """Whoever shifts a little and raises the leg at once has not rested before; all raises count as soon as three are
    alike, and a pause at the second one's top is no new rest pose."""
    sway: list[Knot] = [(0.6, sway_deg, 0.0), (0.3, sway_deg, 0.0)]
    knots = [*sway, *raises(20.0, 0.7, 8, top_s=1.1)]
    reps = counted("leg_raise", lying(*knots) if lies else ticks_of(STILL, *knots, STILL))
    assert [round(e.rom_deg) for e in reps] == [20] * 8


@pytest.mark.parametrize("first_deg", [52.0, 60.0])
def test_a_large_first_raise_of_who_lies_does_not_make_the_others_steps(first_deg: float) -> None:
    """A pause at its top looks like another posture, and lying like standing, where raises so sudden were steps."""
    knots = [*raises(first_deg, 0.76, 1, top_s=1.0), *raises(40.0, 0.76, 5, top_s=1.0)]
    assert len(counted("leg_raise", lying(*knots))) == 6


@pytest.mark.parametrize("moved_deg", [3.6, 4.2])
@pytest.mark.parametrize("rests_s", [3.0, 6.0])
def test_a_leg_that_was_moved_by_less_than_a_raise_rests_there(moved_deg: float, rests_s: float) -> None:
    """Nobody raises the leg by so little: a rest there is no top from which the first raise goes on for seconds."""
    moves: list[Knot] = [(0.6, moved_deg, 0.0), (rests_s, moved_deg, 0.0)]
    up: list[Knot] = [(0.8, 50.0, 0.0), (0.5, 50.0, 0.0), (0.8, moved_deg, 0.0), (1.2, moved_deg, 0.0)]
    reps = counted("lateral_leg_raise", felt(ticks_of(STILL, *moves, *(up * 4)), LEVEL_M, 0.0))
    assert [round(e.rom_deg) for e in reps] == [round(50.0 - moved_deg)] * 4


@pytest.mark.parametrize("rests_s", [4.0, 7.0])
def test_who_lies_down_has_not_kept_a_standing_leg_up(rests_s: float) -> None:
    """Height that is integrated over so long a way says nothing: no leg is kept as high as a bed for seconds. Raises
    from where it lies count from the first on.
    """
    stands = [*ticks_of((3.0, 0.0, 0.0)), *spun(up_at(0.0, 0.0), 3.0), *ticks_of((2.0, 0.0, 0.0))]
    lies: list[Knot] = [(1.6, 104.0, 0.0), (1.2, 94.0, 0.0), (rests_s, 94.0, 0.0)]
    up: list[Knot] = [(0.8, 154.0, 0.0), (0.5, 154.0, 0.0), (0.8, 94.0, 0.0), (0.8, 94.0, 0.0)]
    knots = [*lies, *(up * 4)]
    ways = [k._replace(rise_mps2=0.6 if n < 20 else 0.0) for n, k in enumerate(ticks_of(*knots))]
    assert [round(e.rom_deg) for e in counted("leg_raise", after_each_other(stands, ways))] == [60] * 4

"""What a short gap in the samples does to tilt, and what a bend in its path does to a set of circles."""

from __future__ import annotations

import random

import numpy as np
import pytest

from coxa.host.detect.circles.circle_params import CircleParams
from coxa.host.detect.circles.circle_turn import Turn
from coxa.host.detect.circles.own_turns import OwnTurns
from coxa.host.events import RepCompleted, RepRejected
from coxa.host.replay.run import track
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Gap, SampleBlock, StreamItem
from coxa.host.tracker import Tracker
from tests.helpers import cut, tilts

HZ = 50.0


def swayed(front_deg: FloatArray, right_deg: FloatArray) -> SampleBlock:
    """A sensor of which up leans so far forwards and to the right, without any acceleration of the hip."""
    lean = np.tan(np.radians(np.stack([front_deg, right_deg], axis=1)))
    up = np.column_stack([lean[:, 0], np.ones(len(lean)), lean[:, 1]])
    up /= np.linalg.norm(up, axis=1)[:, None]
    rates = np.cross(np.gradient(up, 1.0 / HZ, axis=0), up)
    return SampleBlock(np.arange(len(up)) / HZ, STANDARD_GRAVITY_MPS2 * up, rates)


def with_gap(block: SampleBlock, start_s: float, end_s: float) -> list[StreamItem]:
    """The block without its samples in `[start_s, end_s)`."""
    first, last = np.searchsorted(block.t_s, (start_s, end_s)).tolist()
    return [block.part(0, first), Gap(float(block.t_s[first]), float(block.t_s[last])), block.part(last, len(block))]


def worst_error_deg(block: SampleBlock, items: list[StreamItem], start_s: float, end_s: float) -> float:
    """Largest error of tilt in this time, `block` being the sensor without acceleration."""
    t_s, up = tilts(items)
    true = block.accel_mps2[np.searchsorted(block.t_s, t_s - 1e-6)] / STANDARD_GRAVITY_MPS2
    seen = (t_s >= start_s) & (t_s < end_s)
    return float(np.degrees(np.arccos(np.clip((true * up).sum(axis=1)[seen], -1.0, 1.0))).max())


def circling(turns: int, radius_deg: float, period_s: float = 2.8) -> tuple[FloatArray, FloatArray]:
    """Forwards and to the right, degrees: turns about the rest pose, which begin and end at its front."""
    phase = np.linspace(0.0, 2.0 * np.pi * turns, round(turns * period_s * HZ))
    return radius_deg * np.cos(phase), radius_deg * np.sin(phase)


@pytest.mark.parametrize("lasts_s", [0.12, 0.25, 0.38])
def test_a_slow_turn_goes_on_over_a_short_gap(lasts_s: float) -> None:
    """Hips that circle are accelerated as they come out of it, which a filter that begins anew takes for tilt."""
    front, right = circling(5, 8.0)
    block = swayed(np.concatenate([np.zeros(100), front]), np.concatenate([np.zeros(100), right]))
    pushed = block.accel_mps2.copy()
    after = (block.t_s >= 9.0 + lasts_s) & (block.t_s < 9.5 + lasts_s)
    pushed[after, 0] += 1.0
    items = with_gap(SampleBlock(block.t_s, pushed, block.gyro_radps), 9.0, 9.0 + lasts_s)
    assert worst_error_deg(block, items, 9.0, 10.5) < 2.0


def test_a_turn_that_stops_in_a_gap_is_found_by_gravity() -> None:
    """Half of 150 degrees a second for 0.3 s is 22 degrees; the thigh turned by 6."""
    turn = np.concatenate([np.linspace(0.0, 54.0, 18), np.full(150, 60.0)])
    block = swayed(np.concatenate([np.zeros(150), turn]), np.zeros(150 + len(turn)))
    assert worst_error_deg(block, with_gap(block, 3.34, 3.64), 3.64, 6.0) < 2.0


def test_a_turn_that_began_and_stopped_in_a_gap_is_found_at_the_next_rest() -> None:
    """Going by both sides the thigh rested all along; it turned by 5 degrees, less than loses the filter its way."""
    block = swayed(np.concatenate([np.zeros(200), np.full(250, 5.0)]), np.zeros(450))
    noise_radps = np.random.default_rng(1).normal(0.0, 0.005, (450, 3))
    items = with_gap(SampleBlock(block.t_s, block.accel_mps2, block.gyro_radps + noise_radps), 3.9, 4.2)
    assert worst_error_deg(block, items, 4.2, 4.5) > 3.7
    assert worst_error_deg(block, items, 6.5, 9.0) < 1.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cuts_change_nothing(seed: int) -> None:
    """Whether the filter goes on depends on the samples beside the gap, not on the blocks they come in."""
    front, right = circling(4, 8.0)
    items, rng = with_gap(swayed(front, right), 5.0, 5.3), random.Random(seed)
    pieces = list(cut(items, lambda: rng.randint(1, 40)))
    assert np.array_equal(tilts(items)[1], tilts(pieces)[1])


def test_a_small_loop_ends_no_set_of_circles() -> None:
    """Somebody of whom no posture is known yet circles, hesitates in a small loop, and circles on."""
    rest, loop = np.zeros(150), circling(1, 1.8)
    wide = circling(4, 8.0)
    front = np.concatenate([rest, np.linspace(0, 8, 25), wide[0], loop[0] + 6.2, wide[0], np.linspace(8, 0, 25), rest])
    right = np.concatenate([rest, np.zeros(25), wide[1], loop[1], wide[1], np.zeros(25), rest])
    tracker = Tracker("hip_circle", None)
    events = [*tracker.feed(swayed(front, right)), *tracker.finish()]
    assert len([e for e in events if isinstance(e, RepCompleted)]) == 8


@pytest.mark.parametrize("begins_s", [0.1, 0.2, 0.4, 0.6, 1.0])
def test_a_circle_of_which_most_is_missing_is_not_measured(begins_s: float) -> None:
    """Also where they went missing right after the one before had closed, before it was known where the next begins."""
    rest, (front, right) = np.zeros(150), circling(6, 8.0, 4.0)
    front = np.concatenate([rest, np.linspace(0, 8, 25), front, np.linspace(8, 0, 25), rest])
    right = np.concatenate([rest, np.zeros(25), right, np.zeros(25), rest])
    block = swayed(front, right)
    whole = [e for e in track([block], "hip_circle") if isinstance(e, RepCompleted)]
    lost_s = whole[2].end_s + begins_s
    events = track(with_gap(block, lost_s, lost_s + 2.4), "hip_circle")
    over = [e for e in events if isinstance(e, RepCompleted | RepRejected) and e.start_s < lost_s + 1.0 < e.end_s]
    assert all(isinstance(e, RepRejected) and e.reason == "not measured" for e in over)
    assert len(whole) - sum(isinstance(e, RepCompleted) for e in events) == 1


@pytest.mark.parametrize(("lost_s", "found_s", "expected"), [(1.9, 3.4, 7), (1.7, 3.6, 7), (2.4, 4.9, 6)])
def test_a_circle_that_ended_and_the_next_that_began_unseen_are_two(
    lost_s: float, found_s: float, expected: int
) -> None:
    """At the pace of those before there was the time for both; of which less than half was seen is not measured."""
    rest, (front, right) = np.zeros(150), circling(7, 8.0)
    front = np.concatenate([rest, np.linspace(0, 8, 25), front, np.linspace(8, 0, 25), rest])
    right = np.concatenate([rest, np.zeros(25), right, np.zeros(25), rest])
    begins_s = 3.5 + 4 * 2.8
    events = track(with_gap(swayed(front, right), begins_s + lost_s, begins_s + found_s), "hip_circle")
    reps = [e for e in events if isinstance(e, RepCompleted)]
    assert len(reps) == expected
    assert all(e.end_s - e.start_s < 3.3 and abs(e.rom_deg - 8.0) < 0.8 for e in reps)


@pytest.mark.parametrize(("ahead", "lost_s", "found_s"), [(1, 1.9, 3.4), (4, 2.7, 3.7)], ids=["second", "right after"])
def test_one_circle_tells_the_pace_and_its_end_may_be_missing(ahead: int, lost_s: float, found_s: float) -> None:
    """Claim: the next circle's end may go missing as soon as one has been counted, and a gap that begins as the path
    all but comes back hides that end as well.
    """
    rest, (front, right) = np.zeros(150), circling(7, 8.0)
    front = np.concatenate([rest, np.linspace(0, 8, 25), front, np.linspace(8, 0, 25), rest])
    right = np.concatenate([rest, np.zeros(25), right, np.zeros(25), rest])
    begins_s = 3.5 + ahead * 2.8
    events = track(with_gap(swayed(front, right), begins_s + lost_s, begins_s + found_s), "hip_circle")
    reps = [e for e in events if isinstance(e, RepCompleted)]
    assert len(reps) == 7
    assert all(e.end_s - e.start_s < 3.3 for e in reps)


@pytest.mark.parametrize("lost_s", [1.2, 1.6])
def test_a_slow_circle_is_not_given_up_for_time_in_which_nothing_was_seen(lost_s: float) -> None:
    """Claim: of slow circles, 4.9 s each, two with a gap of 3 s between take longer than any one may; they are two,
    of which the one counts that was seen.
    """
    rest, (front, right) = np.zeros(150), circling(6, 8.0, 4.9)
    front = np.concatenate([rest, np.linspace(0, 8, 25), front, np.linspace(8, 0, 25), rest])
    right = np.concatenate([rest, np.zeros(25), right, np.zeros(25), rest])
    begins_s = 3.5 + 3 * 4.9
    events = track(with_gap(swayed(front, right), begins_s + 4.9 - lost_s, begins_s + 7.9 - lost_s), "hip_circle")
    assert len([e for e in events if isinstance(e, RepCompleted)]) >= 5


@pytest.mark.parametrize(("took_s", "turns"), [((1.4, 1.5, 4.4, 4.0), 0), ((2.2, 2.4), 2)])
def test_what_was_quicker_than_the_newest_circle_is_no_pace(took_s: tuple[float, ...], turns: int) -> None:
    """Claim: turns while walking up to a set, half as long as its circles, make no two of one circle with a gap."""
    own = OwnTurns(CircleParams().own)
    for one_s in took_s:
        own.add(11.0, one_s)
    turn = Turn.along((0.0, 0.0, 0.0), [(0.04 * k, 11.0, 0.0) for k in range(115)])
    assert len(own.both(turn, 4.6, [(2.3, 3.1)])) == turns


@pytest.mark.parametrize("jump_s", [2.0, 2.8, 3.4])
@pytest.mark.parametrize("at_s", [0.2, 0.9, 1.6, 2.3, 2.7])
def test_a_clock_that_was_set_forward_invents_no_circle(at_s: float, jump_s: float) -> None:
    """Claim: hips that may never have been lost went round once, wherever on their way the clock was set."""
    rest, (front, right) = np.zeros(150), circling(7, 8.0)
    front = np.concatenate([rest, np.linspace(0, 8, 25), front, np.linspace(8, 0, 25), rest])
    right = np.concatenate([rest, np.zeros(25), right, np.zeros(25), rest])
    block, set_s = swayed(front, right), 3.5 + 3 * 2.8 + at_s
    first = int(np.searchsorted(block.t_s, set_s))
    late = block.part(first, len(block))
    late = SampleBlock(late.t_s + jump_s, late.accel_mps2, late.gyro_radps)
    gap = Gap(float(block.t_s[first]), float(late.t_s[0]), certain=False)
    events = track([block.part(0, first), gap, late], "hip_circle")
    assert 6 <= len([e for e in events if isinstance(e, RepCompleted)]) <= 7


def test_circles_after_minutes_without_samples_are_a_new_set() -> None:
    """Nobody knows what was done meanwhile: numbers begin anew, as those of every other exercise do."""
    rest, (front, right) = np.zeros(150), circling(4, 8.0)
    front = np.concatenate([rest, np.linspace(0, 8, 25), front, np.linspace(8, 0, 25), rest])
    right = np.concatenate([rest, np.zeros(25), right, np.zeros(25), rest])
    block = swayed(front, right)
    later = SampleBlock(block.t_s + 600.0, block.accel_mps2, block.gyro_radps)
    gap = Gap(float(block.t_s[-1]) + 1.0 / HZ, 600.0)
    events = [e for e in track([block, gap, later], "hip_circle") if isinstance(e, RepCompleted)]
    assert [e.index for e in events] == [1, 2, 3, 4, 1, 2, 3, 4]

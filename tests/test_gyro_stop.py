"""A gyro that stops in mid session is left out from then on, and no sound one is."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.host.events import RepCompleted
from coxa.host.motion.gyro_stop import GyroStops
from coxa.host.motion.stream_check import GRAVITY_ALONE, StreamCheck
from coxa.host.replay.run import track
from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem
from tests.helpers import any_size, cut, decoded, interrupted, joined, moving, scenario, stopped, track_as_cut

ALL = (0, 1, 2)


def watched(items: Iterable[StreamItem]) -> list[StreamItem]:
    watch = GyroStops()
    return [out for item in items for out in watch.update(item)]


def left_out(items: Iterable[StreamItem]) -> tuple[FloatArray, FloatArray]:
    """Times of all samples, and of those without rates."""
    blocks = [b for b in items if isinstance(b, SampleBlock)]
    t_s = np.concatenate([b.t_s for b in blocks])
    return t_s, t_s[np.isnan(np.concatenate([b.gyro_radps[:, 0] for b in blocks]))]


@pytest.mark.parametrize("axes", [ALL, (0,), (1,), (2,)])
@pytest.mark.parametrize("name", ["leg_raise_standing", "lateral_leg_raise", "hip_bridge"])
def test_when_an_axis_stops_the_counts_go_on(axes: Sequence[int], name: str) -> None:
    """Claim: whichever axes stop in the middle of a set, at the rate that they read then, at most the repetition in
    which they do is lost, and none is invented."""
    items, exercise = decoded(scenario(name, 2)), name.removesuffix("_standing")

    def counted(stream: Iterable[StreamItem]) -> list[RepCompleted]:
        return [e for e in track(stream, exercise) if isinstance(e, RepCompleted)]

    sound = counted(items)
    at_s = 0.5 * (sound[1].start_s + sound[1].peak_s)
    seen = counted(stopped(items, axes, at_s))
    assert len(sound) - 1 <= len(seen) <= len(sound)


@pytest.mark.parametrize(("from_s", "until_s", "radps"), [(16.0, np.inf, None), (16.0, 20.0, 0.0), (13.3, 20.0, 0.7)])
def test_it_is_left_out_for_as_long_as_it_stands(from_s: float, until_s: float, radps: float | None) -> None:
    """Claim: from a second after it has stopped to the moment in which it goes on no rate is used."""
    t_s, out_s = left_out(watched(stopped([moving(3000)], (1,), from_s, until_s, radps)))
    assert from_s + 0.7 < out_s[0] < from_s + 0.9
    assert out_s[-1] == t_s[t_s < until_s][-1]
    assert len(out_s) == ((t_s >= out_s[0]) & (t_s < until_s)).sum()


def test_what_has_stopped_before_a_gap_and_reads_the_same_after_it_has_not_moved() -> None:
    """Claim: of a gyro that stands still no rate is used after a gap; of one that goes on in it all are."""
    block = moving(3000)
    for until_s, stands in ((np.inf, True), (15.0, False)):
        (dead,) = stopped([block], ALL, 12.0, until_s)
        assert isinstance(dead, SampleBlock)
        t_s, out_s = left_out(watched([dead.part(0, 1450), Gap(14.5, 15.5), dead.part(1550, 3000)]))
        assert (out_s[-1] == t_s[-1]) == stands
        assert (out_s > 15.0).sum() == (1450 if stands else 0)


def test_a_gyro_at_its_limit_has_not_stopped() -> None:
    """Claim: what reads the largest rate of its range for a second is sound."""
    block = moving(3000)
    (clipped,) = stopped([block], (0,), 18.0, 19.0, np.radians(125.0))
    assert watched([clipped]) == [clipped]


@pytest.mark.parametrize("unit_dps", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("name", ["demo", "lunge", "negative", "hip_bridge", "hip_circle"])
def test_a_coarse_sensor_is_sound(name: str, unit_dps: float) -> None:
    """Claim: a gyro too coarse to see its own noise may stand still for as long as it likes."""
    block, unit_radps = joined(decoded(scenario(name, 5))), np.radians(unit_dps)
    coarse = SampleBlock(block.t_s, block.accel_mps2, np.round(block.gyro_radps / unit_radps) * unit_radps)
    assert not len(left_out(watched([coarse]))[1])


def test_rates_that_come_again_by_habit_are_sound() -> None:
    """Claim: fresh rates at 25 Hz that are sent at 100 Hz are all used."""
    block = moving(3000)
    habit = SampleBlock(block.t_s, block.accel_mps2, block.gyro_radps[np.arange(3000) // 4 * 4])
    assert watched([habit]) == [habit]


@pytest.mark.parametrize(
    ("axes", "until_s", "expected"),
    [
        (ALL, np.inf, ["the gyroscope stands still while the thigh moves: it is dead"]),
        ((2,), np.inf, ["gyroscope axis z no longer changes: it is dead"]),
        ((2,), 20.0, ["the gyroscope stood still for"]),
    ],
)
def test_it_is_said_that_it_has_stopped(axes: Sequence[int], until_s: float, expected: list[str]) -> None:
    """Claim: the user hears that the gyro has stopped, or for how long it had, and what follows from it."""
    check = StreamCheck()
    check.update(*stopped([moving(3000)], axes, 16.0, until_s))
    told = check.warnings()
    assert [text[: len(begin)] for text, begin in zip(told, expected, strict=True)] == expected
    assert told[0].endswith(GRAVITY_ALONE if until_s == np.inf else "angles are less certain")


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_cuts_gaps_and_restarts_do_not_matter(seed: int) -> None:
    """Claim: any chunking, with gaps and a watch that is put away and taken up, gives the same samples, bit for bit."""
    rng = random.Random(seed)
    block = moving(2200, seed=seed)
    axes, wakes_s = rng.choice([ALL, (1,), (0, 1), (2,)]), rng.choice([np.inf, 14.0, 14.8, 19.0])
    gap_at = rng.randrange(1, len(block))
    items = stopped([block.part(0, gap_at), Gap(0.0, 0.0), block.part(gap_at, len(block))], axes, 13.7, wakes_s)
    given_, watch = interrupted(GyroStops(), items, rng)
    whole = GyroStops()
    assert np.array_equal(left_out(given_)[1], left_out([o for i in items for o in whole.update(i)])[1])
    assert watch.left_out_s == pytest.approx(whole.left_out_s)
    assert watch.stopped == whole.stopped


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_any_chunking_gives_the_same_events_with_a_gyro_that_stops(seed: int) -> None:
    """Claim: events are bit-identical however the stream is cut."""
    items = stopped(decoded(scenario("leg_raise_standing", 2)), ALL, 270.0, 285.0)
    events = track_as_cut(cut(items, any_size(seed)), "leg_raise")
    assert events == track([joined(items)], "leg_raise")

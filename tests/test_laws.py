"""Streaming laws: the same stream gives the same events, however it comes."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from coxa.host.events import HoldEnded, RepCompleted, TrackingLost, TrackingResumed, from_json, to_json
from coxa.host.replay.run import track
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Gap, SampleBlock
from tests.helpers import any_size, cut, decoded, frames, joined, scenario, track_as_cut


@pytest.mark.parametrize(
    ("name", "exercise"),
    [("leg_raise_standing", "leg_raise"), ("hip_circle", "hip_circle"), ("knee_to_chest", "knee_to_chest")],
)
@settings(max_examples=8)
@given(seed=st.integers(0, 10_000))
def test_any_chunking_gives_the_same_events(name: str, exercise: str, seed: int) -> None:
    """Blocks of any size, down to single samples, give bit-identical events."""
    items = decoded(scenario(name, 2))
    assert track_as_cut(cut(items, any_size(seed)), exercise) == track([joined(items)], exercise)


def test_any_cut_of_the_notifications_gives_the_same_events() -> None:
    """Bytes cut anywhere go through decoder and coach to the same events."""
    from coxa.host.wire import Decoder

    made = scenario("demo", 4)
    plan = tuple(SetPlan(**p) for p in made.truth["plan"])
    data, sizes, results = b"".join(frames(made)), random.Random(1), list[object]()
    for size in (lambda: len(data), lambda: sizes.randint(1, 700)):
        decoder, coach, events, at = Decoder(), Coach(plan), list[object](), 0
        while at < len(data):
            end = at + size()
            events += [e for item in decoder.feed(data[at:end]) for e in coach.feed(item)]
            at = end
        results.append(events + coach.finish())
    assert results[0] == results[1]
    assert len(results[0]) > 10  # pyright: ignore[reportArgumentType]


def test_input_is_not_modified() -> None:
    """Tracking leaves the samples as they were."""
    block = joined(decoded(scenario("leg_raise_standing", 2)))
    before = (block.t_s.copy(), block.accel_mps2.copy(), block.gyro_radps.copy())
    track([block], "leg_raise")
    assert all(
        np.array_equal(a, b) for a, b in zip(before, (block.t_s, block.accel_mps2, block.gyro_radps), strict=True)
    )


@settings(max_examples=5)
@given(seed=st.integers(0, 10_000))
def test_the_mounting_does_not_matter(seed: int) -> None:
    """The sensor turned any way on the strap counts the same repetitions at the same times."""
    block = joined(decoded(scenario("lateral_leg_raise", 3)))
    turn = Rotation.random(random_state=seed)
    turned = SampleBlock(block.t_s, turn.apply(block.accel_mps2), turn.apply(block.gyro_radps))
    plain, other = (
        [e.peak_s for e in track([b], "lateral_leg_raise") if isinstance(e, RepCompleted)] for b in (block, turned)
    )
    assert len(plain) == len(other)
    assert np.abs(np.array(plain) - np.array(other)).max() < 0.3


@pytest.mark.parametrize(("first", "second"), [(400, 19), (100, 100), (30, 30)])
def test_a_loss_that_begins_again_is_one_loss(first: int, second: int) -> None:
    """So many samples lost, one there, and lost again: what was told to be lost, once, is told to be back."""
    block = joined(decoded(scenario("leg_raise_standing", 2)))
    t_s, alone, again = block.t_s, 500 + first, 501 + first + second
    parts = [
        block.part(0, 500), Gap(float(t_s[500]), float(t_s[alone])),
        block.part(alone, alone + 1), Gap(float(t_s[alone + 1]), float(t_s[again])), block.part(again, 2000),
    ]  # fmt: skip
    told = [e for e in track_as_cut(parts, "leg_raise") if isinstance(e, TrackingLost | TrackingResumed)]
    assert [type(e) for e in told] == [TrackingLost, TrackingResumed]
    assert [e.start_s for e in told] == [t_s[500], t_s[again]]


@pytest.mark.parametrize("exercise", ["hip_circle", "auto"])
@pytest.mark.parametrize("zero_s", [-10_000.0, 848_000_000.0])
def test_the_clock_may_begin_anywhere(zero_s: float, exercise: str) -> None:
    """Below zero, or in seconds since 2000: the same is counted and rejected."""
    block = joined(decoded(scenario("hip_circle", 2)))
    elsewhere = SampleBlock(block.t_s + zero_s, block.accel_mps2, block.gyro_radps)
    here, there = ([type(e).__name__ for e in track([b], exercise)] for b in (block, elsewhere))
    assert "RepCompleted" in here
    assert here == there


def test_half_the_rate_counts_the_same() -> None:
    """Every second sample is enough."""
    block = joined(decoded(scenario("leg_raise_supine", 1)))
    half = SampleBlock(block.t_s[::2], block.accel_mps2[::2], block.gyro_radps[::2])
    full, less = (sum(isinstance(e, RepCompleted) for e in track([b], "leg_raise")) for b in (block, half))
    assert full == less > 0


@pytest.mark.parametrize("missing", ["a packet", "single samples", "every other sample from 5 s on"])
def test_what_is_missing_changes_no_angle(missing: str) -> None:
    """Turns are followed by the samples' times: with short losses, or at another rate from some moment on, every
    repetition is counted, and as large.
    """
    block = joined(decoded(scenario("leg_raise_standing", 2)))
    there, chance = np.arange(len(block)), np.random.default_rng(1)
    kept = {
        "a packet": chance.random(len(block) // 8 + 1)[there // 8] > 0.06,
        "single samples": chance.random(len(block)) > 0.2,
        "every other sample from 5 s on": (block.t_s < block.t_s[0] + 5.0) | (there % 2 == 0),
    }[missing]
    left = SampleBlock(block.t_s[kept], block.accel_mps2[kept], block.gyro_radps[kept])
    whole, less = ([e for e in track([b], "leg_raise") if isinstance(e, RepCompleted)] for b in (block, left))
    assert [e.start_s for e in less] == pytest.approx([e.start_s for e in whole], abs=0.3)
    assert [e.rom_deg for e in less] == pytest.approx([e.rom_deg for e in whole], abs=1.5)


@pytest.mark.parametrize("first", [1, 2])
def test_a_sample_or_two_before_a_gap_begin_no_recording(first: int) -> None:
    """A link that is lost right at the beginning loses what came before, and nothing else."""
    block = joined(decoded(scenario("leg_raise_standing", 2)))
    early = SampleBlock(
        block.t_s[0] - 3.0 + 0.002 * np.arange(first), block.accel_mps2[:first], block.gyro_radps[:first]
    )
    gap = Gap(float(early.t_s[-1]) + 0.01, float(block.t_s[0]))
    counts = [
        [e.peak_s for e in track(items, "leg_raise") if isinstance(e, RepCompleted)]
        for items in ([block], [early, gap, block])
    ]
    assert len(counts[0]) > 0
    assert counts[0] == counts[1]


def test_a_repetition_in_a_gap_is_not_counted_and_not_denied() -> None:
    """Where most of a repetition is missing, it is not counted; the others still are, and the gap is told."""
    made = scenario("lateral_leg_raise", 3)
    block = joined(decoded(made))
    rep = [r for r in made.truth["reps"] if r["required"]][2]
    first, last = np.searchsorted(block.t_s, [rep["start_s"] - 0.1, rep["end_s"] + 0.1])
    gap = Gap(float(block.t_s[first]), float(block.t_s[last]))
    whole = sum(isinstance(e, RepCompleted) for e in track([block], "lateral_leg_raise"))
    events = track([block.part(0, int(first)), gap, block.part(int(last), len(block))], "lateral_leg_raise")
    assert sum(isinstance(e, RepCompleted) for e in events) == whole - 1


def test_events_survive_json() -> None:
    """Every event of a session is equal after a round trip through its line in the log."""
    made = scenario("demo", 4)
    coach = Coach(tuple(SetPlan(**p) for p in made.truth["plan"]))
    events = [e for item in decoded(made) for e in coach.feed(item)] + coach.finish()
    assert any(isinstance(e, HoldEnded) for e in events)
    assert [from_json(to_json(e)) for e in events] == events

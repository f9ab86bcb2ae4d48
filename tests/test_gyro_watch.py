"""A gyro with a dead axis is left out, and movements are counted from gravity; no sound one is taken for it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.host.events import HoldEnded, RepCompleted
from coxa.host.motion.gyro_watch import GyroWatch
from coxa.host.motion.stream_check import GRAVITY_ALONE, StreamCheck
from coxa.host.replay.run import track
from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem
from tests.helpers import any_size, cut, decoded, interrupted, joined, moving, scenario, stopped, track_as_cut

ALL = (0, 1, 2)


def stuck(items: Iterable[StreamItem], axes: Sequence[int], radps: float, until_s: float = np.inf) -> list[StreamItem]:
    """The stream with those axes of the gyro at one value, up to a moment."""
    return stopped(items, axes, -np.inf, until_s, radps)


def watched(items: Iterable[StreamItem]) -> list[StreamItem]:
    watch = GyroWatch()
    return [out for item in items for out in watch.update(item)]


def rates(items: Iterable[StreamItem]) -> FloatArray:
    return np.concatenate([b.gyro_radps for b in items if isinstance(b, SampleBlock)])


@pytest.mark.parametrize("axes", [ALL, (0,), (1,), (2,)])
@pytest.mark.parametrize("name", ["leg_raise_standing", "lateral_leg_raise", "hip_bridge"])
def test_with_a_dead_axis_the_counts_stay(axes: Sequence[int], name: str) -> None:
    """Claim: whichever axes are dead, a person's raises and bridges are counted as with a sound sensor; where the gyro
    was left out, each angle is less certain."""
    items, exercise = decoded(scenario(name, 2)), name.removesuffix("_standing")

    def counted(stream: Iterable[StreamItem]) -> list[RepCompleted]:
        return [e for e in track(stream, exercise) if isinstance(e, RepCompleted)]

    dead, sound = stuck(items, axes, 0.02), counted(items)
    seen = counted(dead)
    assert len(seen) == len(sound) >= 4
    left_out = bool(np.isnan(rates(watched(dead))).any())
    assert left_out or len(axes) == 1  # an axis about which nothing turns is not missed
    for a, b in zip(sound, seen, strict=True):
        assert a.rom_sd_deg is not None
        assert b.rom_sd_deg is not None
        assert (b.rom_sd_deg > a.rom_sd_deg + 1.0) == left_out


@pytest.mark.parametrize("radps", [0.0, 0.03])
def test_it_is_said_that_the_gyro_is_left_out(radps: float) -> None:
    """Claim: the user hears which axis is dead, that it never was alive, and what follows from it."""
    check = StreamCheck()
    for item in stuck(decoded(scenario("lunge", 21)), (2,), radps):
        check.update(item)
    (text,) = check.warnings()
    assert text.startswith("gyroscope axis z never changes: it is dead")
    assert text.endswith(GRAVITY_ALONE)


@pytest.mark.parametrize("name", ["demo", "lunge", "negative", "hip_bridge", "hip_circle"])
def test_a_sensor_that_rounds_small_rates_to_zero_is_sound(name: str) -> None:
    """Claim: rates that are exactly 0 until the first movement, on all axes, are never left out."""
    block = joined(decoded(scenario(name, 5)))
    slow = np.abs(block.gyro_radps).max(axis=1) < np.radians(3.0)
    gyro = np.where(slow[:, None], 0.0, block.gyro_radps)
    assert not np.isnan(rates(watched([SampleBlock(block.t_s, block.accel_mps2, gyro)]))).any()


def test_a_movement_about_one_axis_of_the_sensor_is_sound() -> None:
    """Claim: axes that read exactly 0 as nothing turns about them are not dead, without any noise as well."""
    block = moving(3000, noise=0.0)
    assert (block.gyro_radps[:, [0, 2]] == 0.0).all()
    assert watched([block]) == [block]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_cuts_gaps_and_restarts_do_not_matter(seed: int) -> None:
    """Claim: any chunking, with gaps and a watch that is put away and taken up, gives the same samples, bit for bit;
    also where an axis wakes."""
    rng = random.Random(seed)
    block = moving(1500, seed=seed)
    axes, wakes_s = rng.choice([ALL, (1,), (0, 1), (2,)]), rng.choice([np.inf, 9.0, 11.0, 14.0])
    gap_at = rng.randrange(1, len(block))
    items = stuck([block.part(0, gap_at), Gap(0.0, 0.0), block.part(gap_at, len(block))], axes, 0.1, wakes_s)
    given_, _ = interrupted(GyroWatch(), items, rng)
    whole = watched(items)
    assert [i for i in given_ if isinstance(i, Gap)] == [i for i in whole if isinstance(i, Gap)]
    assert np.array_equal(rates(given_), rates(whole), equal_nan=True)
    if 1 in axes and wakes_s == np.inf:
        assert np.isnan(rates(whole)[-1]).all()
    if wakes_s != np.inf:
        assert not np.isnan(rates(whole)[-1]).any()


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_any_chunking_gives_the_same_events_with_a_gyro_that_wakes(seed: int) -> None:
    """Claim: events are bit-identical however the stream is cut, about the moments when the gyro is left out and when
    it comes back, the uncertainty of each angle included."""
    items = stuck(decoded(scenario("leg_raise_standing", 2)), ALL, 0.0, until_s=275.0)
    events = track_as_cut(cut(items, any_size(seed)), "leg_raise")
    assert events == track([joined(items)], "leg_raise")
    sds = [e.rom_sd_deg for e in events if isinstance(e, RepCompleted | HoldEnded)]
    assert len(set(sds)) > 1

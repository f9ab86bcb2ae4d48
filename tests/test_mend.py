"""A sensor's own faults are put right: wrong samples, and stretches in which it hung."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.firmware_sim.scenario import build
from coxa.host.events import HoldEnded, RepCompleted, TrackingLost
from coxa.host.motion.frozen import FreezeWatch
from coxa.host.motion.mend import Mender
from coxa.host.motion.noise import NoiseProof
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Gap, SampleBlock, StreamItem
from coxa.host.snapshot import resumed, taken
from tests.helpers import cut, decoded, joined, moving, noisy, scenario, tilted, track_as_cut

RAIL_MPS2, RAIL_RADPS = 78.0, 17.4
"""8 g and 1000 deg/s."""


def mended(items: Sequence[StreamItem], restarts: frozenset[int] = frozenset()) -> list[StreamItem]:
    """A stream after its faults; ahead of the items numbered in `restarts` the mender is put away and taken up."""
    mender, given = Mender(), list[StreamItem]()
    for k, item in enumerate(items):
        mender = resumed(taken(mender)) if k in restarts else mender
        given += mender.update(item)
    return given + mender.finish()


def rows(items: Sequence[StreamItem]) -> list[object]:
    """Samples and gaps one by one: what two streams that are the same have in common."""
    out = list[object]()
    for item in items:
        if isinstance(item, Gap):
            out.append(item)
        else:
            out += np.column_stack([item.t_s, item.accel_mps2, item.gyro_radps]).tolist()
    return out


def changed(block: SampleBlock, change: Callable[[FloatArray, FloatArray], None]) -> SampleBlock:
    """The block with its values changed in place of copies."""
    accel, gyro = block.accel_mps2.copy(), block.gyro_radps.copy()
    change(accel, gyro)
    return SampleBlock(block.t_s, accel, gyro)


def hung(block: SampleBlock, start: int, end: int) -> SampleBlock:
    """The sensor repeats sample `start` up to `end`."""

    def repeat(accel: FloatArray, gyro: FloatArray) -> None:
        accel[start:end], gyro[start:end] = accel[start], gyro[start]

    return changed(block, repeat)


def spiked(seed: int) -> list[StreamItem]:
    """A stream with every fault at once, and gaps beside some of them."""
    rng = random.Random(seed)
    block = moving(900, rate_hz=rng.choice([25.0, 100.0, 400.0]), seed=seed)

    def spoil(accel: FloatArray, gyro: FloatArray) -> None:
        for _ in range(12):
            k, axis = rng.randrange(len(accel)), rng.randrange(3)
            for j in range(k, min(k + rng.choice([1, 1, 2, 3]), len(accel))):
                values, rail = rng.choice([(accel, RAIL_MPS2), (gyro, RAIL_RADPS)])
                values[j, axis] = rng.choice([-rail, rail])
        for _ in range(4):
            k = rng.randrange(len(accel))
            accel[k : k + rng.choice([1, 2, 30])], gyro[k : k + 1] = 0.0, 0.0
        for _ in range(4):
            k, n = rng.randrange(len(accel)), rng.choice([2, 5, 19, 20, 21, 80, 200])
            accel[k : k + n], gyro[k : k + n] = accel[k], gyro[k]

    block = changed(block, spoil)
    items, at = list[StreamItem](), 0
    for end in sorted(rng.sample(range(1, len(block)), 4)):
        items += [block.part(at, end), Gap(float(block.t_s[end - 1]) + 0.001, float(block.t_s[end]))]
        at = end
    return [*items, block.part(at, len(block))]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_cuts_and_restarts_do_not_matter(seed: int) -> None:
    """Any chunking, down to single samples, gives the same samples and gaps, bit for bit; so does a mender that is put
    away and taken up between any two blocks.
    """
    items, sizes = spiked(seed), random.Random(seed)
    pieces = list(cut(items, lambda: sizes.choice([1, 2, 3, 10, 60])))
    restarts = frozenset(sizes.sample(range(len(pieces)), min(5, len(pieces))))
    assert rows(mended(pieces, restarts)) == rows(mended(items))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_time_only_runs_forward_and_gaps_lie_between_samples(seed: int) -> None:
    """Whatever the faults: samples in order, each gap after the sample before it and not after the next."""
    last_s, gap_end_s = -1.0, -1.0
    for item in mended(spiked(seed)):
        if isinstance(item, Gap):
            assert last_s < item.start_s <= item.end_s
            gap_end_s = item.end_s
            continue
        assert len(item)
        assert (np.diff(item.t_s, prepend=last_s) > 0.0).all()
        assert item.t_s[0] >= gap_end_s
        last_s = float(item.t_s[-1])


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 100.0, 200.0, 400.0])
@pytest.mark.parametrize("name", ["demo", "lunge", "negative", "hip_bridge"])
def test_a_healthy_stream_is_left_alone(name: str, rate_hz: float) -> None:
    """At every rate that coxa promises, each block of a healthy sensor comes out as the very same object: real movement
    is never taken for a fault, and nothing waits. Events are those without mending, as the samples are.
    """
    items = [item for item in decoded(build(name, 7, rate_hz)) if not isinstance(item, SampleBlock) or len(item)]
    given = mended(items)
    assert len(given) == len(items)
    assert all(a is b for a, b in zip(given, items, strict=True))


def test_real_recordings_are_left_alone(recordings: Path) -> None:
    """Motion capture, real walking and real exercises, whole and every n-th sample of them down to 25 Hz: not one
    sample is changed. Thinning without a filter makes knocks sharper than any sensor of that rate gives them.
    """
    files = sorted(recordings.glob("*/*.csv*"))
    assert len(files) > 50
    for block in (b for f in files for b in read_csv(f) if isinstance(b, SampleBlock) and len(b) > 100):
        rate_hz = 1.0 / float(np.median(np.diff(block.t_s)))
        for n in range(1, int(rate_hz / 24.5) + 1):
            thin = SampleBlock(block.t_s[::n], block.accel_mps2[::n], block.gyro_radps[::n])
            mender = Mender()
            mender.update(thin)
            mender.finish()
            assert (mender.spikes, mender.freezes) == (0, 0), rate_hz / n


SPIKES: dict[str, Callable[[FloatArray, FloatArray], None]] = {
    "one axis of the accelerometer": lambda accel, _: accel.__setitem__((700, 1), -RAIL_MPS2),
    "one axis of the gyro": lambda _, gyro: gyro.__setitem__((700, 2), RAIL_RADPS),
    "two in a row": lambda _, gyro: gyro.__setitem__((slice(700, 702), 0), -RAIL_RADPS),
    "two in a row, of both": lambda a, g: (a.__setitem__((700, 0), RAIL_MPS2), g.__setitem__((701, 0), RAIL_RADPS))[0],
    "all of a sample": lambda accel, gyro: (accel[700].fill(RAIL_MPS2), gyro[700].fill(RAIL_RADPS))[0],
}


@pytest.mark.parametrize("kind", SPIKES)
def test_a_wrong_sample_becomes_what_its_neighbours_say(kind: str) -> None:
    """In movement: within what the sensor's noise leaves open, the stream is as if it had never been wrong."""
    clean = moving(1000)
    given = joined(mended([changed(clean, SPIKES[kind])]))
    assert np.array_equal(given.t_s, clean.t_s)
    assert np.abs(given.accel_mps2 - clean.accel_mps2).max() < 0.3
    assert np.abs(given.gyro_radps - clean.gyro_radps).max() < 0.05
    untouched = np.ones(len(clean), dtype=np.bool_)
    untouched[700:702] = False
    assert np.array_equal(given.gyro_radps[untouched], clean.gyro_radps[untouched])


def test_samples_of_zeros_are_none() -> None:
    """All six axes at zero is no measurement: those samples are taken out, one alone or several."""
    clean = moving(1000)

    def zero(accel: FloatArray, gyro: FloatArray) -> None:
        for k in (slice(100, 101), slice(700, 705)):
            accel[k], gyro[k] = 0.0, 0.0

    given = joined(mended([changed(clean, zero)]))
    kept = np.delete(np.arange(1000), [100, *range(700, 705)])
    assert np.array_equal(given.t_s, clean.t_s[kept])
    assert np.array_equal(given.accel_mps2, clean.accel_mps2[kept])


@pytest.mark.parametrize("at", [0, 399, 400, 999])
def test_a_wrong_sample_beside_a_gap_is_lost(at: int) -> None:
    """The first and the last sample before or after a gap have one neighbour: a wrong one is left out."""
    clean = moving(1000)
    block = changed(clean, lambda accel, _: accel.__setitem__((at, 0), RAIL_MPS2))
    gap = Gap(float(clean.t_s[399]) + 0.01, float(clean.t_s[400]))
    given = mended([block.part(0, 400), gap, block.part(400, 1000)])
    assert gap in given
    assert np.array_equal(joined(given).t_s, np.delete(clean.t_s, at))
    assert np.abs(joined(given).accel_mps2).max() < 2 * STANDARD_GRAVITY_MPS2


@pytest.mark.parametrize(("size_mps2", "n"), [(30.0, 1), (30.0, 2), (RAIL_MPS2, 3), (RAIL_MPS2, 8)])
def test_knocks_survive(size_mps2: float, n: int) -> None:
    """What a tap or a foot may do is left as it is: 3 g for a sample, or any force for three samples or more."""
    block = changed(moving(1000), lambda accel, _: accel.__setitem__((slice(700, 700 + n), 1), size_mps2))
    assert rows(mended([block])) == rows([block])


def test_only_what_is_suspect_waits() -> None:
    """Sample by sample: each is given at once, a jump after the one sample that shows whether it comes back."""
    block = changed(moving(1000), lambda accel, _: accel.__setitem__((700, 1), RAIL_MPS2))
    mender, waited = Mender(), list[int]()
    given = 0
    for k in range(len(block)):
        given += sum(len(i) for i in mender.update(block.part(k, k + 1)) if isinstance(i, SampleBlock))
        waited.append(k + 1 - given)
    assert waited == [int(k in (0, 700)) for k in range(len(block))]


@pytest.mark.parametrize("rate_hz", [25.0, 100.0])
@pytest.mark.parametrize("kind", ["accel", "gyro"])
def test_spikes_change_no_repetition(kind: str, rate_hz: float) -> None:
    """Twelve wrong samples in a set: the same repetitions, at the same times and, within what a straight line over
    two samples at 25 Hz leaves open, as large.
    """
    block = joined(decoded(build("leg_raise_standing", 2, rate_hz)))

    def spoil(accel: FloatArray, gyro: FloatArray) -> None:
        at = np.linspace(100, len(accel) - 5, 12).astype(int)
        (accel if kind == "accel" else gyro)[at, at % 3] = RAIL_MPS2 if kind == "accel" else RAIL_RADPS

    clean, spoilt = (
        [e for e in track([b], "leg_raise") if isinstance(e, RepCompleted)] for b in (block, changed(block, spoil))
    )
    assert [e.start_s for e in spoilt] == pytest.approx([e.start_s for e in clean], abs=0.1)
    assert [e.rom_deg for e in spoilt] == pytest.approx([e.rom_deg for e in clean], abs=1.0)


@pytest.mark.parametrize("rate_hz", [25.0, 100.0, 400.0])
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_a_hang_in_movement_is_a_gap(noise: float, rate_hz: float) -> None:
    """A value that only a moving sensor has, for half a second: a gap from the first repetition to the next fresh
    sample, whether or not the sensor has noise to tell it by.
    """
    clean, start = moving(round(20 * rate_hz), rate_hz, noise), round(10.6 * rate_hz)
    end = start + round(0.5 * rate_hz)
    given = mended([hung(clean, start, end)])
    gap = Gap(float(clean.t_s[start + 1]), float(clean.t_s[end]))
    assert rows(given) == [*rows([clean.part(0, start + 1)]), gap, *rows([clean.part(end, len(clean))])]


def test_a_hang_at_rest_is_a_gap_of_a_sensor_that_has_noise() -> None:
    """It has flickered at rest for a second, and stands still to the bit: nothing was measured."""
    clean = moving(2000)
    given = mended([hung(clean, 300, 800)])
    assert [g for g in given if isinstance(g, Gap)] == [Gap(float(clean.t_s[301]), float(clean.t_s[800]))]


def test_a_hang_in_which_the_stream_ends_is_told() -> None:
    """A sensor that never comes back: the loss is in the events."""
    clean = moving(2000)
    lost = [e for e in track([hung(clean, 1500, 2000)], "leg_raise") if isinstance(e, TrackingLost)]
    assert [e.start_s for e in lost] == [pytest.approx(float(clean.t_s[1501]))]


def test_a_gap_after_a_hang_is_one_loss() -> None:
    """Then the link is lost, too: one gap, from where the sensor hung."""
    clean = moving(2000)
    block = hung(clean, 1500, 1700)
    given = mended([block.part(0, 1700), Gap(17.0, 18.0), block.part(1800, 2000)])
    assert [g for g in given if isinstance(g, Gap)] == [Gap(float(clean.t_s[1501]), 18.0)]


@pytest.mark.parametrize(("fresh_hz", "rate_hz"), [(25.0, 100.0), (25.0, 400.0), (50.0, 100.0)])
def test_sensors_that_repeat_by_habit_do_not_hang(fresh_hz: float, rate_hz: float) -> None:
    """Fresh values at 25 or 50 Hz, sent at 100 or 400: every sample is given."""
    clean, n = moving(round(20 * rate_hz), rate_hz), round(rate_hz / fresh_hz)
    at = np.arange(len(clean)) // n * n
    block = SampleBlock(clean.t_s, clean.accel_mps2[at], clean.gyro_radps[at])
    assert rows(mended([block])) == rows([block])


@pytest.mark.parametrize(("unit_mps2", "unit_dps", "noise"), [(0.6, 4.0, 0.0), (0.6, 4.0, 0.2), (0.0005, 0.01, 0.0)])
def test_a_hold_with_a_quiet_sensor_is_verified(unit_mps2: float, unit_dps: float, noise: float) -> None:
    """A resting sensor that is too coarse for its own noise, or has none, gives one sample for seconds on end: nothing
    is lost, and the hold counts to its end.
    """
    block = tilted([(0, 0), (4, 0), (6, 50), (40, 50), (42, 0), (46, 0)])
    rng, unit_radps = np.random.default_rng(1), np.radians(unit_dps)

    def coarse(accel: FloatArray, gyro: FloatArray) -> None:
        for values, unit in ((accel, unit_mps2), (gyro, unit_radps)):
            values[:] = np.round(values / unit + rng.normal(0.0, noise, values.shape)) * unit

    block = changed(block, coarse)
    held = [e for e in track([block], "figure_four") if isinstance(e, HoldEnded)]
    assert [e.verified for e in held] == [True]
    assert held[0].held_s == pytest.approx(34.0, abs=1.5)
    assert not [i for i in mended([block]) if isinstance(i, Gap)]


def test_a_hold_in_which_the_sensor_hung_is_not_verified() -> None:
    """Ten seconds seen, twenty in which the sensor with noise repeats itself, and the thigh is elsewhere when it comes
    back: nobody saw that hold.
    """
    block = noisy(tilted([(0, 0), (4, 0), (6, 50), (16, 50), (18, 0), (46, 0)]))
    block = hung(block, 1550, 3800)
    events = track([block], "figure_four")
    assert not [e for e in events if isinstance(e, HoldEnded) and e.verified]
    assert [e for e in events if isinstance(e, TrackingLost)]


@pytest.mark.parametrize(
    ("noise_units", "proven"), [(0.0, False), (0.1, False), (0.3, False), (0.5, False), (1.5, True), (4.0, True)]
)
def test_noise_is_proven_only_where_it_is_wider_than_the_resolution(noise_units: float, proven: bool) -> None:
    """Noise of a third of a unit flickers in some poses and stands still in others: such a sensor may hang unnoticed,
    and is never thought to hang. Swaying by two units proves nothing either.
    """
    rng, t_s = np.random.default_rng(3), np.arange(3000) / 100.0
    sway = 2.0 * np.sin(2 * np.pi * t_s)[:, None] + rng.uniform(-0.5, 0.5, 6)
    values = np.round(sway + rng.normal(0.0, noise_units, (3000, 6)) + np.array([0, 0, 2000, 0, 0, 0])) * 0.0049
    proof = NoiseProof()
    proof.update(SampleBlock(t_s, values[:, :3], 0.2 * values[:, 3:]))
    assert proof.proven is proven


def test_a_quiet_sensor_does_not_wait() -> None:
    """Repetitions of a sensor that may be resting are given at once: a screen does not lag behind a coarse sensor."""
    watch, block = FreezeWatch(), tilted([(0, 0), (3, 0)])
    assert [len(watch.update(block.part(k, k + 1))) for k in range(len(block))] == [1] * len(block)


def test_events_do_not_depend_on_how_a_faulty_stream_comes() -> None:
    """The whole way to events, with spikes and hangs, in blocks of any size."""
    block = joined(decoded(scenario("leg_raise_standing", 2)))
    block = hung(changed(block, lambda a, _: a.__setitem__((slice(500, None, 400), 0), RAIL_MPS2)), 1500, 1580)
    sizes = random.Random(4)
    assert track_as_cut(cut([block], lambda: sizes.randint(1, 30)), "leg_raise") == track([block], "leg_raise")

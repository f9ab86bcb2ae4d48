"""Sensors without a gyro: slow movements are counted from gravity alone, and said to be less certain."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from coxa.firmware_sim.scenario import build_acted
from coxa.firmware_sim.scripts import tapping
from coxa.host.detect.taps import TapFinder, Taps
from coxa.host.events import HoldEnded, RepCompleted, TrackingLost
from coxa.host.link.checkup import Resting
from coxa.host.log.tables import samples_table
from coxa.host.motion.accel_only import GyroOrGravity
from coxa.host.motion.stream_check import NO_GYRO, StreamCheck
from coxa.host.replay.run import track
from coxa.host.samples import STANDARD_GRAVITY_MPS2, SampleBlock, StreamItem
from coxa.host.sensors.registry import driver
from coxa.host.snapshot import resumed, taken
from coxa.host.tracker import Tracker
from tests.helpers import any_size, cut, decoded, joined, scenario
from tools.changes_of_sensor import gyroless
from tools.recorded import Recorded

SEEDS = (2, 3, 4)


def blind(items: list[StreamItem]) -> list[StreamItem]:
    """The same stream from a sensor that has none."""
    return gyroless(Recorded(items, {}), np.random.default_rng(0)).items


def test_a_slow_turn_is_measured_from_gravity() -> None:
    """Claim: a turn of 20 deg/s about a level axis is found as such, once the filter has settled."""
    period_s, rate_radps = 0.01, np.array([0.0, np.radians(20.0), 0.0])
    t_s = np.arange(400, dtype=np.float64) * period_s
    to_world = Rotation.from_rotvec(t_s[:, None] * rate_radps)
    force = to_world.inv().apply([0.0, 0.0, STANDARD_GRAVITY_MPS2])
    block = SampleBlock(t_s, force, np.full((len(t_s), 3), np.nan))
    found = GyroOrGravity().update(block, period_s).gyro_radps
    assert_allclose(found[150:], np.tile(rate_radps, (250, 1)), atol=1e-3)


@pytest.mark.parametrize(
    ("name", "exercise"),
    [("leg_raise_standing", "leg_raise"), ("lateral_leg_raise", "lateral_leg_raise"), ("hip_bridge", "hip_bridge"),
     ("knee_to_chest", "knee_to_chest"), ("figure_four", "figure_four")],
)  # fmt: skip
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_counted_with_a_gyro_is_counted_without(name: str, exercise: str, seed: int) -> None:
    """Claim: for raises, bridges and holds at a person's pace the counts are those with a gyro; each says that its
    angle is less certain, and no smoothness is stated."""
    items = decoded(scenario(name, seed))

    def counted(stream: Iterable[StreamItem]) -> list[RepCompleted | HoldEnded]:
        return [e for e in track(stream, exercise) if isinstance(e, RepCompleted | HoldEnded)]

    whole, without = counted(items), counted(blind(items))
    assert whole
    assert len(without) == len(whole)
    for a, b in zip(whole, without, strict=True):
        assert b.rom_deg == pytest.approx(a.rom_deg, abs=15.0)
        assert b.rom_sd_deg is not None
        assert a.rom_sd_deg is not None
        assert b.rom_sd_deg > a.rom_sd_deg + 1.0
        assert isinstance(b, HoldEnded) or b.smoothness is None


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000))
def test_any_chunking_gives_the_same_events_without_a_gyro(seed: int) -> None:
    """Claim: blocks of any size, down to single samples, and a snapshot between them give bit-identical events."""
    items = blind(decoded(scenario("leg_raise_standing", 2)))
    blocks = list(cut(items, any_size(seed)))
    half, tracker = random.Random(seed).randrange(len(blocks)), Tracker("leg_raise")
    events = [e for b in blocks[:half] for e in tracker.feed(b)]
    tracker = resumed(taken(tracker))
    events += [e for b in blocks[half:] for e in tracker.feed(b)] + tracker.finish()
    assert events == track([joined(items)], "leg_raise")
    assert any(isinstance(e, RepCompleted) for e in events)


def test_without_a_gyro_no_tap_is_found() -> None:
    """Claim: a kick cannot be told from a tap without a gyro, so that nothing is taken for one."""
    items = decoded(build_acted(tapping, 1))
    seeing, unseeing = TapFinder(), TapFinder()
    assert any(isinstance(t, Taps) for i in items for t in seeing.update(i))
    assert not [t for i in blind(items) for t in unseeing.update(i) if isinstance(t, Taps)]


def test_it_is_said_that_there_is_no_gyro() -> None:
    """Claim: the stream's check says so, says nothing else about a sound stream, and the doctor still finds gravity."""
    check, resting, tracker = StreamCheck(), Resting(), Tracker("leg_raise")
    for item in blind(decoded(scenario("leg_raise_standing", 2))):
        check.update(item)
        assert isinstance(item, SampleBlock)
        resting.update(item)
        assert not [e for e in tracker.feed(item) if isinstance(e, TrackingLost)]
    assert check.warnings() == [NO_GYRO]
    assert resting.findings(driver("polar").capabilities)[0].what == "gravity"
    assert resting.findings(driver("polar").capabilities)[0].found.endswith("m/s2 at rest")


def test_the_log_keeps_that_there_was_no_gyro(tmp_path: Path) -> None:
    """Claim: rates of a sensor without a gyro are no numbers in the table of samples, and stay so in Parquet."""
    import pandas as pd

    table = samples_table([i for i in blind(decoded(scenario("leg_raise_standing", 2))) if isinstance(i, SampleBlock)])
    table.to_parquet(tmp_path / "samples.parquet")
    back = pd.read_parquet(tmp_path / "samples.parquet")
    assert back[["gx_radps", "gy_radps", "gz_radps"]].isna().all(axis=None)
    assert back[["ax_mps2", "ay_mps2", "az_mps2"]].notna().all(axis=None)

"""What is wrong with a stream is told; what is right is not."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.firmware_sim.device import bmi270, lsm6ds3, mpu6050
from coxa.host.events import TrackingLost
from coxa.host.motion.stream_check import STUCK, StreamCheck
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track
from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem
from tests.helpers import cut, decoded, joined, moving, scenario


def with_gaps(block: SampleBlock, every_s: float, lost_s: float = 0.5) -> list[StreamItem]:
    """The stream with so much lost every few seconds."""
    items, at_s = list[StreamItem](), float(block.t_s[0])
    while at_s < block.t_s[-1]:
        start, end, after = np.searchsorted(block.t_s, [at_s, at_s + every_s - lost_s, at_s + every_s]).tolist()
        items.append(block.part(start, end))
        if after < len(block):
            items.append(Gap(float(block.t_s[end - 1]) + 0.01, float(block.t_s[after])))
        at_s += every_s
    return items


def gyro_from(block: SampleBlock, start: int, axes: list[int], radps: float) -> SampleBlock:
    """The gyro with those axes stuck at a value from sample `start` on."""
    gyro = block.gyro_radps.copy()
    gyro[start:, axes] = radps
    return SampleBlock(block.t_s, block.accel_mps2, gyro)


def clipped_at(clipped: list[tuple[int, int]], n: int = 3000) -> SampleBlock:
    """A sensor that sways a little, with its x axis at 2 g in samples `[start, end)`."""
    t_s = np.arange(n) / 100.0
    accel: FloatArray = np.column_stack([np.sin(t_s), np.zeros(n), 9.8 + 0.1 * np.sin(3 * t_s)])
    for start, end in clipped:
        accel[start:end, 0] = 2 * 9.80665
    return SampleBlock(t_s, accel, 0.01 * np.column_stack([np.sin(t_s), np.cos(t_s), np.sin(2 * t_s)]))


def warnings(items: list[StreamItem]) -> list[str]:
    check = StreamCheck()
    for item in items:
        check.update(item)
    return check.warnings()


@pytest.mark.parametrize("name", ["demo", "lunge", "negative", "hip_bridge", "hip_circle"])
def test_a_healthy_sensor_is_left_alone(name: str) -> None:
    """No warning on simulated people with every error that datasheets allow."""
    assert warnings(decoded(scenario(name, 21))) == []


FAULTS = {
    "accelerometer axis y never changes": ((1, 0, 1), (1, 1, 1), 99.0),
    "gyroscope axis x never changes": ((1, 1, 1), (0, 1, 1), 99.0),
    "gyroscope may be in deg/s": ((1, 1, 1), (57.29578, 57.29578, 57.29578), 9999.0),
    "never reads 1 g": ((0.10197, 0.10197, 0.10197), (1, 1, 1), 99.0),
    "gyroscope clips at 125 deg/s": ((1, 1, 1), (1, 1, 1), 2.1816),
}


@pytest.mark.parametrize("expected", FAULTS)
def test_each_fault_is_named(expected: str) -> None:
    """One fault, one sentence that names it."""
    block = joined(decoded(scenario("lunge", 21)))
    assert expected in " ".join(warnings([fault_of(block, expected)]))


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 700))
def test_cuts_do_not_matter(size: int) -> None:
    """The same warnings however the stream is cut."""
    block = joined(decoded(scenario("lunge", 21)))
    clipped = SampleBlock(block.t_s, block.accel_mps2, np.clip(block.gyro_radps, -2.1816, 2.1816))
    parts: list[StreamItem] = [clipped.part(k, k + size) for k in range(0, len(clipped), size)]
    assert warnings(parts) == warnings([clipped])


def test_the_broken_accelerometer_of_subject_2_is_noticed(recordings: Path) -> None:
    """Where the leg moves much, the warning comes; no healthy real recording gets it."""
    blind = set[str]()
    for truth in sorted((recordings / "real").glob("*.truth.json")):
        csv = truth.with_name(truth.name.replace(".truth.json", ".csv"))
        if any("cannot be trusted" in w for w in warnings(read_csv(csv))):
            blind.add(csv.stem)
    assert {"ptx_s2_leg_raise_d", "ptx_s2_leg_raise_f"} <= blind
    assert all("_s2_" in name for name in blind), json.dumps(sorted(blind))


def fault_of(block: SampleBlock, expected: str) -> SampleBlock:
    """The block with one of `FAULTS`."""
    accel_factors, gyro_factors, most_radps = FAULTS[expected]
    gyro = np.clip(block.gyro_radps * np.array(gyro_factors), -most_radps, most_radps)
    return SampleBlock(block.t_s, block.accel_mps2 * np.array(accel_factors), gyro)


@pytest.mark.parametrize("expected", FAULTS)
def test_each_fault_is_named_where_samples_are_lost_again_and_again(expected: str) -> None:
    """A gap every two seconds, more often than the stream is judged: the same faults are found, and in a healthy
    stream none.
    """
    block = joined(decoded(scenario("lunge", 21)))
    assert expected in " ".join(warnings(with_gaps(fault_of(block, expected), 2.0)))
    assert warnings(with_gaps(block, 2.0)) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2900), st.integers(3, 90)), min_size=1, max_size=6), st.integers(1, 900))
def test_every_clipped_sample_is_counted(runs: list[tuple[int, int]], size: int) -> None:
    """Runs at the limit are counted to the sample, wherever blocks and the check's own stretches end in them."""
    clipped = set[int]().union(*(range(start, start + n) for start, n in runs))
    check = StreamCheck()
    block = clipped_at([(start, start + n) for start, n in runs], 3400)
    for item in cut([block], lambda: size):
        check.update(item)
    assert check.clipped_samples == len(clipped)


@pytest.mark.parametrize("chip", [bmi270, lsm6ds3, mpu6050])
def test_the_limit_of_each_boards_gyro_is_known(chip: ModuleType) -> None:
    """Turned faster than the chip of a board can tell, also where its scale reaches beyond the name of its range."""
    t_s = np.arange(2000) / chip.RATE_HZ
    counts = np.clip(np.rint(45000 * np.sin(2 * np.pi * t_s)), -32768, 32767)
    gyro: FloatArray = np.zeros((len(t_s), 3))
    gyro[:, 0] = np.radians(chip.GYRO_RANGE_DPS) * counts / 32768
    accel: FloatArray = np.random.default_rng(1).normal([0, 0, 9.81], 0.02, (len(t_s), 3))
    check = StreamCheck()
    check.update(SampleBlock(t_s, accel, gyro))
    assert check.clipped_samples > 700
    assert any(f"the gyroscope clips at {chip.GYRO_RANGE_DPS} deg/s" in w for w in check.warnings())


def test_two_and_two_clipped_samples_with_a_gap_between_are_no_run() -> None:
    """What was lost between them is not known to have been at the limit."""
    block = clipped_at([(1000, 1004)])
    gap = Gap(float(block.t_s[1001]) + 0.01, float(block.t_s[1002]))
    counted = list[int]()
    for items in ([block], [block.part(0, 1002), gap, block.part(1002, len(block))]):
        check = StreamCheck()
        for item in items:
            check.update(item)
        counted.append(check.clipped_samples)
    assert counted == [4, 0]


@pytest.mark.parametrize(
    ("axes", "radps", "expected"),
    [
        ([0, 1, 2], 0.0, "the gyroscope stands still while the thigh moves"),
        ([0, 1, 2], 2.0, "the gyroscope stands still while the thigh moves"),
        ([0], 2.0, "gyroscope axis x no longer changes"),
        ([1], -0.1, "gyroscope axis y no longer changes"),
    ],
)
def test_a_dead_gyro_is_named_and_the_accelerometer_is_not_blamed(axes: list[int], radps: float, expected: str) -> None:
    """A gyro that stands still from early on, at zero or at any rate: it is the one that is named, and alone. The
    tracker, which sees that the two do not agree, does not say which is wrong.
    """
    block = gyro_from(joined(decoded(scenario("lunge", 21))), 600, axes, radps)
    told = warnings([block])
    assert [expected in w for w in told] == [True]
    lost = [e.reason for e in track([block], "lunge") if isinstance(e, TrackingLost)]
    assert not [r for r in lost if r.startswith("the accelerometer does not")]


@pytest.mark.parametrize(("sensor", "axis"), [(0, 0), (0, 1), (1, 1), (1, 2)])
def test_an_axis_that_stands_still_beside_noise_is_dead_though_the_thigh_rests(sensor: int, axis: int) -> None:
    """Half a minute in which nobody moves: the other two axes of the sensor tell that it has noise."""
    block = moving(6000).part(0, 3000)
    values = [block.accel_mps2.copy(), block.gyro_radps.copy()]
    values[sensor][:, axis] = 0.0
    name = ("accelerometer", "gyroscope")[sensor]
    assert warnings([SampleBlock(block.t_s, *values)]) == [f"{name} axis {'xyz'[axis]} never changes: it is dead"]
    assert warnings([block]) == []


@pytest.mark.parametrize("from_s", [0.0, 35.0])
@pytest.mark.parametrize("zero", [False, True])
def test_an_accelerometer_that_stands_still_as_a_whole_is_dead(from_s: float, zero: bool) -> None:
    """At its last value, or at zero, while the thigh swings slowly; not one that is coarse while the thigh rests."""
    block = moving(6000)
    accel = np.where(
        block.t_s[:, None] < from_s, block.accel_mps2, 0.0 if zero else block.accel_mps2[int(100 * from_s)]
    )
    assert STUCK in warnings([SampleBlock(block.t_s, accel, block.gyro_radps)])
    rests = block.part(0, 3000)
    assert warnings([SampleBlock(rests.t_s, np.round(rests.accel_mps2 / 0.6) * 0.6, rests.gyro_radps)]) == []


def test_an_axis_between_two_values_of_a_coarse_sensor_kills_no_other() -> None:
    """Two axes that jump to and fro between two values are no noise beside which the third must not stand still."""
    block, rng = moving(6000, noise=0.0).part(0, 3000), np.random.default_rng(1)
    gyro = block.gyro_radps.copy()
    gyro[:, :2] = 0.01 * rng.integers(0, 2, (3000, 2))
    assert warnings([SampleBlock(block.t_s, block.accel_mps2, gyro)]) == []


@pytest.mark.parametrize("name", ["demo", "lunge", "hip_bridge", "hip_circle"])
def test_a_coarse_sensor_is_not_dead(name: str) -> None:
    """In steps of 0.6 m/s2 and 4 deg/s an axis may stand still for seconds while another moves: no fault."""
    block = joined(decoded(scenario(name, 21)))
    coarse = [np.round(v / unit) * unit for v, unit in ((block.accel_mps2, 0.6), (block.gyro_radps, np.radians(4.0)))]
    assert warnings([SampleBlock(block.t_s, *coarse)]) == []


@pytest.mark.parametrize(("n", "told"), [(1, False), (30, True)])
def test_spikes_are_told_once_they_are_a_habit(n: int, told: bool) -> None:
    """Single wrong samples: one is put right and not worth a word, thirty are told with their number; none is taken
    for the sensor's limit.
    """
    block = joined(decoded(scenario("lunge", 21)))
    accel = block.accel_mps2.copy()
    accel[np.linspace(100, len(accel) - 100, n).astype(int), 1] = 8 * 9.80665
    found = warnings([SampleBlock(block.t_s, accel, block.gyro_radps)])
    assert [w.startswith(f"{n} single samples") for w in found] == [True] * told


@pytest.mark.parametrize("name", ["lateral_leg_raise", "hip_bridge", "hip_circle"])
@pytest.mark.parametrize("share", [0.5, 0.0175])
def test_a_gyro_that_is_read_too_small_is_told(name: str, share: float) -> None:
    """Claim: a gyro read with half its range, or rad/s read as deg/s, is named with about how much is missing."""
    block = joined(decoded(scenario(name, 21)))
    small = SampleBlock(block.t_s, block.accel_mps2, block.gyro_radps * share)
    told = [float(w.split()[2]) for w in warnings([small]) if w.startswith("gravity turns")]
    assert told == [pytest.approx(1.0 / share, rel=0.3)]


def test_a_hang_is_told() -> None:
    """Once, for two seconds: with both figures."""
    block = joined(decoded(scenario("lunge", 21)))
    accel, gyro = block.accel_mps2.copy(), block.gyro_radps.copy()
    accel[3000:3200], gyro[3000:3200] = accel[3000], gyro[3000]
    found = warnings([SampleBlock(block.t_s, accel, gyro)])
    assert len(found) == 1
    assert found[0].startswith("the sensor hung once and repeated its last sample, 2.0 s in all")

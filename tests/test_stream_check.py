"""What is wrong with a stream is told; what is right is not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.host.motion.stream_check import StreamCheck
from coxa.host.replay.csv_file import read_csv
from coxa.host.samples import SampleBlock, StreamItem
from tests.helpers import decoded, joined, scenario


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
    accel_factors, gyro_factors, most_radps = FAULTS[expected]
    block = joined(decoded(scenario("lunge", 21)))
    accel = block.accel_mps2 * np.array(accel_factors)
    gyro = np.clip(block.gyro_radps * np.array(gyro_factors), -most_radps, most_radps)
    assert expected in " ".join(warnings([SampleBlock(block.t_s, accel, gyro)]))


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

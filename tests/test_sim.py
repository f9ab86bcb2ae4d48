"""The simulator is physics: its signals follow from the motion, and the truth is exact."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from coxa.firmware_sim.body import DENSE_HZ, Timeline, angular_rate, chained, motion_of, specific_force
from coxa.firmware_sim.scenario import build, names
from tests.helpers import scenario


def test_at_rest_the_accelerometer_reads_one_g_up() -> None:
    """Standing: +g along the thigh towards the hip, nothing across."""
    line = Timeline()
    line.rest(1.0)
    force = specific_force(motion_of(line, right_leg=True), np.array([0.05, -0.2, 0.0]))
    assert force[200] == pytest.approx([0, 9.80665, 0], abs=1e-6)


def test_a_swinging_thigh_feels_its_own_acceleration() -> None:
    """At the sensor, force is gravity plus lever arm times angular acceleration and rate squared (rigid body)."""
    line = Timeline()
    line.move(1.0, flexion=60.0)
    motion = motion_of(line, right_leg=True)
    arm = 0.25
    force = specific_force(motion, np.array([0.0, -arm, 0.0]))
    theta = np.unwrap(np.arctan2(-motion.proximal()[:, 0], motion.proximal()[:, 2]))
    rate = np.gradient(theta, 1 / DENSE_HZ)
    expected = 9.80665 * np.cos(theta) + arm * rate**2
    assert np.abs(force[5:-5, 1] - expected[5:-5]).max() < 0.05


def test_the_gyro_integrates_to_the_orientation() -> None:
    """Turning step by step with the angular rate ends where the motion ends."""
    line = Timeline()
    line.move(1.0, flexion=40.0, yaw=30.0)
    motion = motion_of(line, right_leg=False)
    turned = Rotation.identity()
    for rate in angular_rate(motion.thigh_to_world)[:-1]:
        turned = turned * Rotation.from_rotvec(rate / DENSE_HZ)
    error = (turned.inv() * motion.thigh_to_world[0].inv() * motion.thigh_to_world[-1]).magnitude()
    assert np.degrees(error) < 0.5


def test_rotations_are_chained_as_scipy_does() -> None:
    """One or many after many: our product is SciPy's, which takes one pair after the other."""
    many, more = (Rotation.random(50, random_state=seed) for seed in (1, 2))
    for a, b in ((many, more), (many[0], more), (many, more[0])):
        assert (chained(a, b).inv() * (a * b)).magnitude() == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize(("right", "sign"), [(True, -1.0), (False, 1.0)])
def test_signs_follow_isb(right: bool, sign: float) -> None:
    """Flexion brings the knee forward, abduction brings it outwards."""
    line = Timeline()
    line.move(1.0, flexion=45.0)
    knee = -motion_of(line, right).proximal()[-1]
    assert knee[0] == pytest.approx(np.sin(np.radians(45)), abs=1e-3)
    line = Timeline()
    line.move(1.0, abduction=45.0)
    knee = -motion_of(line, right).proximal()[-1]
    assert knee[1] == pytest.approx(sign * np.sin(np.radians(45)), abs=1e-3)


def test_the_same_seed_gives_the_same_bytes() -> None:
    """And another seed gives others."""
    again = build("demo", 4).raw
    assert np.array_equal(again.counts, scenario("demo", 4).raw.counts)
    assert np.array_equal(again.t_us, scenario("demo", 4).raw.t_us)
    assert not np.array_equal(again.counts[:1000], build("demo", 5).raw.counts[:1000])


@pytest.mark.parametrize("name", names())
def test_every_scenario_is_a_recording(name: str) -> None:
    """Counts move, time increases, truth lies inside the recording."""
    made = scenario(name, 1)
    start, end = made.raw.t_us[0] * 1e-6, made.raw.t_us[-1] * 1e-6
    assert made.raw.counts.std() > 10
    assert made.truth["activities"]
    for thing in (*made.truth["reps"], *made.truth["holds"]):
        assert start <= thing["start_s"] < thing["end_s"] <= end + 0.1


def test_partial_repetitions_are_small_and_not_required() -> None:
    """What must be rejected is in the demo, with its true size."""
    reps = [r for r in scenario("demo", 4).truth["reps"] if r["exercise"] == "lateral_leg_raise"]
    full = [r["rom_deg"] for r in reps if r["required"]]
    partial = [r["rom_deg"] for r in reps if r["kind"] == "partial"]
    assert len(full) == 5
    assert max(partial) < 0.45 * min(full)

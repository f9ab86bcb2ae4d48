"""How the sensor sits is learned from sitting and lying down: front, side, planes, slip, the wrong thigh."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from coxa.firmware_sim import everyday
from coxa.firmware_sim.person import Person
from coxa.firmware_sim.scenario import build
from coxa.firmware_sim.scripts import SCRIPTS
from coxa.host.events import Event, RepCompleted, Side, TrackingLost
from coxa.host.motion.tangent import dot
from coxa.host.reasons import Tracking
from coxa.host.replay.run import larger, track
from coxa.host.samples import SampleBlock
from coxa.host.tracker import Tracker
from tests.helpers import decoded, joined, scenario


def run(name: str, seed: int, side: Side | None) -> tuple[list[Event], Tracker]:
    made = scenario(name, seed)
    tracker = Tracker(made.truth["claimed"] if made.truth["claimed"] != "none" else "leg_raise", side)
    return [e for i in larger(decoded(made)) for e in tracker.feed(i)] + tracker.finish(), tracker


@pytest.mark.parametrize("seed", [41, 42, 43, 44])
def test_a_side_raise_is_abduction(seed: int) -> None:
    """On the side, nearly all of the movement is abduction, whatever the mounting."""
    events, _ = run("lateral_leg_raise", seed, scenario("lateral_leg_raise", seed).truth["side"])
    reps = [e for e in events if isinstance(e, RepCompleted)]
    assert reps
    for rep in reps:
        assert rep.abduction_deg is not None
        assert rep.abduction_deg == pytest.approx(rep.rom_deg, abs=3.0)


@pytest.mark.parametrize("seed", [41, 42, 43, 44])
def test_a_raise_on_the_back_is_flexion(seed: int) -> None:
    """On the back, nearly all of it is flexion."""
    events, tracker = run("leg_raise_supine", seed, None)
    reps = [e for e in events if isinstance(e, RepCompleted)]
    assert reps
    for rep in reps:
        assert rep.flexion_deg == pytest.approx(rep.rom_deg, abs=3.0)
        assert rep.abduction_deg is None
    mounting = tracker.mounting
    assert mounting is not None
    assert abs(dot(mounting.proximal, mounting.anterior)) < 0.05


@pytest.mark.parametrize("seed", [41, 42])
def test_the_sensor_on_the_other_thigh_is_noticed(seed: int) -> None:
    """Told the wrong side, it says so once; told the right one, never."""
    true = scenario("lateral_leg_raise", seed).truth["side"]
    other: Side = "left" if true == "right" else "right"

    def told(side: Side) -> int:
        events, _ = run("lateral_leg_raise", seed, side)
        return sum(isinstance(e, TrackingLost) and "seems to be on the" in e.reason for e in events)

    assert (told(true), told(other)) == (0, 1)


def test_a_slipped_strap_is_noticed() -> None:
    """Turned by 30 degrees round the thigh in mid-session, it is said once, with its size; unturned, never."""
    block = joined(decoded(scenario("negative", 44)))
    half = len(block) // 2
    tracker = Tracker("leg_raise")
    for k in range(0, half, 100):
        tracker.feed(block.part(k, min(k + 100, half)))
    mounting = tracker.mounting
    assert mounting is not None
    turn = Rotation.from_rotvec(np.radians(30.0) * np.array(mounting.proximal))
    accel, gyro = block.accel_mps2.copy(), block.gyro_radps.copy()
    accel[half:], gyro[half:] = turn.apply(accel[half:]), turn.apply(gyro[half:])

    def slips(block: SampleBlock) -> list[str]:
        events = track([block], "leg_raise")
        return [e.reason for e in events if isinstance(e, TrackingLost) and e.reason.startswith(Tracking.SLIPPED)]

    assert slips(block) == []
    (reason,) = slips(SampleBlock(block.t_s, accel, gyro))
    assert 25 <= int(reason.split()[-2]) <= 35


def _lies_then_walks(p: Person) -> str:
    everyday.lie_down(p, 0.0)
    p.still(4.0)
    everyday.get_up(p)
    everyday.walk(p, 9)
    p.still(3.0)
    return "none"


def test_lying_first_is_corrected_by_walking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording that begins lying takes that for upright, until the person walks: five of six; soft steps may do
    without."""
    monkeypatch.setitem(SCRIPTS, "lies_then_walks", _lies_then_walks)
    right = 0
    for seed in range(1, 7):
        made = build("lies_then_walks", seed)
        whole = joined(decoded(made))
        still = next(a for a in made.truth["activities"] if a["label"] == "still")
        tracker = Tracker("leg_raise")
        tracker.feed(whole.part(int(np.searchsorted(whole.t_s, still["start_s"])), len(whole)))
        right += tracker.fits("lunge") and not tracker.fits("knee_to_chest")
    assert right >= 5


@pytest.mark.parametrize("seed", [41, 42])
def test_a_twisted_leg_is_no_slipped_strap(seed: int) -> None:
    """A figure four turns the thigh about its own axis; sitting down afterwards does not look like a slip."""
    events, _ = run("figure_four", seed, None)
    assert not [e for e in events if isinstance(e, TrackingLost) and e.reason.startswith(Tracking.SLIPPED)]

"""`coxa doctor`: what is bad is said to be bad, with what to do, and what is well is left in peace."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from coxa.cli import doctor as doctor_command
from coxa.cli.sensor_choice import SensorChoice
from coxa.host.link import checkup
from coxa.host.link.checkup import Finding, Resting, State
from coxa.host.link.quality import StreamQuality
from coxa.host.samples import STANDARD_GRAVITY_MPS2, SampleBlock
from coxa.host.sensors.registry import driver
from tests.helpers_link import sensor
from tests.played_sensor import mute

ROOT = Path(__file__).parents[1]
GOOD = StreamQuality(lost_share=0.0, rate_hz=50.1, nominal_hz=50.0, drift_ppm=20.0, late_s=0.01, worst_late_s=0.1)
OWN, WIT = driver("coxa").capabilities, driver("witmotion").capabilities


def resting(accel_mps2: list[float], n: int = 100) -> list[Finding]:
    """What is said of a sensor that lies still and reads this."""
    found = Resting()
    found.update(SampleBlock(np.arange(n) / 50, np.tile(accel_mps2, (n, 1)), np.zeros((n, 3))))
    return found.findings(OWN)


def test_a_good_stream_is_good() -> None:
    """Nothing to do where all is well."""
    found = [checkup.rate(GOOD, OWN), checkup.loss(GOOD, OWN), *checkup.clock(GOOD, OWN), checkup.saturation(GOOD, OWN)]
    assert [f.state for f in found] == [State.GOOD] * 5
    assert not any(f.todo for f in found)


@pytest.mark.parametrize(
    "finding",
    [
        checkup.rate(replace(GOOD, rate_hz=10.0), OWN),
        checkup.rate(replace(GOOD, rate_hz=None), OWN),
        checkup.loss(replace(GOOD, lost_share=0.05), OWN),
        checkup.loss(replace(GOOD, reconnects=1), OWN),
        checkup.clock(replace(GOOD, drift_ppm=-2000.0), OWN)[0],
        checkup.clock(replace(GOOD, late_s=0.5), OWN)[1],
        checkup.saturation(replace(GOOD, clipped_samples=3), OWN),
        checkup.battery(5),
        checkup.signal(-95),
        resting([0.0, 0.0, 4.9])[0],
        resting([0.0, 0.0, 19.6])[0],
    ],
)
def test_what_is_bad_is_said_with_what_to_do(finding: Finding) -> None:
    """10 Hz in place of 50, loss, a clock that runs away, late packets, clipping, no battery, half or double g."""
    assert finding.state is State.BAD
    assert finding.todo


def test_no_option_is_advised_that_the_sensor_does_not_take() -> None:
    """A board's program sets rate and ranges; a WitMotion takes other rates, and no other range."""
    rate, clipped = replace(GOOD, rate_hz=10.0), replace(GOOD, clipped_samples=3)
    assert "--" not in checkup.rate(rate, OWN).todo + checkup.saturation(clipped, OWN).todo
    assert "--rate-hz" in checkup.rate(rate, WIT).todo
    assert "--range" not in checkup.saturation(clipped, WIT).todo
    assert "--range-g, --range-dps" in checkup.saturation(clipped, driver("movesense").capabilities).todo


def test_what_cannot_be_known_is_not_called_good() -> None:
    """A sensor without numbers, clock or battery level; one that was not left lying."""
    unknown = [checkup.loss(GOOD, WIT), *checkup.clock(GOOD, WIT), checkup.battery(None), checkup.signal(None)]
    assert {f.state for f in unknown} == {State.UNKNOWN}
    assert Resting().findings(WIT)[0].state is State.UNKNOWN


@given(seed=st.integers(0, 999))
def test_gravity_is_judged_in_any_pose(seed: int) -> None:
    """However it lies, 1 g is good, and it is told which axis points up, if one does."""
    up = Rotation.random(random_state=seed).apply([0.0, 0.0, STANDARD_GRAVITY_MPS2])
    scale, sign = resting(up.tolist())
    assert scale.state is State.GOOD
    axis = int(np.argmax(np.abs(up)))
    straight = abs(up[axis]) > 0.9 * STANDARD_GRAVITY_MPS2
    assert (f"{'+' if up[axis] > 0 else '-'}{'xyz'[axis]} points up" in sign.found) == straight


def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    command = [sys.executable, "-m", "coxa", "doctor", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_simulated_sensor_is_well_on_the_virtual_radio() -> None:
    """Every line from Bluetooth to saturation, none bad, status 0."""
    with sensor() as (hci, _):
        told = doctor("--hci", hci, "--seconds", "4")
    assert told.returncode == 0, told.stdout + told.stderr
    for what in ("bluetooth", "sensor", "connection", "battery     87 %", "rate", "loss", "gravity", "saturation"):
        assert what in told.stdout
    assert "bad  " not in told.stdout


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_sensor_without_a_gyro_is_well_and_said_to_have_none() -> None:
    """What an H10 cannot do is told once, and is no fault of it: status 0."""
    with sensor("--sensor", "polar_h10") as (hci, _):
        told = doctor("--hci", hci, "--any", "--seconds", "6")
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("no gyro") == 1
    assert "bad  " not in told.stdout
    assert "m/s2 at rest" in told.stdout


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_sensor_that_never_sends_is_not_said_to_stream(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is found and connected to, and nothing comes: bad, with what to do."""
    monkeypatch.setattr(doctor_command, "GIVE_UP_S", 1.0)
    with mute() as hci:
        assert doctor_command.run(1.0, SensorChoice(hci)) == 1
    told = capsys.readouterr().out
    assert "bad     connection  no sample came" in told
    assert "switch it off and on" in told


def test_without_bluetooth_it_says_so_and_fails() -> None:
    """No adapter: one bad line with what to do, status 1."""
    told = doctor("--hci", "tcp-client:127.0.0.1:1", "--seconds", "3")
    assert told.returncode == 1
    assert "no Bluetooth adapter" in told.stdout
    assert "->" in told.stdout

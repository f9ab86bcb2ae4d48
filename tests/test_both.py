"""A sensor on each thigh: two links at once, two sessions, nothing mixed up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from upath import UPath

from coxa.cli.both import _both, _plan  # pyright: ignore[reportPrivateUsage]
from coxa.cli.live import LiveRequest
from coxa.cli.page import PageOptions
from coxa.cli.sensor_choice import SensorChoice
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.firmware_sim.scenario import Scenario, build_routine
from coxa.host.events import Event, RepCompleted, Side
from coxa.host.log import list_sessions, open_session
from coxa.host.replay.run import track
from tests.helpers import decoded, scenario
from tools.streaming_laws import peaks_s

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

ADDRESSES: dict[Side, str] = {"left": "F0:0D:CA:FE:00:01", "right": "F0:0D:CA:FE:00:02"}
SEEDS: dict[Side, int] = {"left": 3, "right": 4}


ROUTINE = """
name = "both"
[[step]]
exercise = "hip_circle"
leg = "either"
direction = "clockwise"
reps = 4
[[step]]
exercise = "lateral_leg_raise"
sets = 2
reps = 5
rest_s = 8
"""


async def worn(made: Mapping[str, Scenario], request: LiveRequest) -> dict[str, list[Event]]:
    """A sensor on each thigh, and what is counted from each."""
    air = Air()
    for side, address in ADDRESSES.items():
        firmware = Firmware(made[side].raw, f"TEST{side}"[:8])
        await Peripheral(firmware, air, address, f"coxa {side}", fast=True, faults=Faults()).switch_on()
    choice = SensorChoice(f"tcp-client:127.0.0.1:{await air.serve(0)}")
    async with asyncio.timeout(300):
        done = await _both(ADDRESSES, replace(request, sensor=choice))
    assert all(ended.trouble is None for ended in done.values())
    return {side: open_session(UPath(ended.folder or "")).events() for side, ended in done.items()}


def test_a_routine_with_two_sensors_moves_neither(tmp_path: Path) -> None:
    """Each thigh is led through what is its own, and what needs no side is counted on both; nobody moves a sensor."""
    file = tmp_path / "both.toml"
    file.write_text(ROUTINE)
    request = LiveRequest(None, str(file), None, None, SensorChoice(), str(tmp_path), "quiet", "en", PageOptions())
    plans = {side: _plan(replace(request, side=side), side) for side in SEEDS}
    assert not any(p.move_sensor for plan in plans.values() for p in plan)
    made = {side: build_routine([asdict(p) for p in plans[side]], seed) for side, seed in SEEDS.items()}
    for side, events in asyncio.run(worn(made, request)).items():
        done = [r["exercise"] for r in made[side].truth["reps"] if r["required"]]
        assert [e.exercise for e in events if isinstance(e, RepCompleted)] == done
        assert len(done) == 14
    sessions = list_sessions(UPath(tmp_path))
    assert {s.plan for s in sessions} == set(plans.values())


def test_both_thighs_are_counted_each_from_its_own_sensor(tmp_path: Path) -> None:
    """Two people's raises on one radio: each side gets its own, and its own session in the log."""
    name = "lateral_leg_raise"

    made = {side: scenario(name, seed) for side, seed in SEEDS.items()}
    request = LiveRequest(
        name, None, None, None, SensorChoice(), str(tmp_path), "quiet", "en", PageOptions(), person="Ann"
    )
    found = asyncio.run(worn(made, request))
    assert set(found) == set(SEEDS)
    for side in SEEDS:
        events = found[side]
        assert peaks_s(events) == peaks_s(track(decoded(made[side]), name))
        assert len(peaks_s(events)) > 3
    sessions = {s.plan[0].side: s for s in list_sessions(UPath(tmp_path))}
    assert {side: s.header.sensor["address"] for side, s in sessions.items()} == ADDRESSES
    assert {s.header.person for s in sessions.values()} == {"Ann"}
    assert {side: peaks_s(s.events()) for side, s in sessions.items()} == {s: peaks_s(e) for s, e in found.items()}

"""A sensor on each thigh: two links at once, two sessions, nothing mixed up."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from upath import UPath

from coxa.cli.both import _both  # pyright: ignore[reportPrivateUsage]
from coxa.cli.live import LiveRequest
from coxa.cli.page import PageOptions
from coxa.cli.sensor_choice import SensorChoice
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.host.events import Event, RepCompleted, Side
from coxa.host.log import list_sessions
from tests.helpers import decoded, scenario, track

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

ADDRESSES: dict[Side, str] = {"left": "F0:0D:CA:FE:00:01", "right": "F0:0D:CA:FE:00:02"}
SEEDS: dict[Side, int] = {"left": 3, "right": 4}


def reps(events: list[Event]) -> list[float]:
    """When the counted ones were at their height."""
    return [e.peak_s for e in events if isinstance(e, RepCompleted)]


def test_both_thighs_are_counted_each_from_its_own_sensor(tmp_path: Path) -> None:
    """Two people's raises on one radio: each side gets its own, and its own session in the log."""
    name = "lateral_leg_raise"

    async def run() -> dict[Side, list[Event]]:
        air = Air()
        for side, address in ADDRESSES.items():
            firmware = Firmware(scenario(name, SEEDS[side]).raw, f"TEST{side}"[:8])
            await Peripheral(firmware, air, address, f"coxa {side}", fast=True, faults=Faults()).switch_on()
        choice = SensorChoice(f"tcp-client:127.0.0.1:{await air.serve(0)}")
        request = LiveRequest(name, None, None, None, choice, str(tmp_path), "quiet", "en", PageOptions(), person="Ann")
        async with asyncio.timeout(60):
            return await _both(ADDRESSES, request)

    found = asyncio.run(run())
    for side, events in found.items():
        assert reps(events) == reps(track(decoded(scenario(name, SEEDS[side])), name))
        assert len(reps(events)) > 3
    sessions = {s.plan[0].side: s for s in list_sessions(UPath(tmp_path))}
    assert {side: s.header.sensor["address"] for side, s in sessions.items()} == ADDRESSES
    assert {s.header.person for s in sessions.values()} == {"Ann"}
    assert {side: reps(s.events()) for side, s in sessions.items()} == {s: reps(e) for s, e in found.items()}

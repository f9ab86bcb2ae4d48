"""Two sensors on one host, by the tool that measures many."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from upath import UPath

from coxa.host.log import list_sessions
from tools.many_sensors import Found, Host, Room, judged

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

REPS = 3


def test_two_sensors_on_one_host_each_count_what_was_done(tmp_path: Path) -> None:
    """Both stream at once over one radio, nothing is lost, each has its own session; a count too few is noticed."""

    async def run() -> tuple[Found, Found]:
        room = await Room.opened((0, 1), REPS, fast=True)
        host = Host(dict.fromkeys(room.sensors, room.hci), tmp_path)
        try:
            async with asyncio.timeout(300):
                await host.run()
        finally:
            room.air.close()
        found = judged(host.heard, room.begun_s, REPS, host.share, 0.0)
        del host.heard[1].reps[0]
        return found, judged(host.heard, room.begun_s, REPS, host.share, 0.0)

    found, less = asyncio.run(run())
    assert found.good
    assert (found.sensors, found.right, found.lost, found.reconnects) == (2, 2, 0, 0)
    assert (less.right, less.good) == (1, False)
    assert {s.header.sensor["serial"] for s in list_sessions(UPath(tmp_path))} == {"MANY0000", "MANY0001"}

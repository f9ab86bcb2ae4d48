"""A host that lags behind looks at what waits together; nothing else changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from upath import UPath

from coxa.cli.session_setup import new_header
from coxa.host.cues import Cue
from coxa.host.errors import LinkError, LinkFailure
from coxa.host.events import Event
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkItem, LinkStatus
from coxa.host.log import SessionWriter, open_session
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Packet
from coxa.host.sensors.registry import driver
from coxa.host.session import AT_ONCE_SAMPLES, run_session
from coxa.host.watcher import Watcher
from tests.helpers import frames, scenario

PLAN = (SetPlan("lateral_leg_raise", "right", reps=2, rest_s=5.0), SetPlan("lateral_leg_raise", "right"))
FRAMES = frames(scenario("lateral_leg_raise", 3))


class Looks(Watcher):
    """How often there was something new to show, and what had been decided by each change of the link."""

    def __init__(self) -> None:
        self.count, self.decided = 0, 0
        self.by_status = list[int]()

    def event(self, event: Event) -> None:  # noqa: ARG002
        """One more."""
        self.decided += 1

    def status(self, status: LinkStatus) -> None:  # noqa: ARG002
        """Noted."""
        self.by_status.append(self.decided)

    def progress(self, coach: Coach, quality: StreamQuality) -> None:  # noqa: ARG002
        """One more."""
        self.count += 1


def lagging(waiting: list[int], lost_after: int) -> tuple[list[Packet], list[Event], list[Cue], Looks]:
    """The log of a session in which so many packets wait behind each, over and over, and which loses the link once."""
    own = driver("coxa")
    link: Any = SimpleNamespace(
        driver=own,
        settings=own.defaults,
        decoder=own.decoder(own.defaults),
        reconnects=0,
        repeats=0,
        info={},
        waiting=0,
    )
    link.sensor = SimpleNamespace(name="Thigh", address="C0:FF:EE:00:00:01", rssi_dbm=-60)

    async def items() -> AsyncIterator[LinkItem]:
        yield LinkStatus(True, "connected")
        for k, data in enumerate(FRAMES):
            link.waiting = waiting[k % len(waiting)]
            yield Packet(0.1 * k, data)
            if k == lost_after:
                yield LinkStatus(False, "lost")
                yield LinkStatus(True, "connected again")
        raise LinkError(LinkFailure.LOST, "Thigh: lost")

    link.items, looks = items, Looks()
    with TemporaryDirectory() as folder:
        with SessionWriter(Path(folder), new_header(PLAN)) as writer, pytest.raises(LinkError):
            asyncio.run(run_session(link, Coach(PLAN), writer, looks, lambda: False))
        session = open_session(UPath(writer.folder))
        return list(session.packets()), session.events(), session.cues(), looks


AT_ONCE = lagging([0], 200)


@settings(max_examples=8)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=40))
def test_what_waits_changes_nothing_that_is_logged(waiting: list[int]) -> None:
    """However many packets wait, the log has the same packets, events and cues, and what was decided before the link
    was lost is told before it.
    """
    packets_, events, cues, looks = lagging(waiting, 200)
    assert (packets_, events, cues) == AT_ONCE[:3]
    assert len(events) > 5
    assert looks.by_status == AT_ONCE[3].by_status


def test_who_always_lags_looks_at_large_blocks() -> None:
    """Where packets always wait, no block is smaller than it may be, so that the host catches up."""
    samples = len(scenario("lateral_leg_raise", 3).raw)
    *_, looks = lagging([1], 200)
    assert looks.count <= samples / AT_ONCE_SAMPLES + 1
    assert AT_ONCE[3].count == len(FRAMES)

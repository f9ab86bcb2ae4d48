"""Sessions of simulated recordings, as a live session writes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from coxa.cli.session_setup import new_header
from coxa.host.events import Event
from coxa.host.log import SessionWriter
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Packet
from coxa.host.wire import Decoder
from tests.helpers import frames, scenario

PLAN = (SetPlan("lateral_leg_raise", "right"),)


@cache
def coached(
    name: str, plan: tuple[SetPlan, ...], packets: int | None
) -> tuple[list[tuple[bytes, list[Event]]], list[Event], float | None]:
    """So many packets of a simulated recording, each with what was decided by then; what was at the end, and when."""
    decoder, coach = Decoder(), Coach(plan)
    sent = frames(scenario(name, 3))[:packets]
    told = [(data, [e for item in decoder.feed(data) for e in coach.feed(item)]) for data in sent]
    return told, coach.finish(), coach.view.t_s


def write(
    log: Path,
    packets: int | None = None,
    *,
    close: bool = True,
    plan: tuple[SetPlan, ...] = PLAN,
    name: str = "lateral_leg_raise",
) -> tuple[Path, list[Event]]:
    """A session as a live one would write it."""
    told, last, ended_s = coached(name, plan, packets)
    writer = SessionWriter(log, new_header(plan, simulated=True, seed=3))
    for k, (data, events) in enumerate(told):
        writer.packet(Packet(k * 0.1, data))
        for event in events:
            writer.event(event)
    if close:
        for event in last:
            writer.event(event)
        writer.close(ended_s)
    else:
        writer.abandon()
    return writer.folder, [e for _, events in told for e in events] + (last if close else [])

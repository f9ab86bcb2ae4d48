"""A live session: link, decoder, coach and log in a row. The log comes first, whoever watches comes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from coxa.host.events import Event
from coxa.host.link.sensor_link import LinkStatus, SensorLink
from coxa.host.log import SessionWriter
from coxa.host.motion.stream_check import StreamCheck
from coxa.host.routine import Coach
from coxa.host.wire import Decoder


class Watcher:
    """Whoever looks on; every call returns at once. This one looks away."""

    def status(self, status: LinkStatus) -> None:
        """The link came or went."""

    def event(self, event: Event) -> None:
        """The coach decided something."""

    def progress(self, coach: Coach, decoder: Decoder) -> None:
        """Samples came."""


async def run_session(
    link: SensorLink, decoder: Decoder, coach: Coach, writer: SessionWriter, watcher: Watcher, stop: Callable[[], bool]
) -> list[Event]:
    """Run until the sensor's stream ends or `stop` says so; gives every event.

    Raises:
        LinkError: the sensor was lost for good; the session is closed all the same.
        LogError: the log cannot be written.
    """
    events, check = list[Event](), StreamCheck()

    def take(new: list[Event]) -> None:
        for event in new:
            writer.event(event)
            watcher.event(event)
        events.extend(new)

    try:
        async for item in link.items():
            if isinstance(item, LinkStatus):
                writer.describe(sensor={"name": link.sensor.name, "address": link.sensor.address, **link.info})
                watcher.status(item)
            else:
                writer.packet(item)
                for samples in decoder.feed(item.data):
                    check.update(samples)
                    take(coach.feed(samples))
                watcher.progress(coach, decoder)
            if stop():
                break
    finally:
        take(coach.finish())
        writer.describe(link={**asdict(decoder.stats), "reconnects": link.reconnects, "warnings": check.warnings()})
        writer.describe(mounting=coach.mounting)
        writer.close(coach.view.t_s)
    return events

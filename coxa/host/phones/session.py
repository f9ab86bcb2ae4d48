"""A live session with a phone: as `coxa.host.session`, for packets that no radio brought."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from coxa.host.errors import WireError
from coxa.host.events import Event
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.log import SessionWriter
from coxa.host.motion.stream_check import StreamCheck
from coxa.host.phones.link import PhoneLink
from coxa.host.routine import Coach
from coxa.host.samples import StreamItem
from coxa.host.session import Watcher


async def run_phone(
    link: PhoneLink, coach: Coach, writer: SessionWriter, watcher: Watcher, stop: Callable[[], bool]
) -> list[Event]:
    """Run until the phone stops or `stop` says so; gives every event.

    Raises:
        WireError: the phone sends what cannot be counted from, as without gravity; the text says what to do.
        LinkError: the phone cannot be found or was lost for good; the session is closed all the same.
        LogError: the log cannot be written.
    """
    events, check, decoder = list[Event](), StreamCheck(), link.decoder

    def decide(samples: list[StreamItem]) -> None:
        for item in samples:
            check.update(item)
            take(coach.feed(item))

    def take(new: list[Event]) -> None:
        for event in new:
            writer.event(event)
            watcher.event(event)
        events.extend(new)

    try:
        async for item in link.items(stop):
            if isinstance(item, LinkStatus):
                sensor = {"name": link.driver.title, "driver": link.driver.name, "address": link.address}
                writer.describe(sensor=sensor)
                watcher.status(item)
            else:
                writer.packet(item)
                decide(decoder.feed(link.characteristic, item.data, item.arrival_s))
                watcher.progress(coach, _quality(link))
                if decoder.refusal is not None and decoder.stats.samples == 0:
                    raise WireError(decoder.refusal)
            if stop():
                break
        decide(decoder.finish())
        if decoder.refusal is not None and decoder.stats.samples == 0:
            raise WireError(decoder.refusal)
    finally:
        take(coach.finish())
        warnings = [*check.warnings(), *decoder.stats.damage()]
        writer.describe(link={**asdict(decoder.stats), "reconnects": link.reconnects, "warnings": warnings})
        writer.describe(mounting=coach.mounting)
        writer.close(coach.view.t_s)
    return events


def _quality(link: PhoneLink) -> StreamQuality:
    decoder = link.decoder
    return StreamQuality(rate_hz=decoder.rate_hz, reconnects=link.reconnects, battery_percent=decoder.battery_percent)

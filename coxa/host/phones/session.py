"""A live session with a phone: as `coxa.host.session`, for packets that no radio brought."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from coxa.host.cues import Announcer, Cue
from coxa.host.errors import LinkError, WireError
from coxa.host.events import Event
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.log import SessionWriter
from coxa.host.motion.stream_check import StreamCheck
from coxa.host.phones.link import PhoneLink
from coxa.host.routine import Coach
from coxa.host.samples import Packet, StreamItem
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
    running = _Running(link, coach, writer, watcher)
    try:
        async for item in link.items(stop):
            if isinstance(item, LinkStatus):
                running.status(item)
            else:
                running.packet(item)
            if stop():
                break
        running.last_samples()
    except LinkError:
        running.gone()
        raise
    finally:
        running.close()
    return running.events


class _Running:
    """Who is told what, in order: the log first."""

    def __init__(self, link: PhoneLink, coach: Coach, writer: SessionWriter, watcher: Watcher) -> None:
        self._link, self._coach, self._writer, self._watcher = link, coach, writer, watcher
        self._check, self._announcer = StreamCheck(), Announcer(coach.plan)
        self.events = list[Event]()

    def status(self, status: LinkStatus) -> None:
        """The phone came or went."""
        self._writer.describe(sensor=_sensor(self._link))
        self._watcher.status(status)
        self._announce(self._announcer.status(status.connected))

    def packet(self, packet: Packet) -> None:
        """The phone sent something."""
        self._writer.packet(packet)
        self._decide(self._link.decoder.feed(self._link.characteristic, packet.data, packet.arrival_s))
        self._watcher.progress(self._coach, _quality(self._link))

    def last_samples(self) -> None:
        """The phone has stopped: what was held back."""
        self._decide(self._link.decoder.finish())

    def gone(self) -> None:
        """The phone was lost for good."""
        self._announce(self._announcer.gone())

    def close(self) -> None:
        """The session is over."""
        decoder, link = self._link.decoder, self._link
        self._take(self._coach.finish())
        warnings = [*self._check.warnings(), *decoder.stats.damage()]
        told = {**asdict(decoder.stats), "reconnects": link.reconnects, "warnings": warnings}
        self._writer.describe(sensor=_sensor(link), link=told, mounting=self._coach.mounting, effort=self._coach.effort)
        self._writer.close(self._coach.view.t_s)

    def _decide(self, samples: list[StreamItem]) -> None:
        for item in samples:
            self._check.update(item)
            self._take(self._coach.feed(item))
        decoder = self._link.decoder
        if decoder.refusal is not None and decoder.stats.samples == 0:
            raise WireError(decoder.refusal)

    def _take(self, new: list[Event]) -> None:
        for event in new:
            self._writer.event(event)
            self._watcher.event(event)
        self.events.extend(new)
        self._announce(self._announcer.update(self._coach, new))

    def _announce(self, cues: list[Cue]) -> None:
        for cue in cues:
            self._writer.cue(cue)
            self._watcher.cue(cue)


def _sensor(link: PhoneLink) -> dict[str, Any]:
    """Who sent, and all that one needs to decode it again."""
    same = {"name": link.driver.title, "address": link.address, "driver": link.driver.name}
    battery = {} if link.decoder.battery_percent is None else {"battery_percent": link.decoder.battery_percent}
    return {**same, "settings": asdict(link.settings), **battery}


def _quality(link: PhoneLink) -> StreamQuality:
    decoder = link.decoder
    return StreamQuality(rate_hz=decoder.rate_hz, reconnects=link.reconnects, battery_percent=decoder.battery_percent)

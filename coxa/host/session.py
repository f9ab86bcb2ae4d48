"""A live session: link, decoder, coach and log in a row. The log comes first, whoever watches comes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from coxa.host.cues import Announcer, Cue
from coxa.host.errors import LinkError
from coxa.host.events import Event
from coxa.host.link.quality import StreamQuality
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

    def cue(self, cue: Cue) -> None:
        """There is something to say."""

    def progress(self, coach: Coach, quality: StreamQuality) -> None:
        """Samples came; once a packet."""


class Watchers(Watcher):
    """Several of them, told in order."""

    def __init__(self, *watchers: Watcher) -> None:
        self._watchers = watchers

    def status(self, status: LinkStatus) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.status(status)

    def event(self, event: Event) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.event(event)

    def cue(self, cue: Cue) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.cue(cue)

    def progress(self, coach: Coach, quality: StreamQuality) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.progress(coach, quality)


async def run_session(
    link: SensorLink, decoder: Decoder, coach: Coach, writer: SessionWriter, watcher: Watcher, stop: Callable[[], bool]
) -> list[Event]:
    """Run until the sensor's stream ends or `stop` says so; gives every event.

    Raises:
        LinkError: the sensor was lost for good; the session is closed all the same.
        LogError: the log cannot be written.
    """
    events, check, announcer = list[Event](), StreamCheck(), Announcer(coach.plan)

    def announce(cues: list[Cue]) -> None:
        for cue in cues:
            writer.cue(cue)
            watcher.cue(cue)

    def take(new: list[Event]) -> None:
        for event in new:
            writer.event(event)
            watcher.event(event)
        events.extend(new)
        announce(announcer.update(coach, new))

    try:
        async for item in link.items():
            if isinstance(item, LinkStatus):
                writer.describe(sensor={"name": link.sensor.name, "address": link.sensor.address, **link.info})
                watcher.status(item)
                announce(announcer.status(item.connected))
            else:
                writer.packet(item)
                for samples in decoder.feed(item.data):
                    check.update(samples)
                    take(coach.feed(samples))
                watcher.progress(coach, _quality(link, decoder))
            if stop():
                break
    except LinkError:
        announce(announcer.gone())
        raise
    finally:
        take(coach.finish())
        writer.describe(link={**asdict(decoder.stats), "reconnects": link.reconnects, "warnings": check.warnings()})
        writer.describe(mounting=coach.mounting, effort=coach.effort)
        writer.close(coach.view.t_s)
    return events


def _quality(link: SensorLink, decoder: Decoder) -> StreamQuality:
    battery, described = link.info.get("battery_percent"), decoder.description
    return StreamQuality(
        lost_packets=decoder.stats.lost_packets,
        nominal_hz=described.rate_hz if described else None,
        reconnects=link.reconnects,
        rssi_dbm=link.sensor.rssi_dbm,
        battery_percent=battery if isinstance(battery, int) else None,
    )

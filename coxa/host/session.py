"""A live session: link, decoder, coach and log in a row.

Each packet is logged raw before anything is made of it, and each event is logged before anybody is shown it: what was
seen or heard can always be found in the log, and a replay of the packets gives the same events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from upath import UPath

from coxa.host.cues import Announcer, Cue
from coxa.host.errors import LinkError, LinkFailure
from coxa.host.events import Event
from coxa.host.link.meter import StreamMeter
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkItem, LinkStatus, SensorLink, check_usable, until
from coxa.host.log import SessionWriter
from coxa.host.log.header import told_at_the_end
from coxa.host.log.worn import last_worn
from coxa.host.phones.link import PhoneLink
from coxa.host.replay.run import larger
from coxa.host.routine import Coach
from coxa.host.samples import Packet, SampleBlock, StreamItem
from coxa.host.watcher import Watcher

FULL = "the session is as large as one can be and ends here; all of it is kept, start another one"
WARN_EVERY_S = 5.0
"""How often it is looked whether something is wrong with the stream."""
AT_ONCE_SAMPLES = 500
"""While further packets wait, up to so many samples are looked at together: a packet of ten costs as much as a block of
300 does. More would keep other sensors of this host waiting. 100 to 1000."""


async def run_session(
    link: SensorLink | PhoneLink, coach: Coach, writer: SessionWriter, watcher: Watcher, stop: Callable[[], bool]
) -> None:
    """Run until the sensor's stream ends, the log's session is full or `stop` says so. Events go to the log and the
    watcher; none is kept here.

    Args:
        link: brings the packets; connected by whoever calls, and left open.
        coach: leads through the plan and counts.
        writer: of the session's log; closed here whatever happens, without a trace where no packet came.
        watcher: shown everything once it is logged.
        stop: asked often, in silence too; True ends the session in order.

    Raises:
        LinkError: the sensor was lost for good or cannot be used; the session is closed all the same.
        WireError: it speaks another version of its protocol; as above.
        LogError: the log cannot be written.
    """
    session = _Session(link, coach, writer, watcher)
    try:
        async for item in until(link.items(), lambda: writer.full or stop()):
            session.take(item)
    except LinkError as error:
        if error.reason is not LinkFailure.REFUSED:
            session.gone()
        raise
    finally:
        session.close()


class _Session:
    """What `run_session` does with each item of the link, and at the end.

    Packets are logged and decoded one by one, but looked at (`_catch_up`) only when no further one waits: a host that
    has fallen behind catches up with larger blocks, which cost less.
    """

    def __init__(self, link: SensorLink | PhoneLink, coach: Coach, writer: SessionWriter, watcher: Watcher) -> None:
        self._link, self._coach, self._writer, self._watcher = link, coach, writer, watcher
        self._meter = StreamMeter(link.driver, link.settings, link.decoder)
        self._announcer = Announcer(coach.plan)
        self._warned = _Warned(self._meter, watcher)
        self._strap = _Strap(writer, link.sensor.address, watcher)
        self._begun = self._received = False
        self._held = list[StreamItem]()
        """Decoded, and not yet looked at, because further packets wait."""

    def take(self, item: LinkItem) -> None:
        """Take a packet, or the news that the link came or went, ahead of which all that was decoded is looked at."""
        if isinstance(item, LinkStatus):
            self._catch_up()
            self._writer.describe(sensor=self._sensor())
            self._watcher.status(item)
            self._announce(self._announcer.status(item.connected))
        else:
            self._packet(item)

    def gone(self) -> None:
        """The sensor is lost for good: say so, after what came before."""
        self._catch_up()
        self._announce(self._announcer.gone())

    def close(self) -> None:
        """Decide what is open, and finish the log; a session in which nothing was received leaves no trace in it."""
        if not self._received:
            self._writer.discard()
            return
        self._held += self._link.decoder.finish()
        self._catch_up()
        self._decided(self._coach.finish())
        told = {**asdict(self._quality()), **self._link.decoder.counts()}
        warnings = [*self._meter.warnings(), *self._strap.told]
        if self._writer.full:
            self._watcher.warning(FULL)
            warnings.append(FULL)
        told |= {"repeats": self._link.repeats, "warnings": warnings}
        self._writer.describe(sensor=self._sensor(), link=told, **told_at_the_end(self._coach))
        self._writer.close(self._coach.view.t_s)

    def _packet(self, packet: Packet) -> None:
        self._received = True
        self._writer.packet(packet)
        decoder = self._link.decoder
        items = decoder.feed(packet.characteristic, packet.data, packet.arrival_s)
        self._meter.update(packet, items)
        self._held += items
        check_usable(self._link.sensor.name, decoder)
        if self._link.waiting and sum(len(i) for i in self._held if isinstance(i, SampleBlock)) < AT_ONCE_SAMPLES:
            return
        self._catch_up()
        self._watcher.progress(self._coach, self._quality())
        self._warned.look(packet.arrival_s)
        self._strap.look(self._coach)

    def _catch_up(self) -> None:
        """Let the coach see all that was decoded and not yet looked at."""
        items, self._held = self._held, []
        for item in larger(items):
            if not self._begun and isinstance(item, SampleBlock):
                self._begun = True
                self._watcher.began(float(item.t_s[0]))
            for decided in self._coach.feed_beat_by_beat(item):
                self._decided(decided)

    def _decided(self, new: list[Event]) -> None:
        """Log and show events, then what is to be said of them, or of the time that has passed where there are none."""
        for event in new:
            self._writer.event(event)
            self._watcher.event(event)
        self._announce(self._announcer.update(self._coach, new))

    def _announce(self, cues: list[Cue]) -> None:
        for cue in cues:
            self._writer.cue(cue)
            self._watcher.cue(cue)

    def _quality(self) -> StreamQuality:
        battery = self._link.info.get("battery_percent")
        return self._meter.quality(
            reconnects=self._link.reconnects,
            rssi_dbm=self._link.sensor.rssi_dbm,
            battery_percent=battery if isinstance(battery, int) else None,
        )

    def _sensor(self) -> dict[str, Any]:
        """Who sent, and all that one needs to decode it again."""
        link = self._link
        sensor = {"name": link.sensor.name, "address": link.sensor.address, "driver": link.driver.name}
        return {**sensor, "settings": asdict(link.decoder.said or link.settings), **link.info}


class _Warned:
    """Warns of what is wrong with the stream, as the meter finds it: each thing once, looked for now and then only."""

    def __init__(self, meter: StreamMeter, watcher: Watcher) -> None:
        self._meter, self._watcher = meter, watcher
        self._told, self._next_s = set[str](), WARN_EVERY_S

    def look(self, now_s: float) -> None:
        if now_s < self._next_s:
            return
        self._next_s = now_s + WARN_EVERY_S
        for text in self._meter.warnings():
            if _gist(text) not in self._told:
                self._told.add(_gist(text))
                self._watcher.warning(text)


class _Strap:
    """Warns if the sensor sits otherwise than the last time, once for each thigh, as soon as its mounting is known."""

    def __init__(self, writer: SessionWriter, address: str, watcher: Watcher) -> None:
        self._watcher = watcher
        self._worn = {} if writer.header.simulated else last_worn(UPath(writer.log), writer.header, address)
        self.told: list[str] = []

    def look(self, coach: Coach) -> None:
        if not self._worn:
            return
        for side, how in coach.mountings.items():
            before = self._worn.pop(side, None)
            text = None if before is None else before.difference(how)
            if text is not None:
                self.told.append(text)
                self._watcher.warning(text)


def _gist(text: str) -> str:
    """A warning without its figures, which change from look to look."""
    return "".join(c for c in text if not c.isdigit())

"""Coxa's own protocol (docs/protocol.md), as one driver among the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from coxa.host.errors import WireError
from coxa.host.samples import Packet, StreamItem
from coxa.host.sensors.driver import Advertisement, Capabilities, Driver, Loss, SensorDecoder, Settings, Write
from coxa.host.wire import Decoder, Description, encode_description
from coxa.host.wire.frames import VERSION
from coxa.host.wire.gatt import (
    CONTROL_UUID,
    FROM_NEWEST,
    SERVICE_UUID,
    STREAM_UUID,
    resend_command,
    start_command,
    stop_command,
)

BLIND = (
    "the board answers, but its motion chip does not: look at its wires, switch it off and on, and see what `mpremote` "
    "shows (docs/build-a-sensor.md)"
)
TOGETHER = 512
"""Notifications decoded as one where they are all there: two whole runs (`frames.RUN_FRAMES`), 51 s at 100 Hz."""


class OwnDecoder(SensorDecoder):
    """The wire decoder; its own, finer counts are in `wire.stats`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.wire = Decoder()
        self._seen = b""
        self._assumed = _assumed(settings) if settings.lone_halves else None
        """To look at single packets: what is taken for described where nothing is."""

    @property
    def rate_hz(self) -> float | None:
        return self.wire.description.rate_hz if self.wire.description else None

    @property
    def said(self) -> Settings | None:
        told = self.wire.description
        return Settings(told.rate_hz, told.accel_range_g, told.gyro_range_dps) if told else None

    def counts(self) -> dict[str, int]:
        return {**super().counts(), **asdict(self.wire.stats)}

    @property
    def ended(self) -> bool:
        return self.wire.ended

    def feed_all(self, packets: Sequence[Packet]) -> list[StreamItem]:
        self.stats.notifications += len(packets)
        together = [packets[k : k + TOGETHER] for k in range(0, len(packets), TOGETHER)]
        return self._counted([item for part in together for item in self._taken(part)])

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        return self._taken([Packet(arrival_s, data, characteristic)])

    def _taken(self, packets: Sequence[Packet]) -> list[StreamItem]:
        items = self.wire.feed_all([p.data for p in packets], [p.arrival_s for p in packets])
        if self._assumed is not None:
            self._seen += b"".join(p.data for p in packets)
            if self.wire.stats.undescribed:
                self.wire = Decoder()
                items = self.wire.feed(self._assumed + self._seen, packets[-1].arrival_s)
            if self.wire.description is not None:
                self._seen, self._assumed = b"", None
        self._copy_counts()
        return items

    def _rest(self) -> list[StreamItem]:
        items = self.wire.finish()
        self._copy_counts()
        return items

    def _copy_counts(self) -> None:
        wire, description = self.wire.stats, self.wire.description
        self.stats.duplicates, self.stats.restarts = wire.duplicates, wire.reboots + wire.clock_steps
        self.stats.garbage_bytes = wire.garbage_bytes
        self.stats.bad_frames = wire.bad_frames + wire.undescribed
        self.stats.other = wire.frames - wire.bad_frames - wire.undescribed - wire.duplicates
        self.stats.lost_packets = wire.lost_packets
        self.stats.lost_samples = wire.lost_packets * (description.samples_per_packet if description else 0)
        blind = description is not None and not description.senses and not self.stats.samples
        self.refusal = BLIND if blind else None  # one that has streamed is waited for, as a lost link is


def introduced(described: bytes) -> Description:
    """What the sensor says of itself when its stream characteristic is read.

    Raises:
        WireError: not a description of this version.
    """
    reader = Decoder()
    reader.feed(described)
    if reader.description is None:
        raise WireError(
            f"the sensor describes itself as {described[:40].hex() or 'nothing'}, which is not version "
            f"{VERSION} of coxa's protocol; update coxa or the sensor's firmware"
        )
    return reader.description


def _assumed(settings: Settings) -> bytes:
    """A description made of settings."""
    g, dps = round(settings.accel_range_g), round(settings.gyro_range_dps)
    return encode_description(Description(0, settings.rate_hz, g, dps, 1, 0, "", (0, 0, 0)))


class Own(Driver):
    """Boards and simulators that speak coxa's own protocol."""

    name = "coxa"
    title = "Coxa's own protocol: the simulated sensor, boards with its firmware"
    capabilities = Capabilities(
        clock="microseconds since boot, 64 bits, at the first sample of each packet",
        loss=Loss.CHECKED,
        rates_hz=(),
        accel_ranges_g=(),
        gyro_ranges_dps=(),
        has_gyro=True,
        battery="the standard battery service",
        evidence="the simulated sensor over a virtual radio; no board yet",
        follows=(
            "What a short loss of the link cost is sent again: nothing is missing within the sensor's buffer.",
            "Every packet is numbered, stamped and checksummed.",
        ),
    )
    defaults = Settings(100.0, 8.0, 1000.0)
    talks_back = True
    asleep = "a board of your own sleeps after five minutes without a host: shake it, or tap it twice"
    settable = False

    def match(self, said: Advertisement) -> bool:
        return SERVICE_UUID in said.service_uuids

    def subscribe(self) -> tuple[str, ...]:
        return (STREAM_UUID,)

    def start(self, settings: Settings) -> tuple[Write, ...]:
        return (Write(CONTROL_UUID, start_command(), response=True),)

    def reads(self) -> tuple[str, ...]:
        return (STREAM_UUID,)  # the stream explains itself even where its first notification is missed

    def resume(self, settings: Settings, decoder: SensorDecoder, read: Mapping[str, bytes]) -> tuple[Write, ...]:
        sensor = introduced(read[STREAM_UUID])
        assert isinstance(decoder, OwnDecoder)
        known, missing = decoder.wire.description, decoder.wire.next_sequence
        if known is not None and known.boot_id != sensor.boot_id:
            missing = 0  # its numbers began anew: everything it has is new
        at = FROM_NEWEST if missing is None else missing
        return (Write(CONTROL_UUID, start_command(at), response=True),)

    def requests(self, decoder: SensorDecoder) -> tuple[Write, ...]:
        assert isinstance(decoder, OwnDecoder)
        missing = decoder.wire.missing()
        return tuple(Write(CONTROL_UUID, resend_command(first, count), response=False) for first, count in missing)

    def stop(self) -> tuple[Write, ...]:
        return (Write(CONTROL_UUID, stop_command(), response=True),)

    def decoder(self, settings: Settings) -> OwnDecoder:
        return OwnDecoder(settings)

"""Coxa's own protocol (docs/protocol.md), as one driver among the others."""

from __future__ import annotations

from coxa.host.samples import StreamItem
from coxa.host.sensors.driver import Advertisement, Capabilities, Driver, Loss, SensorDecoder, Settings, Write
from coxa.host.wire import Decoder
from coxa.host.wire.gatt import CONTROL_UUID, SERVICE_UUID, STREAM_UUID, start_command, stop_command


class OwnDecoder(SensorDecoder):
    """The wire decoder; its own, finer counts are in `wire.stats`."""

    def __init__(self) -> None:
        super().__init__()
        self.wire = Decoder()

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        items = self.wire.feed(data)
        self._copy_counts()
        return items

    def _rest(self) -> list[StreamItem]:
        items = self.wire.finish()
        self._copy_counts()
        return items

    def _copy_counts(self) -> None:
        wire, description = self.wire.stats, self.wire.description
        self.stats.duplicates, self.stats.restarts = wire.duplicates, wire.reboots
        self.stats.garbage_bytes = wire.garbage_bytes
        self.stats.bad_frames = wire.bad_frames + wire.undescribed
        self.stats.other = wire.frames - wire.bad_frames - wire.undescribed - wire.duplicates
        self.stats.lost_samples = wire.lost_packets * (description.samples_per_packet if description else 0)


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

    def match(self, said: Advertisement) -> bool:
        return SERVICE_UUID in said.service_uuids

    def subscribe(self) -> tuple[str, ...]:
        return (STREAM_UUID,)

    def start(self, settings: Settings) -> tuple[Write, ...]:
        return (Write(CONTROL_UUID, start_command(), response=True),)

    def stop(self) -> tuple[Write, ...]:
        return (Write(CONTROL_UUID, stop_command(), response=True),)

    def decoder(self, settings: Settings) -> OwnDecoder:
        return OwnDecoder()

"""coxa's own sensor: the wire decoder behind the same face as the other drivers."""

from __future__ import annotations

from dataclasses import asdict

from coxa.host.samples import SampleBlock
from coxa.host.sensors.driver import Capabilities, ParserStats, Reading, Settings
from coxa.host.wire import Decoder

CAPABILITIES = Capabilities(
    "coxa's own sensor (docs/protocol.md)", (25, 50, 100, 200), 100, (8,), (1000,), "device", "checksum and counter",
    "standard service", "",
)  # fmt: skip


class OwnParser:
    """Frames of docs/protocol.md."""

    def __init__(self, settings: Settings | None = None) -> None:  # noqa: ARG002
        self.stats = ParserStats()
        self.battery_percent: int | None = None
        self._decoder = Decoder()

    def feed(self, data: bytes) -> list[Reading]:
        """Take one notification; blocks become single readings, gaps show in their times."""
        self.stats.notifications += 1
        blocks = [i for i in self._decoder.feed(data) if isinstance(i, SampleBlock)]
        rows = [row for b in blocks for row in zip(b.t_s, b.accel_mps2, b.gyro_radps, strict=True)]
        readings = [
            Reading(float(t), (float(a[0]), float(a[1]), float(a[2])), (float(w[0]), float(w[1]), float(w[2])))
            for t, a, w in rows
        ]
        counted = asdict(self._decoder.stats)
        self.stats.readings += len(readings)
        self.stats.garbage_bytes, self.stats.bad_frames = counted["garbage_bytes"], counted["bad_frames"]
        if counted["undescribed"]:
            self.stats.note("sample frames came before the description, without which they cannot be read")
        return readings

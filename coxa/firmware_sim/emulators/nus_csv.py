"""A board that somebody has programmed: numbered lines of text over the Nordic UART service, cut anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from coxa.firmware_sim.emulators.base import (
    BATTERY_PERCENT,
    NOTIFY,
    WRITE,
    WRITE_COMMAND,
    Advertised,
    Emulator,
    Row,
    Told,
)

SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
COMMAND = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
DATA = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"

RATE_HZ = 50.0
HEADER, HEADER_EVERY_S = b"#imu1 acc=g gyr=dps\n", 5.0
CUT_BYTES = 64
"""Its buffer is sent when so much has gathered, wherever that is in a line."""


class NusCsv(Emulator):
    """Sends while somebody listens, and understands no command."""

    name = "nus_csv"
    advertised = Advertised("XIAO Sense", (SERVICE,))
    is_stream = True

    @property
    def services(self) -> dict[str, tuple[Row, ...]]:
        """Its table."""
        return {SERVICE: (Row(COMMAND, (WRITE, WRITE_COMMAND)), Row(DATA, (NOTIFY,)))}

    def subscribe(self, uuid: str, on: bool = True) -> None:
        """Somebody listens, or no more."""
        super().subscribe(uuid, on)
        if uuid == DATA and on:
            self._begin(DATA, self._pieces(self.now_s))
        elif uuid == DATA:
            self._end(DATA)

    def _command(self, uuid: str, data: bytes) -> bool:  # noqa: ARG002
        return False

    def _pieces(self, from_s: float) -> Iterator[Told]:
        text, k, header_s = b"", 0, from_s
        while True:
            at_s = from_s + k / RATE_HZ
            if at_s >= header_s:
                text, header_s = text + HEADER, header_s + HEADER_EVERY_S
            text += self._line(round(at_s * RATE_HZ), at_s)
            while len(text) >= CUT_BYTES:
                yield Told(at_s, DATA, text[:CUT_BYTES])
                text = text[CUT_BYTES:]
            k += 1

    def _line(self, number: int, t_s: float) -> bytes:
        _, g, dps = self.motion.steps(t_s, RATE_HZ, 1)
        stamp_us = (self.motion.boot_us + round(t_s * 1e6)) % 2**32
        values = [f"{v:.4f}" for v in g[0]] + [f"{v:.2f}" for v in dps[0]]
        return f"{number},{stamp_us},{','.join(values)},{BATTERY_PERCENT}\n".encode()

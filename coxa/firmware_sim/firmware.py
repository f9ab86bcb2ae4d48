"""A board with the sensor's own program in it (`device/`), fed with what a simulated IMU has measured."""

from __future__ import annotations

import random
from collections.abc import Collection

from coxa.firmware_sim.device import packer
from coxa.firmware_sim.device.ring import Ring
from coxa.firmware_sim.device.sender import Sender
from coxa.firmware_sim.raw import RawStream

BUFFER_S = 120
"""How much the ring buffer holds: 120 s of 100 Hz are 173 kB, which a board with 512 kB has room for."""


class Firmware:
    """A sensor that takes `raw`, packet by packet, since it was switched on."""

    def __init__(self, raw: RawStream, serial: str, samples_per_packet: int = 10) -> None:
        self.raw, self.serial = raw, serial
        self.never: Collection[int] = frozenset()
        """Packets that are lost before they reach the buffer, as when sampling fails."""
        self.clock_steps: tuple[tuple[int, int], ...] = ()
        """From which packet on the clock says how many microseconds more than the recording has it; negative: less."""
        self._n = samples_per_packet
        self._description = bytearray(packer.LONGEST_FRAME)
        length = packer.pack_description(
            self._description,
            random.Random(serial + str(int(raw.t_us[0]))).getrandbits(32),
            raw.rate_hz,
            raw.accel_range_g,
            raw.gyro_range_dps,
            samples_per_packet,
            BUFFER_S,
            serial.encode("ascii")[:8],
        )
        del self._description[length:]
        self.packets = -(-len(raw) // samples_per_packet)
        slots = int(BUFFER_S * raw.rate_hz / samples_per_packet)
        self._ring = Ring(slots, packer.frame_bytes(samples_per_packet))
        self.sender = Sender(self._ring, self.description_frame())

    @property
    def version(self) -> str:
        """Version of the program."""
        return ".".join(map(str, packer.FIRMWARE))

    @property
    def taken(self) -> int:
        """How many packets have been taken so far."""
        return self._ring.next

    @property
    def packet_s(self) -> float:
        """How much time a packet covers."""
        return self._n / self.raw.rate_hz

    def take(self) -> None:
        """Sample one packet more, and know the end when it comes."""
        number = self.taken
        frame = self._ring.slot()
        self._ring.commit(0 if number in self.never else self._pack(frame, number))
        if self.taken >= self.packets:
            self.sender.finish()

    def description_frame(self) -> bytes:
        """What the counts mean; sent first after START and readable at any time."""
        return bytes(self._description)

    def end_frame(self) -> bytes:
        """Nothing more will come."""
        frame = bytearray(packer.LONGEST_FRAME)
        return bytes(frame[: packer.pack_end(frame, self.packets)])

    def frames(self) -> list[bytes]:
        """All that a host hears that is there from the first packet to the last: description, packets, end."""
        return [self.description_frame(), *map(self.frame, range(self.packets)), self.end_frame()]

    def ready_at_us(self, sequence: int) -> int:
        """When, on the device's clock, the last sample of a packet has been taken."""
        return int(self.raw.t_us[min((sequence + 1) * self._n, len(self.raw)) - 1])

    def frame(self, sequence: int) -> bytes:
        """The packet of that number, be it taken already or not."""
        frame = bytearray(packer.LONGEST_FRAME)
        return bytes(frame[: self._pack(memoryview(frame), sequence)])

    def _pack(self, frame: memoryview, sequence: int) -> int:
        part = slice(sequence * self._n, min((sequence + 1) * self._n, len(self.raw)))
        t_us, counts = self.raw.t_us[part], self.raw.counts[part].astype("<i2").tobytes()
        first_us = int(t_us[0]) + sum(step_us for at, step_us in self.clock_steps if sequence >= at)
        frame[packer.SAMPLES_AT : packer.SAMPLES_AT + len(counts)] = counts
        return packer.pack_samples(frame, sequence, first_us, int(t_us[-1] - t_us[0]), len(t_us))

"""The sensor's program apart from its radio: packs samples into frames, keeps them, resumes where it is asked to."""

from __future__ import annotations

import random

from coxa.firmware_sim.raw import RawStream
from coxa.host.wire.frames import Description, Samples, encode_description, encode_end, encode_samples
from coxa.host.wire.gatt import FROM_NEWEST

BUFFER_S = 120
"""How much the ring buffer holds: 120 s of 100 Hz are 150 kB, which a 256 kB controller has room for."""
FIRMWARE = (1, 0, 0)


class Firmware:
    """A sensor that has recorded `raw`, sample by sample, since it was switched on."""

    def __init__(self, raw: RawStream, serial: str, samples_per_packet: int = 10) -> None:
        self.raw = raw
        self._n = samples_per_packet
        boot_id = random.Random(serial + str(int(raw.t_us[0]))).getrandbits(32)
        self.description = Description(
            boot_id, raw.rate_hz, raw.accel_range_g, raw.gyro_range_dps, samples_per_packet, BUFFER_S, serial, FIRMWARE
        )
        self.packets = -(-len(raw) // samples_per_packet)
        self._kept = int(BUFFER_S * raw.rate_hz / samples_per_packet)

    def description_frame(self) -> bytes:
        """What the counts mean; sent first after START and readable at any time."""
        return encode_description(self.description)

    def end_frame(self) -> bytes:
        """Nothing more will come."""
        return encode_end(self.packets)

    def ready_at_us(self, sequence: int) -> int:
        """When, on the device's clock, the last sample of a packet has been taken."""
        return int(self.raw.t_us[min((sequence + 1) * self._n, len(self.raw)) - 1])

    def first_kept(self, newest: int) -> int:
        """The oldest packet that is still in the ring buffer when `newest` is being taken."""
        return max(newest - self._kept, 0)

    def start_at(self, wanted: int, newest: int) -> int:
        """Which packet to stream first when the host asks for `wanted` (FROM_NEWEST: the present one)."""
        if wanted == FROM_NEWEST:
            return newest
        return min(max(wanted, self.first_kept(newest)), newest)

    def frame(self, sequence: int) -> bytes:
        """The packet of that number."""
        part = slice(sequence * self._n, min((sequence + 1) * self._n, len(self.raw)))
        t_us = self.raw.t_us[part]
        return encode_samples(Samples(sequence, int(t_us[0]), int(t_us[-1] - t_us[0]), self.raw.counts[part]))

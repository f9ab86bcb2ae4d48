"""The sensor's program for boards, and buses and chips that are none."""

# ruff: noqa: D102 - the fakes have the methods of what they stand for

from __future__ import annotations

import struct
from pathlib import Path

from coxa.firmware_sim.device import packer


class Bus:
    """Answers reads from what it was told, in turn, and notes writes."""

    def __init__(self, answers: dict[int, list[bytes]]) -> None:
        self._answers = answers
        self.writes = list[tuple[int, bytes]]()
        self.reads = list[tuple[int, int]]()

    def readfrom_mem_into(self, _address: int, register: int, buffer: bytearray) -> None:
        answers = self._answers[register]
        data = answers.pop(0) if len(answers) > 1 else answers[0]
        assert len(data) == len(buffer)
        self.reads.append((register, len(buffer)))
        buffer[:] = data

    def writeto_mem(self, _address: int, register: int, data: bytes) -> None:
        self.writes.append((register, bytes(data)))


def le(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}h", *values)


class Chip:
    """A FIFO filled by hand."""

    def __init__(self) -> None:
        self.fifo = 0
        self.number = 0

    def waiting(self) -> int:
        return self.fifo

    def read_into(self, frame: memoryview, at: int, samples: int) -> None:
        for k in range(samples):
            frame[at + 12 * k : at + 12 * k + 12] = le(self.number, 0, 4096, 0, 0, 0)
            self.number += 1
        self.fifo -= samples


DEVICE = Path(packer.__file__).parent

"""The sensor's whole program, each board's, run by CPython and by MicroPython beside fakes of what a board has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coxa.firmware_sim.device import boards
from coxa.host.samples import Gap, SampleBlock, StreamItem
from coxa.host.wire import Decoder
from tests.helpers import joined
from tests.test_device import DEVICE
from tests.test_device import micropython as micropython  # the fixture

SCRIPT = """
import io
import struct
import sys

sys.path.insert(0, sys.argv[1])
name, ticks = sys.argv[2], int(sys.argv[3])


class Module:
    pass


class Over(Exception):
    pass


now_us = done = 0
radio = None


def fake(name, **values):
    module = Module()
    for key in values:
        setattr(module, key, values[key])
    sys.modules[name] = module


class Pin:
    IN, OUT = 0, 1

    def __init__(self, *_, value=0):
        pass

    def value(self, *_):
        return 1


class ADC:
    def __init__(self, _pin):
        pass

    def read_u16(self):
        return 38000


class Bus:
    '''All three chips: FIFOs that fill by the clock, 100 Hz or 104, with a ramp in them.'''

    def __init__(self, *_, **__):
        self.read = 0
        self.begun_us = now_us

    def full(self):
        return min((now_us - self.begun_us) * (104 if name == "xiao-sense" else 100) // 1000000 - self.read, 60)

    def readfrom_mem_into(self, address, register, buffer):
        n, numbers = self.full(), [(self.read * 37 + 1000 * k) % 60000 - 30000 for k in range(6)]
        if register in (0x75, 0x0F, 0x00) and len(buffer) == 1:
            buffer[0] = {0x75: 0x68, 0x0F: 0x6A, 0x00: 0x24}[register]
        elif register == 0x21:
            buffer[0] = 1
        elif register == 0x3C:
            buffer[0] = 0x7D
        elif register == 0x72:
            struct.pack_into(">H", buffer, 0, 12 * n)
        elif register == 0x3A:
            struct.pack_into("<H", buffer, 0, 6 * n)
        elif register == 0x24:
            struct.pack_into("<H", buffer, 0, 12 * n)
        elif register in (0x74, 0x3E, 0x26) and len(buffer) == 12:
            struct.pack_into(">6h" if register == 0x74 else "<6h", buffer, 0, *numbers)
            self.read += 1
        else:
            raise OSError(register)

    def writeto_mem(self, address, register, data):
        pass


class BLE:
    def __init__(self):
        self.room = 0
        self.values = {}
        global radio
        radio = self

    def active(self, _on):
        pass

    def config(self, **_):
        pass

    def irq(self, heard):
        self.heard = heard

    def gatts_register_services(self, services):
        at, out = 0, []
        for _, characteristics in services:
            out.append(tuple(range(at, at + len(characteristics))))
            at += len(characteristics)
        return tuple(out)

    def gatts_set_buffer(self, *_):
        pass

    def gatts_write(self, handle, data):
        self.values[handle] = bytes(data)

    def gatts_read(self, handle):
        return self.values[handle]

    def gap_advertise(self, interval, adv_data=b"", resp_data=b""):
        print("advertise", interval, bytes(adv_data).hex(), bytes(resp_data).hex())

    def gatts_notify(self, connection, handle, data):
        if not self.room:
            raise OSError(12)
        self.room -= 1
        print(bytes(data).hex())

    def written(self, command):
        self.values[1] = command
        self.heard(3, (9, 1))


def sleep_ms(ms):
    '''Time goes on, and outside a host comes, asks again, goes, and comes back for the rest.'''
    global now_us, done
    now_us += 1000 * ms
    if radio is None:
        return
    done += 1
    radio.room = 4
    if done == 20:
        radio.heard(1, (9, 0, b""))
        radio.written(struct.pack("<BI", 1, 0))
    if done == 60:
        radio.heard(21, (9, 247))
    if done == 200:
        radio.written(struct.pack("<BIH", 2, 3, 4))
    if done == 260:
        radio.heard(2, (9, 0, b""))
    if done == 300:
        radio.heard(1, (9, 0, b""))
        radio.heard(21, (9, 247))
        radio.written(struct.pack("<BI", 1, 20))
    if done == ticks:
        raise Over()


def ticks_diff(a, b):
    return ((a - b + 0x20000000) & 0x3FFFFFFF) - 0x20000000


fake("time", ticks_us=lambda: now_us & 0x3FFFFFFF, ticks_diff=ticks_diff, sleep_ms=sleep_ms)
fake("os", urandom=lambda n: bytes(range(1, n + 1)))
fake("machine", Pin=Pin, ADC=ADC, I2C=Bus, unique_id=lambda: b"ABCDEFGH")
fake("bluetooth", BLE=BLE, UUID=lambda u: u)
from device import bmi270, main

bmi270._file = lambda: io.BytesIO(bytes(64))
try:
    main.run(name)
except Over:
    print("over", now_us)
"""


ROUNDS = 700
"""Of the program's loop, 20 ms each."""


def told(command: list[str], script: Path, board: str) -> list[str]:
    """Everything that the program said: advertising, and each notification in hex."""
    asked = [*command, str(script), str(script.parent), board, str(ROUNDS)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def on_board(tmp_path: Path) -> Path:
    """The script, beside the very files that are copied to a board."""
    shutil.copytree(DEVICE, tmp_path / "device", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "script.py").write_text(SCRIPT)
    return tmp_path / "script.py"


@pytest.mark.parametrize("board", list(boards.BOARDS))
def test_a_host_gets_every_sample_of_the_whole_program(board: str, on_board: Path) -> None:
    """From the chip's registers to notifications, small MTU first, a resend and a lost host between: no gap."""
    said = told([sys.executable], on_board, board)
    decoder, items = Decoder(), list[StreamItem]()
    for line in said:
        if not line.startswith(("advertise", "over")):
            items += decoder.feed(bytes.fromhex(line))
    assert [line.split()[0] for line in said if " " in line] == ["advertise", "advertise", "over"]
    assert not [i for i in items if isinstance(i, Gap)]
    assert len(joined(items)) > 1300
    assert all(isinstance(i, SampleBlock) for i in items)
    assert decoder.stats.duplicates > 30  # asked for from packet 20 on again
    assert (decoder.stats.garbage_bytes, decoder.stats.bad_frames, decoder.stats.lost_packets) == (0, 0, 0)
    ramp = np.rint(joined(items).accel_mps2[:, 0] / 9.80665 * 4096).astype(int)
    assert np.all((np.diff(ramp) - 37) % 60000 == 0)


@pytest.mark.parametrize("board", list(boards.BOARDS))
def test_micropython_runs_the_whole_program_alike(board: str, on_board: Path, micropython: list[str]) -> None:
    """Sampling, packing, buffering, resending, advertising: every byte that CPython gives."""
    assert told(micropython, on_board, board) == told([sys.executable], on_board, board)

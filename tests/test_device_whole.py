"""The sensor's whole program, each board's, run by CPython and by MicroPython beside fakes of what a board has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from coxa.firmware_sim.device import boards
from coxa.host.samples import Gap, SampleBlock, StreamItem
from coxa.host.wire import Decoder
from tests.helpers import joined
from tests.helpers_device import DEVICE

SCRIPT = """
import io
import struct
import sys

sys.path.insert(0, sys.argv[1])
zephyr = sys.argv[2] == "xiao-sense"
name, ticks, broken_at_us, broken_us = sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])


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
    '''An ESP32's, which reads no more than its attenuation lets it; at the pin is half of a cell's 3.8 V.'''

    ATTN_0DB, ATTN_2_5DB, ATTN_6DB, ATTN_11DB = range(4)

    def __init__(self, _pin, atten=ATTN_0DB):
        self.most_uv = (950000, 1250000, 1750000, 2450000)[atten]

    def read_uv(self):
        return min(1900000, self.most_uv)


class Bus:
    '''All three chips: FIFOs that fill by the clock, 100 Hz or 104, with a ramp in them.

    Where it is to break, it does so in the middle of a sample, which leaves the FIFO torn, and later for a while.
    '''

    def __init__(self, *_, **__):
        self.read = 0
        self.torn = None
        self.begun_us = now_us

    def made(self):
        return (now_us - self.begun_us) * (104 if name == "xiao-sense" else 100) // 1000000

    def readfrom_mem_into(self, address, register, buffer):
        if broken_at_us <= now_us < broken_at_us + broken_us:
            raise OSError(116)
        n = min(self.made() - self.read, 60)
        numbers = [12345 if self.torn else (self.read * 37 + 1000 * k) % 60000 - 30000 for k in range(6)]
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
            if broken_us and self.read > 400 and self.torn is None:
                self.torn = True
                raise OSError(5)
        else:
            raise OSError(register)

    def writeto_mem(self, address, register, data):
        if (register, data[0]) in ((0x0A, 0x26), (0x6A, 0x04), (0x7E, 0xB0)):
            self.read = self.made()
            self.torn = self.torn and False


class BLE:
    '''A radio; the Zephyr port's (beside the XIAO) takes no MTU, and never tells one.'''

    def __init__(self):
        self.room = 0
        self.values = {}
        global radio
        radio = self

    def active(self, _on):
        pass

    def config(self, *asked, **given):
        if asked == ("mac",):
            return 1, bytes.fromhex("C1A2B3C4D5E6")
        if zephyr and "mtu" in given:
            raise OSError(95)

    def irq(self, heard):
        self.heard = heard

    def gatts_register_services(self, services):
        self.services = [uuid for uuid, _ in services]
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
    if done == 60 and not zephyr:
        radio.heard(21, (9, 247))
    if done == 200:
        radio.written(struct.pack("<BIH", 2, 3, 4))
    if done == 260:
        radio.heard(2, (9, 0, b""))
    if done == 300:
        radio.heard(1, (9, 0, b""))
        if not zephyr:
            radio.heard(21, (9, 247))
        radio.written(struct.pack("<BI", 1, 20))
    if done == ticks:
        raise Over()


def reset():
    print("reset")
    raise Over()


def ticks_diff(a, b):
    return ((a - b + 0x20000000) & 0x3FFFFFFF) - 0x20000000


fake("time", ticks_us=lambda: now_us & 0x3FFFFFFF, ticks_diff=ticks_diff, sleep_ms=sleep_ms)
fake("machine", reset=reset, Pin=Pin, ADC=ADC, I2C=Bus)
fake("os")
if not zephyr:
    sys.modules["machine"].unique_id = lambda: b"ABCDEFGH"
    sys.modules["os"].urandom = lambda n: bytes(range(1, n + 1))
fake("bluetooth", BLE=BLE, UUID=lambda u: u)
from device import bmi270, main

bmi270._file = lambda: io.BytesIO(bytes(64))
try:
    main.run(name)
except Over:
    print("over", now_us, "battery", radio.values[5][0] if 0x180F in radio.services else None)
"""


ROUNDS = 700
"""Of the program's loop, 20 ms each."""


def told(command: list[str], script: Path, board: str, broken_us: int = 0, at_us: int = 8_000_000) -> list[str]:
    """Everything that the program said: advertising, trouble, and each notification in hex.

    Args:
    command: what runs it.
    script: beside the files of the device.
    board: its name.
    broken_us: for so long its IMU does not answer; 0: it always does.
    at_us: from when on.
    """
    asked = [*command, str(script), str(script.parent), board, str(ROUNDS), str(at_us), str(broken_us)]
    done = subprocess.run(asked, cwd=script.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def on_board(tmp_path: Path) -> Path:
    """The script, beside the very files that are copied to a board."""
    shutil.copytree(DEVICE, tmp_path / "device", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "script.py").write_text(SCRIPT)
    return tmp_path / "script.py"


def heard(said: list[str]) -> tuple[Decoder, list[StreamItem]]:
    """What a host makes of the notifications."""
    decoder, items = Decoder(), list[StreamItem]()
    for line in said:
        if not line.startswith(("advertise", "over", "reset", "motion sensor")):
            items += decoder.feed(bytes.fromhex(line))
    return decoder, items


def places(samples: SampleBlock) -> NDArray[np.int64]:
    """Which of the chip's samples each is, from the ramp in its first number: 37 times its place, modulo 60000."""
    ramp = np.rint(samples.accel_mps2[:, 0] / 9.80665 * 4096).astype(np.int64) + 30000
    return ramp * pow(37, -1, 60000) % 60000


@pytest.mark.parametrize("board", list(boards.BOARDS))
def test_a_host_gets_every_sample_of_the_whole_program(board: str, on_board: Path) -> None:
    """From the chip's registers to notifications, small MTU first, a resend and a lost host between: no gap."""
    said = told([sys.executable], on_board, board)
    decoder, items = heard(said)
    assert [line.split()[0] for line in said if " " in line] == ["advertise", "advertise", "over"]
    assert not [i for i in items if isinstance(i, Gap)]
    assert len(joined(items)) > 1300
    assert all(isinstance(i, SampleBlock) for i in items)
    assert decoder.stats.duplicates > 30  # asked for from packet 20 on again
    assert (decoder.stats.garbage_bytes, decoder.stats.bad_frames, decoder.stats.lost_packets) == (0, 0, 0)
    assert np.all(np.diff(places(joined(items))) == 1)


@pytest.mark.parametrize(("board", "percent"), [("esp32-mpu6050", 55), ("lolin-d32-bmi270", 55), ("xiao-sense", None)])
def test_the_battery_is_told(board: str, percent: int | None, on_board: Path) -> None:
    """3.8 V behind the divider are 55 %; a board that cannot measure it has no such service."""
    assert told([sys.executable], on_board, board)[-1].endswith(f"battery {percent}")


@pytest.mark.parametrize("board", list(boards.BOARDS))
def test_a_bus_that_fails_costs_a_gap(board: str, on_board: Path, micropython: list[str]) -> None:
    """A sample cut in two and half a second without an answer are two gaps; no sample is torn, and each of the others
    has its time."""
    said = told(micropython, on_board, board, 500_000)
    decoder, items = heard(said)
    assert len([i for i in items if isinstance(i, Gap)]) == 2
    assert (decoder.stats.garbage_bytes, decoder.stats.bad_frames) == (0, 0)
    samples = joined(items)
    place = places(samples)
    assert np.count_nonzero(np.diff(place) != 1) == 2
    assert len(place) > 1150
    off_s = samples.t_s - place / (104 if board == "xiao-sense" else 100)
    assert np.ptp(off_s) < 0.04


@pytest.mark.parametrize("board", list(boards.BOARDS))
def test_a_bus_that_is_lost_makes_the_board_begin_anew(board: str, on_board: Path) -> None:
    """No answer for seconds on end: only a reset is left."""
    assert told([sys.executable], on_board, board, 60_000_000)[-2] == "reset"


@pytest.mark.parametrize("board", list(boards.BOARDS))
def test_an_imu_that_answers_late_is_started_then(board: str, on_board: Path) -> None:
    """A loose wire at the start, as after the reset that one has cost: the board is found, and streams in the end."""
    said = told([sys.executable], on_board, board, 3_000_000, at_us=0)
    _, items = heard(said)
    assert said[0].startswith("advertise")
    assert len(joined(items)) > 1000


@pytest.mark.parametrize("board", list(boards.BOARDS))
def test_an_imu_that_never_answers_is_told(board: str, on_board: Path, micropython: list[str]) -> None:
    """No reset helps it: the board can be connected to and says what is wrong, to the host and once a second to who
    looks on with `mpremote`."""
    said = told(micropython, on_board, board, 60_000_000, at_us=0)
    decoder, items = heard(said)
    assert "reset" not in said
    assert 10 < len([line for line in said if line.startswith("motion sensor: ")]) < 16
    assert items == []
    assert decoder.description is not None
    assert not decoder.description.senses


@pytest.mark.parametrize("board", list(boards.BOARDS))
def test_micropython_runs_the_whole_program_alike(board: str, on_board: Path, micropython: list[str]) -> None:
    """Sampling, packing, buffering, resending, advertising: every byte that CPython gives."""
    said = told(micropython, on_board, board)
    (on_board.parent / "starts.txt").unlink(missing_ok=True)  # whence the boot id comes
    assert said == told([sys.executable], on_board, board)


@pytest.mark.parametrize(("board", "serial"), [("esp32-mpu6050", "45464748"), ("xiao-sense", "B3C4D5E6")])
def test_the_sensor_says_who_it_is(board: str, serial: str, on_board: Path) -> None:
    """Its own number, or its radio's where the port knows none; and another boot id at each start without chance."""
    sensors = [heard(told([sys.executable], on_board, board))[0].description for _ in range(3)]
    assert {one.serial for one in sensors if one} == {serial}
    if board == "xiao-sense":
        assert [one.boot_id for one in sensors if one] == [1, 2, 3]

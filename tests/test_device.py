"""The sensor's own program: the bytes of the document, under CPython and under MicroPython alike."""

from __future__ import annotations

import shutil
import subprocess
import sys
from array import array
from binascii import crc32
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.firmware_sim.device import packer
from coxa.firmware_sim.device.ring import Ring
from coxa.firmware_sim.device.sender import Sender
from coxa.host.wire import Description, encode_description, encode_end, encode_samples
from coxa.host.wire.frames import ABLE_TO_RESEND, KIND_GONE, Samples, frame
from coxa.host.wire.gatt import resend_command, start_command, stop_command
from tests.helpers_device import DEVICE
from tests.helpers_wire import ABLE_HEX, GONE_HEX


def packed(write: Callable[..., int], *values: object) -> bytes:
    """What one of the packer's functions writes."""
    buffer = bytearray(packer.LONGEST_FRAME)
    return bytes(buffer[: write(buffer, *values)])


def test_description_and_gone_have_the_bytes_of_the_document() -> None:
    """As printed in docs/protocol.md."""
    assert packed(packer.pack_description, 7, 100.0, 8, 1000, 18, 60, b"SIM00001").hex() == ABLE_HEX
    assert packed(packer.pack_gone, 3, 2).hex() == GONE_HEX
    assert frame(KIND_GONE, bytes.fromhex("0300000002000000")).hex() == GONE_HEX


@given(
    st.integers(0, 2**32 - 1),
    st.floats(1, 2000, width=32),
    st.integers(1, 255),
    st.integers(1, 65535),
    st.integers(1, 18),
    st.integers(0, 65535),
    st.text("ABCXYZ0189", max_size=8),
)
def test_the_sensor_describes_itself_as_the_host_expects(
    boot: int, rate_hz: float, g: int, dps: int, n: int, buffer_s: int, serial: str
) -> None:
    """Two programs, one in the board and one in the host, write the same DESCRIPTION."""
    said = packed(packer.pack_description, boot, rate_hz, g, dps, n, buffer_s, serial.encode())
    assert said == encode_description(
        Description(boot, rate_hz, g, dps, n, buffer_s, serial, packer.FIRMWARE, ABLE_TO_RESEND)
    )


@given(st.integers(1, 18), st.integers(0, 2**32 - 1), st.integers(0, 2**50), st.integers(0, 2**32 - 1))
def test_the_sensor_packs_samples_as_the_host_expects(n: int, sequence: int, t_us: int, span_us: int) -> None:
    """And the same SAMPLES and END."""
    counts = np.random.default_rng([n, sequence]).integers(-32768, 32768, (n, 6)).astype(np.int16)
    buffer = bytearray(packer.LONGEST_FRAME)
    data = counts.astype("<i2").tobytes()
    buffer[packer.SAMPLES_AT : packer.SAMPLES_AT + len(data)] = data
    length = packer.pack_samples(buffer, sequence, t_us, span_us, n)
    assert length == packer.frame_bytes(n)
    assert bytes(buffer[:length]) == encode_samples(Samples(sequence, t_us, span_us, counts))
    assert packed(packer.pack_end, sequence) == encode_end(sequence)


@given(st.binary(max_size=300))
def test_the_table_makes_the_same_checksum(data: bytes) -> None:
    """Boards without a CRC-32 of their own take the table's."""
    table = packer._table()  # pyright: ignore[reportPrivateUsage]
    assert isinstance(table, array)
    assert packer.table_crc32(data, table) == crc32(data)


@given(st.integers(1, 9), st.lists(st.integers(0, 4), max_size=40))
def test_the_ring_keeps_the_newest(slots: int, lengths: list[int]) -> None:
    """As many frames as it has slots, each as it was written; nothing older, newer or never made."""
    ring = Ring(slots, 4)
    for number, length in enumerate(lengths):
        ring.slot()[:4] = bytes([number] * 4)
        ring.commit(length)
    for number in range(len(lengths) + 2):
        got = ring.frame(number)
        kept = len(lengths) - slots <= number < len(lengths) and lengths[number] > 0
        assert got == (bytes([number] * lengths[number]) if kept else None)


def test_a_slot_that_is_being_filled_is_gone() -> None:
    """The oldest frame is not sent while new samples overwrite it."""
    ring = Ring(2, 4)
    for _ in range(2):
        ring.slot()
        ring.commit(4)
    ring.slot()
    assert ring.frame(0) is None
    assert ring.frame(1) is not None


def sender(packets: int, slots: int = 8) -> tuple[Sender, Ring]:
    """A sender whose ring has taken so many frames."""
    ring = Ring(slots, 8)
    for number in range(packets):
        ring.slot()[:8] = bytes([0xC0, 0xA1, 0x12, 0, number, 0, 0, 0])
        ring.commit(8)
    return Sender(ring, b"described"), ring


def sent(machine: Sender, credits_: int) -> list[bytes]:
    """Everything that so many credits bring."""
    machine.credits, out = credits_, list[bytes]()
    while (told := machine.peek()) is not None:
        out.append(bytes(told))
        machine.sent()
    return out


def test_credits_pace_the_sender() -> None:
    """No credit, no frame; each takes one; what was looked at and not sent is looked at again."""
    machine, _ = sender(5)
    machine.command(start_command(0))
    assert sent(machine, 0) == []
    first = sent(machine, 3)
    assert first[0] == b"described"
    assert [f[4] for f in first[1:]] == [0, 1]
    machine.credits = 1
    assert machine.peek() == machine.peek()


def test_what_the_ring_has_lost_is_told() -> None:
    """A resume from too far back, and a request for what was overwritten, are answered with GONE."""
    machine, _ = sender(12)
    machine.command(start_command(1))
    told = sent(machine, 2)
    assert told[1] == frame(KIND_GONE, bytes.fromhex("0100000003000000"))
    assert [f[4] for f in sent(machine, 3)] == [4, 5, 6]
    machine.command(resend_command(2, 3))
    said = sent(machine, 9)
    assert frame(KIND_GONE, bytes.fromhex("0200000002000000")) in said
    assert sorted(f[4] for f in said if f[2] == 0x12) == [4, 7, 8, 9, 10, 11]


def test_a_link_that_is_too_slow_for_the_ring_skips_and_tells() -> None:
    """The live stream overtaken by the ring goes on at the oldest packet that is left."""
    machine, ring = sender(3)
    machine.command(start_command(0))
    sent(machine, 2)
    for number in range(3, 15):
        ring.slot()[:8] = bytes([0xC0, 0xA1, 0x12, 0, number, 0, 0, 0])
        ring.commit(8)
    said = sent(machine, 99)
    assert said[0] == frame(KIND_GONE, bytes.fromhex("0100000006000000"))
    assert [f[4] for f in said[1:]] == [*range(7, 15)]


@given(st.lists(st.one_of(st.binary(max_size=9), st.builds(resend_command, st.integers(0, 20), st.integers(0, 30)))))
def test_no_command_makes_it_fail(commands: list[bytes]) -> None:
    """Whatever is written to the control characteristic, the sender goes on, and its memory of requests is bounded."""
    machine, _ = sender(12)
    machine.command(start_command(6))
    for command in commands:
        machine.command(command)
        sent(machine, 1)
    machine.command(stop_command())
    assert sent(machine, 5) == []
    machine.command(start_command(6))
    assert sent(machine, 1) == [b"described"]


@pytest.mark.parametrize("more", [b"", b"\x00", b"of a later version"])
def test_bytes_after_a_command_are_ignored(more: bytes) -> None:
    """As docs/protocol.md says of each command: it may grow at its end."""
    machine, _ = sender(5)
    machine.command(start_command(2) + more)
    assert [f[4] for f in sent(machine, 9)[1:]] == [2, 3, 4]
    machine.command(resend_command(3, 1) + more)
    assert [f[4] for f in sent(machine, 9)] == [3]
    machine.command(stop_command() + more)
    assert not machine.streaming


@pytest.mark.parametrize("short", [b"", b"\x01\x00\x00\x00", b"\x02\x00\x00\x00\x00\x01"])
def test_a_command_that_is_too_short_is_ignored(short: bytes) -> None:
    """Nothing begins, nothing ends."""
    machine, _ = sender(5)
    machine.command(short)
    assert not machine.streaming
    machine.command(start_command(0))
    assert len(sent(machine, 9)) == 6
    machine.command(short)
    assert machine.streaming
    assert sent(machine, 9) == []


def test_what_the_live_stream_has_not_reached_comes_with_it_and_once() -> None:
    """A RESEND across its place is answered up to there; one from beyond says nothing, as nothing is known yet."""
    machine, ring = sender(6)
    machine.command(start_command(0))
    sent(machine, 4)
    machine.command(resend_command(1, 9))
    machine.command(resend_command(5, 9))
    machine.command(resend_command(0xFFFFFFFF, 0xFFFF))
    assert sorted(f[4] for f in sent(machine, 99)) == [1, 2, 3, 4, 5]
    ring.slot()[:8] = bytes([0xC0, 0xA1, 0x12, 0, 6, 0, 0, 0])
    ring.commit(8)
    assert [f[4] for f in sent(machine, 99)] == [6]


def test_after_the_end_every_request_is_answered() -> None:
    """With the packets, with GONE for what never comes, and with END again in any case."""
    machine, _ = sender(6)
    machine.finish()
    machine.command(start_command(4))
    assert sent(machine, 99)[-1] == encode_end(6)
    machine.command(resend_command(5, 3))
    gone = frame(KIND_GONE, bytes.fromhex("0600000002000000"))
    said = sent(machine, 99)
    assert (said[0][4], said[1:]) == (5, [gone, encode_end(6)])
    machine.command(resend_command(0xFFFFFFFE, 1))
    assert sent(machine, 99) == [frame(KIND_GONE, bytes.fromhex("feffffff01000000")), encode_end(6)]
    machine.command(resend_command(3, 0))
    assert sent(machine, 99) == [encode_end(6)]


MICRO = """
import sys
sys.path.insert(0, sys.argv[1])
import struct
from device import packer
from device.ring import Ring
from device.sender import Sender

def show(frame):
    print(bytes(frame).hex())

frame = bytearray(packer.LONGEST_FRAME)
show(frame[: packer.pack_description(frame, 4000000000, 104.0, 8, 1147, 10, 60, b"XIAO1")])
print(packer.table_crc32(bytes(range(256)), packer._table()), packer.checksum(bytes(range(256))))
ring = Ring(20, packer.frame_bytes(10))
sender = Sender(ring, bytes(frame[:34]))
sender.command(struct.pack("<BI", 1, 0))
seed = 1
for number in range(60):
    slot = ring.slot()
    for k in range(120):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        slot[packer.SAMPLES_AT + k] = seed >> 16 & 0xFF
    n = 10 if number % 7 else 3
    t_us = (1 << 49) + number * 100000
    ring.commit(packer.pack_samples(slot, number, t_us, 10000 * (n - 1), n) if number % 11 else 0)
    if number % 9 == 8:
        sender.command(struct.pack("<BIH", 2, number - 12 if number > 12 else 0, 6))
    if number == 59:
        sender.finish()
    sender.credits = 2 if number % 5 else 0
    while True:
        told = sender.peek()
        if told is None:
            break
        show(told)
        sender.sent()
sender.credits = 100
while sender.peek() is not None:
    show(sender.peek())
    sender.sent()
"""


def test_micropython_writes_the_same_bytes(micropython: list[str], tmp_path: Path) -> None:
    """The very files of the board, run by MicroPython, give every byte that CPython gives."""
    (tmp_path / "device").mkdir()
    for name in ("packer.py", "ring.py", "sender.py"):
        shutil.copy(DEVICE / name, tmp_path / "device" / name)
    (tmp_path / "device" / "__init__.py").write_text("")
    script = tmp_path / "script.py"
    script.write_text(MICRO)
    told = [
        subprocess.run([*command, str(script), str(tmp_path)], capture_output=True, text=True, check=True).stdout
        for command in ([sys.executable], micropython)
    ]
    assert told[0] == told[1]
    assert len(told[0].splitlines()) > 70


def test_micropython_understands_every_file(micropython: list[str], tmp_path: Path) -> None:
    """What cannot run without a board at least compiles for one."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfor name in sys.argv[1:]:\n    compile(open(name).read(), name, 'exec')\n    print(name)"
    )
    files = [str(path) for path in sorted(DEVICE.glob("*.py"))]
    done = subprocess.run([*micropython, str(script), *files], capture_output=True, text=True, check=True)
    assert done.stdout.split() == files

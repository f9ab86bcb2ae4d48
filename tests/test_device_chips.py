"""The sensor's drivers against a bus that is none: registers as the datasheets have them, FIFOs read into packets."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.firmware_sim.device import bmi270, boards, lsm6ds3, mpu6050, packer
from coxa.firmware_sim.device.ring import Ring
from coxa.firmware_sim.device.sampler import SampleClock, Sampler
from coxa.firmware_sim.device.sender import Sender
from coxa.host.samples import SampleBlock
from coxa.host.wire import Decoder
from coxa.host.wire.gatt import start_command
from tests.helpers_device import Bus, Chip, le

SAMPLE = (1, -2, 300, -400, 5000, -32768)
"""Accelerometer x y z, gyro x y z."""


def test_lsm6ds3_is_set_and_read() -> None:
    """104 Hz, 8 g, 1000 deg/s in continuous FIFO mode; the FIFO's gyro goes behind the accelerometer."""
    bus = Bus({0x0F: [b"\x6a"], 0x3A: [b"\x0c\x00"], 0x3E: [le(*SAMPLE[3:], *SAMPLE[:3])]})
    imu = lsm6ds3.Imu(bus)
    imu.start()
    assert [(r, d[0]) for r, d in bus.writes[3:]] == [
        (0x12, 0x44),
        (0x10, 0x4C),
        (0x11, 0x48),
        (0x08, 0x09),
        (0x0A, 0x00),
        (0x0A, 0x26),
    ]
    assert imu.waiting() == 2
    frame = bytearray(60)
    imu.read_into(frame, 20, 2)
    assert frame[20:44] == le(*SAMPLE, *SAMPLE)
    assert round(lsm6ds3.GYRO_RANGE_DPS / 32768 * 1000, 1) == 35.0


def test_lsm6ds3_run_over_begins_anew() -> None:
    """An overrun may have cut a sample in two: emptied, and told."""
    bus = Bus({0x3A: [b"\x00\x40"]})
    assert lsm6ds3.Imu(bus).waiting() == -1
    assert [(r, d[0]) for r, d in bus.writes] == [(0x0A, 0x00), (0x0A, 0x26)]


def test_lsm6ds3_tells_two_taps_and_nothing_else() -> None:
    """Whatever another driver of the chip has put on INT1 is gone while it measures, and while it sleeps."""
    bus = Bus({0x0F: [b"\x6a"]})
    imu = lsm6ds3.Imu(bus)
    for begin, told in ((imu.start, 0x00), (imu.wake_on_taps, 0x08)):
        bus.writes.clear()
        begin()
        written = {register: data[0] for register, data in bus.writes}
        assert (written[0x0D], written[0x5E]) == (0x00, told)


def test_mpu6050_is_set_and_read() -> None:
    """1 kHz divided by ten; big-endian numbers turned round; the FIFO near its end is emptied."""
    bus = Bus({0x75: [b"\x68"], 0x72: [b"\x00\x19", b"\x03\xfc"], 0x74: [struct.pack(">6h", *SAMPLE)]})
    imu = mpu6050.Imu(bus)
    imu.start()
    written = {r: d[0] for r, d in bus.writes}
    assert {r: written[r] for r in (0x19, 0x1A, 0x1B, 0x1C, 0x23, 0x6B)} == {
        0x19: 9,
        0x1A: 3,
        0x1B: 0x10,
        0x1C: 0x10,
        0x23: 0x78,
        0x6B: 1,
    }
    assert imu.waiting() == 2
    frame = bytearray(24)
    imu.read_into(frame, 12, 1)
    assert frame[12:] == le(*SAMPLE)
    assert imu.waiting() == -1


def test_bmi270_is_configured_set_and_read() -> None:
    """Its 8192 bytes go up in order, each piece to its address; the gyro's x axis is freed from its share of z."""
    config = bytes(k * 7 % 251 for k in range(8192))
    answers = {0x00: [b"\x24"], 0x21: [b"\x01"], 0x3C: [b"\x7e"], 0x24: [b"\x0c\x00"]}  # factor_zx -2
    bus = Bus({**answers, 0x26: [le(100, 2, 512, 7, 8, 9)]})
    imu = bmi270.Imu(bus, config=lambda: io.BytesIO(config))
    imu.start()
    loaded, at = bytearray(8192), 0
    for register, data in bus.writes:
        if register == 0x5B:
            at = data[0]
        elif register == 0x5C:
            at |= data[0] << 4
        elif register == 0x5E:
            loaded[2 * at : 2 * at + len(data)] = data
    assert loaded == config
    assert [(r, d[0]) for r, d in bus.writes[-8:-6]] == [(0x7D, 0x0E), (0x40, 0xA8)]
    assert imu.waiting() == 1
    frame = bytearray(12)
    imu.read_into(frame, 0, 1)
    assert frame == le(7, 8, 9, 102, 2, 512)


@pytest.mark.parametrize("chip", [lsm6ds3, mpu6050, bmi270])
def test_another_chip_is_refused(chip: Any) -> None:
    """Nothing is written to a chip that is not the one."""
    bus = Bus({register: [b"\x55"] for register in (0x00, 0x0F, 0x75)})
    with pytest.raises(OSError, match=chip.NAME):
        chip.Imu(bus).start()
    assert bus.writes == []


@given(st.floats(-0.05, 0.05), st.integers(0, 2**32))
def test_sample_times_follow_the_chip(error: float, seed: int) -> None:
    """The chip's clock is off by up to 5 %, readings come late by up to 30 ms: times stay within 12 ms, in order."""
    rng = np.random.default_rng(seed)
    period_us = 10_000 * (1 + error)
    clock, done, last_us = SampleClock(10_000), 0, -1.0
    worst = list[float]()
    now_us = 0.0
    while done < 3000:
        now_us += 20_000 + rng.uniform(0, 30_000)
        waiting = int(now_us / period_us) - done
        while waiting >= 10:
            first_us, span_us = clock.packet(int(now_us), waiting, 10)
            assert first_us > last_us
            last_us = first_us + span_us
            worst.append(abs(first_us - (done + 1) * period_us))
            done, waiting = done + 10, waiting - 10
    assert max(worst[100:]) < 12_000
    assert last_us == pytest.approx(done * period_us, abs=12_000)


def test_fifo_to_host() -> None:
    """Samples go through sampler, ring and sender to the host, all of them, and a FIFO run over becomes a gap."""
    chip, ring = Chip(), Ring(60, packer.frame_bytes(10))
    sampler = Sampler(chip, ring, 100.0, 10)
    buffer = bytearray(packer.LONGEST_FRAME)
    length = packer.pack_description(buffer, 7, 100.0, 8, 1000, 10, 6, b"BOARD1")
    sender, decoder = Sender(ring, bytes(buffer[:length])), Decoder()
    sender.command(start_command(0))
    numbers, gaps = list[int](), 0
    for tick in range(200):
        chip.fifo = -1 if tick == 100 else max(chip.fifo, 0) + 2
        sampler.poll(20_000 * (tick + 1))
        sender.credits = 4
        while (told := sender.peek()) is not None:
            for item in decoder.feed(bytes(told)):
                if isinstance(item, SampleBlock):
                    numbers += np.rint(item.accel_mps2[:, 0] * 4096 / 9.80665).astype(int).tolist()
                else:
                    gaps += 1
            sender.sent()
    assert numbers == [*range(len(numbers))]
    assert len(numbers) > 380
    assert (sampler.overruns, gaps) == (1, 1)


def test_battery_falls_with_the_voltage() -> None:
    """From full to empty, never outside."""
    percents = [boards.percent(volts / 100) for volts in range(250, 450)]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)

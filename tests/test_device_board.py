"""The board's program on a board that is none: it serves, sleeps, wakes and keeps time."""

# ruff: noqa: D102 - the fakes have the methods of what they stand for

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coxa.firmware_sim.device import boards, lsm6ds3, packer
from coxa.firmware_sim.device.ring import Ring
from coxa.firmware_sim.device.sampler import Sampler
from coxa.firmware_sim.device.sender import Sender
from coxa.host.samples import SampleBlock
from coxa.host.wire import Decoder
from coxa.host.wire.gatt import SERVICE_UUID, resend_command, start_command
from tests.helpers_device import Bus, Chip


class FakeBLE:
    """MicroPython's `bluetooth.BLE`, as its documentation has it, with room for three notifications."""

    def __init__(self) -> None:
        self.room, self.told, self.written = 3, list[bytes](), dict[int, bytes]()
        self.advertised: dict[str, bytes] = {}
        self.heard: Any = None

    def active(self, _on: bool) -> None: ...

    def config(self, **_values: object) -> None: ...

    def irq(self, heard: Any) -> None:
        self.heard = heard

    def gatts_register_services(self, services: Any) -> tuple[tuple[int, ...], ...]:
        handles = iter(range(1, 99))
        return tuple(tuple(next(handles) for _ in characteristics) for _, characteristics in services)

    def gatts_set_buffer(self, *_: int) -> None: ...

    def gatts_write(self, handle: int, data: bytes) -> None:
        self.written[handle] = data

    def gatts_read(self, handle: int) -> bytes:
        return self.written[handle]

    def gatts_notify(self, _connection: int, _handle: int, data: bytes) -> None:
        if not self.room:
            raise OSError(12)
        self.room -= 1
        self.told.append(bytes(data))

    def gap_advertise(self, _interval: int | None, adv_data: bytes = b"", resp_data: bytes = b"") -> None:
        self.advertised = {"said": adv_data, "more": resp_data}


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """The modules `ble` and `main`, beside a fake of what a board has."""
    for name, values in (("bluetooth", {"UUID": str, "BLE": FakeBLE}), ("machine", {})):
        module = ModuleType(name)
        module.__dict__.update(values)
        monkeypatch.setitem(sys.modules, name, module)
    modules = [importlib.import_module(f"coxa.firmware_sim.device.{name}") for name in ("ble", "main")]
    for name in ("ble", "main"):
        monkeypatch.delitem(sys.modules, f"coxa.firmware_sim.device.{name}")
    return modules[0], modules[1]


def test_the_boards_loop_serves_a_host_over_a_full_radio(board: tuple[Any, Any]) -> None:
    """Small MTU, a queue that is full again and again, a resend in mid-frame: whole frames in order arrive."""
    ble, main = board
    ring = Ring(60, packer.frame_bytes(10))
    buffer = bytearray(packer.LONGEST_FRAME)
    length = packer.pack_description(buffer, 7, 100.0, 8, 1000, 10, 6, b"BOARD1")
    description = bytes(buffer[:length])
    radio, sender, decoder = (
        ble.Peripheral("coxa 1234", "BOARD1", description, 50),
        Sender(ring, description),
        Decoder(),
    )
    fake = radio._ble
    radio.advertise(True)
    assert bytes.fromhex(SERVICE_UUID.replace("-", ""))[::-1] in fake.advertised["said"]
    assert len(fake.advertised["said"]) <= 31
    chip = Chip()
    sampler = Sampler(chip, ring, 100.0, 10)
    fake.heard(1, (9, 0, b"address"))
    fake.written[2] = start_command(0)
    fake.heard(3, (9, 2))
    samples = 0
    for tick in range(400):
        chip.fifo += 2 if tick < 200 else 0
        sampler.poll(20_000 * (tick + 1))
        fake.room = 5
        if tick == 90:
            fake.written[2] = resend_command(2, 3)
            fake.heard(3, (9, 2))
        main.serve(radio, sender)
        for piece in fake.told:
            assert len(piece) <= 20
            samples += sum(len(i) for i in decoder.feed(piece) if isinstance(i, SampleBlock))
        fake.told.clear()
    assert samples == 400
    assert decoder.stats.garbage_bytes == 0
    assert decoder.stats.duplicates == 3
    fake.heard(2, (9, 0, b"address"))
    main.serve(radio, sender)
    assert not sender.streaming


WOKEN_US = 700_000_000
"""More than `ticks_us` can tell apart."""
PULSE_US = 28_800
"""So long the LSM6DS3TR-C tells two taps: QUIET 3, four samples each, at 416 Hz."""


@pytest.fixture
def asleep(board: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A XIAO that is tapped twice at some time after WOKEN_US, unless a host has come before: a function of how much
    later and, where one comes, when, which lets it sleep until it hears that and gives its clock and the true time, in
    microseconds."""
    _, main = board
    now_us = tapped_us = 0

    class Pin:
        IN, OUT = 0, 1

        def __init__(self, *_: object, value: int = 0) -> None: ...

        def value(self, *_: int) -> bool:
            return tapped_us <= now_us < tapped_us + PULSE_US

    def i2c(_port: str) -> Bus:
        return Bus({})

    def sleep_ms(ms: int) -> None:
        nonlocal now_us
        now_us += 1000 * ms
        assert now_us < tapped_us + 1_000_000, "slept on"

    def ticks_diff(a: int, b: int) -> int:
        return (a - b + 0x20000000 & 0x3FFFFFFF) - 0x20000000

    def sleep(later_us: int, host_us: int | None = None) -> tuple[int, int]:
        class Radio:
            @property
            def connected(self) -> bool:
                return host_us is not None and now_us >= host_us

        nonlocal now_us, tapped_us
        now_us, tapped_us = 0, WOKEN_US + later_us
        xiao, clock = main.Board(boards.XIAO_SENSE), main.Clock()
        begun_us = now_us
        xiao.sleep(clock, Radio(), answering=True)
        return clock.now_us(), now_us - begun_us

    time = {"ticks_us": lambda: now_us & 0x3FFFFFFF, "ticks_diff": ticks_diff, "sleep_ms": sleep_ms}
    monkeypatch.setattr(main, "time", SimpleNamespace(**time))
    monkeypatch.setattr(main, "machine", SimpleNamespace(Pin=Pin, I2C=i2c))
    monkeypatch.setitem(sys.modules, "device", ModuleType("device"))
    monkeypatch.setitem(sys.modules, "device.lsm6ds3", lsm6ds3)
    return sleep


def test_a_long_sleep_leaves_the_clock_right(asleep: Callable[[int], tuple[int, int]]) -> None:
    """The clock counts microseconds since boot, however long nobody had a question for it."""
    told_us, true_us = asleep(0)
    assert told_us == true_us


def test_the_clock_goes_on_where_zephyrs_turns_over(board: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The Zephyr port makes `ticks_us` of a 32-bit counter at 32768 Hz (its mphalport.h): after 36 hours it leaps by
    what is no multiple of MicroPython's 2^30 us. That costs the one look at the clock, 20 ms, and nothing goes back."""
    _, main = board
    true_us = 2**32 * 10**6 // 32768 - 10**6

    def ticks_us() -> int:
        cycles = true_us * 32768 // 10**6 & 0xFFFFFFFF
        return cycles * 10**6 // 32768 & 0x3FFFFFFF

    def ticks_diff(a: int, b: int) -> int:
        return (a - b + 0x20000000 & 0x3FFFFFFF) - 0x20000000

    monkeypatch.setattr(main, "time", SimpleNamespace(ticks_us=ticks_us, ticks_diff=ticks_diff))
    clock, told_us = main.Clock(), [0]
    for _ in range(100):
        true_us += 20_000
        told_us.append(clock.now_us())
    steps_us = np.diff(told_us)
    assert steps_us.min() >= 0
    assert np.count_nonzero(np.abs(steps_us - 20_000) > 100) == 1
    assert told_us[-1] == pytest.approx(2_000_000, abs=20_100)


def test_a_host_wakes_a_board_that_it_reached_in_the_last_moment(asleep: Callable[..., tuple[int, int]]) -> None:
    """The radio tells of it when the board sleeps already: it gets up, and is no mute sensor."""
    assert asleep(0, 50_000)[1] < 100_000


def test_a_board_with_a_host_does_not_fall_asleep(board: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that connects as the advertising ends is heard of a moment later: nobody is alone then."""
    _, main = board
    now_us, advertised = 0, list[bool]()
    radio = SimpleNamespace(connected=False, commands=[], advertise=advertised.append)

    def sleep_ms(ms: int) -> None:
        nonlocal now_us
        now_us += 1000 * ms
        radio.connected = radio.connected or advertised[-1:] == [False]
        if now_us > 2 * main.ALONE_S * 1_000_000:
            raise StopIteration

    def sleep(*_: object) -> None:
        pytest.fail("sleeps")

    monkeypatch.setattr(main, "time", SimpleNamespace(sleep_ms=sleep_ms))
    monkeypatch.setattr(main, "BATTERY_S", math.inf)
    xiao = SimpleNamespace(imu=SimpleNamespace(start=bool), led=bool, sleep=sleep)
    sampler = SimpleNamespace(poll=bool, restart=bool)
    sender = Sender(Ring(1, 8), b"described")
    with pytest.raises(StopIteration):
        main.loop(xiao, radio, sampler, sender, SimpleNamespace(now_us=lambda: now_us), (b"described", b"blind"))
    assert advertised == [True, False]


@pytest.mark.parametrize(("name", "ends"), [("ESP32_MPU6050", "deepsleep"), ("XIAO_SENSE", "reset")])
def test_a_board_without_an_imu_does_not_wait_for_its_interrupt(
    board: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch, name: str, ends: str
) -> None:
    """What hangs on that pin then says nothing: an ESP32 sleeps until its switch, a XIAO begins anew."""
    _, main = board
    done = list[str]()

    def end(which: str) -> Callable[[], None]:
        def call() -> None:
            done.append(which)
            raise StopIteration

        return call

    machine = SimpleNamespace(deepsleep=end("deepsleep"), reset=end("reset"))
    monkeypatch.setattr(main, "machine", machine)
    sleeper = SimpleNamespace(led=bool, imu=None, _data=getattr(boards, name))
    with pytest.raises(StopIteration):
        main.Board.sleep(sleeper, None, None, answering=False)
    assert done == [ends]


def test_no_two_taps_are_missed(asleep: Callable[[int], tuple[int, int]]) -> None:
    """Whenever they come, the board looks at its pin while the chip tells them."""
    for later_us in range(0, 50_000, 7_000):
        assert asleep(later_us)[1] - WOKEN_US - later_us < PULSE_US

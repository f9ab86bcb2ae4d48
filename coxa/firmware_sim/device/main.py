"""The sensor's program: sample always, send while a host listens, sleep when none comes.

On a board, in its own main.py: `from device.main import run; run("esp32-mpu6050")`.
"""

import os
import time

import machine

from . import boards, packer
from .ring import Ring
from .sampler import Sampler
from .sender import Sender

TICK_MS = 20
CREDITS = 4
"""Frames that go to the radio in one tick at most: 200 a second, where the live stream takes 10."""
ALONE_S = 300
"""Without a host for so long, the board sleeps."""
BATTERY_S = 60
STARTS = "starts.txt"
FAILURES = 250
"""So many readings in a row, 5 s at least, the IMU may not answer before the board begins anew, or tells the host."""
SECOND = 50
"""Ticks; so often an IMU that has not answered is written of, and at last looked for."""


class Clock:
    """Microseconds since boot; `ticks_us` alone begins anew every few minutes. Ask at least every minute."""

    def __init__(self):
        self._ticks = time.ticks_us()
        self._us = 0

    def now_us(self):
        """Microseconds since boot."""
        ticks = time.ticks_us()
        # never back: Zephyr's ticks turn over every 36 hours (32 bits at 32768 Hz), where ticks_diff does not expect it
        self._us += max(time.ticks_diff(ticks, self._ticks), 0)
        self._ticks = ticks
        return self._us


class Board:
    """Pins and chips of one entry of `boards`."""

    def __init__(self, data):
        self._data = data
        if data["imu_power"] is not None:
            machine.Pin(data["imu_power"], machine.Pin.OUT, value=1)
            time.sleep_ms(20)
        pins = {k: v if k == "freq" else machine.Pin(v) for k, v in data["i2c_pins"].items()}
        bus = machine.I2C(*data["i2c"], **pins)
        self.chip = __import__("device." + data["imu"], None, None, ("Imu",))
        self.imu = self.chip.Imu(bus) if data["imu"] == "lsm6ds3" else self.chip.Imu(bus, sleep_ms=time.sleep_ms)
        self._led = machine.Pin(data["led"], machine.Pin.OUT)
        self._adc = None
        if data["battery"] is not None:  # an ESP32 measures up to 0.95 V, and with 11 dB less of it up to 2.45 V
            self._adc = machine.ADC(machine.Pin(data["battery"]), atten=machine.ADC.ATTN_11DB)
        self.led(False)

    def led(self, on):
        """Light it, or not."""
        self._led.value(self._data["led_on"] if on else 1 - self._data["led_on"])

    def percent(self):
        """Battery left; None where the board cannot measure it."""
        if self._adc is None:
            return None
        return boards.percent(self._adc.read_uv() * self._data["battery_divider"] / 1000000)

    def sleep(self, clock, radio, answering):
        """Until two taps, or a shake where the chip knows no taps, or a host that came in the last moment; a board that
        sleeps deeply begins anew. `answering`: the IMU does; else only switching off and on wakes the board."""
        self.led(False)
        pin, interrupt = None, self._data["imu_interrupt"]
        if answering:
            self.imu.wake_on_taps()
            pin = None if interrupt is None else machine.Pin(interrupt, machine.Pin.IN)
        if self._data["deep_sleep"]:
            if pin is not None:
                import esp32

                esp32.wake_on_ext0(pin, esp32.WAKEUP_ANY_HIGH)
            machine.deepsleep()
        while pin is not None and not pin.value() and not radio.connected:
            time.sleep_ms(TICK_MS)  # the LSM6DS3TR-C tells two taps for 29 ms only
            clock.now_us()  # or it would lose count
        if pin is None:
            machine.reset()


def run(name):
    """Never returns. Raises KeyError: no such board."""
    data = boards.BOARDS[name]
    board = Board(data)
    n, chip = data["samples_per_packet"], board.chip
    ring = Ring(int(data["buffer_s"] * chip.RATE_HZ / n) + 1, packer.frame_bytes(n))
    from . import ble  # after the ring, which wants the largest piece of memory

    number = machine.unique_id() if hasattr(machine, "unique_id") else ble.address()
    serial = number.hex().upper()[-8:]
    frame = bytearray(packer.LONGEST_FRAME)
    said = boot_id(), chip.RATE_HZ, chip.ACCEL_RANGE_G, chip.GYRO_RANGE_DPS, n, data["buffer_s"], serial.encode()
    descriptions = [
        bytes(frame[: packer.pack_description(frame, *said, trouble=trouble)]) for trouble in (0, packer.NO_MOTION)
    ]
    radio = ble.Peripheral("coxa " + serial[-4:], serial, descriptions[0], board.percent())
    sender = Sender(ring, descriptions[0])
    loop(board, radio, Sampler(board.imu, ring, chip.RATE_HZ, n), sender, Clock(), descriptions)


def boot_id():
    """Another number at each start: a random one, or where the port has none the count of starts, kept in a file."""
    if hasattr(os, "urandom"):
        return int.from_bytes(os.urandom(4), "little")
    try:
        with open(STARTS) as file:
            starts = int(file.read()) + 1
    except (OSError, ValueError):
        starts = 1
    with open(STARTS, "w") as file:
        file.write(str(starts))
    return starts


def loop(board, radio, sampler, sender, clock, descriptions):
    """Sample, listen, send; sleep when nobody has come for ALONE_S. `descriptions`: what the sensor says of itself, and
    what it says while its IMU does not answer."""
    radio.advertise(True)
    alone_us = battery_us = clock.now_us()
    failures = 1  # one that was never started is started as one that failed
    dead = False
    while True:
        failures = sample(board.imu, sampler, clock, failures)
        if dead != (failures > FAILURES):
            dead = not dead
            sender.description = descriptions[dead]
            radio.describe(sender.description)
        now_us = clock.now_us()
        serve(radio, sender)
        if dead:
            board.led(now_us % 200000 < 100000)
        else:
            board.led(now_us % 2000000 < (40000 if radio.connected else 400000))
        if now_us - battery_us > BATTERY_S * 1000000:
            battery_us = now_us
            radio.tell_battery(board.percent())
        if radio.connected:
            alone_us = now_us
        elif now_us - alone_us > ALONE_S * 1000000:
            radio.advertise(False)
            time.sleep_ms(TICK_MS)  # a host may be on its way: it is heard of now
            if radio.connected:
                continue
            try:
                board.sleep(clock, radio, not dead)
            except OSError:
                pass  # the IMU did not hear of it: awake for another while
            failures = 1  # one that slept is started as one that failed
            if not radio.connected:
                radio.advertise(True)
            alone_us = clock.now_us()
        time.sleep_ms(TICK_MS)


def sample(imu, sampler, clock, failures):
    """Take what the IMU has; gives how often in a row that has failed, `failures` times before.

    After a failure it is started anew: its FIFO may be half read, or its power was gone. After many the board begins
    anew, once: where that did not make the IMU answer, it is looked for every second.
    """
    if failures > FAILURES and failures % SECOND != 1:
        return failures + 1
    try:
        if failures:
            imu.start()
            sampler.restart()
        sampler.poll(clock.now_us())
    except OSError as error:
        if failures % SECOND == 1:
            print("motion sensor:", error)
        if failures >= FAILURES and sampler.answered:
            machine.reset()
        return failures + 1
    return 0


def serve(radio, sender):
    """What the host has written, and as many frames as the radio takes in one tick."""
    while radio.commands:
        sender.command(radio.commands.pop(0))
    sender.credits = CREDITS if radio.connected else 0
    while True:
        frame = sender.peek()
        if frame is None or not radio.send(frame):
            return
        sender.sent()

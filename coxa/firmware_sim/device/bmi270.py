"""Bosch BMI270: 100 Hz, 8 g, 1000 deg/s, through its FIFO. It does not wake the board: switch it off and on.

Registers: Bosch BST-BMI270-DS000 rev 1.5, section 5; initialisation and gyro correction: sections 4.4 and 4.6.9.
The chip needs Bosch's configuration of 8192 bytes at each start, which is not part of coxa: take `bmi270_config_file`
from Bosch's BMI270_SensorAPI, and put it on the board as bmi270.bin.
"""

NAME = "BMI270"
RATE_HZ = 100.0
ACCEL_RANGE_G = 8
GYRO_RANGE_DPS = 1000
TWO_TAPS = False

CHIP_ID, IDENTITY = 0x00, 0x24
SAMPLE_BYTES = 12
FIFO_BYTES = 2048
CHUNK = 32

RESET = (0x7E, 0xB6)  # CMD: softreset
BEFORE_CONFIG = (
    (0x7C, 0x00),  # PWR_CONF: no advanced power save
    (0x59, 0x00),  # INIT_CTRL: configuration comes
)
AFTER_CONFIG = (0x59, 0x01)  # INIT_CTRL: configuration has come
START = (
    (0x7D, 0x0E),  # PWR_CTRL: accelerometer, gyro, thermometer
    (0x40, 0xA8),  # ACC_CONF: 100 Hz, normal filter, performance
    (0x41, 0x02),  # ACC_RANGE: 8 g
    (0x42, 0xE8),  # GYR_CONF: 100 Hz, normal filter, performance
    (0x43, 0x01),  # GYR_RANGE: 1000 dps
    (0x48, 0x00),  # FIFO_CONFIG_0: overwrite the oldest, no time
    (0x49, 0xC0),  # FIFO_CONFIG_1: gyro and accelerometer, no headers
    (0x7E, 0xB0),  # CMD: fifo_flush
)
STOP = (
    (0x7D, 0x00),  # PWR_CTRL: all off
    (0x7C, 0x03),  # PWR_CONF: advanced power save
)


def _file():
    return open("bmi270.bin", "rb")


def _at_once(_ms):
    """Where nothing has to be waited for, as on a bus that is none."""


class Imu:
    """One chip on a bus with `readfrom_mem_into` and `writeto_mem`, as `machine.I2C` has them."""

    def __init__(self, bus, address=0x68, sleep_ms=None, config=None):
        """`config`: gives an open binary file with Bosch's configuration."""
        self._bus = bus
        self._address = address
        self._sleep_ms = sleep_ms or _at_once
        self._config = config or _file
        self._two = bytearray(2)
        self._one = bytearray(1)
        self._sample = bytearray(SAMPLE_BYTES)
        self._cross = 0

    def _write(self, settings):
        for register, value in settings:
            self._one[0] = value
            self._bus.writeto_mem(self._address, register, self._one)

    def _read(self, register):
        self._bus.readfrom_mem_into(self._address, register, self._one)
        return self._one[0]

    def start(self):
        """Measure into the FIFO. Raises OSError: another chip, or none, or it refuses its configuration."""
        if self._read(CHIP_ID) != IDENTITY:
            raise OSError("no " + NAME)
        self._write((RESET,))
        self._sleep_ms(2)
        self._write(BEFORE_CONFIG)
        self._sleep_ms(1)
        self._load()
        self._write((AFTER_CONFIG,))
        self._sleep_ms(150)
        if self._read(0x21) & 0x0F != 1:  # INTERNAL_STATUS: init_ok
            raise OSError("bmi270.bin refused")
        self._write(START)
        cross = self._read(0x3C) & 0x7F  # GYR_CAS: factor_zx, 7 bits, two's complement
        self._cross = cross - 128 if cross & 0x40 else cross

    def _load(self):
        with self._config() as file:
            word = 0
            while True:
                data = file.read(CHUNK)
                if not data:
                    return
                self._write(((0x5B, word & 0x0F), (0x5C, word >> 4)))  # INIT_ADDR_0, 1: in words of 16 bits
                self._bus.writeto_mem(self._address, 0x5E, data)  # INIT_DATA
                word += len(data) // 2

    def wake_on_taps(self):
        """Sleep; only switching off and on wakes it."""
        self._write(STOP)

    def waiting(self):
        """Samples in the FIFO; -1 where it has run over and was emptied."""
        self._bus.readfrom_mem_into(self._address, 0x24, self._two)  # FIFO_LENGTH_0, 1
        count = self._two[0] | (self._two[1] & 0x3F) << 8
        if count > FIFO_BYTES - 2 * SAMPLE_BYTES:
            self._write(START[-1:])
            return -1
        return count // SAMPLE_BYTES

    def read_into(self, frame, at, samples):
        """So many samples from the FIFO, accelerometer first, the gyro's x axis freed from its share of z."""
        sample = self._sample
        for _ in range(samples):
            self._bus.readfrom_mem_into(self._address, 0x26, sample)  # FIFO_DATA: gyro, accelerometer
            frame[at : at + 6] = sample[6:]
            frame[at + 6 : at + 12] = sample[:6]
            if self._cross:
                x = _signed(sample, 0) - self._cross * _signed(sample, 4) // 512
                x = min(max(x, -32768), 32767)
                frame[at + 6] = x & 0xFF
                frame[at + 7] = x >> 8 & 0xFF
            at += SAMPLE_BYTES


def _signed(data, at):
    value = data[at] | data[at + 1] << 8
    return value - 65536 if value & 0x8000 else value

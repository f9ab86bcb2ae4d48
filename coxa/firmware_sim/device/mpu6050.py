"""InvenSense MPU-6050: 100 Hz, 8 g, 1000 deg/s, through its FIFO; a shake wakes it, it knows no taps.

Registers: InvenSense RM-MPU-6000A-00 rev 4.2 (register map), sections 4.2 to 4.34; scales: PS-MPU-6000A-00 rev 3.4,
sections 6.1 and 6.2.
"""

NAME = "MPU-6050"
RATE_HZ = 100.0
ACCEL_RANGE_G = 8  # 4096 counts a g
GYRO_RANGE_DPS = 1000  # 32.8 counts a degree per second
TWO_TAPS = False

WHO_AM_I, IDENTITY = 0x75, 0x68
SAMPLE_BYTES = 12
FIFO_BYTES = 1024

RESET = (0x6B, 0x80)  # PWR_MGMT_1: DEVICE_RESET
START = (
    (0x6B, 0x01),  # PWR_MGMT_1: awake, clock from the gyro
    (0x6C, 0x00),  # PWR_MGMT_2: all axes
    (0x38, 0x00),  # INT_ENABLE: none
    (0x1A, 0x03),  # CONFIG: low pass 44 Hz, so that the gyro runs at 1 kHz
    (0x19, 0x09),  # SMPLRT_DIV: 1 kHz / 10
    (0x1B, 0x10),  # GYRO_CONFIG: 1000 dps
    (0x1C, 0x10),  # ACCEL_CONFIG: 8 g
    (0x23, 0x78),  # FIFO_EN: gyro x, y, z, accelerometer
    (0x6A, 0x04),  # USER_CTRL: FIFO_RESET
    (0x6A, 0x40),  # USER_CTRL: FIFO_EN
)
WAKE = (
    (0x6A, 0x00),  # USER_CTRL: no FIFO
    (0x1C, 0x01),  # ACCEL_CONFIG: 2 g, high pass 5 Hz for the motion detector
    (0x1F, 0x40),  # MOT_THR: 64 counts
    (0x20, 0x01),  # MOT_DUR: 1 ms
    (0x38, 0x40),  # INT_ENABLE: MOT_EN
    (0x6C, 0x47),  # PWR_MGMT_2: wake at 5 Hz, gyro off
    (0x6B, 0x28),  # PWR_MGMT_1: CYCLE, no thermometer
)


def _at_once(_ms):
    """Where nothing has to be waited for, as on a bus that is none."""


class Imu:
    """One chip on a bus with `readfrom_mem_into` and `writeto_mem`, as `machine.I2C` has them."""

    def __init__(self, bus, address=0x68, sleep_ms=None):
        self._bus = bus
        self._address = address
        self._sleep_ms = sleep_ms or _at_once
        self._two = bytearray(2)
        self._one = bytearray(1)
        self._sample = bytearray(SAMPLE_BYTES)

    def _write(self, settings):
        for register, value in settings:
            self._one[0] = value
            self._bus.writeto_mem(self._address, register, self._one)

    def start(self):
        """Measure into the FIFO. Raises OSError where another chip answers, or none."""
        self._bus.readfrom_mem_into(self._address, WHO_AM_I, self._one)
        if self._one[0] != IDENTITY:
            raise OSError("no " + NAME)
        self._write((RESET,))
        self._sleep_ms(100)
        self._write(START)

    def wake_on_taps(self):
        """Sleep but for a shake, told on INT."""
        self._write(WAKE)

    def waiting(self):
        """Samples in the FIFO; -1 where it has run over and was emptied."""
        self._bus.readfrom_mem_into(self._address, 0x72, self._two)  # FIFO_COUNTH, L: big-endian
        count = self._two[0] << 8 | self._two[1]
        if count > FIFO_BYTES - 2 * SAMPLE_BYTES:
            self._write(START[-2:])
            return -1
        return count // SAMPLE_BYTES

    def read_into(self, frame, at, samples):
        """So many samples from the FIFO; the chip gives big-endian numbers, accelerometer first."""
        sample = self._sample
        for _ in range(samples):
            self._bus.readfrom_mem_into(self._address, 0x74, sample)  # FIFO_R_W
            for k in range(0, SAMPLE_BYTES, 2):
                frame[at + k] = sample[k + 1]
                frame[at + k + 1] = sample[k]
            at += SAMPLE_BYTES

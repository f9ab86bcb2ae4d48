"""ST LSM6DS3TR-C: 104 Hz, 8 g, 1000 deg/s, through its FIFO; two taps wake it.

Registers: ST datasheet LSM6DS3TR-C, DocID030071, section 9 (numbers given there in hexadecimal); FIFO pattern:
AN5130, section 8; settings of the double tap: AN5130, section 5.5.5.
"""

NAME = "LSM6DS3TR-C"
RATE_HZ = 104.0
ACCEL_RANGE_G = 8  # 0.244 mg a count, table 3
GYRO_RANGE_DPS = 1147  # 35 mdps a count times 32768: at "1000 dps" the scale reaches beyond it, table 3
TWO_TAPS = True

WHO_AM_I, IDENTITY = 0x0F, 0x6A
SAMPLE_WORDS = 6
FIFO_SAMPLES = 300  # of 341: 4096 bytes, less what may come while reading

START = (
    (0x12, 0x44),  # CTRL3_C: BDU, IF_INC
    (0x10, 0x4C),  # CTRL1_XL: 104 Hz, 8 g
    (0x11, 0x48),  # CTRL2_G: 104 Hz, 1000 dps
    (0x08, 0x09),  # FIFO_CTRL3: gyro and accelerometer, no decimation
    (0x0A, 0x00),  # FIFO_CTRL5: bypass, which empties it
    (0x0A, 0x26),  # FIFO_CTRL5: 104 Hz, continuous
)
SILENT = (
    (0x0D, 0x00),  # INT1_CTRL: nothing of the FIFO or of data ready, which Zephyr's own driver may have put there
    (0x58, 0x00),  # TAP_CFG: no taps
    (0x5E, 0x00),  # MD1_CFG: nothing on INT1
)
WAKE = (
    (0x0D, 0x00),  # INT1_CTRL: not data ready, or INT1 is high at once
    (0x0A, 0x00),  # FIFO off
    (0x11, 0x00),  # CTRL2_G: gyro off
    (0x10, 0x60),  # CTRL1_XL: 416 Hz, 2 g
    (0x58, 0x8E),  # TAP_CFG: interrupts, tap on x, y, z
    (0x59, 0x8C),  # TAP_THS_6D: 750 mg
    (0x5A, 0x7F),  # INT_DUR2: second tap within 538 ms; quiet, for which INT1 is high, 12 / 416 Hz
    (0x5B, 0x80),  # WAKE_UP_THS: double tap
    (0x5E, 0x08),  # MD1_CFG: double tap on INT1
)


class Imu:
    """One chip on a bus with `readfrom_mem_into` and `writeto_mem`, as `machine.I2C` has them."""

    def __init__(self, bus, address=0x6A):
        self._bus = bus
        self._address = address
        self._two = bytearray(2)
        self._one = bytearray(1)
        self._sample = bytearray(12)

    def _write(self, settings):
        for register, value in settings:
            self._one[0] = value
            self._bus.writeto_mem(self._address, register, self._one)

    def start(self):
        """Measure into the FIFO. Raises OSError where another chip answers, or none."""
        self._bus.readfrom_mem_into(self._address, WHO_AM_I, self._one)
        if self._one[0] != IDENTITY:
            raise OSError("no " + NAME)
        self._write(SILENT)
        self._write(START)

    def wake_on_taps(self):
        """Sleep but for two taps, told on INT1."""
        self._write(WAKE)

    def waiting(self):
        """Samples in the FIFO; -1 where it has run over and was emptied."""
        self._bus.readfrom_mem_into(self._address, 0x3A, self._two)  # FIFO_STATUS1, 2
        words = self._two[0] | (self._two[1] & 0x07) << 8
        if self._two[1] & 0x60 or words > FIFO_SAMPLES * SAMPLE_WORDS:  # OVER_RUN, FIFO_FULL_SMART
            self._write(START[-2:])
            return -1
        return words // SAMPLE_WORDS

    def read_into(self, frame, at, samples):
        """So many samples from the FIFO, accelerometer first; the chip gives the gyro first."""
        sample = self._sample
        for _ in range(samples):
            self._bus.readfrom_mem_into(self._address, 0x3E, sample)  # FIFO_DATA_OUT, which the address stays at
            frame[at : at + 6] = sample[6:]
            frame[at + 6 : at + 12] = sample[:6]
            at += 12

"""From the IMU's FIFO into packets: when each sample was taken, and when a packet is full. No hardware of its own."""

from . import packer

STEP_PERIODS = 3
"""Further off than this, the stream's time steps: samples were lost, and the host sees the gap."""


class SampleClock:
    """Gives samples their time on the board's clock, which the IMU's own, some percent off, does not know.

    A loop of second order follows the board's clock: reading late or early moves the time of a sample by an eighth
    only. All in whole numbers, periods in 1/256 us: floats of a small board have 24 bits.
    """

    def __init__(self, period_us):
        self._nominal = period_us * 256
        self.restart()

    def restart(self):
        """Samples were lost, or will be."""
        self._period = self._nominal
        self._next_us = -1

    def packet(self, now_us, waiting, samples):
        """Time of the first, and span to the last, of the oldest `samples` of `waiting` in the FIFO."""
        measured_us = now_us - (((2 * waiting - 1) * self._period) >> 9)  # the newest came half a period ago
        off_us = measured_us - self._next_us
        if self._next_us < 0 or abs(off_us) * 256 > STEP_PERIODS * self._period:
            if measured_us < self._next_us:  # time never turns back
                measured_us = self._next_us
            first_us = measured_us
        else:
            first_us = self._next_us + off_us // 8
            change = off_us * 256 // (128 * samples)
            tenth = self._nominal // 10
            self._period = min(max(self._period + change, self._nominal - tenth), self._nominal + tenth)
        span_us = (samples - 1) * self._period >> 8
        self._next_us = first_us + span_us + (self._period >> 8)
        return max(first_us, 0), span_us


class Sampler:
    """Moves samples from an IMU into a ring."""

    def __init__(self, imu, ring, rate_hz, samples_per_packet):
        self._imu = imu
        self._ring = ring
        self._n = samples_per_packet
        self._clock = SampleClock(round(1000000 / rate_hz))
        self.overruns = 0
        self.answered = False
        """Whether the IMU has, since the board began."""

    def restart(self):
        """The IMU was started anew."""
        self._clock.restart()

    def poll(self, now_us):
        """Take every full packet that the FIFO holds; gives how many. Raises OSError: the IMU does not answer."""
        taken = 0
        waiting = self._imu.waiting()
        self.answered = True
        if waiting < 0:
            self.overruns += 1
            self._clock.restart()
            return 0
        while waiting >= self._n:
            slot = self._ring.slot()
            t_us, span_us = self._clock.packet(now_us, waiting, self._n)
            self._imu.read_into(slot, packer.SAMPLES_AT, self._n)
            self._ring.commit(packer.pack_samples(slot, self._ring.next, t_us, span_us, self._n))
            waiting -= self._n
            taken += 1
        return taken

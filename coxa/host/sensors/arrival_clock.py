"""Times of samples that nothing stamps: the steady beat that fits under the arrival times of their packets.

A packet can come late but never early, so the beat follows the earliest arrivals (their lower envelope), not the mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coxa.host.samples import FloatArray, Gap, StreamItem
from coxa.host.sensors.driver import SensorStats, block

SETTLE_S = 2.0
"""The first samples wait for so long, while the true rate is measured."""
SILENCE_S = 0.5
"""What comes so much later than its turn waits until it is known whether something was lost before it."""
CATCH_UP_S = 0.3
"""Packets that were only late come in a burst, each nearer to its turn than the one before. Where none has come nearer
for so long, the rest of the lateness is time that was lost."""
WINDOW_S = 1.0
"""The least lateness within this time is taken for the true one."""
LOST_S = 0.1
"""If even that is more than this, samples were lost."""
SWITCH_S = 0.5
"""What came in the first moment may still have come at the rate that the sensor had before."""
SETTLE_PACKETS = 8
RATE_TOLERANCE = 0.01
"""A rate measured in that time that differs more than this from the set one replaces it; jitter alone does not."""
LEAST_PERIOD_S = 1e-6
"""A shorter one is none: packets that come all at once have no rate, and arrivals are known to the microsecond."""
PULL_PER_S = 1.0
"""Share of the lateness taken back in a second."""
LEARN_PER_S2 = 0.2
"""Relative change of the period in a second, for a second of lateness: with `PULL_PER_S`, settles without overshoot."""


@dataclass(frozen=True, slots=True, eq=False)
class _Packet:
    values: FloatArray
    arrival_s: float
    skipped: int


class ArrivalClock:
    """Stamps samples of a stream without a clock. With unknown (NaN) arrivals it counts at the set rate from 0."""

    def __init__(self, rate_hz: float, stats: SensorStats) -> None:
        self.period_s = 1.0 / rate_hz
        """Measured at first, then followed."""
        self._stats = stats
        self._held = list[_Packet]()
        self._next_s: float | None = None
        self._arrival_s = -math.inf
        self._late = list[tuple[float, float]]()
        """(arrival, lateness against the beat) of the last second."""
        self._behind = list[_Packet]()
        """What has come since a silence, while it may catch up."""
        self._nearest = (math.inf, -math.inf)
        """Least lateness of those, and when it was reached."""

    def feed(self, values: FloatArray, arrival_s: float, skipped: int = 0) -> list[StreamItem]:
        """Stamp the samples of one packet.

        Args:
            values: (n, 6) accelerometer m/s2, gyro rad/s; sensor frame. n may be 0.
            arrival_s: host clock, seconds; NaN where it is not known.
            skipped: samples known to be lost just before these.
        """
        if not len(values):
            return []
        packet = _Packet(values, arrival_s, skipped)
        if self._next_s is not None:
            return self._in_turn(packet)
        self._held.append(packet)
        if arrival_s - self._held[0].arrival_s < SETTLE_S:
            return []
        return self.finish()

    def finish(self) -> list[StreamItem]:
        """Stamp what still waits."""
        held, self._held = self._held, []
        if not held:
            return self._caught_up()
        if self._next_s is None:
            self._settle(held)
        return [item for packet in held for item in self._placed(packet, follow=False)]

    def _settle(self, held: list[_Packet]) -> None:
        """Measure the rate and lay the beat under the first arrivals."""
        ends = np.cumsum([p.skipped + len(p.values) for p in held])
        arrivals = np.array([p.arrival_s for p in held])
        if not np.all(np.isfinite(arrivals)):
            self._next_s = 0.0
            return
        later = arrivals >= arrivals[0] + SWITCH_S
        if np.sum(later) >= SETTLE_PACKETS and arrivals[-1] - arrivals[0] >= SETTLE_S / 2:
            ends, arrivals = ends[later], arrivals[later]
            measured_s = float(np.polyfit(ends, arrivals, 1)[0])
            if measured_s > LEAST_PERIOD_S and abs(measured_s / self.period_s - 1.0) > RATE_TOLERANCE:
                self.period_s = measured_s
        self._next_s = float(np.min(arrivals - self.period_s * (ends - 1)))

    def _in_turn(self, packet: _Packet) -> list[StreamItem]:
        """A packet, or nothing while it may be one of a burst that catches up after a silence."""
        assert self._next_s is not None
        samples = sum(p.skipped + len(p.values) for p in [*self._behind, packet])
        late_s = packet.arrival_s - (self._next_s + self.period_s * (samples - 1))
        if not math.isfinite(late_s) or (not self._behind and late_s <= SILENCE_S):
            return [*self._caught_up(), *self._placed(packet)]
        self._behind.append(packet)
        if late_s < self._nearest[0] - self.period_s:
            self._nearest = (late_s, packet.arrival_s)
        waits = self._nearest[0] > LOST_S and packet.arrival_s - self._nearest[1] < CATCH_UP_S
        return [] if waits else self._caught_up()

    def _caught_up(self) -> list[StreamItem]:
        """Stamp what has come since a silence: what none of them has made up for is lost."""
        behind, self._behind = self._behind, []
        lost_s, self._nearest = self._nearest[0], (math.inf, -math.inf)
        lost_s = lost_s if lost_s > self._least_lost_s() else 0.0
        items = list[StreamItem]()
        for packet in behind:
            items += self._placed(packet, follow=False, lost_s=lost_s)
            self._arrival_s, lost_s = max(packet.arrival_s, self._arrival_s), 0.0
            self._late = []
        return items

    def _least_lost_s(self) -> float:
        return max(LOST_S, 3 * self.period_s)

    def _placed(self, packet: _Packet, *, follow: bool = True, lost_s: float = 0.0) -> list[StreamItem]:
        """Samples and gaps of one packet; what was laid down together it need not follow.

        `lost_s` is the time known to have been lost before it.
        """
        assert self._next_s is not None
        n, period_s = len(packet.values), self.period_s
        expected_s = self._next_s
        first_s = expected_s + period_s * packet.skipped + lost_s
        if follow:
            first_s += self._lost_before(packet.arrival_s, first_s + period_s * (n - 1))
        items = list[StreamItem]()
        if first_s > expected_s:
            self._stats.lost_samples += packet.skipped
            items.append(Gap(expected_s, first_s))
        pull_s = self._pull(n) if follow else 0.0
        step_s = period_s + pull_s / n
        t_s = first_s - period_s + step_s * np.arange(1, n + 1, dtype=np.float64)
        self._next_s = float(t_s[-1]) + self.period_s
        return [*items, block(t_s, packet.values[:, :3], packet.values[:, 3:])]

    def _lost_before(self, arrival_s: float, due_s: float) -> float:
        """Time that must have been lost before a packet whose last sample is due then."""
        if not math.isfinite(arrival_s):
            return 0.0
        arrival_s = self._arrival_s = max(arrival_s, self._arrival_s)
        late_s = arrival_s - due_s
        self._late = [(a, late) for a, late in self._late if a > arrival_s - WINDOW_S] + [(arrival_s, late_s)]
        full = arrival_s - self._late[0][0] > 0.8 * WINDOW_S
        least_s = min(late for _, late in self._late)
        if not (full and least_s > self._least_lost_s()):
            return 0.0
        self._late = [(arrival_s, late_s - least_s)]
        return least_s

    def _pull(self, n: int) -> float:
        """How much to stretch the next n samples, so that the beat stays just under the earliest arrivals."""
        if not self._late:
            return 0.0
        least_s = min(late for _, late in self._late)
        room_s = self.period_s * n
        share = 1.0 if least_s < 0 else min(PULL_PER_S * room_s, 1.0)  # no sample was measured after it came
        pull_s = min(max(share * least_s, -0.5 * room_s), 0.05 * room_s)
        self.period_s *= 1.0 + min(max(LEARN_PER_S2 * room_s * least_s, -0.001), 0.001)
        self._late = [(a, late - pull_s) for a, late in self._late]
        return pull_s

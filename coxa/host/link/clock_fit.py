"""How the sensor's clock runs against the host's, from arrival times that are late by unknown, never negative, amounts.

The line that lies under all points (device time, arrival - device time) and nearest to them on average is the edge of
their lower convex hull over their mean time (Moon, Skelly and Towsley: Estimation and removal of clock skew from
network delay measurements, INFOCOM 1999).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

LEAST_SPAN_S = 20.0
"""Over less time, one late packet bends the line more than a crystal's error."""
LEAP_S = 0.25
"""What comes so much earlier than the line allows was stamped by a clock that has been set forward: all begins anew."""
PLAUSIBLE_DRIFT = 0.01
"""A difference beyond 1 % is no crystal's error: a recording sent faster than it was made, say."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The line under all points."""

    drift_ppm: float
    """By how much the sensor's clock loses against the host's; negative: it gains."""
    mean_late_s: float
    """How much later than on the line packets came, on average: the jitter of the way."""
    worst_late_s: float
    """The same for the latest packet, against the line as it was when that came."""


class ClockFit:
    """Feed it device time and arrival of each packet; memory and time a packet do not grow with the session."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._hull = list[tuple[float, float]]()
        self._n = 0
        self._sum_t = self._sum_d = 0.0
        self._first_s: float | None = None
        self._last_s = 0.0
        self._worst_s = 0.0

    def update(self, device_s: float, arrival_s: float) -> None:
        """One packet: time of its newest sample on the sensor's clock, and its arrival on the host's.

        What does not lie after all before is left out: it says nothing new.
        """
        if self._first_s is None:
            self._first_s = device_s
        elif device_s <= self._last_s:
            return
        t, d = device_s - self._first_s, arrival_s - device_s
        if self._hull and d < self._least(t) - LEAP_S:
            self._reset()
            self._first_s, t = device_s, 0.0
        self._last_s = device_s
        self._n += 1
        self._sum_t += t
        self._sum_d += d
        hull = self._hull
        while len(hull) > 1 and _is_above(hull[-2], hull[-1], (t, d)):
            hull.pop()
        hull.append((t, d))
        drift, at_0 = self._line()
        self._worst_s = max(self._worst_s, d - at_0 - drift * t)

    def fit(self) -> Fit | None:
        """The line so far; None while too little came, or where the two clocks do not belong together."""
        if self._first_s is None or self._last_s - self._first_s < LEAST_SPAN_S:
            return None
        drift, at_0 = self._line()
        if abs(drift) > PLAUSIBLE_DRIFT:
            return None
        mean_s = (self._sum_d - drift * self._sum_t) / self._n - at_0
        return Fit(drift * 1e6, max(mean_s, 0.0), self._worst_s)

    def _least(self, t: float) -> float:
        """The least difference of the clocks that can be expected then."""
        if t < LEAST_SPAN_S:
            return min(d for _, d in self._hull)
        drift, at_0 = self._line()
        return at_0 + drift * t

    def _line(self) -> tuple[float, float]:
        """Slope and value at 0 of the hull's edge over the mean time."""
        mean_t = self._sum_t / self._n
        if len(self._hull) == 1:
            return 0.0, self._hull[0][1]
        right = min(max(bisect_left(self._hull, (mean_t,)), 1), len(self._hull) - 1)
        (t0, d0), (t1, d1) = self._hull[right - 1], self._hull[right]
        slope = (d1 - d0) / (t1 - t0)
        return slope, d0 - slope * t0


def _is_above(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies on or above the line from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) >= (c[1] - a[1]) * (b[0] - a[0])

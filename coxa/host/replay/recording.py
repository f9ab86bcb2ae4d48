"""A recording in memory, and the stream that a sensor would have made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem

GAP_PERIODS = 2.5
"""A step longer than this many sampling periods is a gap. The shared recordings jitter by up to 0.7 periods and a
single lost sample makes a step of 2; one lost notification (3 samples or more) makes a step of 4 or more."""


def median_period_s(t_s: FloatArray) -> float:
    """The sampling period of timestamps (n,), n > 1: the median step, which jitter and gaps do not move."""
    return float(np.median(np.diff(t_s)))


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One recording of one sensor, checked: finite values, strictly increasing time."""

    name: str
    """The file's name without folder and suffixes."""
    samples: SampleBlock
    """All samples, gaps not yet marked."""
    warnings: tuple[str, ...] = ()
    """What is doubtful about it, one line each."""

    @property
    def rate_hz(self) -> float:
        """Sampling rate, from the median step."""
        return 1.0 / median_period_s(self.samples.t_s)

    @property
    def duration_s(self) -> float:
        """From the first sample to the last one."""
        return float(self.samples.t_s[-1] - self.samples.t_s[0])

    def items(self, chunk_s: float = 1.0) -> Iterator[StreamItem]:
        """The samples in blocks of about `chunk_s`, with a `Gap` wherever the steps say so."""
        t_s = self.samples.t_s
        period_s = median_period_s(t_s)
        size = max(round(chunk_s / period_s), 1)
        cuts = [*(np.flatnonzero(np.diff(t_s) > GAP_PERIODS * period_s) + 1).tolist(), len(t_s)]
        start = 0
        for end in cuts:
            if start:
                yield Gap(float(t_s[start - 1]) + period_s, float(t_s[start]))
            for first in range(start, end, size):
                yield self.samples.part(first, min(first + size, end))
            start = end

"""Recordings that are too short for anything to be told from them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from coxa.host.errors import RecordingError
from coxa.host.samples import SampleBlock, StreamItem, usual_step_s

LEAST_S = 1.0
"""Nothing is known before: the sampling period is taken from the first second, and a rest pose needs 0.9 s. Of 1,190
cuts of one second out of sets none gave an event, of 1.5 s the first did. 1 to 1.5."""
ROUNDING_S = 1e-6
"""Files give times to the microsecond."""


def checked_length(path: Path, items: Iterable[StreamItem]) -> list[StreamItem]:
    """The items of a recording in which at least `LEAST_S` were seen, gaps left out.

    Raises:
        RecordingError: it is shorter; silence about it would look like nothing having been done.
    """
    items = list(items)
    blocks = [i for i in items if isinstance(i, SampleBlock) and len(i)]
    samples, seen_s = sum(map(len, blocks)), sum(_lasts_s(b) for b in blocks)
    if seen_s < LEAST_S - ROUNDING_S:
        raise RecordingError(
            f"{path}: too short: found {samples} samples, {seen_s:.2g} s, expected at least {LEAST_S:g} s; record two "
            "seconds of rest and then the whole set"
        )
    return items


def _lasts_s(block: SampleBlock) -> float:
    """Each sample stands for one period; a single one for none."""
    return len(block) * usual_step_s(np.diff(block.t_s)) if len(block) > 1 else 0.0

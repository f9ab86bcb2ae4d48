"""A recording with its truth, and what makes another one of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording and its truth, as it stands in the `.truth.json`."""

    items: list[StreamItem]
    truth: dict[str, Any]

    def blocks(self, change: Callable[[SampleBlock], SampleBlock]) -> Recorded:
        """The same with every block changed."""
        items: list[StreamItem] = [i if isinstance(i, Gap) else change(i) for i in self.items]
        return Recorded([i for i in items if isinstance(i, Gap) or len(i)], self.truth)


Change: TypeAlias = Callable[[Recorded, np.random.Generator], Recorded]


def sets_s(truth: Mapping[str, Any]) -> list[tuple[float, float]]:
    """When each set began and ended."""
    return [(a["start_s"], a["end_s"]) for a in truth.get("activities", []) if a["label"].startswith("set:")]


def interpolated(t_s: FloatArray, from_s: FloatArray, values: FloatArray) -> FloatArray:
    """(n, k) values at `t_s`, (n,) seconds, on the straight lines between those at `from_s`."""
    return np.column_stack([np.interp(t_s, from_s, v) for v in values.T])

"""The soak's own scales."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from tests.helpers import missing
from tools.soak import Notes
from tools.soak_memory import MB, Held, held

OFF_MB = 0.3
"""So much else may come and go meanwhile."""


def live_mb() -> float:
    mb = held().live_mb
    if mb is None:
        missing("no C library here that tells what is alive")
    return mb


def buffer() -> object:
    return pa.allocate_buffer(4_000_000)


@pytest.mark.parametrize("kind", ["small objects", "large objects", "arrow"])
def test_what_is_kept_is_seen_and_what_is_let_go_is_not(kind: str) -> None:
    """Claim: memory that is alive is counted whichever allocator gave it, and no longer than it lives."""
    keep: dict[str, Callable[[], object]] = {
        "small objects": lambda: [k.to_bytes(400) for k in range(10_000)],
        "large objects": lambda: [bytearray(40_000) for _ in range(100)],
        "arrow": buffer,
    }
    live_mb()
    before_mb = live_mb()
    kept = keep[kind]()
    assert live_mb() - before_mb == pytest.approx(4_000_000 / MB, abs=OFF_MB + 0.5 * (kind == "small objects"))
    del kept
    assert live_mb() == pytest.approx(before_mb, abs=OFF_MB)


@pytest.mark.parametrize(
    ("rss_mb", "live_mb", "flat"),
    [
        ([250.0, 260.0], 9.0, False),
        ([250.0, 260.0, 260.0, 260.0], 9.0, False),
        ([250.0, 260.0, 260.0, 260.0, 260.5], 9.0, True),
        ([250.0, 260.0, 260.0, 260.0, 260.5], None, True),
        ([250.0, 260.0, 260.0, 260.0, 261.5], None, False),
    ],
)
def test_a_soak_that_was_too_short_has_not_shown_flat_memory(
    rss_mb: list[float], live_mb: float | None, flat: bool
) -> None:
    """Claim: noted every half hour, memory is judged from two hours on, and never by less than two notes."""
    at_h = [0.5 * (k + 1) for k in range(len(rss_mb))]
    assert Notes(at_h=at_h, memory=[Held(mb, live_mb) for mb in rss_mb]).flat == flat

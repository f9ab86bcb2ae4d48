"""Streams of coxa's own protocol, and what a decoder gives however they are cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from coxa.host.replay.run import larger
from coxa.host.samples import Gap, StreamItem
from coxa.host.wire import Decoder, Description, encode_description, encode_samples
from coxa.host.wire.frames import Samples

DOCUMENT = (Path(__file__).parents[1] / "docs" / "protocol.md").read_text("utf-8")
DESCRIPTION_HEX, ABLE_HEX, ONE_SAMPLE_HEX, END_HEX, GONE_HEX = (
    line.replace(" ", "") for line in DOCUMENT.splitlines() if line.startswith("    c0a1")
)
"""The frames that docs/protocol.md writes out by hand, in its order."""

N = 4
"""Samples in a packet."""


def description(boot_id: int, abilities: int = 0) -> bytes:
    """100 Hz, 8 g, 1000 deg/s."""
    return encode_description(Description(boot_id, 100.0, 8, 1000, N, 60, "SIM00001", (1, 0, 0), abilities))


def packet(sequence: int) -> bytes:
    """Every count of every packet is different, so that a sample tells where it comes from."""
    counts = (sequence * N * 6 + np.arange(N * 6, dtype=np.int16)).astype(np.int16).reshape(N, 6)
    return encode_samples(Samples(sequence, sequence * N * 10_000, (N - 1) * 10_000, counts))


def fed(decoder: Decoder, data: bytes, sizes: list[int]) -> list[StreamItem]:
    """Everything that bytes give when they come in pieces of these sizes."""
    items, at, turn = list[StreamItem](), 0, 0
    while at < len(data):
        end = at + sizes[turn % len(sizes)]
        items += decoder.feed(data[at:end])
        at, turn = end, turn + 1
    return items


def plain(items: list[StreamItem]) -> list[object]:
    """Items as values that compare, bit for bit, however they were cut into blocks."""
    return [
        i if isinstance(i, Gap) else (i.t_s.tobytes(), i.accel_mps2.tobytes(), i.gyro_radps.tobytes())
        for i in larger(items)
    ]


SIZES = st.lists(st.integers(1, 120), min_size=1, max_size=12)

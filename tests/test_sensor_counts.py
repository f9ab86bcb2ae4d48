"""The same leg raises, told by every sensor's protocol, count the same: units, signs and times are right together."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from coxa.host.events import RepCompleted
from coxa.host.replay.run import track
from coxa.host.samples import StreamItem
from coxa.host.sensors.registry import driver
from tests.helpers import decoded, scenario
from tests.helpers_raises import EXERCISE, TOLD


@pytest.mark.parametrize("name", list(TOLD))
def test_every_protocol_tells_the_same_raises(name: str) -> None:
    """Six raises, late by up to 40 ms each packet: the same six, peaks and ranges as from coxa's own sensor."""
    chosen, chance = driver(name), random.Random(5)
    decoder, items = chosen.decoder(chosen.settings()), list[StreamItem]()
    stream = chosen.subscribe()[0 if name == "dot" else -1]
    for t_s, data in TOLD[name]():
        items += decoder.feed(stream, data, 10.0 + t_s + chance.uniform(0.004, 0.04))
    items += decoder.finish()
    stats = decoder.stats
    assert (stats.garbage_bytes, stats.truncated, stats.bad_frames, stats.gaps) == (0, 0, 0, 0)
    assert stats.unpaired <= 3  # the first of two streams begins a little before the other
    got = [e for e in track(items, EXERCISE) if isinstance(e, RepCompleted)]
    want = [e for e in track(decoded(scenario(EXERCISE, 3)), EXERCISE) if isinstance(e, RepCompleted)]
    assert len(got) == len(want) == 6
    shift_s = [a.peak_s - b.peak_s for a, b in zip(got, want, strict=True)]
    assert np.ptp(shift_s) < 0.12
    assert all(math.isclose(a.rom_deg, b.rom_deg, abs_tol=2.0) for a, b in zip(got, want, strict=True))

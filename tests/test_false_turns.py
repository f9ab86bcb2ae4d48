"""Rates that are wrong but no more than a leg's may be: gravity tells them, and nothing else is taken for them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from coxa.host.motion.false_turns import FalseTurns
from coxa.host.replay.csv_file import read_csv
from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem
from tests.helpers import cut, joined, tilted

RAISES = [
    (0.0, 0.0),
    (2.0, 0.0),
    (3.0, 40.0),
    (4.0, 40.0),
    (5.0, 0.0),
    (7.0, 0.0),
    (8.0, 50.0),
    (9.0, 0.0),
    (10.0, 0.0),
]
WRONG = (20, 60, 110, 180, 225)


def mended(items: Sequence[StreamItem]) -> tuple[list[StreamItem], int]:
    turns = FalseTurns()
    return [out for item in items for out in turns.update(item)] + turns.finish(), turns.spikes


def with_rates(block: SampleBlock, at: Sequence[int], axis: int, radps: float) -> SampleBlock:
    gyro = block.gyro_radps.copy()
    gyro[list(at), axis] += radps
    return SampleBlock(block.t_s, block.accel_mps2, gyro)


def turned_by(block: SampleBlock) -> FloatArray:
    """(n, 3) what the rates add up to, rad."""
    return np.cumsum(block.gyro_radps, axis=0) / 25.0


@pytest.mark.parametrize("radps", [2.5, -6.0, 10.0])
@pytest.mark.parametrize("axis", [0, 1])
def test_single_false_rates_are_put_right(axis: int, radps: float) -> None:
    """At rest and on the way, up to what the limits of a leg let through: nothing is turned by more than 2 degrees."""
    sound = tilted(RAISES, 25.0)
    out, spikes = mended([with_rates(sound, WRONG, axis, radps)])
    assert spikes == len(WRONG)
    assert np.degrees(np.abs(turned_by(joined(out)) - turned_by(sound))).max() < 2.0


def test_what_gravity_does_not_see_or_confirms_stays() -> None:
    """A turn about the vertical turns no gravity, a real one turns it: both are left, as the same block."""
    sound = tilted(RAISES, 25.0)
    twisted = with_rates(sound.part(0, 40), [20], 2, 6.0)
    angle = np.radians(np.where(np.arange(100) < 50, 0.0, 10.0))
    accel = 9.80665 * np.column_stack([np.sin(angle), np.zeros(100), np.cos(angle)])
    gyro = np.zeros((100, 3))
    gyro[50, 1] = -np.radians(10.0) * 25.0
    for block in (sound, twisted, SampleBlock(np.arange(100) / 25.0, accel, gyro)):
        out, spikes = mended([block])
        assert spikes == 0
        assert out[0] is block


@pytest.mark.parametrize("seed", range(4))
def test_cuts_change_nothing(seed: int) -> None:
    """Wherever blocks are cut, the same samples come out, all of them; a gap gives what waits."""
    wrong = with_rates(tilted(RAISES, 25.0), [*WRONG, 249], 0, 4.0)
    parts: list[StreamItem] = [wrong.part(0, 111), Gap(4.44, 5.0), wrong.part(125, len(wrong))]
    whole, spikes = mended(parts)
    draws = random.Random(seed)
    pieces, again = mended(list(cut(parts, lambda: draws.randint(1, 7))))
    assert spikes == again > 3
    a, b = joined(whole), joined(pieces)
    assert len(a) == 111 + len(wrong) - 125
    np.testing.assert_array_equal(a.gyro_radps, b.gyro_radps)
    np.testing.assert_array_equal(a.t_s, b.t_s)


def test_no_rate_of_a_real_leg_is_taken_for_false(recordings: Path) -> None:
    """Raises, lunges and walking at every rate that a sensor may have."""
    files = sorted((recordings / "real").glob("*.csv"))
    assert files
    for file in files:
        whole = joined(read_csv(file))
        for step in (1, 2, 3, 4):
            kept = slice(None, None, step)
            if step * float(np.median(np.diff(whole.t_s))) < 0.05:
                part = SampleBlock(whole.t_s[kept], whole.accel_mps2[kept], whole.gyro_radps[kept])
                assert mended([part])[1] == 0, f"{file.name}, every {step}"

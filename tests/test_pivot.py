"""Which way a thigh hangs, from how its swing speeds the sensor up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from coxa.host.detect.body.pivot import Pivot
from coxa.host.detect.still import Tick
from coxa.host.motion.tangent import Vector
from coxa.host.motion.ticks import TICK_S
from coxa.host.samples import FloatArray
from coxa.host.snapshot import taken

LEVER_M = 0.28
HANGING, LYING, ROLLING = 0.0, 90.0, -1.0


def swung(rest_deg: float, sweep_deg: float, seed: int, *, error_mps2: float = 0.0) -> tuple[list[Tick], Vector]:
    """Three raises by `sweep_deg` of a thigh that rests so far from hanging, and up at rest, of a sensor worn anyhow.

    Rolling, the thigh lies and turns about its own axis. The accelerometer is off by `error_mps2`.
    """
    rng = np.random.default_rng(seed)
    worn = Rotation.random(random_state=seed)
    t_s = np.arange(0.0, 9.0, TICK_S)
    angle = np.radians(sweep_deg) * np.sin(np.pi * t_s / 3.0) ** 4
    tilt = np.zeros_like(t_s) if rest_deg == ROLLING else np.radians(rest_deg) + angle
    # thigh frame: z to the hip, y out of its front; hanging, up is z
    up = np.column_stack([np.zeros_like(t_s), np.sin(tilt), np.cos(tilt)])
    if rest_deg == ROLLING:
        up = np.column_stack([np.sin(angle), np.cos(angle), np.zeros_like(t_s)])
    height_m = -LEVER_M * up[:, 2]
    off = worn.apply(rng.normal(size=3))
    rise: FloatArray = np.gradient(np.gradient(height_m, TICK_S), TICK_S) + rng.normal(0.0, 0.05, len(t_s))
    felt = worn.apply(up)
    rise = rise + error_mps2 * felt @ (off / np.linalg.norm(off))
    ups: list[Vector] = [(float(x), float(y), float(z)) for x, y, z in np.asarray(felt, dtype=np.float64)]
    ticks = [Tick(float(t_s[k]), ups[k], 30.0, 0.1, float(rise[k])) for k in range(len(ups))]
    return ticks, ticks[0].up


def stands(ticks: list[Tick], rest: Vector) -> bool | None:
    """What is told of them all."""
    pivot = Pivot()
    pivot.add(ticks)
    return pivot.stands(rest)


@settings(deadline=None)
@given(seed=st.integers(0, 10**6), sweep_deg=st.floats(45.0, 80.0), error_mps2=st.floats(-0.4, 0.4))
def test_a_raise_from_standing_shows_that_it_stands(seed: int, sweep_deg: float, error_mps2: float) -> None:
    """However the sensor is worn, and with an accelerometer that is off by 0.4 m/s2."""
    assert stands(*swung(HANGING, sweep_deg, seed, error_mps2=error_mps2))


@settings(deadline=None)
@given(
    seed=st.integers(0, 10**6),
    rest_deg=st.sampled_from([LYING, 60.0, 120.0, 140.0, ROLLING]),
    sweep_deg=st.floats(12.0, 60.0),
    error_mps2=st.floats(-0.4, 0.4),
)
def test_nobody_lying_is_told_to_stand(seed: int, rest_deg: float, sweep_deg: float, error_mps2: float) -> None:
    """Neither raises from the mat, nor bent legs that are raised or let down, nor rolling over."""
    assert not stands(*swung(rest_deg, sweep_deg, seed, error_mps2=error_mps2))


@pytest.mark.parametrize("lost", [10, 60, 120])
def test_what_is_missing_is_left_out(lost: int) -> None:
    """Samples that were lost, even at the top, are no movement: the rest of the raise tells the same."""
    ticks, rest = swung(HANGING, 60.0, 1)
    pivot = Pivot()
    pivot.add(ticks[:30])
    pivot.gap()
    pivot.add(ticks[30 + lost :])
    assert pivot.stands(rest)


def test_hours_of_rest_cost_no_memory() -> None:
    """However long nothing is asked, and however often samples are missing, no more is kept than is looked at."""
    pivot, rest = Pivot(), (0.0, 0.0, 1.0)
    for k in range(5_000):
        pivot.add([Tick(k * TICK_S, rest, 0.0, 0.0, 0.0)])
        if k % 7 == 0:
            pivot.gap()
    assert len(taken(pivot)) < 100_000
    pivot.add([Tick(200.0 + k * TICK_S, rest, 0.0, 0.0, 0.0) for k in range(20_000)])
    assert len(taken(pivot)) < 100_000


def test_nothing_is_known_of_a_thigh_that_rests() -> None:
    """No movement, no lever."""
    assert not stands(*swung(HANGING, 0.0, 3))
    assert not Pivot().stands((0.0, 0.0, 1.0))


def test_a_raise_from_the_mat_shows_that_it_lies() -> None:
    """The lever lies across up: that is more than not to know."""
    ticks, rest = swung(LYING, 50.0, 1)
    pivot = Pivot()
    pivot.add(ticks)
    assert pivot.stands(rest) is False
    assert pivot.comes_near(rest, 1.0)
    assert not pivot.comes_near((-rest[0], -rest[1], -rest[2]), 90.0)


@pytest.mark.parametrize(("top_s", "stays"), [(0.4, False), (1.2, False), (1.9, True), (4.0, True)])
def test_a_stay_far_out_is_told_from_the_top_of_a_raise(top_s: float, stays: bool) -> None:
    """Who gets up from a chair stays there; several raises with short tops do not add up to a stay."""
    once = [0.0] * 10 + [80.0] * round(top_s / TICK_S + 1) + [0.0] * 10
    tilts = np.radians([*once, *once])
    pivot = Pivot()
    pivot.add([Tick(k * TICK_S, (float(np.sin(a)), 0.0, float(np.cos(a))), 0.0, 0.0, 0.0) for k, a in enumerate(tilts)])
    assert pivot.stays_beyond((0.0, 0.0, 1.0), 65.0, 1.5) is stays


@pytest.mark.parametrize("seed", [0, 2, 3, 6])
def test_what_a_swing_does_not_tell_beside_its_plane_speaks_for_no_lying_leg(seed: int) -> None:
    """One quick raise of a standing leg that hardly leaves its plane, with so much noise that 0.6 m seem to be so."""
    t_s = np.arange(0.0, 3.0, TICK_S)
    share = np.clip((t_s - 0.8) / 1.4, 0.0, 1.0)
    out, beside = np.radians(70.0) * np.sin(np.pi * share) ** 2, np.radians(2.0) * np.sin(2.0 * np.pi * share)
    up = np.column_stack([np.sin(beside), np.sin(out) * np.cos(beside), np.cos(out) * np.cos(beside)])
    noise = np.random.default_rng(seed).normal(0.0, 0.6, len(t_s))
    rise = np.gradient(np.gradient(-0.2 * up[:, 2], TICK_S), TICK_S) + noise
    ups: list[Vector] = [(float(x), float(y), float(z)) for x, y, z in up]
    ticks = [Tick(float(t), u, 30.0, 0.1, float(r)) for t, u, r in zip(t_s, ups, rise, strict=True)]
    assert stands(ticks, ups[0])


@pytest.mark.parametrize("seed", [0, 1])
def test_slow_raises_with_rests_between_tell_together_what_none_tells(seed: int) -> None:
    """Claim: three small, slow raises of a standing leg, one in 10 s, show that it stands; the newest 16 s do not."""
    t_s = np.arange(0.0, 30.0, TICK_S)
    share = np.clip(np.mod(t_s, 10.0) / 4.5, 0.0, 1.0)
    tilt = np.radians(21.0) * np.sin(np.pi * share) ** 2
    noise = np.random.default_rng(seed).normal(0.0, 0.015, len(t_s))
    rise = np.gradient(np.gradient(-LEVER_M * np.cos(tilt), TICK_S), TICK_S) + noise
    rates = np.abs(np.degrees(np.gradient(tilt, TICK_S)))
    every = zip(t_s.tolist(), tilt.tolist(), rates.tolist(), rise.tolist(), strict=True)
    ticks = [Tick(t, (0.0, float(np.sin(a)), float(np.cos(a))), dps, 0.1, r) for t, a, dps, r in every]
    assert not stands(ticks[-round(16.0 / TICK_S) :], ticks[0].up)
    assert stands(ticks, ticks[0].up)

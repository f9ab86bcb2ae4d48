"""When a repetition begins and ends, how long its parts take, how smooth it is: against movements that are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.analysis.score_match import Window, match
from coxa.analysis.score_recording import counts_of
from coxa.analysis.score_truth import read_truth
from coxa.host.detect.circles.circle_path import mean_radius_deg
from coxa.host.detect.trips.rep_quality import spectral_arc_length
from coxa.host.events import HoldEnded, RepCompleted
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, SampleBlock

HZ = 100.0
TENTH = 0.2466
"""Share of the time after which a stroke of least jerk has done a tenth of its way."""


def least_jerk(x: FloatArray) -> FloatArray:
    """(n,) share of the way at share `x` of the time (Flash and Hogan 1985)."""
    x = np.clip(x, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)


def raised(seconds: tuple[float, float, float], rom_deg: float, reps: int) -> tuple[SampleBlock, list[float]]:
    """Standing raises with these times up, at the top and down, 2 s of rest between them; and when each begins."""
    up_s, top_s, down_s = seconds
    each_s = up_s + top_s + down_s + 2.0
    t_s = np.arange(0.0, 4.0 + reps * each_s + 3.0, 1.0 / HZ)
    begins = [4.0 + k * each_s for k in range(reps)]
    share = sum(
        (least_jerk((t_s - b) / up_s) - least_jerk((t_s - b - up_s - top_s) / down_s) for b in begins),
        np.zeros(len(t_s)),
    )
    angle = np.radians(rom_deg) * share
    rate, zero = np.gradient(angle, t_s), np.zeros(len(t_s))
    turn, swing = np.gradient(rate, t_s), 0.3  # a sensor 0.3 m below a resting hip
    along = STANDARD_GRAVITY_MPS2 * np.cos(angle) + swing * rate**2
    across = STANDARD_GRAVITY_MPS2 * np.sin(angle) + swing * turn
    return SampleBlock(t_s, np.stack([along, across, zero], 1), np.stack([zero, zero, -rate], 1)), begins


@settings(max_examples=12)
@given(st.floats(0.9, 2.0), st.floats(0.3, 3.0), st.floats(0.9, 2.0), st.floats(25.0, 60.0))
def test_a_known_raise_is_timed(up_s: float, top_s: float, down_s: float, rom_deg: float) -> None:
    """Its parts run from a tenth of the way to nine tenths and back: within 0.12 s of where they truly are."""
    block, begins = raised((up_s, top_s, down_s), rom_deg, 4)
    reps = [e for e in track([block], "leg_raise") if isinstance(e, RepCompleted)]
    assert len(reps) == len(begins)
    for rep, begin in zip(reps, begins, strict=True):
        times = rep.start_s, rep.start_s + rep.up_s, rep.end_s - rep.down_s, rep.end_s  # pyright: ignore[reportOperatorIssue, reportOptionalOperand]
        down = begin + up_s + top_s
        true = begin + TENTH * up_s, begin + (1 - TENTH) * up_s, down + TENTH * down_s, down + (1 - TENTH) * down_s
        assert np.abs(np.array(times) - true).max() < 0.12
        assert begin + (1 - TENTH) * up_s <= rep.peak_s <= down + TENTH * down_s
        assert rep.rom_deg == pytest.approx(rom_deg, abs=1.0)
        assert rep.smoothness == pytest.approx(-1.5, abs=0.25)


@pytest.mark.parametrize(
    ("name", "late_s"),
    [("leg_raise_2", 0.15), ("lateral_leg_raise_3", 0.15), ("lunge_1", 0.15), ("hip_bridge_4", 0.2)],
)
def test_boundaries_are_those_of_the_recordings(recordings: Path, name: str, late_s: float) -> None:
    """Start and end lie within 0.15 s of the truth of simulated sessions (bridges 0.2 s), the parts of it as well."""
    path = recordings / "kinematic" / f"{name}.csv.gz"
    truth = read_truth(path.with_name(f"{name}.truth.json"))
    tops = [
        (r["top_start_s"], r["top_end_s"]) for r in json.loads(path.with_name(f"{name}.truth.json").read_text())["reps"]
    ]
    counts = counts_of(track(read_csv(path), truth.exercise), truth.exercise)
    found = match([c.peak_s for c in counts], [Window(r.found_from_s, r.found_to_s, r.duty) for r in truth.reps]).found
    assert len(found) > 4
    off = list[tuple[float, ...]]()
    for count, at in found:
        rep, true, (first_s, last_s) = counts[count].event, truth.reps[at], tops[at]
        assert not isinstance(rep, HoldEnded)
        assert rep.up_s is not None
        assert rep.down_s is not None
        off.append((
            rep.start_s - true.start_s, rep.end_s - true.end_s,
            rep.up_s - (first_s - true.start_s), rep.down_s - (true.end_s - last_s),
        ))  # fmt: skip
    assert np.abs(np.median(off, axis=0)).max() < 0.1
    assert np.percentile(np.abs(off), 90, axis=0).max() < late_s


def published(speed: FloatArray, hz: float) -> float:
    """SPARC as Balasubramanian et al. 2015 write it: the integral over frequency up to the adaptive cutoff."""
    size = 2 ** (int(np.ceil(np.log2(len(speed)))) + 4)
    k, n = np.arange(int(10.0 * size / hz) + 1), np.arange(len(speed))
    amplitude = np.abs(np.exp(-2j * np.pi * np.outer(k, n) / size) @ speed)
    amplitude /= amplitude.max()
    omega = 2 * np.pi * hz * k / size
    most = omega[amplitude >= 0.05].max()
    inside = omega <= most
    slope = np.diff(amplitude[inside]) / np.diff(omega[inside])
    return -float(np.sum(np.sqrt((1.0 / most) ** 2 + slope**2) * np.diff(omega[inside])))


@settings(max_examples=10)
@given(st.floats(0.5, 4.0), st.sampled_from([25.0, 50.0]), st.floats(0.0, 0.4))
def test_smoothness_is_the_published_figure(seconds: float, hz: float, shake: float) -> None:
    """The arc of a stroke with a tremor equals the paper's integral; of one of least jerk it is -1.41 at any tempo."""
    t = np.arange(0.0, seconds, 1.0 / hz) / seconds
    calm = 30.0 * t**2 * (1.0 - t) ** 2
    speed = calm * (1.0 + shake * np.sin(2 * np.pi * 3.0 * t * seconds))
    assert spectral_arc_length(speed, 1.0 / hz) == pytest.approx(published(speed, hz), abs=1e-6)
    assert spectral_arc_length(calm, 1.0 / hz) == pytest.approx(-1.41, abs=0.02)


@settings(max_examples=40)
@given(st.floats(0.0, 360.0), st.floats(0.3, 1.0), st.floats(2.0, 14.0), st.booleans())
def test_the_mean_radius_turns_with_the_path(turn_deg: float, thin: float, size_deg: float, back: bool) -> None:
    """A path turned in its plane, moved, or gone the other way round has the same radius; a circle's is its own."""
    phase = np.linspace(0.0, 1.8 * np.pi, 60) ** 1.3 / (1.8 * np.pi) ** 0.3
    x, y = size_deg * np.cos(phase) + 0.3 * size_deg * np.cos(2 * phase), thin * size_deg * np.sin(phase)
    turn = np.radians(turn_deg)
    u, v = x * np.cos(turn) - y * np.sin(turn) + 3.0, x * np.sin(turn) + y * np.cos(turn) - 1.0

    def radius(a: FloatArray, b: FloatArray) -> float:
        path = [(0.04 * k, float(p), float(q)) for k, (p, q) in enumerate(zip(a, b, strict=True))]
        return mean_radius_deg(path[::-1] if back else path)

    assert radius(u, v) == pytest.approx(radius(x, y), rel=1e-9)
    whole = np.linspace(0.0, 2 * np.pi, 80, endpoint=False)
    assert radius(size_deg * np.cos(whole + turn), size_deg * np.sin(whole + turn)) == pytest.approx(size_deg, rel=1e-3)

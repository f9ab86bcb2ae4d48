"""Tuning values live in one visible place, each with its meaning, a sane range, and what justifies it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from coxa.host.detect.body.axes import AxesParams
from tools.tuning_values import HOST, MODULES, Value, all_values, seen_as, told_together

NO_TUNING = {
    "TICK_HZ", "TICK_S",  # the beat that all detectors are made for
    "SECOND", "SMOOTH", "TWICE_DEG",  # mathematics
    "BAND_HZ", "AMPLITUDE_SHARE",  # part of how smoothness is defined
    "_GAP_S", "PARTS",  # of the beat, and mathematics
    "TILT_SD_DEG", "BY_GRAVITY_SD_DEG",  # errors that were measured
    "ACCEL_RANGES_G", "GYRO_RANGES_DPS",  # of the sensors that there are
    "LIFTS", "LEAST_REPS",  # what is asked of people
    "DIGITS", "NO_RESTS",
}  # fmt: skip
"""Constants in capitals that nobody would tune."""
DERIVED = {
    "CircleParams.max_lost_share": "what WayParams.measured_share leaves",
    "GyroParams.step_s": "of gravity_step",
    "GyroParams.quiet_mps2": "of gravity_step",
    "NoiseParams.still_mps2": "of OrientationParams",
    "NoiseParams.still_radps": "of OrientationParams",
    "PostureParams.stood_deg": "of STOOD_DEG, which has a range",
    "PostureParams.stood_s": "of STOOD_S, which has a range",
    "StreamParams.constant": "the last bit of a number",
    "StreamParams.quiet_mps2": "of gravity_step",
    "StreamParams.step_s": "of gravity_step",
    "StreamParams.stretches": "a bound of memory: 40 minutes",
    "TeachParams.return_share": "of the library's raises",
    "TeachParams.set_share": "of the library's raises",
    "TeachParams.standing_deg": "of the library's start poses",
    "TopParams.stood_deg": "of STOOD_DEG, which has a range",
    "TopParams.stood_s": "of STOOD_S, which has a range",
    "TraceParams.end_share": "how the recordings' truth defines the end",
}
"""Values that are taken from somewhere, where their range is."""
MOST = 25
"""More values than this in one place are not read any more."""


def params() -> Iterator[tuple[str, ast.ClassDef]]:
    """Every dataclass of tuning values, with its file."""
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Params"):
                yield path.relative_to(HOST).as_posix(), node


ALL = list(params())


@pytest.mark.parametrize(("path", "node"), ALL, ids=[node.name for _, node in ALL])
def test_each_value_says_what_it_means(path: str, node: ast.ClassDef) -> None:
    """A value, or a few that make one rule, has the rule below it; no more of them stand together than are read."""
    told = list(told_together(node))
    assert [names for names, text in told if len(text.split()) < 3] == [], path
    assert sum(len(names) for names, _ in told) <= MOST


def test_each_value_names_its_range() -> None:
    """How far it may move, as `tools/tuning_ranges` or a test finds it, unless its source has the range."""
    without = {f"{v.owner.__name__}.{v.field}" for v in all_values() if not v.has_range}
    assert without == set(DERIVED)


@pytest.mark.parametrize(
    ("told", "ranged"),
    [
        ("Length of the look-back, 0.4 to 1 s.", True),
        ("So many must be alike. 3 to 4; with 2 a real block is lost.", True),
        ("Cosine of 6 degrees: so far off it has lost its way. Of 4 to 10 degrees.", True),
        ("At rest no accelerometer is this far from 1 g. Not below 3.", True),
        ("Slow walking of the kinematic recordings: 74 to 148 (`walk_*`).", False),
        ("The sensor rises by 0.06 to 0.13 m.", False),
    ],
)
def test_a_range_is_no_measurement(told: str, ranged: bool) -> None:
    """A range begins a sentence or ends one after a comma; what was measured stands in the middle."""
    assert Value(AxesParams, "kept", None, 6, told).has_range == ranged


def test_a_value_is_replaced_for_a_trial() -> None:
    """Objects made before and after show another number, one of two numbers too, and the default again afterwards."""
    (value,) = (v for v in all_values() if v.name == "AxesParams.beside_deg[1]")
    before, shown = AxesParams(), value.with_number(70.0)
    with seen_as(AxesParams, "beside_deg", lambda: shown):
        assert (before.beside_deg, AxesParams().beside_deg) == ((40.0, 70.0), (40.0, 70.0))
    assert (before.beside_deg, AxesParams().beside_deg) == ((40.0, 65.0), (40.0, 65.0))


def test_no_value_is_hidden_in_a_module() -> None:
    """What somebody might tune stands in a dataclass: a constant in capitals is none, or the default of two values."""
    hidden = list[tuple[str, str]]()
    for path in MODULES:
        text = path.read_text("utf-8")
        for node in ast.parse(text).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            names = [t.id for t in ast.walk(target) if isinstance(t, ast.Name)] if isinstance(target, ast.AST) else []
            numbers = [n for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, int | float)]
            hidden += [(path.name, n) for n in names if n.isupper() and numbers and n not in NO_TUNING]
    fields = " ".join((HOST / path).read_text("utf-8") for path, _ in ALL)
    assert [(name, n) for name, n in hidden if not re.search(rf"^    \w+: float = {n}$", fields, re.M)] == []

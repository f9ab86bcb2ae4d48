"""Tuning values live in one visible place, each with its meaning."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import coxa.host

HOST = Path(coxa.host.__file__).parent
MODULES = [*sorted((HOST / "detect").rglob("*.py")), *sorted((HOST / "motion").glob("*.py")), HOST / "tracker.py"]
NO_TUNING = {
    "TICK_HZ", "TICK_S",  # the beat that all detectors are made for
    "SECOND", "SMOOTH", "TWICE_DEG",  # mathematics
    "BAND_HZ", "AMPLITUDE_SHARE",  # part of how smoothness is defined
    "TILT_SD_DEG", "BY_GRAVITY_SD_DEG",  # errors that were measured
    "ACCEL_RANGES_G", "GYRO_RANGES_DPS",  # of the sensors that there are
    "DIGITS", "NO_RESTS",
}  # fmt: skip
"""Constants in capitals that nobody would tune."""
MOST = 25
"""More values than this in one place are not read any more."""


def params() -> Iterator[tuple[str, ast.ClassDef]]:
    """Every dataclass of tuning values, with its file."""
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Params"):
                yield path.relative_to(HOST).as_posix(), node


def values(node: ast.ClassDef) -> Iterator[tuple[list[str], str]]:
    """The values of one, as they are told about together, and what is told."""
    names = list[str]()
    for part in node.body[1:]:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            names.append(part.target.id)
        elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and names:
            yield names, str(part.value.value)
            names = []
    if names:
        yield names, ""


ALL = list(params())


@pytest.mark.parametrize(("path", "node"), ALL, ids=[node.name for _, node in ALL])
def test_each_value_says_what_it_means(path: str, node: ast.ClassDef) -> None:
    """A value, or a few that make one rule, has the rule below it; no more of them stand together than are read."""
    told = list(values(node))
    assert [names for names, text in told if len(text.split()) < 3] == [], path
    assert sum(len(names) for names, _ in told) <= MOST


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

"""Why something did not count: one list, whose words reach logs, tables, the voice and the handbook unchanged."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from coxa.host import reasons
from coxa.host.events import HoldBreak, HoldEnded, RepRejected, TrackingLost, from_json, to_json
from coxa.host.reasons import BREAKS, REJECTIONS, Reason, Tracking

ROOT = Path(reasons.__file__).parents[2]


def meanings() -> Iterator[tuple[str, str]]:
    """The members of both lists, each with the line below it."""
    classes = [n for n in ast.parse(Path(reasons.__file__).read_text("utf-8")).body if isinstance(n, ast.ClassDef)]
    for body in (c.body[1:] for c in classes):
        for member, line in zip(body[::2], body[1::2], strict=True):
            assert isinstance(member, ast.Assign)
            assert isinstance(line, ast.Expr)
            assert isinstance(member.targets[0], ast.Name)
            assert isinstance(line.value, ast.Constant)
            yield member.targets[0].id, str(line.value.value)


def test_each_reason_has_a_meaning_in_one_line() -> None:
    """Whoever finds a reason in a table can look up what it says of the person or the sensor."""
    told = dict(meanings())
    assert set(told) == {r.name for r in (*Reason, *Tracking)}
    assert all(line.endswith(".") and "\n" not in line for line in told.values())


@pytest.mark.parametrize("reason", Reason)
def test_the_handbook_has_each_reason(reason: Reason) -> None:
    """Its table gives every reason with its meaning, and what is said of it."""
    row = f"| {reason} | {dict(meanings())[reason.name]} | "
    assert any(line.startswith(row) for line in (ROOT / "docs/voice.md").read_text("utf-8").splitlines())


def test_each_reason_is_of_a_movement_or_of_a_hold() -> None:
    """No reason is left over that nothing gives."""
    assert {*REJECTIONS, *BREAKS} == set(Reason)


def test_a_reason_is_written_as_its_words() -> None:
    """Log and tables hold plain texts, and an event that is read back equals the one that was written."""
    rejected = RepRejected("lunge", None, 1.0, 2.0, Reason.TOO_SMALL, 18.0, 25.0, "deg", 2.0)
    assert '"reason":"too small"' in to_json(rejected).replace(": ", ":")
    broken = (HoldBreak(1.0, 2.0, Reason.LEFT_BAND),)
    held = HoldEnded("hip_bridge", None, 0.0, 9.0, 8.0, 8.0, 30.0, True, 9.0, broken)
    for event in (rejected, held, TrackingLost(1.0, Tracking.NO_SAMPLES, 2.0)):
        assert from_json(to_json(event)) == event
    assert pa.array(list(Reason), pa.string()).to_pylist() == [r.value for r in Reason]


def test_the_core_writes_no_reason_by_hand() -> None:
    """Who adds a reason adds it to the list: nowhere else in the core does one stand as a text."""
    words, core = {str(r) for r in (*Reason, *Tracking)}, ROOT / "coxa/host"
    files = [*(core / "detect").rglob("*.py"), *(core / "cues").rglob("*.py"), core / "tracker.py"]
    nodes = ((file.name, node) for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    assert [(name, n.value) for name, n in nodes if isinstance(n, ast.Constant) and n.value in words] == []

"""What docs/data.md says of truth, tables and the log is so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from coxa.analysis.load import load
from coxa.analysis.score_truth import parse_truth
from coxa.host.log.header import FILES
from coxa.host.replay.csv_file import COLUMNS
from tests.helpers_recorded import write

DOC = (Path(__file__).parents[1] / "docs" / "data.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The page's examples in that language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", DOC, re.DOTALL)


def test_the_examples_of_truth_say_what_they_are_said_to() -> None:
    """The least for repetitions, for holds and for nothing at all."""
    raises, held, nothing = (parse_truth(json.loads(text)) for text in blocks("json"))
    assert [len(raises.reps), len(held.reps), len(held.holds)] == [1, 1, 1]
    assert nothing.negative


@pytest.mark.parametrize("frame", ["sessions", "sets", "reps", "holds"])
def test_every_column_is_named_and_no_other(frame: str, tmp_path: Path) -> None:
    """In the order of the frame that `load` gives."""
    write(tmp_path)
    (row,) = re.findall(rf"^\| `{frame}` \|[^|]*\|(.*)\|$", DOC, re.MULTILINE)
    assert re.findall(r"`(\w+)`", row) == list(getattr(load(str(tmp_path)), frame).columns)


def test_the_code_of_the_page_runs(tmp_path: Path) -> None:
    """Copied as it stands, with the log's place put in."""
    write(tmp_path)
    for code in blocks("python"):
        names: dict[str, Any] = {"LOG": str(tmp_path)}
        exec(compile(code, "docs/data.md", "exec"), names)
        assert "session_id" in (names["counted"] if "counted" in names else names["reps"]).columns


def test_every_file_of_a_session_and_every_column_of_a_recording_is_named() -> None:
    """As they are called on disk."""
    assert ",".join(COLUMNS) in DOC
    assert all(re.search(rf"^ +{re.escape(name)} ", DOC, re.MULTILINE) for name in FILES)

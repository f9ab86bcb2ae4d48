"""The tour of the docs runs from its first cell to its last, on a log made for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.helpers_recorded import write
from tools.make_tour import PLACE, notebook
from tools.simulated_year import write_year


def test_the_notebook_is_what_its_script_makes() -> None:
    """Nobody edited it by hand, and it holds no outputs."""
    assert nbformat.reads(PLACE.read_text("utf-8"), 4) == notebook()


def test_the_tour_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell runs: two pictures, a sentence for each exercise and side, tables with numbers in them."""
    write_year(tmp_path, seed=1, weeks=12)
    write(tmp_path)
    monkeypatch.setenv("COXA_LOG", str(tmp_path))
    told = NotebookClient(nbformat.read(PLACE, 4), timeout=120, resources={"metadata": {"path": PLACE.parents[1]}})
    outputs: list[Any] = [o for cell in told.execute().cells for o in cell.get("outputs", [])]
    assert sum("image/png" in o.get("data", {}) for o in outputs) == 2
    text = "".join(o["text"] for o in outputs if o["output_type"] == "stream")
    assert "Side-lying leg raise, left" in text
    assert sum("text/html" in o.get("data", {}) for o in outputs) == 2

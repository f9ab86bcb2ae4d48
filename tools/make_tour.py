"""Writes docs/tour.ipynb: `python -m tools.make_tour`. Without outputs, so that no machine's paths are in it."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PLACE = Path(__file__).parents[1] / "docs" / "tour.ipynb"

CELLS = (
    """# What the log tells: a tour

Every session that coxa records stays on your disk, in plain Parquet and JSON. This notebook reads it with pandas.
No sensor yet? `python -m tools.simulated_year year` writes a simulated year, and `coxa demo --log year` adds a session
with samples; then start this notebook with `COXA_LOG=$PWD/year`.""",
    """%matplotlib inline
import os
log = os.environ.get("COXA_LOG")  # a folder, or any URL, as s3://bucket/log; None: your own log""",
    """## Five lines to the first plot""",
    """from coxa.analysis.load import load
from coxa.analysis.plots.trend import trend_figure
from coxa.analysis.trends import session_table, trends
frames = load(log)
trend_figure(trends(session_table(frames), "lateral_leg_raise"))""",
    """![One exercise over a year, both sides](pictures/trend.png)

Each point is a session. The line is called a change only if it is more than your own measurements vary by.""",
    """from coxa.analysis.trend_words import sentence
for trend in trends(session_table(frames)):
    print(sentence(trend))""",
    """## The tables

Four frames: a row for each session, set, repetition (counted or not, and why not) and hold. Names end in units.""",
    """counted = frames.reps[frames.reps["counted"]]
counted.groupby(["exercise", "side"], observed=True)["rom_deg"].describe().round(1)""",
    """frames.reps.loc[~frames.reps["counted"], ["exercise", "reason", "measured", "needed", "unit"]].head()""",
    """## One set, laid over itself

The raw samples of the last session, decoded anew: every repetition thin, their median thick.""",
    """from coxa.analysis.plots.overlay import overlay_figure
from coxa.host.log import find_session, session_items
session = find_session("last", log)
overlay_figure(session_items(session), session.events(), simulated=session.header.simulated)""",
    """![All repetitions of a set](pictures/overlay.png)

`coxa report` makes two pages of this for a physiotherapist, `coxa export` writes CSV, Parquet, Motion-BIDS, FIT and
FHIR, and `coxa.analysis.cohort` does the same over thousands of sessions.""",
)


def notebook() -> nbformat.NotebookNode:
    """The notebook, the same bytes every time."""
    cells = [
        (new_markdown_cell if text.startswith(("#", "!")) else new_code_cell)(text, id=f"cell-{i}")
        for i, text in enumerate(CELLS)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(cells=cells, metadata=kernel)


def main() -> None:
    """Write it."""
    nbformat.write(notebook(), PLACE)


if __name__ == "__main__":
    main()

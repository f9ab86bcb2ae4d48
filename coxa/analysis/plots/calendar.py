"""The calendar of training: each day a square, each week against what was planned."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coxa.analysis.adherence import Adherence, adherence_sentence
from coxa.analysis.plots.style import BLUE, GREY, ORANGE, STYLE, mark_simulated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEGEND = "dotted: planned days; a week's bar is blue where they were kept, orange where not, grey while it runs"
LEAST_WEEKS = 26
"""A younger log leaves the rest of half a year free."""
EMPTY = "#f2f2f2"
SHADES = ["#c6dbef", "#6baed6", "#2171b5", "#08306b"]
"""One hue from light to dark (ColorBrewer Blues): more sets are darker, in grey print too."""


def calendar_figure(found: Adherence) -> Figure:
    """A year at a glance: columns are weeks, rows weekdays; below, the days of each week against the plan.

    Raises:
        ValueError: nothing was trained.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as NewFigure

    if found.days.empty:
        raise ValueError("no day with any training")
    with mpl.rc_context({**STYLE, "axes.grid": False}):
        figure = NewFigure(figsize=(0.21 * _columns(found) + 1.8, 3.2), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[7, 2.4])
        _draw_days(above, found)
        _draw_weeks(below, found)
        said = adherence_sentence(found)
        figure.suptitle(said[:1].upper() + said[1:], x=0.01, ha="left", fontsize=9.5)
        if found.simulated:
            mark_simulated(figure)
    return figure


def _columns(found: Adherence) -> int:
    return max(len(found.weeks), LEAST_WEEKS)


def _draw_days(axis: Axes, found: Adherence) -> None:
    from matplotlib.colors import BoundaryNorm, ListedColormap

    grid = np.full((7, _columns(found)), np.nan)
    grid[:, : len(found.weeks)] = 0.0
    days = pd.DatetimeIndex(found.days.index)
    grid[days.day_of_week, (days - found.weeks["week"].iloc[0]).days // 7] = found.days.to_numpy()
    most = max(int(found.days.max()), 4)
    limits = [0.0, 0.5, *[round(most * k / 4) + 0.5 for k in (1, 2, 3)], most + 0.5]
    mesh = axis.pcolormesh(
        np.arange(_columns(found) + 1), np.arange(8), grid, edgecolors="white", linewidth=1.5,
        cmap=ListedColormap([EMPTY, *SHADES]), norm=BoundaryNorm(limits, 5),
    )  # fmt: skip
    axis.set_yticks(np.arange(7) + 0.5, ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], fontsize=7)
    axis.invert_yaxis()
    axis.tick_params(length=0)
    axis.set_aspect("equal", adjustable="box", anchor="W")
    for spine in axis.spines.values():
        spine.set_visible(False)
    bar = axis.figure.colorbar(mesh, ax=axis, shrink=0.9, aspect=8, pad=0.01)
    steps = [1, *[round(most * k / 4) + 1 for k in (1, 2, 3)], most + 1]
    names = ["none", *[f"{a}" if a == b - 1 else f"{a}–{b - 1}" for a, b in pairwise(steps)]]
    bar.set_ticks([(a + b) / 2 for a, b in pairwise(limits)], labels=names)
    bar.ax.tick_params(length=0, labelsize=7)
    bar.set_label("sets", fontsize=8)


def _draw_weeks(axis: Axes, found: Adherence) -> None:
    weeks = found.weeks
    full = (weeks["days"] >= weeks["planned_days"]).to_numpy()
    colours = np.where(full, BLUE, np.where(weeks["over"].to_numpy(), ORANGE, GREY))
    axis.bar(np.arange(len(weeks)) + 0.5, weeks["days"].to_numpy(), color=list(colours), width=0.8)
    axis.axhline(found.days_per_week, color=GREY, lw=1, ls=":")
    axis.set_ylim(0, 7)
    axis.set_yticks([0, found.days_per_week])
    axis.set_ylabel("days\na week", fontsize=8)
    axis.set_xlabel(LEGEND, fontsize=7.5, color=GREY, loc="left")
    starts = [i for i in range(len(weeks)) if i == 0 or weeks["week"].iloc[i].month != weeks["week"].iloc[i - 1].month]
    kept = [i for k, i in enumerate(starts) if k != 0 or len(starts) == 1 or starts[1] - i > 2]
    names = [weeks["week"].iloc[i] for i in kept]
    axis.set_xticks(
        [i + 0.5 for i in kept],
        [f"{d:%b}" + (f"\n{d.year}" if k == 0 or d.month == 1 else "") for k, d in enumerate(names)],
    )

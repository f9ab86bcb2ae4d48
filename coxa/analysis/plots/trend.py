"""The picture of a trend: every session of an exercise, both sides, the robust line and what chance alone can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coxa.analysis.names import digits_apart, title_of
from coxa.analysis.plots.style import GREY, SIDES, STYLE, mark_simulated
from coxa.analysis.trend_words import difference_sentence, verdict
from coxa.analysis.trends import SideDifference, Trend, kind_of, monday
from coxa.host.exercises.spec import library

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP_DAYS = 10.0
"""Across a longer time without a session no line is drawn: nothing is known there."""
LEAST_DAYS, LEAST_RANGE = 28.0, 20.0
"""The axes never show less: a zoom into chance looks like change."""
UNITS = {"deg": "degrees", "s": "seconds"}


def trend_figure(trends: Sequence[Trend], differences: Sequence[SideDifference] = ()) -> Figure:
    """The sides of one exercise over time.

    Above, each session's median (filled) and best (small), the robust line with its 95 % interval, dashed where no
    change is real, and a bar as high as the smallest change that is more than chance. Below, what was done each week
    and what the sensor cannot see.

    Args:
        trends: one or two of the same exercise, as `coxa.analysis.trends.trends` gives them.
        differences: those of the exercise are told below the verdicts.

    Raises:
        ValueError: there is no trend.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as NewFigure

    if not trends:
        raise ValueError("the log has no session of this exercise")
    name = trends[0].exercise
    with mpl.rc_context(STYLE):
        figure = NewFigure(figsize=(10, 5.6), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3.2, 1])
        for place, trend in enumerate(trends):
            _draw_side(above, trend, place)
        lines = [f"{t.side}: {verdict(t)}" if t.side else verdict(t) for t in trends]
        lines += [difference_sentence(d).split(": ", 1)[1] for d in differences if d.exercise == name]
        figure.suptitle(title_of(name), x=0.01, ha="left", fontsize=13)
        above.set_title("\n".join(lines), fontsize=9, color=GREY)
        above.set_ylabel(f"{trends[0].quantity}, {UNITS[trends[0].unit]}")
        above.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
        _draw_weeks(below, trends)
        _date_axis(below)
        spec = library().get(name)
        below.set_xlabel(spec.unseen if spec else "", fontsize=7.5, color=GREY, loc="left")
        _room(above, trends)
        if any(t.sessions["simulated"].any() for t in trends):
            mark_simulated(figure)
    return figure


def with_gaps(dates: pd.Series[Any], values: pd.Series[Any]) -> tuple[Any, Any]:
    """Dates and values of a line that breaks (NaN) where the sessions are further apart than `GAP_DAYS`."""
    kept = values.notna().to_numpy()
    when, what = dates.to_numpy()[kept], values.to_numpy(np.float64)[kept]
    breaks = np.flatnonzero(np.diff(when) > pd.Timedelta(days=GAP_DAYS).to_timedelta64()) + 1
    middle = when[breaks - 1] + (when[breaks] - when[breaks - 1]) // 2
    return np.insert(when, breaks, middle), np.insert(what, breaks, np.nan)


def _draw_side(axis: Axes, trend: Trend, place: int) -> None:
    colour, marker = SIDES[trend.side]
    rows, label = trend.sessions, trend.side or "side not told"
    when, what = with_gaps(rows["date"], rows[trend.column])
    axis.plot(when, what, color=colour, lw=0.7, alpha=0.55)
    axis.plot(rows["date"], rows[trend.column], marker, color=colour, ms=4, label=f"{label}, median of a session")
    if trend.unit == "deg":
        axis.plot(rows["date"], rows["rom_best_deg"], marker, color=colour, ms=2, alpha=0.35, label="best of a session")
    course, change = trend.change.course, trend.change
    if course is None:
        return
    t_days = np.linspace(course.t_days[0], course.t_days[-1], 200)
    zero = rows["date"].iloc[0] - pd.Timedelta(days=float(rows["t_days"].iloc[0]))
    days = (zero + pd.to_timedelta(t_days, unit="D")).to_numpy()
    line, half = course.at(t_days), course.half_width(t_days)
    real = change.verdict == "real change"
    axis.fill_between(days, line - half, line + half, color=colour, alpha=0.15, lw=0)
    axis.plot(days, line, color=colour, lw=2.2, ls="-" if real else (0, (4, 3)),
              label="robust line, " + ("real change" if real else "no real change yet"))  # fmt: skip
    x = 1.008 + 0.008 * place
    axis.annotate("", xy=(x, line[-1] + change.mdc / 2), xytext=(x, line[-1] - change.mdc / 2),
                  xycoords=("axes fraction", "data"), textcoords=("axes fraction", "data"), annotation_clip=False,
                  arrowprops={"arrowstyle": "|-|,widthA=0.25,widthB=0.25", "color": colour, "lw": 1.4})  # fmt: skip
    noise = f"{change.mdc:.{digits_apart(change.change, change.mdc)}f}"
    axis.plot([], [], "|", color=colour, ms=10, mew=1.6, label=f"two sessions differ by {noise} by chance")


def _draw_weeks(axis: Axes, trends: Sequence[Trend]) -> None:
    """Bars a week, the sides beside each other; a week without training has none."""
    holds = kind_of(trends[0].exercise) == "hold"
    column = "held_s" if holds else "reps"
    width = 6.0 / len(trends)
    for place, trend in enumerate(trends):
        total = trend.sessions.groupby(monday(trend.sessions["date"]))[column].sum()
        middle = pd.DatetimeIndex(total.index) + pd.Timedelta(days=0.5 + width * (place + 0.5))
        axis.bar(middle, total.to_numpy(), width=width, color=SIDES[trend.side][0], alpha=0.8)
    axis.set_ylabel("seconds held\na week" if holds else "repetitions\na week")


def _room(axis: Axes, trends: Sequence[Trend]) -> None:
    """Few and like sessions keep a scale on which they look so."""
    days = pd.concat([t.sessions["date"] for t in trends])
    spare = max(LEAST_DAYS - (days.max() - days.min()) / pd.Timedelta(days=1), 0.0) / 2.0
    edge = pd.Timedelta(days=spare + 4.0)
    axis.set_xlim((days.min() - edge).to_pydatetime(), (days.max() + edge).to_pydatetime())
    low, high = axis.get_ylim()
    grow = max(LEAST_RANGE - (high - low), 0.0) / 2.0
    axis.set_ylim(low - grow, high + grow)


def _date_axis(axis: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=4, maxticks=8)
    axis.xaxis.set_major_locator(locator)
    # each day with its month: the month beside the axis is that of its end only
    levels = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S"]
    zeros = ["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"]
    axis.xaxis.set_major_formatter(ConciseDateFormatter(locator, formats=levels, zero_formats=zeros, show_offset=False))

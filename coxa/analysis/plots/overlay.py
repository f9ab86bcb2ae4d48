"""All repetitions of a set laid over each other, each stretched to the same length: alike, or not?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coxa.analysis.names import title_of
from coxa.analysis.plots.angles import elevation_deg, rest_pose, tilt_of
from coxa.analysis.plots.style import BLUE, GREY, SKY, STYLE, mark_simulated
from coxa.host.events import Event, RepCompleted, by_set
from coxa.host.plural import count_of
from coxa.host.samples import FloatArray, StreamItem

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 101
"""Moments of a repetition after stretching: 0 to 100 percent."""


@dataclass(frozen=True, slots=True, eq=False)
class RepSet:
    """The repetitions of one set."""

    exercise: str
    side: str
    reps: tuple[RepCompleted, ...]
    angle_deg: FloatArray
    """Thigh against the rest pose before the set (reps, POINTS), degrees."""
    counted: int
    """So many were counted; `reps` are those that can be drawn."""


def overlay_figure(
    items: list[StreamItem], events: list[Event], exercise: str | None = None, *, simulated: bool
) -> Figure:
    """A panel for each set: every repetition thin, their median thick, half of them inside the band.

    Args:
        items: the samples of a session.
        events: its events.
        exercise: only sets of this one.
        simulated: whether nobody moved; the picture says so.

    Raises:
        ValueError: there is no repetition to draw.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as NewFigure

    sets = rep_sets(items, events, exercise)
    if not sets:
        raise ValueError("no repetitions counted" + (f" of {title_of(exercise)}" if exercise else ""))
    columns = min(len(sets), 3)
    rows = -(-len(sets) // columns)
    with mpl.rc_context(STYLE):
        figure = NewFigure(figsize=(max(3.6 * columns, 5.2), 0.4 + 3.1 * rows), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for axis, one in zip(axes, sets, strict=False):
            _draw_set(axis, one)
        for axis in axes[len(sets) :]:
            axis.set_axis_off()
        axes[0].legend(loc="upper right", frameon=False, fontsize=8)
        if simulated:
            mark_simulated(figure)
    return figure


def rep_sets(items: list[StreamItem], events: list[Event], exercise: str | None = None) -> list[RepSet]:
    """The counted repetitions of each set, all stretched to `POINTS` moments; those with a gap inside are left out."""
    t_s, up = tilt_of(items)
    found = list[RepSet]()
    for reps in _sets(events):
        if exercise is not None and reps[0].exercise != exercise:
            continue
        zero = rest_pose(t_s, up, reps[0])
        seen = [(r, _stretched(t_s, up, zero, r)) for r in reps]
        kept = [(r, angle) for r, angle in seen if angle is not None]
        if kept:
            angles = np.stack([angle for _, angle in kept])
            found.append(RepSet(reps[0].exercise, reps[0].side or "", tuple(r for r, _ in kept), angles, len(reps)))
    return found


def _sets(events: list[Event]) -> list[list[RepCompleted]]:
    """The counted repetitions of each set that has any."""
    sets = dict[int, list[RepCompleted]]()
    for set_index, event in by_set(events):
        if isinstance(event, RepCompleted):
            sets.setdefault(set_index, []).append(event)
    return list(sets.values())


def _stretched(t_s: FloatArray, up: FloatArray, zero: FloatArray, rep: RepCompleted) -> FloatArray | None:
    inside = (t_s >= rep.start_s) & (t_s <= rep.end_s)
    t = t_s[inside]
    if len(t) < 8 or float(np.max(np.diff(t))) > 0.1 * (rep.end_s - rep.start_s):
        return None
    share = (t - rep.start_s) / (rep.end_s - rep.start_s)
    return np.interp(np.linspace(0.0, 1.0, POINTS), share, elevation_deg(up[inside], zero))


def _draw_set(axis: Axes, one: RepSet) -> None:
    percent = np.linspace(0.0, 100.0, POINTS)
    low, middle, high = np.percentile(one.angle_deg, [25.0, 50.0, 75.0], axis=0)
    axis.plot(percent, one.angle_deg.T, color=GREY, lw=0.6, alpha=0.6)
    axis.fill_between(percent, low, high, color=SKY, alpha=0.4, lw=0, label="half of them")
    axis.plot(percent, middle, color=BLUE, lw=2.2, label="median")
    times = [r.end_s - r.start_s for r in one.reps]
    directions = {r.direction or "" for r in one.reps}
    direction = directions.pop() if len(directions) == 1 else ""
    name = ", ".join(p for p in (title_of(one.exercise), one.side, direction) if p)
    drawn = f"{len(one.reps)} of " if len(one.reps) < one.counted else ""
    number = f"{drawn}{count_of(one.counted, 'repetition')}"
    axis.set_title(f"{name}\n{number}, {min(times):.1f} to {max(times):.1f} s", fontsize=9)
    axis.set_xlabel("course of a repetition, %")
    axis.set_ylabel("thigh, degrees")
    axis.set_ylim(min(0.0, float(one.angle_deg.min())) - 1.0, 1.3 * float(one.angle_deg.max()))
    axis.set_xlim(0.0, 100.0)

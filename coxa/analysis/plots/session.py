"""The picture of a session: thigh elevation over time, every repetition, rejection and hold marked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coxa.analysis.lost import lost_stretches
from coxa.analysis.names import held_text, measure_text, title_of
from coxa.analysis.plots.angles import elevation_deg, first_counted, rest_pose, series, tilt_of
from coxa.analysis.plots.style import BLUE, GREEN, GREY, RED, SCREEN_DPI, SKY, STYLE, mark_simulated, save
from coxa.host.events import Event, HoldEnded, Movement, RepCompleted, RepRejected, since
from coxa.host.log import Session, session_items
from coxa.host.plural import count_of
from coxa.host.samples import FloatArray, StreamItem

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN_S = 2.5
"""Shown before and after what happened in a panel."""
PANEL_GAP_S = 12.0
"""A longer pause, or another exercise, begins a new panel."""
GETTING_THERE_S = 5.0
"""What was rejected longer before the first that counted was somebody getting into position, in whatever posture."""
BAR, BAR_TEXT, REJECTED_TEXT, HEADROOM = 1.22, 1.27, 1.24, 1.46
"""Where holds and words stand and a panel ends, against the top of its curve: over the number of a repetition."""
CHARACTER_SHARE = 0.0065
"""Width of a character of why something was rejected, of a panel's."""
MOST_LINES = 3
LABEL_SHARE = 0.016
"""Half the width of a repetition's number, of a panel's: it stands above all of the curve that it could touch."""


def draw_session(session: Session, where: Path) -> None:
    """Write the picture of a session as PNG, SVG or PDF, after the name's ending.

    Raises:
        ValueError: the session is too short to draw, or the ending is none of a picture.
    """
    save(overview_figure(session), where, SCREEN_DPI)


def overview_figure(session: Session) -> Figure:
    """The picture of a session as a figure.

    Raises:
        ValueError: the session is too short to draw.
    """
    header = session.header
    origin = f"simulated, seed {header.seed}" if header.simulated else str(header.sensor.get("name", ""))
    title = f"{header.started_at[:16].replace('T', ' ')}   {origin}"
    figure = session_figure(session_items(session), session.events(), title)
    if header.simulated:
        mark_simulated(figure)
    return figure


def session_figure(items: list[StreamItem], events: list[Event], title: str) -> Figure:
    """A panel for each set: elevation against the pose that it began from, with what was counted, rejected and held."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as NewFigure

    t_s, up = tilt_of(items)
    events, t_s = [since(e, t_s[0]) for e in events], t_s - t_s[0]
    counted = _panels(events)
    panels = [p for p in counted if _inside(t_s, *_span_s(p)).any()]  # samples may be lost from a damaged recording
    with mpl.rc_context(STYLE):
        figure = NewFigure(figsize=(11, 1.2 + 2.1 * max(len(panels), 1)), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, color=GREY)
        axes = figure.subplots(max(len(panels), 1), 1, squeeze=False)[:, 0]
        if not panels:
            axes[0].plot(t_s, elevation_deg(up, up[: max(len(up) // 20, 1)].mean(axis=0)), color=BLUE, lw=1)
            axes[0].set_title("the samples of what was counted are lost" if counted else "nothing was counted")
        for axis, panel in zip(axes, panels, strict=False):
            _draw_panel(axis, t_s, up, panel, events)
        axes[-1].set_xlabel("time since the first sample, s")
    return figure


def _panels(events: list[Event]) -> list[list[Movement]]:
    """The series in which anything counted, each from where it was begun."""
    return [_begun(p) for p in series(events, PANEL_GAP_S) if any(not isinstance(e, RepRejected) for e in p)]


def _begun(panel: list[Movement]) -> list[Movement]:
    """Without what was rejected on the way there: it would set the scale."""
    first = panel.index(first_counted(panel))
    while first and panel[first].start_s - panel[first - 1].end_s <= GETTING_THERE_S:
        first -= 1
    return panel[first:]


def _span_s(panel: list[Movement]) -> tuple[float, float]:
    return min(e.start_s for e in panel) - MARGIN_S, max(e.end_s for e in panel) + MARGIN_S


def _inside(t_s: FloatArray, start: float, end: float) -> NDArray[np.bool_]:
    return (t_s >= start) & (t_s <= end)


def _draw_panel(
    axis: Axes,
    t_s: FloatArray,
    up: FloatArray,
    panel: list[Movement],
    events: list[Event],
) -> None:
    start, end = _span_s(panel)
    inside = _inside(t_s, start, end)
    zero = rest_pose(t_s, up, first_counted(panel))
    angle = elevation_deg(up[inside], zero)
    axis.plot(t_s[inside], angle, color=BLUE, lw=1.4)
    top = max(float(angle.max()), 10.0)
    axis.set_ylim(-0.06 * top, HEADROOM * top)
    axis.set_xlim(start, end)
    axis.set_ylabel("thigh, degrees")
    axis.set_title(_panel_title(panel))
    for event in panel:
        _mark(axis, event, top, angle, t_s[inside])
    _mark_rejected(axis, [e for e in panel if isinstance(e, RepRejected)], REJECTED_TEXT * top, end - start)
    _mark_gaps(axis, events, start, end)


def _panel_title(panel: list[Movement]) -> str:
    reps = sum(isinstance(e, RepCompleted) for e in panel)
    holds = [e for e in panel if isinstance(e, HoldEnded)]
    kept = sum(h.verified for h in holds)
    parts = ([count_of(reps, "repetition")] if reps else []) + (
        [f"{count_of(len(holds), 'hold')}, {kept} kept"] if holds else []
    )
    side = f", {panel[0].side}" if panel[0].side else ""
    return f"{title_of(panel[0].exercise)}{side}: {', '.join(parts) or 'nothing counted'}"


def _mark(axis: Axes, event: Movement, top: float, angle: FloatArray, t_s: FloatArray) -> None:
    if isinstance(event, HoldEnded):
        colour = GREEN if event.verified else RED
        axis.plot([event.start_s, event.end_s], [BAR * top] * 2, color=colour, lw=5, solid_capstyle="butt")
        for b in event.breaks:
            axis.plot([b.start_s, b.end_s], [BAR * top] * 2, color="white", lw=5, solid_capstyle="butt")
        word = "kept" if event.verified else f"of {event.target_s:g} s"
        told = f"{held_text(event.held_s, 1)} s {word}"
        axis.text(0.5 * (event.start_s + event.end_s), BAR_TEXT * top, told, ha="center", color=colour)
        return
    if isinstance(event, RepCompleted):
        axis.axvspan(event.start_s, event.end_s, color=SKY, alpha=0.16, lw=0)
        below = np.abs(t_s - event.peak_s) <= LABEL_SHARE * (t_s[-1] - t_s[0])
        height = max(float(np.interp(event.peak_s, t_s, angle)), float(angle[below].max(initial=0.0)))
        arrow = {"clockwise": " ↻", "counterclockwise": " ↺"}.get(event.direction or "", "")
        axis.text(event.peak_s, height + 0.04 * top, f"{event.index}{arrow}", ha="center", weight="bold", color=BLUE)
        return
    axis.axvspan(event.start_s, event.end_s, color=RED, alpha=0.12, lw=0)


def _mark_rejected(axis: Axes, rejected: list[RepRejected], height: float, seconds: float) -> None:
    """Why: in a panel of so many seconds what would stand in each other is told together."""
    character_s, groups = CHARACTER_SHARE * seconds, list[list[RepRejected]]()
    for event in rejected:
        groups.append([event])
        while len(groups) > 1 and _touch(groups[-2], groups[-1], character_s):
            last = groups.pop()
            groups[-1] += last
    for group in groups:
        axis.text(_middle_s(group), height, _why(group), ha="center", va="center", color=RED, fontsize=7.5)


def _touch(a: list[RepRejected], b: list[RepRejected], character_s: float) -> bool:
    characters = sum(max(map(len, _why(group).split("\n"))) for group in (a, b)) / 2 + 1
    return _middle_s(b) - _middle_s(a) < characters * character_s


def _middle_s(group: list[RepRejected]) -> float:
    return 0.5 * (group[0].start_s + group[-1].end_s)


def _why(group: list[RepRejected]) -> str:
    """'too small' and its figures; of several 'too small ×3', the most frequent reasons first."""
    if len(group) == 1:
        told = measure_text(group[0].measured, group[0].needed, group[0].unit)
        return f"{group[0].reason}\n{told}".rstrip()
    found = Counter(e.reason for e in group).most_common()
    lines = [f"{reason} ×{n}" if n > 1 else reason for reason, n in found]
    return "\n".join(lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "and others"])


def _mark_gaps(axis: Axes, events: list[Event], start: float, end: float) -> None:
    """Where nothing was seen; a sensor that was lost for good, to the panel's end."""
    for lost in lost_stretches(events):
        _hatch(axis, max(lost.start_s, start), min(lost.end_s, end))


def _hatch(axis: Axes, start: float, end: float) -> None:
    if start < end:
        axis.axvspan(start, end, facecolor="none", edgecolor=GREY, hatch="///", lw=0)

"""How quietly each hold of a session was held: the angle about its middle, the band, breaks and target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coxa.analysis.names import held_text, title_of
from coxa.analysis.plots.angles import elevation_deg, rest_pose, tilt_of
from coxa.analysis.plots.style import BLUE, GREEN, GREY, RED, STYLE, mark_simulated
from coxa.host.events import Event, HoldEnded
from coxa.host.exercises.spec import library
from coxa.host.samples import FloatArray, StreamItem

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN_S = 1.5
"""Shown of the way in and out."""


def steadiness_figure(
    items: list[StreamItem], events: list[Event], exercise: str | None = None, *, simulated: bool
) -> Figure:
    """A panel for each hold, all with the same time axis.

    Args:
        items: the samples of a session.
        events: its events.
        exercise: only holds of this one.
        simulated: whether nobody moved; the picture says so.

    Raises:
        ValueError: there is no hold to draw.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as NewFigure

    holds = [e for e in events if isinstance(e, HoldEnded) and exercise in (None, e.exercise)]
    if not holds:
        raise ValueError("no holds" + (f" of {title_of(exercise)}" if exercise else ""))
    t_s, up = tilt_of(items)
    with mpl.rc_context(STYLE):
        figure = NewFigure(figsize=(9, 0.7 + 1.7 * len(holds)), layout="constrained")
        axes = figure.subplots(len(holds), 1, squeeze=False, sharex=True)[:, 0]
        for axis, hold in zip(axes, holds, strict=True):
            _draw_hold(axis, t_s, up, hold)
        axes[-1].set_xlabel("time since the hold began, s")
        if simulated:
            mark_simulated(figure)
    return figure


def _draw_hold(axis: Axes, t_s: FloatArray, up: FloatArray, hold: HoldEnded) -> None:
    around = (t_s >= hold.start_s - MARGIN_S) & (t_s <= hold.end_s + MARGIN_S)
    t = t_s[around]
    if len(t) < 2:
        axis.set_title(f"{title_of(hold.exercise)}: no samples of this hold")
        return
    angle = elevation_deg(up[around], rest_pose(t_s, up, hold))
    held = (t >= hold.start_s) & (t <= hold.end_s)
    for b in hold.breaks:
        held &= (t < b.start_s) | (t > b.end_s)
    aside = angle - float(np.median(angle[held]) if held.any() else np.median(angle))
    spec = library().get(hold.exercise)
    half = max(0.5 * spec.band_deg, spec.band_share * hold.rom_deg) if spec else 4.0  # as the detector's
    axis.axhspan(-half, half, color=GREEN, alpha=0.12, lw=0)
    axis.plot(t - hold.start_s, aside, color=GREY, lw=0.8)
    axis.plot(t - hold.start_s, np.where(held, aside, np.nan), color=BLUE, lw=1.4)
    for b in hold.breaks:
        axis.axvspan(b.start_s - hold.start_s, b.end_s - hold.start_s, color=RED, alpha=0.15, lw=0)
        axis.text((b.start_s + b.end_s) / 2 - hold.start_s, 1.4 * half, b.reason, color=RED, ha="center", fontsize=7.5)
    reached_s = _reached_s(hold)
    if reached_s <= hold.end_s - hold.start_s + MARGIN_S:
        axis.axvline(reached_s, color=GREY, lw=1.0, ls=":")
    axis.set_ylim(-2.2 * half, 2.2 * half)
    axis.set_ylabel("degrees off\nits middle")
    axis.set_title(_title(hold), color=GREEN if hold.verified else RED)


def _reached_s(hold: HoldEnded) -> float:
    """How long after its beginning the target is reached: breaks do not count. One that was let go ends before."""
    at_s = hold.start_s + hold.target_s
    for b in hold.breaks:
        at_s += b.end_s - b.start_s if b.start_s < at_s else 0.0
    return at_s - hold.start_s


def _title(hold: HoldEnded) -> str:
    name = ", ".join(p for p in (title_of(hold.exercise), hold.side) if p)
    quiet = "" if hold.steadiness_deg is None else f", steady to ±{hold.steadiness_deg:.1f} degrees"
    kept = "kept" if hold.verified else "let go"
    return f"{name}: {held_text(hold.held_s, 1)} of {hold.target_s:g} s, {kept}{quiet}"

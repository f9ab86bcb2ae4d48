"""A recording that was scored wrong somewhere, so that every miss can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from coxa.analysis.plots.angles import elevation_deg, stillest_pose, tilt_of
from coxa.analysis.plots.style import BLUE, GREEN, GREY, RED, SKY, STYLE
from coxa.analysis.score_recording import Failure
from coxa.analysis.score_truth import Truth
from coxa.host.events import Event, HoldEnded, Movement, RepCompleted, RepRejected
from coxa.host.plural import count_of
from coxa.host.samples import FloatArray, StreamItem

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

SHADES: dict[type[Event], tuple[str, str]] = {
    RepCompleted: (SKY, "counted"), RepRejected: (GREY, "not counted"), HoldEnded: (GREEN, "hold"),
}  # fmt: skip
"""What lies behind the course, and what it says."""
DONE = {
    "must": ("black", "done"),
    "may": ("#999999", "done in part or unseen"),
    "never": ("#cccccc", "begun, not done"),
}
"""The bar below the course for each true repetition: what the truth asks of it."""
AROUND_S = 10.0
"""So much before and after a failure is shown; failures that lie closer than twice that share a panel."""
PANELS = 12
"""More would make a picture that nobody scrolls through."""


def draw_failures(
    items: list[StreamItem], events: Sequence[Event], failures: Sequence[Failure], truth: Truth, title: str, where: Path
) -> None:
    """The whole course with a number at each failure, and below it a panel around each that says what went wrong.

    Thigh angle in blue: against the first second above, against the stillest moment before the failure below. Counts
    are blue behind it, rejections grey, holds green; a bar below the course is a repetition that was done.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    t_s, up = tilt_of(items)
    numbered = list(enumerate(sorted(failures, key=lambda f: f.time_s), 1))
    parts = _parts(numbered)
    shown, left = parts[:PANELS], sum(map(len, parts[PANELS:]))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(12, 1.2 + 2.6 * (1 + len(shown))), layout="constrained")
        whole, *panels = figure.subplots(1 + len(shown), squeeze=False).ravel()
        _draw(whole, t_s, elevation_deg(up, up[t_s <= t_s[0] + 1.0].mean(axis=0)), events, truth)
        _number(whole, numbered)
        for axis, part in zip(panels, shown, strict=True):
            _draw_part(axis, t_s, up, events, truth, part)
        keys = _keys(events, truth)
        if keys:
            figure.legend(handles=keys, loc="outside upper right", ncols=len(keys), frameon=False, fontsize=9)
        panels[-1].set_xlabel("time, s")
        figure.supylabel("thigh angle, degrees", fontsize=9)
        figure.suptitle(title + (f"; {count_of(left, 'more failure')} not drawn" if left else ""), x=0.01, ha="left")
        figure.savefig(where)


def _parts(numbered: Sequence[tuple[int, Failure]]) -> list[list[tuple[int, Failure]]]:
    """Failures that are shown together."""
    parts = [list(numbered[:1])]
    for (_, before), one in pairwise(numbered):
        if one[1].time_s - before.time_s > 2 * AROUND_S:
            parts.append([])
        parts[-1].append(one)
    return parts


def _draw_part(
    axis: Axes, t_s: FloatArray, up: FloatArray, events: Sequence[Event], truth: Truth, part: list[tuple[int, Failure]]
) -> None:
    from_s, to_s = part[0][1].time_s - AROUND_S, part[-1][1].time_s + AROUND_S
    first, failed, last = np.searchsorted(t_s, [from_s, part[0][1].time_s, to_s])
    if first < last:
        before = slice(first, max(failed, first + 1))
        zero = stillest_pose(t_s[before], up[before])
        _draw(axis, t_s[first:last], elevation_deg(up[first:last], zero), events, truth)
    axis.set_xlim(from_s, to_s)
    _number(axis, part)
    axis.set_title("\n".join(f"{number}  {f.what}: {f.cause}" for number, f in part), color=RED, fontsize=8)


def _draw(axis: Axes, t_s: FloatArray, angle_deg: FloatArray, events: Iterable[Event], truth: Truth) -> None:
    """A course with what was counted behind it and what was done below it; only what lies within its times."""
    axis.plot(t_s, angle_deg, color=BLUE, lw=1)
    for event in events:
        if isinstance(event, Movement) and event.end_s >= t_s[0] and event.start_s <= t_s[-1]:
            axis.axvspan(event.start_s, event.end_s, color=SHADES[type(event)][0], alpha=0.25, lw=0)
    for rep in truth.reps:
        if rep.end_s >= t_s[0] and rep.start_s <= t_s[-1]:
            axis.axvspan(rep.start_s, rep.end_s, 0.0, 0.04, color=DONE[rep.duty][0], lw=0)
    axis.set_xlim(t_s[0], t_s[-1])


def _number(axis: Axes, numbered: Iterable[tuple[int, Failure]]) -> None:
    for number, failure in numbered:
        axis.axvline(failure.time_s, color=RED, lw=1)
        axis.text(failure.time_s, 0.98, f" {number}", color=RED, fontsize=8, va="top", clip_on=True,
                  transform=axis.get_xaxis_transform())  # fmt: skip


def _keys(events: Sequence[Event], truth: Truth) -> list[Patch]:
    """What the colours mean; only of those that are there."""
    from matplotlib.patches import Patch

    seen, duties = {type(event) for event in events}, {rep.duty for rep in truth.reps}
    shades = [Patch(color=c, alpha=0.25, lw=0, label=said) for kind, (c, said) in SHADES.items() if kind in seen]
    return shades + [Patch(color=c, lw=0, label=said) for duty, (c, said) in DONE.items() if duty in duties]

"""A recording that was scored wrong somewhere, so that every miss can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
"""So much before and after what went wrong is shown; failures whose panels would overlap share one."""
PANELS = 12
"""More would make a picture that nobody scrolls through."""


def draw_failures(
    items: list[StreamItem], events: Sequence[Event], failures: Sequence[Failure], truth: Truth, title: str, where: Path
) -> None:
    """The whole course with a number at each failure, and below it a panel around each that says what went wrong.

    Thigh angle in blue: against the first second above, against the stillest moment before what went wrong below.
    Counts are blue behind it, rejections grey, holds green; a bar below the course is a repetition that was done.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    t_s, up = tilt_of(items)
    numbered = list(enumerate(sorted(failures, key=lambda f: f.time_s), 1))
    parts = _parts(numbered, events, truth)
    shown, left = parts[:PANELS], sum(len(part.numbered) for part in parts[PANELS:])
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


@dataclass(slots=True)
class _Part:
    """Failures that are shown together, and from when until when the movements last in which they are."""

    numbered: list[tuple[int, Failure]]
    start_s: float
    end_s: float


def _parts(numbered: Iterable[tuple[int, Failure]], events: Sequence[Event], truth: Truth) -> list[_Part]:
    parts = list[_Part]()
    for number, failure in numbered:
        start_s, end_s = _movement_s(failure.time_s, events, truth)
        if parts and start_s - parts[-1].end_s <= 2 * AROUND_S:
            parts[-1].numbered.append((number, failure))
            parts[-1].end_s = max(parts[-1].end_s, end_s)
        else:
            parts.append(_Part([(number, failure)], start_s, end_s))
    return parts


def _movement_s(at_s: float, events: Sequence[Event], truth: Truth) -> tuple[float, float]:
    """From when until when all that was told or done at that moment lasted: a hold is not seen from its middle."""
    told = [e for e in events if isinstance(e, Movement)]
    at = [m for m in (*told, *truth.reps, *truth.holds) if m.start_s <= at_s <= m.end_s]
    return min([at_s, *(m.start_s for m in at)]), max([at_s, *(m.end_s for m in at)])


def _draw_part(axis: Axes, t_s: FloatArray, up: FloatArray, events: Sequence[Event], truth: Truth, part: _Part) -> None:
    from_s, to_s = part.start_s - AROUND_S, part.end_s + AROUND_S
    first, began, last = np.searchsorted(t_s, [from_s, part.start_s, to_s])
    if first < last:
        before = slice(first, max(began, first + 1))
        zero = stillest_pose(t_s[before], up[before])
        _draw(axis, t_s[first:last], elevation_deg(up[first:last], zero), events, truth)
    axis.set_xlim(from_s, to_s)
    _number(axis, part.numbered)
    title = "\n".join(f"{number}  {f.what}: {f.cause}" for number, f in part.numbered)
    axis.set_title(title, color=RED, fontsize=8)


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

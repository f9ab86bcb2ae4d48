"""A recording that was scored wrong somewhere, so that every miss can be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coxa.analysis.plots.angles import elevation_deg, tilt_of
from coxa.analysis.plots.style import BLUE, GREEN, GREY, RED, SKY, STYLE
from coxa.analysis.score_recording import Failure
from coxa.host.events import Event, HoldEnded, Movement, RepCompleted, RepRejected
from coxa.host.samples import StreamItem

SHADES: dict[type[Event], tuple[str, str]] = {
    RepCompleted: (SKY, "counted"), RepRejected: (GREY, "not counted"), HoldEnded: (GREEN, "hold"),
}  # fmt: skip
"""What lies behind the course, and what it says."""


def draw_failures(
    items: list[StreamItem], events: list[Event], failures: Sequence[Failure], title: str, where: Path
) -> None:
    """Thigh angle against the first second, counts in blue, rejections grey, holds green, each failure a red line."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    t_s, up = tilt_of(items)
    angle = elevation_deg(up, up[t_s <= t_s[0] + 1.0].mean(axis=0))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(16, 4.5), layout="constrained")
        axis = figure.subplots()
        axis.plot(t_s, angle, color=BLUE, lw=1)
        for event in events:
            if isinstance(event, Movement):
                axis.axvspan(event.start_s, event.end_s, color=SHADES[type(event)][0], alpha=0.25, lw=0)
        for failure in failures:
            axis.axvline(failure.time_s, color=RED, lw=1.2)
            axis.text(failure.time_s, 1.02, f"{failure.what}: {failure.cause}"[:70], color=RED, rotation=25, fontsize=7,
                      transform=axis.get_xaxis_transform())  # fmt: skip
        seen = {type(event) for event in events}
        keys = [
            Patch(color=colour, alpha=0.25, lw=0, label=said) for kind, (colour, said) in SHADES.items() if kind in seen
        ]
        if keys:
            figure.legend(handles=keys, loc="upper right", ncols=len(keys), frameon=False, fontsize=9)
        axis.set_xlabel("time, s")
        axis.set_ylabel("thigh against the first second, degrees")
        figure.suptitle(title, x=0.01, ha="left")
        figure.savefig(where)

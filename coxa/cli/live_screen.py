"""The terminal during a session: what the coach asks, count, hold clock, angle trace, link, what just happened."""

from __future__ import annotations

from collections import deque

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from coxa.analysis.names import held_text, percent
from coxa.cli.output import describe
from coxa.host.cues import Cue
from coxa.host.events import (
    Event,
    HoldEnded,
    HoldStarted,
    RepCompleted,
    RepRejected,
    TrackingLost,
    TrackingResumed,
    since,
)
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.plural import count_of
from coxa.host.reasons import is_warning
from coxa.host.routine import Coach, SetPlan
from coxa.host.voice import Phrases
from coxa.host.watcher import Watcher

BARS = " ▁▂▃▄▅▆▇█"
TRACE_S = 0.2
"""Spacing of the angle trace."""
TRACE_POINTS = 60
"""Its length: 12 s."""


class LiveScreen(Watcher):
    """Shows a session while it runs; plain lines where the output is no terminal."""

    def __init__(self, plan: tuple[SetPlan, ...], console: Console, phrases: Phrases) -> None:
        self._plan, self._console, self._phrases = plan, console, phrases
        self._asked = ""
        """What the coach has asked or told last, beside counts and clock, which have places of their own."""
        self._link = "looking for the sensor"
        self._trace: deque[float] = deque(maxlen=TRACE_POINTS)
        self._traced_s = 0.0
        self._last: deque[str] = deque(maxlen=6)
        self._coach: Coach | None = None
        self._began_s = 0.0
        self._quality = StreamQuality()
        self._live = Live(console=console, refresh_per_second=10, get_renderable=self._picture, transient=True)

    def __enter__(self) -> LiveScreen:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.stop()

    def status(self, status: LinkStatus) -> None:
        """Link state in words."""
        self._link = status.text
        self._say(status.text)

    def began(self, at_s: float) -> None:
        """What times are counted from."""
        self._began_s = at_s

    def warning(self, text: str) -> None:
        """What is wrong with the stream."""
        self._say(f"warning: {text}")

    def event(self, event: Event) -> None:
        """One line for each event that a person wants to see."""
        event = since(event, self._began_s)
        row = describe(event)
        if isinstance(event, HoldStarted):
            self._say(f"{event.start_s:8.1f} s  hold begins")
        elif row is not None and isinstance(event, RepCompleted | RepRejected | HoldEnded | TrackingLost):
            name = "" if isinstance(event, TrackingLost) else f"{event.exercise}: "
            self._say(f"{row[0]:>10}  {name}{row[2]}  {row[3]}  {row[4]}")
        elif isinstance(event, TrackingResumed) and not is_warning(event.reason):
            self._say(f"{event.start_s:8.1f} s  signal is back")

    def cue(self, cue: Cue) -> None:
        """Who hears no voice reads what is to be done."""
        if cue.slot in ("alert", "instruction"):
            self._asked = self._phrases.text(cue)

    def progress(self, coach: Coach, quality: StreamQuality) -> None:
        """Keep what the next picture shows."""
        self._coach, self._quality = coach, quality
        view = coach.view
        if view.t_s is not None and view.elevation_deg is not None and view.t_s - self._traced_s >= TRACE_S:
            self._trace.append(view.elevation_deg)
            self._traced_s = view.t_s

    def _say(self, line: str) -> None:
        self._last.append(line)
        if not self._console.is_terminal:
            self._console.print(line, highlight=False, markup=False)

    def _picture(self) -> Panel:
        head = Table.grid(padding=(0, 3))
        if self._asked:
            head.add_row("coach", Text(self._asked, style="bold cyan"))
        if self._coach is not None:
            view, at = self._coach.view, self._coach.set_index
            target = self._plan[at].reps
            head.add_row("exercise", Text(f"{view.exercise}  {view.side or ''}", style="bold"))
            head.add_row("set", f"{at + 1} of {len(self._plan)}, {view.state}")
            head.add_row("count", Text(f"{view.reps}" + (f" of {target}" if target else ""), style="bold green"))
            hold = "" if view.hold_s is None else f"{held_text(view.hold_s, 1)} s"
            head.add_row("hold", Text(hold, style="bold yellow"))
            angle = "" if view.elevation_deg is None else f"{view.elevation_deg:5.1f} degrees"
            head.add_row("thigh", f"{angle:14} {self._bars()}")
        head.add_row("link", Text(", ".join([self._link, *_words(self._quality)])))  # has the sensor's own name in it
        lines = Text("\n".join(self._last), style="dim")
        return Panel(Group(head, Text(), lines), title="coxa", width=min(self._console.width, 100))

    def _bars(self) -> str:
        top = max([*self._trace, 30.0])
        room = max(self._console.width - 44, 10)
        return "".join(BARS[int(a / top * (len(BARS) - 1))] for a in list(self._trace)[-room:])


def _words(quality: StreamQuality) -> list[str]:
    """What is worth a look; loss only where there is some."""
    told = list[str]()
    if quality.rate_hz is not None:
        told.append(f"{quality.rate_hz:.0f} Hz")
    if quality.battery_percent is not None:
        told.append(f"battery {quality.battery_percent} %")
    if quality.lost_share:
        told.append(f"{percent(quality.lost_share, 1)} lost")
    if quality.clipped_samples:
        told.append(f"{count_of(quality.clipped_samples, 'sample')} clipped")
    return told

"""What people read in the terminal: tables, progress, summaries; and, before any work, where nothing can be written."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from coxa.analysis.names import angle_text, held_text, measure_text
from coxa.host.errors import LogError, SpecError, reason_of
from coxa.host.events import Event, HoldEnded, Movement, RepCompleted, RepRejected, TrackingLost, by_set, since
from coxa.host.limits import printable
from coxa.host.plural import count_of
from coxa.host.reasons import Tracking, is_warning

if TYPE_CHECKING:
    from coxa.host.log import Session

LEAST_COLUMNS, MOST_COLUMNS = 80, 1000
"""Tables are made for so many; in fewer, columns and names would be cut off. Long figures may take more."""


def narrow_table(*columns: str, words: Sequence[str] = ()) -> Table:
    """A table of figures that fits into 80 columns and stays whole in a file; a column's title may have two lines.

    The first column and those of `words` begin at their left.
    """
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for k, name in enumerate(columns):
        table.add_column(name, justify="right" if k and name not in words else "left", no_wrap=True)
    return table


def print_table(console: Console, table: Table) -> None:
    """Print a table whole, however narrow the terminal is, which then wraps its lines: a figure left out misleads."""
    width = console.width
    needed = Measurement.get(console, console.options.update(width=MOST_COLUMNS), table)
    wraps = not all(c.no_wrap for c in table.columns)
    console.width = max(width, LEAST_COLUMNS, needed.minimum if wraps else needed.maximum)
    console.print(table)
    console.width = width


def tell(line: str) -> None:
    """One line on stderr. It may quote a folder, a file or a sensor of a stranger's: nothing a terminal would obey."""
    print(f"coxa: {printable(line)}", file=sys.stderr)


def may_write(folder: Path) -> bool:
    """Whether there is such a folder and the right to make files in it: asked before long work, not after."""
    return os.access(folder, os.W_OK | os.X_OK)


def nearest(place: Path) -> Path:
    """The place itself, or of the folders that it would be in the first that is there."""
    return next((p for p in (place, *place.absolute().parents) if p.exists()), place)


class ProgressBar:
    """A bar on stderr for work that a person waits for; nothing where nobody watches."""

    def __init__(self, title: str, total: int, *, quiet: bool, unit: str | None = None) -> None:
        """With `unit`, as 'sessions', the bar also tells how many are done and how many a second."""
        hidden = quiet or not sys.stderr.isatty()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            *([MofNCompleteColumn(), _Rate(unit)] if unit else []),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=hidden,
        )
        self._task = self._bar.add_task(title, total=total)

    def __enter__(self) -> None:
        self._bar.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def advance(self, of: int | None = None) -> None:
        """One step done; `of` corrects the total."""
        self._bar.update(self._task, advance=1, total=of)


class _Rate(ProgressColumn):
    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        """How many a second, over the last half minute."""
        return Text("" if task.speed is None else f"{task.speed:.1f} {self._unit}/s")


def check_picture(option: str, where: Path | None) -> None:
    """Raises SpecError: no picture can be written there; said before the work that it is to show."""
    if where is None:
        return
    if where.suffix.lower() not in ("", ".png", ".svg", ".pdf"):
        raise SpecError(f"{option} {where}: a picture is PNG, SVG or PDF; end its name in .png, .svg or .pdf")
    check_file(option, where, "picture.png")


def check_file(option: str, where: Path | None, example: str) -> None:
    """Raises SpecError: no file can have this place: a name is missing, as `example`, or its folder, or the right."""
    if where is None:
        return
    if where.is_dir():
        raise SpecError(f"{option} {where}: is a folder; add a name, as {example}")
    if not where.parent.is_dir():
        raise SpecError(f"{option} {where}: there is no such folder; make it first")
    if not may_write(where.parent) and not os.access(where, os.W_OK):
        raise SpecError(f"{option} {where}: no right to write there; choose another place")


@contextmanager
def picture_written(option: str, where: Path) -> Generator[None]:
    """Raises LogError: the picture that is saved inside cannot be written."""
    try:
        yield
    except OSError as error:
        why = reason_of(error)
        raise LogError(f"{where}: the picture cannot be written ({why}); choose another place with {option}") from error


def show_summary(title: str, events: Sequence[Event], began_s: float = 0.0) -> None:
    """Print counts first, then each event that says something about a repetition or hold.

    Times are shown since `began_s`; a file's are shown as they stand in it.
    """
    console = Console()
    reps = [e for e in events if isinstance(e, RepCompleted)]
    holds = [e for e in events if isinstance(e, HoldEnded)]
    rejected = [e for e in events if isinstance(e, RepRejected)]
    verified = sum(h.verified for h in holds)
    parts = [f"{count_of(len(reps), 'repetition')} counted"] if reps or not holds else []
    parts += [f"{count_of(len(holds), 'hold')}, {verified} of full length"] if holds else []
    parts += [f"{len(rejected)} rejected"] if rejected else []
    console.print(f"[bold]{escape(title)}[/]: {', '.join(parts)}", highlight=False, soft_wrap=True)
    table = Table("from", "to", "what", "thigh", "remark", box=None, padding=(0, 2, 0, 0))
    set_indices, on = (set_index for set_index, _ in by_set(events)), None
    for event in events:
        if isinstance(event, Movement) and (now := next(set_indices)) != on:
            on = now
            table.add_row("", "", f"[bold]{_set_title(event)}[/]", "", "")
        row = describe(since(event, began_s))
        if row is not None:
            table.add_row(*row)
    if table.row_count:
        print_table(console, table)


def _set_title(first: Movement) -> str:
    return first.exercise if first.side is None else f"{first.exercise}, {first.side}"


def show_session(title: str, session: Session) -> None:
    """The same of a session in the log, its times since the first sample."""
    show_summary(title, session.events(), session.header.began_s or 0.0)


def describe(event: Event) -> tuple[str, str, str, str, str] | None:
    """An event as the cells of a table: from, to, what, thigh, remark; None where people need not see it."""
    match event:
        case RepCompleted():
            remark = event.direction or ""
            thigh = angle_text(event.rom_deg, event.rom_sd_deg)
            return (_s(event.start_s), _s(event.end_s), f"rep {event.index}", thigh, remark)
        case RepRejected():
            return (_s(event.start_s), _s(event.end_s), "not counted", "", rejection_text(event))
        case HoldEnded():
            kept = "kept" if event.verified else f"short of {event.target_s:g} s"
            breaks = f", {count_of(len(event.breaks), 'break')}" if event.breaks else ""
            return (
                _s(event.start_s),
                _s(event.end_s),
                f"hold {held_text(event.held_s, 1)} s",
                angle_text(event.rom_deg, event.rom_sd_deg),
                kept + breaks,
            )
        case TrackingLost():
            return (_s(event.start_s), "", _trouble(event), "", event.reason)
        case _:
            return None


def _trouble(event: TrackingLost) -> str:
    if is_warning(event.reason):
        return "warning"
    return "sensor faulty" if event.reason.startswith(Tracking.FAULTY) else "no signal"


def rejection_text(event: RepRejected) -> str:
    """Why, with what was measured and what was needed: 'too small (18 of 25 deg)', where that tells people anything."""
    told = measure_text(event.measured, event.needed, event.unit)
    return f"{event.reason} ({told})" if told else event.reason


def _s(t_s: float) -> str:
    return f"{t_s:.1f} s"

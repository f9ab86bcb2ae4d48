"""What the log tells, what leaves it, what is put right or forgotten. The work is in the modules imported here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.commands.options import DaysPerWeek, Log, Person, Since, path
from coxa.host.limits import SAID_REPS


def sessions(log: Log = None) -> None:
    """List the sessions of the log. Interrupted ones are repaired first.

    Example: `coxa sessions`, or of another log `coxa sessions --log /media/usb/log`
    """
    from coxa.cli.sessions import show_all

    show_all(log)


def show(
    session: Annotated[str, typer.Argument(help="Id of a session, its beginning, or 'last'.")] = "last",
    save: Annotated[Path | None, typer.Option(parser=path, help="Where to save the picture (PNG, SVG or PDF).")] = None,
    log: Log = None,
) -> None:
    """Print one session, each repetition, rejection and hold, and draw it.

    Example: `coxa show last`, `coxa show 20261123T2340 --save monday.pdf`
    """
    from coxa.cli.sessions import show_one

    show_one(session, log, save)


def trends(
    exercise: Annotated[str | None, typer.Option(help="Only this one, as in `coxa exercises`.")] = None,
    since: Since = None,
    person: Person = None,
    days_per_week: DaysPerWeek = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON, by session and by week.")] = False,
    log: Log = None,
) -> None:
    """What changed over days and weeks: only what is more than your own measurements vary by is called a change.

    Also how far left and right lie apart, and how much of the plan was done. Ten sessions over two weeks are needed.

    Example: `coxa trends --exercise leg_raise --since 2026-10-03`
    """
    from coxa.cli.trends import run

    run(exercise, since, person, days_per_week, log, as_json)


def plot(
    kind: Annotated[str, typer.Argument(help="trend, session, overlay, steadiness or calendar.", metavar="KIND")],
    exercise: Annotated[str | None, typer.Option(help="Only this one, as in `coxa exercises`.")] = None,
    session: Annotated[
        str | None,
        typer.Option(help="Not of trend and calendar: id, its beginning, or 'last'.", show_default="last"),
    ] = None,
    since: Since = None,
    person: Person = None,
    days_per_week: Annotated[
        int | None,
        typer.Option(help="Of calendar: training days that you plan a week.", min=1, max=7, show_default="3"),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(parser=path, help="Where to save the picture (PNG, SVG or PDF); without, it is shown."),
    ] = None,
    log: Log = None,
) -> None:
    """Draw a picture.

    [bold]trend[/]: one exercise over time, both sides.
    [bold]session[/]: the thigh's course with all that was counted, rejected and held.
    [bold]overlay[/]: all repetitions of each set over each other.
    [bold]steadiness[/]: each hold inside its band.
    [bold]calendar[/]: training days against the plan.

    Example: `coxa plot trend --exercise leg_raise --save trend.pdf`
    """
    from coxa.cli.plot import PlotRequest, run

    run(PlotRequest(kind, exercise, session, since, person, days_per_week, save, log))


def report(
    html: Annotated[
        Path | None, typer.Option(parser=path, help="Where to write it as a page: one file that loads nothing.")
    ] = None,
    pdf: Annotated[Path | None, typer.Option(parser=path, help="Where to write it as a PDF of two A4 pages.")] = None,
    since: Since = None,
    until: Annotated[str | None, typer.Option(help="Only up to this day.", metavar="DATE")] = None,
    person: Person = None,
    days_per_week: Annotated[
        int | None, typer.Option(help="Training days planned a week; without, days are only counted.", min=1, max=7)
    ] = None,
    log: Log = None,
) -> None:
    """Write the physiotherapist's two pages: what was done, what changed, what was not measured.

    Every figure names the sessions that it comes from, as `coxa show` takes them. Simulated sessions are marked on
    every page, and left out where there are real ones.

    Example: `coxa report --pdf report.pdf --since 2026-11-01`
    """
    from coxa.cli.report import run

    run(html, pdf, since, until, person, days_per_week, log)


def export(
    kind: Annotated[str, typer.Argument(help="csv, parquet, recordings, motion-bids, fhir or fit.", metavar="FORMAT")],
    to: Annotated[Path, typer.Option(parser=path, help="Folder to write; for fhir a file.")],
    since: Since = None,
    session: Annotated[str | None, typer.Option(help="Only this one: its id, the beginning of it, or 'last'.")] = None,
    person: Annotated[str | None, typer.Option(help="Only this person's sessions.")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Leave out names, addresses and dates.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    log: Log = None,
) -> None:
    """Write the log for other programs: flat tables, FHIR observations, or FIT activities with sets and repetitions.

    recordings are each session's samples as CSV, which replay and teach take. motion-bids is a dataset of them with
    their repetitions, as archives of movement science take it.

    Example: `coxa export csv --to tables --person Ann`, `coxa export motion-bids --to dataset --anonymous`
    """
    from coxa.cli.export import ExportRequest, run

    run(ExportRequest(kind, to, since, session, person, anonymous, force, log))


def correct(
    session: Annotated[str, typer.Argument(help="Id of a session, its beginning, or 'last'.")],
    reps: Annotated[int, typer.Argument(help="Repetitions (or holds) that you did.", min=0, max=SAID_REPS)],
    number: Annotated[int | None, typer.Option("--set", help="Which of several sets; 1 is the first.")] = None,
    note: Annotated[str, typer.Option(help="Why, for yourself.")] = "",
    log: Log = None,
) -> None:
    """Say how many repetitions a set truly had. The machine's count is kept beside yours.

    Example: `coxa correct last 11 --set 2`
    """
    from coxa.cli.correct import run

    run(session, reps, number, note, log)


def forget(
    session: Annotated[str | None, typer.Argument(help="Id of a session, its beginning, or 'last'.")] = None,
    person: Annotated[str | None, typer.Option(help="Every session of this person.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    log: Log = None,
) -> None:
    """Remove every trace of a session, or of all sessions of a person, for good: raw data, tables, new results.

    Example: `coxa forget 20261123T2340`, or `coxa forget --person Ann`
    """
    from coxa.cli.forget import run

    run(session, person, yes, log)

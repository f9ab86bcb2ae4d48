"""Every command with its options and help; the work is in the module that each one imports when called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Log = Annotated[
    str | None,
    typer.Option("--log", envvar="COXA_LOG", help="Folder or URL of the session log.", show_default="your data folder"),
]
SideOption = Annotated[str | None, typer.Option(help="Thigh that wears the sensor: left or right.")]


def register(app: typer.Typer) -> None:
    """Hang every command on `app`."""
    for command in COMMANDS:
        app.command()(command)


Hci = Annotated[
    str | None,
    typer.Option(help="Bluetooth through a bumble transport, as usb:0 or tcp-client:HOST:PORT, not the system's own."),
]


Address = Annotated[str | None, typer.Option(help="Use this sensor and no other (see `coxa scan`).")]
SensorOption = Annotated[
    str | None,
    typer.Option("--sensor", help="Take it for this kind, as in `coxa sensors`, whatever it says."),
]
RateHz = Annotated[float | None, typer.Option("--rate-hz", help="Samples a second, as in `coxa sensors NAME`.")]
RangeG = Annotated[float | None, typer.Option("--range-g", help="Full scale of the accelerometer, g.")]
RangeDps = Annotated[float | None, typer.Option("--range-dps", help="Full scale of the gyro, degrees a second.")]

VoiceOption = Annotated[str, typer.Option("--voice", help="How talkative: quiet, counts or coach.")]
Lang = Annotated[str, typer.Option(help="Language of the voice: en, de, or a file of phrases of your own.")]


PageSwitch = Annotated[bool, typer.Option("--page", help="Show it in the browser, too.")]
Port = Annotated[
    int | None, typer.Option(help="Port of the page.", min=1, max=65535, show_default="8137, or a free one")
]
Lan = Annotated[bool, typer.Option("--lan", help="Let your home network see the page, with a link for each browser.")]


def demo(
    fast: Annotated[bool, typer.Option("--fast", help="As fast as the link goes, not in real time.")] = False,
    seed: Annotated[int, typer.Option(help="Another number is another person, strap, sensor and radio.")] = 1,
    routine: Annotated[str | None, typer.Option(help="Do this routine instead, as hip_mobility or a file.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Where to save the picture of the session.")] = None,
    voice: Annotated[
        str | None,
        typer.Option("--voice", help="How talkative: quiet, counts or coach.", show_default="coach, with --fast quiet"),
    ] = None,
    lang: Lang = "en",
    page: PageSwitch = False,
    port: Port = None,
    lan: Lan = False,
    log: Log = None,
) -> None:
    """See everything work on a simulated sensor: no hardware, no account, about two minutes.

    A simulated person does raises, circles both ways, a hold that is kept and one that is let go. The sensor is a
    program of its own that speaks Bluetooth LE over a virtual radio. Status 0 only if all that was counted is true.
    """
    from coxa.cli.demo import run
    from coxa.cli.page import PageOptions

    talk, shown = voice or ("quiet" if fast else "coach"), PageOptions(page, port, lan)
    raise typer.Exit(
        run(fast=fast, seed=seed, routine=routine, log=log, picture=picture, voice=talk, lang=lang, page=shown)
    )


def voice(
    lang: Lang = "en",
    phrase: Annotated[str | None, typer.Option(help="Only this one, as count_last.")] = None,
    silent: Annotated[bool, typer.Option("--silent", help="Print only.")] = False,
    voices: Annotated[bool, typer.Option("--list", help="List the voices of this machine instead.")] = False,
) -> None:
    """Hear everything that coxa can say, and see which voices your machine has.

    Example: `coxa voice --lang de`, or `coxa voice --list`
    """
    from coxa.cli.voice import list_voices, say_all

    if voices:
        list_voices(lang)
    else:
        say_all(lang, phrase, silent=silent)


def scan(
    seconds: Annotated[float, typer.Option(help="How long to listen.", min=1, max=120)] = 8.0, hci: Hci = None
) -> None:
    """List the Bluetooth sensors near you and mark those that coxa understands."""
    from coxa.cli.live import show_scan

    show_scan(hci, seconds)


def live(
    exercise: Annotated[
        str | None, typer.Option(help="What you are going to do, as in `coxa exercises`, or auto.")
    ] = None,
    routine: Annotated[str | None, typer.Option(help="A whole routine, as hip_mobility or a file.")] = None,
    side: SideOption = None,
    hold_target_s: Annotated[float | None, typer.Option(help="How long a hold must last.", min=1, max=600)] = None,
    phone: Annotated[
        str | None, typer.Option(help="A phone instead of a sensor: sensor-logger[:PORT] or phyphox://HOST.")
    ] = None,
    address: Address = None,
    sensor: SensorOption = None,
    rate_hz: RateHz = None,
    range_g: RangeG = None,
    range_dps: RangeDps = None,
    hci: Hci = None,
    voice: VoiceOption = "coach",
    lang: Lang = "en",
    page: PageSwitch = False,
    port: Port = None,
    lan: Lan = False,
    log: Log = None,
) -> None:
    """Count live from a sensor on your thigh. Stand or lie still for two seconds, then begin. Ctrl-C ends.

    Example: `coxa live --exercise lateral_leg_raise --side right`, with a phone in the strap
    `coxa live --phone sensor-logger --exercise lunge`
    """
    from coxa.cli.live import LiveRequest, run
    from coxa.cli.page import PageOptions
    from coxa.cli.sensor_choice import SensorChoice

    choice, shown = SensorChoice(hci, address, sensor, rate_hz, range_g, range_dps), PageOptions(page, port, lan)
    request = LiveRequest(exercise, routine, side, hold_target_s, choice, log, voice, lang, shown)
    if phone is not None:
        from coxa.cli.phone import run as run_phone

        run_phone(phone, request)
    else:
        run(request)


def page(port: Port = None, lan: Lan = False, log: Log = None) -> None:
    """Look at your sessions and trends in the browser, and put counts right. Ctrl-C ends.

    It listens on this machine only; with --lan also your home network, for who has the link that is shown.
    """
    from coxa.cli.page import run

    run(port, lan, log)


def sessions(log: Log = None) -> None:
    """List the sessions of the log. Interrupted ones are repaired first."""
    from coxa.cli.sessions import show_all

    show_all(log)


def show(
    session: Annotated[str, typer.Argument(help="Id of a session, its beginning, or 'last'.")] = "last",
    save: Annotated[Path | None, typer.Option(help="Where to save the picture (PNG, SVG or PDF).")] = None,
    log: Log = None,
) -> None:
    """Print one session, each repetition, rejection and hold, and draw it."""
    from coxa.cli.sessions import show_one

    show_one(session, log, save)


def replay(
    files: Annotated[
        list[str],
        typer.Argument(help="CSV recordings, or sessions of the log (folder, id or 'last').", metavar="FILE..."),
    ],
    exercise: Annotated[
        str | None, typer.Option(help="What was done, as in `coxa exercises`, or auto. A session knows it itself.")
    ] = None,
    side: SideOption = None,
    hold_target_s: Annotated[float | None, typer.Option(help="How long a hold must last.", min=1, max=600)] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Print events as JSON lines and nothing else.")] = False,
    column: Annotated[
        list[str] | None, typer.Option(help="Map a column: own=theirs, as ax_m_s2=AccX. Repeat as needed.")
    ] = None,
    accel_unit: Annotated[str, typer.Option(help="Unit of acceleration in the file: m_s2, g or mg.")] = "m_s2",
    gyro_unit: Annotated[str, typer.Option(help="Unit of rotation in the file: rad_s or deg_s.")] = "rad_s",
    time_unit: Annotated[str, typer.Option(help="Unit of time in the file: s, ms or us.")] = "s",
    log: Log = None,
) -> None:
    """Count what a recording holds: the very events that a live session would have logged.

    Example: `coxa replay set.csv --exercise leg_raise --side right`
    """
    from coxa.cli.replay import ReplayRequest, run

    run(
        ReplayRequest(
            tuple(files),
            exercise,
            side,
            hold_target_s,
            jsonl,
            tuple(column or ()),
            accel_unit,
            gyro_unit,
            time_unit,
            log,
        )
    )


def exercises(name: Annotated[str | None, typer.Argument(help="One exercise, in full.")] = None) -> None:
    """List the exercises, or tell all about one: what counts, what does not, what the sensor cannot see."""
    from coxa.cli.exercises import show

    show(name)


def teach(
    name: Annotated[str, typer.Argument(help="What to call it: small letters, digits and _.")],
    recording: Annotated[Path, typer.Option(help="CSV with one set: rest, five repetitions or more, rest.")],
    force: Annotated[bool, typer.Option("--force", help="Replace your exercise of that name.")] = False,
) -> None:
    """Teach coxa an exercise of your own from one recorded set, and see how well it is told from the others.

    Example: `coxa teach my_side_kick --recording set.csv`, then `coxa live --exercise my_side_kick`
    """
    from coxa.cli.teach import run

    run(name, recording, force)


def score(
    places: Annotated[
        list[Path], typer.Argument(help="Folders (searched through) or CSV files, with NAME.truth.json beside.")
    ],
    exercise: Annotated[str | None, typer.Option(help="Only recordings that ask for this one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
    plots: Annotated[
        Path | None, typer.Option(help="Draw every recording that has a failure into this folder.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; default: one for each CPU.", min=1)] = None,
) -> None:
    """Count recordings whose truth is known, and say how right the counts are: per exercise, never only one average."""
    from coxa.cli.score import run

    run(places, exercise, as_json, plots, workers)


def decode(
    sensor: Annotated[str, typer.Argument(help="Its name, as in `coxa sensors`.")],
    notifications: Annotated[list[str], typer.Argument(help="Each notification, in hex.", metavar="HEX...")],
    range_g: Annotated[float | None, typer.Option(help="Full scale of the accelerometer, g.")] = None,
    range_dps: Annotated[float | None, typer.Option(help="Full scale of the gyro, degrees per second.")] = None,
) -> None:
    """Decode a sensor's notifications: one JSON line a sample, in m/s2 and rad/s, and nothing else on stdout.

    Example: `coxa decode witmotion 5561fcffefff110800000000000098ff0d00f831`
    """
    from coxa.cli.decode import run

    run(sensor, notifications, range_g, range_dps)


def sensors(name: Annotated[str | None, typer.Argument(help="One sensor, in full.")] = None) -> None:
    """List the sensors that coxa can decode, or tell all about one: its clock, how loss shows, what follows for you.

    Example: `coxa sensors witmotion`
    """
    from coxa.cli.sensors import show

    show(name)


def bench(
    minutes: Annotated[float, typer.Option(help="Length of the stream at 100 Hz.", min=1, max=600)] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Measure speed: packets to events, against the bare orientation filter and a script written by hand, in one run.

    Only the ratios hold on a machine that does other things, too.
    """
    from coxa.cli.bench import run

    run(minutes, as_json)


Since = Annotated[str | None, typer.Option(help="Only from this day on, as 2026-10-03.", metavar="DATE")]
Person = Annotated[str | None, typer.Option(help="Whose sessions, where the log has several persons.")]
DaysPerWeek = Annotated[int, typer.Option(help="Training days that you plan a week.", min=1, max=7)]


def trends(
    exercise: Annotated[str | None, typer.Option(help="Only this one, as in `coxa exercises`.")] = None,
    since: Since = None,
    person: Person = None,
    days_per_week: DaysPerWeek = 3,
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
    kind: Annotated[str, typer.Argument(help="trend, overlay, steadiness or calendar.", metavar="KIND")],
    exercise: Annotated[str | None, typer.Option(help="Only this one, as in `coxa exercises`.")] = None,
    session: Annotated[str, typer.Option(help="Of overlay and steadiness: id, its beginning, or 'last'.")] = "last",
    since: Since = None,
    person: Person = None,
    days_per_week: DaysPerWeek = 3,
    save: Annotated[
        Path | None, typer.Option(help="Where to save the picture (PNG, SVG or PDF); without, it is shown.")
    ] = None,
    log: Log = None,
) -> None:
    """Draw a picture.

    **trend**: one exercise over time, both sides. **overlay**: all repetitions of each set over each other.
    **steadiness**: each hold inside its band. **calendar**: training days against the plan.

    Example: `coxa plot trend --exercise leg_raise --save trend.pdf`
    """
    from coxa.cli.plot import PlotRequest, run

    run(PlotRequest(kind, exercise, session, since, person, days_per_week, save, log))


def rescore(
    place: Annotated[
        str | None, typer.Argument(help="Folder or URL of the log; else that of --log.", metavar="LOG")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; default: one for each CPU, with the extra `cohort`.", min=1)
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A running Dask cluster to use instead, as tcp://host:8786.")
    ] = None,
    out: Annotated[
        str | None, typer.Option(help="Write a log of its own here, not into the sessions' folders.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Print every set, also those that stay the same.")] = False,
    log: Log = None,
) -> None:
    """Count every recorded session anew with today's detectors, beside the old result, and print what changed.

    Example: `coxa rescore --workers 2`, or for a log in object storage on a cluster:
    `coxa rescore s3://bucket/log --scheduler tcp://cluster:8786 --out s3://bucket/log-anew`
    """
    from coxa.cli.rescore import run

    raise typer.Exit(run(place or log, workers, scheduler, out, every))


def correct(
    session: Annotated[str, typer.Argument(help="Id of a session, its beginning, or 'last'.")],
    reps: Annotated[int, typer.Argument(help="Repetitions (or holds) that you did.", min=0, max=1000)],
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


def report(
    html: Annotated[Path | None, typer.Option(help="Where to write it as a page: one file that loads nothing.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Where to write it as a PDF of two A4 pages.")] = None,
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


def routine(
    action: Annotated[str, typer.Argument(help="show, check or list.")] = "list",
    name: Annotated[str, typer.Argument(help="A built-in routine, or a file of your own.")] = "hip_mobility",
) -> None:
    """Show what a routine asks for, or check a file of your own: every mistake with its line.

    Example: `coxa routine show hip_mobility`, `coxa routine check mine.toml`
    """
    from coxa.cli import routine as routines

    routines.run(action, name)


def export(
    kind: Annotated[str, typer.Argument(help="csv, parquet, motion-bids, fhir or fit.", metavar="FORMAT")],
    to: Annotated[Path, typer.Option(help="Folder to write; for fhir a file.")],
    since: Since = None,
    session: Annotated[str | None, typer.Option(help="Only this one: its id, the beginning of it, or 'last'.")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Leave out names, addresses and dates.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    log: Log = None,
) -> None:
    """Write the log for other programs: flat tables, FHIR observations, or FIT activities with sets and repetitions.

    motion-bids is a dataset of the raw recordings with their repetitions, as archives of movement science take it.

    Example: `coxa export csv --to tables --anonymous`, `coxa export motion-bids --to dataset`
    """
    from coxa.cli.export import run

    run(kind, to, since, session, anonymous, force, log)


COMMANDS = (
    demo,
    scan,
    live,
    page,
    voice,
    replay,
    sessions,
    show,
    trends,
    plot,
    report,
    export,
    exercises,
    routine,
    teach,
    score,
    rescore,
    correct,
    forget,
    sensors,
    decode,
    bench,
)

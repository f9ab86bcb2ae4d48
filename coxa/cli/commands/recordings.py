"""Recordings: counted anew, judged, timed. The work is in the module that each one imports when called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.commands.options import HoldTargetS, Log, SideOption, name_or_file, path


def replay(
    files: Annotated[
        list[str],
        typer.Argument(
            parser=name_or_file,
            help="CSV recordings, files of `coxa record`, or sessions of the log (folder, id or 'last').",
            metavar="FILE...",
        ),
    ],
    exercise: Annotated[
        str | None, typer.Option(help="What was done, as in `coxa exercises`, or auto. A session knows it itself.")
    ] = None,
    side: SideOption = None,
    hold_target_s: HoldTargetS = None,
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


def score(
    places: Annotated[
        list[Path],
        typer.Argument(parser=path, help="Folders (searched through) or CSV files, with NAME.truth.json beside."),
    ],
    exercise: Annotated[str | None, typer.Option(help="Only recordings that ask for this one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
    plots: Annotated[
        Path | None, typer.Option(parser=path, help="Draw every recording that has a failure into this folder.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; default: one for each CPU.", min=1)] = None,
) -> None:
    """Count recordings whose truth is known, and say how right the counts are: per exercise, never only one average.

    Example: `coxa score recordings`, `coxa score recordings --exercise lunge --plots failures`
    """
    from coxa.cli.score import run

    run(places, exercise, as_json, plots, workers)


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


def bench(
    minutes: Annotated[float, typer.Option(help="Length of the stream at 100 Hz.", min=1, max=600)] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Measure speed: packets to events, against the bare orientation filter and a script written by hand, in one run.

    Only the ratios hold on a machine that does other things, too.

    Example: `coxa bench`, `coxa bench --minutes 5 --json`
    """
    from coxa.cli.bench import run

    run(minutes, as_json)

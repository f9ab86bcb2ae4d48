"""Every command with its options and help; the work is in the module that each one imports when called."""

from __future__ import annotations


from typing import Annotated

import typer

Log = Annotated[
    str | None,
    typer.Option("--log", envvar="COXA_LOG", help="Folder or URL of the session log.", show_default="your data folder"),
]
SideOption = Annotated[str | None, typer.Option(help="Thigh that wears the sensor: left or right.")]


def register(app: typer.Typer) -> None:
    """Hang every command on `app`."""
    app.command()(replay)
    app.command()(exercises)


def replay(
    files: Annotated[
        list[str], typer.Argument(help="CSV recordings, or sessions of the log (folder, id or 'last').", metavar="FILE...")
    ],
    exercise: Annotated[
        str | None, typer.Option(help="What was done, as in `coxa exercises`. A session knows it itself.")
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
            tuple(files), exercise, side, hold_target_s, jsonl, tuple(column or ()), accel_unit, gyro_unit, time_unit, log
        )
    )


def exercises(name: Annotated[str | None, typer.Argument(help="One exercise, in full.")] = None) -> None:
    """List the exercises, or tell all about one: what counts, what does not, what the sensor cannot see."""
    from coxa.cli.exercises import show

    show(name)



"""Every command with its options and help, in the order of `coxa --help`."""

from __future__ import annotations

from inspect import cleandoc

import typer

from coxa.cli.commands import hands_free, log, recordings, sensor

PANELS = {
    "Exercise": (
        hands_free.demo,
        hands_free.live,
        hands_free.page,
        hands_free.routine,
        hands_free.exercises,
        hands_free.teach,
        hands_free.voice,
    ),
    "The sensor": (sensor.scan, sensor.doctor, sensor.record, sensor.sensors, sensor.decode),
    "Your log": (log.sessions, log.show, log.trends, log.plot, log.report, log.export, log.correct, log.forget),
    "Recordings": (recordings.replay, recordings.score, recordings.rescore, recordings.bench),
}


def register(app: typer.Typer) -> None:
    """Hang every command on `app`."""
    for panel, commands in PANELS.items():
        for command in commands:
            app.command(rich_help_panel=panel, help=_paragraphs(command.__doc__ or ""))(command)


def _paragraphs(docstring: str) -> str:
    """The docstring with each paragraph in one line: the terminal breaks lines where its own width wants it."""
    return "\n\n".join(" ".join(p.split()) for p in cleandoc(docstring).split("\n\n"))

"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.host.home import at_home
from coxa.host.limits import HOLD_TARGET_S


def path(text: str) -> Path:
    """A file or folder of this machine."""
    return Path(at_home(text))


def name_or_file(text: str) -> str:
    """What may be a name that coxa knows, or a file or folder."""
    return at_home(text)


Log = Annotated[
    str | None,
    typer.Option("--log", envvar="COXA_LOG", help="Folder or URL of the session log.", show_default="your data folder"),
]

SideOption = Annotated[str | None, typer.Option(help="Thigh that wears the sensor: left or right.")]

HoldTargetS = Annotated[
    float | None,
    typer.Option(help="How long a hold must last.", min=int(HOLD_TARGET_S[0]), max=int(HOLD_TARGET_S[1])),
]

Hci = Annotated[
    str | None,
    typer.Option(help="Bluetooth through a bumble transport, as usb:0 or tcp-client:HOST:PORT, not the system's own."),
]

Address = Annotated[str | None, typer.Option(help="Use this sensor and no other (see `coxa scan`).")]

AnySensor = Annotated[
    bool, typer.Option("--any", help="Take the nearest, not the one that was used first or named last.")
]

SensorOption = Annotated[
    str | None,
    typer.Option("--sensor", help="Take it for this kind, as in `coxa sensors`, whatever it says."),
]

RateHz = Annotated[float | None, typer.Option("--rate-hz", help="Samples a second, as in `coxa sensors NAME`.")]

RangeG = Annotated[float | None, typer.Option("--range-g", help="Full scale of the accelerometer, g.")]

RangeDps = Annotated[float | None, typer.Option("--range-dps", help="Full scale of the gyro, degrees a second.")]

VoiceOption = Annotated[str, typer.Option("--voice", help="How talkative: quiet, counts or coach.")]

Lang = Annotated[
    str, typer.Option(parser=name_or_file, help="Language of voice and page: en, de, or a file of phrases of your own.")
]

PageSwitch = Annotated[bool, typer.Option("--page", help="Show it in the browser, too.")]

Port = Annotated[
    int | None, typer.Option(help="Port of the page.", min=1, max=65535, show_default="8137, or a free one")
]

Lan = Annotated[bool, typer.Option("--lan", help="Let your home network see the page, with a link for each browser.")]

Who = Annotated[
    str | None,
    typer.Option("--person", envvar="COXA_PERSON", help="Who trains, where several persons share a log."),
]

Since = Annotated[str | None, typer.Option(help="Only from this day on, as 2026-10-03.", metavar="DATE")]

Person = Annotated[str | None, typer.Option(help="Whose sessions, where the log has several persons.")]

DaysPerWeek = Annotated[
    int | None, typer.Option(help="Training days that you plan a week.", min=1, max=7, show_default="3")
]

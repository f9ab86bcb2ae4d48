"""Sessions, and what leads them: seen, heard, planned. The work is in the module that each one imports when called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.commands.options import (
    Address,
    AnySensor,
    Hci,
    HoldTargetS,
    Lan,
    Lang,
    Log,
    PageSwitch,
    Port,
    RangeDps,
    RangeG,
    RateHz,
    SensorOption,
    SideOption,
    VoiceOption,
    Who,
    name_or_file,
    path,
)

MOST_SEED = 99_999
"""The sensor's name, SIM00001, has room for so many."""


def demo(
    fast: Annotated[bool, typer.Option("--fast", help="As fast as the link goes, not in real time.")] = False,
    seed: Annotated[
        int, typer.Option(help="Another number is another person, strap, sensor and radio.", min=0, max=MOST_SEED)
    ] = 1,
    routine: Annotated[
        str | None, typer.Option(parser=name_or_file, help="Do this routine instead, as hip_mobility or a file.")
    ] = None,
    clumsy: Annotated[
        bool, typer.Option("--clumsy", help="Somebody who fidgets, wobbles and makes half movements in between.")
    ] = False,
    picture: Annotated[Path | None, typer.Option(parser=path, help="Where to save the picture of the session.")] = None,
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

    Example: `coxa demo`, `coxa demo --fast --seed 7`, or the whole routine in the browser
    `coxa demo --routine hip_mobility --page`
    """
    from coxa.cli.demo import Acted, run
    from coxa.cli.page import PageOptions

    talk, shown = voice or ("quiet" if fast else "coach"), PageOptions(page, port, lan)
    try:
        status = run(Acted(fast, seed, routine, clumsy), log=log, picture=picture, voice=talk, lang=lang, page=shown)
    except (BrokenPipeError, SystemExit):
        status = 1  # whoever read has gone (rich makes a SystemExit of it) before it was known whether all is true
    raise typer.Exit(status)


def live(
    exercise: Annotated[
        str | None, typer.Option(help="What you are going to do, as in `coxa exercises`, or auto.")
    ] = None,
    routine: Annotated[
        str | None, typer.Option(parser=name_or_file, help="A whole routine, as hip_mobility or a file.")
    ] = None,
    side: SideOption = None,
    hold_target_s: HoldTargetS = None,
    phone: Annotated[
        str | None, typer.Option(help="A phone instead of a sensor: sensor-logger[:PORT] or phyphox://HOST.")
    ] = None,
    address: Address = None,
    any_sensor: AnySensor = False,
    left: Annotated[str | None, typer.Option(help="With --right: address of the left thigh's sensor.")] = None,
    right: Annotated[str | None, typer.Option(help="With --left: address of the right thigh's sensor.")] = None,
    sensor: SensorOption = None,
    rate_hz: RateHz = None,
    range_g: RangeG = None,
    range_dps: RangeDps = None,
    hci: Hci = None,
    person: Who = None,
    check_strap: Annotated[
        bool,
        typer.Option("--check-strap", help="First stand and lift the knee three times: how the sensor sits is known."),
    ] = False,
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

    choice = SensorChoice(hci, address, sensor, rate_hz, range_g, range_dps, any_sensor)
    shown = PageOptions(page, port, lan)
    request = LiveRequest(exercise, routine, side, hold_target_s, choice, log, voice, lang, shown, person, check_strap)
    if left is not None or right is not None:
        from coxa.cli.both import run as run_both

        run_both(left, right, phone, request)
    elif phone is not None:
        from coxa.cli.phone import run as run_phone

        run_phone(phone, request)
    else:
        run(request)


def page(port: Port = None, lan: Lan = False, lang: Lang = "en", log: Log = None) -> None:
    """Look at your sessions and trends in the browser, and put counts right. Ctrl-C ends.

    It listens on this machine only; with --lan also your home network, for who has the link that is shown.

    Example: `coxa page`, or to look from the phone `coxa page --lan`
    """
    from coxa.cli.page import run

    run(port, lan, lang, log)


def voice(
    lang: Lang = "en",
    phrase: Annotated[str | None, typer.Option(help="Only this one, as count_last.")] = None,
    silent: Annotated[bool, typer.Option("--silent", help="Print only.")] = False,
    voices: Annotated[bool, typer.Option("--list", help="List the voices of this machine instead.")] = False,
) -> None:
    """Hear everything that coxa can say, and see which voices your machine has.

    Example: `coxa voice --lang de`, or `coxa voice --list`
    """
    from coxa.cli.voice import run

    run(lang, phrase, silent=silent, voices=voices)


def routine(
    action: Annotated[str, typer.Argument(help="show, check or list.")] = "list",
    name: Annotated[
        str | None,
        typer.Argument(
            parser=name_or_file, help="A built-in routine, or a file of your own.", show_default="hip_mobility"
        ),
    ] = None,
) -> None:
    """Show what a routine asks for, or check a file of your own: every mistake with its line.

    Example: `coxa routine show hip_mobility`, `coxa routine check mine.toml`
    """
    from coxa.cli import routine as routines

    routines.run(action, name)


def exercises(name: Annotated[str | None, typer.Argument(help="One exercise, in full.")] = None) -> None:
    """List the exercises, or tell all about one: what counts, what does not, what the sensor cannot see.

    Example: `coxa exercises`, `coxa exercises hip_bridge`
    """
    from coxa.cli.exercises import show

    show(name)


def teach(
    name: Annotated[str, typer.Argument(help="What to call it: small letters, digits and _.")],
    recording: Annotated[
        Path, typer.Option(parser=path, help="CSV with one set: rest, five repetitions or more, rest.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace your exercise of that name.")] = False,
) -> None:
    """Teach coxa an exercise of your own from one recorded set, and see how well it is told from the others.

    Example: `coxa teach my_side_kick --recording set.csv`, then `coxa live --exercise my_side_kick`
    """
    from coxa.cli.teach import run

    run(name, recording, force)

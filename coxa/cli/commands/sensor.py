"""Sensors: found, examined, recorded, taken apart. The work is in the module that each one imports when called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.commands.options import Address, AnySensor, Hci, RangeDps, RangeG, RateHz, SensorOption, path


def scan(
    seconds: Annotated[float, typer.Option(help="How long to listen.", min=1, max=120)] = 8.0, hci: Hci = None
) -> None:
    """List the Bluetooth sensors near you and mark those that coxa understands.

    Example: `coxa scan`, or for a sensor that says little of itself `coxa scan --seconds 30`
    """
    from coxa.cli.scan import run

    run(hci, seconds)


def doctor(
    seconds: Annotated[float, typer.Option(help="How long to look at the sensor's data.", min=3, max=600)] = 25.0,
    address: Address = None,
    any_sensor: AnySensor = False,
    sensor: SensorOption = None,
    rate_hz: RateHz = None,
    range_g: RangeG = None,
    range_dps: RangeDps = None,
    hci: Hci = None,
) -> None:
    """Find out why it does not work: Bluetooth, permission, sensor, battery, rate, loss, gravity. Status 1 if bad.

    Leave the sensor lying for the first seconds, then turn it about.

    Example: `coxa doctor`, or for one sensor of several `coxa doctor --address F0:0D:CA:FE:00:01`
    """
    from coxa.cli.doctor import run
    from coxa.cli.sensor_choice import SensorChoice

    raise typer.Exit(run(seconds, SensorChoice(hci, address, sensor, rate_hz, range_g, range_dps, any_sensor)))


def record(
    raw: Annotated[Path, typer.Option(parser=path, help="File to write, as walk.hex.", show_default=False)],
    seconds: Annotated[float | None, typer.Option(help="For so long; else until Ctrl-C.", min=1)] = None,
    address: Address = None,
    any_sensor: AnySensor = False,
    sensor: SensorOption = None,
    rate_hz: RateHz = None,
    range_g: RangeG = None,
    range_dps: RangeDps = None,
    hci: Hci = None,
) -> None:
    """Write what a sensor sends, byte by byte, to a text file: for replay, for a bug report, for a new driver.

    Example: `coxa record --raw set.hex --seconds 60`, then `coxa replay set.hex --exercise leg_raise`
    """
    from coxa.cli.record import run
    from coxa.cli.sensor_choice import SensorChoice

    run(raw, seconds, SensorChoice(hci, address, sensor, rate_hz, range_g, range_dps, any_sensor))


def sensors(name: Annotated[str | None, typer.Argument(help="One sensor, in full.")] = None) -> None:
    """List the sensors that coxa can decode, or tell all about one: its clock, how loss shows, what follows for you.

    Example: `coxa sensors witmotion`
    """
    from coxa.cli.sensors import show

    show(name)


def decode(
    sensor: Annotated[str, typer.Argument(help="Its name, as in `coxa sensors`.")],
    notifications: Annotated[list[str], typer.Argument(help="Each notification, in hex.", metavar="HEX...")],
    range_g: RangeG = None,
    range_dps: RangeDps = None,
) -> None:
    """Decode a sensor's notifications: one JSON line a sample, in m/s2 and rad/s, and nothing else on stdout.

    Example: `coxa decode witmotion 5561fcffefff110800000000000098ff0d00f831`
    """
    from coxa.cli.decode import run

    run(sensor, notifications, range_g, range_dps)

"""`coxa decode` and `coxa sensors`: what drivers make of bytes, and what the sensors can do."""

from __future__ import annotations

import json
import sys

from coxa.host.errors import SpecError
from coxa.host.sensors.driver import Reading, Settings
from coxa.host.sensors.registry import DRIVERS, Driver, driver


def run(sensor: str, notifications: list[str], settings: Settings) -> None:
    """Print every sample as a line of JSON; what is wrong with the bytes goes to stderr.

    Raises:
        SpecError: no such sensor, or a notification that is no hex.
    """
    data = [_bytes(text) for text in notifications]
    parser = driver(sensor).parser(settings)
    for notification in data:
        for reading in parser.feed(notification):
            sys.stdout.write(json.dumps(_line(reading)) + "\n")
    stats = parser.stats
    for note in stats.notes:
        print(f"coxa: {note}", file=sys.stderr)
    damage = {
        "bytes of garbage": stats.garbage_bytes,
        "bad frames": stats.bad_frames,
        "samples whose time did not grow": stats.not_monotonic,
    }
    told = ", ".join(f"{count} {what}" for what, count in damage.items() if count)
    if told:
        print(f"coxa: {told}", file=sys.stderr)
    if parser.battery_percent is not None:
        print(f"coxa: battery {parser.battery_percent} %", file=sys.stderr)


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x").replace(":", " "))
    except ValueError:
        raise SpecError(f"'{text[:40]}' is no hex: digits 0-9 and a-f, two for each byte") from None


def _line(reading: Reading) -> dict[str, object]:
    return {"t_s": reading.t_s, "accel_mps2": reading.accel_mps2, "gyro_radps": reading.gyro_radps}


def show_sensors(name: str | None) -> None:
    """The table of sensors, or one in full.

    Raises:
        SpecError: no such sensor.
    """
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if name is not None:
        _show(driver(name))
        return
    table = Table("name", "sensor", "Hz", "gyro", "clock", "loss seen by")
    for d in DRIVERS.values():
        c = d.capabilities
        gyro = "yes" if c.gyro_ranges_dps else "no"
        rates = f"{c.default_rate_hz} ({min(c.rates_hz)}-{max(c.rates_hz)})"
        table.add_row(d.name, c.title, rates, gyro, c.clock, c.loss)
    console.print(table)
    console.print("`coxa sensors NAME` tells more, and what follows for you.")


def _show(d: Driver) -> None:
    from rich.console import Console
    from rich.table import Table

    c = d.capabilities
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("rates", ", ".join(map(str, c.rates_hz)) + f" Hz, {c.default_rate_hz} is set")
    table.add_row("accelerometer", ", ".join(f"{r} g" for r in c.accel_ranges_g))
    table.add_row("gyroscope", ", ".join(f"{r} deg/s" for r in c.gyro_ranges_dps) or "none")
    table.add_row("clock", "its own" if c.clock == "device" else "none in the data")
    table.add_row("lost packets", f"seen by {c.loss}" if c.loss != "unknown" else "cannot be seen")
    table.add_row("battery", c.battery)
    table.add_row("not tried", c.untested or "-")
    console = Console()
    console.print(f"[bold]{c.title}[/] ({d.name})")
    console.print(table)
    for sentence in c.consequences():
        console.print(f"- {sentence}")

"""`coxa sensors`: what can be worn, and what follows from it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from coxa.host.sensors.driver import Capabilities
from coxa.host.sensors.registry import DRIVERS, driver


def show(name: str | None) -> None:
    """Print all sensors as a table, or one in full.

    Raises:
        SpecError: there is no such sensor.
    """
    console = Console()
    if name is None:
        table = Table("name", "sensor", "Hz", "gyro", "clock", "loss shows by")
        for d in DRIVERS.values():
            can = d.capabilities
            table.add_row(
                d.name,
                d.title,
                _choice(can.rates_hz),
                "yes" if can.has_gyro else "no",
                can.clock.split(",")[0],
                can.loss.value,
            )
        console.print(table)
        return
    chosen = driver(name)
    console.print(f"[bold]{chosen.title}[/] ({chosen.name})")
    console.print(_facts(chosen.capabilities))
    for sentence in chosen.capabilities.follows:
        console.print(f"- {sentence}")


def _facts(can: Capabilities) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("rates", f"{_choice(can.rates_hz)} Hz")
    table.add_row("accelerometer", f"full scale {_choice(can.accel_ranges_g)} g")
    table.add_row("gyro", f"full scale {_choice(can.gyro_ranges_dps)} deg/s" if can.has_gyro else "none")
    table.add_row("clock", can.clock)
    table.add_row("loss shows by", can.loss.value)
    table.add_row("battery", can.battery)
    table.add_row("checked against", can.evidence)
    return table


def _choice(values: tuple[float, ...]) -> str:
    return ", ".join(f"{v:g}" for v in values) or "its own"

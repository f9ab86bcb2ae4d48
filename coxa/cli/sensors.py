"""`coxa sensors`: what can be worn, and what follows from it."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from coxa.cli.output import print_table
from coxa.host.sensors.driver import Capabilities, Loss
from coxa.host.sensors.registry import DRIVERS, driver

LOSS_SHOWS = {
    Loss.CHECKED: "seen, damage too",
    Loss.COUNTER: "seen",
    Loss.CLOCK: "seen",
    Loss.UNSEEN: "[yellow]guessed[/]",
}
LEGEND = (
    "[bold]gyro[/]: a sensor without one counts slow movements only. [bold]stamps[/]: whether samples carry a sensor's "
    "own time; the host's, taken otherwise, is less exact. [bold]loss[/]: whether coxa sees that samples are missing. "
    "`coxa sensors NAME` tells all about one, and what follows for you."
)


def show(name: str | None) -> None:
    """Print all sensors as a table, or one in full.

    Raises:
        SpecError: there is no such sensor.
    """
    console = Console()
    if name is None:
        table = Table(
            "name", "sensor", "Hz", "gyro", "stamps", "loss", box=box.SIMPLE, padding=(0, 1, 0, 0), pad_edge=False
        )
        table.columns[0].no_wrap = True
        table.columns[1].overflow = "fold"  # names of models may be longer than the column
        for d in DRIVERS.values():
            can = d.capabilities
            table.add_row(
                d.name,
                d.title,
                _span(can.rates_hz),
                "yes" if can.has_gyro else "[yellow]no[/]",
                "[yellow]no[/]" if can.clock.startswith("none") else "yes",
                LOSS_SHOWS[can.loss],
            )
        print_table(console, table)
        console.print(LEGEND)
        return
    chosen = driver(name)
    console.print(f"[bold]{chosen.title}[/] ({chosen.name})")
    console.print(_facts(chosen.capabilities))
    for sentence in chosen.capabilities.follows:
        console.print(f"- {sentence}")


def _facts(can: Capabilities) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("rates", _choice(can.rates_hz, "Hz"))
    table.add_row("accelerometer", _choice(can.accel_ranges_g, "g"))
    table.add_row("gyro", _choice(can.gyro_ranges_dps, "deg/s") if can.has_gyro else "none")
    table.add_row("clock", can.clock)
    table.add_row("loss shows by", can.loss.value)
    table.add_row("battery", can.battery)
    table.add_row("checked against", can.evidence)
    return table


def _span(rates_hz: tuple[float, ...]) -> str:
    return "as it says" if not rates_hz else " to ".join(f"{r:g}" for r in dict.fromkeys((rates_hz[0], rates_hz[-1])))


def _choice(values: tuple[float, ...], unit: str = "") -> str:
    return f"{', '.join(f'{v:g}' for v in values)} {unit}".strip() if values else "as it says"

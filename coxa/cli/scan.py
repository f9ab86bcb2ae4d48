"""`coxa scan`: what is on the air."""

from __future__ import annotations

import asyncio

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from coxa.cli.output import print_table
from coxa.cli.sensor_choice import close
from coxa.host.link.scan import FoundSensor, scan


def run(hci: str | None, seconds: float) -> None:
    """List what is on the air, supported sensors first.

    Raises:
        LinkError: there is no usable Bluetooth.
    """
    console = Console()
    with console.status(f"listening for {seconds:.0f} s"):
        heard = asyncio.run(_scan(hci, seconds))
    if not heard:
        console.print("Nothing heard. Is the sensor switched on and near, and not connected to something else?")
        return
    table = Table("name", "address", "signal", "sensor")
    for sensor in heard:
        kinds = " or ".join(f"[green]{d.title}[/] ({d.name})" for d in sensor.drivers)
        table.add_row(escape(sensor.name), sensor.address, f"{sensor.rssi_dbm} dBm", kinds)
    print_table(console, table)
    for driver in dict.fromkeys(d for s in heard for d in s.drivers):
        console.print(f"[bold]{driver.name}[/]: {driver.title}")
        for sentence in driver.capabilities.follows:
            console.print(f"- {sentence}")


async def _scan(hci: str | None, seconds: float) -> list[FoundSensor]:
    try:
        return await scan(hci, seconds)
    finally:
        await close(hci)

"""`coxa exercises`: the library as the user reads it."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from coxa.cli.output import print_table
from coxa.host.exercises.spec import exercise, library


def show(name: str | None) -> None:
    """Print all exercises as a table, or one in full.

    Raises:
        SpecError: there is no such exercise.
    """
    console = Console()
    if name is None:
        table = Table("name", "what it is", "starts from", "dose")
        for spec in library().values():
            cells = (spec.title, ", ".join(s.name for s in spec.start), spec.dose)
            table.add_row(spec.name, *map(escape, cells))
        print_table(console, table)
        return
    spec = exercise(name)
    console.print(f"[bold]{escape(spec.title)}[/] ({spec.name})")
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("dose", escape(spec.dose))
    table.add_row("counts", escape(spec.counts))
    table.add_row("does not count", escape(spec.rejects))
    table.add_row("cannot be seen", escape(spec.unseen))
    for start in spec.start:
        table.add_row(f"from {escape(start.name)}", f"at least {start.min_rom_deg:.3g} degrees")
    if spec.hold_target_s is not None:
        table.add_row("hold", f"{spec.hold_target_s:g} s inside a band of {spec.band_deg:g} degrees")
    console.print(table)

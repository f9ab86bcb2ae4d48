"""Finds a row of a CSV text again, for an error: its line as an editor counts, and its cells as they are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from coxa.host.limits import shown


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    line: int
    """The line on which it begins: 1 is the first of the file, blank ones counted."""
    cells: dict[str, str]
    """What stands in it, by the file's own column names; a cell that is not there is empty."""

    def cell(self, column: str) -> str:
        """What is written there, for a message."""
        return shown(self.cells.get(column, ""))


def find_row(data: bytes, number: int) -> Row:
    """The row of that number, 0 for the first below the header, as pandas counts: without blank lines.

    Slow (a second for a million rows): only for somebody who has to be told of it.
    """
    with _any_cell_size():
        rows = _rows(data)
        _, names = next(rows)
        line, cells = next(islice(rows, number, None), (number + 2, list[str]()))
    cells += [""] * (len(names) - len(cells))
    return Row(line, dict(zip(names, cells, strict=False)))


def read_header(data: bytes) -> tuple[int, list[str]]:
    """The line of the header, the first that is not blank, and its names.

    Raises:
        UnicodeDecodeError: it is not UTF-8 text.
    """
    with _any_cell_size():
        return next(_rows(data), (1, list[str]()))


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every row that is not blank; one with quotes may reach over several lines."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline=""), skipinitialspace=True)
    line = 1
    for cells in reader:
        if cells and (len(cells) > 1 or cells[0].strip(" \t")):
            yield line, cells
        line = reader.line_num + 1


@contextmanager
def _any_cell_size() -> Generator[None]:
    """A quote that is never closed makes one cell of the whole file, which pandas takes and csv would refuse."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)

"""One flat table per kind, as CSV or Parquet: pandas, R, spreadsheets and DuckDB read them with no help from us."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from coxa.analysis.load import LogFrames

NAMES = ("sessions", "sets", "reps", "holds")
FORMULA = r"^(?=[=+\-@\t\r])"
"""How a text begins that spreadsheets take for a formula and carry out."""


def write_csv(frames: LogFrames, folder: Path) -> None:
    """sessions.csv, sets.csv, reps.csv, holds.csv: UTF-8, a header with units in the names, times ISO 8601."""
    for name in NAMES:
        plain_texts(getattr(frames, name)).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def plain_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame for CSV and TSV, with a ' before each text that a spreadsheet would carry out; numbers stay."""
    return frame.assign(**{str(name): _plain(column) for name, column in frame.items() if _is_text(column)})


def _is_text(column: pd.Series) -> bool:
    kind, types = column.dtype, pd.api.types
    return isinstance(kind, pd.CategoricalDtype) or types.is_string_dtype(kind) or types.is_object_dtype(kind)


def _plain(column: pd.Series) -> pd.Series:
    """The column with its texts made plain; what else is in it, as numbers, stays of the type that it is."""
    values = [re.sub(FORMULA, "'", v) if isinstance(v, str) else v for v in column.astype("object")]
    return pd.Series(values, column.index, "object")


def write_parquet(frames: LogFrames, folder: Path) -> None:
    """The same four as Parquet, types kept, which are those of every other export whatever is in it."""
    for name in NAMES:
        frame = getattr(frames, name)
        table = pa.Table.from_pandas(frame, _schema(frame), preserve_index=False)
        pq.write_table(table, folder / f"{name}.parquet")


def read_parquet(folder: Path) -> LogFrames:
    """What `write_parquet` wrote."""
    return LogFrames(*(pd.read_parquet(folder / f"{name}.parquet") for name in NAMES))


def _schema(frame: pd.DataFrame) -> Any:
    """The frame's types; categories are strings, even of a column in which there are none."""
    found = pa.Schema.from_pandas(frame, preserve_index=False)
    category = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([f.with_type(category) if pa.types.is_dictionary(f.type) else f for f in found])

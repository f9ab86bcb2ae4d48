"""One flat table per kind, as CSV or Parquet: pandas, R, spreadsheets and DuckDB read them with no help from us."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from coxa.analysis.load import LogFrames

NAMES = ("sessions", "sets", "reps", "holds")


def write_csv(frames: LogFrames, folder: Path) -> None:
    """sessions.csv, sets.csv, reps.csv, holds.csv: UTF-8, a header with units in the names, times ISO 8601."""
    for name in NAMES:
        getattr(frames, name).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def write_parquet(frames: LogFrames, folder: Path) -> None:
    """The same four as Parquet, types kept."""
    for name in NAMES:
        getattr(frames, name).to_parquet(folder / f"{name}.parquet", index=False)


def read_parquet(folder: Path) -> LogFrames:
    """What `write_parquet` wrote."""
    return LogFrames(*(pd.read_parquet(folder / f"{name}.parquet") for name in NAMES))

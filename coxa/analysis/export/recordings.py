"""The samples of a log's sessions, each as a CSV recording that `coxa replay` and `coxa teach` take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from upath import UPath

from coxa.analysis.export.anonymous import session_numbers, session_zeros
from coxa.analysis.load import LogFrames
from coxa.analysis.table_file import DAMAGED, damage_of, read_table
from coxa.host.bounded import read_file
from coxa.host.errors import LogError
from coxa.host.limits import SAMPLES, SAMPLES_BYTES, SECONDS
from coxa.host.log.tables import ARROW, SAMPLE_TYPES
from coxa.host.replay.csv_file import write_csv
from coxa.host.samples import FloatArray, SampleBlock, usual_step_s

_SCHEMA = pa.schema([(name, ARROW[kind]) for name, kind in SAMPLE_TYPES.items()])


def write_recordings(frames: LogFrames, folder: Path, *, hide: bool, tell: Callable[[str], None]) -> pd.DataFrame:
    """A file for each session that has samples; gives the rows of those.

    Times are those of the log's tables. What was lost is where they leap.

    Args:
        frames: the log; its sessions' folders are read one at a time.
        folder: empty, made by the caller.
        hide: files have numbers for names, and time begins at the first movement, as in anonymous tables.
        tell: told one line for each session whose samples are missing or damaged, and that is left out.

    Raises:
        LogError: no session has any.
    """
    names = session_numbers(frames.sessions) if hide else {}
    zero_s = session_zeros(frames) if hide else {}
    written = list[str]()
    for name, samples in sampled(frames.sessions, tell):
        table = samples.to_numpy(np.float64)
        first_s = float(table[0, 0]) if hide else 0.0
        block = SampleBlock(table[:, 0] - zero_s.get(name, first_s), table[:, 1:4], table[:, 4:])
        write_csv(folder / f"{names.get(name, name)}.csv.gz", block)
        written.append(name)
    return frames.sessions[frames.sessions["session_id"].isin(written)]


def sampled(sessions: pd.DataFrame, tell: Callable[[str], None]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Id and samples of each session that has some, one at a time; `tell` hears of each that has none.

    Raises:
        LogError: no session has any.
    """
    found = False
    for name, place, state in zip(*(sessions[c] for c in ("session_id", "folder", "state")), strict=True):
        try:
            samples = _samples(UPath(place), unfinished=state == "open")
        except LogError as error:
            tell(f"{error}; left out")
            continue
        found = True
        yield name, samples
    if not found:
        raise LogError("nothing to export: no session has samples")


def _samples(folder: UPath, *, unfinished: bool) -> pd.DataFrame:
    """Table of a session, as `samples.parquet` holds it.

    Raises:
        LogError: there is none, nothing is in it, or it is damaged.
    """
    path = folder / "samples.parquet"
    try:
        table = read_table(read_file(path, SAMPLES_BYTES, links=False), SAMPLE_TYPES, SAMPLES)
        samples = table.select(list(SAMPLE_TYPES)).cast(_SCHEMA).to_pandas()
        _check_times(samples["t_s"].to_numpy())
    except FileNotFoundError:
        why = "is being recorded, or was interrupted" if unfinished else "has no samples, only events"
        raise LogError(f"{folder}: {why}") from None
    except DAMAGED as error:
        raise LogError(f"{path}: cannot be read ({damage_of(error)})") from None
    if not len(samples):
        raise LogError(f"{folder}: has no samples")
    return samples


def _check_times(t_s: FloatArray) -> None:
    """Raises ValueError: times (n,) that no recording has, or gaps so long that rows for them would fill the memory."""
    steps_s = np.diff(t_s)
    if not (np.abs(t_s) <= SECONDS).all() or not (steps_s >= 0.0).all():
        raise ValueError("its times are none, or go back")
    if len(steps_s) and not t_s[-1] - t_s[0] <= SAMPLES * usual_step_s(steps_s):
        raise ValueError("it lasts longer than any session")

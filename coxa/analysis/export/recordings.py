"""The samples of a log's sessions, each as a CSV recording that `coxa replay` and `coxa teach` take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from upath import UPath

from coxa.analysis.export.anonymous import session_numbers, session_zeros
from coxa.analysis.load import LogFrames
from coxa.host.errors import LogError
from coxa.host.log.tables import SAMPLE_TYPES
from coxa.host.replay.csv_file import write_csv
from coxa.host.samples import SampleBlock


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
        with path.open("rb") as file:
            table = pd.read_parquet(file, columns=list(SAMPLE_TYPES))
    except FileNotFoundError:
        why = "is being recorded, or was interrupted" if unfinished else "has no samples, only events"
        raise LogError(f"{folder}: {why}") from None
    except (OSError, ValueError, KeyError) as error:
        raise LogError(f"{path}: cannot be read ({str(error).splitlines()[0]})") from None
    if not len(table):
        raise LogError(f"{folder}: has no samples")
    return table

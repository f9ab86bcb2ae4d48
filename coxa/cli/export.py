"""`coxa export`: the log for other programs, in one step or not at all."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd

from coxa.analysis.export.anonymous import anonymous
from coxa.analysis.load import LogFrames, load
from coxa.host.errors import LogError, SpecError
from coxa.host.strict_json import json_text

FORMATS = ("csv", "parquet", "motion-bids", "fhir", "fit")

MOST_TOLD = 3
"""Sessions left out that are told one by one."""
MARKS = ("sessions.csv", "sessions.parquet", "dataset_description.json", "*.fit")
"""What an export that is a folder has in it: no other folder is ever replaced."""


def run(kind: str, to: Path, since: str | None, session: str | None, hide: bool, force: bool, log: str | None) -> None:
    """Write the log, or part of it, to `to`: a folder, or a file for fhir.

    Raises:
        SpecError: no such format, or an option is wrong.
        LogError: nothing to export, the place is taken, or it cannot be written.
    """
    if kind not in FORMATS:
        raise SpecError(f"no format '{kind}': known are {', '.join(FORMATS)}")
    if to.exists() and not force:
        raise LogError(f"{to} is there already: name another place, or --force to replace it")
    if to.is_dir() and any(to.iterdir()) and not any(f for mark in MARKS for f in to.glob(mark)):
        raise LogError(f"{to} is no export of coxa's, and is not replaced by one: name another place")
    frames = _chosen(load(log, broken=_tell), since, session)
    if not len(frames.sessions):
        raise LogError("nothing to export: the log has no session that fits")
    try:
        sessions = _write(kind, frames, to, hide)
    except OSError as error:
        raise LogError(f"{to}: cannot be written ({error.strerror or error})") from None
    simulated = int(sessions["simulated"].sum())
    told = f", {simulated} of them simulated and marked so" if simulated and kind != "fit" else ""
    print(f"{len(sessions)} sessions{told} in {to}")


def _chosen(frames: LogFrames, since: str | None, session: str | None) -> LogFrames:
    kept = frames.sessions
    if since is not None:
        try:
            kept = kept[kept["date"] >= pd.Timestamp(since)]
        except ValueError:
            raise SpecError(f"--since wants a day, as 2026-10-03, found '{since}'") from None
    if session is not None:
        name = kept["session_id"].iloc[-1] if session == "last" and len(kept) else session
        kept = kept[kept["session_id"].str.startswith(name)]
    ids = set(kept["session_id"])
    return LogFrames(kept, *(f[f["session_id"].isin(ids)] for f in (frames.sets, frames.reps, frames.holds)))


def _write(kind: str, frames: LogFrames, to: Path, hide: bool) -> pd.DataFrame:
    """Into a scratch folder beside the place, which then takes the place at once; gives the sessions written."""
    to.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=to.parent, prefix=f".{to.name}."))
    try:
        made = scratch / to.name
        if kind == "motion-bids":
            from coxa.analysis.export.motion_bids import write_motion_bids

            made.mkdir()
            left_out = list[str]()
            try:
                sessions = write_motion_bids(frames, made, hide=hide, tell=left_out.append)
            finally:
                _tell_some(left_out)
        else:
            _tables(kind, anonymous(frames) if hide else frames, made)
            sessions = frames.sessions
        if to.is_dir():
            to.replace(scratch / "old")
        made.replace(to)
        return sessions
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _tables(kind: str, frames: LogFrames, made: Path) -> None:
    from coxa.analysis.export import fhir, fit, tables

    if kind == "fhir":
        made.write_text(json_text(fhir.bundle(frames), indent=1) + "\n", "utf-8")
        return
    made.mkdir()
    {"csv": tables.write_csv, "parquet": tables.write_parquet, "fit": fit.write_fit}[kind](frames, made)


def _tell_some(lines: list[str]) -> None:
    for line in lines[:MOST_TOLD]:
        _tell(line)
    if len(lines) > MOST_TOLD:
        _tell(f"and {len(lines) - MOST_TOLD} more sessions are left out so")


def _tell(line: str) -> None:
    print(f"coxa: {line}", file=sys.stderr)

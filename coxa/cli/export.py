"""`coxa export`: the log for other programs, in one step or not at all."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd

from coxa.analysis.export.anonymous import anonymous
from coxa.analysis.load import LogFrames, load
from coxa.host.errors import LogError, SpecError

FORMATS = ("csv", "parquet", "fhir", "fit")


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
    frames = _chosen(load(log, broken=lambda line: print(f"coxa: {line}", file=sys.stderr)), since, session)
    if not len(frames.sessions):
        raise LogError("nothing to export: the log has no session that fits")
    frames = anonymous(frames) if hide else frames
    try:
        _write(kind, frames, to)
    except OSError as error:
        raise LogError(f"{to}: cannot be written ({error.strerror or error})") from None
    simulated = int(frames.sessions["simulated"].sum())
    told = f", {simulated} of them simulated and marked so" if simulated and kind != "fit" else ""
    print(f"{len(frames.sessions)} sessions{told} in {to}")


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


def _write(kind: str, frames: LogFrames, to: Path) -> None:
    """Into a scratch folder beside the place, which then takes the place at once."""
    to.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=to.parent, prefix=f".{to.name}."))
    try:
        made = scratch / to.name
        if kind == "fhir":
            from coxa.analysis.export.fhir import bundle

            made.write_text(json.dumps(bundle(frames), indent=1) + "\n", "utf-8")
        else:
            made.mkdir()
            _folder(kind, frames, made)
        if to.is_dir():
            shutil.rmtree(to)
        made.replace(to)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _folder(kind: str, frames: LogFrames, folder: Path) -> None:
    from coxa.analysis.export import fit, tables

    if kind == "csv":
        tables.write_csv(frames, folder)
    elif kind == "parquet":
        tables.write_parquet(frames, folder)
    else:
        fit.write_fit(frames, folder)

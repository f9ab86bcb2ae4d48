"""`coxa export`: the log for other programs, in one step or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coxa.analysis.export.anonymous import anonymous
from coxa.analysis.export.own import only_export
from coxa.analysis.load import LogFrames, load
from coxa.analysis.trends import of_person
from coxa.cli.day import parse_day
from coxa.cli.output import tell
from coxa.cli.repaired import repaired_log
from coxa.host.errors import LogError, SpecError, reason_of
from coxa.host.log import log_folder
from coxa.host.log.reader import last_session
from coxa.host.plural import count_of
from coxa.host.strict_json import json_text

FORMATS = ("csv", "parquet", "recordings", "motion-bids", "fhir", "fit")
MUTE = {"fit": "a FIT file", "recordings": "a CSV recording"}
"""Formats that have no place to say that a session was simulated."""

MOST_TOLD = 3
"""Sessions left out that are told one by one."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What the command line asks for."""

    kind: str
    to: Path
    since: str | None = None
    session: str | None = None
    person: str | None = None
    anonymous: bool = False
    force: bool = False
    log: str | None = None


def run(request: ExportRequest) -> None:
    """Write the log, or part of it: to a folder, or to a file for fhir.

    Raises:
        SpecError: no such format, or an option is wrong.
        LogError: nothing to export, the place is taken, or it cannot be written.
    """
    kind, to = request.kind, request.to
    if kind not in FORMATS:
        raise SpecError(f"no format '{kind}': known are {', '.join(FORMATS)}")
    if request.session == "":  # every id begins so
        raise SpecError("--session '' names no session; leave it out for all of them")
    if to.exists() and not request.force:
        raise LogError(f"{to} is there already: name another place, or --force to replace it")
    if to.is_dir() and not only_export(to):
        raise LogError(f"{to} holds what is no export of coxa's, and is not replaced by one: name another place")
    frames = _chosen(load(repaired_log(request.log), broken=lambda line: tell(f"left out: {line}")), request)
    try:
        sessions = _write(kind, frames, to, request.anonymous)
    except OSError as error:
        raise LogError(f"{to}: cannot be written ({reason_of(error)})") from None
    simulated = int(sessions["simulated"].sum())
    marked = f", which {MUTE[kind]} cannot say" if kind in MUTE else " and marked so"
    told = f" ({simulated} simulated{marked})" if simulated else ""
    print(f"{count_of(len(sessions), 'session')}{told} in {to}")


def _chosen(frames: LogFrames, request: ExportRequest) -> LogFrames:
    """The sessions that are meant, and what was done in them.

    Raises:
        SpecError: `since` is no day.
        LogError: nobody of that name, no such session or several that begin so, or none that fits.
    """
    kept, since = frames.sessions, parse_day("--since", request.since)
    if request.person is not None:
        kept = of_person(kept, request.person)
    if since is not None:
        kept = kept[kept["date"] >= pd.Timestamp(since)]
    if request.session == "last" and request.person is not None:
        kept = kept.iloc[-1:]
    elif request.session == "last":
        kept = kept[kept["session_id"] == last_session(log_folder(request.log)).name]
    elif request.session is not None:
        kept = _begun_by(kept, request.session)
    if not len(kept):
        raise LogError("nothing to export: the log has no session that fits")
    ids = set(kept["session_id"])
    return LogFrames(kept, *(f[f["session_id"].isin(ids)] for f in (frames.sets, frames.reps, frames.holds)))


def _begun_by(sessions: pd.DataFrame, name: str) -> pd.DataFrame:
    """The one session whose id begins so, as everywhere else in coxa."""
    found = sessions[sessions["session_id"].str.startswith(name)]
    if len(found) > 1 and name not in set(found["session_id"]):
        some = ", ".join(found["session_id"].iloc[:MOST_TOLD])
        raise LogError(f"'{name}' begins {len(found)} sessions: {some}; for a time since a day there is --since")
    return found[found["session_id"] == name] if len(found) > 1 else found


def _write(kind: str, frames: LogFrames, to: Path, hide: bool) -> pd.DataFrame:
    """Into a scratch folder beside the place, which then takes the place at once; gives the sessions written."""
    to.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=to.parent, prefix=f".{to.name}."))
    try:
        made = scratch / to.name
        if kind in ("motion-bids", "recordings"):
            made.mkdir()
            left_out = list[str]()
            try:
                sessions = _raw(kind)(frames, made, hide=hide, tell=left_out.append)
            finally:
                _tell_some(left_out)
        else:
            sessions = _tables(kind, anonymous(frames) if hide else frames, made)
        _make_private(made)
        if to.is_dir():
            to.replace(scratch / "old")
        made.replace(to)
        return sessions
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _make_private(made: Path) -> None:
    """For its owner alone, as the log is; where the file system has no rights, as on a stick, it goes without."""
    for place in (made, *made.rglob("*")):
        with suppress(OSError):
            place.chmod(0o700 if place.is_dir() else 0o600)


def _raw(kind: str) -> Callable[..., pd.DataFrame]:
    """What writes the sessions' samples."""
    if kind == "recordings":
        from coxa.analysis.export.recordings import write_recordings

        return write_recordings
    from coxa.analysis.export.motion_bids import write_motion_bids

    return write_motion_bids


def _tables(kind: str, frames: LogFrames, made: Path) -> pd.DataFrame:
    """Write what was done; gives the sessions written."""
    from coxa.analysis.export import fhir, fit, tables

    if kind == "fhir":
        made.write_text(json_text(fhir.bundle(frames), indent=1) + "\n", "utf-8")
        return frames.sessions
    made.mkdir()
    if kind == "fit":
        return fit.write_fit(frames, made)
    {"csv": tables.write_csv, "parquet": tables.write_parquet}[kind](frames, made)
    return frames.sessions


def _tell_some(lines: list[str]) -> None:
    for line in lines[:MOST_TOLD]:
        tell(line)
    if len(lines) > MOST_TOLD:
        tell(f"and {len(lines) - MOST_TOLD} more sessions are left out so")

"""`coxa correct`: how many repetitions a set truly had."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rich.console import Console

from coxa.analysis.rescore import SetCount, set_counts
from coxa.cli.repaired import repaired_session
from coxa.host.bounded import is_local
from coxa.host.errors import LogError
from coxa.host.log.corrections import Correction, append_correction
from coxa.host.log.tables import tables


def run(name: str, reps: int, number: int | None, note: str, log: str | None) -> None:
    """Keep one correction beside the machine's count.

    Raises:
        LogError: no such session or set, or the folder cannot be written.
    """
    session = repaired_session(name, log)
    if not is_local(session.folder):
        raise LogError(f"{session.folder}: corrections are written to local logs only; copy it here first")
    sets = set_counts(*tables(session.header.session_id, session.events()))
    index = _chosen(sets, number)
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    append_correction(Path(str(session.folder)), Correction(index, reps, now, note))
    Console().print(f"{_told(index, sets[index])}: you say {reps}. Both are kept.", highlight=False, soft_wrap=True)


def _chosen(sets: dict[int, SetCount], number: int | None) -> int:
    if not sets:
        raise LogError("nothing was seen in this session, so there is no set to correct")
    if number is None and len(sets) == 1:
        return next(iter(sets))
    if number is None or number - 1 not in sets:
        listed = "; ".join(_told(index, count) for index, count in sets.items())
        raise LogError(f"name the set with --set N: {listed}")
    return number - 1


def _told(index: int, count: SetCount) -> str:
    what = f"set {index + 1}, {count.exercise} {count.side or ''}".rstrip()
    return f"{what}, coxa counted {count.reps or count.holds}"

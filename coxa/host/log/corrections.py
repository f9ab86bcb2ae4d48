"""What a person says about a count afterwards. The machine's own count stays beside it, untouched."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from upath import UPath

from coxa.host.bounded import A_LINK, NO_LINK, read_file
from coxa.host.errors import LogError, reason_of
from coxa.host.limits import LINES_BYTES, PLANNED_SETS, SAID_REPS
from coxa.host.strict_json import json_text, parse_json

NAME = "corrections.jsonl"


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of corrections.jsonl; of several about one set the last holds."""

    set_index: int
    """The set, as `set_index` in the tables: 0 is the first in which something was seen."""
    reps: int
    """Repetitions that were truly done."""
    at: str
    """When it was said: ISO 8601 with offset from UTC."""
    note: str = ""


def corrected_counts(folder: UPath) -> dict[int, int]:
    """What a person says about the sets of a session, by set index; empty where nothing was said.

    Raises:
        LogError: the file is damaged.
    """
    path = folder / NAME
    if not path.exists():
        return {}
    return {c.set_index: c.reps for c in parse_corrections(read_file(path, LINES_BYTES, links=False), str(path))}


def append_correction(folder: Path, correction: Correction) -> None:
    """Add one correction to a session's folder, on disk when this returns.

    Args:
        folder: the session's folder.
        correction: what is to be kept.

    Raises:
        LogError: the correction cannot be meant, there is no session, or its folder cannot be written.
    """
    _check(correction, "correction")
    if not (folder / "session.json").is_file():
        raise LogError(f"{folder}: no session here (session.json is missing)")
    path = folder / NAME
    if path.is_symlink():
        raise LogError(f"{path}: {A_LINK}; remove it")
    try:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | NO_LINK, 0o600), "rb+") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            torn = size > 0 and file.read(1) != b"\n"
            line = lines_of([correction])
            file.write(b"\n" + line if torn else line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise LogError(f"{path}: cannot be written ({reason_of(error)})") from error


def lines_of(corrections: Iterable[Correction]) -> bytes:
    """The lines of a corrections.jsonl."""
    return "".join(json_text(asdict(c)) + "\n" for c in corrections).encode()


def parse_corrections(data: bytes, where: str) -> list[Correction]:
    """The corrections of a file; a torn last line, and the stump that an append after it leaves, are left out.

    Raises:
        LogError: a line is JSON and no correction; the text names it.
    """
    found = list[Correction]()
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        try:
            row = parse_json(line)
        except ValueError:
            continue
        try:
            correction = Correction(**row)
        except TypeError as error:
            raise LogError(f"{where}, line {number}: not a correction ({error})") from None
        _check(correction, f"{where}, line {number}")
        found.append(correction)
    return found


def _check(correction: Correction, where: str) -> None:
    last_set = PLANNED_SETS - 1
    for name, value, most in (("set_index", correction.set_index, last_set), ("reps", correction.reps, SAID_REPS)):
        if type(value) is not int or not 0 <= value <= most:
            raise LogError(f"{where}: {name} must be a whole number from 0 to {most}, found {value!r}")
    try:
        datetime.fromisoformat(correction.at)
    except (TypeError, ValueError):
        raise LogError(f"{where}: at must be a time in ISO 8601, found {correction.at!r}") from None

"""`coxa replay`: recordings in, events out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from coxa.cli.output import ProgressBar, show_summary, tell
from coxa.host.errors import RecordingError, SpecError
from coxa.host.events import Event, HoldEnded, RepCompleted, Side, to_dict
from coxa.host.exercises.spec import ExerciseSpec, lent
from coxa.host.motion.stream_check import StreamCheck
from coxa.host.replay.csv_file import ACCEL_UNITS, COLUMNS, GYRO_UNITS, TIME_UNITS, CsvFormat, read_csv
from coxa.host.replay.hex_file import SUFFIX, read_hex
from coxa.host.replay.length import checked_length
from coxa.host.replay.run import larger
from coxa.host.routine import Coach, SetPlan
from coxa.host.routine.plan import open_set
from coxa.host.samples import StreamItem
from coxa.host.strict_json import json_text
from coxa.host.tracker import AUTO


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """The options of one call."""

    files: tuple[str, ...]
    exercise: str | None
    side: str | None
    hold_target_s: float | None
    jsonl: bool
    columns: tuple[str, ...]
    accel_unit: str
    gyro_unit: str
    time_unit: str
    log: str | None


@dataclass(frozen=True, slots=True)
class _Recording:
    """One file or session, and what is to be counted in it."""

    name: str
    items: list[StreamItem]
    plan: tuple[SetPlan, ...]
    began_s: float = 0.0
    """People's zero of time: a session's first sample, or a file's own."""
    specs: tuple[ExerciseSpec, ...] = ()
    """Exercises of a session that the library lacks."""


def run(request: ReplayRequest) -> None:
    """Check every file first, then print what each holds.

    Raises:
        RecordingError: a file is broken; nothing has been printed for any.
        SpecError: an option or the exercise's name is wrong.
    """
    how = _format(request)
    _refuse_idle(request)
    loaded = [_load(name, request, how) for name in request.files]
    for recording in loaded:
        with lent(recording.specs):
            _show(recording, request, several=len(loaded) > 1)


def _show(recording: _Recording, request: ReplayRequest, *, several: bool) -> None:
    name, items, plan = recording.name, recording.items, recording.plan
    _warn(name, items)
    events = _events(items, plan, ProgressBar(f"replay {name}", len(items), quiet=request.jsonl))
    if request.jsonl:
        _print_lines(events, name if several else None)
    else:
        seen = list(events)
        show_summary(name, seen, recording.began_s)
        _explain(name, plan, seen)


def _warn(name: str, items: list[StreamItem]) -> None:
    check = StreamCheck()
    for item in items:
        check.update(item)
    for warning in check.warnings():
        tell(f"{name}: {warning}")


def _explain(name: str, plan: tuple[SetPlan, ...], events: list[Event]) -> None:
    """A recording of which `auto` makes nothing may be a good one: it must have been seen which posture it began in."""
    counted = any(isinstance(e, RepCompleted | HoldEnded) for e in events)
    if not counted and any(p.exercise == AUTO for p in plan):
        tell(f"{name}: no exercise was recognised; if one was done, name it with --exercise")


def _format(request: ReplayRequest) -> CsvFormat:
    if request.side not in (None, "left", "right"):
        raise SpecError(f"--side must be left or right, found '{request.side}'")
    for option, value, known in (
        ("--accel-unit", request.accel_unit, ACCEL_UNITS),
        ("--gyro-unit", request.gyro_unit, GYRO_UNITS),
        ("--time-unit", request.time_unit, TIME_UNITS),
    ):
        if value not in known:
            raise SpecError(f"{option} must be one of {', '.join(known)}, found '{value}'")
    pairs = [text.partition("=") for text in request.columns]
    for own, sign, theirs in pairs:
        if not sign or own not in COLUMNS:
            found = f"{own}{sign}{theirs}"
            raise SpecError(f"--column must be own=theirs with own one of {', '.join(COLUMNS)}, found '{found}'")
    columns = {own: theirs for own, _, theirs in pairs}
    theirs = [columns.get(own, own) for own in COLUMNS]
    twice = next((t for t in theirs if theirs.count(t) > 1), None)
    if len(columns) < len(pairs) or twice is not None:
        which = f"two columns are to be {twice}" if twice is not None else "a column is named twice"
        raise SpecError(f"--column: {which}; name each of {', '.join(COLUMNS)} at most once")
    return CsvFormat(columns, request.accel_unit, request.gyro_unit, request.time_unit)


def _refuse_idle(request: ReplayRequest) -> None:
    """An option that says how to do an exercise that is not named must not seem to have been heeded."""
    for option, value in (("--side", request.side), ("--hold-target-s", request.hold_target_s)):
        if value is not None and request.exercise is None:
            raise SpecError(
                f"{option} changes nothing in what a session planned; name the exercise with --exercise NAME"
            )


def _refuse_csv_options(name: str, how: CsvFormat) -> None:
    """Columns and units are told of foreign CSV files; what coxa wrote itself says what it holds."""
    usual = CsvFormat()
    given = {
        "--column": how.columns != usual.columns,
        "--accel-unit": how.accel_unit != usual.accel_unit,
        "--gyro-unit": how.gyro_unit != usual.gyro_unit,
        "--time-unit": how.time_unit != usual.time_unit,
    }
    for option, told in given.items():
        if told:
            raise SpecError(f"{option} changes nothing in {name}, which is no CSV file; leave it out")


def _load(name: str, request: ReplayRequest, how: CsvFormat) -> _Recording:
    from coxa.cli.repaired import repaired_log
    from coxa.host.log import find_session, session_items
    from coxa.host.log.reader import may_be_in_log

    if Path(name).is_dir() and not (Path(name) / "session.json").exists():
        raise RecordingError(f"{name}: a folder, and no session; name the recordings in it, or `coxa score` it whole")
    if may_be_in_log(name):
        repaired_log(request.log)
    session = find_session(name, request.log)
    if session is not None:
        _refuse_csv_options(name, how)
        with lent(session.lacking()):
            plan = session.plan if request.exercise is None else _named(request)
        return _Recording(name, session_items(session), plan, session.header.began_s or 0.0, session.lacking())
    if not Path(name).exists():
        raise RecordingError(f"{name}: no such file, and no session's id begins so; `coxa sessions` lists them")
    if Path(name).suffix.lower() == SUFFIX:
        if request.exercise is None:
            raise SpecError(f"{name}: notifications do not say what was done; add --exercise NAME")
        _refuse_csv_options(name, how)
        return _Recording(name, checked_length(Path(name), read_hex(Path(name)).items()), _named(request))
    if request.exercise is None:
        raise SpecError(f"{name}: a CSV file does not say what was done; add --exercise NAME (see `coxa exercises`)")
    return _Recording(name, read_csv(Path(name), how), _named(request))


def _named(request: ReplayRequest) -> tuple[SetPlan, ...]:
    assert request.exercise is not None
    return (open_set(request.exercise, cast(Side | None, request.side), request.hold_target_s),)


def _events(items: list[StreamItem], plan: tuple[SetPlan, ...], track: ProgressBar) -> Iterator[Event]:
    coach = Coach(plan)
    with track:
        for item in larger(items):
            yield from coach.feed(item)
            track.advance()
        yield from coach.finish()


def _print_lines(events: Iterator[Event], recording: str | None) -> None:
    for event in events:
        extra = {} if recording is None else {"recording": recording}
        print(json_text({**to_dict(event), **extra}))

"""Rescoring: what today's detectors make of a recording, the same bytes whoever does the work, the old left alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from upath import UPath

from coxa.analysis.cohort import QUIET, Job, Outcome, jobs, outcomes, run_job
from coxa.analysis.load import load
from coxa.analysis.rescore import SetChange, SetCount, rescore, set_changes, set_pairs
from coxa.cli.rescore import _cells, _print, run  # pyright: ignore[reportPrivateUsage]
from coxa.host.errors import LogError, SpecError
from coxa.host.exercises.spec import library
from coxa.host.log import list_sessions, open_session, repair_log
from coxa.host.log.corrections import Correction, append_correction
from coxa.host.log.header import specs_of
from coxa.host.routine import SetPlan
from tests.helpers import coxa
from tests.helpers_recorded import write

RAISE = SetCount("lateral_leg_raise", "right", 6, 1, 0, 0, 0.0, 38.0)
CIRCLE = SetCount("hip_circle", None, 4, 0, 0, 0, 0.0, 9.0)


def log_of(place: Path, sessions: int) -> UPath:
    """The same recording as so many sessions."""
    first, _ = write(place)
    header = json.loads((first / "session.json").read_text())
    for table in ("reps.parquet", "holds.parquet"):
        (first / table).unlink()  # they carry the id; without them the events are read
    for i in range(1, sessions):
        copy = shutil.copytree(first, first.with_name(f"copy-{i:03}"))
        (copy / "session.json").write_text(json.dumps({**header, "session_id": copy.name}))
    return UPath(place)


def no_complaint(line: str) -> None:
    """Nothing may be wrong."""
    raise AssertionError(line)


def new_files(log: UPath) -> dict[str, bytes]:
    """Every new result in a log, by path."""
    root = Path(str(log))
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("rescored/**/*") if f.is_file()}


def test_the_same_detectors_give_the_very_events_again(tmp_path: Path) -> None:
    """Nothing changed since the recording: events and counts are those of then, and the old files are untouched."""
    folder, _ = write(tmp_path)
    before = {f.name: f.read_bytes() for f in folder.iterdir()}
    (job,) = jobs(UPath(tmp_path), None, no_complaint)
    outcome = run_job(job)
    assert outcome.error is None
    assert [c.changed for c in outcome.changes] == [False]
    (place,) = (folder / "rescored").iterdir()
    assert (place / "events.jsonl").read_bytes() == before["events.jsonl"]
    assert {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file()} == before
    assert json.loads((place / "result.json").read_text())["versions"]["coxa"] == place.name


def test_what_changed_is_told_with_what_a_person_said(tmp_path: Path) -> None:
    """An old result with other counts: the set shows both, and the correction by hand."""
    folder, events = write(tmp_path)
    for table in ("reps.parquet", "holds.parquet"):
        (folder / table).unlink()
    lines = (folder / "events.jsonl").read_text().splitlines(keepends=True)
    (folder / "events.jsonl").write_text("".join(lines[:-1]))
    append_correction(folder, Correction(0, len(events), "2026-11-01T09:00:00+02:00"))
    (change,) = rescore(open_session(UPath(folder))).changes
    assert change.changed
    assert change.old is not None
    assert change.new is not None
    assert (change.old.reps + 1, change.corrected) == (change.new.reps, change.new.reps)


def test_events_that_are_damaged_are_counted_anew(tmp_path: Path) -> None:
    """A line in their midst, and no tables: as who is told of it is told to do."""
    folder, events = write(tmp_path)
    for table in ("reps.parquet", "holds.parquet"):
        (folder / table).unlink()
    lines = (folder / "events.jsonl").read_text().splitlines(keepends=True)
    (folder / "events.jsonl").write_text("".join([lines[0], "{}\n", *lines[2:]]))
    with pytest.raises(LogError, match=r"line 2: damaged.*`coxa rescore`"):
        open_session(UPath(folder)).events()
    new = rescore(open_session(UPath(folder))).files["events.jsonl"]
    assert new.count(b"\n") == len(events)


def of_another(log: Path, **changes: object) -> Path:
    """A session with an exercise that somebody else has taught, `changes` made to its copy."""
    folder, _ = write(log)
    header = json.loads((folder / "session.json").read_text())
    header["plan"][0]["exercise"] = "my_kick"
    header["specs"] = {"my_kick": {**header["specs"]["lateral_leg_raise"], "name": "my_kick", **changes}}
    (folder / "session.json").write_text(json.dumps(header))
    events = folder / "events.jsonl"
    events.write_text(events.read_text().replace("lateral_leg_raise", "my_kick"))
    for table in ("reps.parquet", "holds.parquet"):
        (folder / table).unlink()
    return folder


def replayed(folder: Path) -> str:
    """What `coxa replay --jsonl` prints of a session."""
    return coxa("replay", str(folder), "--jsonl").stdout


def test_a_session_has_its_exercises_with_it(tmp_path: Path) -> None:
    """One that the library lacks is replayed, rescored and repaired by its header's copy, which goes no further."""
    folder = of_another(tmp_path)
    logged = (folder / "events.jsonl").read_text()
    assert "my_kick" in logged
    assert replayed(folder) == logged
    (job,) = jobs(UPath(tmp_path), str(tmp_path / "new"), no_complaint)
    outcome = run_job(job)
    assert (outcome.error, [c.changed for c in outcome.changes]) == (None, [False])
    (new,) = list_sessions(UPath(tmp_path / "new"))
    assert "my_kick" in new.header.specs
    header = folder / "session.json"
    header.write_text(header.read_text().replace('"closed"', '"open"'))
    (folder / "events.jsonl").write_text("")
    (line,) = repair_log(UPath(tmp_path))
    assert "repaired" in line
    assert (folder / "events.jsonl").read_text() == logged
    assert "my_kick" not in library()


def test_a_copied_exercise_never_replaces_one_of_this_machine(tmp_path: Path) -> None:
    """The library has the name: its own entry counts, as after every retuning."""
    folder = of_another(tmp_path)
    header = json.loads((folder / "session.json").read_text())
    header["plan"][0]["exercise"] = "lateral_leg_raise"
    start = {**header["specs"]["my_kick"]["start"][0], "min_rom_deg": 80.0}
    header["specs"] = {
        "lateral_leg_raise": {**header["specs"]["my_kick"], "name": "lateral_leg_raise", "start": [start]}
    }
    (folder / "session.json").write_text(json.dumps(header))
    session = open_session(UPath(folder))
    assert session.lacking() == ()
    assert sum(c.new.reps for c in rescore(session).changes if c.new) > 3


def test_who_cannot_be_rescored_is_named(tmp_path: Path) -> None:
    """An exercise that neither the library nor the session has: the line says in which session."""
    folder = of_another(tmp_path)
    header = json.loads((folder / "session.json").read_text())
    (folder / "session.json").write_text(json.dumps({**header, "specs": {}}))
    (job,) = jobs(UPath(tmp_path), None, no_complaint)
    error = run_job(job).error
    assert error is not None
    assert error.startswith(f"{folder}: no exercise 'my_kick'")


def test_a_session_of_a_log_of_new_results_is_shown(tmp_path: Path) -> None:
    """It has no recording to draw: that is told, and is an error only where the picture was asked for."""
    write(tmp_path / "log")
    (job,) = jobs(UPath(tmp_path / "log"), str(tmp_path / "new"), no_complaint)
    assert run_job(job).error is None
    shown = coxa("show", "last", COXA_LOG=str(tmp_path / "new"))
    assert (shown.returncode, shown.stderr.count("\n")) == (0, 1)
    assert "no picture" in shown.stderr
    assert "lateral_leg_raise" in shown.stdout
    saved = coxa("show", "last", "--save", str(tmp_path / "x.png"), COXA_LOG=str(tmp_path / "new"))
    assert saved.returncode == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "other"}, "'name' is another"),
        ({"max_rep_s": "long"}, "'max_rep_s' must be a number"),
        ({"start": []}, "'start' must be a list of tables"),
        ({"surprise": 1}, "unknown key 'surprise'"),
        ({"kind": "hold"}, "'hold_target_s' is missing"),
        ({"title": None}, "'title'"),
    ],
)
def test_a_copied_exercise_is_checked_as_a_file_is(tmp_path: Path, changes: dict[str, object], says: str) -> None:
    """What is wrong with it is one line that says in which session."""
    folder = of_another(tmp_path, **changes)
    with pytest.raises(SpecError) as error:
        rescore(open_session(UPath(folder)))
    assert says in str(error.value)
    assert str(folder) in str(error.value)


def test_sets_are_compared_by_what_they_are() -> None:
    """A set that only one result has does not shift the others."""
    before, after = {0: RAISE, 1: CIRCLE}, {0: CIRCLE}
    changes = set_changes(before, after, set_pairs(before, after), [Correction(1, 5, "")])
    assert changes == (SetChange(RAISE, None), SetChange(CIRCLE, CIRCLE, 5))
    assert [c.changed for c in changes] == [True, False]
    before, after = {0: CIRCLE}, {0: RAISE, 1: replace(CIRCLE, reps=5)}
    more = set_changes(before, after, set_pairs(before, after))
    assert more == (SetChange(None, RAISE), SetChange(CIRCLE, replace(CIRCLE, reps=5)))


def test_a_hand_count_of_a_hold_exercise_is_compared_with_its_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """Two holds before and after, and two by hand: nothing is off."""
    holds = SetCount("knee_to_chest", "left", 0, 0, 2, 2, 60.0, 90.0)
    _print(Console(width=100), [Outcome("", "s", (SetChange(holds, holds, 2),))], every=False)
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["knee_to_chest", "1", "0", "0", "0", "2", "0"] in rows


def test_a_hold_that_fell_short_is_no_whole_one() -> None:
    """Claim: 29.96 s beside '0 of 1' are 29.9, not the 30.0 that were asked for."""
    short = SetCount("knee_to_chest", "left", 0, 0, 1, 0, 29.96, 90.0)
    assert _cells(SetChange(short, short))[4:6] == ("0 of 1", "29.9")


def test_a_log_of_new_results_keeps_what_people_said(tmp_path: Path) -> None:
    """`--out`: a correction goes with its set, under the number that the set has in the new result."""
    folder, events = write(tmp_path / "log")
    for table in ("reps.parquet", "holds.parquet"):
        (folder / table).unlink()
    lines = (folder / "events.jsonl").read_text().splitlines(keepends=True)
    other = json.dumps({**json.loads(lines[0]), "exercise": "hip_circle", "side": "left", "direction": None})
    (folder / "events.jsonl").write_text("".join([other + "\n", *lines]))
    append_correction(folder, Correction(1, len(events) + 2, "2026-11-01T09:00:00+02:00", "by the mirror"))
    (job,) = jobs(UPath(tmp_path / "log"), str(tmp_path / "new"), no_complaint)
    assert run_job(job).error is None
    frames = load(str(tmp_path / "new"), broken=no_complaint)
    assert list(frames.sets["reps_corrected"]) == [len(events) + 2]


def test_a_result_has_one_order_in_every_process() -> None:
    """The exercises that a result names stand in the plan's order: that of a set differs from process to process."""
    names = ["lunge", "hip_bridge", "figure_four", "hip_circle", "leg_raise", "knee_to_chest", "lateral_leg_raise"]
    assert list(specs_of(tuple(SetPlan(n, "left") for n in [*names, *names]))) == names


def test_a_killed_worker_costs_only_time(tmp_path: Path) -> None:
    """One of two workers is killed in the middle: every session is there once, with the bytes of a single process."""
    from distributed import Client, LocalCluster

    log = log_of(tmp_path, 12)
    todo = jobs(log, None, no_complaint)
    alone = list(outcomes(todo, workers=1))
    expected = new_files(log)
    for folder in Path(str(log)).rglob("rescored"):
        shutil.rmtree(folder)
    cluster: Any
    client: Any
    with LocalCluster(n_workers=2, threads_per_worker=1, **QUIET) as cluster, Client(cluster) as client:
        pids = sorted(client.run(os.getpid).values())
        together = list[Outcome]()
        for outcome in outcomes(todo, scheduler=cluster.scheduler_address):
            if not together:
                os.kill(pids[0], signal.SIGKILL)
            together.append(outcome)
    assert sorted(together, key=lambda o: o.folder) == sorted(alone, key=lambda o: o.folder)
    assert new_files(log) == expected
    assert len(expected) == 4 * 12


def test_the_command_spreads_the_work_over_processes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--workers 2`: a log of its own that loads as any log does, and tables for people."""
    log = log_of(tmp_path / "log", 2)
    assert run(str(log), 2, None, str(tmp_path / "new"), every=True) == 0
    assert "copy-001" in capsys.readouterr().out
    frames = load(str(tmp_path / "new"), broken=no_complaint)
    old = load(log, broken=no_complaint)
    assert list(frames.reps["start_s"]) == list(old.reps["start_s"])
    assert len(frames.sessions) == 2


def test_what_cannot_be_rescored_is_named(tmp_path: Path) -> None:
    """Packets gone or cut, an exercise of somebody else's, a living session: a line each, and the rest is done."""
    log = log_of(tmp_path, 5)
    good, bare, cut, unknown, alive = sorted(f for f in (Path(str(log)) / "sessions").glob("*/*"))
    (bare / "packets.arrows").write_bytes(b"")
    (cut / "packets.arrows").write_bytes((cut / "packets.arrows").read_bytes()[:30_000])
    header = json.loads((unknown / "session.json").read_text())
    header["plan"][0]["exercise"] = "somersault"
    (unknown / "session.json").write_text(json.dumps(header))
    (alive / "session.json").write_text(json.dumps({**header, "session_id": alive.name, "state": "open"}))
    told = list[str]()
    done = list(outcomes(jobs(log, None, told.append), workers=1))
    assert [o.error is None for o in done] == [o.folder == str(good) for o in done]
    errors = " ".join(o.error or "" for o in done)
    assert errors.count("damaged or cut off") == 2
    assert "somersault" in errors
    assert str(alive) in told[0]


def test_a_recording_is_never_overwritten(tmp_path: Path) -> None:
    """`--out` that is the log itself: refused, every file as before."""
    log = log_of(tmp_path, 1)
    before = {f: f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()}
    (outcome,) = (run_job(Job(j.folder, str(log))) for j in jobs(log, None, no_complaint))
    assert "never overwritten" in (outcome.error or "")
    assert {f: f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()} == before


def test_a_cluster_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    """Nobody answers at the address."""
    with pytest.raises(LogError, match="no Dask scheduler"):
        next(outcomes(jobs(log_of(tmp_path, 1), None, no_complaint), scheduler="nonsense://x"))

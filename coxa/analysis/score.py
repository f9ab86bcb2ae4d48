"""Scores the tracker on folders of recordings with truth: figures per exercise and kind, and every failure."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

from coxa.analysis.score_figures import Figures, NegativeFigures, figures, negative_figures
from coxa.analysis.score_recording import Failure, RecordingScore, judge, judge_auto_negative, judge_with_auto
from coxa.analysis.score_truth import NOTHING, ROUTINE, check_clock, read_truth
from coxa.analysis.undisturbed import undisturbed
from coxa.host.errors import RecordingError, reason_of
from coxa.host.exercises.spec import ExerciseSpec, add_own, library, own_exercises
from coxa.host.exercises.spec import exercise as known_exercise
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import beats_of, track_beats
from coxa.host.samples import SampleBlock
from coxa.host.tracker import AUTO

_TRUTH = ".truth.json"


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run."""

    recordings: list[RecordingScore]
    exercises: list[Figures]
    """One for each exercise and kind of recording."""
    totals: list[Figures]
    """One for each kind of recording."""
    negatives: list[NegativeFigures]
    broken: list[str] = field(default_factory=list[str])
    """One line for each recording that cannot be read, with its place: none of the figures knows of it."""

    @property
    def failures(self) -> list[Failure]:
        """Every failure, in the order of the recordings."""
        return [f for r in self.recordings for f in r.failures]

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {**asdict(self), "failures": [asdict(f) for f in self.failures]}


def find_recordings(places: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Every (CSV, truth) under folders, or of single CSV files, by name.

    Raises:
        RecordingError: a place does not exist or holds no recording with truth, a folder in it cannot be searched, or a
            truth has no recording.
    """
    out = list[tuple[Path, Path]]()
    for place in places:
        if not place.exists():
            raise RecordingError(f"{place}: no such file or folder")
        found = _truths_in(place) if place.is_dir() else [truth_of(place)]
        if not place.is_dir() and not found[0].exists():
            raise RecordingError(f"{place}: no truth beside it ({found[0].name}); `coxa replay` counts without one")
        if not found:
            raise RecordingError(f"{place}: no recording with truth in it (NAME.csv or NAME.csv.gz with NAME{_TRUTH})")
        out.extend((_csv_of(truth), truth) for truth in found)
    return list({csv.resolve(): (csv, truth) for csv, truth in out}.values())


def _truths_in(place: Path) -> list[Path]:
    """Raises RecordingError: a folder cannot be searched; what is in it would be missing from the figures, unsaid."""

    def refuse(error: OSError) -> None:
        raise RecordingError(f"{error.filename}: cannot be searched ({reason_of(error)}); name the others") from error

    files = [Path(folder, name) for folder, _, names in os.walk(place, onerror=refuse) for name in names]
    return sorted(file for file in files if file.name.endswith(_TRUTH))


def score_recordings(
    places: Sequence[Path],
    exercise: str | None = None,
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Track every recording with truth and judge the events.

    Args:
        places: folders, searched through, or CSV files.
        exercise: only recordings that ask for this one; None: all.
        workers: processes; None: one for each CPU, 1: none but this one.
        on_progress: told how many recordings of how many are done.

    Raises:
        RecordingError: no recordings, or none that can be read.
        SpecError: no such exercise.
    """
    if exercise is not None:
        known_exercise(exercise)
    jobs = [(csv, truth, exercise) for csv, truth in find_recordings(places)]
    scores, broken = list[RecordingScore](), list[str]()
    with closing(_run(jobs, workers)) as parts:
        for done, part in enumerate(parts, 1):
            if isinstance(part, str):
                broken.append(part)
            else:
                scores.extend(part)
            if on_progress is not None:
                on_progress(done, len(jobs))
    if not scores and broken:
        others = f" (and {len(broken) - 1} more cannot be read)" if len(broken) > 1 else ""
        raise RecordingError(f"{broken[0]}{others}")
    if not scores:
        raise RecordingError(f"{places[0]}: no recording there asks for '{exercise}'")
    return replace(report(scores), broken=broken)


def report(scores: list[RecordingScore]) -> Report:
    """Figures from the recordings' scores."""
    positives, negatives = [s for s in scores if not s.negative], [s for s in scores if s.negative]
    groups = sorted({(s.exercise, s.kind) for s in positives})
    kinds = sorted({s.kind for s in positives})
    asked = sorted({(s.exercise, s.kind) for s in negatives})
    return Report(
        scores,
        [figures([s for s in positives if (s.exercise, s.kind) == g], *g) for g in groups],
        [figures([s for s in positives if s.kind == k], "all", k) for k in kinds],
        [negative_figures([s for s in negatives if (s.exercise, s.kind) == g], *g) for g in asked],
    )


Job = tuple[Path, Path, str | None]


def _run(jobs: list[Job], workers: int | None) -> Generator[list[RecordingScore] | str]:
    count = min(workers or os.cpu_count() or 1, len(jobs))
    if count == 1:
        yield from map(_scored, jobs)
        return
    others = set(active_children())
    # spawn: threads of numpy and pyarrow do not survive a fork; a new process is told the user's own exercises
    with undisturbed():  # its locks begin a process, too
        pool = ProcessPoolExecutor(count, get_context("spawn"), _begin, own_exercises())
    with pool:
        try:
            with undisturbed():
                found = [pool.submit(_scored, job) for job in jobs]  # starts every process
            for one in found:
                yield one.result()
        except BaseException:  # nobody waits any more for what is being counted
            for child in set(active_children()) - others:
                child.terminate()
            raise


def _begin(*own: ExerciseSpec) -> None:
    """A process that scores knows the user's own exercises, and ends with the one that began it."""
    add_own(*own)
    parent = parent_process()
    if parent is not None:
        Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()


def _scored(job: Job) -> list[RecordingScore] | str:
    """The scores of one recording, or what is wrong with it: one of thousands must not cost the work on the others."""
    try:
        return score_one(job)
    except RecordingError as error:
        return str(error)


def score_one(job: Job) -> list[RecordingScore]:
    """The scores of one (CSV, truth, exercise or None): one for each exercise that is to be asked for.

    Where nothing may be counted, `auto` is asked for as well; elsewhere it does the sets again.
    """
    csv, truth_path, only = job
    truth = read_truth(truth_path)
    if truth.exercise == ROUTINE:
        raise RecordingError(f"{truth_path}: exercise is a whole routine; each recording to score holds one exercise")
    asked = list(library()) if truth.exercise == NOTHING else [truth.exercise]
    asked = [name for name in (*asked, *([AUTO] if truth.negative else [])) if only in (None, name)]
    if not asked:
        return []
    items = read_csv(csv)
    beats = beats_of(items)
    blocks = [item for item in items if isinstance(item, SampleBlock)]
    span_s = (float(blocks[0].t_s[0]), float(blocks[-1].t_s[-1]))
    check_clock(truth, span_s, str(truth_path))
    name = truth_path.name.removesuffix(_TRUTH)
    scores = list[RecordingScore]()
    for asks in asked:
        events = track_beats(beats, asks, truth.side)
        if asks == AUTO:
            scores.append(judge_auto_negative(name, str(csv), truth, events, span_s))
        else:
            scores.append(judge(name, str(csv), truth, asks, events, span_s))
    if truth.exercise in library() and not truth.negative and truth.reps:
        judge_with_auto(scores[0], truth, track_beats(beats, AUTO, truth.side))
    return scores


def truth_of(csv: Path) -> Path:
    """Where the truth of a recording lies."""
    return csv.with_name(csv.name.removesuffix(".gz").removesuffix(".csv") + _TRUTH)


def _csv_of(truth: Path) -> Path:
    stem = truth.name.removesuffix(_TRUTH)
    for suffix in (".csv", ".csv.gz"):
        if (csv := truth.with_name(stem + suffix)).exists():
            return csv
    raise RecordingError(f"{truth}: there is no recording {stem}.csv or {stem}.csv.gz beside it")

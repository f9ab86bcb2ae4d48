"""How far each tuning value may move: `python -m tools.tuning_ranges ../shared/recordings [--missing] [--changed]`.

Each value is replaced by 0.5, 0.7, 0.85 and 0.93 times its default and by 1.07, 1.15, 1.4 and twice it, the furthest
first; whole numbers go by whole steps, cosines and shares keep their distance from 1 in proportion. A row tells the
lowest and highest value with which nothing gets worse, and what got worse first beyond. `--missing` takes only the
values whose docstring names no range, `--only` those whose name holds one of the words.

Worse is: a set or a block that was exact is not; a count outside of sets, or where nothing may be counted; a direction
or a hold lost; a hold's time wrong by more than a second, a range of motion by more than 5 degrees; from the fourth
repetition on a decision more than 0.6 s late; with `auto`, a set not known in time or something taken for what it is
not.

Not everything is asked of everything, which takes a minute for each trial. Every recording of a sound sensor is
tracked for its own exercise; real people who move their arms or the other leg for the exercises in `NEAR`, who walk for
those in `WALKS`. `auto` is asked of the quickest recording of each exercise and of three negatives, for its own values
of all that are not real. A recording that never looks at the value is left out, and one that a further trial left as it
was, event for event, is left out of the nearer ones.

`--changed` asks kinematic and optical recordings that `tools.changes` has made quicker and slower instead, each for its
own exercise, and negatives for those in `NEGATIVES` too. Most values guard what people and sensors differ by, which no
recording shows as it is.

`--tests TEST...` looks for what fails in these tests instead (files, or as pytest names them, the quickest first): some
values guard what no recording holds.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path

import pytest

from coxa.analysis.score import find_recordings
from coxa.analysis.score_auto import DECISION_S, judge_auto, mistaken
from coxa.analysis.score_recording import judge
from coxa.analysis.score_truth import NOTHING, Truth, parse_truth
from coxa.host.detect.auto.recogniser_params import RecogniserParams
from coxa.host.detect.still import Ticks
from coxa.host.events import Event
from coxa.host.replay.run import beats_of, track_beats
from coxa.host.samples import Gap, SampleBlock, StreamItem
from coxa.host.tracker import AUTO
from tools.tuning_values import Value, all_values, seen_as
from tools.variants import changed

DOWN, UP = (0.5, 0.7, 0.85, 0.93), (2.0, 1.4, 1.15, 1.07)
STEPS = (8, 4, 2, 1)
NEAR = ("leg_raise", "lateral_leg_raise", "hamstring_stretch")
"""What sitting people who move their arms or the other leg may be taken to do."""
WALKS = ("leg_raise", "lunge", "hip_circle")
KNOWN_BY_AUTO = (
    "figure_four_2", "hamstring_stretch_3", "hip_bridge_1", "hip_circle_3", "knee_to_chest_4", "lateral_leg_raise_1",
    "leg_raise_4", "lunge_2", "negative_6", "negative_8", "negative_3",
)  # fmt: skip
"""Recordings of which `auto` is asked for every value."""
CHANGED = ("in 0.75 of the time", "in 1.33 of the time")
NEGATIVES = ("leg_raise", "lunge", "hip_circle", "figure_four")
"""What changed negatives are asked for besides their own exercise."""
FAULTY = ("ptx_s2_l", "uiprmd_m06_s02", "uiprmd_m07_s02")
"""Done with broken accelerometers (recordings/README.md); to the arms of subject 2 it makes no difference."""
HOLD_ERROR_S, ROM_ERROR_DEG = 1.0, 5.0
Faults = dict[str, int]


@dataclass(slots=True)
class Loaded:
    """A recording in memory."""

    name: str
    truth: Truth
    items: list[StreamItem]
    beats: list[Ticks | Gap]
    span_s: tuple[float, float]


@dataclass(slots=True)
class Run:
    """One recording, asked for one exercise, with what comes of it while no value is moved."""

    of: Loaded
    asks: str
    spare: bool
    """Whether it is left out of most trials."""
    events: list[Event]
    faults: Faults
    seconds: float
    reads: set[tuple[type, str]]
    """The fields that were looked at."""

    @property
    def name(self) -> str:
        """As the table calls it."""
        own = self.asks == self.of.truth.exercise
        return self.of.name if own else f"{self.of.name} asked for {self.asks}"


@dataclass(frozen=True, slots=True)
class Side:
    """How far a value may move to one side."""

    limit: float
    """The furthest value tried with which nothing got worse."""
    beyond: float | None
    """The nearest with which something did, and what; None: nothing did."""
    broken: str


def main() -> None:
    """Print the table."""
    args = _arguments()
    named = dict.fromkeys(v for word in args.only for v in all_values() if word in v.name)
    values = [v for v in named if not (args.missing and v.has_range)]
    runs = [] if args.tests else _runs(args.folder, args.changed)
    gc.freeze()
    print("| value | default | low | high | breaks first below | breaks first above |\n|---|---|---|---|---|---|")
    for value in values:
        worse = partial(_failing_test, value, args.tests) if args.tests else Trials(value, runs).worse
        low, high = (_side(value, tries, worse) for tries in (_tries(value, DOWN), _tries(value, UP)))
        print(f"| {value.name} | {value.default:g} | {_told(low, high)} |", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", default=[""], metavar="WORD", help="only values whose name holds one")
    parser.add_argument("--missing", action="store_true", help="only values whose docstring names no range")
    parser.add_argument("--changed", action="store_true", help="ask changed recordings instead")
    parser.add_argument("--tests", nargs="+", metavar="TEST", help="look for tests that fail instead")
    args = parser.parse_args()
    if not args.folder.is_dir():
        parser.error(f"{args.folder}: no such folder")
    for word in args.only:
        if not any(word in v.name for v in all_values()):
            parser.error(f"--only {word}: no value is called so, as `WayParams.move_s` is")
    return args


def _told(low: Side, high: Side) -> str:
    if low.beyond is None and high.beyond is None:
        return f"{low.limit:g} | {high.limit:g} | nothing from half to twice | "
    told = ("nothing" if s.beyond is None else f"{s.beyond:g}: {s.broken}" for s in (low, high))
    return f"{low.limit:g} | {high.limit:g} | {' | '.join(told)}"


def _tries(value: Value, factors: Sequence[float]) -> list[float]:
    """What a value is replaced by on one side, the furthest first."""
    n = value.default
    if isinstance(n, int):
        furthest = round(n * factors[0]) if n > 1 else n + (1 if factors[0] > 1 else -1)
        steps = [s for s in STEPS if s < abs(furthest - n)]
        return [furthest, *(n + (s if factors[0] > 1 else -s) for s in steps)]
    return [_scaled(value, f) for f in factors]


def _scaled(value: Value, factor: float) -> float:
    n, bounded = value.default, any(w in value.field for w in ("cos", "share"))
    if not (bounded and 0 < n < 1):
        return n * factor
    kept = 1 - (1 - n) / factor
    return min(n * factor, kept) if factor > 1 else max(n * factor, kept)


def _side(value: Value, tries: Sequence[float], worse: Callable[[float], str]) -> Side:
    """Comes nearer until nothing gets worse."""
    beyond, broken = None, ""
    for number in tries:
        found = worse(number)
        if not found:
            return Side(number, beyond, broken)
        beyond, broken = number, found
    return Side(value.default, beyond, broken)


class Trials:
    """Tries numbers for one value, on either side the further ones first."""

    def __init__(self, value: Value, runs: Sequence[Run]) -> None:
        self._value = value
        self._motion = "motion" in value.owner.__module__
        of_auto = value.owner is RecogniserParams
        read = [r for r in runs if self._motion or (value.owner, value.field) in r.reads]
        runs = [r for r in read if of_auto or not r.spare]
        self._left = {False: runs, True: list(runs)}
        """Of either side, the runs that a further number has not left as they were, what got worse first."""

    def worse(self, number: float) -> str:
        """What gets worse with this number, empty if nothing does."""
        left = self._left[number > self._value.default]
        shown = self._value.with_number(number)
        with seen_as(self._value.owner, self._value.field, lambda: shown):
            for run in tuple(left):
                moved, told = self._of(run)
                if not moved:
                    left.remove(run)
                if told:
                    left.remove(run)
                    left.insert(0, run)
                    return told
        return ""

    def _of(self, run: Run) -> tuple[bool, str]:
        """Whether a run changes, and what of it gets worse."""
        try:
            beats = beats_of(run.of.items) if self._motion else run.of.beats
            events = track_beats(beats, run.asks, run.of.truth.side)
        except (ArithmeticError, ValueError, IndexError) as error:
            return True, f"{run.name} ({type(error).__name__})"
        if events == run.events:
            return False, ""
        faults = _faults(run.of, run.asks, events)
        grown = [what for what, n in faults.items() if n > run.faults[what]]
        return True, f"{run.name} ({', '.join(grown)})" if grown else ""


def _runs(folder: Path, changes: bool) -> list[Run]:
    """What is tracked, the quickest first."""
    left_out = (*FAULTY, "ptx", "walk") if changes else FAULTY
    sound = [csv for csv, _ in find_recordings([folder]) if not csv.name.startswith(left_out)]
    jobs = [(csv, change) for csv in sound for change in (CHANGED if changes else ("as it is",))]
    runs = list[Run]()
    for loaded in (_load(csv, change) for csv, change in jobs):
        for asks in _asked(loaded, changes):
            reads = set[tuple[type, str]]()
            begun = time.process_time()
            with ExitStack() as stack:
                for value in all_values():
                    if value.at in (None, 0):
                        stack.enter_context(seen_as(value.owner, value.field, _noted(value, reads)))
                events = track_beats(loaded.beats, asks, loaded.truth.side)
            took_s = time.process_time() - begun
            spare = asks == AUTO and loaded.name not in KNOWN_BY_AUTO
            runs.append(Run(loaded, asks, spare, events, _faults(loaded, asks, events), took_s, reads))
    return sorted(runs, key=lambda r: r.seconds)


def _noted(value: Value, reads: set[tuple[type, str]]) -> Callable[[], object]:
    shown, key = value.with_number(value.default), (value.owner, value.field)

    def look() -> object:
        reads.add(key)
        return shown

    return look


def _load(csv: Path, change: str) -> Loaded:
    recorded = changed(csv, change)
    blocks = [i for i in recorded.items if isinstance(i, SampleBlock)]
    span_s = (float(blocks[0].t_s[0]), float(blocks[-1].t_s[-1]))
    name = csv.name.split(".csv")[0] + (f" {change}" if change != "as it is" else "")
    return Loaded(name, parse_truth(recorded.truth), recorded.items, beats_of(recorded.items), span_s)


def _asked(loaded: Loaded, changes: bool) -> list[str]:
    name, truth = loaded.name, loaded.truth
    if changes:
        done = [] if truth.exercise == NOTHING else [truth.exercise]
        return list({*done, *NEGATIVES}) if truth.negative and done else done
    if truth.exercise == NOTHING:
        return list(WALKS if name.startswith("walk") else NEAR)
    return [truth.exercise] if name.startswith("ptx") else [truth.exercise, AUTO]


def _faults(of: Loaded, asks: str, events: Sequence[Event]) -> Faults:
    """How often each kind of fault happened."""
    truth = of.truth
    if asks == AUTO:
        unknown = sum(not s.right for s in judge_auto(truth, events)) if not truth.negative else 0
        return {"set not known": unknown, "taken for another": len(mistaken(truth, events))}
    score = judge(of.name, of.name, truth, asks, events, of.span_s)
    return {
        "set not exact": sum(s.counted != s.expected for s in score.sets),
        "block lost": sum(s.counted != s.expected for s in score.blocks),
        "false count": score.false_counts if truth.negative else score.false_outside,
        "hold lost": sum(f.what == "hold missed" for f in score.failures),
        "direction wrong": score.directions_wrong,
        "hold's time wrong": sum(abs(e) > HOLD_ERROR_S for e in score.hold_errors_s),
        "range wrong": sum(abs(e) > ROM_ERROR_DEG for e in score.rom_errors_deg),
        "said late": sum(s > DECISION_S for s in score.later_latencies_s),
    }


class _FirstFailure:
    """Remembers which test failed first."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest after each phase of a test."""
        if report.failed and not self.name:
            self.name = report.nodeid


def _failing_test(value: Value, tests: Sequence[str], number: float) -> str:
    """The first test that fails with this number."""
    shown, first = value.with_number(number), _FirstFailure()
    with seen_as(value.owner, value.field, lambda: shown), redirect_stdout(StringIO()):
        status = pytest.main(["-q", "-x", "-n0", "-p", "no:cacheprovider", *tests], plugins=[first])
    return first.name or ("" if status == pytest.ExitCode.OK else f"pytest ended with status {int(status)}")


if __name__ == "__main__":
    main()

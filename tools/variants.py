"""Scores recordings again after changing them: `python -m tools.variants ../shared/recordings [--only WORD]`.

One row for each change of `tools.changes`; the first changes nothing. Kinematic and optical recordings are judged by
sets and repetitions, real ones by blocks of ten (without faulty accelerometers and the block whose thigh moves 2
degrees). "Asked for everything" asks every exercise of every recording in turn, and counts what was counted where none
was done: in negatives, and between the sets. The last two columns name no exercise: in how many sets `auto` knew it by
the third repetition or within 3 s of a hold, and how often it took something for an exercise that was not done.
`--failures` lists every failure below its row.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coxa.analysis.score_auto import AutoSet, judge_auto, mistaken
from coxa.analysis.score_causes import false_cause
from coxa.analysis.score_figures import Figures, figures
from coxa.analysis.score_match import middle_s
from coxa.analysis.score_recording import RecordingScore, judge
from coxa.analysis.score_truth import PEAK_TOLERANCE_S, Truth, parse_truth
from coxa.host.events import Event, ExerciseRecognised, HoldEnded, RepCompleted
from coxa.host.exercises.spec import library
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import beats_of, larger, track_beats
from coxa.host.samples import SampleBlock
from coxa.host.tracker import AUTO
from tools.changes import CHANGES, ROWS
from tools.recorded import Recorded

HEAD = (
    "change", "sets exact", "F1", "worst exercise", "false / min outside", "ROM error deg",
    "hold error s, median, 90th", "blocks of ten", "asked for everything: kinematic", "real",
    "auto knows", "mistakes",
)  # fmt: skip
TWO_DEGREES = ("ptx_s1_leg_raise_f", "low_amplitude")
"""The block that need not be found (recordings/README.md)."""


@dataclass(frozen=True, slots=True)
class Result:
    """One recording, changed: its score, and what was counted where nothing was done."""

    score: RecordingScore
    real: bool
    false: list[str]
    sets: list[AutoSet]
    """Its sets with `auto`."""
    mistaken: list[ExerciseRecognised]
    """What `auto` took for an exercise that was not done."""


def changed(path: Path, name: str) -> Recorded:
    """A recording after one of `CHANGES`, the same one every time."""
    data = json.loads(path.with_name(path.name.split(".csv")[0] + ".truth.json").read_text("utf-8"))
    rng = np.random.default_rng([*path.name.encode(), *(name.encode() if name[-1].isdigit() else b"")])
    return CHANGES[name](Recorded(list(larger(read_csv(path))), data), rng)


def scored(job: tuple[Path, str, bool]) -> Result:
    """One recording, changed, against its truth; `everything` asks for every exercise and for none."""
    path, name, everything = job
    recorded = changed(path, name)
    truth = parse_truth(recorded.truth)
    beats = beats_of(recorded.items)
    blocks = [i for i in recorded.items if isinstance(i, SampleBlock)]
    span_s = (float(blocks[0].t_s[0]), float(blocks[-1].t_s[-1]))
    asked = truth.exercise if truth.exercise != "none" else "leg_raise"
    events = {e: track_beats(beats, e, truth.side) for e in (library() if everything else [asked])}
    false = [line for e, said in events.items() for line in _between(path.name, e, said, truth)]
    score = judge(path.name.split(".csv")[0], str(path), truth, asked, events[asked], span_s)
    auto = track_beats(beats, AUTO, truth.side) if everything else []
    return Result(score, truth.kind.startswith("real"), false, judge_auto(truth, auto), mistaken(truth, auto))


def _between(name: str, exercise: str, events: Sequence[Event], truth: Truth) -> list[str]:
    """What was counted in a negative, or between the sets of another recording."""
    if not truth.negative and not truth.sets:
        return []
    times_s = [e.peak_s for e in events if isinstance(e, RepCompleted)]
    times_s += [middle_s(e) for e in events if isinstance(e, HoldEnded)]
    return [
        f"{name.split('.csv')[0]} asked for {exercise}: false at {t:.1f} s, {false_cause(t, truth)}"
        for t in sorted(times_s)
        if not any(s.start_s - PEAK_TOLERANCE_S <= t <= s.end_s + PEAK_TOLERANCE_S for s in truth.sets)
    ]


def row(name: str, results: Sequence[Result], everything: bool) -> str:
    """One row of the table."""
    scores = [r.score for r in results if not r.score.negative and not r.real]
    f = figures(scores, "all", "all")
    each = [figures([s for s in scores if s.exercise == e], e, "all") for e in sorted({s.exercise for s in scores})]
    worst = min(each, key=lambda w: w.f1 or 0.0)
    healthy = [
        b for r in results if r.real and "faulty" not in r.score.kind for b in r.score.blocks
        if (r.score.recording, b.label) != TWO_DEGREES
    ]  # fmt: skip
    asked = [str(sum(len(r.false) for r in results if r.real == real)) if everything else "" for real in (False, True)]
    sets = [s for r in results for s in r.sets if not r.real]
    known = f"{sum(s.right for s in sets)} of {len(sets)}" if everything else ""
    mistakes = str(sum(len(r.mistaken) for r in results if not r.real)) if everything else ""
    cells = (
        name, f"{f.sets_exact} of {f.sets}", f"{f.f1:.3f}", f"{worst.exercise} {worst.f1:.3f}",
        f"{f.false_per_min_outside_sets or 0.0:.2f}", _degrees(_kinematic_rom(scores).rom_mae_deg),
        ", ".join("-" if e is None else f"{e:.2f}" for e in (f.hold_error_median_s, f.hold_error_p90_s)),
        f"{sum(b.counted == b.expected for b in healthy)} of {len(healthy)}", *asked, known, mistakes,
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _degrees(error_deg: float | None) -> str:
    return "-" if error_deg is None else f"{error_deg:.1f}"


def _kinematic_rom(scores: Sequence[RecordingScore]) -> Figures:
    """Optical recordings define the range otherwise (docs/decisions.md)."""
    return figures([s for s in scores if s.kind == "kinematic"], "all", "kinematic")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="+", type=Path)
    parser.add_argument("--only", default="", help="only changes with this in their name, other people's too")
    parser.add_argument("--failures", action="store_true", help="every failure below its row")
    parser.add_argument("--named-only", action="store_true", help="ask for the recording's own exercise only")
    args = parser.parse_args()
    paths = sorted(p for place in args.places for p in place.rglob("*.csv*"))
    if not paths:
        parser.error(f"no recording (.csv, .csv.gz) in {', '.join(map(str, args.places))}")
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD))
    with ProcessPoolExecutor() as pool:
        for name in (n for n in (CHANGES if args.only else ROWS) if args.only in n):
            results = list(pool.map(scored, [(p, name, not args.named_only) for p in paths], chunksize=4))
            print(row(name, results, not args.named_only), flush=True)
            for r in results if args.failures else []:
                for x in r.score.failures if not r.score.negative else []:
                    print(f"    {x.recording} ({x.exercise}) {x.what} at {x.time_s:.1f} s: {x.cause}")
                for line in r.false:
                    print(f"    {line}", flush=True)


if __name__ == "__main__":
    main()

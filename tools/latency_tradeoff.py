"""What it would cost to say things sooner: `python -m tools.latency_tradeoff ../shared/recordings/kinematic`.

Holds: when their end would be said if it were certain at another share of the way back, and which holds that were
gripped again would be cut in two. First repetitions of a set: how many are said more than 0.6 s after their true end,
against what is then counted that nobody did, when every raise is asked of every recording, unchanged and changed.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

import coxa.host.detect.trips.trip as trip
from coxa.analysis.score_match import Window, match
from coxa.analysis.score_recording import counts_of
from coxa.analysis.score_truth import PEAK_TOLERANCE_S, Truth, parse_truth, read_truth
from coxa.host.detect.still import Ticks
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.detect.trips.way_params import BackParams
from coxa.host.events import HoldEnded
from coxa.host.exercises.spec import library
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import beats_of, larger, track_beats
from coxa.host.samples import Gap
from coxa.host.tracker import Tracker
from tools.changes import CHANGES
from tools.recorded import Recorded

SHARES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""The first is what is done: a hold is over where a repetition is."""
CHANGED = (
    "as it is", "more losses and bursts", "in 0.87 of the time", "in 1.15 of the time", "in 1.33 of the time",
    "1.25 of the range", "another person, sensor and radio, 1",
)  # fmt: skip
WAITS = ((0.3, 0.24), (0.6, 0.24), (0.9, 0.24), (1.6, 0.12), (1.6, 0.24), (1.6, 0.44), (1.6, 9.0))
"""`confirm_first_s` and `calm_back_s`; the last is without the second."""
LATE_S = 0.6


def holds(path: Path) -> list[tuple[str, list[float], float]]:
    """For each hold: its exercise, when it was this share of the way back, and how deep the breaks dipped (share)."""
    truth = read_truth(_truth_path(path))
    if truth.negative or truth.exercise not in library() or not library()[truth.exercise].holds:
        return []
    tracker, times, angles, ended = Tracker(truth.exercise, truth.side), list[float](), list[float](), list[HoldEnded]()
    for beat in beats_of(read_csv(path)):
        if isinstance(beat, Gap):
            tracker.lose(beat)
            continue
        for k, tick in enumerate(beat.each):
            _, events = tracker.advance(beat, k, k + 1)
            ended += [e for e in events if isinstance(e, HoldEnded)]
            trail = tracker.trail
            if trail and trail[-1][0] == tick.t_s:
                times.append(tick.t_s)
                angles.append(trail[-1][1])
    t_s, off_deg = np.array(times), np.array(angles)
    out = list[tuple[str, list[float], float]]()
    for hold in ended:
        after = t_s > hold.end_s
        late_s = [t_s[after & (off_deg <= s * hold.rom_deg)].min(initial=t_s[-1]) - hold.end_s for s in SHARES]
        dips = [off_deg[(t_s >= b.start_s) & (t_s <= b.end_s)].min(initial=hold.rom_deg) for b in hold.breaks]
        out.append((truth.exercise, late_s, min(dips, default=hold.rom_deg) / hold.rom_deg))
    return out


def firsts(job: tuple[Path, str]) -> list[tuple[list[float], int]]:
    """For each of `WAITS`: latencies after the true end of one recording's repetitions, and false counts."""
    path, name = job
    data = json.loads(_truth_path(path).read_text("utf-8"))
    rng = np.random.default_rng([*path.name.encode(), *(name.encode() if name[-1].isdigit() else b"")])
    changed = CHANGES[name](Recorded(list(larger(read_csv(path))), data), rng)
    truth, beats = parse_truth(changed.truth), beats_of(changed.items)
    out = list[tuple[list[float], int]]()
    for first_s, calm_s in WAITS:
        back = BackParams(confirm_first_s=first_s, calm_back_s=calm_s)
        trip.TripParams = partial(TripParams, back=back)  # pyright: ignore[reportAttributeAccessIssue]
        out.append(_asked(truth, beats))
    return out


def _asked(truth: Truth, beats: list[Ticks | Gap]) -> tuple[list[float], int]:
    late_s, false = list[float](), 0
    for name in (n for n, spec in library().items() if spec.kind == "raise"):
        counts = counts_of(track_beats(beats, name, truth.side), name)
        if name == truth.exercise and not truth.negative:
            windows = [Window(r.found_from_s, r.found_to_s, r.duty) for r in truth.reps]
            found = match([c.peak_s for c in counts], windows)
            late_s += [counts[c].event.decided_s - truth.reps[r].end_s for c, r in found.found]
            false += len(found.false)
        elif truth.negative or truth.sets:
            false += sum(not _in_set(c.peak_s, truth) for c in counts)
    return late_s, false


def _in_set(t_s: float, truth: Truth) -> bool:
    return any(s.start_s - PEAK_TOLERANCE_S <= t_s <= s.end_s + PEAK_TOLERANCE_S for s in truth.sets)


def _truth_path(path: Path) -> Path:
    return path.with_name(path.name.split(".csv")[0] + ".truth.json")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path)
    paths = sorted(parser.parse_args().place.rglob("*.csv*"))
    with ProcessPoolExecutor() as pool:
        seen = [h for part in pool.map(holds, paths) for h in part]
        jobs = [(p, name) for name in CHANGED for p in paths]
        tried = list(pool.map(firsts, jobs, chunksize=4))
    print("| the end of a hold is said at this share of its angle | median, 95th after it was left, s | cut in two |")
    print("|---|---|---|")
    for k, share in enumerate(SHARES):
        late_s = [late[k] for _, late, _ in seen]
        cut = sum(dip < share for _, _, dip in seen)
        print(f"| {share} | {np.median(late_s):.2f}, {np.percentile(late_s, 95):.2f} | {cut} of {len(seen)} |")
    print("\n| first repetition waits, s | or calm at rest, s | later than 0.6 s | counted that nobody did |")
    print("|---|---|---|---|")
    for k, (first_s, calm_s) in enumerate(WAITS):
        late_s = [x for one in tried for x in one[k][0]]
        false = sum(one[k][1] for one in tried)
        print(f"| {first_s} | {calm_s} | {sum(x > LATE_S for x in late_s)} of {len(late_s)} | {false} |")


if __name__ == "__main__":
    main()

"""Prints how long after its true end a repetition is said, on simulated people: `python -m tools.latency [PEOPLE]`."""

from __future__ import annotations

import statistics
import sys

import numpy as np

from coxa.analysis.score_match import Window, match
from coxa.analysis.score_truth import parse_truth
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import build
from coxa.host.events import RepCompleted
from coxa.host.replay.run import track
from coxa.host.wire import Decoder

SCENARIOS = ("leg_raise_supine", "leg_raise_standing", "lateral_leg_raise", "hip_circle")
FIRST_SEED = 100


def latencies_s(name: str, seed: int) -> tuple[list[float], int]:
    """Decision minus true end of each true repetition that was counted, and how many were to be."""
    made = build(name, seed)
    firmware, decoder = Firmware(made.raw, "LATENCY"), Decoder()
    items = [i for f in firmware.frames() for i in decoder.feed(f)]
    reps = [e for e in track(items, made.truth["claimed"]) if isinstance(e, RepCompleted)]
    true = parse_truth(made.truth).reps
    windows = [Window(r.found_from_s, r.found_to_s, r.duty) for r in true]
    found = match([e.peak_s for e in reps], windows).found
    return [reps[p].decided_s - true[w].end_s for p, w in found], sum(r.duty == "must" for r in true)


def told(name: str, late_s: list[float], due: int) -> str:
    """One line of the figures."""
    median, p95 = statistics.median(late_s), float(np.percentile(late_s, 95))
    counted = f"{len(late_s):3} of {due:3} repetitions"
    return f"{name:20} {counted}: median {median:+.2f} s, 95th percentile {p95:+.2f} s"


def main(people: int) -> None:
    """So many people for each exercise."""
    everyone, all_due = list[float](), 0
    for name in SCENARIOS:
        late_s, due = list[float](), 0
        for seed in range(FIRST_SEED, FIRST_SEED + people):
            of_one_s, due_of_one = latencies_s(name, seed)
            late_s, due = late_s + of_one_s, due + due_of_one
        print(told(name, late_s, due))
        everyone, all_due = everyone + late_s, all_due + due
    print(told("all", everyone, all_due))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)

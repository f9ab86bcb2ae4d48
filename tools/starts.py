"""Scores simulated people by where they are when the sensor is switched on: standing, on a chair, on the mat.

`python -m tools.starts [SEEDS]` prints one row for each way to begin. Nobody can tell a chair from standing by a sensor
that is worn anyhow; what is counted is what the movement shows later.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor

from coxa.analysis.score_figures import figures
from coxa.analysis.score_recording import RecordingScore
from coxa.firmware_sim.openings import OPENINGS
from coxa.firmware_sim.scenario import build
from tools.people import FIRST_SEED, SCENARIOS, scored


def begun(job: tuple[str, str, int]) -> RecordingScore:
    """One simulated recording that begins so, against its truth."""
    begins, name, seed = job
    return scored(build(name, seed, begins=begins), f"{name}_{seed}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="?", type=int, default=6, help="people, for each exercise and way to begin")
    seeds = range(FIRST_SEED, FIRST_SEED + parser.parse_args().seeds)
    print("| the person begins | sets exact | F1 | exercises with an F1 below 0.9 | false / min |")
    print("|---|---|---|---|---|")
    with ProcessPoolExecutor() as pool:
        for begins in OPENINGS:
            scores = list(pool.map(begun, [(begins, name, seed) for name in SCENARIOS for seed in seeds]))
            f = figures(scores, "all", "all")
            each = {
                e: figures([s for s in scores if s.exercise == e], e, "all").f1 for e in {s.exercise for s in scores}
            }
            low = ", ".join(f"{e} {f1 or 0.0:.2f}" for e, f1 in sorted(each.items()) if (f1 or 0.0) < 0.9)
            exact = f"{f.sets_exact} of {f.sets}"
            print(f"| {begins} | {exact} | {f.f1:.3f} | {low} | {f.false_per_min_outside_sets:.2f} |", flush=True)


if __name__ == "__main__":
    main()

"""Scores simulated people by where they are when the sensor is switched on: standing, on a chair, on the mat.

`python -m tools.starts [SEEDS]` prints one row for each way to begin: some get up first, others go straight on with the
exercise, the sensor never having seen them stand. Nobody can tell a chair from standing by a sensor that is worn
anyhow; what is counted is what the movement shows later.
"""

from __future__ import annotations

from coxa.analysis.score_recording import RecordingScore
from coxa.firmware_sim.openings import OPENINGS
from coxa.firmware_sim.scenario import build
from tools.people import by_kind, scored, seeds_asked


def begun(job: tuple[str, str, int]) -> RecordingScore:
    """One simulated recording that begins so, against its truth."""
    begins, name, seed = job
    return scored(build(name, seed, begins=begins), f"{name}_{seed}")


def main() -> None:
    """Print the table."""
    seeds = seeds_asked(__doc__, 6)
    print("| the person begins | sets exact | F1 | exercises with an F1 below 0.9 | false / min |")
    print("|---|---|---|---|---|")
    for begins, f, each in by_kind(OPENINGS, begun, seeds):
        low = ", ".join(f"{e} {one.f1 or 0.0:.2f}" for e, one in each.items() if (one.f1 or 0.0) < 0.9)
        exact = f"{f.sets_exact} of {f.sets}"
        print(f"| {begins} | {exact} | {f.f1:.3f} | {low} | {f.false_per_min_outside_sets:.2f} |", flush=True)


if __name__ == "__main__":
    main()

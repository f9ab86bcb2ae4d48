"""Scores simulated people of a kind that no tuning value was ever set for: quicker, slower, smaller, stiffer, clumsier.

`python -m tools.people [SEEDS]` prints one row for each kind; everybody else is drawn from the usual ranges. The first
row is the usual people, the others leave the usual range of one habit.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from coxa.analysis.score_figures import Figures, figures
from coxa.analysis.score_recording import RecordingScore, judge
from coxa.analysis.score_truth import parse_truth
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.person import Habits
from coxa.firmware_sim.scenario import Scenario, build, names
from coxa.host.replay.run import track
from coxa.host.samples import SampleBlock, StreamItem
from coxa.host.wire import Decoder

FIRST_SEED = 500
SCENARIOS = [n for n in names() if n not in ("demo", "negative")]
KINDS: dict[str, tuple[str, float, float]] = {
    "usual": ("", 0.0, 0.0),
    "quick (tempo 0.6 to 0.8)": ("tempo", 0.6, 0.8),
    "slow (tempo 1.4 to 1.8)": ("tempo", 1.4, 1.8),
    "small (range 0.5 to 0.8)": ("range_share", 0.5, 0.8),
    "large (range 1.15 to 1.3)": ("range_share", 1.15, 1.3),
    "tiring (range falls by 15 to 40 % in a set)": ("fatigue", 0.15, 0.4),
    "uneven (spread 0.10 to 0.25)": ("variation", 0.1, 0.25),
    "pausing (1.5 to 4 s at the far end of raises and lunges)": ("pause_s", 1.5, 4.0),
    "clumsy (0.6 to 1)": ("clumsiness", 0.6, 1.0),
}
"""Each kind: the habit, and its range; the usual ranges are in `firmware_sim.person.some_habits`."""


def changed(kind: str, habits: Habits, rng: np.random.Generator) -> Habits:
    """The same person with one habit out of the usual range."""
    habit, low, high = KINDS[kind]
    return replace(habits, **{habit: float(rng.uniform(low, high))}) if habit else habits


def stream(made: Scenario) -> list[StreamItem]:
    """What the host decodes."""
    firmware, decoder = Firmware(made.raw, "PEOPLE01"), Decoder()
    return [item for frame in firmware.frames() for item in decoder.feed(frame)]


def scored(made: Scenario, name: str) -> RecordingScore:
    """A simulated recording against its truth."""
    truth, items = parse_truth(made.truth), stream(made)
    blocks = [i for i in items if isinstance(i, SampleBlock)]
    span = (float(blocks[0].t_s[0]), float(blocks[-1].t_s[-1]))
    return judge(name, name, truth, truth.exercise, track(items, truth.exercise, truth.side), span)


def habitual(job: tuple[str, str, int]) -> RecordingScore:
    """One simulated recording of somebody of a kind."""
    kind, name, seed = job
    return scored(build(name, seed, change=lambda habits, rng: changed(kind, habits, rng)), f"{name}_{seed}")


Scored: TypeAlias = tuple[str, Figures, dict[str, Figures]]
"""A kind of people, its figures over everything, and those of each exercise."""


def seeds_asked(description: str | None, default: int) -> range:
    """The seeds of the people that the command line asks for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("seeds", nargs="?", type=int, default=default, help="people of each kind, for each exercise")
    seeds = parser.parse_args().seeds
    if seeds < 1:
        parser.error(f"seeds: {seeds} people make no table; ask for 1 or more")
    return range(FIRST_SEED, FIRST_SEED + seeds)


def by_kind(
    kinds: Iterable[str], score: Callable[[tuple[str, str, int]], RecordingScore], seeds: range
) -> Iterator[Scored]:
    """The figures of each kind of people as soon as they are there; `score` is given kind, scenario and seed."""
    with ProcessPoolExecutor() as pool:
        for kind in kinds:
            scores = list(pool.map(score, [(kind, name, seed) for name in SCENARIOS for seed in seeds]))
            exercises = sorted({s.exercise for s in scores})
            each = {e: figures([s for s in scores if s.exercise == e], e, "all") for e in exercises}
            yield kind, figures(scores, "all", "all"), each


def main() -> None:
    """Print the table."""
    seeds = seeds_asked(__doc__, 4)
    print("| people | sets exact | F1 | worst exercise | false / min | ROM error deg | hold error s, median, 90th |")
    print("|---|---|---|---|---|---|---|")
    for kind, f, each in by_kind(KINDS, habitual, seeds):
        worst = min(each.values(), key=lambda w: w.f1 or 0.0)
        holds = f"{f.hold_error_median_s:.2f}, {f.hold_error_p90_s:.2f}"
        print(
            f"| {kind} | {f.sets_exact} of {f.sets} | {f.f1:.3f} | {worst.exercise} {worst.f1:.3f} "
            f"| {f.false_per_min_outside_sets:.2f} | {f.rom_mae_deg:.1f} | {holds} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

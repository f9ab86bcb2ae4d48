"""The streaming laws on recordings: `python -m tools.streaming_laws FOLDER [--every N] [--seed N]`.

Each recording is counted for its own exercise as it is, then cut into other blocks, put away and resumed, at other
rates, turned at random on the strap, and with its axes mirrored. Chunking and resuming must give bit-identical events;
what changes the numbers themselves must give the same repetitions: as many, each with its peak within 0.5 s. Status 1
if a law that must hold to the bit is broken; the others are counted.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from coxa.host.events import Event, RepCompleted
from coxa.host.replay.csv_file import read_csv
from coxa.host.samples import FloatArray, SampleBlock, StreamItem
from coxa.host.snapshot import resumed, taken
from coxa.host.tracker import AUTO, Tracker

RATES_HZ = (25.0, 50.0, 100.0, 200.0, 400.0)
RESTARTS = 12
NEAR_S = 0.5
"""As `coxa score` matches peaks."""
Items = list[StreamItem]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recording under one law."""

    law: str
    recording: str
    expected: int
    counted: int
    same: bool
    exact: bool
    """Whether the law asks for equal bits."""


def events_of(items: Iterable[StreamItem], exercise: str, restart: Callable[[], bool] = lambda: False) -> list[Event]:
    """Events of a stream; where `restart` says so the tracker is put away and another one goes on."""
    tracker, events = Tracker(exercise), list[Event]()
    for item in items:
        if restart():
            tracker = resumed(taken(tracker))
        events += tracker.feed(item)
    return events + tracker.finish()


def cut(items: Items, size: Callable[[], int]) -> Items:
    """The same stream in blocks of other sizes."""
    pieces: Items = []
    for item in items:
        if not isinstance(item, SampleBlock):
            pieces.append(item)
            continue
        at = 0
        while at < len(item):
            end = min(at + size(), len(item))
            pieces.append(item.part(at, end))
            at = end
    return pieces


def changed(items: Items, change: Callable[[SampleBlock], SampleBlock]) -> Items:
    """The stream with each block changed."""
    return [change(i) if isinstance(i, SampleBlock) else i for i in items]


def at_rate(rate_hz: float, block: SampleBlock) -> SampleBlock:
    """Resampled by straight lines, as a sensor at that rate would read it at best."""
    if len(block) < 2:
        return block
    t_s = np.arange(block.t_s[0], block.t_s[-1], 1 / rate_hz)

    def read(values: FloatArray) -> FloatArray:
        return np.column_stack([np.interp(t_s, block.t_s, values[:, k]) for k in range(3)])

    return SampleBlock(t_s, read(block.accel_mps2), read(block.gyro_radps))


def turned(turn: Rotation, block: SampleBlock) -> SampleBlock:
    """As a sensor measures it that sits on the strap in another way."""
    return SampleBlock(block.t_s, turn.apply(block.accel_mps2), turn.apply(block.gyro_radps))


def mirrored(axis: int, block: SampleBlock) -> SampleBlock:
    """The mirror image of the movement: a vector changes its sign along the axis, a turning about the two others."""
    accel, gyro = block.accel_mps2.copy(), -block.gyro_radps
    accel[:, axis] *= -1
    gyro[:, axis] *= -1
    return SampleBlock(block.t_s, accel, gyro)


def peaks_s(events: list[Event]) -> list[float]:
    """Peaks of the repetitions counted."""
    return [e.peak_s for e in events if isinstance(e, RepCompleted)]


def same_reps(one: list[Event], other: list[Event]) -> bool:
    """As many repetitions, at the same times."""
    a, b = peaks_s(one), peaks_s(other)
    return len(a) == len(b) and all(abs(x - y) <= NEAR_S for x, y in zip(a, b, strict=True))


def truth_of(path: Path) -> Path:
    """Where the truth of a recording stands."""
    return path.with_name(path.name.removesuffix(".gz").removesuffix(".csv") + ".truth.json")


def judged(seed: int, path: Path) -> list[Outcome]:
    """A recording under every law."""
    rng, items = random.Random(f"{seed} {path.stem}"), read_csv(path)
    named = json.loads(truth_of(path).read_text()).get("exercise", "none")
    exercise = AUTO if named == "none" else named
    plain, outcomes = events_of(items, exercise), list[Outcome]()

    def add(law: str, events: list[Event], *, exact: bool = False) -> None:
        same = events == plain if exact else same_reps(events, plain)
        outcomes.append(Outcome(law, path.stem, len(peaks_s(plain)), len(peaks_s(events)), same, exact))

    add("single samples", events_of(cut(items, lambda: 1), exercise), exact=True)
    pieces = cut(items, lambda: rng.randint(1, 90))
    add("blocks of 1 to 90", events_of(pieces, exercise), exact=True)
    share = RESTARTS / len(pieces)
    add(
        f"put away and resumed, {RESTARTS} times", events_of(pieces, exercise, lambda: rng.random() < share), exact=True
    )
    for rate_hz in RATES_HZ:
        add(f"at {rate_hz:g} Hz", events_of(changed(items, partial(at_rate, rate_hz)), exercise))
    for _ in range(2):
        turn = Rotation.random(random_state=rng.randrange(2**31))
        add("turned at random", events_of(changed(items, partial(turned, turn)), exercise))
    add("mirrored", events_of(changed(items, partial(mirrored, rng.randrange(3))), exercise))
    return outcomes


def table(outcomes: list[Outcome]) -> str:
    """A row for each law."""
    rows = ["| law | must be | recordings | the same | repetitions | counted | not the same |", "|---" * 7 + "|"]
    for law in [*dict.fromkeys(o.law for o in outcomes), "all"]:
        some = [o for o in outcomes if law in (o.law, "all")]
        must = "-" if law == "all" else "equal events" if some[0].exact else "the same repetitions"
        unlike = ", ".join(f"{o.recording} {o.counted} for {o.expected}" for o in some if not o.same)
        sums = f"{sum(o.same for o in some)} | {sum(o.expected for o in some)} | {sum(o.counted for o in some)}"
        rows.append(f"| {law} | {must} | {len(some)} | {sums} | {'' if law == 'all' else unlike} |")
    return "\n".join(rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only every n-th recording")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    paths = sorted([*arguments.folder.rglob("*.csv"), *arguments.folder.rglob("*.csv.gz")])
    paths = [p for p in paths if truth_of(p).exists()][:: arguments.every]
    if not paths:
        sys.exit(f"{arguments.folder}: no recordings with truth")
    with ProcessPoolExecutor(2) as pool:
        outcomes = [o for some in pool.map(partial(judged, arguments.seed), paths) for o in some]
    print(table(outcomes))
    print(f"\n{sum(o.same for o in outcomes)} of {len(outcomes)} runs of {len(paths)} recordings the same")
    sys.exit(any(o.exact and not o.same for o in outcomes))


if __name__ == "__main__":
    main()

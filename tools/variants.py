"""Scores recordings again after changing them: mounting turned at random, half and other rates, a clipped range, gaps.

`python tools/variants.py ../shared/recordings/kinematic` prints one row for each change; the first changes nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.spatial.transform import Rotation

from coxa.analysis.score_figures import figures
from coxa.analysis.score_recording import RecordingScore, judge
from coxa.analysis.score_truth import parse_truth
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track
from coxa.host.samples import Gap, SampleBlock, StreamItem

Change = Callable[[SampleBlock, np.random.Generator], SampleBlock]


def turned(block: SampleBlock, rng: np.random.Generator) -> SampleBlock:
    """Another mounting, any at all."""
    turn = Rotation.random(random_state=int(rng.integers(1 << 31)))
    return SampleBlock(block.t_s, turn.apply(block.accel_mps2), turn.apply(block.gyro_radps))


def every(n: int) -> Change:
    """One sample in `n`, after a mean over them, as a slower sensor's own filter gives."""

    def change(block: SampleBlock, _: np.random.Generator) -> SampleBlock:
        accel, gyro = (uniform_filter1d(v, n, axis=0, mode="nearest") for v in (block.accel_mps2, block.gyro_radps))
        return SampleBlock(block.t_s[::n], accel[::n], gyro[::n])

    return change


def clipped(block: SampleBlock, _: np.random.Generator) -> SampleBlock:
    """A range of 2 g and 125 deg/s."""
    return SampleBlock(
        block.t_s, np.clip(block.accel_mps2, -19.6, 19.6), np.clip(block.gyro_radps, -np.radians(125), np.radians(125))
    )


def jittered(block: SampleBlock, rng: np.random.Generator) -> SampleBlock:
    """Times that are off by a third of the period."""
    step_s = float(np.median(np.diff(block.t_s))) if len(block) > 1 else 0.01
    return SampleBlock(
        np.sort(block.t_s + rng.uniform(-step_s / 3, step_s / 3, len(block))), block.accel_mps2, block.gyro_radps
    )


def same(block: SampleBlock, _: np.random.Generator) -> SampleBlock:
    """As it is."""
    return block


def noisier(block: SampleBlock, rng: np.random.Generator) -> SampleBlock:
    """Another mounting and a worse sensor: more noise than makers state, a gyro offset of up to a degree a second."""
    block = turned(block, rng)
    size = block.accel_mps2.shape
    offset_radps = rng.uniform(-0.02, 0.02, 3)
    return SampleBlock(
        block.t_s,
        block.accel_mps2 + rng.normal(0.0, 0.05, size),
        block.gyro_radps + rng.normal(0.0, 0.01, size) + offset_radps,
    )


def mirrored(block: SampleBlock, _: np.random.Generator) -> SampleBlock:
    """The other leg, as in a mirror: rates turn the other way about the axes that are not mirrored."""
    return SampleBlock(block.t_s, block.accel_mps2 * [-1.0, 1.0, 1.0], block.gyro_radps * [1.0, -1.0, -1.0])


CHANGES: dict[str, Change] = {
    "as it is": same,
    "mounting turned at random": turned,
    "mounting turned, noise added": noisier,
    "half the rate": every(2),
    "a quarter of the rate": every(4),
    "mirrored": mirrored,
    "clipped at 2 g, 125 deg/s": clipped,
    "times jittered by a third": jittered,
}


def scored(job: tuple[Path, str]) -> RecordingScore:
    """One recording, changed, against its truth."""
    path, name = job
    truth = parse_truth(json.loads(path.with_name(path.name.split(".csv")[0] + ".truth.json").read_text("utf-8")))
    rng = np.random.default_rng(list(path.name.encode()))
    seed = int(rng.integers(1 << 31))
    items = [
        i if isinstance(i, Gap) or len(i) < 2 else CHANGES[name](i, np.random.default_rng(seed)) for i in read_csv(path)
    ]
    kept: list[StreamItem] = [i for i in items if isinstance(i, Gap) or len(i)]
    blocks = [i for i in kept if isinstance(i, SampleBlock)]
    exercise = truth.exercise if truth.exercise != "none" else "leg_raise"
    events = track(kept, exercise, truth.side)
    return judge(path.name, str(path), truth, exercise, events, (float(blocks[0].t_s[0]), float(blocks[-1].t_s[-1])))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="+", type=Path)
    paths = sorted(p for place in parser.parse_args().places for p in place.rglob("*.csv*"))
    print("| change | sets exact | F1 | false outside sets / min | ROM error deg | hold error s, median and 90th |")
    print("|---|---|---|---|---|---|")
    with ProcessPoolExecutor() as pool:
        for name in CHANGES:
            scores = [s for s in pool.map(scored, [(p, name) for p in paths]) if not s.negative]
            f = figures(scores, "all", "all")
            outside, holds = (
                f"{f.false_per_min_outside_sets:.2f}",
                f"{f.hold_error_median_s:.2f}, {f.hold_error_p90_s:.2f}",
            )
            print(f"| {name} | {f.sets_exact} of {f.sets} | {f.f1:.3f} | {outside} | {f.rom_mae_deg:.1f} | {holds} |")


if __name__ == "__main__":
    main()

"""Prints how long after its true end a repetition is said, on simulated people."""

from __future__ import annotations

import statistics

import numpy as np

from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import build
from coxa.host.events import RepCompleted
from coxa.host.replay.run import track
from coxa.host.wire import Decoder

SCENARIOS = ("leg_raise_supine", "leg_raise_standing", "lateral_leg_raise", "hip_circle")


def latencies_s(name: str, seed: int) -> list[float]:
    """Decision minus true end for each repetition that was counted; nothing where the count is wrong."""
    made = build(name, seed)
    firmware, decoder = Firmware(made.raw, "LATENCY"), Decoder()
    items = [i for f in firmware.frames() for i in decoder.feed(f)]
    reps = [e for e in track(items, made.truth["claimed"]) if isinstance(e, RepCompleted)]
    true = [r["end_s"] for r in made.truth["reps"] if r["required"]]
    return [e.decided_s - end for e, end in zip(reps, true, strict=False)] if len(reps) == len(true) else []


def main() -> None:
    """Ten people for each exercise."""
    everyone = list[float]()
    for name in SCENARIOS:
        late = [x for seed in range(100, 110) for x in latencies_s(name, seed)]
        median, p95 = statistics.median(late), float(np.percentile(late, 95))
        print(f"{name:20} {len(late):3} repetitions: median {median:+.2f} s, 95th percentile {p95:+.2f} s")
        everyone += late
    median, p95 = statistics.median(everyone), float(np.percentile(everyone, 95))
    print(f"{'all':20} {len(everyone):3} repetitions: median {median:+.2f} s, 95th percentile {p95:+.2f} s")


if __name__ == "__main__":
    main()

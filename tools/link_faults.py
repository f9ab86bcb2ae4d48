"""What faults of link, power and clock cost, over the real stack in real time: `python -m tools.link_faults`.

Each row is one session of its own: a simulated person does a set of raises of five minutes, the simulated sensor is a
real peripheral on a virtual radio, the host is the one of `coxa live` over bleak. Samples, counts, latency and what the
user was told are held against the person's truth. With `--campaign` more levels, and each of all without asking for
what is missing. Sessions run side by side, `--at-once` of them. Status 0 only if every row is as promised: nothing is
invented, and nothing is missed but while coxa says that it cannot know; where the sensor kept its power and the host
asked, no sample is lost either and every repetition is counted.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from coxa.analysis.score_match import Window, match
from coxa.analysis.score_truth import parse_truth
from coxa.cli.session_setup import new_header
from coxa.firmware_sim.radio import Air
from coxa.firmware_sim.scenario import Scenario, build_routine
from coxa.host.events import Event, RepCompleted, RepRejected, TrackingLost, TrackingResumed
from coxa.host.link.bumble_backend import Adapter
from coxa.host.link.scan import find
from coxa.host.link.sensor_link import LinkStatus, SensorLink
from coxa.host.log import SessionWriter
from coxa.host.reasons import Reason
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import FloatArray
from coxa.host.sensors.driver import Driver
from coxa.host.sensors.own import Own
from coxa.host.session import run_session
from coxa.host.watcher import Watcher
from tools.troubled_sensor import Trouble, TroubledSensor

EXERCISE = "lateral_leg_raise"
RAISES = 51
"""Five minutes of them."""
AFTER_S = 15.0
"""A host that does not ask waits for the end no longer."""
TABLE = (
    Trouble("no fault"),
    *(Trouble(f"{p:.0f} % lost", lost=p / 100) for p in (1, 5, 20)),
    Trouble("bursts of 1 s", burst_s=1.0),
    *(Trouble(f"out of range for {s:.0f} s", away_s=s) for s in (2.0, 10.0, 30.0)),
    Trouble("power cut for 5 s", off_s=5.0),
    Trouble("clock drift of 100 ppm", drift_ppm=100.0),
)
CAMPAIGN = (
    Trouble("30 % lost", lost=0.3),
    Trouble("30 % of radio packets lost", radio_lost=0.3),
    Trouble("bursts of 5 s", burst_s=5.0),
    Trouble("20 % twice", twice=0.2),
    Trouble("20 % in wrong order", swapped=0.2),
    Trouble("5 % late by up to 1 s", late=0.05),
    *(Trouble(f"out of range for {s:g} s", away_s=s) for s in (0.1, 0.5, 5.0)),
    Trouble("clock set forward by 5 s", jump_s=5.0),
    Trouble("clock set back by 5 s", jump_s=-5.0),
    Trouble("clock set back by 400 s", jump_s=-400.0),
    Trouble("host's time of day set back by 1 h", host_jump_s=-3600.0),
    Trouble("host's time of day set forward by 1 h", host_jump_s=3600.0),
    Trouble("5 % lost, 5 % twice, 5 % swapped, away 2 s", lost=0.05, twice=0.05, swapped=0.05, away_s=2.0),
)


class Unasking(Own):
    """The same sensor for a host that never asks again: after a lost link it goes on with the newest packet."""

    resume = Driver.resume
    requests = Driver.requests


@dataclass(slots=True)
class Found(Watcher):
    """One session, as the user saw it and as it was."""

    trouble: Trouble
    told: list[tuple[float, Event]] = field(default_factory=list[tuple[float, Event]])
    """When, on the loop's clock, and what."""
    seen: Counter[str] = field(default_factory=Counter[str])
    counted: int = 0
    required: int = 0
    right: int = 0
    unknown: int = 0
    """Missed while coxa said that it could not know."""
    invented: int = 0
    lost: int = 0
    """Of the samples since the first packet that the host heard: a session begins with it."""
    latency_s: FloatArray = field(default_factory=lambda: np.empty(0))

    def status(self, status: LinkStatus) -> None:
        """Lost links."""
        self.seen["connection lost"] += not status.connected

    def warning(self, text: str) -> None:
        """Of the stream."""
        self.seen[text] += 1

    def event(self, event: Event) -> None:
        """With the moment."""
        self.told.append((asyncio.get_running_loop().time(), event))
        if isinstance(event, TrackingLost):
            self.seen[f"counting stopped: {event.reason}"] += 1

    def row(self) -> str:
        """Of the table."""
        late = self.latency_s
        latency = f"{np.median(late):.2f} / {late.max():.1f} s" if len(late) else "-"
        seen = "; ".join(f"{text} ({n})" if n > 1 else text for text, n in self.seen.items() if n) or "nothing"
        cells = (
            self.trouble.name,
            "asks" if self.trouble.resends else "does not ask",
            f"{self.lost}",
            f"{self.right} of {self.required}",
            f"{self.missed}",
            f"{self.unknown}",
            f"{self.invented}",
            latency,
            seen,
        )
        return "| " + " | ".join(cells) + " |"

    @property
    def missed(self) -> int:
        """Without a word."""
        return self.required - self.right - self.unknown

    @property
    def good(self) -> bool:
        """Nothing invented, nothing missed without a word; nothing lost nor unknown where nothing need be. A clock set
        forward is as a pause: it is told.
        """
        kept = self.trouble.resends and not self.trouble.off_s
        excused = self.trouble.jump_s > 0 or self.unknown == 0
        return self.invented == self.missed == 0 and (not kept or (self.lost == 0 and excused))


async def session(trouble: Trouble, made: Scenario, seed: int) -> Found:
    """Run one."""
    found, plan = Found(trouble), (SetPlan(EXERCISE, "right"),)
    air = Air(loss=trouble.radio_lost, seed=seed)
    sensor = TroubledSensor(made.raw, air, "F0:0D:CA:FE:00:01", trouble, seed)
    await sensor.switch_on()
    hci = f"tcp-client:127.0.0.1:{await air.serve(0)}"
    true_time = time.time
    loop, over_s = asyncio.get_running_loop(), float(made.raw.t_us[-1] - made.raw.t_us[0]) * 1e-6 + AFTER_S

    def stop() -> bool:
        sensor.watch()
        if trouble.host_jump_s and time.time is true_time and sensor.half_done:
            time.time = lambda: true_time() + trouble.host_jump_s  # a process of its own: nobody else is told
        return not trouble.resends and sensor.begun_s is not None and loop.time() - sensor.begun_s > over_s

    with tempfile.TemporaryDirectory() as folder:
        driver = Own() if trouble.resends else Unasking()
        async with SensorLink(await find(hci, 20), hci, driver) as link:
            writer = SessionWriter(Path(folder), new_header(plan))
            await run_session(link, Coach(plan), writer, found, stop)
        got_s = pd.read_parquet(writer.folder / "samples.parquet", columns=["t_s"])["t_s"].to_numpy()
    before = int(np.searchsorted(sensor.boots[0][1], got_s[0] - 0.5 / made.raw.rate_hz))
    found.lost = sensor.taken - before - len(got_s)
    _judge(found, made, sensor, float(got_s[-1]))
    return found


def _judge(found: Found, made: Scenario, sensor: TroubledSensor, last_s: float) -> None:
    """Hold the events against the truth, both on the person's time."""
    truth, began_s = parse_truth(made.truth), float(made.raw.t_us[0]) * 1e-6
    stamps_s, true_s = _stream_time(sensor, last_s)
    counted = [(at_s, e) for at_s, e in found.told if isinstance(e, RepCompleted)]
    peaks_s = [float(np.interp(e.peak_s, stamps_s, true_s)) for _, e in counted]
    windows = [Window(r.found_from_s - began_s, r.found_to_s - began_s, r.duty) for r in truth.reps]
    matching = match(peaks_s, windows)
    found.counted, found.required = len(counted), sum(r.duty == "must" for r in truth.reps)
    found.right, found.invented = len(matching.found), len(matching.false)
    dark = [tuple(np.interp(span, stamps_s, true_s)) for span in dark_of(found)]
    missed = [truth.reps[w] for w in matching.missed]
    found.unknown = sum(any(a < r.end_s - began_s and b > r.start_s - began_s for a, b in dark) for r in missed)
    assert sensor.begun_s is not None
    ended_s = [truth.reps[w].end_s - began_s + sensor.begun_s for _, w in matching.found]
    found.latency_s = np.array([counted[p][0] for p, _ in matching.found]) - np.array(ended_s)


def _stream_time(sensor: TroubledSensor, last_s: float) -> tuple[FloatArray, FloatArray]:
    """Stream time of every sample that was measured, and the person's time of it; both end with the last sample."""
    true_s = np.concatenate([t for t, _ in sensor.boots])
    parts = [stamps_s for _, stamps_s in sensor.boots]
    if len(parts) > 1:
        parts[-1] = parts[-1] + (last_s - parts[-1][-1])
    return np.concatenate(parts), true_s


def dark_of(found: Found) -> list[tuple[float, float]]:
    """Spans of stream time in which coxa said that it did not know, or of movements that it could not measure."""
    spans, lost_s = list[tuple[float, float]](), None
    for _, event in found.told:
        if isinstance(event, RepRejected) and event.reason == Reason.NOT_MEASURED:
            spans.append((event.start_s, event.end_s))
        if isinstance(event, TrackingLost):
            lost_s = event.start_s if lost_s is None else lost_s
        elif isinstance(event, TrackingResumed) and lost_s is not None:
            spans.append((lost_s, max(event.start_s, event.decided_s)))
            lost_s = None
    return spans + ([(lost_s, np.inf)] if lost_s is not None else [])


def alone(job: tuple[int, Trouble, Scenario]) -> Found:
    """One session in a process of its own, as a host has: side by side in one they would make each other late."""
    number, trouble, made = job

    async def run() -> Found:
        try:
            return await session(trouble, made, number)
        finally:
            await Adapter.close_all()

    return asyncio.run(run())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--campaign", action="store_true")
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--raises", type=int, default=RAISES)
    parser.add_argument("--only", help="rows whose name contains this")
    arguments = parser.parse_args()
    troubles = list(TABLE)
    if arguments.campaign:
        asked = [*TABLE, *CAMPAIGN]
        troubles = [*CAMPAIGN, *(replace(t, resends=False) for t in asked)]
    troubles = [t for t in troubles if arguments.only is None or arguments.only in t.name]
    made = build_routine([{"exercise": EXERCISE, "side": "right", "reps": arguments.raises}], 3)
    with ProcessPoolExecutor(arguments.at_once, get_context("spawn")) as pool:
        rows = list(pool.map(alone, [(n, t, made) for n, t in enumerate(troubles)]))
    print(f"{len(made.raw) / made.raw.rate_hz / 60:.1f} min each, {made.raw.rate_hz:.0f} Hz, {EXERCISE}")
    print(
        "| trouble | host | samples lost | right | missed | marked unknown | invented | latency median / worst | said |"
    )
    print("|" + "---|" * 9)
    for row in rows:
        print(row.row())
    good, invented = sum(r.good for r in rows), sum(r.invented for r in rows)
    print(f"\n{good} of {len(rows)} as promised; {invented} repetitions invented")
    sys.exit(0 if all(r.good for r in rows) else 1)


if __name__ == "__main__":
    main()

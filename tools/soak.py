"""A long live session, faster than real time: `python -m tools.soak [--hours H] [--seed N]`.

A simulated person does the same sets again and again. What the sensor notifies goes through faults (loss, repeats,
swapped packets, silence of up to 20 s) into the parts of a live session: decoder, coach, announcer, log, and the page
with a reader of its news. Every second round is without faults and must be counted as the first one was; in one with
faults no more may be counted than was done. The log must give the same events again. Status 1 if a count drifts,
something is invented, or after a quarter of the rounds memory still grows: Python's own blocks, and the whole process
(read on Linux only).
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from upath import UPath

from coxa.cli.session_setup import new_header
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import Scenario, build_routine
from coxa.host.cues import Announcer
from coxa.host.events import Event
from coxa.host.link.meter import StreamMeter
from coxa.host.log import SessionWriter, open_session
from coxa.host.log.reader import session_items
from coxa.host.routine import Coach, SetPlan, counts
from coxa.host.samples import Packet
from coxa.host.sensors.registry import driver
from coxa.host.voice import load_phrases
from coxa.page.state import PageWatcher

SETS = (("leg_raise", 10), ("lateral_leg_raise", 10), ("hip_circle", 8))
LOST, REPEATED, SWAPPED = 0.03, 0.02, 0.02
SILENCES, SILENCE_S = 3, 20.0
"""Of a round with faults: how many, and the longest."""
MOST_BLOCKS = 10_000
"""Growth of what Python holds: a block has some 100 bytes, hence 1 MB."""
MOST_GROWTH_MB = 8.0
"""Growth of the process: allocators keep some of what was given back, each time another some."""


@dataclass(frozen=True, slots=True)
class Round:
    """One time through the sets."""

    faults: bool
    counted: tuple[int, ...]
    """In each set."""
    hours: float
    blocks: int
    """What Python holds once it is over, its log closed."""
    process_mb: float
    """What the process holds then; 0 where it cannot be read."""


def plan() -> tuple[SetPlan, ...]:
    """The sets of a round."""
    return tuple(SetPlan(exercise=name, side="right", reps=reps) for name, reps in SETS)


def sent(made: Scenario) -> list[Packet]:
    """All that the sensor notifies, at the time when it would arrive."""
    firmware = Firmware(made.raw, "SOAK0001")
    at_s = [firmware.ready_at_us(k) / 1e6 for k in range(firmware.packets)]
    frames = [Packet(at_s[k], firmware.frame(k)) for k in range(firmware.packets)]
    return [Packet(at_s[0], firmware.description_frame()), *frames, Packet(at_s[-1], firmware.end_frame())]


def troubled(packets: list[Packet], rng: random.Random) -> list[Packet]:
    """The same after a bad radio; description and end come through."""
    first, *middle, last = packets
    silent = [(s, s + rng.uniform(0.1, SILENCE_S)) for s in (rng.uniform(0, last.arrival_s) for _ in range(SILENCES))]
    heard = list[Packet]()
    for packet in middle:
        if rng.random() < LOST or any(start <= packet.arrival_s < end for start, end in silent):
            continue
        heard += [packet] * (2 if rng.random() < REPEATED else 1)
        if len(heard) > 1 and rng.random() < SWAPPED:
            late, early = heard[-2:]
            heard[-2:] = [Packet(late.arrival_s, early.data), Packet(early.arrival_s, late.data)]
    return [first, *heard, last]


def session(log: Path, packets: list[Packet], page: PageWatcher) -> list[Event]:
    """What `coxa.host.session` does with each packet, without a link; then the log is read back and must agree."""
    own = driver("coxa")
    decoder, coach = own.decoder(own.defaults), Coach(plan())
    meter, announcer, place = StreamMeter(own, own.defaults, decoder), Announcer(coach.plan), (0, 0, 0)
    writer, events = SessionWriter(log, new_header(plan(), simulated=True)), list[Event]()

    def decided(new: list[Event]) -> None:
        for event in new:
            writer.event(event)
            page.event(event)
        for cue in announcer.update(coach, new):
            writer.cue(cue)
            page.cue(cue)
        events.extend(new)

    for packet in packets:
        writer.packet(packet)
        items = decoder.feed(packet.characteristic, packet.data, packet.arrival_s)
        meter.update(packet, items)
        for item in items:
            decided(coach.feed(item))
        page.progress(coach, meter.quality(reconnects=0, rssi_dbm=None, battery_percent=None))
        _, place = page.news(place)
    for item in decoder.finish():
        decided(coach.feed(item))
    decided(coach.finish())
    writer.close(coach.view.t_s)
    again, replayed = open_session(UPath(writer.folder)), Coach(plan())
    given = [e for i in session_items(again) for e in replayed.feed(i)] + replayed.finish()
    if not again.events() == events == given:
        raise AssertionError("the log does not give the events that were decided live")
    return events


def counted_in(events: list[Event]) -> tuple[int, ...]:
    """Counted repetitions of each set's exercise."""
    done = Counter(getattr(e, "exercise", "") for e in events if counts(e))
    return tuple(done[name] for name, _ in SETS)


def process_mb() -> float:
    """What this process holds in memory now; 0 where the system does not say."""
    said = Path("/proc/self/statm")
    return int(said.read_text().split()[1]) * resource.getpagesize() / 1e6 if said.exists() else 0.0


def run(hours: float, seed: int) -> list[Round]:
    """Rounds until so many hours of the sensor's time have gone by."""
    made = build_routine([{"exercise": n, "side": "right", "reps": r, "rest_s": 20.0} for n, r in SETS], seed)
    packets, rng, rounds, gone_s = sent(made), random.Random(seed), list[Round](), 0.0
    page = PageWatcher(plan(), load_phrases())
    with tempfile.TemporaryDirectory(prefix="coxa-soak-") as place:
        while gone_s < 3600 * hours or len(rounds) < 4:
            faults = len(rounds) % 2 == 1
            events = session(Path(place) / "log", troubled(packets, rng) if faults else packets, page)
            gone_s += packets[-1].arrival_s
            counted = counted_in(events)
            del events
            gc.collect()
            rounds.append(Round(faults, counted, gone_s / 3600, sys.getallocatedblocks(), process_mb()))
    return rounds


def main() -> None:
    """Print the rounds, thinned, and what they say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=24.0, help="of the sensor's time")
    parser.add_argument("--seed", type=int, default=2)
    arguments = parser.parse_args()
    begun_s = time.monotonic()
    rounds = run(arguments.hours, arguments.seed)
    true = tuple(reps for _, reps in SETS)
    print("| hours | faults | counted | true | Python's blocks | process |\n|---|---|---|---|---|---|")
    step = max(len(rounds) // 12, 1) | 1  # odd: rounds with and without faults take turns
    for r in rounds[::step]:
        print(
            f"| {r.hours:.1f} | {'yes' if r.faults else 'no'} | {r.counted} | {true} | {r.blocks} | {r.process_mb:.1f} MB |"
        )
    clean = [r for r in rounds if not r.faults]
    drifted = sum(r.counted != clean[0].counted for r in clean)
    invented = sum(max(c - t, 0) for r in rounds for c, t in zip(r.counted, true, strict=True))
    share = sum(sum(r.counted) for r in rounds if r.faults) / (sum(true) * max(len(rounds) - len(clean), 1))
    warm, last = rounds[max(len(rounds) // 4, 1)], rounds[-1]
    blocks, growth_mb = last.blocks - warm.blocks, last.process_mb - warm.process_mb
    print(
        f"\nAfter {rounds[-1].hours:.1f} h, {len(rounds)} rounds in {(time.monotonic() - begun_s) / 60:.1f} minutes: "
        f"{len(clean) - drifted} of {len(clean)} rounds without faults counted alike ({clean[0].counted} of {true}), "
        f"{100 * share:.0f} % of repetitions under faults, {invented} invented; since {warm.hours:.1f} h Python's blocks grew by {blocks}, the process by {growth_mb:.1f} MB."
    )
    sys.exit(bool(drifted or invented or blocks > MOST_BLOCKS or growth_mb > MOST_GROWTH_MB))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Prints how often taps on the sensor are found, and how often something else is taken for them.

Example: `python -m tools.tap_figures ../shared/recordings`
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from coxa.analysis.score import find_recordings
from coxa.firmware_sim.scenario import build, build_acted, names
from coxa.firmware_sim.scripts import tapping
from coxa.host.detect.taps import TapFinder, Taps
from coxa.host.replay.csv_file import read_csv
from coxa.host.samples import SampleBlock, StreamItem
from coxa.host.wire import Decoder

RATES_HZ = (100.0, 104.0, 119.0, 200.0, 208.0, 400.0)
SEEDS = 20


def main() -> None:
    """Both tables, on the recordings named."""
    console = Console()
    table, found, tapped = found_table()
    console.print(table)
    table, false, hours_long = false_table([Path(p) for p in sys.argv[1:]])
    console.print(table)
    print(f"{found} of {tapped} found; {false} where nobody tapped, in {hours_long:.1f} hours")


def series(items: list[StreamItem]) -> list[Taps]:
    """Every series of taps in a stream."""
    finder = TapFinder()
    return [t for item in items for t in finder.update(item) if isinstance(t, Taps)]


def hours(items: list[StreamItem]) -> float:
    """How long the samples of a stream last."""
    return sum(i.t_s[-1] - i.t_s[0] for i in items if isinstance(i, SampleBlock)) / 3600


def simulated(name: str | None, seed: int, rate_hz: float) -> tuple[list[StreamItem], list[dict[str, object]]]:
    """A scenario, or the person who taps, as the host sees it."""
    from coxa.firmware_sim.firmware import Firmware

    made = build_acted(tapping, seed, rate_hz) if name is None else build(name, seed, rate_hz)
    firmware, decoder = Firmware(made.raw, "TEST0001"), Decoder()
    return [item for frame in firmware.frames() for item in decoder.feed(frame)], made.truth["activities"]


def found_table() -> tuple[Table, int, int]:
    """Simulated taps by rate; how many series were found, of how many."""
    table = Table("rate", "two taps: found", "three taps: found", title=f"simulated taps, {SEEDS} people")
    all_pairs = Counter[bool]()
    for rate_hz in RATES_HZ:
        pairs = Counter[tuple[int, bool]]()
        for seed in range(SEEDS):
            items, told = simulated(None, seed, rate_hz)
            got = series(items)
            for one in (a for a in told if str(a["label"]).startswith("tap:")):
                true, start_s = int(str(one["label"])[4:]), float(str(one["start_s"]))
                pairs[true, any(abs(t.start_s - start_s) < 0.3 and t.count == true for t in got)] += 1
        cells = [f"{pairs[n, True]} of {pairs[n, True] + pairs[n, False]}" for n in (2, 3)]
        table.add_row(f"{rate_hz:.0f} Hz", *cells)
        for (_, found), n in pairs.items():
            all_pairs[found] += n
    return table, all_pairs[True], all_pairs.total()


def false_table(places: list[Path]) -> tuple[Table, int, float]:
    """What is no tap, by kind of recording; how many series were taken for taps, in how many hours."""
    table = Table("recordings", "hours", "two or three taps", "single knocks", title="not one of these is a tap")
    kinds: dict[str, list[list[StreamItem]]] = {}
    for csv, _ in find_recordings(places) if places else []:
        kind = f"{csv.parent.name}: {csv.name.split('_')[0]}" if csv.parent.name == "real" else csv.parent.name
        kinds.setdefault(kind, []).append(read_csv(csv))
    for name in names():
        kinds.setdefault("simulated", []).extend(simulated(name, seed, 100.0)[0] for seed in range(2))
    false, all_hours = 0, 0.0
    for kind, streams in kinds.items():
        counts = Counter(t.count for items in streams for t in series(items))
        total = sum(map(hours, streams))
        false, all_hours = false + counts[2] + counts[3], all_hours + total
        table.add_row(f"{kind} ({len(streams)})", f"{total:.2f}", str(counts[2] + counts[3]), str(counts[1]))
    return table, false, all_hours


if __name__ == "__main__":
    main()

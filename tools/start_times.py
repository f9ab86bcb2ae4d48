"""How long the commands take that people start most: `python -m tools.start_times`.

Each is a new process with its caches of bytecode in place, as for anybody who has started coxa once before; one more
row has none. The least of several runs counts: what else the machine does slows, it never speeds up.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from coxa.firmware_sim.record import write
from coxa.firmware_sim.scenario import build

TIMES = 7
EXERCISE, SEED, LASTS_S = "leg_raise_supine", 1, 60.0
HELP_GOAL_S, REPLAY_GOAL_S = 0.3, 1.5
COXA = str(Path(sys.executable).with_name("coxa"))


def minute(folder: Path) -> Path:
    """A recording of one minute as CSV."""
    made = build(EXERCISE, SEED)
    raw = made.raw
    n = min(round(LASTS_S * raw.rate_hz), len(raw))
    cut = replace(raw, t_us=raw.t_us[:n], counts=raw.counts[:n])
    write(replace(made, raw=cut), folder, "minute")
    return folder / "minute.csv.gz"


def took_s(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """The clock's seconds and the processor's."""
    before, begun_s = os.times(), time.monotonic()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - begun_s, spent


def main() -> None:
    """Print a row for each command."""
    missed = False
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        usual = {**kept, "COXA_LOG": str(folder / "log")}
        without = {**usual, "PYTHONPYCACHEPREFIX": str(folder / "nothing"), "PYTHONDONTWRITEBYTECODE": "1"}
        replay = [COXA, "replay", str(minute(folder)), "--exercise", "leg_raise", "--jsonl"]
        rows = (
            ("coxa --help", [COXA, "--help"], usual, HELP_GOAL_S),
            ("coxa replay, 1 minute of CSV", replay, usual, REPLAY_GOAL_S),
            ("the same, no bytecode kept", replay, without, None),
            ("coxa exercises", [COXA, "exercises"], usual, None),
            ("coxa sessions, empty log", [COXA, "sessions"], usual, None),
        )
        print("| command | s on the clock | s of processor | goal |\n|---|---|---|---|")
        for name, command, environment, goal_s in rows:
            runs = [took_s(command, environment) for _ in range(TIMES)]
            clock_s, processor_s = (min(column) for column in zip(*runs, strict=True))
            missed |= goal_s is not None and clock_s > goal_s
            print(f"| {name} | {clock_s:.2f} | {processor_s:.2f} | {'' if goal_s is None else f'under {goal_s} s'} |")
    sys.exit(missed)


if __name__ == "__main__":
    main()

"""Runs `coxa live` on a real Linux Bluetooth stack against simulated sensors: `python -m tools.bluez [SENSOR...]`.

The sensor and its radio are here; kernel, bluetoothd and the unmodified coxa with bleak's own BlueZ backend are in a
guest (`guest.sh`), whose adapter is the virtual radio. In each session a person does raises, goes out of range once,
and at the end the user presses Ctrl-C. Prints a row for each sensor; status 0 only if all are as they should be.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from upath import UPath

from coxa.firmware_sim.emulators.on_air import EmulatedPeripheral, Mishaps
from coxa.firmware_sim.emulators.registry import emulator
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.firmware_sim.scenario import Scenario, build_routine
from coxa.host.events import RepCompleted, TrackingLost, TrackingResumed
from coxa.host.log import list_sessions

EXERCISE = "lateral_leg_raise"
SENSORS = ("coxa", "witmotion", "movesense")
KEEPS_TIME = ("witmotion",)
"""Stamped by arrival: their sessions run in real time."""
AWAY_S = 2.0
LINGER_S = 4.0
"""After the person's end, until the user presses Ctrl-C."""
SLOW_S = 900.0
PATH = Path(__file__).parent
INSIDE = """
set -m
.venv/bin/coxa live --exercise {exercise} --side right --voice quiet --log {folder}/log &
host=$!
until [ -e {folder}/enough ] || ! kill -0 $host 2>/dev/null; do sleep 0.2; done
kill -INT $host 2>/dev/null
wait $host
"""


@dataclass
class Run:
    """One session and what it left."""

    sensor: str
    reps: int
    rep_s: float
    """From one repetition to the next, in the mean."""
    took_s: float = 0.0
    status: int = -1
    guest: str = ""
    counted: int = 0
    unseen_s: list[float] = field(default_factory=list[float])
    """How long each silence in the stream was."""
    link: dict[str, Any] | None = None
    battery: object = None
    stopped: bool = False
    """Whether the sensor was told to stop."""

    @property
    def right(self) -> bool:
        """Whether everything is as it should be: whoever keeps nothing may lose what was done in a silence."""
        hidden = sum(math.ceil(s / self.rep_s) + 1 for s in self.unseen_s)
        fewest = self.reps if self.sensor == "coxa" else self.reps - hidden
        link = self.link or {}
        whole = link.get("lost_packets") == 0 or self.sensor != "coxa"
        came = fewest <= self.counted <= self.reps and whole and link.get("reconnects") == 1
        return came and self.battery is not None and self.stopped and self.status == 0

    def row(self) -> str:
        """Of the table."""
        link = self.link or {}
        share = link.get("lost_share")
        lost = "not known" if share is None else f"{100 * share:.2f} %"
        cells = (
            self.sensor,
            f"{self.counted} of {self.reps}",
            f"{link.get('reconnects')}",
            f"{link.get('repeats', 0)}",
            f"{link.get('duplicates') or 0}",
            lost,
            f"{sum(self.unseen_s):.0f} s",
            f"{self.battery} %",
            "yes" if self.stopped else "NO",
            f"{self.took_s:.0f} s",
            "right" if self.right else "WRONG",
        )
        return "| " + " | ".join(cells) + " |"


async def _session(run: Run, made: Scenario, folder: Path) -> None:
    air, about = Air(loss=0.02, seed=3), len(made.raw) // 2
    fast = run.sensor not in KEEPS_TIME
    sensor: Peripheral | EmulatedPeripheral
    if run.sensor == "coxa":
        faults = Faults(disconnects=((about // 10, AWAY_S),))
        sensor = Peripheral(
            Firmware(made.raw, "BLUEZ001"), air, "F0:0D:CA:FE:00:01", "coxa B1", fast=fast, faults=faults
        )
    else:
        bought = emulator(run.sensor, made.raw)
        mishaps = Mishaps(disconnects=((_notifications(run.sensor, made) // 2, AWAY_S),))
        sensor = EmulatedPeripheral(bought, air, "F0:0D:CA:FE:00:01", fast=fast, mishaps=mishaps)
    await sensor.switch_on()
    guest = await asyncio.create_subprocess_exec(
        str(PATH / "guest.sh"), f"127.0.0.1:{await air.serve(0)}", str(folder),
        "bash", "-c", INSIDE.format(exercise=EXERCISE, folder=folder),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    over = asyncio.ensure_future(_over(sensor, folder / "enough"))
    assert guest.stdout is not None
    async for line in guest.stdout:
        text = line.decode(errors="replace").rstrip()
        run.guest = text if text.startswith("guest: Linux") else run.guest
        print(f"  {run.sensor}: {text}", file=sys.stderr)
    run.status = await guest.wait()
    over.cancel()
    run.stopped = not (sensor.emulator.streaming if isinstance(sensor, EmulatedPeripheral) else sensor.streaming)


def _notifications(name: str, made: Scenario) -> int:
    """About how many the whole recording takes."""
    per_s = {"witmotion": 25.0, "movesense": 104 / 8 * 2}
    return round(per_s[name] * len(made.raw) / made.raw.rate_hz)


async def _over(sensor: Peripheral | EmulatedPeripheral, enough: Path) -> None:
    """Presses Ctrl-C once the person has done everything; coxa's own sensor says so itself."""
    if isinstance(sensor, EmulatedPeripheral):
        while sensor.emulator.now_s < sensor.emulator.motion.end_s:
            await asyncio.sleep(0.2)
        await asyncio.sleep(LINGER_S)
        enough.touch()


def _read(run: Run, folder: Path) -> None:
    """What the guest's log says."""
    for session in list_sessions(UPath(folder / "log")):
        events = session.events()
        run.counted = sum(isinstance(e, RepCompleted) for e in events)
        lost_s = [e.start_s for e in events if isinstance(e, TrackingLost) and e.reason == "no samples"]
        back_s = [e.start_s for e in events if isinstance(e, TrackingResumed)]
        run.unseen_s = [min((b for b in back_s if b > t), default=t) - t for t in lost_s]
        header = json.loads((Path(str(session.folder)) / "session.json").read_text())
        run.link, run.battery = header.get("link"), header.get("sensor", {}).get("battery_percent")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sensors", nargs="*", default=SENSORS, help=f"of {', '.join(SENSORS)}")
    parser.add_argument("--reps", type=int, default=30)
    arguments = parser.parse_args()
    made = build_routine([{"exercise": EXERCISE, "side": "right", "reps": arguments.reps}], 3)
    rep_s = len(made.raw) / made.raw.rate_hz / arguments.reps
    runs = [Run(name, arguments.reps, rep_s=rep_s) for name in arguments.sensors]
    for run in runs:
        with tempfile.TemporaryDirectory() as name:
            begun_s = time.monotonic()
            asyncio.run(asyncio.wait_for(_session(run, made, Path(name)), SLOW_S))
            run.took_s = time.monotonic() - begun_s
            _read(run, Path(name))
    versions = {re.sub(r", ready.*", "", r.guest.removeprefix("guest: ")) for r in runs}
    print(
        f"{', '.join(sorted(versions))}; raises on the side, out of range for {AWAY_S:.0f} s, 2 % of radio packets lost"
    )
    print("| sensor | counted | reconnects | BlueZ gave twice | sent twice | samples lost | silent | battery | stopped"
          " | took | |")  # fmt: skip
    print("|" + "---|" * 11)
    for run in runs:
        print(run.row())
    print(f"\n{sum(r.right for r in runs)} of {len(runs)} sensors as promised")
    sys.exit(0 if all(r.right for r in runs) else 1)


if __name__ == "__main__":
    main()

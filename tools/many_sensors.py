"""Several sensors at 100 Hz on one host: `python -m tools.many_sensors [--sensors 1 2 10 50] [--reps 12]`.

Each number of sensors is a run of its own in real time. A room is a process with one virtual radio and up to ten
simulated sensors on it, each worn by a person; the host is a process with an adapter in every room, and for each
sensor all that `coxa live` has: a link over bleak, a decoder, a coach and a log. Bleak's backend is bumble's, so the
host's CPU includes a Bluetooth stack in Python, which otherwise kernel and bluetoothd are. Prints loss, how late
packets are through (after their last sample), how late repetitions are told (after their true end), the CPU of host and
rooms while all sensors stream, and on how many of them all was counted as it was done. Status 0 only if it was on all,
and nothing was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from coxa.analysis.score_match import Window, match
from coxa.analysis.score_truth import parse_truth
from coxa.cli.session_setup import new_header
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.firmware_sim.scenario import Scenario, build_routine
from coxa.host.events import Event, RepCompleted
from coxa.host.link.bumble_backend import Adapter
from coxa.host.link.quality import StreamQuality
from coxa.host.link.scan import FoundSensor, find
from coxa.host.link.sensor_link import SensorLink
from coxa.host.log import SessionWriter
from coxa.host.routine import Coach, SetPlan
from coxa.host.session import run_session
from coxa.host.watcher import Watcher

EXERCISE = "lateral_leg_raise"
IN_A_ROOM = 10
"""Sensors on one adapter; real ones manage 7 to 20."""
PEOPLE = 5
"""Different ones; further sensors are worn by their likes."""
NUMBERS, REPS = (1, 2, 10), 12
FIND_S = 60.0


@dataclass(slots=True)
class Load:
    """CPU seconds that this process had taken at a moment."""

    at_s: float = field(default_factory=time.monotonic)
    cpu_s: float = field(default_factory=time.process_time)

    def share_until(self, after: Load) -> float:
        """Of one core."""
        return (after.cpu_s - self.cpu_s) / (after.at_s - self.at_s)


@dataclass(slots=True)
class Heard(Watcher):
    """One sensor, as its host saw it. Moments are on the monotonic clock, which all processes of a machine share."""

    lost: int = 0
    reconnects: int = 0
    packets: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """When each packet was through, and the stream time of its newest sample."""
    reps: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """When each repetition was told, and its peak in stream time."""

    def event(self, event: Event) -> None:
        """With the moment."""
        if isinstance(event, RepCompleted):
            self.reps.append((time.monotonic(), event.peak_s))

    def progress(self, coach: Coach, quality: StreamQuality) -> None:  # noqa: ARG002 - as the session calls it
        """A packet is through."""
        if coach.view.t_s is not None:
            self.packets.append((time.monotonic(), coach.view.t_s))


class Host:
    """All sensors at once, each with its link, coach and log."""

    def __init__(self, where: dict[int, str], logs: Path) -> None:
        """`where`: the transport to the room of each sensor, by its number."""
        self._where, self._logs = where, logs
        self.heard = {number: Heard() for number in where}
        self._all_stream: Load | None = None
        self._first_over: Load | None = None

    @property
    def share(self) -> float:
        """Of one core, from when all were streaming until the first had ended; NaN where they never did together."""
        begin, end = self._all_stream, self._first_over
        return begin.share_until(end) if begin and end and begin.at_s < end.at_s else float("nan")

    async def run(self) -> None:
        """Each to its end; looked for one after the other, as `coxa live` does."""
        try:
            found = {number: await find(hci, FIND_S, address(number)) for number, hci in self._where.items()}
            await asyncio.gather(*(self._one(number, sensor) for number, sensor in found.items()))
        finally:
            await Adapter.close_all()

    async def _one(self, number: int, sensor: FoundSensor) -> None:
        plan, heard, hci = (SetPlan(EXERCISE, "right"),), self.heard[number], self._where[number]
        async with SensorLink(sensor, hci) as link:
            await run_session(link, Coach(plan), SessionWriter(self._logs, new_header(plan)), heard, self._look)
            self._first_over = self._first_over or Load()
        heard.lost, heard.reconnects = link.decoder.stats.lost_samples, link.reconnects

    def _look(self) -> bool:
        if self._all_stream is None and all(h.packets for h in self.heard.values()):
            self._all_stream = Load()
        return False


def worn(number: int, reps: int) -> Scenario:
    """By the person of this sensor."""
    return build_routine([{"exercise": EXERCISE, "side": "right", "reps": reps}], 1 + number % PEOPLE)


def address(number: int) -> str:
    """Of this sensor on the air."""
    return f"F0:0D:CA:FE:01:{number:02X}"


@dataclass(frozen=True, slots=True)
class Room:
    """A radio with sensors on it."""

    air: Air
    sensors: dict[int, Peripheral]
    hci: str
    """The transport that leads there."""

    @classmethod
    async def opened(cls, numbers: Sequence[int], reps: int, *, fast: bool = False) -> Room:
        """With these sensors, switched on."""
        air, sensors = Air(seed=numbers[0]), dict[int, Peripheral]()
        for number in numbers:
            firmware, name = Firmware(worn(number, reps).raw, f"MANY{number:04d}"), f"coxa {number}"
            sensors[number] = Peripheral(firmware, air, address(number), name, fast=fast, faults=Faults())
            await sensors[number].switch_on()
        return cls(air, sensors, f"tcp-client:127.0.0.1:{await air.serve(0)}")

    @property
    def begun_s(self) -> dict[int, float]:
        """When each person began, on the monotonic clock."""
        return {number: s.begun_s for number, s in self.sensors.items() if s.begun_s is not None}


def _room_process(numbers: Sequence[int], reps: int, pipe: Connection) -> None:
    """A room to itself, until asked when its people began; tells the share of a core that it took as well."""

    async def run() -> None:
        room = await Room.opened(numbers, reps)
        pipe.send(room.hci)
        began = Load()
        await asyncio.to_thread(pipe.recv)
        pipe.send((room.begun_s, began.share_until(Load())))

    asyncio.run(run())


def _host_process(where: dict[int, str], pipe: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        host = Host(where, Path(folder))
        asyncio.run(host.run())
        pipe.send((host.heard, host.share))


@dataclass(frozen=True, slots=True)
class Found:
    """What one number of sensors gave."""

    sensors: int
    right: int
    """Sensors on which all was counted as it was done."""
    lost: int
    reconnects: int
    through_s: tuple[float, ...]
    """Median, 99th percentile and largest."""
    told_s: tuple[float, ...]
    """Median and largest."""
    host_share: float
    rooms_share: float

    @property
    def good(self) -> bool:
        """Nothing lost, all right."""
        return self.right == self.sensors and self.lost == 0

    def row(self) -> str:
        """Of the table."""
        cells = (
            f"{self.sensors}",
            f"{self.right}",
            f"{self.lost}",
            f"{self.reconnects}",
            " / ".join(f"{1000 * s:.0f}" for s in self.through_s),
            " / ".join(f"{s:.2f}" for s in self.told_s),
            f"{100 * self.host_share:.0f} %",
            f"{100 * self.host_share / self.sensors:.1f} %",
            f"{100 * self.rooms_share / self.sensors:.1f} %",
        )
        return "| " + " | ".join(cells) + " |"


HEAD = (
    "| sensors | counted right | samples lost | reconnects | packets through, ms: median / 99th / worst "
    "| repetitions told, s: median / worst | host, of a core | host, a sensor | simulator, a sensor |"
)


def judged(
    heard: dict[int, Heard], begun_s: dict[int, float], reps: int, host_share: float, rooms_share: float
) -> Found:
    """What was heard held against what each person did; `begun_s` is when each began."""
    through, told, right = list[float](), list[float](), 0
    for number, h in heard.items():
        made = worn(number, reps)
        truth, zero_s = parse_truth(made.truth), float(made.raw.t_us[0]) * 1e-6
        matching = match(
            [peak_s for _, peak_s in h.reps], [Window(r.found_from_s, r.found_to_s, r.duty) for r in truth.reps]
        )
        right += not matching.false and not matching.missed
        through += [at_s - begun_s[number] - (t_s - zero_s) for at_s, t_s in h.packets]
        told += [h.reps[p][0] - begun_s[number] - (truth.reps[w].end_s - zero_s) for p, w in matching.found]
    return Found(
        len(heard),
        right,
        sum(h.lost for h in heard.values()),
        sum(h.reconnects for h in heard.values()),
        tuple(float(q) for q in np.nanquantile(through, [0.5, 0.99, 1.0])),
        tuple(float(q) for q in np.quantile(told, [0.5, 1.0])),
        host_share,
        rooms_share,
    )


def _started(work: Callable[..., None], *told: object) -> Connection:
    """A process of its own with the other end of a pipe, which breaks where it dies."""
    mine, theirs = get_context("spawn").Pipe()
    get_context("spawn").Process(target=work, args=(*told, theirs), daemon=True).start()
    theirs.close()
    return mine


def measured(sensors: int, reps: int) -> Found:
    """One run: rooms and host each in a process of its own."""
    pipes, where = list[Connection](), dict[int, str]()
    for first in range(0, sensors, IN_A_ROOM):
        numbers = range(first, min(first + IN_A_ROOM, sensors))
        pipes.append(_started(_room_process, numbers, reps))
        where |= dict.fromkeys(numbers, pipes[-1].recv())
    heard, host_share = _started(_host_process, where).recv()
    begun_s, rooms_share = dict[int, float](), 0.0
    for pipe in pipes:
        pipe.send("done")
        began, share = pipe.recv()
        begun_s, rooms_share = {**begun_s, **began}, rooms_share + share
    return judged(heard, begun_s, reps, host_share, rooms_share)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sensors", type=int, nargs="+", default=list(NUMBERS))
    parser.add_argument("--reps", type=int, default=REPS)
    arguments = parser.parse_args()
    print(f"{HEAD}\n{'|---' * 9}|", flush=True)
    runs = list[Found]()
    for sensors in arguments.sensors:
        runs.append(measured(sensors, arguments.reps))
        print(runs[-1].row(), flush=True)
    print(f"\nup to {max(r.sensors for r in runs)} sensors, {sum(r.lost for r in runs)} samples lost")
    sys.exit(0 if all(r.good for r in runs) else 1)


if __name__ == "__main__":
    main()

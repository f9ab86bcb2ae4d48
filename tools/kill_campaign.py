"""Kills a process in the middle of writing the log, a thousand times, and looks at what is left.

`python -m tools.kill_campaign --times 1000` (POSIX). Each time a process writes a session and is killed (SIGKILL) at a
random moment of opening, writing or closing it; half of the disks are full sooner or later (a tmpfs of its own, or
where none may be mounted a limit on the size of files), and some of those get room again while it is being written.
A third of the repairs are killed too. Then it must hold: the log can be read at every moment, no more than the last
second of packets is lost, none stands there twice or out of order, the events are those that the packets give, what
had been logged is still there, and a repair after the repair changes nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
from upath import UPath

from coxa.host.errors import LogError
from coxa.host.events import RepCompleted
from coxa.host.log import Session, list_sessions, repair_log, session_items
from coxa.host.log.writer import FLUSH_S
from coxa.host.routine import Coach
from tools.kill_writer import CLOSED, CLOSING, NO_ROOM, OPENING, PACKET_S, PLAN, WRITING, Board, Progress, repair
from tools.kill_writer import sent as sent_by_sensor
from tools.kill_writer import write as write_session

WHEN = {OPENING: "opening", WRITING: "writing", CLOSING: "closing"}
SHARES = (0.15, 0.6, 0.25)
"""How often each of these is aimed at."""
DISK_KB = 2048
ROOM_KB = (0, 120)
"""Room that a disk has before it is full: the packets of a whole session take 80 kB, its tables 160."""
NO_ROOM_KB = (0, 16)
"""The same, of half of those disks: too little to begin a session, or just enough."""
KILLED_REPAIRS = 1 / 3
WAIT_S = 120.0


@dataclass(slots=True)
class Kill:
    """One kill, and what was found after it."""

    aimed: str
    disk: str
    """Plenty, full, or full with room later."""
    progress: Progress
    told_full: bool = False
    """Whether the writer was told that there is no room, before it was killed."""
    missed: bool = False
    """Whether the session had been closed before."""
    lost_s: float = 0.0
    repairs_killed: int = 0
    repaired: bool = False
    wrong: list[str] = field(default_factory=list[str])


class Disk:
    """Where logs lie, with as much room as is wanted."""

    def __init__(self, place: Path, *, mounted: bool) -> None:
        self.place, self.mounted = place, mounted
        self._ballast = place / "ballast"

    def leave(self, room_kb: int) -> None:
        """Fill the disk up but for so much."""
        free = os.statvfs(self.place)
        size = free.f_bavail * free.f_frsize - room_kb * 1024
        with self._ballast.open("wb") as file:
            for _ in range(size // 4096):
                file.write(bytes(4096))

    def empty(self) -> None:
        """Give all the room back."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk() -> Generator[Disk]:
    """A tmpfs of its own, or an ordinary folder where this user may not mount one."""
    place = Path(tempfile.mkdtemp(prefix="coxa-kill-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_KB}k,mode=700", "tmpfs", str(place)]
    mounted = shutil.which("mount") is not None and subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield Disk(place, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)
        shutil.rmtree(place, ignore_errors=True)


class Campaign:
    """Kills, one after the other, all drawn from one seed."""

    def __init__(self, seed: int, disk: Disk) -> None:
        self._rng, self._seed, self._disk = random.Random(seed), seed, disk
        self._frames = sent_by_sensor()
        self._processes = get_context("forkserver")
        self._processes.set_forkserver_preload(["tools.kill_writer"])
        self._spans = {OPENING: 0.0, WRITING: 0.0, CLOSING: 0.0}
        """Seconds that each stage takes, as in the runs that went first."""
        self._repair_s = 0.0

    def measure(self) -> None:
        """Two whole runs without a kill, to know how long everything takes; the first also warms up."""
        for _ in range(2):
            log = self._new_log()
            writer, board = self._start(write_session, log, self._frames, self._seed)
            at = {stage: _reached(board, writer, stage) for stage in (OPENING, WRITING, CLOSING, CLOSED)}
            writer.join()
            self._spans = {s: at[s + 1] - at[s] for s in self._spans}
            begun_s = time.monotonic()
            _reopen(log)
            self._repair_s = time.monotonic() - begun_s
            shutil.rmtree(log)

    def kill(self, disk: str) -> Kill:
        """One of them."""
        log, stage = self._new_log(), self._rng.choices(list(WHEN), SHARES)[0]
        limit_kb = None
        if disk != "plenty":
            room_kb = self._rng.choice((self._rng.randint(*ROOM_KB), self._rng.randint(*NO_ROOM_KB)))
            limit_kb = None if self._disk.mounted else room_kb
            if self._disk.mounted:
                self._disk.leave(room_kb)
        writer, board = self._start(_limited(write_session, limit_kb), log, self._frames, self._seed)
        _reached(board, writer, stage)
        pause_s = self._rng.uniform(0, 1.2 * self._spans[stage])
        if disk == "full, then room":
            time.sleep(pause_s * self._rng.random())
            self._disk.empty()
        writer.join(pause_s)
        writer.kill()
        writer.join()
        found = Kill(WHEN[stage], disk, board.read(), told_full=writer.exitcode == NO_ROOM)
        found.missed = found.progress.stage == CLOSED
        self._look_at_full_disk(log, found)
        self._disk.empty()
        self._repair(log, found)
        _judge(log, found, self._frames)
        shutil.rmtree(log)
        return found

    def _new_log(self) -> Path:
        return Path(tempfile.mkdtemp(prefix="log-", dir=self._disk.place))

    def _start(self, work: Any, log: Path, *more: Any) -> tuple[Any, Board]:
        """Begin `work(log, board, *more)` in a process of its own; gives it and its board, which is on another disk."""
        fd, name = tempfile.mkstemp(prefix="coxa-board-")
        os.close(fd)
        board = Board(Path(name))
        process = self._processes.Process(target=work, args=(log, Path(name), *more))
        process.start()
        _reached(board, process, OPENING)
        os.unlink(name)
        return process, board

    def _look_at_full_disk(self, log: Path, found: Kill) -> None:
        """Before there is room again: it can be read, and a repair either works or says that there is no room."""
        if found.disk == "plenty":
            return
        _read_all(log, found, "on the full disk")
        try:
            found.repaired = bool(_reopen(log))
        except LogError as error:
            if "\n" in str(error) or "cannot be repaired" not in str(error):
                found.wrong.append(f"repair on the full disk: {error}")
        _read_all(log, found, "after a repair on the full disk")

    def _repair(self, log: Path, found: Kill) -> None:
        while self._rng.random() < KILLED_REPAIRS:
            process, _ = self._start(repair, log)
            process.join(self._rng.uniform(0, 1.5 * self._repair_s))
            process.kill()
            process.join()
            found.repairs_killed += process.exitcode == -9
            _read_all(log, found, "after a repair that was killed")
        found.repaired |= bool(_reopen(log))


def _limited(work: Any, limit_kb: int | None) -> Any:
    return work if limit_kb is None else _Limited(work, limit_kb)


@dataclass(frozen=True, slots=True)
class _Limited:
    """Work that may write no file larger than so much: a full disk for those who may not mount one."""

    work: Any
    kb: int

    def __call__(self, *what: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.kb * 1024, self.kb * 1024))
        self.work(*what)


def _reached(board: Board, process: Any, stage: int) -> float:
    """Wait until it is so far, or has ended; gives the time."""
    until_s = time.monotonic() + WAIT_S
    while board.read().stage < stage and process.is_alive():
        if time.monotonic() > until_s:
            raise TimeoutError(f"the process does not come to stage {stage}")
        time.sleep(0.0003)
    return time.monotonic()


def _reopen(log: Path) -> list[str]:
    return repair_log(UPath(log))


def _read_all(log: Path, found: Kill, when: str) -> list[Session]:
    """Whatever a command would read; nothing may fail."""
    try:
        sessions = list_sessions(UPath(log))
        for session in sessions:
            for read in (session.packets, session.events, session.cues):
                read()
    except Exception as error:  # whatever it is, it is a finding
        found.wrong.append(f"{when}: {type(error).__name__}: {error}")
        return []
    return sessions


def _judge(log: Path, found: Kill, frames: list[bytes]) -> None:
    """All that must hold once it was repaired."""
    sessions = _read_all(log, found, "after repair")
    told = list[str]()
    list_sessions(UPath(log), told.append)
    found.wrong += [f"still said to be broken: {line}" for line in told]
    before = _contents(log)
    if _reopen(log) or _contents(log) != before:
        found.wrong.append("a second repair found something to do")
    kept = found.progress.packets * PACKET_S > FLUSH_S  # before that there may be nothing in it, and it goes
    if found.progress.stage >= WRITING and len(sessions) not in ((1,) if kept else (0, 1)):
        found.wrong.append(f"{len(sessions)} sessions where one was begun")
    for session in sessions:
        found.wrong += _wrong(session, found, frames)


def _wrong(session: Session, found: Kill, frames: list[bytes]) -> list[str]:
    wrong = list[str]()
    kept = session.packets()
    if [p.data for p in kept] != frames[: len(kept)]:
        wrong.append("packets are not the beginning of what was sent")
    last_s = (found.progress.packets - 1) * PACKET_S
    found.lost_s = max(0.0, last_s - (kept[-1].arrival_s if kept else -PACKET_S)) if found.progress.packets else 0.0
    if found.lost_s > FLUSH_S:
        wrong.append(f"{found.lost_s:.1f} s of packets are lost")
    if session.header.state not in (("closed",) if found.missed else ("closed", "repaired")):
        wrong.append(f"the session's state is {session.header.state}")
    coach = Coach(PLAN)
    given = [e for i in session_items(session) for e in coach.feed(i)] + coach.finish() if kept else []
    events = session.events()
    if events != given:
        wrong.append(f"{len(events)} events, the packets give {len(given)}")
    if len(events) < found.progress.events:
        wrong.append(f"{found.progress.events} events had been logged, {len(events)} are left")
    folder = Path(str(session.folder))
    counted = int(pd.read_parquet(folder / "reps.parquet")["counted"].sum())
    if counted != sum(isinstance(e, RepCompleted) for e in events):
        wrong.append(f"reps.parquet has {counted} counted repetitions")
    wrong += [f"{p.name} is left over" for p in folder.glob("*.part")]
    return wrong


def _contents(log: Path) -> dict[str, bytes]:
    return {str(p.relative_to(log)): p.read_bytes() for p in sorted(log.rglob("*")) if p.is_file()}


def run(times: int, seed: int = 1, *, progress: bool = False) -> tuple[list[Kill], bool]:
    """So many kills, and whether the full disk was a mounted one."""
    kills = list[Kill]()
    with small_disk() as disk:
        campaign, rng = Campaign(seed, disk), random.Random(seed)
        campaign.measure()
        full = ("full", "full, then room") if disk.mounted else ("full",)
        for n in range(times):
            kills.append(campaign.kill("plenty" if rng.random() < 0.5 else rng.choice(full)))
            for wrong in kills[-1].wrong:
                print(f"kill {n} ({kills[-1].aimed}, disk {kills[-1].disk}): {wrong}", file=sys.stderr)
            if progress and sys.stderr.isatty():
                print(f"\r{n + 1} of {times}", end="", file=sys.stderr)
        return kills, disk.mounted


def table(kills: list[Kill]) -> str:
    """A row for each disk and moment."""
    rows = ["| disk | killed while | kills | already told 'full' | already closed | repairs killed too | repaired "
            "| most lost | wrong |", "|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for disk in ("plenty", "full", "full, then room"):
        for aimed in WHEN.values():
            some = [k for k in kills if (k.disk, k.aimed) == (disk, aimed)]
            if some:
                rows.append(_row(disk, aimed, some))
    return "\n".join([*rows, _row("all", "", kills)])


def _row(disk: str, aimed: str, some: list[Kill]) -> str:
    sums = (
        len(some),
        sum(k.told_full for k in some),
        sum(k.missed for k in some),
        sum(k.repairs_killed for k in some),
        sum(k.repaired for k in some),
    )
    most = f"{max(k.lost_s for k in some):.1f} s"
    return f"| {disk} | {aimed} | {' | '.join(map(str, sums))} | {most} | {sum(bool(k.wrong) for k in some)} |"


def main() -> None:
    """Print the table; status 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    begun_s = time.monotonic()
    kills, mounted = run(arguments.times, arguments.seed, progress=True)
    print(table(kills))
    how = f"a tmpfs of {DISK_KB // 1024} MiB" if mounted else "a limit on the size of files (RLIMIT_FSIZE)"
    print(f"\nThe full disk was {how}. {len(kills)} kills in {(time.monotonic() - begun_s) / 60:.1f} minutes.")
    wrong, lost_s = sum(bool(k.wrong) for k in kills), max(k.lost_s for k in kills)
    print(f"{len(kills)} kills: at most {lost_s:.1f} s lost, {wrong} wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()

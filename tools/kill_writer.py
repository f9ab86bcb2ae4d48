"""The two processes that `tools.kill_campaign` kills: one that writes a session, one that repairs the log.

The writer says how far it is in shared memory that outlives it: a SIGKILL leaves no time to say anything.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

from upath import UPath

from coxa.cli.session_setup import new_header
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import build
from coxa.host.errors import LogError
from coxa.host.log import SessionWriter, repair_log
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Packet
from coxa.host.wire import Decoder

PLAN = (SetPlan("lateral_leg_raise", "right"),)
PACKET_S = 0.1
OPENING, WRITING, CLOSING, CLOSED = range(1, 5)
"""How far a writer is."""
NO_ROOM = 3
"""Exit status of a process that was told that the disk is full."""
_PLACES = struct.Struct("<qqq")


def sent(seed: int = 3) -> list[bytes]:
    """What a simulated sensor notifies in a set of leg raises: some 47 s."""
    return Firmware(build("lateral_leg_raise", seed).raw, "KILL0001").frames()


@dataclass(frozen=True, slots=True)
class Progress:
    """What a writer had done when it was last alive."""

    stage: int
    packets: int
    """Handed to the log; each came `PACKET_S` after the one before."""
    events: int
    """Handed to the log, which says that they are on disk."""


class Board:
    """A page of memory shared between the writer and whoever kills it."""

    def __init__(self, path: Path) -> None:
        path.touch()
        with path.open("r+b") as file:
            file.truncate(_PLACES.size)
            self._page = mmap.mmap(file.fileno(), _PLACES.size)

    def say(self, stage: int, packets: int = 0, events: int = 0) -> None:
        """Note how far one is."""
        _PLACES.pack_into(self._page, 0, stage, packets, events)

    def read(self) -> Progress:
        """How far the other one is."""
        return Progress(*_PLACES.unpack_from(self._page))


def write(log: Path, board_path: Path, frames: list[bytes], seed: int) -> None:
    """Write one session as a live one does, as fast as it goes; ends with `NO_ROOM` on a full disk."""
    board = Board(board_path)
    board.say(OPENING)
    try:
        _write(log, frames, board, seed)
    except LogError:
        raise SystemExit(NO_ROOM) from None


def _write(log: Path, frames: list[bytes], board: Board, seed: int) -> None:
    decoder, coach, events = Decoder(), Coach(PLAN), 0
    with SessionWriter(log, new_header(PLAN, simulated=True, seed=seed)) as writer:
        board.say(WRITING)
        for k, data in enumerate(frames):
            writer.packet(Packet(k * PACKET_S, data))
            board.say(WRITING, k + 1, events)
            for event in (e for item in decoder.feed(data) for e in coach.feed(item)):
                writer.event(event)
                events += 1
                board.say(WRITING, k + 1, events)
        for event in coach.finish():
            writer.event(event)
        board.say(CLOSING, len(frames), events)
        writer.close(coach.view.t_s)
    board.say(CLOSED, len(frames), events)


def repair(log: Path, board_path: Path) -> None:
    """Repair as the next start of coxa does; ends with `NO_ROOM` on a full disk."""
    board = Board(board_path)
    board.say(OPENING)
    try:
        repair_log(UPath(log))
    except LogError:
        raise SystemExit(NO_ROOM) from None
    board.say(CLOSED)

"""What is fuzzed: each reader of something from outside, and sound input to begin from."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from upath import UPath

from coxa.analysis.load import load
from coxa.host.errors import CoxaError
from coxa.host.exercises.spec import parse_spec
from coxa.host.log import open_session, session_items
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.hex_file import header, line, read_hex
from coxa.host.routine.file import built_in, parse_routine
from coxa.host.samples import Gap, Packet, StreamItem
from coxa.host.sensors.registry import DRIVERS
from coxa.host.voice import load_phrases
from coxa.host.voice.language import parse_phrases
from coxa.page.gate import Gate
from tests.helpers_recorded import write as write_session
from tests.test_sensor_laws import MAKE

ARRIVALS_S = (math.nan, 0.0, 0.04, 3.0, -1.0, math.inf)
SESSION_FILES = ("session.json", "packets.arrows", "events.jsonl", "reps.parquet", "holds.parquet", "samples.parquet")


@dataclass(frozen=True, slots=True)
class Target:
    """One reader: it may refuse by a typed error; anything else that it raises is a finding."""

    read: Callable[[bytes], None]
    seeds: list[bytes]
    about: str
    """What kind of input that is."""


def targets(folder: Path) -> dict[str, Target]:
    """Every target by name; readers of files get theirs in `folder`, which should lie in memory."""
    notified = {
        name: Target(
            partial(_notified, name),
            [_joined([MAKE[name](k) for k in range(n)]) for n in (1, 8)],
            "own wire" if name == "coxa" else "sensor",
        )
        for name in DRIVERS
    }
    return {**notified, **_recordings(folder), **_session(folder), **_texts(), "page": _page()}


def _joined(notifications: list[bytes]) -> bytes:
    """Notifications as one input: how they arrive, then each with its length before it."""
    return b"\x02" + b"".join(len(n).to_bytes(2, "big") + n for n in notifications)


def _notified(name: str, data: bytes) -> None:
    """Decode notifications, none of which may raise, turn time back or give half a sample."""
    chosen = DRIVERS[name]
    decoder = chosen.decoder(chosen.settings())
    period_s = ARRIVALS_S[data[0] % len(ARRIVALS_S)] if data else 0.0
    items, at, n = list[StreamItem](), 1, 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        items += decoder.feed("", data[at + 2 : end], n * period_s)
        decoder.counts()
        at, n = end, n + 1
    items += decoder.finish()
    _sane(items, gyro=name != "polar_h10")


def _sane(items: list[StreamItem], *, gyro: bool) -> None:
    last_s = -math.inf
    for item in items:
        if isinstance(item, Gap):
            assert last_s <= item.start_s <= item.end_s < math.inf, "a gap that turns time back"
            last_s = item.start_s
            continue
        assert last_s < item.t_s[0], "time goes back"
        assert bool(np.all(np.isfinite(item.t_s))), "a time that is none"
        assert bool(np.all(np.diff(item.t_s) > 0)), "time stands still"
        assert bool(np.all(np.isfinite(item.accel_mps2))), "half a sample"
        assert not gyro or bool(np.all(np.isfinite(item.gyro_radps))), "half a sample"
        last_s = float(item.t_s[-1])


def _refuses(read: Callable[[], object]) -> None:
    try:
        read()
    except CoxaError:
        return


def _recordings(folder: Path) -> dict[str, Target]:
    head = b"t_s,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s\n"
    rows = b"".join(b"%.2f,0.1,-0.2,9.81,0,0.01,-1e-3\n" % (0.01 * k) for k in range(40))
    wit = DRIVERS["witmotion"]
    packets = [Packet(0.02 * k, MAKE["witmotion"](k)) for k in range(8)]
    raw = (header(wit, wit.defaults) + "".join(line(p) for p in packets)).encode()

    def csv(data: bytes) -> None:
        path = folder / "fuzz.csv"
        path.write_bytes(data)
        _refuses(lambda: _sane(read_csv(path), gyro=True))

    def hexes(data: bytes) -> None:
        path = folder / "fuzz.txt"
        path.write_bytes(data)
        _refuses(lambda: _sane(read_hex(path).items(), gyro=False))

    return {"csv": Target(csv, [head + rows], "recording"), "hex": Target(hexes, [raw], "recording")}


def _session(folder: Path) -> dict[str, Target]:
    """Each file of a session by itself, in a session that is sound but for it; read as every command reads it."""
    with tempfile.TemporaryDirectory() as scratch:
        place = write_session(Path(scratch) / "log", 40)[0]
        kept = folder / "log" / place.parent.parent.name / place.parent.name / place.name
        shutil.copytree(place, kept)

    def read(name: str, sound: bytes, data: bytes) -> None:
        (kept / name).write_bytes(data)
        try:
            _refuses(lambda: _all_of(UPath(kept)))
            load(UPath(folder / "log"))
        finally:
            (kept / name).write_bytes(sound)

    made = {name: (kept / name).read_bytes() for name in SESSION_FILES if (kept / name).exists()}
    return {f"session/{n}": Target(partial(read, n, data), [data], "session") for n, data in made.items()}


def _all_of(folder: UPath) -> None:
    session = open_session(folder)
    for read in (session.packets, session.events, session.cues):
        _refuses(read)
    session_items(session)


def _texts() -> dict[str, Target]:
    specs = resources.files("coxa.host.exercises") / "library"
    entries = sorted((p for p in specs.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    english = load_phrases("en")
    phrases = (resources.files("coxa.host.voice") / "phrases" / "de.toml").read_bytes()
    return {
        "routine": _text(lambda t: parse_routine(t, "x.toml"), [t.encode() for t in built_in().values()]),
        "exercise": _text(lambda t: parse_spec(t, "x.toml"), [p.read_bytes() for p in entries]),
        "phrases": _text(lambda t: parse_phrases(t, "x.toml", "xx", english), [phrases]),
    }


def _text(parse: Callable[[str], object], seeds: list[bytes]) -> Target:
    return Target(lambda data: _refuses(lambda: parse(data.decode("utf-8", "replace"))), seeds, "file of the user's")


def _page() -> Target:
    """Requests to a page on the home network by somebody who was not let in: kind, query, then header lines."""
    statuses = list[int]()

    async def behind(*_: object) -> None:
        raise AssertionError("a stranger was let in")

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        statuses.append(message.get("status", 403))

    gate = Gate(behind, ["coxa:8137"], port=8137)

    def asked(kind: str, query: bytes, headers: list[tuple[bytes, bytes]]) -> int:
        scope = {"type": kind, "method": "GET", "query_string": query, "headers": headers}
        with suppress(StopIteration):
            gate(scope, receive, send).__await__().send(None)
        status = statuses[0]
        statuses.clear()
        return status

    assert asked("http", f"token={gate.token}".encode(), [(b"host", b"coxa:8137")]) == 200  # somebody is in

    def ask(data: bytes) -> None:
        kind, query, *lines = (data + b"\n").split(b"\n")
        headers = [(name.lower(), value) for name, _, value in (line.partition(b": ") for line in lines)]
        if kind != b"lifespan":  # which comes from the server itself
            assert asked(kind.decode("latin-1"), query, headers) == 403, "a stranger was welcomed"

    sound = b"%s\ntoken=x\nhost: coxa:8137\norigin: http://coxa:8137\ncookie: coxa_page=x"
    return Target(ask, [sound % kind for kind in (b"http", b"websocket")], "request to the page")

"""All that reads what comes from outside, each with sound input to begin from and the errors that it may raise."""

from __future__ import annotations

import asyncio
import gzip
import json
import tempfile
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from upath import UPath

from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import build
from coxa.host.errors import CoxaError
from coxa.host.exercises.spec import parse_spec
from coxa.host.log import open_session
from coxa.host.log.header import parse_header
from coxa.host.log.packets import read_packets
from coxa.host.log.reader import whole_events
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.hex_file import header, line, read_hex
from coxa.host.routine.file import built_in, parse_routine
from coxa.host.samples import Packet, SampleBlock
from coxa.host.sensors.registry import DRIVERS
from coxa.host.snapshot import resumed, taken
from coxa.host.strict_json import TooMuchError, parse_json
from coxa.host.tracker import Tracker
from coxa.host.voice import load_phrases
from coxa.host.voice.language import parse_phrases
from coxa.host.wire import Decoder
from coxa.page.gate import Gate
from tests.test_log import write
from tests.test_sensor_laws import MAKE


@dataclass(frozen=True, slots=True)
class Target:
    """One parser."""

    read: Callable[[bytes], object]
    sound: Callable[[], list[bytes]]
    """What it should read without complaint."""
    may_raise: tuple[type[Exception], ...] = (CoxaError,)


@cache
def _session() -> Path:
    """The folder of a sound session."""
    return write(Path(tempfile.mkdtemp(prefix="coxa-fuzz-")) / "log", 40)[0]


def _from_log(name: str) -> list[bytes]:
    return [(_session() / name).read_bytes()]


def _text(parse: Callable[[str], object], data: bytes) -> object:
    return parse(data.decode("utf-8", "replace"))


def _file(read: Callable[[Path], object], data: bytes) -> object:
    path = _session().parent / "fuzzed.csv"
    path.write_bytes(data)
    return read(path)


def _whole_session(name: str, data: bytes) -> object:
    """All that commands read of a session, one file of it fuzzed."""
    path = _session() / name
    sound = path.read_bytes()
    try:
        path.write_bytes(data)
        session = open_session(UPath(_session()))
        return session.packets(), session.events(), session.cues()
    finally:
        path.write_bytes(sound)


def _wire(data: bytes) -> None:
    decoder = Decoder()
    items = [i for at in range(0, len(data), 37) for i in decoder.feed(data[at : at + 37])]
    times = [t for i in items if isinstance(i, SampleBlock) for t in i.t_s.tolist()]
    assert times == sorted(times), "time turns back"


def _wire_sound() -> list[bytes]:
    firmware = Firmware(build("hip_circle", 1).raw, "FUZZ0001")
    return [firmware.description_frame() + b"".join(firmware.frame(k) for k in range(8)) + firmware.end_frame()]


def _driver(name: str, data: bytes) -> None:
    """Notifications of random lengths, taken from the bytes themselves."""
    chosen = DRIVERS[name]
    decoder = chosen.decoder(chosen.defaults)
    at, k, items = 0, 0, list[object]()
    step = max(len(data) // 6, 1)
    while at < len(data):
        items += decoder.feed("", data[at : at + step], 0.04 * k)
        at, k = at + step, k + 1
    items += decoder.finish()
    times = [t for i in items if isinstance(i, SampleBlock) for t in i.t_s.tolist()]
    assert np.all(np.isfinite(times)), "a time is not finite"
    assert times == sorted(times), "time turns back"


def _driver_sound(name: str) -> list[bytes]:
    return [b"".join(MAKE[name](k) for k in range(6)), MAKE[name](1)]


def _csv_sound() -> list[bytes]:
    rows = "".join(f"{k / 50:.2f},0.1,{9.8 - k / 100},0.2,0.01,-0.02,0.03\n" for k in range(60))
    text = ("t_s,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s\n" + rows).encode()
    return [text, gzip.compress(text)]


def _hex_sound() -> list[bytes]:
    chosen = DRIVERS["witmotion"]
    lines = [line(Packet(0.02 * k, MAKE["witmotion"](k), "")) for k in range(12)]
    return ["\n".join([header(chosen, chosen.defaults).rstrip("\n"), *(t.rstrip("\n") for t in lines), ""]).encode()]


def _spec_sound() -> list[bytes]:
    folder = resources.files("coxa.host.exercises") / "library"
    return [p.read_bytes() for p in folder.iterdir() if p.name.endswith(".toml")]


def _phrases_sound() -> list[bytes]:
    folder = resources.files("coxa.host.voice") / "phrases"
    return [p.read_bytes() for p in folder.iterdir() if p.name.endswith(".toml")]


def _snapshot_sound() -> list[bytes]:
    return [taken(Tracker("leg_raise")), taken((Decoder(), Tracker("hip_circle")))]


async def _behind(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001
    raise AssertionError("the gate let a stranger in")


def _gate(data: bytes) -> None:
    """Requests of a stranger: a locked gate must refuse every one, whatever its headers are."""
    first, *lines = data.split(b"\n")
    kind = "websocket" if first[:1] == b"w" else "http"
    pairs = [(name.lower(), value.strip()) for name, _, value in (one.partition(b":") for one in lines)]
    scope: MutableMapping[str, Any] = {"type": kind, "method": "GET", "query_string": first[1:], "headers": pairs}
    sent = list[MutableMapping[str, Any]]()

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Gate(_behind, ["127.0.0.1:80"], locked=True)(scope, receive, send))
    assert sent[0].get("status") == 403 or sent[0].get("code") == 1008, sent


def _gate_sound() -> list[bytes]:
    cookie = b"Cookie: coxa_page=0123456789abcdef0123456789abcdef"
    return [
        b"htoken=abcdefgh\nHost: 127.0.0.1:80\n" + cookie,
        b"w\nHost: 127.0.0.1:80\nOrigin: http://127.0.0.1:80\n" + cookie,
    ]


def targets() -> dict[str, Target]:
    """Every parser by its name."""
    english = load_phrases()
    found = {"own wire": Target(_wire, _wire_sound)}
    found |= {f"driver {n}": Target(partial(_driver, n), partial(_driver_sound, n)) for n in DRIVERS}
    found |= {
        "CSV": Target(partial(_file, read_csv), _csv_sound),
        "raw notifications (hex)": Target(partial(_file, read_hex), _hex_sound),
        "packets.arrows": Target(read_packets, partial(_from_log, "packets.arrows"), (TooMuchError,)),
        "events.jsonl": Target(whole_events, partial(_from_log, "events.jsonl")),
        "session.json": Target(partial(_text, lambda t: parse_header(t, "x")), partial(_from_log, "session.json")),
        "a session's packets": Target(partial(_whole_session, "packets.arrows"), partial(_from_log, "packets.arrows")),
        "a session's header": Target(partial(_whole_session, "session.json"), partial(_from_log, "session.json")),
        "routine": Target(
            partial(_text, lambda t: parse_routine(t, "x")), lambda: [t.encode() for t in built_in().values()]
        ),
        "exercise": Target(partial(_text, lambda t: parse_spec(t, "x")), _spec_sound),
        "phrases": Target(partial(_text, lambda t: parse_phrases(t, "x", "xx", english)), _phrases_sound),
        "JSON": Target(parse_json, lambda: [json.dumps({"a": [1, 2.5, None, {"b": "c"}]}).encode()], (ValueError,)),
        "snapshot": Target(resumed, _snapshot_sound),
        "page: requests and websocket": Target(_gate, _gate_sound),
    }
    return found

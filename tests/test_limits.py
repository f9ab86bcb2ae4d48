"""What comes from outside stays within limits: a file sent by a stranger costs neither memory, nor time, nor trust."""

from __future__ import annotations

import gzip
import json
import math
import os
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from upath import UPath

from coxa.analysis.load import load
from coxa.analysis.parquet_footer import codecs
from coxa.cli.routine import load as load_routine
from coxa.host.bounded import read_file, read_text
from coxa.host.errors import LogError, RecordingError, SpecError
from coxa.host.exercises.spec import parse_spec
from coxa.host.limits import (
    JSON_DEPTH,
    LINE_BYTES,
    MIB,
    PACKETS_BYTES,
    PLANNED_SETS,
    RECORDING_BYTES,
    SAID_REPS,
    SPEC_BYTES,
)
from coxa.host.log import open_session
from coxa.host.log.corrections import Correction, append_correction, parse_corrections
from coxa.host.log.header import parse_header
from coxa.host.log.packets import COMPRESSED, SCHEMA, read_packets
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.hex_file import read_hex
from coxa.host.strict_json import TooMuchError, json_text, parse_json
from coxa.host.voice import load_phrases
from tests.helpers_recorded import write


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sound session."""
    return write(tmp_path_factory.mktemp("limits") / "log", 40)[0]


def bomb(path: Path, size: int) -> Path:
    """A small gzip file of that many zeros, in rows."""
    with gzip.open(path, "wb") as file:
        for _ in range(size // MIB):
            file.write((b"0" * 1023 + b"\n") * 1024)
    return path


@pytest.mark.parametrize("read", [read_csv, read_hex])
def test_a_gzip_bomb_is_refused_within_bounds(read: Callable[[Path], Any], tmp_path: Path):
    """Claim: a file that unpacks to more than any recording is not unpacked further than the limit."""
    path = bomb(tmp_path / "mail.csv.gz", RECORDING_BYTES + 2 * MIB)
    assert path.stat().st_size < 2 * MIB
    tracemalloc.start()
    with pytest.raises(RecordingError, match=r"mail\.csv\.gz"):
        read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * RECORDING_BYTES


def test_an_arrow_bomb_is_refused_before_it_is_unpacked():
    """Claim: what packets would unpack to is known from their messages, and too much is refused unpacked."""
    batch = pa.record_batch([[0.0], [bytes(8 * MIB)], pa.array([""]).dictionary_encode().cast(SCHEMA[2].type)], SCHEMA)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, SCHEMA, options=COMPRESSED) as stream:
        for _ in range(PACKETS_BYTES // (8 * MIB) + 1):
            stream.write_batch(batch)
    data = sink.getvalue().to_pybytes()
    assert len(data) < MIB
    before = pa.total_allocated_bytes()
    with pytest.raises(TooMuchError, match="unpack to more"):
        read_packets(data)
    assert pa.total_allocated_bytes() - before < MIB


@given(st.data())
def test_damaged_packets_never_do_harm(data: st.DataObject):
    """Claim: whatever bytes stand there, packets up to the damage come back, or it is said that these are none."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, SCHEMA, options=COMPRESSED) as stream:
        column = pa.array(["x"] * 3).dictionary_encode().cast(SCHEMA[2].type)
        stream.write_batch(pa.record_batch([[0.0, 0.1, 0.2], [b"abc"] * 3, column], SCHEMA))
    sound = bytearray(sink.getvalue().to_pybytes())
    for _ in range(data.draw(st.integers(1, 4))):
        sound[data.draw(st.integers(0, len(sound) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read_packets(bytes(sound))
    except TooMuchError:
        return
    assert len(found.packets) in (0, 3)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * (JSON_DEPTH + 1) + "]" * (JSON_DEPTH + 1),
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": 1, "a": 2}',
        "9" * 10_000,
    ],
)
def test_json_from_outside_is_plain(text: str):
    """Claim: what is too deep, not finite or ambiguous is refused as a wrong value, not as a crash."""
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


NUMBERS = st.floats() | st.integers() | st.floats().map(np.float64)


@given(st.recursive(NUMBERS | st.text(max_size=3), lambda v: st.lists(v) | st.dictionaries(st.text(max_size=3), v)))
def test_what_is_written_can_be_read_strictly(value: Any):
    """Claim: whatever coxa writes as JSON has null in the place of NaN and Infinity, which no other program reads."""
    again = parse_json(json_text({"value": value}))["value"]
    assert again == _without(value)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without(v) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_without(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def test_a_figure_that_is_not_finite_does_not_cost_the_session(session: Path):
    """Claim: session.json stays readable, whatever the link's quality came to."""
    header = parse_header((session / "session.json").read_text("utf-8"), "sound")
    again = parse_header(replace(header, link={"rate_hz": math.nan, "late_s": math.inf}).to_json(), "odd")
    assert again.link == {"rate_hz": None, "late_s": None}


def test_no_module_writes_json_of_its_own():
    """Claim: nobody calls `json.dumps` for what leaves the program, but where both ends are coxa's own processes."""
    root = Path(__file__).parent.parent / "coxa"
    own = {
        "host/strict_json.py",
        "host/snapshot.py",
        "host/voice/engine.py",
        "host/voice/speech_process.py",
        "cli/demo.py",
    }
    own |= {"host/voice/speech_process.py", "page/figures.py"}  # the last are constants
    found = {p.relative_to(root).as_posix() for p in root.rglob("*.py") if "json.dumps(" in p.read_text("utf-8")}
    assert {f for f in found if not f.startswith("firmware_sim/")} <= own


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("session_id", "../../etc/passwd"),
        ("session_id", "a/b"),
        ("session_id", ""),
        ("person", "\x1b]0;you are owned\x07"),
        ("started_at", "x" * 1000),
        ("state", "elsewhere"),
        ("began_s", 1e300),
        ("sensor", {"\x1b[2J": "x"}),
        ("sensor", {"settings": {"list": ["\x1b[2J"]}}),
        ("link", {"samples": {"\x1b[2J": 1}}),
        ("link", {"warnings": ["\x1b]0;you are owned\x07"]}),
        ("link", {"warnings": "none"}),
        ("link", {"warnings": [1]}),
        ("versions", {"coxa": "\x1b[2J"}),
        ("mounting", {"left": "\u202e"}),
        ("plan", [{"exercise": "../../x"}]),
        ("plan", [{"exercise": "bridge"}] * 3000),
        ("plan", [{"exercise": "bridge", "side": "up"}]),
    ],
)
def test_a_header_with_what_no_session_has_is_refused(session: Path, key: str, value: object):
    """Claim: paths, escape sequences and absurd numbers in a session.json end at the reader, with the key named."""
    said = json.loads((session / "session.json").read_text())
    with pytest.raises(LogError, match=key):
        parse_header(json.dumps(said | {key: value}), "mail")


@pytest.mark.parametrize("serial", ["A123\r\n", "\x1b[2JA123", "A" * 1000])
def test_what_a_sensor_said_never_costs_a_session(session: Path, serial: str):
    """Claim: a log that kept a serial as it came off the air is read all the same, the serial as one harmless line."""
    said = json.loads((session / "session.json").read_text())
    read = parse_header(json.dumps(said | {"sensor": {"serial": serial}}), "old").sensor["serial"]
    assert read.isprintable()
    assert "A" in read
    assert len(read) <= 100


def changed(session: Path, tmp_path: Path) -> Path:
    """A copy of the session in a log of its own."""
    folder = tmp_path / "sessions" / session.parent.name / session.name
    folder.mkdir(parents=True)
    for file in session.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.mark.parametrize("name", ["session.json", "events.jsonl", "packets.arrows"])
def test_a_session_has_no_links_and_no_pipes(session: Path, tmp_path: Path, name: str):
    """Claim: a link to elsewhere is not followed, and a pipe is not waited for."""
    folder = changed(session, tmp_path)
    secret = tmp_path / "secret"
    secret.write_bytes((folder / name).read_bytes())
    for make in (partial(os.symlink, secret), os.mkfifo):
        (folder / name).unlink()
        make(folder / name)
        with pytest.raises(LogError, match=name):
            read_all(folder)
        told = list[str]()
        assert name == "packets.arrows" or not len(load(str(tmp_path), broken=told.append).sessions)
        assert name == "packets.arrows" or name in "".join(told)


def read_all(folder: Path) -> None:
    """Everything that commands read of a session."""
    found = open_session(UPath(folder))
    found.events()
    found.packets()


def test_a_table_that_could_unpack_to_anything_is_not_read(session: Path, tmp_path: Path):
    """Claim: coxa's tables are packed with snappy only; of a session with another one it is said what to remove."""
    folder = changed(session, tmp_path)
    table = pq.read_table(folder / "reps.parquet")
    pq.write_table(table, folder / "reps.parquet", compression="zstd")
    told = list[str]()
    assert len(load(str(tmp_path), broken=told.append).sessions) == 0
    assert "packed in a way" in "".join(told)
    (folder / "reps.parquet").unlink()
    assert len(load(str(tmp_path)).sessions) == 1


def test_a_codec_that_does_not_exist_is_refused(session: Path, tmp_path: Path):
    """Claim: a table said to be packed in no known way is refused by name; asked for it, pyarrow ends the program."""
    folder = changed(session, tmp_path)
    table = pq.read_table(folder / "reps.parquet")
    pq.write_table(table, folder / "reps.parquet", compression="zstd")
    data = bytearray((folder / "reps.parquet").read_bytes())
    assert codecs(bytes(data)) == {6}
    name = table.column_names[0].encode()
    way = b"\x19\x18" + bytes([len(name)]) + name + b"\x15"  # a column's name, and the codec behind it in zigzag
    at = data.index(way) + len(way)
    assert data[at] == 12
    data[at] = 0x51
    (folder / "reps.parquet").write_bytes(data)
    told = list[str]()
    assert len(load(str(tmp_path), broken=told.append).sessions) == 0
    assert "packed in a way" in "".join(told)


@given(data=st.binary(max_size=60), size=st.integers(0, 70))
def test_a_footer_is_read_or_refused(data: bytes, size: int):
    """Claim: whatever stands where the footer should is refused by `ValueError`, or has codecs of 64 bits."""
    try:
        found = codecs(b"PAR1" + data + size.to_bytes(4, "little") + b"PAR1")
    except ValueError:
        return
    assert all(abs(codec) < 2**63 for codec in found)


@pytest.mark.parametrize("read", [load_routine, load_phrases])
def test_a_file_that_nobody_writes_by_hand_is_refused(read: Callable[[str], Any], tmp_path: Path):
    """Claim: routine and phrases files are read up to a limit, and never from a device."""
    path = tmp_path / "long.toml"
    path.write_text("#" * (SPEC_BYTES + 1))
    with pytest.raises(SpecError, match="larger than"):
        read(str(path))
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SpecError, match=r"long\.toml"):
        read(str(path))


@pytest.mark.parametrize("name", ["../x", "a b", "", "x" * 100, "\x1b[2J"])
def test_the_name_of_an_exercise_is_a_name(name: str):
    """Claim: an exercise from a stranger cannot be called like a path, a blank or a terminal's command."""
    text = (resources.files("coxa.host.exercises") / "library" / "hip_bridge.toml").read_text("utf-8")
    quoted = json.dumps(name)
    with pytest.raises(SpecError, match="name"):
        parse_spec(text.replace('name = "hip_bridge"', f"name = {quoted}", 1), "mail.toml")


def test_a_line_without_end_is_refused(tmp_path: Path):
    """Claim: text is read by lines of bearable length, and the error names the line."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"x\n" * 5 + b"y" * (LINE_BYTES + 1))
    with pytest.raises(TooMuchError, match="line 6"):
        read_text(path, MIB)
    with pytest.raises(RecordingError, match="line 6"):
        read_csv(path)


@given(st.binary(max_size=3000), st.integers(0, 3000))
def test_no_more_is_read_than_is_allowed(tmp_path_factory: pytest.TempPathFactory, data: bytes, most: int):
    """Claim: a file is read whole, or refused because it is larger."""
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    try:
        assert read_file(path, most) == data
    except TooMuchError:
        assert len(data) > most


def test_every_set_that_may_be_planned_may_be_corrected(tmp_path: Path):
    """Claim: up to the last set of the longest plan, and to no more repetitions than anybody does."""
    folder, _ = write(tmp_path)
    last = Correction(PLANNED_SETS - 1, SAID_REPS, "2026-11-01T09:00:00+02:00")
    append_correction(folder, last)
    assert parse_corrections((folder / "corrections.jsonl").read_bytes(), "here") == [last]
    for wrong in (replace(last, set_index=PLANNED_SETS), replace(last, reps=SAID_REPS + 1)):
        with pytest.raises(LogError, match="must be a whole number from 0 to"):
            append_correction(folder, wrong)

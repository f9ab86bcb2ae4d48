"""The session log: what is written is read, a killed session is repaired once, nothing is lost but the last second."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from upath import UPath

from coxa.cli.session_setup import new_header
from coxa.host.errors import LogError
from coxa.host.log import SessionWriter, find_session, list_sessions, open_session, repair_log, session_items
from coxa.host.log.header import told_at_the_end
from coxa.host.log.packets import END, read_packets
from coxa.host.log.reader import whole_events
from coxa.host.routine import Coach
from coxa.host.samples import SampleBlock
from tests.helpers import frames, scenario
from tests.helpers_log import coxa_on
from tests.helpers_recorded import PLAN, write


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Header, packets, events and tables of a closed session come back."""
    folder, events = write(tmp_path)
    session = open_session(UPath(folder))
    assert session.header.state == "closed"
    assert session.events() == events
    assert [p.data for p in session.packets()] == frames(scenario("lateral_leg_raise", 3))
    reps = pd.read_parquet(folder / "reps.parquet")
    assert reps["counted"].sum() == sum(e.__class__.__name__ == "RepCompleted" for e in events) > 3
    samples = pd.read_parquet(folder / "samples.parquet")
    assert len(samples) == sum(len(i) for i in session_items(session) if isinstance(i, SampleBlock))


def test_replay_of_the_log_gives_the_logged_events(tmp_path: Path) -> None:
    """A session replayed from its packets gives its very events."""
    folder, events = write(tmp_path)
    coach = Coach(PLAN)
    again = [e for item in session_items(open_session(UPath(folder))) for e in coach.feed(item)] + coach.finish()
    assert again == events


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    """Health data: no file of a session is open to others."""
    folder, _ = write(tmp_path)
    for file in folder.iterdir():
        if file.name != "writer.lock":
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name


def test_a_repaired_session_knows_how_the_sensor_sat(tmp_path: Path) -> None:
    """The next one's strap is compared with it, as after a session that was closed."""
    folder, _ = write(tmp_path, close=False)
    repair_log(UPath(tmp_path))
    coach, session = Coach(PLAN), open_session(UPath(folder))
    for item in session_items(session):
        coach.feed(item)
    assert coach.mountings
    assert json.dumps(session.header.mounting) == json.dumps(told_at_the_end(coach)["mounting"])


def test_an_interrupted_session_is_repaired_exactly_once(tmp_path: Path) -> None:
    """The first repair completes events and tables and says so; the second finds nothing to do."""
    folder, _ = write(tmp_path, packets=300, close=False)
    events = folder / "events.jsonl"
    events.write_bytes(events.read_bytes()[:-20])
    (line,) = repair_log(UPath(tmp_path))
    assert "repaired" in line
    session = open_session(UPath(folder))
    assert session.header.state == "repaired"
    coach = Coach(PLAN)
    assert session.events() == [e for i in session_items(session) for e in coach.feed(i)] + coach.finish()
    assert session.header.link["frames"] == 300
    assert session.header.link["lost_share"] == 0.0
    assert "reconnects" not in session.header.link
    assert (folder / "reps.parquet").exists()
    assert repair_log(UPath(tmp_path)) == []


def _flipped(data: bytes) -> bytes:
    """One byte at a tenth of the file, in the head of a packed buffer."""
    at = data.index(b"\x28\xb5\x2f\xfd", len(data) // 10)
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def _ended(data: bytes) -> bytes:
    """An end mark where the second message begins."""
    at = data.index(b"\xff\xff\xff\xff", 8)
    return data[:at] + END + data[at + 8 :]


@pytest.mark.parametrize("spoil", [_flipped, _ended])
def test_repair_throws_nothing_away_behind_a_damage(spoil: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """A damage in the midst: told where, every byte and event kept, what can be read is, and it is not whole."""
    folder, events = write(tmp_path, close=False)
    recording = folder / "packets.arrows"
    recording.write_bytes(damaged := spoil(recording.read_bytes()))
    (line,) = repair_log(UPath(tmp_path))
    assert f"{recording} is damaged at byte " in line
    session = open_session(UPath(folder))
    assert (session.header.state, session.header.ended_s, session.is_whole()) == ("repaired", None, False)
    assert recording.read_bytes() == damaged
    assert session.events() == events
    assert len(pd.read_parquet(folder / "reps.parquet")) == len(events)
    if spoil is _flipped:
        assert 0 < len(session.packets()) < 80
        assert len(pd.read_parquet(folder / "samples.parquet"))
    assert repair_log(UPath(tmp_path)) == []


@pytest.mark.parametrize("confirmed", [True, False])
def test_repair_removes_no_event_behind_a_line_that_it_does_not_understand(confirmed: bool, tmp_path: Path) -> None:
    """Counted anew where the recording gives what was logged; else nothing is touched, and the line is named."""
    folder, events = write(tmp_path, close=False)
    path = folder / "events.jsonl"
    lines = path.read_text().splitlines()
    if confirmed:
        lines[1] = "damaged"
    else:
        lines.insert(1, '{"type": "posture_changed", "start_s": 6.0, "decided_s": 7.0}')
        lines[0] = json.dumps({**json.loads(lines[0]), "rom_deg": 1.0})  # by other detectors
    path.write_text("\n".join(lines) + "\n")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    (line,) = repair_log(UPath(tmp_path))
    if confirmed:
        assert open_session(UPath(folder)).events()[: len(events)] == events
    else:
        assert f"left as it is: {path}, line 2: damaged, or of a newer coxa" in line
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


@pytest.mark.parametrize(("cut", "zeros"), [(40, 0), (0, 100_000)])
def test_repair_cuts_a_torn_end(cut: int, zeros: int, tmp_path: Path) -> None:
    """A write that was cut short, or zeros that a disk leaves where the power went: the rest is whole afterwards."""
    folder, _ = write(tmp_path, close=False)
    recording, before = folder / "packets.arrows", open_session(UPath(folder)).packets()
    data = recording.read_bytes()
    recording.write_bytes(data[: len(data) - cut] + bytes(zeros))
    (line,) = repair_log(UPath(tmp_path))
    assert "damaged" not in line
    session = open_session(UPath(folder))
    assert session.is_whole()
    assert len(before) - 10 <= len(session.packets()) <= len(before)


@pytest.mark.parametrize(
    "words",
    [
        ["sessions"],
        ["show", "--save", "OUT.png"],
        ["trends"],
        ["plot", "calendar", "--save", "OUT.png"],
        ["plot", "session", "--save", "OUT.png"],
        ["report", "--html", "OUT"],
        ["export", "motion-bids", "--to", "OUT"],
        ["correct", "last", "6"],
        ["replay", "last"],
        ["rescore", "--workers", "1"],
    ],
    ids=" ".join,
)
def test_whoever_reads_the_log_reads_it_repaired(words: list[str], tmp_path: Path) -> None:
    """Each command says the same line first: nothing is missing from its figures, or missing without a word."""
    write(tmp_path / "log", packets=300, close=False)
    done = coxa_on(tmp_path / "log", tmp_path / "out", words)
    assert done.returncode == 0
    assert done.stderr.startswith("coxa: repaired session ")
    assert len(done.stderr.splitlines()) == 1


def test_a_session_killed_before_its_header_is_cleared_away(tmp_path: Path) -> None:
    """A lock and half a header: the next start removes them; one that is just beginning is left alone."""
    day = tmp_path / "sessions" / "date=2026-01-01"
    for name in ("killed", "beginning", "restored"):
        (day / name).mkdir(parents=True)
        (day / name / "writer.lock").touch()
        (day / name / "session.json.part").write_text("{")
    (day / "restored" / "packets.arrows").touch()
    with FileLock(day / "beginning" / "writer.lock"):
        assert repair_log(UPath(tmp_path)) == []
    assert sorted(p.name for p in day.iterdir()) == ["beginning", "restored"]


@settings(max_examples=40)
@given(share=st.floats(0, 1))
def test_files_cut_at_any_byte_give_their_whole_beginning(
    tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    """Packets and events cut anywhere read as the beginning of what was written: every whole line, nothing else."""
    folder = tmp_path_factory.getbasetemp() / "cut"
    if not folder.exists():
        write(folder, packets=200)
    (session,) = list_sessions(UPath(folder))
    packets, lines = ((session.folder / name).read_bytes() for name in ("packets.arrows", "events.jsonl"))
    whole, part = read_packets(packets), read_packets(packets[: int(share * len(packets))])
    assert whole.whole
    assert part.packets == whole.packets[: len(part.packets)]
    assert part.damaged_at is None
    cut = lines[: int(share * len(lines))]
    assert whole_events(cut) == whole_events(lines)[: cut.count(b"\n")]


def test_kill_loses_at_most_the_last_second(tmp_path: Path) -> None:
    """SIGKILL in the middle of a session: all but the last second of arrivals is there after repair."""
    code = (
        "import time; from pathlib import Path; from coxa.cli.session_setup import new_header\n"
        "from coxa.host.log import SessionWriter; from coxa.host.samples import Packet\n"
        "from tests.helpers import frames, scenario; from tests.helpers_recorded import PLAN\n"
        f"w = SessionWriter(Path({str(tmp_path)!r}), new_header(PLAN))\n"
        "for k, data in enumerate(frames(scenario('lateral_leg_raise', 3))[:205]):\n"
        "    w.packet(Packet(k * 0.1, data))\n"
        "print('written', flush=True)\n"
        "time.sleep(60)\n"
    )
    root = Path(__file__).parents[1]
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "written\n"
    assert repair_log(UPath(tmp_path)) == []  # the writer lives
    child.kill()
    child.wait()
    child.stdout.close()
    assert len(repair_log(UPath(tmp_path))) == 1
    (session,) = list_sessions(UPath(tmp_path))
    assert len(session.packets()) >= 205 - 11


def test_a_newer_log_is_refused_by_name(tmp_path: Path) -> None:
    """A session of a later coxa is named and left out, the others are listed."""
    folder, _ = write(tmp_path)
    other, _ = write(tmp_path)
    header = json.loads((folder / "session.json").read_text())
    (folder / "session.json").write_text(json.dumps({**header, "schema": 99}))
    told = list[str]()
    assert [s.folder.name for s in list_sessions(UPath(tmp_path), told.append)] == [other.name]
    assert "99" in told[0]
    with pytest.raises(LogError, match="another coxa"):
        find_session(str(folder), None)


@pytest.mark.skipif(os.name == "nt", reason="folders have no such permissions on Windows")
def test_a_log_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    """A file where the folder should be: one clear error."""
    (tmp_path / "sessions").write_text("in the way")
    with pytest.raises(LogError, match="cannot write the log"):
        SessionWriter(tmp_path, new_header(PLAN))

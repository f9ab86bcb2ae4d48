"""What stays in the log and in which order: sessions without a sample, clocks that were changed, several people."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from upath import UPath

from coxa.cli import page as cli_page
from coxa.cli.live import LiveRequest, conduct
from coxa.cli.page import Page, PageOptions
from coxa.cli.sensor_choice import SensorChoice
from coxa.cli.session_setup import Ended, kept, new_header, to_its_end
from coxa.host.errors import LinkError, LinkFailure
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.log import SessionWriter, find_session, list_sessions, packets, repair_log
from coxa.host.log import reader as log_reader
from coxa.host.log import writer as log_writer
from coxa.host.plural import count_of
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Packet
from coxa.host.sensors.registry import driver
from coxa.host.session import run_session
from coxa.host.watcher import Watcher
from coxa.host.wire import Description, encode_description
from tests.helpers import coxa, frames, scenario
from tests.helpers_log import write

PLAN = (SetPlan("lateral_leg_raise", "right"),)


def _silent_link(*, lost: bool) -> Any:
    """A sensor that connects and then sends nothing."""
    own = driver("coxa")

    async def items() -> AsyncIterator[LinkStatus]:
        yield LinkStatus(connected=True, text="connected to Thigh")
        if lost:
            raise LinkError(LinkFailure.LOST, "Thigh: lost")

    sensor = SimpleNamespace(name="Thigh", address="C0:FF:EE:00:00:01", rssi_dbm=-60)
    return SimpleNamespace(
        items=items, driver=own, settings=own.defaults, decoder=own.decoder(own.defaults), sensor=sensor, reconnects=0,
        repeats=0, info={}, waiting=0,
    )  # fmt: skip


@pytest.mark.parametrize("together", [1, 40])
def test_a_session_ends_before_it_cannot_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """A phone that was left sending: the session ends where its reader would refuse it, is closed, and says why."""
    monkeypatch.setattr(packets, "PACKETS_BYTES", 300_000)
    monkeypatch.setattr(log_writer, "MOST_TOGETHER", together)
    link, sent = _silent_link(lost=False), count()

    async def items() -> AsyncIterator[Packet]:
        for k in sent:
            yield Packet(0.001 * k, bytes(1000), "not a characteristic of the sensor")

    link.items = items
    told = list[str]()

    class Hears(Watcher):
        def warning(self, text: str) -> None:
            told.append(text)

    with SessionWriter(tmp_path, new_header(PLAN)) as writer:
        asyncio.run(run_session(link, Coach(PLAN), writer, Hears(), lambda: False))
    session = find_session("last", str(tmp_path))
    assert session is not None
    assert session.header.state == "closed"
    assert len(list(session.packets())) == next(sent)
    assert len(told) == 1
    assert "start another" in told[0]
    assert (session.header.link or {})["warnings"] == told


def test_the_log_says_of_rate_and_ranges_what_the_sensor_said(tmp_path: Path) -> None:
    """A board's program sets them, whatever is usual: a XIAO's 104 Hz and 1147 deg/s, and the log can be read again."""
    said = encode_description(Description(7, 104.0, 8, 1147, 10, 60, "XIAO1", (1, 1, 0)))
    link = _silent_link(lost=False)

    async def items() -> AsyncIterator[Packet]:
        yield Packet(0.0, said, "")

    link.items = items
    with SessionWriter(tmp_path, new_header(PLAN)) as writer:
        asyncio.run(run_session(link, Coach(PLAN), writer, Watcher(), lambda: False))
    session = find_session("last", str(tmp_path))
    assert session is not None
    told = session.header.sensor["settings"]
    assert (told["rate_hz"], told["accel_range_g"], told["gyro_range_dps"]) == (104.0, 8.0, 1147.0)
    assert session.decoder().feed("", said, 0.0) == []


@pytest.mark.parametrize("lost", [False, True])
def test_a_session_without_a_packet_leaves_no_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str], lost: bool):
    """Where the sensor sent nothing, the last session is still the one before, and the person is told why."""
    before = write(tmp_path, 1)
    writer = SessionWriter(tmp_path, new_header(PLAN))

    def run() -> None:
        with writer:
            asyncio.run(run_session(_silent_link(lost=lost), Coach(PLAN), writer, Watcher(), lambda: False))

    if lost:
        with pytest.raises(LinkError):
            run()
    else:
        run()
    assert kept(writer) is None
    assert "the sensor sent nothing" in capsys.readouterr().err
    last = find_session("last", str(tmp_path))
    assert last is not None
    assert last.folder == UPath(before)
    assert [p.name for p in (tmp_path / "sessions").iterdir()] == ["date=2026-11-01"]


def test_who_loses_the_sensor_for_good_sees_what_was_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty battery at the end of the training: the summary comes first, then why it ended, and the page with the
    session on it stays until it is ended as always; what was told before the page is not told again after it."""
    told = list[Any]()

    def wait_for(_: object) -> None:
        told.append(capsys.readouterr())

    def served(*_: object) -> AbstractContextManager[Page]:
        return nullcontext(cli_page._Served(Watcher()))  # pyright: ignore[reportPrivateUsage]

    def unserved(*_: object) -> AbstractContextManager[Page]:
        return nullcontext(Page(Watcher()))

    monkeypatch.setattr(cli_page, "wait_for", wait_for)
    monkeypatch.setattr("coxa.cli.live.served", served)

    async def session(plan: tuple[SetPlan, ...], log: Path, *_: object) -> Ended:
        link = _silent_link(lost=True)
        silent = link.items

        async def items() -> AsyncIterator[Packet | LinkStatus]:
            yield Packet(0.0, frames(scenario("lateral_leg_raise", 3))[0], "")
            async for status in silent():
                yield status

        link.items = items
        with SessionWriter(log, new_header(plan)) as writer:
            trouble = await to_its_end(run_session(link, Coach(plan), writer, Watcher(), lambda: False), writer)
        return Ended(kept(writer), trouble)

    any_sensor, log = SensorChoice(), str(tmp_path)
    request = LiveRequest("lateral_leg_raise", None, "right", None, any_sensor, log, "quiet", "en", PageOptions())
    with pytest.raises(typer.Exit) as end:
        conduct(request, session)
    assert end.value.exit_code == 2
    (before_the_end,) = told
    monkeypatch.setattr("coxa.cli.live.served", unserved)
    with pytest.raises(LinkError, match="Thigh: lost"):
        conduct(request, session)
    assert "lateral_leg_raise" in before_the_end.out
    assert "Thigh: lost" in before_the_end.err
    last = find_session("last", str(tmp_path))
    assert last is not None
    assert last.header.state == "closed"


def test_a_session_killed_before_its_first_packet_is_cleared_away(tmp_path: Path):
    """Repair removes what holds nothing and says so once; a recording that is damaged from its start stays."""
    code = (
        "import os, signal, sys; from tests.test_log_order import *\n"
        "SessionWriter(Path(sys.argv[1]), new_header(PLAN)).flush()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    folders = list[Path]()
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[1], check=False)
        (new,) = set(tmp_path.glob("sessions/*/*")) - set(folders)
        folders.append(new)
    with (folders[0] / "packets.arrows").open("ab") as file:
        file.write(bytes(5000))
    told = repair_log(UPath(tmp_path))
    assert len(told) == 2
    assert sum("nothing to keep" in line for line in told) == 1
    assert [s.folder.name for s in list_sessions(UPath(tmp_path))] == [folders[0].name]
    assert repair_log(UPath(tmp_path)) == []


def test_the_order_of_sessions_is_that_of_time(tmp_path: Path):
    """An hour that comes twice in autumn, or a flight westwards, does not make an earlier session the last."""
    write(tmp_path, 1, session_id="summer", started_at="2026-10-25T02:50:00+02:00")
    write(tmp_path, 1, session_id="autumn", started_at="2026-10-25T02:10:00+01:00")
    assert [s.header.session_id for s in list_sessions(UPath(tmp_path))] == ["summer", "autumn"]


def test_the_last_session_is_the_same_one_for_every_command(tmp_path: Path):
    """That which began last, though the id of the one before, of a summer's local time, comes later in the alphabet."""
    summer = write(tmp_path, 1, session_id="20261025T025000-aaaaaa", started_at="2026-10-25T02:50:00+02:00")
    winter = write(tmp_path, 1, session_id="20261025T021000-aaaaaa", started_at="2026-10-25T02:10:00+01:00")
    shown = find_session("last", str(tmp_path))
    assert shown is not None
    assert shown.folder == UPath(winter)
    exported = coxa("export", "csv", "--session", "last", "--to", str(tmp_path / "out"), "--log", str(tmp_path))
    assert exported.returncode == 0
    assert winter.name in (tmp_path / "out" / "sessions.csv").read_text()
    assert coxa("forget", "last", "--yes", "--log", str(tmp_path)).returncode == 0
    assert summer.exists()
    assert not winter.exists()


def test_the_last_session_is_found_with_one_look_at_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A log with years in it, far away too, is listed once."""
    write(tmp_path, 1)
    looks, look = list[UPath](), log_reader.session_places

    def watched(log: UPath, broken: Callable[[str], None] | None = None) -> list[str]:
        looks.append(log)
        return look(log, broken)

    monkeypatch.setattr(log_reader, "session_places", watched)
    assert find_session("last", str(tmp_path)) is not None
    assert len(looks) == 1


def test_one_thing_is_not_told_as_several():
    """'1 hold', '2 holds'; thousands are readable."""
    assert [count_of(n, "hold") for n in (0, 1, 2)] == ["0 holds", "1 hold", "2 holds"]
    assert count_of(12_275, "sample") == "12,275 samples"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--person", "Änne"], 0, "1 session in "),
        (["--person", "Cleo"], 2, "nobody called 'Cleo' in this log; it has Ben, Änne"),
        (["--session", "2026"], 2, "'2026' begins 2 sessions: 20261101T080000-aaaaaa, 20261102T080000-aaaaaa"),
        (["--session", "last", "--person", "Änne"], 0, "1 session in "),
        (["--since", "yesterday"], 2, "--since must be a day as 2026-10-03, found 'yesterday'"),
    ],
)
def test_of_a_shared_log_one_person_is_exported(tmp_path: Path, words: list[str], status: int, said: str):
    """What goes to one person's physio holds nobody else's data; who or what is not there is told."""
    log = tmp_path / "log"
    write(log, 1, person="Änne")
    write(log, 2, person="Ben")
    done = coxa("export", "csv", "--to", "out", "--log", str(log), *words, cwd=tmp_path)
    assert (done.returncode, said in done.stdout + done.stderr) == (status, True), done.stderr
    if status == 0:
        text = "".join(p.read_text("utf-8") for p in (tmp_path / "out").iterdir())
        assert "20261101T080000-aaaaaa" in text
        assert "Ben" not in text
        assert "20261102" not in text


def test_the_list_of_a_shared_log_says_whose_each_session_is(tmp_path: Path):
    """With several people in a log each session has its name, with one nobody needs to read it."""
    write(tmp_path, 1, person="Änne")
    assert "Änne" not in coxa("sessions", "--log", str(tmp_path)).stdout
    write(tmp_path, 2, person="Ben")
    said = coxa("sessions", "--log", str(tmp_path)).stdout
    assert "Änne" in said
    assert "Ben" in said


def test_who_and_what_sensor_are_told_in_words(tmp_path: Path):
    """`coxa show` begins with the person and the sensor as people say it, not with keys of a file; a name in a file is
    text, whatever it looks like."""
    sensor = {"name": "Thigh", "battery_percent": 87, "{0.address}": 1, "settings": {"rate_hz": 100}}
    write(tmp_path, 1, person="Änne", sensor=sensor)
    said = coxa("show", "last", "--log", str(tmp_path), "--save", str(tmp_path / "x.png")).stdout.splitlines()
    assert said[0].endswith("Änne")
    assert said[1] == "sensor: Thigh, battery 87 %, {0.address} 1"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere", "no such file, and no session's id begins so"),
        (".", "a folder, and no session; name the recordings"),
    ],
)
def test_a_recording_that_is_none_is_told_before_what_else_is_missing(tmp_path: Path, name: str, says: str):
    """Who mistypes a file or names a folder reads that, not that an exercise is missing."""
    done = coxa("replay", name, "--log", str(tmp_path))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_routine_says_how_long_it_lasts_and_one_hold_is_one(tmp_path: Path):
    """'1 hold', '1 set', and hours where minutes would have to be divided in the head."""
    step = '\n[[step]]\nexercise = "knee_to_chest"\nleg = "either"\nhold_s = 30\nrest_s = 30\n'
    file = tmp_path / "mine.toml"
    head = 'name = "mine"\ntitle = "Mine"\nabout = ""\n'
    file.write_text(head + step + "reps = 1\nsets = 1\n")
    assert "1 set, about 1 minute" in coxa("routine", "check", str(file)).stdout
    assert "1 hold of 30 s" in coxa("routine", "show", str(file)).stdout
    file.write_text(head + step + "reps = 12\nsets = 20\n")
    assert " hours " in coxa("routine", "check", str(file)).stdout

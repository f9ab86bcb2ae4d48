"""Every sensor that can be bought goes through the same link: found, set, streamed, logged, replayed, switched off."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pyarrow as pa
import pytest
from upath import UPath

from coxa.cli import record
from coxa.cli.sensor_choice import SensorChoice
from coxa.cli.session_setup import new_header
from coxa.firmware_sim.radio import Air
from coxa.host.errors import LinkError, LinkFailure, SpecError
from coxa.host.events import Event, RepCompleted
from coxa.host.link import sensor_link
from coxa.host.link.bumble_backend import Adapter
from coxa.host.link.scan import find
from coxa.host.link.sensor_link import SensorLink
from coxa.host.log import SessionWriter, open_session, repair_log, session_items
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Gap, Packet, SampleBlock
from coxa.host.sensors import capture2go, metamotion, nus_csv, witmotion
from coxa.host.sensors.registry import driver
from coxa.host.session import run_session
from tests.helpers_log import Heard
from tests.helpers_raises import EXERCISE, TOLD
from tests.helpers_recorded import write
from tests.played_sensor import PlayedSensor, mute

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

SERVICES = {
    "capture2go": capture2go.SERVICE,
    "metamotion_bmi160": metamotion.SERVICE,
    "nus_csv": nus_csv.SERVICE,
}
PLAN = (SetPlan(EXERCISE, "right"),)
CLOCKED = ("movesense", "polar", "dot", "capture2go", "nus_csv")


def told(name: str) -> list[tuple[str, bytes]]:
    """Six raises in this sensor's words, by characteristic."""
    stream = driver(name).subscribe()[0 if name == "dot" else -1]
    return [(stream, data[k : k + 240]) for _, data in TOLD[name]() for k in range(0, len(data), 240)]


class Played:
    """One session with a played sensor."""

    def __init__(self, name: str, notifications: list[tuple[str, bytes]], log: Path) -> None:
        self.name, self.notifications, self.log = name, notifications, log
        self.heard = Heard()
        self.away_at: int | None = None
        self.lossy = False
        """Not all that is told arrives."""
        self.service = SERVICES.get(name)
        self.error: Exception | None = None

    async def run(self) -> Played:
        """Until all has been told, or an error."""
        air = Air()
        self.sensor = PlayedSensor(air, driver(self.name), self.notifications, service=self.service)
        self.sensor.away_at = self.away_at
        await self.sensor.switch_on()
        spec = f"tcp-client:127.0.0.1:{await air.serve(0)}"
        try:
            async with asyncio.timeout(300):
                await self._session(spec)
        finally:
            await Adapter.close_all()
        return self

    async def _session(self, spec: str) -> None:
        found = await find(spec, 10)
        self.kinds = [d.name for d in found.drivers]
        logged = list[Packet]()

        class Counting(SessionWriter):
            def packet(self, packet: Packet) -> None:
                super().packet(packet)
                logged.append(packet)

        def over() -> bool:
            told = self.sensor.at if self.lossy else len(logged)
            return told >= len(self.notifications)

        self.writer = Counting(self.log, new_header(PLAN))

        async with SensorLink(found, spec) as self.link:
            try:
                await run_session(self.link, Coach(PLAN), self.writer, self.heard, over)
            except LinkError as error:
                self.error = error


def replayed(folder: Path) -> list[Event]:
    """What the log gives when it is decoded and counted anew."""
    coach = Coach(PLAN)
    return [e for i in session_items(open_session(UPath(folder))) for e in coach.feed(i)] + coach.finish()


@pytest.mark.parametrize("name", list(TOLD))
def test_each_sensor_is_found_set_counted_logged_and_stopped(name: str, tmp_path: Path) -> None:
    """The one link does it all by the driver alone, and a replay of the log gives the very events."""
    made = asyncio.run(Played(name, told(name), tmp_path).run())
    chosen, header = driver(name), json.loads((made.writer.folder / "session.json").read_text())
    assert made.kinds[0] == name
    starts = [(w.characteristic, w.data) for w in chosen.start(chosen.defaults)]
    stops = [(w.characteristic, w.data) for w in chosen.stop()]
    assert made.sensor.written[: len(starts)] == starts
    assert made.sensor.written[len(made.sensor.written) - len(stops) :] == stops
    assert header["sensor"]["driver"] == name
    assert header["link"]["samples"] > 500
    packets = open_session(UPath(made.writer.folder)).packets()
    assert [(p.characteristic, p.data) for p in packets] == made.notifications
    assert replayed(made.writer.folder) == made.heard.events
    if name in CLOCKED:  # the others take their times from arrivals, and here they come in a hurry
        assert sum(isinstance(e, RepCompleted) for e in made.heard.events) == 6
    if chosen.battery_characteristic not in chosen.subscribe():
        assert header["sensor"]["battery_percent"] == 64


@pytest.mark.parametrize("name", ["dot", "witmotion"])
def test_out_of_range_for_a_second_is_a_gap_not_the_end(name: str, tmp_path: Path) -> None:
    """A sensor that keeps nothing: reconnected and started anew, nothing twice, and what is lost is a gap."""
    made = Played(name, told(name)[:700], tmp_path)
    made.away_at, made.lossy = 400, True
    asyncio.run(made.run())
    assert made.link.reconnects == 1
    items = session_items(open_session(UPath(made.writer.folder)))
    packets = [p.data for p in open_session(UPath(made.writer.folder)).packets()]
    assert len(packets) == len(set(packets)) < 700
    if name == "dot":
        assert any(isinstance(i, Gap) for i in items)
    assert replayed(made.writer.folder)[: len(made.heard.events)] == made.heard.events
    assert sum(len(i) for i in items if isinstance(i, SampleBlock)) > 400


def test_a_vibration_sensor_that_looks_like_a_witmotion_ends_the_session(tmp_path: Path) -> None:
    """Its name and service fit, its frames do not: one clear error, and the log is closed."""
    frames = [(witmotion.NOTIFY, b"\x55\x61" + bytes(30))] * 30
    made = asyncio.run(Played("witmotion", frames, tmp_path).run())
    assert isinstance(made.error, LinkError)
    assert made.error.reason is LinkFailure.REFUSED
    assert "vibration sensor" in str(made.error)
    assert open_session(UPath(made.writer.folder)).header.state == "closed"


def test_a_sensor_that_connects_but_never_sends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its links are made, each stays silent: the patience runs on over them, and then there is one clear error."""
    monkeypatch.setattr(sensor_link, "SILENCE_S", 0.3)

    async def run() -> int:
        air = Air()
        await PlayedSensor(air, driver("dot"), []).switch_on()
        spec = f"tcp-client:127.0.0.1:{await air.serve(0)}"
        try:
            async with asyncio.timeout(20), SensorLink(await find(spec, 10), spec) as link:
                with pytest.raises(LinkError, match="sends no sample") as caught:
                    async for _ in link.items(give_up_s=1.5):
                        pass
                assert caught.value.reason is LinkFailure.LOST
                return link.reconnects
        finally:
            await Adapter.close_all()

    assert asyncio.run(run()) >= 1


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_recording_in_which_nothing_came_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The name is free for the next try, whatever ended this one."""
    monkeypatch.setattr(record, "GIVE_UP_S", 0.5)
    monkeypatch.setattr(sensor_link, "SILENCE_S", 0.3)
    with mute() as hci, pytest.raises(LinkError, match="sends no sample"):
        record.run(tmp_path / "new.hex", 1.0, SensorChoice(hci))
    assert list(tmp_path.iterdir()) == []


def test_another_firmware_is_told_by_what_it_lacks() -> None:
    """A sensor without the characteristics of its kind: said after two looks, not tried for a minute."""

    async def run() -> None:
        air = Air()
        await PlayedSensor(air, driver("dot"), [], service=capture2go.SERVICE).switch_on()
        spec = f"tcp-client:127.0.0.1:{await air.serve(0)}"
        try:
            found = await find(spec, 10, driver=driver("capture2go"))
            async with asyncio.timeout(20), SensorLink(found, spec) as link:
                async for _ in link.items():
                    pass
        finally:
            await Adapter.close_all()

    with pytest.raises(LinkError, match="no characteristic") as caught:
        asyncio.run(run())
    assert caught.value.reason is LinkFailure.REFUSED


def test_a_log_of_an_earlier_coxa_is_read_as_its_own_protocol(tmp_path: Path) -> None:
    """Packets without the characteristic, a header without driver: the same events as with them."""
    folder, events = write(tmp_path)
    packets = open_session(UPath(folder)).packets()
    old = pa.schema([("arrival_s", pa.float64()), ("data", pa.binary())])
    with pa.ipc.new_stream(folder / "packets.arrows", old) as stream:
        rows = {"arrival_s": [p.arrival_s for p in packets], "data": [p.data for p in packets]}
        stream.write_batch(pa.RecordBatch.from_pydict(rows, old))
    session = open_session(UPath(folder))
    assert "driver" not in session.header.sensor
    assert session.is_whole()
    assert replayed(folder) == events


def test_a_log_of_a_sensor_of_the_future_is_left_alone(tmp_path: Path) -> None:
    """A driver that this coxa does not have: said in one line, by replay and repair, and nothing is touched."""
    folder, _ = write(tmp_path, close=False)
    header = json.loads((folder / "session.json").read_text())
    (folder / "session.json").write_text(json.dumps({**header, "sensor": {"driver": "of2031"}}))
    before = (folder / "packets.arrows").read_bytes()
    with pytest.raises(SpecError, match="of2031"):
        session_items(open_session(UPath(folder)))
    assert "left as it is" in repair_log(UPath(tmp_path))[0]
    assert (folder / "packets.arrows").read_bytes() == before

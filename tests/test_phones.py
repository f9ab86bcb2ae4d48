"""Phones without Bluetooth: Sensor Logger's pushes and phyphox' answers count like a sensor's packets."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from upath import UPath

from coxa.cli.live import LiveRequest
from coxa.cli.page import PageOptions
from coxa.cli.phone import run as run_live
from coxa.cli.sensor_choice import SensorChoice
from coxa.cli.session_setup import new_header
from coxa.firmware_sim.phones.phyphox import PhyphoxPhone, Server
from coxa.firmware_sim.phones.readings import Readings, read
from coxa.firmware_sim.phones.sensor_logger import Sending, messages, push
from coxa.firmware_sim.scenario import build, build_routine
from coxa.host.errors import LinkError, SpecError
from coxa.host.events import Event, RepCompleted
from coxa.host.log import SessionWriter, list_sessions, session_items
from coxa.host.phones.link import PhoneLink
from coxa.host.phones.phyphox import PhyphoxLink
from coxa.host.phones.sensor_logger import PushServer
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import SampleBlock, StreamItem
from coxa.host.sensors.phyphox import ACCEL, GYRO, PhyphoxDecoder, query
from coxa.host.sensors.registry import driver
from coxa.host.sensors.sensor_logger import SensorLoggerDecoder
from coxa.host.session import run_session
from coxa.host.watcher import Watcher
from tests.helpers import joined, track

PLAN = (SetPlan("lateral_leg_raise", "right"),)
RAISES = 10


@cache
def readings(accel_hz: float = 100.0, gyro_hz: float = 100.0) -> Readings:
    """A person who does ten raises with a phone on the thigh."""
    return read(
        build_routine([{"exercise": "lateral_leg_raise", "side": "right", "reps": RAISES}], 3).raw, accel_hz, gyro_hz
    )


def logger() -> SensorLoggerDecoder:
    chosen = driver("sensor_logger").decoder(driver("sensor_logger").settings())
    assert isinstance(chosen, SensorLoggerDecoder)
    return chosen


def phyphox() -> PhyphoxDecoder:
    chosen = driver("phyphox").decoder(driver("phyphox").settings())
    assert isinstance(chosen, PhyphoxDecoder)
    return chosen


def pushed(decoder: SensorLoggerDecoder, sent: list[tuple[float, bytes]]) -> list[StreamItem]:
    return [i for at, body in sent for i in decoder.feed("push", body, at)] + decoder.finish()


def asked(phone: PhyphoxPhone, decoder: PhyphoxDecoder, from_s: float = 0.0) -> list[StreamItem]:
    """Everything that asking ten times a second brings."""
    items, now_s = list[StreamItem](), from_s
    phone.control("start", from_s)
    while now_s < from_s + phone.lasts_s + 0.2:
        now_s += 0.1
        path = query({clock: decoder.newest_s(clock) for clock in (ACCEL[0], GYRO[0])})
        items += decoder.feed("get", phone.get(urlsplit(path).query, now_s), now_s)
    return items


def raises(items: list[StreamItem]) -> list[RepCompleted]:
    return [e for e in track(items, "lateral_leg_raise") if isinstance(e, RepCompleted)]


@pytest.mark.parametrize(
    "sending",
    [
        Sending(),
        Sending(total=True),
        Sending(uncalibrated=True),
        Sending(swap=True),
        Sending(batch_s=1.0),
        Sending(uncalibrated=True, iphone_frame=True),
    ],
    ids=["two parts", "total", "uncalibrated", "overtaking", "slow", "iPhone, uncalibrated"],
)
def test_sensor_logger_tells_specific_force_in_si(sending: Sending) -> None:
    """However the app is set: +g up in m/s2, rad/s, each sample once at its nanosecond, ten raises."""
    decoder, true = logger(), readings()
    items = pushed(decoder, messages(true, sending))
    block = joined(items)
    at = np.searchsorted(true.accel_s, block.t_s - 1e-6)
    np.testing.assert_allclose(true.accel_s[at], block.t_s, atol=1e-8)
    np.testing.assert_allclose(block.accel_mps2, true.accel_mps2[at], atol=1e-9)
    assert len(block) >= len(true.accel_s) - 2
    assert (decoder.stats.gaps, decoder.stats.duplicates, decoder.refusal) == (0, 0, None)
    assert decoder.battery_percent == 81
    assert len(raises(items)) == RAISES


def test_an_iphones_own_frame_turns_circles_round_and_nothing_else() -> None:
    """Without Standardise Units & Frames: no measurement tells, ranges are the same, directions are opposite."""
    circling = read(build("hip_circle", 2).raw)
    told = list[list[tuple[str | None, int]]]()
    for own in (False, True):
        events = track(pushed(logger(), messages(circling, Sending(iphone_frame=own))), "hip_circle")
        told.append([(e.direction, round(e.rom_deg)) for e in events if isinstance(e, RepCompleted)])
    other = {"clockwise": "counterclockwise", "counterclockwise": "clockwise", None: None}
    assert len(told[0]) > 4
    assert told[1] == [(other[way], size) for way, size in told[0]]


def test_phyphox_tells_the_same() -> None:
    """Polled with thresholds, eight digits each: every sample once, ten raises."""
    decoder, phone = phyphox(), PhyphoxPhone(readings())
    items = asked(phone, decoder)
    assert decoder.stats.damage() == ["1 unpaired"]
    assert len(joined(items)) == len(readings().accel_s) - 2
    assert len(raises(items)) == RAISES


def test_other_rates_than_ours_count_too() -> None:
    """An Android phone's 125 Hz and 499 Hz: ten raises of the same size, to a degree."""
    usual, other = (
        pushed(logger(), messages(readings(*rates), Sending(total=True))) for rates in ((100, 100), (125, 499))
    )
    sizes = [[r.rom_deg for r in raises(items)] for items in (usual, other)]
    np.testing.assert_allclose(sizes[0], sizes[1], atol=1.0)


def test_a_recording_begun_again_goes_on() -> None:
    """Start pressed twice (messages from 0, another session): one gap, time goes on, nothing is lost or doubled."""
    decoder, true = logger(), readings()
    first = messages(true, Sending(session="one"))[:300]
    second = messages(true, Sending(session="two"), 1_764_000_000_000_000_000 + 60_000_000_000)[:300]
    items = pushed(decoder, first + second)
    blocks = [i for i in items if isinstance(i, SampleBlock)]
    t_s = joined(items).t_s
    assert np.all(np.diff(t_s) > 0)
    assert decoder.stats.restarts == decoder.stats.gaps == 1
    assert pytest.approx(next(b.t_s[0] for b in blocks if b.t_s[0] > 40.0), abs=0.1) == 60.0


@pytest.mark.parametrize("session", ["a", "b"])
def test_an_experiment_begun_again_goes_on(session: str) -> None:
    """phyphox cleared and started anew, or the app opened anew: its clock is at 0 again, ours is not."""
    decoder = phyphox()
    one, two = PhyphoxPhone(readings(), session="a"), PhyphoxPhone(readings(), session=session)
    two.control("clear", 0.0)
    items = asked(one, decoder) + asked(two, decoder, 1000.0) + decoder.finish()
    assert np.all(np.diff(joined(items).t_s) > 0)
    assert (decoder.stats.restarts, decoder.stats.gaps) == (1, 1)


@pytest.mark.parametrize(
    ("sending", "says"),
    [
        (Sending(gravity=False), "without gravity: in Sensor Logger switch on Gravity"),
        (Sending(gyro=False), "no angular rate: in Sensor Logger switch on Gyroscope"),
    ],
)
def test_sensor_logger_without_a_half_is_refused(sending: Sending, says: str) -> None:
    """Not one sample, and a sentence that tells the switch."""
    decoder = logger()
    assert pushed(decoder, messages(readings(), sending)) == []
    assert decoder.refusal is not None
    assert says in decoder.refusal


def test_wrong_units_are_refused() -> None:
    """Values in milli-g, or half of gravity: not one sample; what was read is told."""
    true = readings()
    for factor in (1000 / 9.80665, 0.5):
        wrong = Readings(true.accel_s, true.accel_mps2 * factor, true.gravity_mps2, true.gyro_s, true.gyro_radps)
        decoder = logger()
        assert pushed(decoder, messages(wrong, Sending(total=True))) == []
        assert decoder.refusal is None or "are due" in decoder.refusal
        assert decoder.stats.bad_frames or decoder.refusal


@pytest.mark.parametrize(
    ("phone", "says"),
    [
        (lambda: PhyphoxPhone(readings(), gyro=False), "no gyroscope: load docs/sensors/coxa.phyphox"),
        (lambda: PhyphoxPhone(readings(), gravity=False), "without gravity: load docs/sensors/coxa.phyphox"),
    ],
)
def test_a_wrong_experiment_is_refused(phone: Callable[[], PhyphoxPhone], says: str) -> None:
    """Gyro missing, or linear acceleration: not one sample, and the experiment to load."""
    decoder = phyphox()
    assert asked(phone(), decoder) == []
    assert decoder.refusal is not None
    assert says in decoder.refusal


@given(st.permutations(range(6)), st.sets(st.integers(6, 11), max_size=2))
def test_overtaking_and_loss_never_turn_time_back(order: list[int], lost: set[int]) -> None:
    """Six messages in any order, then some lost for ever: time grows, and what came is there unless told as late."""
    sent = [body for _, body in messages(readings(), Sending(total=True))[:30]]
    came = [sent[k] for k in order] + [sent[k] for k in range(6, 30) if k not in lost]
    decoder = logger()
    items = pushed(decoder, [(0.0, body) for body in came])
    t_s = joined(items).t_s
    assert np.all(np.diff(t_s) > 0)
    late = decoder.stats.duplicates
    assert len(t_s) >= 10 * (30 - len(lost) - late) - 4
    assert decoder.stats.gaps >= (1 if lost else 0)


class Heard(Watcher):
    """Keeps the events."""

    def __init__(self) -> None:
        self.events = list[Event]()

    def event(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)


def session(link: PhoneLink, log: Path) -> list[Event]:
    """A whole session with what is behind the link."""

    async def run() -> list[Event]:
        async with link:
            assert await link.ready(lambda: False)
            heard = Heard()
            with SessionWriter(log, new_header(PLAN, simulated=True)) as writer:
                await run_session(link, Coach(PLAN), writer, heard, lambda: False)
            return heard.events

    return asyncio.run(run())


def live(sending: Sending, log: Path) -> list[Event]:
    """A session with a phone that pushes over HTTP, as fast as it is taken."""

    async def run() -> list[Event]:
        link = PushServer(0, "127.0.0.1", wait_s=20.0, end_s=0.5)
        async with link:
            phone = threading.Thread(target=push, args=(link.url, messages(readings(), sending)), kwargs={"fast": True})
            phone.start()
            try:
                assert await link.ready(lambda: False)
                heard = Heard()
                with SessionWriter(log, new_header(PLAN, simulated=True)) as writer:
                    await run_session(link, Coach(PLAN), writer, heard, lambda: False)
                return heard.events
            finally:
                await asyncio.to_thread(phone.join)

    return asyncio.run(run())


def replayed(log: Path) -> list[Event]:
    """What the packets of the log's only session give, decoded anew as its header says."""
    (kept,) = list_sessions(UPath(log))
    coach = Coach(kept.plan)
    return [e for item in session_items(kept) for e in coach.feed(item)] + coach.finish()


def test_ten_raises_with_sensor_logger_from_phone_to_log(tmp_path: Path) -> None:
    """Over HTTP: ten raises, logged; the log's packets give the very same events again."""
    events = live(Sending(swap=True), tmp_path)
    assert sum(isinstance(e, RepCompleted) for e in events) == RAISES
    (kept,) = list_sessions(UPath(tmp_path))
    assert kept.header.state == "closed"
    assert kept.events() == events == replayed(tmp_path)


def test_ten_raises_with_phyphox_from_phone_to_log(tmp_path: Path) -> None:
    """The same, asked over HTTP of a phone on which half a second passes at each question, until it stops."""
    clock = itertools.count(100.0, 0.5)
    with Server(PhyphoxPhone(readings()), clock=lambda: next(clock)) as server:
        events = session(PhyphoxLink(server.address, poll_s=0.0, stopped_s=0.0), tmp_path)
    assert sum(isinstance(e, RepCompleted) for e in events) == RAISES
    assert events == replayed(tmp_path)


def test_a_phone_without_gravity_ends_the_session_with_the_reason(tmp_path: Path) -> None:
    """The user reads what to switch on; the log is closed all the same."""
    with pytest.raises(LinkError, match="switch on Gravity"):
        live(Sending(gravity=False), tmp_path)
    (kept,) = list_sessions(UPath(tmp_path))
    assert kept.header.state == "closed"


def test_an_experiment_that_stands_still_is_said(tmp_path: Path) -> None:
    """The app does not start it: no session without end, but the button to press."""
    phone = PhyphoxPhone(readings())
    phone.control = lambda command, now_s: b'{"result": false}'  # noqa: ARG005
    with Server(phone) as server, pytest.raises(LinkError, match="press play"):
        session(PhyphoxLink(server.address, poll_s=0.0, stopped_s=0.0), tmp_path)


def test_the_apps_test_button_begins_no_session() -> None:
    """A message without readings is answered, and coxa goes on waiting."""

    async def run() -> tuple[int, bool]:
        async with PushServer(0, "127.0.0.1") as link:
            with await asyncio.to_thread(urlopen, Request(link.url, b'{"test": true}'), timeout=5) as answer:
                return answer.status, await link.ready(lambda: True)

    assert asyncio.run(run()) == (200, False)


def test_only_one_phone_is_listened_to() -> None:
    """A second sender is turned away in words that the app shows; nonsense and huge messages are, too."""

    async def run() -> list[int]:
        link = PushServer(0, "127.0.0.1")
        link.sensor.address = "192.0.2.7"
        async with link:

            def status(request: Request | str) -> int:
                try:
                    with urlopen(request, timeout=5) as answer:
                        return answer.status
                except OSError as error:
                    return getattr(error, "code", 0)

            post = Request(link.url, b"{}")
            huge = Request(link.url, b"{}", {"Content-Length": str(1 << 40)})
            return [await asyncio.to_thread(status, r) for r in (post, huge, link.url)]

    assert asyncio.run(run()) == [499, 499, 200]


@pytest.mark.parametrize(
    ("phone", "choice", "says"),
    [
        ("sensor-loger", SensorChoice(), "no way to a phone called 'sensor-loger'"),
        ("sensor-logger:99999", SensorChoice(), "sensor-logger:PORT"),
        ("phyphox://", SensorChoice(), "phyphox://HOST"),
        ("sensor-logger", SensorChoice(rate_hz=50.0), "leave out --address"),
    ],
)
def test_what_is_no_phone_is_refused(phone: str, choice: SensorChoice, says: str) -> None:
    """A misspelt app, an impossible port, no host, options of a Bluetooth sensor: one line that says what to write."""
    request = LiveRequest("lunge", None, None, None, choice, None, "quiet", "en", PageOptions())
    with pytest.raises(SpecError, match=says) as told:
        run_live(phone, request)
    assert "\n" not in str(told.value)


def test_nobody_there_is_one_clear_line() -> None:
    """No phone sends, none answers, the port is taken: what to look at."""

    async def wait() -> None:
        async with PushServer(0, "127.0.0.1", wait_s=0.0) as link:
            await link.ready(lambda: False)

    async def twice() -> None:
        async with PushServer(0, "127.0.0.1") as link, PushServer(urlsplit(link.url).port or 0, "127.0.0.1"):
            pass

    async def ask() -> None:
        async with PhyphoxLink("127.0.0.1:9"):
            pass

    for failing, says in ((wait, "HTTP Push on"), (twice, "--phone sensor-logger:PORT"), (ask, "remote access on")):
        with pytest.raises(LinkError, match=says) as told:
            asyncio.run(failing())
        assert "\n" not in str(told.value)


def test_the_experiment_for_phyphox_has_the_buffers_that_are_asked_for() -> None:
    """docs/sensors/coxa.phyphox: accelerometer with gravity and gyro, each into its four buffers."""
    from xml.etree import ElementTree

    tree = ElementTree.parse(Path(__file__).parents[1] / "docs" / "sensors" / "coxa.phyphox")
    held = {c.text for c in tree.iter("container")}
    assert held == {*ACCEL, *GYRO}
    fed = {s.get("type"): {o.text for o in s.iter("output")} for s in tree.iter("sensor")}
    assert fed == {"accelerometer": set(ACCEL), "gyroscope": set(GYRO)}

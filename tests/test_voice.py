"""The voice says what is fresh and drops what is not, whatever the engine takes for it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from upath import UPath

from coxa.cli.session_setup import new_header
from coxa.host.cues import Cue
from coxa.host.cues.kinds import KINDS, cue, sample_values
from coxa.host.errors import LinkError, LinkFailure
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus, SensorLink
from coxa.host.log import SessionWriter, open_session
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Packet, SampleBlock
from coxa.host.sensors.registry import driver
from coxa.host.session import Watcher, Watchers, run_session
from coxa.host.tracker import LiveView
from coxa.host.voice import load_phrases
from coxa.host.voice.child import choose
from coxa.host.voice.engine import MachineVoice, NoVoiceError
from coxa.host.voice.fresh import ORDER, Heard, HostClock, Waiting
from coxa.host.voice.speaker import Speaker
from coxa.host.wire import Decoder
from tests.helpers import decoded, frames, scenario

EN = load_phrases("en")
WAIT_S = 20.0
"""A thread that has not done its part by then is broken."""


class SlowEngine:
    """Speaks until it is told that it has done."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.begun, self.done = threading.Semaphore(0), threading.Semaphore(0)

    def say(self, text: str) -> None:
        """Begin, then wait to be released."""
        self.texts.append(text)
        self.begun.release()
        assert self.done.acquire(timeout=WAIT_S)

    def close(self) -> None:
        """Nothing to do."""

    def until_begun(self) -> None:
        """Wait until another phrase is being said."""
        assert self.begun.acquire(timeout=WAIT_S)


@dataclass
class Clock:
    """A clock that is set by hand."""

    t_s: float = 0.0

    def __call__(self) -> float:
        """The time that was set."""
        return self.t_s


@dataclass
class At:
    """As much of a coach as the voice reads."""

    view: LiveView


def packet(speaker: Speaker, t_s: float) -> None:
    view = LiveView(t_s, None, 0, None, "lunge", None, "ready")
    speaker.progress(cast(Coach, At(view)), StreamQuality())


def count(n: int, at_s: float) -> Cue:
    return cue("count", at_s, n=n)


def test_what_comes_too_late_is_dropped_not_queued() -> None:
    """While a sentence is being said four counts pass: of them the newest is said, if it is still fresh."""
    engine, clock = SlowEngine(), Clock()
    with Speaker(EN, engine=lambda: engine, now=clock) as speaker:
        packet(speaker, 0.0)
        speaker.cue(cue("get_in_position", 0.0))
        engine.until_begun()
        for n in (1, 2, 3, 4):
            clock.t_s = float(n)
            speaker.cue(count(n, float(n)))
        clock.t_s = 4.3
        engine.done.release()
        engine.until_begun()
        speaker.cue(count(5, 5.0))
        clock.t_s = 5.7
        engine.done.release()
    assert engine.texts == [EN.text(cue("get_in_position", 0.0)), "4"]
    dropped = [s.cue.values["n"] for s in speaker.spoken if s.said_s is None]
    assert dropped == [1, 2, 3, 5]


def test_urgent_things_go_first() -> None:
    """A lost connection before a count, a count before where to go next."""
    engine, clock = SlowEngine(), Clock()
    with Speaker(EN, engine=lambda: engine, now=clock) as speaker:
        packet(speaker, 0.0)
        speaker.cue(cue("get_in_position", 0.0))
        engine.until_begun()
        for key in ("encourage_1", "set_free", "count", "connection_lost"):
            speaker.cue(cue(key, 0.0, **sample_values(key)))
        for _ in range(5):
            engine.done.release()
    assert engine.texts[1:] == ["Connection lost. I'll keep trying", "10", "Begin when you like", "Good, keep going"]


def test_quieter_settings_say_less() -> None:
    """`counts` leaves out what only a coach says; `quiet` never even makes a voice."""
    said = dict[str, list[str]]()
    for level in ("quiet", "counts", "coach"):
        engine = SlowEngine()
        with Speaker(EN, level, engine=lambda e=engine: e) as speaker:
            for key in ("encourage_1", "count"):
                engine.done.release()
                speaker.cue(cue(key, 0.0, **sample_values(key)))
        said[level] = sorted(engine.texts)
    assert said == {"quiet": [], "counts": ["10"], "coach": ["10", "Good, keep going"]}


def test_no_voice_is_told_once_and_nothing_fails() -> None:
    """One line on the terminal; cues go on coming."""
    told, failed = list[str](), threading.Event()

    def engine() -> SlowEngine:
        raise NoVoiceError("no voice on this machine (none)")

    def tell(why: str) -> None:
        told.append(why)
        failed.set()

    with Speaker(EN, engine=engine, tell=tell) as speaker:
        speaker.cue(count(1, 0.0))
        assert failed.wait(WAIT_S)
        speaker.cue(count(2, 1.0))
    assert told == ["no voice on this machine (none); everything is on the screen, and `--page` speaks in the browser"]


def test_a_voice_that_dies_takes_nothing_with_it() -> None:
    """The engine raises in the middle of a session: told once."""
    told = list[str]()

    class Dying:
        def say(self, text: str) -> None:
            raise NoVoiceError(f"sound card unplugged at {text}")

        def close(self) -> None:
            told.append("closed")

    with Speaker(EN, engine=Dying, tell=told.append) as speaker:
        speaker.cue(count(1, 0.0))
    assert told[0].startswith("the voice has failed (sound card unplugged at 1); everything is on the screen")
    assert told[1:] == ["closed"]
    assert speaker.failed


@given(
    st.lists(st.floats(0.0, 0.4), min_size=40, max_size=200),
    st.floats(-1e4, 1e4),
    st.floats(0.0, 30.0),
)
def test_the_host_clock_follows_the_fastest_packets(delays_s: list[float], offset_s: float, stall_s: float) -> None:
    """Delays, and a stall after which everything comes at once: a moment's host time is right within the delays."""
    clock, now_s, free_s = HostClock(), 0.0, offset_s
    for k, delay_s in enumerate([0.0, *delays_s]):
        if k == 20:
            free_s = now_s + stall_s
        now_s = max(0.1 * k + offset_s + delay_s, free_s, now_s if k else -1e9)
        clock.seen(0.1 * k, now_s)
    told = clock.host_s(10.0)
    assert told is not None
    assert -1e-6 <= told - (10.0 + offset_s) <= 0.4 + 0.02 * (0.1 * len(delays_s) + 1.0 + 0.4)


def test_a_stream_that_stays_late_is_spoken_again() -> None:
    """A sensor whose clock jumped back by 2 s for good: after two minutes its counts are fresh again."""
    clock = HostClock()
    for k in range(100):
        clock.seen(0.1 * k, 0.1 * k)
    for k in range(100, 1500):
        clock.seen(0.1 * k, 0.1 * k + 2.0)
    told = clock.host_s(150.0)
    assert told is not None
    assert told == pytest.approx(152.0, abs=0.1)


@given(st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.floats(0, 100)), max_size=30), st.floats(0, 120))
def test_nothing_stale_comes_out_and_nothing_is_lost(said: list[tuple[str, float]], now_s: float) -> None:
    """Each cue is taken, superseded or outdated, exactly once; what is taken is fresh, in the order of the slots."""
    clock, waiting = HostClock(), Waiting()
    clock.seen(0.0, 0.0)
    gone, taken, put = list[Heard](), list[Heard](), list[Heard]()
    for key, at_s in said:
        put.append(Heard(cue(key, at_s, **sample_values(key)), at_s))
        gone += waiting.put(put[-1])
    while waiting:
        heard, outdated = waiting.take(clock, now_s)
        gone += outdated
        taken += [heard] if heard is not None else []
    assert all(h.cue.until_s >= now_s for h in taken)
    assert sorted(map(id, gone + taken)) == sorted(map(id, put))
    slots = [ORDER.index(h.cue.slot) for h in taken]
    assert slots == sorted(set(slots))


def named(ident: str, name: str, languages: str) -> dict[str, str]:
    return {"ident": ident, "name": name, "languages": languages}


def test_the_voice_of_the_language_is_chosen() -> None:
    """Names as espeak-ng, Windows and macOS give them."""
    espeak = [named("gmw/af", "Afrikaans", "af"), named("gmw/de", "German", "de"), named("gmw/en-us", "A", "en-us")]
    windows = [named("HKEY\\TTS_MS_EN-US_ZIRA", "Zira Desktop", ""), named("HKEY\\TTS_MS_DE-DE_HEDDA", "H", "")]
    mac = [named("com.apple.voice.Anna", "Anna", "de_DE"), named("com.apple.voice.Alex", "Alex", "en_US")]
    de, en = (list(load_phrases(code).voices) for code in ("de", "en"))
    assert [choose(v, de, "de") for v in (espeak, windows, mac)] == [espeak[1], windows[1], mac[0]]
    assert [choose(v, en, "en") for v in (espeak, windows, mac)] == [espeak[2], windows[0], mac[1]]
    assert choose(espeak[:1], de, "de") is None


def machine_voice(code: str) -> MachineVoice:
    """The machine's voice, where it has one."""
    try:
        return MachineVoice(load_phrases(code))
    except NoVoiceError as error:
        if os.environ.get("COXA_STRICT"):
            pytest.fail(f"COXA_STRICT is set and there is {error}")
        pytest.skip(str(error))


@pytest.mark.parametrize("code", ["de", "en"])
def test_the_machines_voice_speaks(code: str) -> None:
    """Both languages have a voice, and it says a phrase; one that is killed is started anew."""
    voice = machine_voice(code)
    try:
        assert voice.voice is not None
        voice.say("1")
        voice._child.kill()
        voice._child.wait()
        voice.say("2")
    finally:
        voice.close()


def test_a_machine_without_a_voice_is_told_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A speech library that cannot start is one line with what to do; so is one that crashes at once."""
    for content, why in (("def init(): raise OSError('no engine\\nlong story')", "no engine"), ("exit(11)", "at once")):
        (tmp_path / "pyttsx3.py").write_text(content)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path.cwd())]))
        with pytest.raises(NoVoiceError, match=f"no voice on this machine .*{why}.*; "):
            MachineVoice(EN)


def test_a_crash_in_the_middle_of_a_sentence_is_survived(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A library that takes its process with it: the text is tried once more, then the voice is given up."""
    (tmp_path / "pyttsx3.py").write_text(
        "import os\nclass E:\n"
        "  def getProperty(self, name): return []\n"
        "  def setProperty(self, name, value): pass\n"
        "  def say(self, text): self.text = text\n"
        "  def runAndWait(self): os._exit(11) if self.text == 'crash' else None\n"
        "def init(): return E()\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path.cwd())]))
    voice = MachineVoice(EN)
    voice.say("1")
    with pytest.raises(NoVoiceError, match="failed twice"):
        voice.say("crash")
    voice.close()


def test_the_command() -> None:
    """Every phrase is printed; what is wrong is told in one line."""

    def coxa(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from coxa.cli.main import main; main()", "voice", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")

    german = coxa("--lang", "de", "--silent")
    assert (german.returncode, german.stderr, len(german.stdout.splitlines())) == (0, "", len(KINDS))
    assert "Noch eine" in german.stdout
    assert "no language 'xx'" in coxa("--lang", "xx").stderr
    assert "no phrase 'nonsense'" in coxa("--phrase", "nonsense", "--silent").stderr


@dataclass
class Sensor:
    """As much of a found sensor as a session reads."""

    name: str = "TEST"
    address: str = "00:00"
    rssi_dbm: int = -50


class StalledLink:
    """Brings a recording's packets on a clock set by hand; for two seconds nothing comes, then everything at once."""

    def __init__(self, packets: list[bytes], clock: Clock, stall_s: tuple[float, float]) -> None:
        self.sensor, self.info, self.reconnects, self.repeats = Sensor(), dict[str, str | int](), 0, 0
        self.driver = driver("coxa")
        self.settings = self.driver.defaults
        self.decoder = self.driver.decoder(self.settings)
        self._packets, self._clock, self._stall_s = packets, clock, stall_s

    async def items(self) -> AsyncIterator[Packet | LinkStatus]:
        """Packets, each 50 ms after its last sample at best."""
        yield LinkStatus(True, "connected")
        decoder, began_s, end_s = Decoder(), 0.0, 0.0
        for data in self._packets:
            for item in decoder.feed(data):
                assert isinstance(item, SampleBlock)
                end_s = float(item.t_s[-1])
                began_s = began_s or end_s
            due_s = end_s + DELAY_S
            stalled = self._stall_s[0] < due_s < self._stall_s[1]
            self._clock.t_s = self._stall_s[1] if stalled else due_s
            yield Packet(max(self._clock.t_s - began_s, 0.0), data)


class Lockstep(Watcher):
    """Waits after every packet until the voice has dealt with all that there was to say."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker, self.cues = speaker, list[Cue]()

    def cue(self, cue: Cue) -> None:
        """One more to be dealt with."""
        self.cues.append(cue)

    def progress(self, coach: Coach, quality: StreamQuality) -> None:  # noqa: ARG002
        """All that came with this packet."""
        assert self._speaker.dealt_with(len(self.cues), WAIT_S)


DELAY_S = 0.05


def test_nothing_stale_is_said_after_a_stall(tmp_path: Path) -> None:
    """A session whose link stalls for 2 s about a repetition: its count is dropped, every other is said at once."""
    made = scenario("lateral_leg_raise", 3)
    plan = (SetPlan("lateral_leg_raise", "right"),)
    coach = Coach(plan)
    counted = [e for item in decoded(made) for e in coach.feed(item) if isinstance(e, RepCompleted)]
    stall_s = (counted[3].decided_s - 1.0, counted[3].decided_s + 1.0)
    clock, engine = Clock(), SlowEngine()
    engine.done = threading.Semaphore(10_000)
    with Speaker(EN, engine=lambda: engine, now=clock) as speaker:
        step = Lockstep(speaker)
        link = cast(SensorLink, StalledLink(frames(made), clock, stall_s))
        with SessionWriter(tmp_path, new_header(plan)) as writer:
            run = run_session(link, Coach(plan), writer, Watchers(speaker, step), lambda: False)
            asyncio.run(run)
    said = {s.cue.values["n"]: s for s in speaker.spoken if s.cue.key == "count"}
    assert [n for n, s in sorted(said.items()) if s.said_s is None] == [4]
    for s in speaker.spoken:
        assert s.said_s is None or s.said_s <= s.cue.until_s + DELAY_S + 0.01
    on_time = [s.said_s - s.cue.at_s for s in said.values() if s.said_s is not None]
    assert max(on_time) < 0.35
    assert open_session(UPath(writer.folder)).cues() == step.cues


class BrokenLink(StalledLink):
    """Loses the sensor in the middle of a hold: for five seconds, or for good."""

    def __init__(self, packets: list[bytes], clock: Clock, from_s: float, lost_s: float | None) -> None:
        super().__init__(packets, clock, (0.0, 0.0))
        self._from_s, self._lost_s = from_s, lost_s

    async def items(self) -> AsyncIterator[Packet | LinkStatus]:
        """The packets that come through."""
        gone, decoder = False, Decoder()
        yield LinkStatus(True, "connected")
        for data in self._packets:
            ends_s = [float(i.t_s[-1]) for i in decoder.feed(data) if isinstance(i, SampleBlock)]
            end_s = ends_s[-1] if ends_s else 0.0
            if not gone and end_s > self._from_s:
                gone = True
                yield LinkStatus(False, "connection lost")
                if self._lost_s is None:
                    raise LinkError(LinkFailure.CONNECT_FAILED, "it cannot be reached")
            if gone and self._lost_s is not None and end_s > self._from_s + self._lost_s:
                self._lost_s = None
                gone = False
                self._from_s = float("inf")
                yield LinkStatus(True, "connected")
            if not gone:
                yield Packet(0.0, data)


class Listener(Watcher):
    """Writes down what there is to say."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def cue(self, cue: Cue) -> None:
        """One more."""
        self.keys.append(cue.key)


def broken_in_a_hold(tmp_path: Path, lost_s: float | None) -> tuple[list[str], list[Event]]:
    """Keys of the cues from the loss on, and every event."""
    made = scenario("knee_to_chest", 1)
    hold = next(h for h in made.truth["holds"] if h["verified"])
    plan = (SetPlan("knee_to_chest", made.truth["side"]),)
    listener = Listener()
    link = BrokenLink(frames(made), Clock(), hold["start_s"] + 8.0, lost_s)
    with SessionWriter(tmp_path, new_header(plan)) as writer:
        run = run_session(cast(SensorLink, link), Coach(plan), writer, listener, lambda: False)
        if lost_s is None:
            with pytest.raises(LinkError):
                asyncio.run(run)
        else:
            asyncio.run(run)
    events = open_session(UPath(writer.folder)).events()
    return listener.keys[listener.keys.index("connection_lost") :], events


def test_a_sensor_gone_for_five_seconds_in_a_hold(tmp_path: Path) -> None:
    """Told that it is gone and back and how much was missed; the hold goes on and is kept."""
    keys, events = broken_in_a_hold(tmp_path, 4.6)
    assert keys[:3] == ["connection_lost", "connected_again", "unseen"]
    assert keys[3:8] == ["hold_half", "hold_left", "hold_countdown", "hold_countdown", "hold_countdown"]
    assert next(e for e in events if isinstance(e, HoldEnded)).verified


def test_a_sensor_gone_for_good_in_a_hold(tmp_path: Path) -> None:
    """Told so at the end, with what there was of the hold; the session is saved."""
    keys, events = broken_in_a_hold(tmp_path, None)
    assert keys == ["connection_lost", "connection_gone", "hold_short"]
    (hold,) = [e for e in events if isinstance(e, HoldEnded)]
    assert (hold.verified, round(hold.held_s)) == (False, 8)

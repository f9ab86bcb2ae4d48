"""The voice says what is fresh and drops what is not, whatever the engine takes for it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.cues import Cue
from coxa.host.cues.kinds import KINDS, cue, sample_values
from coxa.host.link.quality import StreamQuality
from coxa.host.live_view import LiveView
from coxa.host.routine import Coach
from coxa.host.voice import load_phrases
from coxa.host.voice.engine import NoVoiceError
from coxa.host.voice.fresh import ORDER, Heard, HostClock, Waiting
from coxa.host.voice.speaker import Speaker
from tests.voice_doubles import WAIT_S, Clock, SlowEngine

EN = load_phrases("en")


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


def said_after_a_sentence(*keys: str) -> list[str]:
    """What is said of cues that all come while a sentence is being said, in the order of saying."""
    engine, clock = SlowEngine(), Clock()
    with Speaker(EN, engine=lambda: engine, now=clock) as speaker:
        packet(speaker, 0.0)
        speaker.cue(cue("get_in_position", 0.0))
        engine.until_begun()
        for key in keys:
            speaker.cue(cue(key, 0.0, **sample_values(key)))
        for _ in range(len(keys) + 1):
            engine.done.release()
    return engine.texts[1:]


def test_urgent_things_go_first() -> None:
    """A lost connection before a count, a count before where to go next."""
    said = said_after_a_sentence("encourage_1", "set_free", "count", "connection_lost")
    assert said == ["Connection lost. I'll keep trying", "10", "Begin when you like", "Good, keep going"]


def test_going_on_is_said_before_the_rest_that_comes_with_it() -> None:
    """Whoever has stopped hears first that it goes on, then what comes."""
    assert said_after_a_sentence("rest", "going_on") == ["Let's go on", "Rest, 10 seconds"]


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

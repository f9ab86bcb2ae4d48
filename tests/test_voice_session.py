"""What is said in a session whose link stalls, breaks or is gone for good."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from upath import UPath

from coxa.cli.session_setup import new_header
from coxa.host.cues import Cue
from coxa.host.errors import LinkError, LinkFailure
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus, SensorLink
from coxa.host.log import SessionWriter, open_session
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Packet, SampleBlock
from coxa.host.sensors.registry import driver
from coxa.host.session import run_session
from coxa.host.voice import load_phrases
from coxa.host.voice.speaker import Speaker
from coxa.host.watcher import Watcher, Watchers
from coxa.host.wire import Decoder
from tests.helpers import decoded, frames, scenario
from tests.voice_doubles import WAIT_S, Clock, SlowEngine

EN = load_phrases("en")


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
        self.waiting = 0

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

"""Taps on the sensor: found in any pose, never made up, and obeyed: pause, go on, skip, an answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from bleak.backends.device import BLEDevice
from hypothesis import given, settings
from hypothesis import strategies as st
from upath import UPath

from coxa.analysis.load import load
from coxa.analysis.score import find_recordings
from coxa.cli.session_setup import new_header
from coxa.firmware_sim import everyday, exercising
from coxa.firmware_sim.person import Person
from coxa.firmware_sim.scenario import Scenario, build_acted
from coxa.firmware_sim.scripts import tapping
from coxa.host.cues import Announcer
from coxa.host.detect.taps import Tap, TapFinder
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.link.scan import FoundSensor
from coxa.host.link.sensor_link import SensorLink
from coxa.host.log import SessionWriter, open_session
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import larger
from coxa.host.routine import Coach, SetPlan
from coxa.host.routine.effort import EffortQuestion
from coxa.host.routine.prompt import Prompt
from coxa.host.samples import STANDARD_GRAVITY_MPS2, Gap, Packet, SampleBlock, StreamItem
from coxa.host.sensors.own import Own
from coxa.host.session import run_session
from coxa.host.watcher import Watcher
from tests.helpers import cut, decoded, frames, scenario
from tools.tap_figures import series


@cache
def tapped(seed: int, rate_hz: float) -> tuple[Scenario, list[StreamItem]]:
    made = build_acted(tapping, seed, rate_hz)
    return made, decoded(made)


def found_of(seed: int, rate_hz: float) -> Counter[tuple[int, int]]:
    """How often so many taps were taken for so many; what was not tapped counts as 0 taps."""
    made, items = tapped(seed, rate_hz)
    left, pairs = series(items), Counter[tuple[int, int]]()
    for told in made.truth["activities"]:
        if not told["label"].startswith("tap:"):
            continue
        near = [t for t in left if abs(t.start_s - told["start_s"]) < 0.3]
        left = [t for t in left if t not in near]
        pairs[int(told["label"][4:]), near[0].count if near else 0] += 1
    pairs.update((0, t.count) for t in left)
    return pairs


@pytest.mark.parametrize("rate_hz", [100.0, 208.0])
def test_taps_are_found(rate_hz: float) -> None:
    """Standing, sitting, lying, taps of 1 to 4 g: more than 95 % are counted right, nothing else is taken for one."""
    pairs = sum((found_of(seed, rate_hz) for seed in range(12)), Counter[tuple[int, int]]())
    asked = sum(n for (true, _), n in pairs.items() if true)
    right = sum(n for (true, told), n in pairs.items() if true == told)
    assert asked == 84
    assert right / asked > 0.95
    assert not [told for (true, told) in pairs if not true]


def test_no_recording_of_a_real_thigh_taps(recordings: Path) -> None:
    """Over all recordings, exercise, walking, lying down, adjusting the strap: never two nor three taps."""
    places = find_recordings([recordings])
    assert len(places) > 80
    false = [(csv.name, t) for csv, _ in places for t in series(read_csv(csv)) if t.count in (2, 3)]
    assert false == []


@pytest.mark.parametrize("name", ["negative", "lunge", "hip_circle", "lateral_leg_raise"])
def test_no_simulated_activity_taps(name: str) -> None:
    """Nor does anything that the simulated person does."""
    assert [t for seed in (1, 3) for t in series(decoded(scenario(name, seed))) if t.count > 1] == []


@settings(max_examples=10)
@given(st.integers(1, 400))
def test_cuts_do_not_matter(size: int) -> None:
    """The same taps however the stream is cut."""
    _, items = tapped(1, 100.0)
    finder, other = TapFinder(), TapFinder()
    whole = [t for item in items for t in finder.update(item)]
    assert [t for item in cut(items, lambda: size) for t in other.update(item)] == whole


def knocks(at_s: list[float], size_mps2: float = 15.0, rate_hz: float = 100.0) -> SampleBlock:
    """A thigh at rest for 6 s, with knocks of a single sample."""
    t_s = np.arange(0.0, 6.0, 1 / rate_hz)
    accel, gyro = np.tile([0.0, 0.0, 9.81], (len(t_s), 1)), np.zeros((len(t_s), 3))
    for knock_s in at_s:
        accel[round(knock_s * rate_hz), 2] += size_mps2
    return SampleBlock(t_s, accel, gyro)


def test_only_taps_out_of_rest_count() -> None:
    """Two are a series; four are four; too slow, too soft or too soon after unrest they are none; a gap ends all."""
    assert [t.count for t in series([knocks([2.0, 2.3])])] == [2]
    assert [t.count for t in series([knocks([2.0, 2.3, 2.6, 2.9])])] == [4]
    assert [t.count for t in series([knocks([2.0, 4.5])])] == [1, 1]
    assert series([knocks([2.0, 2.3], size_mps2=1.5)]) == []
    assert series([knocks([0.5, 0.8])]) == []
    assert series([knocks([2.0, 2.3], rate_hz=50.0)]) == []
    block = knocks([2.0, 2.3])
    assert series([block.part(0, 215), Gap(2.15, 2.25), block.part(225, 600)]) == []


def test_every_tap_is_told_by_itself() -> None:
    """Slow taps, as in an answer, are no series but taps all the same."""
    found = TapFinder().update(knocks([1.5, 2.4, 3.4, 4.3]))
    assert [round(t.start_s, 1) for t in found if isinstance(t, Tap)] == [1.5, 2.4, 3.4, 4.3]


PLAN = (SetPlan("lateral_leg_raise", "right", 6), SetPlan("lateral_leg_raise", "right", 3))


def on_the_side(p: Person) -> None:
    p.still(2.0)
    everyday.lie_down(p, 90.0 if p.right_leg else -90.0)
    p.still(3.0)


def raises(p: Person, times: int) -> None:
    for _ in range(times):
        exercising.raise_leg(p, "abduction", 35.0)
    p.still(3.0)


def coached(
    act: Callable[[Person], None], seed: int, plan: tuple[SetPlan, ...] = PLAN
) -> tuple[Scenario, list[Event], list[str], Coach]:
    made = build_acted(act, seed)
    coach, announcer = Coach(plan), Announcer(plan)
    events, said = list[Event](), list[str]()
    for new in (new for item in larger(decoded(made)) for new in coach.feed_beat_by_beat(item)):
        events += new
        said += [c.key for c in announcer.update(coach, new)]
    return made, events + coach.finish(), said, coach


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_taps_pause_and_two_go_on(seed: int) -> None:
    """What is done in between counts for nothing; the set goes on where it was."""

    def act(p: Person) -> None:
        on_the_side(p)
        raises(p, 2)
        for times in (3, 2):
            p.tap(2)
            raises(p, times)

    made, events, said, coach = coached(act, seed)
    begin, end = (a["start_s"] for a in made.truth["activities"] if a["label"] == "tap:2")
    counted = [e for e in events if isinstance(e, RepCompleted)]
    assert [begin < e.peak_s < end for e in counted] == [False] * 4
    assert (coach.done, coach.paused, coach.set_index) == (4, False, 0)
    assert [key for key in said if key in ("paused", "resumed", "skipped")] == ["paused", "resumed"]


@pytest.mark.parametrize(("moves", "times"), [(True, 2), (False, 1)])
def test_whoever_moves_in_a_pause_is_told_of_it_again(moves: bool, times: int) -> None:
    """Two knocks that were no taps cost no whole set without a word; whoever rests is left in peace."""

    def act(p: Person) -> None:
        on_the_side(p)
        raises(p, 2)
        p.tap(2)
        if moves:
            raises(p, 4)
        p.still(50.0)

    assert coached(act, 1)[2].count("paused") == times


@cache
def paused_and_skipped() -> tuple[list[StreamItem], list[Event], list[Prompt]]:
    """Two taps between two raises and one, three before three: the stream, and what is made of it in large blocks."""

    def act(p: Person) -> None:
        on_the_side(p)
        raises(p, 2)
        p.tap(2)
        raises(p, 1)
        p.tap(3)
        raises(p, 3)

    items, whole = decoded(build_acted(act, 1)), Coach(PLAN)
    events = [e for item in larger(items) for e in whole.feed(item)] + whole.finish()
    return items, events, whole.prompts()


@settings(max_examples=5)
@given(st.integers(1, 300))
def test_a_pause_does_not_depend_on_cuts(size: int) -> None:
    """The same events, prompts and answer however the stream is cut."""
    (items, events, prompts), coach = paused_and_skipped(), Coach(PLAN)
    assert [e for item in cut(items, lambda: size) for e in coach.feed(item)] + coach.finish() == events
    assert coach.prompts() == prompts


@pytest.mark.parametrize(("held_s", "kept"), [(12.0, True), (5.5, False)])
def test_a_pause_in_a_hold(held_s: float, kept: bool) -> None:
    """A hold that had lasted long enough counts; one that had not is told and done again."""

    def act(p: Person) -> None:
        p.still(2.0)
        everyday.lie_down(p, 0.0)
        p.still(3.0)
        before = p.line.value["flexion"]
        p.line.move(1.5, flexion=95.0)
        p.still(held_s)
        p.tap(2)
        p.line.move(1.5, flexion=before)
        p.still(3.0)

    plan = (SetPlan("knee_to_chest", "right", 2, 8.0),)
    _, events, said, coach = coached(act, 1, plan)
    (hold,) = [e for e in events if isinstance(e, HoldEnded)]
    assert (hold.verified, coach.done, coach.paused) == (kept, int(kept), True)
    assert ("hold_count" in said, "hold_short" in said) == (kept, not kept)


def test_three_taps_skip_the_set() -> None:
    """The next set is on, and the last one's end is the routine's; that it goes on would take the word's place."""

    def act(p: Person) -> None:
        on_the_side(p)
        raises(p, 2)
        p.tap(3)
        raises(p, 1)
        p.tap(3)
        p.still(2.0)

    _, _, said, coach = coached(act, 1)
    assert coach.set_index == 1
    assert [key for key in said if key in ("skipped", "routine_done_reps")] == [
        "skipped",
        "skipped",
        "routine_done_reps",
    ]
    assert "going_on" not in said


@pytest.mark.parametrize("taps", [0, 1, 3, 7, 10])
def test_the_question_is_answered_by_taps(taps: int) -> None:
    """So many taps are the answer, said again; none is no answer; afterwards the session is over either way."""

    def act(p: Person) -> None:
        on_the_side(p)
        raises(p, 6)
        raises(p, 3)
        p.still(9.0)
        if taps:
            p.tap(taps)
        p.still(45.0)

    _, _, said, coach = coached(act, 2)
    assert coach.finished
    assert coach.effort == (taps or None)
    assert said.count("effort_question") == 1
    assert said.count("effort_zero") == (taps == 0)
    assert said.count("effort_heard") == (taps > 0)
    assert not {"paused", "skipped"} & set(said)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_walks_off_has_not_answered(seed: int) -> None:
    """Heels that come down are as sharp as taps, but not out of rest."""

    def act(p: Person) -> None:
        on_the_side(p)
        raises(p, 6)
        everyday.get_up(p)
        p.still(10.0)
        everyday.walk(p, 12)
        p.still(40.0)

    _, _, said, coach = coached(act, seed, PLAN[:1])
    assert coach.finished
    assert coach.effort is None
    assert "effort_heard" not in said


@given(st.lists(st.floats(0.0, 40.0), max_size=14))
def test_any_taps_are_an_answer_or_none(taps_s: list[float]) -> None:
    """Whatever is tapped and when: the question ends, with 0 to 10 or nothing."""
    question, left = EffortQuestion(0.0), sorted(taps_s)
    for k in range(1000):
        while left and left[0] <= 0.1 * k:
            question.tap(left.pop(0))
        question.update(0.1 * k)
    assert question.over
    assert question.effort is None or 0 <= question.effort <= 10
    if all(t < 7.0 for t in taps_s):
        assert question.effort is None


@pytest.mark.parametrize(("taps_s", "effort"), [([35.0], 0), ([35.0, 35.5, 36.0], 3), ([20.0], 1), ([50.0], None)])
def test_zero_has_a_question_of_its_own(taps_s: list[float], effort: int | None) -> None:
    """Nobody taps for 25 s: asked whether it was no effort at all. One tap is yes, more are a late answer."""
    question, said, left = EffortQuestion(0.0), list[str](), list(taps_s)
    for k in range(600):
        while left and left[0] <= 0.1 * k:
            question.tap(left.pop(0))
        said += [word for word in [question.update(0.1 * k)] if word]
    assert question.effort == effort
    assert said == ["effort?"] + ["no effort?"] * (taps_s[0] > 32.0) + ["effort"] * (effort is not None)


class Played:
    """A link that brings a recording's packets and nothing else."""

    def __init__(self, packets: list[bytes]) -> None:
        self.driver, self.info = Own(), dict[str, str | int]()
        self.settings = self.driver.defaults
        self.decoder = self.driver.decoder(self.settings)
        self.sensor = FoundSensor(cast(BLEDevice, None), "T", "00", -50, (self.driver,))
        self.reconnects = self.repeats = self.waiting = 0
        self._packets = packets

    async def items(self) -> AsyncIterator[Packet]:
        """Every packet."""
        for k, data in enumerate(self._packets):
            yield Packet(0.1 * k, data)


def test_the_answer_is_kept_with_the_session(tmp_path: Path) -> None:
    """A whole session: it ends by itself after the answer, which is in session.json and in the table of sessions."""

    def act(p: Person) -> None:
        on_the_side(p)
        raises(p, 6)
        raises(p, 3)
        p.still(9.0)
        p.tap(7)
        p.still(120.0)

    packets, coach = frames(build_acted(act, 2)), Coach(PLAN)
    with SessionWriter(tmp_path, new_header(PLAN)) as writer:
        link = cast(SensorLink, Played(packets))
        asyncio.run(run_session(link, coach, writer, Watcher(), lambda: coach.finished))
    session = open_session(UPath(writer.folder))
    assert session.header.effort == 7
    assert len(session.packets()) < len(packets) - 1000
    assert load(str(tmp_path)).sessions["effort"].tolist() == [7]


@pytest.mark.parametrize("last", [306, 310, 382, 398])
def test_a_tick_upon_the_very_moment_of_decision(last: int) -> None:
    """Two taps that are certain exactly when a tick begins pause at that tick, however the stream is cut."""
    accel = np.tile([0.0, 0.0, STANDARD_GRAVITY_MPS2], (900, 1))
    accel[[last - 1, last - 31], 2] += 5.0
    block = SampleBlock(np.arange(900) / 100, accel, np.zeros((900, 3)))
    told = list[object]()
    for size in (900, 1):
        coach = Coach((SetPlan("leg_raise"), SetPlan("lunge")))
        for item in cut([block], lambda size=size: size):
            coach.feed(item)
        told.append(coach.prompts())
    assert told[0] == told[1]
    assert told[0]

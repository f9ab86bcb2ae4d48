"""A routine leads from set to set by itself, strap move included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.firmware_sim import everyday, exercising, scenario
from coxa.firmware_sim.person import Person
from coxa.firmware_sim.routine_script import perform
from coxa.firmware_sim.scenario import build_acted, build_routine
from coxa.host.cues import Announcer
from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted, TrackingLost, by_set
from coxa.host.replay.run import larger
from coxa.host.routine import Coach, counts
from coxa.host.routine.file import parse_routine
from coxa.host.routine.plan import SetPlan
from coxa.host.routine.prompt import Prompt
from coxa.host.routine.set_progress import ASK_S
from coxa.host.samples import Gap, SampleBlock, StreamItem
from tests.helpers import any_size, cut, decoded, tilted
from tests.helpers_routine import short

SEATED_THEN_LYING = """
name = "seated, then lying"
[[step]]
exercise = "hamstring_stretch"
leg = "either"
reps = 2
hold_s = 10
[[step]]
exercise = "knee_to_chest"
leg = "either"
reps = 2
hold_s = 8
"""


def coached(items: Iterable[StreamItem], plan: tuple[SetPlan, ...]) -> tuple[list[Event], list[Prompt], int]:
    coach = Coach(plan)
    events = [e for item in items for e in coach.feed(item)] + coach.finish()
    return events, coach.prompts(), coach.set_index


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_every_set_is_counted_on_its_leg(seed: int) -> None:
    """Nobody touches anything: counts for each exercise and leg are the truth, and the last set is reached."""
    plan, made = short(seed)
    events, prompts, last = coached(larger(decoded(made)), plan)
    done = sorted((r["exercise"], r["side"]) for r in made.truth["reps"] if r["required"])
    assert sorted((e.exercise, e.side) for e in events if counts(e)) == done  # type: ignore[union-attr]
    assert last == len(plan) - 1
    kinds = [p.kind for p in prompts]
    assert kinds.count("move_sensor") == kinds.count("sensor_moved") == 1
    assert kinds.count("set_begins") == len(plan)


@pytest.mark.parametrize("seed", [2, 7, 9])
def test_a_trembling_person_goes_from_chair_to_mat(seed: int) -> None:
    """The clumsiest person there is: each hold is kept or broken as in truth; the chair is not taken for the mat."""
    plan = parse_routine(SEATED_THEN_LYING, "seated.toml").plan("right")
    made = build_routine([asdict(p) for p in plan], seed, 50.0, clumsiness=1.0)
    events, _, _ = coached(larger(decoded(made)), plan)
    verified = {h["rep"]: h["verified"] for h in made.truth["holds"]}
    done = [(r["exercise"], verified[i]) for i, r in enumerate(made.truth["reps"]) if r["required"]]
    assert [(e.exercise, e.verified) for e in events if isinstance(e, HoldEnded)] == done


@pytest.mark.parametrize("seed", [2, 4, 6])
def test_who_gets_up_before_moving_the_sensor_loses_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Getting up looks like the move; the true one after it begins the set again, and is told as no slip."""

    def gets_up(p: Person, sets: list[dict[str, Any]]) -> None:
        perform(p, sets)
        if not sets[0]["move_sensor"]:
            everyday.get_up(p)
            p.still(6.0)

    monkeypatch.setattr(scenario, "perform", gets_up)
    plan = (SetPlan("lateral_leg_raise", "right", 3), SetPlan("hip_bridge", "left", 3, 5.0, move_sensor=True))
    made = build_routine([asdict(p) for p in plan], seed, clumsiness=0.0)
    events, prompts, _ = coached(larger(decoded(made)), plan)
    assert [(s, e.index) for s, e in by_set(events) if isinstance(e, HoldEnded)] == [(1, 1), (1, 2), (1, 3)]
    assert [p.kind for p in prompts].count("sensor_moved") == 2
    assert not [e for e in events if isinstance(e, TrackingLost)]


@cache
def in_large_blocks() -> tuple[list[Event], list[Prompt], int]:
    plan, made = short(1)
    return coached(larger(decoded(made)), plan)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_cuts_do_not_matter(seed: int) -> None:
    """The same events and prompts however the stream is cut; into single samples throughout: `tests/test_cues.py`."""
    plan, made = short(1)
    assert coached(cut(decoded(made), any_size(seed)), plan) == in_large_blocks()


def test_beat_by_beat_the_same_is_decided() -> None:
    """A live session looks between any two beats: the events and prompts are those of large blocks, and no beat brings
    more than its own.
    """
    plan, made = short(1)
    coach = Coach(plan)
    by_beat = [(new, coach.view.t_s) for item in decoded(made) for new in coach.feed_beat_by_beat(item)]
    events = [e for new, _ in by_beat for e in new] + coach.finish()
    assert (events, coach.prompts(), coach.set_index) == in_large_blocks()
    assert all(e.decided_s == t_s for new, t_s in by_beat for e in new)


HELD_ONCE = SetPlan("figure_four", "left", reps=1, hold_target_s=5.0)


def in_packets(block: SampleBlock) -> list[StreamItem]:
    """A tenth of a second each."""
    return list(cut([block], lambda: 10))


def test_planned_sets_of_one_hold_exercise_are_sets_of_their_own() -> None:
    """Three holds planned as a set of two, with a pause between them, and a set of one are read as those two sets."""
    coach, events = Coach((replace(HELD_ONCE, reps=2), HELD_ONCE)), list[Event]()
    knots = [(start_s + t, deg) for start_s in (0, 20, 40) for t, deg in ((0, 0), (3, 0), (5, 40), (11, 40), (13, 0))]
    for k, packet in enumerate(in_packets(tilted([*knots, (60, 0)]))):
        events += coach.feed(packet)
        if k == 150:
            events += coach.pause(15.1)
            coach.resume(15.1)
    assert [(s, e.index) for s, e in by_set(events) if isinstance(e, HoldEnded)] == [(0, 1), (0, 2), (1, 1)]


def test_repetitions_are_numbered_in_the_set_of_the_plan() -> None:
    """Two sets of three raises, with a pause in the first and one raise too many after it, are read as those two sets,
    and the screen counts as the coach does.
    """
    coach, events = Coach((SetPlan("leg_raise", "right", 3, rest_s=6.0),) * 2), list[Event]()
    done = raised(*range(5, 25, 5), 28, *range(35, 50, 5), until_s=60)
    for k, packet in enumerate(in_packets(done)):
        events += coach.feed(packet)
        assert coach.view.reps == coach.done
        if k == 138:
            events += coach.pause(13.9)
            coach.resume(13.9)
    done = [(s, e.index, e.start_s) for s, e in by_set(events) if isinstance(e, RepCompleted)]
    assert [(s, n) for s, n, _ in done] == [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3)]


@pytest.mark.parametrize("rest_s", [0.0, 30.0])
def test_whoever_takes_no_rest_loses_nothing(rest_s: float) -> None:
    """Nine raises without a pause are three sets of three, whether the plan has a rest or not."""
    coach = Coach((SetPlan("leg_raise", "right", 3, rest_s=rest_s),) * 3)
    block = raised(*np.arange(5.0, 34.0, 3.2).tolist(), until_s=40.0)
    events = [e for packet in in_packets(block) for e in coach.feed(packet)]
    done = [(s, e.index) for s, e in by_set(events) if isinstance(e, RepCompleted)]
    assert done == [(s, n) for s in (0, 1, 2) for n in (1, 2, 3)]


@pytest.mark.parametrize("reps", [None, 8])
def test_screen_and_voice_have_the_numbers_of_the_log(reps: int | None) -> None:
    """Without a number to reach they begin anew after a rest elsewhere, as the repetitions do; with one they go on."""
    plan = (SetPlan("leg_raise", "right", reps),)
    coach, announcer, said, shown = Coach(plan), Announcer(plan), list[int](), list[int]()
    seated = ((20, 0), (22, 80), (31, 80), (33, 0))
    knots = [*raises(5, 10, 15), *seated, *raises(40, 45)]
    packets = in_packets(tilted([(0, 0), *knots, (55, 0)]))
    for new in (new for packet in packets for new in coach.feed_beat_by_beat(packet)):
        said += [int(c.values["n"]) for c in announcer.update(coach, new) if c.key == "count"]
        if any(counts(e) for e in new):
            told = [e.index for e in new if isinstance(e, RepCompleted)]
            assert coach.view.reps == coach.done == told[-1]
            shown.append(coach.done)
    assert said == shown == ([3, 2] if reps is None else [3, 5])


def test_a_hold_that_is_done_again_after_a_pause_takes_no_number() -> None:
    """The two holds that were asked for are 1 and 2 in the log of one set, and to the ear."""
    plan = (replace(HELD_ONCE, reps=2, hold_target_s=8.0),)
    coach, announcer, events, said = Coach(plan), Announcer(plan), list[Event](), list[str | int]()
    held = [(s + t, deg) for s in (15, 40) for t, deg in ((0, 0), (3, 0), (5, 40), (15, 40), (17, 0))]
    knots = [(0, 0), (3, 0), (5, 40), (11, 40), (13, 0), *held, (65, 0)]
    for k, packet in enumerate(in_packets(tilted(knots))):
        new = coach.feed(packet)
        if k == 106:
            new += coach.pause(10.7)
        if k == 150:
            coach.resume(15.1)
        events += new
        said += [c.values["n"] for c in announcer.update(coach, new) if c.key == "hold_count"]
    numbers = [(s, e.index, e.verified) for s, e in by_set(events) if isinstance(e, HoldEnded)]
    assert numbers == [(0, None, False), (0, 1, True), (0, 2, True)]
    assert said == [1, 2]


def raised(*starts_s: float, until_s: float) -> SampleBlock:
    """A thigh that is raised and lowered at those seconds, and rests otherwise."""
    return tilted([(0, 0), *raises(*starts_s), (until_s, 0)])


def raises(*starts_s: float) -> list[tuple[float, float]]:
    """Seconds and degrees of it."""
    way = ((0.0, 0.0), (1.0, 35.0), (1.6, 35.0), (2.6, 0.0))
    return [(s + t, deg) for s in starts_s for t, deg in way]


def led(coach: Coach, items: Iterable[StreamItem]) -> list[tuple[str, int]]:
    """What the coach says on the way, each with the second."""
    said = list[tuple[str, int]]()
    for item in items:
        coach.feed(item)
        said += [(p.kind, round(p.at_s)) for p in coach.prompts()]
    return said


def test_who_rests_as_told_has_not_stopped() -> None:
    """A rest of two minutes is none of the time in which a set must be begun; that begins after it."""
    coach = Coach((SetPlan("leg_raise", "right", 3, rest_s=120.0),) * 3)
    said = led(coach, in_packets(raised(5, 10, 15, until_s=250)))
    rest_s = next(at_s for kind, at_s in said if kind == "rest")
    asked_s = next(at_s for kind, at_s in said if kind == "finished?")
    assert asked_s == pytest.approx(rest_s + 120 + 60, abs=1.5)


@pytest.mark.parametrize(("done", "asked"), [(3, True), (0, False)])
def test_who_stops_before_the_end_of_the_last_set_is_asked(done: int, asked: bool) -> None:
    """And without an answer the routine is over. Who has not begun has all the time there is."""
    coach = Coach((SetPlan("leg_raise", "right", 5),))
    kinds = [kind for kind, _ in led(coach, in_packets(raised(*(5, 10, 15)[:done], until_s=130)))]
    assert ("finished?" in kinds) == ("routine_done" in kinds) == coach.ended == asked


def test_who_tries_in_vain_has_not_stopped() -> None:
    """Somebody who has grown tired and no longer raises the leg far enough is not asked before they rest."""
    coach = Coach((SetPlan("leg_raise", "right", 10),) * 2)
    knots = [(0, 0), *raises(5, 10, 15)]
    for s in (20, 25, 30, 35):
        knots += [(s, 0), (s + 1.0, 11), (s + 1.6, 11), (s + 2.6, 0)]
    said = led(coach, in_packets(tilted([*knots, (70, 0)])))
    assert coach.done == 3
    asked_s = next(at_s for kind, at_s in said if kind == "finished?")
    assert asked_s == pytest.approx(37.6 + ASK_S, abs=1.0)


def test_a_lost_link_is_not_held_against_the_person() -> None:
    """Forty seconds in which nothing was seen are none in which nothing was done."""
    coach, block = Coach((SetPlan("leg_raise", "right", 8),) * 2), raised(5, 10, 15, until_s=80)
    seen = [*in_packets(block.part(0, 2100)), Gap(20.99, 61.0), *in_packets(block.part(6100, len(block)))]
    assert [kind for kind, _ in led(coach, seen)] == ["set_begins"]


def test_a_session_that_ends_while_the_strap_is_moved_has_no_hold_of_it() -> None:
    """A thigh that is up when the sensor is taken off it holds nothing on the other one."""
    coach = Coach((HELD_ONCE, replace(HELD_ONCE, side="left", move_sensor=True)))
    knots = [(0, 0), (3, 0), (5, 40), (11, 40), (13, 0), (16, 0), (18, 40), (30, 40)]
    told = [e for packet in in_packets(tilted(knots)) for e in coach.feed(packet)]
    assert coach.moving_sensor
    assert sum(isinstance(e, HoldEnded) for e in told) == 1
    assert [e for e in coach.finish() if isinstance(e, HoldEnded)] == []


def test_circles_the_other_way_count_at_once() -> None:
    """Who does not rest before turning round is in the second set: no circle of the first goes that way."""

    def act(p: Person) -> None:
        p.still(5.0)
        everyday.walk(p, 4)
        p.doing = "hip_circle"
        p.still(4.0)
        exercising.circles(p, 4, True)
        p.still(1.0)
        exercising.circles(p, 4, False)
        p.still(10.0)

    plan = tuple(SetPlan("hip_circle", None, 4, rest_s=10.0, direction=d) for d in ("clockwise", "counterclockwise"))
    coach, events = Coach(plan), list[Event]()
    for item in decoded(build_acted(act, 1)):
        events += coach.feed(item)
    assert [(s, e.index) for s, e in by_set(events) if isinstance(e, RepCompleted)] == [
        (s, n) for s in (0, 1) for n in (1, 2, 3, 4)
    ]


def test_after_the_routine_nothing_counts() -> None:
    """A hold begun while the effort is asked for is neither told nor timed, nor counted at the end."""
    coach = Coach((HELD_ONCE,))
    again = tilted([(0, 0), (3, 0), (5, 40), (11, 40), (13, 0), (17, 0), (19, 40), (29, 40)])
    events = [e for item in in_packets(again) for e in coach.feed(item)]
    assert coach.view.hold_s is None
    events += coach.finish()
    assert [e.end_s < 14.0 for e in events if isinstance(e, HoldEnded)] == [True]
    assert sum(isinstance(e, HoldStarted) for e in events) == 1


@pytest.mark.parametrize(("rate_hz", "asked"), [(100.0, True), (52.0, False)])
def test_nobody_is_asked_for_taps_that_cannot_be_felt(rate_hz: float, asked: bool) -> None:
    """From a sensor too slow for taps there is no answer: the session ends without the question."""
    coach = Coach((HELD_ONCE,))
    held = tilted([(0, 0), (3, 0), (5, 40), (11, 40), (13, 0), (23, 0)], rate_hz)
    kinds = [kind for kind, _ in led(coach, in_packets(held))]
    assert coach.ended
    assert ("effort?" in kinds, coach.finished) == (asked, not asked)


def test_trouble_is_told_while_the_strap_is_moved() -> None:
    """Samples that are lost then, and a sensor that is faulty from then on, are no secret."""
    coach = Coach((HELD_ONCE, SetPlan("figure_four", "right", reps=1, hold_target_s=5.0, move_sensor=True)))
    block = tilted([(0, 0), (3, 0), (5, 40), (11, 40), (13, 0), (60, 0)])
    for item in in_packets(block.part(0, 2000)):
        coach.feed(item)
    assert coach.moving_sensor
    later = block.part(5000, 6000)
    noise = np.random.default_rng(1).normal(0.0, 0.02, later.accel_mps2.shape)  # without any, it would seem to hang
    faulty = SampleBlock(later.t_s, 0.3 * later.accel_mps2 + noise, later.gyro_radps)
    told = [e.reason for item in [Gap(20.0, 50.0), *in_packets(faulty)] for e in coach.feed(item)
            if isinstance(e, TrackingLost)]  # fmt: skip
    assert told[0] == "no samples"
    assert any("accelerometer" in reason for reason in told)

"""The right words at the right moment, the same on replay."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from upath import UPath

from coxa.cli.session_setup import new_header
from coxa.host.cues import Announcer, Cue
from coxa.host.cues.cue import from_json, to_json
from coxa.host.cues.hold_clock import HoldClock
from coxa.host.cues.kinds import KINDS, cue, sample_values
from coxa.host.cues.reasons import PHRASES, why_not
from coxa.host.events import Event, HoldEnded, RepCompleted, RepRejected, TrackingLost, TrackingResumed
from coxa.host.log import SessionWriter, open_session
from coxa.host.reasons import REJECTIONS, Reason, Tracking
from coxa.host.replay.run import larger
from coxa.host.routine import Coach, SetPlan, counts
from coxa.host.samples import Gap, Packet, StreamItem
from coxa.host.tracker import Tracker
from coxa.host.voice import load_phrases
from coxa.host.wire import Decoder
from tests.helpers import bridges, cut, decoded, frames
from tests.helpers_cues import announced
from tests.helpers_routine import short


@cache
def short_session(seed: int) -> tuple[list[Event], list[Cue]]:
    plan, made = short(seed)
    return announced(larger(decoded(made)), plan)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_counted_repetition_is_said_at_once(seed: int) -> None:
    """Every count that was decided by itself is a cue of that very moment, with its number."""
    events, cues = short_session(seed)
    said = {(c.at_s, c.values["n"]) for c in cues if c.key in ("count", "count_last", "count_final", "hold_count")}
    short_holds = {c.at_s for c in cues if c.key == "hold_short"}
    decided = [e.decided_s for e in events if counts(e)]
    assert {t for t, _ in said} | short_holds == set(decided)
    plan, _ = short(seed)
    finals = [c.values["n"] for c in cues if c.key == "count_final"]
    assert finals == [p.reps for p in plan if p.exercise != "knee_to_chest"]


def test_a_routine_is_led_by_voice() -> None:
    """Sets, rests, the move of the sensor and the end are told, each once, in their order."""
    _, cues = short_session(1)
    led = [c.key for c in cues if c.slot == "instruction" and c.key not in ("get_in_position", "get_ready")]
    assert led == [
        "set_circles", "rest_then", "rest_left", "rest_then", "set_reps", "rest", "set_again", "move_sensor",
        "set_hold", "rest_then", "set_reps", "rest", "set_again", "routine_done",
    ]  # fmt: skip
    assert [c.key for c in cues if c.key == "sensor_moved"] == ["sensor_moved"]
    moved = next(c for c in cues if c.key == "move_sensor")
    assert moved.values == {"side": "left"}


def test_counts_are_short_lived_and_instructions_wait() -> None:
    """A count is worthless before the next repetition; where to lie down may wait for some seconds."""
    _, cues = short_session(1)
    assert {round(c.until_s - c.at_s, 3) < 0.7 for c in cues if c.key in ("count", "count_last")} == {True}
    assert min(c.until_s - c.at_s for c in cues if c.key.startswith("set_")) > 3


@settings(max_examples=2, deadline=None)
@given(st.integers(3, 50))
@example(1)
def test_packets_change_no_cue(size: int) -> None:
    """However the stream is cut, the same is decided, and the same is said at the same times, in the same order."""
    plan, made = short(2)
    assert announced(cut(decoded(made), lambda: size), plan) == short_session(2)


@cache
def said_of_bridges() -> tuple[list[StreamItem], tuple[SetPlan, ...], list[Event], list[Cue]]:
    """Three bridges, of which one is let down too soon, in packets of one sample each: what is said of them."""
    items, plan = decoded(bridges((8.0, 3.0, 8.0), 6.0, 3)), (SetPlan("hip_bridge", "right", 3, 6.0),)
    return items, plan, *announced(list(cut(items, lambda: 1)), plan)


@pytest.mark.parametrize("size", [2, 7, 8, 23, 50])
def test_packets_change_nothing_said_of_bridges(size: int) -> None:
    """A bridge ends as a hold and as a repetition, within some packets or in one: what is said is the same."""
    items, plan, _, single = said_of_bridges()
    assert announced(list(cut(items, lambda: size)), plan)[1] == single


def test_a_bridge_let_down_too_soon_has_its_number_and_its_seconds() -> None:
    """One sentence for both, at the repetition; none of them is lost to the other, and nobody is asked 'finished?'."""
    _, _, events, cues = said_of_bridges()
    reps = [e.decided_s for e in events if isinstance(e, RepCompleted)]
    told = [c for c in cues if c.slot == "count"]
    assert [c.at_s for c in told] == reps
    with_hold = [c for c in told if c.key == "count_short"]
    assert with_hold
    assert load_phrases("en").text(with_hold[0]).startswith(f"{with_hold[0].values['n']}. Only ")
    assert "finished" not in [c.key for c in cues]


def test_replay_of_a_session_gives_its_cues(tmp_path: Path) -> None:
    """What the log says was to be said is what its packets give again, link words apart."""
    plan, made = short(1)
    decoder, coach, announcer = Decoder(), Coach(plan), Announcer(plan)
    with SessionWriter(tmp_path, new_header(plan, simulated=True, seed=1)) as writer:
        assert announcer.status(True) == []
        for k, data in enumerate(frames(made)):
            writer.packet(Packet(k * 0.1, data))
            for new in (new for item in decoder.feed(data) for new in coach.feed_beat_by_beat(item)):
                for c in announcer.update(coach, new):
                    writer.cue(c)
        for c in announcer.update(coach, coach.finish()):
            writer.cue(c)
    session = open_session(UPath(writer.folder))
    assert session.cues()[0].key == "connected"
    again = Decoder()
    items = [item for p in session.packets() for item in again.feed(p.data, p.arrival_s)] + again.finish()
    assert session.cues() == announced(items, session.plan)[1]


@given(st.sampled_from(sorted(KINDS)), st.floats(0, 1e5))
def test_a_cue_survives_the_log(key: str, at_s: float) -> None:
    """JSON and back gives an equal cue."""
    made = cue(key, at_s, **sample_values(key))
    assert from_json(to_json(made)) == made


def rejected(reason: str, measured: float = 3.0, needed: float = 10.0, exercise: str = "leg_raise") -> RepRejected:
    return RepRejected(exercise, "left", 1.0, 2.0, reason, measured, needed, "deg", 2.0)


def test_reasons_are_three_words() -> None:
    """Every reason for which the core rejects has a phrase, of at most three words in English."""
    assert set(REJECTIONS) - {Reason.TOO_SMALL} == set(PHRASES)
    en = load_phrases("en")
    for reason in REJECTIONS:
        assert len(en.text(why_not(rejected(reason))).split()) <= 3
    assert en.text(why_not(rejected("too small", 8.0))) == "A bit higher"
    assert en.text(why_not(rejected("too small", 3.0))) == "7 degrees higher"
    assert en.text(why_not(rejected("too small", exercise="lunge"))) == "A bit deeper"
    assert en.text(why_not(rejected("too small", exercise="hip_circle"))) == "Larger circles, please"


def lone(events: list[Event]) -> list[Cue]:
    """What is said of events that come out of the blue."""
    plan = (SetPlan("leg_raise", "right", 3),)
    return Announcer(plan).update(Coach(plan), events)


def test_getting_into_position_is_not_commented() -> None:
    """Before the first repetition only a second attempt at the exercise itself gets a word; never two within 4 s."""
    assert lone([rejected("jolts like steps")] * 3) == []
    assert lone([rejected("too small")]) == []
    assert [c.key for c in lone([rejected("too small")] * 3)] == ["too_small_raise_by"]


@pytest.mark.parametrize(
    ("exercises", "key"),
    [
        (("lunge", "hip_circle"), "routine_done_reps"),
        (("knee_to_chest", "figure_four"), "routine_done_holds"),
        (("lunge", "figure_four"), "routine_done"),
        (("hip_bridge",), "routine_done"),
    ],
)
def test_the_summary_speaks_of_what_there_was_to_do(exercises: tuple[str, ...], key: str) -> None:
    """'Holds kept: 0' after a routine without holds sounds like a failure."""
    plan = tuple(SetPlan(name, "right", 4) for name in exercises)
    coach, announcer = Coach(plan), Announcer(plan)
    for _ in plan:
        coach.skip(5.0)
    assert announcer.update(coach, [])[-1].key == key


def test_trouble_is_told() -> None:
    """A slipped strap, the wrong thigh, a dead axis and a long gap; a short one not."""

    def lost(reason: str, seconds: float = 0.0) -> list[tuple[str, dict[str, str | int]]]:
        return [(c.key, dict(c.values)) for c in lone([TrackingLost(9.0 - seconds, reason, 9.0)])]

    assert lost(f"{Tracking.SLIPPED} by about 40 degrees") == [("strap_slipped", {})]
    assert lost("the sensor seems to be on the left thigh, not the right") == [("wrong_thigh", {"side": "left"})]
    assert lost("accelerometer is 9.8 m/s2 off 1 g at rest") == [("sensor_faulty", {})]
    assert lost("no samples", 5.0) == [("unseen", {"n": 5})]
    assert lost("no samples", 0.8) == []


def test_the_link_is_told() -> None:
    """First contact, loss and return have words of their own."""
    announcer = Announcer((SetPlan("lunge"),))
    said = [c.key for connected in (True, False, True, False) for c in announcer.status(connected)]
    assert said == ["connection_lost", "connected_again", "connection_lost"]
    assert [c.key for c in announcer.gone()] == ["connection_gone"]


def clocked(held_s: list[float | None], target_s: float) -> list[tuple[int, str]]:
    clock = HoldClock()
    said = [(k, clock.update(k * 0.5, h, target_s)) for k, h in enumerate(held_s)]
    return [(k, c.key + str(c.values.get("n", ""))) for k, cues in said for c in cues]


def test_the_hold_clock_of_30_seconds() -> None:
    """Start, half time, 10 s left, 3-2-1, and that it is over: once each, at their second."""
    said = clocked([None, *(0.5 * k for k in range(80)), None], 30.0)
    assert said == [
        (1, "hold_start30"), (31, "hold_half"), (41, "hold_left10"), (55, "hold_countdown3"),
        (57, "hold_countdown2"), (59, "hold_countdown1"), (61, "hold_reached"),
    ]  # fmt: skip


def test_short_holds_have_fewer_words() -> None:
    """20 s: no half time beside the ten seconds; 8 s: neither."""
    assert [k for _, k in clocked([0.5 * k for k in range(60)], 20.0)][:3] == [
        "hold_start20", "hold_left10", "hold_countdown3",
    ]  # fmt: skip
    assert [k for _, k in clocked([0.5 * k for k in range(30)], 8.0)][:2] == ["hold_start8", "hold_countdown3"]


def test_a_hold_that_is_let_go_is_told_once_each_time() -> None:
    """The clock stands: what is left is told after 1.5 s, once; after another break again."""
    run = [0.5 * k for k in range(10)] + [4.5] * 8 + [5.0, 5.5] + [5.5] * 6
    assert [k for _, k in clocked(list(run), 20.0)] == ["hold_start20", "hold_moved16", "hold_moved15"]


@pytest.mark.parametrize(("target_s", "told"), [(30.0, 30), (12.5, 13)])
def test_a_hold_that_was_given_up_is_told_with_its_seconds(target_s: float, told: int) -> None:
    """Not 'one', but how much of it there was; never as if all of it had been."""
    plan = (SetPlan("figure_four", "left", 2, target_s),)
    event = HoldEnded("figure_four", "left", 1.0, 13.4, 12.4, target_s, 40.0, False, 14.0)
    (said,) = Announcer(plan).update(Coach(plan), [event])
    assert load_phrases("en").text(said) == f"Only 12 of {told} seconds"


def test_a_strap_in_the_hand_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the sensor is moved to the other thigh it slips and is carried; that it is lost is told."""
    plan = (SetPlan("leg_raise", "right", 1), SetPlan("leg_raise", "left", 1, move_sensor=True))
    coach = Coach(plan)
    coach.skip(0.0)
    assert coach.moving_sensor
    told = [
        TrackingLost(1.0, f"{Tracking.SLIPPED} by about 90 degrees", 1.0),
        TrackingResumed(1.0, "axes learned anew", 1.0),
        TrackingLost(2.0, f"{Tracking.DOUBTFUL}: an axis is dead", 2.0),
        TrackingResumed(2.0, "counting goes on", 2.0),
        TrackingLost(3.0, "no samples", 9.0),
    ]

    def lose(_: Tracker, __: Gap) -> list[Event]:
        return list[Event](told)

    monkeypatch.setattr(Tracker, "lose", lose)
    assert coach.feed(Gap(1.0, 9.0)) == told[-1:]
    doubted = TrackingLost(2.0, f"{Tracking.DOUBTFUL}: counts are doubtful", 2.0)
    assert [c.key for c in lone([doubted])] == ["sensor_doubtful"]

"""The voice leads: rests, the next set, the sensor's change of legs, and people who do not follow."""

from __future__ import annotations

import pytest

from coxa.firmware_sim import everyday, exercising
from coxa.firmware_sim.person import Person
from coxa.firmware_sim.scenario import build_acted
from coxa.host.cues.kinds import KINDS
from coxa.host.cues.leading import Leading, SensorMove, set_opening
from coxa.host.replay.run import larger
from coxa.host.routine import SetPlan
from tests.helpers import decoded
from tests.helpers_cues import announced

RAISES = SetPlan("lateral_leg_raise", "right", 10, rest_s=30.0)
CIRCLES = SetPlan("hip_circle", "right", 8, rest_s=10.0, direction="clockwise")


def test_a_rest_is_counted_down() -> None:
    """What comes next at once, ten seconds before the end, get ready, and the set when it begins."""
    leading = Leading()
    said = leading.rest(CIRCLES, RAISES, 100.0) + leading.open_set(CIRCLES, RAISES, 100.0)
    for k in range(400):
        said += leading.due(100.0 + 0.1 * k)
    assert [(c.key, c.at_s) for c in said] == [
        ("rest_then", 100.0), ("rest_left", 120.0), ("get_ready", 126.0), ("set_circles", 130.0),
    ]  # fmt: skip


def test_a_set_that_came_due_in_a_gap_is_told_after_it() -> None:
    """With the time of then: else the voice would let it pass as old."""
    leading = Leading()
    leading.rest(CIRCLES, RAISES, 100.0)
    (said,) = leading.due(145.0)
    assert (said.key, said.at_s) == ("set_circles", 145.0)
    assert said.until_s > 145.0


def test_another_dose_of_the_same_is_told_in_full() -> None:
    """'Next set' alone would leave the new time of a hold unsaid."""
    short, long = (SetPlan("knee_to_chest", "right", 1, hold_target_s=s) for s in (8.0, 15.0))
    assert set_opening(short, short, 0.0).key == "set_again"
    assert set_opening(long, short, 0.0).values["seconds"] == 15


def test_the_pose_is_not_asked_for_before_the_set_is_told() -> None:
    """After a rest of 20 s the set comes, not 'get into position' in its place."""
    plan = (SetPlan("lunge", "right", 2, rest_s=20.0), SetPlan("lateral_leg_raise", "right", 4))

    def act(p: Person) -> None:
        p.still(4.0)
        for _ in range(2):
            exercising.lunge(p, 75.0)
        p.still(38.0)

    said = [(c.key, c.at_s) for c in announced(larger(decoded(build_acted(act, 3))), plan)[1]]
    (rest_s,) = (at_s for key, at_s in said if key == "rest_then")
    told = [key for key, at_s in said if at_s > rest_s + 19.0]
    assert told[0] == "set_reps"
    assert "get_in_position" not in told


def test_whoever_begins_sooner_hears_no_more_of_the_rest() -> None:
    """The countdown ends with the first movement that counts; after a gap only its newest word is left."""
    leading = Leading()
    leading.rest(CIRCLES, RAISES, 100.0)
    leading.begun()
    assert leading.due(200.0) == []
    leading.rest(CIRCLES, RAISES, 100.0)
    assert [c.key for c in leading.due(127.0)] == ["get_ready"]


def test_a_change_of_legs_without_moving_the_sensor_is_told() -> None:
    """With a sensor on each thigh: switch sides, then the set."""
    other = SetPlan("lateral_leg_raise", "left", 10)
    leading = Leading()
    assert [c.key for c in leading.open_set(other, SetPlan("lateral_leg_raise", "right", 10), 5.0)] == [
        "switch_sides", "set_reps",
    ]  # fmt: skip


def test_the_sensor_is_asked_for_again() -> None:
    """Every 45 s, until it has been moved."""
    move = SensorMove()
    asked = move.ask(SetPlan("lunge", "left", 8), 10.0)
    for k in range(1200):
        asked += move.due(10.0 + 0.1 * k)
    assert [round(c.at_s) for c in asked] == [10, 55, 100]
    move.over()
    assert (move.waiting, move.due(500.0)) == (False, [])


def test_somebody_who_stops_is_asked_once_and_led_on() -> None:
    """Three of ten raises, then nothing: 'finished?', and without an answer the next set."""

    def act(p: Person) -> None:
        p.still(2.0)
        everyday.lie_down(p, 90.0 if p.right_leg else -90.0)
        p.still(3.0)
        for _ in range(3):
            exercising.raise_leg(p, "abduction", 35.0)
        p.still(60.0)

    plan = (RAISES, SetPlan("lateral_leg_raise", "right", 5))
    _, cues = announced(larger(decoded(build_acted(act, 2))), plan)
    keys = [c.key for c in cues]
    after = keys[keys.index("count") :]
    assert after == ["count", "count", "count", "finished", "going_on", "rest", "rest_left"]


def test_somebody_who_is_not_in_position_is_told_twice() -> None:
    """Standing about while a set that begins lying is on."""

    def act(p: Person) -> None:
        p.still(5.0)
        everyday.walk(p, 4)
        p.still(70.0)

    _, cues = announced(larger(decoded(build_acted(act, 1))), (RAISES,))
    assert [c.key for c in cues].count("get_in_position") == 2


def test_after_the_end_nobody_is_led_into_position() -> None:
    """Somebody who walks about once all is done has nothing to get ready for."""

    def act(p: Person) -> None:
        p.still(4.0)
        for _ in range(2):
            exercising.lunge(p, 75.0)
        p.still(2.0)
        everyday.walk(p, 60)

    said = [c.key for c in announced(larger(decoded(build_acted(act, 3))), (SetPlan("lunge", "right", 2),))[1]]
    assert "routine_done_reps" in said
    assert "get_in_position" not in said


def test_nothing_is_said_of_the_rest_to_somebody_who_moves() -> None:
    """It may be the first repetition: what is left of the rest is not told, the set once the thigh is at rest."""

    def told(moves_until_s: float) -> list[tuple[str, float]]:
        leading = Leading()
        leading.rest(CIRCLES, RAISES, 100.0)
        times = [100.0 + 0.1 * k for k in range(500)]
        said = [c for t_s in times for c in leading.due(t_s, moves=119.0 < t_s < moves_until_s)]
        assert all(c.until_s - c.at_s == pytest.approx(KINDS[c.key].lasts_s) for c in said)
        return [(c.key, round(c.at_s, 1)) for c in said]

    assert told(121.0) == [("get_ready", 126.0), ("set_circles", 130.0)]
    assert told(132.0) == [("set_circles", 132.0)]
    assert told(150.0) == [("set_circles", 138.0)]

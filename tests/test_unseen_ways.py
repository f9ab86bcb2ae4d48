"""Repetitions a part of which was not seen: what a gap hides beside them is no part of them."""

from __future__ import annotations

import pytest

from coxa.host.detect.still import Tick, Ticks
from coxa.host.events import Event, RepCompleted, RepRejected
from coxa.host.motion.ticks import TICK_S
from coxa.host.reasons import Reason
from coxa.host.samples import Gap
from coxa.host.tracker import Tracker
from tests.helpers_ticks import Knot, swung, ticks_of, told, up_at

RISES: list[Knot] = [(1.0, 35.0, 0.0), (0.8, 35.0, 0.0)]
FALLS: list[Knot] = [(1.0, 0.0, 0.0)]
RESTS: Knot = (3.0, 0.0, 0.0)


def raised(times: int) -> list[Tick]:
    """Who stands, and raises the leg so often, with 3 s of rest after each."""
    return swung(ticks_of((2.0, 0.0, 0.0), *[*RISES, *FALLS, RESTS] * times))


@pytest.mark.parametrize(
    ("lost_s", "found_s"),
    [(10.9, 14.0), (11.5, 15.0), (16.1, 19.5), (15.9, 19.4)],
    ids=["rest, out", "rest and out", "end", "back"],
)
def test_a_gap_while_the_leg_rests_hides_no_part_of_the_raise(lost_s: float, found_s: float) -> None:
    """The third raise begins at 13.6 s and ends at 16.4 s: who is lost at rest and found on the way out or at the top
    has left in between, and who is lost on the way down and found at rest went on as he was going.
    """
    said = told("leg_raise", raised(4), (lost_s, found_s))
    reps = [e for e in said if isinstance(e, RepCompleted)]
    assert [e.rom_deg for e in reps] == pytest.approx([35.0] * 4, abs=2.0)


def test_of_a_raise_whose_top_is_missing_nothing_is_said() -> None:
    """Lost on the way out and found on the way down: what is missing is the repetition."""
    said = told("leg_raise", raised(5), (19.8, 21.9))
    assert len([e for e in said if isinstance(e, RepCompleted)]) == 4


def test_the_way_out_of_a_lunge_must_be_seen() -> None:
    """Who was lost standing and is found with the knee on the floor may have knelt down."""
    lunges = [(0.9, 70.0, 0.0), (0.4, 70.0, 0.0), (0.9, 0.0, 0.0), RESTS] * 4
    ticks = [
        k._replace(shock_mps2=4.0 if k.rate_dps > 10.0 else 0.1) for k in swung(ticks_of((2.0, 0.0, 0.0), *lunges))
    ]
    sunk = [k._replace(rise_mps2=-k.rise_mps2) for k in ticks]
    whole, lost = (told("lunge", sunk, gap) for gap in (None, (15.3, 18.1)))
    assert len([e for e in whole if isinstance(e, RepCompleted)]) == 4
    assert len([e for e in lost if isinstance(e, RepCompleted)]) == 3


@pytest.mark.parametrize(
    ("way_s", "knocks", "lost", "reason"),
    [
        (0.6, True, True, Reason.NOT_MEASURED),
        (0.85, True, True, None),
        (0.6, True, False, None),
        (0.6, False, False, Reason.TOO_FAST),
    ],
)
def test_what_is_quicker_than_its_set_must_be_felt_to_step(
    way_s: float, knocks: bool, lost: bool, reason: Reason | None
) -> None:
    """Claim: who walks away after a set goes out and back in half the time of its lunges. Where no foot came down
    before the hips sank, such a one is too fast; where a gap hides that, it is not measured.
    """
    lunges: list[Knot] = [(1.2, 70.0, 0.0), (0.4, 70.0, 0.0), (1.2, 0.0, 0.0), RESTS] * 3
    last: list[Knot] = [(way_s, 45.0, 0.0), (0.4, 45.0, 0.0), (way_s, 0.0, 0.0), RESTS]
    out_s = 2.0 + 3 * 5.8
    ticks = [
        k._replace(shock_mps2=8.0 if k.rate_dps > 10.0 and (knocks or not out_s < k.t_s < out_s + way_s) else 0.1)
        for k in swung(ticks_of((2.0, 0.0, 0.0), *lunges, *last))
    ]
    sunk = [k._replace(rise_mps2=-k.rise_mps2) for k in ticks]
    gap = (out_s + 0.6 * way_s, out_s + 0.8 * way_s) if lost else None
    events = told("lunge", sunk, gap)
    assert len([e for e in events if isinstance(e, RepCompleted)]) == (4 if reason is None else 3)
    told_of_it = [e.reason for e in events if isinstance(e, RepRejected) and e.start_s > out_s]
    assert told_of_it == ([] if reason is None else [reason])


@pytest.mark.parametrize(
    ("lost_s", "found_s"),
    [(17.7, 19.4), (17.7, 20.2), (18.2, 20.9)],
    ids=["top, out", "top, top", "back, back"],
)
def test_raises_of_which_one_ended_and_the_next_began_unseen_are_two(lost_s: float, found_s: float) -> None:
    """Claim: who raises the leg without rests, every 2.8 s, is found so late that one raise would have taken twice as
    long as the others; each counts of which most was seen, and none is told as longer than it was.
    """
    ticks = swung(ticks_of((2.0, 0.0, 0.0), *[*RISES, *FALLS] * 8))
    said = told("leg_raise", ticks, (lost_s, found_s))
    over = [e for e in said if isinstance(e, RepCompleted | RepRejected)]
    assert len(over) == 8
    assert sum(isinstance(e, RepCompleted) for e in over) >= 7
    assert all(e.end_s - e.start_s < 3.2 for e in over)


def test_a_leg_that_dips_at_the_top_unseen_has_not_been_back() -> None:
    """Claim: from the top it takes the time of a way back, so that one found low and rising too soon was not down."""
    quick: list[Knot] = [(0.7, 35.0, 0.0), (0.4, 35.0, 0.0), (0.8, 0.0, 0.0)]
    dips: list[Knot] = [(0.7, 35.0, 0.0), (1.2, 35.0, 0.0), (0.3, 15.0, 0.0), (0.5, 35.0, 0.0), (0.8, 0.0, 0.0), RESTS]
    said = told("leg_raise", swung(ticks_of((2.0, 0.0, 0.0), *quick * 5, *dips)), (13.3, 13.95))
    assert len([e for e in said if isinstance(e, RepCompleted)]) == 6


def test_a_raise_that_stays_at_the_top_unseen_is_one() -> None:
    """Claim: a gap in which the next raise could not have got so far hides none, though the raise takes longer."""
    ticks = swung(ticks_of((2.0, 0.0, 0.0), *[*RISES, *FALLS] * 5, (1.0, 35.0, 0.0), (2.4, 35.0, 0.0), *FALLS, RESTS))
    said = told("leg_raise", ticks, (17.3, 19.0))
    assert len([e for e in said if isinstance(e, RepCompleted)]) == 6


@pytest.mark.parametrize(("lost_s", "expected"), [(20.6, 4), (21.0, 3)])
def test_a_lunge_needs_but_half_of_its_way_out_to_be_seen(lost_s: float, expected: int) -> None:
    """Claim: who was lost standing for seconds and is found after a quarter of the way to the floor was seen to lunge;
    who is found near the floor may have knelt.
    """
    one: list[Knot] = [(1.6, 70.0, 0.0), (0.4, 70.0, 0.0), (1.0, 0.0, 0.0), RESTS]
    ticks = [
        k._replace(shock_mps2=4.0 if k.rate_dps > 10.0 else 0.1) for k in swung(ticks_of((2.0, 0.0, 0.0), *one * 4))
    ]
    sunk = [k._replace(rise_mps2=-k.rise_mps2) for k in ticks]
    said = told("lunge", sunk, (17.4, lost_s))
    assert len([e for e in said if isinstance(e, RepCompleted)]) == expected


@pytest.mark.parametrize("jump_s", [3.0, 4.0, 5.0])
@pytest.mark.parametrize("at_s", [15.9, 16.3, 16.7, 17.1, 17.5, 17.9, 18.3])
def test_a_clock_that_was_set_forward_invents_no_raise(at_s: float, jump_s: float) -> None:
    """Claim: where no time may have passed the set's pace does not make two of one, whenever it was in a raise."""
    ticks = swung(ticks_of((2.0, 0.0, 0.0), *[*RISES, *FALLS] * 8))
    tracker, events = Tracker("leg_raise"), list[Event]()
    for k in ticks:
        late_s = jump_s if k.t_s >= at_s else 0.0
        if late_s and k.t_s - at_s < TICK_S:
            events += tracker.take(Gap(k.t_s, k.t_s + late_s, certain=False))
        events += tracker.take(Ticks.single(k._replace(t_s=k.t_s + late_s)))
    events += tracker.finish()
    assert 7 <= len([e for e in events if isinstance(e, RepCompleted)]) <= 8


@pytest.mark.parametrize(("third_deg", "third", "said"), [(60.0, True, None), (35.0, False, Reason.NOT_MEASURED)])
def test_what_is_lost_as_soon_as_it_is_back_counts_if_it_was_like_its_set(
    third_deg: float, third: bool, said: Reason | None
) -> None:
    """Claim: of a thigh that is found in motion long after it came back, and of which up has still to be found again,
    nothing tells whether it rested in between: a raise that was like one before it counts, another is not measured.
    """
    one: list[Knot] = [(1.0, 60.0, 0.0), (1.0, 0.0, 0.0), (0.6, 0.0, 0.0)]
    third_one: list[Knot] = [(1.0, third_deg, 0.0), (1.0, 0.0, 0.0), (0.6, 0.0, 0.0)]
    ticks = swung(ticks_of((2.0, 0.0, 0.0), *one, *one, *third_one, *one, (3.0, 0.0, 0.0)))
    lost_s, found_s = 8.98, 10.4
    seen = [
        k._replace(up=up_at(40.0, 90.0), rate_dps=60.0) if found_s <= k.t_s < found_s + 3 * TICK_S else k for k in ticks
    ]
    events = told("leg_raise", seen, (lost_s, found_s))
    counted = [e.start_s for e in events if isinstance(e, RepCompleted)]
    assert any(7.0 < start_s < 8.0 for start_s in counted) is third
    told_of_it = [e.reason for e in events if isinstance(e, RepRejected) and 7.0 < e.start_s < 8.0]
    assert told_of_it == ([] if said is None else [said])

"""What turns the thigh as a lunge does without a foot that is put down, or goes down for good, made tick by tick."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.host.detect.still import Tick
from coxa.host.detect.trips import footfall, verdict
from coxa.host.detect.trips.doubt import Doubt
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.events import RepCompleted
from coxa.host.exercises.spec import exercise
from coxa.host.motion.ticks import TICK_S
from coxa.host.reasons import Reason
from tests.helpers_ticks import UPRIGHT, Knot, after_each_other, spun, ticks_of, told, trip

STILL: Knot = (2.0, 0.0, 0.0)
LUNGE = exercise("lunge")


def squats(times: int, knock_mps2: float = 0.0) -> list[Tick]:
    """Of 80 degrees far, of somebody of whom nothing is known: the sensor sinks and feels that alone, or is
    knocked as well as a foot is put down half way.
    """
    once: list[Knot] = [(1.2, 80.0, 0.0), (0.3, 80.0, 0.0), (1.2, 0.0, 0.0), (0.8, 0.0, 0.0)]
    ticks = ticks_of(STILL, *(once * times), STILL)
    rises = np.gradient(np.gradient([0.4 * k.up[1] for k in ticks], TICK_S), TICK_S).tolist()
    firm = [k._replace(rise_mps2=a, shock_mps2=max(abs(a), 0.1)) for k, a in zip(ticks, rises, strict=True)]
    first_s, each_s = 2.0, sum(knot[0] for knot in once)
    steps_s = [first_s + n * each_s + 0.6 for n in range(times)]
    return [
        k._replace(shock_mps2=k.shock_mps2 + knock_mps2) if any(abs(k.t_s - s) < TICK_S for s in steps_s) else k
        for k in firm
    ]


@pytest.mark.parametrize(("times", "knock_mps2", "expected"), [(2, 0.0, 0), (2, 6.0, 2), (3, 0.0, 3)])
def test_who_squats_twice_does_not_lunge(times: int, knock_mps2: float, expected: int) -> None:
    """Who picks something up, and again, puts no foot down; a whole series without a knock is one of soft steps."""
    events = told("lunge", squats(times, knock_mps2))
    assert len([e for e in events if isinstance(e, RepCompleted)]) == expected


def test_who_gets_up_from_a_knee_does_not_lunge() -> None:
    """The foot is put in front without a knock, and then the hips rise with the thigh, where in a lunge they sink."""
    why = footfall.rises_softly(trip(0.0, deg=85.0, climbs_m=0.1), LUNGE, TripParams())
    assert why is not None
    assert why.reason == Reason.CLIMBS
    assert footfall.rises_softly(trip(0.0, deg=85.0, climbs_m=-0.4), LUNGE, TripParams()) is None


@pytest.mark.parametrize(("alike", "knock_mps2", "soft"), [(True, 0.5, False), (False, 0.5, True), (True, 0.4, True)])
def test_who_goes_slowly_and_as_before_may_step_softly_for_both(alike: bool, knock_mps2: float, soft: bool) -> None:
    """Claim: a slow way out makes the foot soft, and that it is like its set's leaves less to doubt; neither is the
    other, so that steps of 0.5 and 0.7 m/s2 in one set are all steps.
    """
    p, one = TripParams(), trip(0.0, lasts_s=5.0, deg=66.0, climbs_m=-0.4)
    one.shock_mps2, one.shocks_mps2[:12] = knock_mps2, [knock_mps2] * 12
    upright, start = UPRIGHT, LUNGE.start[0]
    why = verdict.why_not(one, LUNGE, start, start.min_rom_deg, upright, p, typical=alike)
    assert (why is not None and why.reason == Reason.NO_STEP) is soft


def test_what_is_lost_on_the_way_out_may_have_been_a_step() -> None:
    """No foot is felt in what was not seen, so that it is not known to be soft."""
    one = trip(0.0, deg=85.0, climbs_m=-0.4)
    assert footfall.is_soft(one, LUNGE, TripParams())
    one.gaps.append((0.3, 0.4))
    assert footfall.is_soft(one, LUNGE, TripParams()) is None


@pytest.mark.parametrize("seen", [[False, None, False], [True, None, True], [None, True, True], [True, None, None]])
def test_a_step_that_was_not_seen_goes_with_any(seen: list[bool | None]) -> None:
    """Losses on the way out of a lunge break no series, of soft steps or of others; soft ones are told from three."""
    counted = SetCount(TripParams(), impacts=True, lies=False)
    doubts = [Doubt(soft=soft, weak=soft is None) for soft in seen]
    said = [
        len(counted.take(trip(5.0 * k, deg=85.0), 5.0 * k + 2.0, posture_known=True, doubt=doubt))
        for k, doubt in enumerate(doubts)
    ]
    assert said == [0, 0, 3] if True in seen else said == [1, 1, 1]


@pytest.mark.parametrize(("sunk_m", "expected"), [(-0.4, True), (0.0, False)])
def test_who_kneels_down_is_lower_afterwards(sunk_m: float, expected: bool) -> None:
    """After a lunge the hips are where they were; on the knee they stay half a metre lower."""
    one = trip(0.0, deg=85.0)
    share = np.arange(len(one.t_s)) / (len(one.t_s) - 1)
    sinks = np.gradient(np.gradient(sunk_m * 0.5 * (1.0 - np.cos(np.pi * share)), TICK_S), TICK_S)
    one.rise_mps2, one.rest_rise_mps2 = (np.array(one.rise_mps2) + sinks).tolist(), 0.0
    assert footfall.may_kneel(one, TripParams()) is expected


def test_what_may_be_kneeling_waits_for_a_lunge() -> None:
    """Two that lead down for good open no set, one that does not is told with what came before; so does a third."""
    counted = SetCount(TripParams(), impacts=True, lies=False)
    down = [(trip(start_s, deg=85.0), start_s + 2.0) for start_s in (0.0, 5.0)]
    assert [counted.take(*one, posture_known=True, doubt=Doubt(sinks=True)) for one in down] == [[], []]
    assert len(counted.take(trip(10.0, deg=85.0), 12.0, posture_known=True)) == 3


def test_who_sits_down_after_kneeling_has_done_nothing_twice() -> None:
    """What takes much longer than what waits is no second of the kind."""
    counted = SetCount(TripParams(), impacts=True, lies=False)
    assert counted.take(trip(0.0, deg=85.0), 2.0, posture_known=True, doubt=Doubt(weak=True)) == []
    assert counted.take(trip(5.0, lasts_s=8.0, deg=85.0), 13.0, posture_known=True, doubt=Doubt(weak=True)) == []


@pytest.mark.parametrize(("degs", "soft", "expected"), [
    ((59.0, 34.0, 61.0), True, 0), ((42.0, 68.0, 68.0), True, 0), ((46.0, 50.0, 57.0), True, 3),
    ((42.0, 68.0, 68.0), False, 3),
], ids=["bags", "dog", "soft lunges", "firm lunges"])  # fmt: skip
def test_soft_lunges_are_as_large_as_each_other(degs: tuple[float, ...], soft: bool, expected: int) -> None:
    """Who bends down to this and that bends as far as that lies; the first lunge whose foot is felt may be small."""
    counted = SetCount(TripParams(), impacts=True, lies=False)
    said = [
        len(counted.take(trip(5.0 * k, deg=deg), 5.0 * k + 2.0, posture_known=True, doubt=Doubt(soft=soft)))
        for k, deg in enumerate(degs)
    ]
    assert sum(said) == expected


@pytest.mark.parametrize(("deg", "large"), [(100.0, False), (107.0, True)])
def test_the_thigh_of_a_lunge_is_level_at_most(deg: float, large: bool) -> None:
    """Its rear knee would be in the floor; who kneels and sits on the heels draws the other one further."""
    start = LUNGE.start[0]
    one = trip(0.0, lasts_s=3.0, deg=deg, climbs_m=-0.4)
    why = verdict.why_not(one, LUNGE, start, start.min_rom_deg, UPRIGHT, TripParams())
    assert (why is not None and why.reason == Reason.TOO_LARGE) is large


@pytest.mark.parametrize(("knock_mps2", "times", "expected"), [(1.4, 1, 0), (1.4, 2, 2), (2.4, 1, 1)])
def test_who_hardly_puts_a_foot_down_waits_for_a_second_lunge(knock_mps2: float, times: int, expected: int) -> None:
    """Trousers are put on and a low drawer opened once; a foot that comes down firmly is a lunge by itself."""
    ticks = after_each_other(ticks_of(STILL), spun(UPRIGHT, 3.0), squats(times, knock_mps2))
    assert sum(isinstance(e, RepCompleted) for e in told("lunge", ticks)) == expected

"""Raises of a standing leg that follow each other as steps do, without a pause, made tick by tick."""

from __future__ import annotations

import pytest

from coxa.host.detect.still import Tick
from coxa.host.detect.trips.doubt import Doubt
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.events import ExerciseRecognised, RepCompleted
from tests.helpers_ticks import UPRIGHT, Knot, after_each_other, spun, swung, ticks_of, told, trip

STEPS = Doubt(strides=True)
QUICK_S = 1.5


def after(start_s: float, *, paused: bool) -> tuple[Excursion, float]:
    """A quick raise, before which the thigh had paused or not, and when it was over."""
    one = trip(start_s, QUICK_S, 55.0)
    one.paused = paused
    return one, start_s + QUICK_S


def test_steps_wait_for_a_raise_that_began_from_a_pause() -> None:
    """However many follow each other, they may be stairs; with one that does not follow at once all are told."""
    counted = SetCount(TripParams(), impacts=False, lies=False)
    steps = [after(2.0 * n, paused=False) for n in range(4)]
    assert [counted.take(*one, posture_known=True, doubt=STEPS) for one in steps] == [[]] * 4
    assert len(counted.take(*after(9.0, paused=True), posture_known=True)) == 5


@pytest.mark.parametrize(("known", "expected"), [(True, 2), (False, 0)])
def test_the_first_step_begins_from_a_pause(known: bool, expected: int) -> None:
    """Of somebody known to stand one from a pause is enough for a set that goes on without; else most must be so."""
    counted = SetCount(TripParams(), impacts=False, lies=False)
    first, second = after(0.0, paused=True), after(2.0, paused=False)
    told = counted.take(*first, posture_known=known, doubt=Doubt(weak=True))
    told += counted.take(*second, posture_known=known, doubt=STEPS)
    assert len(told) == expected


def climbs(pause_s: float, times: int = 3) -> list[Tick]:
    """Somebody who turns on the spot, and then lifts the knee by 64 degrees with so long a pause between."""
    once: list[Knot] = [(0.5, 64.0, 0.0), (0.2, 64.0, 0.0), (0.5, 0.0, 0.0), (pause_s, 0.0, 0.0)]
    lifted = swung(ticks_of((3.0, 0.0, 0.0), *(once * times), (3.0, 0.0, 0.0)))
    return after_each_other(ticks_of((3.0, 0.0, 0.0)), spun(UPRIGHT, 2.0), lifted)


@pytest.mark.parametrize(("pause_s", "known"), [(0.04, False), (0.6, True)])
def test_knees_lifted_one_after_the_other_are_no_raises_to_auto(pause_s: float, known: bool) -> None:
    """On stairs the next step begins at once; asked for by name they count, as raises may be done so."""
    recognised = [e for e in told("auto", climbs(pause_s)) if isinstance(e, ExerciseRecognised)]
    assert bool(recognised) is known
    assert len([e for e in told("leg_raise", climbs(pause_s)) if isinstance(e, RepCompleted)]) == 3

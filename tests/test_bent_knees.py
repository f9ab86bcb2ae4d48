"""Which movement of who gets ready for bridges only bends the knees, made tick by tick."""

from __future__ import annotations

import pytest

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips.bent_knees import BentKnees
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.exercises.spec import exercise
from coxa.host.reasons import Reason
from tests.helpers_ticks import Knot, ticks_of, up_at

BENDS: list[Knot] = [(1.0, 47.0, 0.0)]


def trip(*knots: Knot) -> Excursion:
    """A way through these poses, from rest."""
    return Excursion.over(up_at(0.0, 0.0), 0.0, ((tick, False) for tick in ticks_of(*knots)))


@pytest.mark.parametrize(
    "first",
    [[(1.5, 86.0, 0.0)], [(0.8, 55.0, 0.0), (0.8, 5.0, 0.0), (0.8, 44.0, 0.0)], [(1.0, 30.0, 0.0)]],
    ids=["sits down", "lies down by way of the knees", "shifts"],
)
def test_who_gets_onto_the_bed_first_has_yet_to_bend_the_knees(first: list[Knot]) -> None:
    knees = BentKnees(exercise("hip_bridge"), TripParams())
    knees.bends(trip(*first), None, in_set=False)
    assert knees.bends(trip(*BENDS), None, in_set=False)
    assert not knees.bends(trip(*BENDS), None, in_set=False)


def test_who_lets_the_knees_down_has_to_bend_them_again() -> None:
    knees, down = BentKnees(exercise("hip_bridge"), TripParams()), Verdict(Reason.WENT_DOWN, 0.1, 0.0, "m")
    assert knees.bends(trip(*BENDS), None, in_set=False)
    assert not knees.bends(trip(*BENDS), down, in_set=True)
    assert knees.bends(trip(*BENDS), None, in_set=False)

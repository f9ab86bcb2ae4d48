"""A try between the repetitions of a set does not end it, made tick by tick: what waited before goes on."""

from __future__ import annotations

from coxa.host.detect.still import Tick
from coxa.host.detect.trips.doubt import Doubt
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.lying_shown import lifts_otherwise
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.trip_params import TripParams
from tests.helpers_ticks import felt, ticks_of, trip, up_at

WEAK = Doubt(weak=True)


def told(trips: list[Excursion], *, doubt: Doubt = WEAK, impacts: bool = True) -> list[int]:
    """How many of these are told with each of them, the posture being known."""
    count = SetCount(TripParams(), impacts=impacts, lies=False)
    return [len(count.take(one, one.t_s[-1], posture_known=True, doubt=doubt)) for one in trips]


def test_one_that_takes_longer_does_not_end_what_waits() -> None:
    """The second of three is as large but takes three times as long: with the third the first counts as well."""
    assert told([trip(0.0), trip(4.0, 6.0), trip(12.0, 2.6)]) == [0, 0, 3]
    assert told([trip(0.0), trip(4.0, 6.0)]) == [0, 0]


def test_a_try_between_two_does_not_end_what_waits() -> None:
    """One that goes half as far is no repetition of it, and is not told; what goes much further ends it."""
    assert told([trip(0.0, deg=42.0), trip(4.0, deg=18.0), trip(7.0, deg=40.0)]) == [0, 0, 2]
    assert told([trip(0.0, deg=18.0), trip(4.0, deg=30.0), trip(7.0, deg=18.0)], impacts=False) == [0, 0, 0]


def test_a_first_raise_that_is_followed_by_talk_counts_with_those_after_it() -> None:
    """Claim: what waits is not ended by one like it that comes late, but told if a third goes on with that one, unless
    it comes long after. Before lunges, things are picked up: there it is none.
    """
    late = [trip(0.0), trip(10.0), trip(13.0)]
    assert told(late, impacts=False) == [0, 0, 3]
    assert told(late) == [0, 2, 1]
    assert told([trip(0.0), trip(26.0), trip(29.0)], impacts=False) == [0, 0, 2]
    assert told([trip(0.0, deg=50.0), trip(10.0), trip(13.0)], impacts=False) == [0, 0, 2]
    assert told([trip(0.0), trip(15.0), trip(18.0)]) == [0, 0, 2]


def lain(deg: float, lever_m: float) -> Excursion:
    """A leg that lies and is raised by so much, whose sensor is so far across up from what it turns about."""
    ticks: list[Tick] = felt(ticks_of((1.0, 0.0, 0.0), (1.2, deg, 0.0), (1.2, 0.0, 0.0), (0.2, 0.0, 0.0)), lever_m, 0.0)
    out = Excursion(up_at(0.0, 0.0), 1.0, settled=True, closed=True)
    for k in ticks[25:-4]:
        out.extend([k], [False])
    return out


def test_a_knee_that_is_drawn_up_to_get_up_is_no_raise_of_the_set() -> None:
    """It lets the sensor down, where the raises of the set lifted it."""
    p, before = TripParams(), [lain(40.0, 0.15)] * 3
    assert lifts_otherwise(lain(79.0, -0.11), before, p)
    assert not lifts_otherwise(lain(79.0, 0.15), before, p)
    assert not lifts_otherwise(lain(79.0, -0.11), [lain(40.0, 0.0)] * 3, p)
    count = SetCount(p, impacts=False, lies=False)
    for one in before:
        count.take(one, one.t_s[-1], posture_known=True)
    count.measure_afresh()
    assert count.take(lain(79.0, -0.11), 5.0, posture_known=False) == []


def test_one_as_quick_as_the_quickest_of_the_set_is_none_too_quick() -> None:
    """Claim: however many slower ones came since, until the set is over."""
    count = SetCount(TripParams(), impacts=True, lies=False)
    for start_s, lasts_s in ((0.0, 2.6), (4.0, 1.0), (6.0, 2.4), (10.0, 2.6), (14.0, 2.6)):
        one = trip(start_s, lasts_s)
        count.take(one, one.t_s[-1], posture_known=True)
    assert count.as_quick(trip(18.0, 1.05), 1.1)
    assert not count.as_quick(trip(18.0, 0.6), 1.1)
    count.measure_afresh()
    assert not count.as_quick(trip(40.0, 1.05), 1.1)

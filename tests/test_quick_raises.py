"""Raises of people who stand, quick or small ones, made tick by tick: what no step looks like is none."""

from __future__ import annotations

import pytest

from coxa.host.events import RepCompleted
from tests.helpers_ticks import Knot, swung, ticks_of, told

STOOD_UP: list[Knot] = [(2.0, 0.0, 0.0), (1.5, 88.0, 0.0), (3.0, 88.0, 0.0), (1.5, 0.0, 0.0), (2.0, 0.0, 0.0)]
"""Who has sat and stands again, so that it is known how."""


def counted(*knots: Knot) -> list[float]:
    """How far the leg was raised each time it counted, degrees."""
    said = told("leg_raise", swung(ticks_of(*STOOD_UP, *knots, (2.0, 0.0, 0.0))))
    return [e.rom_deg for e in said if isinstance(e, RepCompleted)]


def raised(*degs: float) -> list[Knot]:
    """Raises by so much, one after the other."""
    return [knot for deg in degs for knot in ((0.9, deg, 0.0), (0.6, deg, 0.0), (0.9, 0.0, 0.0), (0.8, 0.0, 0.0))]


@pytest.mark.parametrize(("top_s", "expected"), [(0.4, 8), (0.08, 2)])
@pytest.mark.parametrize("way_s", [0.44, 0.56])
def test_a_quick_leg_that_stays_at_the_top_has_not_stepped(top_s: float, way_s: float, expected: int) -> None:
    """Thrown up within a third of a second, as the leg of a step: that one turns round at once. The set has begun with
    two slow ones.
    """
    knots: list[Knot] = [(way_s, 24.0, 0.0), (top_s, 24.0, 0.0), (way_s, 0.0, 0.0), (0.4, 0.0, 0.0)]
    assert len(counted(*raised(24.0, 24.0), *(knots * 6))) == expected


@pytest.mark.parametrize(("rest_s", "times", "expected"), [(0.9, 5, 5), (0.9, 2, 0), (0.2, 5, 0)])
def test_quick_legs_that_pause_between_open_a_set(rest_s: float, times: int, expected: int) -> None:
    """They go up within 0.4 s and turn round at once, as in steps, but nobody pauses between three of those."""
    knots: list[Knot] = [(0.6, 24.0, 0.0), (0.08, 24.0, 0.0), (0.6, 0.0, 0.0), (rest_s, 0.0, 0.0)]
    assert len(counted(*(knots * times))) == expected


@pytest.mark.parametrize(("way_s", "times"), [(0.6, 2), (0.6, 1), (0.9, 1)])
def test_who_has_raised_the_leg_so_before_opens_a_set_with_it(way_s: float, times: int) -> None:
    """Claim: after a set and a rest what is like the newest ones of that set is doubted no more, be it as quick as a
    step or alone. From elsewhere it would wait for others.
    """
    knots: list[Knot] = [(way_s, 24.0, 0.0), (0.08, 24.0, 0.0), (way_s, 0.0, 0.0), (0.9, 0.0, 0.0)]
    assert len(counted(*(knots * 5), (25.0, 0.0, 0.0), *(knots * times))) == 5 + times


def test_a_fidget_as_quick_as_a_step_disarms_no_set() -> None:
    """The leg jerks out and back and on to the side; the first raise comes right after it, without a rest."""
    fidget: list[Knot] = [(0.6, 18.0, 0.0), (0.55, 0.0, 0.0), (0.4, 14.0, 90.0), (0.5, 0.0, 90.0)]
    assert counted(*fidget, *raised(30.0, 30.0)) == pytest.approx([30.0] * 2, abs=1.0)


def test_who_reaches_for_something_opens_no_set() -> None:
    """One quick lean that stays for a moment, and raises after it."""
    reaches: list[Knot] = [(0.5, 16.0, 0.0), (0.3, 16.0, 0.0), (0.5, 0.0, 0.0), (2.5, 0.0, 0.0)]
    assert counted(*reaches, *raised(24.0, 24.0, 24.0)) == pytest.approx([24.0] * 3, abs=1.0)


def test_who_tires_raises_the_leg_less() -> None:
    """What is like the set's newest repetitions is one of them, be it smaller than what may open a set."""
    degs = [16.0, 15.0, 14.0, 13.0, 12.5, 11.5, 11.0, 10.5]
    assert counted(*raised(*degs)) == pytest.approx(degs, abs=1.0)


@pytest.mark.parametrize("degs", [(11.0,) * 6, (30.0, 30.0, 30.0, 11.0), (16.0, 15.0, 14.0, 8.5)])
def test_less_than_a_raise_is_none(degs: tuple[float, ...]) -> None:
    """Six of them make no set, and none belongs to one of larger raises."""
    assert counted(*raised(*degs)) == pytest.approx([deg for deg in degs if deg > 12.0], abs=1.0)


def test_one_that_was_nearly_too_small_does_not_let_smaller_ones_count() -> None:
    """What is less than the set's own range asks for is half a raise, whatever the smallest of it that counted."""
    degs = [35.0, 35.0, 35.0, 15.5, 35.0, 35.0, 12.8]
    assert counted(*raised(*degs)) == pytest.approx(degs[:-1], abs=1.0)


def test_who_stays_at_the_top_at_will_is_not_counted_twice_over_a_gap() -> None:
    """Claim: no two raises of a set take the same time where the leg stays up for 1 to 6 s; one that stays for 8 s and
    is lost in the middle of that is one.
    """
    tops = [6.0, 1.0, 2.0, 8.0]
    knots = [knot for s in tops for knot in ((0.9, 30.0, 0.0), (s, 30.0, 0.0), (0.9, 0.0, 0.0), (0.8, 0.0, 0.0))]
    ticks = swung(ticks_of(*STOOD_UP, *knots, (2.0, 0.0, 0.0)))
    said = told("leg_raise", ticks, (30.7, 33.2))
    assert len([e for e in said if isinstance(e, RepCompleted)]) == 4

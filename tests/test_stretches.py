"""Stretches as other people do them, made tick by tick: legs that roll outward, and who fidgets or lies down first."""

from __future__ import annotations

from math import hypot

import pytest

from coxa.host.detect.still import Tick
from coxa.host.detect.uncertainty import rom_sd_deg
from coxa.host.events import HoldEnded
from coxa.host.exercises.spec import exercise
from tests.helpers_ticks import Knot, felt, ticks_of, told

STRETCH = "hamstring_stretch"
SEAT: Knot = (2.0, 85.0, 0.0)


def stretched(rolled_deg: float, *, stood: bool) -> list[Tick]:
    """Somebody sits, having stood before or not, puts the leg out by 13 degrees, rolled so far, and takes it back."""
    before: list[Knot] = [(3.0, 0.0, 0.0)] if stood else [(0.04, 85.0, 0.0)]
    return ticks_of(*before, SEAT, (3.0, *SEAT[1:]), (1.4, 72.0, rolled_deg), (14.0, 72.0, rolled_deg), SEAT, SEAT)


def holds(ticks: list[Tick]) -> list[HoldEnded]:
    """The stretches that are told."""
    return [e for e in told(STRETCH, ticks) if isinstance(e, HoldEnded)]


@pytest.mark.parametrize("rolled_deg", [0.0, 5.0, 10.0])
def test_a_stretch_goes_as_far_as_the_thigh_goes_down(rolled_deg: float) -> None:
    """Who was seen standing, so that the thigh's own axis is known: 13 degrees, however far the leg rolled."""
    (hold,) = holds(stretched(rolled_deg, stood=True))
    assert hold.rom_deg == pytest.approx(13.0, abs=0.2)
    assert hold.rom_sd_deg == rom_sd_deg(exercise(STRETCH))


@pytest.mark.parametrize("rolled_deg", [0.0, 5.0, 10.0])
def test_where_upright_is_unknown_the_leg_may_have_rolled(rolled_deg: float) -> None:
    """Who sat when the sensor was switched on: up has turned by both, so that the uncertainty must hold the roll."""
    (hold,) = holds(stretched(rolled_deg, stood=False))
    assert hold.rom_deg == pytest.approx(hypot(13.0, rolled_deg), abs=0.2)
    assert hold.rom_sd_deg is not None
    assert hold.rom_sd_deg > 1.4 * rom_sd_deg(exercise(STRETCH))
    assert hold.rom_deg - 13.0 < 2.0 * hold.rom_sd_deg


@pytest.mark.parametrize(
    ("down_deg", "rolled_deg", "counted"), [(12.0, 14.0, 1), (12.0, 22.0, 0), (7.0, 8.5, 0), (4.0, 10.0, 0)]
)
def test_a_leg_that_rolls_is_put_out_where_the_thigh_goes_down(
    down_deg: float, rolled_deg: float, counted: int
) -> None:
    """Up goes more beside the way than along it, and yet that is a stretch; not where the leg is only turned, or turned
    further than a foot falls.
    """
    out: Knot = (1.4, 85.0 - down_deg, rolled_deg)
    ticks = ticks_of((3.0, 0.0, 0.0), SEAT, (3.0, *SEAT[1:]), out, (14.0, *out[1:]), SEAT, SEAT)
    assert len(holds(ticks)) == counted


@pytest.mark.parametrize(("lifted_deg", "down_deg", "counted"), [(4.0, 8.0, 1), (0.0, 8.0, 0), (6.0, 4.0, 0)])
def test_a_foot_that_is_lifted_to_be_put_out_may_leave_the_thigh_little_lower(
    lifted_deg: float, down_deg: float, counted: int
) -> None:
    """The leg rolls by more than the thigh goes down in all, but from where it was lifted it has come down by as much
    as in any stretch; not where it hardly went below the seat.
    """
    lifts, out = (0.7, 85.0 + lifted_deg, 5.0), (1.2, 85.0 - down_deg, 10.5)
    ticks = ticks_of((3.0, 0.0, 0.0), SEAT, (3.0, *SEAT[1:]), lifts, out, (14.0, *out[1:]), SEAT, SEAT)
    assert len(holds(ticks)) == counted


@pytest.mark.parametrize(("aside_deg", "stays_s"), [(7.5, 0.2), (-7.5, 0.2), (7.5, 0.7)])
def test_a_foot_may_be_put_out_before_one_leans(aside_deg: float, stays_s: float) -> None:
    """That rolls the leg, which then stays for a moment, too shortly for a rest; the lean, which lets the thigh
    down, is no slow way for it.
    """
    seat: list[Knot] = [(3.0, 0.0, 0.0), SEAT, (3.0, *SEAT[1:])]
    leans: list[Knot] = [(3.2, 71.0, aside_deg), (12.0, 71.0, aside_deg), SEAT, SEAT]
    (hold,) = holds(ticks_of(*seat, (0.9, 84.5, aside_deg), (stays_s, 84.5, aside_deg), *leans))
    assert hold.held_s == pytest.approx(12.8, abs=0.4)


@pytest.mark.parametrize(("first_deg", "way_s", "deg", "creeps_s"), [
    (5.2, 1.0, 6.2, 1.0),
    (5.0, 0.8, 6.5, 1.5),
    (4.8, 1.5, 6.2, 0.8),
])  # fmt: skip
def test_a_thigh_that_creeps_on_is_held_where_it_rests(
    first_deg: float, way_s: float, deg: float, creeps_s: float
) -> None:
    """A small stretch whose last degree takes a while: the hold begins before it is there, at a level nobody holds."""
    out: list[Knot] = [(way_s, 85.0 - first_deg, 0.0), (creeps_s, 85.0 - deg, 0.0), (14.0, 85.0 - deg, 0.0)]
    (hold,) = holds(ticks_of((3.0, 0.0, 0.0), SEAT, (3.0, *SEAT[1:]), *out, SEAT, SEAT))
    assert 13.0 < hold.held_s < 14.0 + way_s + creeps_s


@pytest.mark.parametrize("fidget_deg", [90.0, 91.5, 92.0, 93.0])
def test_who_rests_nearer_than_any_stretch_that_is_believed_rests_there(fidget_deg: float) -> None:
    """Who sat at first, lifts the knee for 1.3 s and sits as before: that was no stretch, which must be larger of whom
    nothing is known, so the next one goes out from there.
    """
    fidget: list[Knot] = [(0.5, fidget_deg, 0.0), (1.3, fidget_deg, 0.0), (0.8, 85.0, 0.0), (2.2, 85.0, 0.0)]
    stretch: list[Knot] = [(1.2, 71.0, 0.0), (12.0, 71.0, 0.0), SEAT, SEAT]
    (hold,) = holds(ticks_of((0.04, 85.0, 0.0), (3.0, 85.0, 0.0), *fidget, *stretch))
    assert hold.rom_deg == pytest.approx(14.0, abs=0.2)


@pytest.mark.parametrize(
    ("first_s", "second", "counted"),
    [
        (14.0, (72.0, 0.0), 2),  # as before
        (14.0, (77.5, 4.0), 2),  # less far
        (14.0, (81.0, -11.0), 1),  # turned to the other side
        (5.0, (72.0, 0.0), 0),  # nothing has counted yet
    ],
)
def test_who_has_stretched_from_there_may_stretch_shortly(
    first_s: float, second: tuple[float, float], counted: int
) -> None:
    """Of whom nothing is known a stretch must be long and large, but not one like another that was."""
    first: list[Knot] = [(1.4, 72.0, 0.0), (first_s, 72.0, 0.0), SEAT, (3.0, *SEAT[1:])]
    ticks = ticks_of((0.04, 85.0, 0.0), (4.0, 85.0, 0.0), *first, (1.4, *second), (5.5, *second), SEAT, SEAT)
    assert len(holds(ticks)) == counted


def test_what_may_be_another_posture_must_be_held_long_each_time() -> None:
    """Who sits up from the mat and lies down again does so twice: 5 s are not believed for that they were before."""
    bent: list[Knot] = [(0.04, 125.0, 0.0), (3.0, 125.0, 0.0), (1.2, 88.0, 0.0), (3.0, 88.0, 0.0)]
    knees: list[Knot] = [k for s in (12.0, 5.5) for k in ((1.4, 165.0, 0.0), (s, 165.0, 0.0), *bent[2:])]
    assert sum(isinstance(e, HoldEnded) for e in told("knee_to_chest", ticks_of(*bent, *knees))) == 1


def test_who_lies_down_from_the_bedside_rests_there() -> None:
    """Lying with bent knees is as far from sitting as a knee at the chest from lying. A knee that is drawn up
    from there, after 3 s, and only then held still is measured from there, be it known that the person stood before.
    """
    lies: list[Knot] = [(3.0, 0.0, 0.0), (2.0, 82.0, 0.0), (6.0, 82.0, 0.0), (0.8, 138.0, 0.0), (2.9, 138.0, 0.0)]
    trembles: list[Knot] = [k for _ in range(10) for k in ((0.3, 205.0, 0.0), (0.3, 193.0, 0.0))]
    still: list[Knot] = [(0.3, 199.0, 0.0), (9.0, 199.0, 0.0)]
    ticks = ticks_of(*lies, (1.2, 199.0, 0.0), *trembles, *still, (1.4, 138.0, 0.0), (3.0, 138.0, 0.0))
    (hold,) = [e for e in told("knee_to_chest", ticks) if isinstance(e, HoldEnded)]
    assert hold.rom_deg == pytest.approx(61.0, abs=0.5)


@pytest.mark.parametrize(("held_s", "counted"), [(12.0, 1), (5.0, 0)])
def test_a_knee_that_made_the_mat_seem_upright_is_told_when_it_is_not(held_s: float, counted: int) -> None:
    """Who lay at first seems to have stood, as the knee at the chest is as far from there as a chair. A small swing
    shows that the hip lies level: the knee that was held is told then.
    """
    lies, swings = [(1.4, 88.0, 0.0), (3.0, 88.0, 0.0)], [(0.7, 100.0, 0.0), (0.3, 100.0, 0.0)]
    knee: list[Knot] = [(1.4, 165.0, 0.0), (held_s, 165.0, 0.0), *lies]
    ticks = ticks_of((0.04, 88.0, 0.0), (4.0, 88.0, 0.0), *knee, *swings, *lies, *swings, *lies)
    told_of = told("knee_to_chest", felt(ticks, 0.25, 8.0 + held_s))
    assert sum(isinstance(e, HoldEnded) for e in told_of) == counted


@pytest.mark.parametrize(("gets_up", "counted"), [(True, 0), (False, 1)])
def test_who_uncrosses_the_knees_and_then_stands_up_has_not_stretched(gets_up: bool, counted: int) -> None:
    """The thigh goes down to where it was before the knees were crossed. Whoever comes back may have stretched."""
    crossed: list[Knot] = [(1.5, 82.0, 0.0), (4.0, 82.0, 0.0), (1.0, 104.0, 0.0), (8.0, 104.0, 0.0)]
    after: list[Knot] = [(1.2, 0.0, 0.0), (4.0, 0.0, 0.0)] if gets_up else [(1.0, 104.0, 0.0), (4.0, 104.0, 0.0)]
    ticks = ticks_of((3.0, 0.0, 0.0), *crossed, (1.0, 82.0, 0.0), (9.0, 82.0, 0.0), *after)
    assert len(holds(ticks)) == counted


@pytest.mark.parametrize(("out_s", "counted"), [(1.4, 1), (0.9, 1), (0.24, 0)])
def test_no_foot_is_put_out_at_once(out_s: float, counted: int) -> None:
    """Claim: a thigh that is 12 degrees lower after a quarter of a second has been shifted in the seat."""
    ticks = ticks_of((3.0, 0.0, 0.0), SEAT, (3.0, *SEAT[1:]), (out_s, 73.0, 0.0), (9.0, 73.0, 0.0), SEAT, SEAT)
    assert len(holds(ticks)) == counted


@pytest.mark.parametrize("shifts_deg", [6.0, 9.0, 12.0])
def test_who_shifted_in_the_seat_puts_the_leg_out_from_there(shifts_deg: float) -> None:
    """Claim: where a twitch has left the thigh is where it rests, so that the stretch that follows begins there."""
    seat_deg = 97.0 - shifts_deg
    shifts: list[Knot] = [(0.2, seat_deg, 0.0), (2.5, seat_deg, 0.0)]
    out: list[Knot] = [(1.4, seat_deg - 13.0, 0.0), (9.0, seat_deg - 13.0, 0.0), (1.4, seat_deg, 0.0)]
    seat: Knot = (2.0, 97.0, 0.0)
    (hold,) = holds(ticks_of((3.0, 0.0, 0.0), seat, (3.0, *seat[1:]), *shifts, *out, (3.0, seat_deg, 0.0)))
    assert hold.rom_deg == pytest.approx(13.0, abs=0.3)


@pytest.mark.parametrize(("shaken_dps", "counted"), [(3.0, 1), (12.0, 1), (25.0, 0)])
def test_a_thigh_that_is_scratched_is_not_held(shaken_dps: float, counted: int) -> None:
    """Claim: a hand that rubs the thigh turns it to and fro faster than anybody trembles in a stretch."""
    ticks = stretched(0.0, stood=True)
    shaken = [k._replace(rate_dps=shaken_dps) if 8.0 < k.t_s < 24.0 and k.rate_dps < 12.0 else k for k in ticks]
    assert len(holds(shaken)) == counted


@pytest.mark.parametrize(("lifted_deg", "lift_s", "out_s", "counted"), [
    (6.0, 0.4, 0.3, 1), (4.0, 0.4, 0.4, 1), (0.0, 0.4, 0.25, 0)
])  # fmt: skip
def test_a_foot_that_is_lifted_and_put_out_in_one_movement_takes_its_time(
    lifted_deg: float, lift_s: float, out_s: float, counted: int
) -> None:
    """The thigh passes its rest pose at speed on its way down; what goes down as soon from rest is a twitch."""
    out: list[Knot] = [(lift_s, 85.0 + lifted_deg, 0.0), (out_s, 76.0, 0.0), (14.0, 76.0, 0.0)]
    assert len(holds(ticks_of((3.0, 0.0, 0.0), SEAT, (3.0, *SEAT[1:]), *out, SEAT, SEAT))) == counted


@pytest.mark.parametrize(("back_deg", "counted"), [(85.0, 1), (81.7, 1), (79.0, 0)])
def test_a_leg_that_is_taken_most_of_the_way_back_was_not_uncrossed(back_deg: float, counted: int) -> None:
    """Who sat with the thigh down for a moment, before the seat was found, stretches to there, and sits again, not
    quite as before.
    """
    fidgets: list[Knot] = [(2.0, 77.0, 0.0), (0.9, 77.0, 0.0), (0.8, 85.0, 0.0), (3.0, 85.0, 0.0)]
    stretch: list[Knot] = [(1.4, 76.0, 0.0), (14.0, 76.0, 0.0), (1.4, back_deg, 0.0), (9.0, back_deg, 0.0)]
    assert len(holds(ticks_of((3.0, 0.0, 0.0), *fidgets, *stretch))) == counted


@pytest.mark.parametrize(("aside_deg", "stays_s"), [(7.5, 0.7), (-7.5, 1.2), (7.5, 1.9)])
def test_who_puts_the_foot_out_may_rest_before_they_lean(aside_deg: float, stays_s: float) -> None:
    """The foot alone lets the thigh down by 6 degrees and rolls it by as much; where it rests then for a moment is no
    seat, and the lean from there alone is no stretch.
    """
    foot: list[Knot] = [(0.9, 79.0, aside_deg), (stays_s, 79.0, aside_deg)]
    leans: list[Knot] = [(1.5, 74.0, aside_deg), (12.0, 74.0, aside_deg), SEAT, SEAT]
    (hold,) = holds(ticks_of((3.0, 0.0, 0.0), SEAT, (3.0, *SEAT[1:]), *foot, *leans))
    assert hold.rom_deg == pytest.approx(11.0, abs=0.6)


@pytest.mark.parametrize(("first", "second"), [
    ((79.6, 0.0), (74.4, 0.0)),
    ((79.6, 4.0), (74.4, 4.0)),
    ((80.6, 9.5), (77.6, 9.5)),  # beside the way at first
])  # fmt: skip
@pytest.mark.parametrize("stays_s", [1.4, 2.0])
def test_a_stretch_may_be_made_in_two_goes(
    first: tuple[float, float], second: tuple[float, float], stays_s: float
) -> None:
    """Claim: the foot is put out, and after a rest one leans, each of which is too little for a stretch."""
    lifts: list[Knot] = [(0.7, 90.0, 5.0)] if first[1] > 5.0 else []
    goes: list[Knot] = [(0.9, *first), (stays_s, *first), (1.2, *second), (12.0, *second)]
    (hold,) = holds(ticks_of((3.0, 0.0, 0.0), SEAT, (3.0, *SEAT[1:]), *lifts, *goes, SEAT, SEAT))
    assert hold.rom_deg == pytest.approx(85.0 - second[0], abs=0.3)
    assert 12.0 < hold.held_s < 14.0 + stays_s


@pytest.mark.parametrize(("way_s", "to_deg"), [(0.9, 78.6), (0.2, 79.4)])
def test_who_sits_otherwise_does_not_hold_that(way_s: float, to_deg: float) -> None:
    """Claim: who sits a little lower, slides on from there by less than a degree, or has twitched there, is about to
    stretch from there.
    """
    sits: list[Knot] = [(way_s, 79.4, 0.0), (1.5, 79.4, 0.0), (2.0, to_deg, 0.0), (9.0, to_deg, 0.0)]
    out: list[Knot] = [(1.4, to_deg - 10.0, 0.0), (9.0, to_deg - 10.0, 0.0), (1.4, to_deg, 0.0), (3.0, to_deg, 0.0)]
    (hold,) = holds(ticks_of((3.0, 0.0, 0.0), SEAT, (3.0, *SEAT[1:]), *sits, *out))
    assert hold.rom_deg == pytest.approx(10.0, abs=0.5)

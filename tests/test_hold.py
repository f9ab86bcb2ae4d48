"""The verified hold: what its clock counts and what it does not."""

from __future__ import annotations

from math import cos, radians, sin

import pytest

from coxa.host.detect.hold import Hold
from coxa.host.exercises.spec import exercise
from coxa.host.motion.tangent import Vector
from coxa.host.motion.ticks import TICK_S

STRETCH = exercise("hamstring_stretch")
LEVEL_DEG, HALF_DEG = 11.0, 1.0


def up_at(off_deg: float) -> Vector:
    """Where up points at this angle off the rest pose."""
    return (sin(radians(off_deg)), 0.0, cos(radians(off_deg)))


class Stretch:
    """A hold that has begun, and the time of its newest tick."""

    def __init__(self) -> None:
        self.hold = Hold(LEVEL_DEG, HALF_DEG, 0.0, 0.0, up_at(LEVEL_DEG))
        self.t_s = 0.0

    def at(self, off_deg: float, seconds: float) -> None:
        """The thigh stays at this angle for so long."""
        for _ in range(round(seconds / TICK_S)):
            self.t_s += TICK_S
            self.hold.update(self.t_s, off_deg, up_at(off_deg), 4.0, STRETCH)

    def gap(self, seconds: float) -> None:
        """Nothing arrives for so long."""
        self.hold.gap(seconds)
        self.t_s += seconds


@pytest.mark.parametrize(("outside_s", "counts"), [(0.4, True), (1.2, False)])
def test_a_wobble_counts_and_a_break_does_not(outside_s: float, counts: bool) -> None:
    """Half a second outside the band is forgiven, a second is not held."""
    stretch = Stretch()
    stretch.at(LEVEL_DEG, 10.0)
    stretch.at(LEVEL_DEG + 3.0, outside_s)
    stretch.at(LEVEL_DEG, 10.0)
    held_s = 20.0 + (outside_s if counts else 0.0)
    assert stretch.hold.held_s == pytest.approx(held_s, abs=0.1)
    assert bool(stretch.hold.breaks) is not counts


def test_a_gap_within_the_hold_is_not_held_against_anybody() -> None:
    """Inside the band before and after: the time between counts, up to 5 s."""
    stretch = Stretch()
    stretch.at(LEVEL_DEG, 10.0)
    stretch.gap(3.0)
    stretch.at(LEVEL_DEG, 10.0)
    assert stretch.hold.held_s == pytest.approx(23.0, abs=0.1)
    assert stretch.hold.breaks == []


def test_whoever_had_let_go_before_a_gap_did_not_hold_during_it() -> None:
    """`hamstring_stretch_4` rises from the stretch, is lost for a second, and passes its band on the way down."""
    stretch = Stretch()
    stretch.at(LEVEL_DEG, 10.0)
    stretch.at(LEVEL_DEG + 2.5, 0.5)
    stretch.gap(0.9)
    stretch.at(LEVEL_DEG, 0.2)
    assert stretch.hold.held_s == pytest.approx(10.0, abs=0.1)
    stretch.at(LEVEL_DEG, 10.0)
    assert [b.reason for b in stretch.hold.breaks] == ["left the band"]
    assert stretch.hold.held_s == pytest.approx(20.2, abs=0.1)


def test_an_end_is_no_later_than_the_thigh_was_seen_in_its_band() -> None:
    """A hold that goes on in a long gap and is over after it ends where it was last seen."""
    stretch = Stretch()
    stretch.at(LEVEL_DEG, 10.0)
    stretch.gap(4.0)
    stretch.at(LEVEL_DEG + 5.0, 3.0)
    assert stretch.hold.held_s == pytest.approx(10.0, abs=0.1)

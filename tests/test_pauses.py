"""People who stay at the far end of each repetition for seconds, as on a physiotherapist's slow count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.firmware_sim.everyday import walk
from coxa.firmware_sim.exercising import lunge
from coxa.firmware_sim.person import Habits, Person
from coxa.firmware_sim.scenario import build, build_acted
from coxa.host.events import RepCompleted
from coxa.host.replay.run import track
from tests.helpers import decoded
from tests.helpers_ticks import Knot, felt, ticks_of, told
from tools.people import scored


@pytest.mark.parametrize(("name", "seed", "pause_s"), [
    ("lunge", 501, 2.5), ("lunge", 505, 3.5), ("lunge", 511, 2.5), ("lunge", 514, 3.5), ("lunge", 517, 2.5),
    ("lunge", 523, 3.5),
    ("leg_raise_standing", 505, 2.5), ("leg_raise_standing", 514, 3.5),
])  # fmt: skip
def test_who_stays_at_the_far_end_is_counted_from_the_first_on(name: str, seed: int, pause_s: float) -> None:
    """Claim: who puts a foot down firmly and sinks has lunged, whether the hips sank on the way or not, and who swings
    a leg up from the hip has raised it; neither has sat or lain down, however long he stays there.
    """

    def pausing(habits: Habits, _: np.random.Generator) -> Habits:
        return replace(habits, pause_s=pause_s)

    score = scored(build(name, seed, change=pausing), name)
    assert [(one.counted, one.expected) for one in score.sets] == [(score.required, score.required)]
    assert score.false == 0


def lunges_in_turn(seed: int, other_s: float) -> int:
    """How many of four lunges count that stay at the bottom for 3 s, with so long for the other leg's after each."""

    def act(p: Person) -> None:
        walk(p, 6)
        p.still(3.0)
        for _ in range(4):
            lunge(p, 80.0, 3.0)
            p.still(other_s)
        p.still(2.0)

    return sum(isinstance(e, RepCompleted) for e in track(decoded(build_acted(act, seed)), "lunge"))


@pytest.mark.parametrize("seed", [6, 11])
def test_slow_lunges_of_legs_that_take_turns_are_one_set(seed: int) -> None:
    """Claim: the other leg's lunge comes between, which takes as long as this one's; what comes after much more than
    that begins anew.
    """
    assert lunges_in_turn(seed, 11.5) == 4
    assert lunges_in_turn(seed, 18.0) < 4


def test_a_leg_that_once_stopped_short_and_then_comes_all_the_way_down_was_raised() -> None:
    """Claim: after a raise that came down not quite, and a little to one side, the next one that ends where the leg lay
    at first counts, too.
    """
    up: list[Knot] = [(0.6, 56.0, 0.0), (1.0, 56.0, 0.0)]
    short: list[Knot] = [*up, (0.8, 44.0, 8.0), (1.5, 44.0, 8.0)]
    down: list[Knot] = [*up, (0.6, 40.0, 0.0), (1.5, 40.0, 0.0)]
    rests: Knot = (3.0, 40.0, 0.0)
    ticks = felt(ticks_of((0.04, 40.0, 0.0), rests, *down, *down, *down, *short, *down, *down, rests), 0.3, 0.0)
    assert len([e for e in told("leg_raise", ticks) if isinstance(e, RepCompleted)]) == 6

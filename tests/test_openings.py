"""Where the person is when the sensor is switched on: a chair or the mat must not be taken for standing for good."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.firmware_sim.openings import OPENINGS
from coxa.firmware_sim.scenario import build
from coxa.host.events import RepCompleted, TrackingLost
from coxa.host.replay.run import larger, track
from coxa.host.tracker import SLIPPED
from tools.people import FIRST_SEED, stream

SEATED = ["sitting", "sitting, then walking", "sitting, hands at the strap", "lying"]
LATE_REPS = {"hip_circle": 1, "lunge": 1, "lateral_leg_raise": 2}
"""So many may pass before the movement has shown how the thigh hangs."""


@pytest.mark.parametrize("begins", SEATED)
@pytest.mark.parametrize("name", list(LATE_REPS))
def test_whoever_was_not_standing_at_first_is_counted_all_the_same(begins: str, name: str) -> None:
    """Nobody calibrates: all repetitions but the first ones count, and no strap that sits is said to have slipped."""
    made = build(name, FIRST_SEED, begins=begins)
    truth, said = made.truth, track(stream(made), made.truth["exercise"], made.truth["side"])
    reps = [r for r in truth["reps"] if r["required"]]
    found = [
        any(isinstance(e, RepCompleted) and r["start_s"] - 0.5 < e.peak_s < r["end_s"] + 0.5 for e in said)
        for r in reps
    ]
    assert all(found[LATE_REPS[name] :]), (begins, name, found)
    assert not any(isinstance(e, TrackingLost) and e.reason.startswith(SLIPPED) for e in said)


@pytest.mark.parametrize("begins", list(OPENINGS))
def test_what_makes_doubt_does_not_depend_on_how_samples_come_together(begins: str) -> None:
    """Packets or minutes at once: the same events, also where upright is found to have been another pose."""
    made = build("leg_raise_standing", FIRST_SEED, begins=begins)
    items, exercise, side = stream(made), made.truth["exercise"], made.truth["side"]
    assert track(items, exercise, side) == track(list(larger(items)), exercise, side)


def test_the_usual_opening_is_the_default() -> None:
    """Who says nothing of it stands; every other way to begin rests first, so that there is something to go by."""
    usual, standing = build("hip_circle", 1), build("hip_circle", 1, begins="standing")
    assert np.array_equal(usual.raw.counts, standing.raw.counts)
    assert all(build("hip_circle", 1, begins=b).truth["activities"][0]["label"] == "still" for b in OPENINGS)

"""Stand still, lift the knee three times: how the sensor sits is known before the first set, and whether as before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from upath import UPath

from coxa.firmware_sim import everyday, exercising
from coxa.firmware_sim.person import Person
from coxa.firmware_sim.scenario import Scenario, build_acted, build_routine
from coxa.host.detect.body.mounting import Mounting, turned
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.log import SessionHeader, SessionWriter
from coxa.host.log.worn import last_worn
from coxa.host.motion.tangent import angle_deg, dot
from coxa.host.replay.run import larger
from coxa.host.routine import Coach, SetPlan, counts
from coxa.host.routine.plan import with_strap_checks
from coxa.host.routine.prompt import PromptKind
from coxa.host.samples import StreamItem
from tests.helpers import cut, decoded

PLAN = (
    SetPlan("leg_raise", "right", 6),
    SetPlan("hip_bridge", "right", 2, 5.0),
    replace(SetPlan("leg_raise", "left", 6), move_sensor=True),
)
CHECKED = with_strap_checks(PLAN)


def coached(items: Iterable[StreamItem], plan: tuple[SetPlan, ...]) -> tuple[list[Event], list[PromptKind], Coach]:
    coach = Coach(plan)
    events = [e for item in items for e in coach.feed(item)] + coach.finish()
    return events, [p.kind for p in coach.prompts()], coach


@cache
def routine(seed: int) -> Scenario:
    return build_routine([asdict(p) for p in CHECKED], seed, 50.0)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_known_on_both_legs_and_nothing_lost(seed: int) -> None:
    """On each leg the check is led through and ends well, the lifts count for nothing, the sets as they were done."""
    made = routine(seed)
    events, prompts, coach = coached(larger(decoded(made)), CHECKED)
    done = sorted((r["exercise"], r["side"]) for r in made.truth["reps"] if r["required"])
    told = [e for e in events if isinstance(e, RepCompleted | HoldEnded) and counts(e)]
    assert sorted((e.exercise, str(e.side)) for e in told) == done
    asked = [k for k in prompts if k in ("stand_still", "lift_knee", "strap_known", "strap_unknown", "set_begins")]
    first = ["stand_still", "lift_knee", "strap_known", "set_begins"]
    assert asked == [*first, "set_begins", *first]
    assert set(coach.mountings) == {"right", "left"}


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_the_knee_shows_the_front_that_lying_down_shows(seed: int) -> None:
    """The axes that three careless lifts give are those that are learned from everyday life, within 15 degrees."""
    shown, learned = (coached(larger(decoded(routine(seed))), plan)[2].mountings for plan in (CHECKED, PLAN))
    assert learned
    for side, mounting in learned.items():
        assert abs(dot(shown[side].proximal, shown[side].anterior)) < 0.05
        assert angle_deg(shown[side].proximal, mounting.proximal) < 8.0
        assert angle_deg(shown[side].anterior, mounting.anterior) < 15.0


@cache
def in_large_blocks() -> tuple[list[Event], list[PromptKind]]:
    return coached(larger(decoded(routine(1))), CHECKED)[:2]


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 400))
def test_cuts_do_not_matter(size: int) -> None:
    """The same events and prompts however the stream is cut."""
    assert coached(cut(decoded(routine(1)), lambda: size), CHECKED)[:2] == in_large_blocks()


def _lies_on_one_side(p: Person) -> None:
    """Shows the knee, and is on the mat at once."""
    p.still(4.0)
    for _ in range(3):
        everyday.lift_knee(p)
    p.still(1.5)
    p.doing = "lateral_leg_raise"
    everyday.lie_down(p, 90.0 if p.right_leg else -90.0)
    p.still(2.5)
    for _ in range(6):
        exercising.raise_leg(p, "abduction", 38.0)
    p.still(3.0)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_the_first_repetition_has_its_planes(seed: int) -> None:
    """Whoever has shown the knee is told abduction from the first repetition on."""
    made = build_acted(_lies_on_one_side, seed)
    plan = with_strap_checks((SetPlan("lateral_leg_raise", made.truth["side"], 6),))
    reps = [e for e in coached(larger(decoded(made)), plan)[0] if isinstance(e, RepCompleted)]
    assert len(reps) == 6
    assert all(e.abduction_deg == pytest.approx(e.rom_deg, abs=5.0) for e in reps)


def _lifts_nothing(p: Person) -> None:
    """Never lifts a knee, and begins when coxa has given up."""
    p.still(66.0)
    p.doing = "lateral_leg_raise"
    everyday.lie_down(p, 90.0 if p.right_leg else -90.0)
    p.still(3.0)
    for _ in range(5):
        exercising.raise_leg(p, "abduction", 38.0)
    p.still(3.0)


def _lifts_lying(p: Person) -> None:
    """Does on the back what was to be done standing."""
    everyday.lie_down(p, 0.0)
    p.still(6.0)
    for _ in range(4):
        exercising.raise_leg(p, "flexion", 60.0)
    p.still(3.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_has_to_lift_a_knee(seed: int) -> None:
    """After a minute the session goes on without, and counts."""
    made = build_acted(_lifts_nothing, seed)
    plan = with_strap_checks((SetPlan("lateral_leg_raise", made.truth["side"], 5),))
    events, prompts, _ = coached(larger(decoded(made)), plan)
    assert "strap_unknown" in prompts
    assert "strap_known" not in prompts
    assert sum(map(counts, events)) == 5


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_lying_leg_shows_nothing(seed: int) -> None:
    """Lifting the leg from the mat tells no front: a thigh that hangs from the hip swings otherwise."""
    made = build_acted(_lifts_lying, seed)
    _, prompts, _ = coached(larger(decoded(made)), with_strap_checks((SetPlan("leg_raise", None, 5),)))
    assert "strap_known" not in prompts


def logged(log: Path, name: str, mounting: Mounting, *, day: str = "2026-11-20", address: str = "AA") -> SessionHeader:
    header = SessionHeader(name, f"{day}T10:00:00+01:00", PLAN, {"address": address}, "Ada")
    with SessionWriter(log, header) as writer:
        writer.describe(mounting={"right": mounting._asdict()})
    return header


UP, FRONT = (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def turned_by(about: tuple[float, float, float], deg: float) -> Mounting:
    turn = Rotation.from_rotvec(np.radians(deg) * np.array(about))
    return Mounting(*(tuple(turn.apply(v).tolist()) for v in (UP, FRONT)))


def test_how_it_sits_is_compared_with_the_last_time(tmp_path: Path) -> None:
    """The newest session of the same sensor and person is what is compared with; another person's is not."""
    logged(tmp_path, "20261118T100000-aaaaaa", turned_by(UP, 90.0), day="2026-11-18")
    logged(tmp_path, "20261120T100000-bbbbbb", Mounting(UP, FRONT))
    logged(tmp_path, "20261121T100000-cccccc", turned_by(UP, 60.0), day="2026-11-21", address="BB")
    now = SessionHeader("20261122T100000-dddddd", "2026-11-22T10:00:00+01:00", PLAN, person="Ada")
    (worn,) = last_worn(UPath(tmp_path), now, "AA").values()
    assert (worn.day, worn.mounting) == ("2026-11-20", Mounting(UP, FRONT))
    assert last_worn(UPath(tmp_path), replace(now, person="Bob"), "AA") == {}
    assert worn.difference(turned_by(UP, 20.0)) is None
    assert "40 degrees further round" in str(worn.difference(turned_by(UP, 40.0)))
    assert "the other way up" in str(worn.difference(turned_by(FRONT, 180.0)))
    assert "aslant by 35 degrees" in str(worn.difference(turned_by(FRONT, 35.0)))


@given(st.floats(-180, 180), st.floats(-80, 80))
def test_a_turn_round_the_thigh_is_told_as_one(round_deg: float, along_deg: float) -> None:
    """Turned round its own length the sensor keeps its direction; aslant by so much, it is told as that much."""
    here = Mounting(UP, FRONT)
    assert turned(here, turned_by(UP, round_deg)) == pytest.approx((0.0, abs(round_deg)), abs=1e-4)
    assert turned(here, turned_by(FRONT, along_deg)).along_deg == pytest.approx(abs(along_deg), abs=1e-4)

"""`auto`: which exercise it is where several count the same movements, and when there is none."""

from __future__ import annotations

from math import cos, radians, sin
from types import SimpleNamespace
from typing import cast

import pytest

from coxa.host.detect.auto.candidate import Candidate
from coxa.host.detect.auto.contest import best, sure_unposed
from coxa.host.detect.auto.recogniser import Recogniser
from coxa.host.detect.auto.recogniser_params import RecogniserParams
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.detector import OneDetector
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.events import Direction, Event, HoldStarted, RepCompleted, RepRejected
from coxa.host.exercises.spec import StartPose, exercise
from coxa.host.motion.tangent import Vector, angle_deg
from coxa.host.reasons import Reason

UP, UP_AWAY = (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)


def counted(name: str, *roms_deg: float, rose_m: float | None = None, direction: Direction | None = None) -> Candidate:
    """An exercise of which repetitions of so many degrees were counted, whose sensor rose by so much."""
    detector = cast("OneDetector", SimpleNamespace(rose_m=rose_m, hold_s=None))
    reps = [
        RepCompleted(name, "right", k + 1, 4.0 * k, 4.0 * k + 1.0, 4.0 * k + 3.0, deg, direction, 4.0 * k + 3.0)
        for k, deg in enumerate(roms_deg)
    ]
    return Candidate(exercise(name), detector, [*reps])


@pytest.mark.parametrize(("raised_deg", "lunged_deg", "rose_m", "wins"), [
    ((70.0, 66.0), (70.0, 66.0), -0.02, "lunge"),
    ((70.0, 66.0), (70.0, 66.0), None, "lunge"),
    ((70.0, 66.0), (70.0, 66.0), 0.12, "leg_raise"),
    ((12.0, 70.0, 71.0), (70.0, 71.0), -0.001, "lunge"),
    ((68.0, 70.0, 71.0), (70.0, 71.0), 0.03, "leg_raise"),
], ids=["it sank", "unseen", "it rose", "the other leg's lunge between", "a lunge less"])  # fmt: skip
def test_lunges_win_over_as_many_raises_unless_the_sensor_rose(
    raised_deg: tuple[float, ...], lunged_deg: tuple[float, ...], rose_m: float | None, wins: str
) -> None:
    """Raises that are much smaller than the lunges do not count for them."""
    believed = {
        "leg_raise": counted("leg_raise", *raised_deg, rose_m=rose_m),
        "lunge": counted("lunge", *lunged_deg, rose_m=rose_m),
    }
    found = best(believed, RecogniserParams())
    assert found is not None
    assert found.spec.name == wins


@pytest.mark.parametrize(("roms_deg", "wins"), [
    ((44.0, 48.0), "lateral_leg_raise"), ((55.0, 57.0, 63.0), "lateral_leg_raise"), ((68.0, 61.0, 65.0), "leg_raise"),
])  # fmt: skip
@pytest.mark.parametrize("posed", [True, False])
def test_raises_larger_than_a_hip_abducts_are_none_on_the_side(
    roms_deg: tuple[float, ...], wins: str, posed: bool
) -> None:
    """Where both count them, size tells; smaller ones are only told where the posture is known."""
    names = ("leg_raise", "lateral_leg_raise")
    everyone = {name: counted(name, *roms_deg, rose_m=0.1) for name in names}
    p, believed = RecogniserParams(), everyone
    if not posed:
        believed = sure_unposed(everyone, everyone, p, stepped=False, knocked=False)
    found = best(believed, p)
    assert (found and found.spec.name) == (wins if posed or wins == "leg_raise" else None)


@pytest.mark.parametrize(("raises", "sure"), [(2, True), (3, False), (4, False)])
def test_lunges_of_which_one_more_is_seen_are_no_raises_seen_from_their_top(raises: int, sure: bool) -> None:
    """Claim: in an unknown posture a lunge that sank and a raise that rose are the same movements seen from both ends;
    of the one that began there is one more. Where there is none more, nothing is said.
    """
    everyone = {
        "lunge": counted("lunge", 43.0, 45.0, 46.0, rose_m=-0.1),
        "leg_raise": counted("leg_raise", *[46.0] * raises, rose_m=0.1),
    }
    believed = {"lunge": everyone["lunge"]}
    found = sure_unposed(everyone, believed, RecogniserParams(), stepped=False, knocked=True)
    assert bool(found) is sure


@pytest.mark.parametrize(("raised_m", "sure"), [(-0.06, {"lunge"}), (0.1, {"leg_raise"})])
def test_lunges_that_were_seen_to_sink_as_raises_are_lunges(raised_m: float, sure: set[str]) -> None:
    """What is seen of the way back tells that a lunge sank; what goes further than any leg on the side, and is raised,
    has risen.
    """
    everyone = {
        "lunge": counted("lunge", 72.0, 68.0, rose_m=0.02),
        "leg_raise": counted("leg_raise", 72.0, 68.0, rose_m=raised_m),
        "lateral_leg_raise": counted("lateral_leg_raise", 72.0, 68.0, rose_m=raised_m),
    }
    assert set(sure_unposed(everyone, everyone, RecogniserParams(), stepped=False, knocked=False)) == sure


@pytest.mark.parametrize(("direction", "sure"), [("clockwise", True), (None, False)])
def test_circles_that_wind_are_sure_in_an_unknown_posture(direction: Direction | None, sure: bool) -> None:
    """Whatever goes out and back has no direction: three turns with one are circles, though bridges are counted too."""
    everyone = {
        "hip_circle": counted("hip_circle", 10.0, 10.0, 11.0, direction=direction),
        "hip_bridge": counted("hip_bridge", 20.0, 21.0, 20.0),
    }
    found = sure_unposed(everyone, everyone, RecogniserParams(), stepped=False, knocked=False)
    assert (set(found) == {"hip_circle"}) is sure


def recognised(
    name: str, *reps: tuple[float, float], step_s: float = -1.0, direction: Direction | None = None
) -> str | None:
    """What `auto` knows when one exercise counts repetitions of so many seconds and degrees in a known posture, and the
    thigh makes a step at one moment.
    """
    ends_s = [sum(lasted_s + 1.0 for lasted_s, _ in reps[: k + 1]) for k in range(len(reps))]
    said = [
        RepCompleted(name, "right", k + 1, end_s - lasted_s, end_s - lasted_s / 2, end_s, deg, direction, end_s)
        for k, ((lasted_s, deg), end_s) in enumerate(zip(reps, ends_s, strict=True))
    ]

    def update(tick: Tick, *_: object) -> list[RepCompleted]:
        return [e for e in said if e.end_s == tick.t_s]

    detector = SimpleNamespace(
        rose_m=0.1, hold_s=None, band_deg=None, rest=None, moving=False, deciding=False, reps=0, update=update
    )
    auto = Recogniser({name: exercise(name)}, lambda _: cast("OneDetector", detector))
    for t_s in sorted({*ends_s, step_s}):
        posture = SimpleNamespace(
            walking=False, steps=t_s == step_s, supposed=False, upright=lambda: UP, front=lambda: None
        )
        tick = Tick(t_s, (0.0, 0.0, 1.0), 0.0, 0.0, 0.0)
        auto.update(tick, cast("StillFinder", None), cast("Posture", posture))
    return auto.exercise


@pytest.mark.parametrize(("reps", "known"), [
    (((2.5, 70.0), (2.5, 70.0)), True),
    (((4.0, 60.0), (2.5, 75.0)), True),
    (((7.6, 87.0), (2.3, 82.0)), False),
    (((2.0, 80.0), (2.0, 30.0)), False),
    (((7.6, 87.0), (2.3, 82.0), (2.4, 80.0)), True),
], ids=["alike", "uneven", "a chair, then bending down", "large and small", "two alike at last"])  # fmt: skip
def test_what_is_not_alike_is_no_series(reps: tuple[tuple[float, float], ...], known: bool) -> None:
    """Two movements that have nothing in common are everyday life."""
    assert recognised("leg_raise", *reps) == ("leg_raise" if known else None)


@pytest.mark.parametrize(("lasted_s", "times", "step_s", "known"), [
    (2.0, 2, -1.0, True), (1.4, 2, -1.0, False), (1.4, 3, -1.0, True), (1.4, 3, 2.0, False), (1.0, 3, -1.0, False),
])  # fmt: skip
def test_quick_circles_are_no_strides_where_nothing_stepped(
    lasted_s: float, times: int, step_s: float, known: bool
) -> None:
    """As short as strides, three of them are circles unless there was a step; shorter ones are none."""
    turns = [(lasted_s, 10.0)] * times
    known_as = recognised("hip_circle", *turns, step_s=step_s, direction="clockwise")
    assert known_as == ("hip_circle" if known else None)


@pytest.mark.parametrize(("direction", "known"), [("counterclockwise", "hip_circle"), (None, None)])
def test_what_goes_to_and_fro_is_no_circle(direction: Direction | None, known: str | None) -> None:
    """A leg that is raised twice seems to go round the middle of its way; real circles wind from the first on."""
    assert recognised("hip_circle", (3.0, 18.0), (3.0, 18.0), direction=direction) == known


@pytest.mark.parametrize(("rose_m", "sure"), [(0.1, False), (-0.03, True), (None, True)])
def test_a_raise_seen_from_its_top_is_no_lunge(rose_m: float | None, sure: bool) -> None:
    """Who lies is raised in one view and sinks in the other; the thigh of a lunge rises in none."""
    everyone = {"lunge": counted("lunge", 41.0, 42.0, rose_m=-0.03), "leg_raise": counted("leg_raise", 41.0, 42.0)}
    everyone["leg_raise"].detector = cast("OneDetector", SimpleNamespace(rose_m=rose_m, hold_s=None))
    found = sure_unposed(everyone, everyone, RecogniserParams(), stepped=False, knocked=True)
    assert ("lunge" in found) is sure


class Says:
    """A detector that says what it is told to."""

    rose_m, moving, deciding, reps = 0.1, False, False, 0
    rest: Vector = UP
    hold_s: float | None = None
    band_deg: tuple[float, float] | None = (56.0, 64.0)
    sits = False

    def __init__(self) -> None:
        self.said = list[Event]()

    def update(self, *_: object) -> list[Event]:
        """What it says at this tick."""
        return list(self.said)

    def everyday(self, *_: object) -> bool:
        """Whether what it holds may be a chair."""
        return self.sits


@pytest.mark.parametrize(("first_deg", "known"), [(67.0, "figure_four"), (45.0, None)])
def test_who_settles_into_a_pose_in_stages_holds_it_from_the_first_on(first_deg: float, known: str | None) -> None:
    """A stay nearby was part of it, one far from there was on the way."""
    played = Played("figure_four")
    hold = played.detectors["figure_four"]
    hold.band_deg = (first_deg - 3.5, first_deg + 3.5)
    played.holds("figure_four", 5.0, 1.5)
    hold.band_deg = (72.5, 79.5)
    played.holds("figure_four", 7.0, 1.5)
    assert played.auto.exercise == known


def test_what_is_being_left_is_not_held() -> None:
    """Where nothing else is on any more, a hold whose clock has stopped names nothing."""
    played = Played("figure_four", "leg_raise")
    played.counts("leg_raise", 40.0, 10.0, 14.0)
    assert played.auto.exercise == "leg_raise"
    played.holds("figure_four", 23.0, 2.5)
    played.goes_on(26.1)
    assert played.auto.exercise is None


@pytest.mark.parametrize(("after_s", "known"), [(2.5, "figure_four"), (7.0, None)])
def test_what_only_comes_by_is_not_held(after_s: float, known: str | None) -> None:
    """Whose hips circle comes by the same pose once in each round."""
    played = Played("figure_four")
    played.holds("figure_four", 5.0, 1.5)
    played.detectors["figure_four"].hold_s = 2.2
    played.goes_on(5.0 + after_s)
    assert played.auto.exercise == known


class Lies:
    """A posture of somebody who lies so far turned; None where that is not known."""

    walking, steps, supposed = False, False, False

    def __init__(self, rolled_deg: float | None) -> None:
        self._rolled_deg = rolled_deg
        self.known = True
        self.faces: Vector | None = None

    def upright(self) -> Vector | None:
        """Known, from a certain moment on."""
        return UP_AWAY if self.known else None

    def tilt_deg(self, up: Vector) -> float:
        """How far from there."""
        return angle_deg(UP_AWAY, up)

    def front(self) -> Vector | None:
        """Known or not."""
        return self.faces

    def roll_deg(self, _: Vector) -> float | None:
        """How far."""
        return self._rolled_deg

    def start_of(self, _: Vector, starts: tuple[StartPose, ...]) -> StartPose:
        """Everything begins so."""
        return starts[0]


class Played:
    """What `auto` makes of a library of exercises whose detectors say what they are told to."""

    def __init__(self, *names: str, roll_deg: float | None = None) -> None:
        self.detectors = {name: Says() for name in names}
        specs = {name: exercise(name) for name in names}
        self.auto = Recogniser(specs, lambda spec: cast("OneDetector", self.detectors[spec.name]))
        self.lies = Lies(roll_deg)
        self.posture = cast("Posture", self.lies)

    def goes_on(self, t_s: float, up: Vector = UP_AWAY) -> None:
        """The next tick."""
        self.auto.update(Tick(t_s, up, 0.0, 0.0, 0.0), cast("StillFinder", None), self.posture)

    def says(self, t_s: float, name: str, event: Event) -> None:
        """One detector says something at that moment, the others nothing."""
        self.detectors[name].said = [event]
        self.goes_on(t_s)
        self.detectors[name].said = []

    def holds(self, name: str, start_s: float, lasts_s: float) -> None:
        """One detector holds something for so long; what it is, is known a second after it has begun."""
        hold = self.detectors[name]
        hold.moving, hold.hold_s = True, 1.0
        self.says(start_s + 1.0, name, HoldStarted(name, "right", start_s, start_s + 1.0))
        hold.hold_s = lasts_s
        self.goes_on(start_s + lasts_s)

    def counts(self, name: str, deg: float, *ends_s: float) -> None:
        """One detector counts repetitions of so many degrees that last 2 s."""
        for end_s in ends_s:
            self.says(end_s, name, RepCompleted(name, "right", 1, end_s - 2.0, end_s - 1.0, end_s, deg, None, end_s))


@pytest.mark.parametrize(("deg", "known"), [(5.0, "figure_four"), (12.0, "figure_four"), (30.0, "leg_raise")])
def test_who_trembles_in_a_hold_does_nothing_else(deg: float, known: str) -> None:
    """What is smaller than the band of the hold that is on may become is no other exercise, what is larger has left
    it.
    """
    played = Played("figure_four", "leg_raise")
    hold = played.detectors["figure_four"]
    hold.hold_s, hold.moving, hold.band_deg = 2.5, True, (56.0, 64.0)
    played.says(10.0, "figure_four", HoldStarted("figure_four", "right", 8.0, 9.0))
    assert played.auto.exercise == "figure_four"
    played.counts("leg_raise", deg, 20.0, 24.0)
    assert played.auto.exercise == known


@pytest.mark.parametrize(("roll_deg", "known"), [(90.0, None), (None, "leg_raise")])
def test_who_is_known_to_lie_on_one_side_raises_the_leg_sideways(roll_deg: float | None, known: str | None) -> None:
    """That has a name of its own, which is waited for; while the front is not known it is not."""
    played = Played("leg_raise", "lateral_leg_raise", roll_deg=roll_deg)
    played.counts("leg_raise", 40.0, 10.0, 13.0)
    assert played.auto.exercise == known


@pytest.mark.parametrize(("first_s", "second_s", "known"), [
    (0.0, 2.5, "figure_four"), (1.5, 2.5, None), (1.5, 3.3, "figure_four"),
], ids=["at once", "a raise of long tops", "held after all"])  # fmt: skip
def test_who_lets_go_at_once_and_comes_back_may_raise_the_leg(
    first_s: float, second_s: float, known: str | None
) -> None:
    """After what was held too shortly to count, what is held at the same place must last longer than a raise's top."""
    played = Played("figure_four")
    if first_s:
        played.holds("figure_four", 5.0, first_s)
        played.detectors["figure_four"].moving, played.detectors["figure_four"].hold_s = False, None
        played.says(
            7.0, "figure_four", RepRejected("figure_four", "right", 5.0, 7.0, Reason.NOT_HELD, first_s, 4.0, "s", 7.0)
        )
    played.holds("figure_four", 10.0, second_s)
    assert played.auto.exercise == known


@pytest.mark.parametrize(("faces", "rests", "known"), [
    (UP, False, None), (UP, True, "figure_four"), (None, False, "figure_four"),
], ids=["from a chair", "after standing up", "a guess"])  # fmt: skip
def test_who_has_sat_down_does_not_stand_into_a_stretch(faces: Vector | None, rests: bool, known: str | None) -> None:
    """A foot that is laid over the other knee from a chair is no figure four; without a front that was only a guess."""
    played = Played("figure_four")
    played.lies.faces, hold = faces, played.detectors["figure_four"]
    hold.sits = True
    played.holds("figure_four", 5.0, 2.5)
    assert played.auto.exercise is None
    hold.sits, hold.hold_s, hold.moving = False, None, not rests
    played.goes_on(8.0)
    played.holds("figure_four", 10.0, 2.5)
    assert played.auto.exercise == known


@pytest.mark.parametrize(("held_deg", "known"), [(150.0, "knee_to_chest"), (5.0, None)])
def test_who_turns_out_to_stand_holds_no_knee(held_deg: float, known: str | None) -> None:
    """While nothing is known getting up from a chair looks like a knee drawn to the chest; once upright is known, what
    is held must be where the exercise takes the thigh from its rest pose.
    """
    played = Played("knee_to_chest")
    played.detectors["knee_to_chest"].rest = angled(85.0)
    played.lies.known = False
    played.holds("knee_to_chest", 5.0, 2.5)
    assert played.auto.exercise is None
    played.lies.known, played.detectors["knee_to_chest"].hold_s = True, 3.0
    played.goes_on(8.0, angled(held_deg))
    assert played.auto.exercise == known


@pytest.mark.parametrize(("second_deg", "known"), [(14.0, "hamstring_stretch"), (5.0, None)])
def test_a_leg_that_is_put_out_further_is_judged_anew(second_deg: float, known: str | None) -> None:
    """Claim: who sits is on the chair already, none is on the way: the foot only went a little first. What comes back
    has shifted.
    """
    played = Played("hamstring_stretch")
    played.lies.faces, hold = UP, played.detectors["hamstring_stretch"]
    hold.sits, hold.band_deg = True, (6.0, 8.0)
    played.holds("hamstring_stretch", 5.0, 1.2)
    hold.sits, hold.band_deg = False, (second_deg - 1.0, second_deg + 1.0)
    played.holds("hamstring_stretch", 7.0, 2.5)
    assert played.auto.exercise == known


@pytest.mark.parametrize(("deg", "lies", "known"), [
    (80.0, True, "knee_to_chest"), (56.0, True, "leg_raise"), (80.0, False, "leg_raise"),
], ids=["drawn up", "a foot put down", "who knows"])  # fmt: skip
def test_a_knee_that_is_drawn_up_between_sets_is_known_in_time(deg: float, lies: bool, known: str) -> None:
    """Claim: what counted as raises of 24 degrees was none: their tops are not there, nor is a foot on the floor."""
    played = Played("leg_raise", "knee_to_chest")
    knee = played.detectors["knee_to_chest"]
    knee.rest, knee.band_deg, played.detectors["leg_raise"].band_deg = angled(85.0), (deg - 10.0, deg + 10.0), None
    played.counts("leg_raise", 24.0, 10.0, 14.0)
    assert played.auto.exercise == "leg_raise"
    played.lies.known = lies
    played.holds("knee_to_chest", 18.0, 3.3)
    assert played.auto.exercise == known


def angled(tilt_deg: float) -> Vector:
    """Up of a thigh tilted so from where it stands."""
    return (cos(radians(tilt_deg)), 0.0, sin(radians(tilt_deg)))

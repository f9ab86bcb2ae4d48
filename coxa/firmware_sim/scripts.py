"""What happens in each scenario: getting there, the exercise, and what people do in between."""

from __future__ import annotations

from collections.abc import Callable

from coxa.firmware_sim import everyday, exercising
from coxa.firmware_sim.openings import OPENINGS
from coxa.firmware_sim.person import Person

DEMO_HOLD_S = 12.0


def _demo(p: Person) -> str:
    """Raises on the side, circles both ways, a hold that is kept and one that is let go."""
    size = 38 * p.habits.range_share
    side_up = 90.0 if p.right_leg else -90.0
    side = "right" if p.right_leg else "left"
    p.plan = [
        {"exercise": "lateral_leg_raise", "side": side, "reps": 5},
        {"exercise": "hip_circle", "reps": 4, "direction": "clockwise"},
        {"exercise": "hip_circle", "reps": 4, "direction": "counterclockwise"},
        {"exercise": "knee_to_chest", "side": side, "reps": 2, "hold_target_s": DEMO_HOLD_S},
    ]
    OPENINGS[p.begins].act(p)
    p.doing = "lateral_leg_raise"
    everyday.lie_down(p, side_up)
    everyday.fidget(p)
    p.still(3.0, "settle")
    for i in range(5):
        exercising.raise_leg(p, "abduction", size * (1 - p.habits.fatigue * i / 4))
        if i == 1:
            exercising.raise_leg(p, "abduction", size, "partial")
    p.still(2.5)
    everyday.get_up(p)
    p.doing = "hip_circle"
    p.still(3.0, "settle")
    exercising.circles(p, 4, clockwise=True)
    p.still(3.0)
    exercising.circles(p, 4, clockwise=False)
    p.still(2.5)
    p.doing = "knee_to_chest"
    everyday.lie_down(p, 0.0)
    p.still(3.0, "settle")
    exercising.hold(p, p.rng.uniform(DEMO_HOLD_S + 1.0, DEMO_HOLD_S + 2.5), DEMO_HOLD_S, flexion=p.rng.uniform(85, 110))
    p.still(3.5, "settle")
    exercising.hold(p, p.rng.uniform(5, 8), DEMO_HOLD_S, flexion=p.rng.uniform(85, 110))
    p.still(3.5)
    return "routine"


def _set(exercise: str, enter: Callable[[Person], None], one: Callable[[Person, int], None]) -> Callable[[Person], str]:
    def script(p: Person) -> str:
        OPENINGS[p.begins].act(p)
        p.doing = exercise
        enter(p)
        everyday.fidget(p)
        p.still(p.rng.uniform(2.0, 3.0), "settle")
        start = p.line.now_s
        count = int(p.rng.integers(6, 11))
        for i in range(count):
            one(p, i)
            if p.rng.random() < 0.15 * p.habits.clumsiness and exercise.endswith("raise"):
                exercising.raise_leg(p, "flexion", 40, "aborted")
        p.activities.append({"label": f"set:{exercise}", "start_s": start, "end_s": p.line.now_s})
        p.still(2.5)
        everyday.fidget(p)
        p.still(2.0)
        return exercise

    return script


def tapping(p: Person) -> None:
    """Two and three taps in whatever pose, with the everyday in between."""
    p.still(3.0)
    for times in p.rng.permutation([1, 2, 2, 2, 3, 3, 3]).tolist():
        pose = int(p.rng.integers(0, 3))
        if pose == 0:
            everyday.sit_down(p)
        elif pose == 1:
            everyday.lie_down(p, float(p.rng.choice([0.0, 90.0, -90.0])))
        p.still(p.rng.uniform(2.0, 4.0))
        p.tap(times)
        if pose == 0:
            everyday.stand_up(p)
        elif pose == 1:
            everyday.get_up(p)
        everyday.walk(p, 3)


def _negative(p: Person) -> str:
    """Everything but exercise."""
    OPENINGS[p.begins].act(p)
    for _ in range(3):
        everyday.lie_down(p, float(p.rng.choice([0.0, 90.0, -90.0])))
        everyday.fidget(p)
        p.still(p.rng.uniform(1.5, 4))
        everyday.roll_over(p, float(p.rng.choice([0.0, 90.0, -90.0, 180.0])))
        p.still(p.rng.uniform(1.5, 4))
        everyday.get_up(p)
        everyday.fidget(p)
        everyday.walk(p, int(p.rng.integers(2, 6)))
        _something(p)
        p.still(p.rng.uniform(1, 3))
        everyday.turn(p)
    return "none"


def _side_up(p: Person) -> None:
    everyday.lie_down(p, 90.0 if p.right_leg else -90.0)


def _something(p: Person) -> None:
    """One of the things that people do on their feet."""
    kind = int(p.rng.integers(0, 4))
    if kind == 0:
        everyday.sit_down(p)
        p.still(p.rng.uniform(1, 4))
        everyday.stand_up(p)
    elif kind == 1:
        everyday.pick_up(p)
    elif kind == 2:
        everyday.scratch(p)
    else:
        everyday.other_leg(p, p.rng.uniform(2, 7))


def _seconds(p: Person, kind: str, target_s: float) -> float:
    return p.rng.uniform(0.4, 0.9) * target_s if kind == "early" else p.rng.uniform(1.0, 1.3) * target_s


def _holds(
    one: Callable[[Person, float, float, str], None], times: int, target_s: float
) -> Callable[[Person, int], None]:
    """A few holds of different luck, with the other leg's in between."""

    def do(p: Person, i: int) -> None:
        if i >= times:
            return
        kind = str(p.rng.choice(exercising.HOLD_KINDS))
        one(p, _seconds(p, kind, target_s), target_s, kind)
        p.still(p.rng.uniform(1.5, 3.0), "settle")

    return do


def _supine_knees_bent(p: Person) -> None:
    everyday.lie_down(p, 0.0, knees_bent=True)


def _knee_to_chest(p: Person, seconds: float, target_s: float, kind: str) -> None:
    exercising.hold(p, seconds, target_s, kind, flexion=p.rng.uniform(75, 115))


def _raises(track: str, degrees: float) -> Callable[[Person, int], None]:
    return lambda p, _: exercising.raise_leg(p, track, degrees * p.habits.range_share)


def _circles(p: Person, i: int) -> None:
    if i < 1:
        exercising.circles(p, int(p.rng.integers(6, 10)), bool(p.rng.random() < 0.5))


def _on_back(p: Person) -> None:
    everyday.lie_down(p, 0.0)


def _on_front(p: Person) -> None:
    everyday.lie_down(p, 180.0)


def _stand(p: Person) -> None:
    everyday.rise(p)
    p.still(1.0)


def _lunge(p: Person, _: int) -> None:
    exercising.lunge(p, 68 * p.habits.range_share)


def _four(p: Person, seconds: float, target_s: float, kind: str) -> None:
    exercising.figure_four(p, seconds, target_s, kind, crossed=bool(p.rng.random() < 0.6))


SCRIPTS: dict[str, Callable[[Person], str]] = {
    "demo": _demo,
    "leg_raise_supine": _set("leg_raise", _on_back, _raises("flexion", 55)),
    "leg_raise_prone": _set("leg_raise", _on_front, _raises("flexion", -16)),
    "leg_raise_standing": _set("leg_raise", _stand, _raises("flexion", 60)),
    "leg_raise_sideways": _set("leg_raise", _stand, _raises("abduction", 30)),
    "lateral_leg_raise": _set("lateral_leg_raise", _side_up, _raises("abduction", 38)),
    "hip_circle": _set("hip_circle", _stand, _circles),
    "knee_to_chest": _set("knee_to_chest", _on_back, _holds(_knee_to_chest, 3, 30.0)),
    "hamstring_stretch": _set("hamstring_stretch", everyday.sit_down, _holds(exercising.hamstring_stretch, 3, 30.0)),
    "figure_four": _set("figure_four", _stand, _holds(_four, 3, 30.0)),
    "hip_bridge": _set("hip_bridge", _supine_knees_bent, _holds(exercising.hip_bridge, 6, 20.0)),
    "lunge": _set("lunge", _stand, _lunge),
    "negative": _negative,
}
"""Every scenario: what the person does; the result is the exercise that was done, or `none`."""

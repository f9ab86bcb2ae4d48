"""How a session begins: where the person is when the sensor is switched on, and what comes before the exercise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from coxa.firmware_sim import everyday
from coxa.firmware_sim.person import Person


@dataclass(frozen=True, slots=True)
class Opening:
    """The joint angles that the recording begins with, and what the person does then."""

    act: Callable[[Person], None]
    pose: dict[str, float] = field(default_factory=dict[str, float])


def _still(p: Person) -> None:
    p.still(p.rng.uniform(2.5, 3.5))


def _strapped_on(p: Person) -> None:
    _still(p)
    everyday.adjust_strap(p)


def _usual(p: Person) -> None:
    """Stand still, put the strap right, walk a few steps and turn."""
    _strapped_on(p)
    everyday.walk(p, 3)
    everyday.turn(p)


def _rises(p: Person) -> None:
    """Stay still, then get up from there and stand."""
    _still(p)
    everyday.rise(p)
    p.still(p.rng.uniform(1.0, 2.0))


def _rises_then_walks(p: Person) -> None:
    _rises(p)
    everyday.walk(p, 3)


def _straps_on_sitting(p: Person) -> None:
    """Put the strap right while sitting, then stand up and turn."""
    _strapped_on(p)
    p.still(2.0)
    everyday.stand_up(p)
    everyday.turn(p)


def _straight_on(p: Person) -> None:
    """Put the strap right, and go on with the exercise from here: the way to it begins where the person is."""
    _strapped_on(p)
    p.still(p.rng.uniform(1.0, 2.5))


OPENINGS = {
    "standing": Opening(_usual),
    "standing still": Opening(lambda p: p.still(3.0)),
    "sitting": Opening(_rises, everyday.SITTING),
    "sitting, then walking": Opening(_rises_then_walks, everyday.SITTING),
    "sitting, hands at the strap": Opening(_straps_on_sitting, everyday.SITTING),
    "lying": Opening(_rises, everyday.LYING),
    "on a chair, straight on": Opening(_straight_on, everyday.SITTING),
    "on the mat, straight on": Opening(_straight_on, everyday.ON_THE_FLOOR),
    "on the back, straight on": Opening(_straight_on, everyday.LYING),
    "on one side, straight on": Opening(_straight_on, {**everyday.LYING, "roll": 90.0}),
    "knees bent, straight on": Opening(_straight_on, {**everyday.LYING, "flexion": everyday.BENT}),
}

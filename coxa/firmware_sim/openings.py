"""How a session begins: where the person is when the sensor is switched on, and what comes before the exercise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from coxa.firmware_sim import everyday
from coxa.firmware_sim.body import DENSE_HZ, smooth_step
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


def _in_the_hand(p: Person) -> None:
    """The sensor lies in the hand anyhow, is turned about and laid on the thigh, and the strap is drawn tight."""
    still_s, turned_s, laid_s = p.rng.uniform(1.2, 2.5), p.rng.uniform(1.0, 3.0), p.rng.uniform(1.0, 2.0)
    seconds = still_s + turned_s + laid_s
    t_s = np.arange(int(seconds * DENSE_HZ)) / DENSE_HZ
    away = 1.0 - smooth_step((t_s - still_s - turned_s) / laid_s)
    turning = smooth_step((t_s - still_s) / 0.5)
    for name, lies_deg, turns_deg in (("flexion", 90.0, 30.0), ("rotation", 150.0, 40.0), ("abduction", 60.0, 25.0)):
        lies = p.rng.uniform(-lies_deg, lies_deg) + p.noise(seconds, 1.5)
        p.line.add(name, away * (lies + turning * turns_deg * p.noise(seconds, 0.7)))
    start = p.line.now_s
    p.line.rest(still_s)
    p.note("still", start)
    p.line.rest(turned_s + laid_s)
    p.note("adjust_strap", start + still_s)
    everyday.adjust_strap(p)
    p.still(p.rng.uniform(2.0, 3.5))


def _from_the_hand(p: Person) -> None:
    """Strap it on standing, and walk a few steps."""
    _in_the_hand(p)
    everyday.walk(p, 3)
    p.still(p.rng.uniform(1.0, 2.0))


def _from_the_hand_sitting(p: Person) -> None:
    """Strap it on sitting, and stand up."""
    _in_the_hand(p)
    everyday.stand_up(p)
    p.still(p.rng.uniform(1.0, 2.0))


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
    "standing, the sensor in the hand": Opening(_from_the_hand),
    "sitting, the sensor in the hand": Opening(_from_the_hand_sitting, everyday.SITTING),
    "on a chair, straight on": Opening(_straight_on, everyday.SITTING),
    "on the mat, straight on": Opening(_straight_on, everyday.ON_THE_FLOOR),
    "on the back, straight on": Opening(_straight_on, everyday.LYING),
    "on one side, straight on": Opening(_straight_on, {**everyday.LYING, "roll": 90.0}),
    "knees bent, straight on": Opening(_straight_on, {**everyday.LYING, "flexion": everyday.BENT}),
}

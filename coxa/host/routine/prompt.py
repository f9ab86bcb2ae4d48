"""What the coach has to tell the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

PromptKind: TypeAlias = Literal[
    "set_begins",
    "set_done",
    "rest",
    "finished?",
    "skipped",
    "move_sensor",
    "sensor_moved",
    "stand_still",
    "lift_knee",
    "strap_known",
    "strap_unknown",
    "routine_done",
    "paused",
    "resumed",
    "effort?",
    "no effort?",
    "effort",
]


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to tell the person that no event tells."""

    kind: PromptKind
    at_s: float
    set_index: int
    """The set that it is about."""

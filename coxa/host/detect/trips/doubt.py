"""What speaks against a trip that opens a set, so that it waits for others like it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from coxa.host.detect.trips.set_params import SetParams


@dataclass(frozen=True, slots=True)
class Doubt:
    """Nothing by default: what opens a set in a known posture counts alone."""

    weak: bool = False
    """It may as well be getting up, or a fidget."""
    soft: bool | None = False
    """No foot was felt coming down where the exercise has one put down, as in squats; None where it may not have been
    seen."""
    sinks: bool = False
    """The body may be lower after it, as on a knee."""
    moves: bool = False
    """The body was not where it is in the exercise: on a chair, in mid-step, out for long, squatting, or higher
    afterwards.
    """
    over: bool = False
    """The thigh leaned over its foot, or the hips went down, as of who stoops or squats."""
    strides: bool = False
    """It went out and back as quickly as a stride does, from a thigh that had not paused before, and may be one."""

    def needs(self, p: SetParams) -> float:
        """How many alike are told, the newest of which is doubted so: of stoops none, however many. Squats come in
        pairs, as shoes and stairs do, and who has knelt down twice has got up between: a whole series may be one of
        soft steps, or of raises.
        """
        if self.over:
            return inf
        if self.soft or self.sinks or self.moves:
            return p.alike_reps
        return 2 if self.weak or self.strides else 1


NO_DOUBT = Doubt()

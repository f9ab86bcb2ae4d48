"""What leg raises, lunges, bridges and holds are told by."""

from __future__ import annotations

from dataclasses import dataclass, field

from coxa.host.detect.trips.rest_params import RestParams
from coxa.host.detect.trips.set_params import FidgetParams, SetParams
from coxa.host.detect.trips.step_params import JoltParams, LungeParams, StepParams
from coxa.host.detect.trips.top_params import TopParams
from coxa.host.detect.trips.way_params import BackParams, WayParams


@dataclass(frozen=True, slots=True)
class TripParams:
    """Tuning that all trip exercises share, by the part of the movement that it is about.

    A trip is measured with `TraceParams`, what is held at its far end with `HoldParams`.
    """

    rest: RestParams = field(default=RestParams())
    """The rest pose, and where a trip leaves it."""
    way: WayParams = field(default=WayParams())
    """Where it goes."""
    step: StepParams = field(default=StepParams())
    """Whether it is a step of somebody who walks, by its haste and where it goes."""
    jolt: JoltParams = field(default=JoltParams())
    """And by what it jolts."""
    lunge: LungeParams = field(default=LungeParams())
    """Lunges, which step."""
    top: TopParams = field(default=TopParams())
    """What a rest far out is."""
    back: BackParams = field(default=BackParams())
    """Whether it is over, and when that is certain."""
    set: SetParams = field(default=SetParams())
    """Which repetitions are one set."""
    fidget: FidgetParams = field(default=FidgetParams())
    """Which must wait for a second one."""

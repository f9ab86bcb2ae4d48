"""Whether who gets ready for bridges only bends the knees, which turns the thigh as far as hips that are lifted."""

from __future__ import annotations

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.reasons import Reason


class BentKnees:
    """Asked at each rest away from the rest pose while nothing is known of the posture.

    The first movement that goes so far bends the knees, and no later one does. Who sits down first, or lies down by a
    roundabout way, has yet to bend them, and who lets them down has to bend them again.
    """

    def __init__(self, spec: ExerciseSpec, params: TripParams) -> None:
        self._spec, self._p = spec, params
        self._bent = False
        """Whether they have been bent."""

    def bends(self, trip: Excursion, why: Verdict | None, *, in_set: bool) -> bool:
        """Whether the thigh is still on the movement that only bends the knees.

        Args:
            trip: the movement, at a rest away from its rest pose.
            why: why its way out is no bridge's; None where it is.
            in_set: whether bridges have been counted from there.
        """
        if trip.now_deg <= self._p.top.bent_deg:
            return False
        if self._bent or in_set:
            let_down = why is not None and why.reason == Reason.WENT_DOWN
            self._bent = self._bent and not let_down
            return False
        straight = trip.path_deg <= self._p.way.roughness * trip.peak_deg
        self._bent = straight and trip.now_deg <= self._spec.max_rom_deg
        return True

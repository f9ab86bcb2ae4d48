"""What the sensor felt on trips, for whoever weighs one exercise against others."""

from __future__ import annotations

from typing import NamedTuple

from coxa.host.detect.trips.excursion import Excursion


class Felt(NamedTuple):
    """Of one detector, up to now."""

    levers_m: tuple[float, float] | None
    """By which levers, across up and below the joint, the sensor went to what was held last (`height.levers_m`)."""
    newest: Excursion | None
    """The newest repetition that was counted."""
    crossed: bool = False
    """Whether the leg was surely crossed on the way to what is held."""

"""What the numbers of an exercise may be: beyond these they mean something else (other units, a slip, no body)."""

from __future__ import annotations

from typing import Any

from coxa.host.limits import HOLD_TARGET_S
from coxa.host.samples import MAX_ACCEL_MPS2

RANGES: dict[str, tuple[float, float]] = {
    "min_rom_deg": (1.0, 179.0),  # less is breathing and swaying
    "max_rom_deg": (2.0, 180.0),  # the angle between two poses is never more
    "min_rep_s": (0.1, 600.0),
    "max_rep_s": (0.2, 1200.0),  # with the longest hold that nobody asked for, and the way there and back
    "relative_rom": (0.0, 1.0),
    "return_share": (0.01, 0.99),  # of the way: at 0 nothing would ever be back, at 1 it always is
    "top_rest_s": (0.0, 600.0),
    "max_sink_m": (0.0, 2.0),
    "min_shock_mps2": (0.0, MAX_ACCEL_MPS2),  # the largest that a recording may have
    "tissue_sd_deg": (0.0, 45.0),
    "hold_target_s": HOLD_TARGET_S,
    "min_hold_s": (0.1, 600.0),
    "band_deg": (0.5, 180.0),
    "band_share": (0.0, 1.0),
    "motion_limit_dps": (1.0, 2000.0),
    "wobble_s": (0.1, 60.0),  # a hold is looked at 25 times a second: less would break it at every look
    "max_way_s": (0.1, 60.0),
    "regrip_s": (0.0, 60.0),
}
"""Lowest and highest value of each key, ends included. Built-in and taught exercises lie well inside."""
ANGLE_DEG = (0.0, 180.0)
"""Tilt and roll of a start pose."""
_ORDER = (("min_rep_s", "max_rep_s"), ("min_hold_s", "hold_target_s"), ("wobble_s", "regrip_s"))
"""Pairs of which the first may not be larger."""


def wrong_together(found: dict[str, Any], least_rom_deg: float) -> str | None:
    """The first two numbers that are good alone but not together; None where all agree.

    Args:
        found: every number of the exercise by its key, defaults included; None where there is none.
        least_rom_deg: the largest `min_rom_deg` of its start poses.
    """
    for low, high in _ORDER:
        if found[low] is not None and found[high] is not None and found[low] > found[high]:
            return f"'{low}' must not be more than '{high}', found {found[low]:g} and {found[high]:g}"
    if least_rom_deg >= found["max_rom_deg"]:
        return f"'min_rom_deg' must be less than 'max_rom_deg', found {least_rom_deg:g} and {found['max_rom_deg']:g}"
    return None

"""Gravity at both ends of a short step of the stream: what turned in it, the gyro must have seen, and the other way."""

from __future__ import annotations

import numpy as np

from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray

STEP_S = 0.4
"""Between two directions of gravity that are compared: slow movements turn by a few degrees. 0.3 to 0.5."""
QUIET_MPS2 = 1.0
"""Where the force is this near to 1 g, at both ends of a step, it shows up to 6 degrees where up is. 0.5 to 1.5."""


def gravity_at_ends(force_mps2: FloatArray, quiet_mps2: float) -> tuple[FloatArray, FloatArray] | None:
    """Direction of up (3,), sensor frame, at the first and at the last sample of a step; None where it cannot be told.

    Args:
        force_mps2: (2, 3) specific force at both.
        quiet_mps2: how far each may be off 1 g.
    """
    size = np.sqrt((force_mps2 * force_mps2).sum(axis=1))
    if np.abs(size - STANDARD_GRAVITY_MPS2).max() > quiet_mps2:
        return None
    first, last = force_mps2 / size[:, None]
    return first, last

"""How far a range of motion can be trusted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import degrees, exp, hypot

from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.orientation_params import OrientationParams
from coxa.host.samples import STANDARD_GRAVITY_MPS2

TILT_SD_DEG = 0.9
"""Error of the tilt after one still second: 0.9 (BMI270) to 1.2 degrees (LSM6DS3) in simulated sessions."""
BY_GRAVITY_SD_DEG = 4.0
"""Standard error of a peak's tilt without a gyro beyond that: ranges of motion of the kinematic recordings are then 3.1
degrees off in the mean, 1.2 with it."""
BRIDGED_S = OrientationParams().bridged_gap_s


@dataclass(frozen=True, slots=True)
class AstrayParams:
    """How far off up is where the filter has begun anew."""

    felt_ticks: int = 8
    """So long after a gap (0.3 s) tells how much the sensor was accelerated in the moment that up was taken from. 5 to
    12 ticks."""
    forgets_s: float = 3.0
    """In so long the filter has forgotten most of it: the time constant of VQF's correction by the accelerometer
    (Laidig and Seel 2023, its default). 2 to 4 s."""


def rom_sd_deg(spec: ExerciseSpec) -> float:
    """Standard uncertainty of a range of motion: the sensor's tilt and what the flesh moves under the strap."""
    return hypot(TILT_SD_DEG, spec.tissue_sd_deg)


def astray_deg(
    gaps_s: Iterable[tuple[float, float]], t_s: Sequence[float], shocks_mps2: Sequence[float], from_s: float
) -> float:
    """How far off up may be after gaps, for all that is known: the filter begins anew there, and takes what
    the accelerometer shows for up, which is off by the acceleration over that of gravity; it forgets that slowly.

    Args:
        gaps_s: starts and ends of the stretches without samples before or while the angle was measured.
        t_s: (n,) times of ticks.
        shocks_mps2: (n,) departures of the specific force from 1 g in them: what of the acceleration shows.
        from_s: when that began.
    """
    p, astray = AstrayParams(), [0.0]
    for start_s, end_s in gaps_s:
        felt = shocks_mps2[(k := bisect_left(t_s, end_s)) : k + p.felt_ticks]
        if felt and end_s - start_s > BRIDGED_S:
            off_rad = sum(felt) / len(felt) / STANDARD_GRAVITY_MPS2
            astray.append(degrees(off_rad) * exp(-max(from_s - end_s, 0.0) / p.forgets_s))
    return max(astray)


def less_certain(event: Event) -> Event:
    """What was measured without a gyro, with the uncertainty that this has; smoothness of a smoothed course is none."""
    if isinstance(event, RepCompleted):
        event = replace(event, smoothness=None)
    if isinstance(event, RepCompleted | HoldEnded) and event.rom_sd_deg is not None:
        return replace(event, rom_sd_deg=hypot(event.rom_sd_deg, BY_GRAVITY_SD_DEG))
    return event

"""The event that a counted trip is told by."""

from __future__ import annotations

from math import hypot

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.trips.rep_quality import phases_s, sees_top, smoothness, unseen_deg
from coxa.host.detect.trips.set_count import Back
from coxa.host.detect.uncertainty import astray_deg, rom_sd_deg
from coxa.host.events import RepCompleted, Side
from coxa.host.exercises.spec import ExerciseSpec


def completed(
    spec: ExerciseSpec, side: Side | None, index: int, back: Back, decided_s: float, posture: Posture
) -> RepCompleted:
    """The event that a counted trip is told by."""
    trip, back_s = back
    end_s = back_s if trip.end_s is None else trip.end_s
    up_s, top_s, down_s = phases_s(trip, end_s)
    gaps_s = [gap for gap in trip.gaps if gap[0] < trip.peak_s]
    mounting = posture.mounting if sees_top(trip) else None
    flexion_deg, abduction_deg = mounting.planes_deg(trip.rest, trip.peak_up, side) if mounting else (None, None)
    return RepCompleted(
        spec.name,
        side,
        index,
        trip.begun_s(),
        trip.peak_s,
        end_s,
        trip.peak_deg,
        None,
        decided_s,
        hypot(rom_sd_deg(spec), unseen_deg(trip), astray_deg(gaps_s, trip.t_s, trip.shocks_mps2, trip.peak_s)),
        up_s,
        top_s,
        down_s,
        smoothness(trip),
        flexion_deg,
        abduction_deg,
    )

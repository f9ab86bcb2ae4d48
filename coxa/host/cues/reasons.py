"""Which phrase tells why a movement was not counted, or what is wrong with the sensor."""

from __future__ import annotations

from math import ceil

from coxa.host.cues.cue import Cue
from coxa.host.cues.kinds import cue
from coxa.host.events import RepRejected, Side, TrackingLost
from coxa.host.exercises.spec import library
from coxa.host.reasons import Reason, Tracking

TOLD_DEG = 5.0
"""A shortfall from this on is told in degrees; a smaller one is 'a bit'."""
PHRASES: dict[str, str] = {
    Reason.TOO_LARGE: "too_large",
    Reason.TOO_FAST: "too_fast",
    Reason.TOO_SUDDEN: "too_fast",
    Reason.TOO_SLOW: "too_slow",
    Reason.TOO_LONG: "too_long",
    Reason.WRONG_DIRECTION: "wrong_direction",
    Reason.WENT_DOWN: "wrong_direction",
    Reason.TO_AND_FRO: "to_and_fro",
    Reason.TURNED: "turned",
    Reason.WENT_ROUND: "wrong_direction",
    Reason.NOT_FROM_REST: "start_from_rest",
    Reason.SWUNG_PAST: "come_to_rest",
    Reason.PASSED_BY: "come_to_rest",
    Reason.CLIMBS: "like_steps",
    Reason.STEPS: "like_steps",
    Reason.NO_STEP: "too_slow",
    Reason.HALF_CIRCLE: "half_circle",
    Reason.NOT_HELD: "not_held",
    Reason.NOT_HELD_STILL: "hold_still",
    Reason.POSTURE_UNKNOWN: "not_held",
    Reason.NOT_MEASURED: "not_measured",
}


def why_not(event: RepRejected) -> Cue:
    """The reason of a rejection, in three words."""
    if event.reason == Reason.TOO_SMALL:
        return _too_small(event)
    if event.reason == Reason.POSTURE_UNKNOWN and event.unit == "deg":
        return cue("too_small_hold", event.decided_s)
    return cue(PHRASES.get(event.reason, "not_counted"), event.decided_s)


def _too_small(event: RepRejected) -> Cue:
    spec = library().get(event.exercise)
    kind = "lunge" if event.exercise == "lunge" else spec.kind if spec else "raise"
    short_deg = event.needed - event.measured
    if kind in ("raise", "bridge"):
        if short_deg >= TOLD_DEG:
            return cue("too_small_raise_by", event.decided_s, n=ceil(short_deg))
        return cue("too_small_raise", event.decided_s)
    return cue(f"too_small_{kind}", event.decided_s)


def what_is_wrong(event: TrackingLost, side: Side | None) -> Cue | None:
    """What to say of a sensor that is not where or what it should be; None where there were simply no samples."""
    if event.reason.startswith(Tracking.SLIPPED):
        return cue("strap_slipped", event.decided_s)
    if event.reason.startswith(Tracking.OTHER_THIGH):
        return cue("wrong_thigh", event.decided_s, side="left" if side == "right" else "right")
    if event.reason.startswith(Tracking.DOUBTFUL):
        return cue("sensor_doubtful", event.decided_s)
    if event.reason.startswith(Tracking.FAULTY):
        return cue("sensor_faulty", event.decided_s)
    return None

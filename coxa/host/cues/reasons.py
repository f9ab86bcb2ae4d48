"""Which phrase tells why a movement was not counted, or what is wrong with the sensor."""

from __future__ import annotations

from math import ceil

from coxa.host.cues.cue import Cue
from coxa.host.cues.kinds import cue
from coxa.host.detect.body.strap import SLIPPED
from coxa.host.detect.sensor_trust import DOUBTFUL
from coxa.host.detect.trips.hold import NO_HOLD
from coxa.host.events import RepRejected, Side, TrackingLost
from coxa.host.exercises.spec import library

TOLD_DEG = 5.0
"""A shortfall from this on is told in degrees; a smaller one is 'a bit'."""
PHRASES = {
    "too large": "too_large",
    "too fast": "too_fast",
    "too sudden": "too_fast",
    "too slow a way out": "too_slow",
    "wrong direction": "wrong_direction",
    "went down": "wrong_direction",
    "to and fro": "to_and_fro",
    "turned on the spot": "turned",
    "went round": "wrong_direction",
    "did not start from rest": "start_from_rest",
    "swung past rest": "come_to_rest",
    "did not come to rest": "come_to_rest",
    "climbs": "like_steps",
    "jolts like steps": "like_steps",
    "no step": "too_slow",
    "half a circle": "half_circle",
    "not held": "not_held",
    "not held still": "hold_still",
    "posture not known": "not_held",
    "not measured": "not_measured",
}
TRIED = ("too small", "half a circle", *NO_HOLD)
"""Reasons that show that the exercise was meant. Any other, before the first repetition of a set, is somebody getting
into position, who needs no comment."""


def why_not(event: RepRejected) -> Cue:
    """The reason of a rejection, in three words."""
    if event.reason == "too small":
        return _too_small(event)
    if event.reason == "posture not known" and event.unit == "deg":
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
    if event.reason.startswith(SLIPPED):
        return cue("strap_slipped", event.decided_s)
    if "thigh, not the" in event.reason:
        return cue("wrong_thigh", event.decided_s, side="left" if side == "right" else "right")
    if event.reason.startswith(DOUBTFUL):
        return cue("sensor_doubtful", event.decided_s)
    if "accelerometer" in event.reason:
        return cue("sensor_faulty", event.decided_s)
    return None

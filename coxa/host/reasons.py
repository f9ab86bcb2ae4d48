"""Why something was not counted, why a hold was broken, and why tracking was lost, as events and tables say it.

The line below each is what it means to the person. The words stand in logs and tables: they do not change.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a movement was not counted, or a stretch of a hold."""

    TOO_SMALL = "too small"
    """The leg did not go as far as this exercise, or this set so far, goes."""
    TOO_LARGE = "too large"
    """The leg went further than this exercise goes: it was another movement."""
    TOO_FAST = "too fast"
    """The repetition was over sooner than this exercise can be done, or as soon as a step is."""
    TOO_SUDDEN = "too sudden"
    """The leg went out as suddenly as for a step."""
    TOO_SLOW = "too slow a way out"
    """The leg took very long to get to the top, so that its way there could not be judged."""
    TOO_LONG = "too long"
    """The leg stayed out there for longer than a repetition does, as it does on a chair or on the mat."""
    WRONG_DIRECTION = "wrong direction"
    """The leg went elsewhere than this exercise takes it."""
    WENT_DOWN = "went down"
    """The sensor sank where this exercise raises it."""
    TO_AND_FRO = "to and fro"
    """The leg did not go straight out and back."""
    TURNED = "turned on the spot"
    """The whole body turned with the leg."""
    WENT_ROUND = "went round"
    """The leg went round in a circle instead of out and back."""
    NOT_FROM_REST = "did not start from rest"
    """The leg was not still in the start pose before."""
    SWUNG_PAST = "swung past rest"
    """On its way back the leg swung through the start pose to the other side."""
    PASSED_BY = "did not come to rest"
    """On its way back the leg only passed the start pose."""
    CLIMBS = "climbs"
    """The hip rose with the leg, as on stairs."""
    STEPS = "jolts like steps"
    """The body jolted as it does in walking."""
    NO_STEP = "no step"
    """No foot was felt coming down where this exercise puts one down."""
    HALF_CIRCLE = "half a circle"
    """The hips stopped before they had gone round."""
    NOT_HELD = "not held"
    """The pose was left before it was a hold."""
    NOT_HELD_STILL = "not held still"
    """The pose was not kept still enough to be a hold."""
    POSTURE_UNKNOWN = "posture not known"
    """It is not known yet whether the person stands, sits or lies, and this was too short or too small to be sure."""
    NOT_MEASURED = "not measured"
    """The sensor's signal was missing for too much of it."""
    LEFT_BAND = "left the band"
    """The leg moved away from where it was held."""
    MOVED = "moved too much"
    """The leg stayed where it was held, but was not quiet there."""
    GRIPPED_AGAIN = "gripped again"
    """The hold was let go for a moment and gone on with a little higher or lower."""


BREAKS = (Reason.LEFT_BAND, Reason.MOVED, Reason.GRIPPED_AGAIN, Reason.NOT_MEASURED)
"""Why a stretch of a hold does not count."""
REJECTIONS = tuple(r for r in Reason if r not in BREAKS or r is Reason.NOT_MEASURED)
"""Why a movement was not counted."""
LIKE_STEPS = (Reason.TOO_FAST, Reason.TOO_SUDDEN, Reason.CLIMBS, Reason.STEPS)
"""Why a trip is one of a walk: nothing that came before it opens a set of lunges, nor any other while it is not known
whether the person stands or lies."""
NO_HOLD = (Reason.NOT_HELD, Reason.NOT_HELD_STILL)
"""Why what began as a hold was none; one of a posture that is not known may be one."""
TRIED = (Reason.TOO_SMALL, Reason.HALF_CIRCLE, *NO_HOLD)
"""Reasons that show that the exercise was meant. Any other, before the first repetition of a set, is somebody getting
into position."""


class Tracking(StrEnum):
    """How the reason begins for which tracking is lost, and goes on."""

    NO_SAMPLES = "no samples"
    """Nothing came from the sensor."""
    SLIPPED = "the strap has slipped"
    """The sensor has turned round the thigh: what comes does not compare with what was measured before."""
    OTHER_THIGH = "the sensor seems to be on the"
    """The sensor is on the other leg than was said."""
    DOUBTFUL = "gravity does not follow the movement"
    """The sensor moves as nothing can: counts are doubtful."""
    FAULTY = "accelerometer is"
    """The sensor is broken: nothing is counted."""
    SAMPLES_AGAIN = "samples again"
    """The sensor is heard again."""
    AXES_ANEW = "axes learned anew"
    """How the sensor sits is known again."""
    GOES_ON = "counting goes on"
    """What was told does not stop the counting."""
    SOUND_AGAIN = "accelerometer reads 1 g again"
    """The sensor measures what it must at rest."""


WARNINGS = (Tracking.SLIPPED, Tracking.OTHER_THIGH, Tracking.DOUBTFUL)
"""The sensor is not where or what it should be, and counting goes on."""
_OF_WARNINGS = (*WARNINGS, Tracking.AXES_ANEW, Tracking.GOES_ON)


def is_warning(reason: str) -> bool:
    """Whether an event with this reason only warns of the sensor: tracking was not lost for it, nor is it back."""
    return reason.startswith(_OF_WARNINGS)

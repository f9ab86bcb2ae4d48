"""Builds an exercise entry from one recorded set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from coxa.host.detect.posture import Posture
from coxa.host.detect.still import StillFinder
from coxa.host.detect.trip import TripDetector
from coxa.host.errors import RecordingError
from coxa.host.events import RepCompleted
from coxa.host.exercises.spec import Direction, ExerciseSpec, StartPose
from coxa.host.motion.orientation import Orientation
from coxa.host.motion.tangent import Vector, angle_deg, dot, towards
from coxa.host.motion.ticks import TICK_S, Ticker
from coxa.host.samples import Gap, StreamItem
from coxa.host.tracker import as_beats

LEAST_REPS = 5
"""Fewer repetitions do not show how much they vary."""
LEAST_DEG = 5.0
"""Smaller movements are not told from swaying and breathing."""
OWN_SHARE = 0.45
"""A repetition counts from this share of the recorded ones on, as `relative_rom` of the built-in exercises."""
HOLD_S = 4.0
"""Repetitions that stay at the top for longer than this are holds."""
TILT_ROOM_DEG, ROLL_ROOM_DEG = 20.0, 40.0
"""How far another start pose may lie from the recorded one."""
OUTLIER = 0.5
"""Movements smaller than this share of the median are getting ready, not repetitions."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a recording taught."""

    spec: ExerciseSpec
    reps: tuple[RepCompleted, ...]
    """The repetitions it was built from."""
    tilt_deg: float | None
    """Tilt of the rest pose against upright; None where the recording does not show which way is upright."""

    def entry(self) -> dict[str, Any]:
        """The entry as plain data, as it stands in its TOML file."""
        data = {k: v for k, v in asdict(self.spec).items() if v is not None}
        data["start"] = [{**s, "tilt_deg": list(s["tilt_deg"]), "roll_deg": list(s["roll_deg"])} for s in data["start"]]
        return data


@dataclass(frozen=True, slots=True)
class _Trip:
    """A repetition with the poses it lay between."""

    rep: RepCompleted
    rest: Vector
    top: Vector


def learn(name: str, items: Iterable[StreamItem], where: str) -> Lesson:
    """The exercise of one recorded set: rest, five repetitions or more, rest.

    Args:
        name: what to call it.
        items: the recording's stream.
        where: what to call the recording in an error.

    Raises:
        RecordingError: fewer than five like movements from rest and back.
    """
    trips, posture = _trips(items)
    if trips:
        typical = median(t.rep.rom_deg for t in trips)
        trips = [t for t in trips if t.rep.rom_deg >= OUTLIER * typical]
    if len(trips) < LEAST_REPS:
        raise RecordingError(
            f"{where}: {len(trips)} like movements from rest and back found, {LEAST_REPS} are needed; "
            "record one set that begins and ends with two seconds of rest"
        )
    tilt = posture.tilt_deg(trips[0].rest)
    return Lesson(_spec(name, trips, posture), tuple(t.rep for t in trips), tilt)


def _trips(items: Iterable[StreamItem]) -> tuple[list[_Trip], Posture]:
    """Every movement from rest and back, whatever it is."""
    orientation, ticker, rest, posture = Orientation(), Ticker(), StillFinder(), Posture()
    detector = TripDetector(_anything(), None, None)
    poses, reps = dict[int, Vector](), list[RepCompleted]()
    tilts = [tilt for item in items for tilt in orientation.update(item)] + orientation.finish()
    for beat in as_beats([tick for tilt in tilts for tick in ticker.update(tilt)]):
        if isinstance(beat, Gap):
            detector.gap(beat.start_s, beat.end_s)
            continue
        rest.update(beat)
        posture.update(beat, rest)
        poses[round(beat.t_s / TICK_S)] = beat.up
        reps += [e for e in detector.update(beat, rest, posture) if isinstance(e, RepCompleted)]
    trips = [(r, poses.get(round(r.start_s / TICK_S)), poses.get(round(r.peak_s / TICK_S))) for r in reps]
    return [_Trip(r, a, b) for r, a, b in trips if a is not None and b is not None], posture


def _anything() -> ExerciseSpec:
    """An entry that lets every movement from rest and back pass."""
    start = StartPose("any", (0.0, 180.0), LEAST_DEG, "any")
    return ExerciseSpec(
        "anything", "", "raise", (start,), 175.0, 0.5, 120.0, 0.3, 0.3, "", "", "", "", top_rest_s=90.0, impacts=True
    )


def _spec(name: str, trips: list[_Trip], posture: Posture) -> ExerciseSpec:
    reps = [t.rep for t in trips]
    rom, stay_s = median(r.rom_deg for r in reps), median(r.hold_s or 0.0 for r in reps)
    holds = stay_s > HOLD_S
    lasted = [r.end_s - r.start_s for r in reps]
    least = max(OWN_SHARE * rom, 4.4)
    own = {"hold_target_s": float(round(stay_s)), "min_hold_s": HOLD_S} if holds else {}
    start = StartPose(
        "as recorded", *_start(trips[0].rest, posture), least, _way(trips, posture), _roll(trips, posture)
    )
    return ExerciseSpec(
        name=name,
        title=name.replace("_", " ").capitalize(),
        kind="hold" if holds else "raise",
        start=(start,),
        max_rom_deg=min(1.7 * max(r.rom_deg for r in reps), 170.0),
        min_rep_s=max(0.5 * min(lasted), 0.5),
        max_rep_s=max(4.0 * max(lasted), 12.0) if not holds else 240.0,
        relative_rom=0.42,
        return_share=0.3,
        counts=f"The movement of the recording it was taught with: {rom:.0f} degrees off the rest pose and back.",
        rejects=f"Less than {least:.0f} degrees, or 42 percent of your own set.",
        unseen="Everything but the thigh; a movement that looks the same at the thigh counts as well.",
        dose=f"hold {stay_s:.0f} s" if holds else "6-12 reps",
        impacts=any(r.rom_deg > 30.0 for r in reps) and _way(trips, posture) == "any",
        **own,
    )


def _start(rest: Vector, posture: Posture) -> tuple[tuple[float, float]]:
    tilt = posture.tilt_deg(rest)
    if tilt is None:
        return ((0.0, 180.0),)
    return ((max(tilt - TILT_ROOM_DEG, 0.0), min(tilt + TILT_ROOM_DEG, 180.0)),)


def _roll(trips: list[_Trip], posture: Posture) -> tuple[float, float]:
    roll = posture.roll_deg(trips[0].rest)
    if roll is None:
        return (0.0, 180.0)
    return (max(roll - ROLL_ROOM_DEG, 0.0), min(roll + ROLL_ROOM_DEG, 180.0))


def _way(trips: list[_Trip], posture: Posture) -> Direction:
    """Whether the tilt grows or shrinks on the way out; any where that is not clear, as from standing."""
    upright = posture.upright()
    if upright is None or angle_deg(trips[0].rest, upright) < 40.0:
        return "any"
    away = median(-dot(towards(t.rest, t.top), towards(t.rest, upright)) for t in trips)
    return "up" if away > 0.8 else "down" if away < -0.8 else "any"

"""Builds an exercise entry from one recorded set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from coxa.host.detect.excursion import Excursion
from coxa.host.detect.posture import Posture
from coxa.host.detect.still import StillFinder, as_beats
from coxa.host.detect.trip import TripDetector
from coxa.host.errors import RecordingError
from coxa.host.events import RepCompleted
from coxa.host.exercises.spec import Direction, ExerciseSpec, StartPose
from coxa.host.motion.orientation import Orientation
from coxa.host.motion.tangent import Vector, angle_deg, dot, towards
from coxa.host.motion.ticks import TICK_S, Ticker
from coxa.host.samples import Gap, StreamItem

LEAST_REPS = 5
"""Fewer repetitions do not show how much they vary."""
LEAST_DEG = 5.0
"""Smaller movements are not told from swaying and breathing."""
OWN_SHARE = 0.45
"""A repetition counts from this share of the recorded ones on, as `relative_rom` of the built-in exercises."""
HOLD_S = 4.0
"""Repetitions that stay at the top for longer than this are holds."""
RAISE_TOP_S, HOLD_TOP_S = 4.0, 90.0
"""Longest rest at the far end: raises are looked for first, since lying down is a rest at the far end, too."""
REST_S = 1.0
"""A rest of this length may be one between repetitions."""
SAME_REST_DEG = 25.0
"""Movements whose rest poses lie this near to each other are one series; walking to the mat is another."""
TILT_ROOM_DEG, ROLL_ROOM_DEG = 20.0, 40.0
"""How far another start pose may lie from the recorded one."""
STANDING_DEG, SUNK_M = 38.0, 0.03
"""A thigh tilted less stands; one that sinks by more on its way out came from the top (`leg_raise_2`: 0.1 m)."""
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
    lift_m: float | None
    """How far the sensor rose on the way out; None where that was not seen."""


def learn(name: str, items: Iterable[StreamItem], where: str) -> Lesson:
    """The exercise of one recorded set: rest, five repetitions or more, rest.

    Args:
        name: what to call it.
        items: the recording's stream.
        where: what to call the recording in an error.

    Raises:
        RecordingError: fewer than five like movements from rest and back.
    """
    walked = _Watched(items)
    found = [walked.trips(start, top_s) for start in walked.starts() for top_s in (RAISE_TOP_S, HOLD_TOP_S)]
    posture = walked.posture
    trips = max(found, key=lambda f: (len(f) >= LEAST_REPS, _from_rest(f, posture), _lasted_s(f)), default=[])
    if len(trips) < LEAST_REPS:
        raise RecordingError(
            f"{where}: {len(trips)} like movements from rest and back found, {LEAST_REPS} are needed; "
            "record one set that begins and ends with two seconds of rest"
        )
    tilt = posture.tilt_deg(trips[0].rest)
    return Lesson(_spec(name, trips, posture), tuple(t.rep for t in trips), tilt)


class _Watched:
    """A recording seen once: its ticks, its rests and how the thigh stood at the end."""

    def __init__(self, items: Iterable[StreamItem]) -> None:
        orientation, ticker = Orientation(), Ticker()
        tilts = [tilt for item in items for tilt in orientation.update(item)] + orientation.finish()
        self._beats = as_beats([tick for tilt in tilts for tick in ticker.update(tilt)])
        ticks = [k for beat in self._beats if not isinstance(beat, Gap) for k in beat.each]
        self._poses = {round(k.t_s / TICK_S): k.up for k in ticks}
        self._ticks = ticks
        self.posture, self._rests = self._rest_poses()

    def _rest_poses(self) -> tuple[Posture, list[Vector]]:
        rest, posture, poses, said = StillFinder(), Posture(), list[Vector](), False
        for beat in self._beats:
            if isinstance(beat, Gap):
                rest.gap(beat.end_s - beat.start_s)
                continue
            rest.look(beat)
            posture.look(beat)
            for k, tick in enumerate(beat.each):
                rest.at(k)
                posture.update(k, rest)
                long = rest.lasts_s(tick.t_s) >= REST_S
                if long and not said:
                    poses.append(rest.pose())
                said = long
        return posture, poses

    def starts(self) -> list[StartPose]:
        """Poses in which the person rested several times, and how a series from there would begin."""
        starts = list[StartPose]()
        for pose in self._rests:
            alike = sum(angle_deg(pose, other) < SAME_REST_DEG for other in self._rests)
            start = StartPose("as recorded", *_start(pose, self.posture), LEAST_DEG, "any", _roll(pose, self.posture))
            if alike >= 2 and start not in starts:
                starts.append(start)
        return starts

    def trips(self, start: StartPose, top_rest_s: float) -> list[_Trip]:
        """The longest series of like movements from one rest pose of that kind and back, whatever they are."""
        spec = _anything(start, top_rest_s)
        detector, rest, posture = TripDetector(spec, None, None), StillFinder(), Posture()
        reps = list[RepCompleted]()
        for beat in self._beats:
            if isinstance(beat, Gap):
                detector.gap(beat.start_s, beat.end_s)
                continue
            rest.look(beat)
            posture.look(beat)
            for k, tick in enumerate(beat.each):
                rest.at(k)
                posture.update(k, rest)
                reps += [e for e in detector.update(tick, rest, posture) if isinstance(e, RepCompleted)]
        known = [self._trip(r) for r in reps if round(r.start_s / TICK_S) in self._poses]
        series = [[t for t in known if angle_deg(t.rest, one.rest) < SAME_REST_DEG] for one in known]
        best = max(series, key=_lasted_s, default=[])
        typical = median(t.rep.rom_deg for t in best) if best else 0.0
        return [t for t in best if t.rep.rom_deg >= OUTLIER * typical]

    def _trip(self, rep: RepCompleted) -> _Trip:
        rest, top = (self._poses[round(s / TICK_S)] for s in (rep.start_s, rep.peak_s))
        out = [(k, False) for k in self._ticks if rep.start_s <= k.t_s <= rep.peak_s]
        return _Trip(rep, rest, top, Excursion.over(rest, rep.start_s, out).lift_m() if out else None)


def _from_rest(trips: list[_Trip], posture: Posture) -> bool:
    """Whether the series leaves from where the person rests, not from the top of it: seen from there a raise sinks.

    From standing the thigh may sink, and needs no proof: nobody repeats standing up.
    """
    if not trips:
        return False
    tilt_deg = posture.tilt_deg(trips[0].rest)
    lifts_m = [t.lift_m for t in trips if t.lift_m is not None]
    return not lifts_m or (tilt_deg is not None and tilt_deg < STANDING_DEG) or median(lifts_m) > -SUNK_M


def _lasted_s(trips: list[_Trip]) -> float:
    return sum(t.rep.end_s - t.rep.start_s for t in trips)


def _anything(start: StartPose, top_rest_s: float) -> ExerciseSpec:
    """An entry that lets every movement from that rest and back pass."""
    return ExerciseSpec(
        "anything", "", "raise", (start,), 175.0, 0.5, 120.0, 0.3, 0.3, *[""] * 4, top_rest_s=top_rest_s, impacts=True
    )


def _spec(name: str, trips: list[_Trip], posture: Posture) -> ExerciseSpec:
    reps = [t.rep for t in trips]
    rom, stay_s = median(r.rom_deg for r in reps), median(r.hold_s or 0.0 for r in reps)
    holds = stay_s > HOLD_S
    lasted = [r.end_s - r.start_s for r in reps]
    least = max(OWN_SHARE * rom, 4.4)
    start = StartPose(
        "as recorded", *_start(trips[0].rest, posture), least, _way(trips, posture), _roll(trips[0].rest, posture)
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
        hold_target_s=float(round(stay_s)) if holds else None,
        min_hold_s=HOLD_S,
    )


def _start(rest: Vector, posture: Posture) -> tuple[tuple[float, float]]:
    tilt = posture.tilt_deg(rest)
    if tilt is None:
        return ((0.0, 180.0),)
    return ((max(tilt - TILT_ROOM_DEG, 0.0), min(tilt + TILT_ROOM_DEG, 180.0)),)


def _roll(rest: Vector, posture: Posture) -> tuple[float, float]:
    roll = posture.roll_deg(rest)
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

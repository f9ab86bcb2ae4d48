"""`coxa teach`: builds an exercise entry from one recorded set. Pure: the recording's stream in, an entry out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import StillFinder, Tick, Ticks, as_beats
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip import TripDetector
from coxa.host.errors import RecordingError
from coxa.host.events import RepCompleted
from coxa.host.exercises.ranges import ANGLE_DEG
from coxa.host.exercises.spec import ANY_ROLL_DEG, ExerciseSpec, StartPose, TiltChange
from coxa.host.motion.orientation import Orientation
from coxa.host.motion.tangent import Vector, angle_deg, dot, towards
from coxa.host.motion.ticks import TICK_S, Ticker
from coxa.host.samples import Gap, StreamItem

LEAST_REPS = 5
"""Fewer repetitions do not show how much they vary."""


@dataclass(frozen=True, slots=True)
class TeachParams:
    """What is looked for in the recording, and how much room the entry leaves about what was found in it.

    Checked on the simulated people and the recording of `tests/test_teach.py`.
    """

    seen_deg: float = 5.0
    """Smaller movements are not told from swaying and breathing, nor rests that lie so near to each other. 4 to 6."""
    raise_top_s: float = 4.0
    hold_top_s: float = 90.0
    """Longest rest at the far end: raises are looked for first, since lying down is a rest at the far end, too. 2 to 8
    s, 45 to 180 s: nothing breaks (`tests/test_teach.py`: `leg_raise_2` is learned)."""
    rest_s: float = 1.0
    """A rest of this length may be one between repetitions. 0.7 to 1.5."""
    same_rest_deg: float = 25.0
    """Movements whose rest poses lie this near to each other are one series; walking to the mat is another. 20 to 30
    degrees."""
    outlier_share: float = 0.5
    """Movements smaller than this share of the median are getting ready, not repetitions. 0.4 to 0.6."""
    standing_deg: float = 38.0
    """A thigh tilted less stands, as the start poses of the library have it."""
    sunk_m: float = 0.03
    """One that sinks by more on its way out came from the top (`leg_raise_2`: 0.1 m). 0.02 to 0.05."""
    any_deg: float = 40.0
    straight_cos: float = 0.8
    """A thigh that rests nearer to upright may go any way; else the tilt grows or shrinks where the way out follows it
    so well (cosine). 35 to 45 degrees, 0.75 to 0.9."""
    hold_s: float = 4.0
    """Repetitions that stay at the top for longer than this are holds, and shorter stays of a hold are none. 3 to 6."""
    knock_deg: float = 30.0
    """What goes further from standing puts the foot down, as a lunge does. 25 to 35."""
    own_share: float = 0.45
    least_deg: float = 4.4
    """A repetition counts from this share of the recorded ones on, and from no less than the library's smallest. 0.4 to
    0.5, 4 to 6 degrees."""
    set_share: float = 0.42
    return_share: float = 0.3
    """`relative_rom` and `return_share`, as of the library's raises."""
    most_times: float = 1.7
    most_deg: float = 170.0
    """What goes so many times as far as the largest recorded repetition is something else. 1.5 to 2."""
    quickest_times: float = 0.5
    quickest_s: float = 0.5
    slowest_times: float = 4.0
    slowest_s: float = 12.0
    longest_hold_s: float = 240.0
    """How much quicker than the quickest and slower than the slowest one may be, and limits for all. Half to twice of
    each: nothing breaks (`tests/test_teach.py`: `leg_raise_2` is learned)."""
    tilt_room_deg: float = 20.0
    roll_room_deg: float = 40.0
    """How far another start pose may lie from the recorded one. 15 to 25 and 30 to 45 degrees."""


_P = TeachParams()


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
    watched = _Watched(items)
    found = [watched.trips(start, top_s) for start in watched.starts() for top_s in (_P.raise_top_s, _P.hold_top_s)]
    posture = watched.posture
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
        for tick in _shown(self._beats, rest, posture):
            if isinstance(tick, Gap):
                continue
            long = rest.lasts_s(tick.t_s) >= _P.rest_s
            if long and not said:
                poses.append(rest.pose())
            said = long
        return posture, poses

    def starts(self) -> list[StartPose]:
        """Poses in which the person rested several times, and how a series from there would begin."""
        poses = list[Vector]()
        for pose in self._rests:
            alike = sum(angle_deg(pose, other) < _P.same_rest_deg for other in self._rests)
            if alike >= 2 and all(angle_deg(pose, other) > _P.seen_deg for other in poses):
                poses.append(pose)
        return [_start(pose, self.posture, _P.seen_deg, "any") for pose in poses]

    def trips(self, start: StartPose, top_rest_s: float) -> list[_Trip]:
        """The longest series of like movements from one rest pose of that kind and back, whatever they are."""
        detector, rest, posture = TripDetector(_anything(start, top_rest_s), None, None), StillFinder(), Posture()
        reps = list[RepCompleted]()
        for tick in _shown(self._beats, rest, posture):
            if isinstance(tick, Gap):
                detector.gap(tick)
            else:
                reps += [e for e in detector.update(tick, rest, posture) if isinstance(e, RepCompleted)]
        known = [self._trip(r) for r in reps if round(r.start_s / TICK_S) in self._poses]
        series = [[t for t in known if angle_deg(t.rest, one.rest) < _P.same_rest_deg] for one in known]
        best = max(series, key=_lasted_s, default=[])
        typical = median(t.rep.rom_deg for t in best) if best else 0.0
        return [t for t in best if t.rep.rom_deg >= _P.outlier_share * typical]

    def _trip(self, rep: RepCompleted) -> _Trip:
        rest, top = (self._poses[round(s / TICK_S)] for s in (rep.start_s, rep.peak_s))
        out = [(k, False) for k in self._ticks if rep.start_s <= k.t_s <= rep.peak_s]
        return _Trip(rep, rest, top, height.lift_m(Excursion.over(rest, rep.start_s, out)) if out else None)


def _shown(beats: Sequence[Ticks | Gap], rest: StillFinder, posture: Posture) -> Iterator[Tick | Gap]:
    """Each tick, once `rest` and `posture` have taken it, and each gap."""
    for beat in beats:
        if isinstance(beat, Gap):
            rest.gap(beat.end_s - beat.start_s)
            yield beat
            continue
        rest.look(beat)
        posture.look(beat)
        for k, tick in enumerate(beat.each):
            rest.at(k)
            posture.update(k, rest)
            yield tick


def _from_rest(trips: list[_Trip], posture: Posture) -> bool:
    """Whether the series leaves from where the person rests, not from the top of it: seen from there a raise sinks.

    From standing the thigh may sink, and needs no proof: nobody repeats standing up.
    """
    if not trips:
        return False
    tilt_deg = posture.tilt_deg(trips[0].rest)
    lifts_m = [t.lift_m for t in trips if t.lift_m is not None]
    return not lifts_m or (tilt_deg is not None and tilt_deg < _P.standing_deg) or median(lifts_m) > -_P.sunk_m


def _lasted_s(trips: list[_Trip]) -> float:
    return sum(t.rep.end_s - t.rep.start_s for t in trips)


def _anything(start: StartPose, top_rest_s: float) -> ExerciseSpec:
    """An entry that lets every movement from that rest and back pass."""
    return ExerciseSpec(
        name="anything",
        title="",
        kind="raise",
        start=(start,),
        max_rom_deg=175.0,
        min_rep_s=0.5,
        max_rep_s=120.0,
        relative_rom=0.3,
        return_share=0.3,
        counts="",
        rejects="",
        unseen="",
        dose="",
        top_rest_s=top_rest_s,
        impacts=True,
    )


def _spec(name: str, trips: list[_Trip], posture: Posture) -> ExerciseSpec:
    reps = [t.rep for t in trips]
    rom, stay_s = median(r.rom_deg for r in reps), median(r.hold_s or 0.0 for r in reps)
    holds = stay_s > _P.hold_s
    lasted = [r.end_s - r.start_s for r in reps]
    least = max(_P.own_share * rom, _P.least_deg)
    way = _way(trips, posture)
    return ExerciseSpec(
        name=name,
        title=name.replace("_", " ").capitalize(),
        kind="hold" if holds else "raise",
        start=(_start(trips[0].rest, posture, least, way),),
        max_rom_deg=min(_P.most_times * max(r.rom_deg for r in reps), _P.most_deg),
        min_rep_s=max(_P.quickest_times * min(lasted), _P.quickest_s),
        max_rep_s=_P.longest_hold_s if holds else max(_P.slowest_times * max(lasted), _P.slowest_s),
        relative_rom=_P.set_share,
        return_share=_P.return_share,
        counts=f"The movement of the recording it was taught with: {rom:.0f} degrees off the rest pose and back.",
        rejects=f"Less than {least:.0f} degrees, or {100 * _P.set_share:.0f} percent of your own set.",
        unseen="Everything but the thigh; a movement that looks the same at the thigh counts as well.",
        dose=f"hold {stay_s:.0f} s" if holds else "6-12 reps",
        impacts=any(r.rom_deg > _P.knock_deg for r in reps) and way == "any",
        hold_target_s=float(round(stay_s)) if holds else None,
        min_hold_s=_P.hold_s,
    )


def _start(rest: Vector, posture: Posture, least_deg: float, way: TiltChange) -> StartPose:
    """The pose from which a set was seen to begin, with room about it as far as it is known how the thigh lay."""
    tilt_deg, roll_deg = posture.tilt_deg(rest), posture.roll_deg(rest)
    tilts = ANGLE_DEG if tilt_deg is None else _about(tilt_deg, _P.tilt_room_deg)
    rolls = ANY_ROLL_DEG if roll_deg is None else _about(roll_deg, _P.roll_room_deg)
    return StartPose("as recorded", tilts, least_deg, way, rolls)


def _about(angle_deg: float, room_deg: float) -> tuple[float, float]:
    return (max(angle_deg - room_deg, ANGLE_DEG[0]), min(angle_deg + room_deg, ANGLE_DEG[1]))


def _way(trips: list[_Trip], posture: Posture) -> TiltChange:
    """Whether the tilt grows or shrinks on the way out; any where that is not clear, as from standing."""
    upright = posture.upright()
    if upright is None or angle_deg(trips[0].rest, upright) < _P.any_deg:
        return "any"
    away = median(-dot(towards(t.rest, t.top), towards(t.rest, upright)) for t in trips)
    return "up" if away > _P.straight_cos else "down" if away < -_P.straight_cos else "any"

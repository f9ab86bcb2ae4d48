"""Stream items in, events out: the one path that live sessions, replay and cohorts share."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import repeat
from typing import Protocol, TypeVar

import numpy as np

from coxa.host.detect.axes import next_of
from coxa.host.detect.circle import CircleDetector
from coxa.host.detect.fall import FallWatch
from coxa.host.detect.mounting import Mounting
from coxa.host.detect.open_hold import OpenHold
from coxa.host.detect.posture import Posture
from coxa.host.detect.quality import less_certain
from coxa.host.detect.recogniser import Detector, OneDetector, Recogniser
from coxa.host.detect.still import StillFinder, Tick, Ticks, as_beats
from coxa.host.detect.trip import TripDetector
from coxa.host.detect.two_looks import TwoLooks
from coxa.host.events import Event, RepCompleted, Side, TrackingLost, TrackingResumed
from coxa.host.exercises.spec import ExerciseSpec, exercise, library
from coxa.host.motion.orientation import Orientation
from coxa.host.motion.tangent import Vector, angle_deg, cross, dot, plane_at
from coxa.host.motion.ticks import Ticker
from coxa.host.samples import Gap, StreamItem

AUTO = "auto"
"""The name to ask for when the exercise is to be recognised."""
SLIPPED = "the strap has slipped"
"""How the reason of a slip begins; what comes after it in a session is marked."""
DOUBTFUL = "gravity does not follow the movement"
"""How the reason of a sensor begins that moves as nothing can."""
LOST_S = 0.5
"""A gap longer than this is told to the user."""
FORGET_S = 30.0
"""After a longer gap the rest pose is taken anew: the person may have moved."""
TRAIL_TICKS = 50
"""2 s of trail: more than anybody who looks on lets pass."""
FAULT_REST_S = 1.5
FAULT_TICKS = 20
"""So many ticks in a row must say so (0.8 s): a knock on the sensor is no fault."""
FAULT_MPS2 = 4.0
"""At rest no working accelerometer is this far from 1 g: zero and scale errors of the datasheets give 0.7 m/s2 at most,
and soft tissue trembles by another 1 or 2 (kinematic recordings)."""


@dataclass(frozen=True, slots=True)
class LiveView:
    """What a screen shows right now; read it after `feed`, it decides nothing."""

    t_s: float | None
    elevation_deg: float | None
    """Angle of the thigh against its rest pose; None before the first rest."""
    reps: int
    """Repetitions counted in the present set."""
    hold_s: float | None
    """Clock of the running hold, None when there is none."""
    exercise: str
    side: Side | None
    state: str
    """A word or two for the screen: 'waiting for rest', 'ready', 'moving', 'holding', 'no signal'."""

    needed_deg: float | None = None
    """What the next repetition must reach to be counted; None before the first rest."""
    band_deg: tuple[float, float] | None = None
    """Between which angles the running hold must stay."""
    up: Vector | None = None
    """Direction of up in the thigh's frame (anterior, proximal, right); None until the thigh has stood. While it is not
    known where the front is, any direction across the thigh stands for it."""


Told = TypeVar("Told", covariant=True)


class StrapWatcher(Protocol[Told]):
    """Something that looks at each tick and at how long the sensor rests."""

    def update(self, tick: Tick, rest: StillFinder) -> Told:
        """What it makes of it."""
        ...


class Tracker:
    """Tracks one exercise on one thigh. Holds no clock: time comes from the samples.

    Raises:
        SpecError: the library has no such exercise.
    """

    def __init__(self, exercise_name: str, side: Side | None = None, hold_target_s: float | None = None) -> None:
        self._name = exercise_name
        self._side: Side | None = side
        self._orientation, self._ticker = Orientation(), Ticker()
        self._rest, self._posture = StillFinder(), Posture()
        self._detector = self._new_detector(hold_target_s)
        self._tick: Tick | None = None
        self._gap: Gap | None = None
        self._faulty, self._doubt = False, 0
        self._told_thigh = False
        self._open_hold = OpenHold()
        self._trail: deque[tuple[Tick, Vector]] = deque(maxlen=TRAIL_TICKS)
        """With the rest pose that the thigh had then."""
        self._shown: Ticks | None = None
        """The ticks that are being shown to the detector, None once all are."""
        self._at = 0
        """How many of them it has seen."""
        self._off: list[int] = []
        """Those in which the specific force is not what it can be."""
        self._fall_watch = FallWatch()
        self._fall: int | None = None
        """The tick shown in which the sensor seems to have been falling for long."""

    def _new_detector(self, hold_target_s: float | None) -> Detector:
        def detector(spec: ExerciseSpec) -> OneDetector:
            if spec.kind == "circle":
                return CircleDetector(spec, self._side)
            return TripDetector(spec, self._side, hold_target_s)

        if self._name == AUTO:
            return Recogniser(library(), detector)
        spec = exercise(self._name)
        return TwoLooks(detector(spec), spec)

    def switch(self, exercise_name: str, side: Side | None = None, hold_target_s: float | None = None) -> list[Event]:
        """Go on with another exercise; orientation and posture stay known. Closes what is open."""
        events = self._stated(self._detector.finish())
        self._open_hold.forget()
        self._name, self._side, self._told_thigh = exercise_name, side, False
        self._detector = self._new_detector(hold_target_s)
        return events

    def remount(
        self,
        exercise_name: str,
        side: Side | None = None,
        hold_target_s: float | None = None,
        mounting: Mounting | None = None,
    ) -> None:
        """The sensor sits elsewhere now, as `mounting` where the person has shown it; orientation goes on."""
        self._name, self._side, self._told_thigh = exercise_name, side, False
        self._posture, self._fall_watch = Posture(), FallWatch()
        if mounting is not None:
            self._posture.tell(mounting)
        if self._tick is not None:
            shown, at = (Ticks.single(self._tick), 0) if self._shown is None else (self._shown, self._at - 1)
            self._posture.look(shown, at)
            self._posture.update(at, self._rest)
        self._detector = self._new_detector(hold_target_s)
        self._open_hold.forget()

    @property
    def holding(self) -> bool:
        """Whether a hold's clock runs."""
        return self._detector.hold_s is not None

    @property
    def moving(self) -> bool:
        """Whether the thigh is away from its rest pose, holding or on its way."""
        return self._detector.moving

    def rest_s(self, t_s: float) -> float:
        """For how long the thigh has been at rest at `t_s`."""
        return self._rest.lasts_s(t_s)

    def shown_to(self, watcher: StrapWatcher[Told], tick: Tick) -> Told:
        """What a watcher of the strap makes of this tick."""
        return watcher.update(tick, self._rest)

    def feed(self, item: StreamItem) -> list[Event]:
        """Take the next item; give the events that it decided."""
        return [event for beat in self.beats(item) for event in self.take(beat)]

    def finish(self) -> list[Event]:
        """The stream is over: close what is open."""
        events = [event for beat in self.last_beats() for event in self.take(beat)]
        return [*events, *self._stated(self._detector.finish())]

    def beats(self, item: StreamItem) -> list[Ticks | Gap]:
        """The ticks of the next item, or the gap, not yet shown to the detector."""
        return as_beats([ticks for tilt in self._orientation.update(item) for ticks in self._ticker.update(tilt)])

    def last_beats(self) -> list[Ticks | Gap]:
        """The ticks that were held back at the end of the stream."""
        return as_beats([ticks for tilt in self._orientation.finish() for ticks in self._ticker.update(tilt)])

    def take(self, beat: Ticks | Gap) -> list[Event]:
        """Show ticks or a gap to the detector."""
        if isinstance(beat, Gap):
            return self.lose(beat)
        events, at = list[Event](), 0
        while at < len(beat):
            at, new = self.advance(beat, at, len(beat))
            events += new
        return events

    def advance(self, ticks: Ticks, at: int, end: int) -> tuple[int, list[Event]]:
        """Show the detector ticks `[at, end)`, up to the first that decides something: what, and where to go on.

        Ticks are shown in their order and to the last before others are.
        """
        if at == 0:
            self._look(ticks)
        events = list[Event]()
        while at < end and not events:
            skipped = self._skip(ticks, at, end)
            self._at = at = skipped + 1 if skipped < end else end
            if skipped < end:
                events = self._tracked(ticks, skipped)
        if at == len(ticks):
            self._rest.settle()
            self._posture.settle()
            self._shown, self._at = None, 0
        return at, events

    def fits(self, exercise_name: str) -> bool:
        """Whether the thigh rests in a pose from which that exercise may begin, as far as the posture is known."""
        if self._tick is None or not self._rest.still:
            return False
        if exercise_name == AUTO:
            return True
        return self._posture.start_of(self._tick.up, exercise(exercise_name).start) is not None

    def lose(self, gap: Gap) -> list[Event]:
        """Tell the detector that samples are missing."""
        lost_s = gap.end_s - gap.start_s
        self._gap = gap if self._gap is None else Gap(self._gap.start_s, gap.end_s)
        self._fall_watch.clear()
        self._detector.gap(gap.start_s, gap.end_s)
        self._rest.gap(lost_s)
        if lost_s <= LOST_S:
            return []
        self._posture.clear()
        events = list[Event]()
        if lost_s > FORGET_S:
            self._open_hold.forget()
            events = self._stated(self._detector.forget())
        return [*events, TrackingLost(gap.start_s, "no samples", gap.end_s)]

    def _look(self, ticks: Ticks) -> None:
        self._shown, self._at = ticks, 0
        self._rest.look(ticks)
        self._posture.look(ticks)
        off = (ticks.shock_mps2 > FAULT_MPS2) & (self._rest.lasted_s >= FAULT_REST_S)
        self._fall = self._fall_watch.look(ticks)
        if self._fall is not None:
            off[self._fall] = True
        self._off = np.flatnonzero(off).tolist()

    def _skip(self, ticks: Ticks, at: int, end: int) -> int:
        """Let the detector pass over ticks in which nothing happens; gives the first that has to be looked at."""
        detector = self._detector
        if not isinstance(detector, TwoLooks) or detector.waits:
            return at
        if self._gap is not None or self._faulty or self._doubt:
            return at
        twists = self._twists()
        quiet = self._posture.quiet(at, next_of(self._off, at, end), self._rest, learn_front=not twists)
        if quiet == at:
            return at
        to = detector.skip(ticks, at, quiet, self._rest, self._posture)
        if to > at:
            self._rest.at(to - 1)
            self._posture.pass_over(at, to, learn_front=not twists)
            self._tick, rest = ticks.each[to - 1], detector.rest
            if rest is not None:
                self._trail.extend(zip(ticks.each[max(at, to - TRAIL_TICKS) : to], repeat(rest)))
        return to

    def _tracked(self, ticks: Ticks, at: int) -> list[Event]:
        events, tick = list[Event](), ticks.each[at]
        if self._gap is not None and self._gap.end_s - self._gap.start_s > LOST_S:
            events.append(TrackingResumed(self._gap.end_s, "samples again", tick.t_s))
        self._gap, self._tick = None, tick
        self._rest.at(at)
        if self._rest.lasts_s(tick.t_s) >= FAULT_REST_S:
            was_faulty = self._faulty
            events += self._checked(tick)
            if was_faulty and not self._faulty:
                self._posture.look(ticks, at)
        if at == self._fall:
            events += self._does_not_follow(tick)
        if self._faulty:
            return events
        self._posture.update(at, self._rest, learn_front=not self._twists())
        slipped_deg = self._posture.slipped_deg
        if slipped_deg is not None and (self._name == AUTO or not self._posture.doubt()):
            events += self._slipped(tick, slipped_deg)
        counted = self._stated(self._detector.update(tick, self._rest, self._posture))
        counted += self._open_hold.answer(counted, self._detector, self._exercise(), tick.t_s)
        rest = self._detector.rest
        if rest is not None:
            self._trail.append((tick, rest))
        if counted:
            events += counted
            events += self._other_thigh(counted, tick)
        return events

    def _stated(self, events: list[Event]) -> list[Event]:
        """Events as they may be said: without a gyro angles are less certain, and smoothness is not known."""
        return [less_certain(e) for e in events] if self._orientation.by_gravity else events

    def _twists(self) -> bool:
        """Whether an exercise is on that turns the thigh about its own axis."""
        d = self._detector
        if not d.moving:
            return False
        name = d.exercise if isinstance(d, Recogniser) else self._name
        return name is not None and exercise(name).twists

    def _slipped(self, tick: Tick, turned_deg: float) -> list[Event]:
        """A strap that has turned round the thigh: what was measured before does not compare with what comes."""
        reason = f"{SLIPPED} by about {turned_deg:.0f} degrees"
        again = TrackingResumed(tick.t_s, "axes learned anew", tick.t_s)
        return [TrackingLost(tick.t_s, reason, tick.t_s), again]

    def _other_thigh(self, counted: list[Event], tick: Tick) -> list[Event]:
        """Lying on one side the upper leg works: its outer side must face up, or the sensor is on the other thigh."""
        rest = self._detector.rest
        raised = any(isinstance(e, RepCompleted) and e.exercise == "lateral_leg_raise" for e in counted)
        if not raised or rest is None or self._side is None or self._told_thigh:
            return []
        upper = self._posture.upper_side(rest)
        if upper is None or upper == self._side:
            return []
        self._told_thigh = True
        reason = f"the sensor seems to be on the {upper} thigh, not the {self._side}"
        return [TrackingLost(tick.t_s, reason, tick.t_s), TrackingResumed(tick.t_s, "counting goes on", tick.t_s)]

    @property
    def mounting(self) -> Mounting | None:
        """How the sensor sits; None until known."""
        upright, front = self._posture.upright(), self._posture.front()
        return None if upright is None or front is None else Mounting(upright, front)

    def _checked(self, tick: Tick) -> list[Event]:
        """At rest an accelerometer reads 1 g, whatever its pose; one with a dead axis does not."""
        wrong = tick.shock_mps2 > FAULT_MPS2
        self._doubt = self._doubt + 1 if wrong != self._faulty else 0
        if self._doubt < FAULT_TICKS:
            return []
        self._faulty, self._doubt = wrong, 0
        if not wrong:
            return [TrackingResumed(tick.t_s, "accelerometer reads 1 g again", tick.t_s)]
        reason = f"accelerometer is {tick.shock_mps2:.1f} m/s2 off 1 g at rest: an axis is dead or the scale is wrong"
        self._open_hold.forget()
        return [*self._stated(self._detector.forget()), TrackingLost(tick.t_s, reason, tick.t_s)]

    def _does_not_follow(self, tick: Tick) -> list[Event]:
        reason = f"{DOUBTFUL}: an axis of accelerometer or gyroscope is dead or its scale is wrong, counts are doubtful"
        return [TrackingLost(tick.t_s, reason, tick.t_s), TrackingResumed(tick.t_s, "counting goes on", tick.t_s)]

    @property
    def view(self) -> LiveView:
        """The state after the newest item."""
        d, tick = self._detector, self._tick
        elevation = None if tick is None or d.rest is None else angle_deg(d.rest, tick.up)
        t_s = None if tick is None else tick.t_s
        return LiveView(
            t_s,
            elevation,
            d.reps,
            d.hold_s,
            self._exercise(),
            self._side,
            self._state(),
            d.needed_deg,
            d.band_deg,
            self._up_in_thigh(),
        )

    @property
    def trail(self) -> list[tuple[float, float]]:
        """Time and elevation in degrees of the newest ticks, oldest first."""
        return [(tick.t_s, angle_deg(rest, tick.up)) for tick, rest in self._trail]

    def _up_in_thigh(self) -> Vector | None:
        proximal, tick = self._posture.upright(), self._tick
        if proximal is None or tick is None:
            return None
        anterior = self._posture.front() or plane_at(proximal)[0]
        return dot(tick.up, anterior), dot(tick.up, proximal), dot(tick.up, cross(anterior, proximal))

    def _exercise(self) -> str:
        d = self._detector
        return (d.exercise or "unknown") if isinstance(d, Recogniser) else self._name

    def _state(self) -> str:
        d = self._detector
        if self._gap is not None:
            return "no signal"
        if self._faulty:
            return "sensor faulty"
        if d.rest is None:
            return "waiting for rest"
        if d.hold_s is not None:
            return "holding"
        return "moving" if d.moving else "ready"

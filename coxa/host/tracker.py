"""Stream items in, events out: the one path that live sessions, replay and cohorts share."""

from __future__ import annotations

from coxa.host.detect.auto.recogniser import Recogniser
from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.body.strap import OtherThigh, StrapWatcher, Told, slipped
from coxa.host.detect.circles.circle import CircleDetector
from coxa.host.detect.continuity import Continuity, lost_s
from coxa.host.detect.detector import Detector, OneDetector
from coxa.host.detect.looks.two_looks import TwoLooks
from coxa.host.detect.sensor_trust import SensorTrust
from coxa.host.detect.still import StillFinder, Tick, Ticks, as_beats
from coxa.host.detect.trips.open_hold import OpenHold
from coxa.host.detect.trips.trip import TripDetector
from coxa.host.detect.uncertainty import less_certain
from coxa.host.events import Event, Side
from coxa.host.exercises.spec import ExerciseSpec, exercise, library
from coxa.host.live_view import LiveView, Trail, view
from coxa.host.motion.orientation import Orientation
from coxa.host.motion.ticks import Ticker
from coxa.host.samples import Gap, StreamItem

AUTO = "auto"
"""The name to ask for when the exercise is to be recognised."""


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
        self._posture.follow(raises=_raises(exercise_name), holds=exercise_name == AUTO)
        self._detector = _detector(exercise_name, side, hold_target_s)
        self._open_hold = OpenHold()
        self._stream, self._trust, self._thigh = Continuity(), SensorTrust(), OtherThigh(side)
        self._trail = Trail()
        self._tick: Tick | None = None
        """The newest."""
        self._shown: Ticks | None = None
        """The ticks that are being shown to the detector, None once all are."""
        self._at = 0
        """How many of them it has seen."""

    def switch(self, exercise_name: str, side: Side | None = None, hold_target_s: float | None = None) -> list[Event]:
        """Go on with another exercise; orientation and posture stay known. Closes what is open."""
        events = self._stated(self._detector.finish())
        self._follow(exercise_name, side, hold_target_s)
        return events

    def remount(
        self,
        exercise_name: str,
        side: Side | None = None,
        hold_target_s: float | None = None,
        mounting: Mounting | None = None,
    ) -> None:
        """The sensor sits elsewhere now, as `mounting` where the person has shown it; orientation goes on."""
        feels_height, self._posture = self._posture.feels_height, Posture()
        self._posture.feels_height = feels_height
        self._trust.remount()
        if mounting is not None:
            self._posture.tell(mounting)
        if self._tick is not None:
            shown, at = (Ticks.single(self._tick), 0) if self._shown is None else (self._shown, self._at - 1)
            self._posture.look(shown, at)
            self._posture.update(at, self._rest)
        self._follow(exercise_name, side, hold_target_s)

    def _follow(self, exercise_name: str, side: Side | None, hold_target_s: float | None) -> None:
        """From now on this exercise is the one."""
        self._name, self._side, self._thigh = exercise_name, side, OtherThigh(side)
        self._posture.follow(raises=_raises(exercise_name), holds=exercise_name == AUTO)
        self._detector = _detector(exercise_name, side, hold_target_s)
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
            at, events = self._pass_over(ticks, at, end)
            self._at = at
            if at < end and not events:
                self._at = at = at + 1
                events = self._tracked(ticks, at - 1)
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
        whole, told = self._stream.lose(gap)
        self._trust.gap()
        self._detector.gap(gap)
        self._rest.gap(lost_s(whole))
        if self._stream.is_long(whole):
            self._posture.clear()
        return [*(self._forget() if self._stream.may_have_moved(whole) else []), *told]

    def _forget(self) -> list[Event]:
        """Nothing is known of the movement any more: close what is open."""
        self._open_hold.forget()
        return self._stated(self._detector.forget())

    def _look(self, ticks: Ticks) -> None:
        self._shown, self._at = ticks, 0
        self._rest.look(ticks)
        self._posture.feels_height = ticks.feels_height
        self._posture.look(ticks)
        self._trust.look(ticks, self._rest)

    def _pass_over(self, ticks: Ticks, at: int, end: int) -> tuple[int, list[Event]]:
        """Let the detector alone take ticks in which nothing is learned of sensor and posture, up to the first that
        decides something: what, and where to go on.
        """
        detector = self._detector
        if not isinstance(detector, TwoLooks) or self._open_hold.waits:
            return at, []
        if self._stream.lost or not self._trust.settled:
            return at, []
        learn_front = not self._twists()
        quiet = self._posture.quiet(at, self._trust.quiet(at, end), self._rest, learn_front=learn_front)
        if quiet == at:
            return at, []
        to, events = detector.take(ticks, at, quiet, self._rest, self._posture)
        if to > at:
            self._rest.at(to - 1)
            self._posture.pass_over(at, to, learn_front=learn_front)
            self._tick = ticks.each[to - 1]
            self._trail.extend(ticks, at, to, detector.rest)
        return to, self._answered(events, ticks.each[to - 1]) if events else []

    def _tracked(self, ticks: Ticks, at: int) -> list[Event]:
        self._tick = tick = ticks.each[at]
        events = self._stream.resume(tick)
        self._rest.at(at)
        events += self._trusted(ticks, at, tick)
        if self._trust.faulty:
            return events
        self._posture.update(at, self._rest, learn_front=not self._twists())
        slipped_deg = self._posture.slipped_deg
        if slipped_deg is not None and (self._name == AUTO or self._posture.front_jumps(slipped_deg)):
            events += slipped(tick, slipped_deg)
        counted = self._detector.update(tick, self._rest, self._posture)
        self._trail.add(tick, self._detector.rest)
        return events + self._answered(counted, tick)

    def _answered(self, counted: list[Event], tick: Tick) -> list[Event]:
        """What the detector has said at this tick, as it may be said, and what there is to say to that."""
        counted = self._stated(counted)
        counted += self._open_hold.answer(counted, self._detector, self._exercise(), tick.t_s)
        return counted + self._thigh.answer(counted, self._detector.rest, self._posture, tick)

    def _trusted(self, ticks: Ticks, at: int, tick: Tick) -> list[Event]:
        """What is told of the sensor; a faulty one ends what is on, and posture passes over what it measured."""
        was_faulty = self._trust.faulty
        told = self._trust.update(at, tick, self._rest)
        if self._trust.faulty and not was_faulty:
            return [*self._forget(), *told]
        if was_faulty and not self._trust.faulty:
            self._posture.look(ticks, at)
        return told

    def _stated(self, events: list[Event]) -> list[Event]:
        """Events as they may be said: without a gyro angles are less certain, and smoothness is not known."""
        return events if self._posture.feels_height else [less_certain(e) for e in events]

    def _twists(self) -> bool:
        """Whether an exercise is on that turns the thigh about its own axis."""
        d = self._detector
        if not d.moving:
            return False
        name = d.exercise if isinstance(d, Recogniser) else self._name
        return name is not None and exercise(name).twists

    @property
    def mounting(self) -> Mounting | None:
        """How the sensor sits; None until known."""
        return self._posture.mounting

    @property
    def view(self) -> LiveView:
        """The state after the newest item."""
        trouble = "no signal" if self._stream.lost else "sensor faulty" if self._trust.faulty else None
        return view(self._detector, self._tick, self._posture, self._exercise(), self._side, trouble)

    @property
    def trail(self) -> list[tuple[float, float]]:
        """Time and elevation in degrees of the newest ticks, oldest first."""
        return self._trail.elevations()

    def _exercise(self) -> str:
        d = self._detector
        return (d.exercise or "unknown") if isinstance(d, Recogniser) else self._name


def _detector(exercise_name: str, side: Side | None, hold_target_s: float | None) -> Detector:
    """Raises SpecError: the library has no such exercise."""

    def one(spec: ExerciseSpec) -> OneDetector:
        return CircleDetector(spec, side) if spec.kind == "circle" else TripDetector(spec, side, hold_target_s)

    if exercise_name == AUTO:
        return Recogniser(library(), one)
    spec = exercise(exercise_name)
    return TwoLooks(one(spec), spec)


def _raises(exercise_name: str) -> bool:
    """Whether a leg is raised in the air, or may be. Raises SpecError: the library has no such exercise."""
    return exercise_name == AUTO or exercise(exercise_name).raises_leg

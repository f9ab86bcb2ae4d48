"""What a screen shows of the tracking, now and of the newest moments. It decides nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.detector import Detector
from coxa.host.detect.still import Tick, Ticks
from coxa.host.events import Side
from coxa.host.motion.tangent import Vector, angle_deg, cross, dot, plane_at

TRAIL_TICKS = 50
"""2 s of trail: more than anybody who looks on lets pass."""


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
    """A word or two for the screen: 'waiting for rest', 'ready', 'moving', 'holding', 'no signal', 'sensor faulty'; a
    coach also says 'paused' and 'strap check'."""
    needed_deg: float | None = None
    """What the next repetition must reach to be counted; None before the first rest."""
    band_deg: tuple[float, float] | None = None
    """Between which angles the running hold must stay."""
    up: Vector | None = None
    """Direction of up in the thigh's frame (anterior, proximal, right); None until the thigh has stood. While it is not
    known where the front is, any direction across the thigh stands for it."""


class Trail:
    """The newest ticks, each with the rest pose that the thigh had then."""

    def __init__(self) -> None:
        self._parts = deque[tuple[Sequence[Tick], Vector]]()
        """Ticks that follow each other, and the rest pose in all of them."""
        self._count = 0
        """How many ticks those are."""

    def add(self, tick: Tick, rest: Vector | None) -> None:
        """The next tick; without a rest pose it leaves no trail."""
        if rest is not None:
            self._append((tick,), rest)

    def extend(self, ticks: Ticks, k: int, end: int, rest: Vector | None) -> None:
        """Ticks `[k, end)`, in all of which the rest pose was that."""
        if rest is not None:
            self._append(ticks.each[max(k, end - TRAIL_TICKS) : end], rest)

    def _append(self, ticks: Sequence[Tick], rest: Vector) -> None:
        self._parts.append((ticks, rest))
        self._count += len(ticks)
        while self._count - len(self._parts[0][0]) >= TRAIL_TICKS:
            self._count -= len(self._parts.popleft()[0])

    def elevations(self) -> list[tuple[float, float]]:
        """Time and elevation in degrees, oldest first."""
        newest = [(tick, rest) for part, rest in self._parts for tick in part][-TRAIL_TICKS:]
        return [(tick.t_s, angle_deg(rest, tick.up)) for tick, rest in newest]


def view(
    detector: Detector, tick: Tick | None, posture: Posture, exercise: str, side: Side | None, trouble: str | None
) -> LiveView:
    """How it stands after the newest tick; `trouble` is the word for a stream or a sensor that cannot be followed."""
    elevation = None if tick is None or detector.rest is None else angle_deg(detector.rest, tick.up)
    return LiveView(
        None if tick is None else tick.t_s,
        elevation,
        detector.reps,
        detector.hold_s,
        exercise,
        side,
        trouble or _state(detector),
        detector.needed_deg,
        detector.band_deg,
        None if tick is None else _in_thigh(tick.up, posture),
    )


def _state(detector: Detector) -> str:
    if detector.rest is None:
        return "waiting for rest"
    if detector.hold_s is not None:
        return "holding"
    return "moving" if detector.moving else "ready"


def _in_thigh(up: Vector, posture: Posture) -> Vector | None:
    """A direction of the sensor's frame in the thigh's: anterior, proximal, right."""
    proximal = posture.upright()
    if proximal is None:
        return None
    anterior = posture.front() or plane_at(proximal)[0]
    return dot(up, anterior), dot(up, proximal), dot(up, cross(anterior, proximal))

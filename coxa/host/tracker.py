"""Stream items in, events out: the one path that live sessions, replay and cohorts share."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.events import Event, Side
from coxa.host.samples import StreamItem


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
    """One word or two for the screen: 'waiting for rest', 'ready', 'moving', 'holding', 'no signal'."""


class Tracker:
    """Tracks one exercise on one thigh. Holds no clock: time comes from the samples."""

    def __init__(self, exercise: str, side: Side | None = None, hold_target_s: float | None = None) -> None:
        self._view = LiveView(None, None, 0, None, exercise, side, "waiting for rest")

    def feed(self, item: StreamItem) -> list[Event]:
        """Take the next item; give the events that it decided."""
        return []

    def finish(self) -> list[Event]:
        """The stream is over: close what is open."""
        return []

    @property
    def view(self) -> LiveView:
        """The state after the newest item."""
        return self._view

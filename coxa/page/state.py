"""What the live page shows, kept as plain data: written by the session's thread, read by the server's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from secrets import token_hex
from typing import Any, TypeAlias

from coxa.analysis.names import angle_text, apart, held_text
from coxa.host.cues import Cue
from coxa.host.cues.leading import side_told
from coxa.host.cues.reasons import what_is_wrong
from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted, RepRejected, Side, TrackingLost
from coxa.host.exercises.spec import library
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.live_view import LiveView
from coxa.host.routine import Coach, SetPlan
from coxa.host.voice import Phrases
from coxa.host.voice.fresh import ORDER, HostClock
from coxa.host.watcher import Watcher

Message: TypeAlias = dict[str, Any]
TRACE_S = 30.0
"""So much of the trace a browser is given that comes late."""
MARKS = 200
"""So many repetitions, rejections and holds are kept for it."""
CUES = 12
"""So many cues: several come at one moment, and a browser may be away for another."""


class PageWatcher(Watcher):
    """Looks on and keeps what there is to show. Every call takes a lock for a moment and returns at once."""

    def __init__(
        self,
        plan: tuple[SetPlan, ...],
        phrases: Phrases,
        voiceless: Callable[[], bool] = lambda: False,
        says: Callable[[Cue], bool] = lambda _: True,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Args:
        plan: the sets.
        phrases: the language.
        voiceless: whether the machine's own voice has failed, so that the browser should speak.
        says: whether a voice as talkative as was asked for says a cue.
        now: a clock in seconds.
        """
        self._plan, self._phrases, self._voiceless = plan, phrases, voiceless
        self._says, self._now = says, now
        self._lock = threading.Lock()
        self._wakers: set[Callable[[], None]] = set()
        self._state: Message = {"linked": False, "over": False, "count": 0, "set": 0}
        self._trace: list[tuple[float, float]] = []
        self._marks: list[Message] = []
        self._cues: list[tuple[Cue, Message]] = []
        self._dropped = [0, 0, 0]
        """How many points, marks and cues have been forgotten, so that a reader's place stays valid."""
        self._clock = HostClock()
        self._session = token_hex(8)
        """Tells a browser that comes back whether it is still the same session."""

    # the session's side

    def status(self, status: LinkStatus) -> None:
        """The link came or went."""
        self._change(linked=status.connected, link=status.text, speak=self._voiceless())

    def began(self, at_s: float) -> None:
        """What the page counts its times from."""
        self._change(begun_s=at_s)

    def event(self, event: Event) -> None:
        """Something to mark on the trace."""
        mark = mark_of(event, self._phrases, self._state.get("side"))
        if mark is not None:
            with self._lock:
                self._marks.append(mark)
                self._forget(self._marks, 1, max(len(self._marks) - MARKS, 0))
            self._wake()

    def cue(self, cue: Cue) -> None:
        """Something to say: shown, and spoken by browsers that were asked to."""
        told: Message = {"text": self._phrases.text(cue), "slot": cue.slot, "aloud": self._says(cue)}
        with self._lock:
            told["n"] = self._dropped[2] + len(self._cues) + 1
            self._cues.append((cue, told))
            self._forget(self._cues, 2, max(len(self._cues) - CUES, 0))
        self._wake()

    def progress(self, coach: Coach, quality: StreamQuality) -> None:
        """The newest samples."""
        view = coach.view
        newest_s = self._trace[-1][0] if self._trace else -1.0
        points = [(round(t, 3), round(deg, 2)) for t, deg in coach.trail if t > newest_s + 0.001]
        with self._lock:
            self._state |= shown(coach, view, quality, self._plan)
            self._state["speak"] = self._voiceless()
            if view.t_s is not None:
                self._clock.seen(view.t_s, self._now())
            self._trace += points
            old = sum(t < self._trace[-1][0] - TRACE_S for t, _ in self._trace[:200]) if self._trace else 0
            self._forget(self._trace, 0, old)
        self._wake()

    def over(self, session_id: str | None) -> None:
        """The session has ended and lies in the log under this id."""
        self._change(over=True, session=session_id, linked=False)

    # the server's side

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have `wake` called, from the session's thread, whenever there is news; gives what ends that."""
        with self._lock:
            self._wakers.add(wake)
        return lambda: self._wakers.discard(wake)

    def opening(self) -> Message:
        """What a browser needs once, before the news."""
        words = self._phrases.words
        return {
            "session": self._session,
            "plan": [
                {
                    "exercise": p.exercise,
                    "side": words["sides"][side_told(p)],
                    "direction": p.direction,
                    "reps": p.reps,
                    "hold_s": p.hold_target_s,
                    "move": p.move_sensor,
                }
                for p in self._plan
            ],
            "exercises": {n: {"title": self._phrases.exercise(n), "kind": s.kind} for n, s in library().items()},
            "lang": self._phrases.code,
            "slots": ORDER,
            "words": words["page"],
            "sides": words["sides"],
            "directions": words["directions"],
        }

    def news(self, place: tuple[int, int, int]) -> tuple[Message, tuple[int, int, int]]:
        """What came after a reader's place (0, 0, 0 for all that is kept), and its new place."""
        with self._lock:
            points = self._trace[max(place[0] - self._dropped[0], 0) :]
            marks = self._marks[max(place[1] - self._dropped[1], 0) :]
            cues = [told | {"left_s": self._left_s(c)} for c, told in self._cues[max(place[2] - self._dropped[2], 0) :]]
            message: Message = {"state": dict(self._state), "trace": points, "marks": marks, "cues": cues}
            kept = (self._trace, self._marks, self._cues)
            a, b, c = (gone + len(part) for gone, part in zip(self._dropped, kept, strict=True))
            return message, (a, b, c)

    def _left_s(self, cue: Cue) -> float:
        """For how long it is still worth beginning to say it; below 0 it is late."""
        until_s = self._clock.host_s(cue.until_s)
        return round(cue.until_s - cue.at_s if until_s is None else until_s - self._now(), 3)

    def _change(self, **changes: Any) -> None:
        with self._lock:
            self._state |= changes
        self._wake()

    def _forget(self, kept: list[Any], which: int, n: int) -> None:
        del kept[:n]
        self._dropped[which] += n

    def _wake(self) -> None:
        for wake in tuple(self._wakers):
            wake()


def shown(coach: Coach, view: LiveView, quality: StreamQuality, plan: tuple[SetPlan, ...]) -> Message:
    """The figures of the moment."""
    now = plan[coach.set_index]
    spec = library().get(view.exercise)
    target_s = spec.to_hold_s(now.hold_target_s) or None if spec is not None else now.hold_target_s
    return {
        "t_s": view.t_s,
        "elevation_deg": view.elevation_deg,
        "needed_deg": view.needed_deg,
        "band_deg": view.band_deg,
        "up": view.up,
        "count": coach.done,
        "target": now.reps,
        "set": coach.set_index,
        "exercise": view.exercise,
        "side": view.side,
        "state": _state(coach),
        "rest_left_s": coach.rest_left_s,
        "rest_s": plan[coach.set_index - 1].rest_s if coach.set_index else 0.0,
        "hold_s": view.hold_s,
        "hold_target_s": target_s,
        "lost": quality.lost_packets,
        "rssi_dbm": quality.rssi_dbm,
        "battery": quality.battery_percent,
        "reconnects": quality.reconnects,
        "rate_hz": quality.rate_hz or quality.nominal_hz,
    }


def _state(coach: Coach) -> str:
    """What the routine is at, or else what the tracker is."""
    routine = {"paused": coach.paused, "done": coach.ended, "move": coach.moving_sensor}
    return next((name for name, on in routine.items() if on), coach.view.state)


def mark_of(event: Event, phrases: Phrases, side: Side | None = None) -> Message | None:
    """An event as a mark on the trace, told in words; None where it leaves none."""
    words = phrases.words["page"]
    if isinstance(event, RepCompleted):
        return {
            "kind": "rep",
            "n": event.index,
            "start_s": event.start_s,
            "at_s": event.peak_s,
            "end_s": event.end_s,
            "deg": round(event.rom_deg, 1),
            "told": angle_text(event.rom_deg, event.rom_sd_deg, "\u00b0"),
            "exercise": event.exercise,
            "direction": event.direction,
        }
    if isinstance(event, RepRejected):
        reason = phrases.words["reasons"].get(event.reason.replace(" ", "_"), event.reason)
        text = reason + _measure(event, words)
        return {"kind": "rejected", "start_s": event.start_s, "end_s": event.end_s, "text": text}
    if isinstance(event, HoldStarted):
        return {"kind": "hold", "start_s": event.start_s}
    if isinstance(event, HoldEnded):
        told = words["held"].format(n=held_text(event.held_s), of=f"{event.target_s:g}")
        if event.breaks:
            told += ", " + words["breaks"].format(n=len(event.breaks))
        return {
            "kind": "held",
            "start_s": event.start_s,
            "end_s": event.end_s,
            "deg": round(event.rom_deg, 1),
            "kept": event.verified,
            "text": told,
        }
    if isinstance(event, TrackingLost):
        wrong = what_is_wrong(event, side)
        told = words["no_signal"] if wrong is None else phrases.text(wrong)
        return {"kind": "lost", "start_s": event.start_s, "text": told}
    return None


def _measure(event: RepRejected, words: dict[str, str]) -> str:
    """What was measured and what was needed or the limit, where that tells people anything."""
    texts = apart(event.measured, event.needed, event.unit)
    if texts is None:
        return ""
    unit = "\u00b0" if event.unit == "deg" else f" {event.unit}"
    less = event.measured < event.needed
    bound = words["of" if less else "limit"].format(n=texts[1])
    return f": {texts[0]}{'' if less else ','} {bound}{unit}"

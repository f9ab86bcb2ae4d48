"""Speaks the cues of a session in a thread of its own, so that no count waits for a sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from coxa.host.cues import Cue
from coxa.host.link.quality import StreamQuality
from coxa.host.routine import Coach
from coxa.host.voice.engine import Engine, MachineVoice, NoVoiceError
from coxa.host.voice.fresh import Heard, HostClock, Waiting
from coxa.host.voice.language import Phrases
from coxa.host.watcher import Watcher

Verbosity: TypeAlias = Literal["quiet", "counts", "coach"]
FAREWELL_S = 15.0
"""What waits when the session ends is given so long to be said."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What became of a cue."""

    cue: Cue
    heard_s: float
    """When it was decided, on the clock of the speaker."""
    said_s: float | None
    """When the voice was called; None: dropped, because something newer came or it was too late."""


class Speaker(Watcher):
    """A voice that looks on. Use as a context manager; leaving it lets the last words be said."""

    def __init__(
        self,
        phrases: Phrases,
        level: Verbosity = "coach",
        *,
        engine: Callable[[], Engine] | None = None,
        now: Callable[[], float] = time.monotonic,
        tell: Callable[[str], None] = print,
    ) -> None:
        """Args:
        phrases: what to say.
        level: how talkative; `quiet` never makes a voice.
        engine: makes the voice, in the thread that speaks; may raise NoVoiceError.
        now: a clock in seconds.
        tell: told once where there is no voice.
        """
        self._phrases, self._level = phrases, level
        self._make = engine or self._machine_voice
        self._now, self._tell = now, tell
        self._clock, self._waiting = HostClock(), Waiting()
        self._changed = threading.Condition()
        self._over = False
        self.failed = False
        """Whether there is no voice, or it has died."""
        self.spoken: list[Spoken] = []
        """What became of each cue that was to be said, in the order of its end."""
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)

    def __enter__(self) -> Speaker:
        if self._level != "quiet":
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with self._changed:
            self._over = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(FAREWELL_S)

    def says(self, cue: Cue) -> bool:
        """Whether a voice of this level says it at all."""
        return self._level == "coach" or (self._level == "counts" and cue.level == "counts")

    def cue(self, cue: Cue) -> None:
        """Let it be said as soon as the voice is free, if it is still worth it then."""
        if not self.says(cue):
            return
        with self._changed:
            if self._over:
                return
            self._drop(self._waiting.put(Heard(cue, self._now())))
            self._changed.notify_all()

    def progress(self, coach: Coach, quality: StreamQuality) -> None:  # noqa: ARG002
        """The stream's clock, as the packets bring it."""
        t_s = coach.view.t_s
        if t_s is not None:
            with self._changed:
                self._clock.seen(t_s, self._now())

    def dealt_with(self, cues: int, within_s: float) -> bool:
        """Wait until so many cues have been said or dropped; whether it came to that in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._over or len(self.spoken) >= cues, within_s)

    def _run(self) -> None:
        try:
            engine = self._make()
        except NoVoiceError as error:
            self._give_up(str(error))
            return
        try:
            while (heard := self._next()) is not None:
                engine.say(self._phrases.text(heard.cue))
        except Exception as error:  # an engine that dies takes the voice with it, never the session
            self._give_up(f"the voice has failed ({error})")
        finally:
            engine.close()

    def _machine_voice(self) -> MachineVoice:
        """The machine's; what will be missing in what it says is told."""
        voice = MachineVoice(self._phrases)
        if not voice.heard:
            voice.close()
            raise NoVoiceError("no sound on this machine (aplay is missing); install alsa-utils")
        if voice.voice is None:
            self._tell(f"no voice on this machine speaks {self._phrases.language}; its own voice reads it")
        return voice

    def _next(self) -> Heard | None:
        """The next cue to say, waited for; None once the session is over and all is said."""
        with self._changed:
            while True:
                heard, outdated = self._waiting.take(self._clock, self._now())
                self._drop(outdated)
                if heard is not None:
                    self.spoken.append(Spoken(heard.cue, heard.heard_s, self._now()))
                self._changed.notify_all()
                if heard is not None:
                    return heard
                if self._over:
                    return None
                self._changed.wait()

    def _drop(self, dropped: list[Heard]) -> None:
        self.spoken += [Spoken(d.cue, d.heard_s, None) for d in dropped]

    def _give_up(self, why: str) -> None:
        with self._changed:
            self._over = self.failed = True
            self._changed.notify_all()
        self._tell(f"{why}; everything is on the screen, and `--page` speaks in the browser")

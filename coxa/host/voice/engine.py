"""The voice of the machine, through pyttsx3: espeak-ng on Linux, SAPI on Windows, macOS's own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from coxa.host.voice.language import Phrases

WORDS_PER_MINUTE = 175
"""A little slower than the engines' own 200: heard from across a room."""


class NoVoiceError(Exception):
    """The machine has no voice that can be heard; the text says why and what to do."""


class Engine(Protocol):
    """Something that speaks."""

    def say(self, text: str) -> None:
        """Speak, and come back when it has been spoken."""
        ...


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of the machine."""

    ident: str
    name: str
    languages: str
    """As the machine says it, in one string."""

    def speaks(self, phrases: Phrases) -> bool:
        """Whether it speaks that language, as far as its names tell."""
        names = f"/{self.ident} /{self.languages} {self.name}".lower()
        return any(part in names for part in phrases.voices)


class Pyttsx3Engine:
    """Speaks through pyttsx3. Make and use it in one thread.

    Raises:
        NoVoiceError: no speech engine, or on Linux no player for its sound.
    """

    def __init__(self, phrases: Phrases) -> None:
        self._engine = _start()
        _can_be_heard()
        self.voice = choose(voices_of(self._engine), phrases)
        """The voice of the language; None where the machine has none and its default voice reads the phrases."""
        self._engine.setProperty("rate", WORDS_PER_MINUTE)
        if self.voice is not None:
            self._engine.setProperty("voice", self.voice.ident)

    def say(self, text: str) -> None:
        """Speak, and come back when it has been spoken."""
        self._engine.say(text)
        self._engine.runAndWait()


def machine_voices() -> list[Voice]:
    """Every voice of the machine.

    Raises:
        NoVoiceError: there is no speech engine.
    """
    return voices_of(_start())


def choose(voices: Iterable[Voice], phrases: Phrases) -> Voice | None:
    """The voice for a language: the first that speaks it, one made for it before one of a region's accent."""
    fitting = [v for v in voices if v.speaks(phrases)]
    exact = [v for v in fitting if v.ident.lower().endswith(f"/{phrases.code}")]
    return (exact or fitting or [None])[0]


def voices_of(engine: Any) -> list[Voice]:
    """The voices of a pyttsx3 engine, as plain data."""
    return [
        Voice(str(v.id), str(v.name), " ".join(map(_plain, v.languages or []))) for v in engine.getProperty("voices")
    ]


def _plain(code: Any) -> str:
    return code.decode("ascii", "ignore").strip() if isinstance(code, bytes) else str(code)


def _start() -> Any:
    try:
        import pyttsx3

        engine = pyttsx3.init()
    except Exception as error:  # drivers raise whatever their platform raises: OSError, RuntimeError, ImportError, COM
        todo = "install espeak-ng and alsa-utils" if sys.platform.startswith("linux") else "see your system's settings"
        raise NoVoiceError(f"no voice on this machine ({_first_line(error)}); {todo}") from error
    return engine


def _can_be_heard() -> None:
    """On Linux pyttsx3 plays through aplay, and says nothing of it where that is missing."""
    if sys.platform.startswith("linux") and shutil.which("aplay") is None:
        raise NoVoiceError("no voice on this machine (aplay, which plays the sound, is missing); install alsa-utils")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

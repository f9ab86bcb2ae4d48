"""The voice of the machine, in a process of its own: espeak-ng on Linux, SAPI on Windows, macOS's own.

Speech libraries call back from threads of theirs and crash now and then (pyttsx3 2.99 with espeak-ng does when one of
two engines is collected); some want the main thread for themselves. Neither may touch a session.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Protocol

from coxa.host.own_group import OWN_GROUP, PYTHON
from coxa.host.voice.language import Phrases

GOODBYE_S = 2.0
"""So long the process is given to end by itself."""


class NoVoiceError(Exception):
    """The machine has no voice that can be heard; the text says why and what to do."""


class Engine(Protocol):
    """Something that speaks."""

    def say(self, text: str) -> None:
        """Speak, and come back when it has been spoken.

        Raises:
            NoVoiceError: it cannot any more.
        """
        ...

    def close(self) -> None:
        """It is not needed any more."""
        ...


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of the machine."""

    ident: str
    name: str
    languages: str
    """As the machine says it, in one string."""


class MachineVoice:
    """Speaks through pyttsx3 in a child process; one that crashes is started anew once for each text.

    Raises:
        NoVoiceError: no speech engine.
    """

    def __init__(self, phrases: Phrases) -> None:
        self._wanted = json.dumps({"parts": list(phrases.voices), "code": phrases.code})
        self._child, found = self._start()
        self.voices = [Voice(**v) for v in found["voices"]]
        """Every voice of the machine."""
        self.voice = Voice(**found["voice"]) if found["voice"] else None
        """The voice of the language; None where the machine has none and its default voice reads the phrases."""
        self.heard: bool = found["player"]
        """Whether the sound can be played."""

    def say(self, text: str) -> None:
        """Speak, and come back when it has been spoken."""
        if not self._said(text):
            self.close()
            self._child, _ = self._start()
            if not self._said(text):
                raise NoVoiceError("the voice has failed twice")

    def close(self) -> None:
        """End the process."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.close()
        except OSError:  # it has gone already
            pass
        try:
            self._child.wait(GOODBYE_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()

    def _said(self, text: str) -> bool:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            print(json.dumps(text), file=self._child.stdin, flush=True)
        except OSError:
            return False
        return self._child.stdout.readline() != ""

    def _start(self) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        command = [*PYTHON, "-m", "coxa.host.voice.speech_process"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", **OWN_GROUP)
        assert child.stdin is not None
        assert child.stdout is not None
        print(self._wanted, file=child.stdin, flush=True)
        answer = child.stdout.readline()
        found: dict[str, Any] = json.loads(answer) if answer else {"error": "it ended at once"}
        if "error" in found:
            self._child = child
            self.close()
            todo = "install espeak-ng" if sys.platform.startswith("linux") else "see your system's settings"
            raise NoVoiceError(f"no voice on this machine ({found['error']}); {todo}")
        return child, found

"""The process that speaks: reads one text a line, says it, answers. A crash of the speech library ends only this.

First line of its input: JSON with `parts`, what names of the wanted voices contain, and `code`, the language; then one
JSON text a line. First line of its output: JSON with `voices`, `voice` and `player`, or `error`; then an empty line for
each text that has been said.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import Any, TextIO

WORDS_PER_MINUTE = 175
"""A little slower than the engines' own 200: heard from across a room."""


def main() -> None:
    """Speak until the input ends."""
    answers = _own_output()
    wanted = json.loads(sys.stdin.readline())
    try:
        engine = _engine()
    except Exception as error:  # drivers raise whatever their platform raises: OSError, RuntimeError, ImportError, COM
        _answer(answers, {"error": _first_line(error)})
        return
    voices = [_plain(v) for v in engine.getProperty("voices")]
    voice = choose(voices, wanted["parts"], wanted["code"])
    _answer(answers, {"voices": voices, "voice": voice, "player": _player()})
    engine.setProperty("rate", WORDS_PER_MINUTE)
    if voice is not None:
        engine.setProperty("voice", voice["ident"])
    for line in sys.stdin:
        engine.say(json.loads(line))
        engine.runAndWait()
        print(file=answers, flush=True)


def choose(voices: list[dict[str, str]], parts: list[str], code: str) -> dict[str, str] | None:
    """The first voice that speaks a language; one made for it goes before one of a region's accent."""

    def speaks(voice: dict[str, str]) -> bool:
        names = f"/{voice['ident']} /{voice['languages']} {voice['name']}".lower()
        return any(part in names for part in parts)

    fitting = [v for v in voices if speaks(v)]
    exact = [v for v in fitting if v["ident"].lower().endswith(f"/{code}")]
    return (exact or fitting or [None])[0]


def _own_output() -> TextIO:
    """The output for answers alone: what drivers print goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def _answer(answers: TextIO, what: dict[str, Any]) -> None:
    print(json.dumps(what), file=answers, flush=True)


def _engine() -> Any:
    import pyttsx3

    return pyttsx3.init()


def _player() -> bool:
    """On Linux pyttsx3 plays through aplay, and says nothing of it where that is missing."""
    return not sys.platform.startswith("linux") or shutil.which("aplay") is not None


def _plain(voice: Any) -> dict[str, str]:
    codes = [c.decode("ascii", "ignore").strip() if isinstance(c, bytes) else str(c) for c in voice.languages or []]
    return {"ident": str(voice.id), "name": str(voice.name), "languages": " ".join(codes)}


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


if __name__ == "__main__":
    main()

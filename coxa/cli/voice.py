"""`coxa voice`: hear what coxa says; and the voice of `live` and `demo`."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import cast, get_args

from coxa.host.cues.kinds import KINDS, cue, sample_values
from coxa.host.errors import SpecError
from coxa.host.session import Watcher
from coxa.host.voice import load_phrases
from coxa.host.voice.engine import NoVoiceError, Pyttsx3Engine, machine_voices
from coxa.host.voice.speaker import Speaker, Verbosity


def speaker(level: str, lang: str) -> AbstractContextManager[Watcher]:
    """The voice of a session, a watcher that is silent where it is `quiet`.

    Raises:
        SpecError: no such level or language.
    """
    if level not in get_args(Verbosity):
        raise SpecError(f"--voice must be one of {', '.join(get_args(Verbosity))}, found '{level}'")
    phrases = load_phrases(lang)
    if level == "quiet":
        return nullcontext(Watcher())
    return Speaker(phrases, cast(Verbosity, level), tell=lambda why: print(f"coxa: {why}", file=sys.stderr))


def say_all(lang: str, key: str | None, *, silent: bool) -> None:
    """Print every phrase of a language, or one, and say it.

    Raises:
        SpecError: no such language or phrase.
    """
    phrases = load_phrases(lang)
    if key is not None and key not in KINDS:
        raise SpecError(f"no phrase '{key}'; `coxa voice --silent` prints them all")
    engine = None if silent else _engine(lang)
    for name in [key] if key is not None else KINDS:
        text = phrases.text(cue(name, 0.0, **sample_values(name)))
        print(f"{name:20} {text}", flush=True)
        if engine is not None:
            engine.say(text)


def _engine(lang: str) -> Pyttsx3Engine | None:
    phrases = load_phrases(lang)
    try:
        engine = Pyttsx3Engine(phrases)
    except NoVoiceError as error:
        print(f"coxa: {error}", file=sys.stderr)
        return None
    if engine.voice is None:
        print(f"coxa: no voice of this machine speaks {phrases.language}; its own voice reads it", file=sys.stderr)
    return engine


def list_voices(lang: str) -> None:
    """List the machine's voices; the one that speaks `lang` is marked.

    Raises:
        SpecError: no such language.
    """
    from rich.console import Console
    from rich.table import Table

    from coxa.host.voice.engine import choose

    phrases = load_phrases(lang)
    try:
        voices = machine_voices()
    except NoVoiceError as error:
        print(f"coxa: {error}", file=sys.stderr)
        return
    chosen = choose(voices, phrases)
    table = Table("voice", "languages", "id", "")
    for voice in voices:
        table.add_row(voice.name, voice.languages, voice.ident, f"[green]{lang}[/]" if voice == chosen else "")
    Console().print(table)

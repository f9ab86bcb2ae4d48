"""`coxa voice`: hear what coxa says; and the voice of `live` and `demo`."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import cast, get_args

from coxa.cli.output import print_table, tell
from coxa.host.cues.kinds import KINDS, cue, sample_values
from coxa.host.errors import SpecError
from coxa.host.voice import Phrases, load_phrases
from coxa.host.voice.engine import MachineVoice, NoVoiceError
from coxa.host.voice.speaker import Speaker, Verbosity
from coxa.host.watcher import Watcher


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
    return Speaker(phrases, cast(Verbosity, level), tell=tell)


def run(lang: str, phrase: str | None, *, silent: bool, voices: bool) -> None:
    """Say phrases, or list voices.

    Raises:
        SpecError: no such language or phrase, or an option that does nothing to a list of voices.
    """
    if not voices:
        say_all(lang, phrase, silent=silent)
        return
    for option, given in (("--phrase", phrase is not None), ("--silent", silent)):
        if given:
            raise SpecError(f"{option} changes nothing in a list of the voices; leave it or --list out")
    list_voices(lang)


def say_all(lang: str, key: str | None, *, silent: bool) -> None:
    """Print every phrase of a language, or one, and say it.

    Raises:
        SpecError: no such language or phrase.
    """
    phrases = load_phrases(lang)
    if key is not None and key not in KINDS:
        raise SpecError(f"no phrase '{key}'; `coxa voice --silent` prints them all")
    if phrases.missing:
        tell(f"not translated yet, said in English: {', '.join(phrases.missing)}")
    voice = None if silent else _machine_voice(phrases)
    for name in [key] if key is not None else KINDS:
        text = phrases.text(cue(name, 0.0, **sample_values(name)))
        print(f"{name:20} {text}", flush=True)
        if voice is not None and not _said(voice, text):
            voice = None
    if voice is not None:
        voice.close()


def _said(voice: MachineVoice, text: str) -> bool:
    """Whether it was; that a voice has failed is told, and it is closed."""
    try:
        voice.say(text)
    except NoVoiceError as error:
        tell(str(error))
        voice.close()
        return False
    return True


def _machine_voice(phrases: Phrases) -> MachineVoice | None:
    """The machine's voice; what is missing is told, and what there is to say is printed all the same."""
    try:
        voice = MachineVoice(phrases)
    except NoVoiceError as error:
        tell(str(error))
        return None
    if voice.voice is None:
        tell(f"no voice of this machine speaks {phrases.language}; its own voice reads it")
    if not voice.heard:
        tell("no sound on this machine (aplay is missing); install alsa-utils")
    return voice


def list_voices(lang: str) -> None:
    """List the machine's voices; the one that speaks `lang` is marked.

    Raises:
        SpecError: no such language.
    """
    from rich.console import Console
    from rich.table import Table

    voice = _machine_voice(load_phrases(lang))
    if voice is None:
        return
    voice.close()
    table = Table("voice", "languages", "id", "")
    for one in voice.voices:
        table.add_row(one.name, one.languages, one.ident, f"[green]{lang}[/]" if one == voice.voice else "")
    print_table(Console(), table)

"""The phrases of a language: one data file each, so that a translator needs no code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from coxa.host.cues import Cue
from coxa.host.errors import SpecError

TABLES = {"side": "sides", "direction": "directions", "exercise": "exercises"}
"""Values that are words of the language themselves, and the table that has them."""
DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Phrases:
    """All that one language says."""

    code: str
    """Its ISO 639-1 code, as 'de'."""
    language: str
    """Its own name for itself."""
    voices: tuple[str, ...]
    """What names and ids of voices that speak it contain, in small letters."""
    phrases: dict[str, str | dict[str, str]]
    """By cue key; a table has `one` and `other`, chosen by the value `n`."""
    words: dict[str, dict[str, str]]
    """The tables `sides`, `directions` and `exercises`."""

    def text(self, cue: Cue) -> str:
        """What to say for a cue. An exercise of the user's own is called by its name.

        Raises:
            KeyError: the file has no such phrase; the tests of the files see to it that it has.
        """
        phrase = self.phrases[cue.key]
        if isinstance(phrase, dict):
            phrase = phrase["one" if cue.values.get("n") == 1 else "other"]
        return _tidy(phrase.format(**{name: self._word(name, value) for name, value in cue.values.items()}))

    def _word(self, name: str, value: str | int) -> str:
        table = self.words[TABLES[name]] if name in TABLES else {}
        return table.get(str(value), str(value).replace("_", " "))


def _tidy(text: str) -> str:
    """A sentence with an empty gap, as of an exercise without a side, put right; it begins with a capital."""
    text = re.sub(r"(^|: ), *", r"\1", text).strip()
    return text[:1].upper() + text[1:]


def languages() -> list[str]:
    """Codes of the languages that have a file."""
    names = (f.name for f in (resources.files("coxa.host.voice") / "phrases").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def load_phrases(code: str = DEFAULT) -> Phrases:
    """The phrases of a language.

    Raises:
        SpecError: there is no file of that language; the text names those that there are.
    """
    if code not in languages():
        raise SpecError(f"no language '{code}'; there are {', '.join(languages())} (docs/voice.md says how to add one)")
    text = (resources.files("coxa.host.voice") / "phrases" / f"{code}.toml").read_text("utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    words = {name: table[name] for name in TABLES.values()}
    return Phrases(code, table["language"], tuple(table["voices"]), table["phrases"], words)

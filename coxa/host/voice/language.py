"""The phrases of a language: one data file each, so that a translator needs no code."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, cast

from coxa.host.bounded import read_file
from coxa.host.cues import Cue
from coxa.host.cues.kinds import KINDS
from coxa.host.errors import SpecError, reason_of
from coxa.host.limits import SPEC_BYTES, shown
from coxa.host.nearest import did_you_mean
from coxa.host.strict_json import TooMuchError
from coxa.host.strict_toml import parse_toml

TABLES = {"side": "sides", "direction": "directions", "exercise": "exercises", "reason": "reasons"}
"""Values that are words of the language themselves, and the table that has them."""
PAGE = "page"
"""The table of what stands on the page; English has all of it."""
DEFAULT = "en"
MOST_TOLD = 20
"""Mistakes of one file that are told: who has more has another kind of file."""


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
    """By cue key; a table has `other`, and may have `one` for where the value `n` is 1."""
    words: dict[str, dict[str, str]]
    """The tables `sides`, `directions`, `exercises`, `reasons` and `page`."""
    missing: tuple[str, ...] = ()
    """Phrases that the file left out; they are said in English."""

    def text(self, cue: Cue) -> str:
        """What to say for a cue. An exercise of the user's own is called by its name."""
        phrase = self.phrases[cue.key]
        if isinstance(phrase, dict):
            phrase = phrase["one" if cue.values.get("n") == 1 and "one" in phrase else "other"]
        return _tidy(phrase.format(**{name: self._word(name, value) for name, value in cue.values.items()}))

    def page(self, key: str, **values: str | int) -> str:
        """What stands on the page under this key."""
        return self.words[PAGE][key].format(**values)

    def exercise(self, name: str, side: str | None = None) -> str:
        """An exercise as a title, with the leg where one is told."""
        told = self.words["exercises"].get(name, name.replace("_", " "))
        return ", ".join(p for p in (told[:1].upper() + told[1:], self.words["sides"][side] if side else "") if p)

    def _word(self, name: str, value: str | int) -> str:
        table = self.words[TABLES[name]] if name in TABLES else {}
        return table.get(str(value), str(value).replace("_", " "))


def _tidy(text: str) -> str:
    """A sentence with empty gaps, as of an exercise without a side, put right; it begins with a capital."""
    text = re.sub(r"(, *)+$", "", re.sub(r"(^|: ), *", r"\1", text)).strip()
    return text[:1].upper() + text[1:]


def languages() -> list[str]:
    """Codes of the languages that have a file."""
    names = (f.name for f in (resources.files("coxa.host.voice") / "phrases").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def load_phrases(code: str = DEFAULT) -> Phrases:
    """The phrases of a language; `code` may also name a file of one's own that ends in '.toml'.

    Raises:
        SpecError: there is no such language or file, or the file has mistakes; the text names them all.
    """
    if code.endswith(".toml"):
        return parse_phrases(_own(Path(code)), code, Path(code).stem, load_phrases(DEFAULT))
    if code not in languages():
        known = ", ".join(languages())
        raise SpecError(f"no language '{code}'; there are {known}, or a file of your own (docs/voice.md says how)")
    text = (resources.files("coxa.host.voice") / "phrases" / f"{code}.toml").read_text("utf-8")
    return parse_phrases(text, f"{code}.toml", code, None if code == DEFAULT else load_phrases(DEFAULT))


def _own(path: Path) -> str:
    try:
        return read_file(path, SPEC_BYTES).decode("utf-8")
    except TooMuchError as error:
        raise SpecError(f"{path}: {error}") from None
    except OSError as error:
        raise SpecError(f"{path}: cannot be read ({reason_of(error)})") from error
    except UnicodeDecodeError as error:
        raise SpecError(f"{path}: is not UTF-8 text (byte {error.start})") from error


def parse_phrases(text: str, where: str, code: str, base: Phrases | None) -> Phrases:
    """The phrases of one TOML text; what it leaves out is taken from `base`.

    Raises:
        SpecError: not TOML, unknown keys, gaps that are never filled; a line for each.
    """
    table = parse_toml(text, where)
    wrong = list[str]()
    phrases = {k: v for k, v in _table(table, "phrases", wrong).items() if _good(k, v, wrong)}
    words = {name: _words(table, name, wrong) for name in (*TABLES.values(), PAGE)}
    if base is not None:
        wrong += _wrong_page(words[PAGE], base.words[PAGE])
    voices: Any = table.get("voices", [])
    if not isinstance(voices, list) or not all(isinstance(v, str) and v for v in cast(list[Any], voices)):
        wrong.append("'voices' must be a list of texts")
    if not isinstance(table.get("language", ""), str):
        wrong.append("'language' must be text")
    if wrong:
        more = [f"and {len(wrong) - MOST_TOLD} more mistakes"] if len(wrong) > MOST_TOLD else []
        raise SpecError("\n".join(f"{where}: {line}" for line in wrong[:MOST_TOLD] + more))
    missing = tuple(key for key in KINDS if key not in phrases)
    if base is not None:
        missing += tuple(f"{PAGE}.{key}" for key in base.words[PAGE] if key not in words[PAGE])
        phrases = {**base.phrases, **phrases}
        words = {name: {**base.words[name], **own} for name, own in words.items()}
    parts = tuple(str(v).lower() for v in cast(list[Any], voices))
    return Phrases(code, str(table.get("language", code)), parts, phrases, words, missing)


def _table(table: dict[str, Any], name: str, wrong: list[str]) -> dict[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, dict):
        wrong.append(f"'{name}' must be a table: [{name}]")
        return {}
    return cast(dict[str, Any], found)


def _words(table: dict[str, Any], name: str, wrong: list[str]) -> dict[str, str]:
    found = _table(table, name, wrong)
    wrong += [f"[{name}] {shown(key)} must be text" for key, word in found.items() if not isinstance(word, str)]
    return found


def _wrong_page(words: dict[str, str], english: dict[str, str]) -> list[str]:
    """Words for the page that it does not have, and gaps that it does not fill."""
    wrong = list[str]()
    for key, word in words.items():
        if key not in english:
            wrong.append(f"[{PAGE}] unknown {shown(key)}{did_you_mean(key, english)}")
        elif isinstance(word, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            gaps = tuple(name for _, name, _, _ in string.Formatter().parse(english[key]) if name is not None)
            wrong += [f"[{PAGE}] '{key}': {what}" for what in _wrong_gaps(word, gaps)]
    return wrong


def _good(key: str, phrase: Any, wrong: list[str]) -> bool:
    """Whether it can be said; what is wrong is noted."""
    if key not in KINDS:
        wrong.append(f"unknown phrase {shown(key)}{did_you_mean(key, KINDS)}")
        return False
    forms = cast(dict[str, Any], phrase) if isinstance(phrase, dict) else {"other": phrase}
    before = len(wrong)
    if not {"other"} <= set(forms) <= {"one", "other"} or not all(isinstance(f, str) for f in forms.values()):
        wrong.append(f"'{key}' must be text, or have 'one' and 'other'")
        return False
    for form in forms.values():
        wrong += [f"'{key}': {what}" for what in _wrong_gaps(form, KINDS[key].gaps)]
    return len(wrong) == before


def _wrong_gaps(form: str, gaps: tuple[str, ...]) -> list[str]:
    """Braces are for the names of values and nothing else."""
    try:
        found = [_gap(name, spec, how) for _, name, spec, how in string.Formatter().parse(form) if name is not None]
    except ValueError as error:
        return [f"braces do not match ({error})"]
    allowed = [_gap(name, None, None) for name in gaps]
    return [f"unknown gap {gap}; there are {', '.join(allowed) or 'none'}" for gap in found if gap not in allowed]


def _gap(name: str, spec: str | None, how: str | None) -> str:
    """As it stands in the file."""
    return "{" + name + (f"!{how}" if how else "") + (f":{spec}" if spec else "") + "}"

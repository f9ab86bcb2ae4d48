"""Every phrase in every language, and what is told to a translator who errs."""

from __future__ import annotations

import json
import re
import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.host.cues.kinds import KINDS, cue, sample_values
from coxa.host.errors import SpecError
from coxa.host.exercises.spec import library
from coxa.host.voice import languages, load_phrases
from coxa.host.voice.language import parse_phrases


def gaps(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


@pytest.mark.parametrize("code", languages())
def test_every_language_says_everything(code: str) -> None:
    """Each file has exactly the phrases in use, with gaps that are filled, and names for sides, ways and exercises."""
    phrases = load_phrases(code)
    assert phrases.missing == ()
    for key, kind in KINDS.items():
        found = phrases.phrases[key]
        forms = {"other": found} if isinstance(found, str) else found
        assert set(forms) in ({"other"}, {"one", "other"}), key
        assert gaps(forms["other"]) == set(kind.gaps), key
        assert gaps(forms.get("one", "")) <= set(kind.gaps), key
        assert "n" in kind.gaps or len(forms) == 1, key
        text = phrases.text(cue(key, 0.0, **sample_values(key)))
        assert re.search(r"\w", text), key
        assert not re.search(r"[{}_]", text), key
    assert set(phrases.words["sides"]) == {"left", "right", "other", "none"}
    assert set(phrases.words["directions"]) == {"clockwise", "counterclockwise", "none"}
    assert set(phrases.words["exercises"]) >= set(library())


def test_one_and_many_and_no_side() -> None:
    """A number of one has a form of its own; an exercise without a side begins with its name, one's own has its."""
    en = load_phrases("en")
    assert en.text(cue("hold_moved", 0.0, n=12)) == "You moved. Hold again, 12 seconds left"
    assert en.text(cue("hold_moved", 0.0, n=1)) == "You moved. Hold again, one second left"
    assert en.text(cue("set_reps", 0.0, side="left", exercise="lateral_leg_raise", n=10)) == (
        "Left leg, side-lying leg raises, 10 times"
    )
    assert en.text(cue("set_reps", 0.0, side="none", exercise="my_side_kick", n=10)) == "My side kick, 10 times"
    bridges = cue("rest_then", 0.0, n=20, side="none", exercise="hip_bridge", direction="none")
    assert en.text(bridges) == "Rest, 20 seconds. Next: hip bridges"
    raises = cue("rest_then", 0.0, n=20, side="left", exercise="lateral_leg_raise", direction="none")
    assert en.text(raises) == "Rest, 20 seconds. Next: left leg, side-lying leg raises"
    circles = cue("rest_then", 0.0, n=20, side="none", exercise="hip_circle", direction="clockwise")
    assert en.text(circles) == "Rest, 20 seconds. Next: hip circles, clockwise"


def test_a_language_without_a_form_of_its_own_for_one_uses_the_other(tmp_path: Path) -> None:
    """A table with `other` alone is right, and says it of one as of many."""
    file = tmp_path / "fi.toml"
    file.write_text('[phrases]\ncount = { other = "{n}." }\n')
    phrases = load_phrases(str(file))
    assert [phrases.text(cue("count", 0.0, n=n)) for n in (1, 2)] == ["1.", "2."]


def test_a_language_that_is_not_there_is_told() -> None:
    """The error names those that there are."""
    with pytest.raises(SpecError, match="no language 'xx'; there are de, en"):
        load_phrases("xx")


WRONG = """
[phrases]
cuont = "{n}"
count = "{m}"
count_last = "{n.__class__}"
hold_half = "half {"
hold_left = { many = "{n}" }
hold_start = "{n:>99999999}"
[sides]
left = 3
"""


def test_every_mistake_of_a_translator_is_told(tmp_path: Path) -> None:
    """All at once, each by its phrase; a file of one's own that is right is used as far as it goes."""
    file = tmp_path / "fr.toml"
    file.write_text(WRONG)
    with pytest.raises(SpecError) as error:
        load_phrases(str(file))
    told = [line.removeprefix(f"{file}: ") for line in str(error.value).splitlines()]
    assert told[0] == "unknown phrase 'cuont', did you mean 'count'?"
    assert told[1] == "'count': unknown gap {m}; there are {n}"
    assert told[2] == "'count_last': unknown gap {n.__class__}; there are {n}"
    assert told[3].startswith("'hold_half': braces do not match")
    assert told[4] == "'hold_left' must be text, or have 'one' and 'other'"
    assert told[5] == "'hold_start': unknown gap {n:>99999999}; there are {n}"
    assert told[6:] == ["[sides] 'left' must be text"]
    file.write_text('language = "Français"\n[phrases]\nhold_half = "Mi-temps"\n[sides]\nleft = "jambe gauche"\n')
    french = load_phrases(str(file))
    assert french.text(cue("hold_half", 0.0)) == "Mi-temps"
    assert french.text(cue("set_open", 0.0, side="left", exercise="lunge")) == "Jambe gauche, lunges"
    page = {f"page.{key}" for key in load_phrases("en").words["page"]}
    assert set(french.missing) == (set(KINDS) - {"hold_half"}) | page
    with pytest.raises(SpecError, match="cannot be read"):
        load_phrases(str(tmp_path / "none.toml"))


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_any_text_is_phrases_or_told_why_not(text: str) -> None:
    """Nothing but phrases that can be said, or SpecError, comes out."""
    with suppress(SpecError):
        phrases = parse_phrases("[phrases]\n" + text, "x", "x", load_phrases("en"))
        assert phrases.text(cue("count", 0.0, n=1))
    with suppress(SpecError):
        phrases = parse_phrases(f"[phrases]\nrest = {json.dumps(text)}", "x", "x", load_phrases("en"))
        phrases.text(cue("rest", 0.0, n=1))

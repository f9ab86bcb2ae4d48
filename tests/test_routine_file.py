"""Routines as files: the built-in one is the design's, and wrong ones are told line by line."""

from __future__ import annotations

import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.host.errors import SpecError
from coxa.host.routine.file import built_in, parse_routine
from tests.helpers import coxa
from tests.helpers_routine import SHORT


def test_the_built_in_routine_is_the_designs() -> None:
    """Seven exercises, circles both ways, one move of the sensor, both legs alike."""
    routine = parse_routine(built_in()["hip_mobility"], "hip_mobility.toml")
    plan = routine.plan("left")
    assert {p.exercise for p in plan} == {
        "hip_circle", "lunge", "figure_four", "hamstring_stretch", "hip_bridge", "knee_to_chest", "lateral_leg_raise",
    }  # fmt: skip
    assert [p.direction for p in plan if p.exercise == "hip_circle"] == ["clockwise", "counterclockwise"]
    assert sum(p.move_sensor for p in plan) == 1
    moved = next(i for i, p in enumerate(plan) if p.move_sensor)
    assert {p.side for p in plan[:moved]} == {"left"}
    assert {p.side for p in plan[moved:]} == {"right"}
    assert 15 * 60 < routine.expected_s() < 40 * 60


WRONG = """name = "mine"
[[step]]
exercise = "lnge"
reps = 8
[[step]]
exercise = "lunge"
rep = 8
[[step]]
exercise = "lunge"
reps = 0
hold_s = 20
"""


def test_all_mistakes_are_told_with_their_lines() -> None:
    """Not only the first one."""
    with pytest.raises(SpecError) as error:
        parse_routine(WRONG, "mine.toml")
    lines = str(error.value).splitlines()
    assert lines[:4] == [
        "mine.toml:3: step 1: no exercise 'lnge', did you mean 'lunge'?",
        "mine.toml:7: step 2: unknown key 'rep', did you mean 'reps'?",
        "mine.toml:5: step 2: key 'reps' is missing",
        "mine.toml:10: step 3: 'reps' must be a whole number from 1 to 100, found 0",
    ]
    assert "mine.toml:11: step 3: 'lunge' has no hold" in lines[4]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rest_s = nan", "mine.toml:4: step 1: 'rest_s' must be a number from 0 to 600, found nan"),
        ("rest_s = 0x" + "f" * 5000, "mine.toml:4: step 1: 'rest_s' must be a number .* far too large"),
        ("sets = " + "9" * 5000, "mine.toml: not valid TOML: a number has thousands of digits"),
        ("leg = 0x" + "f" * 5000, "mine.toml:4: step 1: 'leg' must be one of each, either, found a number"),
        ("\n".join(f"a{i} = 1" for i in range(9000)), "more than 20 mistakes"),
    ],
)
def test_a_number_that_no_routine_has_is_named(line: str, expected: str) -> None:
    """Not a number, one of thousands of digits, thousands of mistakes: a bearable text that names the line."""
    with pytest.raises(SpecError, match=expected) as error:
        parse_routine(f'[[step]]\nexercise = "lunge"\nreps = 8\n{line}\n', "mine.toml")
    assert len(str(error.value)) < 4000


def test_a_hold_that_is_too_short_to_be_one_is_refused() -> None:
    """Nobody can do a set whose holds coxa would take for none."""
    text = '[[step]]\nexercise = "knee_to_chest"\nreps = 2\nhold_s = {}\n'
    with pytest.raises(SpecError, match=r"mine\.toml:4: step 1: 'hold_s' must be a number from 4 to 600, found 3"):
        parse_routine(text.format(3), "mine.toml")
    assert parse_routine(text.format(4), "mine.toml").steps[0].hold_s == 4.0


def test_a_byte_order_mark_is_no_mistake() -> None:
    """Editors on Windows write one, where nobody sees it."""
    assert parse_routine("\ufeff" + SHORT, "short.toml") == parse_routine(SHORT, "short.toml")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_routine_or_told_why_not(text: str) -> None:
    """Nothing but a routine or SpecError comes out."""
    with suppress(SpecError):
        assert parse_routine("[[step]]\n" + text, "x.toml").steps


def test_the_commands(tmp_path: Path) -> None:
    """show, check and list; a wrong file is status 2 with every mistake."""
    (tmp_path / "mine.toml").write_text(WRONG)

    def routine(*words: str) -> subprocess.CompletedProcess[str]:
        return coxa("routine", *words, COLUMNS="120")

    assert "hip_mobility" in routine("list").stdout
    assert "2 holds of 30 s" in routine("show", "hip_mobility").stdout
    wrong = routine("check", str(tmp_path / "mine.toml"))
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 5)
    assert "built in are hip_mobility" in routine("show", "nothing").stderr


def test_the_routine_of_the_docs_is_one() -> None:
    """What docs/clinic.md shows is read, and every key of a step stands in its table."""
    page = (Path(__file__).parents[1] / "docs" / "clinic.md").read_text("utf-8")
    (text,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(parse_routine(text, "docs/clinic.md").plan()) == 7
    keys = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    with pytest.raises(SpecError, match="known are") as told:
        parse_routine(text.replace("rest_s = 15", "zzz = 15"), "docs/clinic.md")
    assert keys == set(str(told.value).partition("known are ")[2].split(", "))

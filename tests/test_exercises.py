"""Exercises are data, and wrong data is refused with the key named."""

from __future__ import annotations

import errno
from dataclasses import fields
from importlib import resources
from pathlib import Path
from unittest.mock import Mock

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from coxa.cli.own_exercises import load_own
from coxa.host.errors import SpecError
from coxa.host.exercises.ranges import RANGES
from coxa.host.exercises.spec import ExerciseSpec, StartPose, exercise, library, parse_spec
from tests.helpers import coxa

GOOD = (resources.files("coxa.host.exercises") / "library" / "knee_to_chest.toml").read_text("utf-8")


def test_all_eight_are_there() -> None:
    """The library has the exercises of the design, each with what the user is told about it."""
    assert set(library()) == {
        "figure_four", "hamstring_stretch", "hip_bridge", "hip_circle", "knee_to_chest", "lateral_leg_raise",
        "leg_raise", "lunge",
    }  # fmt: skip
    for spec in library().values():
        assert all((spec.counts, spec.rejects, spec.unseen, spec.dose))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("max_rom_deg", "max_rom_degrees"), "unknown key 'max_rom_degrees', did you mean 'max_rom_deg'"),
        (('direction = "up"', 'direction = "sideways"'), "'direction' must be one of up, down, any"),
        (('kind = "hold"', 'kind = "dance"'), "'kind' must be one of"),
        (("min_rep_s = 2", 'min_rep_s = "2"'), "'min_rep_s' must be a number"),
        (("hold_target_s = 30", ""), "'hold_target_s' is missing"),
        (("[[start]]", "[start]"), "'start' must be a list"),
        (('name = "lying"', ""), "key 'name' is missing"),
        (("= [62, 172]", "= [172, 62]"), "'tilt_deg' must rise"),
        (("kind =", "kind"), "not valid TOML"),
        (("min_rep_s = 2", "min_rep_s = nan"), "'min_rep_s' must be a number from 0.1 to 600, found nan"),
        (("min_rep_s = 2", "min_rep_s = true"), "'min_rep_s' must be a number from 0.1 to 600, found True"),
        (("min_rep_s = 2", "min_rep_s = 300"), "'min_rep_s' must not be more than 'max_rep_s', found 300 and 240"),
        (("min_rep_s = 2", "min_rep_s = 1" + "0" * 400), "'min_rep_s' must be a number from 0.1 to 600, found 1000"),
        (("min_rep_s = 2", "min_rep_s = " + "9" * 5000), "not valid TOML: a number has thousands of digits"),
        (("min_rep_s = 2", "min_rep_s = 0x" + "f" * 5000), "'min_rep_s' must be .* far too large"),
        (("max_rom_deg = ", "max_rom_deg = 1"), "'max_rom_deg' must be a number from 2 to 180"),
        (("hold_target_s = 30", "hold_target_s = 1e9"), "'hold_target_s' must be a number from 1 to 600"),
        (("hold_target_s = 30", "hold_target_s = 3"), "'min_hold_s' must not be more than 'hold_target_s'"),
        (("hold_target_s = 30", "hold_target_s = 30\nwobble_s = 0.03"), "'wobble_s' must be a number from 0.1 to 60"),
        (("= [62, 172]", "= [-5, 172]"), "start: 'tilt_deg' must be a number from 0 to 180, found -5"),
        (("= [62, 172]", "= [62, inf]"), "start: 'tilt_deg' must be a number from 0 to 180, found inf"),
        (("min_rom_deg = ", "min_rom_deg = 0."), "'min_rom_deg' must be a number from 1 to 179"),
        (("min_rom_deg = ", "min_rom_deg = 177 # "), "'min_rom_deg' must be less than 'max_rom_deg', found 177"),
        (('name = "lying"', "name = 3"), "start: 'name' must be text, found 3"),
        (("counts = ", 'counts = "\\u001b[2J" # '), "'counts' must be one line of at most 400 plain characters"),
    ],
)
def test_wrong_entries_name_the_key(change: tuple[str, str], expected: str) -> None:
    """One changed line of a good entry gives one error that says which key."""
    assert change[0] in GOOD
    with pytest.raises(SpecError, match=f"knee_to_chest.toml.*{expected}".replace("[", r"\[")):
        parse_spec(GOOD.replace(*change, 1), "knee_to_chest.toml")


def test_every_number_of_an_exercise_has_a_range() -> None:
    """No key was forgotten, and an entry whose numbers are all at the end of their ranges is refused or can be used."""
    numbers = {f.name for kind in (ExerciseSpec, StartPose) for f in fields(kind) if str(f.type).startswith("float")}
    assert numbers == set(RANGES)


@given(st.sampled_from(sorted(RANGES)), st.one_of(st.floats(), st.integers(), st.text(max_size=9), st.booleans()))
def test_any_value_of_a_key_is_taken_or_named(key: str, value: object) -> None:
    """Whatever stands for a number: an exercise comes of it, or an error that names the key."""
    lines = [line for line in GOOD.replace("[[start]]", "").splitlines() if not line.startswith(f"{key} =")]
    top = [
        line
        for line in lines
        if not line.startswith(("tilt_deg", "roll_deg", "direction", "min_rom_deg", 'name = "ly'))
    ]
    start = [line for line in lines if line not in top]
    (start if key == "min_rom_deg" else top).append(f"{key} = {tomli_w.dumps({'k': value}).split('= ')[1].strip()}")
    said = ""
    try:
        spec = parse_spec("\n".join([*top, "[[start]]", *start]), "mine.toml")
    except SpecError as error:
        said, spec = str(error), library()["knee_to_chest"]
    assert not said or f"'{key}'" in said
    found = getattr(spec.start[0] if key == "min_rom_deg" else spec, key)
    assert said or RANGES[key][0] <= found <= RANGES[key][1]


def test_two_own_exercises_of_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither hides the other: both files are named."""
    text = GOOD.replace('"knee_to_chest"', '"mine"', 1)
    (tmp_path / "a.toml").write_text(text)
    (tmp_path / "b.toml").write_text(text)
    monkeypatch.setenv("COXA_EXERCISES", str(tmp_path))
    monkeypatch.setattr("coxa.host.exercises.spec._own", {})
    with pytest.raises(SpecError, match=r"b\.toml: 'name' is 'mine', as in .*a\.toml"):
        load_own()


@pytest.mark.parametrize("wrong", ["file", "missing", "missing/in/it"])
def test_a_folder_of_own_exercises_that_is_none_is_refused(wrong: str, tmp_path: Path) -> None:
    """Named and not there, or a file: the variable is named, status 2; never as if there were no exercises."""
    (tmp_path / "file").touch()
    done = coxa("exercises", COXA_EXERCISES=str(tmp_path / wrong))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("coxa: COXA_EXERCISES: ")
    assert str(tmp_path / wrong) in done.stderr


def test_a_folder_of_own_exercises_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by the system: said, not taken for empty. Who has named no folder needs none."""

    def refuse(folder: Path) -> list[Path]:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    monkeypatch.setenv("COXA_EXERCISES", "")
    monkeypatch.setattr("platformdirs.user_data_dir", Mock(return_value=str(tmp_path / "none")))
    load_own()
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SpecError, match=r"exercises: your own exercises cannot be read \(Permission denied\)"):
        load_own()
    monkeypatch.setenv("COXA_EXERCISES", str(tmp_path))
    with pytest.raises(SpecError, match=r"COXA_EXERCISES: .*cannot be read"):
        load_own()


def test_a_misspelt_exercise_gets_a_hint() -> None:
    """The nearest name is offered."""
    with pytest.raises(SpecError, match="did you mean 'hip_bridge'"):
        exercise("hip_brigde")

"""Exercises are data, and wrong data is refused with the key named."""

from __future__ import annotations

from importlib import resources

import pytest

from coxa.host.errors import SpecError
from coxa.host.exercises.spec import exercise, library, parse_spec

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
    ],
)
def test_wrong_entries_name_the_key(change: tuple[str, str], expected: str) -> None:
    """One changed line of a good entry gives one error that says which key."""
    assert change[0] in GOOD
    with pytest.raises(SpecError, match=expected.replace("[", r"\[")):
        parse_spec(GOOD.replace(*change, 1), "knee_to_chest.toml")


def test_a_misspelt_exercise_gets_a_hint() -> None:
    """The nearest name is offered."""
    with pytest.raises(SpecError, match="did you mean 'hip_bridge'"):
        exercise("hip_brigde")

"""docs/evidence.md: each section is written alone and leaves the others as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.evidence_sections import SECTIONS, Section
from tools.guards import GUARDS, ROOT, Guard
from tools.write_evidence import composed, seen, text_of, written


def test_one_section_is_written_anew_and_the_others_stay():
    """Claim: a page read back gives its sections; another text of one changes that one and its row only."""
    kill, fuzz = (next(s for s in SECTIONS if s.name == n) for n in ("kill", "fuzz"))
    sections = {s.name: text_of(s, s.short, "| a |\n|---|\n| b |\n\n5 kills: fine", 0, 60.0) for s in (fuzz, kill)}
    page = composed(sections)
    assert written(page) == sections
    again = composed(written(page) | {"kill": text_of(kill, kill.full, "7 kills: fine", 1, 60.0)})
    assert written(again)["fuzz"] == sections["fuzz"]
    row = next(line for line in again.splitlines() if line.startswith(f"| {kill.title}"))
    assert "| 7 kills: fine |" in row
    assert f"| 1 | `{kill.full}`" in row
    assert page.index("kill_campaign") < page.index("tools.fuzz"), "the registry's order"


def test_a_page_names_no_place_of_this_machine():
    """Claim: paths of the checkout and of the user's home are not in what is written."""
    output = f"{Path(__file__).parents[1]}/x.py\n{Path.home()}/y"
    text = text_of(SECTIONS[0], "c", output, 0, 1.0)
    assert "./x.py" in text
    assert str(Path.home()) not in text


def test_what_was_seen_is_the_last_match():
    """Claim: the table shows the last place that matches, and says so where none does."""
    section = Section("x", "X", "goal", r"(\d+) of (\d+)", "c", 1)
    assert seen(section, "1 of 2\n3 of 4") == "3, 4"
    assert seen(section, "nothing") == "see below"


def test_sections_have_names_of_their_own():
    """Claim: no two sections share a name, and every command of one is there."""
    assert len({s.name for s in SECTIONS}) == len(SECTIONS)
    assert all(s.short and s.goal for s in SECTIONS)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_guards_that_are_taken_out_are_there(guard: Guard) -> None:
    """What `tools.guards` takes out of a copy stands in the code, so that the measurement does not rot unseen."""
    assert guard.armed in (ROOT / guard.file).read_text("utf-8")

"""docs/evidence.md: each section is written alone and leaves the others as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coxa.host.events import Event, RepCompleted
from coxa.host.samples import StreamItem
from tools import latency
from tools.evidence_goals import Check, as_good_as_the_first, at_least, at_most, every, missed
from tools.evidence_sections import SECTIONS, Section
from tools.guards import GUARDS, ROOT, Guard, passes
from tools.write_evidence import PAGE, composed, row_of, seen, text_of, written


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


TABLE = "| who | F1 |\n|---|---|\n| all | 0.900 |\n| some | 0.899 |\n| few | 0.5 |"


@pytest.mark.parametrize(
    ("check", "output", "words"),
    [
        (every(r"^(?P<n>\d+) of (?P<of>\d+)"), "5 of 5\n4 of 5\n5 of 5", "4 of 5"),
        (every(r"^(?P<what>\w+) (?P<n>\d+) of (?P<of>\d+)"), "real 17 of 18\nother 1 of 1", "real 17 of 18"),
        (at_most("ms", r"([\d.]+) ms", 5), "1.5 ms, 5 ms", ""),
        (at_most("ms", r"([\d.]+) ms", 5), "9.5 ms, 10.5 ms, 1 ms", "10.5 ms, goal at most 5"),
        (at_least("times", r"([\d.]+) times", 20), "26.3 times", ""),
        (at_least("times", r"([\d.]+) times", 20), "26.3 times, 19 times", "19 times, goal at least 20"),
        (as_good_as_the_first("F1"), TABLE, "F1 below 0.900 in 2 of 2, least 0.5 (few)"),
        (as_good_as_the_first("F1"), TABLE.replace("0.5", "1.0").replace("899", "900"), ""),
        (at_most("ms", r"([\d.]+) ms", 5), "it broke", "nothing printed to judge it by"),
    ],
)
def test_what_of_a_goal_is_missed(check: Check, output: str, words: str):
    """Claim: each check names what falls short, says nothing where all is reached, and takes no silence for success."""
    assert missed([check], output) == words


def test_a_missed_goal_stands_in_the_table():
    """Claim: a command that ended well beside its goal is no bare 0, also in a section written before goals were."""
    bench = next(s for s in SECTIONS if s.name == "bench")
    figures = "│ bare VQF filter │ {} times │\n│ Madgwick takes │ 26.3 times │\n│ 99.9th percentile │ 1.7 ms │"
    for times, status in (("1.9", "| 0 |"), ("7.4", "| 0, missed: 7.4 times the bare filter, goal at most 2 |")):
        text = text_of(bench, "c", figures.format(times), 0, 60.0)
        assert "| 0 | `c`" in text
        assert status in row_of(bench, text)
    assert "| 2 |" in row_of(bench, text_of(bench, "c", "coxa: broken", 2, 60.0))


def test_the_table_of_the_page_is_what_its_sections_give():
    """Claim: it is as `tools/evidence --table` makes it, and every goal that can be checked was."""
    page = PAGE.read_text("utf-8")
    assert composed(written(page)) == page
    assert "nothing printed to judge it by" not in page


def test_sections_have_names_of_their_own():
    """Claim: no two sections share a name, and every command of one is there."""
    assert len({s.name for s in SECTIONS}) == len(SECTIONS)
    assert all(s.short and s.goal for s in SECTIONS)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_guards_that_are_taken_out_are_there(guard: Guard) -> None:
    """What `tools.guards` takes out of a copy stands in the code, so that the measurement does not rot unseen."""
    assert guard.armed in (ROOT / guard.file).read_text("utf-8")


def test_a_guard_that_is_missed_names_the_test(tmp_path: Path) -> None:
    """Claim: with this project's own settings of pytest, a test that fails is told, and one whose fixture does."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tests").mkdir()
    bad = (
        "@pytest.fixture\ndef torn():\n    raise ValueError\n\ndef test_torn(torn): ...\ndef test_bad(): assert False\n"
    )
    (tmp_path / "tests" / "test_a.py").write_text(f"import pytest\n\ndef test_good(): ...\n\n{bad}")
    assert passes(tmp_path, "test_a", "good") == (True, "")
    assert passes(tmp_path, "test_a", "bad") == (False, "test_bad")
    assert passes(tmp_path, "test_a", "torn") == (False, "test_torn")


def test_a_missed_repetition_leaves_out_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claim: latency is that of every repetition that was counted, whatever else of the person's was not."""
    whole_s, due = latency.latencies_s("lateral_leg_raise", 101)
    track = latency.track

    def forgetful(items: list[StreamItem], exercise: str) -> list[Event]:
        events = track(items, exercise)
        return [e for e in events if e is not next(e for e in events if isinstance(e, RepCompleted))]

    monkeypatch.setattr(latency, "track", forgetful)
    assert latency.latencies_s("lateral_leg_raise", 101) == (whole_s[1:], due)
    assert len(whole_s) == due > 5

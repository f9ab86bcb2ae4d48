"""The report claims no more than was measured, knows exercises of the user's own, and refuses in one line."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from coxa.analysis.report.content import report_content
from coxa.analysis.report.courses import NBSP
from coxa.host.errors import LogError, SpecError
from tests.report_frames import Maker, weeks_of_training

TODAY = date(2026, 11, 23)


def test_an_own_exercise_is_reported() -> None:
    """Claim: an exercise that the library does not have stands in the report under its own name."""
    made = Maker()
    made.add_set(made.session(date(2026, 9, 1)), "my_kick", "left", 8, counted=7)
    row = report_content(made.frames(), TODAY).courses[0].rows[0]
    assert (row.title, row.reps.value, row.reps_planned.value) == ("My kick", 7, 8)


def test_the_depth_of_a_hamstring_stretch_is_not_claimed() -> None:
    """Claim: of the stretch whose lean no thigh sensor sees, times are told and no angle."""
    made = Maker()
    made.add_set(made.session(date(2026, 9, 1)), "hamstring_stretch", "left", 2, holds=((30.0, 30.0), (12.0, 30.0)))
    course = report_content(made.frames(), TODAY).courses[0]
    assert not course.rows[0].elevation_deg.sessions
    assert (course.rows[0].held_s.value, course.spark.unit) == (42.0, "s")


def test_the_command_refuses_in_one_line(tmp_path: Path) -> None:
    """Claim: no log, no target and no right to write are one line each (status 2); nothing half-written stays."""
    from coxa.cli import report

    with pytest.raises(LogError, match="cannot be written"):
        report._write(tmp_path / "missing" / "r.html", b"x")
    with pytest.raises(LogError, match="cannot be written"):
        report._write(tmp_path, b"x")
    report._write(tmp_path / "r.html", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]
    with pytest.raises(SpecError, match="--since must be a day as"):
        report.run(tmp_path / "r.html", None, "yesterday", None, None, None, str(tmp_path))
    with pytest.raises(SpecError, match="--until must be a day as 2026-10-03, found ''"):
        report.run(tmp_path / "r.html", None, None, "", None, None, str(tmp_path))
    with pytest.raises(SpecError, match="--html FILE, --pdf FILE"):
        report.run(None, None, None, None, None, None, str(tmp_path))
    with pytest.raises(SpecError, match=r"--pdf .*r\.html: what is written is PDF; end its name in \.pdf"):
        report.run(None, tmp_path / "r.html", None, None, None, None, str(tmp_path))
    with pytest.raises(SpecError, match=r"--html .*r\.pdf: what is written is HTML; end its name in \.html"):
        report.run(tmp_path / "r.pdf", None, None, None, None, None, str(tmp_path))


@pytest.mark.parametrize(("days", "told"), [(3, False), (60, True)])
def test_training_that_stopped_is_told_first(days: int, told: bool) -> None:
    """Two months without a session up to the day of the report are a pause as any other, and stand at its beginning."""
    frames = weeks_of_training(8).frames()
    made_on = frames.sessions["date"].max().date() + timedelta(days=days)
    content = report_content(frames, made_on)
    assert not frames.sessions["simulated"].any()
    assert content.summary[0].text.startswith(f"No session for {days} days") == told
    assert any(b - a == days for a, b in content.pauses) == told


def test_no_target_is_told_that_nobody_set() -> None:
    """Claim: of holds of 12 s and of 30 s that were let go early, 21 s were asked for in none."""
    made = Maker()
    for day, target_s in ((1, 12.0), (8, 30.0)):
        made.add_set(made.session(date(2026, 9, day)), "knee_to_chest", "left", 1, holds=((10.0, target_s),))
    (row,) = report_content(made.frames(), TODAY).broken
    assert row.reasons[0].text == "let go early 2 (10 of 12 to 30 s)"


def test_a_hold_that_fell_short_never_reads_as_enough() -> None:
    """Claim: 29.96 of 30 s are 29 s held, in the tile and in the exercise's row, beside '0 holds kept'."""
    made = Maker()
    made.add_set(made.session(date(2026, 9, 1)), "knee_to_chest", "left", 1, holds=((29.96, 30.0),))
    content = report_content(made.frames(), TODAY)
    assert content.tiles[-1].below == f"of 1; held for 29{NBSP}s"
    assert content.courses[0].rows[0].held_s.text == f"29{NBSP}s"

"""The report: its figures are the log's, each is traceable, and both outputs say what it says, safely."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from upath import UPath

from coxa.analysis.load import LogFrames, load
from coxa.analysis.load_sets import of_sets_done
from coxa.analysis.report.choice import Choice
from coxa.analysis.report.content import NO_NAME, report_content
from coxa.analysis.report.details import read_details
from coxa.analysis.report.html import html_text
from coxa.analysis.report.model import ReportContent, figures_of, ranges
from coxa.analysis.report.pdf import pdf_bytes
from coxa.analysis.report.pictures import picture
from coxa.host.errors import LogError
from coxa.host.events import TrackingLost, TrackingResumed, to_json
from coxa.host.reasons import Tracking
from tests.report_frames import PLAN, Maker, weeks_of_training
from tools.simulated_year import write_year

TODAY = date(2026, 11, 23)
EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{ 7*7 }}"

Drawn: TypeAlias = list[tuple[int, list[tuple[tuple[str, str | None, int], int, int, int, int | None]]]]
a_set = st.tuples(
    st.sampled_from(PLAN), st.integers(0, 9), st.integers(0, 3), st.integers(0, 3), st.none() | st.integers(0, 9)
)
sessions = st.lists(st.tuples(st.integers(0, 60), st.lists(a_set, max_size=4)), min_size=1, max_size=6)


def _made(drawn: Drawn) -> LogFrames:
    made = Maker()
    for day, sets in sorted(drawn, key=lambda d: d[0]):
        name = made.session(date(2026, 9, 1) + timedelta(days=day))
        for (exercise, side, target), counted, rejected, holds, corrected in sets:
            held = tuple((10.0 + 7.0 * k, 20.0) for k in range(holds))
            made.add_set(
                name, exercise, side, target, counted=counted, rejected=rejected, holds=held, corrected=corrected
            )
    return made.frames()


@pytest.fixture(scope="module")
def year() -> ReportContent:
    made = weeks_of_training(8, simulated=True)
    return report_content(made.frames(), TODAY, details=made.extras())


@given(sessions)
@settings(max_examples=12)
def test_the_rows_add_up_to_the_log(
    drawn: Drawn,
) -> None:
    """Claim: over all rows, repetitions, rejections, holds, kept holds and held time are the tables' own sums."""
    frames = _made(drawn)
    content = report_content(frames, TODAY)
    rows = [r for c in content.courses for r in c.rows]
    for column, name in (("reps_valid", "reps"), ("rejected", "rejected")):
        assert sum(getattr(r, name).value for r in rows if getattr(r, name).sessions) == frames.sets[column].sum()
    holding = {r.exercise for r in rows if r.holds.sessions}
    sets = frames.sets[frames.sets["exercise"].isin(holding)]
    for column, name in (("holds", "holds"), ("verified_holds", "holds_kept"), ("held_s", "held_s")):
        assert sum(getattr(r, name).value for r in rows if r.holds.sessions) == pytest.approx(sets[column].sum())
    assert sum(r.count.value for r in content.rejected) == (~frames.reps["counted"]).sum()
    holds = of_sets_done(frames.holds, frames.sets)
    assert sum(r.count.value for r in content.broken) == (~holds["verified"]).sum()
    for row in (*content.rejected, *content.broken):
        assert sum(reason.value for reason in row.reasons) == row.count.value


@given(sessions)
@settings(max_examples=12)
def test_every_figure_is_traceable(
    drawn: Drawn,
) -> None:
    """Claim: each figure that says something names sessions of the log, in a footnote that gives exactly those."""
    frames = _made(drawn)
    content = report_content(frames, TODAY)
    numbers = {s.session_id: s.number for s in content.sessions}
    assert list(numbers) == list(frames.sessions.sort_values(["started_at", "session_id"])["session_id"])
    for figure in figures_of(content):
        if figure.sessions:
            number = content.note(figure)
            assert number is not None
            assert _unrolled(content.note_text(number)) == [numbers[i] for i in figure.sessions]
        else:
            assert np.isnan(figure.value) or figure.value == 0, figure


def _unrolled(text: str) -> list[int]:
    numbers = list[int]()
    for part in text.split(", "):
        first, _, last = part.replace("S", "").partition("–")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


@given(st.sets(st.integers(1, 60), min_size=1))
def test_ranges_lose_nothing(numbers: set[int]) -> None:
    """Claim: session numbers drawn together to ranges are the same numbers."""
    assert _unrolled(ranges(sorted(numbers))) == sorted(numbers)


def test_a_figure_comes_from_its_sessions_alone() -> None:
    """Claim: a report over nothing but the sessions that a row names gives that row's counts again."""
    made = weeks_of_training(6)
    frames, details = made.frames(), made.extras()
    content = report_content(frames, TODAY, details=details)
    row = content.courses[0].rows[0]
    some = frames.sessions[frames.sessions["session_id"].isin(row.reps.sessions or row.holds.sessions)]
    part = LogFrames(some, frames.sets, frames.reps, frames.holds)
    again = report_content(part, TODAY, details=details).courses[0].rows[0]
    assert (again.sets.text, again.holds.text, again.held_s.value) == (row.sets.text, row.holds.text, row.held_s.value)


def test_extra_sets_do_not_make_up_for_missed_ones() -> None:
    """Claim: a session with a set too many and one with none done is half of the plan, not all of it."""
    made = Maker()
    for day, done in ((1, 2), (2, 0)):
        name = made.session(date(2026, 9, day))
        made.details.setdefault("planned", []).append((name, "leg_raise", "left", 8, None))
        for _ in range(done):
            made.add_set(name, "leg_raise", "left", 8, counted=8)
    row = report_content(made.frames(), TODAY, details=made.extras()).courses[0].rows[0]
    assert (row.sets.value, row.sets_planned.value, row.adherence.value) == (2, 2, 0.5)


def test_sets_in_full_with_and_without_a_side() -> None:
    """Claim: a set that reached its plan counts as in full, side told or not; a short one does not, nor one of bridges
    that were to be held and were not.
    """
    made = Maker()
    name = made.session(date(2026, 9, 1))
    for exercise, side, counted in (("hip_circle", None, 8), ("leg_raise", "left", 8), ("leg_raise", "right", 7)):
        made.details.setdefault("planned", []).append((name, exercise, side, 8, None))
        made.add_set(name, exercise, side, 8, counted=counted)
    made.details["planned"].append((name, "hip_bridge", None, 2, 20.0))
    made.add_set(name, "hip_bridge", None, 2, counted=2, holds=((20.5, 20.0), (3.0, 20.0)))
    tile = report_content(made.frames(), TODAY, details=made.extras()).tiles[1]
    assert (tile.figure.value, tile.below) == (4, "of 4 planned; 2 in full")


def test_one_is_told_as_one() -> None:
    """Claim: '1 set done', '1 repetition', '1 hold kept'."""
    made = Maker()
    made.add_set(made.session(date(2026, 9, 1)), "hip_bridge", None, 1, counted=1, holds=((20.5, 20.0),))
    tiles = report_content(made.frames(), TODAY).tiles
    assert [f"{t.figure.text} {t.label}" for t in tiles] == ["1 session", "1 set done", "1 repetition", "1 hold kept"]


def test_who_only_holds_is_told_of_holds() -> None:
    """Claim: '0 repetitions' on the first page would sound like a failure of somebody who had none to do."""
    made = Maker()
    made.add_set(
        made.session(date(2026, 9, 1)), "knee_to_chest", "left", 2, counted=0, holds=((31.0, 30.0), (9.0, 30.0))
    )
    tiles = report_content(made.frames(), TODAY).tiles
    assert [f"{t.figure.text} {t.label}" for t in tiles] == ["1 session", "1 set done", "1 hold kept"]


def test_real_and_not_real() -> None:
    """Claim: a raise that grows by 10 degrees is called real, ones that stay are not, and few sessions say nothing."""
    made = weeks_of_training(8)
    verdicts = {(c.exercise, c.side): c for c in report_content(made.frames(), TODAY).changes}
    assert verdicts["lateral_leg_raise", "right"].verdict == "real"
    assert verdicts["leg_raise", "left"].verdict == "not yet"
    assert "no real change yet" in verdicts["leg_raise", "left"].sentence.text
    few = report_content(weeks_of_training(1).frames(), TODAY)
    assert {c.verdict for c in few.changes} == {"too little"}


def test_sides_that_really_differ_are_said_at_once() -> None:
    """Claim: of two exercises the one whose sides differ is in the summary, with its figure and sessions."""
    made = Maker()
    for day in range(0, 48, 4):
        name = made.session(date(2026, 9, 1) + timedelta(days=day))
        for exercise, side, level_deg in (
            ("lateral_leg_raise", "left", 28.0), ("lateral_leg_raise", "right", 41.0),
            ("leg_raise", "left", 50.0), ("leg_raise", "right", 50.0),
        ):  # fmt: skip
            made.add_set(name, exercise, side, 10, counted=10, level_deg=level_deg + day % 3)
    content = report_content(made.frames(), TODAY)
    verdicts = {s.title: s.verdict for s in content.sides}
    assert verdicts == {"Side-lying leg raise": "real", "Straight leg raise": "not yet"}
    real = next(s for s in content.sides if s.verdict == "real")
    (said,) = (f for f in content.summary if "really differ" in f.text)
    assert said.text.startswith(real.title)
    assert real.difference.text in said.text
    assert (said.value, said.sessions) == (real.difference.value, real.difference.sessions)


def test_simulated_sessions_never_mix_with_real_ones() -> None:
    """Claim: beside real sessions the simulated ones are in no figure, and the report says how many were left out."""
    made = weeks_of_training(2)
    before = report_content(made.frames(), TODAY)
    name = made.session(date(2026, 9, 9), simulated=True)
    made.add_set(name, "leg_raise", "left", 8, counted=8)
    after = report_content(made.frames(), TODAY)
    assert after.courses == before.courses
    assert after.origin == "measured"
    assert [g.figure.value for g in after.gaps if "simulation" in g.what] == [1]


def test_one_person_a_report() -> None:
    """Claim: a log of several people asks for a name; with the name the others' sessions are left out."""
    made = Maker()
    for person in ("Anna", "Ben", None):
        made.add_set(made.session(date(2026, 9, 3), person=person), "leg_raise", "left", 8, counted=8)
    with pytest.raises(LogError, match="--person, one of 'Anna', 'Ben'"):
        report_content(made.frames(), TODAY)
    ben = report_content(made.frames(), TODAY, Choice(person="Ben"))
    assert (ben.person, len(ben.sessions)) == ("Ben", 1)
    with pytest.raises(LogError, match="no sessions of 'Carl'"):
        report_content(made.frames(), TODAY, Choice(person="Carl"))


def test_period_and_emptiness_are_one_line() -> None:
    """Claim: both days of a period belong to it; an empty log or period is one line that says what there is."""
    made = Maker()
    for day in (1, 2, 3):
        made.session(date(2026, 9, day), person=None)
    two = report_content(made.frames(), TODAY, Choice(date(2026, 9, 2), date(2026, 9, 3)))
    assert (len(two.sessions), two.days, two.person) == (2, 2, NO_NAME)
    with pytest.raises(LogError, match="2026-09-01 to 2026-09-03") as caught:
        report_content(made.frames(), TODAY, Choice(since=date(2026, 9, 4)))
    assert "\n" not in str(caught.value)
    with pytest.raises(LogError, match="no sessions"):
        report_content(Maker().frames(), TODAY)
    with pytest.raises(LogError, match="after --until"):
        report_content(made.frames(), TODAY, Choice(date(2026, 9, 3), date(2026, 9, 1)))


def test_gaps_are_said_with_their_sessions(year: ReportContent) -> None:
    """Claim: a fortnight without a session is in the list and cuts every sparkline, and lossy sessions are named."""
    said = {g.what.split(",")[0].split(" (")[0]: g.figure for g in year.gaps}
    assert said["without a session"].value > 14
    assert len(said["without a session"].sessions) == 2
    drawn = picture(year.courses[0].spark, year.days, year.pauses)
    assert drawn is not None
    for trace in drawn.traces:
        assert len(trace.pieces) == 2
    assert all(0 <= m.x <= 1 and 0 <= m.y <= 1 for t in drawn.traces for piece in t.pieces for m in piece)


class _Page(HTMLParser):
    """What a page loads, and the text and links in it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.ids, self.links, self.loads = list[str](), list[str](), list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name in ("src", "srcset", "data", "action", "poster") or name.startswith("on"):
                self.loads.append(f"{name}={value}")


def _parsed(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    return page


def test_html_loads_nothing_and_links_every_figure(year: ReportContent) -> None:
    """Claim: no address, script or source in the page; every link leads to a footnote that is there."""
    text = html_text(year)
    page = _parsed(text)
    assert not re.search(r"https?:|//\w|url\(|@import", text)
    assert not page.loads
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert {f"#n{n}" for n in range(1, len(year.notes) + 1)} == set(page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert all(s.session_id in text.replace("<span>", "") for s in year.sessions)


def test_names_are_escaped() -> None:
    """Claim: a name that is markup, script or template appears as its own letters and does nothing."""
    made = weeks_of_training(1, person=EVIL, sensor_name=EVIL)
    made.details.clear()
    text = html_text(report_content(made.frames(), TODAY))
    page = _parsed(text)
    assert not {"script", "img"} & set(page.tags)
    assert not page.loads
    assert "&lt;script&gt;" in text
    assert "{{ 7*7 }}" in text


def test_simulated_is_on_every_page(year: ReportContent) -> None:
    """Claim: the PDF has two pages, both sections of the HTML and both pages say SIMULATED DATA; real ones do not."""
    pages = PdfReader(BytesIO(pdf_bytes(year))).pages
    assert len(pages) == 2
    assert all("SIMULATED DATA" in p.extract_text() for p in pages)
    sections = html_text(year).split('<section class="page">')[1:]
    assert len(sections) == 2
    assert all("SIMULATED DATA" in s for s in sections)
    made = weeks_of_training(1)
    real = report_content(made.frames(), TODAY)
    assert "SIMULATED" not in html_text(real)
    assert not any("SIMULATED" in p.extract_text() for p in PdfReader(BytesIO(pdf_bytes(real))).pages)


def test_pdf_says_the_figures_and_the_sessions(year: ReportContent) -> None:
    """Claim: all rows' figures, footnotes and short ids can be found in the PDF's text, which is A4."""
    reader = PdfReader(BytesIO(pdf_bytes(year)))
    text = " ".join(" ".join(p.extract_text() for p in reader.pages).split())
    for row in (r for c in year.courses for r in c.rows):
        for figure in (row.sets, row.reps, row.held_s, row.elevation_deg):
            assert " ".join(figure.text.split()) in text
    assert all(s.short_id in text for s in year.sessions)
    assert [round(float(v)) for v in reader.pages[0].mediabox[2:]] == [595, 842]


def test_much_and_odd_content_stays_on_two_pages() -> None:
    """Claim: years of sessions of all exercises with long and foreign names give two pages and say what is left out."""
    made = weeks_of_training(100, person="漢字 Łukasz $\\alpha$ " + 40 * "long ", first=date(2024, 1, 2), seed=5)
    pages = PdfReader(BytesIO(pdf_bytes(report_content(made.frames(), TODAY)))).pages
    assert len(pages) == 2
    assert "coxa report --html" in pages[1].extract_text()
    assert "Łukasz $\\alpha$" in pages[0].extract_text()


def test_an_empty_session_gives_a_report() -> None:
    """Claim: sessions in which nothing was done give both outputs, which say so."""
    made = Maker()
    made.session(date(2026, 9, 1), lost_share=None, duration_s=None, coxa_version=None)
    content = report_content(made.frames(), TODAY)
    assert any(g.what == "in which nothing counted" for g in content.gaps)
    assert "in which nothing counted" in html_text(content)
    assert len(PdfReader(BytesIO(pdf_bytes(content))).pages) == 2


@pytest.fixture(scope="module")
def weeks_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = tmp_path_factory.mktemp("log")
    write_year(log, 4, weeks=6)
    lost = TrackingLost(30.0, Tracking.NO_SAMPLES, 31.0), TrackingResumed(44.0, Tracking.SAMPLES_AGAIN, 44.0)
    with sorted(log.rglob("events.jsonl"))[-1].open("a") as events:
        events.writelines(to_json(event) + "\n" for event in lost)
    return log


def test_from_the_log_to_both_files(weeks_log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Claim: the command makes both files from a log on disk, with the lost tracking that only events tell."""
    from coxa.cli import report

    page, pdf = tmp_path / "r.html", tmp_path / "r.pdf"
    report.run(page, pdf, "2025-10-04", None, None, 3, str(weeks_log))
    text = page.read_text()
    assert Tracking.NO_SAMPLES in text
    assert re.search(r"Trained on \d+ of \d+ planned days", text)
    assert "4 Oct 2025 to" in PdfReader(pdf).pages[0].extract_text()
    assert capsys.readouterr().out.splitlines() == [f"report  {page}", f"report  {pdf}"]
    with pytest.raises(LogError, match="the log goes from"):
        report.run(page, pdf, "2026-10-04", None, None, None, str(weeks_log))


def test_details_of_a_log_in_another_store(weeks_log: Path) -> None:
    """Claim: plans, breaks, lost tracking, warnings and versions are read alike from a folder and any fsspec URL."""
    store = UPath("memory:///report-test")
    for file in weeks_log.rglob("*"):
        if file.is_file():
            (store / file.relative_to(weeks_log).as_posix()).parent.mkdir(parents=True, exist_ok=True)
            (store / file.relative_to(weeks_log).as_posix()).write_bytes(file.read_bytes())
    here, there = (read_details(load(log).sessions, log) for log in (UPath(weeks_log), store))
    for name in ("planned", "breaks", "lost", "warned", "versions"):
        assert len(getattr(here, name))
        pd.testing.assert_frame_equal(getattr(here, name), getattr(there, name))

"""The pages about a log that several people share, that changes while it is looked at, or that is not there."""

from __future__ import annotations

import re
import shutil
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from coxa.analysis.load import load
from coxa.analysis.trends import session_table
from coxa.host.events import Event, TrackingLost
from coxa.host.log import find_session
from coxa.host.log.corrections import Correction, append_correction
from coxa.host.reasons import Tracking
from coxa.host.voice import load_phrases
from coxa.page import session_data
from coxa.page.session_data import view_of
from coxa.page.trends_view import LogReader, view_of_trends
from tests.helpers import frames, scenario
from tests.helpers_log import rep, write
from tests.helpers_page import own_cookie, running_page

ENGLISH = load_phrases("en")


def _answer(link: str, path: str) -> tuple[int, str]:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.open(link, timeout=30).close()
    try:
        with browser.open(urljoin(link, path), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_trends_of_a_log_with_several_people_ask_whose(tmp_path: Path):
    """Claim: nobody's trends are mixed with another's: the page offers the names and shows the chosen one's."""
    for day, person in ((1, "Änne"), (2, "Änne"), (3, "Ben")):
        write(tmp_path, day, person=person)
    reader = LogReader(str(tmp_path))
    asked = view_of_trends(reader, ENGLISH, None)
    assert (asked.people, asked.said, asked.drawn) == (["Ben", "Änne"], [ENGLISH.page("whose_trends")], [])
    told = view_of_trends(reader, ENGLISH, "Änne")
    assert told.person == "Änne"
    assert any("2 sessions measured" in line for line in told.said)
    assert len(told.drawn) == 3
    stranger = view_of_trends(reader, ENGLISH, "Cleo")
    assert stranger.said == ["nobody called 'Cleo' in this log; it has Ben, Änne"]


def test_trends_of_one_person_ask_nothing(tmp_path: Path):
    """Claim: who is alone in the log chooses nobody; an empty log and one that cannot be listed are told in a line."""
    (tmp_path / "one").mkdir()
    write(tmp_path / "one", 1, person="Änne")
    assert view_of_trends(LogReader(str(tmp_path / "one")), ENGLISH, None).people == []
    nothing = view_of_trends(LogReader(str(tmp_path / "none")), ENGLISH, None)
    assert nothing.said == [ENGLISH.page("no_trend")]
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "sessions").write_text("")
    assert "cannot be listed" in view_of_trends(LogReader(str(tmp_path / "file")), ENGLISH, None).said[0]


def test_a_log_is_read_again_only_when_it_has_changed(tmp_path: Path):
    """Claim: the second look costs no reading; a new session, and a correction by hand, are there at the next look."""
    folder = write(tmp_path, 1)
    reader = LogReader(str(tmp_path))
    first, _ = reader.frames()
    assert reader.frames()[0] is first
    append_correction(folder, Correction(0, 9, "2026-11-01T09:00:00+02:00"))
    corrected, _ = reader.frames()
    assert 9 in corrected.sets["reps_valid"].tolist()
    write(tmp_path, 2)
    assert len(reader.frames()[0].sessions) == 2


def test_trends_say_which_sessions_they_lack(tmp_path: Path):
    """Claim: what cannot be read is told beside trends, which it may have changed, at each look and where all is so."""
    folders = [write(tmp_path, day) for day in (1, 2, 3)]
    reader = LogReader(str(tmp_path))
    assert view_of_trends(reader, ENGLISH, None).broken == []
    for folder, left in zip(folders, (2, 1, 0), strict=True):
        (folder / "reps.parquet").unlink()
        (folder / "reps.parquet").write_bytes(b"PAR1junk")
        for _ in range(2):
            view = view_of_trends(reader, ENGLISH, None)
            assert len(view.broken) == 3 - left
            assert all(f.name in line for f, line in zip(folders, view.broken, strict=False))
            assert bool(view.said) == (left > 0)


def test_a_wrong_address_is_told_in_the_language_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Claim: 404 with the page's own words and a way on, for an unknown page and for an unknown session: also where a
    folder of that name, with a session in it, lies where coxa was started. A live tab that was left open is refused."""
    german = load_phrases("de")
    shutil.copytree(write(tmp_path, 1), tmp_path / "20200101T000000-abcdef")
    monkeypatch.chdir(tmp_path)
    with running_page("page", "--log", str(tmp_path), "--lang", "de") as (_, link):
        for path, about in (("nothing", "no_page_about"), ("session/20200101T000000-abcdef", "no_such_session")):
            status, text = _answer(link, path)
            assert status == 404
            assert german.page("no_page") in text
            assert german.page(about) in text
            assert german.page("to_sessions") in text
        assert _answer(link, "session/20261101T080000-aaaaaa")[0] == 200
        place, cookie = urlsplit(link).netloc, {"Cookie": own_cookie(urlsplit(link).port or 80)}
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"ws://{place}/feed", origin=Origin(f"http://{place}"), additional_headers=cookie)


def test_the_list_of_sessions_says_who_where_there_are_several(tmp_path: Path):
    """Claim: a log that several share says whose each session is; a column with one name all along is left out.

    What cannot be listed is told, and nobody claims then that there is no session.
    """
    write(tmp_path, 1, person="Änne")
    with running_page("page", "--log", str(tmp_path)) as (_, link):
        assert "Änne" not in _columns_of(link)
        assert ENGLISH.page("log_who") not in _columns_of(link)
        write(tmp_path, 2, person="Ben")
        assert ENGLISH.page("log_who") in _columns_of(link)
        (tmp_path / "sessions").rename(tmp_path / "elsewhere")
        (tmp_path / "sessions").write_text("")
        status, text = _answer(link, "sessions")
    assert status == 200
    assert "cannot be listed" in text
    assert ENGLISH.page("no_session")[:14] not in text


def test_a_damaged_session_leaves_its_events_to_see(tmp_path: Path):
    """Claim: a recording without samples, and corrections that cannot be read, are told beside what was counted."""
    folder = write(tmp_path, 1, packets=frames(scenario("lateral_leg_raise", 3))[:1])
    (folder / "corrections.jsonl").write_text('{"set_index": 0, "reps": -1}\n')
    session = find_session("last", str(tmp_path))
    assert session is not None
    view = view_of(session, ENGLISH)
    assert len(view.problems) == 2
    assert "less than a second" in view.problems[0]
    assert "corrections.jsonl" in view.problems[1]
    assert (view.trace, view.corrected) == ([], {})
    assert [one.reps for one in view.sets.values()] == [3, 2, 0]
    with running_page("page", "--log", str(tmp_path)) as (_, link):
        status, text = _answer(link, f"session/{folder.name}")
    assert status == 200
    assert "less than a second" in text


def test_a_set_has_the_angle_that_trends_have(tmp_path: Path):
    """Claim: what came after a slip of the strap is in no median; a set wholly after one has none."""
    slip = TrackingLost(108.5, f"{Tracking.SLIPPED} by about 40 degrees", 108.5)
    raises: list[Event] = [rep(1, 100.0), rep(2, 105.0), replace(rep(3, 110.0), rom_deg=80.0)]
    after: list[Event] = [replace(rep(k, 120.0 + 5.0 * k), rom_deg=80.0) for k in (1, 2)]
    write(tmp_path, 1, [*raises[:2], slip, raises[2], *after])
    session = find_session("last", str(tmp_path))
    assert session is not None
    assert [(s.reps, s.rom_deg) for s in view_of(session, ENGLISH).sets.values()] == [(3, 40.0), (2, None)]
    (row,) = session_table(load(str(tmp_path))).to_dict("records")
    assert (row["rom_median_deg"], row["after_slip"]) == (40.0, 3)


@pytest.mark.parametrize("points", [session_data.POINTS, 50])
def test_where_the_sensor_was_lost_no_line_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, points: int):
    """Claim: the angle breaks off where samples are missing and nowhere else, however few points are drawn."""
    monkeypatch.setattr(session_data, "POINTS", points)
    sent = frames(scenario("lateral_leg_raise", 3))
    half = len(sent) // 2
    write(tmp_path, 1, packets=sent[:half] + sent[half + 30 :])
    session = find_session("last", str(tmp_path))
    assert session is not None
    trace = view_of(session, ENGLISH).trace
    lost = [k for k, (_, deg) in enumerate(trace) if deg is None]
    assert len(lost) == 1
    assert trace[lost[0] + 1][0] - trace[lost[0]][0] > 1.0


def _columns_of(link: str) -> list[str]:
    """The titles of the table of sessions, as the page sends them."""
    return re.findall(r'"label":"([^"]+)"', _answer(link, "sessions")[1].replace("\\", ""))

"""The page without a browser: what it shows, what it does to the counting."""

from __future__ import annotations

import inspect
import itertools
import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.cli.output import describe
from coxa.host.cues.kinds import cue
from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted, RepRejected, TrackingLost
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.reasons import REJECTIONS
from coxa.host.replay.run import larger
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import StreamItem
from coxa.host.voice import load_phrases
from coxa.page import frame, log_views, session_data, session_view, state, trends_view
from coxa.page.app import STATIC
from coxa.page.state import MARKS, TRACE_S, PageWatcher, mark_of, shown
from tests.helpers import cut, decoded, scenario
from tests.helpers_page import PLAN, watcher


def rep(index: int = 1) -> RepCompleted:
    return RepCompleted("lateral_leg_raise", "right", index, 1.0, 2.0, 3.0, 31.4, None, 3.1)


def test_a_late_browser_sees_what_an_early_one_has_seen():
    """Claim: reading the news piece by piece or all at once gives the same trace, marks and state."""
    plan, place = (SetPlan("lateral_leg_raise"),), (0, 0, 0)
    page, coach = PageWatcher(plan, load_phrases("en")), Coach(plan)
    trace, marks = list[tuple[float, float]](), list[dict[str, Any]]()
    state: dict[str, Any] = {}
    for item in cut(decoded(scenario("lateral_leg_raise", 3)), lambda: 20):
        for event in coach.feed(item):
            page.event(event)
        page.progress(coach, StreamQuality())
        message, place = page.news(place)
        trace += message["trace"]
        marks += message["marks"]
        state = message["state"]
    late, _ = page.news((0, 0, 0))
    assert late["state"] == state
    assert late["marks"] == marks[-len(late["marks"]) :]
    assert late["trace"] == trace[-len(late["trace"]) :]
    assert late["trace"][-1][0] - late["trace"][0][0] <= TRACE_S + 0.1
    assert [m["n"] for m in marks if m["kind"] == "rep"] == list(range(1, state["count"] + 1))
    assert all(a[0] < b[0] for a, b in itertools.pairwise(trace))


def test_the_page_counts_its_times_from_the_first_sample():
    """A sensor's clock may count from any year: a browser takes the first sample's time off."""
    watched = watcher()
    watched.began(762_000_022.5)
    watched.event(replace(rep(), start_s=762_000_030.0, peak_s=762_000_031.0, end_s=762_000_032.0))
    message, _ = watched.news((0, 0, 0))
    assert message["marks"][0]["at_s"] - message["state"]["begun_s"] == pytest.approx(8.5)


def test_every_message_is_json():
    """Claim: whatever has happened, the browser gets plain JSON without NaN."""
    page = watcher()
    page.status(LinkStatus(True, "connected to coxa"))
    events: list[Event] = [
        rep(),
        RepRejected("lunge", None, 1.0, 2.0, "too small", 18.0, 25.0, "deg", 2.0),
        HoldStarted("knee_to_chest", None, 4.0, 5.0),
        HoldEnded("knee_to_chest", None, 4.0, 34.0, 30.0, 30.0, 88.0, True, 34.5),
        TrackingLost(40.0, "no samples", 41.0),
    ]
    for event in events:
        page.event(event)
    page.cue(cue("count", 3.0, n=1))
    page.progress(Coach(PLAN), StreamQuality())
    page.over("20261124T000000-abcdef")
    message, _ = page.news((0, 0, 0))
    assert json.loads(json.dumps(message, allow_nan=False))["cues"][0]["text"] == "1"
    json.dumps(page.opening(), allow_nan=False)
    assert [m["kind"] for m in message["marks"]] == ["rep", "rejected", "hold", "held", "lost"]
    assert message["marks"][1]["text"] == "too small: 18 of 25°"
    assert message["state"]["over"]


def test_the_page_tells_the_angle_that_the_terminal_tells():
    """Claim: it is rounded once: 30.46° is 30 on both."""
    event = replace(rep(), rom_deg=30.46)
    mark = mark_of(event, load_phrases("en"))
    assert mark is not None
    assert mark["told"] == "30\u00b0"
    assert "30 deg" in (describe(event) or ())


def test_a_long_session_keeps_little():
    """Claim: hours of marks do not grow the page, and a slow reader misses only the oldest."""
    page = watcher()
    _, place = page.news((0, 0, 0))
    for n in range(3 * MARKS):
        page.event(rep(n))
    message, place = page.news(place)
    assert [m["n"] for m in message["marks"]] == list(range(2 * MARKS, 3 * MARKS))
    page.event(rep(7))
    assert len(page.news(place)[0]["marks"]) == 1


@cache
def unwatched() -> tuple[list[StreamItem], list[Event]]:
    """A stream, and its events without a page."""
    items, coach = decoded(scenario("lateral_leg_raise", 3)), Coach(PLAN)
    return items, [e for item in larger(items) for e in coach.feed(item)] + coach.finish()


@given(st.integers(1, 60))
@settings(max_examples=8, deadline=None)
def test_whoever_looks_on_changes_nothing(size: int):
    """Claim: the events of a session are the same with the page and without it."""
    (items, without), watched, page = unwatched(), Coach(PLAN), watcher()
    events = list[Event]()
    for item in cut(items, lambda: size * 10):
        events += watched.feed(item)
        page.progress(watched, StreamQuality())
    assert events + watched.finish() == without


def test_up_in_the_thigh_is_a_direction():
    """Claim: once the thigh has stood, where up is in its frame is a unit vector, near proximal while standing."""
    coach, seen = Coach((SetPlan("hip_circle"),)), list[tuple[float, float, float]]()
    for item in cut(decoded(scenario("hip_circle", 3)), lambda: 100):
        coach.feed(item)
        if coach.view.up is not None:
            seen.append(coach.view.up)
    assert seen
    assert np.allclose([np.linalg.norm(u) for u in seen], 1.0)
    assert seen[-1][1] > 0.8


def test_the_rest_between_two_sets_counts_down():
    """Claim: after a set the page shows what is left of the rest, until that is over or the next one is counted."""
    plan = (SetPlan("lateral_leg_raise", "right", 2, rest_s=20.0), SetPlan("lateral_leg_raise", "right", 2))
    coach, left_s = Coach(plan), list[float]()
    for item in cut(decoded(scenario("lateral_leg_raise", 3)), lambda: 20):
        coach.feed(item)
        message = shown(coach, coach.view, StreamQuality(), plan)
        if message["rest_left_s"] is not None:
            assert (message["set"], message["count"], message["rest_s"]) == (1, 0, 20.0)
            left_s.append(message["rest_left_s"])
    assert left_s
    assert left_s[0] == pytest.approx(20.0, abs=0.5)
    assert all(a > b for a, b in itertools.pairwise(left_s))


def test_after_the_last_set_it_is_done():
    """Claim: once all that was planned is counted the page no longer says that it is ready for more."""
    plan = (SetPlan("lateral_leg_raise", "right", 2),)
    coach = Coach(plan)
    for item in decoded(scenario("lateral_leg_raise", 3)):
        coach.feed(item)
    assert coach.ended
    assert shown(coach, coach.view, StreamQuality(), plan)["state"] == "done"


def test_a_browser_learns_that_the_machine_has_no_voice():
    """Claim: as soon as the machine's voice has failed every browser is told so, also one that comes later."""
    failed = list[bool]()
    page = PageWatcher(PLAN, load_phrases("en"), lambda: bool(failed))
    page.progress(Coach(PLAN), StreamQuality())
    assert not page.news((0, 0, 0))[0]["state"]["speak"]
    failed.append(True)
    page.progress(Coach(PLAN), StreamQuality())
    assert page.news((0, 0, 0))[0]["state"]["speak"]


def test_a_browser_is_given_every_cue_and_for_how_long_it_is_worth_saying():
    """Claim: of cues of one moment none is lost on the way; what comes late is late in the browser, too, and what the
    voice that was asked for would not say is not to be said."""
    host_s = 100.0
    page = PageWatcher(PLAN, load_phrases("en"), says=lambda c: c.level == "counts", now=lambda: host_s)
    page.cue(cue("count_final", 3.0, n=8))
    page.cue(cue("rest", 3.0, n=30))
    first, place = page.news((0, 0, 0))
    assert [(c["n"], c["text"], c["slot"], c["aloud"]) for c in first["cues"]] == [
        (1, "8. Done", "count", True),
        (2, "Rest, 30 seconds", "instruction", False),
    ]
    assert [c["left_s"] for c in first["cues"]] == [1.5, 6.0]
    coach, items = Coach(PLAN), iter(decoded(scenario("lateral_leg_raise", 3)))
    while coach.view.t_s is None:
        coach.feed(next(items))
    page.progress(coach, StreamQuality())
    for late_s in (0.25, 4.0):
        page.cue(cue("count", coach.view.t_s - late_s, n=1))
    fresh, late = page.news(place)[0]["cues"]
    assert (fresh["n"], fresh["left_s"]) == (3, pytest.approx(0.35, abs=0.01))
    assert late["left_s"] < 0.0


def test_what_stands_on_the_page_stands_in_the_language_file():
    """Claim: every word that the page asks for is in the file, and nothing is translated in vain."""
    names = ("live.js", "draw.js", "live.html")
    source = "".join((STATIC / name).read_text("utf-8") for name in names)
    source += "".join(map(inspect.getsource, (state, log_views, session_data, session_view, trends_view, frame)))
    words = load_phrases("en").words["page"]
    direct = re.findall(r'(?:word\(|\.page\(|data-(?:word|label)=)"(\w+)"', source)
    assert set(direct) <= set(words)
    assert [key for key in words if f'"{key}"' not in source] == []


@pytest.mark.parametrize("code", ["de", "en"])
def test_every_reason_has_a_word(code: str):
    """Claim: each reason for which the core rejects stands on the page in the language, in four words at most."""
    reasons = load_phrases(code).words["reasons"]
    assert {reason.replace(" ", "_") for reason in REJECTIONS} == set(reasons)
    assert all(len(words.split()) <= 4 for words in reasons.values())


def test_what_is_no_mark():
    """Claim: only what can be seen on the trace is marked."""
    from coxa.host.events import TrackingResumed

    assert mark_of(TrackingResumed(1.0, "samples again", 1.0), load_phrases("en")) is None

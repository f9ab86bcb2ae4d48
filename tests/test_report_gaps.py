"""What a report leaves out or calls doubtful, and how it names its sessions: nothing is made up, nothing hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from math import inf

import pytest

from coxa.analysis.lost import LostStretch, lost_stretches
from coxa.analysis.report.choice import Choice
from coxa.analysis.report.content import report_content
from coxa.analysis.report.model import NOTHING
from coxa.host.errors import LogError
from coxa.host.events import TrackingLost, TrackingResumed
from coxa.host.reasons import Tracking
from tests.report_frames import Maker

TODAY = date(2026, 11, 23)


def test_a_hold_a_hair_short_is_not_told_as_enough() -> None:
    """Claim: held seconds are rounded down where the report says why holds were not kept."""
    made = Maker()
    made.add_set(made.session(date(2026, 9, 1)), "knee_to_chest", "left", 1, holds=((29.6, 30.0),))
    (row,) = report_content(made.frames(), TODAY).broken
    assert [r.text for r in row.reasons] == ["let go early 1 (29 of 30 s)"]


def test_a_set_that_a_person_says_was_none_has_no_angle() -> None:
    """Claim: of a set corrected to 0 neither the range of motion nor a hold that was not kept is told."""
    made = Maker()
    session = made.session(date(2026, 9, 1))
    made.add_set(session, "leg_raise", "left", 3, counted=3, level_deg=20.0, corrected=0)
    made.add_set(session, "leg_raise", "left", 3, counted=3, level_deg=60.0)
    made.add_set(session, "knee_to_chest", "left", 1, holds=((12.0, 30.0),), corrected=0)
    content = report_content(made.frames(), TODAY)
    rows = {r.exercise: r for c in content.courses for r in c.rows}
    assert rows["leg_raise"].elevation_deg.value == pytest.approx(60.0, abs=3.0)
    assert rows["knee_to_chest"].elevation_deg.text == NOTHING.text
    assert content.broken == ()


def test_a_demo_is_never_the_report_of_a_log_that_has_a_life() -> None:
    """Claim: not even of a period in which nothing but the demo lies; a log of demos only has its report."""
    made = Maker()
    made.session(date(2026, 10, 1), simulated=False)
    made.session(date(2026, 11, 2), simulated=True)
    frames = made.frames()
    with pytest.raises(LogError, match="simulated"):
        report_content(frames, TODAY, Choice(since=date(2026, 11, 1)))
    demos = replace(frames, sessions=frames.sessions[frames.sessions["simulated"]])
    assert report_content(demos, TODAY).origin == "simulated"


def test_a_warning_of_the_sensor_is_no_lost_tracking() -> None:
    """Claim: while counting goes on no tracking is lost, and a fault that does stop it lasts through such a warning; a
    doubt of side or figures is a gap of its own.
    """
    faulty, doubtful = f"{Tracking.FAULTY} 3.0 m/s2 off", f"{Tracking.DOUBTFUL}: an axis is dead"
    events = [TrackingLost(5.0, faulty, 5.0)]
    for at_s, reason, then in (
        (6.0, f"{Tracking.SLIPPED} by about 40 degrees", Tracking.AXES_ANEW),
        (7.0, doubtful, Tracking.GOES_ON),
    ):
        events += [TrackingLost(at_s, reason, at_s), TrackingResumed(at_s, then, at_s)]
    assert lost_stretches(events[1:]) == []
    assert lost_stretches([*events, TrackingResumed(9.0, Tracking.SOUND_AGAIN, 9.0)]) == [LostStretch(5.0, 9.0, faulty)]
    made = Maker()
    made.add_set(name := made.session(date(2026, 9, 1)), "leg_raise", "left", 3, counted=3)
    made.details["warned"] = [(name, doubtful), (name, f"{Tracking.SLIPPED} by about 40 degrees")]
    gaps = report_content(made.frames(), TODAY, details=made.extras()).gaps
    assert [g.figure.sessions for g in gaps if "doubtful" in g.what] == [(name,)]
    assert not any("other thigh" in g.what or "tracking" in g.what for g in gaps)


def test_lost_stretches() -> None:
    """Claim: lost tracking is paired with its return; what never returns lasts to the end, be it known or not."""
    events = [
        TrackingLost(501.0, "no samples", 502.0),
        TrackingResumed(504.0, "", 504.0),
        TrackingLost(540, "gone", 541),
    ]
    first = LostStretch(501.0, 504.0, "no samples")
    assert lost_stretches(events, 600.0) == [first, LostStretch(540.0, 600.0, "gone")]
    assert lost_stretches(events) == [first, LostStretch(540.0, inf, "gone")]


def test_short_ids_are_unmistakable() -> None:
    """Claim: a short id begins exactly one session of the log, whoever else is in it, as `coxa show` needs it."""
    made = Maker()
    for day, person in product((1, 2), ("Ann", "Bob")):
        made.session(date(2026, 9, day), session_id=f"202609{day:02}T080000-{person}", person=person)
    frames = made.frames()
    sessions, known = report_content(frames, TODAY, Choice(person="Ann")).sessions, frames.sessions["session_id"]
    assert len(sessions) == 2
    for one in sessions:
        assert known[known.str.startswith(one.short_id)].tolist() == [one.session_id]

"""What people read of an event in the terminal, and on the page beside it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from coxa.analysis.names import percent
from coxa.cli.live_screen import LiveScreen
from coxa.cli.output import describe, narrow_table, print_table
from coxa.host.cues.kinds import cue
from coxa.host.events import HoldEnded, RepCompleted, RepRejected, TrackingLost, TrackingResumed
from coxa.host.reasons import Tracking
from coxa.host.routine import SetPlan
from coxa.host.voice import load_phrases
from coxa.page.state import mark_of


@pytest.mark.parametrize(
    ("reason", "then", "what", "back"),
    [
        (Tracking.NO_SAMPLES, Tracking.SAMPLES_AGAIN, "no signal", True),
        (f"{Tracking.FAULTY} 3.0 m/s2 off", Tracking.SOUND_AGAIN, "sensor faulty", True),
        (f"{Tracking.SLIPPED} by about 40 degrees", Tracking.AXES_ANEW, "warning", False),
        (f"{Tracking.OTHER_THIGH} left thigh", Tracking.GOES_ON, "warning", False),
        (f"{Tracking.DOUBTFUL}: an axis is dead", Tracking.GOES_ON, "warning", False),
    ],
)
def test_only_a_signal_that_is_gone_is_said_to_be(reason: str, then: str, what: str, back: bool) -> None:
    """Where counting goes on there is a warning, and no signal comes back."""
    lost = TrackingLost(5.0, reason, 5.0)
    assert describe(lost) == ("5.0 s", "", what, "", reason)
    out = io.StringIO()
    with LiveScreen((SetPlan("lunge"),), Console(file=out, width=100), load_phrases()) as screen:
        screen.event(lost)
        screen.event(TrackingResumed(5.0, then, 5.0))
    assert ("signal is back" in out.getvalue()) is back


@pytest.mark.parametrize(
    ("sd_deg", "terminal", "page"),
    [(None, "45 deg", "45\u00b0"), (5.1, "45 deg", "45\u00b0"), (41.0, "45 ± 80 deg", "45 ± 80\u00b0")],
)
def test_an_angle_that_may_be_far_off_says_so(sd_deg: float | None, terminal: str, page: str) -> None:
    """Claim: where a gap hid much of a movement nobody reads its angle without what it may be off, of a repetition or
    of a hold; any other angle stands alone.
    """
    rep = RepCompleted("lunge", None, 5, 10.0, 11.0, 12.0, 45.0, None, 12.0, rom_sd_deg=sd_deg)
    hold = HoldEnded("figure_four", None, 10.0, 42.0, 30.5, 30.0, 45.0, True, 42.0, rom_sd_deg=sd_deg)
    rows = [describe(rep), describe(hold)]
    assert [row and row[3] for row in rows] == [terminal, terminal]
    mark = mark_of(rep, load_phrases())
    assert mark is not None
    assert mark["told"] == page


def test_who_hears_no_voice_reads_what_is_to_be_done() -> None:
    """The terminal shows what the coach asked last, in the session's language; a count has its own place."""
    out = io.StringIO()
    with LiveScreen(
        (SetPlan("lunge"),), Console(file=out, force_terminal=True, width=100), load_phrases("de")
    ) as screen:
        screen.cue(cue("move_sensor", 5.0, side="left"))
        screen.cue(cue("count", 6.0, n=1))
    assert "Mach den Sensor am anderen Oberschenkel fest" in out.getvalue()
    assert "linkes Bein" in out.getvalue()


@pytest.mark.parametrize(
    ("measured", "needed", "unit", "terminal", "page"),
    [
        (18.0, 25.0, "deg", " (18 of 25 deg)", ": 18 of 25°"),
        (24.7, 25.2, "deg", " (24.7 of 25.2 deg)", ": 24.7 of 25.2°"),
        (7.2, 6.0, "s", " (7.2, limit 6.0 s)", ": 7.2, limit 6.0 s"),
        (0.71, 0.8, "cosine", "", ""),
    ],
)
def test_what_failed_never_reads_as_enough(measured: float, needed: float, unit: str, terminal: str, page: str) -> None:
    """A limit is told from a least measure, both numbers differ, and what says nothing to people is left out."""
    event = RepRejected("leg_raise", "left", 5.0, 6.0, "too small", measured, needed, unit, 6.0)
    told, mark = describe(event), mark_of(event, load_phrases())
    assert told is not None
    assert mark is not None
    assert (told[4], mark["text"]) == (f"too small{terminal}", f"too small{page}")


@pytest.mark.parametrize(
    ("held_s", "target_s", "terminal", "page"),
    [
        (29.96, 30.0, ("hold 29.9 s", "short of 30 s"), "held 29 of 30 s"),
        (7.4, 7.5, ("hold 7.4 s", "short of 7.5 s"), "held 7 of 7.5 s"),
        (30.0, 30.0, ("hold 30.0 s", "kept"), "held 30 of 30 s"),
    ],
)
def test_a_hold_that_was_let_go_never_reads_as_kept(
    held_s: float, target_s: float, terminal: tuple[str, str], page: str
) -> None:
    """Held seconds are rounded down, and a target is told as it is."""
    event = HoldEnded("knee_to_chest", "left", 5.0, 40.0, held_s, target_s, 80.0, held_s >= target_s, 41.0)
    told, mark = describe(event), mark_of(event, load_phrases())
    assert told is not None
    assert mark is not None
    assert ((told[2], told[4]), mark["text"]) == (terminal, page)


def test_no_figure_is_cut_off() -> None:
    """However narrow the terminal and however long the figures."""
    out = io.StringIO()
    table = narrow_table("exercise", "side", "thigh\ndeg", "hold\ns", "up/top/down\ns")
    rows = [
        ("seated_hamstring_stretch, with the strap of mine", "right", "-", "30.0", "-"),
        ("hip_bridge", "left", "32", "23.2", "10.7/123.1/10.9"),
    ]
    for row in rows:
        table.add_row(*row)
    print_table(Console(file=out, width=60), table)
    assert all(cell in out.getvalue() for row in rows for cell in row)
    assert "…" not in out.getvalue()


@pytest.mark.parametrize(
    ("share", "digits", "told"),
    [
        (0.0, 0, "0 %"),
        (0.004, 0, "< 1 %"),
        (0.0003, 1, "< 0.1 %"),
        (0.25, 0, "25 %"),
        (0.9996, 1, "> 99.9 %"),
        (1, 0, "100 %"),
    ],
)
def test_a_share_is_all_or_nothing_only_where_it_is(share: float, digits: int, told: str) -> None:
    """What was lost is never 0, and what was left out never makes 100."""
    assert percent(share, digits) == told

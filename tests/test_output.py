"""What people read of an event in the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from coxa.cli.live_screen import LiveScreen
from coxa.cli.output import describe
from coxa.host.events import TrackingLost, TrackingResumed
from coxa.host.reasons import Tracking
from coxa.host.routine import SetPlan


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
    with LiveScreen((SetPlan("lunge"),), Console(file=out, width=100)) as screen:
        screen.event(lost)
        screen.event(TrackingResumed(5.0, then, 5.0))
    assert ("signal is back" in out.getvalue()) is back

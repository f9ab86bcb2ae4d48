"""`auto`: who has let go of a hold too soon, again and again, raises the leg slowly."""

from __future__ import annotations

import pytest

from coxa.host.events import RepRejected
from coxa.host.reasons import Reason
from tests.test_auto_contest import Played


@pytest.mark.parametrize(("times", "lasts_s", "known"), [
    (1, 3.5, "figure_four"), (2, 3.5, None), (4, 3.8, None), (2, 9.5, "figure_four"),
], ids=["once", "twice", "four times", "held after all"])  # fmt: skip
def test_who_lets_go_twice_in_a_row_does_what_was_let_go(times: int, lasts_s: float, known: str | None) -> None:
    """Claim: once may be a try; after two the next must be held for longer than any top of a raise."""
    played, name = Played("figure_four"), "figure_four"
    for k in range(times):
        played.holds(name, 10.0 * k, 1.5)
        played.detectors[name].moving, played.detectors[name].hold_s = False, None
        end_s = 10.0 * k + 2.0
        played.says(end_s, name, RepRejected(name, "right", end_s - 2.0, end_s, Reason.NOT_HELD, 1.5, 4.0, "s", end_s))
    played.holds(name, 10.0 * times, lasts_s)
    assert played.auto.exercise == known

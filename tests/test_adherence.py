"""Training against what was planned: days of each week, sets of each session, and how that is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import get_type_hints

import pytest

from coxa.analysis.adherence import DAYS_PER_WEEK, adherence, adherence_sentence
from coxa.cli.commands import log
from coxa.host.log.corrections import Correction
from coxa.host.routine import SetPlan
from tests.helpers_trends import FIRST, hold, log_of, reps


def test_adherence_counts_days_of_past_weeks():
    """Extra days of one week make up for no other, the running week is open, the first asks for what it had left."""
    frames = log_of({d: reps([40]) for d in (5, 7, 8, 9, 10, 14, 21)})  # Saturday; four days; one; the running week
    found = adherence(frames, FIRST + timedelta(days=22))
    assert found.weeks["planned_days"].tolist() == [2, 3, 3, 3]
    assert found.weeks["days"].tolist() == [1, 4, 1, 1]
    assert found.weeks["over"].tolist() == [True, True, True, False]
    assert found.share == pytest.approx((1 + 3 + 1) / 8)
    assert adherence_sentence(found).startswith(
        "trained on 5 of 8 planned days (62 %) and 1 more than a week's plan asks for, 1 of 3 weeks in full"
    )


def test_adherence_knows_sets_that_were_never_begun():
    """Sets count against the session's plan: reached, short, and never begun; what `auto` recognises has no target."""
    plan = (SetPlan("leg_raise", "right", 2), SetPlan("leg_raise", "left", 3), SetPlan("knee_to_chest", "right", 1))
    frames = log_of({0: reps([40, 41]) + reps([40, 41], "left")}, plan=plan)
    found = adherence(frames, FIRST, {"s0": plan})
    assert (found.sets_done, found.sets_planned) == (1, 3)
    named = adherence(frames, FIRST, {"s0": (SetPlan("auto", "right"), *plan[1:])})
    assert (named.sets_done, named.sets_planned) == (0, 2)


def test_a_person_may_say_that_a_hold_was_missed():
    """Two holds seen of the three planned: by a count of three the target was reached, by one of none nothing done."""
    plan = (SetPlan("knee_to_chest", "right", 3),)
    for told, done, days in ((3, 1, 1), (0, 0, 0)):
        said = {"s0": [Correction(0, told, "2026-10-05T19:00:00+02:00")]}
        found = adherence(log_of({0: [hold(31.0), hold(32.0)]}, corrections=said, plan=plan), FIRST, {"s0": plan})
        assert (found.sets_done, len(found.days)) == (done, days)


def test_a_missed_day_is_never_all_of_them() -> None:
    """Claim: 209 of 210 planned days, daily for 30 weeks, are not 100 %."""
    frames = log_of({d: reps([40]) for d in range(210) if d != 100})
    said = adherence_sentence(adherence(frames, FIRST + timedelta(days=209), days_per_week=7))
    assert said.startswith("trained on 209 of 210 planned days (> 99 %)")


def test_one_planned_day_is_one() -> None:
    """Claim: who began on a Sunday has trained on '1 of 1 planned day'."""
    found = adherence(log_of({6: reps([40])}), FIRST + timedelta(days=7))
    assert adherence_sentence(found).startswith("trained on 1 of 1 planned day (100 %)")


def test_adherence_of_nothing():
    """An empty log has no days, no weeks and says so; a senseless plan is refused."""
    frames = log_of({0: []})
    assert adherence_sentence(adherence(frames, FIRST)) == "no training day yet"
    with pytest.raises(ValueError, match="1 to 7"):
        adherence(frames, FIRST, days_per_week=8)


@pytest.mark.parametrize("command", [log.trends, log.plot])
def test_help_says_how_many_days_are_planned(command: Callable[..., None]):
    """What `--help` calls the default of --days-per-week is what is taken."""
    (option,) = get_type_hints(command, include_extras=True)["days_per_week"].__metadata__
    assert option.show_default == str(DAYS_PER_WEEK)

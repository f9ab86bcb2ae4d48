"""What `coxa score` says of counts that are wrong: every one is told, and stands in the figures."""

from __future__ import annotations

from typing import Any

import pytest

from coxa.analysis.score import report
from coxa.analysis.score_recording import RecordingScore, judge
from coxa.analysis.score_truth import parse_truth
from coxa.host.events import Event, HoldEnded, RepCompleted

SPAN = {"start_s": 10, "end_s": 32}
BRIDGE: dict[str, Any] = {
    "exercise": "hip_bridge",
    "kind": "kinematic",
    "reps": [{**SPAN, "top_start_s": 11, "top_end_s": 31}],
    "holds": [{"start_s": 11, "end_s": 31, "rep": 0, "verified": True, "target_s": 20}],
    "activities": [{"label": "set:hip_bridge", "start_s": 9, "end_s": 33}],
}
"""One bridge of 20 s, in one set."""
UP = RepCompleted("hip_bridge", "left", 1, 10.0, 20.0, 32.0, 30.0, None, decided_s=32.0)


def held(start_s: float, end_s: float, *, verified: bool = True, target_s: float = 20.0) -> HoldEnded:
    """A bridge's hold as it was counted."""
    return HoldEnded("hip_bridge", "left", start_s, end_s, end_s - start_s, target_s, 30.0, verified, end_s)


def judged(truth: dict[str, Any], events: list[Event], asked: str = "hip_bridge") -> RecordingScore:
    """The score of two minutes."""
    return judge("made", "made.csv", parse_truth(truth), asked, events, (0.0, 120.0))


@pytest.mark.parametrize(
    ("events", "told", "figures"),
    [
        pytest.param([UP, held(11, 31)], [], (1, 0, 0, 1.0), id="right"),
        pytest.param([UP, held(11, 28), held(29.5, 31)], ["false hold"], (1, 1, 0, 1.0), id="torn in two"),
        pytest.param([UP, held(11, 31), held(50, 75)], ["false hold"], (1, 1, 1, 1.0), id="walking"),
        pytest.param([UP, held(11, 31, verified=False)], ["verdict"], (1, 0, 0, 0.0), id="kept, told as short"),
        pytest.param([UP, held(11, 31, verified=False, target_s=30)], [], (1, 0, 0, None), id="short of another time"),
        pytest.param([UP], ["hold missed"], (0, 0, 0, None), id="not seen"),
        pytest.param([], ["hold missed", "missed"], (0, 0, 0, None), id="nothing seen"),
    ],
)
def test_a_bridge_gives_a_repetition_and_a_hold(events: list[Event], told: list[str], figures: tuple[object]) -> None:
    """A hold too many, one missed, or one said to be what it was not is a failure, and stands in the figures."""
    score = judged(BRIDGE, events)
    (total,) = report([score]).totals
    assert [f.what for f in score.failures] == told
    seen = (total.holds_found, total.holds_false, total.false_outside_sets, total.hold_verdict_accuracy)
    assert seen == figures


@pytest.mark.parametrize(
    "told", [{"holds": []}, {"reps": [], "holds": [], "blocks": [{**SPAN, "kind": "x", "reps": 1}]}]
)
def test_a_truth_that_tells_of_no_holds_allows_one_in_each_repetition(told: dict[str, Any]) -> None:
    """Who noted repetitions only is not told that every hold was false; a second one, or one elsewhere, is."""
    assert judged({**BRIDGE, **told}, [UP, held(11, 31)]).holds_false == 0
    assert judged({**BRIDGE, **told}, [UP, held(11, 28), held(29.5, 31), held(50, 75)]).holds_false == 2


def test_a_hold_where_nothing_was_done_is_a_false_count() -> None:
    """Asked for a bridge, a hold alone counts; asked for a hold exercise, a hold is one count and not two."""
    nothing = {"exercise": "none", "claimed": "hip_bridge"}
    (bridge,) = report([judged(nothing, [UP, held(50, 75)])]).negatives
    (stretch,) = report([judged(nothing, [held(50, 75)], "knee_to_chest")]).negatives
    assert (bridge.false, bridge.false_per_min) == (2, 1.0)
    assert (stretch.false, stretch.false_per_min) == (1, 0.5)


def test_a_set_told_twice_is_one() -> None:
    """Else its repetitions were two sets, and the time outside sets less than there is."""
    truth = {**BRIDGE, "activities": BRIDGE["activities"] * 2}
    (total,) = report([judged(truth, [UP, held(11, 31), held(50, 75)])]).totals
    assert (total.sets, total.sets_exact) == (1, 1)
    assert total.false_per_min_outside_sets == pytest.approx(1 / 1.6)

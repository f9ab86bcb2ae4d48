"""Pictures of what was scored wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from coxa.analysis.plots.failure import AROUND_S, PANELS, draw_failures
from coxa.analysis.score_recording import Failure
from coxa.analysis.score_truth import parse_truth
from coxa.host.events import Event, HoldEnded, RepCompleted, RepRejected
from tests.helpers import decoded, scenario

EVENTS: list[Event] = [
    RepCompleted("lunge", None, 1, 240.0, 241.0, 242.0, 60.0, None, 242.0),
    RepRejected("lunge", None, 243.0, 244.0, "too small", 10.0, 38.0, "deg", 244.0),
]
TRUTH = parse_truth({
    "exercise": "lunge",
    "reps": [
        {"start_s": 240.0, "end_s": 242.0, "required": True},
        {"start_s": 243.0, "end_s": 244.0, "kind": "partial"},
        {"start_s": 248.0, "end_s": 250.0, "required": True},
    ],
})  # fmt: skip


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The pictures instead of files."""
    figures = list[Figure]()

    def keep(figure: Figure, where: Path) -> None:
        assert where.name == "x.png"
        figures.append(figure)

    monkeypatch.setattr(Figure, "savefig", keep)
    return figures


def _draw(times_s: list[float]) -> None:
    failures = [Failure("one", "lunge", "missed", t_s, f"at {t_s:g}") for t_s in times_s]
    draw_failures(decoded(scenario("lunge", 3)), EVENTS, failures, TRUTH, "one", Path("x.png"))


def test_a_picture_of_a_failure_says_what_its_shades_mean(drawn: list[Figure]):
    """Claim: who looks for a miss sees which stretches were counted, which were not, and what was truly done; only of
    those that are there.
    """
    _draw([241.0])
    legend = [text.get_text() for text in drawn[0].legends[0].get_texts()]
    assert legend == ["counted", "not counted", "done", "done in part or unseen"]


def test_failures_near_each_other_share_a_panel_that_says_each(drawn: list[Figure]):
    """Claim: each failure is told in full beside its number, however many there are, and can be found in the course."""
    _draw([250.0, 241.0, 241.0 + 3 * AROUND_S + 9.0])
    whole, first, second = drawn[0].axes
    assert first.get_title(loc="left").splitlines() == ["1  missed: at 241", "2  missed: at 250"]
    assert second.get_title(loc="left") == "3  missed: at 280"
    assert first.get_xlim() == pytest.approx((240.0 - AROUND_S, 250.0 + AROUND_S))
    assert [text.get_text().strip() for text in whole.texts] == ["1", "2", "3"]


def test_a_hold_is_shown_from_before_it_until_after_it(drawn: list[Figure]):
    """Claim: what went wrong about a hold lies in its middle; where it began, where it ended and the rest before it,
    from which its angle is drawn, are seen all the same.
    """
    hold = HoldEnded("figure_four", None, 250.0, 300.0, 50.0, 30.0, 45.0, True, 300.0)
    failure = Failure("one", "figure_four", "false hold", 275.0, "where none was done")
    draw_failures(decoded(scenario("lunge", 3)), [hold], [failure], TRUTH, "one", Path("x.png"))
    assert drawn[0].axes[1].get_xlim() == pytest.approx((250.0 - AROUND_S, 300.0 + AROUND_S))


def test_the_bars_are_the_repetitions_that_were_done(drawn: list[Figure]):
    """Claim: what was truly done lies below the course at its own time, beside what was counted."""
    _draw([241.0])
    bars = [p.get_extents().transformed(drawn[0].axes[1].transData.inverted()) for p in drawn[0].axes[1].patches[2:]]
    assert [(bar.x0, bar.x1) for bar in bars] == [
        pytest.approx(at) for at in ((240.0, 242.0), (243.0, 244.0), (248.0, 250.0))
    ]


def test_a_failure_where_nothing_was_received_is_told_all_the_same(drawn: list[Figure]):
    """Claim: neither a failure before the first sample nor long after the last keeps the others from being drawn."""
    _draw([-500.0, 241.0, 9000.0])
    assert [axis.get_title(loc="left")[0] for axis in drawn[0].axes[1:]] == ["1", "2", "3"]


def test_what_is_too_many_to_draw_is_said(drawn: list[Figure]):
    """Claim: a picture ends somewhere, and says how many failures it leaves out."""
    _draw([3 * AROUND_S * k for k in range(PANELS + 2)])
    assert len(drawn[0].axes) == 1 + PANELS
    assert drawn[0].get_suptitle() == "one; 2 more failures not drawn"

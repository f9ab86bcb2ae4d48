"""A session is right only where each count is of something done then, on that thigh; sums that agree are not enough."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from coxa.analysis.plots import session as pictures
from coxa.analysis.score_session import compare
from coxa.cli import demo
from coxa.host.events import Event, HoldEnded, RepCompleted
from tests.helpers_log import write

RAISES = [("right", 100), ("right", 105), ("left", 200), ("left", 205)]
TURNS = [("clockwise", 300), ("counterclockwise", 305)]
TRUTH: dict[str, Any] = {
    "plan": [{"exercise": name} for name in ("lateral_leg_raise", "hip_circle", "hip_bridge", "lateral_leg_raise")],
    "reps": [
        *({"exercise": "lateral_leg_raise", "side": side, "start_s": s, "end_s": s + 4} for side, s in RAISES),
        *({"exercise": "hip_circle", "side": "left", "start_s": s, "end_s": s + 4} for _, s in TURNS),
        {"exercise": "hip_bridge", "side": "left", "start_s": 400, "end_s": 424},
        {"exercise": "hip_bridge", "side": "left", "start_s": 430, "end_s": 444},
    ],
    "holds": [
        {"start_s": 402, "end_s": 410, "rep": 6, "verified": True},
        {"start_s": 412, "end_s": 422, "rep": 6, "verified": True},
        {"start_s": 432, "end_s": 442, "rep": 7, "verified": False},
    ],
}
for one, way in zip(TRUTH["reps"], [None] * 4 + [way for way, _ in TURNS] + [None] * 2, strict=True):
    one.update(required=True, direction=way)


def right() -> list[Event]:
    """All of it, counted as it was done; circles are told of no thigh, and the first hold was gripped again."""
    reps = list[Event]()
    for r in TRUTH["reps"]:
        name, side, start_s = r["exercise"], r["side"] if r["exercise"] != "hip_circle" else None, r["start_s"]
        reps.append(
            RepCompleted(name, side, 1, start_s, start_s + 2, r["end_s"], 30.0, r["direction"], decided_s=r["end_s"])
        )
    holds = [
        HoldEnded("hip_bridge", "left", a, b, b - a, 15.0, 30.0, kept, b)
        for a, b, kept in ((402, 422, True), (432, 442, False))
    ]
    return [*reps, *holds]


def wrong(events: list[Event]) -> list[tuple[str, str, str]]:
    """The lines that are not right."""
    return [(line.what, line.counted, line.true) for line in compare(events, TRUTH) if not line.right]


def test_what_was_done_is_right() -> None:
    """Every line, a bridge's repetitions and holds both."""
    assert wrong(right()) == []
    assert [(line.what, line.counted) for line in compare(right(), TRUTH)] == [
        ("lateral_leg_raise: repetitions", "4"),
        ("hip_circle: repetitions", "2"),
        ("hip_circle: clockwise", "1"),
        ("hip_circle: counterclockwise", "1"),
        ("hip_bridge: repetitions", "2"),
        ("hip_bridge: holds", "2"),
        ("hip_bridge: kept or broken", "kept, broken"),
    ]


def moved(event: Event, by_s: float) -> Event:
    """The same, counted at another time."""
    assert isinstance(event, RepCompleted)
    return replace(event, start_s=event.start_s + by_s, peak_s=event.peak_s + by_s, end_s=event.end_s + by_s)


def with_one(at: int, **changes: object) -> list[Event]:
    """All of it, but one event otherwise."""
    events = right()
    return [*events[:at], replace(events[at], **changes), *events[at + 1 :]]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("events", "lines"),
    [
        pytest.param(
            [moved(right()[0], 60), *right()[1:]],
            [("lateral_leg_raise: repetitions", "4, 1 false", "4, 1 missed")],
            id="one missed, one walking",
        ),
        pytest.param(
            [moved(right()[2], -100), moved(right()[3], -100), *right()[2:]],
            [("lateral_leg_raise: repetitions", "4, 2 false", "4, 2 missed")],
            id="the left thigh's twice, the right one's never",
        ),
        pytest.param(
            with_one(0, side="left"),
            [("lateral_leg_raise: repetitions", "4, 1 false", "4, 1 missed")],
            id="told of the other thigh",
        ),
        pytest.param(right()[1:], [("lateral_leg_raise: repetitions", "3", "4, 1 missed")], id="one missed"),
        pytest.param(
            with_one(0, peak_s=106.9), [("lateral_leg_raise: repetitions", "4, 1 false", "4, 1 missed")], id="one twice"
        ),
        pytest.param(
            [*right()[:4], moved(right()[5], -5), moved(right()[4], 5), *right()[6:]],
            [
                ("hip_circle: clockwise", "1, 1 went the other way", "1"),
                ("hip_circle: counterclockwise", "1, 1 went the other way", "1"),
            ],
            id="each way as often, but the other way round",
        ),
        pytest.param(
            right()[:-1],
            [("hip_bridge: holds", "1", "2, 1 missed"), ("hip_bridge: kept or broken", "kept", "kept, broken")],
            id="a bridge's hold not seen",
        ),
        pytest.param(
            with_one(8, verified=False),
            [("hip_bridge: kept or broken", "broken, broken", "kept, broken")],
            id="a kept hold said to be broken",
        ),
    ],
)
def test_what_was_not_done_is_wrong(events: list[Event], lines: list[tuple[str, str, str]]) -> None:
    """Where sums agree, too: one line for each thing that is wrong."""
    assert wrong(events) == lines


@pytest.mark.parametrize(("by_s", "status"), [(0, 0), (60, 1)])
def test_a_demo_with_one_missed_and_one_invented_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_s: float, status: int
) -> None:
    """As many counted as done is status 1 all the same."""
    monkeypatch.setattr(pictures, "draw_session", lambda *_: None)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    folder = write(tmp_path, 1, [moved(right()[0], by_s), *right()[1:]])
    assert demo._conclude(Console(), folder, TRUTH, None) == status

"""Plots: the pictures contain what they claim, counted artist by artist."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from coxa.analysis.adherence import adherence
from coxa.analysis.names import SIMULATED_MARK
from coxa.analysis.plots.angles import elevation_deg, rest_pose
from coxa.analysis.plots.calendar import calendar_figure
from coxa.analysis.plots.overlay import overlay_figure, rep_sets
from coxa.analysis.plots.session import session_figure
from coxa.analysis.plots.steadiness import steadiness_figure
from coxa.analysis.plots.style import save
from coxa.analysis.plots.trend import trend_figure, with_gaps
from coxa.analysis.trends import session_table, side_differences, trends
from coxa.host.events import Event, HoldBreak, HoldEnded, RepCompleted, RepRejected, TrackingLost, TrackingResumed
from coxa.host.replay.run import track
from coxa.host.samples import SampleBlock, StreamItem
from tests.helpers import coxa_here, decoded, scenario
from tests.helpers_trends import FIRST, log_of, noisy, reps, season

NO_SCREEN = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}


def labels(figure: Figure) -> list[str]:
    """The legend of the first panel that has one."""
    return next([t.get_text() for t in legend.get_texts()] for a in figure.axes if (legend := a.get_legend()))


def lines(figure: Figure, panel: int = 0) -> list[Line2D]:
    return list(figure.axes[panel].get_lines())


@cache
def seen(name: str, seed: int, exercise: str) -> tuple[list[StreamItem], list[Event]]:
    items = decoded(scenario(name, seed))
    return items, track(items, exercise)


def both_sides() -> Figure:
    right = list(50.0 + noisy(1, 30) + 12.0 * np.linspace(0, 1, 30))
    table = session_table(season(right, list(38.0 + noisy(2, 30))))
    return trend_figure(trends(table), side_differences(table))


def test_trend_shows_every_session_of_both_sides():
    """Each side has a point for each session, a median and a best, and its own marker and colour."""
    points = [x for x in lines(both_sides()) if x.get_marker() in ("o", "s") and len(np.asarray(x.get_xdata())) == 30]
    assert [x.get_marker() for x in points] == ["o", "o", "s", "s"]
    assert len({x.get_color() for x in points}) == 2
    median, best = (np.asarray(x.get_ydata(), float) for x in points[:2])
    assert np.allclose(best - median, 1.0)


def test_trend_says_what_is_real_in_words_and_lines():
    """The verdicts stand above; a real change is a whole line, none is dashed, each with its interval."""
    figure = both_sides()
    title = figure.axes[0].get_title("left")
    assert "left: no real change yet" in title
    assert "right: +1" in title
    assert "left is" in title
    assert [t for t in labels(figure) if t.startswith("robust")] == [
        "robust line, no real change yet",
        "robust line, real change",
    ]
    robust = [x for x in lines(figure) if str(x.get_label()).startswith("robust")]
    assert [x.get_linestyle() for x in robust] == ["--", "-"]
    assert len(figure.axes[0].collections) == 2


@pytest.mark.parametrize("simulated", [False, True])
def test_what_nobody_did_is_marked(simulated: bool):
    """Every kind of picture bears the mark of simulated data if and only if it shows some."""
    log = log_of({d: reps([40]) for d in (0, 3)}, simulated=simulated)
    items, events = seen("knee_to_chest", 11, "knee_to_chest")
    raises = seen("leg_raise_supine", 3, "leg_raise")
    for figure in (
        trend_figure(trends(session_table(log))),
        calendar_figure(adherence(log, FIRST + timedelta(days=27))),
        overlay_figure(*raises, simulated=simulated),
        steadiness_figure(items, events, simulated=simulated),
    ):
        assert figure.get_supxlabel() == (SIMULATED_MARK if simulated else "")


def test_trend_line_breaks_where_weeks_are_missing():
    """Between sessions three weeks apart the line is broken, between sessions three days apart it is not."""
    table = session_table(log_of({d: reps([40]) for d in (0, 3, 24, 27)}))
    when, what = with_gaps(table["date"], table["rom_median_deg"])
    assert np.isnan(what).tolist() == [False, False, True, False, False]
    assert (np.diff(when) > np.timedelta64(0)).all()


def test_trend_of_one_session_has_a_point_and_no_line():
    """One session: one median, one best, no robust line, and a scale that does not zoom in."""
    figure = trend_figure(trends(session_table(log_of({0: reps([40])}))))
    assert not [t for t in labels(figure) if t.startswith("robust")]
    assert "1 session measured" in figure.axes[0].get_title("left")
    low, high = figure.axes[0].get_ylim()
    assert high - low >= 20.0


@pytest.mark.parametrize("days", [0, 20, 45, 90, 300, 800])
def test_no_two_dates_stand_in_each_other(days: int):
    """Below a young log as below an old one each date can be read, also where a month ends."""
    for first in range(0, 30, 10):
        figure = trend_figure(trends(session_table(log_of({d: reps([40]) for d in (first, first + days)}))))
        FigureCanvasAgg(figure).draw()
        axis = figure.axes[1]
        shown = [t for t in axis.get_xticklabels() if t.get_text() and axis.viewLim.x0 <= t.get_position()[0]]
        boxes = [t.get_window_extent() for t in shown if t.get_position()[0] <= axis.viewLim.x1]
        assert len(boxes) >= 3
        assert all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes))


def test_weeks_have_bars_of_their_repetitions():
    """The lower panel has a bar for each week that was trained, as high as its repetitions."""
    figure = trend_figure(trends(session_table(log_of({0: reps([40, 41]), 1: reps([40]), 15: reps([40])}))))
    heights: list[Any] = [p.get_height() for p in figure.axes[1].patches]  # pyright: ignore[reportAttributeAccessIssue]
    assert heights == [3, 1]


def test_overlay_has_a_curve_for_each_repetition():
    """A thin line for each counted repetition and one median, from rest to the measured range and back."""
    items, events = seen("leg_raise_supine", 3, "leg_raise")
    counted = [e for e in events if isinstance(e, RepCompleted)]
    figure = overlay_figure(items, events, simulated=True)
    assert len(lines(figure)) == len(counted) + 1
    assert labels(figure) == ["half of them", "median"]
    (one,) = rep_sets(items, events)
    assert one.angle_deg.shape == (len(counted), 101)
    measured = np.array([r.rom_deg for r in one.reps])
    assert np.abs(one.angle_deg.max(axis=1) - measured).max() < 5.0


def test_overlay_says_how_many_of_the_counted_it_can_draw():
    """A repetition with a gap inside is left out, and the title does not pass for all of them."""
    items, events = seen("leg_raise_supine", 3, "leg_raise")
    counted = [e for e in events if isinstance(e, RepCompleted)]
    hole = counted[1]
    kept = [i for i in items if not (isinstance(i, SampleBlock) and hole.start_s < i.t_s[0] and i.t_s[-1] < hole.end_s)]
    (axis,) = overlay_figure(kept, events, simulated=True).axes
    assert f"\n{len(counted) - 1} of {len(counted)} repetitions, " in axis.get_title("left")


def test_overlay_of_nothing_says_so():
    """No repetitions of the exercise: a word, not an empty picture."""
    items, events = seen("leg_raise_supine", 3, "leg_raise")
    with pytest.raises(ValueError, match="no repetitions counted of Lunge"):
        overlay_figure(items, events, "lunge", simulated=True)


def test_steadiness_has_a_panel_for_each_hold():
    """Each hold has its panel with held and target time; inside the hold the line stays in the band."""
    items, events = seen("knee_to_chest", 11, "knee_to_chest")
    holds = [e for e in events if isinstance(e, HoldEnded)]
    figure = steadiness_figure(items, events, simulated=True)
    assert holds
    assert len(figure.axes) == len(holds)
    for axis, hold in zip(figure.axes, holds, strict=True):
        assert f"{hold.held_s:.1f} of {hold.target_s:.0f} s" in axis.get_title("left")
        held = np.asarray(axis.get_lines()[1].get_ydata(), float)
        assert np.nanpercentile(np.abs(held), 90) < 6.0
    with pytest.raises(ValueError, match="no holds"):
        steadiness_figure(items, [], simulated=True)


@pytest.mark.parametrize(("target_s", "drawn"), [(20.0, [23.0]), (28.0, [31.0]), (34.0, [])])
def test_the_target_of_a_hold_stands_where_it_was_reached(target_s: float, drawn: list[float]):
    """Three seconds of break do not count: a hold let go short of its target ends before the line."""
    items, events = seen("knee_to_chest", 11, "knee_to_chest")
    hold = next(e for e in events if isinstance(e, HoldEnded))
    broken = HoldBreak(hold.start_s + 5.0, hold.start_s + 8.0, "left the band")
    one = replace(hold, end_s=hold.start_s + 30.5, held_s=27.5, target_s=target_s, breaks=(broken,))
    (axis,) = steadiness_figure(items, [one], simulated=True).axes
    upright = [x for x in axis.get_lines() if x.get_linestyle() == ":"]
    assert [np.asarray(x.get_xdata(), float)[0] for x in upright] == pytest.approx(drawn)


def test_calendar_has_a_square_for_each_day():
    """As many squares are filled as days were trained, each on its weekday; a bar for each week, empty ones too."""
    days = (0, 2, 4, 7, 22, 27)
    found = adherence(log_of({d: reps([40]) for d in days}), FIRST + timedelta(days=27))
    figure = calendar_figure(found)
    (mesh,) = (c for c in figure.axes[0].collections if isinstance(c, QuadMesh))
    grid = np.ma.filled(np.ma.asarray(mesh.get_array()), 0.0)
    assert {(int(r), int(c)) for r, c in np.argwhere(grid > 0)} == {(d % 7, d // 7) for d in days}
    assert [p.get_height() for p in figure.axes[1].patches] == [3, 1, 0, 2]  # pyright: ignore[reportAttributeAccessIssue]
    assert "1 of 4 weeks in full, 1 without training" in figure.get_suptitle()


def test_calendar_of_nothing_says_so():
    """An empty log has no calendar."""
    with pytest.raises(ValueError, match="no day"):
        calendar_figure(adherence(log_of({0: []}), date(2026, 10, 6)))


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_pictures_are_saved_for_print(tmp_path: Path, ending: str):
    """Every picture format is written, by the name's ending."""
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending]
    where = tmp_path / f"picture.{ending}"
    save(trend_figure(trends(session_table(log_of({0: reps([40])})))), where)
    assert where.read_bytes().startswith(start)


@pytest.mark.parametrize("kind", ["trend", "calendar", "session", "overlay", "steadiness"])
def test_plots_of_an_empty_log_are_one_line(tmp_path: Path, kind: str):
    """Nothing to draw is one clear line, and nothing is written."""
    from coxa.host.errors import LogError

    done = coxa_here("plot", kind, "--log", tmp_path, "--save", tmp_path / "x.png", **NO_SCREEN)
    assert isinstance(done.exception, LogError)
    assert "\n" not in str(done.exception)
    assert not (tmp_path / "x.png").exists()


def test_without_a_screen_a_place_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without --save and without a screen the command says what to do."""
    monkeypatch.setattr("sys.platform", "linux")
    assert "--save" in str(coxa_here("plot", "calendar", "--log", tmp_path, **NO_SCREEN).exception)


def test_the_zero_is_the_rest_that_the_event_was_measured_from() -> None:
    """Somebody lay quite still in another posture, then rested a little less still and raised the leg by 60 degrees."""
    t_s = np.arange(0.0, 12.0, 0.01)
    shake = np.where(t_s > 8.5, 0.5 * np.sin(9.0 * t_s), 0.0)
    deg = np.where(t_s < 8.0, 25.0, 0.0) + shake + np.where(t_s > 10.5, 60.0, 0.0)
    up = np.column_stack([np.sin(np.radians(deg)), np.zeros_like(t_s), np.cos(np.radians(deg))])
    raised = RepCompleted("leg_raise", None, 1, 10.4, 11.5, 11.9, 60.0, None, 12.0)
    away = elevation_deg(up, rest_pose(t_s, up, raised))
    assert float(np.median(away[t_s > 10.6])) == pytest.approx(60.0, abs=1.5)


def test_what_was_counted_where_samples_are_lost_is_left_out() -> None:
    """The end of a recording is torn off, its events are not: what is left is drawn, nothing more, without an error."""
    items, events = seen("lateral_leg_raise", 3, "lateral_leg_raise")
    whole = len(session_figure(items, events, "").axes)
    blocks = [i for i in items if isinstance(i, SampleBlock)]
    (axis,) = session_figure([b for b in blocks if b.t_s[0] < blocks[0].t_s[0] + 4.0], events, "").axes
    assert whole >= 1
    assert axis.get_title(loc="left") == "the samples of what was counted are lost"


def test_numbers_of_a_session_stand_off_its_curve():
    """No number of a circle or a raise lies on the curve that it counts, wherever in the turn its peak was."""
    for name, exercise in (("hip_circle", "hip_circle"), ("lateral_leg_raise", "lateral_leg_raise")):
        figure = session_figure(*seen(name, 6, exercise), title="")
        draw = FigureCanvasAgg(figure)
        draw.draw()
        axis = figure.axes[0]
        curve = axis.transData.transform(np.asarray(lines(figure)[0].get_xydata(), float))
        numbers = [t.get_window_extent(draw.get_renderer()) for t in axis.texts if t.get_text()[0].isdigit()]
        assert len(numbers) >= 4
        assert not [box for box in numbers if box.count_contains(curve)]


def boxes_of(figure: Figure, texts: list[Text]) -> list[Bbox]:
    draw = FigureCanvasAgg(figure)
    draw.draw()
    return [t.get_window_extent(draw.get_renderer()) for t in texts]


def test_numbers_of_bridges_stand_below_the_bars_of_their_holds():
    """Each number can be read, whatever its bridge's height."""
    figure = session_figure(*seen("hip_bridge", 3, "hip_bridge"), title="")
    axis = figure.axes[0]
    numbers = boxes_of(figure, [t for t in axis.texts if t.get_text().isdigit()])
    bars = [x for x in axis.get_lines() if x.get_linewidth() == 5]
    assert numbers
    assert bars
    for bar in bars:
        (_, height), *_ = axis.transData.transform(np.asarray(bar.get_xydata(), float))
        assert max(box.y1 for box in numbers) < height - 2.5 * figure.dpi / 72


def test_why_several_did_not_count_can_be_read():
    """Rejections near each other are told together, no word stands in another; what was rejected on the way to the
    first that counted, in whatever posture, has no place in the picture and does not set its scale."""
    items, events = seen("lateral_leg_raise", 3, "lateral_leg_raise")
    counted = [e for e in events if isinstance(e, RepCompleted)]
    at_s = [counted[0].start_s - 9.0, *(counted[2].end_s + k for k in (0.0, 0.8, 1.6, 2.4)), counted[-1].end_s + 3.0]
    reasons = ["too fast", "too small", "wrong direction", "too small", "did not start from rest", "too small"]
    few = [
        RepRejected("lateral_leg_raise", None, s, s + 0.6, r, 3.0, 12.0, "deg", s + 1.0)
        for s, r in zip(at_s, reasons, strict=True)
    ]
    figure = session_figure(items, sorted([*counted, *few], key=lambda e: e.start_s), "")
    axis = figure.axes[0]
    why = [t for t in axis.texts if not t.get_text()[0].isdigit()]
    assert [t.get_text() for t in why] == [
        "too small ×2\nwrong direction\ndid not start from rest",
        "too small\n3 of 12 deg",
    ]
    boxes = boxes_of(figure, list(axis.texts))
    assert not [(a, b) for a, b in itertools.combinations(boxes, 2) if a.overlaps(b)]


@pytest.mark.parametrize("back", [True, False])
def test_what_was_not_seen_is_hatched_to_its_end(back: bool):
    """A gap from its beginning to its end; one of a sensor that was lost for good to the end of the panel."""
    items, events = seen("lateral_leg_raise", 3, "lateral_leg_raise")
    began_s = float(next(i for i in items if isinstance(i, SampleBlock)).t_s[0])
    at_s = [e for e in events if isinstance(e, RepCompleted)][-1].end_s + 0.5
    lost = [TrackingLost(at_s, "no samples", at_s + 1.0)]
    resumed = [TrackingResumed(at_s + 1.0, "samples again", at_s + 1.0)] if back else []
    axis = session_figure(items, [*events, *lost, *resumed], "").axes[0]
    hatched = [p.get_window_extent().transformed(axis.transData.inverted()) for p in axis.patches if p.get_hatch()]
    end_s = at_s + 1.0 - began_s if back else axis.get_xlim()[1]
    assert [(box.x0, box.x1) for box in hatched] == [(pytest.approx(at_s - began_s), pytest.approx(end_s))]

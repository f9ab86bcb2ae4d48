"""One session in the browser: its trace to zoom and play back, its sets, a count put right by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nicegui import ui

from coxa.analysis.names import held_text
from coxa.analysis.rescore import SetCount
from coxa.analysis.trends import NO_DEPTH
from coxa.host.errors import CoxaError
from coxa.host.log.corrections import Correction, append_correction
from coxa.host.voice import Phrases
from coxa.page.session_data import SessionView

BLUE, GREEN, AMBER = "#0b6e99", "#00795c", "#b45300"
"""Of the angle, of what counted and of what did not; as in palette.css."""
LINE, WORDS, GRID = "#2b8fbd", "#7a8884", "#80808040"
"""In the chart, which does not know light from dark: to be seen on both."""
PLAY_STEP_S = 0.1
"""The session is played in steps of so long."""


def show_session(view: SessionView, phrases: Phrases) -> None:
    """Everything about it, top to bottom."""
    for problem in view.problems:
        ui.label(problem).classes("text-warning").props('role="alert"')
    if view.trace:
        _playable(view, phrases)
    if view.sets:
        _sets(view, phrases)
    elif not view.problems:  # else it is not known whether anything was
        ui.label(phrases.page("nothing_counted"))


def _playable(view: SessionView, phrases: Phrases) -> None:
    end_s = view.trace[-1][0]
    chart = ui.echart(_chart(view, phrases)).classes("w-full h-80").props("role=img")
    chart.props["aria-label"] = phrases.page("chart_about")
    with ui.row().classes("w-full items-center gap-4 no-wrap"):
        button = ui.button(icon="play_arrow").props("round")
        button.props["aria-label"] = phrases.page("play")
        slider = ui.slider(min=0, max=end_s, value=0, step=PLAY_STEP_S).classes("grow")
        slider.props["aria-label"] = phrases.page("time")
        shown = ui.label().classes("text-xl").style("min-width: 9rem; font-variant-numeric: tabular-nums")

    def moved() -> None:
        at_s = float(slider.value or 0.0)
        chart.run_chart_method("setOption", {"series": [{"markLine": _cursor(at_s)}]})
        shown.set_text(f"{at_s:.1f} s · {_count_at(view, at_s, phrases)}")

    def step() -> None:
        slider.set_value(min(float(slider.value or 0.0) + PLAY_STEP_S, end_s))
        if float(slider.value or 0.0) >= end_s:
            pause()

    timer = ui.timer(PLAY_STEP_S, step, active=False)

    def pause() -> None:
        timer.active = False
        button.props("icon=play_arrow")

    def toggle() -> None:
        if not timer.active and float(slider.value or 0.0) > end_s - PLAY_STEP_S:
            slider.set_value(0.0)
        timer.active = not timer.active
        button.props(f"icon={'pause' if timer.active else 'play_arrow'}")

    button.on_click(toggle)
    slider.on_value_change(moved)
    moved()


def _count_at(view: SessionView, at_s: float, phrases: Phrases) -> str:
    """What the page would have shown at that moment."""
    newest = next((m for m in reversed(view.marks) if m["kind"] in ("rep", "held") and m["end_s"] <= at_s), None)
    if newest is None:
        return "0"
    return phrases.page("rep_n", n=newest["n"]) if newest["kind"] == "rep" else str(newest["text"])


def _chart(view: SessionView, phrases: Phrases) -> dict[str, Any]:
    reps = [[m["at_s"], m["deg"], m["n"]] for m in view.marks if m["kind"] == "rep"]
    areas = [
        [{"xAxis": m["start_s"], "itemStyle": {"color": AMBER if m["kind"] == "rejected" else BLUE, "opacity": 0.15}},
         {"xAxis": m["end_s"]}]
        for m in view.marks
        if m["kind"] in ("rejected", "held")
    ]  # fmt: skip
    return {
        "animation": False,
        "grid": {"left": 50, "right": 20, "top": 30, "bottom": 70},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "name": "s", "min": 0, "max": view.trace[-1][0], **_axis()},
        "yAxis": {"type": "value", "name": phrases.page("degrees"), **_axis()},
        "dataZoom": [{"type": "inside"}, {"type": "slider", "height": 24}],
        "series": [
            {
                "type": "line",
                "name": phrases.page("chart_angle"),
                "data": view.trace,
                "showSymbol": False,
                "lineStyle": {"color": LINE, "width": 1.5},
                "itemStyle": {"color": LINE},
                "markArea": {"data": areas},
                "markLine": _cursor(0.0),
            },
            {
                "type": "scatter",
                "name": phrases.page("chart_rep"),
                "data": reps,
                "symbolSize": 9,
                "itemStyle": {"color": GREEN},
                "label": {"show": True, "position": "top", "formatter": "{@[2]}", "color": WORDS, "textBorderWidth": 0},
                "labelLayout": {"hideOverlap": True},
            },
        ],
    }


def _axis() -> dict[str, Any]:
    return {
        "axisLabel": {"color": WORDS, "fontSize": 13, "showMaxLabel": False, "hideOverlap": True},
        "nameTextStyle": {"color": WORDS},
        "splitLine": {"lineStyle": {"color": GRID}},
        "axisLine": {"lineStyle": {"color": WORDS}},
    }


def _cursor(at_s: float) -> dict[str, Any]:
    return {"symbol": "none", "label": {"show": False}, "lineStyle": {"color": AMBER}, "data": [{"xAxis": at_s}]}


def _sets(view: SessionView, phrases: Phrases) -> None:
    for index, one in view.sets.items():
        with ui.card().classes("w-full"), ui.row().classes("w-full items-center gap-6"):
            with ui.column().classes("grow gap-0"):
                title = f"{index + 1}. {phrases.exercise(one.exercise, one.side)}"
                ui.label(title).classes("text-lg font-bold").props("role=heading aria-level=2")
                ui.label(_figures(one, phrases)).classes("text-soft")
                if one.rejected:
                    ui.label(phrases.page("n_rejected", n=one.rejected)).classes("text-warning")
            ui.label(str(one.reps or one.holds)).classes("count").props("aria-hidden=true")  # it stands in words beside
            _correction(view, index, one.reps or one.holds, phrases, title)


def _figures(one: SetCount, phrases: Phrases) -> str:
    """Range and holds in a line."""
    told = [phrases.page("coxa_counted", n=one.reps or one.holds)]
    if one.rom_deg is not None and one.exercise not in NO_DEPTH:
        told.append(phrases.page("median_deg", n=f"{one.rom_deg:.0f}"))
    if one.holds:
        told.append(phrases.page("holds_kept", n=one.verified_holds, of=one.holds, seconds=held_text(one.held_s)))
    return " · ".join(told)


def _correction(view: SessionView, index: int, counted: int, phrases: Phrases, title: str) -> None:
    said = ui.label(_said(view.corrected.get(index), phrases)).classes("text-positive").props("role=status")

    def keep() -> None:
        reps = number.value
        if reps is None or not float(reps).is_integer():  # an emptied field says nothing, not 0
            ui.notify(phrases.page("correct_whole"), type="negative")
            return
        try:
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            append_correction(view.folder, Correction(index, int(reps), now))
        except CoxaError as error:
            ui.notify(str(error), type="negative")
            return
        view.corrected[index] = int(reps)
        said.set_text(_said(view.corrected[index], phrases))
        dialog.close()
        ui.notify(phrases.page("corrected"))

    def ask() -> None:
        number.value = view.corrected.get(index, counted)  # not what was typed and given up before
        dialog.open()

    asked = phrases.page("correct_ask", set=index + 1, n=counted)
    with ui.dialog() as dialog, ui.card():
        dialog.props["aria-label"] = asked
        ui.label(asked)
        number = ui.number()  # without limits, to which NiceGUI would bring a slip of the finger unsaid
        number.props["aria-label"] = asked
        with ui.row():
            ui.button(phrases.page("keep"), on_click=keep).props("no-caps")
            ui.button(phrases.page("cancel"), on_click=dialog.close).props("flat no-caps")
    button = ui.button(phrases.page("correct"), on_click=ask).props("outline no-caps")
    button.props["aria-label"] = f"{phrases.page('correct')}: {title}"


def _said(reps: int | None, phrases: Phrases) -> str:
    return "" if reps is None else phrases.page("you_say", n=reps)

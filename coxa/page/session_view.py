"""One session in the browser: its trace to zoom and play back, its sets, a count put right by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nicegui import ui

from coxa.analysis.rescore import SetCount
from coxa.host.errors import CoxaError
from coxa.host.log.corrections import Correction, append_correction
from coxa.host.voice import load_phrases
from coxa.page.session_data import SessionView

BLUE, GREEN, AMBER = "#0b6e99", "#00795c", "#b45300"
LINE, WORDS, GRID = "#2b8fbd", "#7a8884", "#80808040"
"""In the chart, which does not know light from dark: to be seen on both."""
PLAY_STEP_S = 0.1


def show_session(view: SessionView) -> None:
    """Everything about it, top to bottom."""
    if view.problem:
        ui.label(view.problem).classes("text-warning").props('role="alert"')
    if view.trace:
        _playable(view)
    _sets(view)


def _playable(view: SessionView) -> None:
    end_s = view.trace[-1][0]
    chart = ui.echart(_chart(view)).classes("w-full h-80").props('aria-label="angle of the thigh over the session"')
    with ui.row().classes("w-full items-center gap-4 no-wrap"):
        button = ui.button(icon="play_arrow").props('round aria-label="play back"')
        slider = ui.slider(min=0, max=end_s, value=0, step=PLAY_STEP_S).classes("grow").props('aria-label="time"')
        shown = ui.label().classes("text-xl").style("min-width: 9rem; font-variant-numeric: tabular-nums")

    def moved() -> None:
        at_s = float(slider.value or 0.0)
        chart.run_chart_method("setOption", {"series": [{"markLine": _cursor(at_s)}]})
        shown.set_text(f"{at_s:.1f} s · {_count_at(view, at_s)}")

    def step() -> None:
        slider.set_value(min(float(slider.value or 0.0) + PLAY_STEP_S, end_s))
        if float(slider.value or 0.0) >= end_s:
            pause()

    timer = ui.timer(PLAY_STEP_S, step, active=False)

    def pause() -> None:
        timer.active = False
        button.props("icon=play_arrow")

    def toggle() -> None:
        timer.active = not timer.active
        button.props(f"icon={'pause' if timer.active else 'play_arrow'}")

    button.on_click(toggle)
    slider.on_value_change(moved)
    moved()


def _count_at(view: SessionView, at_s: float) -> str:
    """What the page would have shown at that moment."""
    newest = next((m for m in reversed(view.marks) if m["kind"] in ("rep", "held") and m["end_s"] <= at_s), None)
    if newest is None:
        return "0"
    return f"rep {newest['n']}" if newest["kind"] == "rep" else str(newest["text"])


def _chart(view: SessionView) -> dict[str, Any]:
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
        "yAxis": {"type": "value", "name": "degrees", **_axis()},
        "dataZoom": [{"type": "inside"}, {"type": "slider", "height": 24}],
        "series": [
            {
                "type": "line",
                "name": "angle",
                "data": view.trace,
                "showSymbol": False,
                "lineStyle": {"color": LINE, "width": 1.5},
                "itemStyle": {"color": LINE},
                "markArea": {"data": areas},
                "markLine": _cursor(0.0),
            },
            {
                "type": "scatter",
                "name": "repetition",
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


def _sets(view: SessionView) -> None:
    if not view.sets:
        ui.label("Nothing was counted.")
        return
    for index, one in view.sets.items():
        with ui.card().classes("w-full"), ui.row().classes("w-full items-center gap-6"):
            with ui.column().classes("grow gap-0"):
                ui.label(f"{index + 1}. {title_of(one.exercise, one.side)}").classes("text-lg font-bold")
                ui.label(_figures(one)).classes("text-soft")
                if one.rejected:
                    ui.label(f"{one.rejected} not counted").classes("text-warning")
            ui.label(str(one.reps or one.holds)).classes("count").props(
                f'aria-label="coxa counted {one.reps or one.holds}"'
            )
            _correction(view, index, one.reps or one.holds)


def title_of(exercise: str, side: str | None) -> str:
    """What was done and with which leg, as on the live page."""
    words = load_phrases().words
    name = words["exercises"].get(exercise, exercise.replace("_", " "))
    return ", ".join(part for part in (name[:1].upper() + name[1:], words["sides"].get(side or "none", "")) if part)


def _figures(one: SetCount) -> str:
    """Range and holds in a line."""
    told = [f"coxa counted {one.reps or one.holds}"]
    if one.rom_deg is not None:
        told.append(f"{one.rom_deg:.0f}° in the median")
    if one.holds:
        told.append(f"{one.verified_holds} of {one.holds} holds kept, {one.held_s:.0f} s in all")
    return " · ".join(told)


def _correction(view: SessionView, index: int, counted: int) -> None:
    said = ui.label(_said(view.corrected.get(index))).classes("text-positive")

    def keep() -> None:
        try:
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            append_correction(view.folder, Correction(index, int(number.value or 0), now))
        except (CoxaError, ValueError) as error:
            ui.notify(str(error), type="negative")
            return
        view.corrected[index] = int(number.value or 0)
        said.set_text(_said(view.corrected[index]))
        dialog.close()
        ui.notify("Kept beside coxa's own count.")

    with ui.dialog() as dialog, ui.card():
        ui.label(f"Set {index + 1}: coxa counted {counted}. How many were there truly?")
        number = ui.number(value=view.corrected.get(index, counted), min=0, max=1000, precision=0)
        with ui.row():
            ui.button("Keep", on_click=keep).props("no-caps")
            ui.button("Cancel", on_click=dialog.close).props("flat no-caps")
    ui.button("Correct", on_click=dialog.open).props("outline no-caps")


def _said(reps: int | None) -> str:
    return "" if reps is None else f"you say {reps}"

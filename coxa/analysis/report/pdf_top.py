"""The first page of the PDF: whose, the large figures, the few sentences, and what was done against the plan."""

from __future__ import annotations

from typing import Any

from coxa.analysis.report.courses import say_day
from coxa.analysis.report.model import Course, ExerciseRow, Figure, ReportContent
from coxa.analysis.report.pictures import SIDE_COLOURS, SIDE_MARKS, Picture, picture
from coxa.analysis.report.sheet import (
    ACCENT,
    INK,
    MARGIN,
    RIGHT,
    SOFT,
    WASH,
    Align,
    Sheet,
    shown,
    width_of,
    wrapped,
)
from coxa.analysis.report.words import ADHERENCE, LEGEND, TRACE, period, side_word

ROW = 16.0
_COLUMNS: tuple[tuple[str, str, float], ...] = (
    ("", "sessions", 178.0),
    ("sets", "done of plan", 227.0),
    ("", "plan", 260.0),
    ("repetitions", "counted of plan", 320.0),
    ("not", "counted", 354.0),
    ("holds", "kept of all", 402.0),
    ("time", "held", 447.0),
    ("thigh", "elevation", 491.0),
)
"""Two lines of a column's title and the right edge of its figures."""
_SIDE_X, _SPARK_X, _SPARK_END = 127.0, 502.0, 542.0


def noted(sheet: Sheet, content: ReportContent, x: float, y: float, figure: Figure, size: float = 8.0, *,
          align: Align = "left", bold: bool = False, colour: str = INK) -> float:  # fmt: skip
    """A figure with the small number of its footnote; gives the x where it ends (left-aligned)."""
    end = sheet.text(x, y, figure.text, size, align=align, bold=bold, colour=colour)
    number = content.note(figure)
    right = x if align == "right" else end
    if number is None:
        return right
    return sheet.text(
        right + 0.8, y - (0.36 if size < 12 else 0.5) * size, str(number), min(max(0.6 * size, 4.6), 7.0), colour=ACCENT
    )


def head(sheet: Sheet, content: ReportContent) -> None:
    """Title, person, period."""
    y = sheet.y + 20.0
    sheet.text(MARGIN, y, "Hip exercises", 21, bold=True)
    sheet.text(RIGHT, y - 6, "coxa", 13, bold=True, colour=ACCENT, align="right")
    sheet.text(RIGHT, y + 7, f"report of {say_day(content.made_on)}", 7.5, colour=SOFT, align="right")
    y += 18.0
    end = sheet.text(MARGIN, y, shown(content.person), 11, bold=True, width=330)
    sheet.text(end + 8, y, period(content), 11, colour=SOFT)
    sheet.y = y + 4.0


def tiles_block(sheet: Sheet, content: ReportContent) -> None:
    """The large figures."""
    gap, top = 8.0, sheet.y + 10.0
    width = (RIGHT - MARGIN - gap * (len(content.tiles) - 1)) / max(len(content.tiles), 1)
    for k, tile in enumerate(content.tiles):
        x = MARGIN + k * (width + gap)
        sheet.box(x, top, width, 54, WASH, round_by=4)
        noted(sheet, content, x + 9, top + 24, tile.figure, 19, bold=True)
        sheet.text(x + 9, top + 35.5, tile.label, 8.0, bold=True, width=width - 14)
        sheet.text(x + 9, top + 46.5, tile.below, 6.8, colour=SOFT, width=width - 14)
    sheet.y = top + 52.0


def summary_block(sheet: Sheet, content: ReportContent) -> None:
    """The few sentences for a reader in a hurry."""
    if not content.summary:
        return
    sheet.heading("In short")
    sheet.y += 3.0
    for sentence in content.summary:
        sheet.y += 2.5
        sheet.text(MARGIN, sheet.y + 11.5, "•", 9, colour=ACCENT)
        lines = wrapped(sentence.text, 9.0, RIGHT - MARGIN - 22)
        for k, line in enumerate(lines):
            sheet.y += 11.8
            piece = Figure(line, sentence.value, sentence.sessions if k == len(lines) - 1 else ())
            noted(sheet, content, MARGIN + 10, sheet.y, piece, 9.0)


def plan_table(sheet: Sheet, content: ReportContent) -> None:
    """Every exercise and side against the plan, with its course."""
    sheet.heading("Done against the plan", ADHERENCE)
    sheet.y += 20.0
    for upper, lower, x in _COLUMNS:
        sheet.text(x, sheet.y - 7.5, upper, 6.6, colour=SOFT, align="right")
        sheet.text(x, sheet.y, lower, 6.6, colour=SOFT, align="right")
    sheet.text(_SPARK_X, sheet.y, "course", 6.6, colour=SOFT)
    sheet.y += 4.0
    for course in content.courses:
        _course(sheet, content, course)
    sheet.rule(sheet.y)
    _legend(sheet)


def _course(sheet: Sheet, content: ReportContent, course: Course) -> None:
    top, height = sheet.y, max(ROW * len(course.rows), 21.0)
    sheet.rule(top)
    step = height / len(course.rows)
    lines = wrapped(course.title, 8.0, _SIDE_X - MARGIN - 8, bold=True)
    for k, line in enumerate(lines[:2]):
        y = top + (12.0 if len(course.rows) > 1 else 13.3 - 4.6 * (len(lines) > 1)) + 9.4 * k
        sheet.text(MARGIN, y, line, 8.0, bold=True)
    for k, row in enumerate(course.rows):
        y = top + step * (k + 0.5) + 2.8
        _side(sheet, row.side, y)
        own = content.note(row.sets)
        if own is not None:
            x = _SIDE_X + 8 + width_of(side_word(row.side), 7.8)
            sheet.text(x + 0.8, y - 2.8, str(own), 4.8, colour=ACCENT)
        for (_, _, x), cell in zip(_COLUMNS, _cells(row), strict=True):
            same = cell.sessions == row.sets.sessions
            plain = Figure(cell.text, cell.value, () if same else cell.sessions)
            noted(sheet, content, x, y, plain, 7.5, align="right", colour=INK if cell.sessions else SOFT)
    drawn = picture(course.spark, content.days, content.pauses)
    if drawn is not None:
        _sparkline(sheet, drawn, top + 2.5, height - 5.0)
    sheet.y = top + height


def _cells(row: ExerciseRow) -> tuple[Figure, ...]:
    return (
        row.sessions,
        _of(row.sets, row.sets_planned),
        row.adherence,
        _of(row.reps, row.reps_planned),
        row.rejected,
        _of(row.holds_kept, row.holds),
        row.held_s,
        row.elevation_deg,
    )


def _of(part: Figure, whole: Figure) -> Figure:
    return Figure(f"{part.text} of {whole.text}", part.value, part.sessions) if whole.sessions else part


def _side(sheet: Sheet, side: str, y: float) -> None:
    if sheet.axes is not None:
        sheet.axes.plot([_SIDE_X + 2], [y - 2.7], marker=SIDE_MARKS[side], ms=3.6, mew=0, color=SIDE_COLOURS[side])
    sheet.text(_SIDE_X + 8, y, side_word(side), 7.8)


def _sparkline(sheet: Sheet, drawn: Picture, top: float, height: float) -> None:
    if sheet.axes is None:
        return
    width = _SPARK_END - _SPARK_X
    for a, b in drawn.pauses:
        sheet.box(_SPARK_X + a * width, top, (b - a) * width, height, "#E3E8EC", round_by=0)
    for trace in drawn.traces:
        colour = SIDE_COLOURS[trace.side]
        for piece in trace.pieces:
            xs, ys = [_SPARK_X + m.x * width for m in piece], [top + (1 - m.y) * height for m in piece]
            look: dict[str, Any] = {"ls": (0, (2.2, 0.8))} if trace.side == "right" else {}
            sheet.axes.plot(xs, ys, color=colour, lw=0.9, zorder=3, marker="." if len(piece) == 1 else "", ms=2, **look)
        end = trace.last
        sheet.axes.plot(
            [_SPARK_X + end.x * width], [top + (1 - end.y) * height], marker=SIDE_MARKS[trace.side], ms=2.8, mew=0,
            color=colour, zorder=4,
        )  # fmt: skip
    sheet.text(RIGHT, top + 4.2, f"{drawn.high:.0f}{drawn.unit.strip()}", 5.0, colour=SOFT, align="right")
    if f"{drawn.low:.0f}" != f"{drawn.high:.0f}":
        sheet.text(RIGHT, top + height, f"{drawn.low:.0f}{drawn.unit.strip()}", 5.0, colour=SOFT, align="right")


def _legend(sheet: Sheet) -> None:
    sheet.y += 10.0
    sheet.text(MARGIN, sheet.y, f"{TRACE}", 6.6, colour=SOFT)
    sheet.y += 9.0
    sheet.text(MARGIN, sheet.y, f"Course: {LEGEND}.", 6.6, colour=SOFT)

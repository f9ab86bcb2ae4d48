"""The later blocks of the PDF: what changed, left and right, what did not count or was not measured, sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from coxa.analysis.report.model import Figure, ReasonRow, ReportContent, SideRow, Verdict
from coxa.analysis.report.pdf_top import noted
from coxa.analysis.report.sheet import FAINT, INK, MARGIN, RIGHT, SOFT, Sheet, shown, wrapped
from coxa.analysis.report.words import (
    CHANGE_HINT,
    NONE_BROKEN,
    NONE_REJECTED,
    NOTES_HINT,
    READING,
    SIDE_HINT,
    SIDE_VERDICTS,
)

Block: TypeAlias = Callable[[Sheet, ReportContent, int], None]
"""Writes at most so many rows of a part of the report on a sheet and moves its `y` down."""
SENTENCE_PT = 7.9
"""Size of a sentence, points."""
_COLUMN_GAP = 22.0
_HALF = (RIGHT - MARGIN - _COLUMN_GAP) / 2


def _more(sheet: Sheet, left_out: int, x: float = MARGIN) -> None:
    if left_out > 0:
        sheet.y += 10.0
        sheet.text(x, sheet.y, f"and {left_out} more: coxa report --html", 6.8, colour=SOFT)


def changes_block(sheet: Sheet, content: ReportContent, limit: int) -> None:
    """Sentences on what changed, real changes first."""
    if not content.changes:
        return
    sheet.heading("What changed, and whether it is real", CHANGE_HINT)
    sheet.y += 2.0
    for change in content.changes[:limit]:
        sheet.y += 2.6
        _sign(sheet, change.verdict, MARGIN + 4, sheet.y + 7.4)
        _sentence(sheet, content, change.sentence, MARGIN + 15, RIGHT - MARGIN - 26, bold=change.verdict == "real")
    _more(sheet, len(content.changes) - limit)


def _sign(sheet: Sheet, verdict: Verdict, x: float, y: float) -> None:
    """A full disc for real, a ring for not yet, a dot for too little: told apart without colour."""
    size, fill = {"real": (5.6, INK), "not yet": (5.0, "white"), "too little": (1.8, SOFT)}[verdict]
    if sheet.axes is not None:
        sheet.axes.plot([x], [y], marker="o", ms=size, mfc=fill, mec=SOFT if fill != INK else INK, mew=0.8, zorder=3)


def _badge(sheet: Sheet, text: str, verdict: Verdict, x: float, width: float, y: float) -> None:
    """Filled for real, outlined for not yet, plain for too little: told apart without colour."""
    if verdict == "real":
        sheet.box(x, y - 7.8, width, 10.4, INK, round_by=5)
    elif verdict == "not yet":
        sheet.box(x, y - 7.8, width, 10.4, "white", round_by=5, lw=0.7, edgecolor=FAINT)
    colour = "white" if verdict == "real" else SOFT
    sheet.text(x + width / 2, y - 0.3, text, 6.8, colour=colour, bold=verdict == "real", align="center")


def _sentence(
    sheet: Sheet,
    content: ReportContent,
    sentence: Figure,
    x: float,
    width: float,
    *,
    bold: bool,
) -> None:
    lines = wrapped(sentence.text, SENTENCE_PT, width, bold)
    for k, line in enumerate(lines):
        sheet.y += SENTENCE_PT * 1.28
        piece = Figure(line, sentence.value, sentence.sessions if k == len(lines) - 1 else ())
        noted(sheet, content, x, sheet.y, piece, SENTENCE_PT, bold=bold)


def sides_block(sheet: Sheet, content: ReportContent, limit: int) -> None:
    """Left beside right for every exercise that was done on both."""
    if not content.sides:
        return
    sheet.heading("Left and right", SIDE_HINT)
    sheet.y += 19.0
    groups = (("counted", 176.0, 210.0), ("time held", 266.0, 322.0), ("thigh elevation", 374.0, 418.0))
    for name, left, right in groups:
        sheet.text(right, sheet.y - 7.5, name, 6.6, colour=SOFT, align="right")
        for side, x in (("left", left), ("right", right)):
            sheet.text(x, sheet.y, side, 6.6, colour=SOFT, align="right")
    sheet.text(468.0, sheet.y, "difference", 6.6, colour=SOFT, align="right")
    sheet.y += 4.0
    for row in content.sides[:limit]:
        _side_row(sheet, content, row)
    sheet.rule(sheet.y)
    _more(sheet, len(content.sides) - limit)


def _side_row(sheet: Sheet, content: ReportContent, row: SideRow) -> None:
    sheet.rule(sheet.y)
    y = sheet.y + 10.6
    title = wrapped(row.title, 8.0, 104, bold=True)[:2]
    for k, line in enumerate(title):
        sheet.text(MARGIN, y + 9.4 * k, line, 8.0, bold=True)
    cells = (row.left_reps, row.right_reps, row.left_held_s, row.right_held_s, row.left_deg, row.right_deg)
    for x, cell in zip((176.0, 210.0, 266.0, 322.0, 374.0, 418.0), cells, strict=True):
        noted(sheet, content, x, y, cell, 7.8, align="right", colour=INK if cell.sessions else SOFT)
    noted(sheet, content, 468.0, y, row.difference, 7.8, align="right", bold=row.verdict == "real")
    _badge(sheet, SIDE_VERDICTS[row.verdict], row.verdict, 486.0, RIGHT - 486.0, y)
    sheet.y += 15.0 + 9.4 * (len(title) - 1)


def reasons_block(sheet: Sheet, content: ReportContent, limit: int) -> None:
    """Two columns: repetitions that did not count, holds that were not kept."""
    top = sheet.y
    ends = list[float]()
    columns = (
        ("Repetitions that did not count", content.rejected, NONE_REJECTED),
        ("Holds that were not kept", content.broken, NONE_BROKEN),
    )
    for k, (title, rows, none) in enumerate(columns):
        x = MARGIN + k * (_HALF + _COLUMN_GAP)
        sheet.y = top
        sheet.heading(title, x=x, right=x + _HALF)
        sheet.y += 1.0
        if not rows:
            sheet.y += 11.0
            sheet.text(x, sheet.y, none, 7.4, colour=SOFT)
        for row in rows[:limit]:
            _reason_row(sheet, content, row, x)
        _more(sheet, len(rows) - limit, x)
        ends.append(sheet.y)
    sheet.y = max(ends)


def _reason_row(sheet: Sheet, content: ReportContent, row: ReasonRow, x: float) -> None:
    sheet.y += 12.4
    noted(sheet, content, x + 18, sheet.y, row.count, 8.0, align="right", bold=True)
    name = row.title + (f", {row.side}" if row.side else "")
    sheet.text(x + 30, sheet.y, name, 8.0, width=_HALF - 30)
    for line in wrapped("; ".join(r.text for r in row.reasons), 6.9, _HALF - 30):
        sheet.y += 8.8
        sheet.text(x + 30, sheet.y, line, 6.9, colour=SOFT)


def gaps_block(sheet: Sheet, content: ReportContent, limit: int) -> None:
    """Two columns: what was not measured, and what measured; below them how to read it all."""
    top = sheet.y
    sheet.heading("Not measured or in doubt", right=MARGIN + _HALF)
    for row in content.gaps:
        _listed(sheet, content, row.figure, shown(row.what), MARGIN)
    left_end, sheet.y = sheet.y, top
    x = MARGIN + _HALF + _COLUMN_GAP
    sheet.heading("Measured by", x=x, right=RIGHT)
    for row in content.versions[:limit]:
        _listed(sheet, content, row.figure, shown(row.what), x)
    _more(sheet, len(content.versions) - limit, x)
    sheet.y = max(left_end, sheet.y)
    sheet.heading("How to read this")
    sheet.paragraph(MARGIN, f"{READING} {' '.join(content.cautions)}", 6.6, RIGHT - MARGIN, colour=SOFT)


def _listed(sheet: Sheet, content: ReportContent, figure: Figure, what: str, x: float) -> None:
    sheet.y += 11.6
    noted(sheet, content, x + 50, sheet.y, figure, 7.4, align="right", bold=True)
    for k, line in enumerate(wrapped(what, 7.4, _HALF - 60)):
        sheet.y += 9.0 * (k > 0)
        sheet.text(x + 60, sheet.y, line, 7.4)


def sessions_block(sheet: Sheet, content: ReportContent, foot: float) -> None:
    """The footnotes and every session's id, as small as it must be to fit; what still does not says so."""
    sheet.heading("Sessions behind the figures", NOTES_HINT)
    sheet.y += 2.0
    notes = "   ".join(f"{n}:\u00a0{content.note_text(n)}" for n in range(1, len(content.notes) + 1))
    ids = "  ".join(f"S{s.number}\u00a0{s.short_id}" for s in content.sessions)
    room = foot - sheet.y
    for size in (6.4, 5.8, 5.2, 4.6, 4.0):
        lines = [*wrapped(notes, size, RIGHT - MARGIN), "", *wrapped(ids, size, RIGHT - MARGIN)]
        if len(lines) * size * 1.28 <= room:
            break
    else:
        size = 4.0
        fit = max(int(room / (size * 1.28)) - 1, 0)
        lines = [*lines[:fit], "… not all of them fit here: coxa report --html names every session"]
    for line in lines:
        sheet.y += size * 1.28
        sheet.text(MARGIN, sheet.y, line, size, colour=SOFT)

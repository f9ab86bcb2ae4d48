"""The two pages as PDF, set with matplotlib: vector drawing and text that can be searched, no further library."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from coxa.analysis.report.model import ReportContent
from coxa.analysis.report.pdf_blocks import Block, changes_block, gaps_block, reasons_block, sessions_block, sides_block
from coxa.analysis.report.pdf_top import head, plan_table, summary_block, tiles_block
from coxa.analysis.report.sheet import HEIGHT, MARGIN, RIGHT, SOFT, WARN, WIDTH, Sheet, shown
from coxa.analysis.report.words import MARK, SHORT_MARK, period, title_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FOOT = HEIGHT - 40.0
"""Nothing but the footer below this."""
SESSIONS_PT = 70.0
"""At least so much of the second page is kept for the sessions."""
ALL, LIMITS = 99, (99, 16, 11, 8, 6, 4, 3)
"""Rows of a table: all, or so many that the second page holds everything."""
_SETTINGS: Any = {"pdf.fonttype": 42, "pdf.compression": 9}
"""Type 42 keeps letters as letters rather than outlines, so that text is found and copied."""


def pdf_bytes(content: ReportContent) -> bytes:
    """The report as a PDF of two A4 pages. Tables that are too long say how many rows only the page (HTML) has."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages

    made = datetime(content.made_on.year, content.made_on.month, content.made_on.day)
    about = {"Title": shown(title_of(content)), "Creator": "coxa", "CreationDate": made}
    out = BytesIO()
    with mpl.rc_context(_SETTINGS), PdfPages(out, metadata=about) as pages:
        for figure in page_figures(content):
            pages.savefig(figure)
    return out.getvalue()


def page_figures(content: ReportContent) -> list[Figure]:
    """The two pages, drawn."""
    sheets = _pages(content)
    for number, sheet in enumerate(sheets, 1):
        _frame(sheet, content, number)
    return [sheet.figure for sheet in sheets if sheet.figure is not None]


def _pages(content: ReportContent) -> tuple[Sheet, Sheet]:
    """Blocks in their order; those that the first page has room for stand there, the rest on the second."""
    first, second = Sheet.blank(), Sheet.blank()
    for sheet in (first, second):
        sheet.y = MARGIN - 6.0 + (18.0 if content.origin == "simulated" else 0.0)
    for block in (head, tiles_block, summary_block, plan_table):
        block(first, content)
    rest: list[Block] = [changes_block, sides_block, reasons_block, gaps_block]
    while len(rest) > 1 and _end(first, content, rest[:1], ALL) <= FOOT:
        rest.pop(0)(first, content, ALL)
    limit = next((n for n in LIMITS if _end(second, content, rest, n) <= FOOT - SESSIONS_PT), LIMITS[-1])
    for block in rest:
        block(second, content, limit)
    sessions_block(second, content, FOOT)
    return first, second


def _end(sheet: Sheet, content: ReportContent, blocks: list[Block], limit: int) -> float:
    """How far down a sheet would be filled."""
    trial = sheet.dry()
    for block in blocks:
        block(trial, content, limit)
    return trial.y


def _frame(sheet: Sheet, content: ReportContent, number: int) -> None:
    """What every page carries: the mark of simulated data, whose report it is, the page's number."""
    if content.origin == "simulated":
        sheet.box(0, 0, WIDTH, 24, WARN, round_by=0)
        sheet.text(WIDTH / 2, 15.5, MARK, 8.5, bold=True, align="center")
    y = HEIGHT - 22.0
    sheet.rule(y - 10)
    mark = f"{SHORT_MARK}  ·  " if content.origin == "simulated" else ""
    left = f"{mark}{shown(content.person)}  ·  {period(content)}"
    sheet.text(MARGIN, y, left, 7.0, colour=SOFT, width=RIGHT - MARGIN - 140)
    sheet.text(RIGHT, y, f"coxa, not a medical device  ·  page {number} of 2", 7.0, colour=SOFT, align="right")

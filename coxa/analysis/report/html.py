"""The report as one HTML file that loads nothing: styles, text and vector pictures inside."""

from __future__ import annotations

from functools import partial
from importlib import resources
from typing import Any

from coxa.analysis.report import words
from coxa.analysis.report.courses import say_day
from coxa.analysis.report.model import Figure, ReportContent, Spark
from coxa.analysis.report.pictures import SIDE_COLOURS, Picture, Trace, picture
from coxa.host.plural import count_of

TEMPLATE = "report.html.j2"
SPARK_WIDTH, SPARK_HEIGHT = 72.0, 28.0
"""Size of a sparkline in CSS pixels."""


def html_text(content: ReportContent) -> str:
    """The whole page. All text is escaped: names and notes come from outside."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = resources.files("coxa.analysis.report")
    environment = Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = say_day
    return environment.get_template(TEMPLATE).render(
        r=content,
        words=words,
        title=words.title_of(content),
        colours=SIDE_COLOURS,
        width=SPARK_WIDTH,
        height=SPARK_HEIGHT,
        spark=partial(_drawn, content),
        path=_path,
        place=_place,
        behind=partial(_behind, content),
    )


def _drawn(content: ReportContent, spark: Spark) -> Picture | None:
    return picture(spark, content.days, content.pauses)


def _place(x: float, y: float) -> tuple[str, str]:
    """From the unit box to CSS pixels, y downwards."""
    return f"{x * SPARK_WIDTH:.1f}", f"{(1 - y) * SPARK_HEIGHT:.1f}"


def _path(trace: Trace) -> str:
    """The path of one side, lifted over its gaps."""
    pieces = [" L".join(",".join(_place(m.x, m.y)) for m in piece) for piece in trace.pieces]
    return " ".join(f"M{p}" for p in pieces)


def _behind(content: ReportContent, figure: Figure) -> dict[str, Any]:
    """Number and tooltip of a figure's footnote."""
    number = content.note(figure)
    if number is None:
        return {"number": None, "text": ""}
    count = len(figure.sessions)
    return {"number": number, "text": f"{count_of(count, 'session')}: {content.note_text(number)}"}

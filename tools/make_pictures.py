"""Makes the pictures of README and docs from simulated people: `python -m tools.make_pictures [FOLDER]`.

A year of one person (trend, calendar, report) and one recorded set (overlay, steadiness); the same bytes every time on
one machine. Each must stay small.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image
from upath import UPath

from coxa.analysis.load import load
from coxa.analysis.plots.calendar import calendar_figure
from coxa.analysis.plots.overlay import overlay_figure
from coxa.analysis.plots.style import save
from coxa.analysis.plots.trend import trend_figure
from coxa.analysis.report.choice import Choice
from coxa.analysis.report.content import report_content
from coxa.analysis.report.details import read_details
from coxa.analysis.report.pdf import page_figures
from coxa.analysis.trends import session_table, side_differences, trends
from coxa.cli.trends import kept_plan
from coxa.host.log import open_session, session_items
from tools.many_sessions import record
from tools.simulated_year import write_year

PLACE = Path(__file__).parents[1] / "docs" / "pictures"
LARGEST_BYTES = 200_000
DPI = 110
COLOURS = 255
"""Enough for flat drawings with smooth edges."""
YEAR_SEED, SET_SEED = 1, 4
TREND = "lateral_leg_raise"


def pictures(scratch: Path) -> dict[str, Figure]:
    """Every picture by its name."""
    year = scratch / "year"
    write_year(year, YEAR_SEED)
    frames = load(str(year))
    table = session_table(frames)
    content = report_content(
        frames, date(2026, 10, 3), Choice(date(2025, 12, 1), None, None, 3), read_details(frames.sessions, UPath(year))
    )
    session = open_session(UPath(record(scratch / "one", TREND, SET_SEED)))
    return {
        "trend": trend_figure(trends(table, TREND), side_differences(table, TREND)),
        "calendar": calendar_figure(kept_plan(frames, str(year), 3, None, None)),
        "overlay": overlay_figure(session_items(session), session.events(), simulated=True),
        "report": page_figures(content)[0],
    }


def main() -> None:
    """Draw and save them; too large a one is an error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=PLACE)
    place = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as scratch, rc_context({"text.hinting": "none"}):  # letters as wide as in print
        for name, figure in pictures(Path(scratch)).items():
            path = place / f"{name}.png"
            save(figure, path, DPI)
            with Image.open(path) as picture:
                few = picture.convert("RGB").quantize(COLOURS)
            few.save(path, optimize=True)
    for path in sorted(place.glob("*.png")):
        print(f"{path.name:14} {path.stat().st_size / 1000:6.0f} kB")
        if path.stat().st_size > LARGEST_BYTES:
            sys.exit(f"{path}: larger than {LARGEST_BYTES / 1000:.0f} kB")


if __name__ == "__main__":
    main()

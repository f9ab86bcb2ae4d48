"""One style for every picture: Okabe-Ito colours, which colour-blind people tell apart, on white."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coxa.analysis.names import SIMULATED_MARK
from coxa.host.private_file import put

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, RED, GREY, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#777777", "#56B4E9"
"""Okabe and Ito, Color Universal Design (2008)."""

SIDES = {"left": (BLUE, "o"), "right": (RED, "s"), "": ("#4D4D4D", "D")}
"""Colour and marker of each side, in every picture and report: told apart by shape too, as on a grey print."""
WARN = "#FFF1CC"
"""Behind the mark of simulated data."""
SCREEN_DPI = 100
PRINT_DPI = 200
"""A picture of 10 inches fills the width of a page at this many dots an inch and stays sharp."""

STYLE: Any = {
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11.0,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e6e6",
    "figure.facecolor": "white",
    "savefig.dpi": 130,
}


def mark_simulated(figure: Figure) -> None:
    """Set the mark of simulated data below a picture, in a line of its own."""
    look = {"boxstyle": "square,pad=0.3", "facecolor": WARN, "edgecolor": "none"}
    size = min(8.0, 1.25 * figure.get_figwidth())  # fits the narrowest picture, too
    figure.supxlabel(SIMULATED_MARK, x=0.99, ha="right", fontsize=size, weight="bold", bbox=look)


def save(figure: Figure, where: Path, dpi: float = PRINT_DPI) -> None:
    """Write a picture as PNG, SVG or PDF, after the name's ending, in print quality; whole or not at all.

    Raises:
        OSError: the place cannot be written.
        ValueError: the ending is none of a picture.
    """
    drawn = BytesIO()
    figure.savefig(drawn, dpi=dpi, format=where.suffix.lstrip(".") or "png")
    put(where, drawn.getvalue())

"""An A4 sheet to write on: points from the top left corner, text measured before it is set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from coxa.analysis.report.courses import NBSP

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 595.28, 841.89
"""A4 in points (ISO 216: 210 x 297 mm)."""
MARGIN = 38.0
"""To the left and right, points."""
RIGHT = WIDTH - MARGIN
LEAD = 1.35
"""From line to line of a paragraph, in sizes of its type."""
INK, SOFT, FAINT, WASH, ACCENT, WARN = "#16202A", "#55616D", "#C9D1D8", "#F3F6F8", "#0072B2", "#FFF1CC"
Align: TypeAlias = Literal["left", "right", "center"]


@cache
def families() -> tuple[str, ...]:
    """A plain typeface that the machine has, then the one that matplotlib brings, which knows more scripts."""
    from matplotlib.font_manager import fontManager

    known = {f.name for f in fontManager.ttflist if f.fname.lower().endswith(".ttf")}
    return (*[n for n in ("Arial", "Liberation Sans") if n in known][:1], "DejaVu Sans")


@cache
def _font(family: str, bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return get_font(findfont(FontProperties(family=family, weight="bold" if bold else "normal")))


@cache
def _advance(letter: str, bold: bool) -> float:
    """Width of a letter in ems, in the first typeface that has it."""
    fonts = [_font(f, bold) for f in families()]
    font = next((f for f in fonts if ord(letter) in f.get_charmap()), fonts[-1])
    font.set_size(100.0, 72.0)
    return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536.0 / 100.0


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Width in points."""
    return size * sum(_advance(c, bold) for c in text)


def shown(text: str) -> str:
    """Text from outside with letters that no typeface at hand has, and control characters, made visible as `?`."""
    known = [_font(f, False).get_charmap() for f in families()]
    return "".join(c if c == NBSP or (c.isprintable() and any(ord(c) in k for k in known)) else "?" for c in text)


def fitted(text: str, size: float, width: float, bold: bool = False) -> str:
    """Text cut with an ellipsis where it is wider than `width`."""
    if width_of(text, size, bold) <= width:
        return text
    while text and width_of(text + "…", size, bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """Lines no wider than `width`, broken between words; a longer word stands alone and is cut."""
    lines, line = list[str](), ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, size, bold) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [fitted(one, size, width, bold) for one in (*lines, line)]


@dataclass(slots=True)
class Sheet:
    """One page. `y` is how far down it is filled."""

    figure: Figure | None
    axes: Axes | None
    """None on a dry sheet, which only measures."""
    y: float = MARGIN

    @staticmethod
    def blank() -> Sheet:
        """A new empty page."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(HEIGHT, 0)
        axes.axis("off")
        return Sheet(figure, axes)

    def dry(self) -> Sheet:
        """A sheet filled as far as this one, on which nothing appears: for trying whether something fits."""
        return Sheet(None, None, self.y)

    def text(
        self, x: float, y: float, text: str, size: float = 8.0, *, colour: str = INK, bold: bool = False,
        align: Align = "left", width: float | None = None,
    ) -> float:  # fmt: skip
        """Set one line, its baseline at `y`; gives the x where it ends (left-aligned text)."""
        text = fitted(text, size, width, bold) if width else text
        if self.axes is not None and text:
            self.axes.text(
                x, y, text, fontsize=size, color=colour, weight="bold" if bold else "normal", ha=align, va="baseline",
                family=list(families()), parse_math=False, zorder=3,
            )  # fmt: skip
        return x + width_of(text, size, bold)

    def paragraph(self, x: float, text: str, size: float, width: float, *, colour: str = INK) -> None:
        """Set wrapped text at `y` and move down."""
        for line in wrapped(text, size, width):
            self.y += size * LEAD
            self.text(x, self.y, line, size, colour=colour)

    def rule(
        self, y: float, left: float = MARGIN, right: float = RIGHT, colour: str = FAINT, weight: float = 0.6
    ) -> None:
        """A horizontal line."""
        if self.axes is not None:
            self.axes.plot([left, right], [y, y], color=colour, lw=weight, solid_capstyle="butt", zorder=2)

    def box(
        self, x: float, y: float, width: float, height: float, colour: str, *, round_by: float = 3.0, **look: Any
    ) -> None:
        """A filled box with its upper left corner at x, y."""
        if self.axes is None:
            return
        from matplotlib.patches import FancyBboxPatch

        style = f"round,pad=0,rounding_size={round_by}"
        settings: dict[str, Any] = {"lw": 0, "zorder": 1, **look}
        self.axes.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=style, facecolor=colour, **settings))

    def heading(self, text: str, hint: str = "", x: float = MARGIN, right: float = RIGHT) -> None:
        """A section's title and a rule under it."""
        self.y += 24.0
        end = self.text(x, self.y, text, 10.5, bold=True)
        if hint:
            self.text(end + 7, self.y, hint, 7.0, colour=SOFT, width=right - end - 7)
        self.y += 5.0
        self.rule(self.y, x, right, INK, 0.8)

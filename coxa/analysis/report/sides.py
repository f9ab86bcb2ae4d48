"""Left beside right; whether they differ is judged as by `coxa trends`."""

from __future__ import annotations

from coxa.analysis.names import digits_apart, title_of
from coxa.analysis.report.changes import SIGNS
from coxa.analysis.report.courses import Part, exercise_row, signed
from coxa.analysis.report.model import NOTHING, ExerciseRow, Figure, SideRow, Verdict
from coxa.analysis.trends import SideDifference


def side_rows(found: list[Part], differences: list[SideDifference]) -> tuple[SideRow, ...]:
    """Every exercise that was done on both sides.

    Args:
        found: from `parts`.
        differences: from `side_differences`, of the same sessions.
    """
    by_side = {(p.exercise, p.side): p for p in found}
    rows = list[SideRow]()
    for one in differences:
        left, right = by_side.get((one.exercise, "left")), by_side.get((one.exercise, "right"))
        if left is not None and right is not None:
            rows.append(_row(one, left, right))
    return tuple(rows)


def _row(one: SideDifference, left: Part, right: Part) -> SideRow:
    a, b = exercise_row(left), exercise_row(right)
    difference, verdict = _difference(one, left, right)
    return SideRow(
        title=title_of(one.exercise),
        left_reps=_work(a),
        right_reps=_work(b),
        left_held_s=a.held_s,
        right_held_s=b.held_s,
        left_deg=a.elevation_deg,
        right_deg=b.elevation_deg,
        difference=difference,
        verdict=verdict,
    )


def _work(row: ExerciseRow) -> Figure:
    return row.reps if row.reps is not NOTHING else row.holds


def _difference(one: SideDifference, left: Part, right: Part) -> tuple[Figure, Verdict]:
    """Right minus left, and in brackets what the two vary by through chance."""
    if one.difference != one.difference:
        return NOTHING, "too little"
    sign = SIGNS.get(one.unit, f" {one.unit}")
    digits = digits_apart(one.difference, one.mdc)
    text = f"{signed(one.difference, digits)}{sign} ({one.mdc:.{digits}f}{sign})"
    sources = left.within(left.sets["session_id"], right.sets["session_id"])
    return Figure(text, one.difference, sources), "real" if one.real else "not yet"

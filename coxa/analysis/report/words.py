"""Words that the page and the PDF share."""

from __future__ import annotations

from coxa.analysis.names import SIMULATED, SIMULATED_MARK
from coxa.analysis.report.courses import say_day
from coxa.analysis.report.model import ReportContent, Verdict

MARK, SHORT_MARK = SIMULATED_MARK, SIMULATED
SIDE_VERDICTS: dict[Verdict, str] = {"real": "real", "not yet": "no real difference", "too little": "too few sessions"}
TRACE = "Small numbers name the sessions behind a figure; figures without one share the number of their row."
NONE_REJECTED = "Every movement that looked like a repetition was counted."
NONE_BROKEN = "Every hold was kept, or there were none."
CHANGE_HINT = "in brackets the 95 % interval; real: a trend by test, and larger than the scatter"
NOTES_HINT = "footnote: sessions; then each session’s id, as far as `coxa show` needs it"
SIDE_HINT = "difference: right minus left over the last days with both; in brackets what they vary by through chance"
LEGEND = (
    "one value a session (of more than four months: a week); shaded: over a week without a session; "
    "at the right: highest and lowest"
)
READING = (
    "Thigh elevation is how far the thigh moved against gravity from its rest pose, in the median. It is not the angle "
    "of the hip joint: the pelvis moves too. ± covers sensor, rest pose, soft tissue and lost samples of one "
    "repetition (95 %). Of circles it is the mean tilt. Coxa is not a medical device."
)
ADHERENCE = "a set is done if anything in it counted; sets beyond a session’s plan do not make up for missed ones"


def title_of(content: ReportContent) -> str:
    """The document's title."""
    mark = f"{SHORT_MARK}: " if content.origin == "simulated" else ""
    return f"{mark}Hip exercise report, {content.person}, {period(content)}"


def period(content: ReportContent) -> str:
    """First and last day; one day once."""
    first, last = say_day(content.first_day), say_day(content.last_day)
    return first if first == last else f"{first} to {last}"


def side_word(side: str) -> str:
    """The side as a table says it."""
    return side or "–"

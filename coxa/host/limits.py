"""Every limit on what comes from outside, and why it stands there. Beyond it a file or message is refused, not tried.

Attacks and what remains of them: docs/security.md.
"""

from __future__ import annotations

import re

KIB, MIB = 1024, 1024**2

SPEC_BYTES = 100_000
"""A routine, exercise or phrases file: nobody writes a longer one."""
SETTINGS_BYTES = 64 * KIB
"""sensor.json and other files of coxa's own with a few keys."""
HEADER_BYTES = 4 * MIB
"""session.json: holds a copy of every exercise used, of at most `SPEC_BYTES` each."""
LINES_BYTES = 64 * MIB
"""events.jsonl, cues.jsonl, corrections.jsonl: three hours make less than 2 MB."""
LINE_BYTES = 64 * KIB
"""One line of any text that is read by lines: an event has some 400 bytes, a CSV row 70, a notification in hex 1 kB."""
JSON_DEPTH = 12
"""Nesting of lists and tables: session.json has 5."""

RECORDING_BYTES = 256 * MIB
"""CSV or hex text, unpacked: about ten hours at 100 Hz, two and a half at 400 Hz."""
PACKED_PACKETS_BYTES = 512 * MIB
"""packets.arrows as it lies on disk."""
PACKETS_BYTES = 512 * MIB
"""packets.arrows unpacked: three hours of a phone, which talks most (50 kB/s; 75 minutes of one that sends
500 samples a second), days of a Bluetooth sensor. A session that comes near it is ended (`SessionWriter.full`)."""
PACKETS = 4_000_000
"""Notifications of a session: eleven hours at 100 a second. Each costs some 200 bytes of memory."""
CHARACTERISTIC_BYTES = 64
"""Name of a characteristic: a UUID has 36."""

SNAPSHOT_BYTES = 16 * MIB
"""State of the core: 20 to 130 kB in a set, 240 kB for `auto`."""

TABLE_BYTES = 16 * MIB
"""reps.parquet and holds.parquet on disk: an hour makes 30 kB."""
TABLE_ROWS = 100_000
"""Rows of one of them: a repetition a second for a day."""
TABLE_COLUMNS = 100
"""Columns of one of them: they have 23 and 15."""
SAMPLES = 10_000_000
"""Rows of samples.parquet, as it is exported: 28 hours at 100 Hz."""
SAMPLES_BYTES = 512 * MIB
"""samples.parquet on disk: each row has at most 32 bytes."""
TABLE_GROUPS = 100
"""Groups of rows of one of them: pyarrow makes one for each million."""
TABLE_CODECS = frozenset({0, 1})
"""What coxa writes its tables with, as Parquet numbers it: nothing and Snappy, of which a page unpacks to 21 times the
size at most, with others to thousands of times. A page that is unpacked may still say the same long value in each row:
that is looked at in `read_table`."""

TEXT = 400
"""Characters of a name, title or note."""
SAID = 100
"""Characters of a name, serial or version that a sensor says of itself; an advertisement holds 29 of a name."""
PLANNED_SETS = 2100
"""Sets of a session: 50 steps of 20 sets on both legs, and some room."""
SAID_REPS = 1000
"""Repetitions that a person may say a set had: none has more, a larger number is a slip of the finger."""
HOLD_TARGET_S = (1.0, 600.0)
"""How long a hold may be asked for: on the command line, in a routine, in an exercise."""
BODY_BYTES = 8 * MIB
"""One message of a phone: a second has some 50 kB."""
WAITING_BYTES = 64 * MIB
"""Messages of a phone that are not decoded yet: twenty minutes; more are refused until there is room."""
CONNECTIONS = 200
"""Of the page at one time; a browser needs six at first, then one."""
PAGE_MESSAGE_BYTES = 64 * KIB
"""What a browser may send to the page in one request or websocket message: a click has less than 1 kB."""

RATE_HZ = (1.0, 5000.0)
"""Sampling rates that a file may claim; no sensor for bodies is outside."""
FULL_SCALE = (0.1, 10_000.0)
"""Full scales that a file may claim, in g or degrees a second."""
TRUTH_BYTES = 16 * MIB
"""A `.truth.json`: a repetition has some 300 bytes."""
SECONDS = 4.5e9
"""Times and durations: 142 years, as since 1970. The difference of two is less than the most that a `pandas.Timedelta`
can be, and sums of them stay exact to the microsecond."""
YEARS = range(1900, 2200)
"""When a session may be: a computer that has lost its clock begins in 1970, and any time of it is a date."""

SESSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
"""It becomes a folder, a file name and part of a link."""
EXERCISE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
"""It becomes a file name, and is written into pictures, pages and terminals."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters (a terminal obeys them), marks that turn the direction of writing, lone surrogates."""


def printable(text: str) -> str:
    """The text with what a terminal would obey replaced by '?'; new lines and tabs stay."""
    return _CONTROL.sub("?", text)


def one_line(text: str) -> str:
    """What a sensor says of itself as one line that can be shown anywhere; boards end texts with NUL or a new line."""
    return printable(" ".join(text.replace("\0", " ").split()))[:SAID].rstrip()


def is_plain(text: object) -> bool:
    """Whether it is text of a bearable length that can be shown anywhere: one line, no control characters."""
    return isinstance(text, str) and len(text) <= TEXT and "\n" not in text and not _CONTROL.search(text)


def shown(value: object, most: int = 60) -> str:
    """A value from outside for a message: quoted, without control characters, not long."""
    try:
        text = repr(value[: most + 1] if isinstance(value, str | bytes) else value)
    except ValueError:  # a whole number of thousands of digits
        text = "a number that is far too large"
    return printable(text if len(text) <= most else text[:most] + "...")


def wrong_number(value: object, least: float, most: float, *, whole: bool = False) -> str | None:
    """What is wrong with a number that must lie from `least` to `most`, as "must be ..., found ..."; None if nothing.

    True and false are no numbers, nor is NaN, which lies nowhere. Whole numbers may be of any size: they are compared
    before they are ever converted.
    """
    good = not isinstance(value, bool) and isinstance(value, int if whole else (int, float))
    if good and least <= value <= most:  # type: ignore[operator]
        return None
    return f"must be {'a whole number' if whole else 'a number'} from {least:g} to {most:g}, found {shown(value)}"


def wrong_text(value: object) -> str | None:
    """What is wrong with a text that is shown to people: one line of bearable length, nothing that a terminal obeys."""
    if not isinstance(value, str):
        return f"must be text, found {shown(value)}"
    return None if is_plain(value) else f"must be one line of at most {TEXT} plain characters, found {shown(value)}"

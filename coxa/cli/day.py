"""Days as the command line takes them."""

from __future__ import annotations

from datetime import date

from coxa.host.errors import SpecError


def parse_day(option: str, text: str | None) -> date | None:
    """The day that an option was given; None where it was left out.

    Raises:
        SpecError: the text is no day.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SpecError(f"{option} must be a day as 2026-10-03, found '{text}'") from None

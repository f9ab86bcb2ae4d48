"""How the sensor sat when it was last worn, as the log knows it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from upath import UPath

from coxa.host.detect.body.mounting import Mounting, turned
from coxa.host.errors import LogError
from coxa.host.log.header import SessionHeader
from coxa.host.log.reader import open_session, session_places

LOOK_BACK = 30
"""So many of the newest sessions are looked at: a month of days."""
ROUND_DEG = 25.0
"""Put on by the same hands, straps come to sit 10 to 20 degrees round the thigh from where they sat. 20 to 40."""
ALONG_DEG = 30.0
"""And as far off its direction, where thigh and strap are not cylinders. 20 to 45."""
UPSIDE_DEG = 135.0
"""Further off its direction than this it was put on the other way up."""


@dataclass(frozen=True, slots=True)
class Worn:
    """How it sat, and on which day."""

    mounting: Mounting
    day: str

    def difference(self, now: Mounting) -> str | None:
        """What a person should know of how it sits now; None where it sits much as it did."""
        along_deg, round_deg = turned(self.mounting, now)
        if along_deg > UPSIDE_DEG:
            how = "the other way up"
        elif along_deg > ALONG_DEG:
            how = f"aslant by {along_deg:.0f} degrees"
        elif round_deg > ROUND_DEG:
            how = f"{round_deg:.0f} degrees further round the thigh"
        else:
            return None
        return f"against {self.day} the sensor sits {how}; that is learned anew, ranges compare all the same"


def last_worn(log: UPath, header: SessionHeader, address: str | None) -> dict[str, Worn]:
    """How this sensor last sat on each of this person's thighs before the session of `header`, by `plan.side_of`.

    What cannot be read is passed over: it is no reason not to begin.
    """
    worn = dict[str, Worn]()
    try:
        places = session_places(log)
    except LogError:
        return worn
    for place in reversed(places[-LOOK_BACK:]):
        with suppress(LogError):
            before = open_session(log / "sessions" / place).header
            same = (before.person, before.sensor.get("address")) == (header.person, address)
            if same and before.session_id != header.session_id and not before.simulated:
                worn = _worn_in(before) | worn
    return worn


def _worn_in(session: SessionHeader) -> dict[str, Worn]:
    """How the sensor sat in that session, as far as it was learned."""
    mountings = {side: _mounting(how) for side, how in (session.mounting or {}).items()}
    return {side: Worn(how, session.started_at[:10]) for side, how in mountings.items() if how is not None}


def _mounting(how: object) -> Mounting | None:
    """What a session.json says of one thigh; None where that is nothing, as in logs of an earlier coxa."""
    if not isinstance(how, dict):
        return None
    axes = [_unit(cast(dict[str, Any], how).get(name)) for name in Mounting._fields]
    return Mounting(axes[0], axes[1]) if axes[0] is not None and axes[1] is not None else None


def _unit(axis: object) -> tuple[float, float, float] | None:
    numbers = cast(list[object], axis) if isinstance(axis, list) else []
    if len(numbers) != 3 or not all(isinstance(n, int | float) and abs(n) <= 1.01 for n in numbers):
        return None
    x, y, z = (float(cast(float, n)) for n in numbers)
    return (x, y, z) if abs(x * x + y * y + z * z - 1.0) < 0.01 else None

"""What the report cannot know: lost samples, lost tracking, interrupted sessions, pauses; and what measured it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pandas as pd

from coxa.analysis.load_sets import done
from coxa.analysis.names import percent
from coxa.analysis.report.choice import Chosen, ids_of
from coxa.analysis.report.courses import NBSP, clock, say_day, signed
from coxa.analysis.report.details import Details
from coxa.analysis.report.model import Figure, GapRow, VersionRow
from coxa.host.plural import count_of
from coxa.host.reasons import Tracking

LOSSY_SHARE = 0.02
"""Sessions that lost more than this share of their samples are named."""
PAUSE_DAYS = 7.0
"""A longer stretch without a session is a gap in every course."""
DOUBTS = {
    Tracking.OTHER_THIGH: "whose sensor seemed to be on the other thigh: the sides may be mixed up",
    Tracking.DOUBTFUL: "whose sensor moved as none can: counts and angles are doubtful",
}
"""What a report says of each warning of the sensor."""


def pauses(dates: pd.Series, first: date, until: date) -> tuple[tuple[float, float], ...]:
    """Stretches without a session longer than `PAUSE_DAYS`, as days since `first`; that after the last one, too.

    Args:
        dates: local midnight of each session, indexed by session id, oldest first.
        first: first day of the period.
        until: the day up to which training is told of.
    """
    days = [float(d) for d in ((dates - pd.Timestamp(first)) / pd.Timedelta(days=1))]
    days.append(max(float((until - first).days), days[-1]))
    return tuple((a, b) for a, b in pairwise(days) if b - a > PAUSE_DAYS)


def idle(dates: pd.Series, until: date) -> Figure | None:
    """That training has stopped: longer than `PAUSE_DAYS` without a session up to the last day."""
    last = dates.iloc[-1]
    days = (pd.Timestamp(until) - last).days
    if days <= PAUSE_DAYS:
        return None
    return Figure(f"No session for {days} days: the last one was on {say_day(last)}.", days, (str(dates.index[-1]),))


def gap_rows(chosen: Chosen, details: Details, until: date) -> tuple[GapRow, ...]:
    """Everything that is missing or doubtful up to a day, each with its sessions; what is whole is said to be whole."""
    sessions = chosen.frames.sessions
    rows = [
        _loss(sessions),
        *_lossy(sessions),
        *_tracking(sessions, details.lost),
        *_warned(sessions, details.warned),
        _some(sessions, sessions["reconnects"].fillna(0) > 0, "reconnected to the sensor", sessions["reconnects"]),
        _some(sessions, sessions["state"] == "repaired", "interrupted and repaired afterwards; the end may be missing"),
        _some(sessions, sessions["state"] == "open", "still open: not all of it is in this report"),
        *_pause(sessions, until),
        _empty(chosen),
        _slipped(chosen),
        _corrected(chosen),
        _listed("carry no name and were taken for the same person's", chosen.unnamed),
        _left_out(chosen.left_out),
    ]
    return tuple(r for r in rows if r is not None)


def version_rows(sessions: pd.DataFrame, versions: pd.DataFrame) -> tuple[VersionRow, ...]:
    """Programs and sensors with the sessions they measured."""
    known = versions[versions["session_id"].isin(sessions["session_id"])]
    told = set(known["session_id"])
    rest = sessions[~sessions["session_id"].isin(told)]
    extra = [(i, f"coxa {v}") for i, v in zip(rest["session_id"], rest["coxa_version"], strict=True) if pd.notna(v)]
    extra += [(i, f"sensor {n}") for i, n in zip(rest["session_id"], rest["sensor_name"], strict=True) if pd.notna(n)]
    table = pd.concat([known, pd.DataFrame(extra, columns=["session_id", "what"])]) if extra else known
    order = ids_of(sessions)
    rows = list[VersionRow]()
    for what, group in table.groupby("what", sort=False):
        of = set(group["session_id"].astype(str))
        rows.append(VersionRow(str(what), _counted(tuple(i for i in order if i in of))))
    return tuple(rows)


def _counted(ids: tuple[str, ...]) -> Figure:
    return Figure(count_of(len(ids), "session"), len(ids), ids)


def _loss(sessions: pd.DataFrame) -> GapRow:
    known = sessions[sessions["lost_share"].notna() & sessions["duration_s"].notna()]
    length = float(known["duration_s"].sum())
    if not length:
        return GapRow("samples lost: not known", Figure("–", float("nan"), ()))
    share = float((known["lost_share"] * known["duration_s"]).sum() / length)
    return GapRow("of all samples lost on the way", Figure(percent(share, 1, NBSP), share, ids_of(known)))


def _lossy(sessions: pd.DataFrame) -> list[GapRow]:
    bad = sessions[sessions["lost_share"].fillna(0.0) > LOSSY_SHARE]
    if bad.empty:
        return []
    worst = percent(float(bad["lost_share"].max()), space=NBSP)
    return [
        GapRow(
            f"lost more than {100 * LOSSY_SHARE:.0f}{NBSP}% of their samples (the worst {worst})", _counted(ids_of(bad))
        )
    ]


def _tracking(sessions: pd.DataFrame, lost: pd.DataFrame) -> list[GapRow]:
    lost = lost[lost["session_id"].isin(sessions["session_id"])]
    if lost.empty:
        return []
    seconds = float(lost["seconds"].astype(float).sum())
    ids = tuple(i for i in ids_of(sessions) if i in set(lost["session_id"]))
    reasons = ", ".join(f"{r} ×{n}" for r, n in lost["reason"].value_counts().items())
    return [
        GapRow(
            f"without tracking ({reasons}): nothing is said about these moments", Figure(clock(seconds), seconds, ids)
        )
    ]


def _warned(sessions: pd.DataFrame, warned: pd.DataFrame) -> list[GapRow | None]:
    """What the sensor made doubtful; a strap that slipped has a row of its own."""
    rows = list[GapRow | None]()
    for reason, what in DOUBTS.items():
        found = warned[warned["reason"].astype("str").str.startswith(reason)]
        rows.append(_some(sessions, sessions["session_id"].isin(found["session_id"]), what))
    return rows


def _some(sessions: pd.DataFrame, which: pd.Series, what: str, times: pd.Series | None = None) -> GapRow | None:
    found = sessions[which.astype(bool)]
    if found.empty:
        return None
    extra = "" if times is None else f", {count_of(int(times.fillna(0).sum()), 'time')}"
    return GapRow(what + extra, _counted(ids_of(found)))


def _listed(what: str, ids: tuple[str, ...]) -> GapRow | None:
    return GapRow(what, _counted(ids)) if ids else None


def _left_out(ids: tuple[str, ...]) -> GapRow | None:
    """Simulated sessions beside real ones: counted, but in no figure and so in no footnote."""
    if not ids:
        return None
    return GapRow("of simulation left out: they are in no figure", Figure(_counted(ids).text, len(ids), ()))


def _pause(sessions: pd.DataFrame, until: date) -> list[GapRow]:
    dates = sessions.set_index("session_id")["date"]
    first = dates.iloc[0]
    found = pauses(dates, first.date(), until)
    if not found:
        return []
    start, end = max(found, key=lambda p: p[1] - p[0])
    days = [first + pd.Timedelta(days=d) for d in (start, end)]
    sources = tuple(str(i) for i, d in dates.items() if d in days)
    which = f"the longest of {len(found)} pauses" if len(found) > 1 else "the only pause"
    what = f"without a session, {say_day(days[0])} to {say_day(days[1])}: {which} of over a week"
    return [GapRow(what, Figure(f"{end - start:.0f} days", end - start, sources))]


def _empty(chosen: Chosen) -> GapRow | None:
    frames = chosen.frames
    busy = done(frames.sets)["session_id"]
    return _some(frames.sessions, ~frames.sessions["session_id"].isin(busy), "in which nothing counted")


def _slipped(chosen: Chosen) -> GapRow | None:
    tables = [t for t in (chosen.frames.reps, chosen.frames.holds) if "after_slip" in t]
    rows = (
        pd.concat([t[t["after_slip"].astype(bool)]["session_id"] for t in tables]) if tables else pd.Series(dtype=str)
    )
    of = set(rows.astype(str))
    ids = tuple(i for i in ids_of(chosen.frames.sessions) if i in of)
    return GapRow("with a strap that slipped: counted, left out of angles", _counted(ids)) if ids else None


def _corrected(chosen: Chosen) -> GapRow | None:
    sets = chosen.frames.sets
    changed = sets[sets["reps_corrected"].notna()]
    if changed.empty:
        return None
    seen = changed["reps"].where(changed["reps"] > 0, changed["holds"])
    extra = int((changed["reps_corrected"].astype(int) - seen.astype(int)).sum())
    of = set(changed["session_id"].astype(str))
    ids = tuple(i for i in ids_of(chosen.frames.sessions) if i in of)
    return GapRow(
        f"with counts corrected by hand ({count_of(len(changed), 'set')}, {signed(extra)} in all)", _counted(ids)
    )

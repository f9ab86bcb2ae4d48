"""The recordings as a Motion-BIDS dataset: raw samples, units and repetitions, for archives of movement science.

Layout and names after BIDS 1.10 (bids-specification.readthedocs.io, "Motion"; Jeung 2024, Scientific Data 11:716).
One subject a person, one session a session of coxa's, one motion file a session.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coxa.analysis.export import motion_bids_words as words
from coxa.analysis.export.anonymous import anonymous, session_numbers, session_zeros
from coxa.analysis.export.recordings import sampled
from coxa.analysis.export.tables import plain_texts
from coxa.analysis.load import LogFrames
from coxa.host.samples import LOST_PERIODS, FloatArray, usual_step_s
from coxa.host.strict_json import json_text

BIDS_VERSION = "1.10.0"
TASK, TRACKING = "hipExercises", "imu"
NOT_THERE = "n/a"
EVENT_NUMBERS = ("rom_deg", "rom_sd_deg", "held_s", "target_s", "steadiness_deg", "measured", "needed")


def write_motion_bids(frames: LogFrames, folder: Path, *, hide: bool, tell: Callable[[str], None]) -> pd.DataFrame:
    """A dataset with every session that has samples; gives the rows of those.

    Args:
        frames: the log; its sessions' folders are read one at a time.
        folder: empty, made by the caller.
        hide: leave out names, dates, addresses and seeds; persons and sessions stay apart by numbers.
        tell: told one line for each session whose samples are missing or damaged, and that is left out.

    Raises:
        LogError: no session has any.
    """
    subjects = _subjects(frames.sessions)
    labels = session_numbers(frames.sessions) if hide else {name: _label(name) for name in subjects}
    shown = anonymous(frames) if hide else frames
    shown_id = labels if hide else {name: name for name in labels}
    zero_s = session_zeros(frames) if hide else {}
    written = dict[str, str]()
    for name, samples in sampled(frames.sessions, tell):
        session = shown.sessions[shown.sessions["session_id"] == shown_id[name]].iloc[0]
        sub, ses = f"sub-{subjects[name]}", f"ses-{labels[name]}"
        motion = folder / sub / ses / "motion"
        motion.mkdir(parents=True)
        stem = f"{sub}_{ses}_task-{TASK}"
        _write_motion(motion, stem, samples, session, _side(shown, shown_id[name]))
        began_s = float(samples["t_s"].iloc[0]) - zero_s.get(name, 0.0)
        _tsv(motion / f"{stem}_events.tsv", _events(shown, shown_id[name], began_s))
        scan = {"filename": f"motion/{stem}_tracksys-{TRACKING}_motion.tsv", "simulated": _yes(session["simulated"])}
        if not hide:
            scan["acq_time"] = f"{session['started_at']:%Y-%m-%dT%H:%M:%S.%fZ}"
        _tsv(folder / sub / ses / f"{sub}_{ses}_scans.tsv", pd.DataFrame([scan]))
        written[name] = sub
    sessions = frames.sessions[frames.sessions["session_id"].isin(list(written))]
    _write_about(folder, sessions.assign(sub=sessions["session_id"].map(written)), hide)
    return sessions


def with_gaps(samples: pd.DataFrame) -> pd.DataFrame:
    """The samples with rows of nothing where samples are missing, be it a single one, so that row numbers keep time."""
    t_s = samples["t_s"].to_numpy()
    if len(t_s) < 2:
        return samples
    steps = np.diff(t_s)
    period_s = usual_step_s(steps)
    missing = [
        t_s[i] + np.arange(1, count + 1) * steps[i] / (count + 1)
        for i in np.flatnonzero(steps > LOST_PERIODS * period_s)
        if (count := round(steps[i] / period_s) - 1) > 0
    ]
    if not missing:
        return samples
    filled = pd.concat([samples, pd.DataFrame({"t_s": np.concatenate(missing)})], ignore_index=True)
    return filled.sort_values("t_s", ignore_index=True)


def _write_motion(folder: Path, stem: str, samples: pd.DataFrame, session: pd.Series, side: str | None) -> None:
    named = f"{stem}_tracksys-{TRACKING}"
    t_s = samples["t_s"].to_numpy()
    table = with_gaps(samples)
    table = table.assign(t_s=(table["t_s"] - t_s[0]).round(6))
    table.to_csv(
        folder / f"{named}_motion.tsv", sep="\t", index=False, header=False, na_rep=NOT_THERE, lineterminator="\n"
    )
    _tsv(folder / f"{named}_channels.tsv", pd.DataFrame(words.channels(side)))
    _json(folder / f"{named}_motion.json", words.motion(session, *rates_hz(t_s), TASK))
    _json(folder / f"{named}_channels.json", words.CHANNELS)


def rates_hz(t_s: FloatArray) -> tuple[float | None, float | None]:
    """Nominal and effective sampling frequency of samples at these times (n,), seconds; None of a single one.

    Nominal is the whole number within half a percent of what was measured, as sensors' clocks err less; effective is
    what was measured where no sample is missing.
    """
    steps_s = np.diff(t_s)
    if not len(steps_s):
        return None, None
    period_s = usual_step_s(steps_s)
    measured_hz, kept_s = 1.0 / period_s, steps_s[steps_s <= LOST_PERIODS * period_s]
    whole_hz = float(round(measured_hz))
    near = abs(measured_hz - whole_hz) < 0.005 * measured_hz
    effective_hz = round(len(kept_s) / float(kept_s.sum()), 4) if len(kept_s) else None
    return (whole_hz if near else round(measured_hz, 3)), effective_hz


def _events(frames: LogFrames, session_id: str, began_s: float) -> pd.DataFrame:
    """One row a repetition, rejection and hold, by onset (seconds since the first sample)."""
    reps = frames.reps[frames.reps["session_id"] == session_id]
    holds = frames.holds[frames.holds["session_id"] == session_id]
    kinds = np.where(reps["counted"].astype(bool), "repetition", "rejected_repetition")
    parts = [reps.assign(trial_type=kinds), holds.assign(trial_type="hold")]
    both = pd.concat([p.astype({c: "object" for c in p.columns}) for p in parts if len(p)] or [holds], sort=False)
    both = both.reindex(columns=list(dict.fromkeys([*both.columns, *words.EVENT_COLUMNS])))
    start_s, end_s = (pd.to_numeric(both[c]) for c in ("start_s", "end_s"))
    out = pd.DataFrame({"onset": (start_s - began_s).round(4), "duration": (end_s - start_s).round(4)})
    for column in words.EVENT_COLUMNS:
        out[column] = pd.to_numeric(both[column]).round(3) if column in EVENT_NUMBERS else both[column]
    out["verified"] = out["verified"].map({True: "true", False: "false"})
    return out.sort_values("onset", kind="stable", ignore_index=True)


def _side(frames: LogFrames, session_id: str) -> str | None:
    """The thigh that wore the sensor; None where it changed or was not told."""
    sides = set(frames.sets[frames.sets["session_id"] == session_id]["side"].astype("object"))
    only = sides.pop() if len(sides) == 1 else None
    return only if isinstance(only, str) else None


def _subjects(sessions: pd.DataFrame) -> dict[str, str]:
    """Subject of each session: persons are numbered as they first came; the nameless are one person."""
    people = sessions["person"].astype("object").where(sessions["person"].notna(), None)
    order = {person: f"{i + 1:03d}" for i, person in enumerate(dict.fromkeys(people))}
    return {name: order[person] for name, person in zip(sessions["session_id"], people, strict=True)}


def _label(session_id: str) -> str:
    return re.sub("[^0-9A-Za-z]", "", session_id)


def _write_about(folder: Path, sessions: pd.DataFrame, hide: bool) -> None:
    simulated = sessions["simulated"].to_numpy(bool)
    _json(folder / "dataset_description.json", words.dataset(version("coxa"), BIDS_VERSION, simulated))
    (folder / "README.md").write_text(words.readme(len(sessions), simulated), "utf-8")
    rows = list[dict[str, Any]]()
    for sub, own in sessions.groupby("sub", sort=True):
        made_up = bool(own["simulated"].all())
        row = {"participant_id": sub, "species": None if made_up else "homo sapiens", "simulated": _yes(made_up)}
        rows.append(row if hide else {**row, "person": own["person"].iloc[0]})
    _tsv(folder / "participants.tsv", pd.DataFrame(rows))
    shown = {k: v for k, v in words.PARTICIPANTS.items() if k in rows[0]}
    _json(folder / "participants.json", shown)
    _json(folder / f"task-{TASK}_events.json", words.EVENTS)
    _json(folder / "scans.json", words.SCANS)


def _yes(value: object) -> str:
    return "true" if value else "false"


def _tsv(path: Path, rows: pd.DataFrame) -> None:
    plain_texts(rows).to_csv(path, sep="\t", index=False, na_rep=NOT_THERE, lineterminator="\n")


def _json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json_text(content, indent=2, ensure_ascii=False) + "\n", "utf-8")

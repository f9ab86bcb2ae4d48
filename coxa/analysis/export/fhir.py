"""FHIR R4 Observations as JSON: what was done and the range of motion, with codes of LOINC, SNOMED CT and UCUM.

No claim of conformance to a profile is made: the bundle's shape is that of FHIR R4 (hl7.org/fhir/R4/observation.html),
and no validator was run. LOINC has no code for thigh elevation: it stands under codes of our own.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from coxa.analysis.load import LogFrames
from coxa.analysis.load_sets import not_denied, of_sets_done, repetitions_of, zero_s
from coxa.analysis.trends import NO_DEPTH, kind_of
from coxa.host.exercises.spec import Kind, library

LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
OWN = "urn:coxa:measure"
ACTIVITY, DURATION = ("73985-4", "Exercise activity"), ("55411-3", "Exercise duration")
"""Of the US Physical Activity Implementation Guide 1.0.0."""
FLEXION, EXTENSION, ABDUCTION = ("9964006", "Flexion"), ("24154002", "Extension"), ("60074003", "Abduction")
"""SNOMED CT motion terms (DICOM CID 92)."""
_RANGE = ("thigh-elevation", "Range of thigh elevation, not of the hip joint")
ANGLES: dict[Kind, tuple[str, str]] = {
    "raise": _RANGE,
    "bridge": _RANGE,
    "hold": ("thigh-elevation-held", "Mean thigh elevation while held, not of the hip joint"),
    "circle": ("thigh-tilt", "Mean thigh tilt about the middle of a circle, not of the hip joint"),
}
"""What the angle of each kind of exercise is: other measures have other codes."""
MOTION = {
    "knee_to_chest": FLEXION,
    "lunge": FLEXION,
    "hip_bridge": EXTENSION,
    "lateral_leg_raise": ABDUCTION,
}
"""What an exercise moves; a leg raise goes wherever its set went."""


def bundle(frames: LogFrames) -> dict[str, Any]:
    """A Bundle of type collection: for each set the activity with its duration, repetitions and range of motion.

    A set that a person corrected to 0 was no exercise, and is left out.
    """
    sessions = {session["session_id"]: session for _, session in frames.sessions.iterrows()}
    reps, holds = of_sets_done(frames.reps, frames.sets), of_sets_done(frames.holds, frames.sets)
    reps = reps[reps["counted"]]
    roms, planes = (_medians(reps, "rom_deg"), _medians(holds, "rom_deg")), _planes(reps)
    entries = list[dict[str, Any]]()
    for name, sets in frames.sets.groupby("session_id", sort=False):
        session = sessions[name]
        began_s = zero_s(session, sets)
        for _, row in not_denied(sets).iterrows():
            by_holds = repetitions_of(row)[1]
            key = (name, row["set_index"])
            motion = planes.get(key) if row["exercise"] == "leg_raise" else MOTION.get(str(row["exercise"]))
            entries.append(_set(row, session, began_s, roms[by_holds].get(key), motion))
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": e} for e in entries]}


def _set(
    row: pd.Series, session: pd.Series, began_s: float, rom_deg: float | None, motion: tuple[str, str] | None
) -> dict[str, Any]:
    exercise = str(row["exercise"])
    title = library()[exercise].title if exercise in library() else exercise
    resource: dict[str, Any] = {
        "resourceType": "Observation",
        "id": f"{row['session_id']}-{row['set_index']}".replace("_", "-"),
        "status": "final",
        "code": {"coding": [_coding(LOINC, ACTIVITY)]},
        "valueCodeableConcept": {"coding": [_coding(OWN, (exercise, title))], "text": title},
        "component": [
            _component(_coding(LOINC, DURATION), float(row["end_s"] - row["start_s"]) / 60.0, "min"),
            *_counts(row),
        ],
    }
    if not pd.isna(session["person"]):
        resource["subject"] = {"display": str(session["person"])}
    if "started_at" in session:
        start = session["started_at"] + pd.Timedelta(seconds=float(row["start_s"]) - began_s)
        resource["effectiveDateTime"] = start.isoformat(timespec="milliseconds")
    if not pd.isna(row["side"]):
        codes = {"left": ("7771000", "Left"), "right": ("24028007", "Right")}
        resource["bodySite"] = {"coding": [_coding(SNOMED, codes[str(row["side"])])], "text": f"{row['side']} thigh"}
    if bool(session["simulated"]):
        resource["meta"] = {"tag": [{"system": OWN, "code": "simulated", "display": "Simulated data"}]}
    if rom_deg is not None and exercise not in NO_DEPTH:
        coding = [_coding(OWN, ANGLES[kind_of(exercise)])]
        coding += [_coding(SNOMED, motion)] if motion else []
        resource["component"].append({**_component(coding[0], rom_deg, "deg"), "code": {"coding": coding}})
    if float(row["held_valid_s"]) > 0.0:
        resource["component"].append(_component(_coding(OWN, ("held", "Time held")), float(row["held_valid_s"]), "s"))
    return resource


def _counts(row: pd.Series) -> list[dict[str, Any]]:
    """How many repetitions or holds, who says so, and how many holds were kept as long as they should be."""
    count, by_holds = repetitions_of(row)
    by_hand = not pd.isna(row["reps_corrected"])
    what = "Holds" if by_holds else "Repetitions"
    display = f"{what}, corrected by hand" if by_hand else f"{what} counted"
    counts = [_component(_coding(OWN, ("holds" if by_holds else "repetitions", display)), float(count), "1")]
    if int(row["holds"]):
        counts.append(_component(_coding(OWN, ("holds-kept", "Holds kept")), float(row["kept_valid"]), "1"))
    return counts


def _medians(rows: pd.DataFrame, angle: str) -> dict[Any, float]:
    """Median angle of each set by session and set, of what was measured before the strap slipped, degrees."""
    own = rows[~rows["after_slip"]].dropna(subset=[angle])
    return own.groupby(["session_id", "set_index"])[angle].median().round(1).to_dict()


def _planes(reps: pd.DataFrame) -> dict[Any, tuple[str, str]]:
    """Where each set went for the most part, by session and set; none of those of which it is not known. Adduction has
    no term here.
    """
    flexion_deg, abduction_deg = _medians(reps, "flexion_deg"), _medians(reps, "abduction_deg")
    found = dict[Any, tuple[str, str]]()
    for key in flexion_deg.keys() & abduction_deg.keys():
        forward, outward = flexion_deg[key], abduction_deg[key]
        if abs(forward) > abs(outward):
            found[key] = FLEXION if forward > 0.0 else EXTENSION
        elif outward > 0.0:
            found[key] = ABDUCTION
    return found


def _coding(system: str, code: tuple[str, str]) -> dict[str, str]:
    return {"system": system, "code": code[0], "display": code[1]}


def _component(coding: dict[str, str], value: float, unit: str) -> dict[str, Any]:
    quantity = {"value": round(value, 3), "unit": unit, "system": UCUM, "code": unit}
    return {"code": {"coding": [coding]}, "valueQuantity": quantity}

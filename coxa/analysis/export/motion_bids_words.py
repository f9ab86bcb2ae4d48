"""What a Motion-BIDS dataset says of itself: names, units and descriptions of everything in it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from numpy.typing import NDArray

AXES = ("ax_mps2", "ay_mps2", "az_mps2", "gx_radps", "gy_radps", "gz_radps")
"""Columns of a session's samples, in the order of the motion file's, which has the time before them."""
MARK = "SIMULATED DATA: no person moved."
CHANNEL_COUNTS = {
    "ACCEL": 3, "GYRO": 3, "LATENCY": 1, "ANGACCEL": 0, "JNTANG": 0, "MAGN": 0, "ORNT": 0, "POS": 0, "VEL": 0,
}  # fmt: skip
EVENT_COLUMNS = (
    "trial_type", "exercise", "side", "set_index", "rep_index", "direction", "rom_deg", "rom_sd_deg", "held_s",
    "target_s", "steadiness_deg", "verified", "reason", "measured", "needed", "unit",
)  # fmt: skip
EVENTS: dict[str, Any] = {
    "onset": {"Description": "Start of the movement, after the first sample", "Units": "s"},
    "duration": {"Description": "From the start of the movement to its end", "Units": "s"},
    "trial_type": {
        "LongName": "Kind of event",
        "Description": "What coxa's detectors took the movement for",
        "Levels": {
            "repetition": "A repetition that was counted",
            "rejected_repetition": "A movement like a repetition that was not counted",
            "hold": "The thigh stood still in the exercise's band",
        },
    },
    "exercise": {"Description": "Name of the exercise in coxa"},
    "side": {"Description": "Thigh that wore the sensor", "Levels": {"left": "Left", "right": "Right"}},
    "set_index": {"Description": "Set in the session, from 0"},
    "rep_index": {"Description": "Repetition in the set, from 1"},
    "direction": {
        "Description": "Of circles, seen from above",
        "Levels": {"clockwise": "Clockwise", "counterclockwise": "Counterclockwise"},
    },
    "rom_deg": {
        "LongName": "Range of thigh elevation",
        "Description": "Largest change of the thigh's angle to gravity against the rest pose of the set; of holds the "
        "mean over the time held, of circles the mean tilt about the middle of the path; not of the hip joint",
        "Units": "deg",
    },
    "rom_sd_deg": {"Description": "Standard uncertainty of rom_deg", "Units": "deg"},
    "held_s": {"Description": "Time inside the band, breaks left out", "Units": "s"},
    "target_s": {"Description": "Time that was to be held", "Units": "s"},
    "steadiness_deg": {"Description": "Standard deviation of the angle while held", "Units": "deg"},
    "verified": {
        "Description": "Whether it was held as long as it was to be",
        "Levels": {"true": "Held long enough", "false": "Not held long enough"},
    },
    "reason": {"Description": "Why a movement was not counted"},
    "measured": {"Description": "Of a movement not counted: what was measured, in the unit of the column unit"},
    "needed": {"Description": "Of a movement not counted: what would have counted, in the unit of the column unit"},
    "unit": {"Description": "Unit of measured and needed"},
}
PARTICIPANTS: dict[str, Any] = {
    "person": {"Description": "Name in coxa's log"},
    "simulated": {
        "Description": "Whether all of this participant's recordings are simulated",
        "Levels": {"true": MARK, "false": "A person moved"},
    },
}
SCANS: dict[str, Any] = {
    "simulated": {
        "Description": "Whether the recording is simulated",
        "Levels": {"true": MARK, "false": "A person moved"},
    },
}
CHANNELS: dict[str, Any] = {
    "reference_frame": {
        "Description": "Frame in which the values stand",
        "Levels": {
            "sensor": {
                "Description": "Axes of the sensor, whose strap may sit at any angle round the thigh. Specific force: "
                "+9.81 m/s^2 on the axis that points up, at rest",
                "RotationRule": "right-hand",
                "RotationOrder": "n/a",
            }
        },
    },
}


def channels(side: str | None) -> list[dict[str, Any]]:
    """Rows of channels.tsv, one a column of the motion file."""
    point = f"{side.capitalize()}Thigh" if side else "Thigh"
    place = f"{side} thigh" if side else "left or right thigh, see the events"
    same = {"tracked_point": point}
    rows = [{"name": "t", "component": "n/a", "type": "LATENCY", **same, "units": "s", "placement": place}]
    for name in AXES:
        kind, units = ("ACCEL", "m/s^2") if name.startswith("a") else ("GYRO", "rad/s")
        axis = name[1]
        rows.append({
            "name": f"{kind.lower()}_{axis}", "component": axis, "type": kind, **same, "units": units,
            "placement": place,
        })  # fmt: skip
    frames = ["n/a", *["sensor"] * len(AXES)]
    return [{**row, "reference_frame": frame} for row, frame in zip(rows, frames, strict=True)]


def motion(session: pd.Series, rate_hz: float | None, effective_hz: float | None, task: str) -> dict[str, Any]:
    """The motion file's sidecar; `session` is a row of `LogFrames.sessions`."""
    about: dict[str, Any] = {
        "TaskName": task,
        "TaskDescription": "Hip exercises with one inertial sensor strapped to the thigh",
        "Instructions": "Stand or lie still for two seconds, then exercise as planned",
        "SamplingFrequency": rate_hz if rate_hz is not None else "n/a",
        "SamplingFrequencyEffective": effective_hz if effective_hz is not None else "n/a",
        "TrackingSystemName": "imu",
        "TrackedPointsCount": 1,
        "MotionChannelCount": 1 + len(AXES),
        **{f"{kind}ChannelCount": count for kind, count in CHANNEL_COUNTS.items()},
        "MissingValues": "n/a",
        "Simulated": bool(session["simulated"]),
    }
    told = {
        "ManufacturersModelName": session["sensor_name"],
        "DeviceSerialNumber": session["sensor_address"],
        "SoftwareVersions": session["coxa_version"],
    }
    about |= {key: str(value) for key, value in told.items() if not pd.isna(value)}
    if session["simulated"]:
        about["TaskDescription"] = f"{MARK} {about['TaskDescription']}"
    return about


def dataset(version: str, bids_version: str, simulated: NDArray[Any]) -> dict[str, Any]:
    """dataset_description.json."""
    name = "Hip exercises recorded by coxa"
    keywords = ["motion", "inertial measurement unit", "hip exercises"]
    return {
        "Name": f"{name} (simulated data)" if simulated.all() else name,
        "BIDSVersion": bids_version,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "coxa", "Version": version, "Description": "coxa export motion-bids"}],
        "Keywords": [*keywords, "simulated"] if simulated.any() else keywords,
    }


def readme(count: int, simulated: NDArray[Any]) -> str:
    """README.md of the dataset."""
    marks = {0: "", count: f"**{MARK}**\n\n"}
    mark = marks.get(
        int(simulated.sum()),
        f"**{int(simulated.sum())} of {count} recordings are simulated**: see `simulated` in the scans files.\n\n",
    )
    return (
        f"# Hip exercises recorded by coxa\n\n{mark}"
        "Accelerometer and gyro of one sensor on the thigh, raw, in the sensor's own frame, and what was counted: "
        "repetitions, movements that were not counted and why, holds.\n\n"
        "Each motion file's first column is the time since its first sample (LATENCY). Where samples were lost, rows "
        "without values (`n/a`) stand for them, so that row numbers keep time at the effective sampling frequency.\n\n"
        "`rom_deg` is the change of the thigh's angle to gravity. It is not the angle of the hip joint.\n"
    )

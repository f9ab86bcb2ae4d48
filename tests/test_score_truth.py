"""Truth files are read strictly: what scores a counter may not be guessed at."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coxa.analysis.score import score_recordings
from coxa.analysis.score_truth import check_clock, parse_truth, read_truth
from coxa.firmware_sim.scenario import build
from coxa.host.errors import RecordingError
from coxa.host.limits import TRUTH_BYTES

OWN = Path(__file__).parent.parent / "recordings"
Change = Callable[[dict[str, Any]], object]


def good() -> dict[str, Any]:
    """A truth that has everything, and a note that nobody reads."""
    reps = [
        {"start_s": 10.0, "peak_s": 11.5, "end_s": 13.0, "rom_deg": 40, "direction": "cw", "coverage": 1.0},
        {"start_s": 14.0, "top_start_s": 15.0, "top_end_s": 15.5, "end_s": 17.0, "kind": "aborted", "required": False},
    ]
    return {
        "exercise": "leg_raise", "side": "left", "negative": False, "kind": "real", "source": "a note", "reps": reps,
        "holds": [{"start_s": 11.0, "end_s": 12.0, "rep": 0, "thigh_deg": 39.0, "kind": "wobble"}],
        "activities": [{"label": "set:leg_raise", "start_s": 8.0, "end_s": 32.0}],
        "blocks": [{"kind": "fast", "start_s": 8.0, "end_s": 32.0, "reps": 2}],
    }  # fmt: skip


def test_a_good_truth_is_read() -> None:
    """Every key has its meaning; further ones are notes."""
    truth = parse_truth({**good(), "strap": "new", "seed": 3})
    assert [(r.duty, r.rom_deg, r.direction) for r in truth.reps] == [("must", 40, "clockwise"), ("never", None, None)]
    assert [(h.held_s, h.held_deg) for h in truth.holds] == [(1.0, 39.0)]
    assert (truth.side, truth.negative, truth.sets[0].label, truth.blocks[0].reps) == (
        "left",
        False,
        "set:leg_raise",
        2,
    )


WRONG: dict[str, tuple[Change, str]] = {
    "a text for a flag": (lambda t: t.update(negative="false"), r"negative must be true or false, found 'false'"),
    "a number for a flag": (lambda t: t["reps"][0].update(required=1), r"reps\[0\]\.required must be true or false"),
    "another direction": (
        lambda t: t["reps"][0].update(direction="CW"),
        r"reps\[0\]\.direction must be one of cw, clockwise, ccw, counterclockwise, found 'CW'",
    ),
    "another side": (
        lambda t: t.update(side="Left"),
        r"side must be one of left, right, found 'Left', did you mean 'l",
    ),
    "no exercise": (
        lambda t: t.update(exercise="leg_rise"),
        r"exercise must be .* 'leg_rise', did you mean 'leg_raise'",
    ),
    "none named": (lambda t: t.pop("exercise"), r"exercise is missing"),
    "another claimed": (lambda t: t.update(claimed=3), r"claimed must be one of .*, found 3"),
    "text for a time": (
        lambda t: t["reps"][0].update(start_s="10"),
        r"reps\[0\]\.start_s must be a number .*, found '10'",
    ),
    "not a number": (lambda t: t["reps"][1].update(end_s=math.nan), r"reps\[1\]\.end_s must be a number .* found nan"),
    "true for a number": (lambda t: t["reps"][0].update(rom_deg=True), r"reps\[0\]\.rom_deg must be a number"),
    "no range": (lambda t: t["reps"][0].update(rom_deg=4000), r"reps\[0\]\.rom_deg must be a number from 0 to 360"),
    "a coverage in percent": (
        lambda t: t["reps"][0].update(coverage=99),
        r"reps\[0\]\.coverage must be a number from 0",
    ),
    "an end before": (lambda t: t["reps"][0].update(end_s=9.0), r"reps\[0\]\.end_s must be later than start_s, 10"),
    "a peak outside": (lambda t: t["reps"][0].update(peak_s=13.5), r"reps\[0\]\.peak_s must be a number from 10 to 13"),
    "half a top": (lambda t: t["reps"][1].pop("top_end_s"), r"reps\[1\]\.top_end_s is missing"),
    "a top that ends first": (
        lambda t: t["reps"][1].update(top_end_s=14.5),
        r"reps\[1\]\.top_end_s must be .* from 15",
    ),
    "out of order": (lambda t: t["reps"].reverse(), r"reps\[1\]\.start_s must be later than .* before, 14, found 10"),
    "no such repetition": (
        lambda t: t["holds"][0].update(rep=2),
        r"holds\[0\]\.rep must be a whole number from 0 to 1",
    ),
    "the last one, as in Python": (lambda t: t["holds"][0].update(rep=-1), r"holds\[0\]\.rep must be .* from 0 to 1"),
    "a hold of nothing": (lambda t: t.update(reps=[]), r"holds\[0\]\.rep must be left out, there are no reps"),
    "a set of nothing": (
        lambda t: t["activities"][0].update(label="set:x"),
        r"activities\[0\]\.label names no exercise",
    ),
    "a label that is none": (lambda t: t["activities"][0].update(label=5), r"activities\[0\]\.label must be text"),
    "half a repetition": (
        lambda t: t["blocks"][0].update(reps=2.5),
        r"blocks\[0\]\.reps must be a whole number from 0",
    ),
    "a misspelt kind": (
        lambda t: t["reps"][1].update(kind="abort"),
        r"reps\[1\]\.kind is no known word, found 'abort'",
    ),
    "a misspelt key": (
        lambda t: t["reps"][1].update(directon="cw"),
        r"reps\[1\]\.'directon' is no known key, did you mean 'direction'",
    ),
    "reps as an object": (lambda t: t.update(reps={}), r"reps must be a list of objects, found {}"),
    "a rep as a number": (lambda t: t["reps"].append(7), r"reps\[2\] must be an object, found 7"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_with_its_place(case: str, tmp_path: Path) -> None:
    """File and key path, what was found, what may stand there; nothing is taken for something else."""
    change, expected = WRONG[case]
    data = good()
    change(data)
    with pytest.raises(RecordingError, match=rf"^set\.truth\.json: {expected}"):
        parse_truth(data, "set.truth.json")
    file = tmp_path / "set.truth.json"
    file.write_text(json.dumps(data))
    with pytest.raises(RecordingError, match=r"set\.truth\.json"):
        read_truth(file)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "not JSON"),
        (b"[]", "must be an object"),
        (b'{"exercise": "lunge", "negative": NaN}', "NaN is not a finite number"),
        (b'{"exercise": "lunge", "exercise": "none"}', "twice"),
        (b'{"exercise": "\xff"}', "UTF-8"),
        (b" " * (TRUTH_BYTES + 1), "larger than"),
        (b"[" * 100_000, "nested"),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes, expected: str, tmp_path: Path) -> None:
    """Empty, another shape, no JSON of the standard, other text, too large, too deep."""
    file = tmp_path / "set.truth.json"
    file.write_bytes(content)
    with pytest.raises(RecordingError, match=rf"set\.truth\.json: .*{expected}"):
        read_truth(file)


@pytest.mark.parametrize("name", ["hip_circle", "knee_to_chest", "hip_bridge", "negative", "demo"])
def test_what_the_simulator_says_is_read(name: str) -> None:
    """Its truth obeys the same rules."""
    made = build(name, 5, 50.0)
    assert len(parse_truth(json.loads(json.dumps(made.truth))).reps) == len(made.truth["reps"])


@pytest.mark.parametrize("file", sorted(OWN.glob("*.truth.json")), ids=lambda f: f.name)
def test_the_projects_own_recordings_are_read(file: Path) -> None:
    """Every truth beside a recording of the repository."""
    assert read_truth(file).kind == "simulated"


def test_recordings_of_others_are_read(recordings: Path) -> None:
    """Real and kinematic recordings, whatever notes they carry."""
    files = sorted(recordings.rglob("*.truth.json"))
    assert files
    for file in files:
        assert read_truth(file).exercise


def test_holds_alone_are_a_hold_exercises_repetitions() -> None:
    """Who tells only when it was held is not told that every hold was false; of a bridge the repetitions are others."""
    holds = [{"start_s": 10.0, "end_s": 40.0}, {"start_s": 50.0, "end_s": 60.0, "kind": "aborted"}]
    told = parse_truth({"exercise": "knee_to_chest", "holds": holds})
    assert [(r.found_from_s, r.found_to_s, r.duty) for r in told.reps] == [(10.0, 40.0, "must"), (50.0, 60.0, "never")]
    assert parse_truth({"exercise": "hip_bridge", "holds": holds}).reps == ()


@pytest.mark.parametrize("key", ["reps", "blocks", "holds", "activities"])
def test_times_on_another_clock_are_refused(key: str) -> None:
    """They are not taken for repetitions that were missed; what a cut recording shows only in part, or rounds, is."""
    one = {"kind": "fast", "label": "set:leg_raise", "start_s": 8.0, "end_s": 32.0, "reps": 2}
    if key == "holds":
        del one["reps"]
    told = parse_truth({"exercise": "leg_raise", key: [one]})
    for span_s in ((8.4, 31.5), (0.0, 20.0), (10.0, 40.0)):
        check_clock(told, span_s, "truth")
    with pytest.raises(RecordingError, match=r"truth: what is true lies from 8 to 32 s, outside the recording"):
        check_clock(told, (100.0, 130.0), "truth")


def test_a_whole_routine_is_not_scored_as_one_exercise(tmp_path: Path) -> None:
    """The simulator's own word for it is no exercise; the file is named."""
    (tmp_path / "a.csv").write_text("")
    (tmp_path / "a.truth.json").write_text('{"exercise": "routine"}')
    with pytest.raises(RecordingError, match=r"a\.truth\.json: exercise is a whole routine"):
        score_recordings([tmp_path], workers=1)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"kind": "real patients"}, "real patients"),
        ({"kind": "surreal"}, "surreal"),
        ({"kind": "realistic simulation"}, "realistic simulation"),
        ({"kind": "computed from optical motion capture"}, "mocap"),
        ({"kind": "lab 3", "source": "subject 27, own recording"}, "lab 3"),
        ({"kind": "lab 3", "faulty_accelerometer": True}, "lab 3, faulty accelerometer"),
        ({"source": "UCI Physical Therapy Exercises, subject 2, exercise 6"}, "real, faulty accelerometer"),
    ],
)
def test_a_kind_is_called_as_its_maker_called_it(said: dict[str, Any], kind: str) -> None:
    """Only the shared recordings have short names; nobody else's are thrown together, or said to be faulty."""
    assert parse_truth({**good(), **said}).kind == kind

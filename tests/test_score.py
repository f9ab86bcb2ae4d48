"""What `coxa score` says of counts that are wrong: every one is told, and stands in the figures."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from dataclasses import asdict, astuple, fields, replace
from pathlib import Path
from typing import Any

import pytest

from coxa.analysis.score import find_recordings, report
from coxa.analysis.score_figures import Figures
from coxa.analysis.score_recording import RecordingScore, judge, judge_auto_negative, judge_with_auto
from coxa.analysis.score_truth import parse_truth
from coxa.cli.score import print_report, run
from coxa.host.errors import RecordingError
from coxa.host.events import Direction, Event, ExerciseRecognised, HoldEnded, RepCompleted, TrackingLost
from coxa.host.reasons import Tracking

OWN = Path(__file__).parents[1] / "recordings"

SPAN = {"start_s": 10, "end_s": 32}
BRIDGE: dict[str, Any] = {
    "exercise": "hip_bridge",
    "kind": "kinematic",
    "reps": [{**SPAN, "top_start_s": 11, "top_end_s": 31}],
    "holds": [{"start_s": 11, "end_s": 31, "rep": 0, "verified": True, "target_s": 20}],
    "activities": [{"label": "set:hip_bridge", "start_s": 9, "end_s": 33}],
}
"""One bridge of 20 s, in one set."""
UP = RepCompleted("hip_bridge", "left", 1, 10.0, 20.0, 32.0, 30.0, None, decided_s=32.0)


def held(start_s: float, end_s: float, *, verified: bool = True, target_s: float = 20.0) -> HoldEnded:
    """A bridge's hold as it was counted."""
    return HoldEnded("hip_bridge", "left", start_s, end_s, end_s - start_s, target_s, 30.0, verified, end_s)


def judged(truth: dict[str, Any], events: list[Event], asked: str = "hip_bridge") -> RecordingScore:
    """The score of two minutes."""
    return judge("made", "made.csv", parse_truth(truth), asked, events, (0.0, 120.0))


@pytest.mark.parametrize(
    ("events", "told", "figures"),
    [
        pytest.param([UP, held(11, 31)], [], (1, 0, 0, 1.0), id="right"),
        pytest.param([UP, held(11, 28), held(29.5, 31)], ["false hold"], (1, 1, 0, 1.0), id="torn in two"),
        pytest.param([UP, held(11, 31), held(50, 75)], ["false hold"], (1, 1, 1, 1.0), id="walking"),
        pytest.param([UP, held(11, 31, verified=False)], ["verdict"], (1, 0, 0, 0.0), id="kept, told as short"),
        pytest.param([UP, held(11, 31, verified=False, target_s=30)], [], (1, 0, 0, None), id="short of another time"),
        pytest.param([UP], ["hold missed"], (0, 0, 0, None), id="not seen"),
        pytest.param([], ["hold missed", "missed"], (0, 0, 0, None), id="nothing seen"),
    ],
)
def test_a_bridge_gives_a_repetition_and_a_hold(events: list[Event], told: list[str], figures: tuple[object]) -> None:
    """A hold too many, one missed, or one said to be what it was not is a failure, and stands in the figures."""
    score = judged(BRIDGE, events)
    (total,) = report([score]).totals
    assert [f.what for f in score.failures] == told
    seen = (total.holds_found, total.holds_false, total.false_outside_sets, total.hold_verdict_accuracy)
    assert seen == figures


@pytest.mark.parametrize(
    "told", [{"holds": []}, {"reps": [], "holds": [], "blocks": [{**SPAN, "kind": "x", "reps": 1}]}]
)
def test_a_truth_that_tells_of_no_holds_allows_one_in_each_repetition(told: dict[str, Any]) -> None:
    """Who noted repetitions only is not told that every hold was false; a second one, or one elsewhere, is."""
    assert judged({**BRIDGE, **told}, [UP, held(11, 31)]).holds_false == 0
    assert judged({**BRIDGE, **told}, [UP, held(11, 28), held(29.5, 31), held(50, 75)]).holds_false == 2


def test_a_hold_where_nothing_was_done_is_a_false_count() -> None:
    """Asked for a bridge, a hold alone counts; asked for a hold exercise, a hold is one count and not two."""
    nothing = {"exercise": "none", "claimed": "hip_bridge"}
    (bridge,) = report([judged(nothing, [UP, held(50, 75)])]).negatives
    (stretch,) = report([judged(nothing, [held(50, 75)], "knee_to_chest")]).negatives
    assert (bridge.false, bridge.false_per_min) == (2, 1.0)
    assert (stretch.false, stretch.false_per_min) == (1, 0.5)


def test_a_set_told_twice_is_one() -> None:
    """Else its repetitions were two sets, and the time outside sets less than there is."""
    truth = {**BRIDGE, "activities": BRIDGE["activities"] * 2}
    (total,) = report([judged(truth, [UP, held(11, 31), held(50, 75)])]).totals
    assert (total.sets, total.sets_exact) == (1, 1)
    assert total.false_per_min_outside_sets == pytest.approx(1 / 1.6)


def turn(index: int, start_s: float, end_s: float, rom_deg: float, direction: Direction, decided_s: float) -> Event:
    """A circle as it was counted, its range of motion known to a degree."""
    peak_s = (start_s + end_s) / 2
    return RepCompleted("hip_circle", "left", index, start_s, peak_s, end_s, rom_deg, direction, decided_s, 1.0)


def circles() -> RecordingScore:
    """Five circles, of which one is missed, one doubled, one said the wrong way round; one broken off, one far off."""
    true = [{"start_s": s, "end_s": s + 3, "rom_deg": 8, "direction": "cw"} for s in (10, 14, 18, 22, 26)]
    truth = {
        "exercise": "hip_circle",
        "kind": "kinematic",
        "reps": [*true, {"start_s": 32, "end_s": 34, "kind": "aborted"}],
        "activities": [{"label": "set:hip_circle", "start_s": 8, "end_s": 40}],
    }
    events: list[Event] = [
        turn(1, 10, 12.5, 9, "clockwise", 13.1),
        turn(2, 14, 17, 8, "clockwise", 17.1),
        turn(3, 15.6, 17, 3, "clockwise", 17.1),
        turn(4, 22, 25, 5, "counterclockwise", 25.3),
        turn(5, 26, 28.8, 8, "clockwise", 29.3),
        turn(6, 32, 34, 6, "clockwise", 34),
        turn(1, 60, 63, 6, "clockwise", 63),
    ]
    score = judged(truth, events, "hip_circle")
    judge_with_auto(score, parse_truth(truth), [ExerciseRecognised("lunge", 11, 1.0, 15)])
    return score


def bridge() -> RecordingScore:
    """A bridge counted with 2 degrees too much, its hold 2 s short, and a hold while walking."""
    truth = {**BRIDGE, "reps": [{**BRIDGE["reps"][0], "rom_deg": 28}]}
    score = judged(truth, [replace(UP, decided_s=32.2), held(11, 29, verified=False), held(50, 75)])
    judge_with_auto(score, parse_truth(truth), [UP])
    return score


def knee() -> RecordingScore:
    """One of four holds, counted 2 degrees above the mean angle and 3 below the largest."""
    spans = [{"start_s": a, "end_s": b} for a, b in ((10, 40), (50, 80), (90, 110), (114, 118))]
    holds = [{**s, "rep": k, "thigh_deg": 95, "verified": k < 2, "target_s": 30} for k, s in enumerate(spans)]
    sets = [{"label": "set:knee_to_chest", "start_s": 5, "end_s": 119}]
    truth = {"exercise": "knee_to_chest", "kind": "kinematic", "holds": holds, "activities": sets}
    counted = HoldEnded("knee_to_chest", "left", 10, 40, 30, 30, 97, verified=True, decided_s=41, rom_sd_deg=1.0)
    return judged({**truth, "reps": [{**s, "rom_deg": 100} for s in spans]}, [counted], "knee_to_chest")


def test_every_wrong_count_stands_in_the_figures() -> None:
    """All of them, reckoned by hand."""
    (total,) = report([circles(), bridge(), knee()]).totals
    assert asdict(total) == pytest.approx(
        {
            "exercise": "all",
            "kind": "kinematic",
            "recordings": 3,
            "sets": 3,
            "sets_exact": 1,  # the bridge; six circles of five, one hold of four
            "sets_within_one": 2,
            "reps_required": 5 + 1 + 4,
            "reps_found": 4 + 1 + 1,
            "reps_false": 3,
            "precision": 6 / 9,
            "recall": 6 / 10,
            "f1": 12 / 19,
            "rom_mae_deg": (1 + 0 + 3 + 0 + 2 + 2) / 6,
            "rom_bias_deg": (1 + 0 - 3 + 0 + 2 + 2) / 6,
            "rom_scatter_deg": (1 + 0 + 3 + 0 + 0 + 0) / 6,
            "rom_peak_mae_deg": 3,
            "direction_accuracy": 3 / 4,
            "holds_required": 1 + 4,
            "holds_found": 2,
            "holds_false": 1,
            "hold_verdict_accuracy": 1 / 2,
            "hold_error_median_s": 1.0,  # of 2 and 0
            "hold_error_p90_s": 1.8,
            "false_outside_sets": 2,
            "false_per_min_outside_sets": 2 / ((88 + 96 + 6) / 60),
            "latency_median_s": 0.4,  # of 0.6, 0.1, 0.3, 0.5, 0.2 and 1.0
            "latency_p95_s": 0.9,
            "true_latency_median_s": 0.25,  # of 0.1, 0.1, 0.3, 0.3, 0.2 and 1.0
            "true_latency_p95_s": 0.825,
            "later_latency_median_s": 0.4,  # of 0.3 and 0.5
            "later_latency_p95_s": 0.49,
            "rom_within_uncertainty": 3 / 5,  # of the bridge nobody says it
            "auto_sets": 2,
            "auto_right": 1,
            "auto_wrong": 1,
        }
    )


def test_every_wrong_count_is_a_failure_with_its_cause() -> None:
    """Misses, then what was invented, then `auto`, recording by recording."""
    told = [(f.exercise, f.what, f.time_s, f.cause) for f in report([circles(), bridge(), knee()]).failures]
    assert told == [
        ("hip_circle", "direction", 22.0, "said counterclockwise, was clockwise"),
        ("hip_circle", "missed", 19.5, "nothing was seen"),
        ("hip_circle", "false", 16.3, "a full repetition counted twice"),
        ("hip_circle", "false", 33.0, "during an aborted repetition"),
        ("hip_circle", "false", 61.5, "no activity known"),
        ("hip_circle", "auto", 8.0, "lunge 13.6 s into the set"),
        ("hip_circle", "auto", 11.0, "taken for lunge: a full repetition counted twice"),
        ("hip_bridge", "verdict", 11.0, "said short after 18.0 s, was kept with 20.0 s of 20"),
        ("hip_bridge", "false hold", 50.0, "25.0 s, no activity known"),
        *[("knee_to_chest", "missed", middle_s, "nothing was seen") for middle_s in (65.0, 100.0, 116.0)],
    ]


def test_a_warning_of_the_sensor_does_not_explain_a_miss() -> None:
    """Only tracking that was lost does: under a warning counting went on."""
    faulty = TrackingLost(5.0, f"{Tracking.FAULTY} 3.0 m/s2 off", 5.0)
    slipped = TrackingLost(5.0, f"{Tracking.SLIPPED} by about 40 degrees", 5.0)
    causes = [judged(BRIDGE, [event]).failures[-1].cause for event in (faulty, slipped)]
    assert causes == ["tracking was lost", "nothing was seen"]


def test_what_is_counted_where_nothing_was_done_stands_in_the_figures() -> None:
    """Two counts in two minutes are one a minute, each thing asked for by itself; `auto` counts what it recognises."""
    nothing = parse_truth({"exercise": "none", "claimed": "hip_circle", "kind": "real"})
    twice: list[Event] = [turn(k, 20 * k, 20 * k + 3, 8, "clockwise", 20 * k + 3) for k in (1, 2)]
    recognised = ExerciseRecognised("lunge", 50.0, 1.0, 55.0)
    asked = judge("made", "made.csv", nothing, "hip_circle", twice, (0.0, 120.0))
    auto = judge_auto_negative("made", "made.csv", nothing, [recognised], (0.0, 120.0))
    said = report([asked, auto])
    assert [astuple(n) for n in said.negatives] == [
        ("auto", "real", 1, 2.0, 1, 0.5),
        ("hip_circle", "real", 1, 2.0, 2, 1.0),
    ]
    assert (said.totals, [f.what for f in said.failures]) == ([], ["false"] * 3)


def test_a_recording_lasts_once_whatever_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Two of two minutes, asked for one thing and for three, are four minutes and not eight."""
    nothing = parse_truth({"exercise": "none"})

    def asked(path: str, name: str) -> RecordingScore:
        if name == "auto":
            return judge_auto_negative(path, path, nothing, [], (0.0, 120.0))
        return judge(path, path, nothing, name, [turn(1, 20, 23, 8, "clockwise", 23)], (0.0, 120.0))

    scores = [asked("a", "lunge"), *(asked("b", name) for name in ("lunge", "hip_circle", "auto"))]
    print_report(report(scores))
    told = "nothing may be counted: 3 false counts in 4 minutes, each asked for 1 to 2 exercises and for auto"
    assert told in " ".join(capsys.readouterr().out.split())


def test_what_the_tables_say_is_named_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Two figures in one column say which two they are, and docs/data.md tells of every column."""
    print_report(report([judged(BRIDGE, [UP, held(11, 31)])]))
    said = capsys.readouterr().out
    assert re.search(r"decided, seconds .*\n *median, 95%", said)
    assert re.search(r"error, seconds *\n.* median, 90%", said)
    explained = (
        (Path(__file__).parents[1] / "docs" / "data.md").read_text("utf-8").split("tables of `coxa score` say")[1]
    )
    named = (
        "exact", "±1", "precision", "recall", "F1", "false / min", "auto right", "ROM error", "bias", "own bias out",
        "in 2 SD", "direction", "kept or short rightly said", "its end", "true end", "from the 4th on",
    )  # fmt: skip
    assert [name for name in named if name not in explained] == []


def test_blocks_are_judged_by_their_number() -> None:
    """Where nobody knows when each repetition was: one too few, one too many, one between the blocks."""
    blocks = [{"kind": kind, "start_s": s, "end_s": s + 20, "reps": 3} for kind, s in (("slow", 10), ("fast", 50))]
    starts = (12, 16, 40, 52, 56, 60, 64)
    events: list[Event] = [turn(k, s, s + 2, 8, "clockwise", s + 2) for k, s in enumerate(starts, 1)]
    said = report([judged({"exercise": "hip_circle", "kind": "real", "blocks": blocks}, events, "hip_circle")])
    (total,) = said.totals
    assert (total.sets, total.sets_exact, total.sets_within_one) == (2, 0, 2)
    assert (total.reps_required, total.reps_found, total.reps_false, total.false_outside_sets) == (6, 5, 2, 1)
    assert [f.cause for f in said.failures] == ["2 of 3 in block 'slow'", "4 of 3 in block 'fast'"]


@pytest.mark.parametrize("kind", ["lab [/x]", "lab [a] one", "[2mfoo"])
def test_a_kind_is_printed_as_it_stands(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    """Brackets in the words of whoever made a recording are no markup, in a headline or above a column."""
    nothing = {"exercise": "none", "kind": kind}
    print_report(report([judged(BRIDGE | {"kind": kind}, [UP, held(11, 31)]), judged(nothing, [])]))
    assert capsys.readouterr().out.count(kind) == 2


def test_a_folder_that_cannot_be_searched_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its recordings would be missing from the figures, and a folder full of them be called empty."""
    (tmp_path / "locked").mkdir()
    real = os.scandir

    def scandir(place: str) -> Any:
        if Path(place).name == "locked":
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return real(place)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(RecordingError, match=r"locked: cannot be searched \(Permission denied\)"):
        find_recordings([tmp_path])


def test_a_run_tells_what_is_wrong_in_a_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`coxa score --json`, from a recording whose truth was changed to the last key of what programs read."""
    name = "lateral_leg_raise_11"
    truth = json.loads((OWN / f"{name}.truth.json").read_text())
    full = [r for r in truth["reps"] if r["required"]]
    full[0]["kind"], full[0]["required"] = "aborted", False
    truth["reps"].append({"start_s": truth["activities"][-1]["end_s"], "end_s": truth["activities"][-1]["end_s"] + 3})
    (tmp_path / f"{name}.truth.json").write_text(json.dumps(truth))
    shutil.copy(OWN / f"{name}.csv.gz", tmp_path)
    run([tmp_path], None, as_json=True, plots=None, workers=1)
    said = json.loads(capsys.readouterr().out)
    assert list(said) == ["recordings", "exercises", "totals", "negatives", "broken", "failures"]
    (exercise,), (total,) = said["exercises"], said["totals"]
    assert exercise == {**total, "exercise": "lateral_leg_raise"}
    assert list(total) == [f.name for f in fields(Figures)]
    assert (total["reps_required"], total["reps_found"], total["reps_false"]) == (len(full), len(full) - 1, 1)
    assert [f["what"] for f in said["failures"]] == ["missed", "false"]
    assert said["recordings"][0]["failures"] == said["failures"]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_broken_recording_costs_no_other_its_score(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], workers: int
) -> None:
    """It is named with its row, the other one stands in the figures, and the run ends with an error."""
    name = "lateral_leg_raise_11"
    for file in (f"{name}.csv.gz", f"{name}.truth.json"):
        shutil.copy(OWN / file, tmp_path)
    (tmp_path / "broken.csv").write_text("t_s,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s\n0,0,0,up,0,0,0\n")
    shutil.copy(OWN / f"{name}.truth.json", tmp_path / "broken.truth.json")
    with pytest.raises(RecordingError, match=r"^1 of 2 recordings cannot be read; the figures are of the others$"):
        run([tmp_path], None, as_json=True, plots=None, workers=workers)
    told = capsys.readouterr()
    said = json.loads(told.out)
    assert [r["recording"] for r in said["recordings"]] == [name]
    (line,) = said["broken"]
    assert line.endswith("broken.csv: row 2, column az_m_s2: found 'up', expected a finite number")
    assert told.err == f"coxa: {line}\n"

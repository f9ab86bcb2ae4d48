"""What is exported comes back, hides what it must, and is whole or not there."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pyarrow.dataset as ds
import pytest
from garmin_fit_sdk import Decoder, Stream

from coxa.analysis.export import fhir, fit, tables
from coxa.analysis.export.anonymous import anonymous
from coxa.analysis.export.motion_bids import write_motion_bids
from coxa.analysis.export.own import only_export
from coxa.analysis.load import LogFrames, load
from coxa.cli.export import ExportRequest, run
from coxa.host.errors import LogError, SpecError
from coxa.host.events import Event, RepCompleted, RepRejected
from coxa.host.log.tables import SAMPLE_TYPES
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track
from coxa.host.routine import SetPlan
from tests.helpers import coxa
from tests.helpers_log import KINDS, rep
from tests.helpers_log import write as written
from tests.helpers_recorded import write


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with one simulated session."""
    folder = tmp_path_factory.mktemp("export") / "log"
    write(folder)
    return folder


@pytest.fixture(scope="module")
def frames(log: Path) -> LogFrames:
    return load(str(log))


def test_parquet_comes_back_equal(frames: LogFrames, tmp_path: Path) -> None:
    """Values and types of all four tables."""
    tables.write_parquet(frames, tmp_path)
    back = tables.read_parquet(tmp_path)
    for name in tables.NAMES:
        true = getattr(frames, name)
        empty = [c for c in true if isinstance(true[c].dtype, pd.CategoricalDtype) and true[c].isna().all()]
        pd.testing.assert_frame_equal(getattr(back, name).drop(columns=empty), true.drop(columns=empty))


@pytest.mark.parametrize("table", tables.NAMES)
def test_parquet_of_several_logs_is_read_as_one(tmp_path: Path, table: str) -> None:
    """Whatever is in them and whichever comes first: a log in which nothing was rejected has the same types."""
    for day, events in enumerate(KINDS, 1):
        written(tmp_path / "log" / str(day), day, events)
        (tmp_path / str(day)).mkdir()
        tables.write_parquet(load(str(tmp_path / "log" / str(day))), tmp_path / str(day))
    files = [str(file) for file in tmp_path.glob(f"?/{table}.parquet")]
    rows = sum(len(pd.read_parquet(file)) for file in files)
    assert {len(ds.dataset(list(order)).to_table()) for order in permutations(files)} == {rows}


def test_csv_comes_back_equal(frames: LogFrames, tmp_path: Path) -> None:
    """Every number of the repetitions to the last digit."""
    tables.write_csv(frames, tmp_path)
    back = pd.read_csv(tmp_path / "reps.csv")
    assert len(back) == len(frames.reps) > 0
    for column in ("start_s", "peak_s", "end_s", "rom_deg", "rom_sd_deg"):
        assert back[column].tolist() == pytest.approx(frames.reps[column].tolist(), abs=0.0, nan_ok=True)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1"])
def test_no_text_is_a_formula_where_a_spreadsheet_opens_it(text: str, tmp_path: Path) -> None:
    """CSV and TSV have a ' before it; a text that has such signs within, numbers, and Parquet are as they are."""
    rejected = RepRejected("lunge", "right", 10.0, 11.0, text, -1.0, -2.0, "deg", 12.0)
    written(tmp_path, 1, [rejected, replace(rejected, reason="a=1", start_s=20.0)], person=text, packets=[b""])
    frames = load(str(tmp_path))
    tables.write_csv(frames, tmp_path)
    tables.write_parquet(frames, tmp_path)
    sessions, reps = (pd.read_csv(tmp_path / f"{name}.csv", dtype=str) for name in ("sessions", "reps"))
    assert sessions["person"].tolist() == [f"'{text}"]
    assert reps["reason"].tolist() == [f"'{text}", "a=1"]
    assert reps["measured"].tolist() == ["-1.0", "-1.0"]
    assert tables.read_parquet(tmp_path).reps["reason"].tolist() == [text, "a=1"]
    folder = next((tmp_path / "sessions").glob("*/*"))
    pd.DataFrame({c: [0.0, 0.01] for c in SAMPLE_TYPES}).astype(SAMPLE_TYPES).to_parquet(folder / "samples.parquet")
    (tmp_path / "bids").mkdir()
    write_motion_bids(frames, tmp_path / "bids", hide=False, tell=print)
    tsv = {p.name.rpartition("_")[2]: pd.read_csv(p, sep="\t", dtype=str) for p in tmp_path.glob("bids/**/*s.tsv")}
    assert tsv["participants.tsv"]["person"].tolist() == [f"'{text}"]
    assert f"'{text}" in tsv["events.tsv"].to_numpy()


def test_fit_of_a_session_that_does_not_say_how_long_it_was(frames: LogFrames) -> None:
    """It lasts until its last set ended."""
    session = frames.sessions.assign(duration_s=float("nan")).iloc[0]
    data = fit.session_fit(session, frames.sets)
    told = cast(dict[str, Any], Decoder(Stream.from_byte_array(bytearray(data))).read()[0])
    last_s = frames.sets["end_s"].max() - session["began_s"]
    assert told["session_mesgs"][0]["total_elapsed_time"] == pytest.approx(last_s, abs=0.001)


def test_fit_tells_the_sets(frames: LogFrames) -> None:
    """The vendor's own decoder reads the sets with their repetitions and finds no error."""
    session = frames.sessions.iloc[0]
    data = fit.session_fit(session, frames.sets)
    decoder = Decoder(Stream.from_byte_array(bytearray(data)))
    assert decoder.check_integrity()
    told, errors = Decoder(Stream.from_byte_array(bytearray(data))).read()
    assert errors == []
    messages = cast(dict[str, Any], told)
    true = frames.sets["reps"].where(frames.sets["reps"] > 0, frames.sets["holds"])
    assert [m["repetitions"] for m in messages["set_mesgs"]] == true.tolist()
    begun = [(m["start_time"] - session["started_at"].to_pydatetime()).total_seconds() for m in messages["set_mesgs"]]
    assert begun == pytest.approx((frames.sets["start_s"] - session["began_s"]).tolist(), abs=1.0)
    (whole,), (lap,) = messages["session_mesgs"], messages["lap_mesgs"]
    assert (whole["sport"], whole["first_lap_index"], whole["num_laps"]) == ("training", 0, 1)
    assert [lap[k] for k in ("start_time", "timestamp")] == [whole[k] for k in ("start_time", "timestamp")]
    assert lap["total_elapsed_time"] == whole["total_elapsed_time"] > 0.0


def test_fhir_has_no_range_of_a_set_that_was_none(frames: LogFrames) -> None:
    """A person corrected it to 0: what moved there was another movement, and no exercise was done."""
    none = replace(frames, sets=frames.sets.assign(reps_corrected=pd.array([0] * len(frames.sets), dtype="Int32")))
    assert fhir.bundle(none)["entry"] == []


def test_a_set_that_was_none_is_no_exercise_done(tmp_path: Path) -> None:
    """Neither in FHIR nor in FIT, where the others keep their times; a session of such sets alone is no activity."""
    written(tmp_path / "log", 1)
    frames = load(str(tmp_path / "log"))
    session = frames.sessions.assign(began_s=float("nan")).iloc[0]
    first = frames.sets.assign(reps_corrected=pd.array([0, None, None], dtype="Int32"))
    entries = fhir.bundle(replace(frames, sets=first))["entry"]
    assert [e["resource"]["id"][-1] for e in entries] == ["1", "2"]
    told = cast(dict[str, Any], Decoder(Stream.from_byte_array(bytearray(fit.session_fit(session, first)))).read()[0])
    begun = [(m["start_time"] - session["started_at"].to_pydatetime()).total_seconds() for m in told["set_mesgs"]]
    assert begun == pytest.approx([20.0, 30.0], abs=1.0)
    none = frames.sets.assign(reps_corrected=pd.array([0, 0, 0], dtype="Int32"))
    with pytest.raises(LogError, match="nothing to export"):
        fit.write_fit(replace(frames, sets=none), tmp_path)


def test_fit_counts_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A session in which nothing was seen has no file, and is not among those that are told."""
    for day, events in enumerate(KINDS, 1):
        written(tmp_path / "log", day, events)
    run(ExportRequest("fit", tmp_path / "out", anonymous=True, log=str(tmp_path / "log")))
    assert len(list((tmp_path / "out").iterdir())) == 3
    assert capsys.readouterr().out.startswith("3 sessions in")


def test_fhir_has_no_range_that_one_sensor_cannot_see(frames: LogFrames) -> None:
    """A hamstring stretch has no depth of the thigh's, as report and trends say."""
    stretch = pd.Categorical(["hamstring_stretch"] * len(frames.sets))
    assert "thigh-elevation" not in json.dumps(fhir.bundle(replace(frames, sets=frames.sets.assign(exercise=stretch))))


def test_fhir_calls_no_tilt_a_range(tmp_path: Path) -> None:
    """Of circles the mean tilt is measured, of holds the mean while held: neither has the code of a range."""
    written(tmp_path, 1)
    entries = fhir.bundle(load(str(tmp_path)))["entry"]
    angles = [c["code"]["coding"][0]["code"] for e in entries for c in e["resource"]["component"]]
    assert [a for a in angles if a.startswith("thigh")] == ["thigh-elevation", "thigh-tilt", "thigh-elevation-held"]


def test_fhir_tells_what_was_done_and_that_it_is_simulated(frames: LogFrames) -> None:
    """One observation a set, codes with their systems, units of UCUM, the mark of simulated data."""
    entries = json.loads(json.dumps(fhir.bundle(frames)))["entry"]
    assert len(entries) == len(frames.sets)
    one = entries[0]["resource"]
    assert one["meta"]["tag"][0]["code"] == "simulated"
    values = {c["code"]["coding"][0]["code"]: c["valueQuantity"] for c in one["component"]}
    assert values["repetitions"]["value"] == frames.sets["reps_valid"].iloc[0]
    assert values["thigh-elevation"]["unit"] == "deg"
    began = pd.Timestamp(one["effectiveDateTime"]) - frames.sessions["started_at"].iloc[0]
    true_s = frames.sets["start_s"].iloc[0] - frames.sessions["began_s"].iloc[0]
    assert began.total_seconds() == pytest.approx(true_s, abs=0.001)
    counted = frames.reps[frames.reps["counted"] & (frames.reps["set_index"] == 0)]
    assert values["thigh-elevation"]["value"] == pytest.approx(counted["rom_deg"].median(), abs=0.05)


@pytest.mark.parametrize(
    ("flexion_deg", "abduction_deg", "motion"),
    [
        (40.0, 5.0, ["Flexion"]),
        (-20.0, -8.0, ["Extension"]),
        (6.0, 35.0, ["Abduction"]),
        (6.0, -35.0, []),
        (None, None, []),
        (40.0, None, []),
    ],
)
def test_fhir_says_which_way_a_leg_was_raised(
    tmp_path: Path, flexion_deg: float | None, abduction_deg: float | None, motion: list[str]
) -> None:
    """Forward, back or sideways, as it was measured: no motion is claimed where that is not known."""
    raises: list[Event] = [
        replace(rep(k, 10.0 * k, "leg_raise"), flexion_deg=flexion_deg, abduction_deg=abduction_deg) for k in (1, 2, 3)
    ]
    written(tmp_path, 1, raises)
    (entry,) = fhir.bundle(load(str(tmp_path)))["entry"]
    coded = [c["code"]["coding"] for c in entry["resource"]["component"]]
    assert [c["display"] for codes in coded for c in codes if c["system"] == fhir.SNOMED] == motion


@pytest.mark.parametrize("person", ["Ann", None])
def test_fhir_says_who_it_was(frames: LogFrames, person: str | None) -> None:
    """Each observation names its person where the session does, so that several people's can be told apart."""
    named = replace(frames, sessions=frames.sessions.assign(person=pd.array([person], dtype="string")))
    told = {json.dumps(e["resource"].get("subject")) for e in fhir.bundle(named)["entry"]}
    assert told == {json.dumps(person and {"display": person})}


def test_holds_are_told_as_holds(tmp_path: Path) -> None:
    """A set of a hold exercise says how many holds it had, how many were kept, and how far the thigh went."""
    write(tmp_path, plan=(SetPlan("knee_to_chest", hold_target_s=12.0),), name="knee_to_chest")
    frames = load(str(tmp_path))
    (made,) = (row for _, row in frames.sets.iterrows())
    assert made["holds"] > 0
    (entry,) = json.loads(json.dumps(fhir.bundle(frames)))["entry"]
    values = {c["code"]["coding"][0]["code"]: c["valueQuantity"]["value"] for c in entry["resource"]["component"]}
    assert values["holds"] == made["holds"]
    assert values["holds-kept"] == made["verified_holds"]
    assert values["thigh-elevation-held"] == pytest.approx(frames.holds["rom_deg"].median(), abs=0.05)
    watch = fit.session_fit(frames.sessions.iloc[0], frames.sets)
    told = cast(dict[str, Any], Decoder(Stream.from_byte_array(bytearray(watch))).read()[0])
    assert [m["repetitions"] for m in told["set_mesgs"]] == [made["holds"]]


def test_recordings_go_out_as_they_come_in(
    log: Path, frames: LogFrames, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A session's CSV, counted as any other, has the repetitions of the session's table; no mark is promised."""
    run(ExportRequest("recordings", tmp_path / "out", log=str(log)))
    assert "marked" not in capsys.readouterr().out
    session_id = frames.sessions["session_id"].iloc[0]
    items = read_csv(tmp_path / "out" / f"{session_id}.csv.gz")
    counted = [e for e in track(items, "lateral_leg_raise") if isinstance(e, RepCompleted)]
    known = frames.reps[frames.reps["counted"]]
    assert [e.peak_s for e in counted] == pytest.approx(known["peak_s"].tolist(), abs=0.05)
    assert [e.rom_deg for e in counted] == pytest.approx(known["rom_deg"].tolist(), abs=0.5)


def test_anonymous_recordings_have_no_names_and_no_clock(log: Path, frames: LogFrames, tmp_path: Path) -> None:
    """They are called and timed as the rows of anonymous tables."""
    run(ExportRequest("recordings", tmp_path / "out", anonymous=True, log=str(log)))
    hidden = anonymous(frames)
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == f"{hidden.sessions['session_id'].iloc[0]}.csv.gz"
    first = pd.read_csv(path)["t_s"].iloc[0]
    assert first == pytest.approx(hidden.sessions["began_s"].iloc[0], abs=1e-5)


def test_anonymous_tells_nobody(frames: LogFrames) -> None:
    """No id, name, address, folder or date of the log is left in any table."""
    hidden = anonymous(frames)
    text = " ".join(getattr(hidden, name).to_csv() for name in tables.NAMES)
    session = frames.sessions.iloc[0]
    for telling in (session["session_id"], session["folder"], str(session["started_at"])[:10]):
        assert str(telling) not in text
    assert hidden.sessions["session_id"].tolist() == ["s0001"]
    assert hidden.reps["rom_deg"].equals(frames.reps["rom_deg"])


def test_anonymous_has_no_clock_and_no_words_of_the_users_own(frames: LogFrames, tmp_path: Path) -> None:
    """A sensor that stamps seconds since 2000, a person's name, an own exercise's name: gone from every format's bytes.

    Durations and who did what stay.
    """
    since_2000_s = 848_000_000.0
    days = frames.sessions.assign(person="Ann Example", sensor_name="Ann's sensor")
    days["began_s"] += since_2000_s
    reps, holds, sets = (_own_and_late(f, since_2000_s) for f in (frames.reps, frames.holds, frames.sets))
    hidden = anonymous(LogFrames(days, sets, reps, holds))
    tables.write_parquet(hidden, tmp_path)
    tables.write_csv(hidden, tmp_path)
    fit.write_fit(hidden, tmp_path)
    (tmp_path / "all.json").write_text(json.dumps(fhir.bundle(hidden)))
    files = sorted(tmp_path.iterdir())
    assert {f.suffix for f in files} == {".csv", ".fit", ".json", ".parquet"}
    for file in files:
        for telling in (b"Ann", b"secret_move", b"8480", str(tmp_path).encode(), b"2026-"):
            assert telling not in file.read_bytes(), (file.name, telling)
    back = tables.read_parquet(tmp_path)
    assert back.sessions["person"].tolist() == ["p001"]
    assert back.reps["start_s"].min() == 0.0
    lengths = [(f["end_s"] - f["start_s"]).tolist() for f in (back.reps, frames.reps)]
    assert lengths[0] == pytest.approx(lengths[1], abs=1e-6)
    assert set(back.reps["exercise"].dropna()) == {"own_1"}
    (watch,) = tmp_path.glob("*.fit")
    told, errors = Decoder(Stream.from_byte_array(bytearray(watch.read_bytes()))).read()
    assert errors == []
    assert cast(dict[str, Any], told)["session_mesgs"][0]["start_time"].year < 1992


def _own_and_late(frame: pd.DataFrame, offset_s: float) -> pd.DataFrame:
    """The same rows on a clock that began long ago, of an exercise that its user named."""
    moved = frame.assign(**{c: frame[c] + offset_s for c in frame if c in ("start_s", "peak_s", "end_s", "decided_s")})
    return moved.assign(exercise=pd.Categorical(["secret_move"] * len(moved), ["secret_move"]))


DESCRIPTION = '{"GeneratedBy": [{"Name": "%s"}]}'


@pytest.mark.parametrize(
    ("files", "own"),
    [
        ({}, True),
        ({"sessions.csv": "", "reps.csv": ""}, True),
        ({"sessions.csv": "", "thesis.csv": ""}, False),
        ({"20261101T080000-aaaaaa.fit": "", "s0001.fit": ""}, True),
        ({"20261101T080000-aaaaaa.fit": "", "notes.txt": ""}, False),
        ({"2026-ride.fit": ""}, False),
        ({"dataset_description.json": DESCRIPTION % "coxa", "sub-01/x.tsv": ""}, True),
        ({"dataset_description.json": DESCRIPTION % "coxa", "derivatives/x.tsv": ""}, False),
        ({"dataset_description.json": DESCRIPTION % "others", "sub-01/x.tsv": ""}, False),
        ({"dataset_description.json": "[]"}, False),
        ({"sub-01/x.tsv": ""}, False),
    ],
)
def test_only_what_coxa_wrote_is_replaced(tmp_path: Path, files: dict[str, str], own: bool) -> None:
    """A folder with a file of a watch's, a table more or another dataset in it is no export."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert only_export(tmp_path) == own


@pytest.mark.parametrize("kind", ["csv", "parquet", "recordings", "fit", "motion-bids"])
def test_what_an_export_writes_is_an_export(log: Path, tmp_path: Path, kind: str) -> None:
    """Each may be replaced by the next."""
    for _ in range(2):
        run(ExportRequest(kind, tmp_path / "out", force=True, log=str(log)))
    assert only_export(tmp_path / "out")


def test_the_command_is_whole_or_nothing(log: Path, tmp_path: Path) -> None:
    """It never overwrites unasked, nor what is no export; a place that cannot be is one line and status 2."""

    def export(*words: str) -> subprocess.CompletedProcess[str]:
        return coxa("export", *words, COXA_LOG=str(log))

    assert export("csv", "--to", str(tmp_path / "out")).returncode == 0
    again = export("csv", "--to", str(tmp_path / "out"))
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    assert export("csv", "--to", str(tmp_path / "out"), "--force").returncode == 0
    (tmp_path / "file").write_text("x")
    blocked = export("csv", "--to", str(tmp_path / "file" / "below"))
    assert (blocked.returncode, len(blocked.stderr.splitlines())) == (2, 1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    mine = export("csv", "--to", str(tmp_path / "mine"), "--force")
    assert (mine.returncode, len(mine.stderr.splitlines())) == (2, 1)
    assert (tmp_path / "mine" / "thesis.txt").exists()
    assert "known are csv" in export("xml", "--to", str(tmp_path / "y")).stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "mine", "out"]


def test_an_empty_name_of_a_session_is_not_every_session(tmp_path: Path) -> None:
    """`--session ""`, as from a script whose variable is empty: refused, nothing written."""
    write(tmp_path / "log", packets=30)
    with pytest.raises(SpecError, match="names no session"):
        run(ExportRequest("csv", tmp_path / "out", session="", log=str(tmp_path / "log")))
    assert not (tmp_path / "out").exists()


def test_a_session_that_is_left_out_is_said_to_be(tmp_path: Path) -> None:
    """A damaged one is no error of the export, which is made of the others."""
    for day in (1, 2):
        bad = written(tmp_path / "log", day)
    (bad / "session.json").write_text("{")
    done = coxa("export", "csv", "--to", str(tmp_path / "tables"), "--log", str(tmp_path / "log"))
    assert (done.returncode, done.stdout.count("1 session")) == (0, 1)
    assert f"left out: {bad}: session.json is damaged" in done.stderr

"""A new exercise from one recorded set, and a new entry written by hand as docs/adding-an-exercise.md shows."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from coxa.cli import teach
from coxa.host.errors import LogError, RecordingError, SpecError
from coxa.host.events import HoldEnded, RepCompleted
from coxa.host.exercises import spec as library_module
from coxa.host.exercises.spec import add_own, parse_spec
from coxa.host.replay.csv_file import read_csv, write_csv
from coxa.host.replay.run import larger, track
from coxa.host.teach import learn
from tests.helpers import coxa, decoded, joined, scenario, tilted

DOC = Path(__file__).parents[1] / "docs" / "adding-an-exercise.md"


@pytest.fixture(autouse=True)
def _forget_own() -> Iterator[None]:
    yield
    library_module._own.clear()


@pytest.mark.parametrize("name", ["leg_raise_supine", "lateral_leg_raise", "hip_bridge", "lunge"])
def test_what_was_taught_counts_another_persons_set(name: str) -> None:
    """Learned from one simulated person, right within one for the next three; nothing in everyday movement."""
    lesson = learn("taught", larger(decoded(scenario(name, 31))), "set.csv")
    add_own(lesson.spec)
    for seed in (32, 33, 34):
        made = scenario(name, seed)
        done = sum(r["required"] for r in made.truth["reps"])
        counted = sum(isinstance(e, RepCompleted | HoldEnded) for e in track(decoded(made), "taught"))
        assert abs(counted - done) <= 1
    everyday = track(decoded(scenario("negative", 31)), "taught")
    assert not [e for e in everyday if isinstance(e, RepCompleted | HoldEnded)]


def test_the_rest_pose_is_not_the_top(recordings: Path) -> None:
    """A raise on the back is learned from the flat leg: seen from the top, going down and up repeats as well."""
    path = recordings / "kinematic" / "leg_raise_2.csv.gz"
    lesson = learn("taught", read_csv(path), str(path))
    assert lesson.tilt_deg == pytest.approx(90.0, abs=10.0)
    assert len(lesson.reps) == 7
    assert lesson.spec.start[0].direction == "up"


def test_a_taught_entry_is_an_entry() -> None:
    """What teach writes, the library reads back as the same."""
    import tomli_w

    lesson = learn("taught", decoded(scenario("leg_raise_supine", 31)), "set.csv")
    assert parse_spec(tomli_w.dumps(lesson.entry()), "taught.toml") == lesson.spec


def test_no_set_no_lesson() -> None:
    """Too few like movements: what was found and what is needed."""
    with pytest.raises(RecordingError, match="5 are needed"):
        learn("taught", decoded(scenario("hip_circle", 11)), "set.csv")


def test_built_in_names_keep_their_meaning() -> None:
    """A lesson cannot take the place of a built-in exercise."""
    lesson = learn("lunge", decoded(scenario("leg_raise_supine", 31)), "set.csv")
    with pytest.raises(SpecError, match="'lunge': the name is taken"):
        add_own(lesson.spec)


def test_the_command_teaches_keeps_and_uses(tmp_path: Path) -> None:
    """`coxa teach` tells what it learned, and the exercise is there afterwards."""
    write_csv(tmp_path / "set.csv", joined(decoded(scenario("leg_raise_supine", 31))))
    (tmp_path / "own").mkdir()

    def own(*words: str) -> subprocess.CompletedProcess[str]:
        return coxa(*words, COXA_EXERCISES=str(tmp_path / "own"))

    taught = own("teach", "my_raise", "--recording", str(tmp_path / "set.csv"))
    assert taught.returncode == 0, taught.stderr
    assert "leg_raise" in taught.stdout
    assert "my_raise" in own("exercises").stdout
    counted = own("replay", str(tmp_path / "set.csv"), "--exercise", "my_raise", "--jsonl")
    assert '"exercise": "my_raise"' in counted.stdout
    (tmp_path / "mine.toml").write_text('[[step]]\nexercise = "my_raise"\nreps = 5\n')
    demo = own("demo", "--fast", "--routine", str(tmp_path / "mine.toml"), "--log", str(tmp_path / "log"))
    assert (demo.returncode, "cannot do 'my_raise'" in demo.stderr) == (2, True)
    assert len(demo.stderr.splitlines()) == 1
    again = own("teach", "my_raise", "--recording", str(tmp_path / "set.csv"))
    assert (again.returncode, "--force" in again.stderr) == (2, True)


def test_an_exercise_that_does_not_count_its_own_recording_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Kicks are learned, but as sudden as steps are: what is told to count is what counts, and why not more."""
    knots = [(0.0, 0.0), (4.0, 0.0)]
    for _ in range(6):
        t_s = knots[-1][0]
        knots += [(t_s + 0.35, 30.0), (t_s + 0.7, 0.0), (t_s + 3.2, 0.0)]
    write_csv(tmp_path / "set.csv", tilted([*knots, (knots[-1][0] + 2.0, 0.0)]))
    monkeypatch.setattr(teach, "OTHERS", ())
    monkeypatch.setenv("COXA_EXERCISES", str(tmp_path))
    monkeypatch.setattr("coxa.host.exercises.spec._own", {})
    teach.run("kick", tmp_path / "set.csv", force=False)
    said = " ".join(capsys.readouterr().out.split())
    assert "kick learned from 6 repetitions" in said
    assert "only 0 of the 6 repetitions that it was learned from count" in said
    assert "too sudden (6 times)" in said
    assert "Well told apart" not in said


def test_what_the_recording_is_mistaken_for_is_told_though_a_simulated_person_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The recorded set counts as another exercise, whose simulated set does not count as the new one: that suffices."""
    write_csv(tmp_path / "set.csv", joined(decoded(scenario("lateral_leg_raise", 3))))

    def shown(name: str) -> dict[str, int]:
        assert name == "side_kick"
        return {"lateral_leg_raise": 0, "everyday movement": 0}

    monkeypatch.setattr(teach, "_elsewhere", shown)
    monkeypatch.setenv("COXA_EXERCISES", str(tmp_path))
    teach.run("side_kick", tmp_path / "set.csv", force=False)
    said = " ".join(capsys.readouterr().out.split())
    assert re.search(r"Not told apart from [^:]*lateral_leg_raise", said)


def test_a_folder_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is learned for a minute and then lost."""
    write_csv(tmp_path / "set.csv", joined(decoded(scenario("lateral_leg_raise", 3))))

    def denied(folder: Path) -> bool:
        return folder != tmp_path

    monkeypatch.setenv("COXA_EXERCISES", str(tmp_path))
    monkeypatch.setattr(teach, "may_write", denied)
    with pytest.raises(LogError, match="no right to write there; COXA_EXERCISES"):
        teach.run("side_kick", tmp_path / "set.csv", force=False)
    assert capsys.readouterr().out == ""


def test_an_exercise_is_replaced_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files of one name would stop every command: a renamed one is found, and replaced only if asked."""
    write_csv(tmp_path / "set.csv", joined(decoded(scenario("lateral_leg_raise", 3))))
    monkeypatch.setattr(teach, "OTHERS", ())
    monkeypatch.setenv("COXA_EXERCISES", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    teach.run("side_kick", tmp_path / "set.csv", force=False)
    renamed = (tmp_path / "own" / "side_kick.toml").rename(tmp_path / "own" / "kick.toml")
    with pytest.raises(SpecError, match=r"kick\.toml is there already"):
        teach.run("side_kick", tmp_path / "set.csv", force=False)
    before = renamed.stat().st_mtime_ns
    teach.run("side_kick", tmp_path / "set.csv", force=True)
    assert [p.name for p in (tmp_path / "own").iterdir()] == ["kick.toml"]
    assert renamed.stat().st_mtime_ns > before


def test_the_ninth_exercise_of_the_docs_works() -> None:
    """The entry that the page shows is read, and counts what the page says."""
    blocks = re.findall(r"```toml\n(.*?)```", DOC.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 1
    own = parse_spec(blocks[0], str(DOC))
    add_own(own)
    made = scenario("leg_raise_prone", 31)
    done = sum(r["required"] for r in made.truth["reps"])
    assert sum(isinstance(e, RepCompleted) for e in track(decoded(made), own.name)) == done
    assert not [e for e in track(decoded(scenario("leg_raise_supine", 31)), own.name) if isinstance(e, RepCompleted)]


def test_an_exercise_that_cannot_be_kept_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing half-written lies among the user's exercises, and what to do is said."""
    write_csv(tmp_path / "set.csv", joined(decoded(scenario("lateral_leg_raise", 3))))
    monkeypatch.setattr(teach, "OTHERS", ())
    monkeypatch.setenv("COXA_EXERCISES", str(tmp_path / "own"))
    (tmp_path / "own" / "my_kick.toml").mkdir(parents=True)
    with pytest.raises(LogError, match="COXA_EXERCISES names another folder"):
        teach.run("my_kick", tmp_path / "set.csv", force=True)
    assert [p.name for p in (tmp_path / "own").iterdir()] == ["my_kick.toml"]

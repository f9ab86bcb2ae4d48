"""The command as users and scripts call it."""

from __future__ import annotations

import itertools
import json
from itertools import chain
from pathlib import Path

import pytest

from coxa.cli import commands
from tests.helpers import coxa_wide

ROOT = Path(__file__).parents[1]


def test_every_command_has_help_and_stands_in_the_readme() -> None:
    """Nothing is undocumented."""
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in chain(*commands.PANELS.values()):
        assert command.__doc__
        assert f"coxa {command.__name__}" in readme, command.__name__


@pytest.mark.parametrize("command", [c.__name__ for c in chain(*commands.PANELS.values())])
def test_help_teaches_by_example_and_fits_any_width(command: str) -> None:
    """Each command's help shows how it is called, and a paragraph breaks only for want of room."""
    told = coxa_wide(command, "--help").stdout  # 160 columns
    assert "Example: `coxa " in told
    assert "**" not in told
    prose = told.split("╭")[0].splitlines()
    for above, below in itertools.pairwise(prose):
        if above.strip() and below.strip() and not above.strip().startswith("Usage:"):
            assert len(above.rstrip()) + 1 + len(below.split()[0]) > 158, above


def test_jsonl_prints_events_and_nothing_else(raises_csv: Path) -> None:
    """Each line of standard output is an event; several files add `recording`."""
    one = coxa_wide("replay", str(raises_csv), "--exercise", "lateral_leg_raise", "--side", "left", "--jsonl")
    assert one.returncode == 0
    events = [json.loads(line) for line in one.stdout.splitlines()]
    assert {"rep_completed"} <= {e["type"] for e in events}
    assert all(e["side"] == "left" for e in events if "side" in e)
    two = coxa_wide("replay", str(raises_csv), str(raises_csv), "--exercise", "lateral_leg_raise", "--jsonl")
    assert {json.loads(line)["recording"] for line in two.stdout.splitlines()} == {str(raises_csv)}


def test_auto_that_recognises_nothing_says_what_to_do(raises_csv: Path, tmp_path: Path) -> None:
    """A recording that begins in the midst of a set: '0 repetitions' alone would look like a judgement."""
    rows = raises_csv.read_text().splitlines()
    (tmp_path / "part.csv").write_text("\n".join([rows[0], *rows[2000:2400]]) + "\n")
    done = coxa_wide("replay", str(tmp_path / "part.csv"), "--exercise", "auto")
    assert done.returncode == 0
    assert "0 repetitions counted" in done.stdout
    assert "name it with --exercise" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["replay", "nowhere.csv", "--exercise", "lunge"], "no such file"),
        (["replay", "RECORDING"], "--exercise"),
        (["replay", "RECORDING", "--exercise", "lunges"], "did you mean 'lunge'"),
        (["replay", "RECORDING", "--exercise", "Hip-Bridge"], "did you mean 'hip_bridge'"),
        (["replay", "RECORDING", "--exercise", "lunge", "--column", "x=AccX"], "found 'x=AccX'"),
        (["sensors", "WitMotio"], "did you mean 'witmotion'"),
        (["score", "RECORDING"], "no truth beside it"),
        (["replay", "RECORDING", "--exercise", "lunge", "--side", "both"], "left or right"),
        (["replay", "last", "--side", "left"], "--side changes nothing"),
        (["replay", "last", "--hold-target-s", "9"], "--hold-target-s changes nothing"),
        (
            ["replay", "RECORDING", "--exercise", "knee_to_chest", "--hold-target-s", "3"],
            "at least 4 for 'knee_to_chest'",
        ),
        (["replay", "RECORDING", "--exercise", "lunge", "--accel-unit", "lb"], "--accel-unit"),
        (["show", "nothing-such"], "no session 'nothing-such'"),
        (["show", "last"], "no session yet"),
        (["exercises", "squat"], "no exercise 'squat'"),
        (["score", "nowhere"], "no such file"),
        (["live", "--exercise", "lunge", "--voice", "quiet", "--hci", "tcp-client:127.0.0.1:1"], "coxa demo"),
        (["scan", "--hci", "tcp-client:127.0.0.1:1"], "coxa demo"),
        (["scan", "--hci", "usb0"], "name with --hci a transport that is there and free, as usb:0"),
        (["live", "--exercise", "lunge", "--routine", "hip_mobility"], "not both"),
        (["decode", "witmotion", "55"], "no sample in 1 notification: 1 truncated"),
    ],
)
def test_what_the_user_gets_wrong_is_one_line(
    raises_csv: Path, tmp_path: Path, arguments: list[str], expected: str
) -> None:
    """Status 2, one line on stderr that says what to do, nothing on stdout, no traceback."""
    done = coxa_wide(*(str(raises_csv) if a == "RECORDING" else a for a in arguments), log=tmp_path)
    assert done.returncode == 2
    assert expected in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout.strip() == ""


def test_the_demo_counts_what_was_done_and_logs_it(tmp_path: Path) -> None:
    """Status 0, a picture, a session in the log whose replay gives its very events."""
    done = coxa_wide("demo", "--fast", "--seed", "7", log=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (session,) = (tmp_path / "sessions").glob("*/*")
    assert (session / "session.png").stat().st_size > 10_000
    again = coxa_wide("replay", "last", "--jsonl", log=tmp_path)
    assert again.stdout == (session / "events.jsonl").read_text()
    listed = coxa_wide("sessions", log=tmp_path).stdout
    assert session.name in listed
    assert "open" not in listed
    assert max(map(len, listed.splitlines())) <= 80
    assert "kept" in coxa_wide("show", "last", "--save", str(tmp_path / "x.svg"), log=tmp_path).stdout
    assert (tmp_path / "x.svg").exists()


def test_a_truncated_raw_recording_is_read_up_to_the_tear(tmp_path: Path) -> None:
    """packets.arrows cut in the middle: its whole part is replayed; cut to nothing: one clear line."""
    assert coxa_wide("demo", "--fast", "--seed", "7", log=tmp_path).returncode == 0
    (packets,) = (tmp_path / "sessions").glob("*/*/packets.arrows")
    packets.write_bytes(packets.read_bytes()[:60_000])
    assert coxa_wide("replay", str(packets), "--jsonl", log=tmp_path).returncode == 0
    packets.write_bytes(b"")
    done = coxa_wide("replay", str(packets), "--jsonl", log=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no whole packet" in done.stderr

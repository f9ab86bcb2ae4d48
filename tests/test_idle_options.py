"""An option that changes nothing is refused by name: it must not seem to have been heeded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coxa.cli import both
from coxa.cli.live import LiveRequest, plan_of
from coxa.cli.page import PageOptions
from coxa.cli.plot import PlotRequest
from coxa.cli.plot import run as plot
from coxa.cli.replay import ReplayRequest
from coxa.cli.replay import run as replay
from coxa.cli.routine import run as routine
from coxa.cli.sensor_choice import SensorChoice
from coxa.cli.voice import run as voice
from coxa.host.errors import SpecError
from tests.helpers_log import write

LIVE = LiveRequest("hip_bridge", None, None, None, SensorChoice(), None, "coach", "en", PageOptions())
REPLAY = ReplayRequest(("last",), None, None, None, False, (), "m_s2", "rad_s", "s", None)
PLOT = PlotRequest("calendar", None, None, None, None, None, Path("x.png"), None)


def test_a_routine_says_itself_how_long_to_hold() -> None:
    """`live --routine X --hold-target-s 20`: refused, though the time is taken with an exercise."""
    asked = replace(LIVE, hold_target_s=20.0)
    assert plan_of(asked)[0].hold_target_s == 20.0
    with pytest.raises(SpecError, match="--hold-target-s changes nothing"):
        plan_of(replace(asked, exercise=None, routine="hip_mobility"))


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (replace(LIVE, voice="loud"), "leave out --voice"),
        (replace(LIVE, voice="counts"), "leave out --voice"),
        (replace(LIVE, lang="xx"), "--lang"),
        (replace(LIVE, sensor=SensorChoice(any_sensor=True)), "--any"),
    ],
)
def test_two_sensors_are_named_and_silent(request_: LiveRequest, told: str) -> None:
    """Neither a voice, a language nor "the nearest" means anything there."""
    with pytest.raises(SpecError, match=told):
        both.run("F0:0D:CA:FE:00:01", "F0:0D:CA:FE:00:02", None, request_)


@pytest.mark.parametrize(("phrase", "silent", "told"), [("count", False, "--phrase"), (None, True, "--silent")])
def test_a_list_of_voices_says_no_phrase(phrase: str | None, silent: bool, told: str) -> None:
    """`voice --list --phrase count` would list voices and forget the phrase."""
    with pytest.raises(SpecError, match=told):
        voice("en", phrase, silent=silent, voices=True)


def test_the_list_of_routines_takes_no_name() -> None:
    """`routine list mine.toml` would neither list nor look into it."""
    with pytest.raises(SpecError, match="`coxa routine show"):
        routine("list", "mine.toml")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"accel_unit": "g"}, "--accel-unit"),
        ({"gyro_unit": "deg_s"}, "--gyro-unit"),
        ({"time_unit": "ms"}, "--time-unit"),
        ({"columns": ("ax_m_s2=AccX",)}, "--column"),
    ],
)
def test_columns_and_units_are_of_csv_files(given: dict[str, str], told: str, tmp_path: Path) -> None:
    """A session of the log and a raw recording say themselves what they hold."""
    write(tmp_path, 2)
    (tmp_path / "set.hex").touch()
    for file, exercise in (("last", None), (str(tmp_path / "set.hex"), "lunge")):
        asked = replace(REPLAY, files=(file,), exercise=exercise, log=str(tmp_path), **given)
        with pytest.raises(SpecError, match=f"{told} changes nothing"):
            replay(asked)


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (replace(PLOT, session="last"), "--session"),
        (replace(PLOT, kind="trend", session="last"), "--session"),
        (replace(PLOT, kind="session", days_per_week=5), "--days-per-week"),
        (replace(PLOT, kind="trend", days_per_week=3), "--days-per-week"),
    ],
)
def test_a_picture_takes_the_options_of_its_kind(request_: PlotRequest, told: str) -> None:
    """Those of another are refused, be their value the usual one."""
    with pytest.raises(SpecError, match=f"{told} changes nothing"):
        plot(request_)

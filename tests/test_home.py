"""A leading '~' is the home folder wherever a place is named: nothing is written to one place and read from another."""

from __future__ import annotations

from inspect import signature
from pathlib import Path
from typing import get_type_hints

import pytest

from coxa.cli.commands import PANELS
from coxa.cli.own_exercises import own_folder
from coxa.host.home import at_home
from coxa.host.link.known import known_file
from coxa.host.log import find_session, list_sessions, log_folder
from tests.helpers import coxa
from tests.helpers_log import write


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder, and a current folder elsewhere."""
    folder, here = tmp_path / "home", tmp_path / "here"
    folder.mkdir()
    here.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.chdir(here)
    return folder


@pytest.mark.parametrize("named", ["~/log", "./~/log", "~nobody_of_that_name/log"])
def test_a_session_is_read_where_it_was_written(named: str, home: Path) -> None:
    """In the home folder; in a folder that is itself called '~'; in one whose name begins so and is nobody's."""
    where = log_folder(named)
    write(Path(str(where)), 2)
    assert [s.header.session_id for s in list_sessions(where)] == ["20261102T080000-aaaaaa"]
    assert find_session("last", named) is not None
    assert (home / "log").exists() == (named == "~/log")


def test_a_command_takes_the_home_folder_in_every_place(home: Path) -> None:
    """Log, export, picture and session folder; nothing appears in the current folder."""
    folder = write(home / "log", 2)
    session = f"~/{folder.relative_to(home)}"
    for words in (
        ["export", "csv", "--to=~/tables", "--log=~/log"],
        ["show", session, "--save=~/picture.png"],
        ["rescore", "~/log", "--out=~/anew", "--workers", "1"],
    ):
        done = coxa(*words)
        assert "Traceback" not in done.stderr
        assert "no such" not in done.stderr
    assert (home / "tables" / "reps.csv").exists()
    assert not list(Path.cwd().iterdir())


def test_every_path_option_has_the_parser(home: Path) -> None:
    """Of every command."""
    found = list[str]()
    for command in (c for commands in PANELS.values() for c in commands):
        for name, hint in get_type_hints(command, include_extras=True).items():
            if name in signature(command).parameters and "pathlib.Path" in str(hint).partition("<")[0]:
                found.append(f"{command.__name__} {name}")
                assert hint.__metadata__[0].parser("~/x") == home / "x", found[-1]
    assert "export to" in found


def test_the_variables_that_name_a_place(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Own exercises, and the remembered sensor."""
    monkeypatch.setenv("COXA_EXERCISES", "~/own")
    monkeypatch.setenv("COXA_SENSOR", "~/sensor.json")
    assert (own_folder(), known_file(None)) == (home / "own", home / "sensor.json")


@pytest.mark.parametrize("url", ["s3://bucket/~/log", "memory://log", "file:///tmp/log"])
def test_a_url_stays_as_it_is(url: str) -> None:
    """What begins with a kind of store is no folder of the user's."""
    assert at_home(url) == url

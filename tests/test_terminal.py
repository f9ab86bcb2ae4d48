"""A terminal obeys what is written to it: nothing from a stranger's log may reach it as a command."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from coxa.cli import export, forget, report, rescore, sessions, trends
from coxa.host.errors import CoxaError
from tests.helpers_recorded import write

EVIL = "\x1b]0;owned\x07\x1b[2J"
COMMANDS = ("sessions", "show", "rescore", "trends", "report", "export", "forget")


def _run(name: str, folder: Path, log: str, out: Path) -> None:
    match name:
        case "sessions":
            sessions.show_all(log)
        case "show":
            sessions.show_one(str(folder), log, None)
        case "rescore":
            rescore.run(log, 1, None, None, every=False)
        case "trends":
            trends.run(None, None, None, 3, log, as_json=False)
        case "report":
            report.run(out / "r.html", None, None, None, None, None, log)
        case "export":
            export.run(export.ExportRequest("csv", out / "csv", log=log))
        case _:
            forget.run(folder.name, None, yes=True, log=log)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_name_of_a_folder_commands_the_terminal(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A log with escape sequences in the names of days and sessions: whatever is told of them is harmless."""
    log = tmp_path / "log"
    folder, _ = write(log, packets=300)
    day = log / "sessions" / f"date=2026{EVIL}"
    (day / "a").mkdir(parents=True)
    (day / "a" / "session.json").write_text("{}")
    killed = shutil.copytree(folder, folder.parent / f"{EVIL}killed")
    header = (killed / "session.json").read_text()
    (killed / "session.json").write_text(header.replace('"closed"', '"open"').replace(folder.name, "killed"))
    folder = folder.rename(folder.parent / f"{EVIL}x")
    with suppress(CoxaError):  # the command line itself tells those without what a terminal would obey
        _run(command, folder, str(log), tmp_path)
    told = capfd.readouterr()
    assert "?]0;owned" in told.out + told.err
    assert not {"\x1b", "\x07"} & {*told.out, *told.err}

"""Forgetting: every trace of what is meant, and nothing else, wherever it lies."""

from __future__ import annotations

from pathlib import Path

import fsspec
import pytest
from filelock import FileLock
from typer.testing import CliRunner
from upath import UPath

from coxa.analysis.cohort import jobs, run_job
from coxa.cli.commands import register
from coxa.cli.main import app
from coxa.host.errors import LogError, SpecError
from coxa.host.log import open_session
from coxa.host.log.forget import folders_named, forget_session
from tests.helpers_log import write
from tests.helpers_recorded import write as write_recorded

if not app.registered_commands:  # another test may have
    register(app)


def tree(place: Path) -> set[str]:
    """Every file and folder below."""
    return {str(p.relative_to(place)) for p in place.rglob("*")}


def forget(log: Path | str, *arguments: str, says: str = "y\n") -> str:
    """Run the command."""
    result = CliRunner().invoke(app, ["forget", *arguments, "--log", str(log)], input=says)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_a_session_goes_with_its_new_results_and_nothing_else(tmp_path: Path) -> None:
    """Recording, tables and rescored results of that session are gone; the rest of the log is byte for byte there."""
    write(tmp_path, 1)
    before = tree(tmp_path)
    folder, _ = write_recorded(tmp_path)
    (job,) = (j for j in jobs(UPath(tmp_path), None, print) if folder.name in j.folder)
    assert run_job(job).error is None
    forget(tmp_path, folder.name)
    assert tree(tmp_path) == before


def test_nothing_is_removed_unless_asked_and_answered(tmp_path: Path) -> None:
    """The default answer is no."""
    folder = write(tmp_path, 1)
    before = tree(tmp_path)
    assert "Nothing was removed" in forget(tmp_path, folder.name, says="\n")
    assert tree(tmp_path) == before
    forget(tmp_path, folder.name, "--yes", says="")
    assert not folder.exists()


def test_a_script_that_does_not_answer_is_told_how_to(tmp_path: Path) -> None:
    """`coxa forget last </dev/null`: nothing is removed, and the reason is no Ctrl-C but an error of its own."""
    folder = write(tmp_path, 1)
    with pytest.raises(SpecError, match=r"nothing was removed.*--yes"):
        forget(tmp_path, "last", says="")
    assert folder.exists()


def test_a_person_goes_with_all_sessions(tmp_path: Path) -> None:
    """Damaged ones too. Sessions of others and of nobody in particular stay; those that tell of nobody are named."""
    for day, person in ((1, "Ann"), (2, "Ann"), (3, "Annabel"), (4, None)):
        write(tmp_path, day, person=person)
    (write(tmp_path, 5) / "session.json").write_text("{")
    damaged = write(tmp_path, 6, person="Ann") / "session.json"
    damaged.write_text(damaged.read_text().replace('"seed"', '"seeds"'))
    with pytest.raises(LogError, match="a key that no session has, 'seeds'"):
        open_session(UPath(damaged.parent))
    said = forget(tmp_path, "--person", "Ann")
    assert "20261105T080000-aaaaaa" in said
    assert {p.name[6:8] for p in (tmp_path / "sessions").glob("*/*")} == {"03", "04", "05"}


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../..", "/", "/etc", "date=2026-11-01", "sessions", "*", "2026110?", "20261101T080000-aaaaaa/.."],
)
def test_only_ids_of_the_log_are_meant(tmp_path: Path, name: str) -> None:
    """Paths, patterns and nothing at all name no session."""
    write(tmp_path / "log", 1)
    before = tree(tmp_path)
    with pytest.raises(LogError, match="no session"):
        forget(tmp_path / "log", name, "--yes")
    assert tree(tmp_path) == before


def test_an_id_that_begins_several_is_refused(tmp_path: Path) -> None:
    """The beginning of an id must be enough to tell it; a whole id is, even where it begins another."""
    write(tmp_path, 1)
    write(tmp_path, 2)
    with pytest.raises(LogError, match="begins 2 sessions"):
        folders_named("202611", UPath(tmp_path))
    write(tmp_path, 3, session_id="20261101T080000-aaaaaab")
    assert [f.name for f in folders_named("20261101T080000-aaaaaa", UPath(tmp_path))] == ["20261101T080000-aaaaaa"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link inside a session goes, what it points to stays; a session that is itself a link is refused."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "letter.txt").write_text("mine")
    folder = write(tmp_path / "log", 1)
    (folder / "link").symlink_to(elsewhere)
    linked = folder.with_name("linked")
    linked.symlink_to(elsewhere)
    with pytest.raises(LogError, match="link"):
        forget_session(UPath(linked))
    forget_session(UPath(folder))
    assert not folder.exists()
    assert (elsewhere / "letter.txt").read_text() == "mine"


def test_a_session_that_is_being_recorded_is_refused(tmp_path: Path) -> None:
    """Nothing is taken away from under a writer."""
    folder = write(tmp_path, 1)
    before = tree(tmp_path)
    with FileLock(folder / "writer.lock"), pytest.raises(LogError, match="being recorded"):
        forget_session(UPath(folder))
    assert tree(tmp_path) == before


def test_a_damaged_session_can_be_forgotten(tmp_path: Path) -> None:
    """Whatever is left of a session goes by its id."""
    folder = write(tmp_path, 1)
    (folder / "session.json").unlink()
    forget(tmp_path, folder.name, "--yes")
    assert not folder.parent.exists()


def test_behind_a_url_too(tmp_path: Path) -> None:
    """The same in another store."""
    write(tmp_path, 1)
    write(tmp_path, 2)
    memory = fsspec.filesystem("memory")
    memory.put(str(tmp_path), "/coxa-forget", recursive=True)
    try:
        forget("memory://coxa-forget", "20261101T080000-aaaaaa", "--yes")
        left = memory.find("/coxa-forget")
    finally:
        memory.rm("/coxa-forget", recursive=True)
    assert left
    assert all("date=2026-11-02" in path for path in left)

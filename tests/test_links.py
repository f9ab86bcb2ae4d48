"""A session folder that came from elsewhere may hold links: nothing outside it is ever written through one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from upath import UPath

from coxa.analysis.cohort import Job, run_job
from coxa.analysis.plots.session import draw_session
from coxa.analysis.rescore import versions
from coxa.host.errors import CoxaError
from coxa.host.log import open_session, repair_log
from coxa.host.log.corrections import Correction, append_correction
from coxa.host.log.forget import forget_session
from tests.helpers_recorded import write

RESULT = f"rescored/{versions()['coxa']}"
WRITTEN = (
    "cues.jsonl",
    "events.jsonl",
    "holds.parquet",
    "packets.arrows",
    "reps.parquet",
    "samples.parquet",
    "session.json",
    "writer.lock",
    "corrections.jsonl",
    "session.png",
    *(f"{RESULT}/{name}" for name in ("events.jsonl", "holds.parquet", "reps.parquet", "result.json")),
)
"""Every file that coxa ever makes in a session's folder."""


def _repaired(folder: Path) -> None:
    repair_log(UPath(folder.parent.parent.parent))


def _drawn(folder: Path) -> None:
    draw_session(open_session(UPath(folder)), folder / "session.png")


def _corrected(folder: Path) -> None:
    append_correction(folder, Correction(0, 3, "2026-11-29T17:00:00+00:00"))


def _rescored(folder: Path) -> None:
    run_job(Job(str(folder), None))


EVERYTHING: tuple[Callable[[Path], None], ...] = (_repaired, _drawn, _corrected, _rescored)


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of one session that was killed."""
    log = tmp_path_factory.mktemp("links") / "log"
    write(log, 300, close=False)
    return log


@pytest.fixture
def folder(interrupted: Path, tmp_path: Path) -> Path:
    """A copy of that session, which a test may change."""
    log = shutil.copytree(interrupted, tmp_path / "log")
    return next(log.glob("sessions/*/*"))


def test_the_files_of_a_session_are_all_known(folder: Path) -> None:
    """A file that coxa makes and the tests below do not know would not be tested."""
    for work in EVERYTHING:
        work(folder)
    made = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert made == set(WRITTEN)


def _linked(place: Path, outside: Path, there: bool) -> None:
    if there:
        outside.write_text("precious")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(outside)


@pytest.mark.parametrize("there", [True, False], ids=["file", "nothing"])
def test_no_file_is_begun_through_a_link(there: bool, folder: Path, tmp_path: Path) -> None:
    """Links at all places where files are written before they get their names, to files or to where none is yet."""
    outside = tmp_path / "outside"
    outside.mkdir()
    ends = (".part", f".{os.getpid()}.part")
    for k, name in enumerate(name + end for name in WRITTEN for end in ends):
        _linked(folder / name, outside / str(k), there)
    for work in EVERYTHING:
        work(folder)
    assert {p.read_text() for p in outside.iterdir()} == ({"precious"} if there else set())
    assert open_session(UPath(folder)).header.state == "repaired"


@pytest.mark.parametrize("name", WRITTEN)
def test_no_file_is_written_through_a_link(name: str, folder: Path, tmp_path: Path) -> None:
    """A file that is a link itself: repaired, drawn, corrected, rescored, forgotten, what it leads to stays."""
    outside = tmp_path / "outside"
    _linked(folder / name, outside, there=True)
    for work in EVERYTHING:
        with suppress(CoxaError):
            work(folder)
    forget_session(UPath(folder))
    assert not folder.exists()
    assert outside.read_text() == "precious"


@pytest.mark.parametrize("name", ["rescored", RESULT])
def test_no_result_goes_to_where_a_link_leads(name: str, folder: Path, tmp_path: Path) -> None:
    """A folder for new results that is a link: refused and named, nothing made behind it."""
    _repaired(folder)
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).symlink_to(outside)
    outcome = run_job(Job(str(folder), None))
    assert f"{folder / name}: is a link to elsewhere" in (outcome.error or "")
    assert list(outside.iterdir()) == []

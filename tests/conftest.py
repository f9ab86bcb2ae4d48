"""What the tests share."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.helpers import missing

settings.register_profile("coxa", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("coxa")

SHARED = Path(os.environ.get("COXA_SHARED", Path(__file__).parents[2] / "shared")) / "recordings"


@pytest.fixture(autouse=True)
def no_litter(request: pytest.FixtureRequest) -> Iterator[None]:
    """Sockets that bumble leaves to the garbage collector are collected by the test that left them, not by the next."""
    yield
    marks = request.node.iter_markers("filterwarnings")
    if any("ResourceWarning" in str(text) for mark in marks for text in mark.args):
        gc.collect()


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

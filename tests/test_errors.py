"""What messages say of why something failed."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

import coxa
from coxa.host.errors import SpecError, reason_of
from coxa.host.voice import load_phrases

SOURCES = Path(coxa.__file__).parent


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a file"), "No space left on device"),
        (OSError("the bucket is not yours"), "the bucket is not yours"),  # as an object store's client raises it
        (OSError(), "OSError"),
        (TimeoutError(), "TimeoutError"),
        (ValueError("not a number"), "not a number"),
    ],
)
def test_reason_is_never_none_nor_empty(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


def test_messages_name_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An OSError may come without a `strerror`, which would read "cannot be read (None)"."""

    def refused(*_: object) -> bytes:
        raise OSError("the bucket is not yours")

    monkeypatch.setattr("coxa.host.voice.language.read_file", refused)
    with pytest.raises(SpecError, match=r"cannot be read \(the bucket is not yours\)"):
        load_phrases(str(tmp_path / "own.toml"))


def test_no_other_module_reads_strerror() -> None:
    """It is None where no system call failed; `reason_of` is asked instead."""
    readers = [p.name for p in SOURCES.rglob("*.py") if "error.strerror" in p.read_text("utf-8")]
    assert readers == ["errors.py"]

"""What an export has in it: no folder with anything else is ever replaced by one."""

from __future__ import annotations

import re
from pathlib import Path

from coxa.analysis.export.tables import NAMES
from coxa.host.bounded import read_file
from coxa.host.limits import HEADER_BYTES
from coxa.host.strict_json import parse_json

_TABLES = re.compile(rf"({'|'.join(NAMES)})\.(csv|parquet)")
_SESSION = r"(\d{8}T\d{6}-[0-9a-f]{6}|s\d{4,})"
"""A session's id or the number that stands for it; watches and people name their files otherwise."""
_FIT = re.compile(rf"{_SESSION}\.fit")
_RECORDING = re.compile(rf"{_SESSION}\.csv\.gz")
_DATASET = re.compile(r"(dataset_description|scans|task-\w+_events)\.json|README\.md|participants\.(tsv|json)")
_SUBJECT = re.compile(r"sub-\w+")


def only_export(folder: Path) -> bool:
    """Whether there is nothing in the folder but what an export of one kind writes; so of an empty one."""
    files = [p.name for p in folder.iterdir() if p.is_file()]
    folders = [p.name for p in folder.iterdir() if not p.is_file()]
    if not folders and any(all(map(kind.fullmatch, files)) for kind in (_TABLES, _FIT, _RECORDING)):
        return True
    whole = all(map(_DATASET.fullmatch, files)) and all(map(_SUBJECT.fullmatch, folders))
    return whole and _by_coxa(folder / "dataset_description.json")


def _by_coxa(description: Path) -> bool:
    try:
        about = parse_json(read_file(description, HEADER_BYTES))
        return [maker["Name"] for maker in about["GeneratedBy"]] == ["coxa"]
    except (OSError, ValueError, TypeError, KeyError):
        return False

"""A short kill campaign; `python -m tools.kill_campaign --times 1000` is the long one."""

from __future__ import annotations

import os

import pytest

if os.name == "nt":
    pytest.skip("there is no SIGKILL on Windows", allow_module_level=True)

from tools.kill_campaign import WHEN, run


def test_killed_at_any_moment_the_log_keeps_all_but_the_last_second() -> None:
    """Opening, writing and closing a session, on disks with room and without, killed at random, repairs too."""
    kills, _ = run(10, seed=1)
    assert [wrong for k in kills for wrong in k.wrong] == []
    assert {k.aimed for k in kills} == set(WHEN.values())
    assert len({k.disk for k in kills}) > 1
    assert any(k.progress.packets for k in kills)

"""Snapshots: the core put away at any moment goes on as if it had never stopped."""

from __future__ import annotations

import functools
import json
import random
import sys
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.firmware_sim.scenario import build
from coxa.host.errors import SnapshotError
from coxa.host.events import Event, RepCompleted
from coxa.host.limits import SNAPSHOT_BYTES
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import StreamItem
from coxa.host.snapshot import resumed, taken
from coxa.host.tracker import Tracker
from coxa.host.wire import Decoder
from tests.helpers import any_size, cut, decoded, frames, scenario


def _with_restarts(core: Any, items: Iterable[StreamItem], before: set[int]) -> list[Event]:
    """Events of `items`; ahead of those in `before` the core is put away and a new one goes on."""
    events: list[Event] = []
    for n, item in enumerate(items):
        if n in before:
            core = resumed(taken(core))
        events += core.feed(item)
    return events + core.finish()


@functools.cache
def _pieces(name: str, seed: int) -> list[StreamItem]:
    return list(cut(decoded(scenario(name, seed)), any_size(seed)))


@functools.cache
def _whole(name: str, seed: int, exercise: str) -> list[Event]:
    return _with_restarts(Tracker(exercise), _pieces(name, seed), set())


@pytest.mark.parametrize(
    ("name", "exercise"), [("leg_raise_supine", "leg_raise"), ("hip_circle", "hip_circle"), ("knee_to_chest", "auto")]
)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_a_tracker_goes_on_from_any_cut(name: str, exercise: str, data: st.DataObject) -> None:
    """Restarted wherever hypothesis likes, several times, a tracker gives bit-identical events."""
    items = _pieces(name, 3)
    cuts = data.draw(st.sets(st.integers(0, len(items) - 1), min_size=1, max_size=5))
    assert _with_restarts(Tracker(exercise), items, cuts) == _whole(name, 3, exercise)


@pytest.mark.parametrize("name", ["hip_bridge", "leg_raise_standing"])
def test_a_second_look_goes_on_from_any_cut(name: str) -> None:
    """Also where it is not known whether the person stood, so that two detectors look on, and one takes over."""
    made = build(name, 500, begins="on a chair, straight on")
    items, exercise = list(cut(decoded(made), any_size(6))), made.truth["exercise"]
    cuts = set(random.Random(6).sample(range(len(items)), 12))
    whole = _with_restarts(Tracker(exercise), items, set())
    assert _with_restarts(Tracker(exercise), items, cuts) == whole
    assert any(isinstance(e, RepCompleted) for e in whole)


def test_decoder_and_coach_go_on_together_from_any_cut_of_the_bytes() -> None:
    """The whole way from bytes to events of a routine, restarted at 40 places, also inside a frame."""
    made = scenario("demo", 4)
    plan = tuple(SetPlan(**p) for p in made.truth["plan"])
    data, results = b"".join(frames(made)), list[list[Event]]()
    places = sorted(random.Random(5).sample(range(1, len(data)), 40))
    for ends in ([len(data)], [*places, len(data)]):
        core, events, at = (Decoder(), Coach(plan)), list[Event](), 0
        for end in ends:
            core = resumed(taken(core))
            events += [e for item in core[0].feed(data[at:end]) for e in core[1].feed(item)]
            at = end
        results.append(events + core[1].finish())
    assert results[0] == results[1]
    assert len(results[0]) > 10


def test_taking_a_snapshot_changes_nothing_and_is_repeatable() -> None:
    """The same state gives the same bytes, and a resumed core has the state of the one put away."""
    core = Tracker("leg_raise")
    for item in _pieces("leg_raise_supine", 3)[:60]:
        core.feed(item)
    first = taken(core)
    assert taken(core) == first
    assert taken(resumed(first)) == first


def _snapshot() -> bytes:
    core = Tracker("leg_raise")
    for item in _pieces("leg_raise_supine", 3)[:20]:
        core.feed(item)
    return taken(core)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_snapshot_is_refused_by_name_or_read(data: st.DataObject) -> None:
    """Bytes cut off, overwritten or put in never raise anything but SnapshotError."""
    whole = bytearray(_snapshot())
    at = data.draw(st.integers(0, len(whole)))
    whole[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
    try:
        resumed(bytes(whole))
    except SnapshotError:
        pass


def test_a_snapshot_of_a_class_that_is_not_there_is_refused():
    """One bit of a module's name is enough."""
    with pytest.raises(SnapshotError, match="damaged"):
        resumed(_snapshot().replace(b"coxa.host.tracker:", b"coxa.host.trackes:"))


@pytest.mark.parametrize(
    "garbage", [b"", b"{}", b"[]", b"null", b"\x80\x04pickle", b"[" * 100_000, b'{"coxa_snapshot":1}', b"1" * 9000]
)
def test_what_is_no_snapshot_is_refused(garbage: bytes) -> None:
    """Anything else says that it is not a snapshot."""
    with pytest.raises(SnapshotError, match=r"not one of coxa's|at most"):
        resumed(garbage)


def test_a_snapshot_too_large_is_refused_unread() -> None:
    """The size is looked at first."""
    with pytest.raises(SnapshotError, match="at most"):
        resumed(b" " * (SNAPSHOT_BYTES + 1))


def test_another_versions_snapshot_is_refused() -> None:
    """State of another version's fields is never guessed at."""
    other = json.loads(_snapshot()) | {"version": "0.0.1"}
    with pytest.raises(SnapshotError, match=r"taken by coxa 0\.0\.1"):
        resumed(json.dumps(other).encode())


@pytest.mark.parametrize(
    "cls", ["subprocess:Popen", "builtins:eval", "coxa.host.snapshot:taken", "coxa.host.snapshot:json.JSONDecoder"]
)
def test_only_classes_of_the_core_are_made(cls: str) -> None:
    """A snapshot names classes below coxa.host or is refused: no function, no class that was imported there."""
    document = json.loads(_snapshot()) | {"root": [0], "objects": [["object", cls, {}]]}
    with pytest.raises(SnapshotError, match="damaged"):
        resumed(json.dumps(document).encode())


def test_a_snapshot_imports_nothing_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that a snapshot names is not even imported unless it is the core's: importing would run it."""
    monkeypatch.delitem(sys.modules, "this", raising=False)
    document = json.loads(_snapshot()) | {"root": [0], "objects": [["object", "this:s", {}]]}
    with pytest.raises(SnapshotError, match="damaged"):
        resumed(json.dumps(document).encode())
    assert "this" not in sys.modules


def test_what_cannot_be_put_away_is_refused() -> None:
    """A core that held a function or an open file would be a bug, and says so at once."""
    for thing in (lambda: None, open):
        with pytest.raises(TypeError, match="cannot be put away"):
            taken([thing])

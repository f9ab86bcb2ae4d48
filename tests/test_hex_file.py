"""Raw notifications as text: what is written is read, and what is damaged is told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.errors import RecordingError
from coxa.host.replay.hex_file import HexRecording, header, line, read_hex
from coxa.host.samples import Packet
from coxa.host.sensors.registry import DRIVERS, driver
from tests.helpers import coxa, decoded, frames, joined, scenario

PACKETS = st.builds(
    Packet,
    st.floats(0, 1e6),
    st.binary(max_size=40),
    st.sampled_from(["", "0000ffe4-0000-1000-8000-00805f9a34fb"]),
)


def written(path: Path, name: str, packets: list[Packet]) -> Path:
    """A file as `coxa record` writes it."""
    chosen = driver(name)
    path.write_text(header(chosen, chosen.defaults, name="board #1") + "".join(map(line, packets)))
    return path


@given(packets=st.lists(PACKETS, min_size=1, max_size=20), name=st.sampled_from(sorted(DRIVERS)))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, packets: list[Packet], name: str) -> None:
    """Arrival to the last digit, characteristic and bytes; driver and settings."""
    path = written(tmp_path_factory.getbasetemp() / "round.hex", name, packets)
    assert read_hex(path) == HexRecording(driver(name), driver(name).defaults, tuple(packets))


def test_samples_are_those_of_the_live_stream(tmp_path: Path) -> None:
    """The simulated sensor's notifications, written and read, give its samples."""
    made = scenario("leg_raise_supine", 1)
    packets = [Packet(0.1 * k, data) for k, data in enumerate(frames(made))]
    items = read_hex(written(tmp_path / "a.hex", "coxa", packets)).items()
    assert joined(items).t_s.tolist() == joined(decoded(made)).t_s.tolist()


@pytest.mark.parametrize("name", ["a.hex", "A.HEX"])
@pytest.mark.parametrize(("ends", "mark"), [("\n", "utf-8"), ("\r\n", "utf-8"), ("\r\n", "utf-8-sig")])
def test_a_file_that_went_through_windows_or_mail_is_read(tmp_path: Path, name: str, ends: str, mark: str) -> None:
    """Other ends of lines, a mark of the encoding, a name in capitals: the same notifications, and the same replay."""
    packets = [Packet(0.1 * k, data) for k, data in enumerate(frames(scenario("leg_raise_supine", 1))[:30])]
    text = written(tmp_path / "plain.hex", "coxa", packets).read_text()
    (tmp_path / name).write_bytes(text.replace("\n", ends).encode(mark))
    assert read_hex(tmp_path / name) == read_hex(tmp_path / "plain.hex")
    done = coxa("replay", str(tmp_path / name), "--exercise", "leg_raise", "--jsonl")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_whose_writer_was_killed_is_read_up_to_there(tmp_path: Path) -> None:
    """Half a last line is left out."""
    path = written(tmp_path / "a.hex", "coxa", [Packet(0.0, b"abc"), Packet(1.0, b"def")])
    path.write_text(path.read_text()[:-3])
    assert [p.data for p in read_hex(path).packets] == [b"abc"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1"),
        ("t_s,ax\n1,2\n", "line 1"),
        ("# coxa notifications 1\n0.0 - 00\n", "sensor NAME"),
        ("# coxa notifications 1\n# sensor of2031\n0.0 - 00\n", "of2031"),
        ('# coxa notifications 1\n# sensor coxa\n# settings {"rate_hz": 1}\n0.0 - 00\n', "settings"),
        ("# coxa notifications 1\n# sensor coxa\n", "no notification"),
        ("# coxa notifications 1\n# sensor coxa\n0.0 - 0g\n", "line 3"),
        ("# coxa notifications 1\n# sensor coxa\nnan - 00\n", "line 3"),
        ("# coxa notifications 1\n# sensor coxa\n0.0 - 00\n1.0 00\n", "line 4"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    """One line for the user, no traceback."""
    path = tmp_path / "bad.hex"
    path.write_text(text)
    with pytest.raises(RecordingError, match=told) as caught:
        read_hex(path)
    assert str(path) in str(caught.value)

"""CSV recordings: a broken one gives one line that says which row and column, and nothing else."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.errors import RecordingError
from coxa.host.motion.orientation_params import OrientationParams
from coxa.host.replay.csv_file import COLUMNS, CsvFormat, read_csv, write_csv
from coxa.host.samples import GAP_PERIODS, Gap, SampleBlock, usual_step_s
from tests.helpers import decoded, joined, scenario

HEADER = ",".join(COLUMNS)
ROWS = [f"{k * 0.01:.2f},0,0,9.81,0,0,0.01" for k in range(1000)]


def text(rows: list[str], header: str = HEADER) -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode()


def with_row(number: int, row: str) -> bytes:
    rows = list(ROWS)
    rows[number - 2] = row
    return text(rows)


BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "header only": (text([]), "no rows"),
    "one row": (text(ROWS[:1]), "too short: found 1 row"),
    "two rows": (
        text(ROWS[:2]),
        r"too short: found 2 samples, 0.02 s, expected at least 1 s; record two seconds of rest",
    ),
    "a second with most of it lost": (text([*ROWS[:40], *ROWS[200:240]]), "too short: found 80 samples, 0.8 s"),
    "letters": (with_row(812, "8.1,0,abc,9.81,0,0,0"), r"row 812, column ay_m_s2: found 'abc'"),
    "nan": (with_row(12, "0.1,0,0,nan,0,0,0"), r"row 12, column az_m_s2"),
    "infinite": (with_row(12, "0.1,0,0,9.8,0,inf,0"), r"row 12, column gy_rad_s"),
    "nothing in a cell": (with_row(12, "0.1,0,0,,0,0,0"), r"row 12, column az_m_s2: found ''"),
    "columns missing": (
        text(ROWS, "t_s,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,other"),
        "column gz_rad_s is missing",
    ),
    "a blank after a name": (text(ROWS, HEADER.replace("t_s,", "t_s ,")), "column t_s is missing"),
    "a tab before a name": (text(ROWS, "\t" + HEADER), "column t_s is missing"),
    "a sign that nobody sees (found by fuzzing)": (text(ROWS, "\x1f" + HEADER), "column t_s is missing"),
    "a quote that is closed rows later (found by fuzzing)": (
        text(ROWS, '"' + HEADER) + b'"',
        "row 1: column t_s is mis",
    ),
    "time backwards": (with_row(50, "0.10,0,0,9.81,0,0,0"), r"row 50, column t_s: time runs backwards"),
    "time stands still": (with_row(50, "0.47,0,0,9.81,0,0,0"), r"row 50, column t_s: time stands still"),
    "milliseconds": (text([f"{k * 10},0,0,9.81,0,0,0" for k in range(500)]), "--time-unit"),
    "in g": (text([f"{k * 0.01},0,0,1.0,0,0,0" for k in range(500)]), "--accel-unit g"),
    "deg/s": (with_row(30, "0.28,0,0,9.81,0,0,250"), "--gyro-unit deg_s"),
    "binary": (bytes(range(256)) * 20, "not a text file"),
    "other encoding": (b"t_s,\xff\xfe\n1,2\n", "UTF-8"),
    "cut gzip": (gzip.compress(text(ROWS))[:-200], "gzip"),
}


def test_a_dead_axis_is_no_other_unit(tmp_path: Path) -> None:
    """Of a thigh that lies across a dead axis hardly 1 m/s2 is left, which is no recording in g: it also moves."""
    rows = [
        f"{k * 0.01:.2f},{1.0 + (7.0 if 400 <= k < 500 else 0.0)},0,{0.1 * (k % 3)},0.2,0,0.01" for k in range(1000)
    ]
    path = tmp_path / "recording.csv"
    path.write_bytes(text(rows))
    assert sum(len(item) for item in read_csv(path) if isinstance(item, SampleBlock)) == 1000


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_are_refused_in_one_line(tmp_path: Path, case: str) -> None:
    """Each fault is named where it is."""
    content, expected = BROKEN[case]
    path = tmp_path / "recording.csv"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=expected) as caught:
        read_csv(path)
    assert "\n" not in str(caught.value)
    assert "recording.csv" in str(caught.value)


MAPPED = CsvFormat(dict(zip(COLUMNS, ["ms", "x", "y", "z", "p", "q", "r"], strict=True)), "g", "deg_s", "ms")
FOREIGN = [f"{k * 10},0.5,0,0.9,0,0,180" for k in range(300)]


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2000,x,0,0.9,0,0,0", "column x: found 'x', expected a finite number"),
        ("1980,0,0,0.9,0,0,0", "column ms: time runs backwards, found '1980' after '1990' in row 205, expected more"),
        ("1990,0,0,0.9,0,0,0", "column ms: time stands still, found '1990' after '1990' in row 205, expected more"),
        ("2000,0,-41.0,0.9,0,0,0", "column y: found '-41.0', expected at most 40.789 g"),
        ("2000,0,0,0.9,0,0,5000", "column r: found '5000', expected at most 4583.7 deg_s"),
        ("2000,0,0,0.9,0,0,0,7,8", "found 9 fields, expected the 7 of the header"),
    ],
)
def test_an_error_has_the_files_own_line_name_and_value(
    tmp_path: Path, row: str, expected: str, newline: str, blank: str
) -> None:
    """The line as an editor counts it, blank ones included; the name and value that stand there, not coxa's."""
    lines = [blank, "ms,x,y,z,p,q,r", blank, *FOREIGN[:100], blank, blank, *FOREIGN[100:200], row, *FOREIGN[201:]]
    path = tmp_path / "r.csv"
    path.write_bytes(newline.join(lines).encode())
    with pytest.raises(RecordingError) as caught:
        read_csv(path, MAPPED)
    found = str(caught.value).split(": ", 1)[1]
    assert found.startswith(f"row {lines.index(row) + 1}")
    assert lines.index(row) + 1 == 206
    assert found.removeprefix("row 206").lstrip(",: ") == expected


def test_the_line_is_right_behind_cells_of_several_lines(tmp_path: Path) -> None:
    """A note in quotes that reaches over two lines is one row."""
    rows = [f"{k * 0.01:.2f},0,0,9.81,0,0,0,{chr(34)}two{chr(10)}lines{chr(34)}" for k in range(50)]
    rows[49] = "0.49,0,0,9.81,0,zero,0,end"
    path = tmp_path / "r.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text(rows, HEADER + ",note"))
    with pytest.raises(RecordingError, match=r"row 100, column gy_rad_s: found 'zero'"):
        read_csv(path)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("t_s,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s,t_s", "row 3: column t_s stands there twice"),
        ("t,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s,more", "row 3: column t_s is missing"),
        ("t_s;ax_m_s2", "row 3: columns are parted by semicolons"),
    ],
)
def test_the_header_is_where_it_is(tmp_path: Path, header: str, expected: str) -> None:
    """Below two blank lines it is the third; a name that stands there twice is not chosen between."""
    path = tmp_path / "r.csv"
    path.write_bytes(b"\n\n" + text([f"{r},0" for r in ROWS], header))
    with pytest.raises(RecordingError, match=expected):
        read_csv(path)


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are errors of the recording."""
    with pytest.raises(RecordingError):
        read_csv(tmp_path / name)


def test_blanks_after_the_commas_are_none_of_names_or_numbers(tmp_path: Path) -> None:
    """As `numpy.savetxt` with the delimiter ', ' writes it: the same samples, not a column that is missing."""
    write_csv(tmp_path / "plain.csv", joined(decoded(scenario("lateral_leg_raise", 3))))
    spaced = (tmp_path / "plain.csv").read_text().replace(",", ", ")
    (tmp_path / "spaced.csv").write_text(spaced)
    plain, read = read_csv(tmp_path / "plain.csv"), read_csv(tmp_path / "spaced.csv")
    assert [type(i) for i in read] == [type(i) for i in plain]
    assert all(
        np.array_equal(a.accel_mps2, b.accel_mps2) and np.array_equal(a.t_s, b.t_s)
        for a, b in zip(plain, read, strict=True)
        if isinstance(a, SampleBlock) and isinstance(b, SampleBlock)
    )


def test_names_in_quotes_are_names(tmp_path: Path) -> None:
    """A header as spreadsheets and R write it, each name in quotes."""
    path = tmp_path / "r.csv"
    path.write_bytes(text(ROWS, ",".join(f'"{name}"' for name in HEADER.split(","))))
    assert sum(len(item) for item in read_csv(path) if isinstance(item, SampleBlock)) == len(ROWS)


@pytest.mark.parametrize("name", ["r.csv", "r.csv.gz"])
def test_written_and_read_again(tmp_path: Path, name: str) -> None:
    """Samples survive within the digits of the format, plain and gzipped."""
    block = joined(decoded(scenario("leg_raise_supine", 1)))
    write_csv(tmp_path / name, block)
    again = joined(read_csv(tmp_path / name))
    assert np.abs(again.t_s - block.t_s).max() < 1e-6
    assert np.abs(again.accel_mps2 - block.accel_mps2).max() < 1e-4
    assert np.abs(again.gyro_radps - block.gyro_radps).max() < 1e-5


def test_a_hole_is_a_gap(tmp_path: Path) -> None:
    """Missing rows become a gap from one period after the last one."""
    path = tmp_path / "r.csv"
    path.write_bytes(text(ROWS[:400] + ROWS[450:]))
    first, gap, last = read_csv(path)
    assert isinstance(first, SampleBlock)
    assert isinstance(gap, Gap)
    assert isinstance(last, SampleBlock)
    assert (gap.start_s, gap.end_s) == (pytest.approx(4.0), pytest.approx(4.5))


def test_one_row_that_is_missing_is_no_gap_and_two_are(tmp_path: Path) -> None:
    """One sample's time is integrated over (0.1 s at most at 25 Hz, with jitter); from two on it is told as lost."""
    path = tmp_path / "r.csv"
    path.write_bytes(text(ROWS[:400] + ROWS[401:]))
    assert [type(item) for item in read_csv(path)] == [SampleBlock]
    path.write_bytes(text(ROWS[:400] + ROWS[402:]))
    assert [type(item) for item in read_csv(path)] == [SampleBlock, Gap, SampleBlock]
    assert OrientationParams().bridged_gap_s >= GAP_PERIODS / 25


def test_times_in_whole_milliseconds(tmp_path: Path) -> None:
    """At 400 Hz such a clock steps by 2 and 3 ms, most often by 2: that is no 500 Hz, and no loss."""
    path = tmp_path / "r.csv"
    times_s = np.round(np.arange(1200) / 401.0, 3)
    assert np.median(np.diff(times_s)) == pytest.approx(0.002)
    path.write_bytes(text([f"{t:.3f},0,0,9.81,0,0,0.01" for t in times_s]))
    assert [len(item) for item in read_csv(path) if isinstance(item, SampleBlock)] == [1200]


@pytest.mark.parametrize("step_s", [1 / 25, 1 / 400])
@pytest.mark.parametrize("lost", [0.0, 0.4])
def test_the_usual_step_is_the_period(step_s: float, lost: float) -> None:
    """Whatever jitter and losses: two of five samples gone leave the period as it is."""
    rng = np.random.default_rng(5)
    t_s = np.arange(4000) * step_s + rng.uniform(-0.1, 0.1, 4000) * step_s
    kept = t_s[rng.uniform(size=4000) >= lost]
    assert usual_step_s(np.diff(kept)) == pytest.approx(step_s, rel=0.01)


@given(st.lists(st.floats(0.0, 10.0), min_size=1, max_size=20))
def test_any_steps_have_a_usual_one(steps_s: list[float]) -> None:
    """Also two that have nothing in common, and none at all between two times that are the same."""
    assert min(steps_s) * (1.0 - 1e-9) <= usual_step_s(np.array(steps_s)) <= max(steps_s) * (1.0 + 1e-9)


@pytest.mark.parametrize("n", [99, 100])
def test_a_second_is_enough(tmp_path: Path, n: int) -> None:
    """From one second on a recording is read, whatever it holds; below it is refused."""
    path = tmp_path / "r.csv"
    path.write_bytes(text([f"{k / 100:.2f},0,0,9.81,0,0,0" for k in range(7, 7 + n)]))
    if n == 100:
        assert sum(len(i) for i in read_csv(path) if isinstance(i, SampleBlock)) == n
        return
    with pytest.raises(RecordingError, match="too short"):
        read_csv(path)


def test_other_names_and_units_can_be_mapped(tmp_path: Path) -> None:
    """A file in g, deg/s and ms with its own header reads as ours."""
    path = tmp_path / "r.csv"
    path.write_bytes(text([f"{k * 10},0,0,1,0,0,180" for k in range(300)], "ms,x,y,z,p,q,r"))
    names: dict[str, str] = dict(zip(COLUMNS, ["ms", "x", "y", "z", "p", "q", "r"], strict=True))
    block = joined(read_csv(path, CsvFormat(names, "g", "deg_s", "ms")))
    assert block.t_s[1] == pytest.approx(0.01)
    assert block.accel_mps2[0, 2] == pytest.approx(9.80665)
    assert block.gyro_radps[0, 2] == pytest.approx(np.pi)


def test_a_rate_is_told_as_people_write_it(tmp_path: Path) -> None:
    """Seconds taken for milliseconds: '50,000 samples a second', not 5e+04."""
    path = tmp_path / "set.csv"
    path.write_bytes(text([f"{k * 0.02:.2f},0,0,9.8,0,0,0" for k in range(200)]))
    with pytest.raises(RecordingError, match=r"column t_s: 50,000 samples a second, expected 25 to 400"):
        read_csv(path, CsvFormat(time_unit="ms"))


def test_a_row_with_more_fields_than_the_header_is_named(tmp_path: Path) -> None:
    """All its numbers would stand in other columns; one empty field at the end of each row is some programs' way."""
    rows = [f"{k * 0.01:.2f},0.1,0.2,9.8,0.01,0.02,0.03" for k in range(300)]
    header = "t_s,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s"
    shifted, ended = tmp_path / "shifted.csv", tmp_path / "ended.csv"
    shifted.write_text("\n".join([header, *rows[:100], rows[100].replace(",", ",5,", 1), *rows[101:]]) + "\n")
    ended.write_bytes("\r\n".join([header, *(f"{r}," for r in rows)]).encode())
    with pytest.raises(RecordingError, match="row 102: found 8 fields, expected the 7"):
        read_csv(shifted)
    assert sum(len(i) for i in read_csv(ended) if isinstance(i, SampleBlock)) == 300


def test_a_table_of_a_german_spreadsheet_is_told(tmp_path: Path) -> None:
    """Semicolons between columns: what is said is how to mend that, not that columns are missing."""
    file = tmp_path / "german.csv"
    file.write_text("t_s;ax_m_s2;ay_m_s2\n0,01;1,5;2,5\n")
    with pytest.raises(RecordingError, match="columns are parted by semicolons; expected commas"):
        read_csv(file)

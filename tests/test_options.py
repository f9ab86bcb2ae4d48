"""Every option reaches what it is for: each command is called as a user calls it, and its result looked at."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from coxa.cli import bench, doctor, live, plot, record
from coxa.cli.live import LiveRequest
from coxa.cli.sensor_choice import SensorChoice
from coxa.cli.session_setup import Ended
from coxa.host.replay.csv_file import write_csv
from coxa.host.routine import SetPlan
from coxa.host.routine.plan import with_strap_checks
from tests.helpers import coxa_here, decoded, frames, joined, scenario
from tests.helpers_log import write


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sessions of Ann's, with samples, and one of Bob's, on three days."""
    folder = tmp_path_factory.mktemp("options") / "log"
    packets = frames(scenario("lateral_leg_raise", 3))[:1000]
    for day, person in ((2, "Ann"), (3, "Ann"), (4, "Bob")):
        write(folder, day, packets=packets, person=person, simulated=True)
    return folder


@pytest.mark.parametrize("kind", ["csv", "fhir", "motion-bids"])
def test_an_anonymous_export_tells_neither_who_nor_when(log: Path, tmp_path: Path, kind: str) -> None:
    """With --anonymous no name and no day is in any file or file name; without it both are."""

    def text(name: str, *words: str) -> str:
        done = coxa_here("export", kind, "--to", tmp_path / name, "--log", log, *words)
        assert done.exit_code == 0, done.exception
        written = [p for p in (tmp_path / name, *(tmp_path / name).rglob("*")) if p.is_file()]
        return "\n".join(f"{p.relative_to(tmp_path)}\n{p.read_text('utf-8')}" for p in written)

    plain, hidden = text("plain"), text("hidden", "--anonymous")
    for telling in ("Ann", "Bob", "2026-11"):
        assert telling in plain
        assert telling not in hidden


def test_bench_tells_its_figures_to_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One JSON object of the stream that was asked for, every figure in it above 0."""
    monkeypatch.setattr(bench, "ROUNDS", 1)
    monkeypatch.setattr(bench, "NAIVE_MINUTES", 0.1)
    told = json.loads(coxa_here("bench", "--minutes", "1", "--json").stdout)
    assert (told.pop("minutes"), told.pop("samples")) == (1.0, 6000)
    assert "Python" in told.pop("machine")
    ratios = {"ratio_to_vqf", "ratio_of_naive", "ratio_of_naive_imufusion"}
    assert told.keys() == {"samples_per_s", "live_p50_ms", "live_p99_ms", "live_p999_ms"} | ratios
    assert all(figure > 0 for figure in told.values())


def test_a_replay_holds_for_as_long_as_is_asked(tmp_path: Path) -> None:
    """--hold-target-s is the target that every hold is told with."""
    write_csv(tmp_path / "set.csv", joined(decoded(scenario("knee_to_chest", 3))))
    words = ("--exercise", "knee_to_chest", "--hold-target-s", "7", "--jsonl")
    told = [json.loads(line) for line in coxa_here("replay", tmp_path / "set.csv", *words).stdout.splitlines()]
    assert {e["target_s"] for e in told if e["type"] == "hold_ended"} == {7.0}


@pytest.mark.parametrize("checked", [False, True])
def test_a_live_session_does_what_is_asked(checked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its plan has the exercise, side and seconds of the command line, after a strap check if that is asked for."""
    plans = list[tuple[SetPlan, ...]]()

    async def session(_: LiveRequest, plan: tuple[SetPlan, ...], *__: object) -> Ended:
        plans.append(plan)
        return Ended(None)

    monkeypatch.setattr(live, "_session", session)
    words = ["--exercise", "hip_bridge", "--side", "left", "--hold-target-s", "9", "--voice", "quiet"]
    done = coxa_here("live", *words, "--log", tmp_path, *(["--check-strap"] if checked else []))
    assert done.exit_code == 0, done.exception
    plain = (SetPlan("hip_bridge", "left", None, 9.0),)
    assert plans == [with_strap_checks(plain) if checked else plain]
    assert with_strap_checks(plain) != plain


@pytest.mark.parametrize("words", ["live --exercise lunge", "doctor", "record --raw x.hex"])
def test_rate_and_ranges_are_not_mixed_up(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of --rate-hz, --range-g and --range-dps is what the sensor is told under that name."""
    heard = list[object]()

    def run(*given: object) -> None:
        heard.extend(g.sensor if isinstance(g, LiveRequest) else g for g in given)

    for module in (live, doctor, record):
        monkeypatch.setattr(module, "run", run)
    coxa_here(*words.split(), "--sensor", "witmotion", "--rate-hz", "50", "--range-g", "8", "--range-dps", "500")
    assert SensorChoice(None, None, "witmotion", 50.0, 8.0, 500.0) in heard


def test_trends_are_of_the_person_and_the_days_asked_for(log: Path) -> None:
    """Of a log of two people, --person tells one's sessions, and --since those from that day on."""

    def days(*words: str) -> set[str]:
        told = json.loads(coxa_here("trends", "--log", log, "--json", *words).stdout)
        return {session["date"] for trend in told["trends"] for session in trend["by_session"]}

    assert days("--person", "Ann") == {"2026-11-02", "2026-11-03"}
    assert days("--person", "Ann", "--since", "2026-11-03") == {"2026-11-03"}
    assert days("--person", "Bob") == {"2026-11-04"}


def test_a_picture_is_of_the_person_and_the_days_asked_for(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`plot trend` has a point for each session that --person and --since leave; a calendar is one person's, too."""
    drawn = list[Figure]()

    def save(figure: Figure, _: Path) -> None:
        drawn.append(figure)

    monkeypatch.setattr(plot, "save_picture", save)
    place, trend = ("--save", tmp_path / "x.png", "--log", log), ("trend", "--exercise", "lateral_leg_raise")
    ann = ("--person", "Ann")
    for words in ((*trend, *ann), (*trend, *ann, "--since", "2026-11-03"), ("calendar", *ann)):
        done = coxa_here("plot", *words, *place)
        assert done.exit_code == 0, done.exception
    points = [max(np.size(line.get_xdata()) for axes in figure.axes for line in axes.lines) for figure in drawn[:2]]
    assert points == [2, 1]


def test_a_report_is_of_the_person_and_the_days_asked_for(log: Path, tmp_path: Path) -> None:
    """--person, --since and --until choose whose sessions of which days the report is made of."""
    for name, *words in (
        ("all", "--person", "Ann"),
        ("late", "--person", "Ann", "--since", "2026-11-03"),
        ("early", "--person", "Ann", "--until", "2026-11-02"),
    ):
        done = coxa_here("report", "--html", tmp_path / name, "--log", log, *words)
        assert done.exit_code == 0, done.exception
    texts = {name: (tmp_path / name).read_text("utf-8") for name in ("all", "late", "early")}
    told = {name: [day for day in ("20261102", "20261103", "20261104") if day in text] for name, text in texts.items()}
    assert told == {"all": ["20261102", "20261103"], "late": ["20261103"], "early": ["20261102"]}
    assert all("Ann" in text and "Bob" not in text for text in texts.values())

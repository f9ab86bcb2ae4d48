"""`coxa score`: how right the counts are, on every recording with truth in some folders."""

from __future__ import annotations

import json
import re
from pathlib import Path

from rich.console import Console
from rich.table import Table

from coxa.analysis.score import Report, score_recordings
from coxa.analysis.score_figures import Figures
from coxa.analysis.score_recording import Failure
from coxa.cli.output import ProgressBar
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track


def run(places: list[Path], exercise: str | None, as_json: bool, plots: Path | None, workers: int | None) -> None:
    """Score the recordings and print tables for people or JSON for programs.

    Raises:
        RecordingError: there are no recordings, or one is broken.
        SpecError: no such exercise.
    """
    bar = ProgressBar("score", 1, quiet=as_json)
    with bar:
        report = score_recordings(places, exercise, workers, lambda _, of: bar.advance(of=of))
    if as_json:
        print(json.dumps(report.to_dict(), indent=1))
    else:
        _print(report)
    if plots is not None:
        _plot_failures(report, plots)


def _print(report: Report) -> None:
    console = Console()
    table = Table(
        *("exercise", "kind", "sets exact", "within 1", "prec.", "recall", "F1", "ROM mae / bias"),
        *("direction", "hold err. med / p90", "false/min outside", "decided med / p95"),
        title="counted against truth",
    )
    for line in (*report.exercises, *report.totals):
        table.add_row(*_cells(line))
    console.print(table)
    negatives = Table("asked for", "kind", "minutes", "false counts", "per minute", title="nothing may be counted")
    for n in report.negatives:
        negatives.add_row(n.exercise, n.kind, f"{n.minutes:.1f}", str(n.false), f"{n.false_per_min:.2f}")
    if report.negatives:
        console.print(negatives)
    for failure in report.failures:
        console.print(
            f"{failure.recording} ({failure.exercise}) {failure.what} at {failure.time_s:.1f} s: {failure.cause}",
            highlight=False,
        )


def _cells(f: Figures) -> tuple[str, ...]:
    return (
        f.exercise,
        f.kind,
        f"{f.sets_exact} of {f.sets}",
        f"{f.sets_within_one}",
        _text(f.precision, 3),
        _text(f.recall, 3),
        _text(f.f1, 3),
        f"{_text(f.rom_mae_deg, 1)} / {_text(f.rom_bias_deg, 1)} deg",
        _text(f.direction_accuracy, 2),
        f"{_text(f.hold_error_median_s, 2)} / {_text(f.hold_error_p90_s, 2)} s",
        _text(f.false_per_min_outside_sets, 2),
        f"{_text(f.latency_median_s, 2)} / {_text(f.latency_p95_s, 2)} s",
    )


def _text(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _plot_failures(report: Report, folder: Path) -> None:
    """One picture for each recording that has a failure: what the thigh did, what was counted, what is true."""
    from coxa.analysis.plots.failure import draw_failures

    folder.mkdir(parents=True, exist_ok=True)
    by_run = dict[tuple[str, str, str], list[Failure]]()
    for score in report.recordings:
        if score.failures:
            by_run[(score.recording, score.path, score.exercise)] = score.failures
    for (name, path, exercise), failures in by_run.items():
        items = read_csv(Path(path))
        where = folder / re.sub(r"[^\w.-]", "_", f"{name}.{exercise}.png")
        draw_failures(items, track(items, exercise), failures, f"{name}, asked for {exercise}", where)

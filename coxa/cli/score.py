"""`coxa score`: how right the counts are, on every recording with truth in some folders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from coxa.analysis.score import Report, score_recordings, truth_of
from coxa.analysis.score_figures import Figures
from coxa.analysis.score_recording import Failure, RecordingScore
from coxa.analysis.score_truth import read_truth
from coxa.cli.output import ProgressBar, may_write, narrow_table, picture_written, print_table, tell
from coxa.host.errors import RecordingError, SpecError, reason_of
from coxa.host.plural import count_of
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track
from coxa.host.strict_json import json_text
from coxa.host.tracker import AUTO

ROM_NOTES = {
    "mocap": "Here the true ROM is the change of inclination, coxa's the angle from the rest\n"
    "pose. Where the thigh rests tilted they differ by 5 to 15 degrees, for one person\n"
    "by as much every time: what is left with that bias out is error of measurement.",
}
"""What must be known beside the errors of the range of motion, by kind of recording."""


def run(places: list[Path], exercise: str | None, as_json: bool, plots: Path | None, workers: int | None) -> None:
    """Score the recordings and print tables for people or JSON for programs.

    Raises:
        RecordingError: there are no recordings, or some cannot be read; the others have been scored.
        SpecError: no such exercise, or no folder for the plots can be made.
    """
    if plots is not None:
        _make_folder(plots)
    bar = ProgressBar("score", 1, quiet=as_json)
    with bar:
        report = score_recordings(places, exercise, workers, lambda _, of: bar.advance(of=of))
    if as_json:
        print(json_text(report.to_dict(), indent=1))
    else:
        print_report(report)
    if plots is not None:
        _plot_failures(report, plots)
    for line in report.broken:
        tell(line)
    if report.broken:
        of = len({score.path for score in report.recordings}) + len(report.broken)
        raise RecordingError(f"{len(report.broken)} of {of} recordings cannot be read; the figures are of the others")


def print_report(report: Report) -> None:
    """Tables that fit into 80 columns, the headline of each kind of recording first."""
    console = Console(highlight=False)
    for kind in [total.kind for total in report.totals]:
        lines = [f for f in (*report.exercises, *report.totals) if f.kind == kind]
        _print_kind(console, lines)
    if report.negatives:
        _print_negatives(console, report)
    count = len(report.failures)
    console.print(count_of(count, "failure") if count else "no failures")
    for failure in report.failures:
        where = f"{failure.recording} ({failure.exercise}) {failure.what} at {failure.time_s:.1f} s"
        console.print(f"{where}: {failure.cause}", markup=False, soft_wrap=True)


def _print_kind(console: Console, lines: list[Figures]) -> None:
    """What was counted, and how well it was measured, in one kind of recording; its total is the last line."""
    total = lines[-1]
    console.print(f"[bold]{escape(total.kind)}[/], {count_of(total.recordings, 'recording')}: {_headline(total)}")
    counted = narrow_table("", "sets\nexact", "±1", "preci-\nsion", "recall", "F1", "false\n/ min", "auto\nright")
    measured = narrow_table("degrees", "ROM\nerror", "bias", "own bias\nout", "in 2\nSD", "direc-\ntion")
    held = narrow_table("holds", "found", "false", "kept or short\nrightly said", "error, seconds\nmedian, 90%")
    decided = narrow_table("decided, seconds\nmedian, 95%", "after\nits end", "after the\ntrue end", "from the\n4th on")
    for line in lines:
        end = line is lines[-2] if len(lines) > 1 else False
        counted.add_row(*_counted(line), end_section=end)
        measured.add_row(*_measured(line), end_section=end)
        if line.holds_required or line.holds_false:
            if line is total:
                held.add_section()
            held.add_row(*_held(line))
        decided.add_row(*_decided(line), end_section=end)
    print_table(console, counted)
    print_table(console, measured)
    if (note := ROM_NOTES.get(total.kind)) is not None:
        console.print(note)
    if held.row_count:
        print_table(console, held)
    print_table(console, decided)


def _print_negatives(console: Console, report: Report) -> None:
    """False counts in how many minutes, by the exercise asked for and the kind of recording."""
    negatives = report.negatives
    kinds = sorted({n.kind for n in negatives})
    false, asked = sum(n.false for n in negatives), _asked([r for r in report.recordings if r.negative])
    console.print(f"[bold]nothing may be counted[/]: {count_of(false, 'false count')} in {asked}")
    table = narrow_table("false in minutes", *(escape(kind.replace(", ", ",\n")) for kind in kinds))
    for asked in sorted({n.exercise for n in negatives}):
        own = {n.kind: f"{n.false} in {n.minutes:.1f}" for n in negatives if n.exercise == asked}
        table.add_row(asked, *(own.get(kind, "-") for kind in kinds))
    print_table(console, table)


def _asked(negatives: Sequence[RecordingScore]) -> str:
    """`88 minutes, each asked for 1 to 8 exercises and for auto`: a recording lasts once, whatever it is asked for."""
    minutes = sum({r.path: r.duration_s for r in negatives}.values()) / 60
    exercises = Counter(r.path for r in negatives if r.exercise != AUTO)
    least, most = (f(exercises[r.path] for r in negatives) for f in (min, max))
    times = [f"{least} to {count_of(most, 'exercise')}" if least < most else count_of(most, "exercise")] if most else []
    times += [AUTO] if any(r.exercise == AUTO for r in negatives) else []
    return f"{minutes:.0f} minutes, each asked for {' and for '.join(times)}"


def _headline(f: Figures) -> str:
    said = [f"{f.sets_exact} of {f.sets} sets exact" if f.sets else f"{f.reps_found} of {f.reps_required} repetitions"]
    said += [f"F1 {_text(f.f1, 3)}", f"{f.false_outside_sets} false outside sets"]
    if f.auto_sets:
        said.append(f"auto right in {f.auto_right} of {f.auto_sets}, wrong in {f.auto_wrong}")
    return ", ".join(said)


def _counted(f: Figures) -> tuple[str, ...]:
    return (
        f.exercise,
        f"{f.sets_exact} of {f.sets}",
        f"{f.sets_within_one}",
        _text(f.precision, 3),
        _text(f.recall, 3),
        _text(f.f1, 3),
        _text(f.false_per_min_outside_sets, 2),
        f"{f.auto_right} of {f.auto_sets}" if f.auto_sets else "-",
    )


def _measured(f: Figures) -> tuple[str, ...]:
    """Degrees, also with each recording's own bias out; share within 2 standard uncertainties."""
    return (
        f.exercise,
        _text(f.rom_mae_deg, 1),
        "-" if f.rom_bias_deg is None else f"{f.rom_bias_deg:+.1f}",
        _text(f.rom_scatter_deg, 1),
        "-" if f.rom_within_uncertainty is None else f"{100 * f.rom_within_uncertainty:.0f}%",
        _text(f.direction_accuracy, 2),
    )


def _held(f: Figures) -> tuple[str, ...]:
    """Holds found of those required, those that were not held, and how well the time was measured."""
    return (
        f.exercise,
        f"{f.holds_found} of {f.holds_required}",
        f"{f.holds_false}",
        _text(f.hold_verdict_accuracy, 2),
        _pair(f.hold_error_median_s, f.hold_error_p90_s),
    )


def _decided(f: Figures) -> tuple[str, ...]:
    """Median and 95th percentile. A hold ends where the pose is left, its repetition where the thigh is back."""
    true_end = f.true_latency_median_s, f.true_latency_p95_s
    later = f.later_latency_median_s, f.later_latency_p95_s
    return f.exercise, _pair(f.latency_median_s, f.latency_p95_s), _pair(*true_end), _pair(*later)


def _pair(middle: float | None, high: float | None) -> str:
    return "-" if middle is None or high is None else f"{middle:.2f}, {high:.2f}"


def _text(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SpecError(f"--plots {folder}: no folder can be made there ({reason_of(error)})") from None
    if not may_write(folder):
        raise SpecError(f"--plots {folder}: no right to write there; name another folder")


def _plot_failures(report: Report, folder: Path) -> None:
    """One picture for each recording that has a failure: what the thigh did, what was counted, what is true."""
    from coxa.analysis.plots.failure import draw_failures

    by_run = dict[tuple[str, str, str], list[Failure]]()
    for score in report.recordings:
        if score.failures:
            by_run[(score.recording, score.path, score.exercise)] = score.failures
    for (name, path, exercise), failures in by_run.items():
        items, truth = read_csv(Path(path)), read_truth(truth_of(Path(path)))
        where = folder / re.sub(r"[^\w.-]", "_", f"{name}.{exercise}.png")
        with picture_written("--plots", where):
            events = track(items, exercise, truth.side)
            draw_failures(items, events, failures, truth, f"{name}, asked for {exercise}", where)

"""`coxa report`: the physiotherapist's two pages, as a page or a PDF."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.console import Console

from coxa.analysis.load import load
from coxa.analysis.report.choice import Choice
from coxa.analysis.report.content import report_content
from coxa.analysis.report.details import read_details
from coxa.cli.day import parse_day
from coxa.cli.output import check_file, tell
from coxa.cli.repaired import repaired_log
from coxa.host.errors import LogError, SpecError, reason_of
from coxa.host.private_file import put


def run(
    html: Path | None,
    pdf: Path | None,
    since: str | None,
    until: str | None,
    person: str | None,
    days_per_week: int | None,
    log: str | None,
) -> None:
    """Write the report.

    Raises:
        SpecError: an option is missing or wrong, or no file can be written there.
        LogError: there is nothing to report, or no right to write there.
    """
    if html is None and pdf is None:
        raise SpecError("say where the report goes: --html FILE, --pdf FILE or both")
    if html is not None and pdf is not None and html.resolve() == pdf.resolve():
        raise SpecError(f"--html and --pdf name the same file, {html}: one would replace the other")
    _check("--html", html, (".html", ".htm"))
    _check("--pdf", pdf, (".pdf",))
    choice = Choice(parse_day("--since", since), parse_day("--until", until), person, days_per_week)
    folder = repaired_log(log)
    frames = load(folder, broken=lambda line: tell(f"left out: {line}"))
    content = report_content(frames, date.today(), choice, read_details(frames.sessions, folder))
    if html is not None:
        from coxa.analysis.report.html import html_text

        _write(html, html_text(content).encode())
    if pdf is not None:
        from coxa.analysis.report.pdf import pdf_bytes

        _write(pdf, pdf_bytes(content))


def _check(option: str, where: Path | None, endings: tuple[str, ...]) -> None:
    """Raises SpecError: no such file can be written there, or its name says that it is something else."""
    check_file(option, where, f"report{endings[0]}")
    if where is not None and where.suffix and where.suffix.lower() not in endings:
        raise SpecError(f"{option} {where}: what is written is {endings[0][1:].upper()}; end its name in {endings[0]}")


def _write(path: Path, content: bytes) -> None:
    """In one step: a report is there whole or not at all. Readable by its owner only."""
    try:
        put(path, content)
    except OSError as error:
        raise LogError(f"{path}: the report cannot be written ({reason_of(error)}); choose another place") from error
    Console().print(f"report  {path}", highlight=False, markup=False, soft_wrap=True)

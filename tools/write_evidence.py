"""Writes docs/evidence.md: `tools/evidence [--only NAME...] [--full]`; `--list` says which sections there are.

A section is written as soon as its command has ended, the others stay as they are, each with the date and the machine
of its own run; the table at the top is made of them, and `--table` makes it anew and runs nothing. Short commands by
default. Status 1 if a command failed; a goal that is missed is told and stands in the table.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tools.evidence_goals import missed
from tools.evidence_sections import SECTIONS, Section

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "evidence.md"
COLUMNS = 120
HEAD = """# Evidence

Written by `tools/evidence`, never by hand; `tools/evidence --only NAME` writes one section anew. Status is what the
command ended with, 0 being good, and whether its figures reach the goal: what they miss is named.

| what | goal | seen | status | command | date |
|---|---|---|---|---|---|
"""


def written(page: str) -> dict[str, str]:
    """The sections that stand in a page, by name."""
    found = re.finditer(r"<!-- section (\w+) -->\n(.*?)<!-- end \1 -->\n", page, re.DOTALL)
    return {m[1]: m[2] for m in found}


def composed(sections: dict[str, str]) -> str:
    """The page of these sections, in the registry's order, with its table."""
    rows, bodies = list[str](), list[str]()
    for section in SECTIONS:
        body = sections.get(section.name)
        if body is None:
            rows.append(f"| {section.title} | {section.goal} | not run yet | - | `{_cell(section.short)}` | - |")
            continue
        rows.append(row_of(section, body))
        bodies.append(f"\n<!-- section {section.name} -->\n{body}<!-- end {section.name} -->\n")
    return HEAD + "\n".join(rows) + "\n" + "".join(bodies)


def row_of(section: Section, body: str) -> str:
    """A section's row of the table: what it keeps of its run, what was seen and the status judged anew."""
    row = re.search(r"<!-- row \| (.*) \| -->", body)
    output = re.search(r"^```\n\$ .*\n((?s:.*))\Z", body, re.MULTILINE)
    if row is None or output is None:
        return ""
    title, goal, _, status, command, date_of_run = re.split(r" (?<!\\)\| ", row[1])
    cells = (title, goal, _cell(seen(section, output[1])), _cell(_judged(section, status, output[1])), command)
    return f"| {' | '.join(cells)} | {date_of_run} |"


def _judged(section: Section, status: str, output: str) -> str:
    """The command's status, and where that is good what its figures miss of the goal."""
    short = missed(section.goals, output) if status == "0" else ""
    return f"{status}, missed: {short}" if short else status


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def seen(section: Section, output: str) -> str:
    """What of a command's output stands in the table: the last place that the section's pattern matches."""
    matches = list(re.finditer(section.seen, output, re.MULTILINE)) if section.seen else []
    if not matches:
        return "see below"
    groups = [g for g in matches[-1].groups() if g]
    return re.sub(r"\s*\|\s*", ", ", (", ".join(groups) or matches[-1][0]).strip(" |"))


def machine() -> str:
    """Processor, cores and Python; nothing that names this computer or its owner."""
    cpu = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        names = re.findall(r"model name\s*: (.*)", info.read_text())
        cpu = names[0] if names else cpu
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def ready(command: str) -> bool:
    """Whether every tool that a command calls exists in this checkout."""
    tools = re.findall(r"-m tools\.(\w+)", command)
    return all((ROOT / "tools" / f"{t}.py").exists() or (ROOT / "tools" / t / "__main__.py").exists() for t in tools)


def measured(section: Section, *, full: bool) -> tuple[str, int]:
    """Run a section's command; gives its text and the command's status."""
    command = section.full if full and section.full else section.short
    with tempfile.TemporaryDirectory() as log:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "COXA_LOG": log, "COLUMNS": str(COLUMNS), "NO_COLOR": "1"}
        begun_s = time.monotonic()
        ran = subprocess.run(command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True)
    output = ran.stdout.rstrip() + ("" if ran.returncode == 0 else "\n" + ran.stderr[-2000:].rstrip())
    took_s = time.monotonic() - begun_s
    return text_of(section, command, output, ran.returncode, took_s), ran.returncode


def text_of(section: Section, command: str, output: str, status: int, took_s: float) -> str:
    """The section as it stands in the page, its row of the table kept in a comment."""
    output = output.replace(str(ROOT), ".").replace(str(Path.home()), "~").strip("\n")
    figures = f"```\n$ {command}\n{output}\n```"
    if re.search(r"^\|---", output, re.MULTILINE):  # a table that is one in Markdown too, after an empty line
        output = re.sub(r"^([^|\n].*\n)(?=\|)", r"\1\n", output, flags=re.MULTILINE)
        figures = f"```\n$ {command}\n```\n\n{output}"
    row = (section.title, section.goal, seen(section, output), str(status), f"`{command}`", str(date.today()))
    return (
        f"<!-- row | {' | '.join(_cell(c) for c in row)} | -->\n## {section.title}\n\n"
        + (f"{section.says}\n\n" if section.says else "")
        + f"Goal: {section.goal}. {date.today()}, {machine()}, coxa {_version()}; took {took_s / 60:.1f} min.\n\n"
        + f"{figures}\n"
    )


def _version() -> str:
    """The commit; "-dirty" where anything but this page, and the pictures that its commands draw, differs from it."""
    apart = (":!docs/evidence.md", ":!docs/pictures")
    asked, changed = (
        subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()
        for words in (("describe", "--always"), ("status", "--porcelain", "--", ".", *apart))
    )
    return asked + ("-dirty" if changed else "") or "of no commit"


def kept() -> dict[str, str]:
    """The sections that stand in the page."""
    return written(PAGE.read_text(encoding="utf-8") if PAGE.exists() else "")


def save(sections: dict[str, str]) -> None:
    """Write the page in one step."""
    part = PAGE.with_suffix(".part")
    part.write_text(composed(sections), encoding="utf-8")
    part.replace(PAGE)


def show_list() -> None:
    """Print each section with what its commands take."""
    for s in SECTIONS:
        there = " (only when named, or with --full)" if s.only_asked else ""
        there += "" if ready(s.short) else " (its tool is not in this checkout)"
        full = f"{s.full_minutes:5g}" if s.full else "    -"
        print(f"{s.name:12} {s.minutes:4g} min, full {full}  {s.title}{there}\n{'':13}{s.short}")
    minutes = sum(s.minutes for s in SECTIONS if not s.only_asked)
    print(f"{'all':12} {minutes:4g} min without those that run only when asked for")


def main() -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [s.name for s in SECTIONS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME")
    parser.add_argument("--full", action="store_true", help="the full commands, where there is one")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--table", action="store_true", help="only the table, from the sections as they are")
    arguments = parser.parse_args()
    if arguments.list:
        show_list()
        return
    if arguments.table:
        save(kept())
        return
    failed = list[str]()
    asked = arguments.only or [s.name for s in SECTIONS if arguments.full or not s.only_asked]
    for section in (s for s in SECTIONS if s.name in asked):
        if not ready(section.short):
            print(f"{section.name}: its tool is not in this checkout, left as it was", file=sys.stderr)
            failed.append(section.name)
            continue
        text, status = measured(section, full=arguments.full)
        failed += [section.name] if status else []
        save(kept() | {section.name: text})
        print(f"written: {row_of(section, text)}", file=sys.stderr)
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()

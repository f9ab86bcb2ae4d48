"""Screenshots of the page for README and docs: `python -m tools.page_pictures [FOLDER]`, default docs/pictures.

Runs `coxa demo --page` in real time, takes a picture while repetitions are counted and while a hold runs, on a laptop
and on a phone, light and dark; then of the session afterwards. Needs chromium.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

LAPTOP = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)
WAIT_MS = 200_000


def main(folder: Path) -> None:
    """Make them all."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("page_pictures: needs chromium")
    command = [str(Path(sys.executable).with_name("coxa")), "demo", "--seed", "2", "--page", "--voice", "quiet"]
    with tempfile.TemporaryDirectory() as log:
        demo = subprocess.Popen([*command, "--log", log], stdout=subprocess.PIPE, text=True)
        assert demo.stdout is not None
        link = next(found[1] for line in demo.stdout if (found := re.match(r"page +(\S+)", line)))
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            laptop = browser.new_context(viewport=LAPTOP, color_scheme="light", bypass_csp=True).new_page()
            phone = browser.new_context(
                viewport=PHONE, color_scheme="dark", device_scale_factor=2, bypass_csp=True
            ).new_page()
            for page in (laptop, phone):
                page.goto(link)
            _count(laptop, 4)
            laptop.screenshot(path=folder / "page_reps.png")
            laptop.wait_for_selector(".ring.on", timeout=WAIT_MS)
            laptop.wait_for_function(
                "parseFloat(document.querySelector('#hold').textContent.match(/\\d+/)) >= 8", timeout=WAIT_MS
            )
            phone.screenshot(path=folder / "page_hold_phone.png")
            laptop.emulate_media(color_scheme="dark")
            laptop.screenshot(path=folder / "page_hold.png")
            laptop.wait_for_selector("#over:not([hidden])", timeout=WAIT_MS)
            laptop.emulate_media(color_scheme="light")
            laptop.click("#over-link")
            laptop.wait_for_selector("canvas")
            laptop.wait_for_timeout(800)
            laptop.screenshot(path=folder / "page_session.png")
            browser.close()
        demo.send_signal(signal.SIGINT)
        demo.wait(20)


def _count(page: Page, n: int) -> None:
    page.wait_for_function(f"parseInt(document.querySelector('#count').textContent) >= {n}", timeout=WAIT_MS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/pictures"))
    main(parser.parse_args().folder)

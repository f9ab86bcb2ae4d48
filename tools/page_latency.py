"""How long after a decision the count stands on the screen of a real browser.

`python -m tools.page_latency [BROWSERS]`. A simulated set of two minutes is played to the page in real time; each
browser notes when its count changes. Prints the median, 95th percentile and largest delay, and how many pictures a
second are drawn. Status 1 where a count was not seen.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import threading
import time

import numpy as np
from playwright.sync_api import Page, sync_playwright

from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import build_routine
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.routine import Coach, SetPlan
from coxa.host.voice import load_phrases
from coxa.host.wire import Decoder
from coxa.page.server import PageServer
from coxa.page.state import PageWatcher

EXERCISE, REPS, SEED = "lateral_leg_raise", 21, 5
"""So many that the 95th percentile is not the largest."""
LOOK = """
addEventListener("DOMContentLoaded", () => {
  window.changes = {}; window.pictures = 0;
  const count = document.querySelector("#count");
  new MutationObserver(() => (window.changes[count.textContent] ??= Date.now())).observe(count, {childList: true});
  const tick = () => { window.pictures++; requestAnimationFrame(tick); };
  tick();
});
"""


def play(watcher: PageWatcher, decided_s: dict[int, float], over: threading.Event) -> None:
    """Feed a set packet by packet as it comes from a sensor; note when each count is decided."""
    made = build_routine([{"exercise": EXERCISE, "side": "right", "reps": REPS}], SEED)
    firmware, decoder = Firmware(made.raw, "LATENCY1"), Decoder()
    coach, first_us = Coach((SetPlan(EXERCISE),)), firmware.ready_at_us(0)
    watcher.status(LinkStatus(True, "connected"))
    decoder.feed(firmware.description_frame())
    begun_s = time.monotonic()
    for k in range(firmware.packets):
        time.sleep(max(0.0, begun_s + (firmware.ready_at_us(k) - first_us) * 1e-6 - time.monotonic()))
        for item in decoder.feed(firmware.frame(k)):
            for event in coach.feed(item):
                watcher.event(event)
        if coach.done:
            decided_s.setdefault(coach.done, time.time())
        watcher.progress(coach, StreamQuality())
    over.set()


def main(browsers: int) -> None:
    """Print the figures.

    Raises:
        SystemExit: a browser did not show every count.
    """
    watcher = PageWatcher((SetPlan(EXERCISE),), load_phrases("en"))
    decided_s, over = dict[int, float](), threading.Event()
    with PageServer(watcher, None, tell=lambda _: None) as server, sync_playwright() as play_with:
        browser = play_with.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        pages = [_open(browser.new_context().new_page(), server.link) for _ in range(browsers)]
        thread = threading.Thread(target=play, args=(watcher, decided_s, over))
        begun_s = time.monotonic()
        thread.start()
        while not over.is_set():
            pages[0].wait_for_timeout(200)
        seconds = time.monotonic() - begun_s
        delays_ms = list[float]()
        for page in pages:
            seen = page.evaluate("window.changes")
            delays_ms += [seen[str(n)] - 1000 * at for n, at in decided_s.items() if str(n) in seen]
        pictures = statistics.mean(page.evaluate("window.pictures") for page in pages) / seconds
        browser.close()
    due = browsers * REPS
    if len(delays_ms) < due:
        sys.exit(f"{len(delays_ms)} of {due} counts were seen")
    median_ms, p95_ms = np.percentile(delays_ms, [50, 95])
    print(
        f"{browsers} browser{'s' if browsers > 1 else ''}, {len(decided_s)} counts: decision to screen median "
        f"{median_ms:.0f} ms, 95th percentile {p95_ms:.0f} ms, "
        f"largest {max(delays_ms):.0f} ms; {len(delays_ms)} of {due} seen; "
        f"{pictures:.0f} pictures a second"
    )


def _open(page: Page, link: str) -> Page:
    page.add_init_script(LOOK)
    page.goto(link)
    return page


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)

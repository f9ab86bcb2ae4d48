"""How the live page looks: nothing lies over anything, nothing is cut, all of it can be read. Its states are played."""

from __future__ import annotations

import json
import re
from itertools import combinations, product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from coxa.host.routine import SetPlan
from coxa.host.voice import load_phrases
from coxa.page.app import STATIC
from coxa.page.figures import figures_json
from coxa.page.frame import HEAD
from coxa.page.state import PageWatcher

PLACE = "http://coxa.test/"
KINDS = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
SIZES = [(320, 568), (360, 640), (390, 844), (844, 390), (820, 1180), (1366, 768)]
PLAN = (
    SetPlan("lateral_leg_raise", "left", 10),
    SetPlan("hamstring_stretch", "left", hold_target_s=30.0),
    SetPlan("hamstring_stretch", "right", hold_target_s=30.0, move_sensor=True),
)
RAISES: dict[str, Any] = {
    "linked": True, "over": False, "t_s": 60.0, "elevation_deg": 32.0, "needed_deg": 13.0, "up": [0.1, 0.9, 0.3],
    "count": 4, "target": 10, "set": 0, "exercise": "lateral_leg_raise", "side": "left", "state": "ready",
    "lost": 12, "rssi_dbm": -88, "battery": 78, "reconnects": 2, "rate_hz": 100.0, "begun_s": 0.0,
}  # fmt: skip
STRETCH = RAISES | {
    "exercise": "hamstring_stretch", "set": 1, "count": 1, "target": 2, "state": "holding", "hold_target_s": 30.0,
    "hold_s": 34.0, "needed_deg": None, "band_deg": [8.0, 15.0],
}  # fmt: skip
STATES: dict[str, dict[str, Any]] = {
    "waiting": {"linked": False, "over": False, "count": 0, "set": 0},
    "still": RAISES | {"state": "waiting for rest", "count": 0, "up": None, "elevation_deg": None},
    "strap check": RAISES | {"state": "strap check", "count": 0},
    "many": RAISES | {"count": 88, "target": 100},
    "held": STRETCH,
    "long hold": STRETCH | {"hold_s": 5.0, "hold_target_s": 120.0},
    "paused": STRETCH | {"state": "paused"},
    "lost": RAISES | {"linked": False, "state": "no signal"},
    "faulty": RAISES | {"state": "sensor faulty"},
    "rest": RAISES | {"set": 1, "exercise": "hamstring_stretch", "count": 0, "rest_left_s": 14.2, "rest_s": 20.0},
    "move": RAISES | {"set": 2, "exercise": "hamstring_stretch", "state": "move"},
    "over": STRETCH | {"hold_s": None, "state": "done", "over": True, "linked": False, "session": "one"},
}
PARTS = ("title", "sub", "figure", "clock", "count", "of", "hold")
BOXES = """names => Object.fromEntries([...names, "now"].map(name => {
  const element = document.getElementById(name);
  if (name === "now" || name === "figure") return [name, element.getBoundingClientRect().toJSON()];
  const words = document.createRange();
  words.selectNodeContents(element);
  const box = words.getBoundingClientRect().toJSON();
  const line = element.getBoundingClientRect(); // letters are less high than their line, and as wide as they are
  return [name, { ...box, top: line.top, bottom: line.bottom }];
}).filter(([name, box]) => box.right > box.left && (name !== "figure" || document.querySelector("#figure line"))))"""


def played(browser: Browser, size: tuple[int, int], state: str, lang: str = "de", scheme: Any = "light") -> Page:
    """The page at a size, as it is in a state."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    opening = PageWatcher(PLAN, load_phrases(lang)).opening()

    def file(route: Route) -> None:
        name = route.request.url.removeprefix(PLACE).removeprefix("static/") or "live.html"
        if name == "figures.json":
            return route.fulfill(body=figures_json(), content_type="application/json")
        return route.fulfill(body=(STATIC / name).read_text("utf-8"), content_type=KINDS[name.split(".")[-1]])

    page.route(f"{PLACE}**", file)

    def feed(socket: Any) -> None:
        socket.send(json.dumps({"opening": opening}))
        socket.send(json.dumps({"state": STATES[state], "trace": [], "marks": []}))

    page.route_web_socket("**/feed", feed)
    page.goto(PLACE)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.locator("#link-text")).not_to_have_text("\u2026")
    drawn(page)
    return page


def drawn(page: Page) -> None:
    """Wait until a frame has been drawn."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("lang", ["en", "de"])
def test_nothing_lies_over_anything_and_nothing_is_cut(browser: Browser, state: str, lang: str):
    """Claim: on every screen the words, the number, the clock and the figure are apart and inside their panel, the
    panel is on the first screen, the sensor's figures are inside theirs, and the page is no wider than the screen."""
    page = played(browser, SIZES[0], state, lang)
    assert [f"{size}: {fault}" for size in SIZES for fault in faults(page, size)] == []
    page.close()


def faults(page: Page, size: tuple[int, int]) -> list[str]:
    """What is wrong with the page once its window has this size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    drawn(page)
    wrong = list[str]()
    boxes = page.evaluate(BOXES, list(PARTS))
    panel = boxes.pop("now")
    for (a, one), (b, other) in combinations(boxes.items(), 2):
        across = min(one["right"], other["right"]) - max(one["left"], other["left"])
        down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
        if across > 1 and down > 1:
            wrong.append(f"{a} over {b} by {across:.0f} x {down:.0f}")
    for name, box in boxes.items():
        beyond = [panel["left"] - box["left"], box["right"] - panel["right"], panel["top"] - box["top"],
                  box["bottom"] - panel["bottom"]]  # fmt: skip
        if max(beyond) > 0:
            wrong.append(f"{name} leaves its panel by {max(beyond):.0f}")
    if panel["bottom"] > size[1]:
        wrong.append("the count is not on the first screen")
    if page.evaluate("document.documentElement.scrollWidth") > size[0]:
        wrong.append("wider than the screen")
    if page.evaluate("(e => e.scrollHeight > e.clientHeight + 1)(document.querySelector('.signal'))"):
        wrong.append("the sensor's figures leave their panel")
    return wrong


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("paused", "Angehalten"),
        ("lost", "Keine Verbindung zum Sensor"),
        ("faulty", "Der Sensor ist gest\u00f6rt"),
        ("still", "Zwei Sekunden stillhalten"),
    ],
)
def test_what_stops_the_count_can_be_read_from_the_mat(browser: Browser, state: str, words: str):
    """Claim: why nothing counts, and what is to be done, stands large below the number, which steps back meanwhile."""
    page = played(browser, (360, 640), state)
    expect(page.locator("#hold")).to_have_text(words)
    assert page.evaluate("parseFloat(getComputedStyle(document.getElementById('hold')).fontSize)") >= 24
    assert ("stopped" in str(page.locator("#now").get_attribute("class"))) == (state != "still")


def test_a_browser_without_container_units_has_large_figures_too():
    """Claim: each size in units of its box, which browsers know since 2022 only, has a plain one before it."""
    css = (STATIC / "live.css").read_text("utf-8")
    sizes = [re.findall(r"font-size: ([^;}]+)", rule) for rule in re.findall(r"\{([^{}]*)\}", css)]
    measured = [pair for pair in sizes if any("cq" in size for size in pair)]
    assert len(measured) == 4
    assert all(len(pair) == 2 and "cq" not in pair[0] for pair in measured)


def test_the_colours_of_words_are_told_from_what_is_behind_them():
    """Claim: on every ground, light and dark, words have the contrast of 4.5 that WCAG 2.1 AA asks of small ones."""
    palette, live, log = ((STATIC / f"{name}.css").read_text("utf-8") for name in ("palette", "live", "log"))
    themes = [dict(re.findall(r"--(\w+): (#\w{6});", theme)) for theme in re.findall(r"\{([^}]*--bg:[^}]*)\}", palette)]
    assert len(themes) == 2  # light and dark
    assert "--bg:" not in live + log  # both take them from there
    assert all("/static/palette.css" in head for head in ((STATIC / "live.html").read_text("utf-8"), HEAD))
    for colours, ink, ground in product(themes, ("ink", "soft", "blue", "green", "amber"), ("bg", "panel")):
        assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    white_on = re.findall(r"\.(?:cue|over) \{[^}]*background: (#\w{6}|var\(--\w+\))", live)
    assert len(white_on) == 4
    for ground in white_on:
        assert _contrast("#ffffff", themes[0].get(ground[6:-1], ground)) >= 4.5, ground


def _contrast(one: str, other: str) -> float:
    """After WCAG 2.1."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)

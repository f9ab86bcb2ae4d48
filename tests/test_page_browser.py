"""The page in a real browser, beside a real session over the virtual radio."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from coxa.firmware_sim.scenario import Scenario
from coxa.host.cues.kinds import cue
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.routine import Coach, SetPlan
from coxa.host.voice import load_phrases
from coxa.page.server import PageServer
from coxa.page.state import PageWatcher
from tests.helpers import cut, decoded, scenario
from tests.helpers_page import running_page

WAIT_MS = 90_000
SEED = 2
"""Five raises on the right side, eight circles, a hold that is kept and one that is let go."""


KEEPS_NOTHING = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
"""
"""A browser that lets no page keep anything."""


def errors_of(page: Page) -> list[str]:
    """What goes wrong in the page from now on."""
    errors = list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    return errors


@pytest.mark.timeout(170)
def test_a_session_is_watched_from_its_beginning_to_its_place_in_the_log(browser: Browser, tmp_path: Path):
    """Claim: count and routine are shown as they happen, a reload and a second browser see the present
    state, also where the browser keeps nothing, and afterwards the session is found, drawn and can be put right by
    hand, and trends say what of it they lack; nothing comes from elsewhere."""
    log = str(tmp_path / "log")
    with running_page("demo", "--fast", "--seed", str(SEED), "--page", "--log", log) as (running, link):
        context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
        page, asked = context.new_page(), list[str]()
        errors = errors_of(page)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(link)
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        expect(page.locator("#told .rep")).not_to_have_count(0, timeout=WAIT_MS)
        page.reload()
        expect(page.locator("#told .rep")).not_to_have_count(0, timeout=WAIT_MS)
        other = browser.new_context(color_scheme="light").new_page()
        other.add_init_script(KEEPS_NOTHING)
        other_errors = errors_of(other)
        other.goto(link)
        expect(other.locator("html")).to_have_attribute("data-theme", "light")
        for each in (page, other):
            expect(each.locator("#over")).to_be_visible(timeout=WAIT_MS)
            told = each.locator("#told")
            expect(told.locator(".rep")).to_have_count(13)
            expect(told.locator(".held")).to_have_count(2)
            expect(told.locator(".rejected")).not_to_have_count(0)
            expect(each.locator("#count")).to_have_text("2")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not errors
        assert {url.split("/")[2] for url in asked if url.startswith("http")} == {link.split("/")[2]}
        _put_right(other, log)
        assert not other_errors
        assert running.poll() is None
    assert running.returncode == 0


def _put_right(page: Page, log: str) -> None:
    """From the link at the end of the session to a correction in its folder."""
    page.locator("#over-link").click()
    expect(page.get_by_text("coxa counted 5")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("canvas").first).to_be_visible()
    expect(page.get_by_role("img", name="angle of the thigh over the session")).to_have_count(1)
    page.get_by_role("slider", name="time").press("End")
    page.get_by_role("button", name="play back").click()
    expect(page.get_by_text(re.compile(r"^\d\.\d s · "))).to_be_visible()  # from the beginning
    page.get_by_role("button", name="play back").click()
    correct = page.get_by_role("button", name="Correct: 1. Side-lying leg raises, right leg")
    correct.press("Enter")
    for said in ("", "7.6"):
        page.get_by_role("spinbutton", name="How many were there truly").fill(said)
        page.get_by_role("button", name="Keep").press("Enter")
        expect(page.get_by_text("A whole number, please")).to_be_visible()
        expect(page.get_by_text("A whole number, please")).to_have_count(0, timeout=WAIT_MS)
    page.keyboard.press("Escape")
    correct.press("Enter")
    expect(page.get_by_role("spinbutton", name="How many were there truly")).to_have_value("5")
    assert not list(Path(log).rglob("corrections.jsonl"))
    page.get_by_role("spinbutton", name="How many were there truly").fill("6")
    page.get_by_role("button", name="Keep").press("Enter")
    expect(page.get_by_text("you say 6")).to_be_visible()
    (kept,) = Path(log).rglob("corrections.jsonl")
    assert '"reps": 6' in kept.read_text()
    page.get_by_role("link", name="Sessions").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    (kept.parent / "reps.parquet").write_bytes(b"PAR1junk")
    page.get_by_role("link", name="Trends").click()
    expect(page.get_by_role("heading", name="Trends")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("reps.parquet", timeout=WAIT_MS)


def test_the_count_rises_one_by_one(browser: Browser, tmp_path: Path):
    """Claim: with each repetition the count rises by one and is never ahead of what is marked."""
    with _stepwise_page(tmp_path, _play_raises) as (link, play_on):
        page = browser.new_page()
        page.goto(link)
        expect(page.locator("#count")).to_have_text("0")
        for n in (1, 2, 3):
            play_on()
            expect(page.locator("#count")).to_have_text(str(n))
            expect(page.locator("#told .rep")).to_have_count(n)
        expect(page.locator("#degrees")).to_have_text(re.compile(r"\d+°"))


def test_the_ring_shows_how_long_a_hold_has_lasted(browser: Browser, tmp_path: Path):
    """Claim: during a hold the ring shows its clock and what is to come, and after it no more. The session needs no
    browser: it goes on before one is there and when it has gone, and each that comes sees the present state."""
    with _stepwise_page(tmp_path, _play_a_hold) as (link, play_on):
        play_on()
        page = browser.new_page()
        page.goto(link)
        expect(page.locator("#ring.on")).to_have_count(1)
        expect(page.locator("#hold")).to_have_text("held 5 of 12 s")
        expect(page.locator("#clock")).to_have_text("7")
        _can_be_used_without_eyes_or_mouse(page)
        page.close()
        play_on()
        page = browser.new_page()
        page.goto(link)
        expect(page.locator("#told .held")).to_have_count(1)
        expect(page.locator("#ring.on")).to_have_count(0)


def _can_be_used_without_eyes_or_mouse(page: Page) -> None:
    """What a screen reader is told during a hold, where the tabulator leads, and what two keys do."""
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link")).to_have_text(
        ["Live", "Sessions", "Trends"]
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Knee to chest")
    expect(page.get_by_role("img", name="held 5 of 12 s")).to_have_count(1)
    expect(page.get_by_role("img", name="how it is done: Knee to chest")).to_have_count(1)
    expect(page.get_by_role("status").first).to_contain_text("connect")
    expect(page.locator("#cue")).to_have_attribute("aria-live", "polite")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    stops = list[str]()
    for _ in range(7):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    assert stops == ["Live", "Sessions", "Trends", "speak", "theme", "told", "plan"]
    before = page.locator("html").get_attribute("data-theme")
    page.keyboard.press("d")
    expect(page.locator("html")).not_to_have_attribute("data-theme", before or "")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Speak here", pressed=True)).to_have_count(1)


@contextmanager
def _stepwise_page(
    log: Path, play: Callable[[Connection, str, int | None], None], port: int | None = None
) -> Generator[tuple[str, Callable[[], None]], None, None]:
    """A page of its own process (NiceGUI starts once in one): its link, and what plays on to the next stop."""
    spawn = get_context("spawn")
    here, there = spawn.Pipe()
    child = spawn.Process(target=play, args=(there, str(log), port), daemon=True)
    child.start()
    try:
        assert here.poll(60)
        link = here.recv()

        def play_on() -> None:
            here.send("on")
            assert here.poll(60)
            here.recv()

        yield link, play_on
    finally:
        here.send("end")
        child.join(30)
        here.close()
        there.close()
    assert child.exitcode == 0


def _play_a_hold(to_test: Connection, log: str, port: int | None) -> None:
    """Play to five seconds of a hold, then to its end, each when the test says so."""
    coach = Coach((SetPlan("knee_to_chest", "right", hold_target_s=12.0),))
    stops = [lambda: (coach.view.hold_s or 0.0) >= 5.0, lambda: coach.view.hold_s is None]
    _serve(to_test, log, port, *_played(coach, scenario("knee_to_chest", 3), stops))


def _play_raises(to_test: Connection, log: str, port: int | None) -> None:
    """Play to the next repetition each time that the test says so."""
    coach = Coach((SetPlan("lateral_leg_raise", "right", 10),))

    def counted(reps: int) -> bool:
        return coach.view.reps >= reps

    stops = [partial(counted, n) for n in (1, 2, 3)]
    _serve(to_test, log, port, *_played(coach, scenario("lateral_leg_raise", 3), stops))


def _played(
    coach: Coach, made: Scenario, stops: list[Callable[[], bool]]
) -> tuple[PageWatcher, list[Callable[[], None]]]:
    """What watches a session, and the steps that play it to one stop after the other."""
    watcher, coming = PageWatcher(coach.plan, load_phrases("en")), iter(cut(decoded(made), lambda: 20))
    watcher.status(LinkStatus(True, "connected"))

    def play_to(reached: Callable[[], bool]) -> None:
        while not reached():
            for event in coach.feed(next(coming)):
                watcher.event(event)
            watcher.progress(coach, StreamQuality())

    return watcher, [partial(play_to, reached) for reached in stops]


def _serve(
    to_test: Connection, log: str, port: int | None, watcher: PageWatcher, steps: list[Callable[[], None]]
) -> None:
    """Serve the page, and take the next step each time that the test says so."""
    with PageServer(watcher, log, port=port, tell=lambda _: None) as served:
        to_test.send(served.link)
        while to_test.recv() == "on":
            steps.pop(0)()
            to_test.send("there")


SPOKEN = """
window.spoken = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.sayOn = () => {};
const voice = {
  cancel: () => {},
  speak: (words) => {
    if (!words.text) return;
    spoken.push(words.text);
    window.sayOn = () => words.onend?.();
    if (!window.slow) setTimeout(window.sayOn);
  },
};
Object.defineProperty(window, "speechSynthesis", { value: voice });
window.awake = 0;
const lock = { release: async () => { awake -= 1; } };
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => { awake += 1; return lock; } } });
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...all) {
    super(...all);
    sockets.push(this);
    this.addEventListener("open", () => document.documentElement.dataset.connected = sockets.length);
  }
};
"""
"""Keeps what the page says, whether it keeps the screen on, and its connections, so that the test can cut one."""
SILENCE = """
sockets.at(-1).onmessage = null;
const now = performance.now.bind(performance);
performance.now = () => now() + 6000;
"""
"""Six seconds in which nothing comes over a connection that is not closed either."""


def test_a_tab_left_open_follows_the_next_session(browser: Browser, tmp_path: Path):
    """Claim: a session after another on the same port has its cues shown and spoken from the first on, and nothing
    says that it is over; a connection lost within a session, or silent, is renewed and nothing is said again.
    The screen is kept on while there is something to see, and no longer."""
    page = browser.new_page()
    page.add_init_script(SPOKEN)
    with _stepwise_page(tmp_path, _count_to_two) as (link, play_on):
        page.goto(link)
        page.get_by_role("button", name="Speak here").click()
        for n in ("1", "2"):
            play_on()
            expect(page.locator("#cue")).to_have_text(n)
        page.evaluate("sockets.at(-1).close()")
        expect(page.locator("html")).to_have_attribute("data-connected", "2")
        page.evaluate(SILENCE)
        expect(page.locator("html")).to_have_attribute("data-connected", "3")
        assert page.evaluate("awake") == 1
        play_on()
        expect(page.locator("#over")).to_be_visible()
        assert page.evaluate("awake") == 0
        expect(page.locator("#cue")).to_have_text("2")
    assert page.evaluate("spoken") == ["1", "2"]
    with _stepwise_page(tmp_path, _count_to_two, urlsplit(link).port) as (_, play_on):
        expect(page.locator("#over")).to_be_hidden(timeout=WAIT_MS)
        expect(page.locator("#cue")).to_have_text("")
        play_on()
        expect(page.locator("#cue")).to_have_text("1")
    assert page.evaluate("spoken") == ["1", "2", "1"]


def test_the_browser_lets_a_sentence_end_and_then_says_what_is_urgent(browser: Browser, tmp_path: Path):
    """Claim: while the browser speaks, what comes waits, the newest of each sort, and trouble and counts go before
    sentences, as with the machine's voice: nothing is cut off, and of two cues of one moment both are said."""
    page = browser.new_page()
    page.add_init_script(SPOKEN)
    with _stepwise_page(tmp_path, _say_much_at_once) as (link, play_on):
        page.goto(link)
        page.get_by_role("button", name="Speak here").click()
        page.evaluate("window.slow = true")
        play_on()
        expect(page.locator("#cue")).to_have_text("Get into position and keep still for a moment")
        play_on()
        expect(page.locator("#cue")).to_have_text("Good, keep going")
        for _ in range(5):
            page.evaluate("sayOn()")
    assert page.evaluate("spoken") == [
        "Get into position and keep still for a moment",
        "The strap has slipped",
        "8. Done",
        "Rest, 30 seconds",
        "Good, keep going",
    ]


def _say_much_at_once(to_test: Connection, log: str, port: int | None) -> None:
    """A sentence, and while it is being said much else in one moment; nothing is late yet."""
    watcher = PageWatcher((SetPlan("lateral_leg_raise", "right"),), load_phrases("en"))

    def much() -> None:
        for key, n in (("count", 7), ("count_final", 8), ("rest", 30)):
            watcher.cue(replace(cue(key, 1.0, n=n), until_s=60.0))
        watcher.cue(cue("strap_slipped", 1.0))
        watcher.cue(replace(cue("encourage_1", 1.0), until_s=60.0))

    _serve(to_test, log, port, watcher, [partial(watcher.cue, cue("get_in_position", 1.0)), much])


def _count_to_two(to_test: Connection, log: str, port: int | None) -> None:
    """Say one, two, and that it is over, each when the test says so."""
    watcher = PageWatcher((SetPlan("lateral_leg_raise", "right"),), load_phrases("en"))
    steps = [*(partial(watcher.cue, cue("count", float(n), n=n)) for n in (1, 2)), partial(watcher.over, None)]
    _serve(to_test, log, port, watcher, steps)


def test_a_stranger_on_the_network_gets_403(browser: Browser, tmp_path: Path):
    """Claim: with --lan the printed link lets a browser in once; without it there is nothing to see."""
    with running_page("page", "--lan", "--log", str(tmp_path)) as (_, link):
        bare = link.split("?")[0]
        stranger = browser.new_context().new_page()
        refused = stranger.goto(bare)
        assert refused is not None
        assert refused.status == 403
        friend = browser.new_context().new_page()
        friend.goto(link)
        expect(friend.get_by_text("No session yet")).to_be_visible(timeout=WAIT_MS)
        again = stranger.goto(link)
        assert again is not None
        assert again.status == 403

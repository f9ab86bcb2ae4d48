"""How the pages about the log look on a phone: nothing is cut, and a slow one is not told that it is too old."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.helpers_log import write
from tests.helpers_page import running_page

WAIT_MS = 30_000
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll('.q-table__middle')]
    .map(e => e.scrollWidth - e.clientWidth).filter(over => over > 0)"""


def at(link: str, place: str) -> str:
    return link.split("/?")[0] + place


@pytest.mark.parametrize("lang", ["en", "de"])
def test_the_pages_about_the_log_fit_a_phone(browser: Browser, tmp_path: Path, lang: str):
    """Claim: down to 320 pixels the list of sessions and a session are no wider than the screen, and the words of the
    button at the top stand in one line."""
    session = write(tmp_path, 1).name
    with running_page("page", "--lang", lang, "--log", str(tmp_path)) as (_, link):
        page = browser.new_page()
        page.goto(link)
        for place, what in (("/sessions", ".q-table tbody td"), (f"/session/{session}", ".count")):
            page.goto(at(link, place))
            expect(page.locator(what).first).to_be_visible(timeout=WAIT_MS)
            assert [f"{place} at {width}: {fault}" for width in (320, 390) for fault in faults(page, width)] == []
        page.close()


def test_the_words_in_a_picture_of_a_trend_can_be_read_on_a_phone(browser: Browser, tmp_path: Path):
    """Claim: on a narrow screen a picture is not shrunk until its words vanish; it is pushed aside, not the page."""
    for day in (1, 2):
        write(tmp_path, day)
    with running_page("page", "--log", str(tmp_path)) as (_, link):
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(link)
        page.goto(at(link, "/trends"))
        expect(page.locator(".trend svg").first).to_be_visible(timeout=WAIT_MS)
        assert page.evaluate("document.querySelector('.trend svg').getBoundingClientRect().width") >= 640
        assert faults(page, 390) == []
        page.close()


def faults(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 640})
    page.wait_for_timeout(300)  # what NiceGUI lays out is laid out anew
    wrong = [f"too wide by {over}" for over in page.evaluate(TOO_WIDE)]
    if page.evaluate("document.querySelector('.head .q-btn').clientHeight > 45"):
        wrong.append("the button's words are broken into lines")
    return wrong


def test_a_browser_whose_scripts_come_late_is_not_called_too_old(browser: Browser, tmp_path: Path):
    """Claim: while the page's scripts are on their way, longer than a second, nothing says that they never will be."""
    write(tmp_path, 1)
    with running_page("page", "--log", str(tmp_path)) as (_, link):
        page, held = browser.new_page(), list[Route]()
        page.route("**/vue*.js", lambda route: held.append(route))
        page.goto(link, wait_until="commit")
        page.wait_for_timeout(3000)
        assert held
        assert page.evaluate("getComputedStyle(document.getElementById('esm-fallback')).opacity") == "0"
        for each in held:
            each.continue_()
        expect(page.locator(".q-table tbody td").first).to_be_visible(timeout=WAIT_MS)
        page.close()

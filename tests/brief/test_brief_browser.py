from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install multipolar[dev]")
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium: apt-get install chromium")
        pytest.skip("needs Chromium: apt-get install chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.mark.parametrize("width", [400, 1400])
def test_the_page_in_a_browser(browser: Any, page_file: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert not told
    assert asked == [page_file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for heading in page.query_selector_all("h1, h2"):
        assert heading.is_visible() and heading.bounding_box()["width"] <= width
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg text')].map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"
    )
    assert min(sizes) >= 11, "no text of a chart below 11 px"
    page.close()


def test_links_jump_to_their_statements(browser: Any, page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 900})
    page.goto(page_file.as_uri())
    page.click("a.fig >> nth=0")
    assert page.evaluate("document.querySelector(':target').id").startswith("pair-")
    page.click(".cites a >> nth=0")
    target = page.evaluate("document.querySelector(':target').getBoundingClientRect().top")
    assert 0 <= target < 900
    page.close()


def test_print_hides_the_contents_list(browser: Any, page_file: Path) -> None:
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(page_file.as_uri())
    assert not page.query_selector("nav").is_visible()
    assert page.query_selector("h1").is_visible()
    page.close()

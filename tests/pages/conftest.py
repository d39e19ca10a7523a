"""A real browser for the pages: Chromium, driven by Playwright. Without one the tests are skipped, but not in CI."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cuedeck.usecases.preview import preview
from tests.making import write
from tests.needing import needed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright
else:  # tests of pages that need no browser do not need the library, either
    Browser = Page = Playwright = Any

_NAMES = ("chromium", "chromium-browser")
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)

# In milliseconds: no test takes this long on a machine that does nothing else.
_PATIENCE = 30_000

Opened = Callable[..., Page]


def launch(playwright: Playwright) -> Browser:
    """Start the browser. Raises playwright's Error if there is none."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    return playwright.chromium.launch(executable_path=program, channel=None if program else "chrome", args=list(_FLAGS))


def expect(what: Any) -> Any:
    """Return an expectation, which waits until a page, or a part of it, is as it should be."""
    return needed("playwright.sync_api").expect(what)


def faults_for_some(page: Page) -> str:
    """Return the accessibility problems that the checker axe finds; empty if there are none."""
    found = needed("axe_playwright_python.sync_playwright").Axe().run(page, options={"resultTypes": ["violations"]})
    return str(found.generate_report()) if found.violations_count else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or else Chrome."""
    library = needed("playwright.sync_api")
    library.expect.set_options(timeout=_PATIENCE)
    with library.sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except library.Error as error:
            message = f"no browser: install Chromium or Chrome ({str(error).splitlines()[0]})"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Open an address, with options for the browser window.

    The page may not log errors, and may request only pictures and sounds beside it, under their names in Anki, and what
    begins with the address `besides`.
    """
    with _windows(browser) as open_window:
        yield open_window


@contextmanager
def _windows(browser: Browser) -> Iterator[Opened]:
    complaints: list[str] = []
    contexts = []

    def open_window(
        address: Path | str, width: int = 1280, height: int = 900, besides: str = "", **options: Any
    ) -> Page:
        url = address if isinstance(address, str) else address.as_uri()
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        allowed = (url, f"{url}version", "data:", f"{url.rpartition('/')[0]}/cuedeck-", *filter(None, [besides]))
        page.on("request", lambda asked: asked.url.startswith(allowed) or complaints.append(f"request: {asked.url}"))
        page.goto(url)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def previewed(tmp_path: Path, opened: Opened) -> Callable[..., Page]:
    """Write the preview of a deck, given as data, and open it."""

    def open_preview(data: dict[str, Any], **options: Any) -> Page:
        return opened(preview(write(tmp_path / "deck", data))[1], **options)

    return open_preview

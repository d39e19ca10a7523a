"""Takes the pictures in the README and the manual from the preview and the site of the talk's deck: `make pictures`."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from cuedeck.usecases.preview import preview
from cuedeck.usecases.share import share
from tests.making import ROOT
from tests.pages.conftest import launch

_FOLDER = ROOT / "docs" / "pictures"
_NOTE = "soft-abandonment-term"
_SCHEMES = ("light", "dark")


def take_pictures() -> None:
    """Write the pictures of one card, of the whole preview and of the site, each in light and dark."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        _, page_file = preview(ROOT / "cards.yaml", Path(folder) / "preview.html")
        site = _site(Path(folder)) / "index.html"
        browser = launch(playwright)
        for scheme in _SCHEMES:
            context = browser.new_context(viewport={"width": 1240, "height": 1180}, color_scheme=scheme)
            page = context.new_page()
            page.goto(page_file.as_uri())
            page.evaluate("setLook('width', 'both'); flipAll()")
            page.screenshot(path=_FOLDER / f"preview-{scheme}.png", clip={"x": 0, "y": 0, "width": 1240, "height": 860})
            _take_card(page, _FOLDER / f"card-{scheme}.png")
            page.goto(site.as_uri())
            page.screenshot(path=_FOLDER / f"site-{scheme}.png", clip={"x": 0, "y": 0, "width": 1240, "height": 860})
            context.close()
        browser.close()


def _site(folder: Path) -> Path:
    """Return the site of the last release of the deck, in a separate folder."""
    for name in ("cards.yaml", "cards.lock", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "decks", folder / "decks")
    return share(folder / "cards.yaml").folder


def _take_card(page: Page, path: Path) -> None:
    """Take the back of one card, 760 pixels wide and without the frame around it."""
    page.evaluate(
        """(note) => {
            setLook('width', 'desktop');
            goTo(`note-${note}`);
            const frame = document.querySelector(`#note-${note} .frame.desktop`);
            Object.assign(frame.style, { flex: 'none', width: '760px', border: '0', borderRadius: '0' });
        }""",
        _NOTE,
    )
    page.locator(f"#note-{_NOTE} .frame.desktop").first.screenshot(path=path)


if __name__ == "__main__":
    take_pictures()

"""Takes the pictures in the README and the manual: `make pictures`.

They show the preview and the site of this repository's deck, and the cards of examples in the manual.
"""

import shutil
from base64 import b64decode, b64encode
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from cuedeck.usecases.preview import preview
from cuedeck.usecases.share import share
from tests.docs.cardpictures import card_pictures, small_png
from tests.explaining.sessions import whole_file
from tests.making import ROOT
from tests.pages.conftest import launch

_FOLDER = ROOT / "docs" / "pictures"
_NOTE = "soft-abandonment-term"
_SCHEMES = ("light", "dark")
# With the functions of the preview, replaces the whole page by sides of its cards.
_SHOW_SIDES = """async (withFoot) => {
    const tight = new CSSStyleSheet();
    tight.replaceSync(`.card { padding: 18px !important } .cue-foot { ${withFoot ? "" : "display: none"} }`);
    const shown = document.createElement("div");
    shown.id = "sides";
    Object.assign(shown.style, { display: "inline-grid", gap: "10px", background: "white" });
    for (const note of Object.values(data.notes)) {
        for (const [, ordinal, front, back] of note.cards) {
            const sides = note.kind === "cloze" ? [front, back] : [back];
            shown.style.gridTemplateColumns = sides.length > 1 ? "340px 340px" : "420px";
            for (const html of sides) {
                const frame = element("div", "frame");
                showSide(frame, sheet, ordinal, html, data.media);
                frame.shadowRoot.adoptedStyleSheets.push(tight);
                shown.append(frame);
            }
        }
    }
    document.body.replaceChildren(shown);
    const frames = [...shown.children].map((frame) => [...frame.shadowRoot.querySelectorAll("img")]);
    await Promise.all(frames.flat().map((picture) => picture.decode()));
}"""
_READ_PIXELS = """async (png) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    let pixels = "";
    for (const each of context.getImageData(0, 0, image.width, image.height).data) pixels += String.fromCharCode(each);
    return [image.width, btoa(pixels)];
}"""


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
        _take_cards(browser, Path(folder))
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


def _take_cards(browser: Browser, folder: Path) -> None:
    """Take the cards of all examples in the manual that have a picture below them.

    A picture shows the backs of all cards of the example; a cloze card also has its front, on the left. What is below
    the answer, such as the link, is left out unless the example has a moment.
    """
    blank = browser.new_page()
    page = browser.new_page(viewport={"width": 1240, "height": 1180}, color_scheme="light")
    for picture in card_pictures():
        cards = folder / "example" / "cards.yaml"
        shutil.copytree(ROOT / "tests" / "examples" / "media", cards.parent / "media", dirs_exist_ok=True)
        cards.write_text(whole_file(picture.example), encoding="utf-8")
        page.goto(preview(cards)[1].as_uri())
        page.evaluate(_SHOW_SIDES, "at:" in picture.example)
        taken = b64encode(page.locator("#sides").screenshot()).decode()
        width, pixels = blank.evaluate(_READ_PIXELS, taken)
        picture.file.write_bytes(small_png(width, b64decode(pixels), picture.example))


if __name__ == "__main__":
    take_pictures()

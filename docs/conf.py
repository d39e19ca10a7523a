"""How Sphinx makes a site from the manual: `make docs`.

The pages are plain Markdown, as a code host shows them. What Sphinx needs besides, the lists of pages for the sidebar,
is taken from the links of the first page.
"""

import re
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

project = "Cuedeck"
author = "Cuedeck"
version = release = installed_version("cuedeck")
language = "en"
smartquotes = False  # it would turn the two hyphens of an option into a dash

extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["conf.py"]
suppress_warnings = ["misc.highlighting_failure"]  # bad examples of YAML

myst_heading_anchors = 4

html_theme = "furo"
html_title = "Cuedeck"
pygments_style = "default"  # which colours both sides of a diff
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"top_of_page_buttons": []}

_SECTION = re.compile(r"^## (.+)\n", re.MULTILINE)
_PAGE = re.compile(r"\]\(([\w/-]+)\.md\)")
_UPWARD = re.compile(r"\]\(((?:\.\./)+[^)#]+\.md)(?:#[^)]*)?\)")


def _add_lists_of_pages(app: Any, page: str, source: list[str]) -> None:
    """Turn the links below each heading of a first page into a hidden list, which becomes a part of the sidebar."""
    if page.rpartition("/")[2] == root_doc:
        _, *parts = _SECTION.split(source[0])
        for heading, text in zip(parts[::2], parts[1::2], strict=True):
            caption = f":caption: {heading}\n" if page == root_doc else ""
            names = "\n".join(_PAGE.findall(heading + text))
            source[0] += f"\n```{{toctree}}\n:hidden:\n{caption}\n{names}\n```\n"


def _offer_files_outside(app: Any, page: str, source: list[str]) -> None:
    """Let links to Markdown files outside this folder, such as CONTRIBUTING.md, lead to the files as they are."""
    here = Path(app.srcdir)

    def link(found: "re.Match[str]") -> str:
        is_page = (here / page).parent.joinpath(found[1]).resolve().is_relative_to(here)
        return found[0] if is_page else f"](path:{found[1]})"

    source[0] = _UPWARD.sub(link, source[0])


def setup(app: Any) -> None:
    """Register the functions above with Sphinx."""
    app.connect("source-read", _add_lists_of_pages)
    app.connect("source-read", _offer_files_outside)

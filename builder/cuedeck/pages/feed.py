"""The releases of a deck as an Atom feed (RFC 4287)."""

import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cuedeck.history.lock import Release
from cuedeck.pages.edition import Edition
from cuedeck.pages.prose import notes_html
from cuedeck.pages.share import FEED, release_id
from cuedeck.patterns import regex

# Characters that XML cannot contain, not even escaped: https://www.w3.org/TR/xml/#charsets.
_NO_XML = regex("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def release_feed(edition: Edition) -> str:
    """Return the feed, newest release first.

    An id depends on the deck's namespace and the version alone, so that no feed reader shows a release as new when the
    page moves. If the site's address is known, links are absolute; else they are relative to the feed, as RFC 4287
    allows.
    """
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _text(feed, "id", _id(edition))
    _text(feed, "title", edition.title)
    _text(feed, "subtitle", edition.summary)
    _text(feed, "updated", _instant(edition.releases[0][0]))
    _text(SubElement(feed, "author"), "name", edition.manifest.author)
    _text(feed, "rights", edition.manifest.license)
    _text(feed, "generator", "Cuedeck")
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": edition.address or "./"})
    if edition.address:
        SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{edition.address}{FEED}"})
    for release, notes in edition.releases:
        feed.append(_entry(edition, release, notes))
    indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _entry(edition: Edition, release: Release, notes: str) -> Element:
    entry = Element("entry")
    _text(entry, "id", _id(edition, release.version))
    _text(entry, "title", f"{edition.title} {release.version}")
    _text(entry, "updated", _instant(release))
    page = f"{edition.address or './'}#{release_id(release)}"
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page})
    if release.version == edition.version:
        package = {"type": "application/octet-stream", "length": str(edition.package.size)}
        SubElement(entry, "link", {"rel": "enclosure", "href": f"{edition.address}{edition.file}", **package})
        for sheet in edition.sheets:
            title = f"Corrections for learners of {sheet.base}"
            file = {"type": "text/tab-separated-values", "length": str(len(sheet.data)), "title": title}
            SubElement(entry, "link", {"rel": "related", "href": f"{edition.address}{sheet.name}", **file})
    # Many feed readers remove the elements of MathML and would leave only its letters, so formulas stay as written.
    _text(entry, "content", notes_html(notes, on_page=False)).set("type", "html")
    return entry


def _id(edition: Edition, *version: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, ':'.join(('cuedeck', edition.snapshot.namespace, *version)))}"


def _text(parent: Element, name: str, words: str) -> Element:
    element = SubElement(parent, name)
    element.text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", words)
    return element


def _instant(release: Release) -> str:
    """Return the time of a release in the format of RFC 3339."""
    return f"{datetime.datetime.fromtimestamp(release.time, datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"

"""The page from which learners download a deck: one file without scripts, for any web host."""

import re
from collections.abc import Sequence
from hashlib import sha256
from html import escape

from cuedeck.deck.deck import Source
from cuedeck.deck.links import link_form
from cuedeck.deck.moments import clock
from cuedeck.history.lock import Release
from cuedeck.history.manifest import ManifestFile
from cuedeck.pages.assets import asset
from cuedeck.pages.cardsides import for_page
from cuedeck.pages.drawing import passage_id, strip_svg, timeline_svg
from cuedeck.pages.edition import Edition, date_of
from cuedeck.pages.media import BESIDE
from cuedeck.pages.page import Page, body_of, document
from cuedeck.pages.prose import notes_html
from cuedeck.pages.samples import sample_style, samples, shown_media
from cuedeck.pages.timeline import Passage, Timeline
from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.updating.corrections import Sheet
from cuedeck.wording import counted, megabytes, written_day

PICTURE = "social.png"
FEED = "feed.xml"
_CREATIVE_COMMONS = regex(r"CC[ -](BY(?:-NC)?(?:-SA|-ND)?)[ -]([1-4]\.[0-9])", re.IGNORECASE)
_CC0 = regex(r"CC0(?: 1\.0)?", re.IGNORECASE)
_SEVERAL_SHOWN = 3
_RECORDINGS_SHOWN = 20
# Whoever imported the deck already can no longer keep their tags, so this is beside the deck itself.
_STUDIED = (
    '<p>Have you studied this deck before? <a href="#corrections">Import the corrections first</a>, so that you keep '
    "your tags and own fields.</p>"
)


def share_page(edition: Edition, has_picture: bool = True, all_decks: str = "") -> bytes:
    """Return the page of a release. It names the picture for other sites if there is one.

    `all_decks` is the path of the list of all decks of the site, if it has several.
    """
    release, _ = edition.releases[0]
    media = shown_media(edition)
    filled = {
        "kicker": _kicker(edition, all_decks),
        "title": escape(edition.title),
        "summary": escape(edition.summary),
        "version": escape(edition.version),
        "day": date_of(release).isoformat(),
        "date": written_day(date_of(release)),
        "license": _license(edition.manifest.license),
        "file": escape(edition.file),
        "newest": escape(edition.newest_file),
        "size": megabytes(edition.package.size),
        "digest": edition.package.digest,
        "description": _about(edition.description),
        "samples": samples(edition, media),
        "timelines": _covered(edition.timelines),
        "studied": _STUDIED if edition.sheets else "",
        "corrections": _corrections(edition),
        "releases": _releases(edition.releases),
        "author": escape(edition.manifest.author),
        "sources": _sources(edition.sources) + f"<li>{edition.clips}</li>" * bool(edition.clips),
        "credits": "".join(_credit(*each) for each in edition.credits),
        "report": _report(edition.report),
        "loads": "other sites" if media else "the network",
    }
    body = body_of("share.html", filled)
    styles = [asset("page.css"), asset("fields.css"), asset("share.css")]
    return document(
        Page(
            edition.title,
            body,
            styles,
            head=_head(edition, has_picture),
            inner_styles=[sample_style(edition)],
            pictures=f"data: {BESIDE}" if media else "data:",
            sounds=BESIDE if media else "",
        )
    )


def _kicker(edition: Edition, all_decks: str) -> str:
    words = escape(" · ".join(filter(None, ("Anki deck", edition.group))))
    return f'{words} · <a href="{escape(all_decks)}">All decks</a>' if all_decks else words


def _head(edition: Edition, has_picture: bool) -> str:
    """Return the tags that tell other sites what to show of the page. A picture needs the address of the site."""
    lines = [
        ("name", "description", edition.summary),
        ("name", "generator", "Cuedeck"),
        ("property", "og:type", "website"),
        ("property", "og:title", edition.title),
        ("property", "og:description", f"{edition.summary} Version {edition.version}."),
    ]
    if edition.address:
        lines.append(("property", "og:url", edition.address))
    if edition.address and has_picture:
        lines += [
            ("property", "og:image", f"{edition.address}{PICTURE}"),
            ("property", "og:image:alt", f"{edition.title}: {edition.summary}"),
            ("name", "twitter:card", "summary_large_image"),
        ]
    metas = "".join(f'<meta {kind}="{name}" content="{escape(words)}">\n' for kind, name, words in lines)
    feed = f'<link rel="alternate" type="application/atom+xml" title="Releases" href="{FEED}">\n'
    canonical = f'<link rel="canonical" href="{escape(edition.address)}">\n' if edition.address else ""
    return metas + feed + canonical


def _license(name: str) -> str:
    """Return the name of a licence, with a link to its text if it is a Creative Commons licence."""
    if found := _CREATIVE_COMMONS.fullmatch(name):
        address = f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    elif _CC0.fullmatch(name):
        address = "https://creativecommons.org/publicdomain/zero/1.0/"
    else:
        return f"<bdi>{escape(name)}</bdi>"
    return f'<a rel="license" href="{address}">{escape(name)}</a>'


def _about(description: str) -> str:
    if not description:
        return ""
    return f'<section><h2>About the deck</h2><div class="prose" dir="auto">{for_page(description)}</div></section>'


def _corrections(edition: Edition) -> str:
    """Return what learners of earlier releases do, with the files of each; "" if no release of theirs was corrected."""
    if not edition.sheets:
        return ""
    listed = "".join(f"<li>{_links(version, sheets)}</li>" for version, sheets in edition.corrections.items())
    filled = {"files": listed, "file": escape(edition.file)}
    return body_of("corrections.html", filled)


def _links(version: str, sheets: Sequence[Sheet]) -> str:
    """Return the files for learners who have a version, each with its size and checksum."""
    if not sheets:
        return f"Version {escape(version)}: there are no corrections to import first, so import the deck alone."
    links = (
        f'<p><a href="{escape(sheet.name)}" download>{escape(sheet.name)}</a> <span class="quiet">'
        f"{counted(len(sheet.notes), 'note')}, {megabytes(len(sheet.data))}</span>"
        f' <span class="quiet sum">SHA-256 <code>{sha256(sheet.data).hexdigest()}</code></span></p>'
        for sheet in sheets
    )
    them = " both files" * (len(sheets) > 1)
    return f"If you have version {escape(version)}{',' * bool(them)}{them}:{''.join(links)}"


def _covered(lines: Sequence[Timeline]) -> str:
    """Return what the cards cover: the timeline of a recording, or the list of those of a course."""
    if not lines:
        return ""
    shown = _course(lines) if len(lines) > 1 else _timeline(lines[0])
    return f"<section><h2>What the cards cover</h2>{shown}</section>"


def _course(lines: Sequence[Timeline]) -> str:
    """Return a list of recordings, each with its link, its notes and its chapters; of very many only the first open."""
    first, more = lines[:_RECORDINGS_SHOWN], lines[_RECORDINGS_SHOWN:]
    if len(more) <= _SEVERAL_SHOWN:
        return _list_of(lines)
    return f"{_list_of(first)}<details><summary>{len(more)} more recordings</summary>{_list_of(more)}</details>"


def _list_of(lines: Sequence[Timeline]) -> str:
    return f'<ol class="recordings">{"".join(map(_recording, lines))}</ol>'


def _recording(line: Timeline) -> str:
    source = line.source
    passages = "".join(_passage(line, passage) for passage in line.passages)
    chapters = (
        f'<details><summary>{counted(line.covered, "chapter")}</summary><ol class="passages">{passages}</ol></details>'
        if passages
        else ""
    )
    return (
        f'<li><a href="{escape(source.url)}"><cite dir="auto">{escape(source.title)}</cite></a> {strip_svg(line)} '
        f'<span class="count">{counted(line.notes, "note")}</span>{chapters}</li>'
    )


def _timeline(line: Timeline) -> str:
    chapters = f" from {counted(line.covered, 'chapter')}" if line.passages else ""
    passages = "".join(_passage(line, passage) for passage in line.passages)
    listed = f'<ol class="passages">{passages}</ol>' if passages else ""
    return (
        f'<div class="recording"><p><cite dir="auto">{escape(line.source.title)}</cite>: '
        f"{counted(line.notes, 'note')}{chapters}.</p>{timeline_svg(line)}{listed}</div>"
    )


def _passage(line: Timeline, passage: Passage) -> str:
    return (
        f'<li id="{passage_id(line, passage)}">{_moment(line.source, passage.start)} '
        f'<span dir="auto">{escape(passage.name)}</span> <span class="count">{len(passage.notes)}</span></li>'
    )


def _moment(source: Source, seconds: int) -> str:
    """Return the time, as a link to the recording if it is known how to make one."""
    try:
        form = link_form(source.url, source.link, source.opens)
    except TextError:
        return f'<span class="clock">{clock(seconds)}</span>'
    return f'<a class="clock" href="{escape(form.at(seconds))}">{form.mark} {clock(seconds)}</a>'


def _releases(releases: Sequence[tuple[Release, str]]) -> str:
    shown = [_release(*each) for each in releases]
    later = f"<details><summary>Earlier releases</summary>{''.join(shown[_SEVERAL_SHOWN:])}</details>"
    return "".join(shown[:_SEVERAL_SHOWN]) + (later if shown[_SEVERAL_SHOWN:] else "")


def _release(release: Release, notes: str) -> str:
    date = date_of(release)
    return (
        f'<div class="release"><h3 id="{release_id(release)}">{escape(release.version)} '
        f'<time datetime="{date.isoformat()}">{written_day(date)}</time></h3>'
        f'<div class="prose" dir="auto">{notes_html(notes)}</div></div>'
    )


def release_id(release: Release) -> str:
    """Return the id of a release's heading on the page."""
    return f"version-{release.version}"


def _sources(sources: Sequence[Source]) -> str:
    """Return where the cards are from, as items of a list; several recordings are one item."""
    if len(sources) < _SEVERAL_SHOWN:
        return "".join(f"<li>From {_source(source)}. The recording is not included.</li>" for source in sources)
    listed = "".join(f"<li>{_source(source)}</li>" for source in sources)
    are = f"From {len(sources)} recordings, which are not included"
    return f'<li><details><summary>{are}</summary><ul class="sources">{listed}</ul></details></li>'


def _source(source: Source) -> str:
    who = f" by <bdi>{escape(source.author)}</bdi>" if source.author else ""
    when = f", {written_day(source.published)}" if source.published else ""
    return f'<a href="{escape(source.url)}"><cite dir="auto">{escape(source.title)}</cite></a>{who}{when}'


def _credit(file: ManifestFile, count: int) -> str:
    who = f" by <bdi>{escape(file.author)}</bdi>" if file.author else ""
    terms = f", under {_license(file.license)}" if file.license else ""
    link = f', from <a href="{escape(file.url)}">{escape(file.url)}</a>' if file.url else ""
    return f"<li>{counted(count, 'picture or sound', 'pictures and sounds')}{who}{terms}{link}.</li>"


def _report(address: str) -> str:
    if not address:
        return ""
    words = "The link on the back of each card also says which note you mean."
    return f'<p>Found something wrong? <a href="{escape(address)}">Report a mistake</a>. {words}</p>'

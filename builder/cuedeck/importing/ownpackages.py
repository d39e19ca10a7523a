"""Read what a package of Cuedeck says about its recordings: how its notes link to them, and at which moments."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from cuedeck.deck.links import link_form
from cuedeck.deck.moments import moment
from cuedeck.deck.placeholders import PLACEHOLDERS
from cuedeck.history.manifest import ManifestSource
from cuedeck.history.snapshot import PackedNote, Snapshot
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import LINKS, NOTE_ID, SECONDS
from cuedeck.rendering.originmarkup import MainSource, MomentLink, attributed, links_of, main_source_in
from cuedeck.rendering.origins import name_of_source
from cuedeck.rendering.plain import plain

_FIELD = regex(r"\{\{([^{}]+)\}\}")


@dataclass(frozen=True)
class Recordings:
    """The recordings of a package of ours: what is known of each, by address, and the moments of each note by guid."""

    known: Mapping[str, Mapping[str, str]]
    moments: Mapping[str, tuple[str, tuple[str, ...]]]


def recordings_of(snapshot: Snapshot) -> Recordings | None:
    """Return the recordings of a package; None if it has moments, but it is not certain how they are linked."""
    sources = [source for source in snapshot.manifest.sources if source.url]
    main = main_source_in([side for type in snapshot.types.values() for side in type.look[:-1]])
    linked = {
        guid: (attributed(note.fields.get(LINKS.key, "")) or main.title, links)
        for guid, note in snapshot.notes.items()
        if note.fields.get(NOTE_ID.key) and (links := _links(note, main))
    }
    if not all(_is_moment(link.clock) for _, links in linked.values() for link in links):
        return None
    known: dict[str, Mapping[str, str]] = {}
    moments: dict[str, tuple[str, tuple[str, ...]]] = {}
    for source in sources:
        of_it = {guid: links for guid, (name, links) in linked.items() if _is_of(source, name, links, sources)}
        link = _link_of(source, [link for links in of_it.values() for link in links])
        if link is None and of_it:
            return None
        if link is None:
            continue
        said = {"title": source.title, "author": source.author, "published": source.published, "url": source.url}
        known[source.url] = {key: text for key, text in {**said, **link}.items() if text}
        moments |= {guid: (source.url, tuple(link.clock for link in links)) for guid, links in of_it.items()}
    if moments.keys() != linked.keys():
        return None
    # The first source of a file is the main one, whose moments are in fields of their own.
    of_main = {moments[guid][0] for guid in moments if snapshot.notes[guid].fields.get(SECONDS.key)}
    return Recordings(dict(sorted(known.items(), key=lambda each: each[0] not in of_main)), moments)


def _is_moment(text: str) -> bool:
    try:
        moment(text)
    except ValueError:  # in a package that somebody changed
        return False
    return True


def _links(note: PackedNote, main: MainSource) -> list[MomentLink]:
    """Return the links of a note, with the address of the one that its note type makes."""

    def filled(link: MomentLink) -> MomentLink:
        if link.address:
            return link
        address = _FIELD.sub(lambda found: note.fields.get(found[1], ""), main.address)
        return replace(link, address=address, mark=main.mark)

    return [filled(link) for link in links_of(note.fields)]


def _is_of(source: ManifestSource, name: str, links: Iterable[MomentLink], sources: Collection[ManifestSource]) -> bool:
    """Return whether a note is from a source: it has its name, and its address if several have that name.

    The address of another source may also be in a template, so what needs none comes first.
    """

    def has_name(other: ManifestSource) -> bool:
        return plain(name_of_source(other)) == name

    if not has_name(source):
        return False
    named = [other for other in sources if has_name(other)]
    if len(named) == 1:
        return True
    made = [(link["link"], other) for other in named if (link := _link_of(other, links)) is not None]
    best = min(made, key=lambda each: (bool(each[0]), "{url}" not in each[0]), default=None)
    return best is not None and best[1] is source


def _link_of(source: ManifestSource, links: Iterable[MomentLink]) -> Mapping[str, str] | None:
    """Return the keys `link` and `opens` with which a source makes just these links; None if there are none."""
    links = tuple(links)
    for link in ("", *(_templates(source.url, links[0]) if links else ())):
        for opens in ("", "player", "page"):
            try:
                form = link_form(source.url, link, opens)
            except ValueError:
                continue
            if all(form.at(moment(each.clock)) == each.address and form.mark == each.mark for each in links):
                return {"link": link, "opens": opens}
    return None


def _templates(url: str, link: MomentLink) -> Iterator[str]:
    """Yield templates that may have made a link: its address with a placeholder for the moment."""
    seconds = moment(link.clock)
    for address in dict.fromkeys((link.address.replace(url, "{url}"), link.address)):
        for placeholder, write in PLACEHOLDERS.items():
            before, found, after = address.rpartition(write(seconds))
            if found:
                yield f"{before}{placeholder}{after}"

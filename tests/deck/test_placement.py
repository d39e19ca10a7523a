"""What a note inherits from its concept, its source and its deck."""

from dataclasses import replace

from cuedeck.deck.deck import About, Concept, Deck, Note, QuestionNote, Source
from cuedeck.deck.moments import Span
from cuedeck.deck.placement import PlacedNote, concept_of, deck_name, titles_of
from tests.making import placed_notes

TALK = Source(id="talk", title="A talk", url="https://e.org/talk.mp3")
OTHER = Source(id="other", title="Another", url="https://e.org/other.mp3", deck="Part two")


def placed(note: Note, *sources: Source, deck_tags: tuple[str, ...] = (), **concept: object) -> PlacedNote:
    about = About(id="example", namespace="k3v9x2mq", title="Talks::Example", tags=deck_tags)
    idea = Concept(id="idea", title="Idea", notes={note.id: note}, **concept)  # type: ignore[arg-type]
    deck = Deck(about=about, sources={source.id: source for source in sources}, concepts={"idea": idea})
    (only,) = placed_notes(deck)
    return only


def note(**more: object) -> Note:
    return QuestionNote(id="one", q="What?", a="That", **more)  # type: ignore[arg-type]


def test_a_note_inherits_what_it_does_not_say() -> None:
    """Source and moments come from the concept if the note has none."""
    found = placed(note(), TALK, OTHER, source="other", at=(Span(46),))
    assert (found.source, found.moments, found.deck) == (OTHER, (Span(46),), "Talks::Example::Part two")


def test_a_note_overrides_its_concept() -> None:
    """The keys of a note override those of its concept."""
    found = placed(note(source="talk", at=(Span(1, 2), Span(3))), TALK, OTHER, source="other", at=(Span(46),))
    assert (found.source, found.moments, found.deck) == (TALK, (Span(1, 2), Span(3)), "Talks::Example")


def test_the_only_source_need_not_be_named() -> None:
    """With one source, every note is from it."""
    assert placed(note(), TALK, at=(Span(46),)).source is TALK


def test_a_deck_without_sources() -> None:
    """Without sources, a note has neither source nor moment."""
    found = placed(note())
    assert (found.source, found.moments, found.deck) == (None, (), "Talks::Example")


def test_tags_are_below_the_deck() -> None:
    """Tags of the deck, the concept and the note are below the deck's id, each once, in this order."""
    found = placed(note(tags=("c", "a", "d::e")), deck_tags=("a", "b"), tags=("b", "c"))
    assert found.tags == ("example::a", "example::b", "example::c", "example::d::e")


def test_the_way_to_a_note() -> None:
    """The keys lead to the note in cards.yaml."""
    assert placed(note()).keys == ("concepts", "idea", "notes", "one")


def test_the_name_of_a_deck() -> None:
    """A source with a subdeck has its notes there, any other in the deck itself."""
    deck = Deck(about=About(id="example", namespace="k3v9x2mq", title="Example"), concepts={})
    assert [deck_name(deck, source) for source in (None, TALK, OTHER)] == ["Example", "Example", "Example::Part two"]


def test_the_main_source() -> None:
    """It is the first one, unless the deck names another that it has; the others follow in their order."""
    about, names = About(id="example", namespace="k3v9x2mq", title="Example"), ("a", "b", "c")
    sources = {name: Source(id=name, title=name, url="https://e.org") for name in names}
    for main, order in (("", "abc"), ("a", "abc"), ("b", "bac"), ("c", "cab"), ("gone", "abc")):
        deck = Deck(about=about, sources=sources, concepts={}, main=main)
        assert "".join(source.id for source in deck.sources_from_main) == order
        assert deck.main_source is deck.sources_from_main[0]
    empty = Deck(about=about, concepts={}, main="a")
    assert (empty.main_source, empty.sources_from_main) == (None, ())


def test_the_subdeck_of_a_concept_wins() -> None:
    """It is below the title of the deck, with or without sources, and the lock has it under a key of its own."""
    found = placed(note(), TALK, OTHER, source="other", at=(Span(46),), deck="Part three")
    assert (found.source, found.deck) == (OTHER, "Talks::Example::Part three")
    assert placed(note(), deck="A::B").deck == "Talks::Example::A::B"


def test_concepts_and_sources_of_one_id_have_decks_of_their_own() -> None:
    """No id contains a slash, so the keys of the two cannot be the same."""
    about = About(id="example", namespace="k3v9x2mq", title="Title")
    concept = Concept(id="talk", title="Idea", deck="Concept", notes={})
    deck = Deck(about=about, sources={"talk": replace(TALK, deck="Source")}, concepts={"talk": concept})
    assert titles_of(deck) == {"": "Title", "talk": "Title::Source", "concepts/talk": "Title::Concept"}
    assert concept_of("concepts/talk") == "talk"
    assert concept_of("talk") == ""

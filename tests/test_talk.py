"""The deck of this repository: what must stay true whatever is edited in it."""

import os
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from cuedeck.deck.deck import ClozeNote, Note, QuestionNote
from cuedeck.deck.links import link_form
from cuedeck.deck.moments import clock
from cuedeck.deck.placement import PlacedNote
from tests.making import ROOT, checked, placed_notes

CARDS = Path(__file__).parent.parent / "cards.yaml"

STARTS = [
    "00:02",
    "00:46",
    "01:32",
    "02:20",
    "03:11",
    "04:07",
    "04:52",
    "05:41",
    "06:19",
    "06:56",
    "07:38",
    "08:20",
    "09:05",
    "10:13",
    "10:52",
    "11:32",
    "12:12",
    "12:50",
    "13:32",
    "14:19",
    "15:12",
]

# Each idea that a listener should take away, and the note that asks for it.
IDEAS = {
    "separation insecurity": "separation-insecurity-term",
    "what triggers separation insecurity": "anxious-though-he-stays",
    "object inconstancy as the root": "object-inconstancy-root",
    "hard abandonment": "hard-abandonment-term",
    "soft abandonment": "soft-abandonment-term",
    "the age gap": "age-gap-anticipation",
    "substantial difference of any kind": "any-substantial-difference",
    "difference as the first type": "not-a-behavior",
    "clashing values and beliefs": "kind-but-worlds-apart",
    "settings other than romance": "other-settings",
    "broadcast disappointment": "broadcast-constantly",
    "its hidden message": "what-she-hears",
    "criticism and shaming": "already-abandonment",
    "humiliation": "already-abandonment",
    "setting up to fail": "setting-up-for-failure-term",
    "emotional withdrawal and absence": "no-feeling-left",
    "indifference": "indifference-culmination",
    "separation of minds before bodies": "bodies-follow",
    "sexual rejection": "sexual-rejection-term",
    "ridicule": "mocked-in-company",
    "biting humor": "ridicule-or-biting-humor",
    "brutal honesty": "ridicule-or-biting-humor",
    "undermining": "never-right-or-no-idea",
    "harsh criticism": "never-right-or-no-idea",
    "unfavorable comparison": "my-ex-would-have",
    "comparison as triangulation": "comparison-as-triangulation",
    "rejection as a first step": "first-step",
    "physical absences": "physical-absence",
    "secrecy": "home-but-secretive",
    "excluded areas of life": "home-but-secretive",
    "distancing as a signal": "loss-of-interest",
    "what makes any conduct soft abandonment": "feelings-turned-into-jokes",
    "parallel lives": "parallel-life-term",
    "self-neglect": "pushes-partner-away",
    "self-destruction": "message-about-the-relationship",
    "indifference with impatience": "coupled-with-impatience",
    "the inscrutable partner": "like-a-sphinx",
    "abandonment inside the couple": "inside-the-couple",
    "abandoning each other while raising a family": "raised-three-children",
    "loneliness within the dyad": "loneliest-of-all",
    "why soft can be worse than hard": "why-soft-can-be-worse",
    "that it is worse only sometimes": "always-or-sometimes",
    "the course of a breakup": "course-of-a-breakup",
    "neither cared for nor set free": "why-soft-can-be-worse",
    "the trap of the partner who stays": "presence-inhibits",
    "compounding with difference": "compounded-by-difference",
    "dysfunctional and dangerous reactions": "dysfunctional-or-dangerous",
    "staying while poisoning the bond": "staying-and-poisoning",
    "appearance against reality": "appearance-and-reality",
}

# Notes that ask for more than a term or a fact. First, everyday scenes and remarks: which form is it, what is expected?
SCENES = [
    "anxious-though-he-stays",
    "nothing-to-name",
    "slammed-or-shrugged",
    "older-partner-foresees",
    "kind-but-worlds-apart",
    "let-down-again",
    "bitter-but-silent",
    "what-she-hears",
    "who-gets-anxious",
    "let-down-or-given-up",
    "no-feeling-left",
    "twice-as-much-by-four",
    "oh-and-hm",
    "only-a-warning-sign",
    "left-in-may",
    "ridicule-or-biting-humor",
    "my-ex-would-have",
    "never-right-or-no-idea",
    "mocked-in-company",
    "home-but-secretive",
    "feelings-turned-into-jokes",
    "never-unfaithful",
    "from-the-beginning",
    "not-a-word",
    "guest-room",
    "alone-with-worries",
    "unmoved-by-an-affair",
    "raised-three-children",
    "admired-hosts",
    "the-sister-who-was-left",
    "at-least-he-stays",
    "withdrawn-yet-critical",
    "contempt-and-an-age-gap",
    "sunsets-and-silence",
]
# Why something frightens or harms, and what is meant by it.
REASONS = [
    "age-gap-anticipation",
    "bond-comes-undone",
    "already-abandonment",
    "why-not-hard",
    "loss-of-interest",
    "longing-apart",
    "like-a-sphinx",
    "divorced-without-a-divorce",
    "why-soft-can-be-worse",
    "presence-inhibits",
]
# What sets apart two things that are easily confused.
CONTRASTS = [
    "two-names",
    "breakup-and-abandonment",
    "soft-is-not-mild",
    "not-a-behavior",
    "any-substantial-difference",
    "believer-and-atheist",
    "broadcast-constantly",
    "subtler-than-distancing",
    "still-together",
    "always-or-sometimes",
    "dysfunctional-or-dangerous",
    "as-triggering-as-hard",
]

# Words that the automatic transcript misheard.
MISHEARD = [
    "diet",
    "penicious",
    "quitically",
    "walkaholic",
    "sakur",
    "inelectable",
    "inscrable",
    "haranging",
    "disintimates",
    "disintegr",
    "predelections",
    "baky",
    "midv",
    "shim",
]


# The page of the talk is not part of this project. Whoever has saved its text can compare the cards with it.
PAGE = "CUEDECK_TALK_PAGE"
LONGEST_RUN = 7

DELETION = re.compile(r"\{\{c\d+::(.*?)(?:::.*?)?\}\}")


def runs(text: str) -> set[str]:
    """Return every run of words in a text that is longer than cards may share with the talk."""
    words = re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower().replace("’", "'"))
    size = LONGEST_RUN + 1
    return {" ".join(words[start : start + size]) for start in range(len(words) - size + 1)}


def texts_of(note: Note) -> list[str]:
    """Return the texts of a note, without the marks of cloze deletions."""
    if isinstance(note, QuestionNote):
        return [note.q, note.a, note.extra]
    assert isinstance(note, ClozeNote)
    return [DELETION.sub(r"\1", note.cloze), note.extra]


@pytest.fixture(scope="module")
def placed() -> list[PlacedNote]:
    """Return every note of the deck with its place in the talk."""
    return list(placed_notes(checked(CARDS).deck))


def test_every_passage_has_notes(placed: list[PlacedNote]) -> None:
    """Notes come from each of the 21 passages and from no other moment, and these passages are the chapters."""
    assert sorted({clock(span.start) for note in placed for span in note.moments}) == STARTS
    assert [clock(start) for start in placed[0].source.chapters] == STARTS


def test_the_deck_has_its_size(placed: list[PlacedNote]) -> None:
    """The deck is neither thin nor padded, at least a quarter of it is cloze, and terms are asked both ways."""
    kinds = Counter(type(each.note) for each in placed)
    assert 95 <= len(placed) <= 105
    assert 18 <= len({each.concept.id for each in placed}) <= 25
    assert 0.25 <= kinds[ClozeNote] / len(placed) <= 0.5
    assert sum(bool(each.note.reverse) for each in placed if isinstance(each.note, QuestionNote)) >= 5


def test_a_third_asks_for_more_than_a_term(placed: list[PlacedNote]) -> None:
    """At least a third of the notes shows a scene, or asks for a reason or a contrast, and there are some of each."""
    asked = [*SCENES, *REASONS, *CONTRASTS]
    assert len(asked) == len(set(asked))
    assert set(asked) <= {each.note.id for each in placed}
    assert len(asked) * 3 >= len(placed)
    assert min(map(len, (SCENES, REASONS, CONTRASTS))) >= 10


@pytest.mark.parametrize("idea", IDEAS)
def test_the_idea_has_its_note(placed: list[PlacedNote], idea: str) -> None:
    """A note asks for each idea that a careful listener would want to remember. If you rename one, rename it here."""
    assert IDEAS[idea] in {each.note.id for each in placed}


def test_notes_come_in_the_order_of_the_talk(placed: list[PlacedNote]) -> None:
    """Within each concept, and from concept to concept, no moment is earlier than the one above it."""
    for concept in {each.concept.id: each.concept for each in placed}.values():
        starts = [each.moments[0].start for each in placed if each.concept is concept]
        assert starts == sorted(starts)
    firsts = list({each.concept.id: each.concept.at[0].start for each in placed}.values())
    assert firsts == sorted(firsts)


def test_nothing_misheard_is_left() -> None:
    """The cards have the words that were said, not those of the transcript."""
    words = set(re.findall(r"[a-z]+", CARDS.read_text(encoding="utf-8").lower()))
    assert not words & set(MISHEARD)


@pytest.mark.skipif(PAGE not in os.environ, reason=f"{PAGE} does not name the file with the text of the talk's page")
def test_nothing_is_copied(placed: list[PlacedNote]) -> None:
    """The cards have their own words: no run of eight words of the talk's page occurs on one of them."""
    said = runs(Path(os.environ[PAGE]).read_text(encoding="utf-8"))
    assert said
    copied = {each.note.id: runs(text) & said for each in placed for text in texts_of(each.note)}
    assert {id: found for id, found in copied.items() if found} == {}


def test_sensitive_notes_say_where_help_is(placed: list[PlacedNote]) -> None:
    """Their backs link to help lines, they are questions, so that none makes a gap of a grave word, and few."""
    sensitive = [each.note for each in placed if "soft-abandonment::self-destruction" in each.tags]
    assert 1 <= len(sensitive) <= 4
    for note in sensitive:
        assert isinstance(note, QuestionNote)
        assert "https://findahelpline.com" in note.extra
        assert "suicide" not in note.a.lower()
    assert "tag:soft-abandonment::self-destruction" in checked(CARDS).deck.about.description


def test_links_are_well_formed(placed: list[PlacedNote]) -> None:
    """The address of each moment is the talk's page, with the time as a text fragment."""
    for each in placed:
        form = link_form(each.source.url, each.source.link, each.source.opens)
        for span in each.moments:
            parts = urlsplit(form.at(span.start))
            assert (parts.scheme, parts.netloc) == ("https", "vaknintranscripts.com")
            assert parts.fragment == f":~:text={clock(span.start)}"


def test_the_check_has_nothing_to_say() -> None:
    """No error, no warning and no advice: this deck follows the rules that other decks are given."""
    assert checked(CARDS).with_advice().warnings == ()


def test_a_site_is_made_only_from_a_verified_package() -> None:
    """The workflow that puts it online stops if the package does not match the source."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8"))
    commands = [step["run"] for step in workflow["jobs"]["build"]["steps"] if "run" in step]
    (verifies,) = (place for place, command in enumerate(commands) if command.startswith("cuedeck verify decks/"))
    (shares,) = (place for place, command in enumerate(commands) if command.startswith("cuedeck share "))
    assert verifies < shares


def test_no_mark_in_it_was_ever_revised() -> None:
    """No learner gets a note again because a newer version of the program renders it differently."""
    assert [note.id for note in checked(CARDS).notes if note.earlier] == []

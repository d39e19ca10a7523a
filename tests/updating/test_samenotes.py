"""Which notes of another tool's package are the same under another guid, found only by what they say."""

import itertools
import unicodedata
from collections.abc import Sequence
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.updating import samenotes
from cuedeck.updating.samenotes import same_notes
from cuedeck.updating.sayings import first_words, texts_of_fields
from tests.running import PATIENCE

Fields = Sequence[str]


def pairs(old: Sequence[Fields], new: Sequence[Fields], kept: Sequence[Fields] = ()) -> dict[int, int]:
    """Return the places of the notes that are one, now and before."""
    gone, came = ({str(place): texts_of_fields(each) for place, each in enumerate(side)} for side in (old, new))
    found = same_notes(gone, came, [texts_of_fields(each) for each in kept])
    return {int(now): int(before) for now, before in found.items()}


LONG = " ".join(f"Sentence {number} tells of elephants." for number in range(500))

# Name: the fields of a note before and now, which is the same note.
SAME: dict[str, tuple[Fields, Fields]] = {
    "all the same": (("Q?", "A"), ("Q?", "A")),
    "answer edited": (
        ("What is cool about elephants?", "Their very long trunks"),
        ("What is cool about elephants?", "Their long trunks"),
    ),
    "another answer to the same question": (("When was Turing born?", "1913"), ("When was Turing born?", "1912")),
    "a year, and what it is known for": (("1912", "The Titanic sinks"), ("1912", "The Titanic sank")),
    "question edited": (("What is cool about elephants?", "Trunks"), ("What is so cool about elephants?", "Trunks")),
    "question misspelt": (("What is cool about elefants?", "Trunks"), ("What is cool about elephants?", "Trunks")),
    "word misspelt": (("hause", "Haus"), ("house", "Haus")),
    "article put in": (("moon", "Mond"), ("the moon", "Mond")),
    "article put into the answer": (("moon", "Mond"), ("moon", "der Mond")),
    "a word replaced, and a telling answer": (
        ("What is cool about these elephants?", "Their really very long trunks"),
        ("What is cool about those elephants?", "Their really very long trunks"),
    ),
    "both edited a little": (
        ("What does the speaker say is so cool about elephants?", "That they have really long trunks"),
        ("What does the speaker say is cool about elephants?", "That they have really, really long trunks"),
    ),
    "one field more": (("Q", "A"), ("Q", "A", "more")),
    "one field more before the answer": (("Q", "A"), ("Q", "hint", "A")),
    "one field less": (("Q", "A", "more"), ("Q", "A")),
    "a blank field more": (("Q", "A"), ("", "Q", "<br>", "A")),
    "markup": (("<div>a</div><div>b &amp; c</div>", "x y"), ("<DIV>a<br>b &#38; c</DIV>", "x&nbsp;y")),
    "capitals, last sign and spaces": (("What is it", "an  Elephant"), ("what is it?", "an elephant.")),
    "composed": (("Schlüssel", "é"), (unicodedata.normalize("NFD", "Schlüssel"), unicodedata.normalize("NFD", "é"))),
    "cannot be seen": (("El\u00adefant", "x"), ("Elefant\u200b", "x")),
    "picture": (('<img src="a.png">', "x"), ("<IMG class=big src='a.png' />", "x")),
    "only a picture": (('<img src="a.png">',), ("<div><img src=a.png></div>",)),
    "only a sound": (("[sound:a.mp3]",), ("[sound:a.mp3] ",)),
    "cloze, another number": (("{{c1::Paris}} is in France.", ""), ("{{c2::Paris}} is in France.", "")),
    "cloze, one gap more": (
        ("{{c1::Paris}} is the capital of France.",),
        ("{{c1::Paris}} is the capital of {{c2::France}}.",),
    ),
    "cloze, the answer put right": (
        ("Alan Turing was born in {{c1::1913}}.", ""),
        ("Alan Turing was born in {{c1::1912}}.", ""),
    ),
    "cloze, a hint": (("{{c1::Paris}} is in France.",), ("{{c1::Paris::city}} is in France.",)),
    "cloze, a word put in": (
        ("Elephants have {{c1::trunks}} that are long.",),
        ("Elephants have {{c1::trunks}} that are very long.",),
    ),
    "very long": (("What?", LONG), ("What?", LONG.replace("tells", "speaks", 1))),
    "very long, and no question": ((LONG,), (LONG.replace("tells", "speaks", 1),)),
    "another script": (("我喜欢猫", "I like cats"), ("我喜欢猫", "I like a cat")),
}


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_a_note_is_known_again(old: Fields, new: Fields) -> None:
    """Whichever of both is the newer one, and whatever other notes there are."""
    assert pairs([old], [new]) == {0: 0}
    assert pairs([new], [old]) == {0: 0}
    others = [("Who?", "A speaker"), ("Where?", "At the zoo")]
    assert pairs([*others, old], [new, ("How?", "By foot")]) == {0: 2}


# Name: the fields of a note that is gone, and of a new one, which is another.
OTHERS: dict[str, tuple[Fields, Fields]] = {
    "nothing in common": (("What is cool?", "Trunks"), ("Who spoke?", "A speaker")),
    "short words": (("to go", "gehen"), ("to do", "tun")),
    "short words with one answer": (("to go", "machen"), ("to do", "machen")),
    "short words with answers alike": (("to go", "gehen"), ("to do", "geben")),
    "rhymes": (("house", "Haus"), ("mouse", "Maus")),
    "turned round": (("go", "gehen"), ("gehen", "go")),
    "years asked": (("What happened in 1912?", "The Titanic sank"), ("What happened in 1913?", "The zip came")),
    "years asked, one answer": (("What began in 1912?", "A war"), ("What began in 1913?", "A war")),
    "years": (("1912", "The Titanic sank"), ("1913", "The zip came")),
    "sums": (("2 + 2", "4"), ("1 + 3", "4")),
    "one word is another": (("Who wrote Hamlet?", "Shakespeare"), ("Who wrote Macbeth?", "Shakespeare")),
    "one word of many is another": (
        ("In which century did the composer Bach live and work?", "The 18th"),
        ("In which century did the composer Haydn live and work?", "The 18th"),
    ),
    "capitals": (
        ("What is the name of the capital of the country of France?", "Paris"),
        ("What is the name of the capital of the country of Spain?", "Madrid"),
    ),
    "letters": (("What is vitamin A good for?", "Eyes"), ("What is vitamin B good for?", "Eyes")),
    "denied": (("Which metals are magnetic?", "Iron"), ("Which metals are not magnetic?", "Iron")),
    "denied by a prefix": (("Which isotope is stable?", "A few"), ("Which isotope is unstable?", "A few")),
    "turned in its words": (("Does the dog bite the man?", "Yes"), ("Does the man bite the dog?", "Yes")),
    "an answer that says little": (("Is it raining?", "Yes"), ("Is the sun a star?", "Yes")),
    "pictures": (('<img src="map-1.png">', "x"), ('<img src="map-2.png">', "y")),
    "only pictures": (('<img src="a.png">',), ('<img src="b.png">',)),
    "another gap": (
        ("Paris is the capital of {{c1::France}}.",),
        ("{{c1::Paris}} is the capital of France.",),
    ),
    "little around a gap": (("{{c1::Penguins}} are birds.", ""), ("{{c1::Eagles}} are birds.", "")),
    "two gaps": (
        ("The capital of {{c1::France}} is {{c2::Paris}}.",),
        ("The capital of {{c1::Spain}} is {{c2::Madrid}}.",),
    ),
    "a small letter and a capital": (("What does ls -a do?", "Lists all"), ("What does ls -A do?", "Lists most")),
    "signs": (("C#", "a language"), ("C++", "a language")),
    "vowel signs": (("कि", "that"), ("की", "of")),
}


@pytest.mark.parametrize(("old", "new"), OTHERS.values(), ids=OTHERS)
def test_another_note_is_another(old: Fields, new: Fields) -> None:
    """A note taken out and a new one put in are no loss; to call them one would cost the author's trust."""
    assert pairs([old], [new]) == {}
    assert pairs([new], [old]) == {}


def test_a_question_that_many_notes_ask_tells_nothing() -> None:
    """The answers show which is which, even if only one of them is gone and the others stay."""
    asked = "What does the speaker do next?"
    says = ["He shows the long trunks", "He laughs", "He turns to the audience and waves"]
    old, new = ([(asked, each) for each in side] for side in (says, [says[2] + " twice", says[0]]))
    assert pairs(old, new) == {0: 2, 1: 0}
    assert pairs([(asked, says[0])], [(asked, says[1])]) == {0: 0}
    assert pairs([(asked, says[0])], [(asked, says[1])], [(asked, says[2])]) == {}


def test_the_most_alike_go_together() -> None:
    """Each note is in one pair, and equal texts are paired before nearly equal ones."""
    old = [("What is so cool about elephants?", "Trunks"), ("What is cool about elephants?", "Trunks")]
    assert pairs(old, [old[1], old[0]]) == {0: 1, 1: 0}
    assert pairs(old, [old[0]]) == {0: 0}
    assert pairs([old[0]], old) == {0: 0}
    assert pairs(3 * [old[0]], 2 * [old[0]]) == {0: 0, 1: 1}


def test_notes_that_changed_their_answers() -> None:
    """A question is known before its answer."""
    old = [("What is big?", "An elephant"), ("What is small?", "A mouse")]
    assert pairs(old, [("What is small?", "An elephant"), ("What is big?", "A mouse")]) == {0: 1, 1: 0}


def test_a_list_that_was_numbered_anew() -> None:
    """A number before the question does not count, if question and answer stay."""
    words = [("house", "Haus"), ("mouse", "Maus"), ("to go", "gehen")]
    old = [(str(number), *each) for number, each in enumerate(words, 1)]
    new = [("1", "moon", "Mond"), *((str(number), *each) for number, each in enumerate(words, 2))]
    assert pairs(old, new) == {1: 0, 2: 1, 3: 2}


LETTERS = "abcdefghijklmnop"


def word(number: int) -> str:
    """Return a word for a number; any two of these words differ in more than two letters."""
    return "".join(3 * LETTERS[number >> shift & 15] for shift in (12, 8, 4, 0))


def cards(kind: str, edit: bool) -> list[Fields]:
    """Return 10,000 notes, either all edited a little or none."""
    very = " really" if edit else ""
    made: dict[str, Sequence[Fields]] = {
        "words": [(f"the{very} {word(number)}", f"{word(number)} {word(number + 7)}") for number in range(10_000)],
        "sentences": [
            (f"What{very} does {word(number)} say of {word(number // 3)}?", f"That it is {word(number // 5)}")
            for number in range(10_000)
        ],
        "common words": [
            (" ".join(word(number // 20**place % 20) for place in range(4)) + very, word(number % 30))
            for number in range(10_000)
        ],
        "one question": [("Translate:", f"{word(number)} is {word(number // 9)}{very}") for number in range(10_000)],
    }
    return [*made[kind]]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["words", "sentences", "common words", "one question"])
@pytest.mark.parametrize("edit", [False, True])
def test_in_a_large_deck_each_note_is_compared_with_a_few(
    kind: str, edit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All guids are others, as when a script that makes them from the texts was changed."""
    old, new = cards(kind, False), cards(kind, edit)
    compared = itertools.count()
    is_near = samenotes._is_near
    monkeypatch.setattr(samenotes, "_is_near", lambda *notes: next(compared) >= 0 and is_near(*notes))
    found = pairs(old, new[::-1])
    assert next(compared) <= 5 * len(new)
    assert all(now == 9_999 - before for now, before in found.items())
    assert len(found) == 10_000 or (kind, edit) == ("common words", True)


@pytest.mark.parametrize("text", ["{{c1::x::", "{{c1::", "<img src=a ", "<img src='", "::}}", "&nbsp;"])
def test_what_never_ends_takes_no_time(text: str) -> None:
    """As a stranger may write it."""
    started = perf_counter()
    long = text * 50_000
    pairs([(long, "x")], [(f"{long}y", "z")])
    assert perf_counter() - started < PATIENCE


texts = st.lists(st.sampled_from(["", "go", "to go", "What is {{c1::it}}?", "1912", "<b>x</b>", "[sound:a.mp3]"]))


@given(old=st.lists(texts), new=st.lists(texts), kept=st.lists(texts))
def test_pairs_are_one_to_one(old: list[list[str]], new: list[list[str]], kept: list[list[str]]) -> None:
    """No note is in two pairs, and no note without text is in any."""
    found = pairs(old, new, kept)
    assert len({*found.values()}) == len(found)
    assert all(any(old[before]) and any(new[now]) for now, before in found.items())


# The HTML of the fields of a note, and what it is called.
LABELS: list[tuple[Fields, str]] = [
    (("<b>What</b> is it?", "x"), "What is it?"),
    (("<br>", "x"), "x"),
    (("{{c1::Paris::city}} is a city.",), "Paris is a city."),
    (('<img src="a.png">', "x"), "a.png"),
    (("w" * 50,), "w" * 40 + "…"),
    (("", " "), ""),
]


@pytest.mark.parametrize(("fields", "label"), LABELS)
def test_a_note_is_called_by_its_first_words(fields: Fields, label: str) -> None:
    """Or by the picture that it shows."""
    assert first_words(fields) == label

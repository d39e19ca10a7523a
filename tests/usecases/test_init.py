"""`cuedeck init`: what it writes is valid, can be built, and can be changed by the author."""

import datetime
import json
import re
from pathlib import Path

import pytest

from cuedeck.deck.moments import Span
from cuedeck.reading.cardsfile import read_cards
from cuedeck.recording.describing import Described, described
from cuedeck.usecases.build import build
from tests.making import FIRST, checked, edit
from tests.running import output_of


def init(*words: str) -> tuple[int, str, str]:
    return output_of("init", *words)


# Name: the folder and options, and the id and title of the deck.
BEGUN: dict[str, tuple[list[str], str, str]] = {
    "plain": (["zoo"], "zoo", "zoo"),
    "words": (["My Talk, part 2"], "my-talk-part-2", "My Talk, part 2"),
    "accents": (["Café"], "cafe", "Café"),
    "no letters": (["讲座"], "deck", "讲座"),
    "a name that no deck can have": (["default"], "default", "My deck"),
    "options": (["zoo", "--id", "me", "--title", 'Talks::Me: "zoo"'.replace('"', "'")], "me", "Talks::Me: 'zoo'"),
}


@pytest.mark.parametrize(("words", "id", "title"), BEGUN.values(), ids=BEGUN)
def test_what_is_begun_can_be_built(folder: Path, words: list[str], id: str, title: str) -> None:
    """The new cards.yaml passes all checks, advice included, and makes a package under the deck's id."""
    code, said, errors = init(*words)
    folder = Path(words[0])
    assert (code, errors) == (0, "")
    first = (".gitattributes", "cards.schema.json", "cards.yaml")
    assert said.startswith("".join(f"{folder.as_posix()}/{name}\n" for name in first))
    to_it = f'"{folder}"' if not words[0].isascii() or " " in words[0] else folder
    assert said.endswith(f"\nnext: cd {to_it}, write your cards into cards.yaml, then: cuedeck check\n")
    begun = checked(folder / "cards.yaml").with_advice()
    assert (begun.deck.about.id, begun.deck.about.title, begun.warnings) == (id, title, ())
    assert build(folder / "cards.yaml", at=FIRST).package == folder / "decks" / f"{id}.apkg"


def test_two_decks_have_two_namespaces(folder: Path) -> None:
    """No two decks have the same namespace by accident."""
    names = []
    for folder in ("one", "two"):
        init(folder)
        names.append(checked(Path(folder) / "cards.yaml").deck.about.namespace)
    assert len(set(names)) == 2


@pytest.mark.parametrize("words", [(), (".",)], ids=["none", "dot"])
def test_the_folder_is_named_where_none_was(folder: Path, words: tuple[str, ...]) -> None:
    """An author who begins in a wrong folder sees it."""
    said = init(*words)[1].splitlines()[-1]
    assert said == f"next: write your cards into cards.yaml in {folder.resolve()}, then: cuedeck check"


@pytest.mark.parametrize("name", ["cards.yaml", "cards.schema.json"])
def test_nothing_is_overwritten(folder: Path, name: str) -> None:
    """If one file exists already, neither is written."""
    Path(name).write_text("mine", encoding="utf-8")
    code, _, errors = init()
    assert code == 1
    assert errors.startswith(f"{name}: error: this file already exists [there-already]")
    assert errors.endswith("    name another folder, such as deck, or move the file away\n")
    assert [path.name for path in folder.iterdir()] == [name]
    assert Path(name).read_text(encoding="utf-8") == "mine"
    assert [init("deck")[0], init("deck")[0]] == [0, 1]
    assert "such as deck-2, or" in init("deck")[2]


def test_settings_of_git_stay_as_they_are(folder: Path) -> None:
    """The author's own .gitattributes stops nothing and is not touched, even if it is a link to no file."""
    Path(".gitattributes").write_text("*.png binary\n", encoding="utf-8")
    said = init()[1]
    assert ".gitattributes" not in said
    assert Path(".gitattributes").read_text(encoding="utf-8") == "*.png binary\n"
    Path("linked").mkdir()
    Path("linked/.gitattributes").symlink_to("nowhere")
    assert init("linked")[0] == 0
    assert not Path("linked/nowhere").exists()


def test_the_lines_on_sharing_can_be_filled_in(folder: Path) -> None:
    """What is commented out in the head of the file is valid once it is not; the recording has its length."""
    init()
    cards = Path("cards.yaml")
    cards.write_text(
        cards.read_text(encoding="utf-8").replace("  # author", "  author").replace("  # license", "  license")
    )
    deck = checked(cards).deck
    assert (deck.about.author, deck.about.license) == ("Your Name", "CC BY 4.0")
    assert deck.sources["talk"].length == 19


def test_what_was_broken_off_is_begun_again(folder: Path) -> None:
    """The schema comes first, and alone it keeps nobody from beginning."""
    init()
    Path("cards.yaml").unlink()
    assert init()[0] == 0
    assert Path("cards.yaml").exists()


INFO = {
    "title": 'Bread "is" a zoo',
    "uploader": "A. Baker",
    "upload_date": "20240506",
    "duration": 182.4,
    "webpage_url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
    "chapters": [
        {"start_time": 0.0, "end_time": 5.0, "title": "<Untitled Chapter 1>"},
        {"start_time": 5.0, "end_time": 62.0, "title": "Mehl: the flour"},
        {"start_time": 62.0, "end_time": 183.0, "title": "Yeast"},
    ],
    "description": "A talk.\n\n0:05 Flour\n1:02 Yeast\nSubscribe!",
}
PODCAST = {
    "version": "1.2.0",
    "title": "Bread",
    "chapters": [
        {"startTime": 0, "title": "Intro"},
        {"startTime": 1, "img": "a.png", "toc": False},
        {"startTime": 62.5},
    ],
}
META = """;FFMETADATA1
title=Bread \\= life
artist=A. Baker
date=2024-05-06
comment=https://example.org/bread.mp3
[CHAPTER]
TIMEBASE=1/1000
START=500
END=60500
title=Flour\\; or so
[STREAM]
[CHAPTER]
TIMEBASE=0/0
START=1
title=Broken
"""
PAGE = """<!DOCTYPE html><html><head><title>Bread &amp; life</title><link rel="canonical" href="https://example.org/bread">
<meta name="author" content="A. Baker"><meta property="article:published_time" content="2024-05-06T10:00:00Z"></head>
<body><p>0:05 Flour</p><p>1:02 Yeast</p></body></html>"""
SPOKEN = "Bread and Life\n\n" + "".join(
    f"0:{at:02} {'Bread is alive, and it eats the flour and the water that we give to it each day. ' * 2}\n"
    for at in (5, 20, 40)
)
LINK = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
DATE = datetime.date(2024, 5, 6)

# A file about a recording, and what is known from it.
FROM: dict[str, tuple[str, Described]] = {
    "yt-dlp": (
        json.dumps(INFO),
        Described('Bread "is" a zoo', "A. Baker", DATE, 183, LINK, {5: "Flour", 62: "Yeast"}),
    ),
    "yt-dlp, with other chapters in the description": (
        json.dumps({**INFO, "description": "0:00 Elsewhere\n0:30 Nowhere"}),
        Described('Bread "is" a zoo', "A. Baker", DATE, 183, LINK, {5: "Mehl: the flour", 62: "Yeast"}),
    ),
    "yt-dlp, of nothing but a title": (
        json.dumps({"title": " A\ntalk ", "duration": None, "chapters": None, "upload_date": "soon", "webpage_url": 3}),
        Described("A talk"),
    ),
    "podcast": (json.dumps(PODCAST), Described("Bread", chapters={0: "Intro"})),
    "ffmpeg": (
        META,
        Described("Bread = life", "A. Baker", DATE, None, "https://example.org/bread.mp3", {0: "Flour; or so"}),
    ),
    "description": ("About bread.\n0:05 Flour\n1:02 - Yeast\n", Described(chapters={5: "Flour", 62: "Yeast"})),
    "numbers that no recording is long": (
        json.dumps({**INFO, "duration": 10**400, "chapters": [{"start_time": 4e6, "title": "Late"}]}),
        Described('Bread "is" a zoo', "A. Baker", DATE, None, LINK, {5: "Flour", 62: "Yeast"}),
    ),
    "page in HTML": (
        PAGE,
        Described("Bread & life", "A. Baker", DATE, None, "https://example.org/bread", {5: "Flour", 62: "Yeast"}),
    ),
    "page with a transcript": (SPOKEN, Described("Bread and Life", has_cues=True)),
    "subtitles": ("WEBVTT\n\n00:01.000 --> 00:02.000\nBread\n", Described(has_cues=True)),
    "JSON of a recognizer": ('[{"start": 1, "end": 2, "text": "Bread"}]', Described(has_cues=True)),
}


@pytest.mark.parametrize(("text", "known"), FROM.values(), ids=FROM)
def test_what_is_known_is_taken_over(text: str, known: Described) -> None:
    """As far as a file says it, and nothing else: chapters are what a person made of them, in that person's words."""
    assert described(text.encode()) == known


def test_a_deck_begins_with_a_recording(folder: Path) -> None:
    """It has all that is known, a concept for each chapter, and the transcript beside it, of which no note is made."""
    Path("talk.info.json").write_text(json.dumps(INFO), encoding="utf-8")
    Path("talk.en.vtt").write_text("WEBVTT\n\n00:06.000 --> 00:12.000\nFlour has two proteins.\n", encoding="utf-8")
    code, said, errors = init("bread", "--from", "talk.info.json", "--from", "talk.en.vtt")
    assert (code, errors) == (0, "")
    assert said.splitlines()[2:4] == ["bread/talk.en.vtt", "bread/cards.yaml"]
    deck = read_cards(Path("bread/cards.yaml")).deck
    source = deck.sources["talk"]
    assert deck.about.title == "Bread 'is' a zoo"
    assert (source.title, source.author, source.published) == ('Bread "is" a zoo', "A. Baker", DATE)
    assert (source.url, source.length, source.transcript) == (LINK, 183, "talk.en.vtt")
    assert source.chapters == {5: "Flour", 62: "Yeast"}
    assert [(each.id, each.title, each.at) for each in deck.concepts.values()] == [
        ("flour", "Flour", (Span(5),)),
        ("yeast", "Yeast", (Span(62),)),
    ]
    assert deck.notes == {}
    assert Path("bread/talk.en.vtt").read_bytes() == Path("talk.en.vtt").read_bytes()


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x85", "\ufeff", "\ud83d"])
def test_characters_that_no_card_can_show_are_left_out(folder: Path, character: str) -> None:
    """A JSON may escape any, and the new file would then be refused, or could not even be written."""
    about = {**INFO, "title": f"Bre{character}ad", "uploader": f"A. Ba{character}ker"}
    Path("talk.info.json").write_text(json.dumps(about), encoding="utf-8")
    assert init("bread", "--from", "talk.info.json")[0] == 0
    text = Path("bread/cards.yaml").read_text(encoding="utf-8")
    assert not any(character in line for line in text.splitlines())
    read_cards(Path("bread/cards.yaml"))


def test_concepts_that_wait_for_notes_are_not_reported(folder: Path) -> None:
    """As soon as one note is there, the deck can be built, and the check says nothing on the other concepts."""
    Path("talk.info.json").write_text(json.dumps(INFO), encoding="utf-8")
    init(".", "--from", "talk.info.json")
    assert output_of("check")[2].splitlines()[0].endswith("error: the deck has no notes [no-notes]")
    edit(
        Path("cards.yaml"),
        "    at: 00:05\n",
        "    at: 00:05\n    notes:\n      proteins: {q: How many proteins?, a: Two}\n",
    )
    assert output_of("check")[::2] == (0, "")
    assert output_of("build")[0] == 0


def test_a_transcript_in_the_folder_stays_where_it_is(folder: Path) -> None:
    """Its path is written from there, and nothing is copied."""
    Path("bread/texts").mkdir(parents=True)
    Path("bread/texts/talk 1.srt").write_text("00:00:01,000 --> 00:00:02,000\nBread\n", encoding="utf-8")
    assert init("bread", "--from", "bread/texts/talk 1.srt")[0] == 0
    assert '\n    transcript: "texts/talk 1.srt"  #' in Path("bread/cards.yaml").read_text(encoding="utf-8")
    assert sorted(path.name for path in Path("bread").iterdir()) == [
        ".gitattributes",
        "cards.schema.json",
        "cards.yaml",
        "texts",
    ]


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"a.txt": "Bread."}, "a.txt: error: it says nothing about a recording [nothing-to-begin-with]"),
        ({"a.txt": ""}, "a.txt: error: it is empty [nothing-to-begin-with]"),
        ({"a.json": '{"title":'}, "a.json: error: it says nothing about a recording [nothing-to-begin-with]"),
        ({"a.txt": SPOKEN, "b.txt": SPOKEN}, "b.txt: error: this is a transcript, and so is a.txt [two-transcripts]"),
    ],
    ids=["nothing", "empty", "half", "two"],
)
def test_a_file_that_does_not_help(folder: Path, files: dict[str, str], line: str) -> None:
    """It is a problem, and nothing is written."""
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8")
    code, _, errors = init("bread", *(word for name in files for word in ("--from", name)))
    assert (code, errors.splitlines()[0]) == (1, line)
    assert not Path("bread").exists()
    assert "[no-file]" in init("bread", "--from", "gone.json")[2]


def test_another_transcript_is_not_overwritten(folder: Path) -> None:
    """A file of that name in the new folder stays."""
    Path("bread").mkdir()
    Path("bread/talk.srt").write_text("mine", encoding="utf-8")
    Path("talk.srt").write_text("00:00:01,000 --> 00:00:02,000\nBread\n", encoding="utf-8")
    code, _, errors = init("bread", "--from", "talk.srt")
    assert (code, "bread/talk.srt: error: this file already exists" in errors) == (1, True)
    assert [path.name for path in Path("bread").iterdir()] == ["talk.srt"]


# What may be said of a recording without end, as the content of a file.
ENDLESS = {
    "chapters of one title": json.dumps({"chapters": [{"startTime": at, "title": "A"} for at in range(30_000)]}),
    "chapters of two titles": json.dumps(
        {"chapters": [{"startTime": at, "title": f"A {at % 2}"} for at in range(9_000)]}
    ),
    "an attribute": "<html><head><title>A</title>" + f"<meta {'a' * 1990}>" * 1000,
    "spaces": "<html><head><title>A</title>" + f"<meta a{' ' * 1990}>" * 1000,
    "open tags": "<html><title>A</title>" + "<meta " * 100_000,
    "a long number": f"<html><title>A</title><p>0:01 &#{'9' * 5000}; and more<p>0:03 more",
    "open comments": "<!--" * 100_000 + "\n0:01 One\n0:02 Two\n0:03 Three\n",
}


@pytest.mark.hostile
@pytest.mark.parametrize("name", ENDLESS)
def test_endless_repetition_ends(folder: Path, name: str) -> None:
    """No file takes unlimited time, and what is written has no ids twice."""
    Path("talk").write_text(ENDLESS[name], encoding="utf-8")
    assert init("zoo", "--from", "talk")[::2] == (0, "")
    ids = re.findall(r"^  ([a-z0-9-]+):$", Path("zoo/cards.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(ids) == len({*ids})


# What a JSON may say that no cards.yaml can: the keys that change, and a part of what is written instead.
UNFIT = {
    "an empty title": ({"title": "\ufeff \x7f"}, "# title: what the recording is called"),
    "an empty speaker": ({"uploader": "\x1b"}, "    url: "),
    "an empty chapter": ({"description": "0:05 One\n1:02 \ufeff\n1:30 Two"}, "chapters:"),
    "a chapter after the end": ({"duration": 20}, "chapters:"),
    "an address that is none": ({"webpage_url": "https://[a]b/c"}, "# url: "),
    "a port that is none": ({"webpage_url": "https://e.org:x/c"}, "# url: "),
    "signs in an address": ({"webpage_url": "https://youtu.be/aqz-KE-bpKQ?a={b}"}, "%7Bb%7D"),
}


@pytest.mark.hostile
@pytest.mark.parametrize("name", UNFIT)
def test_what_is_written_can_be_read(folder: Path, name: str) -> None:
    """Whatever a file says, the new cards.yaml has no errors but that there are no notes yet, or what it asks for."""
    changed, written = UNFIT[name]
    Path("talk.json").write_text(json.dumps({**INFO, **changed}), encoding="utf-8")
    assert init("zoo", "--from", "talk.json")[::2] == (0, "")
    assert written in Path("zoo/cards.yaml").read_text(encoding="utf-8")
    errors = re.findall(r": error: .*\[(.*)\]", output_of("check", "zoo/cards.yaml")[2])
    missing = {"missing-key"} if written.startswith("# ") else set()
    assert {*errors} == {"no-notes"} | missing

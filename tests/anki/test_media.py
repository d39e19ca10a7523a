"""Pictures and sounds: learners have the files that were shipped, for years, whatever else is in their collection."""

import os
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions

from cuedeck.media.references import references
from cuedeck.package.contents import MANIFEST
from cuedeck.package.opening import read_members
from cuedeck.rendering.notetypes import STYLE_FILE
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import Written, build
from tests.anki.learner import card_of, collection, faults, note_of, schedules, study_all, take
from tests.anki.packages import Row, pack
from tests.anki.test_ankiconnect import take_by_add_on
from tests.making import DAY, FIRST, build_deck, cloze, deck, edit, question, release_deck, write
from tests.tinymedia import file, put

if TYPE_CHECKING:
    from anki.cards import Card

IN_ANKI = re.compile(r"cuedeck-[0-9a-f]{16}\.(?:png|jpg|gif|webp|mp3|m4a)")
Update = Callable[[Collection, Path], object]


def shipped(written: Written) -> dict[str, bytes]:
    """Return the pictures and sounds that a build ships, by their names in Anki."""
    return {each.name: each.where.read_bytes() for note in written.build.notes for each in note.rendered.files}


def letters(written: Written) -> dict[str, str]:
    """Return the words in the pictures and sounds that a build ships, by their names in Anki."""
    return {name: data.removeprefix(file(name[-3:])).decode() for name, data in shipped(written).items()}


def media(learner: Collection) -> dict[str, bytes]:
    """Return the files in the media folder."""
    return {path.name: path.read_bytes() for path in Path(learner.media.dir()).iterdir()}


def has_all(learner: Collection, written: Written) -> None:
    """Assert that a learner's notes are as they were shipped, to the byte, and their pictures and sounds as well."""
    files = media(learner)
    for stamped in written.build.notes:
        note = note_of(learner, stamped.known.id)
        assert tuple(note.fields) == stamped.rendered.fields
        for name in (name for field in note.fields for name in references(field)):
            assert IN_ANKI.fullmatch(name)
            assert sha256(files[name]).hexdigest().startswith(name[len("cuedeck-") :].partition(".")[0])
    assert list(learner.media.check().missing) == []
    assert faults(learner) == ""


def delete_unused(learner: Collection) -> list[str]:
    """Delete what Check Media finds unused, as its button does; return the names."""
    unused = list(learner.media.check().unused)
    learner.media.trash_files(unused)
    learner.media.empty_trash()
    return unused


def update(learner: Collection, package: Path, at: int, importing: Update = take) -> object:
    """Import a package that was made at a time, and return what happened.

    Up to 24.11 a note that it updates gets the time of the import, which is after all releases here. So these notes get
    the time of the package.
    """
    outcome = importing(learner, package)
    learner.db.execute("update notes set mod = ? where mod > ?", at, at)
    return outcome


ALL: dict[str, Any] = {
    "shows-a": question("What? ![a](media/a.png)", "That."),
    "shows-b": question("Which?", "![b](media/b.png){width=50%}"),
    "shows-both": cloze("{{c1::![a](media/a.png)::![b](media/b.png)}} and {{c2::more}}"),
    "plays-c": question("![how it sounds](media/c.mp3)", "That.", extra="*That* ![again](media/c.mp3)"),
    "has-none": question("Why?", "So."),
}
# The bytes of each file in each release, and the notes that must change.
RELEASES: list[tuple[dict[str, str], set[str]]] = [
    ({"a_png": "one", "b_png": "two", "c_mp3": "sound"}, set(ALL)),
    ({"a_png": "two", "b_png": "one"}, {"shows-a", "shows-b", "shows-both"}),  # swapped
    ({"a_png": "three"}, {"shows-a", "shows-both"}),
    ({"c_mp3": "another"}, {"plays-c"}),
    ({"a_png": "one", "b_png": "two"}, {"shows-a", "shows-b", "shows-both"}),  # as in the first
    ({"c_mp3": "sound"}, {"plays-c"}),
    ({}, set()),
]


@pytest.mark.slow
@pytest.mark.parametrize("importing", [take, take_by_add_on], ids=["dialog", "add-on"])
@pytest.mark.parametrize("deletes", [False, True], ids=["keeps old files", "deletes unused files"])
def test_many_releases(learner: Collection, tmp_path: Path, importing: Update, deletes: bool) -> None:
    """Exactly the notes whose picture or sound changed are updated, and all others keep what the learner wrote.

    A picture that comes back after the learner deleted it comes back from the package.
    """
    mine: set[str] = set()
    history: dict[int, Any] = {}
    for number, (words, changed) in enumerate(RELEASES):
        put(tmp_path, **words)
        at = FIRST + number * DAY
        written = build_deck(tmp_path, deck(ALL), at)
        assert {each.known.id for each in written.build.notes if each.status != "unchanged"} == changed
        outcome = update(learner, written.package, at, importing)
        if importing is take:
            kind = "updated" if number else "new"
            counts = {kind: len(changed), "duplicate": len(ALL) - len(changed)}
            assert outcome == {name: count for name, count in counts.items() if count}
        mine -= changed
        assert {id for id in ALL if "mine" in note_of(learner, id).tags} == mine
        has_all(learner, written)
        assert schedules(learner).items() >= history.items()
        if not number:
            study_all(learner)
            history = schedules(learner)
        for id in ALL:
            note = note_of(learner, id)
            learner.db.execute("update notes set tags = ' mine ' where id = ?", note.id)
        mine = set(ALL)
        if deletes:
            assert all(IN_ANKI.fullmatch(name) for name in delete_unused(learner))
            assert media(learner).keys() == {STYLE_FILE, *shipped(written)}
        else:
            assert media(learner).keys() >= {STYLE_FILE, *shipped(written)}


def test_learners_see_whose_the_pictures_are(learner: Collection, tmp_path: Path) -> None:
    """On the deck's page, which follows the file at each update; no note changes because of it."""
    put(tmp_path, a_png="one", b_png="two", c_mp3="sound")
    for number, author in enumerate(("A. Painter", "A. Drawer")):
        credits = {"media/a.png": {"author": author, "license": "CC BY 4.0", "url": "https://example.org/a"}}
        written = build_deck(tmp_path, {**deck(ALL), "media": credits}, FIRST + number * DAY)
        assert written.build.counts == {"unchanged" if number else "new": len(ALL)}
        take(learner, written.package)
        page = learner.decks.by_name("Small")
        assert page
        assert f"<p>Credits: 1 picture or sound by {author}, under CC BY 4.0, from <a href=" in page["desc"]


def test_a_moved_file_changes_nothing(learner: Collection, tmp_path: Path) -> None:
    """No note changes if a picture has another name, or is in another folder, even if two files become one."""
    put(tmp_path, a_png="one", b_png="two", c_mp3="sound", d_png="one")
    notes = {**ALL, "shows-d": question("![d](media/d.png)")}
    written = build_deck(tmp_path, deck(notes))
    take(learner, written.package)
    (tmp_path / "slides").mkdir()
    (tmp_path / "media" / "a.png").rename(tmp_path / "slides" / "first slide.png")
    (tmp_path / "media" / "d.png").unlink()
    cards = tmp_path / "cards.yaml"
    text = cards.read_text(encoding="utf-8").replace("media/d.png", "media/a.png")
    cards.write_text(text.replace("media/a.png", "<slides/first slide.png>"), encoding="utf-8")
    again = build(cards, at=FIRST + DAY)
    assert again.build.counts == {"unchanged": len(notes)}
    assert take(learner, again.package) == {"duplicate": len(notes)}


def test_a_picture_in_many_notes_is_there_once(learner: Collection, tmp_path: Path) -> None:
    """Under whatever names it is in the folder of the deck."""
    put(tmp_path, a_png="one", b_png="one")
    notes = {f"n{number}": question(f"What {number}? ![](media/{'ab'[number % 2]}.png)") for number in range(10)}
    written = build_deck(tmp_path, deck(notes))
    take(learner, written.package)
    has_all(learner, written)
    assert len(media(learner)) == 2  # with the style


def strangers_deck(folder: Path, guid: str, files: Mapping[str, bytes]) -> Path:
    """Return the package of another deck, with a note that shows these files."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    field = "".join(f'<img src="{name}">' for name in files)
    return pack(folder / "stranger.apkg", [Row(guid, ("Q", field))], media=[folder / name for name in files])


@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_another_deck_has_files_of_the_same_names(learner: Collection, tmp_path: Path, first: str) -> None:
    """Names of the author's files are nothing to Anki, and a file of ours arrives even if its name is taken.

    Then Anki gives it a longer name, until the picture changes. The other deck loses nothing.
    """
    put(tmp_path, a_png="one", b_png="two", c_mp3="sound")
    written = build_deck(tmp_path, deck(ALL))
    files = shipped(written)
    theirs = {name: name.encode() for name in ("a.png", "b.png", *files)}
    stranger = strangers_deck(tmp_path / "stranger", "theirs", theirs)
    packages = [written.package, stranger]
    for package in packages if first == "ours" else reversed(packages):
        take(learner, package)
    shown = {id: [name for field in note_of(learner, id).fields for name in references(field)] for id in ALL}
    there = media(learner)
    rendered = {each.known.id: each.rendered for each in written.build.notes}
    for id, names in shown.items():
        wanted = [name for field in rendered[id].fields for name in references(field)]
        assert [there[name] for name in names] == [files[name] for name in wanted]
        assert (names == wanted) is (first == "ours" or not names)
    their_note = learner.get_note(learner.db.scalar("select id from notes where guid = 'theirs'"))
    assert [there[name] for name in references(their_note.fields[1])] == list(theirs.values())
    assert list(learner.media.check().missing) == []
    assert take(learner, written.package) == {"duplicate": len(ALL)}
    put(tmp_path, a_png="three", b_png="four", c_mp3="another")
    changed = build_deck(tmp_path, deck(ALL), FIRST + DAY)
    assert update(learner, changed.package, FIRST + DAY) == {"updated": 4, "duplicate": 1}
    has_all(learner, changed)
    there = media(learner)
    assert [there[name] for name in references(their_note.fields[1])] == list(theirs.values())


def test_a_deleted_picture_comes_back_with_the_next_change(learner: Collection, tmp_path: Path) -> None:
    """Not with the same package, since Anki brings files only together with notes that are new or newer."""
    put(tmp_path, a_png="one", b_png="two", c_mp3="sound")
    written = build_deck(tmp_path, deck(ALL))
    take(learner, written.package)
    lost = next(name for name, data in shipped(written).items() if data == file("png", "one"))
    learner.media.trash_files([lost])
    learner.media.empty_trash()
    assert take(learner, written.package) == {"duplicate": len(ALL)}
    assert list(learner.media.check().missing) == [lost]
    edit(tmp_path / "cards.yaml", "What? ![a]", "What? ![words]")
    changed = build(tmp_path / "cards.yaml", at=FIRST + DAY)
    assert take(learner, changed.package) == {"updated": 1, "duplicate": len(ALL) - 1}
    has_all(learner, changed)


def test_a_new_note_with_an_old_picture(learner: Collection, tmp_path: Path) -> None:
    """It shows the file that is there already, and no other note is touched."""
    put(tmp_path, a_png="one", b_png="two", c_mp3="sound")
    take(learner, build_deck(tmp_path, deck(ALL)).package)
    more = build_deck(tmp_path, deck({**ALL, "new": question("![a](media/a.png)")}), FIRST + DAY)
    assert take(learner, more.package) == {"new": 1, "duplicate": len(ALL)}
    has_all(learner, more)


# A note, and for each of its cards the sounds of its front and those of its back.
SOUNDS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "in the question": (question("![](media/q.mp3) What?", "That."), [("q", "")]),
    "in the answer": (question("What?", "![](media/a.mp3)"), [("", "a")]),
    "on both sides": (question("![](media/q.mp3)", "![](media/a.mp3)"), [("q", "a")]),
    "on both sides, both ways": (
        question("![](media/q.mp3)", "![](media/a.mp3)", reverse="true"),
        [("q", "a"), ("a", "q")],
    ),
    "with words, both ways": (
        question("Which word? ![](media/q.mp3)", "*Word*", reverse="true"),
        [("q", ""), ("", "q")],
    ),
    "in extra": (question("What?", "That.", extra="![](media/x.mp3)"), [("", "x")]),
    "in extra, both ways": (
        question("![](media/q.mp3) What?", "That.", extra="![](media/x.mp3)", reverse="true"),
        [("q", "x"), ("", "qx")],
    ),
    "two in a row": (question("![](media/q.mp3) ![](media/a.mp3)", "That. ![](media/q.mp3)"), [("qa", "q")]),
    "in extra of a cloze": (
        cloze("{{c1::One}} and {{c2::two}}", extra="![](media/x.mp3)"),
        [("", "x"), ("", "x")],
    ),
    "beside a picture": (question("![](media/p.png) ![](media/q.mp3)", "That."), [("q", "")]),
    "inside a list and bold": (question("* **![](media/q.mp3)**\n* two", "That."), [("q", "")]),
    "in words about a picture": (question("![[sound:q.mp3]](media/p.png)", "That."), [("", "")]),
    "as code": (question("`[sound:q.mp3]`", "That."), [("", "")]),
}


def test_sounds_play_on_their_sides(learner: Collection, tmp_path: Path) -> None:
    """Each on the side on which it was written, also on the reversed card, and never again because of the front."""
    put(tmp_path, **{f"{name}_mp3": name for name in "qax"}, p_png="p")
    ids = {f"n{number}": name for number, name in enumerate(SOUNDS)}
    written = build_deck(tmp_path, deck({id: SOUNDS[name][0] for id, name in ids.items()}))
    take(learner, written.package)
    names = letters(written)
    for id, name in ids.items():
        cards = [card_of(learner, id, ordinal) for ordinal in range(len(SOUNDS[name][1]))]
        assert [played(card, names) for card in cards] == SOUNDS[name][1], name
        for card in cards:
            assert "[sound:" not in re.sub(r"<code>.*?</code>", "", card.question() + card.answer())
    has_all(learner, written)


def played(card: "Card", names: Mapping[str, str]) -> tuple[str, str]:
    """Return the letters of the sounds that Anki plays on the front of a card, and on its back."""
    sides = (card.question_av_tags(), card.answer_av_tags())
    front, back = ("".join(names[tag.filename] for tag in tags) for tags in sides)  # type: ignore[union-attr]
    return front, back


# A text with deletions, and for each of its cards the pictures on its front and those on its back.
CLOZES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a deletion": ("It is {{c1::![](media/a.png)}}.", [("", "a")]),
    "a deletion with words": ("It is {{c1::so ![](media/a.png) and so}}.", [("", "a")]),
    "a hint": ("It is {{c1::that::![](media/a.png)}}.", [("a", "")]),
    "a deletion with a hint": ("It is {{c1::![](media/a.png)::![](media/b.png)}}.", [("b", "a")]),
    "beside": ("![](media/a.png) is {{c1::that}}.", [("a", "a")]),
    "two": ("{{c1::![](media/a.png)}} {{c2::![](media/b.png)}}", [("b", "ab"), ("a", "ab")]),
    "nested": ("{{c1::![](media/a.png) {{c2::![](media/b.png)}}}}", [("", "ab"), ("a", "ab")]),
    "colons and braces in its words": ("{{c1::![a::b}} c](media/a.png)}} {{c2::x}}", [("", "a"), ("a", "a")]),
    "a width": ("{{c1::![a](media/a.png){width=50%}::hint}}", [("", "a")]),
}


def test_pictures_in_deletions(learner: Collection, tmp_path: Path) -> None:
    """A picture is hidden and shown as words are, in a deletion, in a hint and beside them."""
    put(tmp_path, a_png="a", b_png="b")
    ids = {f"n{number}": name for number, name in enumerate(CLOZES)}
    written = build_deck(tmp_path, deck({id: cloze(CLOZES[name][0]) for id, name in ids.items()}))
    take(learner, written.package)
    names = letters(written)
    for id, name in ids.items():
        cards = [card_of(learner, id, ordinal) for ordinal in range(len(CLOZES[name][1]))]
        sides = [tuple(shown_on(side, names) for side in (card.question(), card.answer())) for card in cards]
        assert sides == CLOZES[name][1], name
    has_all(learner, written)


def shown_on(side: str, names: Mapping[str, str]) -> str:
    """Return the letters of the pictures that one side of a card shows."""
    bare = re.sub(r"data-cloze=\"[^\"]*\"", "", side)
    return "".join(names[name] for name in references(bare))


STRANGE = [
    *("a b.png", "a%20b.png", "a#b.png", "a?b.png", "a&b.png", "a+b.png", "a'b.png", 'a"b.png', "a[b].png"),
    *("é.png", "e\u0301.png", "\U0001f600.png", ".hidden.png", "_a.png", "con.png", "A.PNG", "a:b.png", "a|b*.png"),
    *("\u202ea.png", "a\u200bb.png", "\u00a0a.png", f"{'n' * 196}.png"),
]


@pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")
def test_whatever_the_files_are_called(learner: Collection, tmp_path: Path) -> None:
    """Names that Anki would change, refuse or show wrongly are only in the folder of the deck."""
    (tmp_path / "media").mkdir()
    notes = {}
    for number, name in enumerate(dict.fromkeys(STRANGE)):
        (tmp_path / "media" / name).write_bytes(file("png", name))
        notes[f"n{number}"] = question(f"![x](<media/{name}>)", "That.")
    written = build_deck(tmp_path, deck(notes))
    assert take(learner, written.package) == {"new": len(notes)}
    has_all(learner, written)
    names = shipped(written).keys()
    assert all(map(IN_ANKI.fullmatch, names))
    assert len({name.casefold() for name in names}) == len(names)


@pytest.mark.slow
def test_three_hundred_files(learner: Collection, tmp_path: Path) -> None:
    """All arrive at once, nothing is doubled, and the next import does nothing."""
    put(tmp_path, **{f"s{number}_png": f"slide {number}" for number in range(300)})
    notes = {f"n{number}": question(f"Slide {number}? ![](media/s{number}.png)") for number in range(300)}
    written = build_deck(tmp_path, deck(notes))
    assert take(learner, written.package) == {"new": 300}
    has_all(learner, written)
    assert len(media(learner)) == 301
    assert delete_unused(learner) == []
    assert take(learner, written.package) == {"duplicate": 300}


@pytest.mark.slow
def test_a_lock_is_made_again_from_what_anki_exports(learner: Collection, tmp_path: Path) -> None:
    """Whoever exports the deck may have our pictures under longer names. Learners of the package lose nothing.

    The notes with these names change once.
    """
    put(tmp_path / "deck", a_png="one", b_png="two", c_mp3="sound")
    cards = write(tmp_path / "deck", deck(ALL))
    written = build(cards, at=FIRST)
    taken = next(name for name, data in shipped(written).items() if data == file("png", "one"))
    with collection(tmp_path / "author") as author:
        take(author, strangers_deck(tmp_path / "stranger", "theirs", {taken: b"another"}))
        take(author, written.package)
        author.remove_notes([author.db.scalar("select id from notes where guid = 'theirs'")])
        options = ExportAnkiPackageOptions(with_media=True, legacy=True)
        author.export_anki_package(out_path=str(tmp_path / "export.apkg"), options=options, limit=None)
    assert MANIFEST not in read_members(tmp_path / "export.apkg")
    take(learner, written.package)
    study_all(learner)
    before = schedules(learner)
    (tmp_path / "deck" / "cards.lock").unlink()
    done = adopt(tmp_path / "export.apkg", cards)
    assert (set(done.changed), set(done.renamed)) == ({"shows-a", "shows-both"}, {"shows-a", "shows-both"})
    assert (done.unchanged, done.packages, done.warnings) == (3, (), ())
    again = build(cards, at=FIRST + DAY)
    assert take(learner, again.package) == {"updated": 2, "duplicate": 3}
    has_all(learner, again)
    assert schedules(learner) == before


@pytest.mark.slow
def test_a_deck_of_another_tool_goes_over_with_its_pictures(learner: Collection, tmp_path: Path) -> None:
    """Learners keep the old files, the bridge has those that its notes need, and our update brings ours."""
    files = {"one.png": file("png", "one"), "two.png": file("png", "two"), "word.mp3": file("mp3", "sound")}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    fields = ["What? <img src='one.png'>", 'Which? <img src="two.png">', "How? [sound:word.mp3] <img src=none.png>"]
    rows = [Row(f"guid-{number}", (text, "That.")) for number, text in enumerate(fields)]
    old = pack(tmp_path / "old.apkg", rows, media=[tmp_path / name for name in files])
    put(tmp_path / "deck", a_png="one", b_png="other", c_mp3="sound")
    texts = ["What? ![](media/a.png)", "Which? ![](media/b.png)", "How? ![](media/c.mp3)"]
    notes = {f"n{number}": question(text, "That.", guid=f"guid-{number}") for number, text in enumerate(texts)}
    cards = write(tmp_path / "deck", deck(notes, title="Facts", sources={}))
    take(learner, old)
    study_all(learner)
    before = schedules(learner)
    done = adopt(old, cards, at=FIRST)
    assert (done.changed, done.renamed) == (("n0", "n1", "n2"), ("n0",))
    assert [problem.message for problem in done.warnings] == [
        "1 file that notes of the package show or play is not in it: none.png"
    ]
    (bridge,) = done.packages
    packed = read_members(bridge)
    assert sorted(packed[name] for name in packed if name.isdecimal()) == sorted(files.values())
    assert take(learner, bridge) == {"duplicate": 3}
    assert media(learner).items() >= files.items()
    written = build(cards, at=FIRST + DAY)
    assert take(learner, written.package, merge_notetypes=True) == {"updated": 3}
    has_all(learner, written)
    assert {*delete_unused(learner)} >= files.keys()
    has_all(learner, written)
    assert schedules(learner) == before


def test_a_release_brings_no_file_again(learner: Collection, tmp_path: Path) -> None:
    """Whoever imported its draft has the same files afterwards."""
    put(tmp_path, a_png="one", b_png="two", c_mp3="sound")
    take(learner, build_deck(tmp_path, deck(ALL)).package)
    before = media(learner)
    written = release_deck(tmp_path, deck(ALL), FIRST + DAY)
    assert take(learner, written.package).keys() <= {"updated", "duplicate"}
    assert media(learner) == before

"""cards.lock: what is written can be read again, branches merge, and a damaged file is a problem at its line."""

import contextlib
import itertools
import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.deck.kinds import Kind
from cuedeck.history import lockfile
from cuedeck.history.firstlocks import with_drafts_as_handed_out
from cuedeck.history.lock import (
    Accepted,
    Adoption,
    KnownNote,
    KnownSource,
    KnownType,
    Left,
    LeftType,
    Lock,
    Release,
    guid,
)
from cuedeck.history.lockfile import from_text, read_lock, to_text
from cuedeck.problems import Problems
from cuedeck.usecases.build import build
from cuedeck.usecases.init import init
from tests.making import DAY, FIRST, build_deck, deck, question, write

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12)
VERSIONS = st.tuples(*[st.integers(0, 999_999_999)] * 3).map(lambda numbers: ".".join(map(str, numbers)))
HASHES = st.text("0123456789abcdef", min_size=1, max_size=20)
NUMBERS = st.integers(0, 2**53 - 1)
TIMES = st.integers(0, 253_402_300_799)
IDS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True)


ADOPTIONS = st.builds(Adoption, LINES.filter(bool), st.dates().map(str), st.booleans())


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    """Return a lock such as a build could have written: no Anki id occurs in it twice."""
    names = draw(st.lists(IDS, unique=True, max_size=7))
    ids, former = names[:5], names[5:]
    fresh = itertools.count(draw(st.integers(1, 2**40)))

    def note(number: int, id: str) -> KnownNote:
        ordinals = sorted(draw(st.sets(st.integers(0, 499), min_size=1, max_size=3)))
        left = Left(
            kind=draw(st.sampled_from([*Kind])),
            guid=f"{number}{draw(HASHES)}",
            content=draw(HASHES),
            cards=tuple(ordinals),
            gone=tuple(ordinals[1:]) if draw(st.booleans()) else (),
            answers=draw(st.dictionaries(st.integers(1, 500), st.lists(WORDS, min_size=1).map(tuple), max_size=2)),
            retired=draw(LINES),
            fields=draw(st.none() | st.dictionaries(st.sampled_from(["Question", "Links"]), WORDS)),
        )
        return KnownNote(
            left=left if draw(st.booleans()) else None,
            elsewhere=(left,) if draw(st.booleans()) else (),
            drafted=draw(TIMES),
            unadopted=draw(st.booleans()),
            due=draw(st.none() | st.integers(0, 999_999)),
            id=id,
            kind=draw(st.sampled_from(["qa", "cloze"])),
            guid=f"{number}{draw(HASHES)}",
            note=next(fresh),
            cards={ordinal: next(fresh) for ordinal in ordinals},
            time=draw(TIMES),
            content=draw(HASHES),
            answers=draw(st.dictionaries(st.integers(1, 500), st.lists(WORDS, min_size=1).map(tuple), max_size=3)),
            outside=draw(HASHES),
            gone=tuple(ordinals[1:]) if draw(st.booleans()) else (),
            was=tuple(former) if number == 0 else (),
            retired=draw(LINES),
            released=draw(TIMES),
        )

    types = {
        kind: KnownType(
            kind,
            draw(NUMBERS),
            draw(TIMES),
            draw(HASHES),
            draw(HASHES),
            draw(TIMES),
            draw(st.none() | st.builds(LeftType, HASHES, HASHES)),
            draw(TIMES),
        )
        for kind in ("qa", "cloze")
    }
    releases = [
        Release(
            version,
            draw(TIMES),
            draw(HASHES),
            draw(IDS),
            draw(st.sampled_from(["", "0" * 64, "9af" * 21 + "0"])),
            draw(st.booleans()),
        )
        for version in draw(st.lists(VERSIONS, unique=True, max_size=2))
    ]
    return Lock(
        namespace=draw(IDS),
        deck=draw(IDS),
        titles={"": draw(LINES), **draw(st.dictionaries(IDS, LINES, max_size=2))},
        notes={id: note(number, id) for number, id in enumerate(ids)},
        types=types,
        releases=tuple(sorted(releases, key=lambda each: (each.time, each.version, each.content))),
        accepted=tuple(Accepted(f"vanished:{id}", 10, draw(HASHES)) for id in sorted(former)),
        left=draw(st.none() | st.dictionaries(IDS, LINES, max_size=2)),
        highest=draw(st.integers(0, 2**41)),
        main=draw(st.none() | st.builds(KnownSource, IDS, LINES)),
        adoptions=tuple(
            sorted(
                draw(st.sets(ADOPTIONS, max_size=2)), key=lambda each: (each.day, each.package, each.tags_as_written)
            )
        ),
        tags_as_written=draw(st.booleans()),
    )


def as_read(lock: Lock) -> Lock:
    """Return a lock as it is read: if version 1.0.0 may have written it, its drafts count as handed out."""
    return with_drafts_as_handed_out(lock) if to_text(lock).startswith('{"cuedeck": 1') else lock


@given(lock=locks())
def test_what_is_written_is_read_again(lock: Lock) -> None:
    """A lock is the same after writing and reading, whatever text authors put into their deletions."""
    assert from_text(to_text(lock), "cards.lock") == as_read(lock)


@given(lock=locks(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(lock: Lock, shuffle: object) -> None:
    """Git may leave the lines of two branches in any order, and the same line twice."""
    lines = [f"{line}\n" for line in to_text(lock).split("\n") if line]
    mixed = [*lines, *lines[1:]]
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert from_text("".join(mixed), "cards.lock") == as_read(lock)


def test_lines_are_sorted_and_one_for_each_thing(tmp_path: Path) -> None:
    """First the head, then the note types, then the notes by id: two branches add lines at different places."""
    notes = {id: question(f"{id}?") for id in ("zebra", "ant", "bee")}
    build_deck(tmp_path, deck(notes))
    text = (tmp_path / "cards.lock").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert text.endswith("\n")
    assert [next(iter(line.items())) for line in lines] == [
        ("cuedeck", 1),
        ("type", "cloze"),
        ("type", "qa"),
        ("note", "ant"),
        ("note", "bee"),
        ("note", "zebra"),
    ]


HEAD = '{"cuedeck": 1, "deck": "small", "namespace": "tests123", "titles": {"": "Small"}}\n'
NOTE = '{"note": "one", "kind": "qa", "guid": "g", "nid": 10, "cards": {"0": 11}, "time": 5, "content": "c"}\n'
RELEASE = '{"release": "1.0.0", "time": 5, "content": "c", "deck": "small"}\n'
FROM_GIT = "    restore the file from git, since only cuedeck writes it"
DAMAGED = f"error: this line of cards.lock is damaged [lock-damaged]\n{FROM_GIT}"
NO_ENTRY = f"error: this line is not an entry of cards.lock [lock-damaged]\n{FROM_GIT}"
NO_HEAD = f'cards.lock: error: the line that starts with {{"cuedeck" is missing [lock-damaged]\n{FROM_GIT}'
EMPTY = (
    "cards.lock: error: the file is empty [lock-damaged]\n"
    "    restore it from git, or delete it if no package was ever handed out"
)
CONFLICT = (
    "cards.lock:2: error: git left a merge conflict here, with markers on lines {} [merge-conflict]\n"
    "    delete these lines and no others; when cards.yaml is as you want it, run cuedeck build, which joins both "
    "sides;\n"
    "    for later merges, put this line into .gitattributes, so that git keeps both sides: cards.lock merge=union "
    "text eol=lf"
)
NEWER = (
    "cards.lock:1: error: a newer version of Cuedeck wrote this file [lock-newer]\n"
    "    update Cuedeck to the version that wrote the file, or to a newer one"
)

# Name: the text of a lock, and the message.
DAMAGED = {
    "empty": ("", EMPTY),
    "blank lines": ("\n \n", EMPTY),
    "no head": (NOTE, NO_HEAD),
    "truncated line": (HEAD + NOTE[:-20], f"cards.lock:2: {NO_ENTRY}"),
    "no JSON": (HEAD + "hello\n", f"cards.lock:2: {NO_ENTRY}"),
    "a list": (HEAD + "[1]\n", f"cards.lock:2: {NO_ENTRY}"),
    "a number": (HEAD + "7\n", f"cards.lock:2: {NO_ENTRY}"),
    "unknown thing": (HEAD + '{"what": 1}\n', f"cards.lock:2: {DAMAGED}"),
    "deep nesting": (HEAD + "[" * 100_000 + "\n", f"cards.lock:2: {NO_ENTRY}"),
    "long number": (HEAD + NOTE.replace("10", "1" * 5000), f"cards.lock:2: {NO_ENTRY}"),
    "huge number": (HEAD + NOTE.replace("10", str(2**63)), f"cards.lock:2: {DAMAGED}"),
    "time past all dates": (HEAD + NOTE.replace("5", "253402300800"), f"cards.lock:2: {DAMAGED}"),
    "namespace that is a path": (HEAD.replace("tests123", "../../x"), f"cards.lock:1: {DAMAGED}"),
    "deck that is a path": (HEAD.replace("small", "../x"), f"cards.lock:1: {DAMAGED}"),
    "negative time": (HEAD + NOTE.replace("5", "-5"), f"cards.lock:2: {DAMAGED}"),
    "time as text": (HEAD + NOTE.replace("5", '"5"'), f"cards.lock:2: {DAMAGED}"),
    "fraction": (HEAD + NOTE.replace("5", "5.5"), f"cards.lock:2: {DAMAGED}"),
    "not a number": (HEAD + NOTE.replace("5", "NaN"), f"cards.lock:2: {DAMAGED}"),
    "truth as number": (HEAD + NOTE.replace("5", "true"), f"cards.lock:2: {DAMAGED}"),
    "cards as list": (HEAD + NOTE.replace('{"0": 11}', "[11]"), f"cards.lock:2: {DAMAGED}"),
    "ordinal as word": (HEAD + NOTE.replace('"0"', '"zero"'), f"cards.lock:2: {DAMAGED}"),
    "negative ordinal": (HEAD + NOTE.replace('"0"', '"-1"'), f"cards.lock:2: {DAMAGED}"),
    "id as number": (HEAD + NOTE.replace('"one"', "1"), f"cards.lock:2: {DAMAGED}"),
    "guid missing": (HEAD + NOTE.replace('"guid": "g", ', ""), f"cards.lock:2: {DAMAGED}"),
    "unknown kind": (HEAD + NOTE.replace('"qa"', '"image"'), f"cards.lock:2: {DAMAGED}"),
    "answers as text": (HEAD + NOTE.replace('"c"}', '"c", "answers": {"1": "x"}}'), f"cards.lock:2: {DAMAGED}"),
    "a version that is a path": (HEAD + RELEASE.replace("1.0.0", "../../owned"), f"cards.lock:2: {DAMAGED}"),
    "a version of two numbers": (HEAD + RELEASE.replace("1.0.0", "1.0"), f"cards.lock:2: {DAMAGED}"),
    "a version as number": (HEAD + RELEASE.replace('"1.0.0"', "7"), f"cards.lock:2: {DAMAGED}"),
    "a version past all bounds": (HEAD + RELEASE.replace("1.0.0", "1" * 5000 + ".0.0"), f"cards.lock:2: {DAMAGED}"),
    "a release's deck that is a path": (HEAD + RELEASE.replace("small", ".."), f"cards.lock:2: {DAMAGED}"),
    "a hash that is a list": (HEAD + RELEASE.replace('"c"', '["c"]'), f"cards.lock:2: {DAMAGED}"),
    "a title of two lines": (HEAD.replace("Small", "Sm\\nall"), f"cards.lock:1: {DAMAGED}"),
    "a title with a NUL": (HEAD.replace("Small", "Sm\\u0000all"), f"cards.lock:1: {DAMAGED}"),
    "half a sign in a title": (HEAD.replace("Small", "Sm\\ud800all"), f"cards.lock:1: {DAMAGED}"),
    "half a sign in an answer": (
        HEAD + NOTE.replace('"c"}', '"c", "answers": {"1": ["\\udc00"]}}'),
        f"cards.lock:2: {DAMAGED}",
    ),
    "a guid with a line end": (HEAD + NOTE.replace('"g"', '"g\\nx"'), f"cards.lock:2: {DAMAGED}"),
    "a former id that is none": (HEAD + NOTE.replace('"c"}', '"c", "was": ["No Id"]}'), f"cards.lock:2: {DAMAGED}"),
    "a hash of files that is none": (
        HEAD + RELEASE.replace('"c"', '"c", "members": "x"'),
        f"cards.lock:2: {DAMAGED}",
    ),
    "an infinity": (HEAD + NOTE.replace("10", "Infinity"), f"cards.lock:2: {DAMAGED}"),
    "a card past all ordinals": (HEAD + NOTE.replace('"0"', '"9223372036854775807"'), f"cards.lock:2: {DAMAGED}"),
    "release without time": (HEAD + '{"release": "1.0.0", "content": "c"}\n', f"cards.lock:2: {DAMAGED}"),
    "type as list": (HEAD + '{"type": [], "id": 1, "time": 1, "content": "c"}\n', f"cards.lock:2: {DAMAGED}"),
    "type as number": (HEAD + '{"type": 5, "id": 1, "time": 1, "content": "c"}\n', f"cards.lock:2: {DAMAGED}"),
    "titles as list": (HEAD.replace('{"": "Small"}', "[]"), f"cards.lock:1: {DAMAGED}"),
    "main title missing": (HEAD.replace('{"": "Small"}', "{}"), f"cards.lock:1: {DAMAGED}"),
    "a main source without an address": (
        HEAD.replace("}}", '}, "main": {"id": "talk"}}'),
        f"cards.lock:1: {DAMAGED}",
    ),
    "a main source with an id that is none": (
        HEAD.replace("}}", '}, "main": {"id": "../x", "address": "https://e.org"}}'),
        f"cards.lock:1: {DAMAGED}",
    ),
    "a package that was adopted on no day": (HEAD + '{"adopted": "old.apkg"}\n', f"cards.lock:2: {DAMAGED}"),
    "newer format": (HEAD.replace("1", "4", 1) + "whatever\n", NEWER),
    "newer format, other keys": ('{"cuedeck": 9}\n', NEWER),
    "conflict": (
        f"{HEAD}<<<<<<< HEAD\n{NOTE}=======\n{NOTE}>>>>>>> other branch\n",
        CONFLICT.format("2, 4, 6"),
    ),
    "conflict with the ancestor": (
        f"{HEAD}<<<<<<< HEAD\n||||||| 1a2b3c4\n=======\n>>>>>>> other\n",
        CONFLICT.format("2, 3, 4, 5"),
    ),
    "two decks": (
        HEAD + HEAD.replace("tests123", "another1"),
        'cards.lock: error: the locks of two decks were merged here, with the namespaces "another1" and "tests123" '
        "[lock-of-another-deck]\n"
        "    restore the lock of this deck: each deck keeps its own",
    ),
    "two faults": (HEAD + "x\n" + NOTE + "y\n", f"cards.lock:2: {NO_ENTRY}\ncards.lock:4: {NO_ENTRY}"),
}


@pytest.mark.hostile
@pytest.mark.parametrize(("text", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_lock_is_a_problem_at_its_line(text: str, said: str) -> None:
    """Whatever happened to the file, the author reads a sentence with the line and what to do."""
    with pytest.raises(Problems) as caught:
        from_text(text, "cards.lock")
    assert str(caught.value) == said


@pytest.mark.parametrize("name", ["empty", "truncated line", "conflict", "newer format"])
def test_nothing_is_overwritten_by_a_build_with_a_damaged_lock(tmp_path: Path, name: str) -> None:
    """The lock stays as it is, so that it can be repaired; no package is written from it."""
    cards = write(tmp_path, deck({"one": question()}))
    lock = tmp_path / "cards.lock"
    lock.write_text(DAMAGED[name][0], encoding="utf-8")
    with pytest.raises(Problems):
        build(cards, at=FIRST)
    assert lock.read_text(encoding="utf-8") == DAMAGED[name][0]
    assert not (tmp_path / "decks").exists()


# Name: the bytes of a lock, and the message with its hint.
ODD = {
    "zeros": (bytes(100), f"cards.lock:1: {NO_ENTRY}"),
    "an image": (
        b"\x89PNG\r\n\x1a\n\0\0",
        f"cards.lock:1: error: the file is not text [lock-damaged]\n{FROM_GIT}",
    ),
    "UTF-16": (
        HEAD.encode("utf-16"),
        f"cards.lock:1: error: the file is not text [lock-damaged]\n{FROM_GIT}",
    ),
    "a line in another encoding": (
        (HEAD + NOTE.replace("one", "ü")).encode("latin-1"),
        f"cards.lock:2: error: the file is not text [lock-damaged]\n{FROM_GIT}",
    ),
    "half a sign": (
        (HEAD + "ü").encode()[:-1],
        f"cards.lock:2: error: the file is not text [lock-damaged]\n{FROM_GIT}",
    ),
}


@pytest.mark.parametrize(("data", "said"), ODD.values(), ids=ODD)
def test_a_lock_that_is_not_text_is_reported_as_such(tmp_path: Path, data: bytes, said: str) -> None:
    """The way out is the lock in git, not an editor; the file stays as it is."""
    cards = write(tmp_path, deck({"one": question()}))
    lock = tmp_path / "cards.lock"
    lock.write_bytes(data)
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST)
    assert str(caught.value).replace(f"{tmp_path.as_posix()}/", "") == said
    assert lock.read_bytes() == data


def test_a_lock_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is reported after that many bytes."""
    monkeypatch.setattr(lockfile, "_LARGEST", 1024 * 1024)
    lock = tmp_path / "cards.lock"
    lock.write_bytes(HEAD.encode() + b" " * 1024 * 1024)
    with pytest.raises(Problems) as caught:
        read_lock(lock)
    assert str(caught.value) == (
        f"{lock.as_posix()}: error: the file is larger than 1 MB, the most that a lock may have "
        f"[lock-damaged]\n{FROM_GIT}"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    """Nothing may ever come from it."""
    os.mkfifo(tmp_path / "cards.lock")
    with pytest.raises(Problems, match="this is a pipe or a device, not a file"):
        read_lock(tmp_path / "cards.lock")


def test_an_edited_hash_delivers_the_note_again(tmp_path: Path) -> None:
    """Editing the content hash of a note by hand loses nothing: learners get the note again."""
    cards = build_deck(tmp_path, deck({"one": question(), "two": question("Two?")})).build.checked.workspace.cards
    lock = tmp_path / "cards.lock"
    lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if '"note": "one"' in line)
    content = json.loads(lines[number])["content"]
    lines[number] = lines[number].replace(content, "0" * len(content))
    lock.write_text("".join(lines), encoding="utf-8")
    again = build(cards, at=FIRST + DAY).build
    assert {each.known.id: (each.status, each.known.time) for each in again.notes} == {
        "one": ("changed", FIRST + DAY),
        "two": ("unchanged", FIRST),
    }


def test_a_note_with_two_lines_is_one(tmp_path: Path) -> None:
    """A line that was doubled by hand, with another hash, is joined with the first, whichever comes first."""
    written = build_deck(tmp_path, deck({"one": question()}))
    lock = tmp_path / "cards.lock"
    sound = lock.read_text(encoding="utf-8")
    *head, note = sound.splitlines(keepends=True)
    edited = note.replace(json.loads(note)["content"], "0123")
    for lines in ((note, edited), (edited, note)):
        lock.write_text("".join((*head, *lines)), encoding="utf-8")
        written.package.unlink()
        (again,) = build(written.build.checked.workspace.cards, at=FIRST + DAY).build.notes
        assert (again.status, again.known.time) == ("changed", FIRST + DAY)


def test_two_notes_with_one_guid_are_one() -> None:
    """To Anki they are one note with two names, in whichever order the lines are."""
    other = NOTE.replace('"one"', '"other"').replace("10", "20").replace("11", "21")
    for text in (HEAD + NOTE + other, HEAD + other + NOTE):
        (joined,) = from_text(text, "cards.lock").notes.values()
        assert (joined.id, joined.was, joined.guid) == ("other", ("one",), "g")


def test_the_lock_of_another_deck_is_refused(tmp_path: Path) -> None:
    """A copied deck with its own namespace must not inherit the identities of the first."""
    build_deck(tmp_path, deck({"one": question()}))
    before = (tmp_path / "cards.lock").read_bytes()
    with pytest.raises(Problems) as caught:
        build_deck(tmp_path, deck({"one": question()}, namespace="another1"), FIRST + DAY)
    place = (tmp_path / "cards.lock").as_posix()
    assert str(caught.value) == (
        f'{place}: error: this is the lock of the namespace "tests123", but cards.yaml has "another1" '
        "[lock-of-another-deck]\n"
        "    restore it below deck: namespace: tests123; or, to make this copy a separate deck, run cuedeck fork"
    )
    assert (tmp_path / "cards.lock").read_bytes() == before


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """A checkout with other line ends is the same lock, and the next build restores its own format."""
    cards = build_deck(tmp_path, deck({"one": question(), "two": question("Two?")})).build.checked.workspace.cards
    lock = tmp_path / "cards.lock"
    own = lock.read_bytes()
    lock.write_bytes(b"\xef\xbb\xbf" + own.replace(b"\n", b"\r\n"))
    assert build(cards, at=FIRST + DAY).build.counts == {"unchanged": 2}
    assert lock.read_bytes() == own


def test_the_order_of_the_answers_of_one_number_is_kept(tmp_path: Path) -> None:
    """Characters that other programs read as line ends do not break a line of the lock."""
    note = KnownNote("one", "cloze", "g", 1, {0: 2}, 3, "c", {1: ("b\u2028x", "a\x85y", "c\x0bz")}, "o")
    lock = Lock("tests123", "small", {"": "Small"}, {"one": note})
    assert from_text(to_text(lock), "cards.lock") == as_read(lock)


def test_a_subdeck_that_one_branch_added_is_remembered() -> None:
    """The names of decks are those that either branch knows, in whichever order git left the lines."""
    one = to_text(Lock("tests123", "small", {"": "Small"}))
    other = to_text(Lock("tests123", "small", {"": "Small", "film": "Small::Films"}))
    for text in (one + other, other + one):
        assert from_text(text, "cards.lock").titles == {"": "Small", "film": "Small::Films"}


def test_a_version_that_two_branches_handed_out_is_two_releases() -> None:
    """Learners have either, so both are remembered, and the newer is the last; the same line twice is one release."""
    releases = [Release("1.0.0", at, "c", "small") for at in (5, 9)]
    texts = [to_text(Lock("tests123", "small", {"": "Small"}, releases=(each,))) for each in releases]
    assert from_text(texts[0] + texts[0], "cards.lock").releases == (releases[0],)
    for text in (texts[0] + texts[1], texts[1] + texts[0]):
        assert from_text(text, "cards.lock").releases == tuple(releases)
        assert from_text(text, "cards.lock").last_release == releases[1]


def test_what_one_branch_recorded_of_a_release_is_known() -> None:
    """Files of a release that only one branch recorded are known. If two branches differ, neither is kept."""
    plain = Release("1.0.0", 5, "c", "small")
    recorded, otherwise = replace(plain, files_digest="a" * 64), replace(plain, files_digest="b" * 64)
    texts = {each: to_text(Lock("tests123", "small", {"": "Small"}, releases=(each,))) for each in (plain, recorded)}
    texts[otherwise] = texts[recorded].replace("a" * 64, "b" * 64)
    for order in itertools.permutations((plain, recorded)):
        assert from_text("".join(map(texts.__getitem__, order)), "cards.lock").releases == (recorded,)
    for order in itertools.permutations(texts):
        assert from_text("".join(map(texts.__getitem__, order)), "cards.lock").releases == (plain,)


def test_a_lock_says_a_newer_format_only_where_it_needs_one() -> None:
    """What the first version would drop silently must be in a form that it refuses to read.

    That is anything of a release: the head tells as of which one it is.
    """
    plain = Release("1.0.0", 5, "c", "small")
    heads = [
        json.loads(to_text(Lock("tests123", "small", {"": "Small"}, releases=each)).partition("\n")[0])["cuedeck"]
        for each in ((), (plain,), (plain, replace(plain, version="1.1.0", files_digest="a" * 64)))
    ]
    assert heads == [1, 2, 2]
    named = Lock("tests123", "small", {"": "Small"}, main=KnownSource("talk", "https://e.org"))
    assert to_text(named).startswith('{"cuedeck": 2')
    adoption = Adoption("old.apkg", "2026-01-31")
    for later in (
        {"adoptions": (adoption,)},
        {"tags_as_written": True},
        {"releases": (replace(plain, tags_as_written=True),)},
    ):
        assert to_text(replace(named, **later)).startswith('{"cuedeck": 3')  # type: ignore[arg-type]


def test_what_was_handed_out_without_a_release_is_read_as_such() -> None:
    """A package that was adopted may have no releases, and its notes must not become drafts by reading the lock."""
    note = KnownNote("one", Kind.QA, guid("tests123", "one"), 1, {0: 2}, 5, "c", released=5)
    lock = Lock("tests123", "small", {"": "Small"}, notes={"one": note})
    again = from_text(to_text(lock), "cards.lock")
    assert (again, again.is_first, again.is_handed_out) == (lock, False, True)
    draft = replace(lock, notes={"one": replace(note, released=0)})
    assert from_text(to_text(draft), "cards.lock").is_first


def _git(folder: Path, *words: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *words], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _merge(folder: Path, branch: str, how: str) -> None:
    """Merge a branch: without a conflict, or with one of which only the markers are deleted."""
    if how == "union":
        _git(folder, "merge", branch, "-m", "merged")
        return
    with pytest.raises(AssertionError, match="CONFLICT"):
        _git(folder, "-c", f"merge.conflictStyle={how}", "merge", branch, "-m", "merged")
    lock = folder / "cards.lock"
    with pytest.raises(Problems, match="delete these lines and no others"):
        read_lock(lock)
    lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
    lock.write_text(
        "".join(line for line in lines if not re.match(r"(?:<{7}|={7}|>{7}|\|{7})", line)), encoding="utf-8"
    )


@pytest.mark.parametrize("how", ["union", "merge", "diff3"])
@pytest.mark.parametrize("order", [("left", "right"), ("right", "left")], ids="-then-".join)
def test_the_locks_of_two_branches_are_merged(tmp_path: Path, order: tuple[str, str], how: str) -> None:
    """Both edit one note and add one each; git merges the locks, and the next build serves learners of both.

    In a repository that does not say how to merge locks, git leaves markers; deleting them is enough.
    """
    if how == "union":
        init(tmp_path, "small", "Small")
    build_deck(tmp_path, deck({"m-shared": question("Shared?")}))
    _git(tmp_path, "init")
    _git(tmp_path, "add", "cards.lock", *([".gitattributes"] if how == "union" else []))
    _git(tmp_path, "commit", "-m", "first")
    times = {"left": FIRST + DAY, "right": FIRST + 2 * DAY}
    for name, at in times.items():
        _git(tmp_path, "checkout", "-b", name, "main")
        (tmp_path / "decks" / "small.apkg").unlink()
        build_deck(tmp_path, deck({"m-shared": question("Shared?", f"{name}."), f"a-{name}": question("New?")}), at)
        _git(tmp_path, "commit", "-am", name)
    _git(tmp_path, "checkout", order[0])
    _merge(tmp_path, order[1], how)
    (tmp_path / "decks" / "small.apkg").unlink()

    both = deck({"m-shared": question("Shared?", "left."), "a-left": question("New?"), "a-right": question("New?")})
    merged = build_deck(tmp_path, both, FIRST + DAY + 5 + DAY)
    known = {stamped.known.id: stamped.known for stamped in merged.build.notes}
    assert merged.build.counts == {"changed": 1, "unchanged": 2}
    assert known["m-shared"].time > max(times.values())
    ids = [id for note in known.values() for id in (note.note, *note.cards.values())]
    assert len(ids) == len(set(ids))
    again = build(merged.build.checked.workspace.cards, at=FIRST + 9 * DAY)
    assert again.build.counts == {"unchanged": 3}


def test_ids_that_two_branches_gave_in_one_second_become_different(tmp_path: Path) -> None:
    """Two branches built at the same time give two notes one Anki id; after the merge each note has its own."""
    texts = []
    for name in ("left", "right"):
        build_deck(tmp_path / name, deck({"shared": question(), f"a-{name}": question("New?")}))
        texts.append((tmp_path / name / "cards.lock").read_text(encoding="utf-8"))
    (tmp_path / "cards.lock").write_text("".join(dict.fromkeys("".join(texts).splitlines(keepends=True))))
    notes = {"shared": question(), "a-left": question("New?"), "a-right": question("New?")}
    merged = build_deck(tmp_path, deck(notes), FIRST + DAY).build
    ids = [id for each in merged.notes for id in (each.known.note, *each.known.cards.values())]
    assert len(ids) == len(set(ids)) == 6


@given(lock=locks(), place=st.integers(0, 10_000), length=st.integers(0, 40), instead=st.text(max_size=10))
def test_no_damage_makes_the_builder_crash(lock: Lock, place: int, length: int, instead: str) -> None:
    """Wherever a lock is damaged, it is read, or the author reads a problem; there is no traceback."""
    text = to_text(lock)
    place %= len(text)
    with contextlib.suppress(Problems):
        damaged = from_text(text[:place] + instead + text[place + length :], "cards.lock")
        assert damaged.titles[""] is not None
        assert all(note.kind in ("qa", "cloze") for note in damaged.notes.values())

"""What an old package has of the pictures and sounds of its notes, and when only their names differ from ours."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from cuedeck.bridging.oldmedia import OldMedia, old_media
from cuedeck.building.released import read_package
from cuedeck.media.files import name_of
from cuedeck.package.container import archive
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import Packed, read_members
from cuedeck.problems import Problems
from cuedeck.usecases.build import Written
from tests.anki.packages import Row, pack
from tests.making import build_deck, deck, question
from tests.tinymedia import file, put

LONG = "0123456789abcdef" * 2 + "01234567"
IN_ANKI = name_of(sha256(file("png", "a")).hexdigest(), "png")


@pytest.fixture
def old(tmp_path: Path) -> Callable[..., OldMedia]:
    """A function that returns what a package of these files, in this list, has for a note with these fields."""

    def found(field: str, names: object = None, **members: bytes) -> OldMedia:
        path = pack(tmp_path / "old.apkg", [Row("a", ("Q", field))])
        files = {**read_members(path), **{name.removeprefix("n"): data for name, data in members.items()}}
        files["media"] = names if isinstance(names, bytes) else json.dumps(names).encode()
        path.write_bytes(archive(files))
        packed: Packed = read_members(path)
        return old_media(packed, Path("old.apkg"), read_snapshot(packed, path).notes.values())

    return found


# Name: the field of a note, and the names of the files in the package, of which each contains the same picture.
NAMED: dict[str, tuple[str, list[str]]] = {
    "any name": ('<img src="slide one.png">', ["slide one.png"]),
    "ours": (f'<img src="{IN_ANKI}">', [IN_ANKI]),
    "as Anki renames it": (f'<img src="slide-{LONG}.png">', [f"slide-{LONG}.png"]),
    "as Anki renames one of ours": (
        f'<img src="cuedeck-1111111111111111-{LONG}.png">',
        [f"cuedeck-1111111111111111-{LONG}.png"],
    ),
    "as older ones rename it": ('<img src="slide_1600000000000.png">', ["slide_1600000000000.png"]),
    "accents of two parts": ('<img src="e\u0301.png">', ["é.png"]),
    "accents of two parts in the list": ('<img src="é.png">', ["e\u0301.png"]),
    "percent signs": ('<img src="a%20b.png">', ["a b.png"]),
    "capitals": ('<img src="A.PNG">', ["A.PNG"]),
}


@pytest.mark.parametrize(("field", "names"), NAMED.values(), ids=NAMED)
def test_bytes_give_the_name(old: Callable[..., OldMedia], field: str, names: list[str]) -> None:
    """Whatever a file is called, the same bytes get the same name."""
    found = old(field, dict(enumerate(names)), n0=file("png", "a"))
    assert list(found.names.values()) == [IN_ANKI]
    assert found.lacking == ()


@pytest.mark.parametrize(
    ("field", "names", "lacking"),
    [
        ('<img src="a.png">[sound:b.mp3]', {"0": "a.png"}, ("b.mp3",)),
        ('<img src="a.png">', {"0": "b.png"}, ("a.png",)),
        ('<img src="a.png">', {"7": "a.png"}, ("a.png",)),
        ('<img src="a.png">', {"collection.anki2": "a.png"}, ("a.png",)),
        ('<img src="a.png"> <img src="a.png">', {}, ("a.png",)),
        ('<img src="x/a.png"><img src="">', {"0": "a.png"}, ("x/a.png",)),
        ('<img src="https://example.org/a.png"> words', {}, ()),
    ],
)
def test_what_is_lacking_is_named(
    old: Callable[..., OldMedia], field: str, names: dict[str, str], lacking: tuple[str, ...]
) -> None:
    """A file that a note shows, and that the package does not contain, is worth a warning."""
    found = old(field, names, n0=file("png", "a"))
    assert found.lacking == lacking
    assert [(each.level, each.rule) for each in found.warnings(Path("old.apkg"))] == (
        [("warning", "file-not-packed")] if lacking else []
    )


SHOWN = f'<img src="{IN_ANKI}">'
# Name: a field, the list of files, and what is said.
FORGED: dict[str, tuple[str, object, str]] = {
    "other bytes": (SHOWN, {"0": IN_ANKI}, f"these files in it are not what their names say: {IN_ANKI}"),
    "a name twice": (SHOWN, {"0": IN_ANKI, "1": IN_ANKI}, f'two files in it have the name "{IN_ANKI}"'),
    "a list": (SHOWN, [IN_ANKI], "its list of pictures and sounds cannot be read"),
    "no JSON": (SHOWN, b"\n\x07dot.png", "its list of pictures and sounds cannot be read"),
    "no end": (SHOWN, b"[" * 100_000, "its list of pictures and sounds cannot be read"),
}


@pytest.mark.hostile
@pytest.mark.parametrize(("field", "names", "said"), FORGED.values(), ids=FORGED)
def test_a_list_that_lies_is_refused(old: Callable[..., OldMedia], field: str, names: object, said: str) -> None:
    """The author reads which file it is."""
    with pytest.raises(Problems) as caught:
        old(field, names, n0=file("png", "b"), n1=file("png", "a"))
    (problem,) = caught.value.problems
    assert (problem.rule, problem.message) == ("no-package", f"the package is damaged or forged: {said}")


def test_a_list_that_no_note_needs_does_not_count(old: Callable[..., OldMedia]) -> None:
    """A deck without pictures continues, whatever is in its list."""
    assert old("words", b"no JSON") == OldMedia()


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A deck with a picture and a sound."""
    put(tmp_path, a_png="a", b_mp3="b")
    text = "![a *wide* picture](media/a.png){width=50%} and ![](media/b.mp3)"
    return build_deck(tmp_path, deck({"one": question(text, "That.", extra="![x](media/a.png)")}))


# Name: what is replaced in the fields of its package, and whether then only names differ.
EDITS: dict[str, tuple[list[tuple[str, str]], bool]] = {
    "nothing": ([], False),
    "all names": ([(IN_ANKI, "a.png")], True),
    "one name": ([(f'src="{IN_ANKI}" alt="x"', 'src="a.png" alt="x"')], True),
    "the words about a picture, too": ([(IN_ANKI, "a.png"), ('alt="a wide picture"', 'class="x"')], True),
    "words": ([(IN_ANKI, "a.png"), ("That.", "This.")], False),
    "another picture": ([(IN_ANKI, "b.png")], False),
    "a picture less": ([(f'<img src="{IN_ANKI}" alt="x">', ""), (IN_ANKI, "a.png")], False),
    "only words": ([("That.", "This.")], False),
    "a name that the package does not have": ([(IN_ANKI, "none.png")], False),
}


@pytest.mark.parametrize(("edits", "only_names"), EDITS.values(), ids=EDITS)
def test_when_only_names_differ(written: Written, edits: list[tuple[str, str]], only_names: bool) -> None:
    """Then the same pictures and sounds are in the same places among the same words."""
    (packed,) = read_package(written.package).notes.values()
    for before, after in edits:
        packed = replace(packed, fields={key: html.replace(before, after) for key, html in packed.fields.items()})
    (note,) = written.build.checked.notes
    media = OldMedia({IN_ANKI: IN_ANKI, "a.png": IN_ANKI, "b.png": "cuedeck-0000000000000000.png"})
    assert media.only_renames(packed, note) is only_names

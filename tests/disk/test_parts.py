"""Which files the paths in `parts` mean."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.disk import parts
from cuedeck.disk.parts import PartFinder, among, beside
from cuedeck.problems import TextError

FILES = (
    *("cards.yaml", "other.yaml", ".hidden.yaml", "notes.md"),
    *("lectures/lecture-10.yaml", "lectures/lecture-2.yaml", "lectures/lecture-1.yaml", "lectures/.lecture-3.yaml.swp"),
    *("weeks/2/a.yaml", "weeks/10/a.yaml", "weeks/10/b.yaml", ".git/a.yaml", "[x]/a.yaml", "x/a.yaml"),
    *("week 1/talk.yml", "week 1/talk.vtt", "week 1/talk.yml.orig", "week 1/a.b.yml", "slides/1.png"),
)


def finder() -> PartFinder:
    return PartFinder("cards.yaml", among(FILES))


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["lectures/lecture-2.yaml"], ["lectures/lecture-2.yaml"]),
        (["lectures/*.yaml"], ["lectures/lecture-1.yaml", "lectures/lecture-2.yaml", "lectures/lecture-10.yaml"]),
        (["lectures/lecture-?.yaml"], ["lectures/lecture-1.yaml", "lectures/lecture-2.yaml"]),
        (["weeks/*/*.yaml"], ["weeks/2/a.yaml", "weeks/10/a.yaml", "weeks/10/b.yaml"]),
        (
            ["lectures/lecture-10.yaml", "lectures/*.yaml"],
            ["lectures/lecture-10.yaml", "lectures/lecture-1.yaml", "lectures/lecture-2.yaml"],
        ),
        (["[x]/a.yaml"], ["[x]/a.yaml"]),
        (["o*.yaml"], ["other.yaml"]),
        (["weeks/10/*"], ["weeks/10/a.yaml", "weeks/10/b.yaml"]),
        (["*.md"], ["notes.md"]),
    ],
)
def test_paths_mean_files_in_order(paths: list[str], found: list[str]) -> None:
    """They come in the order of the paths, then by name, numbers as numbers; hidden files never come."""
    wanted = finder()
    assert [each for path in paths for each in wanted.find(path)] == found


@pytest.mark.parametrize(
    ("paths", "rule", "message", "hint"),
    [
        (["lectures/lecture-3.yaml"], "no-part", "there is no file", 'did you mean "lectures/lecture-2.yaml"?'),
        (["Lectures/lecture-1.yaml"], "no-part", "there is no file", "uppercase and lowercase"),
        (["lecture/*.yaml"], "no-part", "means no file", "such as lectures/01.yaml"),
        (["lectures"], "no-part", "is a folder", "write lectures/*.yaml"),
        (["*.yaml"], "", "also means cards.yaml itself", "a folder of their own"),
        (["cards.yaml"], "", "is the file itself that names the parts", "remove it"),
        (["lectures/*.yaml", "lectures/lecture-1.yaml"], "doubled", '"lectures/*.yaml" before it', "remove it"),
        (["lectures/*.yaml", "lectures/*1*"], "doubled", "means nothing that", "remove it"),
        (["week 1/*"], "", '"week 1/*" also means week 1/talk.vtt, which is not a YAML', "ending, too: week 1/*.yml"),
        (["week 1/talk.*"], "", "also means week 1/talk.vtt", "ending, too: week 1/talk.yml"),
        (["week 1/talk.y*"], "", "also means week 1/talk.yml.orig", "ending, too: week 1/talk.yml"),
        (["*/?.???"], "", "also means slides/1.png", "ending, too: */?.yaml"),
        ([".hidden.yaml"], "no-part", '".hidden.yaml" is hidden', "rename it"),
        ([".git/a.yaml"], "no-part", '".git/a.yaml" is hidden', "rename it"),
        (["."], "no-part", 'there is no file "."', "such as lectures/01.yaml"),
    ],
)
def test_paths_that_mean_nothing_say_so(paths: list[str], rule: str, message: str, hint: str) -> None:
    """The last of some paths is refused, with what to do."""
    wanted = finder()
    for path in paths[:-1]:
        wanted.find(path)
    with pytest.raises(TextError) as found:
        wanted.find(paths[-1])
    assert found.value.rule == rule
    assert message in found.value.message
    assert hint in found.value.hint


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deck cannot have more parts than are reasonable, and no pattern looks through any number of files."""
    monkeypatch.setattr(parts, "MOST_PARTS", 2)
    with pytest.raises(TextError, match="more than 2 parts"):
        finder().find("lectures/*.yaml")
    monkeypatch.setattr(parts, "_MOST_NAMES", 5)
    with pytest.raises(TextError, match="more than 5 files to look through"):
        finder().find("*/*.yaml")


NAMES = st.lists(st.sampled_from(["a", "B", "b2", "b10", "ü", "_"]), min_size=1, max_size=3).map("/".join)


@given(st.sets(NAMES.map("{}.yaml".format), max_size=8), st.sampled_from(["*.yaml", "*/*.yaml", "b*/*", "ü/*"]))
def test_folders_and_lists_mean_the_same(tmp_path_factory: pytest.TempPathFactory, files: set[str], path: str) -> None:
    """A path means the same files on the disk and in a commit, of which git gives only the list."""
    folder = tmp_path_factory.mktemp("deck")
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    found = []
    for look in (beside(folder), among(files)):
        try:
            found.append(PartFinder("cards.yaml", look).find(path))
        except TextError as error:
            found.append((error.rule,))
    assert found[0] == found[1]


def test_names_in_either_form_of_unicode_are_found(tmp_path: Path) -> None:
    """Some systems take letters with accents apart."""
    (tmp_path / "lectures").mkdir()
    there = unicodedata.normalize("NFD", "lectures/Überblick.yaml")
    (tmp_path / there).write_bytes(b"")
    (found,) = PartFinder("cards.yaml", beside(tmp_path)).find(unicodedata.normalize("NFC", there))
    assert (tmp_path / found).is_file()

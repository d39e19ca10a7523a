"""Fixes made in a text: they are exact however a value is written, and not made if they do not keep their promise."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cuedeck.problems import Fix, Keys, Level, Place, Problem, Problems
from cuedeck.reading.data import Data
from cuedeck.reading.document import Document, parse
from cuedeck.reading.fixing import Fixed, fix_text
from cuedeck.reading.trial import Seen

NAME = "cards.yaml"
Find = Callable[[Document], Iterable[Problem]]


def looked(find: Find, text: str) -> Seen[None]:
    try:
        document = parse(text, NAME, keep_places=True)
    except Problems as found:
        return Seen(None, found.problems, None)
    # For what YAML makes of these texts behind an author's back, there are other fixes, which are tested elsewhere.
    problems = [replace(problem, fix=None) for problem in document.problems]
    return Seen(document, [*problems, *find(document)], None)


def fixed(text: str, find: Find) -> Fixed[None]:
    return fix_text(text, "\n" * text.count("\n"), partial(looked, find))


def values(data: Data, keys: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Yield all texts, and the ways to them."""
    if isinstance(data, str):
        yield keys, data
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from values(value, (*keys, key))


def wrong(document: Document, keys: Keys, old: str, new: str, message: str = "wrong", on_key: bool = False) -> Problem:
    """Return a problem of a value, or of its key, that is gone when `old` in it is `new`."""
    place = document.places.find(keys, "key") if on_key else document.places.find(keys, fragment=old)
    return Problem(place, message, "wrong", keys=keys, fix=Fix(place, old, new, in_text=True))


def swapping(old: str, new: str) -> Find:
    """Return a function that reports a problem of a text as long as it contains `old`."""
    return lambda document: [wrong(document, keys, old, new) for keys, text in values(document.data) if old in text]


# The text of a file, what to swap in its values, and the result.
WRITTEN = {
    "unquoted": ("a: one X two\n", "X", "y", "a: one y two\n"),
    "unquoted, with a comment": ("a: one X # X\nb: X\n", "X", "y", "a: one y # X\nb: y\n"),
    "unquoted, over lines": ("a: one\n  X two # c\n", "X", "y", "a: one\n  y two # c\n"),
    "a colon needs quotes": ("a: it's X\n", "X", "is: y", "a: 'it''s is: y'\n"),
    "a colon at the end": ("a: one X # c\n", " X", ":", "a: 'one:' # c\n"),
    "a hash needs quotes": ("a: one X\n", "X", "#y", "a: 'one #y'\n"),
    "a sign at the beginning": ("a: X one\n", "X", "@", "a: '@ one'\n"),
    "a dash at the beginning": ("a: X one\n", "X", "-", "a: '- one'\n"),
    "a dash that is none": ("- X\n", "X", "-5", "- '-5'\n"),
    "in brackets": ("a: {b: X, c: d}\n", "X", "y, z", "a: {b: 'y, z', c: d}\n"),
    "in a list": ("a: [X, 'X']\n", "X", "]", "a: [']', ']']\n"),
    "quoted over lines": ("a: X\n  it's two\n", "X", "y: z", "a: 'y: z\n  it''s two'\n"),
    "in single quotes": ("a: 'it''s X'\n", "X", "'y'", "a: 'it''s ''y'''\n"),
    "a quote in single quotes": ("a: 'it''s X'\n", "'s X", "y", "a: 'ity'\n"),
    "in double quotes": (r'a: "X \"it\" \u0041 X"' + "\n", "X", r'\y"', r'a: "\\y\" \"it\" \u0041 \\y\""' + "\n"),
    "a line end in double quotes": ('a: "one X"\n', "X", "y\nz", 'a: "one y\\nz"\n'),
    "double quotes over lines": ('a: "one\n\n  X \\\n  two"\n', "X", "y", 'a: "one\n\n  y \\\n  two"\n'),
    "a block": ("a: |\n  one X\n\n   X # no comment\n  two\nb: c\n", "X", "y", None),
    "a block with a sign": ("a: |2-  # c\n   X\n  two\n", "X", "y", None),
    "a folded block": ("a: >\n  one X\n  two\n\n  X\n   X\n  three\n", "X", "y", None),
    "only the signs of a part": ("a: $x\n  + y$ # c\n", "$x + y$", r"\(x + y\)", "a: \\(x\n  + y\\) # c\n"),
    "a part over the lines of a block": (
        "a: |\n  $$\n  x\n  $$\n",
        "$$\nx\n$$",
        "\\[\nx\n\\]",
        "a: |\n  \\[\n  x\n  \\]\n",
    ),
    "no room for a line end": ("a: |\n  one X\nb: 'X'\nc: X\n", "X", "y\nz", "a: |\n  one X\nb: 'X'\nc: X\n"),
    "an empty value": ("a:\nb: X\n", "X", "y", "a:\nb: y\n"),
    "nothing to swap": ("a: b # X\n", "X", "y", "a: b # X\n"),
}


@pytest.mark.parametrize(("text", "old", "new", "wanted"), WRITTEN.values(), ids=WRITTEN)
def test_a_value_is_written_as_its_quotes_require(text: str, old: str, new: str, wanted: str | None) -> None:
    """The value is as wanted, and everything else stays as it is; if no result is given, the swap is literal."""
    assert fixed(text, swapping(old, new)).text == (text.replace(old, new) if wanted is None else wanted)


# Lines of scalars, indented like the text of a value.
SIGNS = st.text("ab §'\"\\:#-,[]{}>|&*!%@`$n\t", max_size=8)
LINES = st.lists(SIGNS, min_size=1, max_size=3)
STYLES = ["{}", "'{}'", '"{}"', "|\n    {}", ">\n    {}", "|-\n    {}", ">2\n    {}"]
NEW = st.text("xy '\"\\:#-,[]{}>|&*!\n", max_size=4)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Return a text with some values in all styles, comments, and other lines."""
    entries = []
    for name in "pqr":
        scalar = draw(st.sampled_from(STYLES)).format("\n    ".join(draw(LINES)))
        entries.append(f"  {name}: {scalar}\n  # a §\n")
    flow = f"  s: [{draw(SIGNS)}, {{t: {draw(SIGNS)}}}] # §\n"
    return "top:\n" + "".join(entries) + flow


def unswapped(before: str, after: str) -> Iterator[str]:
    """Yield the entries of a file that have nothing to swap but have changed."""
    for entry, now in zip(
        re.split(r"^(?=  [#\w])", before, flags=re.M), re.split(r"^(?=  [#\w])", after, flags=re.M), strict=True
    ):
        if ("§" not in entry or entry.startswith("  #")) and entry != now:
            yield now


@given(files(), NEW)
@example("top:\n  p: '§'\n", "'")
def test_fixes_are_exact(text: str, new: str) -> None:
    """Each value is unchanged or has all its swaps; lines without one stay, and a second run changes nothing."""
    before = looked(lambda _: (), text)
    assume(before.document is not None)
    assert before.document
    assume(
        not any("# a" in value for _, value in values(before.document.data))
    )  # so that whatever looks like an entry is one
    find = swapping("§", new)
    after = fixed(text, find)
    document = looked(lambda _: (), after.text).document
    assert document
    old, now = dict(values(before.document.data)), dict(values(document.data))
    assert old.keys() == now.keys()
    for keys, value in old.items():
        parts = value.split("§")
        assert now[keys].replace("§", new) == new.join(parts)
    assert list(unswapped(text, after.text)) == []
    assert fixed(after.text, find).text == after.text
    assert [problem.rule for problem in document.problems] == [problem.rule for problem in before.document.problems]


def test_the_right_one_of_several_is_swapped() -> None:
    """If a fix may mean several places, those are found without which its problem stays."""
    text = "a: x > 5,\n\n  > 5\nb: x > 5,\n\n  > 5\n\n  > 5\n"

    def find(document: Document) -> Iterator[Problem]:
        for keys, value in values(document.data):
            if "\n> 5" in value:
                yield wrong(document, keys, "> 5", r"\> 5")

    assert fixed(text, find).text == text.replace("\n  > 5", "\n  \\> 5")


def test_what_stays_wrong_is_not_fixed() -> None:
    """If a problem is still there after its fix, the text stays as it is, and other fixes are made nevertheless."""

    def find(document: Document) -> Iterator[Problem]:
        for keys, value in values(document.data):
            if "x" in value:
                yield wrong(document, keys, "x", "xx")
        yield from swapping("z", "Z")(document)

    assert fixed("a: x\nb: z\nc: x z\n", find).text == "a: x\nb: Z\nc: x Z\n"


@pytest.mark.parametrize("level", ["error", "advice"])
def test_a_fix_that_causes_a_new_problem_is_not_made(level: Level) -> None:
    """An error where the fix was made is evidence against it, but a less severe problem is not."""

    def find(document: Document) -> Iterator[Problem]:
        yield from swapping("x", "y")(document)
        for keys, value in values(document.data):
            if "y" in value:
                yield Problem(document.places.find(keys, fragment="y"), "worse", "worse", level=level, keys=keys)

    made = fixed("a: old y\nb: an x\n", find)
    assert made.text == ("a: old y\nb: an x\n" if level == "error" else "a: old y\nb: an y\n")


def test_what_a_fix_reveals_is_no_evidence_against_it() -> None:
    """A text reports one problem at a time: the fix of the first one reveals the next one, elsewhere in the text."""

    def find(document: Document) -> Iterator[Problem]:
        for keys, value in values(document.data):
            for old, new in (("x", "X"), ("y", "Y"), ("z", "Z")):
                if old in value:
                    yield wrong(document, keys, old, new, message=old)
                    break

    assert fixed("a: |\n  x\n  y\n  z\nb: 'z y x'\n", find).text == "a: |\n  X\n  Y\n  Z\nb: 'Z Y X'\n"


def test_a_warning_is_not_fixed() -> None:
    """What learners have is not changed automatically."""
    assert (
        fixed("a: x\n", lambda doc: [replace(each, level="warning") for each in swapping("x", "y")(doc)]).text
        == "a: x\n"
    )


KEYS = {
    "unquoted": ("Foo Bar: 1 # c\n", "foo-bar: 1 # c\n"),
    "in quotes": ("'Foo Bar': 1\n", "'foo-bar': 1\n"),
    "in double quotes": ('"Foo \\u0042ar" : 1\n', '"foo-bar" : 1\n'),
    "in brackets": ("{Foo Bar: {Foo Bar: Foo Bar}}\n", "{foo-bar: {foo-bar: Foo Bar}}\n"),
    "without a value": ("Foo Bar:\n", "foo-bar:\n"),
    "exists already": ("Foo Bar: 1\nfoo-bar: 2\n", "Foo Bar: 1\nfoo-bar: 2\n"),
    "one that would be there twice": ("a: 1\nFoo Bar: 1\nA: 2\n", "a: 1\nfoo-bar: 1\nA: 2\n"),
}


@pytest.mark.parametrize(("text", "wanted"), KEYS.values(), ids=KEYS)
def test_a_key_is_fixed_as_it_is_written(text: str, wanted: str) -> None:
    """A key is rewritten in its quotes, and never becomes one that exists."""

    def find(document: Document) -> Iterator[Problem]:
        for keys in keys_of(document.data):
            if (name := str(keys[-1])) != (small := name.lower().replace(" ", "-")):
                yield wrong(document, keys, name, small, name, on_key=True)

    assert fixed(text, find).text == wanted


def keys_of(data: Data, keys: Keys = ()) -> Iterator[Keys]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*keys, key)
            yield from keys_of(value, (*keys, key))


def raw(line: int, column: int, old: str, new: str, keys: Keys = ()) -> Problem:
    place = Place(NAME, line, column)
    return Problem(place, f"{old} at {line}", "raw", keys=keys, fix=Fix(place, old, new))


RAW = {
    "broken yaml": ("a: 'x\nb: y\n", raw(1, 4, "'x", "x"), "a: x\nb: y\n"),
    "another value changes": ("a: x\nb: y\n", raw(2, 4, "y", "z"), "a: x\nb: y\n"),
    "its own value changes": ("a: x\nb: y\n", raw(2, 4, "y", "z", ("b",)), "a: x\nb: z\n"),
    "not there": ("a: x\n", raw(1, 4, "y", "z"), "a: x\n"),
    "past the end": ("a: x\n", raw(9, 4, "y", "z"), "a: x\n"),
    "of no place": ("a: x\n", raw(0, 0, "a", "z"), "a: x\n"),
    "a comment": ("a: x # c\n", raw(1, 8, "c", "d"), "a: x # d\n"),
    "over lines": ("a: >\n  - x\n  - y\n", raw(1, 4, ">", "|", ("a",)), "a: |\n  - x\n  - y\n"),
    "it breaks the file": ("a: x\nb: y\n", raw(1, 4, "x", "'x", ("a",)), "a: x\nb: y\n"),
}


@pytest.mark.parametrize(("text", "problem", "wanted"), RAW.values(), ids=RAW)
def test_a_fix_of_the_text_of_the_file_changes_no_other_value(text: str, problem: Problem, wanted: str) -> None:
    """Only the value that the problem is about may change, and what could not be read before."""

    def look(now: str) -> Seen[None]:
        seen = looked(lambda _: (), now)
        return Seen(seen.document, [*seen.problems, *([problem] if now == text else [])], None)

    assert fix_text(text, "\n" * text.count("\n"), look).text == wanted


def test_one_bad_fix_among_many_does_not_prevent_the_others() -> None:
    """If it is unclear which one is bad, fewer are tried at once until it is found."""
    text = "".join(f"k{number}: x\n" for number in range(50))

    def find(document: Document) -> Iterator[Problem]:
        yield from swapping("x", "y")(document)
        starts = [number for number in range(50) if number % 9 == 4]
        for number in starts:
            if f"k{number}" in document.data:
                yield raw(number + 1, 1, f"k{number}", "other")

    wanted = "".join(f"k{number}: y\n" for number in range(50))
    assert fixed(text, find).text == wanted


def test_many_fixes_take_few_looks() -> None:
    """All fixes of a text are made at once, and for that the text is read only once more."""
    looks = []

    def look(text: str) -> Seen[None]:
        looks.append(text)
        return looked(swapping("x", "y"), text)

    text = "".join(f"k{number}: x\n" for number in range(1000))
    made = fix_text(text, "\n" * 1000, look)
    assert made.text == text.replace("x", "y")
    assert len(looks) == 2
    assert [change.place.line for change in made.changes] == list(range(1, 1001))


def test_changes_have_their_final_places() -> None:
    """Each change has the place where the author finds it, whatever has been written above it since."""

    def find(document: Document) -> Iterator[Problem]:
        for keys, value in values(document.data):
            if "x" in value:
                yield wrong(document, keys, "x", "yyy", value)
        if document.data["a"] == "it yyy" and "#" not in document.places.text:
            yield raw(1, 1, "a", "# new\n\na")

    made = fixed("a: it x\nb: an x x\n", find)
    assert made.text == "# new\n\na: it yyy\nb: an yyy yyy\n"
    assert [(change.place.line, change.place.column, change.new) for change in made.changes] == [
        (1, 1, "# new\n\na"),
        (3, 7, "yyy"),
        (4, 7, "yyy"),
        (4, 11, "yyy"),
    ]
    assert len(made.line_ends) == 4


def test_line_ends_go_with_their_lines() -> None:
    """A line that stays keeps its line end, and a new one has the usual one."""

    def find(document: Document) -> Iterator[Problem]:
        if document.data["a"] == "x y":
            yield raw(1, 1, "a: x\n  y\n", "# new\na: |-\n  x\n  y\n", ("a",))

    made = fix_text("a: x\n  y\nb: z\n", ("\r\n", "\r", "\n"), partial(looked, find))
    assert made.text == "# new\na: |-\n  x\n  y\nb: z\n"
    assert made.line_ends == ("\r\n", "\r", "\r\n", "\r\n", "\n")

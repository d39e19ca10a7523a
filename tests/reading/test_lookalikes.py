"""Characters that look like those of YAML: reported where YAML needs another one, and allowed within texts."""

import pytest

from cuedeck.problems import Fix
from cuedeck.reading.document import parse
from cuedeck.reading.parsing import LOADERS

SOUND = "n:\n  q: What?\n  a: That\n"

# A text, the place and the character that is reported, and its fix: what to replace by what.
REPORTED = [
    (SOUND.replace("q: W", "q:\u00a0W"), "2:5", "U+00A0, no-break space", ("\u00a0", " ")),
    (SOUND.replace("a: T", "a:\u00a0T"), "3:5", "U+00A0, no-break space", ("\u00a0", " ")),
    (SOUND.replace("a: T", "a:\u3000T"), "3:5", "U+3000, ideographic space", ("\u3000", " ")),
    (SOUND.replace("  a", "\u00a0\u00a0a"), "3:1", "U+00A0, no-break space", ("\u00a0\u00a0", "  ")),
    (SOUND.replace("  a", " \u00a0a"), "3:2", "U+00A0, no-break space", ("\u00a0", " ")),
    (SOUND.replace("  a", "\u3000a"), "3:1", "U+3000, ideographic space", ("\u3000", "  ")),
    (SOUND.replace("q: W", "q：W"), "2:4", "U+FF1A, fullwidth colon", ("：", ": ")),
    (SOUND.replace("q: W", "q： W"), "2:4", "U+FF1A, fullwidth colon", ("：", ":")),
    (SOUND.replace("a: T", "a：T"), "3:4", "U+FF1A, fullwidth colon", ("：", ": ")),
    (SOUND.replace("n:", "n："), "1:2", "U+FF1A, fullwidth colon", ("：", ":")),
    (SOUND.replace("What?", '"What?”'), "2:12", "U+201D, right double quotation mark", ("”", '"')),
    (SOUND.replace("What?", '"What?＂'), "2:12", "U+FF02, fullwidth quotation mark", ("＂", '"')),
    (SOUND + "＃ so far\nm: x\n", "4:1", "U+FF03, fullwidth number sign", ("＃", "#")),
    (
        "n: ｛q: What?, a: That｝\n",
        "1:4",
        "U+FF5B, fullwidth left curly bracket",
        ("｛q: What?, a: That｝", "{q: What?, a: That}"),
    ),
    (SOUND.replace("  a", "  \u200ba"), "3:3", "U+200B, zero width space", ("\u200b", "")),
    (SOUND.replace("  a", "  а"), "3:3", "U+0430, cyrillic small letter a", ("а", "a")),
    (SOUND.replace("  q", "  ｑ"), "2:3", "U+FF51, fullwidth latin small letter q", ("ｑ", "q")),
]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("text", "place", "sign", "fix"), REPORTED)
def test_a_character_that_looks_like_another_is_named(
    text: str, place: str, sign: str, fix: tuple[str, str], loader: object
) -> None:
    """It is reported at its own place, and its fix makes the text valid."""
    (problem,) = parse(text, "cards.yaml", loader).problems
    assert problem.rule == "look-alike"
    assert str(problem.place) == f"cards.yaml:{place}"
    code, name = sign.split(", ")
    assert problem.message == f"the character {code} ({name}) is not the one that YAML needs here"
    assert isinstance(problem.fix, Fix)
    assert (problem.fix.old, problem.fix.new) == fix
    fixed = parse(text.replace(*fix), "cards.yaml", loader)
    assert not fixed.problems
    assert isinstance(fixed.data, dict)
    assert fixed.data["n"] == {"q": "What?", "a": "That"}


def test_all_of_them_are_named_in_one_run() -> None:
    """Every one of them is reported, however many there are."""
    text = "n:\n  q：What?\n  a:\u00a0That\nm:\n  q：Who?\n\u00a0\u00a0a: I\n"
    assert sorted(problem.place.line for problem in parse(text, "cards.yaml").problems) == [2, 3, 5, 6]


@pytest.mark.parametrize(
    "text",
    [
        "注：これは",
        "What\u00a0is it?",
        "a：b",
        "“So”",
        "（one）",
        "＃1",
        "\u00a0x",
        "｛x｝",
        "Всё: да".replace(": ", "："),
    ],
)
def test_within_a_text_they_are_text(text: str) -> None:
    """They are not reported there."""
    for form in (f"a: {text}\n", f"a: |-\n  {text}\n", f"a: '{text}'\n", f"- {text}\n"):
        document = parse(form, "cards.yaml")
        assert not document.problems
        assert document.data in ({"a": text}, [text])

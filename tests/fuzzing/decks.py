"""Decks as plain data: most of them valid, all with something odd somewhere."""

from typing import Any

from hypothesis import strategies as st

PIECES = (
    *(": ", "- ", "\n", "\n  ", "\n        ", "? ", "[", "]", "{", "}", ", ", "'", '"', "|", ">", " #", "&a ", "*a "),
    *("!t ", "%", "@", "`", "\\", "\t", "<<: ", "---\n", "...\n", "{{c1::", "}}", "::", "\\(", "\\)", "0:75", "at: "),
    *("q: ", "a: ", "cloze: ", "tags: ", "source: ", "notes:\n", "concepts:\n", "deck:\n", "é", "e\u0301", "\u202e"),
    *("\u2028", "\ufeff", "\x07", "\\x1f", "\r", "**", "![a](b)", "[a](https://e.org)", "|a|\n|-|\n", "1. ", "> "),
    *("![a](media/dot.gif)", "![](media/word.mp3)", "![b](<media/dot.webp>){width=5%}", "![", "](", "media/", "../"),
)


def seldom(usual: st.SearchStrategy[Any], other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for usual values, and now and then other ones."""
    return st.integers(0, 25).flatmap(lambda number: other if number == 25 else usual)


pieces = st.sampled_from(PIECES) | st.text(max_size=20) | st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
words_only = st.text("ab *`<é|", max_size=12).map("a{}a".format)
shown = st.sampled_from(["![a](media/dot.gif)", "![*b*](media/dot.webp){width=50%}", "a ![](media/word.mp3)"])
texts = seldom(st.one_of(words_only, words_only, words_only, shown), pieces)
moments = seldom(st.sampled_from(["00:46", "46", "1:00-2:00"]), st.sampled_from(["0:75", "2:00-1:00", "", "x"]))
words = seldom(st.sampled_from(["one", "two", "three"]), st.sampled_from(["One", "a b", "", "talk", "é"]))


def some(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for mappings with these keys, now and then with another key, or for something else entirely."""
    whole = st.fixed_dictionaries(required, optional=optional)
    return seldom(whole, st.fixed_dictionaries({**required, "other": texts}) | texts | st.lists(texts, max_size=2))


common = {"tags": words | st.lists(words, max_size=2, unique=True), "extra": texts}
reverses = seldom(st.just("true") | some({"q": texts, "a": texts}, {}), st.just("yes"))
questions = some({"q": texts, "a": texts}, {**common, "at": moments, "reverse": reverses})
clozes = some({"cloze": texts.map("{{{{c1::a}}}} {}".format)}, {**common, "at": moments, "source": st.just("talk")})
concepts = some(
    {"title": texts, "at": moments, "notes": st.dictionaries(words, questions | clozes, min_size=1, max_size=3)},
    {"tags": words, "source": seldom(st.just("talk"), words)},
)
sources = some(
    {
        "title": texts,
        "url": seldom(st.just("https://youtu.be/aqz-KE-bpKQ"), st.sampled_from(["https://e.org/a?b", "e"])),
    },
    {"link": seldom(st.just("{url}?t={seconds}"), texts), "length": seldom(st.just("5:00"), moments)},
)
abouts = some(
    {"id": words, "namespace": seldom(st.just("k3v9x2mq"), words), "title": texts},
    {"description": texts, "tags": words},
)
decks = some(
    {
        "deck": abouts,
        "sources": st.fixed_dictionaries({"talk": sources}),
        "concepts": st.dictionaries(words, concepts, min_size=1, max_size=2),
    },
    {},
)

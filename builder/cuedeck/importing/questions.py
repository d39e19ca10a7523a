"""Read questions in Markdown, as Obsidian's Spaced Repetition has them, or as headings with an answer below each."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from cuedeck.disk.walking import files_below
from cuedeck.importing.foreign import Fetch, ForeignDeck, ForeignNote, LeftOut, as_text, nfc
from cuedeck.importing.lists import CLOZES, QUESTIONS, REVERSED
from cuedeck.patterns import regex
from cuedeck.problems import stop

_FENCE = regex(r"\s{0,3}(?:```|~~~)")
_HEADING = regex(r"(#{1,6})\s+(.*?)\s*#*\s*")
_TAGS = regex(r"(?<!\S)#flashcards(?:/(?P<path>[^\s#]+))?")
_SCHEDULE = regex(r"\s*<!--SR:.*?-->")
_HIGHLIGHT = regex(r"==(?=\S)(?P<answer>(?:(?!==).)+?)(?<=\S)==", re.DOTALL)
_MATHS = regex(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))|(?<!\\)\$\$(?P<display>.+?)\$\$"
    r"|(?<![\\$\w])\$(?P<inline>[^\s$](?:[^$\n]*?[^\s$\\])?)\$(?![\d$])"
    r"|\\\((?P<own>(?:(?!\\\().)+?)\\\)|\\\[(?P<own_display>(?:(?!\\\[).)+?)\\\]",
    re.DOTALL,
)
_EMBEDDED = regex(r"!\[\[(?P<name>[^\[\]|]+)(?:\|[^\[\]]*)?\]\]")
_WIKI = regex(r"\[\[(?:[^\[\]|]*\|)?(?P<words>[^\[\]|]+)\]\]")
_INLINE = regex(r"^(?P<question>.+?)(?P<sign>:{2,3})(?P<answer>(?!:).+)$")
_SEPARATORS = {"?": False, "??": True}
# A private character, for what the parser must not touch.
_HELD, _END = "\ue000", "\ue001"
_FILES = regex(r"\.(?:png|jpe?g|gif|webp|svg|mp3|m4a|wav|ogg|mp4|webm|pdf)$", re.IGNORECASE)


def read_questions(texts: Iterable[tuple[Path, str]], folder: Path, title: str, level: int) -> ForeignDeck:
    """Return the questions in some Markdown files below a folder.

    With a `level` from 1 to 6, each heading of that level is a question, and the text below it the answer. Raises
    `Problems` if there are no questions.
    """
    notes: list[ForeignNote] = []
    left: list[LeftOut] = []
    whole = sha256()
    texts = tuple(texts)
    for path, text in texts:
        whole.update(text.encode())
        where = f"{path.name}:" if len(texts) > 1 else "line "
        home = as_text(path.stem) if len(texts) > 1 else ""
        for found in _of_headings(text, level) if level else _of_blocks(text):
            if isinstance(found, LeftOut):
                left.append(replace(found, place=f"{where}{found.place}"))
            else:
                notes.append(replace(found, place=f"{where}{found.place}", concept=found.concept or home))
    if not notes and not left:
        stop(
            texts[0][0].as_posix() if len(texts) == 1 else folder.as_posix(),
            "no-questions",
            'there are no questions, such as "question::answer", or a line with only "?" between question and answer',
            "if each heading is a question, say of which level, such as --question-level 2",
        )
    return ForeignDeck(
        title=as_text(title), notes=tuple(notes), digest=whole.hexdigest(), files=_files(folder), left_out=tuple(left)
    )


def _files(folder: Path) -> dict[str, Fetch]:
    """Return how to read the pictures and sounds below a folder, by name and by path."""
    found: dict[str, Fetch] = {}
    root = folder.resolve()
    for path in sorted(files_below(folder)):
        if _FILES.search(path.name) and path.resolve().is_relative_to(root):
            found.setdefault(nfc(path.name), path.read_bytes)
            found[nfc(path.relative_to(folder).as_posix())] = path.read_bytes
    return found


def _of_blocks(text: str) -> Iterator[ForeignNote | LeftOut]:
    deck = ""
    chapter = ""
    for line, block in _blocks(text):
        if heading := _HEADING.fullmatch(block):
            chapter = heading[2]
            continue
        if tag := _TAGS.search(block):
            deck = ": ".join((tag["path"] or "").split("/"))
            block = _TAGS.sub("", block).strip()
        block = _without_comments(_SCHEDULE.sub("", block)).strip("\n")
        yield from _notes_in(block, str(line), deck, chapter)


def _notes_in(block: str, place: str, deck: str, chapter: str) -> Iterator[ForeignNote | LeftOut]:
    lines = block.split("\n")
    at = next((at for at, line in enumerate(lines) if line.strip() in _SEPARATORS), None)
    if at is not None:
        question, answer = "\n".join(lines[:at]).strip(), "\n".join(lines[at + 1 :]).strip()
        yield _note(place, question, answer, deck or chapter, is_reverse=_SEPARATORS[lines[at].strip()])
        return
    if _HIGHLIGHT.search(block) or "{{c1::" in block:
        yield _cloze(place, block, deck or chapter)
        return
    for number, line in enumerate(lines):
        if (found := _INLINE.match(line)) and "`" not in found["question"]:
            yield _note(
                str(int(place) + number),
                found["question"].strip().lstrip("-*+ "),
                found["answer"].strip(),
                deck or chapter,
                is_reverse=found["sign"] == ":::",
            )


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs of a text with the numbers of their first lines; an answer with a list is one, too."""
    block: list[str] = []
    start, is_code = 1, False
    for number, line in enumerate(_without_head(text).split("\n"), 1):
        if _FENCE.match(line):
            is_code = not is_code
        is_heading = not is_code and _HEADING.fullmatch(line)
        if is_heading or (not line.strip() and not is_code):
            if block:
                yield start, "\n".join(block)
            block = []
            if is_heading:
                yield number, line
        else:
            if not block:
                start = number
            block.append(line)
    if block:
        yield start, "\n".join(block)


def _without_head(text: str) -> str:
    """Return a text with the lines of its properties, which Obsidian keeps at the top, left empty."""
    found = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    return "\n" * found[0].count("\n") + text[found.end() :] if found else text


def _of_headings(text: str, level: int) -> Iterator[ForeignNote | LeftOut]:
    chapter, question, start = "", "", 0
    answer: list[str] = []
    is_code = False

    def finished() -> Iterator[ForeignNote]:
        if question:
            body = _without_comments("\n".join(answer)).strip("\n")
            yield _note(str(start), question, _bare_answer(body), chapter)

    for number, line in enumerate(_without_head(text).split("\n"), 1):
        if _FENCE.match(line):
            is_code = not is_code
        heading = None if is_code else _HEADING.fullmatch(line)
        if heading and len(heading[1]) <= level:
            yield from finished()
            answer = []
            question, start = (heading[2], number) if len(heading[1]) == level else ("", 0)
            if len(heading[1]) < level:
                chapter = heading[2]
        elif question:
            answer.append(line)
    yield from finished()


def _without_comments(text: str) -> str:
    """Return Markdown without what HTML hides. One that never ends is no comment, and no later one ends either."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + len("-->")
    return "".join(kept) + text[at:]


def _bare_answer(body: str) -> str:
    """Return an answer without the sign of a heading if it is one, and without spaces that would make it code."""
    lines = body.split("\n")
    if len(lines) == 1 and (heading := _HEADING.fullmatch(body)):
        return heading[2]
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines)


def _note(place: str, question: str, answer: str, deck: str, is_reverse: bool = False) -> ForeignNote:
    texts = {"question": _html(question), "answer": _html(answer), "extra": ""}
    return ForeignNote(place, REVERSED if is_reverse else QUESTIONS, texts, concept=deck)


def _cloze(place: str, block: str, deck: str) -> ForeignNote:
    count = 0

    def numbered(found: "re.Match[str]") -> str:
        nonlocal count
        count += 1
        return f"{{{{c{count}::{found['answer']}}}}}"

    return ForeignNote(place, CLOZES, {"cloze": _html(_HIGHLIGHT.sub(numbered, block)), "extra": ""}, concept=deck)


def _html(text: str) -> str:
    """Return the HTML of Markdown as Obsidian shows it, with formulas as Anki writes them."""
    held: list[str] = []

    def hold(found: "re.Match[str]") -> str:
        if found["code"]:
            return found[0]
        display, inline = found["display"] or found["own_display"], found["inline"] or found["own"]
        held.append(escape(f"\\[{display.strip()}\\]" if display else f"\\({inline.strip()}\\)", quote=False))
        return f"{_HELD}{len(held) - 1}{_END}"

    text = _MATHS.sub(hold, text.replace(_HELD, "").replace(_END, ""))
    text = _EMBEDDED.sub(lambda found: f"![](<{found['name'].strip()}>)", text)
    text = _WIKI.sub(lambda found: found["words"].strip(), text)
    html = _PARSER.render(text)
    return re.sub(f"{_HELD}([0-9]+){_END}", lambda found: held[int(found[1])], html)


_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])

"""What authors write who do not know the names of the keys, and what to write instead."""

from collections.abc import Mapping

from cuedeck.reading.data import Data

# Words that no similarity of letters leads to, by the key that is meant.
_MEANT = {
    "q": ("question", "front", "prompt"),
    "a": ("answer", "back"),
    "cloze": ("text",),
    "at": ("time", "times", "moment", "timestamp", "start", "when", "span"),
    "extra": (
        *("explanation", "explain", "note", "notes", "comment", "remark", "example", "examples", "context", "details"),
        *("info", "background", "mnemonic", "why", "because", "more"),
    ),
    "title": ("name",),
    "author": ("speaker", "lecturer", "by", "creator"),
    "published": ("date", "year", "day"),
    "url": ("address", "href", "website", "web", "page"),
    "length": ("duration", "runtime"),
    "transcript": ("subtitles", "captions"),
    "recording": ("file", "path", "video", "audio"),
}

_HINT = ("hint", "hints", "clue")
_OTHERS = {
    **dict.fromkeys(
        ("image", "images", "img", "picture", "pictures", "photo", "media"),
        "a picture goes into q, a, extra or cloze: ![what it shows](media/file.png)",
    ),
    **dict.fromkeys(
        ("audio", "sound", "sounds", "mp3"), "a sound goes into q, a or extra: ![what is heard](media/file.mp3)"
    ),
    **dict.fromkeys(
        ("link", "links", "url", "href"),
        'remove it: the card links to the moment in "at" by itself; any other link goes into a text: '
        "[words](https://...)",
    ),
    **dict.fromkeys(
        ("type", "kind", "model"),
        'remove it: a note with "q" and "a" is a question, and one with "cloze" is a text with gaps',
    ),
    "id": "remove it: the id of a note is the word before the colon above its keys",
    "deck": "remove it: only a concept or a source can have a subdeck of its own",
}


def meant_by(name: str, known: "Mapping[str, object] | frozenset[str]") -> str:
    """Return which of the known keys is meant by a word; "" if none is, as far as this is known."""
    return next((key for key in known if name.lower() == key or name.lower() in _MEANT.get(key, ())), "")


def instead_of(name: str, note: Mapping[str, Data]) -> str:
    """Return what to do about a word that is taken for a key of a note, but is not one; "" if nobody can tell."""
    word = name.lower()
    if word in _HINT:
        if "cloze" in note:
            return 'a hint goes into the gap, as in {{c1::word::hint}}; what explains the answer goes into "extra"'
        return 'put it into the question; or into "extra", which is shown below the answer'
    return _OTHERS.get(word, "")

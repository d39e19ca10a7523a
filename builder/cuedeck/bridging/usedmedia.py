"""The media files of a package that its cards use: those named in a field, a template or a style."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from cuedeck.entities import unescape
from cuedeck.package.medialist import listed_media

# With limits, so that no stranger's text takes long. File names are much shorter, however they are encoded.
_REFERENCES = (
    re.compile(
        r"""\b(?:src|href|data|poster)\s*=\s*\\?(?:"([^"]{0,400})"|'([^']{0,400})'|([^\s"'>]{1,400}))""",
        re.IGNORECASE,
    ),
    re.compile(r"""\burl\(\s{0,99}(?:"([^"]{0,400})"|'([^']{0,400})'|([^)"']{1,400}))""", re.IGNORECASE),
    re.compile(r"""@import\s{1,99}(?:"([^"]{0,400})"|'([^']{0,400})')""", re.IGNORECASE),
    re.compile(r"\[sound:([^\]]{1,400})\]"),
)
# Characters of a name that could lead out of a learner's folder, or that no file can have. Half a character cannot be
# written.
_NO_NAME = re.compile("[/\\\\\x00-\x1f\x7f\ud800-\udfff]")


def used_media(files: Mapping[str, bytes], fields: Iterable[str], looks: Iterable[str]) -> dict[str, str]:
    """Return the members that contain the media files to which these fields, templates and styles refer, by name.

    Only a whole name counts. In templates and styles, a name that begins with "_" may be anywhere, as in Anki. Raises
    the errors of `listed_media`.
    """
    looks = tuple(looks)
    wanted = {name for text in (*fields, *looks) for name in _named_in(text)}
    return {
        name: member
        for member, name in listed_media(files).items()
        if member.isdecimal()
        and member in files
        and _is_name(name)
        and (_nfc(name) in wanted or _is_anywhere_in(looks, name))
    }


def _named_in(text: str) -> Iterator[str]:
    """Yield what a text refers to, in every spelling that the name may have."""
    for pattern in _REFERENCES:
        for found in pattern.finditer(text):
            written = next(filter(None, found.groups()), "")
            for each in {written, unescape(written)}:
                bare = each.strip().strip("\\\"'")
                for name in (bare, re.split("[?#]", bare, maxsplit=1)[0]):
                    yield _nfc(name)
                    yield _nfc(unquote(name))


def _is_anywhere_in(looks: Iterable[str], name: str) -> bool:
    if not name.startswith("_"):
        return False
    whole = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)")
    return any(name in text and whole.search(text) for text in looks)


def _is_name(name: str) -> bool:
    return name not in ("", ".", "..") and not _NO_NAME.search(name)


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)

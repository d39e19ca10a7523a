"""The placeholders of links: the forms in which sites write a moment in an address, or print it on a page."""

from collections.abc import Callable, Mapping

from cuedeck.deck.moments import clock, short, timecode


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


PLACEHOLDERS: Mapping[str, Callable[[int], str]] = {
    "{seconds}": str,
    "{milliseconds}": lambda seconds: str(seconds * 1000),
    "{mm:ss}": clock,
    "{hh:mm:ss}": timecode,
    "{m:ss}": _minutes,
    "{short}": short,
    "{h}": lambda seconds: str(seconds // 3600),
    "{m}": lambda seconds: str(seconds // 60 % 60),
    "{s}": lambda seconds: str(seconds % 60),
}
"""How each placeholder writes a moment, which is given in seconds."""

NUMBERS = ("{seconds}", "{milliseconds}", "{h}", "{m}", "{s}")
"""Those that write only digits. Players read them, whereas pages show times with colons."""

PARTS = ("{h}", "{m}", "{s}")
"""Those that are parts of a moment, which only together lead to it."""

IN_FIELDS = ("{seconds}", "{mm:ss}", "{hh:mm:ss}")
"""Those whose texts are fields of notes, so that a template of Anki can make a link of them."""


def fill(address: str, text_of: Callable[[str], str]) -> str:
    """Return an address with its placeholders replaced by what `text_of` returns for each."""
    for name in PLACEHOLDERS:
        if name in address:
            address = address.replace(name, text_of(name))
    return address

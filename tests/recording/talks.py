"""A deck with a transcript in its folder."""

from pathlib import Path
from typing import Any

from tests.making import deck, question, write

TALK = {"title": "A talk", "author": "A. Speaker", "url": "https://example.org/talk.mp3"}
SAID = {
    0: "Welcome to a talk on animals and what they build.",
    30: "Beavers build dams, and the dams hold the water of a river back.",
    60: "Otters crack mussels with a stone that they keep under an arm.",
    120: "Spiders weave webs, and some of them eat the web each evening.",
    200: "Moles dig tunnels, and keep a larder of living worms down there.",
    280: "Thank you for listening, and mind the beavers.",
}
BEAVERS = question("What do beavers build?", "dams", at="0:30")
SPIDERS = question("What do spiders weave?", "webs", at="2:00")


def srt(said: dict[int, str]) -> str:
    """Return subtitles: what is said, by the second at which it begins."""
    pieces = [f"{_clock(at)} --> {_clock(at + 8)}\n{text}\n" for at, text in said.items()]
    return "\n".join(f"{number}\n{piece}" for number, piece in enumerate(pieces, 1))


def _clock(second: int) -> str:
    return f"00:{second // 60:02}:{second % 60:02},000"


def talk_deck(folder: Path, notes: dict[str, Any], said: dict[int, str] | str | bytes = SAID, **source: Any) -> Path:
    """Write a deck on a talk, and its transcript into `talk.srt` beside it; return the path of its cards.yaml.

    Its concept has no moment.
    """
    data = said if isinstance(said, bytes) else (said if isinstance(said, str) else srt(said)).encode()
    about = {"author": "A. Writer", "license": "CC BY 4.0", "description": "On *animals*."}
    whole = deck(notes, sources={"talk": {**TALK, "transcript": "talk.srt", **source}}, **about)
    del whole["concepts"]["idea"]["at"]
    cards = write(folder, whole)
    (folder / "talk.srt").write_bytes(data)
    return cards

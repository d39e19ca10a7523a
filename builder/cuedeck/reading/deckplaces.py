"""The places of everything in a deck of several files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cuedeck.problems import Keys, Part, Place
from cuedeck.reading.document import Places


@dataclass(frozen=True)
class DeckPlaces:
    """The places of everything in a deck: in its cards.yaml, or in the part that has it.

    `homes` are the places of the parts, by the keys that lead to what each of them has: a source, a concept, or an
    entry of `check: ignore:`. Where the deck as a whole has something wrong, such as no concepts, and its cards.yaml
    has no such key, the place is that of `parts`.
    """

    main: Places
    homes: Mapping[Keys, Places] = field(default_factory=dict)

    def find(self, keys: Keys, part: Part = "value", fragment: str = "") -> Place:
        """Return the place of a key or of its value, as `Places.find` does."""
        if self.homes and len(keys) == 1 and self.main.marks(keys) is None:
            return self.main.find(("deck", "parts"), "key")
        return self._home(keys).find(keys, part, fragment)

    def text(self, keys: Keys) -> str:
        """Return what is written as a value, with its quotes; "" if there is nothing."""
        home = self._home(keys)
        marks = home.marks(keys)
        return home.text[marks.start.index : marks.end.index] if marks else ""

    def _home(self, keys: Keys) -> Places:
        if not self.homes:
            return self.main
        return self.homes.get(keys[:2]) or self.homes.get(keys[:3]) or self.main

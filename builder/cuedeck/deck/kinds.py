"""The kinds of note, and their names in messages."""

from enum import StrEnum


class Kind(StrEnum):
    """A kind of note. Its value is its code in locks, packages and other data, and never changes."""

    QA = "qa"
    CLOZE = "cloze"

    @property
    def words(self) -> str:
        """Its name, as in the name of its note type."""
        return "question and answer" if self is Kind.QA else "cloze"

    @property
    def adjective(self) -> str:
        """The adjective for a note of this kind, before "note"."""
        return self.words.replace(" ", "-")

    @property
    def noun(self) -> str:
        """What a note of this kind is, such as "a question"."""
        return "a question" if self is Kind.QA else "a cloze text"

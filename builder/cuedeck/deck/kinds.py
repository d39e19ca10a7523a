"""The kinds of note, and what authors read of them."""

from enum import StrEnum


class Kind(StrEnum):
    """A kind of note. Its value is the code for it in locks, packages and other data, which never changes."""

    QA = "qa"
    CLOZE = "cloze"

    @property
    def words(self) -> str:
        """What it is called, as in the name of its note type."""
        return "question and answer" if self is Kind.QA else "cloze"

    @property
    def adjective(self) -> str:
        """What a note of it is called, before "note"."""
        return self.words.replace(" ", "-")

    @property
    def noun(self) -> str:
        """What a note of it is, such as "a question"."""
        return "a question" if self is Kind.QA else "a cloze text"

"""Where pictures and sounds are used first, and by which notes."""

from pathlib import Path

import pytest

from cuedeck.rendering.usedfiles import used_files
from tests.making import checked, cloze, deck, question, write
from tests.tinymedia import put

ONE = "![](media/one.png)"
# A note, and the key of the text that names the picture first.
NOTES = {
    "question": (question(f"What? {ONE}"), ("q",)),
    "answer": (question("What?", f"That {ONE}"), ("a",)),
    "extra": (question("What?", extra=ONE), ("extra",)),
    "deletion": (cloze(f"{{{{c1::{ONE}}}}} more"), ("cloze",)),
    "deletion and extra": (cloze(f"{{{{c1::{ONE}}}}} more", extra=ONE), ("cloze",)),
    "extra of a cloze": (cloze("{{c1::a}} more", extra=ONE), ("extra",)),
    "question of the second card": (question("What?", reverse={"q": ONE, "a": "This"}), ("reverse", "q")),
    "answer of the second card": (question("What?", reverse={"q": "Which?", "a": ONE}), ("reverse", "a")),
    "both cards": (question("What?", f"That {ONE}", reverse={"q": ONE, "a": "This"}), ("a",)),
}


@pytest.mark.parametrize(("note", "key"), NOTES.values(), ids=[*NOTES])
def test_the_first_text_with_a_file_is_found(tmp_path: Path, note: dict[str, object], key: tuple[str, ...]) -> None:
    """In the order in which cards show them: the second card comes last."""
    put(tmp_path, one_png="one", two_png="two")
    notes = {"before": question(), "one": note, "again": question(f"{ONE} {ONE}", "![](media/two.png)")}
    first, second = used_files(checked(write(tmp_path, deck(notes))).notes)
    assert (first.path, first.notes) == ("media/one.png", ("one", "again"))
    assert first.at[2:] == ("notes", "one", *key)
    assert (second.path, second.notes, second.at[3:]) == ("media/two.png", ("again",), ("again", "a"))

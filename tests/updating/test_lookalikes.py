from typing import Any

import pytest

from cuedeck.history.snapshot import PackedNote
from cuedeck.updating.lookalikes import look_alikes

SENTENCES = [f"Sentence {number} tells of {number * 7} things." for number in range(2_000)]


def packed(text: str) -> PackedNote:
    more: dict[str, Any] = {
        "guid": "g",
        "note": 1,
        "type": 1,
        "time": 1,
        "tags": (),
        "cards": {0: 1},
        "deck": "Small",
        "due": 1,
    }
    return PackedNote(kind="qa", fields={"Note ID": "old", "Question": "What?", "Answer": text}, **more)


@pytest.mark.parametrize("count", [5, len(SENTENCES)])
@pytest.mark.parametrize("is_edit", [True, False])
def test_a_text_of_any_length_is_told_from_another(count: int, is_edit: bool) -> None:
    """A note that was renamed and edited a little is found by its text, a long one by its words."""
    text = " ".join(SENTENCES[:count])
    other = text.replace("tells of", "speaks of", 1) if is_edit else text[::-1]
    found = look_alikes({"new": ("qa", {"Question": "What?", "Answer": other})}, [packed(text)])
    assert found == ({"new": "old"} if is_edit else {})

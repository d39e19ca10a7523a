import pytest

from cuedeck.updating.lookalikes import look_alikes

SENTENCES = [f"Sentence {number} tells of {number * 7} things." for number in range(2_000)]


def asked(text: str) -> dict[str, str]:
    return {"Question": "What?", "Answer": text}


@pytest.mark.parametrize("count", [5, len(SENTENCES)])
@pytest.mark.parametrize("is_edit", [True, False])
def test_a_text_of_any_length_is_told_from_another(count: int, is_edit: bool) -> None:
    """A note that was renamed and edited a little is found by its text, a long one by its words."""
    text = " ".join(SENTENCES[:count])
    other = text.replace("tells of", "speaks of", 1) if is_edit else text[::-1]
    found = look_alikes({"new": ("qa", asked(other))}, {"old": ("qa", asked(text))})
    assert found == ({"new": "old"} if is_edit else {})

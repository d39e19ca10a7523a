"""What is wrong in a deck that learners have, with hints that keep what they have."""

import re
from pathlib import Path

import pytest

from tests.making import cloze, deck, release_deck, write
from tests.running import output_of

pytestmark = pytest.mark.usefixtures("folder")

RELEASED = "The {{c1::elephants}} of a {{c2::zoo}} eat {{c3::hay}} all day."

# What became of the text, and the numbers that the hints give, in the order of the text.
LOST = {
    "one": (RELEASED.replace("c1::", ""), [1]),
    "the last": (RELEASED.replace("c3::", ""), [3]),
    "two": (RELEASED.replace("c1::", "").replace("c3::", ""), [1, 3]),
    "all": (re.sub(r"c\d::", "", RELEASED), [1, 2, 3]),
    "two in another order": ("In a {{zoo}}, the {{elephants}} eat {{c3::hay}} all day.", [2, 1]),
    "another word for one": (RELEASED.replace("c1::elephants", "elephant"), [1]),
    "a new one": (RELEASED.replace("day", "{{day}}"), [4]),
    "a new one before one": (RELEASED.replace("c3::hay", "hay").replace("The", "{{Most}}"), [4, 3]),
}


@pytest.mark.parametrize(("text", "numbers"), LOST.values(), ids=LOST)
def test_a_lost_number_is_the_one_that_learners_have(text: str, numbers: list[int], folder: Path) -> None:
    """Following the hints to the letter moves no learner's card to another answer."""
    release_deck(folder, deck({"one": cloze(RELEASED)}))
    write(folder, deck({"one": cloze(text)}))
    given = []
    while proposed := re.findall(r"write (\{\{c(\d)::(.*?)\}\});", output_of("check")[2]):
        for marker, number, words in proposed:
            given.append(int(number))
            text = text.replace(f"{{{{{words}}}}}", marker)
        write(folder, deck({"one": cloze(text)}))
    assert given == numbers
    code, _, problems = output_of("build")
    assert code == 0
    assert not re.search(r"\[cloze-(?:moved|replaced|gone)\]", problems)


def test_without_a_release_the_lowest_number_is_taken(folder: Path) -> None:
    """A gap in the numbering is filled first."""
    write(folder, deck({"one": cloze("The {{elephants}} of a {{c2::zoo}} eat {{hay}}.")}))
    assert re.findall(r"write \{\{c(\d)::", output_of("check")[2]) == ["1", "3"]

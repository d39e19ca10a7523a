"""Problems as data: their order."""

from cuedeck.problems import Place, Problem, in_order


def test_problems_are_in_the_order_of_the_files_and_their_lines() -> None:
    """Lecture 10 comes after lecture 2, as in a course, and each problem comes once."""
    places = [
        Place("cards.yaml", 7, 1),
        Place("lectures/lecture-2.yaml", 3, 10),
        Place("lectures/lecture-2.yaml", 20, 2),
        Place("lectures/lecture-10.yaml"),
        Place("lectures/lecture-10.yaml", 1, 1),
    ]
    problems = [Problem(place, "this is wrong", "bad-note") for place in places]
    assert in_order([*reversed(problems), *problems]) == tuple(problems)

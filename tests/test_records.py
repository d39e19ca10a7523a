"""A dataclass of ours behaves like one of Python's own."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from cuedeck import records


def _classes(make: Callable[..., Any]) -> list[type]:
    @make(frozen=True)
    class Plain:
        words: str
        number: int = 0
        place: int = dataclasses.field(default=0, compare=False, repr=False)

    @make(frozen=True, slots=True, kw_only=True)
    class Slotted:
        words: str
        number: int = 0
        place: int = dataclasses.field(default=0, compare=False, repr=False)

    @make(frozen=True)
    class Later(Plain):
        more: tuple[str, ...] = ()

    return [Plain, Slotted, Later]


OURS, PYTHONS = (_classes(each.dataclass) for each in (records, dataclasses))
VALUES = (
    {"words": "a"},
    {"words": "a", "number": 1},
    {"words": "a", "place": 1},
    {"words": "b"},
)


@pytest.mark.parametrize(("ours", "pythons"), [*zip(OURS, PYTHONS, strict=True)], ids=[each.__name__ for each in OURS])
def test_equality_hash_and_repr_are_those_of_pythons_own(ours: type, pythons: type) -> None:
    for one in VALUES:
        assert repr(ours(**one)).endswith(repr(pythons(**one)).rpartition(".")[2])
        for other in VALUES:
            assert (ours(**one) == ours(**other)) == (pythons(**one) == pythons(**other))
            alike = pythons(**one) == pythons(**other)
            assert len({ours(**one), ours(**other)}) == (1 if alike else 2)
    assert [each.name for each in dataclasses.fields(ours)] == [each.name for each in dataclasses.fields(pythons)]


def test_instances_of_different_classes_are_never_equal() -> None:
    plain, slotted, later = (ours(words="a") for ours in OURS)
    assert len({plain, slotted, later}) == 3
    assert plain != later
    assert plain != ("a", 0)


def test_a_class_without_fields_has_equal_instances() -> None:
    @records.dataclass(frozen=True)
    class Empty:
        pass

    assert len({Empty(), Empty()}) == 1


@pytest.mark.parametrize(("ours", "pythons"), [*zip(OURS, PYTHONS, strict=True)], ids=[each.__name__ for each in OURS])
@pytest.mark.parametrize(
    "values", [{}, {"words": "a", "other": 1}, {"number": 1}], ids=["too few", "an unknown one", "not the required one"]
)
def test_wrong_arguments_are_refused_as_by_pythons_own(ours: type, pythons: type, values: dict[str, Any]) -> None:
    for _ in range(2):  # the first call compiles what the second one uses
        with pytest.raises(TypeError) as theirs:
            pythons(**values)
        with pytest.raises(TypeError) as our:
            ours(**values)
        assert str(our.value) == str(theirs.value)


def test_each_instance_gets_a_default_of_its_own() -> None:
    @records.dataclass(frozen=True)
    class Listed:
        number: int
        items: list[int] = dataclasses.field(default_factory=list)
        others: list[int] = dataclasses.field(default_factory=list, kw_only=True)

    first, second = Listed(1), Listed(2, [3], others=[4])
    first.items.append(5)
    assert (first.items, Listed(1).items, first.others) == ([5], [], [])
    assert (second.number, second.items, second.others) == (2, [3], [4])


def test_an_instance_can_be_replaced() -> None:
    for ours in OURS:
        assert dataclasses.replace(ours(words="a"), words="b") == ours(words="b")


def test_what_cannot_be_hashed_says_so() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(OURS[0](words=[]))


def test_a_dataclass_with_an_order_is_sorted() -> None:
    @records.dataclass(frozen=True, order=True)
    class Ordered:
        number: int

    assert min(Ordered(2), Ordered(1)).number == 1

"""How messages put things into words."""

from pathlib import Path

import pytest

from cuedeck.wording import by_number, did_you_mean, how_to_install, nearest


@pytest.mark.parametrize(
    ("likely", "asked"),
    [((), ""), (("one",), 'did you mean "one"?'), (("one", "two"), 'did you mean "one" or "two"?')],
)
def test_what_was_meant_is_asked(likely: tuple[str, ...], asked: str) -> None:
    """Each word is quoted; if nothing is likely, there is no question."""
    assert did_you_mean(*likely) == asked


def test_names_are_in_the_order_in_which_people_count() -> None:
    """Also if a number is too long to be one, or has zeros before it."""
    names = ["2.yaml", "a", "a-1", "a-02", "a-2", "a-9/z", "a-10/b", f"a-1{5000 * '0'}", f"a-2{5000 * '0'}", "b"]
    assert sorted(sorted(names), key=by_number) == names


def test_only_slips_of_the_pen_are_near() -> None:
    """A word that has little in common with a known one is not near; of several, the likeliest comes first."""
    known = ["answer", "question", "answers"]
    assert nearest("anser", known) == ["answer"]
    assert nearest("anser", iter(known), most=3) == ["answer", "answers"]
    assert nearest("xyz", known) == []


@pytest.mark.parametrize(
    ("mark", "command"),
    [
        ("pipx_metadata.json", "pipx inject cuedeck nh3 resvg-py"),
        ("uv-receipt.toml", "uv pip install --python {} nh3 resvg-py"),
        ("", "/a/python -m pip install nh3 resvg-py"),
    ],
)
def test_a_library_is_installed_where_the_program_is(
    mark: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the program that installed it, which leaves a file in the environment."""
    home = tmp_path / "cuedeck"
    home.mkdir()
    if mark:
        (home / mark).touch()
    monkeypatch.setattr("sys.prefix", str(home))
    monkeypatch.setattr("sys.executable", "/a/python")
    assert how_to_install("nh3", "resvg-py") == command.format(home)

"""What fuzzers try: every road with packages, manifests and locks of any kind ends well, and what does not is seen."""

import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import locks, packages
from tests.fuzzing.bases import BUILT, KEPT, LOCK, folder_of
from tests.fuzzing.targets import TARGETS, Target
from tests.fuzzing.trying import Broken, built, inside, look_through, succeeds

pytestmark = [pytest.mark.hostile, pytest.mark.needs("anki", "backports.zstd", "nh3", "resvg_py")]

STRANGE = [name for name in TARGETS if name != "texts"]


@pytest.mark.parametrize("road", packages.ROADS)
def test_a_right_package_goes_every_road(road: str, tmp_path: Path) -> None:
    """No road ends before it has read the package, so that a fuzzer tries what is behind that."""
    base, name = ("draft", BUILT) if road in ("verify", "build") else ("released", KEPT)
    package = folder_of(base)[name]
    assert packages.take(package, road, tmp_path, "draft" if road == "release" else base)


@pytest.mark.parametrize("road", locks.ROADS)
def test_a_right_lock_goes_every_road(road: str, tmp_path: Path) -> None:
    """The same of locks."""
    base = "draft" if road == "release" else "released"
    assert locks.take(folder_of(base)[LOCK], road, tmp_path, base)


@pytest.mark.parametrize("name", STRANGE)
def test_seeds_end_well(name: str, tmp_path: Path) -> None:
    """Some of a fuzzer's seeds, and as many inputs at random, which are always the same."""
    target, number = TARGETS[name], random.Random(name)
    seeds = number.sample(sorted(target.seeds().items()), 10)
    for data in (*(data for _, data in seeds), *(number.randbytes(30) for _ in seeds)):
        target.try_in_time(data, tmp_path)


@pytest.mark.random
@pytest.mark.parametrize("name", STRANGE)
@given(data=st.binary(max_size=60))
def test_any_decisions_end_well(name: str, data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever was decided, the commands end as they should."""
    TARGETS[name].try_in_time(data, tmp_path_factory.mktemp(name))


def test_an_input_that_takes_too_long_is_a_finding(tmp_path: Path) -> None:
    """An input that takes longer than allowed is a finding, as a traceback is."""
    target = Target(lambda data, folder: sum(range(100_000)), dict)
    target.try_in_time(b"", tmp_path)
    with pytest.raises(TimeoutError):
        target.try_in_time(b"", tmp_path, longest=0)


HARMFUL_PAGES = [
    "<script>canary()</script>",
    "<p><script>a = '</script><script>canary()'</script>",
    "<style>} * { background: url(//canary) }</style>",
    '<img src="x" onerror="canary()">',
    "<p title='' onmouseover='canary()'>",
    "<a href=' javascript:canary()'>a</a>",
    "<a href='&#106;avascript:canary()'>a</a>",
    '<meta http-equiv="refresh" content="0;url=//canary">',
    "<base href='//canary/'>",
    "<form action='//canary'>",
    "<iframe srcdoc='&lt;script>canary()&lt;/script>'></iframe>",
    "<canary>",
    "<p canary='x'>",
]


@pytest.mark.parametrize("page", HARMFUL_PAGES)
def test_what_a_page_would_run_is_seen(page: str) -> None:
    """A stranger's word is a finding wherever a browser would run or follow it."""
    with pytest.raises(Broken):
        look_through(f"<!doctype html><html><body>{page}</body></html>")


HARMLESS_PAGES = [
    "canary",
    "&lt;script&gt;canary()&lt;/script&gt;",
    "<script>ours()</script><p>canary",
    '<p title="&lt;script&gt; onerror=canary()">',
    '<a href="https://canary.example">canary</a>',
    "<a href='mailto:canary@example.org'>",
    "<button onclick='ours()'>canary</button>",
]


@pytest.mark.parametrize("page", HARMLESS_PAGES)
def test_what_a_page_shows_is_no_finding(page: str) -> None:
    """Wherever it is only read, or followed by whoever clicks, the word may be."""
    look_through(f"<!doctype html><html><body>{page}</body></html>")


def _writes(outside: Path) -> None:
    (outside / "owned").write_text("x", encoding="utf-8")


def _renames(outside: Path) -> None:
    Path("any").touch()
    Path("any").rename(outside / "owned")


def _follows_a_link(outside: Path) -> None:
    (outside / "target").touch()
    Path("link").symlink_to(outside / "target")
    Path("link").write_text("x", encoding="utf-8")


def _runs(outside: Path) -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


@pytest.mark.parametrize("reach", [_writes, _renames, _follows_a_link, _runs])
def test_what_reaches_out_of_the_folder_is_seen(reach: Callable[[Path], None]) -> None:
    """Files and folders elsewhere, also through links, and programs other than git."""
    with tempfile.TemporaryDirectory(prefix="inside-") as inner, tempfile.TemporaryDirectory(prefix="outer-") as outer:
        with pytest.raises(Broken, match=r"outer-.*owned|outer-.*target|started"), inside(Path(inner), {}):
            reach(Path(outer))
        with inside(Path(inner), {"a": b"b"}):
            assert [path.name for path in Path().iterdir()] == ["a"]
            Path("a").write_bytes(b"c")


def test_a_build_that_cannot_be_used_is_seen(tmp_path: Path) -> None:
    """A package that does not verify is a finding, and so is an exit code that only wrong use has."""
    with inside(tmp_path, folder_of("draft")):
        assert built("build")
        with pytest.raises(Broken, match="does not verify"):
            built("build", package=KEPT)
        with pytest.raises(Broken, match="exit code 2"):
            succeeds("build", "--no-such-option")

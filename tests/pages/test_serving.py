"""The preview on a server: only for this machine, and always up to date."""

import http.client
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cuedeck.media.digests import Digests
from cuedeck.media.files import MediaFile, MediaFolder
from cuedeck.pages.serving import ADDRESS, PageServer, serving
from cuedeck.problems import Problems
from tests.making import deck, edit, question, write
from tests.pages.conftest import Opened, Page, expect, faults_for_some
from tests.pictures import drawing, mp3, name_of, photo, put
from tests.recording.talks import BEAVERS, SPIDERS, srt, talk_deck
from tests.running import PATIENCE, interruptible


def _ask(server: PageServer, path: str = "/", host: str = "localhost", method: str = "GET") -> tuple[int, bytes]:
    status, body, _ = _answer(server, path, method, Host=host)
    return status, body


def _answer(
    server: PageServer, path: str, method: str = "GET", **headers: str
) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection(ADDRESS, server.server_address[1], timeout=PATIENCE)
    try:
        connection.request(method, path, headers={"Host": "localhost", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8124", 200),
        ("127.0.0.1:8124", 200),
        ("[::1]:8124", 200),
        ("LOCALHOST", 200),
        ("example.org", 421),
        ("127.0.0.1.example.org", 421),
        ("localhost.example.org:8124", 421),
        ("user@example.org", 421),
        ("", 421),
        ("[", 421),
    ],
)
def test_only_names_of_this_machine_are_answered(host: str, status: int) -> None:
    """A web page whose domain name resolves to this machine gets nothing (DNS rebinding)."""
    with serving(0) as server:
        server.show(b"the cards")
        answer = _ask(server, host=host)
        assert answer[0] == status
        assert (answer[1] == b"the cards") is (status == 200)


def test_it_listens_on_the_loopback_address_only() -> None:
    """No other machine can reach it."""
    with serving(0) as server:
        assert server.server_address[0] == "127.0.0.1"
        assert server.url == f"http://127.0.0.1:{server.server_address[1]}/"


def test_there_is_one_page_and_nothing_else() -> None:
    """No file of the folder is served, and nothing can be sent."""
    with serving(0) as server:
        server.show(b"the cards")
        for path in ("/cards.yaml", "/../cards.yaml", "/%2e%2e/"):
            assert _ask(server, path)[0] == 404
        assert _ask(server, method="POST")[0] == 501


@pytest.fixture
def picture(tmp_path: Path) -> MediaFile:
    """A picture in the folder of a deck, beside another one that no card shows."""
    put(tmp_path, lake_png=photo(8, 6), other_png=drawing(8, 6))
    return MediaFolder(tmp_path, Digests()).find("media/lake.png")


def test_files_of_the_page_are_served_by_their_names(picture: MediaFile) -> None:
    """Only these, only under the names that their bytes give them, and only to this machine."""
    with serving(0) as server:
        server.show(b"the cards", {picture.name: picture})
        status, body, headers = _answer(server, f"/{picture.name}")
        assert (status, body, headers["Content-Type"]) == (200, photo(8, 6), "image/png")
        assert headers["X-Content-Type-Options"] == "nosniff"
        other = name_of(picture.where.with_name("other.png"))
        for path in (
            f"/{other}",
            "/media/lake.png",
            "/lake.png",
            f"/media/{picture.name}",
            f"/{picture.name}/",
            f"/{picture.name.upper()}",
            f"/{picture.name}%00",
            f"/./{picture.name}",
            f"/{picture.where}",
        ):
            assert _ask(server, path)[0] == 404, path
        assert _ask(server, f"/{picture.name}", host="example.org")[0] == 421
        assert _ask(server, f"/{picture.name}", method="POST")[0] == 501
        server.show(b"other cards", {})
        assert _ask(server, f"/{picture.name}")[0] == 404


@pytest.mark.parametrize("becomes", ["other bytes", "missing", "a link to a secret"])
def test_a_file_is_served_only_while_it_is_what_its_name_says(picture: MediaFile, tmp_path: Path, becomes: str) -> None:
    """Whatever is put in its place after the page was made is not handed out."""
    with serving(0) as server:
        server.show(b"the cards", {picture.name: picture})
        picture.where.unlink()
        if becomes == "other bytes":
            picture.where.write_bytes(drawing(8, 6))
        elif becomes != "missing":
            (tmp_path / "secret").write_bytes(b"secret")
            picture.where.symlink_to(tmp_path / "secret")
        assert _ask(server, f"/{picture.name}")[0] == 404


WHOLE = mp3(1)
RANGES = {
    "bytes=0-": (206, WHOLE, f"bytes 0-{len(WHOLE) - 1}/{len(WHOLE)}"),
    "bytes=0-1": (206, WHOLE[:2], f"bytes 0-1/{len(WHOLE)}"),
    "bytes=10-19": (206, WHOLE[10:20], f"bytes 10-19/{len(WHOLE)}"),
    "bytes=10-99999": (206, WHOLE[10:], f"bytes 10-{len(WHOLE) - 1}/{len(WHOLE)}"),
    "bytes=-7": (206, WHOLE[-7:], f"bytes {len(WHOLE) - 7}-{len(WHOLE) - 1}/{len(WHOLE)}"),
    "bytes=-99999": (206, WHOLE, f"bytes 0-{len(WHOLE) - 1}/{len(WHOLE)}"),
    # A server may answer any other one with the whole file.
    **dict.fromkeys(
        ["", "bytes=-", "bytes=9-8", "bytes=99999-", "bytes=0-1,4-5", "lines=0-1", "bytes=x-", "bytes=-0"],
        (200, WHOLE, None),
    ),
}


@pytest.mark.parametrize(("asked", "expected"), RANGES.items())
def test_a_part_of_a_sound(tmp_path: Path, asked: str, expected: tuple[int, bytes, str | None]) -> None:
    """Some browsers play a sound only if the server sends the part of it that they ask for (RFC 9110, section 14)."""
    put(tmp_path, bell_mp3=WHOLE)
    sound = MediaFolder(tmp_path, Digests()).find("media/bell.mp3")
    with serving(0) as server:
        server.show(b"the cards", {sound.name: sound})
        status, body, headers = _answer(server, f"/{sound.name}", Range=asked)
        assert (status, body, headers["Content-Range"]) == expected
        assert (headers["Content-Type"], headers["Accept-Ranges"]) == ("audio/mpeg", "bytes")


def test_a_taken_port_is_told() -> None:
    """A sentence says which port is in use, and how to choose another."""
    with (
        serving(0) as server,
        pytest.raises(Problems, match=f"{server.server_address[1]}.*unserved"),
        serving(server.server_address[1]),
    ):
        pass


def test_an_event_tells_of_a_newer_page() -> None:
    """A browser with an older page is notified at once, one with the newest page when there is a newer one."""
    with serving(0) as server:
        server.show(b"first [[version]]")
        first = int(_ask(server)[1].removeprefix(b"first "))
        connection = http.client.HTTPConnection(ADDRESS, server.server_address[1], timeout=PATIENCE)
        connection.request("GET", f"/events?{first}", headers={"Host": "localhost"})
        answer = connection.getresponse()
        server.show(b"first [[version]]")
        threading.Timer(0, server.show, [b"second [[version]]"]).start()
        assert answer.readline() == b"event: change\n"
        assert _ask(server)[1] == f"second {first + 1}".encode()
        answer.close()
        connection.close()


@contextmanager
def _command(folder: Path, environment: dict[str, str]) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run the command in a folder, and yield the address that it prints, and the running process."""
    words = [sys.executable, "-m", "cuedeck", "preview", "--serve", "--port", "0"]
    environment = {**environment, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "default"}
    with interruptible(words, folder, environment, stderr=subprocess.STDOUT) as running:
        assert running.stdout is not None
        line = next(line for line in running.stdout if "http://" in line)
        yield line.split()[0], running


@pytest.mark.needs("watchfiles")
def test_the_page_follows_edits(tmp_path: Path, opened: Opened, plain_environment: dict[str, str]) -> None:
    """The page shows an edit by itself, also its problems, and keeps the search."""
    cards = write(tmp_path, deck({"one": question("What is one?"), "two": question("What is two?")}))
    with _command(tmp_path, plain_environment) as (address, _):
        page = opened(address)
        page.locator("#search").fill("two")
        edit(cards, "What is two?", "What is the two?")
        card = page.locator("[data-card='two/0'] .frame.desktop")
        expect(card).to_contain_text("What is the two?")
        assert page.locator("#search").input_value() == "two"
        assert page.locator("article").count() == 1

        edit(cards, "title: Idea", "titel: Idea")
        expect(page.locator(".errors")).to_contain_text("unknown-key")
        expect(page.locator(".errors")).to_contain_text("cards.yaml:")
        expect(card).to_contain_text("What is the two?")

        edit(cards, "titel: Idea", "title: Another idea")
        expect(page.locator(".errors")).to_have_count(0)
        expect(page.locator("article .concept dd")).to_have_text("Another idea")
        page.close()  # before the server ends, or the browser would report an error


def pixels(page: Page) -> Any:
    """Return the sizes of the pictures of the first card, once they are loaded."""
    return page.locator("[data-card='one/0'] .frame.desktop img").evaluate_all(
        "(all) => Promise.all(all.map(async (each) => { await each.decode(); return each.naturalWidth; }))"
    )


@pytest.mark.needs("watchfiles")
def test_the_page_follows_pictures(tmp_path: Path, opened: Opened, plain_environment: dict[str, str]) -> None:
    """A picture that is written again is shown; one that is missing is a problem until it is there."""
    put(tmp_path, lake_png=photo(8, 6))
    cards = write(tmp_path, deck({"one": question("![A lake](media/lake.png)")}))
    with _command(tmp_path, plain_environment) as (address, _):
        page = opened(address)
        assert pixels(page) == [8]
        first = page.locator("[data-card='one/0'] .frame.desktop img").get_attribute("src")
        put(tmp_path, lake_png=photo(20, 6))
        expect(page.locator(f"[src='{first}']")).to_have_count(0)
        expect(page.locator("[data-card='one/0'] .frame.desktop img")).to_have_count(1)
        assert pixels(page) == [20]

        edit(cards, "media/lake.png", "media/new.png")
        expect(page.locator(".errors")).to_contain_text("no-media-file")
        assert pixels(page) == [20]
        put(tmp_path, new_png=photo(30, 6))
        expect(page.locator(".errors")).to_have_count(0)
        assert pixels(page) == [30]
        page.close()


@pytest.mark.needs("watchfiles")
def test_a_deck_that_was_never_sound_tells_so(
    tmp_path: Path, opened: Opened, plain_environment: dict[str, str]
) -> None:
    """The page begins with the problems, and shows the cards once they are fixed."""
    cards = write(tmp_path, deck({"one": {"q": "What is one?", "answer": "x"}}))
    with _command(tmp_path, plain_environment) as (address, _):
        page = opened(address)
        expect(page.locator(".errors")).to_contain_text("unknown-key")
        edit(cards, "answer: x", "a: x")
        expect(page.locator("[data-card='one/0']")).to_be_visible()
        page.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl-C there")
@pytest.mark.needs("watchfiles")
def test_ctrl_c_ends_it(tmp_path: Path, plain_environment: dict[str, str]) -> None:
    """It ends at once and without an error message."""
    import signal

    write(tmp_path, deck({"one": question()}))
    with _command(tmp_path, plain_environment) as (_, running):
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=PATIENCE)
        assert (running.returncode, said) == (0, "stopped\n")


def test_without_the_library_a_sentence_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the library that watches files is not installed, a message says how to install it."""
    from cuedeck.usecases.preview import follow

    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with serving(0) as server, pytest.raises(Problems, match="-m pip install watchfiles"):
        next(follow(write(tmp_path, deck({"one": question()})), server))


@pytest.mark.needs("watchfiles")
def test_what_is_said_is_beside_each_card(tmp_path: Path, opened: Opened, plain_environment: dict[str, str]) -> None:
    """The passage of a note has its words marked, other places can be taken, and the page itself has neither."""
    talk_deck(tmp_path, {"one": {**SPIDERS, "at": "0:30"}, "two": BEAVERS})
    with _command(tmp_path, plain_environment) as (address, _):
        page = opened(address, besides=f"{address}said/", permissions=["clipboard-read", "clipboard-write"])
        said = page.locator("#note-one .said")
        expect(said.locator("summary")).to_have_text("Said from 00:10 to 01:30")
        expect(said.locator("details p")).to_contain_text("Otters crack mussels")
        expect(page.locator("#note-two .said mark").first).to_have_text("Beavers")
        take = said.locator("button").first
        expect(take).to_have_text("at: 02:00")
        take.click()
        expect(take).to_have_text("copied: at: 02:00")
        assert page.evaluate("navigator.clipboard.readText()") == "at: 02:00"
        assert faults_for_some(page) == ""
        assert b"Otters crack" not in urllib.request.urlopen(address).read()

        (tmp_path / "talk.srt").write_text(srt({30: "Spiders weave webs, and beavers do not."}), encoding="utf-8")
        expect(page.locator("#note-one .said mark").first).to_have_text("Spiders")
        page.close()


def test_nothing_is_said_where_nobody_asked() -> None:
    """What is said is served only for notes of the page that is shown, and only to this machine."""
    with serving(0) as server:
        server.show(b"the cards", said={"one": b"{}"}.get)
        assert _ask(server, "/said/one") == (200, b"{}")
        assert _ask(server, "/said/two")[0] == 404
        assert _ask(server, "/said/one", host="example.org")[0] == 421
        server.show(b"another page")
        assert _ask(server, "/said/one")[0] == 404

"""The preview on a server: only for this machine, and always up to date."""

import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cuedeck.pages.serving import ADDRESS, PageServer, serving
from cuedeck.problems import Problems
from tests.making import deck, edit, question, write
from tests.pages.conftest import Opened, expect
from tests.running import PATIENCE, interruptible


def _ask(server: PageServer, path: str = "/", host: str = "localhost", method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(ADDRESS, server.server_address[1], timeout=PATIENCE)
    try:
        connection.request(method, path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read()
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

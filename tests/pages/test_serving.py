"""The preview on a server: only for this machine, and always up to date."""

import contextlib
import errno
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from cuedeck.media.digests import Digests
from cuedeck.media.files import MediaFile, MediaFolder
from cuedeck.pages.preview import Preview
from cuedeck.pages.serving import ADDRESS, PageServer, serving
from cuedeck.problems import Problems
from cuedeck.usecases.build import build
from cuedeck.usecases.preview import follow
from tests.making import FIRST, deck, edit, question, spread, write
from tests.needing import needed
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


@pytest.mark.hostile
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


@pytest.mark.hostile
@pytest.mark.parametrize("path", ["/", "/version", "/nothing"])
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "TRACE"])
def test_every_answer_has_the_same_headers(path: str, method: str) -> None:
    """Whatever is asked, no other site gets anything, and there is a body only where one belongs."""
    with serving(0) as server:
        server.show(b"the cards")
        status, body, headers = _answer(server, path, method)
        _, _, of_page = _answer(server, "/")
        named = ("Cache-Control", "Content-Security-Policy", "Cross-Origin-Resource-Policy", "X-Content-Type-Options")
        assert [headers[name] for name in named] == [of_page[name] for name in named]
        assert b"<" not in body
        if method == "HEAD":
            assert (status, body) == (404 if path == "/nothing" else 200, b"")
        else:
            assert (status, headers["Allow"]) == (200 if method == "OPTIONS" else 501, "GET, HEAD, OPTIONS")


ODD = {
    "many digits": f"GET /version?{'9' * 5_000} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode(),
    "digits of other scripts": "GET /version?\u0661\u0662 HTTP/1.0\r\nHost: localhost\r\n\r\n".encode(),
    "a range of many digits": f"GET / HTTP/1.0\r\nHost: localhost\r\nRange: bytes={'9' * 5_000}-\r\n\r\n".encode(),
    "a long line": b"GET /" + b"a" * 70_000 + b" HTTP/1.0\r\n\r\n",
    "many headers": b"GET / HTTP/1.0\r\n" + b"A: b\r\n" * 500 + b"\r\n",
    "no version": b"GET /\r\n\r\n",
    "a bad version": b"GET / HTTP/x.y\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100) + b"\r\n\r\n",
    "a host that is not one": b"GET / HTTP/1.0\r\nHost: [::\r\n\r\n",
    "a host of other bytes": b"GET / HTTP/1.0\r\nHost: \xff\xfe\r\n\r\n",
    "an address of other bytes": b"GET /\xff\xfe HTTP/1.0\r\nHost: localhost\r\n\r\n",
    "nothing": b"",
}


@pytest.mark.hostile
@pytest.mark.parametrize("request_bytes", ODD.values(), ids=ODD)
def test_odd_requests_print_nothing(request_bytes: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """Any web page can send requests to this server, and must not fill the author's terminal."""
    with serving(0) as server:
        server.show(b"the cards")
        with socket.create_connection((ADDRESS, server.server_address[1]), PATIENCE) as connection:
            connection.sendall(request_bytes)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)
        assert _ask(server) == (200, b"the cards")
    assert capfd.readouterr() == ("", "")


@pytest.mark.hostile
def test_a_silent_client_does_not_keep_its_connection(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Otherwise, connections that nobody uses would take all the file handles of the process."""
    monkeypatch.setattr("cuedeck.pages.serving._Handler.timeout", 0.01)
    with serving(0) as server, socket.create_connection((ADDRESS, server.server_address[1]), PATIENCE) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n")
        assert connection.recv(1) == b""
    assert capfd.readouterr() == ("", "")


CROWDED = """
import resource, socket
from cuedeck.pages.serving import ADDRESS, serving
with serving(0) as server:
    server.show(b"the cards")
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
    there = (ADDRESS, server.server_address[1])
    clients = []
    try:
        while True:
            clients.append(socket.create_connection(there, 60))
    except OSError:
        print("full")
    for client in clients:
        client.close()
    with socket.create_connection(there, 60) as client:
        client.sendall(b"GET / HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n")
        with client.makefile("rb") as answer:
            print(answer.read().endswith(b"the cards"))
"""


@pytest.mark.hostile
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_it_goes_on_after_the_system_ran_out_of_handles(plain_environment: dict[str, str]) -> None:
    """The page is answered again as soon as connections are closed, and nothing is printed."""
    done = subprocess.run([sys.executable, "-c", CROWDED], env=plain_environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("full\nTrue\n", "")


def test_a_page_has_a_number_until_there_is_another_page() -> None:
    """The page contains its number, by which a browser recognizes that there is a newer one."""
    with serving(0) as server:
        server.show(b"first [[version]]")
        first = int(_ask(server)[1].removeprefix(b"first "))
        assert _ask(server, "/version") == (200, str(first).encode())
        server.show(b"first [[version]]")
        assert int(_ask(server, "/version?a=b")[1]) == first
        server.show(b"second [[version]]")
        assert _ask(server, "/version") == (200, str(first + 1).encode())
        assert _ask(server)[1] == f"second {first + 1}".encode()
        assert _ask(server, "/version", host="example.org")[0] == 421


def test_a_browser_that_knows_the_number_learns_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is answered as soon as there is another page, so that it need not ask again and again."""
    monkeypatch.setattr("cuedeck.pages.serving._WAIT", 10 * PATIENCE)
    waits = threading.Event()
    with serving(0) as server, ThreadPoolExecutor() as others:
        server.show(b"first")
        known = server.version()
        is_newer = server._changing.wait_for
        monkeypatch.setattr(server._changing, "wait_for", lambda *words: (waits.set(), is_newer(*words))[1])
        asked = others.submit(_ask, server, f"/version?{known}")
        assert waits.wait(PATIENCE)
        server.show(b"second")
        assert asked.result() == (200, str(int(known) + 1).encode())


def test_a_browser_is_answered_even_if_there_is_no_other_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise it would keep its connection, and a browser opens only a few."""
    monkeypatch.setattr("cuedeck.pages.serving._WAIT", 0.01)
    with serving(0) as server:
        server.show(b"first")
        assert _ask(server, f"/version?{server.version()}") == (200, server.version().encode())


@pytest.mark.hostile
@pytest.mark.parametrize(
    "query", ["", "?", "?0", "?%00", f"?{'9' * 50_000}", "?{}x", "?x{}", "?{}&{}", "?{}%20", "?%s"]
)
def test_odd_questions_for_another_page_are_answered_at_once(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a browser that names the number of the page waits."""
    monkeypatch.setattr("cuedeck.pages.serving._WAIT", 2 * PATIENCE)
    with serving(0) as server:
        server.show(b"first")
        number = server.version()
        assert _ask(server, f"/version{query.replace('{}', number)}") == (200, number.encode())


def test_it_ends_while_browsers_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not waited for, however many there are."""
    monkeypatch.setattr("cuedeck.pages.serving._WAIT", 2 * PATIENCE)
    with contextlib.ExitStack() as clients:
        with serving(0) as server:
            server.show(b"first")
            for _ in range(20):
                client = clients.enter_context(socket.create_connection((ADDRESS, server.server_address[1])))
                client.sendall(f"GET /version?{server.version()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        with pytest.raises(ConnectionError):
            socket.create_connection((ADDRESS, server.server_address[1]), PATIENCE)
        server.show(b"second")  # so that their threads end


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
def test_the_page_keeps_the_chosen_recording(tmp_path: Path, opened: Opened, plain_environment: dict[str, str]) -> None:
    """After an edit, its timeline is still shown, with what is new; if the recording is gone, all of them are."""
    sources = {id: {"title": id.upper(), "url": f"https://example.org/{id}.mp3"} for id in ("first", "second", "third")}
    data = deck({"one": question(source="first"), "two": question("Two?", source="second")}, sources=sources)
    cards = write(tmp_path, data)
    with _command(tmp_path, plain_environment) as (address, _):
        page = opened(address)
        page.locator("[data-recording=second]").click()
        edit(cards, "title: SECOND", "title: The second")
        expect(page.locator("#chosen-recording h2")).to_have_text("The second")
        expect(page.locator("#count")).to_have_text("1 note, 1 card")
        edit(cards, "  second:", "  other:")
        edit(cards, "source: second", "source: other")
        expect(page.locator("[data-recording=other]")).to_be_visible()
        expect(page.locator("#count")).to_have_text("2 notes, 2 cards")
        assert page.locator(".timeline").count() == 0
        page.close()  # before the server ends, or the browser would report an error


@pytest.mark.needs("watchfiles")
def test_many_tabs_of_one_browser_follow_edits(
    tmp_path: Path, opened: Opened, plain_environment: dict[str, str]
) -> None:
    """A browser opens only six connections to a server; none may be kept by a tab."""
    cards = write(tmp_path, deck({"one": question("What is one?")}))
    with _command(tmp_path, plain_environment) as (address, _):
        tabs = [opened(address)]
        for _number in range(7):
            tabs.append(tabs[0].context.new_page())
            tabs[-1].goto(address)
        for question_now in ("What is the one?", "What was the one?"):
            edit(cards, "What is one?" if tabs[7:] else "What is the one?", question_now)
            for tab in tabs:
                expect(tab.locator("[data-card='one/0'] .frame.desktop")).to_contain_text(question_now)
            tabs.pop(0).close()
        for tab in tabs:
            tab.close()


# What reads a file or looks for it, by its path, and the code of the message if the system refuses that.
REFUSED = {
    "cards.yaml": ("read_bytes", "unreadable"),
    "media/lake.png": ("open", "no-media-file"),
    "talk.srt": ("read_bytes", "transcript-unread"),
    "decks/small.apkg": ("is_file", "unusable"),
}


@pytest.mark.needs("watchfiles")
@pytest.mark.parametrize(("name", "how"), REFUSED.items(), ids=REFUSED)
def test_a_file_that_can_be_read_again_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, how: tuple[str, str]
) -> None:
    """Reading may fail for a moment, while another program has the file, and then nothing about the file changes."""
    method, rule = how
    put(tmp_path, lake_png=photo(8, 6))
    cards = talk_deck(tmp_path, {"one": {**BEAVERS, "extra": "![A lake](media/lake.png)"}})
    build(cards, at=FIRST)
    with serving(0) as server:
        outcomes = follow(cards, server)
        first = next(outcomes)
        assert rule not in rules(first)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(Path, method, refusing(tmp_path / name, getattr(Path, method)))
            os.utime(tmp_path / name, (FIRST, FIRST))
            assert rule in rules(next(outcomes))
        assert rules(next(outcomes)) == rules(first)


def rules(shown: Preview | Problems) -> list[str]:
    """Return the codes of the problems on a page."""
    return [each.rule for each in shown.problems]


def refusing(refused: Path, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of paths that the system refuses for one path."""

    def method(path: Path, *words: Any, **more: Any) -> Any:
        if path == refused:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path.as_posix())
        return otherwise(path, *words, **more)

    return method


@pytest.mark.parametrize("error", [FileNotFoundError(), PermissionError(), RuntimeError("too many watches")], ids=repr)
def test_edits_are_followed_where_nothing_can_be_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A folder may be gone or closed, or the system watches no more of them: then files are looked at once a second."""

    def watch(*_: Any, **__: Any) -> NoReturn:
        raise error

    pauses: list[float] = []
    monkeypatch.setattr(needed("watchfiles"), "watch", watch)
    monkeypatch.setattr("cuedeck.usecases.preview.time.sleep", pauses.append)
    cards = write(tmp_path, deck({"one": question()}))
    with serving(0) as server:
        outcomes = follow(cards, server)
        for title in ("Idea", "Another idea", "A third idea"):
            shown = next(outcomes)
            assert isinstance(shown, Preview)
            assert shown.deck.concepts["idea"].title == title
            edit(cards, f"title: {title}", f"title: {'Another' if title == 'Idea' else 'A third'} idea")
    assert set(pauses) == {1.0}


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


def test_half_of_a_character_in_a_transcript(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """JSON can have it, as some programs that cut texts into pieces write it."""
    said = {"segments": [{"start": 28, "end": 40, "text": "Beavers build \ud83d dams."}]}
    cards = talk_deck(tmp_path, {"one": BEAVERS}, json.dumps(said))
    with serving(0) as server:
        next(follow(cards, server))
        status, body = _ask(server, "/said/one")
    assert status == 200
    assert "\ud83d" in json.dumps(json.loads(body), ensure_ascii=False)
    assert capfd.readouterr() == ("", "")


@pytest.mark.needs("watchfiles")
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="on this system all file names are text")
def test_a_part_whose_name_is_not_text(tmp_path: Path) -> None:
    """The page shows the odd bytes of its name, which is refused, as escapes, as a terminal does."""
    data = spread(deck({"one": question()}), {"idea"})
    files = {os.fsdecode(b"lectures/\xff.yaml"): data["files"]["lectures/1.yaml"]}
    home = tmp_path / os.fsdecode(b"\xff")  # which cannot be watched
    with serving(0) as server:
        assert isinstance(next(follow(write(home, {**data, "files": files}), server)), Problems)
        assert b"lectures/\\udcff.yaml" in server.page

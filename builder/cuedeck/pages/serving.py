"""Serve a page and its pictures and sounds to browsers on this machine, and say when there is a newer one.

Only this machine can reach the server. It listens on the loopback address, and answers only requests to a name of that
address, so that no web page can reach it by a domain name that resolves to this machine (DNS rebinding). Of the disk,
it serves only the files of the page that it was given, each only under the name that its bytes give it, and only while
it has these bytes.
"""

import contextlib
import errno
import os
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from cuedeck.media.files import MediaFile
from cuedeck.pages.media import type_of
from cuedeck.patterns import regex
from cuedeck.problems import Problems, stop

ADDRESS = "127.0.0.1"
_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# The part of a file that browsers ask for to play a sound: from one byte to another, to the end, or the last bytes.
_RANGE = regex(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
# In seconds: how long a browser may take to send a request, or to receive an answer.
_PATIENCE = 30
# What the system says if it has no room for another connection, and the seconds after which there may be some again.
_FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_PAUSE = 0.1
# In seconds: how long an answer waits for a newer page. Browsers open six connections to a server, so with more tabs
# than that, each waits for its turn.
_WAIT = 1.0
_METHODS = "GET, HEAD, OPTIONS"


VERSION_PLACE = b"[[version]]"
"""The first of these in a page is replaced by the page's number, with which the page asks for a newer one."""


Said = Callable[[str], bytes | None]
"""Returns what is said around the moments of the note with an id, as JSON; None if that is not known."""


def _nothing_said(note: str) -> None:
    return None


class PageServer(ThreadingHTTPServer):
    """Serve one page at `/`, its files by their names, and the number of the page at `/version`.

    `/version?12` answers at once if the number is not 12, otherwise when there is another page, or after a second.
    What is said around the moments of a note is at `/said/` and its id. It is not in the page, which somebody may keep.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    # On Windows, this would allow two servers at one port. Elsewhere, a port is free again as soon as a server ends.
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int) -> None:
        """Start to listen at a port of the loopback address; 0 takes a free one. Raises OSError if it is in use."""
        self._changing = threading.Condition()
        # Not from 0, so that a page from an earlier server is recognized as old.
        self._version = secrets.randbelow(1 << 32)
        self._page = b""
        self._files: Mapping[str, MediaFile] = {}
        self._said: Said = _nothing_said
        super().__init__((ADDRESS, port), _Handler)

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{ADDRESS}:{self.server_address[1]}/"

    def show(self, page: bytes, files: Mapping[str, MediaFile] | None = None, said: "Said | None" = None) -> None:
        """Serve this page and these files from now on, under another number if the page differs from the one before."""
        with self._changing:
            self._files = files or {}
            self._said = said or _nothing_said
            if page != self._page:
                self._page = page
                self._version += 1
                self._changing.notify_all()

    @property
    def page(self) -> bytes:
        """The page with its number, which grows with every new page."""
        with self._changing:
            return self._page.replace(VERSION_PLACE, str(self._version).encode(), 1)

    def file(self, name: str) -> bytes | None:
        """Return the bytes of a file of the page; None if there is none of that name, or it has other bytes now."""
        with self._changing:
            found = self._files.get(name)
        try:
            return found.read() if found else None
        except Problems:
            return None

    def said(self, note: str) -> bytes | None:
        """Return what is said around the moments of a note, as JSON; None if that is not known."""
        with self._changing:
            said = self._said
        return said(note)

    def version(self, known: str = "") -> str:
        """Return the number of the page; if that is `known`, wait a second for another one."""
        with self._changing:
            self._changing.wait_for(lambda: str(self._version) != known, _WAIT)
            return str(self._version)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Return the next connection. Wait a little if the system has no room for it, since it is asked again."""
        try:
            return super().get_request()
        except OSError as error:
            if error.errno in _FULL:
                time.sleep(_PAUSE)
            raise

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore browsers that go away or do not answer. Anything else is our bug, and is reported as usual."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    server_version = "cuedeck"
    sys_version = ""
    timeout = _PATIENCE

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        match self._host_is_ours(), path:
            case False, _:
                self._answer(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"This server answers to localhost only.\n")
            case _, "/":
                self._answer(HTTPStatus.OK, "text/html; charset=utf-8", self.server.page)
            case _, "/version":
                self._answer(HTTPStatus.OK, "text/plain", self.server.version(query).encode())
            case _, path if path.startswith("/said/") and (data := self.server.said(path[len("/said/") :])):
                self._answer(HTTPStatus.OK, "application/json", data)
            case _, path if data := self.server.file(path[1:]):
                self._send_file(type_of(path), data)
            case _:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"There is nothing here. The preview is at /.\n")

    def do_HEAD(self) -> None:
        self.do_GET()  # what sends bodies sends none for HEAD

    def do_OPTIONS(self) -> None:
        self._answer(HTTPStatus.OK, "text/plain", b"", {"Allow": _METHODS})

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a request that cannot be understood, with the headers of every other answer."""
        self.close_connection = True
        self._answer(HTTPStatus(code), "text/plain", f"{HTTPStatus(code).phrase}.\n".encode(), {"Allow": _METHODS})

    def _host_is_ours(self) -> bool:
        try:
            return urlsplit(f"//{self.headers.get('Host', '')}").hostname in _NAMES
        except ValueError:
            return False

    def _send_file(self, kind: str, data: bytes) -> None:
        """Send a file, or the part of it that was asked for, without which some browsers play no sound."""
        whole = {"Accept-Ranges": "bytes"}
        if not (part := _part(self.headers.get("Range", ""), len(data))):
            self._answer(HTTPStatus.OK, kind, data, whole)
            return
        start, end = part
        place = {"Content-Range": f"bytes {start}-{end - 1}/{len(data)}"}
        self._answer(HTTPStatus.PARTIAL_CONTENT, kind, data[start:end], whole | place)

    def _answer(self, status: HTTPStatus, kind: str, body: bytes, more: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self._send_headers({"Content-Type": kind, "Content-Length": str(len(body)), **(more or {})})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_headers(self, headers: dict[str, str]) -> None:
        for name, value in {**_HEADERS, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *words: object) -> None:
        """Do not log requests."""


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """Return the start and the end of the part that a header asks for; None if it asks for all, or for no such part."""
    if not (found := _RANGE.fullmatch(asked)) or not any(found.groups()):
        return None
    first, last = found.groups()
    start, end = (int(first), int(last or size) + 1) if first else (size - int(last), size)
    start, end = max(start, 0), min(end, size)
    return (start, end) if start < end else None


@contextlib.contextmanager
def serving(port: int) -> Iterator[PageServer]:
    """Serve at a port of the loopback address; 0 takes a free one. Raises `Problems` if the port is in use."""
    try:
        opened = PageServer(port)
    except OSError as error:
        stop(
            f"{ADDRESS}:{port}",
            "unserved",
            f"the page cannot be served here: {error.strerror}",
            "choose another port with --port; 0 takes any free one",
        )
    with opened as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.1], daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

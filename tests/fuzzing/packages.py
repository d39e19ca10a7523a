"""Packages with something odd at any depth: the archive, its database, its list of media, messages of Anki in it."""

import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from backports import zstd

from cuedeck.history.lockfile import from_text, to_text
from cuedeck.package.opening import fingerprint_of
from tests.fuzzing.bases import BUILT, KEPT, LOCK, Files, folder_of, packages
from tests.fuzzing.choices import ODD_TEXTS, Choices, as_json
from tests.fuzzing.trying import built, inside, makes_pages, succeeds

_DATABASES = ("collection.anki2", "collection.anki21", "collection.anki21b")
_ZIP_METHODS = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_UNREADABLE = (sqlite3.Error, OverflowError, UnicodeError, MemoryError)  # the last is of no bytes at all
_FIELDS_END = "\x1f"
_MESSAGES = ("config", "kind", "common")
# What is done to a table `t` with the columns `c`, of which `one` is the first.
_SCHEMAS = (
    "drop table {t}",
    "alter table {t} rename to other",
    "alter table {t} drop column {one}",
    "alter table {t} add column more",
    "create table other as select * from {t}; drop table {t}; alter table other rename to {t}",
    "alter table {t} rename to other; create view {t} as select * from other",
    "alter table {t} rename to other; create table {t} ({c})",
    "alter table {t} rename to other; create table {t} ({c}, primary key ({one})) without rowid",
    "alter table {t} rename to other; create virtual table {t} using fts5({c})",
    "create trigger run after insert on {t} begin delete from {t}; end",
    "create index more on {t} ({one})",
    "delete from {t}",
    "insert into {t} select * from {t}",
    "pragma writable_schema = on; update sqlite_master set rootpage = 2 where name = '{t}'",
    "pragma writable_schema = on; update sqlite_master set sql = replace(sql, '(', '(more text,')",
    "pragma user_version = -1; pragma encoding = 'UTF-16'; pragma page_size = 512; vacuum",
    "pragma journal_mode = wal; pragma auto_vacuum = full; vacuum",
)


def spoiled_package(choices: Choices) -> bytes:
    """Return a package in which something is odd."""
    files = dict(packages()[choices.of([*packages()])])
    for _ in range(choices.below(3)):
        name = choices.of([*files])
        if choices.below(4):
            name = next(each for each in reversed(_DATABASES) if each in files)
        files[name] = spoiled_member(choices, name, files[name], is_newer="meta" in files)
    if choices.seldom():
        name = choices.of([*files])
        files.pop(name) if choices.below(2) else files.update({choices.text(name): files[name]})
    return _archive(choices, files)


def spoiled_member(choices: Choices, name: str, data: bytes, is_newer: bool) -> bytes:
    """Return one file of a package with something odd in it."""
    if choices.seldom():
        return choices.edited(data)
    if is_newer and name not in ("meta", "collection.anki2"):
        with suppress(zstd.ZstdError):  # it may be spoiled already
            data = zstd.decompress(data)
        return _compressed(choices, _spoiled(choices, name, data))
    return _spoiled(choices, name, data)


def _spoiled(choices: Choices, name: str, data: bytes) -> bytes:
    if name in _DATABASES:
        return _database(choices, data)
    if data[:1] in (b"{", b"["):
        return as_json(choices.spoiled(json.loads(data))).encode("utf-8", "surrogatepass")
    return _message(choices, data) if name in ("media", "meta") else choices.edited(data)


def _compressed(choices: Choices, data: bytes) -> bytes:
    """Return zstd frames, most of them plain."""
    plain = zstd.compress(data)
    skippable = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"owned"
    stream = zstd.ZstdCompressor().compress(data, zstd.ZstdCompressor.FLUSH_FRAME)
    half = zstd.compress(data[: len(data) // 2]) + zstd.compress(data[len(data) // 2 :])
    odd = (half, skippable + plain, plain + skippable, plain + b"x", plain[:-1], zstd.compress(bytes(9_000_000)), b"")
    return choices.of(odd) if choices.seldom() else choices.of((plain, stream))


def _archive(choices: Choices, files: Files) -> bytes:
    """Return a zip archive of these files, seldom a plain one that was damaged."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in files.items():
            method = choices.of(_ZIP_METHODS) if choices.seldom() else zipfile.ZIP_DEFLATED
            entry = zipfile.ZipInfo(name.encode("utf-8", "replace").decode().replace("\0", "0")[:60_000])
            if choices.seldom():
                entry.extra, entry.comment, entry.external_attr = choices.part(20), choices.part(20), 0o120777 << 16
            package.writestr(entry, data, method)
        if choices.seldom():
            package.comment = choices.part(30)
    data = buffer.getvalue()
    if not choices.seldom():
        return data
    directory = data.rindex(b"PK\5\6") if choices.below(2) else data.index(b"PK\1\2")
    return choices.edited(data, lambda length: min(length, directory + choices.below(46)))


def _database(choices: Choices, data: bytes) -> bytes:
    """Return a database with odd values, rows or tables, or damaged pages."""
    with closing(sqlite3.connect(":memory:")) as connection, suppress(*_UNREADABLE):
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        connection.text_factory = bytes
        connection.deserialize(data)
        tables = connection.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
        names = [row[0].decode() for row in tables]
        for _ in choices.times() if names else ():
            table = choices.of(names)
            columns = [row[1].decode() for row in connection.execute(f"pragma table_info({table})")]
            if not columns:  # its description was spoiled
                continue
            if choices.seldom():
                words = {"t": table, "c": ", ".join(columns), "one": columns[0]}
                connection.executescript(choices.of(_SCHEMAS).format(**words))
            else:
                _spoil_cell(choices, connection, table, choices.of(columns))
        connection.commit()
        data = connection.serialize()
    if choices.seldom():
        return choices.edited(data, (lambda _: choices.below(100)) if choices.below(2) else None)
    return data


def _spoil_cell(choices: Choices, connection: sqlite3.Connection, table: str, column: str) -> None:
    """Make one value odd, or that of all rows."""
    rows = connection.execute(f"select rowid, {column} from {table}").fetchall()
    if not rows:
        return
    row, old = choices.of(rows)
    is_message = column in _MESSAGES and isinstance(old, bytes)
    new = _message(choices, old) if is_message else _odd_value(choices, old)
    if isinstance(new, str):  # SQLite can store any bytes as a text
        new = new.encode("utf-8", "surrogatepass")
    kind = "?" if is_message or not isinstance(new, bytes) or choices.seldom() else "cast(? as text)"
    where = "" if choices.seldom() else f" where rowid = {row}"
    connection.execute(f"update or ignore {table} set {column} = {kind}{where}", (new,))


def _odd_value(choices: Choices, old: Any) -> Any:
    """Return an odd value in place of one of SQLite, whose texts are bytes here."""
    if not isinstance(old, bytes):
        value = choices.number(int(old or 0)) if choices.below(8) else choices.text()
        return value if not isinstance(value, int) or -(2**63) <= value < 2**63 else float(value)
    if old[:1] in (b"{", b"[") and not choices.seldom():
        with suppress(ValueError):
            return as_json(choices.spoiled(json.loads(old)))
    text = old.decode(errors="replace")
    if _FIELDS_END in text and not choices.seldom():
        parts = text.split(_FIELDS_END)
        place = choices.below(len(parts))
        parts[place] = choices.text(parts[place])
        return _FIELDS_END.join(parts)
    return choices.text(text) if choices.below(8) else choices.number()


def _message(choices: Choices, data: bytes) -> bytes:
    """Return a message of protocol buffers with another field, or with some bytes changed."""
    key = choices.below(16) << 3 | choices.below(8)
    text = choices.of(ODD_TEXTS).encode("utf-8", "surrogatepass")[:100]
    values = (bytes([len(text)]) + text, b"\xff" * 9 + b"\1", b"\xff" * 11, bytes(8), b"\x7f", choices.part(10))
    field = bytes([key]) + choices.of(values)
    return choices.of((data + field, field + data, choices.edited(data), field))


def _verify(data: bytes) -> bool:
    return succeeds("verify", "any.apkg")


def _diff(data: bytes) -> bool:
    return succeeds("diff", "any.apkg") and succeeds("diff", "any.apkg", "--format", "markdown")


def _diff_both(data: bytes) -> bool:
    return succeeds("diff", KEPT, "any.apkg", "--format", "json") & succeeds("diff", "any.apkg", KEPT)


def _adopt(data: bytes) -> bool:
    Path(LOCK).unlink(missing_ok=True)
    Path(BUILT).unlink(missing_ok=True)
    return succeeds("adopt", "any.apkg") and succeeds("check") and built("build")


def _build(data: bytes) -> bool:
    Path(BUILT).write_bytes(data)
    return built("build")


def _release(data: bytes) -> bool:
    Path(KEPT).write_bytes(data)
    return built("release", "2.0.0") & succeeds("corrections", "--from", "1.0.0", "--to", "1.1.0")


def _share(data: bytes) -> bool:
    """Share a package that was forged together with the lock, so that nothing but its contents can be refused."""
    Path(KEPT).write_bytes(data)
    lock = from_text(Path(LOCK).read_text(encoding="utf-8"), LOCK)
    last = lock.last_release
    assert last
    Path(LOCK).write_text(to_text(lock.with_files_digest(last, fingerprint_of(Path(KEPT)))), encoding="utf-8")
    return makes_pages("site", "share", "-o", "site")


def _import(data: bytes) -> bool:
    return succeeds("import", "any.apkg", "new", "--lossy") and makes_pages(
        "new", "preview", "new/cards.yaml", "-o", "new/preview.html"
    )


def _rehearse(data: bytes) -> bool:
    return succeeds("rehearse", "any.apkg")


ROADS: Mapping[str, Callable[[bytes], bool]] = {
    "verify": _verify,
    "diff": _diff,
    "diff both": _diff_both,
    "adopt": _adopt,
    "build": _build,
    "release": _release,
    "share": _share,
    "import": _import,
    "rehearse": _rehearse,
}
"""What is done with a package, by name; each returns whether all commands succeeded."""


def take(package: bytes, road: str, folder: Path, base: str = "draft") -> bool:
    """Do one of the roads with a package that may be anything; return whether it succeeded. Raises `Broken`."""
    with inside(folder, {**folder_of(base), "any.apkg": package}):
        return ROADS[road](package)


def follow(data: bytes, folder: Path) -> bool:
    """Make a package by the decisions in some bytes, and take one of the roads with it, as `take` does."""
    choices = Choices(data)
    road, base = choices.of([*ROADS]), choices.of(("draft", "released", "theirs"))
    if base == "theirs" and road in ("build", "release", "share"):
        base = "draft"
    return take(spoiled_package(choices), road, folder, base)


def seeds() -> dict[str, bytes]:
    """Return decisions for each road with each package."""
    return {
        f"{road}-{package}": bytes([road, (road + package) % 3, package, 1, 1, 0, 0, 3, 2, 5])
        for road in range(len(ROADS))
        for package in range(5)
    }

"""The least that any builder has to do: put finished rows into a database, and that into a zip file."""

import marshal
import sqlite3
import sys
import zipfile
from pathlib import Path


def prepare(package: Path, rows: Path) -> None:
    """Extract all rows of a package, and store them in the form that Python reads fastest."""
    with zipfile.ZipFile(package) as archive:
        data = archive.read("collection.anki2")
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    schema = [sql for (sql,) in connection.execute("select sql from sqlite_master where sql is not null")]
    names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    tables = {name: connection.execute(f"select * from {name}").fetchall() for name in names if "sqlite_" not in name}
    rows.write_bytes(marshal.dumps((schema, tables)))


def main(rows: Path, package: Path) -> None:
    """Write a package from these rows."""
    schema, tables = marshal.loads(rows.read_bytes())
    connection = sqlite3.connect(":memory:")
    for sql in schema:
        if "sqlite_" not in sql:
            connection.execute(sql)
    for name, lines in tables.items():
        if lines:
            connection.executemany(f"insert into {name} values ({','.join('?' * len(lines[0]))})", lines)
    connection.commit()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("collection.anki2", connection.serialize())
        archive.writestr("media", "{}")


if __name__ == "__main__":
    {"prepare": prepare, "main": main}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))

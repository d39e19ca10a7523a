"""The .apkg as a file: a zip archive with fixed dates, so that the same members give the same bytes every time."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from io import BytesIO

from cuedeck.package.contents import DATABASE, MANIFEST, MEDIA, Contents
from cuedeck.package.rows import database

# The oldest date that a zip archive can store.
_DATE = (1980, 1, 1, 0, 0, 0)
# Level 6, the default, takes twice as long for a 4 % smaller file; level 3 takes two thirds as long for 4 % more.
_LEVEL = 5
_UNIX = 3
_READABLE = 0o100644 << 16


def members(contents: Contents) -> dict[str, bytes]:
    """Return the files of a package by name, in their order."""
    manifest = json.dumps(contents.manifest, ensure_ascii=False, indent=1, sort_keys=True)
    # Anki finds a media file by its number in this list.
    names = json.dumps({str(number): name for number, name in enumerate(contents.media)}, ensure_ascii=False)
    return {
        DATABASE: database(contents),
        MEDIA: names.encode(),
        **{str(number): data for number, data in enumerate(contents.media.values())},
        MANIFEST: f"{manifest}\n".encode(),
    }


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of a package's files and their names, which does not depend on order or compression."""
    whole = hashlib.sha256()
    for name, data in sorted(files.items()):
        whole.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(data).digest())
    return whole.hexdigest()


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a package with these files."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            # Given here, because an entry made beforehand does not inherit the level of its archive.
            package.writestr(entry, data, compresslevel=_LEVEL)
    return buffer.getvalue()

"""The pictures and sounds in a package that this program made, read one by one."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cuedeck.media.files import is_name_of
from cuedeck.media.kinds import FORMATS, HEAD, ending_of, format_of
from cuedeck.package.medialist import listed_media
from cuedeck.package.opening import Packed
from cuedeck.pages.media import NAME
from cuedeck.problems import stop

Read = Callable[[str], bytes | None]


def media_in(files: Packed, path: Path) -> Read:
    """Return a function that reads the picture or sound with a name in Anki; `path` is the package's in messages.

    It returns None if the package has none, or if its bytes are not those that give it its name. Raises `Problems` if
    the list of them is damaged, and the function does if the package is.
    """
    try:
        listed = listed_media(files)
    except (ValueError, TypeError):
        message = "the list of pictures and sounds in the package is damaged"
        stop(path.as_posix(), "no-package", message, "build it again: cuedeck build")
    members = {name: member for member, name in listed.items() if NAME.fullmatch(name) and member in files}

    def read(name: str) -> bytes | None:
        if name not in members:
            return None
        data = files[members[name]]
        is_right = is_name_of(name, sha256(data).hexdigest()) and format_of(data[:HEAD]) is FORMATS[ending_of(name)]
        return data if is_right else None

    return read

"""The list of the pictures and sounds in a package that may come from anyone."""

import json
from collections.abc import Mapping

from cuedeck.package.contents import LONGEST, MEDIA


def listed_media(files: Mapping[str, object]) -> dict[str, str]:
    """Return the names of the media files of a package, by the member that contains each.

    Raises ValueError or TypeError if the list of them cannot be read.
    """
    data = files.get(MEDIA) or b"{}"
    if not isinstance(data, bytes):
        raise TypeError("the list of media files is a media file itself")
    if len(data) > LONGEST:
        raise ValueError("the list of media files is too long")
    try:
        listed = json.loads(data)
    except RecursionError:
        raise ValueError("the list of media files is nested too deeply") from None
    if not isinstance(listed, dict):
        raise TypeError("the list of media files is not an object")
    return {str(member): name for member, name in listed.items() if isinstance(name, str)}

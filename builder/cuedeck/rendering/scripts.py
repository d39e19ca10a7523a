"""Characters of scripts in which spaces do not separate all words: Chinese, Japanese, Korean, Hebrew and Arabic."""

import unicodedata
from functools import lru_cache

HAN = r"\u3005-\u3007\u30f6\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Chinese characters, including those of Japanese, for a set of characters in a pattern."""

SPACELESS = rf"\u2e80-\u2fdf\u3001-\u30ff\u3105-\u312f\u31a0-\u31ff{HAN}\ufe30-\ufe4f\uff01-\uff9f"
"""Scripts without spaces between words, for a set of characters in a pattern: not Korean, which has spaces."""

FIRST_SPACELESS = "\u2e80"
"""The first of these characters."""


@lru_cache(maxsize=4096)
def is_cjk(character: str) -> bool:
    """Return whether a character belongs to these scripts or is one of their signs: by its width, or as Hangul."""
    if unicodedata.east_asian_width(character) in "WFH":
        return unicodedata.category(character) != "So" or "\u3000" <= character <= "\u33ff"
    return "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"


def joins_words(character: str) -> bool:
    """Return whether words are joined to a character without a space, as in these scripts, Hebrew and Arabic."""
    return is_cjk(character) or (unicodedata.bidirectional(character) in ("R", "AL") and character.isalpha())

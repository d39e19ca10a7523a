"""Characters of Chinese, Japanese and Korean: with these, no spaces tell words apart."""

import unicodedata
from functools import lru_cache

HAN = r"\u3005-\u3007\u30f6\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Chinese characters, those of Japanese included, as a set of characters for a pattern."""

SPACELESS = rf"\u2e80-\u2fdf\u3001-\u30ff\u3105-\u312f\u31a0-\u31ff{HAN}\ufe30-\ufe4f\uff01-\uff9f"
"""What is written without spaces between words, as a set of characters for a pattern: not Korean, which has spaces."""


@lru_cache(maxsize=4096)
def is_cjk(character: str) -> bool:
    """Whether a character is one of these scripts, their signs included: as wide as a square, or Hangul."""
    if unicodedata.east_asian_width(character) in "WFH":
        return unicodedata.category(character) != "So" or "\u3000" <= character <= "\u33ff"
    return "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"

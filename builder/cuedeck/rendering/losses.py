"""Refuse words of a text that Markdown would silently drop."""

from collections.abc import Mapping, Sequence
from typing import Any

from markdown_it.token import Token

from cuedeck.patterns import regex
from cuedeck.problems import TextError

# What may follow the signs that begin code: the name of a language, such as "c++" or "{.python}".
_LANGUAGE = regex(r"\{?[.\w+#-]*\}?")


def refuse_lost(tokens: Sequence[Token], env: Mapping[str, Any]) -> None:
    """Raise TextError for words after the signs that begin code, and for an address that no link in the text uses."""
    for token in tokens:
        if token.type == "fence" and not _is_language(token):
            words = token.info.strip()
            raise TextError(
                f'"{words}" follows the {token.markup} that begins code, and would not be shown',
                f"put the code on lines of its own, with a line {token.markup} before it and another after it",
                words,
                "lost-code",
            )
    shown = (child for token in tokens for child in token.children or ())
    used = {child.attrs.get("src" if child.type == "image" else "href") for child in shown}
    # The parser keeps the second address of a label separately, since Markdown uses the first.
    doubled = [(each["label"], each) for each in env.get("duplicate_refs", ())]
    for label, target in (*env.get("references", {}).items(), *doubled):
        if target["href"] not in used:
            raise TextError(
                f"the address of [{label.lower()}] is not used by any link in this text, and would not be shown",
                "write [words](address) where the link should be; "
                rf"to show the brackets, put a backslash before the colon: [{label.lower()}]\:",
                target["href"].partition("%")[0],  # the author may have written the rest without percent signs
                "lost-address",
            )


def _is_language(fence: Token) -> bool:
    words = fence.info.strip()
    return not words or bool(_LANGUAGE.fullmatch(words) and fence.content.strip())

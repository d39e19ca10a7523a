"""Two colons that belong to the answer of a deletion, and not before a hint as Anki has it: `{{c1::fe80::1}}`."""

import re

_GROUP = r"[0-9a-fA-F]{1,4}"
_GROUPS = rf"{_GROUP}(?::{_GROUP})*"
# With a digit and something else in it, so that it is no year with another one as a hint, and no word.
_ADDRESS = re.compile(
    rf"(?=.*[a-fA-F:/].*\n|.*\n.*[:/]|.*\n(?=\S*\d)\S*[a-fA-F])(?=[^\n]*\d){_GROUPS}\n"
    rf"(?=\D*\d)(?:{_GROUPS})?(?:/\d{{1,3}})?"
)
# Code: the library of C++, a call, a type with parameters, a type after a name, a part of an element.
_CODE = re.compile(
    r"(?:.*\W)?std\n\w\S*|.*[\w>]\n[~$&*]?\w+(?:\(\)|<.*>|\(.*\);)|[\w' ]+\n[^+?\n]*(?:->|=>)[^+?\n]*"
    r"|.*\w\nfirst-(?:line|letter)"
)
_PROPORTION = re.compile(r"(?:\d+ ?: ?\d+ ?\n ?\d+ ?: ?\d+|[a-zA-Z]+ ?: ?[a-zA-Z]+ ?\n ?[a-zA-Z]+ ?: ?[a-zA-Z]+)")


def are_in_answer(answer: str, hint: str) -> bool:
    """Return whether the two colons between an answer and its hint were plainly meant to be shown."""
    return is_address(answer, hint) or any(each.fullmatch(f"{answer}\n{hint}") for each in (_CODE, _PROPORTION))


def is_address(answer: str, hint: str) -> bool:
    """Return whether two texts and two colons between them are an address of IPv6."""
    return _ADDRESS.fullmatch(f"{answer}\n{hint}") is not None

"""Turn plain data into the deck's values, as its keys are declared, and report everything wrong at its place.

What is wrong is left out of the values and the rest is still read, so that one run checks the whole file.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from cuedeck.deck.deck import Note
from cuedeck.deck.keys import Declared, declared_keys, distinguishing_keys
from cuedeck.deck.values import LONGEST_TEXT
from cuedeck.problems import Keys, Report
from cuedeck.reading.data import NO_VALUE, UNREAD, Data, Unread
from cuedeck.reading.otherwords import instead_of, meant_by
from cuedeck.wording import did_you_mean, nearest

_MERGE = "<<"

_BRACKET_HINT = 'put text that begins with "[" or "{" in quotes or after a |'
_COMMA_HINT = "between { and } a comma ends the text: put text that contains a comma in quotes"
_AN_ID = {"notes": "axis-x:", "sources": "talk:", "concepts": "axes:"}
_LINES_HINT = "write its entries on the lines below it, indented, each as a key and a colon, without a dash"
_MOST_WRONG = 20  # lines of a text, which then is probably something else
_TWICE_HINT = "remove one of the two"
_TEXTS_HINT = "write one text, or several as [one, another]"
_TOP_HINT = "begin with deck:, sources: and concepts:; for an example in a new folder, run: cuedeck init example"
_LIST_HINT = f"{_BRACKET_HINT}\nto show a list on the card, write it after a |, each item on its own line with a dash"


def read_mapping(kind: type, data: Data, keys: Keys, report: Report, **given: Any) -> Any:
    """Return a value of a format dataclass, or None if the data is not a mapping.

    `given` has the fields that are not keys, such as an id. A value that was reported counts as missing; if it is
    required, it is empty.
    """
    if not isinstance(data, dict):
        if not isinstance(data, Unread):
            report.error(
                "wrong-shape",
                f"{_named(keys)} must be a mapping, with {_listed(kind)}, but is {_shape(data)}",
                at=keys,
                hint=_LINES_HINT if keys else top_hint(kind),
            )
        return None
    declared = declared_keys(kind)
    _report_unknown(kind, data, keys, report)
    for name, value in data.items():
        if name in declared:
            read = _read_key(declared[name], value, (*keys, name), report)
            if read is not None:
                given[declared[name].field] = read
    _report_missing(kind, data, keys, report)
    for name in _required(kind):
        if (field := declared[name].field) not in given:
            given[field] = _empty(declared[name])
    return kind(**given)


def top_hint(kind: type) -> str:
    """Return what to do about a file that does not contain a mapping."""
    return _TOP_HINT if _required(kind) else "begin with sources: or concepts:, as in cards.yaml; or delete the file"


@cache
def _required(kind: type) -> tuple[str, ...]:
    return tuple(name for name, declared in declared_keys(kind).items() if declared.required)


@cache
def _known(kind: type) -> frozenset[str]:
    """Return the keys that are not reported as unknown."""
    return frozenset({*declared_keys(kind), _MERGE})


def _empty(declared: Declared) -> Any:
    match declared.key.shape:
        case "mapping":
            (kind,) = declared.key.kinds
            keys = declared_keys(kind)
            return kind(**{keys[name].field: _empty(keys[name]) for name in _required(kind)})
        case "mappings" | "table":
            return {}
        case "texts":
            return ()
        case "text" | "either":
            return ""


def _report_unknown(kind: type, data: dict[str, Data], keys: Keys, report: Report) -> None:
    declared = declared_keys(kind)
    for name in [name for name in data if name not in _known(kind)]:
        instead = instead_of(name, data) if issubclass(kind, Note) else ""
        meant = "" if instead else _nearest(name, declared)
        hint = instead or (did_you_mean(meant) if meant else "" if data[name] is NO_VALUE else _keys_listed(kind))
        if data[name] is NO_VALUE:
            hint = f"{hint}\n{_COMMA_HINT}".strip()
        below = "" if meant else _belongs_below(declared, data[name])
        if below:
            hint = f'notes go below "{below}:": '
            hint += "move it there" if below in data else f'write "{below}:" above it, and indent it by two more spaces'
        elif not meant and (around := _home_of(name, declared)):
            hint = f'move it below "{around}:"'
        report.error("unknown-key", f'unknown key "{name}"', at=(*keys, name), on="key", hint=hint)
        if meant and meant not in data and data[name] is not NO_VALUE:
            _read_key(declared[meant], data[name], (*keys, name), report)  # to report what is wrong in it
        if (meant or below) and (meant or below) not in data:
            data[meant or below] = UNREAD  # so that neither its absence nor a consequence of that is reported


def _report_missing(kind: type, data: dict[str, Data], keys: Keys, report: Report) -> None:
    """Report keys that are required and missing, after what is below the others was read and is known to be wrong."""
    declared = declared_keys(kind)
    # What a merge key would bring is not known, and a merge key is an error anyway.
    missing = [name for name in _required(kind) if name not in data and _MERGE not in data]
    for name in missing:
        if _is_there(declared[name].key.unless, data):
            continue
        report.error(
            "missing-key",
            f'{_named(keys)} has no "{name}"',
            at=(*keys, name),
            on="key",
            hint=f'add the key "{name}"; it contains: {_in_a_sentence(declared[name].key.summary)}',
        )


def _is_there(way: tuple[str, ...], data: dict[str, Data]) -> bool:
    """Return whether there is something at the end of a way, or may be; if the way is empty, there is not."""
    if way and way[-1] in data:  # which was reported
        return True
    found: Data | None = data
    for name in way:
        found = found.get(name) if isinstance(found, dict) else found if isinstance(found, Unread) else None
    return bool(way) and bool(found)


def _belongs_below(declared: dict[str, Declared], data: Data) -> str:
    """Return the key below which a value belongs whose id was taken for a key; "" if it is not a note."""
    if not isinstance(data, dict):
        return ""
    tables = {name: each.key.kinds for name, each in declared.items() if len(each.key.kinds) > 1}
    notes = (
        name for name, kinds in tables.items() if any(not distinguishing_keys(kind).isdisjoint(data) for kind in kinds)
    )
    return next(notes, "")


def _home_of(name: str, declared: dict[str, Declared]) -> str:
    """Return the key of a mapping in which a key of this name belongs; "" if there is none."""
    homes = (each for each, key in declared.items() if key.key.shape == "mapping")
    return next((each for each in homes if name in declared_keys(declared[each].key.kinds[0])), "")


def _in_a_sentence(summary: str) -> str:
    """Return the summary of a key as a part of a sentence."""
    return summary[:1].lower() + summary[1:]


def _read_key(declared: Declared, data: Data, keys: Keys, report: Report) -> Any:
    """Return the value of one key, or None if something in it was reported."""
    match declared.key.shape:
        case "text":
            return _read_text(declared, data, keys, report)
        case "texts":
            return _read_texts(declared, data, keys, report)
        case "table":
            return _read_table(declared, data, keys, report)
        case "mapping":
            return read_mapping(declared.key.kinds[0], data, keys, report)
        case "either":
            if isinstance(data, dict):
                return read_mapping(declared.key.kinds[0], data, keys, report)
            return _read_text(declared, data, keys, report)
        case "mappings":
            return _read_mappings(declared, data, keys, report)


def _read_text(declared: Declared, data: Data, keys: Keys, report: Report) -> Any:
    if isinstance(data, Unread):
        return None
    if not isinstance(data, str):
        report.error(
            "wrong-shape",
            f"{_named(keys)} must be {_wanted(declared)}, but is {_shape(data)}",
            at=keys,
            hint=_text_hint(declared, data),
        )
        return None
    if not data or data.isspace():
        required = f"write something there: {_in_a_sentence(declared.key.summary)}"
        hint = required if declared.required else "write something there, or remove it"
        report.error("empty", f"{_named(keys)} is empty", at=keys, on="key", hint=hint)
        return None
    if len(data) > LONGEST_TEXT:
        report.error(
            "too-long",
            f"{_named(keys)} has {len(data):,} characters, but a text can have at most {LONGEST_TEXT:,}",
            at=keys,
            hint="split it: a card asks for one thing",
        )
        return None
    try:
        return declared.key.parse(data)
    except ValueError as error:
        report.text_error(_rule_of(declared), error, at=keys)
        return None


def _rule_of(declared: Declared) -> str:
    """Return the code for a value of a key that is not valid."""
    return f"bad-{declared.name.replace('_', '-')}"


def _wanted(declared: Declared) -> str:
    """Return what there should be instead of a mapping or list."""
    key = declared.key
    if key.shape == "either":
        return f"{' or '.join(key.choices) or 'text'}, or a mapping with {_listed(key.kinds[0])}"
    return "text or a list of texts" if key.shape == "texts" else "text"


def _text_hint(declared: Declared, data: Data) -> str:
    """Return what to do about a mapping or list where there should be text."""
    if declared.key.shape == "texts":
        return _TEXTS_HINT
    if declared.key.shape == "either":
        return _LINES_HINT
    return _LIST_HINT if isinstance(data, list) and declared.key.parse is str else _BRACKET_HINT


def _read_texts(declared: Declared, data: Data, keys: Keys, report: Report) -> tuple[Any, ...] | None:
    if not isinstance(data, list):
        one = _read_text(declared, data, keys, report)
        return None if one is None else (one,)
    values: dict[Any, Data] = {}
    for number, item in enumerate(data):
        value = _read_text(declared, item, (*keys, number), report)
        if value in values:
            words = f"{_named(keys)} contains the same item twice"
            if item != (first := values[value]):
                words = f'"{item}" means the same as "{first}" before it'
            report.error("doubled", words, at=(*keys, number), hint=_TWICE_HINT)
        elif value is not None:
            values[value] = item
    return tuple(values)


def _read_table(declared: Declared, data: Data, keys: Keys, report: Report) -> dict[Any, Any] | None:
    if declared.key.parse_line and (lines := _lines(data, keys)):
        return _read_lines(declared, lines, report)
    if not isinstance(data, dict):
        _report_no_mapping(data, keys, report)
        return None
    table = {}
    for name, item in data.items():
        key = _read_name(declared, name, keys, report)
        value = _read_text(declared, item, (*keys, name), report)
        if key is not None and key in table:
            words = f'"{name}" means the same as a key above it'
            report.error("doubled", words, at=(*keys, name), on="key", hint=_TWICE_HINT)
        elif key is not None and value is not None:
            table[key] = value
    return table


def _lines(data: Data, keys: Keys) -> list[tuple[Keys, str]]:
    """Return the lines of a text, or of a list in which each item is a line, with their keys; none for another value.

    In a list, a line with a colon and a space in it is a mapping to YAML.
    """
    if isinstance(data, str):
        return [(keys, line) for line in data.split("\n") if line.strip()]
    lines: list[tuple[Keys, str]] = []
    for number, item in enumerate(data if isinstance(data, list) else ()):
        match item:
            case str():
                lines.append(((*keys, number), item))
            case dict() if len(item) == 1 and isinstance(rest := item[name := next(iter(item))], str):
                lines.append(((*keys, number), f"{name}: {rest}"))
            case _:
                return []
    return lines


def _read_lines(declared: Declared, lines: Iterable[tuple[Keys, str]], report: Report) -> dict[Any, Any]:
    """Return a table whose entries are written as lines of text."""
    parse = declared.key.parse_line
    assert parse
    table = {}
    wrong = 0
    for at, line in lines:
        try:
            key, value = parse(line)
        except ValueError as error:
            report.text_error(_rule_of(declared), error, at=at)
            wrong += 1
            if wrong == _MOST_WRONG:
                break
            continue
        if key in table:
            words = f'"{line.strip()}" is at the same moment as a line above it'
            report.error("doubled", words, at=at, hint=_TWICE_HINT, fragment=line.strip())
        else:
            table[key] = value
    return table


def _read_mappings(declared: Declared, data: Data, keys: Keys, report: Report) -> dict[str, Any] | None:
    if not isinstance(data, dict):
        _report_no_mapping(data, keys, report)
        return None
    values = {}
    for name, item in data.items():
        child = (*keys, name)
        identifier = _read_name(declared, name, keys, report) or name  # what is under an invalid id is checked, too
        kind = _kind_of(declared.key.kinds, item, child, report)
        value = read_mapping(kind, item, child, report, id=identifier) if kind else None
        if value is not None:
            values[identifier] = value
    return values


def _read_name(declared: Declared, name: str, keys: Keys, report: Report) -> Any:
    try:
        return declared.key.parse_key(name)
    except ValueError as error:
        report.text_error(
            "bad-id" if declared.key.shape == "mappings" else "bad-key", error, at=(*keys, name), on="key"
        )
        return None


def _report_no_mapping(data: Data, keys: Keys, report: Report) -> None:
    if isinstance(data, Unread):
        return
    report.error(
        "wrong-shape",
        f"{_named(keys)} must be a mapping of ids or keys, but is {_shape(data)}",
        at=keys,
        hint=_ids_hint(str(keys[-1]), data) or _LINES_HINT,
    )


def _ids_hint(name: str, data: Data) -> str:
    """Return what to do about a list of mappings where there should be one mapping of ids; "" if it is none."""
    first = data[0] if isinstance(data, list) and data else None
    if name not in _AN_ID or not isinstance(first, dict) or not first:
        return ""
    keys = " and ".join(first) if len(first) < 3 else "its keys"
    return (
        f"give each {name.removesuffix('s')} an id instead of its dash, such as {_AN_ID[name]}, and indent {keys} "
        "below it"
    )


def _kind_of(kinds: tuple[type, ...], data: Data, keys: Keys, report: Report) -> type | None:
    """Return which of several kinds a mapping is, by the keys that only that kind has."""
    if len(kinds) == 1 or not isinstance(data, dict):
        return kinds[0]
    hits = [kind for kind in kinds if not distinguishing_keys(kind).isdisjoint(data)]
    if len(hits) == 1:
        return hits[0]
    ways = _ways(kinds)
    if hits:
        both = " and ".join(f'"{name}"' for kind in hits for name in sorted(distinguishing_keys(kind) & data.keys()))
        report.error(
            "mixed-kind",
            f"{_named(keys)} has {both}, which belong to different kinds of note",
            at=keys,
            on="key",
            hint=f"keep either {_either(kinds)}, and delete the keys of the other kind",
        )
        return None
    if _MERGE in data:
        return None
    near = [kind for kind in kinds if any(_nearest(name, distinguishing_keys(kind)) for name in data)]
    if len(near) == 1:
        return near[0]
    report.error(
        "no-kind",
        f"{_named(keys)} is not a note: it has neither {ways.replace(' or ', ' nor ')}",
        at=keys,
        on="key",
        hint=_unknown_listed(kinds, data),
    )
    return None


def _ways(kinds: tuple[type, ...]) -> str:
    return " or ".join(" and ".join(f'"{name}"' for name in _must_tell(kind)) for kind in kinds)


def _kinds_hint(kinds: tuple[type, ...]) -> str:
    return f"write either {_either(kinds)}"


def _either(kinds: tuple[type, ...]) -> str:
    return _ways(kinds).replace(" or ", ", or ")


def _must_tell(kind: type) -> list[str]:
    return [name for name, key in declared_keys(kind).items() if key.required and name in distinguishing_keys(kind)]


def _unknown_listed(kinds: tuple[type, ...], data: dict[str, Data]) -> str:
    known = {name for kind in kinds for name in declared_keys(kind)}
    unknown = [f'"{name}"' for name in data if name not in known]
    kinds_hint = _kinds_hint(kinds)
    return f"a note cannot have {' or '.join(unknown)}\n{kinds_hint}" if unknown else kinds_hint


def _nearest(name: str, known: "frozenset[str] | dict[str, Declared]") -> str:
    return meant_by(name, known) or next(iter(nearest(name.lower(), known)), "")


def _keys_listed(kind: type) -> str:
    return f"the keys here are {', '.join(declared_keys(kind))}"


def _listed(kind: type) -> str:
    names = _required(kind) or tuple(declared_keys(kind))[:2]
    return "keys such as " + " and ".join(f'"{name}"' for name in names)


def _named(keys: Keys) -> str:
    return f'"{keys[-1] if isinstance(keys[-1], str) else keys[-2]}"' if keys else "the file"


def _shape(data: Data) -> str:
    match data:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return "text" if data else "empty"

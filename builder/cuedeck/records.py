"""Python's `dataclass`, with methods that all classes share, since making them for each class takes long.

For every frozen dataclass, Python writes and compiles the source of six methods. A command has more than a hundred such
classes, so that took longer than reading a deck of a hundred notes. Here only `__init__` is compiled, when an instance
is first made, which never happens to a third of the classes. That nothing changes a frozen instance is checked by mypy,
for which this is Python's own `dataclass`, and not at run time.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, order=False, eq=True, **options):
        """Make a dataclass as Python's own does.

        It must not define `__eq__`, `__hash__`, `__repr__` or `__post_init__` itself, and all its fields are arguments.
        """
        if cls is None:
            return lambda cls: dataclass(cls, frozen=frozen, order=order, eq=eq, **options)
        if not (frozen and eq) or order:
            return dataclasses.dataclass(cls, frozen=frozen, order=order, eq=eq, **options)
        made = dataclasses.dataclass(cls, init=False, eq=False, repr=False, **options)
        made.__init__ = _compiled_later(made)
        made._compared = attrgetter("__class__", *(each.name for each in dataclasses.fields(made) if each.compare))
        made.__eq__ = _equals
        made.__hash__ = _hash
        made.__repr__ = _repr
        return made


def _compiled_later(cls: type) -> Callable[..., None]:
    """Return an `__init__` for a class that replaces itself by a compiled one when it is first called."""

    def init(self: Any, *values: Any, **named: Any) -> None:
        cls.__init__ = _compiled(cls)  # type: ignore[misc]
        cls.__init__(self, *values, **named)  # type: ignore[misc]

    return init


def _compiled(cls: Any) -> Callable[..., None]:
    """Return an `__init__` that sets all fields of a class from its arguments."""
    known: dict[str, Any] = {"_MISSING": dataclasses.MISSING}
    parameters, named, lines = ["self"], list[str](), list[str]()
    for each in dataclasses.fields(cls):
        name, default, value = each.name, "", each.name
        if each.default_factory is not dataclasses.MISSING:
            known[f"_made_{name}"] = each.default_factory
            default, value = "=_MISSING", f"_made_{name}() if {name} is _MISSING else {name}"
        elif each.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = each.default
            default = f"=_default_{name}"
        (named if each.kw_only else parameters).append(f"{name}{default}")
        lines.append(f" self.{name} = {value}")
    head = ", ".join([*parameters, *(["*", *named] if named else [])])
    exec("\n".join([f"def __init__({head}):", *(lines or [" pass"])]), known)
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _equals(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self._compared(self) == self._compared(other)


def _hash(self: Any) -> int:
    return hash(self._compared(self))


def _repr(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


__all__ = ["dataclass"]

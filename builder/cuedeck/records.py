"""Python's `dataclass`, with methods that all classes share, since making them for each class takes long.

For every frozen dataclass, Python writes and compiles the source of six methods. A command has more than a hundred such
classes, so that took longer than reading a deck of a hundred notes. Here only `__init__` is compiled. That nothing
changes a frozen instance is checked by mypy, for which this is Python's own `dataclass`, and not at run time.
"""

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, order=False, eq=True, **options):
        """Make a dataclass as Python's own does. It must not define `__eq__`, `__hash__` or `__repr__` itself."""
        if cls is None:
            return lambda cls: dataclass(cls, frozen=frozen, order=order, eq=eq, **options)
        if not (frozen and eq) or order:
            return dataclasses.dataclass(cls, frozen=frozen, order=order, eq=eq, **options)
        made = dataclasses.dataclass(cls, eq=False, repr=False, **options)
        made._compared = attrgetter("__class__", *(each.name for each in dataclasses.fields(made) if each.compare))
        made.__eq__ = _equals
        made.__hash__ = _hash
        made.__repr__ = _repr
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

"""`@value`: a frozen dataclass that is cheap to make.

    @value(frozen=True, slots=True)
    class Span: ...

A build makes hundreds of thousands of them, and Python's way to refuse assignments makes each three to
six times as slow to make. mypy refuses them in every file; nothing looks for them again when it runs.
Python also writes and compiles the methods of each dataclass anew, which is a tenth of the time in which
the program starts; those that compare are the same for all here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

T = TypeVar("T")
__all__ = ["value"]

if TYPE_CHECKING:
    from dataclasses import dataclass as value
else:

    def value(*, frozen: bool, slots: bool) -> Callable[[type[T]], type[T]]:
        """Return a decorator that makes a dataclass: one that compares, and hashes, by its fields."""
        assert frozen

        def make(plain: type[T]) -> type[T]:
            made = dataclass(slots=slots, repr=False, eq=False)(plain)
            compared = attrgetter(*(field.name for field in fields(made) if field.compare))
            made.__eq__ = lambda one, other: (
                compared(one) == compared(other)
                if one.__class__ is other.__class__
                else NotImplemented
            )
            made.__hash__ = lambda one: hash(compared(one))
            made.__repr__ = _show
            return made

        return make


def _show(one: object) -> str:
    shown = (f"{f.name}={getattr(one, f.name)!r}" for f in fields(one) if f.repr)  # type: ignore[arg-type]
    return f"{one.__class__.__qualname__}({', '.join(shown)})"

"""`@value`: a frozen dataclass that is cheap to make.

    @value(frozen=True, slots=True)
    class Span: ...

A build makes hundreds of thousands of them, and Python's way to refuse assignments makes each three to
six times as slow to make. mypy refuses them in every file; nothing looks for them again when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

T = TypeVar("T")
__all__ = ["value"]

if TYPE_CHECKING:
    from dataclasses import dataclass as value
else:

    def value(*, frozen: bool, slots: bool) -> Callable[[type[T]], type[T]]:
        """Return a decorator that makes a dataclass: one that compares, and hashes, by its fields."""
        return dataclass(slots=slots, unsafe_hash=frozen)

"""Compile many note files, in several processes where that pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vaultdeck.compiler import CompiledFile, Compiler
from vaultdeck.trace import Asked


def compile_paths(
    compiler: Compiler, paths: Sequence[str], jobs: int
) -> Iterator[tuple[CompiledFile, Asked]]:
    """Yield each note file compiled, with what it asked, in the order of `paths`."""
    for path in paths:
        yield compiler.trace_file(path)

"""A compiler that measures how long each stage of a note file takes, for `--profile`.

The functions of `STAGES` are given a clock while a file compiles, and only in a `TimedCompiler`: where
nobody measures, no clock is looked at.
"""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from vaultdeck.compile import asked, fields, note_file
from vaultdeck.markdown import Markdown
from vaultdeck.vault.progress import CHECK, IDENTITY, PARSE, READ, RENDER, RESOLVE, REST

# Each function that is a stage by itself, where it is called from. One within another counts for itself.
STAGES: tuple[tuple[Any, str, str], ...] = (
    (asked.VaultLookup, "read_note", READ),
    (asked, "name_media", READ),
    (note_file, "parse_file", PARSE),
    (asked, "unshown_spans", PARSE),
    (Markdown, "parse_blocks", PARSE),
    (Markdown, "parse_inlines", PARSE),
    (fields, "resolve", RESOLVE),
    (fields, "render_field", RENDER),
    (fields, "guard_fields", CHECK),
    (fields, "check_clozes", CHECK),
    (fields, "find_misplaced_cloze", CHECK),
    (note_file, "content_digest", IDENTITY),
    (note_file, "place_ids", IDENTITY),
)


class TimedCompiler(note_file.Compiler):
    """Compiles as any other; what a file asked of the vault goes with the seconds of its stages."""

    def trace_file(self, path: str) -> tuple[note_file.CompiledFile, asked.Asked]:
        clock = _Clock()
        with clock.running():
            file, needs = clock.timed(super().trace_file, REST)(path)
        needs.seconds = dict(clock.seconds)
        return file, needs


class _Clock:
    """Adds up the seconds of each stage, without those of stages within it."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._within = 0.0

    def timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*arguments: Any, **options: Any) -> Any:
            outer, self._within = self._within, 0.0
            start = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                spent = time.perf_counter() - start
                self.seconds[stage] += spent - self._within
                self._within = outer + spent

        return call

    @contextmanager
    def running(self) -> Iterator[None]:
        """Give the functions of the stages this clock for a while."""
        plain = [getattr(home, name) for home, name, _ in STAGES]
        try:
            for (home, name, stage), function in zip(STAGES, plain, strict=True):
                setattr(home, name, self.timed(function, stage))
            yield
        finally:
            for (home, name, _), function in zip(STAGES, plain, strict=True):
                setattr(home, name, function)

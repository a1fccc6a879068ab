"""Where the time of a build goes: what `--profile` tells."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest

from vaultdeck.model.diagnostics import counted, shorten
from vaultdeck.vault import progress
from vaultdeck.vault.progress import Progress

STAGES = (
    *(progress.OPEN, progress.CACHE, progress.READ, progress.PARSE, progress.RESOLVE),
    *(progress.RENDER, progress.CHECK, progress.IDENTITY, progress.PACKAGE, progress.REST),
)
SLOWEST = 10


class Profile(Progress):
    """Looks on with a clock, and lets somebody else look on: `shown`."""

    measures = True

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._notes: dict[str, float] = {}
        self._hits = self._misses = 0
        self._start = self._since = time.perf_counter()
        self._stage = progress.REST

    def over(self, paths: Sequence[str], work: str) -> Iterable[str]:
        return self._shown.over(paths, work)

    def wrote(self, path: str) -> None:
        self._shown.wrote(path)

    def begins(self, stage: str) -> None:
        now = time.perf_counter()
        self._seconds[self._stage] += now - self._since
        self._stage, self._since = stage, now

    def compiled(self, path: str, seconds: Mapping[str, float]) -> None:
        for stage, spent in seconds.items():
            self._seconds[stage] += spent
        self._notes[path] = sum(seconds.values())
        # What was waited for a note file is not counted twice.
        self._since = time.perf_counter()

    def recalled(self, hits: int, misses: int) -> None:
        self._hits += hits
        self._misses += misses

    def lines(self) -> Iterator[str]:
        """Yield the seconds by stage, what the cache held, and the slowest notes."""
        self.begins(progress.REST)
        total = sum(self._seconds.values())
        yield f"profile: {self._since - self._start:.2f} s, {total:.2f} s of work in all processes"
        for stage in STAGES:
            seconds = self._seconds[stage]
            yield f"  {stage:8} {seconds:8.3f} s {seconds / total:4.0%}"
        held = f"{self._hits:,} of {counted(self._hits + self._misses, 'note')}"
        yield f"  compiled notes in the cache: {held}"
        if self._notes:
            yield "  slowest notes:"
        for path in nlargest(SLOWEST, self._notes, key=self._notes.__getitem__):
            yield f"    {self._notes[path]:8.3f} s {shorten(path, 200)}"

"""What `watch` runs again and again: a build, and what of it is new since the time before."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vaultdeck import report
from vaultdeck.anki.lock import LockError
from vaultdeck.build import build as pipeline
from vaultdeck.build.options import Options
from vaultdeck.build.outcome import Build, unusable
from vaultdeck.cli.options import Shared
from vaultdeck.cli.support import echo_all, reason
from vaultdeck.cli.syncing import Syncing, refuse_many
from vaultdeck.cli.telling import places_of, tell, told_of
from vaultdeck.cli.watching import Outcome
from vaultdeck.model import Note
from vaultdeck.model.diagnostics import UnusableError
from vaultdeck.report.preview import PreviewOptions, write_preview
from vaultdeck.report.preview.server import LiveServer
from vaultdeck.sync.plan import Wishes
from vaultdeck.sync.text import changed_lines, plan_lines


def package_rebuild(
    vault: Path, target: Path, options: Options, shared: Shared
) -> Callable[[], Outcome]:
    """Return a rebuild that writes IDs, lock and package, as `build` does, and says what it says."""

    def build() -> Build:
        result = pipeline.build(vault, int(time.time()), replace(options, output=target))
        if result.failure is not None:
            raise result.failure
        return result

    return _Rebuild(vault, build, shared, report.notices)


def preview_rebuild(
    vault: Path,
    page: Path,
    options: Options,
    mathjax: Path | None,
    server: LiveServer,
    shared: Shared,
) -> Callable[[], Outcome]:
    """Return a rebuild that writes the page and lets it reload; the vault stays as it is."""

    def build() -> Build:
        result = pipeline.build(vault, int(time.time()), replace(options, is_dry_run=True))
        written = write_preview(result, vault, page, PreviewOptions(mathjax=mathjax, is_live=True))
        server.announce(written.version)
        return result

    return _Rebuild(vault, build, shared, lambda build: ())


def sync_rebuild(syncing: Syncing) -> Callable[[], Outcome]:
    """Return a rebuild that brings Anki to what the vault says; nobody is asked."""
    told: list[str] = []
    place = places_of(syncing.root, syncing.shared).place

    def build() -> Build:
        way = syncing.open_way()
        done = syncing.run(way, Wishes(), refuse_many)
        if done.build.failure is not None:
            raise done.build.failure
        if done.plan is not None:
            news = [] if done.plan.is_empty else [f"Anki: {way.name}, {way.kind}"]
            lines = [
                *plan_lines(done.plan.seen(place)),
                *changed_lines(done.changed, way, is_brief=True),
            ]
            if lines != told and not syncing.shared.is_quiet:
                echo_all([*news, *lines])
            told[:] = lines
        return done.build

    return _Rebuild(syncing.root, build, syncing.shared, lambda build: ())


@dataclass(slots=True)
class _Rebuild:
    """Builds again and again; tells what is new since the time before."""

    vault: Path
    build: Callable[[], Build]
    shared: Shared
    notices: Callable[[Build], Iterable[str]]
    _notes: Counter[tuple[object, ...]] = field(default_factory=Counter)
    _told: set[object] = field(default_factory=set)

    def __call__(self) -> Outcome:
        try:
            result = self.build()
        except OSError as error:
            raise OSError(reason(error)) from error
        except UnusableError as error:
            self._tell(unusable(self.vault, error.diagnostics))
            is_lock = isinstance(error, LockError)
            what = "the lock cannot be used" if is_lock else "the settings are wrong"
            raise OSError(what) from error
        told = told_of(self.vault, result, self.shared)
        notices = [f"note: {told.command(notice)}" for notice in self.notices(result)]
        self._tell(result, notices)
        notes = Counter(_content(stamped.note) for stamped in result.stamped.notes)
        before, self._notes = self._notes, notes
        changed = max((notes - before).total(), (before - notes).total())
        figures = report.summary(result)
        return Outcome(len(result.stamped.notes), changed, figures["errors"], figures["warnings"])

    def _tell(self, result: Build, notices: Sequence[str] = ()) -> None:
        """Tell the problems and notices that there were not the time before."""
        problems = result.diagnostics
        told, self._told = self._told, {*(problem.gist for problem in problems), *notices}
        new = [problem for problem in problems if problem.gist not in told]
        tell(self.vault, replace(result, diagnostics=new), self.shared)
        if not self.shared.is_quiet:
            echo_all((line for line in notices if line not in told), err=True)


def _content(note: Note) -> tuple[object, ...]:
    """Return what of a note a person sees in Anki; its place in the file may shift."""
    return (note.location.path, note.kind, note.deck, note.tags, note.fields, note.media)

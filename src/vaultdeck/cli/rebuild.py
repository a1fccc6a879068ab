"""What `watch` runs again and again: a build, and what of it is new since the time before."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from vaultdeck import report
from vaultdeck.anki.lock import LockError
from vaultdeck.build import build as pipeline
from vaultdeck.build.options import Options
from vaultdeck.build.outcome import Build
from vaultdeck.build.session import ConfigError
from vaultdeck.cli.support import echo_all, reason
from vaultdeck.cli.watching import Outcome
from vaultdeck.diagnostics import ERROR, Diagnostic
from vaultdeck.model import Note
from vaultdeck.preview import Options as PreviewOptions
from vaultdeck.preview import write_preview
from vaultdeck.preview.server import LiveServer


def package_rebuild(vault: Path, target: Path, options: Options) -> Callable[[], Outcome]:
    """Return a rebuild that writes IDs, lock and package, as `build` does, and says what it says."""

    def build() -> Build:
        result = pipeline.build(vault, int(time.time()), replace(options, output=target))
        if result.failure is not None:
            raise result.failure
        return result

    return _Rebuild(build, report.notices)


def preview_rebuild(
    vault: Path, page: Path, options: Options, mathjax: Path | None, server: LiveServer
) -> Callable[[], Outcome]:
    """Return a rebuild that writes the page and lets it reload; the vault stays as it is."""

    def build() -> Build:
        result = pipeline.build(vault, int(time.time()), replace(options, is_dry_run=True))
        written = write_preview(result, vault, page, PreviewOptions(mathjax=mathjax, is_live=True))
        server.announce(written.version)
        return result

    return _Rebuild(build, lambda build: ())


class _Rebuild:
    """Builds again and again; tells what is new since the time before."""

    def __init__(
        self, build: Callable[[], Build], notices: Callable[[Build], Iterable[str]]
    ) -> None:
        self._build = build
        self._notices = notices
        self._notes: Counter[tuple[object, ...]] = Counter()
        self._told: set[object] = set()

    def __call__(self) -> Outcome:
        try:
            result = self._build()
        except ConfigError as error:
            self._tell(error.diagnostics)
            raise OSError("the settings are wrong") from error
        except LockError as error:
            self._tell([error.diagnostic])
            raise OSError("the lock cannot be used") from error
        except OSError as error:
            raise OSError(reason(error)) from error
        self._tell(result.diagnostics, [f"note: {notice}" for notice in self._notices(result)])
        notes = Counter(_content(stamped.note) for stamped in result.linked.notes)
        before, self._notes = self._notes, notes
        changed = max((notes - before).total(), (before - notes).total())
        errors = sum(problem.severity == ERROR for problem in result.diagnostics)
        warnings = len(result.diagnostics) - errors
        return Outcome(len(result.linked.notes), changed, errors, warnings)

    def _tell(self, problems: Sequence[Diagnostic], notices: Sequence[str] = ()) -> None:
        """Tell the problems and notices that there were not the time before."""
        told, self._told = self._told, {*map(_gist, problems), *notices}
        new = [problem for problem in problems if _gist(problem) not in told]
        echo_all(report.text_lines(new), err=True)
        echo_all((line for line in notices if line not in told), err=True)


def _gist(problem: Diagnostic) -> tuple[str, ...]:
    """Return what of a problem stays when the lines above it change: an ID that is written, say."""
    return problem.location.path, problem.code, problem.message


def _content(note: Note) -> tuple[object, ...]:
    """Return what of a note a person sees in Anki; its place in the file may shift."""
    return (note.location.path, note.kind, note.deck, note.tags, note.fields, note.media)

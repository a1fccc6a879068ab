"""What is told of a build, with paths as they are seen from where one stands."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path

from vaultdeck.build.last_fields import NamedFields
from vaultdeck.build.outcome import Build
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import ERROR, NOTICE, WARNING, Diagnostic, gather
from vaultdeck.model.value import value
from vaultdeck.regexps import regexp
from vaultdeck.vault.inside import read_inside

# A command in a hint, without what follows its name.
COMMAND = regexp(r"`vaultdeck [a-z]+")


@value(frozen=True, slots=True)
class Told:
    """A build to tell of.

    `root` is the vault's folder and `vault` the same as it is seen from where one stands: `.`, `notes`
    or `../notes`. `has_changes` asks for each note that changes in Anki; `is_usable` is false where
    nothing but a fault of the settings or the lock is known. `name` is what a command has to be given
    to find the vault, if anything. `before` are the fields of changed notes in the last package, by ID,
    where their differences are wanted. With `is_quiet` nothing but errors is told, with `is_brief` as text
    no more than fits on a screen; `screen` are its columns and rows, 0 and 0 if it has none.
    """

    root: Path
    vault: str
    build: Build
    has_changes: bool = False
    is_usable: bool = True
    name: str = ""
    is_quiet: bool = False
    is_brief: bool = False
    before: Mapping[int, NamedFields] = field(default_factory=dict)
    is_colored: bool = False
    screen: tuple[int, int] = (0, 0)

    @property
    def problems(self) -> list[Diagnostic]:
        """Return the problems as a person is told them: a missing target once."""
        return [self.seen(problem) for problem in self.gathered]

    @property
    def gathered(self) -> list[Diagnostic]:
        """Return the same with their places in the vault."""
        return gather(self._diagnostics)

    @property
    def places(self) -> Iterator[Diagnostic]:
        """Yield a problem for each place where something is wrong, in the order of the places."""
        return map(self.seen, self._diagnostics)

    @property
    def _diagnostics(self) -> list[Diagnostic]:
        is_told = (ERROR,) if self.is_quiet else (ERROR, WARNING, NOTICE)
        return [problem for problem in self.build.diagnostics if problem.severity in is_told]

    def seen(self, problem: Diagnostic) -> Diagnostic:
        """Return a problem with its places as they are seen from where one stands."""
        return replace(problem.moved(self.place), hint=self.command(problem.hint)).spelt_out

    def place(self, location: Location) -> Location:
        """Return a place in the vault as it is seen from where one stands."""
        return replace(location, path=self.path(location.path))

    def path(self, path: str) -> str:
        """Return a path of the vault as it is seen from where one stands."""
        if self.vault == "." or path.startswith("/"):
            return path
        return self.vault if path == "." else f"{self.vault.rstrip('/')}/{path}"

    def command(self, text: str) -> str:
        """Return a text with its commands as they are run from where one stands: `vaultdeck build notes`."""
        named = f" {self.name}" if self.name else ""
        return COMMAND.sub(lambda match: match[0] + named, text)

    def read(self, path: str) -> str | None:
        """Return the text of a file, given by its path as it is seen; None if it cannot be read."""
        inside = path if self.vault == "." else path.removeprefix(f"{self.vault.rstrip('/')}/")
        try:
            data = read_inside(self.root, inside)
        except OSError:
            return None
        return None if data is None else data.decode("utf-8", "replace").removeprefix("\ufeff")


def quote_argument(text: str) -> str:
    """Return an argument as this system's shell wants it written."""
    return subprocess.list2cmdline([text]) if sys.platform == "win32" else shlex.quote(text)

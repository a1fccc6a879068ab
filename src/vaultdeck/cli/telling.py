"""What a command tells of a vault: where its paths begin, in which colours, and what was told before."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vaultdeck.cli.options import Shared
from vaultdeck.cli.support import clear_errors, echo_all
from vaultdeck.cli.vaults import find_vault, is_vault, seen_from
from vaultdeck.vault.inside import read_inside

if TYPE_CHECKING:
    from vaultdeck.build.outcome import Build
    from vaultdeck.model.diagnostics import Diagnostic
    from vaultdeck.report import Told


def told_of(
    root: Path, build: Build, shared: Shared, *, here: Path | None = None, **more: Any
) -> Told:
    """Return what is told of a build of the vault in folder `root`, seen from `here`."""
    from vaultdeck.build.replay import screen_size
    from vaultdeck.report import Told
    from vaultdeck.report.told import quote_argument

    here = here or Path.cwd().resolve()
    vault = seen_from(here, root)
    is_found = is_vault(root) and find_vault(Path()) == root.resolve()
    name = "" if is_found else quote_argument(vault)
    screen = screen_size()
    return Told(root, vault, build, name=name, is_quiet=shared.is_quiet, screen=screen, **more)


def places_of(root: Path, shared: Shared) -> Told:
    """Return what tells the places of a vault, of which nothing was built."""
    from vaultdeck.build.outcome import unusable

    return told_of(root, unusable(root, []), shared)


def tell(root: Path, build: Build, shared: Shared) -> Told:
    """Print what is wrong in a vault; return what tells it."""
    from vaultdeck import report

    told = told_of(root, build, shared, is_colored=shared.is_colored(sys.stderr))
    echo_all(report.screen_lines(told), err=True)
    return told


def tell_problems(root: Path, problems: Sequence[Diagnostic], shared: Shared) -> Told:
    """Print problems of a vault, of which nothing else is known."""
    from vaultdeck.build.outcome import unusable

    return tell(root, unusable(root, problems), shared)


@contextmanager
def clear_problems(root: Path, shared: Shared) -> Iterator[None]:
    """Turn what stops the whole run, of the settings or the lock too, into clear lines and exit code 2."""
    from vaultdeck.model.diagnostics import UnusableError

    with clear_errors():
        try:
            yield
        except UnusableError as error:
            tell_problems(root, error.diagnostics, shared)
            sys.exit(2)


class ToldBefore:
    """What the last build of a vault told, kept in the folder of caches."""

    def __init__(self, cache: Path | None, root: Path) -> None:
        from vaultdeck.compile.cache.folder import vault_key

        self._path = cache / f"{vault_key(root)}-{'0' * 16}.told" if cache else None
        self._known: frozenset[str] = frozenset()
        if self._path is not None:
            with suppress(OSError, ValueError, TypeError):
                kept = read_inside(self._path.parent, self._path.name)
                self._known = frozenset(json.loads(kept or b"[]"))

    def has(self, problem: Diagnostic) -> bool:
        """Tell whether a problem was told."""
        return _gist(problem) in self._known

    def keep(self, problems: Iterable[Diagnostic]) -> None:
        """Remember what is told now; a folder that cannot be written forgets it."""
        from vaultdeck.vault.write import replace_bytes

        self._known = frozenset(map(_gist, problems))
        if self._path is not None:
            with suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                replace_bytes(self._path, json.dumps(sorted(self._known)).encode())


def _gist(problem: Diagnostic) -> str:
    text = "\0".join(problem.gist)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

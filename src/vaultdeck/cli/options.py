"""The options that commands share, and the one value that holds what they say."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import click

from vaultdeck.cli.support import fail
from vaultdeck.model.value import value

F = TypeVar("F", bound=Callable[..., Any])


@value(frozen=True, slots=True)
class Shared:
    """How a command works and tells: `cache` is the folder of caches, `jobs` 0 for as many as pay."""

    cache: Path | None = None
    jobs: int = 0
    color: str = "auto"
    is_quiet: bool = False

    @property
    def work(self) -> dict[str, Any]:
        """Return what those who compile notes are told of caches and processes."""
        return {"cache": self.cache, "jobs": self.jobs}

    def is_colored(self, stream: IO[Any]) -> bool:
        """Tell whether a stream gets colours: `--color`, else NO_COLOR, FORCE_COLOR, else a terminal."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or (
            stream.isatty() and os.environ.get("TERM") != "dumb"
        )


class PathParam(click.Path):
    """A path that is not empty: an unset variable of a script must not mean the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the name is empty", param, ctx)
        return super().convert(value, param, ctx)


class FormatName(click.ParamType):  # type: ignore[type-arg]
    """One of the formats of reports, which are imported only when one is asked for."""

    name = "format"

    def __init__(self, *more: str) -> None:
        self._more = more

    @property
    def _names(self) -> list[str]:
        from vaultdeck.report.formats import FORMATS

        return [*self._more, *FORMATS]

    def get_metavar(self, *_: Any, **__: Any) -> str:
        return f"[{'|'.join(self._names)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value not in self._names:
            from vaultdeck.spelling import did_you_mean

            self.fail(f"no format '{value}': {did_you_mean(value, self._names)}", param, ctx)
        return value


def flag(name: str, about: str, sets: str | None = None) -> Callable[[F], F]:
    """Return an option that is on or off; `sets` is the argument that it sets, if not that of its name."""
    return click.option(name, *([sets] if sets else []), is_flag=True, help=about)


def output_option(about: str) -> Callable[[F], F]:
    """Return the option that names the file to write."""
    kind = click.Path(path_type=Path)
    about = f"{about}  [default: named after VAULT's folder]"
    return click.option("-o", "--output", type=kind, help=about)


vault_argument = click.argument("vault", type=PathParam(), required=False)
vault_option = click.option(
    "--vault",
    type=PathParam(),
    help="The vault.  [default: the nearest folder above with .obsidian, vaultdeck.yaml or "
    "vaultdeck.lock, else the current folder]",
)


def _deck(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    from vaultdeck.anki.decks import clean_deck

    if value is not None and not clean_deck(value):
        fail(f"'{value}' is no name of a deck")
    return value


deck_option = click.option(
    "--deck",
    callback=_deck,
    help="Deck of cards whose note names none.  [default: the vault's name]",
)
pasted_option = flag(
    "--pasted", "Tell of sections that were pasted into cards, too; slower.", "is_pasted"
)
profile_option = flag(
    "--profile",
    "Say on stderr where the time went: by stage, what the cache held, the ten slowest notes.",
    "has_profile",
)
mathjax_option = click.option(
    "--mathjax",
    type=click.Path(path_type=Path),
    help="MathJax 3 to put into the page, for use offline: tex-chtml-full.js or its folder.",
)
open_option = flag("--open", "Open the page in the browser.", "is_opened")
COLOR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="auto: colours on a terminal, as far as NO_COLOR and FORCE_COLOR let.",
)
QUIET = click.option("-q", "--quiet", "is_quiet", is_flag=True, help="Say nothing but errors.")
JOBS = click.option(
    "--jobs", type=click.IntRange(1), help="How many processes work.  [default: as many as pay]"
)
CACHE_DIR = click.option(
    "--cache-dir",
    type=click.Path(path_type=Path),
    help="Keep compiled notes here.  [default: vaultdeck's folder in the user's cache folder]",
)
NO_CACHE = flag("--no-cache", "Keep nothing between runs.")


def told_options(command: F) -> F:
    """Give a command the options that say how it tells, which it is passed as `shared`."""
    return _share(command, lambda **said: Shared(**said), QUIET, COLOR)


def shared_options(command: F) -> F:
    """Give a command that compiles notes the options of all such, which it is passed as `shared`."""

    def pack(cache_dir: Path | None, no_cache: bool, jobs: int | None, **said: Any) -> Shared:
        return Shared(_cache_folder(cache_dir, no_cache), jobs or 0, **said)

    return _share(command, pack, JOBS, CACHE_DIR, NO_CACHE, QUIET, COLOR)


def _share(command: F, pack: Callable[..., Shared], *options: Callable[[F], F]) -> F:
    """Give a command some options, and pass it one value for all of them."""

    @functools.wraps(command)
    def packed(**said: Any) -> Any:
        own = {key: said.pop(key) for key in [*said] if key not in names}
        return command(**own, shared=pack(**said))

    shared = cast(F, packed)
    for option in reversed(options):
        shared = option(shared)
    names = {option.name for option in cast(Any, shared).__click_params__[-len(options) :]}
    return shared


def _cache_folder(cache_dir: Path | None, no_cache: bool) -> Path | None:
    """Return the folder of caches, None for no cache; an empty name is no folder."""
    from vaultdeck.compile.cache.folder import default_folder

    if cache_dir is not None and no_cache:
        fail("--no-cache keeps nothing, so it cannot be combined with --cache-dir")
    if cache_dir is not None and cache_dir.exists() and not cache_dir.is_dir():
        fail(f"'{cache_dir}' is not a folder")
    try:
        return None if no_cache else cache_dir or default_folder()
    except RuntimeError:
        # Nobody's home.
        return None

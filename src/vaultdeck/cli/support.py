"""What the commands share: clear errors, what is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from vaultdeck.anki.package_name import default_name, replaces_collection

if TYPE_CHECKING:
    from vaultdeck.build.replay import Evidence, Said

# What the names of files end in that are written, and who goes by that.
SUFFIXES = {".apkg": (".apkg",), ".html": (".html", ".htm")}
READERS = {".apkg": "Anki knows a package", ".html": "a browser knows a page"}


def find_target(
    output: Path | None, vault: Path, suffix: str, checkout: Path | None = None
) -> Path:
    """Return the file to write: the one that the user named, else one in the current folder.

    A link that the user named is followed; one that happens to lie there is not written through. Names
    are of the folder `checkout` if it is given; as that is a stranger's, no link in it is followed.
    """
    target = output or Path(default_name(vault.resolve().name, suffix))
    with clear_errors():
        if checkout is not None and not target.is_absolute():
            target = checkout / target
            if not target.parent.resolve().is_relative_to(checkout.resolve()):
                fail(f"'{target}' leads out of '{checkout}'")
            target.parent.mkdir(parents=True, exist_ok=True)
        elif output is not None and output.is_symlink():
            target = Path(os.path.realpath(output))
        if target.is_symlink():
            fail(f"'{target}' is a symbolic link: name it with -o to write what it leads to")
        if target.is_dir():
            fail(f"'{target}' is a folder: name a file, as in '{target / f'notes{suffix}'}'")
        if target.suffix.lower() not in SUFFIXES[suffix]:
            fail(f"'{target}' must end in {suffix}, by which {READERS[suffix]}")
        if replaces_collection(target.name):
            fail(
                f"Anki takes a file named '{target.name}' for a whole collection and replaces the "
                f"user's by it: choose another name, as '{default_name(target.stem, suffix)}'"
            )
        if target.exists() and not target.is_file():
            fail(f"'{target}' is no file that could be replaced")
        if not target.parent.is_dir():
            fail(f"no folder named '{target.parent}' to write '{target.name}' into")
    return target


def remember(
    cache: Path | None, vault: Path, output: Path | None, evidence: Evidence, said: Said
) -> None:
    """Let the same command line say this as long as nothing changes; `output` is what it wrote."""
    from vaultdeck.build.replay import Call

    call = click.get_current_context().find_object(Call)
    if call is not None and cache is not None:
        call.keep(cache, vault, output, evidence, said)


def say(line: str, *, err: bool = False) -> None:
    """Print a line; what a terminal acts upon, as names of a stranger's files may hold, is spelt out."""
    from vaultdeck.report.text import shown

    click.echo(shown(line), err=err, color=True)


def echo_all(lines: Iterable[str], err: bool = False) -> None:
    for line in lines:
        say(line, err=err)


def as_text(lines: Iterable[str], *, is_data: bool = False) -> str:
    """Return lines as `say` prints them; what is for programs is printed as it is."""
    from vaultdeck.report.text import shown

    return "".join(f"{line if is_data else shown(line)}\n" for line in lines)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what stops the whole run into one clear line and exit code 2."""
    try:
        yield
    except OSError as error:
        fail(reason(error))
    except Exception as error:
        from vaultdeck.anki.collection import CollectionError

        if isinstance(error, CollectionError):
            fail(str(error))
        raise


def reason(error: OSError) -> str:
    """Return why something could not be read or written; what is below the current folder is seen from it."""
    why = error.strerror or str(error)
    if not error.filename:
        return why
    with suppress(OSError, TypeError, ValueError):
        return f"{why}: '{Path(error.filename).relative_to(Path.cwd())}'"
    return f"{why}: '{error.filename}'"


def fail(message: str, *listed: str) -> NoReturn:
    """Say in one line what is wrong with the call, with what that lists below, and exit with 2."""
    echo_all([f"vaultdeck: {message}", *listed], err=True)
    sys.exit(2)


def show_status(text: str) -> None:
    """Show what goes on, in one line that the next text replaces, if somebody looks; empty: nothing."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", err=True, nl=False, color=True)

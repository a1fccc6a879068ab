"""What git knows of a vault, in a checkout that may be a stranger's.

git is told which repository that is, and runs nothing: a folder of a stranger's pull request may pose as a
bare repository, whose `config` names programs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path, PurePosixPath

from vaultdeck.cli.vaults import TEXT_SUFFIXES
from vaultdeck.regexps import regexp
from vaultdeck.vault.folder import LOCK_NAME
from vaultdeck.vault.write import inside

SHA = regexp(r"[0-9a-f]{40,64}")
REGULAR_FILE = "100"
SHALLOW = ("rev-parse", "--is-shallow-repository")
# Nothing that a configuration could name is run, and no repository is looked for.
SETTINGS_FILES = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "protocol.ext.allow=never",
    "submodule.recurse=false",
)


class GitError(Exception):
    """git cannot tell; the message says why."""


class Git:
    """The repository that the vault in folder `root` lies in, inside the folder `top`; raises GitError."""

    def __init__(self, root: Path, top: Path) -> None:
        self._root = root.resolve()
        folders = [self._root, *self._root.parents]
        inside = (folder for folder in folders if folder == top or top in folder.parents)
        found = next((folder for folder in inside if os.path.lexists(folder / ".git")), None)
        if found is None:
            raise GitError("the vault lies in no repository of the workspace")
        self._top = found

    def find(self, base: str) -> str:
        """Return the commit that a name means; it is fetched if it is not there. Raises GitError."""
        # A workflow's clone is shallow by default; one of full depth must not become so.
        if SHA.fullmatch(base) and not self._has(base) and self._run(*SHALLOW) == "true\n":
            options = ("--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules")
            self._run("fetch", *options, "origin", base)
        return self._run("rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}").strip()

    def read_lock(self, commit: str) -> str:
        """Return the lock's text in a commit, nothing if it has none; raises GitError."""
        path = self._path(LOCK_NAME)
        if not self._run("ls-tree", "--full-tree", commit, "--", path):
            return ""
        return self._run("cat-file", "blob", f"{commit}:{path}")

    def write_vault(self, commit: str, folder: Path) -> None:
        """Write the vault of a commit into an empty folder; raises GitError.

        Notes and settings are those of the commit. Other files are those that are checked out: what a
        card says does not depend on what is in a picture.
        """
        part = self._path("")
        listed = self._run(
            "ls-tree", "-r", "-z", "--full-tree", commit, "--", *filter(None, [part])
        )
        texts: list[tuple[str, Path]] = []
        for row in filter(None, listed.split("\0")):
            about, _, path = row.partition("\t")
            mode, _, blob = about.split()
            inner = PurePosixPath(path[len(part) :])
            with suppress(OSError, ValueError):
                target = inside(folder, str(inner))
                if not mode.startswith(REGULAR_FILE):
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                if inner.suffix.lower() in TEXT_SUFFIXES or inner.name == LOCK_NAME:
                    texts.append((blob, target))
                else:
                    _put(inside(self._root, str(inner)), target)
        found = self._read("cat-file", "--batch", given="".join(f"{b}\n" for b, _ in texts))
        at = 0
        for blob, target in texts:
            # `<name> blob <size>`, the text, and a newline; of one that is not there `<name> missing`.
            start = found.index(b"\n", at) + 1
            _, kind, *size = found[at:start].split()
            if kind != b"blob":
                raise GitError(f"object {blob} is missing")
            end = start + int(size[0])
            at = end + 1
            with suppress(OSError):
                target.write_bytes(found[start:end])

    def _path(self, path: str) -> str:
        """Return a path of the vault as the repository has it; that of the vault ends in a slash."""
        part = self._root.relative_to(self._top).as_posix()
        return path if part == "." else f"{part}/{path}"

    def _has(self, base: str) -> bool:
        try:
            self._run("cat-file", "-e", f"{base}^{{commit}}")
        except GitError:
            return False
        return True

    def _run(self, *arguments: str) -> str:
        """Return what git prints as text; raises GitError."""
        return self._read(*arguments).decode("utf-8", "replace")

    def _read(self, *arguments: str, given: str = "") -> bytes:
        """Return what git prints when it is `given` this to read; raises GitError."""
        settings = [word for setting in SETTINGS_FILES for word in ("-c", setting)]
        done = subprocess.run(
            [
                "git",
                f"--git-dir={self._top / '.git'}",
                "--literal-pathspecs",
                *settings,
                *arguments,
            ],
            input=given.encode(),
            capture_output=True,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
            check=False,
        )
        if done.returncode:
            raise GitError(done.stderr.decode("utf-8", "replace").strip())
        return done.stdout


def _put(file: Path, target: Path) -> None:
    """Put a file in another place as well; raises OSError."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)

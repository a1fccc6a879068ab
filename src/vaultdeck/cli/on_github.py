"""A build inside GitHub Actions: annotations, the outputs of the step, the summary of the job.

What changed in the deck is what changed in vaultdeck.lock since the commit that `BASE` names. git is told
which repository that is, and runs nothing: a folder of a stranger's pull request may pose as a bare
repository, whose `config` names programs.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from vaultdeck import report
from vaultdeck.anki.lock import LOCK_NAME, Lock, LockError
from vaultdeck.anki.lock_file import parse_lock
from vaultdeck.build.outcome import Build
from vaultdeck.diagnostics import ERROR, gather
from vaultdeck.report.github_summary import Since, github_summary, nothing_built

SHA = re.compile(r"[0-9a-f]{40,64}")
NO_COMMIT = re.compile(r"0*")
# What upload-artifact takes in no name.
NO_ARTIFACT = re.compile(r'[":<>|*?\r\n\\/]')
MISSING_ID = "missing-id"
FIGURES = ("notes", "cards", "errors", "warnings")
# Nothing that a configuration could name is run, and no repository is looked for.
SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "protocol.ext.allow=never",
    "submodule.recurse=false",
)


class GitError(Exception):
    """git cannot tell; the message says why."""


def workspace() -> Path:
    """Return the folder that the repository is checked out into."""
    return Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()


def write_nothing_built(root: Path) -> None:
    """Tell the job that nothing was built."""
    _write("GITHUB_OUTPUT", (_output(name, "") for name in (*FIGURES, "package", "artifact")))
    _write("GITHUB_STEP_SUMMARY", [nothing_built(root.resolve().name)])


def write_job(build: Build, root: Path) -> list[str]:
    """Write outputs and summary of the job; return annotations that the check has not shown.

    The check's own report is the file that `CHECKED` names; without it everything has been shown.
    """
    figures = report.summary(build)
    package = _from_workspace(build.output) if build.is_written else ""
    outputs = {name: str(figures[name]) for name in FIGURES}
    outputs |= {"package": package, "artifact": NO_ARTIFACT.sub("-", Path(package).name)}
    _write("GITHUB_OUTPUT", (_output(name, value) for name, value in outputs.items()))
    lines = github_summary(build, build.output.name, _address(root), _since(root))
    _write("GITHUB_STEP_SUMMARY", lines)
    checked = os.environ.get("CHECKED")
    if not checked:
        return []
    shown = set(Path(checked).read_text(encoding="utf-8").splitlines())
    told = report.Told(root, _from_workspace(root), build)
    problems = gather(told.places, of_file=True)
    found = [p for p in problems if p.severity == ERROR or p.code == MISSING_ID]
    lines = report.github_lines(found, told.vault)
    return [line for line in lines if line not in shown]


def _write(variable: str, lines: Iterable[str]) -> None:
    """Append lines to the file that a variable of the runner names."""
    if name := os.environ.get(variable):
        with Path(name).open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)


def _output(name: str, value: str) -> str:
    """Return a value for GITHUB_OUTPUT; a random mark ends it, which no value holds."""
    mark = secrets.token_hex(16)
    return f"{name}<<{mark}\n{value}\n{mark}"


def _from_workspace(path: Path) -> str:
    """Return a path as GitHub knows it: from the root of the repository."""
    return Path(os.path.relpath(path.resolve(), workspace())).as_posix()


def _address(root: Path) -> str:
    """Return where the vault's files stand on GitHub in the commit that is built."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    server, repository, commit = (os.environ.get(name, "") for name in names)
    if not (server and repository and commit):
        return ""
    return f"{server}/{repository}/blob/{commit}/{quote(_from_workspace(root))}".removesuffix("/.")


def _since(root: Path) -> Since | None:
    """Return the lock of the commit that the deck is compared with, None if there is none."""
    base = os.environ.get("BASE", "")
    if NO_COMMIT.fullmatch(base):
        return None
    name = base[:8] if SHA.fullmatch(base) else base
    try:
        text = _Git(root).read_lock(base)
        return Since(name, parse_lock(text) if text else Lock())
    except (OSError, LockError, GitError) as error:
        return Since(name, Lock(), str(error))


class _Git:
    """The repository that a vault lies in, inside the workspace."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        top = workspace()
        folders = [self._root, *self._root.parents]
        inside = (folder for folder in folders if folder == top or top in folder.parents)
        found = next((folder for folder in inside if os.path.lexists(folder / ".git")), None)
        if found is None:
            raise GitError("the vault lies in no repository of the workspace")
        self._top = found

    def read_lock(self, base: str) -> str:
        """Return the lock's text in a commit, nothing if it has none; raises GitError."""
        # A workflow's clone is shallow by default; one of full depth must not become so.
        if SHA.fullmatch(base) and not self._has(base) and self._is_shallow():
            options = ("--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules")
            self._run("fetch", *options, "origin", base)
        commit = self._run("rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}")
        path = (self._root.relative_to(self._top) / LOCK_NAME).as_posix()
        if not self._run("ls-tree", "--full-tree", commit.strip(), "--", path):
            return ""
        return self._run("cat-file", "blob", f"{commit.strip()}:{path}")

    def _is_shallow(self) -> bool:
        return self._run("rev-parse", "--is-shallow-repository") == "true\n"

    def _has(self, base: str) -> bool:
        try:
            self._run("cat-file", "-e", f"{base}^{{commit}}")
        except GitError:
            return False
        return True

    def _run(self, *arguments: str) -> str:
        """Return what git prints; raises GitError."""
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        done = subprocess.run(
            [
                "git",
                f"--git-dir={self._top / '.git'}",
                "--literal-pathspecs",
                *settings,
                *arguments,
            ],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
            check=False,
        )
        if done.returncode:
            raise GitError(done.stderr.strip())
        return done.stdout

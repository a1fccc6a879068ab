"""A build inside GitHub Actions: annotations, the outputs of the step, the summary of the job.

What changed in the deck is what changed in vaultdeck.lock since the commit that `BASE` names; what a
changed card said is what the vault of that commit says when it is built.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from vaultdeck import report
from vaultdeck.anki.lock import Entry, Lock, LockError
from vaultdeck.anki.lock_file import parse_lock
from vaultdeck.build.last_fields import NamedFields
from vaultdeck.build.outcome import Build
from vaultdeck.cli.git import SHA, Git, GitError
from vaultdeck.model.diagnostics import ERROR, gather
from vaultdeck.regexps import regexp
from vaultdeck.report.github_summary import Since, github_summary, nothing_built

NO_COMMIT = regexp(r"0*")
# What upload-artifact takes in no name.
NO_ARTIFACT = regexp(r'[":<>|*?\r\n\\/]')
MISSING_ID = "missing-id"
FIGURES = ("notes", "cards", "errors", "warnings")


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
    lines = github_summary(build, build.output.name, _address(root), _since(root, build))
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
        with Path(name).open("a", encoding="utf-8", errors="replace", newline="\n") as file:
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
    folder = quote(os.fsencode(_from_workspace(root)))
    return f"{server}/{repository}/blob/{commit}/{folder}".removesuffix("/.")


def _since(root: Path, build: Build) -> Since | None:
    """Return the vault of the commit that the deck is compared with, None if there is none."""
    base = os.environ.get("BASE", "")
    if NO_COMMIT.fullmatch(base):
        return None
    name = base[:8] if SHA.fullmatch(base) else base
    try:
        git = Git(root, workspace())
        commit = git.find(base)
        text = git.read_lock(commit)
        lock = parse_lock(text) if text else Lock()
        is_changed = {*map(_state, lock.entries.values())} != {
            *map(_state, build.stamped.lock.entries.values())
        }
        return Since(name, lock, fields=_fields(git, commit) if text and is_changed else {})
    except (OSError, LockError, GitError) as error:
        return Since(name, Lock(), str(error))


def _state(entry: Entry) -> tuple[object, ...]:
    return entry.id, entry.digest, entry.mtime


def _fields(git: Git, commit: str) -> Mapping[int, NamedFields]:
    """Return what the cards of a commit say, by ID; none where its settings cannot be used."""
    from vaultdeck import api
    from vaultdeck.build.last_fields import named_fields

    with tempfile.TemporaryDirectory(prefix="vaultdeck-") as folder:
        git.write_vault(commit, Path(folder))
        try:
            built = api.build(folder, is_dry_run=True, jobs=0)
        except (api.ConfigError, api.LockError):
            return {}
        notes = {stamped.id: stamped.note for stamped in built.stamped.notes}
        return {number: named_fields(note, note.note_type) for number, note in notes.items()}

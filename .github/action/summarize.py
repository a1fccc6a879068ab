"""Tell GitHub what a build did: annotations, the outputs of the step, the summary of the job.

    python summarize.py REPORT VAULT

REPORT is what `vaultdeck build --format json` printed. What changed in the deck is what changed in
vaultdeck.lock since the commit that `BASE` names; the build itself, with an up-to-date lock, has nothing
new to tell. Titles and deck names may come from a stranger's pull request: they are escaped.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from vaultdeck.anki.identity import TAG
from vaultdeck.anki.lock import NAME, Entry, LockError, parse_lock, read_lock
from vaultdeck.diagnostics import ERROR, Diagnostic
from vaultdeck.model import Location
from vaultdeck.report import github_lines
from vaultdeck.spelling import name_key

# GitHub shows a summary of up to 1 MiB, and few people more than a screen of it.
MOST_ROWS = 100
SHA = re.compile(r"[0-9a-f]{40,64}")
NO_COMMIT = re.compile(r"0*")
# What means something in Markdown, in a table, or to GitHub (@names, #numbers).
MARKUP = re.compile(r"[\\`*_{}\[\]()#+!|<>&~$@:.-]")
# What upload-artifact takes in no name.
NO_ARTIFACT = re.compile(r'[":<>|*?\r\n\\/]')
MISSING_ID = "missing-id"
COUNTED = ("notes", "cards", "decks", "media", "errors", "warnings")


class Change(NamedTuple):
    """What has become of one note since the base: new, changed, moved or removed."""

    status: str
    id: int
    deck: str


def main() -> None:
    report, vault = Path(sys.argv[1]), Path(sys.argv[2])
    text = report.read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text) if text.strip() else {}
    figures: dict[str, Any] = data.get("summary", {})
    problems: list[dict[str, Any]] = data.get("diagnostics", [])
    if os.environ.get("CHECK_CODE") == "0":
        shown = set((report.parent / "check.txt").read_text(encoding="utf-8").splitlines())
        lines = [line for line in _annotations(problems, vault) if line not in shown]
        sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode())
    package = str(figures.get("output", ""))
    outputs = {key: str(figures.get(key, "")) for key in ("notes", "cards", "errors", "warnings")}
    outputs |= {"package": package, "artifact": NO_ARTIFACT.sub("-", Path(package).name)}
    _write("GITHUB_OUTPUT", (_output(name, value) for name, value in outputs.items()))
    _write("GITHUB_STEP_SUMMARY", _summary(vault, figures, problems, data.get("notices", [])))


def _write(variable: str, lines: Iterable[str]) -> None:
    with Path(os.environ[variable]).open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def _output(name: str, value: str) -> str:
    """Return a value for GITHUB_OUTPUT; a random mark ends it, which no value holds."""
    mark = secrets.token_hex(16)
    return f"{name}<<{mark}\n{value}\n{mark}"


def _annotations(problems: Iterable[Mapping[str, Any]], vault: Path) -> Iterator[str]:
    """Yield a workflow command for each problem that a locked build alone fails for."""
    found = [_diagnostic(p) for p in problems if p["severity"] == ERROR or p["code"] == MISSING_ID]
    return github_lines(found, _from_workspace(vault).removeprefix("."))


def _diagnostic(problem: Mapping[str, Any]) -> Diagnostic:
    """Return the diagnostic that an object of the JSON report is."""
    return Diagnostic(
        problem["code"],
        _location(problem),
        problem["message"],
        problem["hint"],
        tuple(map(_location, problem["via"])),
        problem["severity"],
    )


def _location(place: Mapping[str, Any]) -> Location:
    names = ("path", "line", "column", "end_line", "end_column")
    return Location(*(place[name] for name in names))


def _from_workspace(path: Path) -> str:
    """Return a path as GitHub knows it: from the root of the repository."""
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()
    return Path(os.path.relpath(path.resolve(), workspace)).as_posix()


def _summary(
    vault: Path, figures: Mapping[str, Any], problems: list[dict[str, Any]], notices: list[str]
) -> Iterator[str]:
    name = Path(str(figures.get("output", ""))).name or vault.resolve().name
    yield f"## {_plain(name)}\n"
    if not figures:
        yield "Nothing was built; the log says why.\n"
        return
    yield "|".join(["", *COUNTED, ""]) + "\n" + "|".join(["", *["---:"] * len(COUNTED), ""])
    yield "|".join(["", *(str(figures[key]) for key in COUNTED), "\n"])
    if not figures["output"]:
        yield "**No package was written.**\n"
    yield from _problem_rows(vault, problems)
    yield from _change_rows(vault)
    for notice in notices:
        yield f"- {_plain(notice)}"


def _problem_rows(vault: Path, problems: list[dict[str, Any]]) -> Iterator[str]:
    if not problems:
        return
    yield "| where | | problem |\n|---|---|---|"
    for problem in problems[:MOST_ROWS]:
        place = f"{problem['path']}:{problem['line']}:{problem['column']}"
        link = _link(place, vault, problem["path"], problem["line"])
        hint = f"<br>hint: {_plain(problem['hint'])}" if problem["hint"] else ""
        yield f"| {link} | {problem['severity']} | {_plain(problem['message'])}{hint} |"
    yield from _more(len(problems))


def _change_rows(vault: Path) -> Iterator[str]:
    """Yield what has changed in the deck since the base, and what an import leaves to do by hand."""
    base = os.environ.get("BASE", "")
    if NO_COMMIT.fullmatch(base):
        return
    short = base[:8] if SHA.fullmatch(base) else base
    try:
        text = _lock_at(vault, base)
        before = parse_lock(text).entries if text else {}
        lock = read_lock(vault)
    except (OSError, LockError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", "") or str(error)
        yield f"What changed since {_plain(short)} is not known: {_plain(reason.strip())}\n"
        return
    changes = list(_changes(before, lock.entries if lock else {}))
    counts = [
        f"{sum(change.status == status for change in changes)} {status}"
        for status in ("new", "changed", "moved", "removed")
    ]
    yield f"### Since {_plain(short)}: {', '.join(counts)}\n"
    if not changes:
        return
    known = _known_notes(vault)
    yield "| | card | deck |\n|---|---|---|"
    for change in changes[:MOST_ROWS]:
        note = known.get(change.id)
        title = (note["title"] if note else "") or str(change.id)
        card = _link(title, vault, note["path"], note["line"]) if note else _plain(title)
        yield f"| {change.status} | {card} | {_plain(change.deck)} |"
    yield from _more(len(changes))
    for status, verb, menu in (
        ("moved", "moves no cards that are in Anki", "Cards > Change Deck"),
        ("removed", "deletes no notes", "Notes > Delete"),
    ):
        numbers = ",".join(str(change.id) for change in changes if change.status == status)
        if numbers:
            search = f"tag:{TAG} nid:{numbers}"
            yield f"\nAn import {verb}: search for `{search}` in Anki's browser, then {menu}.\n"


def _more(count: int) -> Iterator[str]:
    if count > MOST_ROWS:
        yield f"\n… and {count - MOST_ROWS} more"
    yield ""


def _changes(before: Mapping[int, Entry], after: Mapping[int, Entry]) -> Iterator[Change]:
    """Yield the changes between two locks, by ID; a note that moves and changes gives two."""
    for number in sorted({*before, *after}):
        old, new = before.get(number), after.get(number)
        was, is_there = bool(old and not old.is_removed), bool(new and not new.is_removed)
        if new and is_there and not was:
            yield Change("new", number, new.deck)
        elif old and was and not is_there:
            yield Change("removed", number, old.deck)
        elif old and new and is_there:
            if old.mtime != new.mtime or old.digest != new.digest:
                yield Change("changed", number, new.deck)
            if name_key(old.deck) != name_key(new.deck):
                yield Change("moved", number, f"{old.deck} → {new.deck}")


def _lock_at(vault: Path, base: str) -> str:
    """Return the lock's text in a commit, nothing if it has none; raises CalledProcessError."""
    if _git(vault, "cat-file", "-e", f"{base}^{{commit}}", check=False) is None:
        # A workflow's clone is shallow by default; one of full depth must not become so.
        if SHA.fullmatch(base) and _git(vault, "rev-parse", "--is-shallow-repository") == "true\n":
            _git(vault, "fetch", "--quiet", "--depth=1", "--no-tags", "origin", base)
        else:
            _git(vault, "rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}")
    commit = _git(vault, "rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}") or ""
    return _git(vault, "show", f"{commit.strip()}:./{NAME}", check=False) or ""


def _git(vault: Path, *arguments: str, check: bool = True) -> str | None:
    """Return what git prints, None if it fails without `check`; raises CalledProcessError."""
    command = ["git", "-C", str(vault), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=check)
    return None if done.returncode else done.stdout


def _known_notes(vault: Path) -> dict[int, dict[str, Any]]:
    """Return title and place of each note of the vault, by ID."""
    command = [sys.executable, "-m", "vaultdeck", "build", "--dry-run", "--format=json", "--"]
    done = subprocess.run([*command, str(vault)], capture_output=True, check=False)
    data = json.loads(done.stdout) if done.stdout.strip() else {}
    return {change["id"]: change for change in data.get("changes", []) if change["path"]}


def _link(text: str, vault: Path, path: str, line: int) -> str:
    """Return a link to a line of a file in the commit that is built."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    server, repository, commit = (os.environ.get(name, "") for name in names)
    if not (server and repository and commit):
        return _plain(text)
    address = f"{server}/{repository}/blob/{commit}/{quote(_from_workspace(vault / path))}"
    return f"[{_plain(text)}]({address}?plain=1#L{line})"


def _plain(text: str) -> str:
    """Return text that Markdown shows as it stands, in one line."""
    return MARKUP.sub(lambda match: f"&#{ord(match[0])};", " ".join(text.split()))


if __name__ == "__main__":
    main()

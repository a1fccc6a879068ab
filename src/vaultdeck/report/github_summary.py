"""The summary of a job of GitHub Actions, in Markdown: figures, problems, what changes in the deck.

Titles, deck names and templates may come from a stranger's pull request: everything is escaped. Note
types that stand in vaultdeck.lock alone are shown as the code that they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

from vaultdeck.anki.decks import deck_key
from vaultdeck.anki.identity import OUR_TAG
from vaultdeck.anki.lock import Entry, Lock
from vaultdeck.anki.stamp import Change
from vaultdeck.build.last_fields import NamedFields
from vaultdeck.build.outcome import Build
from vaultdeck.model import Location, NoteType
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.regexps import regexp
from vaultdeck.report.field_diff import diff_lines
from vaultdeck.report.summary import COUNTED, note_title, notices, summary
from vaultdeck.report.text import place_of, printable
from vaultdeck.vault.folder import LOCK_NAME

# GitHub shows a summary of up to 1 MiB, and few people more than a screen of it.
MOST_ROWS = 100
MOST_TYPES = 20
MOST_DIFFS = 50
MOST_CODE = 5000
# What means something in Markdown, in a table, or to GitHub (@names, #numbers).
BACKTICK_RUN = regexp(r"`+")
GITHUB_MARKUP = regexp(r"[\\`*_{}\[\]()#+!|<>&~$@:.\r\n-]")


class Since(NamedTuple):
    """The commit that the deck is compared with: its name, its lock, or why that is not known.

    `fields` are those of its cards, by ID.
    """

    name: str
    lock: Lock
    problem: str = ""
    fields: Mapping[int, NamedFields] = MappingProxyType({})


def github_summary(build: Build, name: str, address: str, since: Since | None) -> Iterator[str]:
    """Yield the lines of the summary; `address` is where the vault's files stand in the commit, or empty."""
    figures = summary(build)
    yield f"## {_plain(name)}\n"
    yield "|".join(["", *COUNTED, ""]) + "\n" + "|".join(["", *["---:"] * len(COUNTED), ""])
    yield "|".join(["", *(str(figures[key]) for key in COUNTED), "\n"])
    if not build.is_written:
        yield "**No package was written.**\n"
    yield from _problem_rows(build.diagnostics, address)
    lock = build.stamped.lock
    if since is not None and since.problem:
        yield f"What changed since {_plain(since.name)} is not known: {_plain(since.problem)}\n"
    elif since is not None:
        yield from _change_rows(build, since, address)
    known = since.lock.types if since else {}
    yield from _types({n: kind for n, kind in lock.types.items() if known.get(n) != kind})
    for notice in notices(build):
        yield f"- {_plain(notice)}"


def nothing_built(name: str) -> str:
    """Return the summary where the settings or the lock cannot be used."""
    return f"## {_plain(name)}\n\nNothing was built; the log says why.\n"


def _problem_rows(problems: list[Diagnostic], address: str) -> Iterator[str]:
    if not problems:
        return
    yield "| where | | problem |\n|---|---|---|"
    for problem in problems[:MOST_ROWS]:
        link = _link(place_of(problem.location), problem.location, address)
        hint = f"<br>hint: {_plain(problem.hint)}" if problem.hint else ""
        yield f"| {link} | {problem.severity} | {_plain(problem.message)}{hint} |"
    yield from _more(len(problems))


def _change_rows(build: Build, since: Since, address: str) -> Iterator[str]:
    """Yield what has changed in the deck, and what an import leaves to do by hand."""
    entries = build.stamped.lock.entries
    after = {n: entry for n, entry in entries.items() if n not in build.provisional}
    changes = list(_changes(since.lock.entries, after))
    counts = [
        f"{sum(change.status == status for change in changes)} {status}"
        for status in ("new", "changed", "moved", "removed")
    ]
    yield f"### Since {_plain(since.name)}: {', '.join(counts)}\n"
    if not changes:
        return
    notes = build.stamped.written({change.id for change in changes})
    yield "| | card | deck |\n|---|---|---|"
    for change in changes[:MOST_ROWS]:
        note = notes.get(change.id)
        title = note_title(note) or str(change.id)
        card = _link(title, note.location, address) if note else _plain(title)
        yield f"| {change.status} | {card} | {_plain(change.deck)} |"
    yield from _more(len(changes))
    told = [
        c.id for c in changes if c.status == "changed" and c.id in since.fields and c.id in notes
    ]
    for number in told[:MOST_DIFFS]:
        lines = list(diff_lines(since.fields[number], notes[number]))
        title = note_title(notes[number]) or str(number)
        yield f"<details><summary>{_plain(title)}</summary>\n"
        yield from (*_fenced(lines), "\n</details>\n")
    yield from _more(len(told), MOST_DIFFS)
    for status, verb, menu in (
        ("moved", "moves no cards that are in Anki", "Cards > Change Deck"),
        ("removed", "deletes no notes", "Notes > Delete"),
    ):
        numbers = ",".join(str(change.id) for change in changes if change.status == status)
        if numbers:
            search = f"tag:{OUR_TAG} nid:{numbers}"
            yield f"\nAn import {verb}: search for `{search}` in Anki's browser, then {menu}.\n"


def _types(types: Mapping[int, NoteType]) -> Iterator[str]:
    """Yield the templates of note types that only the lock holds, to be looked at."""
    if not types:
        return
    yield f"### Code to look at: note types that stand in {_plain(LOCK_NAME)} alone\n"
    for number in sorted(types)[:MOST_TYPES]:
        note_type = types[number]
        yield f"<details><summary>{_plain(note_type.name)}</summary>\n"
        for template in note_type.templates:
            yield from _code(template.name, [template.front, template.back])
        yield from _code("CSS", [note_type.css])
        yield "</details>\n"
    yield from _more(len(types), MOST_TYPES)


def _code(name: str, parts: Iterable[str]) -> Iterator[str]:
    yield f"{_plain(name)}\n"
    for text in filter(None, parts):
        shown = text if len(text) <= MOST_CODE else text[:MOST_CODE] + "…"
        lines = map(printable, shown.expandtabs().splitlines())
        yield f"<pre>{_escape(chr(10).join(lines))}</pre>\n"


def _fenced(lines: Sequence[str]) -> Iterator[str]:
    """Yield a diff as code, behind more backticks than stand in it."""
    longest = max(map(len, BACKTICK_RUN.findall("\n".join(lines))), default=0)
    fence = "`" * max(longest + 1, 3)
    yield from (f"{fence}diff", *lines, fence)


def _more(count: int, most: int = MOST_ROWS) -> Iterator[str]:
    if count > most:
        yield f"\n… and {count - most} more"
    yield ""


def _changes(before: Mapping[int, Entry], after: Mapping[int, Entry]) -> Iterator[Change]:
    """Yield the changes between two locks, by ID; a note that moves and changes gives two."""
    for number in sorted({*before, *after}):
        old, new = before.get(number), after.get(number)
        was, is_there = bool(old and not old.is_removed), bool(new and not new.is_removed)
        if new and is_there and not was:
            yield Change(number, "new", new.deck)
        elif old and was and not is_there:
            yield Change(number, "removed", old.deck)
        elif old and new and is_there:
            if old.mtime != new.mtime or old.digest != new.digest:
                yield Change(number, "changed", new.deck)
            if deck_key(old.deck) != deck_key(new.deck):
                yield Change(number, "moved", f"{old.deck} → {new.deck}")


def _link(text: str, place: Location, address: str) -> str:
    """Return a link to a line of a file in the commit that is built."""
    if not address:
        return _plain(text)
    return f"[{_plain(text)}]({address}/{quote(place.path)}?plain=1#L{place.line})"


def _plain(text: str) -> str:
    """Return text that Markdown shows as it stands, in one line."""
    return _escape(printable(" ".join(text.split())))


def _escape(text: str) -> str:
    return GITHUB_MARKUP.sub(lambda match: f"&#{ord(match[0])};", text)

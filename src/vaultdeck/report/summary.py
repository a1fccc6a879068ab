"""What a build made and what it changes in Anki, in figures and as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vaultdeck.anki.identity import OUR_TAG
from vaultdeck.anki.removed import REMOVED_TAG
from vaultdeck.anki.stamp import Change, removed_change
from vaultdeck.build.outcome import Build
from vaultdeck.cards.syntaxes import makers_of
from vaultdeck.model import Note
from vaultdeck.model.diagnostics import ERROR, WARNING, counted, gather, listed, shorten
from vaultdeck.report.field_diff import diff_lines
from vaultdeck.report.text import MAX_TITLE, place_of, text_of
from vaultdeck.report.told import Told
from vaultdeck.vault.folder import LOCK_NAME

COUNTED = ("notes", "cards", "decks", "media", "errors", "warnings")
STATUSES = ("new", "changed", "moved", "removed", "unchanged")


def summary(build: Build) -> dict[str, Any]:
    """Return the figures of a build."""
    contents = build.stamped.contents
    problems = gather(build.diagnostics)
    errors = sum(problem.severity == ERROR for problem in problems)
    statuses = [change.status for change in build.stamped.changes]
    return {
        "notes": len(build.stamped.notes),
        "cards": contents.cards,
        "decks": len(contents.decks),
        "media": len(contents.media),
        "remote_images": sorted(contents.remote),
        "new": statuses.count("new"),
        "changed": statuses.count("changed"),
        "moved": sum(bool(change.moved_from) for change in build.stamped.changes),
        "removed": statuses.count("removed"),
        "unchanged": statuses.count("unchanged"),
        "errors": errors,
        "warnings": sum(problem.severity == WARNING for problem in problems),
        "output": str(build.output) if build.is_written else "",
    }


def counts(figures: Mapping[str, int], *names: str) -> str:
    """Return figures of a summary with their names: `1 error, 2 warnings`."""
    nouns = {"media": "media file"}
    return ", ".join(counted(figures[n], nouns.get(n, n.removesuffix("s"))) for n in names)


def vault_line(told: Told) -> str:
    """Return how much is wrong in a vault; that in which one stands needs no name."""
    name = "" if told.vault == "." else f"{told.vault}: "
    cards = ("cards",) if told.is_usable else ()
    return name + counts(summary(told.build), *cards, "errors", "warnings")


def summary_lines(build: Build) -> Iterator[str]:
    """Yield the figures of a build for a person: what was written, and what it changes in Anki."""
    figures = summary(build)
    nothing = "no package written" if build.also_written else "nothing written"
    yield f"{figures['output'] or nothing}: {counts(figures, *COUNTED)}"
    news = [f"{figures[key]} {key}" for key in STATUSES if figures[key]]
    if news:
        yield f"since the last build: {', '.join(news)}"


def change_lines(told: Told) -> Iterator[str]:
    """Yield a line for each note that a build would not leave as it is in Anki.

    One that has no ID yet is shown with `-`; what differs in its fields stands below, if it is known.
    """
    changes = [c for c in told.build.stamped.changes if c.status != "unchanged" or c.moved_from]
    notes = told.build.stamped.written({change.id for change in changes})
    for change in changes:
        number = "-" if change.id in told.build.provisional else str(change.id)
        note = notes.get(change.id)
        place = place_of(told.place(note.location)) if note else change.deck
        if change.status != "unchanged":
            yield f"{change.status:9} {place}: {number} {note_title(note)}".rstrip()
        if change.moved_from:
            yield f"{'moved':9} {place}: {number} from '{change.moved_from}' to '{change.deck}'"
        if note and change.id in told.before:
            yield from (f"    {line}" for line in diff_lines(told.before[change.id], note))


def notices(build: Build) -> Iterator[str]:
    """Yield what a person should know: where settings come from, and what to do in Anki by hand."""
    yield from build.notices
    yield from lock_types(build)
    yield from _remote(build)
    yield from _moved(build)
    sent = {entry.id for entry in build.buried}
    removed = [c for c in build.stamped.changes if c.status == "removed" and c.id not in sent]
    if removed:
        yield (
            f"{counted(len(removed), 'note')} removed from the vault, which an import cannot delete: "
            f"search for `{_search(removed)}` in Anki's browser, select all, Notes > Delete; "
            "or build once with --tombstones, which tags them in Anki"
        )
    if build.unsure:
        yield (
            f"{counted(len(build.unsure), 'note')} not found in the vault, but not every card could be "
            "seen: nothing is called removed until the errors are mended"
        )
    if build.buried:
        yield (
            f"{counted(len(build.buried), 'removed note')} sent once more: after the import search for "
            f"`tag:{REMOVED_TAG}` in Anki's browser, select all, Notes > Delete"
        )
    if build.unburied:
        changes = [removed_change(entry) for entry in build.unburied]
        yield (
            f"{counted(len(changes), 'removed note')} cannot be sent once more, as their last content "
            f"is not known: search for `{_search(changes)}` in Anki's browser"
        )
    undecided = min(build.stamped.lock.undecided, len(build.stamped.notes))
    if undecided:
        makers = makers_of(build.stamped.contents.foreign)
        yield (
            f"{counted(undecided, 'card')} had an ID before vaultdeck built this vault: if they are in "
            f"Anki already (made by {makers}, say), run `vaultdeck adopt` before you import, or "
            "every one is there twice; if not, `vaultdeck adopt --none` ends this notice"
        )


def lock_types(build: Build) -> Iterator[str]:
    """Yield the note types of the user's own, which only the lock holds; their templates are code."""
    types = build.stamped.lock.types
    if types:
        names = listed([types[number].name for number in sorted(types)])
        yield (
            f"{counted(len(types), 'note type')} taken from {LOCK_NAME} alone: {names}; their "
            "templates are code that runs in Anki, so look at them where the lock is not all your own"
        )


def _remote(build: Build) -> Iterator[str]:
    remote = sorted(build.stamped.contents.remote)
    if remote:
        kind = "picture" if build.stamped.contents.pictures.issuperset(remote) else "file"
        yield (
            f"{counted(len(remote), kind)} loaded from the web whenever a card is shown, not "
            f"packed: {', '.join(remote[:3])}{', …' if len(remote) > 3 else ''}"
        )


def _moved(build: Build) -> Iterator[str]:
    moves: dict[str, list[Change]] = {}
    for change in build.stamped.changes:
        if change.moved_from:
            moves.setdefault(change.deck, []).append(change)
    for deck, moved in moves.items():
        yield (
            f"{counted(len(moved), 'note')} moved to deck '{deck}', which an import cannot do for cards "
            f"that are in Anki: search for `{_search(moved)}` in Anki's browser, select all, "
            f"Cards > Change Deck, '{deck}'"
        )


def _search(changes: Sequence[Change]) -> str:
    """Return the browser search that finds the notes.

    Anki gives a note another id if its own is taken, so our tag guards the search; notes that were
    adopted and not changed since have no such tag, but their id is known for sure.
    """
    tagged = [str(change.id) for change in changes if change.is_tagged]
    others = [str(change.id) for change in changes if not change.is_tagged]
    if not others:
        return f"tag:{OUR_TAG} nid:{','.join(tagged)}"
    if not tagged:
        return f"nid:{','.join(others)}"
    return f"(tag:{OUR_TAG} nid:{','.join(tagged)}) OR nid:{','.join(others)}"


def note_title(note: Note | None) -> str:
    """Return what a person knows a note by: the text of its first field; empty if the vault has none."""
    return shorten(text_of(note.fields[0]), MAX_TITLE) if note else ""

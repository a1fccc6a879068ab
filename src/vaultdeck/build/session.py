"""What every command begins with: the lock, the settings, the files of the vault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vaultdeck.anki.lock import Lock
from vaultdeck.anki.lock_file import read_lock
from vaultdeck.anki.notetypes.guess import as_cloze, names_cloze
from vaultdeck.cards import parse_file
from vaultdeck.cards.curly_clozes import NATIVE, has_cloze
from vaultdeck.cards.syntaxes import spaced_repetition
from vaultdeck.html import make_safe
from vaultdeck.model import CardBlock, Location, NoteType, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import CONTROL, ERROR, Diagnostic, UnusableError
from vaultdeck.settings.keys import SETTINGS_NAME
from vaultdeck.settings.read import read_config
from vaultdeck.settings.select import check_globs, select_notes
from vaultdeck.vault.folder import FOLDER_MARKS
from vaultdeck.vault.globs import GlobError
from vaultdeck.vault.names import Vault, scan
from vaultdeck.vault.observed import Input, Observed

MEND_GLOB = "write it with fewer stars and braces, or name folders"


class ConfigError(UnusableError):
    """The settings are wrong; nothing is built with them."""


@dataclass(slots=True)
class Session:
    """A vault as it is opened: `paths` are the note files that the settings let through.

    `notices` are lines that tell a person where settings come from; `is_first` that there was no lock;
    `inputs` are the questions that settings and lock are answers to.
    """

    root: Path
    vault: Vault
    config: Config
    lock: Lock
    is_first: bool
    paths: list[str]
    problems: list[Diagnostic] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)


def open_vault(root: Path, deck: str | None = None) -> Session:
    """Open the vault in folder `root`; `deck` overrides the default deck.

    Raises OSError if the folder cannot be read, LockError and ConfigError.
    """
    seen = Observed(root)
    found = read_lock(root, seen)
    lock = _clean(found or Lock())
    known = {note_type.name: note_type for note_type in lock.types.values()}
    config, problems, notices = read_config(root, deck, lock.vault_name, known, seen)
    outer = _outer_vault(seen)
    if outer is not None:
        part = root.resolve().relative_to(outer).as_posix()
        notices.append(
            f"this folder lies in the vault '{outer.name}', of whose other files its notes find none: "
            f"to build only these notes, build that vault with the setting `scan: [{part}]`"
        )
    # A regexp that is wrong is not used; the other cards are built.
    if any(problem.severity == ERROR and problem.code != "bad-regexp" for problem in problems):
        raise ConfigError(problems)
    vault, unread = scan(root)
    ignored = "`ignore`, or Obsidian's excluded files"
    try:
        paths = list(select_notes(vault.notes, config))
        ignored = f"`ignore` of {spaced_repetition.NAME}, or that plugin's settings"
        check_globs(paths, config.spaced_repetition.ignore)
    except GlobError as error:
        message = f"{error} ({ignored})"
        problem = Diagnostic("bad-config", Location(SETTINGS_NAME), message, MEND_GLOB)
        raise ConfigError([problem]) from error
    config, slow = _decide_clozes(vault, paths, config)
    problems += [*unread, *slow]
    return Session(root, vault, config, lock, found is None, paths, problems, notices, seen.inputs)


def _clean(lock: Lock) -> Lock:
    """Return a lock whose HTML is as harmless as that of notes; tags are one word each."""
    entries = {
        number: replace(
            entry,
            tags=tuple(word for tag in entry.tags for word in CONTROL.sub(" ", tag).split()),
            fields={name: make_safe(html) for name, html in entry.fields.items()},
            last=tuple(map(make_safe, entry.last)),
        )
        for number, entry in lock.entries.items()
        if entry.tags or entry.fields or entry.last
    }
    return replace(lock, entries={**lock.entries, **entries}) if entries else lock


def _outer_vault(seen: Observed) -> Path | None:
    """Return the vault that a folder is only a part of, None if it is one by itself."""
    real = seen.root.resolve()
    for folder in (real, *real.parents):
        if any(seen.exists(str(folder / mark)) for mark in FOLDER_MARKS):
            return folder if folder != real else None
    return None


def _decide_clozes(
    vault: Vault, paths: Sequence[str], config: Config
) -> tuple[Config, list[Diagnostic]]:
    """Return the settings with every note type a cloze type that is one by its cards.

    A regexp that is given up meanwhile is a problem: its cards were not all seen.

    Of a type that only the plugin's settings name, nothing is known but its fields; its name says
    nothing (Hueco is a cloze type), and the deletions may stand in any field.
    """
    guesses = {name for name, kind in config.note_types.items() if kind.is_guess}
    clozes: dict[str, set[str]] = {}
    slow: list[Diagnostic] = []
    spent: dict[str, float] = {}
    for path in paths if guesses else ():
        source = vault.read_note(path)
        if not isinstance(source, SourceFile) or not _may_hold_cloze(source.text, config):
            continue
        parsed, problems = parse_file(source, config, spent)
        # What is wrong with the note is told when it is compiled.
        slow += [problem for problem in problems if problem.location.path != path]
        for block in parsed.blocks:
            fields = _cloze_fields(block, config) if block.note_type in guesses else ()
            if fields:
                clozes.setdefault(block.note_type, set()).update(fields)
    types: dict[str, NoteType] = {
        name: as_cloze(kind, clozes[name]) if name in clozes else kind
        for name, kind in config.note_types.items()
    }
    return (replace(config, note_types=types) if clozes else config), [*dict.fromkeys(slow)]


def _may_hold_cloze(text: str, config: Config) -> bool:
    return "{{c" in text or (config.curly_clozes and ("{" in text or "==" in text))


def _cloze_fields(block: CardBlock, config: Config) -> list[str]:
    """Return the fields that hold a deletion; curly ones count in types named so, in any language."""
    is_named_so = names_cloze(block.note_type)
    return [
        field.name
        for field in block.fields
        if NATIVE.search(field.text) or (is_named_so and has_cloze(field.text, config))
    ]

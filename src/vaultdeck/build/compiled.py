"""Every note file of an open vault compiled: from the cache where that holds, else anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from vaultdeck.anki.decks import unify_letter_case
from vaultdeck.build.note_store import NoteStore, VaultNotes
from vaultdeck.build.session import Session
from vaultdeck.compile.cache.files import FileCache
from vaultdeck.compile.growth import MAX_IN_VAULT, Growth, report_too_long
from vaultdeck.compile.note_file import CompiledFile, Compiler
from vaultdeck.compile.parallel import compile_paths
from vaultdeck.embeds.targets import missing_name
from vaultdeck.markdown import shared_markdown
from vaultdeck.model import Location, Note, ParsedFile
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic, UnusableError, shorten
from vaultdeck.model.value import value
from vaultdeck.spelling import name_key
from vaultdeck.vault.links import Link, show_link, split_address, split_link
from vaultdeck.vault.names import Vault, shown_name
from vaultdeck.vault.progress import BUILDING, CACHE, REST, UNSEEN, Progress


@value(frozen=True, slots=True)
class Compiled:
    """All notes of a vault, before identity; `racy` is as in `Evidence`, None if it is not known.

    `store` keeps the notes of the files.
    """

    config: Config
    vault: Vault
    files: list[CompiledFile]
    problems: list[Diagnostic]
    store: NoteStore
    racy: dict[str, str] | None = None

    @property
    def notes(self) -> Sequence[Note]:
        """Return the notes in vault order, decks made one that differ only in letter case."""
        notes = VaultNotes(file.notes for file in self.files)
        decks = unify_letter_case(note.deck for note in notes)
        if not decks:
            return notes
        return VaultNotes(
            self.store.put(tuple(replace(n, deck=decks.get(n.deck, n.deck)) for n in file.notes))
            for file in self.files
        )

    @property
    def present(self) -> set[int]:
        """Return all IDs that stand anywhere in the vault, built or not."""
        return {number for file in self.files for number in file.ids}

    @property
    def parsed(self) -> Iterator[ParsedFile]:
        """Yield what note files say about cards, as far as it was kept."""
        return (file.parsed for file in self.files if file.parsed is not None)

    @property
    def is_whole(self) -> bool:
        """Tell whether every card could be seen."""
        return not any(problem.traits.hides_cards for problem in self.problems)


def compile_vault(
    session: Session, progress: Progress = UNSEEN, *, cache: Path | None = None, jobs: int = 1
) -> Compiled:
    """Compile every note file of an open vault that is not in the folder of caches `cache`.

    `jobs` is how many processes work, 0 for as many as pay. Raises UnusableError, with `card-too-large`,
    where the cards are too long together.
    """
    progress.begins(CACHE)
    compiler = _kind(progress)(session.vault, session.config)
    kept = None
    if cache:
        kept = FileCache(cache, session.vault, session.config, compiler.ask_media)
    store = NoteStore(session.config.note_types)
    growth = Growth(MAX_IN_VAULT, sum(session.vault.stats[path][0] for path in session.paths))
    recalled = kept.recall(session.paths) if kept else ()
    done: dict[str, CompiledFile] = {}
    for path, file in recalled:
        _count(growth, file)
        done[path] = replace(file, notes=store.put(file.notes))
    stale = [path for path in session.paths if path not in done]
    progress.recalled(len(done), len(stale))
    progress.begins(REST)
    results = compile_paths(session.vault, session.config, compiler, stale, jobs)
    for path, (file, asked) in zip(progress.over(stale, BUILDING), results, strict=True):
        _count(growth, file)
        done[path] = replace(file, notes=store.put(file.notes))
        progress.compiled(path, asked.seconds)
        if kept:
            progress.begins(CACHE)
            kept.keep(path, file, asked)
            progress.begins(REST)
    progress.begins(CACHE)
    if kept:
        kept.finish()
    progress.begins(REST)
    files = [done[path] for path in session.paths]
    found = hint_at_aliases(session.vault, zip(session.paths, files, strict=True))
    problems = [*session.problems, *found]
    racy = kept.racy() if kept else None
    return Compiled(session.config, session.vault, files, problems, store, racy)


def _count(growth: Growth, file: CompiledFile) -> None:
    """Add the cards of a note file; from whatever files they come first, too many end the build."""
    growth.add(file.notes, file.problems)
    if growth.is_endless:
        raise UnusableError([report_too_long(Location("."), "this vault")])


def _kind(progress: Progress) -> type[Compiler]:
    """Return the compiler that measures, if that is asked for."""
    if not progress.measures:
        return Compiler
    from vaultdeck.compile.timed import TimedCompiler

    return TimedCompiler


def hint_at_aliases(
    vault: Vault, files: Iterable[tuple[str, CompiledFile]]
) -> Iterator[Diagnostic]:
    """Yield the problems of note files; where a missing note is the alias of one, that is the hint.

    Obsidian does not follow `[[AI]]` to a note with the alias AI, and writes `[[Artificial
    Intelligence|AI]]`. `files` are the compiled files with their paths; of two notes with one alias the
    first is named.
    """
    files = list(files)
    meant: dict[str, str] = {}
    for path, file in files:
        for alias in file.aliases:
            meant.setdefault(name_key(alias), path)
    for _, file in files:
        for problem in file.problems:
            name = missing_name(problem).removesuffix(".md") if meant else ""
            path = meant.get(name_key(name), "")
            if not path:
                yield problem
                continue
            subpath, shown = _parts_of(text_at(vault, problem.location))
            note = shown_name(path) + subpath
            shown = shown or show_link(Link(name, subpath))
            link = f"![[{note}]]" if problem.code == "embed-not-found" else f"[[{note}|{shown}]]"
            hint = f"that is an alias of '{shorten(path)}': write {shorten(link)}"
            yield replace(problem, hint=hint)


def _parts_of(written: str) -> tuple[str, str]:
    """Return the subpath of a link as it is written, and its alias or text, if it has one."""
    tokens, _ = shared_markdown().parse(written)
    inline = [child for token in tokens for child in token.children or ()]
    link = next((token for token in inline if token.type in ("wikilink", "link_open")), None)
    if link is None:
        return "", ""
    if link.type == "wikilink":
        return split_link(link.meta["target"]).subpath, link.meta["alias"] or ""
    local = split_address(str(link.attrs["href"]))
    return local.subpath if local else "", "".join(token.content for token in inline)


def text_at(vault: Vault, place: Location) -> str:
    """Return the text of a place in a note; empty if the note cannot be read."""
    source = vault.read_note(place.path)
    if isinstance(source, Diagnostic):
        return ""
    span = source.span(place)
    return source.text[span.start : span.end]

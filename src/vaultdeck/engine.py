"""The pipeline: a vault's folder → stamped notes and everything that is wrong.

    scan → for each note file: parse → resolve → render → for all: identity → package

`compile_file` is a compiler's unit: one note file in, its notes out, independent of the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from markdown_it.token import Token

from vaultdeck.config import load_config
from vaultdeck.decks import clean_deck, unify_letter_case
from vaultdeck.diagnostics import ERROR, Diagnostic
from vaultdeck.identity import stamp
from vaultdeck.library import Library
from vaultdeck.links import obsidian_uri
from vaultdeck.markdown import Markdown
from vaultdeck.markdown.cloze import CLOZE_OPEN
from vaultdeck.markdown.place import find_place
from vaultdeck.model import (
    CardBlock,
    Config,
    Field,
    Location,
    MediaRef,
    Note,
    NoteType,
    ParsedFile,
    SourceFile,
    StampedNote,
)
from vaultdeck.parse import parse_file
from vaultdeck.render import escape_text, render_field
from vaultdeck.resolve import ExpansionTooLargeError, Resolver
from vaultdeck.vault import Vault, scan

# The tag of every note that vaultdeck makes, to find them in Anki's browser.
TAG = "vaultdeck"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
INVISIBLE_HTML = re.compile(r"<(?!img|video)[^>]*>|&nbsp;|[\s\u200b-\u200d\u2060\ufeff]+")
# What Obsidian replaces in a heading when it writes a link to it.
UNLINKABLE = re.compile(r"[#|^:\\]|%%|\[\[|\]\]")

Progress = Callable[[Iterable[str]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Build:
    """The outcome of a build: notes ready for the package, in vault order, and what is wrong."""

    config: Config
    vault: Vault
    notes: tuple[StampedNote, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        """Tell whether a card was left out."""
        return any(problem.severity == ERROR for problem in self.diagnostics)

    def read_media(self, ref: MediaRef) -> bytes:
        """Return the bytes of a media file; raises OSError."""
        return self.vault.read_bytes(ref.path)


def build(root: Path, now: int, deck: str | None = None, progress: Progress = iter) -> Build:
    """Build every card of the vault in folder `root`.

    `now` is the time in seconds that notes get; `deck` overrides the default deck; `progress` is
    passed the paths of the note files and hands them on. Raises OSError if the folder itself cannot
    be read; everything else that is wrong is a diagnostic.
    """
    config = load_config(root, deck)
    vault, problems = scan(root)
    compiler = Compiler(vault, config)
    diagnostics = list(problems)
    notes: list[Note] = []
    for path in progress(list(vault.notes)):
        compiled, found = compiler.compile_file(path)
        notes += compiled
        diagnostics += found
    stamped, found = stamp(unify_letter_case(notes), now)
    diagnostics += found
    if not stamped:
        message = "no card was built from this vault"
        hint = "a card is a block between the lines START and END"
        diagnostics.append(Diagnostic("no-cards", Location("."), message, hint))
    diagnostics.sort(key=lambda problem: (problem.location, problem.code))
    return Build(config, vault, tuple(stamped), tuple(diagnostics))


class Compiler:
    """Compiles the note files of one vault; what several files embed is parsed once."""

    def __init__(self, vault: Vault, config: Config) -> None:
        self._vault = vault
        self._config = config
        self._resolver = Resolver(Library(vault, config))
        self._markdown = {flag: Markdown(is_cloze=flag) for flag in (False, True)}

    def compile_file(self, path: str) -> tuple[list[Note], list[Diagnostic]]:
        """Return the notes of one note file, in the order of its blocks, and what is wrong."""
        source = self._vault.read_note(path)
        if isinstance(source, Diagnostic):
            return [], [source]
        parsed, problems = parse_file(source, self._config.markers, self._config.note_types)
        diagnostics = list(problems)
        notes = []
        for block in parsed.blocks:
            note, found = self._compile_block(parsed, block)
            diagnostics += found
            if note is not None:
                notes.append(note)
        return notes, diagnostics

    def _compile_block(
        self, parsed: ParsedFile, block: CardBlock
    ) -> tuple[Note | None, list[Diagnostic]]:
        source = parsed.source
        note_type = self._config.note_types[block.note_type]
        location = source.locate(block.span.start, block.span.end)
        problems: list[Diagnostic] = []
        media: dict[MediaRef, None] = {}
        html = dict.fromkeys(note_type.fields, "")
        try:
            for field in block.fields:
                html[field.name] = self._render(source, field, note_type, media, problems)
        except ExpansionTooLargeError as error:
            message = "the embeds of this card expand beyond all measure: the card is left out"
            hint = "embed a section instead of a whole note"
            return None, [Diagnostic("embed-too-large", error.location, message, hint)]
        if not INVISIBLE_HTML.sub("", html[note_type.fields[0]]):
            message = f"field '{note_type.fields[0]}' is empty: the card is left out"
            hint = "write the question below the note type"
            return None, [*problems, Diagnostic("empty-front", location, message, hint)]
        if block.id is None:
            message = "this card has no ID: its reviews are lost when its text changes"
            problems.append(Diagnostic("missing-id", location, message))
        if note_type.is_cloze and not any(map(CLOZE_OPEN.search, html.values())):
            message = "this cloze note hides nothing: its card shows the answer"
            hint = "write {{c1::…}} round what is to be recalled"
            problems.append(Diagnostic("cloze-missing", location, message, hint))
        self._fill(html, source.path, block.context)
        note = Note(
            location=location,
            note_type=note_type,
            deck=clean_deck(parsed.deck or "") or self._config.default_deck,
            tags=_merge_tags(block.tags, parsed.tags, (TAG,)),
            fields=tuple(CONTROL.sub("", text) for text in html.values()),
            media=tuple(media),
            id=block.id,
        )
        return note, problems

    def _render(
        self,
        source: SourceFile,
        field: Field,
        note_type: NoteType,
        media: dict[MediaRef, None],
        problems: list[Diagnostic],
    ) -> str:
        """Return the HTML of a field; note its media and problems."""
        lines = field.text.split("\n")

        def locate(inline: Token, start: int, end: int) -> Location:
            line, column = find_place(lines, inline, start)
            offset = field.origins[line] + column
            return source.locate(offset, offset + end - start)

        tokens = self._markdown[note_type.is_cloze].parse(field.text)
        resolved = self._resolver.resolve(tokens, source.path, locate)
        media.update(dict.fromkeys(resolved.media))
        problems += resolved.problems
        return render_field(
            resolved.tokens, breaks=self._config.breaks, is_cloze=note_type.is_cloze
        )

    def _fill(self, html: dict[str, str], path: str, headings: tuple[str, ...]) -> None:
        """Fill the fields that no author writes: the breadcrumb, and the link back to the note."""
        name = path.rpartition("/")[2][: -len(".md")]
        if "Context" in html:
            html["Context"] = escape_text(" > ".join([name, *headings]))
        if "Source" in html:
            subpath = "#" + UNLINKABLE.sub(" ", headings[-1]) if headings else ""
            address = obsidian_uri(self._config.vault_name, path, subpath)
            html["Source"] = f'<a href="{escape_text(address)}">Obsidian</a>'


def _merge_tags(*groups: Iterable[str]) -> tuple[str, ...]:
    """Return all tags once; Anki takes tags that differ only in letter case for one."""
    merged: dict[str, str] = {}
    for group in groups:
        for tag in group:
            merged.setdefault(tag.casefold(), tag)
    return tuple(merged.values())

"""One note file in, its notes out: parse, resolve, render.

This is the unit of a build, like a compiler's: a file compiles alone, whatever the other files'
cards are.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from vaultdeck.anki.cards import cloze_numbers
from vaultdeck.anki.decks import clean_deck
from vaultdeck.anki.identity import OUR_TAG, content_digest
from vaultdeck.anki.media import Refusal, remote_media
from vaultdeck.cards import parse_file, read_aliases
from vaultdeck.cards.curly_clozes import has_cloze
from vaultdeck.cards.ids import possible_ids
from vaultdeck.compile.added import append_context, append_link, fill_ours
from vaultdeck.compile.asked import Asked, VaultLookup
from vaultdeck.compile.fields import FieldRenderer
from vaultdeck.compile.growth import MAX_IN_FILE, Growth, report_too_long
from vaultdeck.compile.placing import place_ids
from vaultdeck.embeds import UNNEST, ExpansionTooLargeError
from vaultdeck.model import CardBlock, MediaRef, Note, NoteType, ParsedFile, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.model.value import value
from vaultdeck.regexps import regexp
from vaultdeck.spelling import with_plain_spaces
from vaultdeck.vault.names import Vault
from vaultdeck.vault.observed import hash_file

# A field that shows nothing.
INVISIBLE_HTML = regexp(
    r"(?:<(?!img|video|audio|iframe)[^>]*>|&nbsp;|[\s\u200b-\u200d\u2060\ufeff])*"
)
# Characters of one card; the longest in real vaults has 18,000.
MAX_CARD_LENGTH = 500_000


@value(frozen=True, slots=True)
class CompiledFile:
    """The notes of one note file and what is wrong in it.

    `unnamed` are the blocks of those notes that have no ID yet, in order, each with the one place that
    its ID goes to; `source` is the file's text if there are any. `ids` are the numbers of everything in
    the file that looks like an ID, `aliases` the other names that the note has. `parsed` is what the file
    says about cards, for a search for pasted text.
    """

    notes: Sequence[Note]
    problems: tuple[Diagnostic, ...]
    source: SourceFile | None = None
    unnamed: tuple[CardBlock, ...] = ()
    ids: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    parsed: ParsedFile | None = None


class Compiler:
    """Compiles the note files of one vault; what several files embed is parsed once."""

    def __init__(self, vault: Vault, config: Config) -> None:
        self._vault = vault
        self._config = config
        self._lookup = VaultLookup(vault, config)
        self._spent: dict[str, float] = {}

    def ask_media(self, path: str) -> MediaRef | Refusal:
        """Return a file's name in the package, or why it is not packed."""
        return self._lookup.ask_media(path)

    def compile_file(self, path: str) -> CompiledFile:
        """Return the notes of one note file, in the order of its blocks, and what is wrong."""
        return self.trace_file(path)[0]

    def compile_text(self, source: SourceFile) -> CompiledFile:
        """Return what a note file would give if it held this text."""
        self._lookup.hold(source)
        compiled = self.compile_file(source.path)
        self._lookup.hold(None)
        return compiled

    def trace_file(self, path: str) -> tuple[CompiledFile, Asked]:
        """Compile one note file and return what it asked of the vault besides."""
        asked = self._lookup.begin()
        source = self._lookup.read_note(path)
        if isinstance(source, Diagnostic):
            return CompiledFile((), (source,), ids=self._salvage_ids(path)), asked
        asked.text = hash_file(source.text.encode())
        parsed, problems = parse_file(source, self._config, self._spent)
        diagnostics = list(problems)
        notes: list[Note] = []
        unnamed: list[CardBlock] = []
        growth = Growth(MAX_IN_FILE, len(source.text))
        for block in parsed.blocks:
            if growth.is_endless:
                place = source.place(block.span)
                diagnostics.append(report_too_long(place, "this note"))
                break
            note, found = self._compile_block(parsed, block)
            growth.add([note] if note else [], found)
            diagnostics += found
            if note is not None:
                notes.append(note)
                if note.id is None:
                    unnamed.append(block)
        unnamed, refused = place_ids(parsed, problems, self._config, unnamed)
        if refused:
            diagnostics += refused
            safe = {source.place(block.span) for block in unnamed}
            notes = [note for note in notes if note.id is not None or note.location in safe]
        compiled = CompiledFile(
            tuple(notes),
            tuple(diagnostics),
            source if unnamed else None,
            tuple(unnamed),
            tuple(sorted(possible_ids(source.text) - parsed.deleted)),
            read_aliases(source),
            parsed if self._config.pasted else None,
        )
        return compiled, asked

    def _salvage_ids(self, path: str) -> tuple[int, ...]:
        """Return the IDs in a file that is not UTF-8: its cards are left out, not gone."""
        try:
            return tuple(sorted(possible_ids(self._vault.read_bytes(path).decode("latin-1"))))
        except OSError:
            return ()

    def _compile_block(
        self, parsed: ParsedFile, block: CardBlock
    ) -> tuple[Note | None, list[Diagnostic]]:
        source, config = parsed.source, self._config
        note_type = config.note_types[block.note_type]
        location = source.place(block.span)
        size = sum(len(field.text) for field in block.fields)
        if size > MAX_CARD_LENGTH:
            message = f"this card has {size:,} characters and is left out"
            hint = "split it, or close a block that is open by mistake"
            return None, [Diagnostic("card-too-large", location, message, hint)]
        work = FieldRenderer(source, location, note_type, config, self._lookup)
        html = dict.fromkeys(note_type.fields, "")
        try:
            html.update(work.render(block.fields))
            append_link(config, html, source.path, block)
            for name, text in work.render(parsed.frozen.get(block.note_type, ())).items():
                html[name] += text
            append_context(config, html, source.path, block)
        except RecursionError:
            message = "this card nests so deeply that it cannot be rendered: it is left out"
            return None, [Diagnostic("card-too-deep", location, message, UNNEST)]
        except ExpansionTooLargeError as error:
            message = "with this embed a card expands beyond all measure: the card is left out"
            hint = "embed a section instead of a whole note"
            problem = Diagnostic("embed-too-large", error.location, message, hint, error.via)
            return None, [problem]
        problems = work.problems
        if any(problem.code == "conflict-marker" for problem in problems):
            return None, problems
        # Blocks and inline notes have names of fields in them, the others' cards have not.
        is_marked = block.syntax in ("block", "inline")
        if INVISIBLE_HTML.fullmatch(html[note_type.fields[0]]):
            message = f"field '{note_type.fields[0]}' is empty: the card is left out"
            hint = (
                "write the question below the note type"
                if is_marked
                else "write a question, or narrow the regexp that finds it"
            )
            # What a pattern finds may be no card at all, unless it has an ID.
            code = "empty-front" if is_marked or block.id else "half-card"
            return None, [*problems, Diagnostic(code, location, message, hint)]
        if not (note_type.is_cloze or block.is_prompt) and _has_only_front(note_type, html):
            message = f"the card has a question, but '{note_type.written[1]}' is empty"
            hint = (
                f"write the answer behind '{note_type.written[1]}:'"
                if is_marked
                else f"the regexp found no text for '{note_type.written[1]}': remove the empty line "
                "above the answer, or widen the regexp"
            )
            problems.append(Diagnostic("empty-back", location, message, hint))
        if note_type.is_cloze and not cloze_numbers(note_type, list(html.values())):
            message = "this cloze note hides nothing: Anki shows an error in place of the question"
            hint = "write {{c1::…}} round what is to be recalled, with a number from 1 to 500"
            all_on = replace(config, curly_clozes=True, highlight_clozes=True)
            if any(has_cloze(field.text, all_on) for field in block.fields):
                hint += ", or switch on curly_clozes and, for ==x==, highlight_clozes"
            problems.append(Diagnostic("cloze-missing", location, message, hint))
        fill_ours(config, html, source.path, block)
        html = work.guard(html)
        folders = _folders(source.path)
        folder_tags = [config.folder_tags.get(folder, ()) for folder in folders]
        folder_deck = next((d for f in folders if (d := config.folder_decks.get(f))), "")
        tags = _merge_tags(
            *folder_tags, config.tags, block.tags, work.tags, parsed.tags, (OUR_TAG,)
        )
        fields, media = tuple(html.values()), tuple(work.media)
        note = Note(
            location=location,
            kind=block.note_type,
            note_type=note_type,
            deck=clean_deck(block.deck or "") or clean_deck(folder_deck) or config.default_deck,
            tags=tags,
            fields=fields,
            media=media,
            id=block.id,
            remote=tuple(dict.fromkeys([a for text in fields for a in remote_media(text)])),
            digest=content_digest(note_type, fields, tags, media),
            syntax=block.syntax,
        )
        return note, problems


def _has_only_front(note_type: NoteType, html: Mapping[str, str]) -> bool:
    """Tell whether nothing but the first field of a note shows anything."""
    others = [name for name in note_type.written if name != note_type.fields[0]]
    return bool(others) and all(INVISIBLE_HTML.fullmatch(html[name]) for name in others)


def _merge_tags(*groups: Iterable[str]) -> tuple[str, ...]:
    """Return all tags once; Anki takes tags that differ only in letter case for one."""
    merged: dict[str, str] = {}
    for group in groups:
        for tag in group:
            merged.setdefault(tag.casefold(), tag)
    return tuple(merged.values())


@functools.lru_cache(maxsize=8)
def _folders(path: str) -> list[str]:
    """Return the folders that a file is in, innermost first, the vault's root ("") last; remembered."""
    parts = with_plain_spaces(path).split("/")[:-1]
    return ["/".join(parts[:count]) for count in range(len(parts), -1, -1)]

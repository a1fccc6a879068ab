"""The fields of one card, from Markdown to HTML."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from vaultdeck.cloze_checks import Place, check_clozes, find_misplaced_cloze
from vaultdeck.diagnostics import Diagnostic
from vaultdeck.markdown import Markdown, find_too_deep
from vaultdeck.markdown.place import find_place
from vaultdeck.model import Config, Field, Location, MediaRef, NoteType, SourceFile
from vaultdeck.parse.curly import Native, to_native
from vaultdeck.parse.tags import clean_tags
from vaultdeck.render import render_field
from vaultdeck.resolve import UNNEST, Card, Footnote, Locate, Resolver


class FieldRenderer:
    """Renders the fields of one card; collects its media, the tags in its text, and its problems."""

    def __init__(
        self, source: SourceFile, note_type: NoteType, config: Config, resolver: Resolver
    ) -> None:
        self.media: dict[MediaRef, None] = {}
        self.tags: list[str] = []
        self.problems: list[Diagnostic] = []
        self._source = source
        self._config = config
        self._resolver = resolver
        self._is_cloze = note_type.is_cloze
        self._card = Card(note_type.is_cloze)

    def render(self, fields: Sequence[Field]) -> dict[str, str]:
        """Return the HTML of fields by name; all are parsed first, as they share their footnotes.

        Raises ExpansionTooLargeError.
        """
        parsed = [(field, self._parse(field)) for field in fields]
        return {field.name: self._render(field, *rest) for field, rest in parsed}

    def _parse(self, field: Field) -> tuple[list[Token], Locate]:
        """Return the tokens of a field and the way from one of them to its place in the note file."""
        native = self._native(field)
        lines = native.text.split("\n")
        starts = list(itertools.accumulate((len(line) + 1 for line in lines), initial=0))
        place = self._placer(field, native)

        def locate(inline: Token, start: int, end: int) -> Location:
            spots = find_place(lines, inline, start, end)
            first, last = (starts[line] + column for line, column in spots)
            return place(first, last)

        tokens, footnotes = _markdown(self._is_cloze).parse(native.text)
        for name, definition in footnotes.items():
            self._card.footnotes.setdefault(name, Footnote(definition, locate))
        deep = find_too_deep(tokens)
        if deep is not None:
            line = deep.map[0] if deep.map else 0
            message = (
                "lists, quotes or brackets nest too deeply: what is deeper is shown as text or not"
            )
            location = self._source.locate(field.origins[min(line, len(field.origins) - 1)])
            self.problems.append(Diagnostic("nested-too-deep", location, message, UNNEST))
        if self._config.cuts_tags:
            self.tags += _cut_tags(tokens)
        return tokens, locate

    def _render(self, field: Field, tokens: list[Token], locate: Locate) -> str:
        resolved = self._resolver.resolve(tokens, self._source.path, locate, self._card)
        self.media.update(dict.fromkeys(resolved.media))
        self.problems += resolved.problems
        html = render_field(resolved.tokens, breaks=self._config.breaks, is_cloze=self._is_cloze)
        if self._is_cloze:
            native = self._native(field)
            self.problems += check_clozes(native.text, html, self._placer(field, native))
        else:
            place = self._placer(field, Native(field.text))
            self.problems += find_misplaced_cloze(field.text, tokens, place)
        return html

    def _native(self, field: Field) -> Native:
        """Return the text of a field with deletions in Anki's own form."""
        return to_native(field.text, self._config) if self._is_cloze else Native(field.text)

    def _placer(self, field: Field, native: Native) -> Place:
        """Return the way from offsets in a field's native text to their place in the note file."""

        def place(start: int, end: int) -> Location:
            span = native.origin(start, end)
            return self._source.locate(*(_offset(field, at) for at in (span.start, span.end)))

        return place


def _offset(field: Field, at: int) -> int:
    """Return the offset in the note file of one in a field's text."""
    line = field.text.count("\n", 0, at)
    return field.origins[line] + at - (field.text.rfind("\n", 0, at) + 1)


@functools.cache
def _markdown(is_cloze: bool) -> Markdown:
    """Return the parser for a kind of note; building one takes longer than parsing a short card."""
    return Markdown(is_cloze=is_cloze)


def _cut_tags(tokens: Iterable[Token]) -> list[str]:
    """Take the tags out of the text and return them in Anki's form."""
    names: list[str] = []
    for token in tokens:
        if token.children:
            names += [child.content for child in token.children if child.type == "tag"]
            token.children = [child for child in token.children if child.type != "tag"]
    return clean_tags(names)

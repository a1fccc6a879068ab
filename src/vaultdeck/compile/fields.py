"""The fields of one card, from Markdown to HTML."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from markdown_it.token import Token

from vaultdeck.cards.curly_clozes import Native, to_native
from vaultdeck.cards.tags import clean_tags
from vaultdeck.compile.cloze_checks import check_clozes, find_misplaced_cloze
from vaultdeck.embeds import UNNEST, CardState, Footnote, Lookup, resolve
from vaultdeck.embeds.formulas import spell_letters, unsafe_math
from vaultdeck.embeds.splice import BREAKS
from vaultdeck.html import Dropped, guard_fields, render_field
from vaultdeck.html.inert import escape_text
from vaultdeck.markdown import find_too_deep, plain_line, shared_markdown
from vaultdeck.markdown.place import Places
from vaultdeck.model import Field, Location, MediaRef, NoteType, SourceFile, line_starts
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.regexps import regexp

# Code that Obsidian, or a plugin in many vaults, shows as something else.
DRAWN_CODE = frozenset(
    "abc base button cardlink chart dataview dataviewjs desmos-graph functionplot handwritten-ink "
    "img-gallery jsxgraph leaflet markmap mermaid meta-bind-button meta-bind-embed plantuml pseudo "
    "query smiles tasks tikz timeline tracker vega-lite".split()
)
ADMONITION = "ad-"
# What a plugin works out amid text, by the token that holds it: Dataview's queries, Templater's commands.
WORKED_OUT = {
    "code_inline": regexp(r"\A\$?=\s*(?:this|dv)\..*", re.DOTALL),
    "text": regexp(r"<%[-_*+~]?\s+\S*"),
}


class _Parsed:
    """A field's text with deletions in Anki's own form, its tokens, and their places in the note file.

    A text that is a plain `line` has no tokens. Places are worked out when they are asked for: most fields
    have nothing to report.
    """

    def __init__(self, source: SourceFile, field: Field, native: Native) -> None:
        self.text, self.line = native.text, plain_line(native.text)
        self.tokens: list[Token] = []
        self._source, self._field, self._native = source, field, native

    @functools.cached_property
    def _places(self) -> Places:
        return Places(self.text.split("\n"))

    def locate(self, inline: Token, start: int, end: int) -> Location:
        """Return the place of a range of an inline token's content."""
        spots = self._places.find(inline, start, end)
        first, last = (line_starts(self.text)[line] + column for line, column in spots)
        return self.place(first, last)

    def place(self, start: int, end: int) -> Location:
        """Return the place of a range of the text."""
        span = self._native.origin(start, end)
        return self._source.locate(self._offset(span.start), self._offset(span.end))

    def _offset(self, at: int) -> int:
        """Return the offset in the note file of one in the field's text."""
        starts = line_starts(self._field.text)
        line = bisect_right(starts, at) - 1
        return self._field.origins[line] + at - starts[line]


class FieldRenderer:
    """Renders the fields of one card; collects its media, the tags in its text, and its problems."""

    def __init__(
        self,
        source: SourceFile,
        location: Location,
        note_type: NoteType,
        config: Config,
        lookup: Lookup,
    ) -> None:
        self.media: dict[MediaRef, None] = {}
        self.tags: list[str] = []
        self.problems: list[Diagnostic] = []
        self._location = location
        self._parsed: dict[str, list[_Parsed]] = {}
        self._source = source
        self._config = config
        self._lookup = lookup
        self._is_cloze = note_type.is_cloze
        self._card = CardState(note_type.is_cloze)
        self._has_told_dropped = False

    def render(self, fields: Sequence[Field]) -> dict[str, str]:
        """Return the HTML of fields by name; all are parsed first, as they share their footnotes.

        Raises ExpansionTooLargeError.
        """
        parsed = [(field.name, self._parse(field)) for field in fields if field.text]
        for name, field in parsed:
            self._parsed.setdefault(name, []).append(field)
        return {name: self._render(field) for name, field in parsed}

    def guard(self, html: Mapping[str, str]) -> dict[str, str]:
        """Return the finished fields of the card behind the gate; tell which formulas are text now."""
        filled = {name: text for name, text in html.items() if text}
        guarded = guard_fields(filled, is_cloze=self._is_cloze)
        for name, field in guarded.items():
            for tex, reason in field.refused:
                if spell_letters(tex) not in self._card.told:
                    self.problems.append(unsafe_math(self._find(name, tex), reason))
        return {**html, **{name: field.html for name, field in guarded.items()}}

    def _tell_dropped(self, field: _Parsed, dropped: Dropped) -> None:
        """Tell once what raw HTML a reader misses on the card, or does not see in Obsidian."""
        names = [*dropped.missed, *dropped.texts]
        if not names or self._has_told_dropped:
            return
        self._has_told_dropped = True
        at = max(field.text.find(names[0]), 0)
        says = [
            (dropped.missed, "a card does not show {}"),
            (dropped.texts, "shown as text, which Obsidian hides: {}"),
        ]
        message = "; ".join(
            text.format(", ".join(f"'{shorten(name)}'" for name in dict.fromkeys(found)))
            for found, text in says
            if found
        )
        hint = "embed a picture of it, or put what is meant as text between backticks"
        location = field.place(at, at + len(names[0]))
        self.problems.append(Diagnostic("html-dropped", location, message, hint))

    def _find(self, name: str, tex: str) -> Location:
        """Return the place of a formula in a field, or else of the field."""
        parsed = self._parsed.get(name, [])
        for part in (tex.strip(), tex.strip()[:8], "\\"):
            for field in parsed:
                at = field.text.find(part)
                if at >= 0:
                    return field.place(at, at + len(part))
        return parsed[0].place(0, len(parsed[0].text)) if parsed else self._location

    def _parse(self, field: Field) -> _Parsed:
        native = to_native(field.text, self._config) if self._is_cloze else Native(field.text)
        parsed = _Parsed(self._source, field, native)
        if parsed.line is not None:
            return parsed
        tokens, footnotes = shared_markdown(is_cloze=self._is_cloze).parse(native.text)
        parsed.tokens = tokens
        for name, definition in footnotes.items():
            self._card.footnotes.setdefault(name, Footnote(definition, parsed.locate))
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
        return parsed

    def _render(self, field: _Parsed) -> str:
        if field.line is not None:
            return escape_text(field.line)
        resolved = resolve(field.tokens, self._source.path, field.locate, self._card, self._lookup)
        self.media.update(dict.fromkeys(resolved.media))
        self.problems += resolved.problems
        dropped = Dropped()
        html = render_field(
            resolved.tokens, breaks=self._config.breaks, is_cloze=self._is_cloze, dropped=dropped
        )
        self._tell_dropped(field, dropped)
        self.problems += _unsafe_links(field, dropped.links)
        self.problems += _shown_as_code(field, resolved.tokens)
        if self._is_cloze:
            self.problems += check_clozes(field.text, html, field.place)
        else:
            self.problems += find_misplaced_cloze(field.text, field.tokens, field.place)
        return html


def _unsafe_links(field: _Parsed, links: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield `unsafe-link` for each address that no link on the card leads to."""
    for link in dict.fromkeys(links):
        written = link if link in field.text else link.partition(":")[0]
        at = max(field.text.find(written), 0)
        message = f"a card does not lead to '{shorten(link)}', which may make a program act"
        hint = "link to a web page, or to a note or file of the vault"
        yield Diagnostic("unsafe-link", field.place(at, at + len(written)), message, hint)


def _shown_as_code(field: _Parsed, tokens: Iterable[Token]) -> Iterator[Diagnostic]:
    """Yield `shown-as-code` for each code of which Obsidian or a plugin shows something else."""
    for written in dict.fromkeys(part for token in tokens for part in _sources(token)):
        at = max(field.text.find(written), 0)
        message = f"cards show '{shorten(written)}' as its source, not what Obsidian makes of it"
        is_drawn = written[0] not in "<$="
        wanted = (
            "embed a picture of it" if is_drawn else "write what it comes to, `ignore` templates"
        )
        hint = f"{wanted}, or set 'shown-as-code: off' under `severities`"
        yield Diagnostic("shown-as-code", field.place(at, at + len(written)), message, hint)


def _sources(token: Token) -> Iterator[str]:
    """Yield what in a block Obsidian shows as something else: a fence's language, or the whole text."""
    info = token.info.strip() if token.type == "fence" else ""
    language = info.split(maxsplit=1)[0] if info else ""
    if language.lower() in DRAWN_CODE or language.lower().startswith(ADMONITION):
        yield language
    for child in token.children or ():
        pattern = WORKED_OUT.get(child.type)
        if pattern and (found := pattern.search(child.content)):
            yield found[0]


def _cut_tags(tokens: Iterable[Token]) -> list[str]:
    """Take the tags out of the text, with lines of nothing else; return them in Anki's form."""
    names: list[str] = []
    for token in tokens:
        children = token.children or []
        found = [child.content for child in children if child.type == "tag"]
        if found:
            names += found
            token.children = [child for line in _untagged(children) for child in line]
            del token.children[: int(bool(token.children) and token.children[0].type in BREAKS)]
    return clean_tags(names)


def _untagged(children: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the lines of inline tokens, each with the break above it, without tags."""
    lines: list[list[Token]] = [[]]
    for child in children:
        if child.type in BREAKS:
            lines.append([])
        lines[-1].append(child)
    for line in lines:
        kept = [child for child in line if child.type != "tag"]
        if len(kept) == len(line) or any(
            child.type not in BREAKS and (child.type != "text" or child.content.strip())
            for child in kept
        ):
            yield kept

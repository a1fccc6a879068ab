"""Anki's template language: a template as text, fields and sections, and whether it shows a field.

    {{Field}}  {{filter:Field}}  {{#Field}}if filled{{/Field}}  {{^Field}}if empty{{/Field}}

Written from what Anki shows, and compared with the real one by the tests. HTML comments are left alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from vaultdeck.model import NoteType
from vaultdeck.model.diagnostics import shorten
from vaultdeck.model.value import value
from vaultdeck.regexps import regexp

# `{{Front}}`, `{{cloze:Text}}`, `{{#Extra}}`, `{{/Extra}}`, where only the names are of interest.
TEMPLATE_TAG = regexp(r"\{\{(?P<mark>[#^/]?)(?:[\w-]+:)*(?P<name>[^{}:]+)\}\}")
TEMPLATE_MARK = regexp(r"<!--|\{\{")
# Templates from before 2012 may begin with a line that sets other brackets.
OLD_MARK = "{{=<% %>=}}"
OLD_TEMPLATE_MARK = regexp(r"<!--|<%")
# Anki crashes at some ten thousand sections in each other, and looks anew for each end that is missing.
MAX_SECTION_NESTING = 100
MAX_UNCLOSED = 1_000
# Each note has all fields of its type, be they empty, and may have a card for each template.
MAX_FIELDS = 500
MAX_TEMPLATES = 100
CLOSINGS = {"<!--": "-->", "{{": "}}", "<%": "%>"}


class TemplateError(ValueError):
    """A template that Anki would not show; the message says why."""


class EndlessTemplateError(TemplateError):
    """A template at which Anki would crash, or never come to an end."""


@value(frozen=True, slots=True)
class Shown:
    """`{{filter:Field}}`: the filters stand in the order in which they apply."""

    field: str
    filters: tuple[str, ...] = ()


@value(frozen=True, slots=True)
class TemplateSection:
    """What is shown if a field is filled, or (`is_negated`) if it is empty."""

    field: str
    is_negated: bool
    parts: tuple[str | Shown | TemplateSection, ...]


TemplatePart = str | Shown | TemplateSection


@functools.lru_cache(maxsize=512)
def parse(template: str) -> tuple[TemplatePart, ...]:
    """Split a template into text, fields and sections; raises TemplateError."""
    pattern = TEMPLATE_MARK
    if template.lstrip().startswith(OLD_MARK):
        template, pattern = template.lstrip()[len(OLD_MARK) :], OLD_TEMPLATE_MARK
    # Each level: the tag that opened it, and the parts so far.
    levels: list[tuple[str, list[TemplatePart]]] = [("", [])]
    done = 0
    for start, written, end in _tags(template, pattern):
        levels[-1][1].append(template[done:start])
        done = end
        tag = written.lstrip("{").strip()
        name = tag[1:].strip()
        if tag[:1] in ("#", "^"):
            levels.append((tag[0] + name, []))
            if len(levels) > MAX_SECTION_NESTING:
                raise EndlessTemplateError("its sections nest too deeply")
        elif tag[:1] == "/":
            opened, parts = levels.pop()
            if opened[1:] != name or not levels:
                raise TemplateError(f"{{{{/{name}}}}} closes nothing that is open")
            levels[-1][1].append(TemplateSection(name, opened[0] == "^", tuple(parts)))
        else:
            *filters, field = tag.split(":")
            levels[-1][1].append(Shown(field.strip(), tuple(reversed(filters))))
    if len(levels) > 1:
        raise TemplateError(f"{{{{{levels[-1][0]}}}}} is not closed")
    return (*levels[0][1], template[done:])


def refuse_endless(kind: NoteType) -> None:
    """Raise ValueError for a note type beyond all measure; other mistakes Anki says on the card."""
    if len(set(kind.fields)) < len(kind.fields):
        raise ValueError(f"two fields of '{shorten(kind.name)}' have one name")
    if len(kind.fields) > MAX_FIELDS or len(kind.templates) > MAX_TEMPLATES:
        raise ValueError(f"'{shorten(kind.name)}' has too many fields or templates")
    for side in (side for template in kind.templates for side in (template.front, template.back)):
        try:
            parse(side)
        except EndlessTemplateError as error:
            raise ValueError(f"a template of '{shorten(kind.name)}' is none: {error}") from None
        except TemplateError:
            continue


def _tags(template: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, str, int]]:
    """Yield where each tag of a template begins, what it says, where it ends; raises TemplateError."""
    pos, left, unclosed = 0, 0, set[str]()
    while match := pattern.search(template, pos):
        pos, mark = match.end(), match[0]
        # What no end follows here has none later.
        end = -1 if mark in unclosed else template.find(CLOSINGS[mark], pos)
        if end < 0:
            unclosed.add(mark)
            pos = match.start() + 1
            left += 1
            if left > MAX_UNCLOSED:
                raise EndlessTemplateError(f"too many {mark} are not closed")
            continue
        if mark != "<!--":
            yield match.start(), template[pos:end], end + len(CLOSINGS[mark])
        pos = end + len(CLOSINGS[mark])


def template_tags(template: str) -> list[tuple[str, str]]:
    """Return the mark (`#`, `^`, `/` or none) and the name of each tag, without its filters."""
    return [(tag["mark"], tag["name"].strip()) for tag in TEMPLATE_TAG.finditer(template)]


@functools.lru_cache(maxsize=1024)
def shows_a_field(front: str, filled: frozenset[str]) -> bool:
    """Tell whether a template shows a filled field; if it shows none, Anki calls the front blank."""
    try:
        return _shows(parse(front), filled)
    except TemplateError:
        return False


def _shows(parts: tuple[TemplatePart, ...], filled: frozenset[str]) -> bool:
    for part in parts:
        if isinstance(part, TemplateSection):
            if (part.field in filled) != part.is_negated and _shows(part.parts, filled):
                return True
        elif isinstance(part, Shown) and part.field in filled:
            return True
    return False

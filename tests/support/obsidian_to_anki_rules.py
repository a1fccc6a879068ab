"""What Obsidian_to_Anki takes for notes, by its documented rules: an oracle for tests.

Written from the plugin's manual, with nothing of vaultdeck in it. Every ID is taken for that of a note
that Anki has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

TYPES = {"Basic": ["Front", "Back"], "Cloze": ["Text", "Back Extra"]}
BLOCK = re.compile(r"^START\n((?:.*\n)+?)END", re.M)
INLINE = re.compile(r"STARTI(.*?)ENDI")
ID = re.compile(r"(?:<!--)?ID: ([0-9]+)")
# What is put behind a regexp, in this order: the passes with an ID come first.
TAG_SUFFIX, ID_SUFFIX = r"(Tags: .*)", r"\n?(?:<!--)?ID: ([0-9]+).*"
# What hides the match of a regexp that lies wholly within, with a character of slack.
HIDING = (
    re.compile(r"(?<!\$)\$(?=[^\s$])[\s\S]*?\S\$"),
    re.compile(r"\$\$[\s\S]*?\$\$"),
    re.compile(r"(?<!`)`(?=[^`])[\s\S]*?`"),
    re.compile(r"```[\s\S]*?```"),
)
DIRECTIVES = (r"^TARGET DECK(?:\n|: ).*", r"^FILE TAGS(?:\n|: ).*")
NATIVE = re.compile(r"{{c[0-9]+::[\s\S]+?}}")


class Found(NamedTuple):
    """A note as the plugin reads it, its fields before they are formatted."""

    note_type: str
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    id: int | None = None


def obsidian_to_anki(
    text: str, regexps: Mapping[str, str], types: Mapping[str, Sequence[str]] = TYPES
) -> list[Found]:
    """Return the notes of a file: all blocks, then all inline notes, then what regexps find."""
    blocks, inline = list(BLOCK.finditer(text)), list(INLINE.finditer(text))
    found = [note for match in blocks if (note := _block(match[1], types))]
    found += [note for match in inline if (note := _inline(match[1], types))]
    hidden = [match.span() for match in (*blocks, *inline)]
    hidden += [match.span() for pattern in HIDING for match in pattern.finditer(text)]
    first = (re.search(directive, text, re.M) for directive in DIRECTIVES)
    hidden += [match.span() for match in first if match]
    return [*found, *_regexps(text, regexps, types, hidden)]


def _block(body: str, types: Mapping[str, Sequence[str]]) -> Found | None:
    lines = body.strip().split("\n")
    number = ID.search(lines[-1])
    if number:
        lines.pop()
    tags: tuple[str, ...] = ()
    if lines and lines[-1].startswith("Tags: "):
        tags = tuple(filter(None, lines.pop()[len("Tags: ") :].split(" ")))
    if not lines or lines[0] not in types:
        return None
    names = types[lines[0]]
    fields, current = dict.fromkeys(names, ""), names[0]
    for line in lines[1:]:
        begun = next((name for name in names if line.startswith(f"{name}:")), "")
        current = begun or current
        fields[current] += (line[len(begun) + 1 :] if begun else line) + "\n"
    return _found(lines[0], fields.values(), tags, number)


def _inline(body: str, types: Mapping[str, Sequence[str]]) -> Found | None:
    number = ID.search(body)
    body = body[: number.start()] if number else body
    tagged = re.search("Tags: (.*)", body)
    tags = tuple(filter(None, tagged[1].split(" "))) if tagged else ()
    named = re.search(r"\[(.*?)\]", body[: tagged.start()] if tagged else body)
    if not named or named[1] not in types:
        return None
    names = types[named[1]]
    fields, current = dict.fromkeys(names, ""), names[0]
    for word in (body[: tagged.start()] if tagged else body)[named.end() :].split(" "):
        if word[:-1] in names and word.endswith(":"):
            current = word[:-1]
        else:
            fields[current] += word + " "
    return _found(named[1], fields.values(), tags, number)


def _regexps(
    text: str,
    regexps: Mapping[str, str],
    types: Mapping[str, Sequence[str]],
    hidden: list[tuple[int, int]],
) -> Iterator[Found]:
    for name, pattern in regexps.items():
        for has_id, has_tags in ((True, True), (True, False), (False, True), (False, False)):
            suffix = TAG_SUFFIX * has_tags + ID_SUFFIX * has_id
            for match in re.finditer(pattern + suffix, text, re.M):
                if any(a - 1 <= match.start() and match.end() <= b + 1 for a, b in hidden):
                    continue
                groups = list(match.groups(""))
                number = ID.search(f"ID: {groups.pop()}") if has_id else None
                tags = tuple(groups.pop()[len("Tags: ") :].split(" ")) if has_tags else ()
                if "Cloze" in name and not any(map(NATIVE.search, groups)):
                    continue
                hidden.append(match.span())
                fields = [*groups, *[""] * (len(types[name]) - len(groups))]
                yield _found(name, fields, tuple(filter(None, tags)), number)


def _found(
    name: str,
    fields: Iterable[str],
    tags: Sequence[str],
    number: re.Match[str] | None,
) -> Found:
    return Found(
        name,
        tuple(text.strip() for text in fields),
        tuple(tags),
        int(number[1]) if number else None,
    )

"""The embed of a section, written as Obsidian writes it.

![[Critical points#Saddle points]]      the shortest path that means one note
![[#Saddle points]]                     of the same note
![[Lemmas#Zorn#Proof]]                  where the note has another 'Proof'
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vaultdeck.compile.added import UNLINKABLE
from vaultdeck.compile.asked import VaultLookup
from vaultdeck.embeds.headings import HEADING_LEVELS, Heading, heading_key, split_subpath
from vaultdeck.pasted.index import Index, Section
from vaultdeck.regexps import regexp
from vaultdeck.vault.names import Vault

# How many headings above one are looked at for those that it stands under.
FAR = 500
# Code in a fence that no parser takes for anything else.
PLAIN_CODE = regexp(r"\n```[^`\n]*\n(?:(?!```).*\n)*```(?=\n|\Z)")
# What may hide a heading from the parser; lines that may be one or make one of that above, headings without
# a text, and such as may end in a block ID, which is none of it.
ODD_MARKS = ("%%", "<", "~~~", "```")
ODD_HEADING = regexp(r"\n(?:[ \t]+#|[ \t>]*(?:=+|-+)[ \t]*(?:\n|\Z)|#{1,6}(?:\n|\Z)|#[^\n^]*\^)")
# What no link's path can hold.
UNLINKABLE_PATH = regexp(r"[#|^]|\[\[|\]\]")


@dataclass(slots=True)
class Links:
    """Writes embeds; each is looked up as a build does, and shows its section and no other."""

    index: Index
    vault: Vault
    lookup: VaultLookup
    _subpaths: dict[tuple[int, int], str | None] = field(default_factory=dict)
    _plain: dict[int, bool] = field(default_factory=dict)
    _keys: dict[int, Counter[str]] = field(default_factory=dict)
    _lines: dict[int, dict[int, int]] = field(default_factory=dict)

    def embed(self, section: Section, source: str) -> str | None:
        """Return the embed of a section for note file `source`, None if none can mean it."""
        path = self.index.notes[section.note].path
        key = section.note, section.heading
        if key not in self._subpaths:
            self._subpaths[key] = self._subpath(section)
        subpath = self._subpaths[key]
        if subpath is None or (not subpath and path == source):
            return None
        link = "" if path == source else self._path(path, source)
        return None if link is None else f"![[{link}{subpath}]]"

    def _is_plain(self, note: int) -> bool:
        """Tell whether each heading that was read is one for the parser as well, and no other is.

        No comment, HTML, code, underline or formula hides one or makes one.
        """
        if note not in self._plain:
            rows = self.index.notes[note].rows
            text = "\n".join(["", *(self.index.names.texts[number] for number in rows.numbers)])
            formulas = text.split("$$")
            text = PLAIN_CODE.sub("", text)
            self._plain[note] = (
                not rows.indented
                and not any(mark in text for mark in ODD_MARKS)
                and not ODD_HEADING.search(text)
                and len(formulas) % 2 == 1
                and not any("\n#" in f or "```" in f for f in formulas[1::2])
            )
        return self._plain[note]

    def _keys_of(self, note: int) -> Counter[str]:
        """Return how many headings of a note there are of each text, as links compare it."""
        if note not in self._keys:
            levels = enumerate(self.index.notes[note].rows.levels)
            texts = (self._text(note, row) for row, level in levels if level)
            self._keys[note] = Counter(map(heading_key, texts))
        return self._keys[note]

    def _text(self, note: int, row: int) -> str:
        return self.index.names.texts[self.index.notes[note].rows.numbers[row]][2:]

    def _path(self, path: str, source: str) -> str | None:
        written = path[: -len(".md")]
        if UNLINKABLE_PATH.search(written):
            return None
        name = written.rpartition("/")[2]
        for link in (name, written, f"/{written}"):
            found = self.vault.find(link, source)
            is_one = found.path == path and not found.others
            if is_one and (link != name or self.vault.has_unique_name(path)):
                return link
        return None

    def _subpath(self, section: Section) -> str | None:
        """Return what names the section in its note, behind the path; None if nothing does."""
        note = self.index.notes[section.note]
        if section.heading < 0:
            return ""
        text = self._text(section.note, section.heading)
        if self._is_plain(section.note) and self._keys_of(section.note)[heading_key(text)] == 1:
            return f"#{_linked(text)}" if _linked(text) else None
        document = self.lookup.document(note.path)
        if document is None:
            return None
        if section.note not in self._lines:
            self._lines[section.note] = {h.line: n for n, h in enumerate(document.outline.headings)}
        at = self._lines[section.note].get(note.rows.lines[section.heading])
        if at is None:
            return None
        headings, end = document.outline.headings, document.outline.ends[at]
        lines, stop = note.rows.lines, headings[end].line if end < len(headings) else math.inf
        is_end = section.stop == len(lines) or lines[section.stop] >= stop
        if not is_end or lines[section.stop - 1] >= stop:
            return None
        ways = [names for names in _ways(headings, at) if document.outline.find(names) == at]
        ways = [names for names in ways if split_subpath("#" + "#".join(names)) == names]
        # Where another heading fits as well, the first is meant.
        best = min(ways, key=document.outline.is_ambiguous, default=None)
        return "#" + "#".join(best) if best else None


def _linked(heading: str) -> str:
    """Return a heading's text as it stands in a link."""
    return " ".join(UNLINKABLE.sub(" ", heading).split())


def _ways(headings: Sequence[Heading], at: int) -> Iterator[list[str]]:
    """Yield the names that may lead to a heading: its own, then those above, more and more."""
    names: list[str] = []
    level = HEADING_LEVELS + 1
    for number in range(at, max(at - FAR, -1), -1):
        heading = headings[number]
        if heading.level < level:
            level = heading.level
            names = [_linked(heading.text), *names]
            if all(names):
                yield names

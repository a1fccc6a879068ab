"""Vaults as real ones are, of any size, the same bytes for the same size and seed.

Nested folders, properties, wikilinks, math, lists, code, tables, callouts, pictures, and sections
that embed sections. Four notes in ten hold three cards each, with IDs: one of plain Markdown, one
that embeds sections, one with cloze deletions. A note embeds only notes before it, so that there are
no cycles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tools.bench.picture import png
from tools.bench.words import WORDS, phrase, pick, sentence

CARDS_A_NOTE = 3
NOTES_A_FOLDER = 40
NOTES_A_PICTURE = 10
FIRST_ID = 1_790_000_000_000
MATH = (
    "x_{n+1} = x_n - \\frac{f(x_n)}{f'(x_n)}",
    "\\sum_{k=1}^{n} k = \\frac{n(n+1)}{2}",
    "a^2 + b^2 = c^2",
    "\\lVert x \\rVert_2 < \\varepsilon",
    "\\int_0^1 t^2 \\, dt = \\tfrac{1}{3}",
    "\\alpha_i \\in \\mathbb{R}",
    "O(n \\log n)",
    "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}",
)
SHORT_MATH = ("x", "n", "f(x)", "a_i", "\\pi", "n < m", "x_0", "2^n", "\\alpha", "|A|")
CALLOUTS = ("note", "tip", "warning", "example", "info", "quote")


@dataclass(frozen=True, slots=True)
class Edits:
    """Where to edit a vault.

    `card` is a note with cards, in the first of which text can be put behind `after`; `section` is a note
    whose first section cards embed, if there is one.
    """

    card: str
    section: str = ""
    after: str = "Back:"


@dataclass(slots=True)
class Made:
    """What later notes can link to and embed."""

    names: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headings: list[list[str]] = field(default_factory=list)
    blocks: list[list[str]] = field(default_factory=list)
    embedded: dict[int, int] = field(default_factory=dict)


def generate(root: Path, notes: int, seed: int = 7) -> Edits:
    """Write a vault of `notes` note files into the folder `root` and say where to edit it."""
    rng = Random(seed)
    root.mkdir(parents=True, exist_ok=True)
    pictures = max(notes // NOTES_A_PICTURE, 1)
    (root / "pictures").mkdir(exist_ok=True)
    for number in range(pictures):
        (root / "pictures" / f"figure {number}.png").write_bytes(png(rng))
    made = Made()
    first_card = ""
    for index in range(notes):
        name = f"{phrase(rng, 1, 3)} {index}".capitalize()
        path = f"{folder_of(index // NOTES_A_FOLDER)}/{name}.md"
        has_cards = index % 10 in (1, 4, 6, 9)
        text = Writer(rng, made, pictures).note(name, index, has_cards=has_cards)
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        made.names.append(name)
        made.paths.append(path)
        first_card = first_card or (path if has_cards else "")
    most = max(made.embedded, key=lambda index: made.embedded[index], default=0)
    return Edits(first_card or made.paths[0], made.paths[most])


class Writer:
    """Writes one note, or blocks of one."""

    def __init__(self, rng: Random, made: Made, pictures: int) -> None:
        self._rng, self._made, self._pictures = rng, made, pictures
        self._headings: list[str] = []
        self._blocks: list[str] = []

    def note(self, name: str, index: int, *, has_cards: bool) -> str:
        rng = self._rng
        parts = [self._properties(), f"# {name}", self._paragraph()]
        for _ in range(rng.randrange(2, 6)):
            heading = f"{phrase(rng, 1, 4).capitalize()} {len(self._headings)}"
            self._headings.append(heading)
            parts += [f"## {heading}", self._paragraph()]
            parts += [self.block() for _ in range(rng.randrange(1, 5))]
            if index and rng.random() < 0.12:
                parts.append(self._embed(nearby=False))
        self._made.headings.append(self._headings)
        self._made.blocks.append(self._blocks)
        if has_cards:
            first = FIRST_ID + index * CARDS_A_NOTE
            parts.append(f"## {name} cards")
            cards = (self._basic(), self._embedding(index), self._cloze())
            parts += [
                f"START\n{card}\nTags: {phrase(rng, 1, 2)}\n<!--ID: {first + number}-->\nEND"
                for number, card in enumerate(cards)
            ]
        return "\n\n".join(parts) + "\n"

    def _properties(self) -> str:
        tags = "".join(f"\n  - {word}" for word in phrase(self._rng, 1, 3).split())
        return f"---\ntags:{tags}\naliases: [{phrase(self._rng, 1, 2)}]\ncreated: 2026-01-05\n---"

    def _paragraph(self) -> str:
        lines = []
        for _ in range(self._rng.randrange(1, 4)):
            line = " ".join(self._sentence() for _ in range(self._rng.randrange(1, 4)))
            lines.append(line)
        return "\n".join(lines)

    def _sentence(self) -> str:
        rng, text = self._rng, sentence(self._rng)
        chance = rng.random()
        if chance < 0.12 and self._made.names:
            return f"{text[:-1]} see {self._wikilink()}."
        if chance < 0.24:
            return f"{text[:-1]} with ${pick(rng, SHORT_MATH)}$ and ${pick(rng, SHORT_MATH)}$."
        if chance < 0.32:
            return f"{text[:-1]} is **{phrase(rng, 1, 3)}**, not *{pick(rng, WORDS)}*."
        if chance < 0.37:
            return f"{text[:-1]} by `{pick(rng, WORDS)}_{pick(rng, WORDS)}()`."
        if chance < 0.40:
            return f"{text[:-1]} - [{phrase(rng, 1, 2)}](https://example.org/{pick(rng, WORDS)})."
        if chance < 0.42:
            return f"{text[:-1]} =={phrase(rng, 1, 2)}== #{pick(rng, WORDS)}/{pick(rng, WORDS)}"
        return text

    def _wikilink(self) -> str:
        name = self._made.names[self._rng.randrange(len(self._made.names))]
        chance = self._rng.random()
        if chance < 0.5:
            return f"[[{name}]]"
        return f"[[{name}|{phrase(self._rng, 1, 2)}]]" if chance < 0.8 else f"[[{name}#{name}]]"

    def block(self) -> str:
        """Return a block of some kind."""
        kinds: tuple[tuple[float, Callable[[], str]], ...] = (
            (0.30, self._paragraph),
            (0.62, self._list),
            (0.74, self._display_math),
            (0.81, self._code),
            (0.87, self._table),
            (0.93, self._callout),
            (0.96, self._picture),
            (1.00, self._identified),
        )
        chance = self._rng.random()
        return next(write for limit, write in kinds if chance < limit)()

    def _list(self) -> str:
        is_ordered = self._rng.random() < 0.3
        lines = []
        for number in range(1, self._rng.randrange(3, 7)):
            lines.append(f"{f'{number}.' if is_ordered else '-'} {self._sentence()}")
            if self._rng.random() < 0.3:
                lines += [f"    - {self._sentence()}" for _ in range(self._rng.randrange(1, 3))]
        return "\n".join(lines)

    def _display_math(self) -> str:
        first, second = pick(self._rng, MATH), pick(self._rng, MATH)
        if self._rng.random() < 0.4:
            return f"$${first}$$"
        return f"$$\n{first} \\\\\n{second}\n$$"

    def _code(self) -> str:
        lines = [
            f"    {pick(self._rng, WORDS)} = {pick(self._rng, WORDS)}({count} * [0])  # {sentence(self._rng)}"
            for count in range(self._rng.randrange(2, 6))
        ]
        return "\n".join(["```python", f"def {pick(self._rng, WORDS)}(value):", *lines, "```"])

    def _table(self) -> str:
        def row() -> str:
            math = pick(self._rng, SHORT_MATH).replace("|", "\\|")
            return f"| {phrase(self._rng, 1, 2)} | ${math}$ | {phrase(self._rng, 2, 4)} |"

        return "\n".join(
            [row(), "| --- | :-: | --- |", *(row() for _ in range(self._rng.randrange(2, 5)))]
        )

    def _callout(self) -> str:
        title = f"> [!{pick(self._rng, CALLOUTS)}] {phrase(self._rng, 1, 3)}"
        return "\n".join([title, *(f"> {self._sentence()}" for _ in range(2))])

    def _picture(self) -> str:
        number = self._rng.randrange(self._pictures)
        if self._rng.random() < 0.5:
            return f"![[figure {number}.png|300]]"
        return f"![{phrase(self._rng, 1, 2)}](pictures/figure%20{number}.png)"

    def _identified(self) -> str:
        name = f"{pick(self._rng, WORDS)}-{len(self._blocks)}"
        self._blocks.append(name)
        return f"{self._paragraph()} ^{name}"

    def _embed(self, *, nearby: bool) -> str:
        """Return an embed of a section or block of an earlier note; cards embed few ones often."""
        made = self._made
        last = len(made.names)
        index = self._rng.randrange(max(last - 50, 0) if nearby else 0, last)
        if nearby:
            index -= index % 5
        if made.blocks[index] and self._rng.random() < 0.2:
            return f"![[{made.names[index]}#^{made.blocks[index][0]}]]"
        if nearby:
            made.embedded[index] = made.embedded.get(index, 0) + 1
        heading = made.headings[index][0 if nearby else -1]
        return f"![[{made.names[index]}#{heading}]]"

    def _basic(self) -> str:
        body = "\n\n".join(self.block() for _ in range(self._rng.randrange(1, 3)))
        return f"Basic\n{self._sentence()}\nBack:\n{self._sentence()}\n\n{body}"

    def _embedding(self, index: int) -> str:
        embeds = [f"![[#{pick(self._rng, tuple(self._headings))}]]"]
        if index:
            embeds.append(self._embed(nearby=True))
        return f"Basic\n{self._sentence()}\nBack:\n" + "\n\n".join(embeds)

    def _cloze(self) -> str:
        rng = self._rng
        first = f"{phrase(rng, 3, 8)} {{{{c1::{phrase(rng, 1, 3)}}}}} {self._sentence()}"
        return f"Cloze\n{first}\n\n- {{{{c2::${pick(rng, SHORT_MATH)}$}}}} {self._sentence()}"


def folder_of(number: int) -> str:
    """Return the folder of a note, up to three deep."""
    area, topic = WORDS[number % 12 * 7], WORDS[number // 12 % 20 * 11]
    return f"{area}/{topic}/{WORDS[number // 240]}" if number >= 240 else f"{area}/{topic}"

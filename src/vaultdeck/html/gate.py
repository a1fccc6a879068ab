"""The gate: the last step of every field. Only formulas known to be harmless stay math.

    guard(r"a \\(\\hr<wbr>ef{javascript:…}{x}\\)")    the delimiters are text now, MathJax passes over them

Which text MathJax reads is a property of the finished field: of its text as the browser joins it, over
`<wbr>`, `<br>`, comments and entities; in a cloze note of each side, deletions opened and hidden. The
formulas in it are found by MathJax's own rules (`HTMLDomStrings` and `FindTeX` of MathJax 3.2.2, with
Anki's delimiters) and judged by `mathjax.unsafe`. No delimiter but those of formulas that passed is left,
so that whatever a template puts together with the field opens and closes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from vaultdeck.html.formula_sides import Deletions, sides
from vaultdeck.html.inert import UNTYPESET
from vaultdeck.html.math_text import (
    BACKSLASH,
    SHOWN,
    TextRun,
    find_close,
    hold_elements,
    read_texts,
)
from vaultdeck.html.passing import all_pass
from vaultdeck.mathjax.expansion import Definition, Expansions
from vaultdeck.mathjax.unsafe import (
    DEFINING,
    find_unsafe,
    find_unsafe_among,
    read_definitions,
)
from vaultdeck.regexps import regexp

OPENING = regexp(r"\\[(\[]")
DELIMITER = regexp(r"\\(?=[()\[\]])")
INNER_CLOSING = regexp(r"\\[)\]]")
# Each search for an end looks at all that follows; a field gets so many characters, and so many times
# its own length.
LOOK_AHEAD, LOOKS = 100_000, 5
# A deletion that Anki turns into a tag, values unescaped; of other values it is text.
OCCLUSION = regexp(r"(?<=::)i(?=mage-occlusion:(?![\w.,:;=# -]*\}\}))")


class Refused(NamedTuple):
    """A formula that was made plain text: its TeX, and why."""

    tex: str
    reason: str


class Guarded(NamedTuple):
    """A field in which only harmless formulas are math, and the other ones."""

    html: str
    refused: tuple[Refused, ...] = ()


def guard(html: str, *, is_cloze: bool = False) -> Guarded:
    """Return the HTML of a field in which every formula is harmless; what is not is plain text.

    The HTML is well-formed and holds no scripts, as `render_field` and `sanitize.clean_field` return it.
    """
    return guard_fields({"": html}, is_cloze=is_cloze)[""]


def guard_fields(
    fields: Mapping[str, str], *, is_cloze: bool = False, others: Iterable[Definition] = ()
) -> dict[str, Guarded]:
    """Return the fields of one note behind the gate; what one of them defines holds in all.

    `others` are definitions of other notes.
    """
    if is_cloze:
        fields = {name: OCCLUSION.sub("&#105;", html) for name, html in fields.items()}
    others = tuple(others)
    if not others and all_pass(fields, is_cloze=is_cloze):
        return {name: Guarded(html) for name, html in fields.items()}
    gates = {name: _Gate(html, is_cloze) for name, html in fields.items() if BACKSLASH.search(html)}
    defined = Expansions((*others, *(d for gate in gates.values() for d in gate.definitions())))
    return {
        name: gates[name].run(defined) if name in gates else Guarded(html)
        for name, html in fields.items()
    }


def read_defined(html: str, *, is_cloze: bool) -> Iterator[Definition]:
    """Yield what the formulas of a field that is behind the gate define."""
    if DEFINING.search(html):
        yield from _Gate(html, is_cloze).definitions()


class _Gate:
    """Takes one field through: finds its formulas, judges each, and writes the field anew."""

    def __init__(self, html: str, is_cloze: bool) -> None:
        self._html = html
        self._is_cloze = is_cloze
        self._deletions = Deletions(html if is_cloze else "")
        self._runs = list(read_texts(html, self._deletions))
        self._defined = Expansions()
        self._refused: dict[Refused, None] = {}
        self._looks = 0

    def definitions(self) -> Iterator[Definition]:
        """Yield what the harmless formulas of the field define."""
        self._looks = LOOK_AHEAD + LOOKS * len(self._html)
        for run in self._runs:
            if DEFINING.search(run.text):
                for start, end in self._formulas(run):
                    yield from read_definitions(run.text[start + 2 : end - 2])

    def run(self, defined: Expansions) -> Guarded:
        """Return the field behind the gate, on a card with these definitions."""
        self._defined = defined
        self._refused.clear()
        self._looks = LOOK_AHEAD + LOOKS * len(self._html)
        kept: list[tuple[int, int]] = []
        cut: list[tuple[int, int]] = []
        stays_hidden = not self._is_cloze or hold_elements(self._html)
        for run in self._runs:
            done = 0
            for start, end in [*self._formulas(run), (len(run.text), len(run.text))]:
                if run.state == SHOWN or not stays_hidden:
                    cut += [run.place(m.start()) for m in DELIMITER.finditer(run.text, done, start)]
                if start < end:
                    kept.append((run.place(start)[0], run.place(end - 1)[1]))
                done = end
        last = self._runs[-1].text
        if last.endswith("\\"):
            # What a template shows next could begin with the rest of a delimiter.
            cut.append(self._runs[-1].place(len(last) - 1))
        cut = [place for place in cut if not self._html.endswith(UNTYPESET, 0, place[0])]
        return Guarded(self._write(kept, cut), tuple(self._refused))

    def _formulas(self, run: TextRun) -> Iterator[tuple[int, int]]:
        """Yield where the formulas that may stay begin and end in a text, delimiters included."""
        text = run.text
        pos = 0 if run.state == SHOWN else len(text)
        while opening := OPENING.search(text, pos):
            pos = opening.end()
            close = find_close(text, opening[0], pos)
            self._looks -= (close if close >= 0 else len(text)) - pos
            if self._looks < 0:
                self._refused[Refused(text[pos : pos + 80], "too many formulas are not closed")] = (
                    None
                )
                return
            if close < 0:
                continue
            reason = self._judge(run, opening.start(), close + 2)
            if reason:
                self._refused[Refused(text[pos:close], reason)] = None
            else:
                yield opening.start(), close + 2
                pos = close + 2

    def _judge(self, run: TextRun, start: int, end: int) -> str:
        """Return why a formula must not be shown as math, or ""."""
        texts = {run.text[start:end]}
        first, last = run.place(start)[0], run.place(end - 1)[1]
        html = self._html[first:last]
        if len(DEFINING.findall(run.text, start, end)) != len(DEFINING.findall(html)):
            # What a note defines is asked of its fields, quickly.
            return "a definition is not written out"
        if self._is_cloze:
            if not self._deletions.hold_whole(first, last):
                return "a deletion begins or ends amid it"
            opening, closing = run.text[start : start + 2], run.text[end - 2 : end]
            if not (html.startswith(opening) and html.endswith(closing)):
                return "its delimiters are not written out"
            shown = sides(html)
            if shown is None:
                return "it has too many deletions"
            for side in shown:
                if find_close(side, opening, 2) != len(side) - 2:
                    return "a deletion hides a part of its structure"
                if "{{c" in html and INNER_CLOSING.search(side, 2, len(side) - 2):
                    return "a deletion stands beside another formula in it"
            texts.update(shown)
        for tex in sorted(text[2:-2] for text in texts):
            reason = find_unsafe_among(tex, self._defined) if self._defined else find_unsafe(tex)
            if reason:
                return reason
        return ""

    def _write(self, kept: list[tuple[int, int]], cut: list[tuple[int, int]]) -> str:
        """Return the HTML with all backslashes in `cut` kept from beginning or ending math.

        In a cloze note Anki itself looks for `\\(` in the HTML, in attributes and code too, to take out
        the tags behind it: there it finds what is in `kept` and nothing else.
        """
        html = self._html

        def plain(text: str) -> str:
            return DELIMITER.sub("&#92;", text) if self._is_cloze else text

        pieces: list[str] = []
        cut_set = set(cut)
        done = 0
        for start, end in sorted({*kept, *cut}):
            pieces.append(plain(html[done:start]))
            if (start, end) in cut_set:
                after = end + 1 if html[end : end + 1] in tuple("()[]") else end
                pieces.append(f"{UNTYPESET}&#92;{html[end:after]}</span>")
                end = after
            else:
                pieces.append(html[start:end])
            done = end
        return "".join([*pieces, plain(html[done:])])

"""What is wrong with the cloze deletions of a field, at their place in the note file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from markdown_it.token import Token

from vaultdeck.anki.clozes import CLOZE_PART, MAX_CLOZE, read_clozes, split_numbers
from vaultdeck.markdown.cloze import CLOZE_OPEN
from vaultdeck.model import Location
from vaultdeck.model.diagnostics import Diagnostic

Place = Callable[[int, int], Location]


def find_misplaced_cloze(text: str, tokens: Iterable[Token], place: Place) -> Iterator[Diagnostic]:
    """Yield `cloze-in-basic` for the first deletion in a field of a note that is no cloze note.

    What stands in code or math is an example or TeX.
    """
    if "{{c" not in text or not any(map(_shows_cloze, tokens)):
        return
    match = CLOZE_OPEN.search(text)
    if match is not None:
        message = f"'{match[0]}' hides nothing here: the note type has no cloze deletions"
        hint = "write it as a block of the note type Cloze"
        yield Diagnostic("cloze-in-basic", place(match.start(), match.end()), message, hint)


def check_clozes(text: str, html: str, place: Place) -> Iterator[Diagnostic]:
    """Yield `cloze-number` and `cloze-unclosed` for a field of a cloze note, from text and HTML.

    `text` is the Markdown with deletions in Anki's own form, `html` what Anki gets of it.
    """
    if "{{c" not in html:
        return
    for match in CLOZE_OPEN.finditer(text):
        if not all(0 < number <= MAX_CLOZE for number in split_numbers(match["numbers"])):
            message = f"Anki makes no card for '{match[0]}': numbers go from 1 to {MAX_CLOZE}"
            hint = "number it anew"
            yield Diagnostic("cloze-number", place(match.start(), match.end()), message, hint)
    for opening in read_clozes(html).unclosed[:1]:
        number = split_numbers(opening["numbers"])[0]
        start, end = _find_open(text, number)
        message = f"'{{{{c{number}::' is not closed: Anki shows nothing of what stands behind it"
        hint = "close it with '}}'"
        yield Diagnostic("cloze-unclosed", place(start, end), message, hint)


def _find_open(text: str, number: int) -> tuple[int, int]:
    """Return where the deletion of that number begins that is never closed, else the first of them."""
    openings = [match for match in CLOZE_PART.finditer(text) if match["numbers"]]
    found = [*read_clozes(text).unclosed, *openings]
    fits = (match for match in found if number in split_numbers(match["numbers"]))
    opening = next(fits, None)
    return opening.span() if opening else (0, 0)


def _shows_cloze(token: Token) -> bool:
    return any(
        child.type == "text" and CLOZE_OPEN.search(child.content) for child in token.children or ()
    )

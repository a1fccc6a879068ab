"""The footnotes of one field: numbered in the order in which the field refers to them."""

from __future__ import annotations

from markdown_it.token import Token

from vaultdeck.embeds.lookup import Frame


class Footnotes:
    """Numbers footnotes and collects their resolved tokens; each is shown once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._bodies: list[list[Token]] = []

    def find(self, path: str, name: str) -> int | None:
        """Return the number that the footnote `name` of note file `path` has, None if it has none."""
        return self._numbers.get((path, name))

    def add(self, path: str = "", name: str = "") -> int:
        """Return the next number; remember it for a footnote that has a name."""
        self._bodies.append([])
        if name:
            self._numbers[path, name] = len(self._bodies)
        return len(self._bodies)

    def fill(self, number: int, tokens: list[Token]) -> None:
        """Set the tokens of a footnote."""
        self._bodies[number - 1] = tokens

    def section(self) -> list[Token]:
        """Return the list of footnotes that stands at the end of the field; empty if there are none."""
        if not self._bodies:
            return []
        tokens = [
            Token("footnotes_open", "section", 1, attrs={"class": "vd-footnotes"}, block=True),
            Token("ordered_list_open", "ol", 1, block=True),
        ]
        for body in self._bodies:
            tokens += [
                Token("list_item_open", "li", 1, block=True),
                *body,
                Token("list_item_close", "li", -1, block=True),
            ]
        tokens.append(Token("ordered_list_close", "ol", -1, block=True))
        tokens.append(Token("footnotes_close", "section", -1, block=True))
        return tokens


def footnote_number(number: int) -> Token:
    """Return the raised number that stands in the text."""
    return Token("footnote_number", "sup", 0, content=str(number))


def find_definition(name: str, frame: Frame) -> tuple[list[Token], Frame] | None:
    """Return the tokens of a footnote and the text they are from: the card, or its whole note."""
    if frame.document is None and name in frame.card.footnotes:
        tokens, locate = frame.card.footnotes[name]
        return tokens, Frame(frame.path, locate, frame.card, frame.lookup)
    document = frame.document or frame.lookup.document(frame.path)
    found = document.footnote(name) if document else None
    if document is None or found is None:
        return None
    if document is frame.document:
        return found, frame
    return found, frame.of_note(frame.path, document)

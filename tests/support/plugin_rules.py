"""What the other plugins' documentation says is a card, line by line: an oracle for tests.

Written from the manuals, with nothing of vaultdeck in it: a card is a pair of its kind and its deck. Code
and math are left to other tests, and a card needs a question and an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


class UndocumentedError(Exception):
    """The manual does not say what this is."""


BASIC, REVERSED, CLOZE = "Basic", "Basic (and reversed card)", "Cloze"
SCHEDULE = "<!--SR:"
HEADINGS = ("# ", "## ", "### ")


def spaced_repetition(
    path: str, text: str, settings: Mapping[str, Any], schedules: list[str] | None = None
) -> list[tuple[str, str]]:
    """Return the cards of a note by the rules of obsidian-spaced-repetition.

    `schedules` takes for each card the lines of the plugin that stand in it.
    """
    tags = [tag.lstrip("#") for tag in settings["flashcardTags"]]
    ignored = [tag.lstrip("#") for tag in settings["flashcardTagsToIgnore"]]
    folders = path.split("/")[:-1] if settings["convertFoldersToDecks"] else []
    words = [word[1:] for word in text.split() if word.startswith("#") and len(word) > 1]
    ours = [word for word in words if _is_below(word, tags)]
    if any(_is_below(word, ignored) for word in words) or not (ours or folders):
        return []
    if any(path.startswith(folder) for folder in settings["noteFoldersToIgnore"]):
        return []

    def deck_of(tag: str) -> str:
        if settings["convertFoldersToDecks"]:
            return "::".join(folders)
        parts = tag.split("/")
        if len(tags) == 1 and _is_below(tag, tags):
            parts = parts[len(tags[0].split("/")) :]
        return "::".join(parts)

    inline = sorted(
        [
            (settings["singleLineCardSeparator"], BASIC),
            (settings["singleLineReversedCardSeparator"], REVERSED),
        ],
        key=lambda pair: -len(pair[0]),
    )
    multiline = {
        settings["multilineCardSeparator"]: BASIC,
        settings["multilineReversedCardSeparator"]: REVERSED,
    }
    end = settings["multilineCardEndMarker"]
    deck = deck_of(ours[0]) if ours else "::".join(folders)
    cards: list[tuple[str, str]] = []
    told = [] if schedules is None else schedules
    kept: list[str] = []
    kind = ""

    def finish() -> None:
        """A card is complete, or what was kept was none."""
        nonlocal deck, kind
        first = kept[0].split() if kept else []
        own = first[0][1:] if first and re.fullmatch(r"#[^\s#]+", first[0]) else ""
        sides = [kept]
        if kind in multiline.values():
            at = next(n for n, line in enumerate(kept) if multiline.get(line) == kind)
            sides = [kept[:at], kept[at + 1 :]]
            # Of the tags that a card begins with, the first is its own, and the plugin's are no text.
            words = first[1:] if own else first
            while words and _is_below(words[0][1:], tags) and words[0].startswith("#"):
                words = words[1:]
            sides[0] = [" ".join(words), *sides[0][1:]] if sides[0] else []
        if kind and all("".join(side).strip() for side in sides):
            topic = deck_of(own) if own else deck
            cards.append((kind, topic))
            told.append("".join(line for line in kept if line.startswith(SCHEDULE)))
        if not kind:
            read_tags(kept)
        kept.clear()
        kind = ""

    def read_tags(lines: list[str]) -> None:
        nonlocal deck
        for line in lines:
            found = [word[1:] for word in line.split() if _is_below(word[1:], tags)]
            deck = deck_of(found[0]) if found and "#" in line else deck

    lines = text.split("\n")
    place = -1
    while (place := place + 1) < len(lines):
        line = lines[place]
        if line.startswith("<!--") and not line.startswith(SCHEDULE):
            # A comment goes, and with it the line below its end.
            while place + 1 < len(lines) and "-->" not in lines[place]:
                place += 1
            place += 1
        elif line.startswith(("```", "~~~")):
            # Code is text of the card that it stands in.
            last = lines.index(line[:3], place + 1)
            kept.extend(lines[place : last + 1])
            place = last
        elif line == end and end:
            finish()
        elif not line:
            if not end or not kind:
                finish()
            else:
                kept.append(line)
        elif found := [item for item in inline if item[0] in line]:
            read_tags(kept)
            kept[:], kind = [line], "inline"
            first = line.split()[0]
            own = first[1:] if re.fullmatch(r"#[^\s#]+", first) else ""
            topic = deck_of(own) if own else deck
            cards.append((found[0][1], topic))
            has_schedule = place + 1 < len(lines) and lines[place + 1].startswith(SCHEDULE)
            told.append(lines[place + 1] if has_schedule else "")
            place += has_schedule
            kept, kind = [], ""
        else:
            kept.append(line)
            if line in multiline and len(kept) > 1:
                kind = multiline[line]
            elif (
                not kind
                and line not in multiline
                and _has_deletion(line, settings["clozePatterns"])
            ):
                kind = CLOZE
    finish()
    return cards


def _is_below(word: str, tags: list[str]) -> bool:
    return any(word == tag or word.startswith(f"{tag}/") for tag in tags)


def _has_deletion(line: str, patterns: list[str]) -> bool:
    marks = {pattern: re.split(r"\[[^]]*\]answer\[[^]]*\]", pattern) for pattern in patterns}
    return any(
        re.search(re.escape(begin) + ".+?" + re.escape(close), line)
        for begin, close in marks.values()
    )


def flashcards(text: str, settings: Mapping[str, Any]) -> list[str]:
    """Return the kinds of the cards of a note by the rules of flashcards-obsidian."""
    tag = re.escape(settings["flashcardsTag"])
    tagged = re.compile(
        rf"^(?P<q>.*?)#{tag}(?P<kind>[/-](?:reverse|spaced))?(?: *#[\w/-]+)* *$", re.I
    )
    separators = [settings["inlineSeparator"], settings["inlineSeparatorReverse"]]
    longest = sorted(separators, key=len, reverse=True)
    inline = re.compile(rf"\S ?({'|'.join(map(re.escape, longest))}) ?\S")
    cards: list[str] = []
    lines = text.split("\n")
    above: list[str] = []  # lines that may be a question, or cloze cards

    def is_id(line: str) -> bool:
        return re.fullmatch(r"\^[0-9]{13}", line) is not None

    def is_no_question() -> None:
        cards.extend(CLOZE for line in above if re.search(r"==.+?==|\{.+?\}", line))
        above.clear()

    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        match = tagged.match(line)
        found = inline.search(line)
        if is_id(line) or not line:
            is_no_question()
        elif match:
            kind = (match["kind"] or "").lower()[1:]
            asked = match["q"].strip(" #")
            if match["q"].startswith(HEADINGS):
                is_no_question()
            if above and above[0].startswith(HEADINGS) and (asked or len(above) > 1):
                above.pop(0)
            has_question = bool(asked or above)
            above.clear()
            has_answer = kind == "spaced"
            if not has_answer:
                is_below = bool(lines[place : place + 1] and lines[place])
                while place < len(lines) and not lines[place]:
                    place += 1  # blank lines may stand above the answer
                ends = [n for n in range(place, len(lines)) if not lines[n] or is_id(lines[n])]
                answer = lines[place : min(ends, default=len(lines))]
                # The question of another card is no answer, but where nothing divides the two.
                is_question = not is_below and any(map(tagged.match, answer))
                if is_question and not tagged.match(answer[0]):
                    raise UndocumentedError
                has_answer = bool(answer) and not is_question
                place += len(answer) if has_answer else 0
            if has_question and has_answer:
                cards.append(REVERSED if kind == "reverse" else BASIC)
        elif found:
            is_no_question()
            cards.append(REVERSED if found[1] == separators[1] else BASIC)
        else:
            if line.startswith(HEADINGS):
                is_no_question()
            above.append(line)
    is_no_question()
    return cards

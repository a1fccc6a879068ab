"""The runs of a card's field that were pasted and differ by now from their section.

A run is near a section if it begins with the same heading, and most of its rows stand in the section, in
order: the heading, at least one more. Rows without a word (`$$`, `---`) do not count.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from vaultdeck.pasted.index import Section
from vaultdeck.pasted.rows import BREAK_ROW
from vaultdeck.pasted.searched import Run, SearchedField

# How many notes are compared with what is near.
NEAREST = 3
# Longer texts are not compared row by row.
MANY_ROWS = 3_000


def stale_runs(field: SearchedField, taken: set[int]) -> Iterator[Run]:
    """Yield the runs that are near a section; none begins at a row that is `taken`."""
    start = 0
    while start < len(field.rows):
        run = _stale_run(field, start) if field.rows.levels[start] and start not in taken else None
        if run is None:
            start += 1
            continue
        stop, found = run
        yield found
        start = stop


def _stale_run(field: SearchedField, start: int) -> tuple[int, Run] | None:
    """Return the run from a heading on that is nearest to a section of that heading."""
    rows, index = field.rows, field.index
    stop = rows.end_of_section(start)
    if stop - start > MANY_ROWS:
        return None
    votes: Counter[int] = Counter()
    for number in set(rows.numbers[start:stop]):
        votes.update(index.homes.get(number, ()))
    nearest = sorted(votes, key=lambda note: (-votes[note], note))
    heading = rows.numbers[start]
    nearest = [note for note in nearest if (heading, note) in index.headed][:NEAREST]
    best: tuple[int, int, Run] | None = None
    for note in nearest:
        for section in index.headed[heading, note][:NEAREST]:
            found = _compare(field, start, stop, section)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
    return best[1:] if best else None


def _compare(
    field: SearchedField, start: int, stop: int, section: Section
) -> tuple[int, int, Run] | None:
    """Return how many rows are the same, where the run ends, and the run; None if it is not near."""
    theirs = field.index.numbers(section)
    if len(theirs) > MANY_ROWS or field.index.names.has_unlike(theirs):
        return None
    stop = _before_break(field, start, stop, theirs)
    ours = field.rows.numbers[start:stop]
    codes = _opcodes(ours, theirs)
    if codes[-1][0] in ("delete", "replace"):
        _, first, _, theirs_from, theirs_to = codes[-1]
        stop = _end_of_copy(field, start + first, stop, theirs[theirs_from:theirs_to])
        ours = ours[: stop - start]
        codes[-1] = ("replace", first, len(ours), theirs_from, theirs_to)
    equal = (ours[begin:end] for tag, begin, end, _, _ in codes if tag == "equal")
    same = sum(map(field.index.names.counted, equal))
    changed = sum(
        max(end - begin, their_end - their_begin)
        for tag, begin, end, their_begin, their_end in codes
        if tag != "equal"
    )
    embed = field.embed(section)
    is_near = same > 1 and same * 2 > field.index.names.counted(ours)
    if not changed or not is_near or embed is None:
        return None
    diff = _diff(field, ours, theirs, start, embed)
    run = Run(
        field.block,
        field.span(start, stop),
        (embed,),
        field.name_of(section),
        changed=changed,
        diff=diff,
    )
    return same, stop, run


def _opcodes(ours: Sequence[int], theirs: Sequence[int]) -> list[tuple[str, int, int, int, int]]:
    """Return what makes one list of rows the other, as difflib does; most rows at both ends are the same."""
    pairs = zip(ours, theirs, strict=False)
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    pairs = zip(reversed(ours[head:]), reversed(theirs[head:]), strict=False)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    end, their_end = len(ours) - tail, len(theirs) - tail
    middle = difflib.SequenceMatcher(None, ours[head:end], theirs[head:their_end]).get_opcodes()
    return [
        ("equal", 0, head, 0, head),
        *((tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in middle),
        *([("equal", end, len(ours), their_end, len(theirs))] if tail else []),
    ]


def _end_of_copy(field: SearchedField, start: int, stop: int, theirs: Sequence[int]) -> int:
    """Return where a run ends whose rows from `start` are none of the section's last ones, `theirs`.

    They are a part of the run as far as they may be older forms of these, else the card's own.
    """
    texts = [field.index.names.texts[number] for number in theirs]
    for row in range(start, stop):
        if row - start >= len(texts):
            return row
        is_own = row in field.rows.apart or field.rows.levels[row]
        if is_own and not difflib.get_close_matches(field.text(row), texts, 1):
            return row
    return stop


def _before_break(field: SearchedField, start: int, stop: int, theirs: Sequence[int]) -> int:
    """Return where a run ends, at a break at the latest that the section has not."""
    for row in range(start, stop):
        number = field.rows.numbers[row]
        if BREAK_ROW.fullmatch(field.index.names.texts[number]) and number not in theirs:
            return row
    return stop


def _diff(
    field: SearchedField, ours: Sequence[int], theirs: Sequence[int], start: int, embed: str
) -> str:
    """Return a unified diff from what the card says to what the section says."""
    texts = field.index.names.texts
    place = field.source.locate(field.span(start, start + 1).start)
    lines = difflib.unified_diff(
        [texts[number] for number in ours],
        [texts[number] for number in theirs],
        f"{place.path}:{place.line}",
        embed,
        lineterm="",
    )
    return "\n".join(lines) + "\n"

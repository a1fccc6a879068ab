"""The runs of a card's field that were pasted and differ by now from their section.

A run is near a section if it begins with the same heading, and most of its rows stand in the section, in
order: the heading, at least one more. Rows without a word (`$$`, `---`) do not count.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vaultdeck.pasted.index import Section
from vaultdeck.pasted.matcher import RowMatcher
from vaultdeck.pasted.rows import BREAK_ROW
from vaultdeck.pasted.searched import Run, SearchedField

# How many notes are compared with what is near.
NEAREST = 3
# A section that has more rows than these, and so many times those of a run, is no newer form of it.
MANY_ROWS, MANY_TIMES = 200, 20
# How far from its place, and by how much of its text, the newer form of a row is looked for.
FEW_ROWS = 3
FEW_LETTERS = 200


class _Compared(NamedTuple):
    """A section beside the rows of a card; `same` of these that say something are equal."""

    section: Section
    rows: RowMatcher
    same: int


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
    """Return where a run from a heading on ends, and the run: the nearest to a section of that heading."""
    rows, index = field.rows, field.index
    stop = rows.end_of_section(start)
    votes: Counter[int] = Counter()
    for number in set(rows.numbers[start:stop]):
        votes.update(index.homes.get(number, ()))
    heading = rows.numbers[start]
    homes = sorted(votes, key=lambda note: (-votes[note], note))
    homes = [note for note in homes if (heading, note) in index.headed][:NEAREST]
    sections = [section for note in homes for section in index.headed[heading, note][:NEAREST]]
    most = max(MANY_ROWS, MANY_TIMES * (stop - start))
    sections = [section for section in sections if section.stop - section.start <= most]
    compared = [_compare(field, start, stop, section) for section in sections]
    for near in sorted(compared, key=lambda near: -near.same):
        found = _run(field, start, near)
        if found is not None:
            return found
    return None


def _compare(field: SearchedField, start: int, stop: int, section: Section) -> _Compared:
    theirs = field.index.numbers(section)
    stop = _before_break(field, start, stop, {*theirs})
    rows = RowMatcher(field.rows.numbers[start:stop], theirs)
    equal = (rows.ours[a : a + size] for a, _, size in rows.get_matching_blocks())
    return _Compared(section, rows, sum(map(field.index.names.counted, equal)))


def _run(field: SearchedField, start: int, near: _Compared) -> tuple[int, Run] | None:
    """Return where the run ends, and the run; None if the card is not near the section."""
    section, rows, same = near
    names, ours, theirs = field.index.names, rows.ours, rows.theirs
    *_, last, _ = rows.get_matching_blocks()
    stop, other = last.a + last.size, last.b + last.size
    if same < 2 or same * 2 <= names.counted(ours[:stop]) or names.has_unlike(theirs):
        return None
    if stop < len(ours):
        end = _end_of_copy(field, start + stop, start + len(ours), theirs[other:])
        rows = RowMatcher(ours[: end - start], theirs)
    changed = sum(
        max(end - begin, their_end - their_begin)
        for tag, begin, end, their_begin, their_end in rows.get_opcodes()
        if tag != "equal"
    )
    embed = field.embed(section)
    if not changed or same * 2 <= names.counted(rows.ours) or embed is None:
        return None
    stop = start + len(rows.ours)
    run = Run(
        field.block,
        field.span(start, stop),
        (embed,),
        field.name_of(section),
        changed=changed,
        diff=_diff(field, start, rows, embed),
    )
    return stop, run


def _end_of_copy(field: SearchedField, start: int, stop: int, theirs: Sequence[int]) -> int:
    """Return where a run ends whose rows from `start` are none of the section's last ones, `theirs`.

    They are a part of the run as far as they may be older forms of these, else the card's own.
    """
    texts = [field.index.names.texts[number][:FEW_LETTERS] for number in theirs]
    for row in range(start, min(stop, start + len(texts))):
        is_own = row in field.rows.apart or field.rows.levels[row]
        near = texts[max(0, row - start - FEW_ROWS) : row - start + FEW_ROWS + 1]
        if is_own and not difflib.get_close_matches(field.text(row)[:FEW_LETTERS], near, 1):
            return row
    return min(stop, start + len(texts))


def _before_break(field: SearchedField, start: int, stop: int, theirs: set[int]) -> int:
    """Return where a run ends, at a break at the latest that the section has not."""
    for row in range(start, stop):
        number = field.rows.numbers[row]
        if BREAK_ROW.fullmatch(field.index.names.texts[number]) and number not in theirs:
            return row
    return stop


def _diff(field: SearchedField, start: int, rows: RowMatcher, embed: str) -> str:
    """Return a unified diff from what the card says to what the section says."""
    texts = field.index.names.texts
    place = field.source.locate(field.span(start, start + 1).start)
    lines = [f"--- {place.path}:{place.line}", f"+++ {embed}"]
    for group in rows.get_grouped_opcodes():
        _, first, _, their_first, _ = group[0]
        _, _, last, _, their_last = group[-1]
        lines.append(f"@@ -{_range(first, last)} +{_range(their_first, their_last)} @@")
        for tag, a, b, c, d in group:
            if tag == "equal":
                lines += [f" {texts[number]}" for number in rows.ours[a:b]]
            else:
                lines += [f"-{texts[number]}" for number in rows.ours[a:b]]
                lines += [f"+{texts[number]}" for number in rows.theirs[c:d]]
    return "\n".join(lines) + "\n"


def _range(start: int, stop: int) -> str:
    """Return lines as the head of a part of a diff names them: the first one and how many there are."""
    count = stop - start
    return f"{start + 1}" if count == 1 else f"{start + (count > 0)},{count}"

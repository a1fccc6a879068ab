"""Which rows two texts share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vaultdeck.pasted.matcher import RowMatcher

ROWS = st.lists(st.integers(0, 12), max_size=30)


@given(ROWS, ROWS)
def test_equal_rows_stand_in_the_order_of_both_texts(ours: list[int], theirs: list[int]) -> None:
    rows = RowMatcher(ours, theirs)
    made: list[int] = []
    done = other = 0
    for tag, a, b, c, d in rows.get_opcodes():
        assert (a, c) == (done, other)
        assert (ours[a:b] == theirs[c:d]) is (tag == "equal")
        made += theirs[c:d]
        done, other = b, d
    assert made == theirs
    assert done == len(ours)


@given(ROWS, st.lists(st.integers(20, 40), max_size=4, unique=True), st.integers(0, 30))
def test_rows_put_in_are_all_that_differs(ours: list[int], new: list[int], place: int) -> None:
    theirs = [*ours[:place], *new, *ours[place:]]
    equal = [(a, b) for tag, a, b, _, _ in RowMatcher(ours, theirs).get_opcodes() if tag == "equal"]
    assert sum(b - a for a, b in equal) == len(ours)


def test_a_row_that_moved_is_not_equal_and_a_repeated_one_is_beside_its_neighbours() -> None:
    formula, break_ = 90, 91
    ours = [1, formula, 2, formula, 3, break_, 4]
    assert RowMatcher(ours, [1, formula, 2, formula, 4, break_, 3]).get_matching_blocks() == [
        (0, 0, 4),
        (6, 4, 1),
        (7, 7, 0),
    ]


def test_thousands_of_rows_in_another_order_are_compared() -> None:
    rows = [*range(30_000)]
    blocks = RowMatcher(rows, rows[::-1]).get_matching_blocks()
    assert [block.size for block in blocks] == [1, 0]

"""A plan for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from vaultdeck.model.diagnostics import CONTROL, counted
from vaultdeck.sync.plan import DELETED, LEFT, MOVED, NEW, RETYPED, SUSPENDED, UPDATED, Plan, Step
from vaultdeck.sync.way import Changed, Way

# How many notes are named, of each reason.
MAX_NAMED = 10
PLAIN_NAMES = {"source": "from", "target": "to"}
DONE = (NEW, UPDATED, MOVED, RETYPED, DELETED, SUSPENDED)


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield what a plan does, and what it leaves.

    Names of decks and files may be a stranger's: they stand below the numbers, each in a line of its own.
    """
    parts = [_told(plan, what) for what in DONE if plan.of(what)]
    yield ", ".join(parts) or "nothing to do"
    ways = Counter((step.source, step.target) for step in plan.of(MOVED))
    for (source, target), number in ways.most_common(MAX_NAMED):
        yield f"  {number} from '{_clean(source)}' to '{_clean(target)}'"
    if len(ways) > MAX_NAMED:
        yield f"  … and from or to {len(ways) - MAX_NAMED} more decks"
    left = plan.of(LEFT)
    if left:
        yield f"left as they are: {len({step.id for step in left})}"
    named: Counter[str] = Counter()
    for step in left:
        named[step.cause] += 1
        if named[step.cause] <= MAX_NAMED:
            at = step.location
            place = f"{_clean(at.path)}:{at.line}" if at else f"ID {step.id}:"
            yield f"  {place} {_clean(step.why)}"
    for cause, number in named.items():
        if number > MAX_NAMED:
            yield f"  … and {number - MAX_NAMED} more ({cause})"


def changed_lines(changed: Changed, way: Way, *, is_brief: bool = False) -> Iterator[str]:
    """Yield what came of a plan."""
    if changed.handed is not None:
        yield f"'{changed.handed}' was handed to Anki: click Import there, then run this again"
    yield from backup_lines(way, is_brief=is_brief)


def backup_lines(way: Way, *, is_brief: bool = False) -> Iterator[str]:
    """Yield where the state before a sync is, even of one that did not end."""
    if way.backup is not None:
        yield f"backup: {way.backup} (to go back: {way.way_back})"
        if way.told_after and not is_brief:
            yield f"note: {way.told_after}"


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON has it; the counts are of notes."""
    return {
        "counts": {what: len({s.id for s in plan.of(what)}) for what in (*DONE, LEFT)},
        "steps": [_step_data(step) for step in plan.steps],
    }


def _told(plan: Plan, what: str) -> str:
    steps = plan.of(what)
    number = len({step.id for step in steps})
    reviews = sum(step.reviews for step in steps)
    lost = f" ({counted(reviews, 'review')})" if reviews and what != SUSPENDED else ""
    if what == RETYPED:
        return f"{counted(number, 'note type')} changed{lost}"
    return f"{number} {what}{lost}"


def _step_data(step: Step) -> dict[str, Any]:
    what, number, place, *_ = step
    data: dict[str, Any] = {"what": what, "id": number}
    data |= {"path": place.path, "line": place.line} if place else {}
    rest = {PLAIN_NAMES.get(n, n): value for n, value in step._asdict().items() if n != "location"}
    return data | {name: value for name, value in rest.items() if value}


def _clean(text: str) -> str:
    """Return a text that a terminal only shows: decks come from Anki, and from a stranger's vault."""
    return CONTROL.sub(" ", text)

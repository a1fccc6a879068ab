"""The inline parser, asking only the rules that can match; see `dispatch`.

Between two characters at which a rule can match, all is text: one search finds the next one, where
markdown-it stops at each of its 23 punctuation marks. Text without any is a token of its own at once.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.parser_inline import (
    ParserInline,
    RuleFuncInline2Type,
    RuleFuncInlineType,
)
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from vaultdeck.markdown.states import InlineState, make_token
from vaultdeck.markdown.triggers import INLINE, by_first_character, rules_by_name

# Rules behind the others that only look at `state.delimiters`, and have nothing to do without any.
PAIRS = frozenset({"balance_pairs", "strikethrough", "emphasis", "highlight"})
# Never matches: the parser goes from character to character.
NOTHING = re.compile(r"(?!)")


class _Plan(NamedTuple):
    """What to ask where; made anew when rules are enabled or added."""

    made_of: tuple[object, object]
    # Asked in `tokenize`: without the text rule where `mark` finds the end of a text by itself.
    asked: dict[str, tuple[RuleFuncInlineType, ...]]
    elsewhere: tuple[RuleFuncInlineType, ...]
    # Asked in `skipToken`, whose callers look at each place where the text rule stops.
    skipped: dict[str, tuple[RuleFuncInlineType, ...]]
    skipped_elsewhere: tuple[RuleFuncInlineType, ...]
    mark: re.Pattern[str] | None
    after: tuple[RuleFuncInline2Type, ...]
    after_pairs: tuple[RuleFuncInline2Type, ...]
    is_known: bool


class InlineParser(ParserInline):
    """An inline parser with the rules of another one."""

    def __init__(self, stock: ParserInline) -> None:
        # Both rulers, and what a version of markdown-it keeps beside them.
        vars(self).update(vars(stock))
        self._plan = self._make_plan()

    def _make_plan(self) -> _Plan:
        rules = rules_by_name(self.ruler)
        skipped, skipped_elsewhere = by_first_character(rules, INLINE)
        asked, elsewhere, mark = skipped, skipped_elsewhere, None
        # The text rule must come first, and no rule beside it be unknown: it could match anywhere.
        if [name for name, _ in rules if name not in INLINE] == ["text"] == [rules[0][0]]:
            asked, elsewhere = by_first_character(rules[1:], INLINE)
            mark = re.compile(f"[{re.escape(''.join(asked))}]") if asked else NOTHING
        after = rules_by_name(self.ruler2)
        return _Plan(
            (self.ruler.getRules(""), self.ruler2.getRules("")),
            asked,
            elsewhere,
            skipped,
            skipped_elsewhere,
            mark,
            tuple(rule for _, rule in after),
            tuple(rule for name, rule in after if name not in PAIRS),
            all(name in PAIRS or name == "fragments_join" for name, _ in after),
        )

    def _current(self) -> _Plan:
        """Return the plan; `Ruler.getRules` gives the same list until the rules change."""
        plan = self._plan
        rules, after = plan.made_of
        if self.ruler.getRules("") is not rules or self.ruler2.getRules("") is not after:
            self._plan = plan = self._make_plan()
        return plan

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Append the tokens of `src` to `tokens`."""
        plan = self._current()
        if plan.mark is not None and plan.is_known and not tokens and not plan.mark.search(src):
            if src:
                text = make_token("text", "", 0, 0, False)
                text.content = src
                tokens.append(text)
            return tokens
        state = InlineState(src, md, env, tokens)
        self.tokenize(state)
        has_pairs = state.delimiters or any(
            meta and meta.get("delimiters") for meta in state.tokens_meta
        )
        for rule in plan.after if has_pairs else plan.after_pairs:
            rule(state)
        return state.tokens

    def tokenize(self, state: StateInline) -> None:
        """Append the tokens of `state.src` between `state.pos` and `state.posMax`."""
        plan = self._current()
        asked, elsewhere = plan.asked, plan.elsewhere
        search = plan.mark.search if plan.mark is not None else None
        src, end = state.src, state.posMax
        deepest = state.md.options["maxNesting"]
        pos = state.pos
        while pos < end:
            if search is not None:
                match = search(src, pos, end)
                stop = match.start() if match else end
                if stop > pos:
                    state.pending += src[pos:stop]
                    state.pos = pos = stop
                    if match is None:
                        break
            if state.level < deepest:
                for rule in asked.get(src[pos], elsewhere):
                    if rule(state, False):
                        break
                else:
                    state.pending += src[pos]
                    state.pos = pos + 1
            else:
                state.pending += src[pos]
                state.pos = pos + 1
            pos = state.pos
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:  # noqa: N802
        """Move `state.pos` behind the next token, without making it."""
        pos = state.pos
        known = state.cache.get(pos)
        if known is not None:
            state.pos = known
            return
        plan = self._current()
        is_skipped = False
        if state.level < state.md.options["maxNesting"]:
            for rule in plan.skipped.get(state.src[pos], plan.skipped_elsewhere):
                state.level += 1
                is_skipped = rule(state, True)
                state.level -= 1
                if is_skipped:
                    break
        else:
            state.pos = state.posMax
        if not is_skipped:
            state.pos += 1
        state.cache[pos] = state.pos

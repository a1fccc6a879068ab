"""Resolved tokens → the HTML of a field, in which nothing runs, acts, or leaves the card.

A deck is built from strangers' notes and shown in other people's Anki. Each step takes what the one
before it returns, and guarantees one thing, by a list of what is allowed:

1. `field`: text is text. What an author did not write as HTML is escaped; `\\\\(` in a text is no math.
2. `sanitize`, `raw`: the tags and attributes of raw HTML are those of `allowed`, closed where they are
   opened.
   `elements`: a tag that HTML does not have is text; of other tags that go, the report tells those that
   a reader misses.
   Nothing is loaded but from the web, which the report tells; frames are in a sandbox.
   `styles`: a style is words, colours and lengths of a card's size; a link has only those of its text.
   `addresses`: a link opens a page or an app, and makes no app do anything.
3. `scope`, `cloze_marks`, `inert`: only deletions and sounds of the note itself are any; `[latex]` and
   voices are not.
4. `sanitize.clean_field`: the field as a whole is well-formed, so that what follows can read it.
5. `gate`, when all fields of the note are finished: only formulas known to be harmless are math, on each
   side of each card, whatever a template puts together with them. `math_text` and `formula_sides` read for
   it; `mathjax.unsafe` is the list; `passing` tells quickly which fields it lets pass as they are.

What templates make of a finished field by filters such as `{{text:Front}}`, and of the names of decks and
tags, is up to `anki.filters`.

`stored` takes HTML that was not made here (fields in a lock) through steps 2, 4 and 5. Each guarantee is
tried by `tests/support/attack_corpus.py`, whose cards are shown and clicked in Anki's reviewer.

Beside them: `callout`, `code` (in colour), `direction` (text from right to left), `harmless` (whether
HTML out of the cache could be ours), `lock_code` (note types that only a lock holds).
"""

from vaultdeck.html.elements import Dropped
from vaultdeck.html.field import render_field
from vaultdeck.html.gate import guard, guard_fields, read_defined
from vaultdeck.html.stored import make_safe

__all__ = ["Dropped", "guard", "guard_fields", "make_safe", "read_defined", "render_field"]

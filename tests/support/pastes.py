"""Notes into whose cards sections of other notes were pasted, as real ones are, and generated ones."""

from __future__ import annotations

import random

from tests.support.helpers import card

ID = 1_700_000_000_000
BLOCK = "START\nBasic\nq\nBack: {}\n<!--ID: 1700000000001-->\nEND\n"
# As real notes are: sections, cards below, and parts of other notes pasted into these.
DESCENT = """\
## Critical points
### Local minima
- with a [[network]] there are always several of them
- $n!^{L-1}$ are equal by switching weights
#### Local maxima
- a problem only where the first value is exactly there
### Saddle points
- the gradient vanishes
- [[momentum]] can help

# anki

"""
HESSIAN = """\
---
tags: [optimization]
---
### Bad Hessians
- near $\\theta_t$ we have

$$
\\begin{split}
\\mathcal{R}(\\theta) \\approx g^\\top H g \\\\
\\end{split}
$$

- the step $\\alpha$ must be small
#### Intuition
- a narrow canyon, in which descent swings from wall to wall

#### Second order
- Newton's method scales each direction
\t→ a step that minds the curvature
# -----
"""
WORDS = (
    "limit group ring field norm metric open closed dense compact basis kernel image rank".split()
)


def vault_with_pastes(chance: random.Random, notes: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return the files of a vault, and for each note with a card the code that it must give."""

    def line() -> str:
        return "- " + " ".join(chance.choices(WORDS, k=9)) + f" {chance.randrange(10**9)}"

    sections = [
        [f"## {chance.choice(WORDS)}", *(line() for _ in range(chance.randint(4, 9)))]
        for _ in range(notes)
    ]
    files = {
        f"n{number}.md": f"intro {number}\n\n" + "\n".join(s) for number, s in enumerate(sections)
    }
    wanted = {}
    for number in range(0, notes, 3):
        lines = list(chance.choice(sections))
        kind = chance.choice(["pasted", "stale", "none"])
        if kind == "stale":
            lines[chance.randrange(1, len(lines))] = line()
        elif kind == "none":
            lines = [lines[0], *(line() for _ in lines[1:])]
        path = f"c{number}.md"
        files[path] = card(f"q{number}", "\n" + "\n\n".join(lines), note_id=ID + number)
        if kind != "none":
            wanted[path] = f"{kind}-section"
    return files, wanted


def section(text: str, start: str, stop: str) -> str:
    """Return the part of a text from `start` to before `stop`."""
    return text[text.index(start) : text.index(stop)]

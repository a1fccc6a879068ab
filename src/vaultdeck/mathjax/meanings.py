"""Which macros have a meaning of their own, and which new meaning one of these may be given."""

from __future__ import annotations

from vaultdeck.mathjax.expansion import Definition
from vaultdeck.mathjax.rules import MACRO_RULES
from vaultdeck.mathjax.tables import load_tables
from vaultdeck.regexps import regexp

MACRO = regexp(r"\\([A-Za-z]+)")
# What the checker of formulas reads by itself.
STRUCTURE = frozenset({"begin", "end", "left", "right", "middle"})
# What takes its argument as no math at all.
VERBATIM = frozenset({"verb", "require"})
PARAMETER_BEFORE_ARGUMENT = regexp(r"#[1-9]\s*[\[{#]")
LAST_PARAMETER = regexp(r"#([1-9])\s*$")


def is_known(name: str) -> bool:
    """Tell whether MathJax knows a macro, named without its backslash."""
    tables = load_tables()
    return name in tables.macros or name in STRUCTURE | VERBATIM or name in tables.defining


def is_raw(tex: str) -> bool:
    """Tell whether TeX is a macro that takes more than math."""
    name = tex.removeprefix("\\")
    taken = load_tables().macros.get(name, "")
    special = name in STRUCTURE | VERBATIM or name in load_tables().defining
    return special or name in MACRO_RULES or bool(set(taken) & set("obn?"))


def unsafe_meaning(new: Definition, how: str, *, has_default: bool) -> str:
    """Return why a known macro may not be given this meaning by the macro `how`, or "".

    It could give its arguments to another macro; other formulas hold it beside macros that were judged
    by what stands next to them.
    """
    if not is_known(new.name):
        return ""
    body = new.body
    last = LAST_PARAMETER.search(body)
    if (
        is_raw(new.name)
        or has_default
        or ("Paired" in how and how != "DeclarePairedDelimiter")
        or "arrow" in how
        or PARAMETER_BEFORE_ARGUMENT.search(body)
        or any(body.count(f"#{number}") > 1 for number in range(1, new.arity + 1))
        or (last is not None and int(last[1]) < new.arity)
        or not all(map(is_known, MACRO.findall(body)))
    ):
        return f"a new meaning of '\\{new.name}'"
    return ""

"""Texts that hold what a note may hold, in any order."""

from __future__ import annotations

from hypothesis import strategies as st

# fmt: off
FRAGMENTS = [
    "START", "END", " END", "START ", "ENDING", "Basic", "Cloze", "Basic (and reversed card)",
    "Back:", "Back: a", "Front: b", "Tags: x, y", "Tags:", "<!--ID: 1700000000001-->", "ID: 5",
    "<!--ID:", "TARGET DECK", "TARGET DECK: a::b", "FILE TAGS: t", "---", "***", "```", "````",
    "~~~", "```py", "$$", "$", "$x$", "%%", "> ", "- ", "\t- ", "1. ", "# h", "## h ##", "===",
    "![[a]]", "[[a|b]]", "![[#h]]", "^id", "| a | b |\n|---|---|", "<div>", "</div>",
    "<!-- c -->", "{{c1::", "}}", "::", "\\(", "\\)", "\\[", "\\]", "\\", "`", "``", "*", "**",
    "_", "~~", "==", "[x](y)", "![x](y.png)", "[^1]", "&amp;", "&#31;", "\r\n", "\r",
    "\ufeff", "\u200b", "\u2028", "\x00", "\xe9", "e\u0301", "\U0001f600",
]
# fmt: on
TEXT = st.lists(
    st.one_of(st.sampled_from([*FRAGMENTS, "\n", "\n\n", " "]), st.text(max_size=5)), max_size=60
).map("".join)

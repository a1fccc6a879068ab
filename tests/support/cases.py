"""Golden files: cases of title, input and expected output, in the layout that markdown-it-py uses.

What the case shows
.
input
.
expected output
.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

GOLDEN = Path(__file__).parents[1] / "cases" / "golden"
DEFECTS = Path(__file__).parents[1] / "cases" / "defects"
CASE = re.compile(r"^(?P<title>[^\n]+)\n\.\n(?P<input>.*?)^\.\n(?P<expected>.*?)^\.$", re.M | re.S)
# What begins a file where the input is several.
FILE = re.compile(r"^=== (.+)\n", re.M)
# Visible spellings of characters that editors and git would change or hide.
INVISIBLE = {"␍": "\r", "␉": "\t", "␣": " ", "⍽": "\u00a0", "⇤": "\ufeff", "∅": "\u200b"}


class Case(NamedTuple):
    title: str
    input: str
    expected: str

    @property
    def files(self) -> dict[str, str]:
        """The files of the input, each behind `=== path`."""
        _, *parts = FILE.split(self.input)
        return dict(zip(parts[::2], parts[1::2], strict=True))


def read_cases(name: str, folder: Path = GOLDEN) -> list[Case]:
    text = (folder / name).read_text(encoding="utf-8")
    cases = [Case(m["title"], reveal(m["input"]), m["expected"]) for m in CASE.finditer(text)]
    assert cases, f"no case in {name}"
    left = CASE.sub("", text).strip()
    assert not left, f"{name} has text outside its cases: {left[:80]!r}"
    return cases


def params(name: str) -> list[object]:
    return [pytest.param(case, id=case.title) for case in read_cases(name)]


def reveal(text: str) -> str:
    for shown, meant in INVISIBLE.items():
        text = text.replace(shown, meant)
    return text

"""Vaults of the shapes that real ones have, each heavy in one thing; always the same bytes.

mixed      lecture notes with a bit of everything, as `generate` writes them
pictures   cards that show pictures, which no compression makes smaller
regexps    cards that Obsidian_to_Anki finds by regexps
short      many cards of a few words
pasted     long answers, pasted from the notes and from each other
cjk        Chinese and Japanese, where no space ends a word
links      sentences that are links more than words

python -m tools.bench.shapes SHAPE NOTES FOLDER      prints where to edit it, as JSON
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from random import Random

from tools.bench.generate import FIRST_ID, NOTES_A_FOLDER, Edits, Made, Writer, folder_of, generate
from tools.bench.picture import png
from tools.bench.words import phrase, pick, sentence

# Cards of a note of the shape that has the most.
MOST_CARDS = 20
# The regexps of the plugin's manual: one line, and a heading with the paragraph below it.
REGEXPS = {
    "Basic": r"^(.*[^\n:]{1}):{2}([^\n:]{1}.*)",
    "Basic (and reversed card)": r"^#{3}\s(.+)\n((?:[^\n#<].*\n)+)",
}
CJK = tuple(
    "学习 知识 概念 定义 性质 例如 因此 如果 那么 我们 可以 得到 函数 变量 连续 极限 空间 时间 能量 细胞 "
    "蛋白质 历史 语言 文化 经济 社会 日本語 の は を が に です ます こと もの これ それ "
    "勉強 記憶 問題 答え 方法 理由 結果 関係 世界 自然 科学 数学 物理 化学 生物 身体 "
    "ひらがな カタカナ テスト ノート カード".split()
)


def write_shape(shape: str, root: Path, notes: int, seed: int = 7) -> Edits:
    """Write a vault of a shape and of `notes` note files into the folder `root`; say where to edit it."""
    if shape == "mixed":
        return generate(root, notes, seed)
    rng = Random(seed)
    shaped = SHAPES[shape](rng, root)
    names = [f"{phrase(rng, 1, 3).capitalize()} {index}" for index in range(notes)]
    paths = [f"{folder_of(n // NOTES_A_FOLDER)}/{name}.md" for n, name in enumerate(names)]
    for index, path in enumerate(paths):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        ids = iter(range(FIRST_ID + index * MOST_CARDS, FIRST_ID + (index + 1) * MOST_CARDS))
        parts = [f"# {names[index]}", *shaped(names[:index], ids)]
        file.write_bytes(("\n\n".join(parts) + "\n").encode())
    return Edits(paths[0], after="::" if shape == "regexps" else "Back:")


# From the names of the notes before, and numbers that are free, to the parts of a note.
Shaped = Callable[[list[str], Iterator[int]], Iterator[str]]


def _basic(front: str, back: str, ids: Iterator[int]) -> str:
    return f"START\nBasic\n{front}\nBack: {back}\n<!--ID: {next(ids)}-->\nEND"


def _pictures(rng: Random, root: Path) -> Shaped:
    (root / "pictures").mkdir(parents=True)

    def note(names: list[str], ids: Iterator[int]) -> Iterator[str]:
        for number in range(4):
            name = f"slide {len(names)}-{number}.png"
            (root / "pictures" / name).write_bytes(png(rng, 160))
            yield sentence(rng)
            yield _basic(sentence(rng), f"{sentence(rng)}\n![[{name}|400]]", ids)

    return note


def _regexps(rng: Random, root: Path) -> Shaped:
    folder = root / ".obsidian/plugins/obsidian-to-anki-plugin"
    folder.mkdir(parents=True)
    settings = {"settings": {"CUSTOM_REGEXPS": REGEXPS}}
    (folder / "data.json").write_text(json.dumps(settings), encoding="utf-8")

    def note(names: list[str], ids: Iterator[int]) -> Iterator[str]:
        for _ in range(3):
            yield f"## {phrase(rng, 1, 4).capitalize()}\n\n{sentence(rng)} {sentence(rng)}"
            yield f"{phrase(rng, 2, 5)} :: {phrase(rng, 3, 9)}\n<!--ID: {next(ids)}-->"
            answer = "\n".join(f"- {sentence(rng)}" for _ in range(3))
            yield f"### {phrase(rng, 2, 5).capitalize()}\n{answer}\n<!--ID: {next(ids)}-->"

    return note


def _short(rng: Random, root: Path) -> Shaped:
    def note(names: list[str], ids: Iterator[int]) -> Iterator[str]:
        for number in range(15):
            yield _basic(f"{phrase(rng, 1, 4)} {len(names)}-{number}", phrase(rng, 1, 4), ids)

    return note


def _pasted(rng: Random, root: Path) -> Shaped:
    (root / "pictures").mkdir(parents=True)
    (root / "pictures" / "figure 0.png").write_bytes(png(rng))
    writer, sections = Writer(rng, Made(), 1), [""]

    def note(names: list[str], ids: Iterator[int]) -> Iterator[str]:
        sections.append("\n\n".join(writer.block() for _ in range(5)))
        yield f"## {phrase(rng, 1, 3).capitalize()}\n\n{sections[-1]}"
        for _ in range(2):
            pasted = f"{sections[-1]}\n\n{pick(rng, tuple(sections[-30:]))}"
            yield _basic(sentence(rng), f"{sentence(rng)}\n\n{pasted}", ids)

    return note


def _cjk(rng: Random, root: Path) -> Shaped:
    def words(count: int) -> str:
        return "".join(pick(rng, CJK) for _ in range(count))

    def note(names: list[str], ids: Iterator[int]) -> Iterator[str]:
        for _ in range(5):
            yield f"{words(9)}，{words(7)}。{words(12)}。"
            back = f"**{words(3)}**（{words(2)}），$x_1$ {words(8)}。\n- {words(9)}\n- *{words(4)}*{words(5)}"
            yield _basic(f"{words(6)}？", back, ids)

    return note


def _links(rng: Random, root: Path) -> Shaped:
    def note(names: list[str], ids: Iterator[int]) -> Iterator[str]:
        def linked() -> str:
            named = [pick(rng, tuple(names[-200:])) for _ in range(4 if names else 0)]
            return ", ".join([phrase(rng, 1, 3), *(f"[[{n}|{phrase(rng, 1, 2)}]]" for n in named)])

        for _ in range(4):
            yield f"{linked()}.\n{linked()}."
            yield _basic(f"{linked()}?", f"{linked()}.\n- {linked()}\n- {linked()}", ids)

    return note


SHAPES: dict[str, Callable[[Random, Path], Shaped]] = {
    "pictures": _pictures,
    "regexps": _regexps,
    "short": _short,
    "pasted": _pasted,
    "cjk": _cjk,
    "links": _links,
}

if __name__ == "__main__":
    print(json.dumps(asdict(write_shape(sys.argv[1], Path(sys.argv[3]), int(sys.argv[2])))))

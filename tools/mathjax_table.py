"""Write `src/vaultdeck/mathjax/mathjax.txt` anew: `python -m tools.mathjax_table`.

What Anki's MathJax knows is asked of that MathJax itself, run as in `tests/support/mathjax.py`: each macro is
given arguments as long as it asks for more, and what it was given is what it takes. An argument in
which an unknown macro is painted red is math; one in which that happens only between dollars is text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import wrap
from typing import Any

from tests.support.mathjax import ask

TABLE = Path(__file__).parent.parent / "src" / "vaultdeck" / "mathjax" / "mathjax.txt"
# The checker reads these itself.
SPECIAL = {"begin", "end", "left", "right", "middle", "require", "verb"}
DEFINING = set(
    "def let newcommand renewcommand newenvironment renewenvironment DeclareMathOperator "
    "DeclarePairedDelimiter DeclarePairedDelimiters DeclarePairedDelimiterX "
    "DeclarePairedDelimitersX DeclarePairedDelimiterXPP DeclarePairedDelimitersXPP "
    "Newextarrow".split()
)
# Macros that cannot be asked alone: what they take, by the manuals of MathJax. `?`: anything.
BY_HAND = {
    **dict.fromkeys("matrix array pmatrix eqalign displaylines eqalignno leqalignno".split(), "A"),
    **dict.fromkeys("shoveleft shoveright limits nolimits braket set Braket Set".split(), ""),
    **dict.fromkeys("cr hline hdashline hfill hfil hfilll noalign".split(), ""),
    **dict.fromkeys("usetagform mathtoolsset uproot leftroot".split(), "o"),
    **dict.fromkeys("unicode color cellcolor rowcolor columncolor xmathstrut".split(), "bo"),
    **dict.fromkeys("raise lower moveleft moveright".split(), "n"),
    **dict.fromkeys("ce pu".split(), "o"),
    "prescript": "ooo",
    "definecolor": "ooo",
    "skew": "omm",
    "mmlToken": "obo",
    "MoveEqLeft": "b",
    "textcolor": "bom",
    "bbox": "bm",
    "cfrac": "bmm",
    "genfrac": "oooomm",
    "newtagform": "oboo",
    "renewtagform": "oboo",
    "ref": "o",
    "eqref": "o",
    "label": "o",
}
ENVIRONMENTS_BY_HAND = {"empheq": "bo", **dict.fromkeys(["alignat", "alignat*"], "o")}
PROBE = r"""
fresh();
const tex = MathJax._.input.tex, proto = tex.TexParser.default.prototype;
const handlers = doc.inputJax[0].parseOptions.handlers;
const names = (kind) => {
  const found = new Map();
  for (const {item} of Array.from(handlers.get(kind)._configuration)) {
    if (item.map) for (const key of item.map.keys()) if (!found.has(key)) found.set(key, item);
  }
  return found;
};
let first = null, log = null, count = 0, known = {};
const make = () => { const n = 'abcdefghijklm'[count++]; return `\\zq${n}x$\\zq${n}y$`; };
const ends = (p) => log && log.length < 12 && p === first && !p.string.slice(p.i).trim();
for (const [method, mark, append] of [
  ['Parse'], ['GetStar', () => '*'],
  ['GetArgument', () => 'a', () => `{${make()}}`], ['GetBrackets', () => 'b', () => `[${make()}]`],
  ['GetDelimiter', (braces) => braces ? 'D' : 'd', () => '('], ['GetDimen', () => 'n', () => '{1em}'],
  ['GetDelimiterArg', () => 'o', () => '{(}'], ['GetUpTo', () => '?'],
]) {
  const own = proto[method];
  proto[method] = function (...args) {
    if (method === 'Parse') { if (log && !first) first = this; }
    else if (ends(this)) { log.push(mark(args[1])); if (append) this.string += append(); }
    return own.apply(this, args);
  };
}
const ask = async (source) => {
  first = null; log = []; count = 0;
  const said = await convert(source, true);
  const taken = log.join('');
  log = null;
  return {taken, text: first ? first.string : '', ...said};
};
const answer = {delimiters: [...names('delimiter').keys()], macros: {}, environments: {}};
const skipped = new Set(data);
for (const [key, map] of names('macro')) {
  const name = key.replace(/^\\/, '');
  if (skipped.has(name) || (name === key && map.name.includes('delimiter'))) continue;
  answer.macros[name] = {map: map.name, ...await ask('\\' + name)};
}
for (const [name] of names('environment')) {
  const begin = '\\begin{' + name + '}', asked = await ask(begin);
  const args = asked.text.slice(begin.length).replace(/\\zq.x\$\\zq.y\$/g, 'c');
  answer.environments[name] = {...asked, cells: await convert(begin + args + 'a&b\\end{' + name + '}', true)};
}
answer.packages = [...MathJax._.components.package.Package.packages.keys()];
fresh();
await MathJax._.mathjax.mathjax.handleRetriesFor(() => doc.convert('\\require{physics}', {}));
answer.physics = [];
for (const {item} of Array.from(doc.inputJax[0].parseOptions.handlers.get('macro')._configuration)) {
  if (item.map && item.name.startsWith('Physics')) answer.physics.push(...item.map.keys());
}
answer.physicsEnvironments = [];
for (const {item} of Array.from(doc.inputJax[0].parseOptions.handlers.get('environment')._configuration)) {
  if (item.map && item.name.startsWith('Physics')) answer.physicsEnvironments.push(...item.map.keys());
}
return answer;
"""


def signature(answer: dict[str, Any]) -> str:
    """Return what a macro takes, one letter for each argument."""
    red = set(answer["undefined"])
    letters = []
    number = 0
    for letter in answer["taken"]:
        if letter in "ab":
            sentinel = f"\\zq{'abcdefghijklm'[number]}"
            number += 1
            is_math, is_text = f"{sentinel}x" in red, f"{sentinel}y" in red
            letter = {"a": "mto", "b": "Bbb"}[letter][0 if is_math else 1 if is_text else 2]
        letters.append(letter)
    return "?" if "?" in letters else "".join(letters)


def macro_rows(answers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each macro with the head of its line."""
    for name, answer in answers.items():
        if name in SPECIAL:
            continue
        taken = BY_HAND.get(name)
        if taken is None:
            taken = "?" if answer["error"] else signature(answer)
        if not taken and "mathchar" in answer["map"]:
            yield name, "symbols"
        else:
            yield name, f"macros {taken or '-'}"


def environment_rows(answers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each environment with the head of its line."""
    for name, answer in answers.items():
        taken = ENVIRONMENTS_BY_HAND.get(name, answer["taken"].replace("a", "o"))
        taken = taken.replace("B", "b") or "-"
        has_cells = name in ENVIRONMENTS_BY_HAND or not answer["cells"]["error"]
        has_cells = has_cells or "positive integer" in answer["cells"]["error"]
        yield name, f"{'tables' if has_cells else 'environments'} {taken}"


def render(answer: dict[str, Any]) -> str:
    """Return the text of the table."""
    rows: defaultdict[str, set[str]] = defaultdict(set)
    for name, head in (*macro_rows(answer["macros"]), *environment_rows(answer["environments"])):
        rows[head].add(name)
    rows["defining"] = DEFINING
    rows["delimiters"] = set(answer["delimiters"])
    loaded = (name.removeprefix("[tex]/") for name in answer["packages"] if "[tex]/" in name)
    forbidden = {"base", "all-packages", "autoload", "configmacros", "tagformat", "setoptions"}
    rows["packages"] = set(loaded) - forbidden
    rows["physics"] = {f"\\{name}" for name in answer["physics"]}
    rows["physics"] |= set(answer["physicsEnvironments"])
    lines = ["# What Anki's MathJax 3.2.2 knows; written by tools/mathjax_table.py, not by hand."]
    for head in sorted(rows):
        lines += lines_of(head, rows[head])
    return "\n".join(lines) + "\n"


def lines_of(head: str, names: Iterable[str]) -> Iterator[str]:
    """Yield the lines of one kind; a name is never broken, and `\\ ` is written as it is."""
    text = " ".join(sorted(name if name != " " else "SPACE" for name in names))
    for line in wrap(text, 96, break_long_words=False, break_on_hyphens=False):
        yield f"{head}: {line}"


if __name__ == "__main__":
    skipped = sorted(SPECIAL | DEFINING)
    TABLE.write_text(render(ask(PROBE, skipped)), encoding="utf-8")

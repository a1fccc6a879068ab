"""Random formulas, mended and broken, always the same ones for a seed."""

from __future__ import annotations

import random

ATOMS = (
    r"x y 12 \alpha \sum \int + = f \infty \lim \sin ( ) | \, \dots \R \bm \to ! . \cdot \Gamma \hat"
    r" \not \limits ~ \% \{ \} \& é \mathbb@R \displaystyle \prime \max [ ] \langle \\ \rm \over"
    r" \choose \middle| \hline \operatorname* \unknown \label{a} \eqref{b}"
).split()
# `@` stands for any number of further formulas.
FRAMES = r"""
{@}
\frac{@}{@}
\sqrt[3]{@}
\sqrt[@]{x}
\left(@\right]
\left.@\right|
\begin{matrix}@ & @ \\ @\end{matrix}
\begin{aligned}@ & @ \\[2pt] @\end{aligned}
\begin{cases}@ & \text{if $@$} \\ @ & x\end{cases}
\begin{align*}@ &= @\end{align*}
\begin{array}{cc}@ & @\end{array}
\begin{gathered}@ \\ @\end{gathered}
\begin{equation}@\end{equation}
\begin{multline}@ \\ @\end{multline}
\begin{cases*}@ & text, $x$\end{cases*}
_{@}
^{@}
x_{@}^{@}
x_1^2'
f'^2_1
x_@
x^@
\text{a $@$ b}
\mbox{50\% of \(@\)}
\textbf{a\$ {b}}
\mathrm{@}
\overline{@}
\boldsymbol@
\hat @
\underbrace{@}_{@}
\operatorname{@}
\cancel{@}
\boxed{@}
\substack{@ \\ @}
\pmod{@}
\big(@
\underset{@}{@}
\binom@@
\cfrac{@}{@}
\xrightarrow[@]{@}
\ce{H2O + \alpha}
\tag{1}
\color{red}@
\textcolor{blue}{@}
\unicode{x41}
\verb|a{|
\hspace{1em}
\kern2pt @
\href{u#%}{@}
\bbox[red]{@}
\rule{1em}{2em}
\raise 2pt @
\bra{@}\braket{a|@}
\matrix{@ & b \cr c & @}
\cases{a & b {c} \cr d & e}
\root 3 \of @
\buildrel a \over @
\sideset{_1^2}{_3^4}\prod
\newcommand{\R}{\mathbb R}
\def\x#1{#1}\x @
\newcommand{\foo}[2][a]{#1#2}\foo{@}
\let\y=\alpha \y
\DeclareMathOperator{\tr}{tr}\tr
\newenvironment{e}{x}{y}\begin{e}@\end{e}
\renewcommand{\vec}[1]{\mathbf{#1}}\vec{@}
\newcommand\Z{\left( }\Z
\DeclarePairedDelimiter{\abs}{|}{|}\abs{@}\abs*{\frac12}
""".strip().splitlines()
BREAKERS = [*"{}&_^'\\%$#[] x", "\\frac", "\\left", "\\end{matrix}"]


def random_formulas(seed: int, count: int) -> list[str]:
    """Return formulas; about half of them were well formed until something was done to them."""
    chance = random.Random(seed)
    return [_break(chance, _grow(chance, 3) + _grow(chance, 2)) or "x" for _ in range(count)]


def _grow(chance: random.Random, depth: int) -> str:
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(ATOMS).replace("@", " ") + chance.choice(["", " "])
    pieces = chance.choice(FRAMES).split("@")
    grown = pieces[0]
    for piece in pieces[1:]:
        grown += "".join(_grow(chance, depth - 1) for _ in range(chance.randint(0, 3))) + piece
    return grown


def _break(chance: random.Random, tex: str) -> str:
    if chance.random() < 0.5:
        return tex
    for _ in range(chance.randint(1, 2)):
        at, other = sorted((chance.randrange(len(tex) + 1), chance.randrange(len(tex) + 1)))
        way = chance.random()
        if way < 0.4:
            tex = tex[:at] + tex[at + 1 :]
        elif way < 0.8:
            tex = tex[:at] + chance.choice(BREAKERS) + tex[at:]
        else:
            tex = tex[:at] + tex[other:]
    return tex

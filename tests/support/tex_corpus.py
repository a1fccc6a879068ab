"""Formulas that Anki's MathJax shows, and formulas that it does not, with what is wrong with them."""

from __future__ import annotations

GOOD = r"""
\frac{a}{b} + \frac12 + \frac x y
\sqrt\frac{1}{2}
\sqrt[3]{x} + \sqrt[{n}]{x}
e^{i\pi} + 1 = 0
x_1^2 + x^2_1 + {x_1}_2 + x_{1_2}
f' + f'' + f'_n + f_n' + f'^2
\sum^a' + \sum_{i=1}^n i^2
\left( \frac{a}{b} \middle| c \right)
\left. x \right\rvert_0^1
\left\{ x \right\} + \left\langle x, y \right\rangle
\begin{align} a &= b \\ c &= d \end{align}
\begin{aligned}[t] a &= b \\[2pt] &= c \end{aligned}
\begin{pmatrix} a & b \\ c & d \end{pmatrix}
\begin{array}{c|c} a & b \\ \hline c & d \end{array}
\begin{cases} a & \text{if } x < 0 \\ b & \text{otherwise} \end{cases}
\begin{cases*} a & if $x$ and \\ b & else \end{cases*}
\begin{alignat}{2} a &= b &\quad c &= d \end{alignat}
\begin{CD} A @>a>> B \\ @VbVV @AAcA \\ C @= D \end{CD}
\begin{prooftree} \AxiomC{$A$} \UnaryInfC{$B$} \end{prooftree}
\begin{gather*} a \\ b \end{gather*}
\begin{bmatrix*}[r] 1 & -2 \end{bmatrix*}
\matrix{a & b \cr c & d}
\cases{a & if $x$ \cr b & else {y}}
\substack{a & b \\ c}
a \\ b
\text{if $x < \alpha$ or \(y\) costs \$5 \{really\}}
\mbox{a {b} c}
\ce{H2O + \frac{1}{2} O2 -> SO4^2-}
\pu{5 kg m-1}
\href{https://example.org/a_b#c%20d}{x}
\unicode{x263A} + \unicode[Times]{65}
\color{red}{x} + \textcolor{blue}{y} + \color[rgb]{1,0,0} z
\tag{1.$\alpha$} x
x \tag*{a}
\verb|\foo{| + x
x % \foo } { & #
\{ \} \% \& \$ \# \_
\bbox[yellow, 2px]{x} + \cancel{x} + \cancelto{0}{x} + \enclose{circle}{x}
\boldsymbol{x} + \mathscr{A} + \mathbb{R} + \mathfrak{g} + \bf x
\coloneqq + \degree + \celsius + \xmapsto{f} + \underbracket{x}
\operatorname{tr} + \operatorname*{arg\,max}_x
\newcommand{\R}{\mathbb{R}} x \in \R
\newcommand{\abs}[1]{\left| #1 \right|} \abs{x}
\def\x#1{#1^2} \x y
\let\a=\alpha \a
\DeclareMathOperator{\tr}{tr} \tr A
\DeclarePairedDelimiter{\norm}{\lVert}{\rVert} \norm{x} + \norm*{\frac12}
\newenvironment{e}{(}{)} \begin{e} x \end{e}
\renewcommand{\vec}[1]{\mathbf{#1}} \vec{x}
\newcommand{\open}{\left(} \open x \right)
\require{physics} \dv{f}{x} + \qty(\frac12)
\require{mhchem} \ce{H2O}
\braket{a|b} + \bra{a} + \Set{x | \frac12}
\underset{x}{\max} + \overset{!}{=} + \stackrel{a}{b}
\xrightarrow[a]{b} + \underbrace{x}_{a} + \overbrace{x}^{b}
\root 3 \of x + {a \over b} + {n \choose k} + \buildrel a \over b
\big( \Bigl\{ \bigg| \big\rangle
\mathchoice{a}{b}{c}{d} + \genfrac(){0pt}{}{n}{k} + \cfrac[l]{1}{2}
\hspace{1em} \kern2pt \mskip 3mu \rule{1em}{2em} \raise 2pt {x}
\not= + \not\subset + \lim_{x \to 0} + \limsup\limits_n
\sideset{_1^2}{_3^4}\prod
\iint\limits_D + \oint + \dots + \ldots
\label{eq} x = \eqref{eq} + \ref{eq}
é + ∑ + α_β^γ + 你好
"""

# The code of the first problem, and the formula.
BAD = r"""
math-unknown-macro \bm{x}
math-unknown-macro \mathds{1}
math-unknown-macro \mathbbm{1}
math-unknown-macro \SI{5}{\meter}
math-unknown-macro \qty{5}{\meter}
math-unknown-macro \dv{f}{x}
math-unknown-macro \pdv{f}{x}
math-unknown-macro \R
math-unknown-macro \alhpa
math-unknown-macro \frac{\foo}{b}
math-unknown-macro \sqrt[\foo]{b}
math-unknown-macro \text{if $\foo$}
math-unknown-macro \underline{\text{\(\foo\)}}
math-unknown-macro \begin{cases} a & \foo \end{cases}
math-unknown-macro \(x\)
math-unknown-macro \'e
math-unknown-macro \bgroup x \egroup
math-unknown-macro \require{cancel} \dv{x}{y}
math-unknown-macro \newcommand{\a}{x} \b
math-unknown-environment \begin{tikzcd} A \arrow[r] & B \end{tikzcd}
math-unknown-environment \begin{tabular}{c} A \end{tabular}
math-unknown-environment \begin{ align} A \end{ align}
math-unknown-package \require{siunitx} x
math-unknown-package \require{amsmath} x
math-syntax \frac{a}
math-syntax {\frac{a}}
math-syntax \frac{a}{b
math-syntax \sqrt{a
math-syntax \sqrt[3{a}
math-syntax {a
math-syntax a}
math-syntax \hat\frac{a}{b}
math-syntax \mathrm
math-syntax x^
math-syntax {x_}
math-syntax \begin{matrix} x_ & y \end{matrix}
math-syntax \begin{align} a
math-syntax \begin{align} a \end{aligned}
math-syntax a \end{align}
math-syntax \begin{align} {a \end{align}
math-syntax \left( a
math-syntax a \right)
math-syntax \left( {a \right)
math-syntax {\left( a} \right)
math-syntax \left{ a \right}
math-syntax \left x \right)
math-syntax a \middle| b
math-syntax \big x
math-syntax a & b
math-syntax {a & b}
math-syntax \sqrt{a & b}
math-syntax \begin{equation} a &= b \end{equation}
math-syntax \begin{matrix} \sqrt{a & b} \end{matrix}
math-syntax a &lt; b
math-syntax x_1_2
math-syntax x^1_2^3
math-syntax x_{a}_{b}
math-syntax x^2'
math-syntax x'^2^3
math-syntax \alpha_1_2
math-syntax #
math-syntax \text{costs $5}
math-syntax \text{a
"""


def good_formulas() -> list[str]:
    """Return the formulas that are shown."""
    return [*GOOD.strip().splitlines(), "a % {\n b", "\\sqrt{a % } + b", "{a % }\n}", "x^\n2"]


def bad_formulas() -> list[tuple[str, str]]:
    """Return the formulas that are not shown, each behind the code of its first problem."""
    pairs = (line.partition(" ") for line in BAD.strip().splitlines())
    return [(code, tex) for code, _, tex in pairs]

"""Attacks on a card, as notes of a vault: each would run a script, load something or cover the page.

`window.pwned` is set by what runs; `attacker.invalid` is asked for by what loads; what covers the page is
found where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

RUN = "javascript:window.pwned=1"
COVER = "position:fixed;top:0;left:0;width:100vw;height:100vh;background:url(https://attacker.invalid/x)"
# Formulas; JS stands for an address that runs, CSS for a style that covers and loads.
FORMULAS = r"""
\href{JS}{x}
\require{html}\href{JS}{\text{click}}
\href {JS} {x}
\href%
\text{a}\href{JS}{x}
\begin{array}{c}\href{JS}{x}\end{array}
\begin{pmatrix}a & \href{JS}{x}\end{pmatrix}
\frac{\href{JS}{x}}{y}
\sqrt[\href{JS}{x}]{y}
x^{\href{JS}{x}}_{\style{CSS}{y}}
\left(\href{JS}{x}\right)
\text{$\href{JS}{x}$}
\text{\(\href{JS}{x}\)}
\mbox{a $\style{CSS}{x}$ b}
\text{\)}\href{JS}{x}
\text{\]}\style{CSS}{x}
{ % \)}
\\\href{JS}{x}
\\\\\href{JS}{x}
\verb|a|\href{JS}{x}
\verb\x\\href{JS}{x}
\verb|\|\href{JS}{x}
\ce{\href{JS}{x}}
\ce{\hr ef{JS}{x}}
\ce{A $\href{JS}{x}$}
\pu{\style{CSS}{x}}
\let\h\href \h{JS}{x}
\let\h=\href \h{JS}{x}
\let\a\style \let\style\a \a{CSS}{x}
\let\style\href \let\href\style \style{CSS}{x}
\let\begin\style \begin{CSS}{x}
\let\text\style \text{CSS}{x}
\let\color\style \color{CSS}{x}
\def\h{\href}\h{JS}{x}
\def\h#1{\href{#1}{x}}\h{JS}
\def\h#1#2{#1{#2}{x}}\h\href{JS}
\def\href#1{x}\href{JS}{y}
\def\begin#1{\style{#1}{x}}\begin{CSS}
\def\x{\style}\x{CSS}{y}
\def\x{\color}\x{CSS}{y}
\def\x#1{\color{#1}{y}}\x{CSS}
\def\x#1;{\fcolorbox{#1;}{white}{y}}\x red;CSS;
\def\x#1{\begin{array}{c}#1\end{array}}\x{\href{JS}{y}}
\newcommand{\h}{\href}\h{JS}{x}
\newcommand\h\href \h{JS}{x}
\newcommand\h\fcolorbox{red}{white}{x} \h{CSS}{white}{y}
\newcommand{\h}[1]{\href{#1}{x}}\h{JS}
\newcommand{\h}[2][JS]{\href{#1}{#2}}\h{x}
\newcommand{\h}[1][CSS]{\style{#1}{x}}\h
\renewcommand{\frac}[2]{\href{#1}{#2}}\frac{JS}{x}
\renewcommand{\vec}[2]{#1{#2}{white}{x}}\vec\fcolorbox{CSS}
\renewcommand{\vec}[1]{#1{CSS}{white}{x}}\vec\fcolorbox{red}{white}{y}
\newcommand{\y}[3]{#1{#3}{white}{x}}\y\fcolorbox{red}{CSS}
\def\y#1#2#3{#1{#2#3}{white}{x}}\y\fcolorbox{red}{;CSS}
\def\q#1#2{#1}\def\y#1{\q#1{CSS}{white}{x}}\y{\fcolorbox{red}{white}{x}}
\def\q#1#2{#1}\q\fcolorbox{red}{CSS}{white}{x}
\def\q#1{#1}\q\bbox[CSS]{x}
\def\q{\bbox}\q[CSS]{x}
\newenvironment{e}[1]{\style{#1}{x}}{}\begin{e}{CSS}\end{e}
\newenvironment{e}{\href}{}\begin{e}{JS}{x}\end{e}
\renewenvironment{array}[1]{\style{#1}{x}}{}\begin{array}{CSS}\end{array}
\newenvironment{e}\fcolorbox{red}{white} \begin{e}{CSS}{white}{x}\end{e}
\DeclareMathOperator{\h}{\href{JS}{x}}\h
\DeclareMathOperator*{\h}{x\style{CSS}{y}}\h
\DeclarePairedDelimiter{\h}{\href{JS}{(}}{)}\h{x}
\DeclarePairedDelimiterX{\h}[1]{(}{)}{\href{JS}{#1}}\h{x}
\DeclarePairedDelimiterXPP{\h}[1]{\href{JS}{a}}{(}{)}{}{#1}\h{x}
\Newextarrow{\h}{5,5}{CSS}\h{x}
\style{CSS}{x}
\style{background:url(https://attacker.invalid/y)}{x}
\style{color:red}{x}
\class{mathjax_process}{x}
\class{fixed" onmouseover="window.pwned=1}{x}
\cssId{qa}{x}
\cssId{_mark}{\style{CSS}{x}}
\mmlToken{mi}[href=JS]{x}
\mmlToken{mi}[style="CSS"]{x}
\mmlToken{mtext}[mathbackground=url(https://attacker.invalid/m)]{x}
\unicode[x;CSS]{65}
\unicode[.55,0.05][x";CSS]{x41}
\unicode{x263A}
\bbox[CSS]{x}
\bbox[position:fixed,white]{\rule{200em}{200em}}
\bbox[border:2px solid red;CSS]{x}
\bbox[5px,url(https://attacker.invalid/b)]{x}
\color{red;CSS}{x}
\color[named]{red;CSS}{x}
\color[rgb;CSS]{1,0,0}{x}
\textcolor{red;CSS}{x}
\colorbox{red;CSS}{x}
\fcolorbox{red;CSS}{white}{x}
\fcolorbox{red}{white;CSS}{x}
\definecolor{q}{named}{red;CSS}\fcolorbox{q}{q}{x}
\definecolor{q}{rgb}{1,0,0;CSS}\fcolorbox{q}{q}{x}
\definecolor{q;CSS}{named}{red}\fcolorbox{q;CSS}{red}{x}
\cancel[mathbackground=url(https://attacker.invalid/c)]{x}
\cancel[color="red;CSS"]{x}
\enclose{circle}[mathcolor="red;CSS"]{x}
\enclose{circle;CSS}{x}
\cellcolor{red;CSS}x
\rowcolor[named]{red;CSS}x
\texttip{x}{<img src=x onerror=window.pwned=1>}
\mathtip{x}{\href{JS}{y}}
\toggle{x}{\href{JS}{y}}\endtoggle
\require{[https://attacker.invalid]/x}x
\require{../../../../x}x
\require{html;x}x
\require{autoload}\href{JS}{x}
\mathtoolsset{allow-mathtoolsset=true}x
\newtagform{a}[\href{JS}]{(}{)}x
\tag{\href{JS}{1}} x
\tag*{$\href{JS}{1}$} x
\label{a"><img src=x onerror=window.pwned=1>} x
\eqref{x" onmouseover="window.pwned=1} x
\ref{JS} x
\hspace{-1000em}x
\kern-1000em x
\raise 1000em {x}
\rule{1000em}{1000em}
\mskip -9000mu x
\\[-1000em] x
\def\k{\kern}\k-1000em x
\def\k#1{\kern#1em}\k{-1000} x
\smash{\rule{40em}{40em}}
\llap{\rule{40em}{40em}}
\raise 40em {\raise 40em {\rule{40em}{40em}}}
\begin{alignat}{99999999}a\end{alignat}
\def\a{\a}\a
\def\a{\sqrt{\a}\sqrt{\a}}\a
\def\a{\sqrt{\b}\sqrt{\b}}\def\b{\sqrt{\a}\sqrt{\a}}\a
\def\a#1{\sqrt{#1}\sqrt{#1}}\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{x}}}}}}}}}}}}}}}}}}}}
\def\a{xx}\def\b{\frac\a\a}\def\c{\frac{\b}{\b}}\def\d{\frac{\c}{\c}}\def\e{\frac{\d}{\d}}\def\f{\frac{\e}{\e}}\def\g{\frac{\f}{\f}}\def\h{\frac{\g}{\g}}\def\i{\frac{\h}{\h}}\def\j{\frac{\i}{\i}}\def\k{\frac{\j}{\j}}\def\l{\frac{\k}{\k}}\def\m{\frac{\l}{\l}}\def\n{\frac{\m}{\m}}\def\o{\frac{\n}{\n}}\def\p{\frac{\o}{\o}}\p
\require{physics}\xmat{x}{99999}{99999}
\require{physics}\imat{99999}
<img src=x onerror=window.pwned=1>
\text{<img src=x onerror=window.pwned=1>}
\text{&lt;img src=x onerror=window.pwned=1&gt;}
\operatorname{<script>window.pwned=1</script>}
""".strip().splitlines()
# Raw HTML; a note has it in its answer.
RAW = r"""
<div>\(\hr<wbr>ef{JS}{x}\)</div>
<div>\(\hr<wbr/>ef{JS}{x}\)</div>
<div>\(\href<br>{JS}{x}\)</div>
<div>\(\hr<!-- a -->ef{JS}{x}\)</div>
<div>\(\hr&#101;f{JS}{x}\)</div>
<div>\(\&#x68;ref{JS}{x}\)</div>
<div>&#92;(&#92;href{JS}{x}&#92;)</div>
<div>&bsol;(&bsol;href{JS}{x}&bsol;)</div>
<div>\<wbr>(\href{JS}{x}\<wbr>)</div>
<div>\(\sty<wbr>le{CSS}{x}\)</div>
<div>\(\hr<b></b>ef{JS}{x}\)</div>
<div>\[\hr<x>ef{JS}{x}\]</div>
<div>\(\hr<script>1</script>ef{JS}{x}\)</div>
<div>\(a <b>\href{JS}{x}</b>\)</div>
<div>\( { \) \href{JS}{x} } \)</div>
<code class="mathjax_process">\(\href{JS}{x}\)</code>
<pre class="a mathjax_process b">\(\href{JS}{x}\)</pre>
<span class="mathjax_ignore"><b class="mathjax_process">\(\href{JS}{x}\)</b></span>
<span class="mathjax_ignore">\(</span>\href{JS}{x}\)
<table><tr>\(\hr<td>ef{JS}{x}\)</td></tr></table>
<table>\(\hr<tr>ef{JS}{x}\)</tr></table>
<ruby>\(\hr<rt>ef</rt>{JS}{x}\)</ruby>
<b title="\(">\href{JS}{x}\)</b>
<b title="\(&lt;">a</b> \) onmouseover=window.pwned=1 x="
<div style="CSS">x</div>
<div style="position:fixed;inset:0;background:red">x</div>
<div style="pos/**/ition:fixed;top:0">x</div>
<div style="p\6fsition:fixed;top:0">x</div>
<div style="background:url(https://attacker.invalid/a)">x</div>
<div style="background:image-set('https://attacker.invalid/b' 1x)">x</div>
<div style="background-image:url(https://attacker.invalid/c)">x</div>
<div style="width:9000px;height:9000px;margin:-4000px">x</div>
<div style="transform:scale(99)">x</div>
<div style="content:url(https://attacker.invalid/d)">x</div>
<div style="list-style-image:url(https://attacker.invalid/e);list-style-type:'x'">x</div>
<div style="color:var(--x,url(https://attacker.invalid/f))">x</div>
<a href="https://a.invalid" style="display:block;position:absolute;inset:0">x</a>
<a href="https://a.invalid" style="display:block;height:100vh;margin-top:-50vh">x</a>
<a href="JS">x</a>
<a href="java&#9;script:window.pwned=1">x</a>
<a href=" &#1; JS">x</a>
<a href="data:text/html,<script>window.pwned=1</script>">x</a>
<a href="obsidian://new?vault=v&name=a&content=b">x</a>
<a href="obs&#10;idian://advanced-uri?vault=v&commandid=x">x</a>
<a href="things:///add?title=x">x</a>
<a href="anki://x-callback-url/addnote?type=a">x</a>
<svg onload="window.pwned=1"><a xlink:href="JS"><text>x</text></a></svg>
<math><maction actiontype="statusline#JS" xlink:href="JS">x</maction></math>
<iframe src="JS"></iframe><iframe srcdoc="<script>parent.pwned=1</script>"></iframe>
<iframe src="http://127.0.0.1:1/x"></iframe>
<object data="JS"></object><embed src="JS">
<form action="JS"><button>x</button><input type=image src=x></form>
<input type="text" autofocus onfocus="window.pwned=1">
<img src=x onerror="window.pwned=1"><video poster="JS"><source onerror="window.pwned=1"></video>
<details open ontoggle="window.pwned=1"><summary>x</summary></details>
<template><img src=x onerror="window.pwned=1"></template>
<noscript><p title="</noscript><img src=x onerror=window.pwned=1>">
<style>*{position:fixed}</style><link rel=stylesheet href="https://attacker.invalid/s.css">
<base href="https://attacker.invalid/"><meta http-equiv="refresh" content="0;url=https://attacker.invalid/">
<p title="<img src=x onerror=window.pwned=1>">x</p>
<b id="qa">x</b><div id="_mark" class="mjx-x">x</div>
<div>$\hr</div>ef{JS}{x}$
x \\(\href{JS}{x}\\)
x \\\(\href{JS}{x}\\\)
x `\(` \href{JS}{x} `\)`
""".strip().splitlines()
CLOZES = r"""
{{c1::x}} \(\hr{{c1::ef}}{JS}{x}\)
{{c1::x}} $\hr{{c2::ef}}{JS}{x}$
{{c1::x}} $\hr{{c1::a::ef}}{JS}{x}$
{{c1::x}} ${{c1::y::\href{JS}{x} }}$
{{c1::x}} $\sty{{c1::le}}{CSS}{x}$
{{c1::x}} $\{{c1::href}}{JS}{x}$
{{c1::x}} $\hr{{c1::e}}{{c2::f}}{JS}{x}$
{{c1::x}} $\hr{{c1::{{c2::ef}}}}{JS}{x}$
{{c1::x}} \{{c1::(}}\href{JS}{x}\{{c1::)}}
{{c1::x}} {{c1::\(}}\href{JS}{x}\)
{{c1::x}} \({{c1::\)}}\href{JS}{x}\)
{{c1::x}} $\text{ {{c1::\)}} }\href{JS}{x}$
{{c1::x::\(\href{JS}{x}\)}}
{{c1::x::$\style{CSS}{x}$}}
{{c1::\(a::b\) \href{JS}{x}\)}}
<div>{{c1::x}} \(\hr{{c1::ef}}{JS}{x}\)</div>
<div>{{c1::x}} \(\hr<b>ef</b>{JS}{x}\)</div>
<div>{{c1::x}} \(\hr<b title="\)">ef{JS}{x}\)</b></div>
<div>{{c1::x}} <b title="\(&lt;">a</b> \)" onmouseover=window.pwned=1 x="</div>
<div>{{c1::x}} <code>\(</code> \hr<b>ef</b>{JS}{x} \)</div>
<div>{{c1::\(a::b\) \hr<wbr>ef{JS}{x}\)}}</div>
<div>{{c1::image-occlusion:rect:left=1" onmouseover="window.pwned=1:top=2}}</div>
<div>{{c1::image-occlusion:rect:left=1"><img src=x onerror=window.pwned=1>:top=2}}</div>
{{c1::image-occlusion:rect:left=1" onmouseover="window.pwned=1:top=2}}
{{c1::x}} &#92;(\hr{{c1::ef}}{JS}{x}\)
{{c1::x}} \(\hr{{c1::ef}}{JS}{x}&#92;) <b>a</b> \)
{{c1::x}} $\def\a{\hr{{c1::ef}}}\a{JS}{x}$
{{c1::x}} $\color{red{{c1::;CSS}}}{x}$
""".strip().splitlines()
# One card defines, the next one uses: MathJax keeps definitions.
PAIRS = [
    (r"\def\zz{\href}", r"\zz{JS}{x}"),
    (r"\def\zz{\fcolorbox}", r"\zz{CSS}{white}{x}"),
    (r"\def\zz#1#2{#1{#2}{white}{x}}", r"\zz\fcolorbox{red}{CSS}"),
    (r"\renewcommand{\text}[1]{#1}", r"\text{\href{JS}{x}}"),
    (r"\renewcommand{\verb}[1]{#1}", r"\verb|\href{JS}{x}|"),
    (r"\def\%{\href}", r"\%{JS}{x}"),
    (r"\renewcommand{\alpha}[2]{#1{#2}}", r"\alpha\bbox[red]{CSS}"),
    (r"\definecolor{zz}{named}{red;CSS}", r"\fcolorbox{zz}{zz}{x}"),
    (r"\let\zz=\style", r"\zz{CSS}{x}"),
    (r"\renewcommand{\beta}[3]{#1x}", r"\beta\definecolor{q}{}{named}{CSS}\fcolorbox{x}{white}{y}"),
    (r"\renewcommand{\beta}[1]{#1x{}{CSS}}", r"\beta\definecolor{q}{}{red} \fcolorbox{x}{x}{y}"),
    (r"\renewcommand{\beta}[1]{#1x{}{CSS}}\beta\definecolor{q}{}{red}", r"\fcolorbox{x}{x}{y}"),
    (r"\newenvironment{zz}[1]{\style{#1}{x}}{}", r"\begin{zz}{CSS}\end{zz}"),
]
# Three attacks, and every place of a note where text stands.
CORE = [r"\(\href{JS}{x}\)", r"$\style{CSS}{x}$", "<img src=x onerror=window.pwned=1>"]
PLACES = [
    "START\nBasic\n{attack} front\nBack: a\nEND",
    "START\nBasic (type in the answer)\nq\nBack: {attack}\nEND",
    "START\nBasic (and reversed card)\nq\nBack: r {attack}\nEND",
    "START\nBasic\nq\nBack:\n| a | b |\n| - | - |\n| {attack} | c |\nEND",
    "START\nBasic\nq\nBack:\n> [!note] {attack}\n> {attack}\nEND",
    "START\nBasic\nq\nBack: x[^1] ^[{attack}]\n\n[^1]: {attack}\nEND",
    "START\nBasic\nq\nBack:\n- [ ] {attack}\n  1. {attack}\nEND",
    "START\nBasic\nq\nBack: **{attack}** ==*{attack}*== ~~{attack}~~\nEND",
    "START\nBasic\nq\nBack: [{attack}](https://a.invalid) [[no note|{attack}]] [[{attack}]]\nEND",
    "START\nBasic\nq\nBack: ![[Embedded{number}]]\nEND",
    "START\nBasic\nq\nBack: ![[Embedded{number}#h]]\nEND",
    "# {attack}\n\nSTART\nBasic\nq\nBack: in the context\nEND",
    "START\nBasic\nq\nBack: `{attack}`\n```js\n{attack}\n```\n~~~{attack}\nx\n~~~\nEND",
    "START\nBasic\nq\nBack: a\nTags: {attack}\nEND",
    "TARGET DECK\n{attack}\n\nSTART\nBasic\nq\nBack: a\nEND",
    "START\nCloze\n{{{{c1::{attack}}}}} {{{{c2::x::{attack}}}}}\nEND",
    "START\nCloze\n{{{{c1::a}}}} `{attack}` ![[Embedded{number}]]\nExtra: {attack}\nEND",
]
NAMES = [
    r"\(\href{javascript:x}{y}\)",
    r"$\style{position:fixed}{y}$",
    "a' onmouseover=window.pwned=1",
]


def attacks() -> list[str]:
    """Return the attacks by formula, raw HTML and cloze deletion, written out."""
    return [_fill(text) for text in (*FORMULAS, *RAW, *CLOZES)]


def vault_files() -> dict[str, str]:
    """Return the notes of a vault that holds every attack in every place."""
    files = {
        "formulas.md": _notes(_basic(f"${_fill(tex)}$") for tex in FORMULAS),
        "display.md": _notes(_basic(f"\n$$\n{_fill(tex)}\n$$") for tex in FORMULAS),
        "raw.md": _notes(_basic(f"\n{_fill(html)}") for html in RAW),
        "clozes.md": _notes(f"START\nCloze\n{_fill(text)}\nEND" for text in CLOZES),
        "pairs.md": _notes(_basic(f"${_fill(tex)}$") for pair in PAIRS for tex in pair),
        "halves.md": _notes(
            f"START\nBasic\n<div>a {one}</div>\nBack: <div>{two}</div>\nEND"
            for one, two in (
                (r"\(", rf"\href{{{RUN}}}{{x}}\)"),
                ("x\\", rf"(\href{{{RUN}}}{{x}}\)"),
                (rf"\(\href{{{RUN}}}", r"{x}\)"),
                (r"\(\text{", rf"\)}}\href{{{RUN}}}{{x}}\)"),
            )
        ),
    }
    for number, attack in enumerate(CORE):
        attack = _fill(attack)
        files[f"Embedded{number}.md"] = f"# h\n{attack}\n"
        for place, text in enumerate(PLACES):
            files[f"place {number} {place}.md"] = text.format(attack=attack, number=number)
    for number, name in enumerate(NAMES):
        files[f"{number} {name.replace('/', '')}.md"] = _basic("a name")
    return files


def _basic(back: str) -> str:
    return f"START\nBasic\nq\nBack: {back}\nEND"


def _notes(blocks: Iterator[str]) -> str:
    return "\n\n".join(blocks)


def _fill(text: str) -> str:
    return text.replace("JS", RUN).replace("CSS", COVER)

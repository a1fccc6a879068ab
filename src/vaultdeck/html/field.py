"""Resolved tokens → the HTML of one field.

What Anki would act upon in plain text is written so that it does not (see `inert`): `[sound:…]` and
`[latex]` that an author only mentions, and, in cloze notes, `{{c1::…}}` of an embedded note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markdown_it.common.utils import escapeHtml, unescapeAll
from markdown_it.token import Token

from vaultdeck.html.callout import open_callout, open_callout_title
from vaultdeck.html.code import render_code
from vaultdeck.html.direction import RIGHT_MARK, is_misread, mark_directions
from vaultdeck.html.elements import VOID, Dropped
from vaultdeck.html.inert import SOUND_MARK, activate, disarm, disarm_math, spell
from vaultdeck.html.raw import OpenTags, without_dropped
from vaultdeck.html.sanitize import clean_field, split_html
from vaultdeck.html.scope import ClozeScope
from vaultdeck.html.styles import clean_style
from vaultdeck.mathjax import mend_tex


def render_field(
    tokens: Sequence[Token],
    *,
    breaks: bool = True,
    is_cloze: bool = False,
    dropped: Dropped | None = None,
) -> str:
    """Return the HTML of a field; a single paragraph stands without `<p>`.

    `breaks` shows a single newline as a line break; `dropped` takes the tags that do not stay.
    In a field of a cloze note (`is_cloze`) only the deletions of the note itself stay deletions.
    """
    mark = ""
    if len(tokens) == 3 and tokens[0].type == "paragraph_open":
        tokens = tokens[1:2]
        mark = RIGHT_MARK if is_misread(tokens[0]) else ""
    renderer = _Renderer(breaks, is_cloze, dropped or Dropped())
    renderer.render(mark_directions(tokens))
    html = "".join(renderer.html).strip()
    if renderer.has_raw_html:
        html = clean_field(html)
    return mark + spell(html, is_cloze=is_cloze, is_joined=renderer.has_raw_html)


def _escape(text: str) -> str:
    """Return text as HTML in which nothing is active but, perhaps, cloze deletions."""
    return disarm(escapeHtml(text))


class _Renderer:
    """Renders one field; `html` collects its pieces.

    `write_x` is the rule of tokens of type `x`; one without a rule is its tag and attributes.
    """

    def __init__(self, breaks: bool, is_cloze: bool, dropped: Dropped) -> None:
        self.html: list[str] = []
        self.dropped = dropped
        self._break = "<br />\n" if breaks else "\n"
        self._scope = ClozeScope(is_cloze)
        self._open = OpenTags()
        self.has_raw_html = False
        self._is_bracketed = False

    def render(self, tokens: Sequence[Token]) -> None:
        """Append the HTML of all block tokens of a field, laid out as markdown-it does."""
        for index, token in enumerate(tokens):
            if token.type == "inline":
                for child in without_dropped(token.children or ()):
                    self._render_token(child)
            elif not token.hidden:
                if token.nesting != -1 and index and tokens[index - 1].hidden:
                    self.html.append("\n")
                self._render_token(token)
                if token.block and not _hugs(token, tokens, index):
                    self.html.append("\n")
            elif token.nesting == 1 and _continues(tokens, index):
                self.html.append(self._break)
        self.html.append(self._open.leave_all())

    def _render_token(self, token: Token) -> None:
        rule = RULES.get(token.type)
        if token.nesting == -1:
            self.html.append(self._open.leave())
        elif token.nesting == 1:
            self._open.enter()
        if rule is not None:
            self.html.append(rule(self, token))
        elif token.nesting == -1:
            self.html.append(f"</{token.tag}>")
        else:
            self.html.append(f"<{token.tag}{self.attributes(token.attrs)}>")

    def write_text(self, token: Token) -> str:
        html = _escape(token.content)
        return self._scope.text(disarm_math(html) if "\\" in html else html)

    write_footnote_ref = write_sound_name = write_text

    def write_softbreak(self, token: Token) -> str:
        return self._break

    def write_hardbreak(self, token: Token) -> str:
        return "<br />\n"

    def write_math_inline(self, token: Token) -> str:
        tex = self._scope.math(mend_tex(token.content))
        opener, closer = ("\\(", "\\)") if token.type == "math_inline" else ("\\[", "\\]")
        return f"{opener}{_escape(tex)}{closer}"

    write_math_display = write_math_inline

    def _code(self, content: str) -> str:
        return self._scope.code(_escape(content))

    def attributes(self, attributes: Mapping[str, object]) -> str:
        """Return the attributes of a tag, values escaped; no cloze deletion can stand there."""
        if "style" in attributes:
            attributes = {**attributes, "style": clean_style(str(attributes["style"]), "")}
        html = "".join(
            f' {k}="{_escape(str(v))}"' for k, v in attributes.items() if v or k != "style"
        )
        return self._scope.attributes(html)

    def _colored(self, code: str, language: str) -> str:
        has_clozes = self._scope.has_own_clozes
        if not language and not has_clozes:
            return self._code(code)
        return render_code(code, language, self._code, has_clozes=has_clozes)

    def write_code_inline(self, token: Token) -> str:
        return f"<code>{self._colored(token.content, '')}</code>"

    def write_code_block(self, token: Token) -> str:
        return f"<pre><code>{self._colored(token.content, '')}</code></pre>"

    def write_fence(self, token: Token) -> str:
        language = unescapeAll(token.info).split(maxsplit=1)
        name = self.attributes({"class": f"language-{language[0]}"}) if language else ""
        code = self._colored(token.content, language[0].lower() if language else "")
        return f"<pre><code{name}>{code}</code></pre>"

    def write_html_inline(self, token: Token) -> str:
        self.has_raw_html = True
        html = []
        for piece in split_html(token.content.rstrip("\n") if token.block else token.content):
            if isinstance(piece, str):
                html.append(self._scope.raw(disarm(piece)))
            elif not piece.html:
                if self.dropped.is_text(piece.raw, piece.name, is_closing=piece.is_closing):
                    html.append(self.write_text(Token("text", "", 0, content=piece.raw)))
            elif piece.is_closing:
                html.append(self._open.close(piece.name))
            elif piece.name in VOID or self._open.open(piece.name):
                self.dropped.take_address(piece.name, piece.raw, piece.html)
                html.append(self._scope.raw(disarm(piece.html)))
        return "".join(html)

    write_html_block = write_html_inline

    def write_ordered_list_open(self, token: Token) -> str:
        digits = len(str(token.attrs.get("start", 1)))
        wide = {"class": f"vd-digits-{min(digits, 5)}"} if digits > 2 else {}
        return f"<ol{self.attributes({**token.attrs, **wide})}>"

    def write_task(self, token: Token) -> str:
        checked = "" if token.content == " " else " checked"
        return f'<input type="checkbox" disabled{checked}> '

    def write_cloze_open(self, token: Token) -> str:
        self._scope.deletions += 1
        return activate(token.content)

    def write_cloze_close(self, token: Token) -> str:
        self._scope.deletions -= 1
        return activate(token.content)

    def write_embed_open(self, token: Token) -> str:
        self._scope.embeds += 1
        return f"<div{self.attributes(token.attrs)}>"

    def write_embed_close(self, token: Token) -> str:
        self._scope.embeds -= 1
        return "</div>"

    def write_missing(self, token: Token) -> str:
        return f'<span class="vd-missing">not found: {self.write_text(token)}</span>'

    def write_footnote_number(self, token: Token) -> str:
        return f'<sup class="vd-footnote">{token.content}</sup>'

    def write_callout_open(self, token: Token) -> str:
        return open_callout(token, self.attributes(token.attrs))

    def write_callout_title_open(self, token: Token) -> str:
        return open_callout_title(token)

    def write_link_open(self, token: Token) -> str:
        is_safe = self.dropped.keeps_link(token)
        # `<std::string>` leads nowhere: it is text.
        self._is_bracketed = token.markup == "autolink" and not is_safe
        if self._is_bracketed:
            return "&lt;"
        attributes = {name: v for name, v in token.attrs.items() if is_safe or name != "href"}
        return f"<a{self.attributes(attributes)}>"

    def write_link_close(self, token: Token) -> str:
        return "&gt;" if self._is_bracketed else "</a>"

    def write_tag(self, token: Token) -> str:
        return f'<span class="vd-tag">{self.write_text(token)}</span>'

    def write_sound(self, token: Token) -> str:
        return f"{SOUND_MARK}sound:{token.content}]"

    def write_video(self, token: Token) -> str:
        return f"<video controls{self.attributes(token.attrs)}></video>"


def _hugs(token: Token, tokens: Sequence[Token], index: int) -> bool:
    """Tell whether an opening tag stands on one line with what follows it."""
    if token.nesting != 1 or index + 1 == len(tokens):
        return False
    following = tokens[index + 1]
    is_empty = following.nesting == -1 and following.tag == token.tag
    return is_empty or following.hidden or following.type == "inline"


def _continues(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether text of a tight list goes on below a comment of several lines.

    A formula of several lines parts the text as well, but stands in lines of its own anyway.
    """
    if not index or tokens[index - 1].type != "paragraph_close":
        return False
    above, below = tokens[index - 2].children, tokens[index + 1].children
    edges = (*(above or ())[-1:], *(below or ())[:1])
    return all(token.type != "math_display" for token in edges)


RULES: dict[str, Callable[[_Renderer, Token], str]] = {
    name.removeprefix("write_"): rule
    for name, rule in vars(_Renderer).items()
    if name.startswith("write_")
}

"""What does not stay: tags of raw HTML that are no HTML at all or that a reader misses, and addresses.

List<String>              no element of HTML: text
<marquee>wow</marquee>    the tag goes, what a person reads stays
<svg>…</svg> <button>     gone, and missed
[x](file:///x)            the text stays, and leads nowhere
"""

from __future__ import annotations

from markdown_it.token import Token

from vaultdeck.html.addresses import is_safe_address

# The elements of HTML, living and obsolete.
HTML = frozenset(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink "
    "blockquote body br button canvas caption center cite code col colgroup command content data "
    "datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer "
    "form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins "
    "isindex kbd keygen label legend li link listing main map mark marquee math menu menuitem meta "
    "meter multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p param "
    "picture plaintext portal pre progress q rb rbc rp rt rtc ruby s samp script search section select "
    "shadow slot small source spacer span strike strong style sub summary sup svg table tbody td "
    "template textarea tfoot th thead time title tr track tt u ul var video wbr xmp".split()
)
# Those that have no end.
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Their own elements are no HTML, and go with them.
DRAWINGS = frozenset({"math", "svg"})
# What a person sees or works with.
MISSED = DRAWINGS | frozenset(
    "applet button canvas input meter object progress select textarea".split()
)
# The same, where there is something to load.
LOADING = frozenset({"audio", "embed", "iframe", "img", "source", "video"})


class Dropped:
    """What of one field does not stay; the report tells of `missed`, `texts` and `links`."""

    def __init__(self) -> None:
        self.missed: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self._drawing = ""

    def is_text(self, tag: str, name: str, *, is_closing: bool) -> bool:
        """Take a tag that does not stay; tell whether it is no tag of HTML, and so text."""
        if self._drawing:
            if is_closing and name == self._drawing:
                self._drawing = ""
            return False
        if name not in HTML:
            self.texts += [] if is_closing else [tag]
            return True
        loads = name in LOADING and "src" in tag.lower()
        # Of the sources of a picture its img is the one that is shown.
        is_missed = name in MISSED or (loads and not (name == "source" and "srcset" in tag.lower()))
        if is_missed and not is_closing:
            self.missed.append(tag)
            self._drawing = name if name in DRAWINGS and not tag.endswith("/>") else ""
        return False

    def keeps_link(self, token: Token) -> bool:
        """Take a link; tell whether its address stays. A bracketed one that does not is text."""
        address = str(token.attrs.get("href", ""))
        is_safe = is_safe_address(address)
        self.links += [] if is_safe or token.markup == "autolink" else [address]
        return is_safe

    def take_address(self, name: str, tag: str, kept: str) -> None:
        """Take a tag that stays as `kept`: its address may not."""
        if name == "a" and " href" in tag.lower() and " href" not in kept:
            self.links.append(tag)

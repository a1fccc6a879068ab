"""What an SVG drawing may hold, by allow-lists: elements, attributes, addresses and CSS.

    judge_attribute(SVG, "use", "", "href", "#arrow")         None: it stays
    judge_attribute(SVG, "rect", "", "onload", "alert(1)")    "attribute 'onload'"

In a card a drawing is an `<img>`, in which nothing runs or loads; but who double-clicks it in Anki's media
folder opens it as a page. So nothing stays that runs, or that loads from outside of the file.
"""

from __future__ import annotations

import re

from vaultdeck.regexps import regexp
from vaultdeck.vault.links import URL_NOISE, URL_SCHEME

SVG = "http://www.w3.org/2000/svg"
XHTML = "http://www.w3.org/1999/xhtml"
MATHML = "http://www.w3.org/1998/Math/MathML"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
XMLNS = "http://www.w3.org/2000/xmlns/"

# What stands in a namespace that no browser acts on (Inkscape's, RDF) is data. A drawing without
# `xmlns` is read by some programs, as SVG.
ELEMENTS: dict[str, frozenset[str]] = {
    SVG: frozenset(
        "a altGlyph altGlyphDef altGlyphItem animate animateColor animateMotion animateTransform "
        "circle clipPath color-profile cursor defs desc ellipse feBlend feColorMatrix "
        "feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap "
        "feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage "
        "feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight "
        "feTile feTurbulence filter flowDiv flowPara flowRegion flowRegionExclude flowRoot flowSpan "
        "font font-face font-face-format font-face-name font-face-src font-face-uri foreignObject g "
        "glyph glyphRef hatch hatchpath hkern image line linearGradient marker mask mesh "
        "meshgradient meshpatch meshrow metadata missing-glyph mpath path pattern polygon polyline "
        "radialGradient rect set solidColor solidcolor stop style svg switch symbol text textPath "
        "title tref tspan use view vkern".split()
    ),
    XHTML: frozenset(
        "a abbr b blockquote body br caption cite code col colgroup dd del dfn div dl dt em font h1 "
        "h2 h3 h4 h5 h6 hr i img ins kbd label li mark ol p pre q rp rt ruby s samp section small "
        "span strike strong style sub sup table tbody td tfoot th thead tr tt u ul var wbr "
        "center".split()
    ),
    MATHML: frozenset(
        "annotation math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom "
        "mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder "
        "munderover none semantics".split()
    ),
}
ELEMENTS[""] = ELEMENTS[SVG]
# Attributes whose value is CSS or has nothing in it that a browser follows; where it holds `url(…)`,
# that is judged as CSS. Others stay while their value is plain words and numbers.
KNOWN = frozenset(
    "align alignment-baseline alt attributename baseprofile baseline-shift begin by class clip "
    "clip-path clip-rule color color-interpolation color-interpolation-filters color-profile "
    "color-rendering content contentscripttype contentstyletype cursor cx cy d dir direction display "
    "dominant-baseline dur enable-background encoding end face fill fill-opacity fill-rule filter "
    "flood-color flood-opacity font font-family font-feature-settings font-size font-size-adjust "
    "font-stretch font-style font-variant font-variation-settings font-weight from g1 g2 "
    "glyph-name gradienttransform id image-rendering kernelmatrix keypoints keysplines keytimes lang "
    "letter-spacing lighting-color marker marker-end marker-mid marker-start mask mask-type "
    "offset opacity overflow paint-order panose-1 path patterntransform pointer-events points "
    "preserveaspectratio rel role requiredextensions requiredfeatures rotate shape-inside "
    "shape-rendering tabindex stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style "
    "systemlanguage tablevalues target text-anchor text-decoration text-rendering title to "
    "transform transform-origin type u1 u2 unicode unicode-bidi unicode-range valign values vector-effect "
    "version viewbox visibility white-space word-spacing writing-mode x xmlns y".split()
)
# Those that hold text for people or programs.
TEXT_ATTRIBUTES = frozenset("alt class content d glyph-name id points title unicode".split())
KNOWN_IN = {
    XLINK: frozenset("actuate arcrole role show title type".split()),
    XML: frozenset("id lang space".split()),
}
ACTIVE_SPACES = frozenset([*ELEMENTS, *KNOWN_IN])
DATA_NAME = regexp(r"(?:data|aria)-[\w.-]+", re.IGNORECASE)
PLAIN_WORDS = regexp(r"[\w\s.,;%#+-]*")
# In HTML and in links words may be addresses, too.
NUMBERS = regexp(r"[\d\s.,%+-]*")
INSIDE = regexp(r"(?:#.*)?", re.DOTALL)
LINK_SCHEME = regexp(r"(?:https?|mailto):|obsidian://(?:open|search)\b", re.IGNORECASE)
# As an image a drawing in a drawing runs and loads nothing, however it is opened.
PICTURE = regexp(r"data:image/(?:png|jpe?g|gif|webp|avif|bmp|svg\+xml)[;,].*", re.I | re.S)
FONT = regexp(
    r"data:(?:font/|application/(?:x-)?font|application/(?:octet-stream|vnd\.ms-fontobject))"
    r"[^,]*,.*",
    re.IGNORECASE | re.DOTALL,
)
# What an animation must not set.
UNSAFE_TARGET = regexp(r"on|href$|xlink:|style$|src|class$", re.IGNORECASE)

# CSS, token by token: comment, string, name with escapes, anything else but what is broken.
CSS_NAME = r"(?:[\w-]|[^\x00-\x7f]|\\(?:[0-9A-Fa-f]{1,6}\s?|[^\n0-9A-Fa-f]))+"
CSS_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
CSS = regexp(
    rf"/\*.*?(?:\*/|\Z)|{CSS_STRING}|(?P<at>@)(?P<rule>{CSS_NAME})|(?P<name>{CSS_NAME})(?P<call>\()?"
    r"|[^\"'\\@]",
    re.DOTALL,
)
CSS_SPACE = regexp(r"\s*")
CSS_ADDRESS = regexp(rf"(?P<quoted>{CSS_STRING})|(?P<bare>[^\s\"'()\\]*)")
ESCAPE = regexp(r"\\(?:([0-9A-Fa-f]{1,6})\s?|(.))", re.DOTALL)
AT_RULES = frozenset(
    "charset container counter-style font-face font-feature-values font-palette-values keyframes "
    "-webkit-keyframes -moz-keyframes layer media namespace page property supports".split()
)
FUNCTIONS = frozenset(
    "abs and attr blur brightness calc circle clamp color color-mix conic-gradient contrast counter "
    "counters cubic-bezier drop-shadow ellipse fit-content format grayscale has host hsl hsla "
    "hue-rotate hwb inset invert is lab lang lch light-dark linear linear-gradient local matrix "
    "matrix3d max min minmax not nth-child nth-last-child nth-last-of-type nth-of-type oklab oklch "
    "only opacity or path perspective polygon radial-gradient repeat repeating-conic-gradient "
    "repeating-linear-gradient repeating-radial-gradient rgb rgba rotate rotate3d rotatex rotatey "
    "rotatez saturate scale scale3d scalex scaley scalez selector sepia skew skewx skewy slotted "
    "steps supports tech translate translate3d translatex translatey translatez var where".split()
)


def is_known_element(space: str, name: str) -> bool:
    """Tell whether an element of a namespace draws or is data."""
    known = ELEMENTS.get(space)
    return known is None or name in known


def judge_attribute(space: str, element: str, prefix: str, name: str, value: str) -> str | None:
    """Return what of an attribute must go, None if it stays.

    `space` and `prefix` are the namespaces of the element and of the attribute, empty if there is none.
    """
    low = name.lower()
    if prefix == XMLNS or (not prefix and low == "xmlns") or not {space, prefix} <= ACTIVE_SPACES:
        return None
    if low in ("href", "src"):
        return judge_address(element, value)
    if prefix in KNOWN_IN:
        return None if low in KNOWN_IN[prefix] else f"attribute '{name}'"
    if low.startswith("on") or (low == "attributename" and UNSAFE_TARGET.match(value.strip())):
        return f"attribute '{name}'"
    if low == "style":
        return judge_css(value)
    if low in KNOWN or DATA_NAME.fullmatch(name):
        return judge_css(value) if "(" in value and low not in TEXT_ATTRIBUTES else None
    plain = NUMBERS if space == XHTML or element == "a" else PLAIN_WORDS
    return None if plain.fullmatch(value) else f"attribute '{name}'"


def judge_address(element: str, value: str) -> str | None:
    """Return the address that an element must not have, None if it may."""
    address = URL_NOISE.sub("", value)
    if element == "a":
        is_safe = LINK_SCHEME.match(address) is not None or URL_SCHEME.match(address) is None
    elif element in ("image", "feImage", "img"):
        is_safe = bool(INSIDE.fullmatch(address) or PICTURE.fullmatch(address))
    else:
        is_safe = INSIDE.fullmatch(address) is not None
    return None if is_safe else f"address '{address[:60]}'"


def judge_css(css: str) -> str | None:
    """Return what of CSS loads something, or is not known to load nothing; None if it may stay."""
    at = 0
    while at < len(css):
        token = CSS.match(css, at)
        if token is None:
            return "style that is not well-formed"
        at = token.end()
        if token["at"] and _unescape(token["rule"]) not in AT_RULES:
            return f"style rule '@{token['rule'][:30]}'"
        name = _unescape(token["name"]) if token["call"] else ""
        if name == "url":
            found = CSS_ADDRESS.match(css, _skip_space(css, at))
            address = (found["bare"] or (found["quoted"] or "")[1:-1]) if found else ""
            at = _skip_space(css, found.end()) if found else at
            is_safe = any(kind.fullmatch(address) for kind in (INSIDE, PICTURE, FONT))
            if css[at : at + 1] != ")" or "\\" in address or not is_safe:
                return f"address '{address[:60]}'"
        elif name and name not in FUNCTIONS:
            return f"style function '{name[:30]}'"
    return None


def _skip_space(css: str, at: int) -> int:
    found = CSS_SPACE.match(css, at)
    return found.end() if found else at


def _unescape(name: str) -> str:
    def char(match: re.Match[str]) -> str:
        if match[2]:
            return match[2]
        number = int(match[1], 16)
        return chr(number) if 0 < number < 0x110000 else "\ufffd"

    return ESCAPE.sub(char, name).lower()

"""SVG drawings, cleaned by an allow-list: what is packed runs and loads nothing.

    <svg …><script>…</script><rect onload="…" width="9"/></svg>   ->   <svg …><rect width="9"/></svg>

Elements and attributes that `svg_rules` does not know to be harmless are cut out; all else keeps its bytes,
so that a drawing which loses nothing is packed as it is. The reader is expat, which is strict: what it does
not take, browsers do not show as a picture. Of a DTD only names for plain text are allowed (Adobe
Illustrator writes those); nothing is ever fetched, and nothing expands.
"""

from __future__ import annotations

import codecs
import errno
import re
from typing import NamedTuple
from xml.parsers import expat

from vaultdeck.anki import svg_rules as rules
from vaultdeck.anki.svg_uses import Uses
from vaultdeck.regexps import regexp

# A drawing of so many elements takes a second or two.
MAX_ELEMENTS = 500_000
# So many namespaces may be declared in one place.
MAX_SPACES = 200
MAX_ENTITY = 200
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
XML_DECLARATION = regexp(rb"<\?xml\s[^>]*?\?>")
ENCODING = regexp(rb"\sencoding\s*=\s*[\"']([\w.:-]+)[\"']")
# Encodings in which markup has the bytes of ASCII.
ENCODINGS = regexp(
    r"utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|koi8-[ru]|gb2312|gbk|"
    r"gb18030|big5|euc-(?:jp|kr)|shift[_-]jis",
    re.IGNORECASE,
)
UTF8 = regexp(r"utf-?8(?:-sig)?|us-ascii|ascii", re.IGNORECASE)
SVG_ATTRIBUTE = regexp(rb"(?<!\s)\s+([^\s=/>]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
SVG_TAG = regexp(rb"<[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*(/?)>")


class NotADrawingError(Exception):
    """A file that is no SVG drawing which can be checked; the message says why."""


class Drawing(NamedTuple):
    """A drawing as it is packed, and in words what was cut out of it."""

    data: bytes
    lost: tuple[str, ...] = ()


def clean_svg(data: bytes) -> Drawing:
    """Return an SVG file in which nothing runs or loads; raises NotADrawingError."""
    text, is_utf8 = _decode(data)
    reader = _Reader(text)
    if not reader.cuts:
        return Drawing(data)
    out = bytearray()
    at = 0
    if not is_utf8 and (declaration := XML_DECLARATION.match(text)):
        at = declaration.end()
    for start, end in sorted(reader.cuts):
        if start >= at:
            out += text[at:start]
        at = max(at, end)
    return Drawing(bytes(out + text[at:]), tuple(dict.fromkeys(reader.lost)))


def is_svg(name: str) -> bool:
    """Tell whether Anki and browsers take a file for an SVG drawing."""
    return name.lower().endswith(".svg")


def packed_bytes(name: str, data: bytes) -> bytes:
    """Return the bytes of a media file as they are packed; raises OSError if it must not be."""
    try:
        return clean_svg(data).data if is_svg(name) else data
    except NotADrawingError as error:
        raise OSError(errno.EIO, f"no SVG picture that can be shown: {error}", name) from error


def _decode(data: bytes) -> tuple[bytes, bool]:
    """Return a file as UTF-8, and whether it was."""
    name = next((name for bom, name in BOMS if data.startswith(bom)), "")
    if not name:
        declaration = XML_DECLARATION.match(data)
        found = ENCODING.search(declaration[0]) if declaration else None
        name = found[1].decode() if found else "utf-8"
        if not ENCODINGS.fullmatch(name):
            raise NotADrawingError(f"its encoding '{name}' is not known")
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        raise NotADrawingError(f"it is not text in {name}") from error
    if "\0" in text:
        # UTF-16 without a mark: readers differ in what they take it for.
        raise NotADrawingError(f"it is not text in {name}")
    is_utf8 = UTF8.fullmatch(name) is not None
    return (data if is_utf8 and name != "utf-8-sig" else text.encode("utf-8", "replace")), is_utf8


class _Reader:
    """One pass over a drawing: what to cut, as ranges of bytes, and what that is."""

    def __init__(self, text: bytes) -> None:
        self.cuts: list[tuple[int, int]] = []
        self.lost: list[str] = []
        self._text = text
        self._parser = parser = expat.ParserCreate("utf-8")
        self._spaces: list[dict[str, str]] = [{"xml": rules.XML, "xmlns": rules.XMLNS}]
        self._elements = 0
        # The element that is being cut: how deep it stands, where it begins, whether it is empty.
        self._cut: tuple[int, int, bool] | None = None
        self._style: tuple[int, int, list[str]] | None = None
        self._uses = Uses()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.ProcessingInstructionHandler = self._instruction
        parser.EntityDeclHandler = self._entity
        parser.AttlistDeclHandler = self._refuse_dtd
        parser.ElementDeclHandler = self._refuse_dtd
        parser.NotationDeclHandler = self._refuse_dtd
        parser.SkippedEntityHandler = self._refuse_dtd
        try:
            parser.Parse(text, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise NotADrawingError(f"it is not well-formed: {what}, line {error.lineno}") from None
        if self._uses.are_too_many():
            raise NotADrawingError("its parts show each other too often")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise NotADrawingError(f"it has more than {MAX_ELEMENTS:,} elements")
        spaces = self._spaces[-1]
        declared = {
            key[6:]: value for key, value in attributes.items() if key[:6] in ("xmlns", "xmlns:")
        }
        if len(declared) + len(spaces) > MAX_SPACES:
            raise NotADrawingError(f"it declares more than {MAX_SPACES} namespaces")
        self._spaces.append({**spaces, **declared} if declared else spaces)
        self._uses.open(attributes)
        start = self._parser.CurrentByteIndex
        if self._style:
            # CSS has no elements in it.
            self._cut_from(self._style[1], "style that is not well-formed", self._style[0])
            self._style = None
        if self._cut:
            return
        space, local = self._resolve(name)
        if len(self._spaces) == 2 and (local != "svg" or space not in ("", rules.SVG)):
            raise NotADrawingError(f"it begins with '<{name[:30]}>'")
        if not rules.is_known_element(space, local):
            self._cut_from(start, f"element '{name[:30]}'", len(self._spaces))
            return
        unsafe: set[str] = set()
        for key, value in attributes.items():
            prefix, attribute = self._resolve(key, is_attribute=True)
            wrong = rules.judge_attribute(space, local, prefix, attribute, value)
            if wrong:
                unsafe.add(key)
                self.lost.append(wrong)
        if unsafe:
            self._cut_attributes(start, unsafe)
        if local == "style" and space in rules.ELEMENTS:
            self._style = (len(self._spaces), start, [])
            self._parser.CharacterDataHandler = self._style[2].append

    def _end(self, name: str) -> None:
        depth = len(self._spaces)
        self._spaces.pop()
        self._uses.close()
        if self._style and self._style[0] == depth:
            css, start = "".join(self._style[2]), self._style[1]
            self._style = None
            self._parser.CharacterDataHandler = None
            wrong = rules.judge_css(css)
            if wrong:
                self._cut_from(start, wrong, depth)
        if self._cut and self._cut[0] == depth:
            _, start, is_empty = self._cut
            at = self._parser.CurrentByteIndex
            self.cuts.append((start, at if is_empty else self._text.index(b">", at) + 1))
            self._cut = None

    def _cut_from(self, start: int, what: str, depth: int) -> None:
        tag = self._tag(start)
        self._cut = (depth, start, bool(tag[1]))
        self._parser.CharacterDataHandler = None
        self.lost.append(what)

    def _cut_attributes(self, start: int, names: set[str]) -> None:
        tag = self._tag(start)
        for match in SVG_ATTRIBUTE.finditer(self._text, start, tag.end()):
            if match[1].decode() in names:
                self.cuts.append(match.span())

    def _tag(self, start: int) -> re.Match[bytes]:
        tag = SVG_TAG.match(self._text, start)
        if tag is None:
            raise NotADrawingError("it declares elements in a DTD")
        return tag

    def _instruction(self, target: str, _: str) -> None:
        # Browsers ignore instructions that programs write for themselves; those of the W3C begin with `xml`.
        if self._cut or not target.lower().startswith("xml"):
            return
        start = self._parser.CurrentByteIndex
        self.cuts.append((start, self._text.index(b"?>", start) + 2))
        self.lost.append(f"instruction '{target[:30]}'")

    def _entity(self, _name: str, is_parameter: bool, value: str | None, *_more: object) -> None:
        if is_parameter or value is None or len(value) > MAX_ENTITY or set("<&%") & set(value):
            self._refuse_dtd()

    def _refuse_dtd(self, *_: object) -> None:
        raise NotADrawingError("it declares more than plain names in a DTD")

    def _resolve(self, name: str, *, is_attribute: bool = False) -> tuple[str, str]:
        """Return the namespace and the local name."""
        prefix, colon, local = name.rpartition(":")
        if not colon:
            return "" if is_attribute else self._spaces[-1].get("", ""), name
        space = self._spaces[-1].get(prefix)
        if space is None:
            raise NotADrawingError(f"'{name[:30]}' has a prefix that is not declared")
        return space, local

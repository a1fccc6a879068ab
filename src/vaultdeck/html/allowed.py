"""The tags and attributes of raw HTML that may stay, and what each attribute may say."""

from __future__ import annotations

import re

import nh3

from vaultdeck.html.addresses import is_safe_address
from vaultdeck.html.styles import clean_style
from vaultdeck.regexps import regexp
from vaultdeck.vault.links import URL_SCHEME

ALLOWED = frozenset(nh3.ALLOWED_TAGS) | {
    "audio",
    "font",
    "iframe",
    "input",
    "section",
    "source",
    "video",
}
# What the renderer itself writes beyond that.
MARKDOWN_TAGS = frozenset({"del", "details", "mark", "s", "section", "summary", "sup"})
ATTRIBUTES = {
    "*": {"align", "class", "dir", "height", "lang", "style", "title", "valign", "width"},
    "a": {"href"},
    "audio": {"controls", "loop", "src"},
    "details": {"open"},
    "font": {"color", "face", "size"},
    "iframe": {"allowfullscreen", "frameborder", "src"},
    "img": {"alt", "src"},
    "input": {"checked", "disabled", "type"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"controls", "loop", "poster", "src"},
}
LIST_TYPES = frozenset("1aAiI")
# What a page loads by itself comes from the web or not at all: files are embedded the Markdown way.
WEB = regexp(r"https?://", re.IGNORECASE)
# A page in a card runs its scripts, but opens no windows and leads nowhere; none of this machine.
FRAME_ADDRESS = regexp(r"https://(?!localhost|[0-9.]+(?:[:/]|\Z)|\[)", re.IGNORECASE)
INSECURE = regexp(r"http://", re.IGNORECASE)
# Classes by which MathJax finds what to typeset, and by which Anki finds what to act upon.
ACTIVE_CLASS = regexp(
    r"(?<!\S)(?:mathjax_process|MathJax\S*|mjx\S*|MJX\S*|CtxtMenu\S*|soundLink|replay-button|tappable)(?!\S)"
)
# Media of the collection, as fields that come from Anki name them.
MEDIA_NAME = regexp(r"[^:/\\?#%&<>\"']+")
WHITE_SPACE = regexp(r"\s+")


def filter_attribute(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute in a note as far as it may stay, None if it must go."""
    if tag == "iframe" and name == "src":
        value = INSECURE.sub("https://", value)
    if name in ("src", "poster") and not (FRAME_ADDRESS if tag == "iframe" else WEB).match(value):
        return None
    return _filter_any(tag, name, value)


def filter_stored(tag: str, name: str, value: str) -> str | None:
    """Judge an attribute of a field that was in Anki already, where media go by their names."""
    is_name = name in ("src", "poster") and MEDIA_NAME.fullmatch(value)
    return _filter_any(tag, name, value) if is_name else filter_attribute(tag, name, value)


def _filter_any(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return clean_style(value, tag) or None
    if name == "class":
        return ACTIVE_CLASS.sub("", value)
    if name == "href":
        return value if is_safe_address(value) or URL_SCHEME.match(value) is None else None
    if tag == "input" and name == "type" and value != "checkbox":
        return "checkbox"
    if tag == "ol" and name == "type" and value not in LIST_TYPES:
        return None
    return value


def keeps_attribute(tag: str, name: str, value: str) -> bool:
    """Tell whether an attribute of a rendered tag is one that stays as it is."""
    judge = filter_attribute if tag == "iframe" else filter_stored
    kept = judge(tag, name, value)
    return kept == value or (kept is not None and _squeezed(kept) == _squeezed(value))


def _squeezed(value: str) -> str:
    return WHITE_SPACE.sub("", value).rstrip(";")

"""Parsed fields → fields with links bound, embeds spliced in, and media collected."""

from vaultdeck.embeds.limits import ExpansionTooLargeError
from vaultdeck.embeds.lookup import Card, Footnote, Locate, Lookup, Resolved
from vaultdeck.embeds.resolver import UNNEST, Resolver

__all__ = [
    "UNNEST",
    "Card",
    "ExpansionTooLargeError",
    "Footnote",
    "Locate",
    "Lookup",
    "Resolved",
    "Resolver",
]

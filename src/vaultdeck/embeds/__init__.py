"""Parsed fields → fields with links bound, embeds spliced in, and media collected."""

from vaultdeck.embeds.lookup import (
    Card,
    ExpansionTooLargeError,
    Footnote,
    Locate,
    Lookup,
    NotedLookup,
    Resolved,
)
from vaultdeck.embeds.resolver import UNNEST, Resolver

__all__ = [
    "UNNEST",
    "Card",
    "ExpansionTooLargeError",
    "Footnote",
    "Locate",
    "Lookup",
    "NotedLookup",
    "Resolved",
    "Resolver",
]

"""Parsed fields → fields with links bound, embeds spliced in, and media collected."""

from vaultdeck.resolve.lookup import (
    Card,
    ExpansionTooLargeError,
    Footnote,
    Locate,
    Lookup,
    NotedLookup,
    Resolved,
)
from vaultdeck.resolve.resolver import UNNEST, Resolver

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

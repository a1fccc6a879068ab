"""Parsed fields → fields with links bound, embeds spliced in, and media collected."""

from vaultdeck.resolve.lookup import ExpansionTooLargeError, Lookup, Resolved
from vaultdeck.resolve.resolver import Resolver

__all__ = ["ExpansionTooLargeError", "Lookup", "Resolved", "Resolver"]

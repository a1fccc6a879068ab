"""Resolved tokens → the HTML of a field."""

from vaultdeck.html.field import render_field

__all__ = ["render_field"]

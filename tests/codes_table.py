"""The table of codes as it stands in the README: `python -m tests.codes_table` prints it."""

from __future__ import annotations

from vaultdeck.diagnostics import CODES


def codes_table() -> str:
    """Return a Markdown table with a row for each code, in the order of `CODES`."""
    rows = [f"| `{name}` | {code.severity} | {code.meaning} |" for name, code in CODES.items()]
    return "\n".join(["| code | severity | meaning |", "|---|---|---|", *rows])


if __name__ == "__main__":
    print(codes_table())

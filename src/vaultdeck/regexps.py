"""`regexp`: a regular expression that is compiled when it is first asked for something.

    LINE_END = regexp(r"\r\n?|\n")

One run uses a third of vaultdeck's regexps or fewer. Compiling all of them was a sixth of the time in
which the program starts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr

__all__ = ["regexp"]


class Regexp:
    """A regular expression; what a compiled one can do stands in it.

    The `re` of a match is the compiled one: compare patterns, not objects.
    """

    pattern: str | bytes
    flags: int


class _Uncompiled(Regexp):
    """Compiles itself when it is asked for what it has not, and is a plain one from then on."""

    def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        for ability in dir(compiled):
            if not ability.startswith("_"):
                setattr(self, ability, getattr(compiled, ability))
        # Python looks attributes up faster where a class has no `__getattr__`.
        self.__class__ = Regexp  # type: ignore[assignment]
        return getattr(compiled, name)


if TYPE_CHECKING:

    def regexp(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
        """Return a regular expression that is not compiled yet."""
        ...
else:
    regexp = _Uncompiled

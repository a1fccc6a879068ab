"""Where the `vaultdeck` command begins; `python -m vaultdeck` is the same.

A command line whose answer is known by now is answered at once, before anything slow is imported.
"""

from __future__ import annotations

import gc
import io
import os
import sys

# `typing` takes longer to import than all else up to `main`, where Ctrl-C begins to be heard.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, NoReturn

# The commands whose answers are kept.
REMEMBERED = (["build"], ["check"])
NO_OUTPUT = "vaultdeck: cannot write the report"


def main() -> NoReturn:
    """Run the command line."""
    try:
        _open_streams()
        try:
            _run()
        finally:
            # What cannot be written now would be a traceback at the end.
            sys.stdout.flush()
            # Python would look for cycles among all values once more before it ends.
            gc.freeze()
    except KeyboardInterrupt:
        # Before the command began, or after it ended.
        sys.exit(130)
    sys.exit()


def _run() -> None:
    call = None
    if sys.argv[1:2] in REMEMBERED:
        from vaultdeck.build.replay import Call

        call = Call(tuple(sys.argv[1:]))
        said = call.recall()
        if said is not None:
            said.show()
    from vaultdeck.cli import main as run

    # A build makes values by the hundred thousand and hardly a cycle: looking for cycles as often as
    # Python does by itself takes a quarter of a warm build's time.
    gc.set_threshold(500_000, 20, 20)
    run(obj=call)


def _open_streams() -> None:
    """Make the standard streams such that no command has to think of a closed or full one."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stdout is None:
        sys.stderr.write(f"{NO_OUTPUT}: standard output is closed\n")
        sys.exit(2)
    sys.stdout, sys.stderr = _reopen(sys.stdout), _reopen(sys.stderr)


def _reopen(stream: IO[str]) -> IO[str]:
    """Return a stream that writes any character, and whose errors end the program in one line."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if stream.isatty():
        stream.reconfigure(errors="backslashreplace")
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Stream(stream.fileno(), "wb", closefd=False)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


class _Stream(io.FileIO):
    """A standard stream; what it cannot take goes nowhere from then on."""

    def write(self, data: object, /) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            if self.fileno() != 1:
                return super().write(data)  # type: ignore[arg-type]
            if isinstance(error, BrokenPipeError):
                # Who reads has enough.
                sys.exit(1)
            sys.stderr.write(f"{NO_OUTPUT}: {error.strerror}\n")
            sys.exit(2)


if __name__ == "__main__":
    main()

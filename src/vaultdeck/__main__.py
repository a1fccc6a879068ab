"""Where the `vaultdeck` command begins; `python -m vaultdeck` is the same.

A command line whose answer is known by now is answered at once, before anything slow is imported.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from vaultdeck.build.replay import Said

# The commands whose answers are kept.
REMEMBERED = (["build"], ["check"])


def main() -> NoReturn:
    """Run the command line."""
    call = None
    if sys.argv[1:2] in REMEMBERED:
        from vaultdeck.build.replay import Call

        call = Call(tuple(sys.argv[1:]))
        said = call.recall()
        if said is not None:
            _say(said)
    from vaultdeck.cli import main as run

    # A build makes values by the hundred thousand and hardly a cycle: looking for cycles as often as
    # Python does by itself takes a quarter of a warm build's time.
    gc.set_threshold(100_000, 20, 20)
    run(obj=call)
    sys.exit()


def _say(said: Said) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.stderr.write(said.err)
        sys.stderr.flush()
        if said.is_json:
            sys.stdout.buffer.write(said.out.encode())
        else:
            sys.stdout.write(said.out)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has enough; nothing more can be said, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"vaultdeck: cannot write the report: {error.strerror}\n")
        sys.exit(2)
    sys.exit(said.code)


if __name__ == "__main__":
    main()

"""A build that prints the seconds, CPU and wall, that it spent on rendering fields: not to be counted.

python -m tools.bench.aside build VAULT …
"""

from __future__ import annotations

import sys
import time
from typing import Any

from vaultdeck.cli import main
from vaultdeck.compile.fields import FieldRenderer

if __name__ == "__main__":
    cpu = wall = 0.0
    render = FieldRenderer.render

    def timed(*arguments: Any, **options: Any) -> Any:
        """Render and note the time."""
        global cpu, wall
        cpu_before, wall_before = time.process_time(), time.perf_counter()
        try:
            return render(*arguments, **options)
        finally:
            cpu += time.process_time() - cpu_before
            wall += time.perf_counter() - wall_before

    setattr(FieldRenderer, "render", timed)  # noqa: B010
    try:
        main(sys.argv[1:])
    finally:
        print(cpu, wall)

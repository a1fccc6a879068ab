"""Problems as GitLab's code quality report, which merge requests show.

[{"description": …, "check_name": "unclosed-block", "fingerprint": …, "severity": "major", "location": …}]

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. A fingerprint stays
the same when lines above a problem change, so that GitLab tells new problems from old ones.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from vaultdeck.model.diagnostics import ERROR, NOTICE, WARNING
from vaultdeck.report.text import as_json
from vaultdeck.report.told import Told

GITLAB_SEVERITIES = {ERROR: "major", WARNING: "minor", NOTICE: "info"}


def gitlab(all_told: Sequence[Told]) -> Iterator[str]:
    """Yield one list with an entry for each place."""
    seen: Counter[str] = Counter()
    found = []
    for problem in (problem for told in all_told for problem in told.places):
        place = problem.location
        gist = "\0".join((place.path, problem.code, problem.message))
        seen[gist] += 1
        gist += f"\0{seen[gist]}"
        found.append(
            {
                "description": problem.message,
                "check_name": problem.code,
                "fingerprint": hashlib.sha256(gist.encode("utf-8", "replace")).hexdigest()[:40],
                "severity": GITLAB_SEVERITIES[problem.severity],
                "location": {
                    "path": place.path,
                    "lines": {"begin": place.line, "end": place.end_line},
                },
            }
        )
    yield as_json(found)

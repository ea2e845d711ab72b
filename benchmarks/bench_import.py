"""What it costs to load the library and to ask the terminal for help."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, best_by_turns, seconds, times

HEAVY = ("numpy", "pandas", "pint", "scipy", "pyarrow", "pydantic")
ROUNDS = 25


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def loaded_by_import() -> list[str]:
    """Which of the heavy libraries ``import armscost`` brings in."""
    code = "import sys, json, armscost; print(json.dumps(sorted(sys.modules)))"
    modules = {name.split(".")[0] for name in json.loads(python(code))}
    return sorted(modules & set(HEAVY))


def rows() -> Iterator[Row]:
    """Import, modules loaded, help."""
    help_command = [str(Path(sys.executable).with_name("armscost")), "--help"]
    bare, ours, helped = best_by_turns(
        [
            lambda: python("pass"),
            lambda: python("import armscost"),
            lambda: subprocess.run(help_command, capture_output=True, check=True),
        ],
        ROUNDS,
    )
    more = 1e3 * (ours - bare)
    yield Row("`import armscost`: added time", "`python -c pass`", more, "ms", 60,
              times(ours, bare))  # fmt: skip
    found = loaded_by_import()
    told = f"of {', '.join(HEAVY)}: {', '.join(found) or 'none'}"
    yield Row("`import armscost`: heavy modules loaded", "`sys.modules`", len(found), "", 0, told)
    yield Row("`armscost --help`", "", 1e3 * helped, "ms", 150, seconds(helped))

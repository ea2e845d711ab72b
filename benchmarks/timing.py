"""How things are timed: ours and the reference by turns in one run, the best of each.

Other work on a machine only ever adds time, and comes and goes. By turns, both sides meet the
same disturbance; the shortest of several runs is the one least disturbed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ENOUGH, MOST_TURNS = 3.0, 500

# A small process starts the command and waits for it, so that the memory it reports is the
# command's own and not that of a large parent.
_WATCH = """
import json, os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
began = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, used = os.wait4(child, 0)
taken = time.perf_counter() - began
peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(json.dumps([taken, peak, os.waitstatus_to_exitcode(status)]))
"""


@dataclass(frozen=True)
class Row:
    """One measured line.

    Attributes:
        what: What is measured.
        reference: What it is measured against, in the same run.
        value: The figure; None where it could not be measured.
        unit: ``×`` (of the reference), ``ms``, ``MiB`` or nothing.
        hold: What it must hold; None where nothing is promised.
        detail: The times behind it, or why there is no figure.
        at_least: Whether ``hold`` is a floor; else it is a ceiling.
    """

    what: str
    reference: str
    value: float | None
    unit: str
    hold: float | None
    detail: str = ""
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """``ok``, ``NO``, ``not run``, or nothing where nothing is promised."""
        if self.value is None:
            return "not run"
        if self.hold is None:
            return ""
        held = self.value >= self.hold if self.at_least else self.value <= self.hold
        return "ok" if held else "**NO**"

    def cells(self) -> list[str]:
        """The row as text."""
        sign = "≥ " if self.at_least else "≤ "
        return [
            self.what,
            self.reference,
            "" if self.value is None else f"{self.value:.3g}{_spaced(self.unit)}",
            "" if self.hold is None else f"{sign}{self.hold:g}{_spaced(self.unit)}",
            self.verdict,
            self.detail,
        ]


def _spaced(unit: str) -> str:
    return unit if unit in ("", "×") else f" {unit}"


def ratio(
    what: str,
    ours: Callable[[], Any],
    reference: str,
    bare: Callable[[], Any],
    hold: float | None,
    rounds: int = 7,
) -> Row:
    """A row of our time over the reference's."""
    mine, theirs = best_by_turns([ours, bare], rounds)
    return Row(what, reference, mine / theirs, "×", hold, times(mine, theirs))


def best_by_turns(
    works: Sequence[Callable[[], Any]], rounds: int = 7, *, warm: bool = True
) -> list[float]:
    """The shortest time of each, in seconds, by turns.

    Args:
        works: What is timed.
        rounds: How many turns at least; short works get more, until ``ENOUGH`` seconds are spent.
        warm: Whether an unmeasured turn comes first.
    """
    best = [float("inf")] * len(works)
    started = time.perf_counter()
    for turn in range(MOST_TURNS):
        if turn >= rounds + warm and time.perf_counter() - started > ENOUGH:
            break
        for place, work in enumerate(works):
            began = time.perf_counter()
            work()
            taken = time.perf_counter() - began
            if turn or not warm:
                best[place] = min(best[place], taken)
    return best


def counted(work: Callable[[], Any], used: list[float]) -> Callable[[], Any]:
    """The same work, its processor time added to a list.

    Other work on the machine has no part in it, as it has in the time by the clock.
    """

    def run() -> Any:
        began = time.process_time()
        done = work()
        used.append(time.process_time() - began)
        return done

    return run


def times(mine: float, theirs: float) -> str:
    """Both times as text."""
    return f"{seconds(mine)} against {seconds(theirs)}"


def seconds(value: float) -> str:
    """A time with the unit that suits it."""
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def command(*arguments: str | Path) -> tuple[float, float]:
    """Run a command to its end.

    Returns:
        Seconds, and the most resident memory it had, in MiB.
    """
    watch = [sys.executable, "-c", _WATCH, *map(str, arguments)]
    done = subprocess.run(watch, capture_output=True, text=True, check=True, cwd=ROOT)
    taken, peak, status = json.loads(done.stdout.splitlines()[-1])
    if status:
        raise RuntimeError(f"{arguments[0]} ended with {status}: {done.stderr[-2000:]}")
    return taken, peak

"""Learning curves against the bare numpy expression and against mpmath.

Prints one line a measure: what, the ratio or value, and what it must hold.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from armscost.learning import LearningCurve

LOTS = 1_000_000


def best(work: Callable[[], Any], rounds: int = 15) -> float:
    """The shortest of several runs, in seconds: the one least disturbed by the machine."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def exact_total(n: int, slope: float) -> Any:
    """The sum of i**b for i to n, by the Hurwitz zeta function with 40 digits."""
    with mpmath.workdps(40):
        b = mpmath.log(mpmath.mpf(slope)) / mpmath.log(2)
        if b == -1:
            return mpmath.digamma(n + 1) + mpmath.euler
        return mpmath.zeta(-b) - tail_from(n + 1, b)


def tail_from(n: int, b: Any) -> Any:
    """The (continued) sum of i**b from n on, by Euler-Maclaurin: mpmath's own is slow here."""
    x = mpmath.mpf(n)
    tail, product = -(x ** (b + 1)) / (b + 1) + x**b / 2, b
    for k in range(1, 8):
        power = b - 2 * k + 1
        tail -= mpmath.bernoulli(2 * k) / mpmath.factorial(2 * k) * product * x**power
        product *= power * (power - 1)
    return tail


def main() -> None:
    draw = np.random.default_rng(1)
    first = draw.integers(1, 100_000, LOTS)
    last = first + draw.integers(0, 500, LOTS)
    crawford = LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
    wright = LearningCurve(first_unit=100.0, slope=0.85, theory="wright")
    a = 1 + crawford.exponent

    bare = best(lambda: 100.0 / a * ((last + 0.5) ** a - (first - 0.5) ** a))
    ratio = best(lambda: crawford.total(first, last)) / bare
    print(f"Crawford totals, {LOTS:.0e} lots, against the half-unit expression: "
          f"{ratio:.2f}x (hold 3x)")  # fmt: skip

    bare = best(lambda: 100.0 * (last**a - (first - 1) ** a))
    ratio = best(lambda: wright.total(first, last)) / bare
    print(f"Wright totals, {LOTS:.0e} lots, against the closed form: {ratio:.2f}x (hold 3x)")

    milliseconds = 1e3 * best(lambda: crawford.total(1, 10**9), rounds=200)
    print(f"total(1, 1e9): {milliseconds:.3f} ms (hold 1 ms)")

    for slope in (0.1, 0.5, 0.7, 0.85, 0.95, 1.0):
        one = LearningCurve(first_unit=1.0, slope=slope, theory="crawford")
        error = abs(one.total(1, 10**9) / exact_total(10**9, slope) - 1)
        print(f"total(1, 1e9) at slope {slope}: relative error {float(error):.1e} (hold 1e-10)")


if __name__ == "__main__":
    main()

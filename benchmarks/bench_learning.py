"""Learning curves against the bare numpy expression and against mpmath."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np

from armscost.learning import LearningCurve
from benchmarks.timing import Row, best_by_turns, ratio, seconds

LOTS = 1_000_000
UNITS = 10**9
SLOPES = (0.1, 0.5, 0.7, 0.85, 0.95, 1.0)


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


def lots() -> Iterator[Row]:
    """Totals of many lots at once, against the expression without its checks."""
    draw = np.random.default_rng(1)
    first = draw.integers(1, 100_000, LOTS)
    last = first + draw.integers(0, 500, LOTS)
    crawford = LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
    wright = LearningCurve(first_unit=100.0, slope=0.85, theory="wright")
    a = 1 + crawford.exponent
    yield ratio(
        f"Crawford totals of {LOTS:,} lots",
        lambda: crawford.total(first, last),
        "the half-unit expression in bare numpy",
        lambda: 100.0 / a * ((last + 0.5) ** a - (first - 0.5) ** a),
        3,
    )
    yield ratio(
        f"Wright totals of {LOTS:,} lots",
        lambda: wright.total(first, last),
        "the closed form in bare numpy",
        lambda: 100.0 * (last**a - (first - 1) ** a),
        3,
    )


def rows() -> Iterator[Row]:
    """Lots; then one long sum, its time and its error."""
    yield from lots()
    crawford = LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
    (taken,) = best_by_turns([lambda: crawford.total(1, UNITS)], rounds=200)
    yield Row("`total(1, 1e9)` of a Crawford curve", "", 1e3 * taken, "ms", 1, seconds(taken))
    errors = []
    for slope in SLOPES:
        one = LearningCurve(first_unit=1.0, slope=slope, theory="crawford")
        errors.append(float(abs(one.total(1, UNITS) / exact_total(UNITS, slope) - 1)))
    told = f"the largest of slopes {', '.join(map(str, SLOPES))}"
    yield Row("the same: relative error", "mpmath, 40 digits", max(errors), "", 1e-10, told)

"""Draws of correlated estimates, and a delivery queue, against bare numpy in the same run.

Run it with ``python benchmarks/bench_estimates.py``; each line prints the two times, their
ratio and the ratio to hold.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import ndtr

from armscost.estimates import Estimate, correlation_matrix, draw
from armscost.production import deliveries

SHAPES = ("triangular", "lognormal", "pert", "normal", "triangular")


def best_of(run: Callable[[], Any], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return min(taken)


def bench_draws(draws: int = 1_000_000, shapes: tuple[str, ...] = SHAPES) -> tuple[float, float]:
    inputs = {
        f"x{i}": Estimate(2.0, 3.0 + i, 20.0, bounds="p10_p90", shape=shapes[i % len(shapes)])
        for i in range(10)
    }
    matrix = correlation_matrix(0.3, list(inputs))

    def ours() -> Any:
        return draw(inputs, draws, seed=1, correlation=0.3, sampling="random")

    def bare() -> Any:
        rng = np.random.default_rng(1)
        normal = rng.multivariate_normal(np.zeros(10), matrix, size=draws)
        return [
            e.distribution.quantile(ndtr(column))
            for e, column in zip(inputs.values(), normal.T, strict=True)
        ]

    return best_of(ours), best_of(bare)


def bench_queue(draws: int = 10_000, months: int = 24) -> tuple[float, float]:
    rng = np.random.default_rng(1)
    orders = rng.integers(0, 20, (4, draws, months)).astype(float)
    capacity = rng.uniform(5, 15, (4, draws, 1))
    lead = rng.integers(2, 9, (4, draws)).astype(float)

    def ours() -> Any:
        return [deliveries(o, c, m) for o, c, m in zip(orders, capacity, lead, strict=True)]

    def bare() -> Any:
        return [bare_queue(o, c, m) for o, c, m in zip(orders, capacity, lead, strict=True)]

    return best_of(ours), best_of(bare)


def bare_queue(orders: Any, capacity: Any, lead: Any) -> Any:
    """The same arithmetic with nothing checked: units out, units waiting, which limit binds."""
    draws, months = orders.shape
    total = np.cumsum(orders, axis=1)
    delivered = np.empty((months, draws))
    binds = np.empty((months, draws), dtype=np.int8)
    row, lag = np.arange(draws), lead.astype(int)
    supply = np.broadcast_to(capacity, orders.shape)
    worked = np.zeros(draws)
    for month in range(months):
        source = month - lag
        due = np.where(source >= 0, total[row, np.maximum(source, 0)], 0.0)
        could = worked + supply[:, month]
        before, worked = np.floor(worked), np.minimum(could, due)
        delivered[month] = np.floor(worked) - before
        binds[month] = np.where(source < 0, 0, np.where(could < due, 2, 1))
    return delivered.T, total - np.cumsum(delivered, axis=0).T, binds.T


def main() -> None:
    rows = [
        ("1e6 draws of 10 correlated estimates, mixed shapes", *bench_draws(), 2.0),
        ("the same, all triangular", *bench_draws(shapes=("triangular",)), 2.0),
        ("queue: 10,000 draws, 24 months, 4 channels", *bench_queue(), 3.0),
    ]
    for what, ours, bare, hold in rows:
        verdict = "held" if ours <= hold * bare else "NOT HELD"
        print(
            f"{what}: {ours:.3f} s, bare numpy {bare:.3f} s, ratio {ours / bare:.2f} "
            f"(hold {hold:g}): {verdict}"
        )


if __name__ == "__main__":
    main()

"""Draws of correlated estimates, and a delivery queue, against bare numpy in the same run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import ndtr

from armscost.estimates import Estimate, correlation_matrix, draw
from armscost.estimates.estimate import Shape
from armscost.production import deliveries
from benchmarks.timing import Row, ratio

SHAPES: tuple[Shape, ...] = ("triangular", "lognormal", "pert", "normal", "triangular")


def draws_row(what: str, draws: int = 1_000_000, shapes: tuple[Shape, ...] = SHAPES) -> Row:
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

    return ratio(what, ours, "bare numpy", bare, 2, rounds=3)


def queue_row(draws: int = 10_000, months: int = 24) -> Row:
    rng = np.random.default_rng(1)
    orders = rng.integers(0, 20, (4, draws, months)).astype(float)
    capacity = rng.uniform(5, 15, (4, draws, 1))
    lead = rng.integers(2, 9, (4, draws)).astype(float)

    def ours() -> Any:
        return [deliveries(o, c, m) for o, c, m in zip(orders, capacity, lead, strict=True)]

    def bare() -> Any:
        return [bare_queue(o, c, m) for o, c, m in zip(orders, capacity, lead, strict=True)]

    what = f"queue: {draws:,} draws, {months} months, 4 channels"
    return ratio(what, ours, "bare numpy, nothing checked", bare, 3, rounds=5)


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


def rows() -> Iterator[Row]:
    """Draws of mixed shapes and of one, and the queue."""
    yield draws_row("1,000,000 draws of 10 correlated estimates, mixed shapes")
    yield draws_row("the same, all triangular", shapes=("triangular",))
    yield queue_row()

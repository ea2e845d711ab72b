"""The Danish model against the same arithmetic in bare numpy, on the same inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import armscost as ac
from benchmarks.bench_estimates import bare_queue
from benchmarks.timing import Row, best_by_turns, seconds, times

DRAWS, MONTHS = 10_000, 24
BUDGET = 1e9
CHANNELS = {
    "western_purchase": "caesar",
    "donation_from_stock": "pzh-2000",
    "co_production": "bohdan",
}
BANDS = (0.1, 0.5, 0.9)


def ours() -> ac.DanishModel:
    return ac.danish_model(
        "bohdan", "1 billion EUR_2025", start="2025-05", months=MONTHS, draws=DRAWS, seed=1,
        alternatives=CHANNELS,
    )  # fmt: skip


def ends_of(answer: ac.DanishModel) -> list[dict[str, tuple[float, float, float]]]:
    """Low, best and high of each input, channel by channel, as plain numbers."""
    return [
        {
            name: (float(one.estimate.low), float(one.estimate.best), float(one.estimate.high))
            for name, one in own.items()
        }
        for own in answer.inputs.values()
    ]


def bare(channels: list[dict[str, tuple[float, float, float]]]) -> list[Any]:
    """Draws, orders, queue and quantiles with nothing checked, named or traced."""
    rng = np.random.default_rng(1)
    money = np.cumsum(np.full(MONTHS, BUDGET / MONTHS))
    answers = []
    for own in channels:
        drawn = {
            name: rng.triangular(*ends, DRAWS) if ends[0] < ends[2] else np.full(DRAWS, ends[1])
            for name, ends in own.items()
        }
        ordered, spent, capacity = bare_orders(drawn, money)
        lead = np.ceil(drawn["lead_time"])
        delivered, backlog, limit = bare_queue(ordered, capacity, lead)
        answers.append(bare_summary(money, ordered, spent, delivered, backlog, limit))
    return answers


def bare_orders(drawn: dict[str, Any], money: Any) -> tuple[Any, Any, Any]:
    """What the money orders on a learning curve, what that costs, what the line can make."""
    free = (1 - drawn["other_orders"]) * (1 - drawn["outage"])
    share = np.minimum(np.arange(MONTHS) / np.maximum(drawn["ramp"], 1e-9)[:, None], 1.0)
    rate = drawn["rate"][:, None]
    rise = np.maximum(drawn["capacity"] - drawn["rate"], 0)[:, None]
    power = 1 + np.log2(drawn["slope"])[:, None]
    start = (drawn["built"] + 0.5)[:, None]
    first = (drawn["price"] * (drawn["built"] + 1) ** (1 - power[:, 0]))[:, None]
    wanted = np.floor((money * power / first + start**power) ** (1 / power) - start)
    total = np.minimum(wanted, np.floor(drawn["stock"])[:, None])
    cost = first * ((start + total) ** power - start**power) / power
    ordered = np.diff(total, axis=1, prepend=0.0)
    return ordered, np.diff(cost, axis=1, prepend=0.0), (rate + rise * share) * free[:, None]


def bare_summary(
    money: Any, ordered: Any, spent: Any, delivered: Any, backlog: Any, limit: Any
) -> list[Any]:
    """The quantiles of the summary and of the schedule."""
    so_far = np.cumsum(delivered, axis=1)
    unspent = money - np.cumsum(spent, axis=1)
    return [
        np.quantile(so_far[:, -1], BANDS),
        np.quantile(delivered, BANDS, axis=0),
        np.quantile(so_far, BANDS, axis=0),
        *(np.median(flow, axis=0) for flow in (ordered, spent, unspent, backlog)),
        *(np.median(flow.sum(axis=1)) for flow in (ordered, spent)),
        [(limit == code).mean(axis=0) for code in range(4)],
        np.bincount(limit.ravel()),
    ]


def rows() -> Iterator[Row]:
    """The model's time over that of its arithmetic, and in all."""
    channels = ends_of(ours())
    mine, theirs = best_by_turns([ours, lambda: bare(channels)])
    what = f"`danish_model`, {DRAWS:,} draws, {MONTHS} months, 4 channels"
    yield Row(what, "the same arithmetic in bare numpy", mine / theirs, "×", 3, times(mine, theirs))
    yield Row("the same", "", 1e3 * mine, "ms", 1000, seconds(mine))

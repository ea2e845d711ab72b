"""How sure an order is: chances that one system is cheaper, or on the frontier, kind by kind.

The chances are over the published figures, drawn from their ranges. They say how firmly the
figures order the systems, not what a next contract will cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from armscost.comparison.capability import COST, REACH, Floats, cost_per_capability, spread
from armscost.comparison.unit_price import GROUP, compare, systems_named
from armscost.errors import OutsideEvidenceError, finite
from armscost.estimates import Estimate, draw
from armscost.results import Result, records

_PRICE = ("low", "median", "high")
_MEANING = (
    "chances are over the published figures: half of the chance on either side of each median, "
    "evenly, systems drawn independently; what a next contract costs is another question"
)


def chance_cheaper(
    systems: Sequence[str],
    to: str,
    *,
    times: float = 1.0,
    draws: int = 10_000,
    seed: int = 1,
    **choices: Any,
) -> Result:
    """How likely each system is the cheaper one, and cheaper by a stated factor, kind by kind.

    Args:
        systems: Ids of at least two systems.
        to: Currency and price year.
        times: The factor of the claim: 3 for "at least three times cheaper".
        draws: How many.
        seed: The same seed gives the same answer.
        **choices: ``pool``, ``basis``, ``scope``, ``condition``, ``order``, ``index``, ``rate``
            and ``book`` of :func:`armscost.compare`.

    Returns:
        A :class:`armscost.results.Result`. One row for each kind of price and pair of systems
        in either direction: ``system_id``, ``other_id``, ``ratio`` (other over this, of
        medians; none where kinds were pooled, for unlike kinds have no ratio),
        ``chance_cheaper``, ``chance_times`` (the other costs at least ``times`` as much),
        ``n_facts``, ``n_facts_other`` and ``note``. Kinds that are unknown, or that only one
        system has, have a row with the reason in ``note`` and no chance.

    Raises:
        OutsideEvidenceError: For one system only, a factor below 1, or where no price is left.
        UnknownNameError: For an unknown system, currency or filter word.

    Example:
        >>> found = chance_cheaper(["caesar", "zuzana-2"], "EUR_2024", scope="with_ammunition")
        >>> found.table[["chance_cheaper"]].notna().all().item()
        True
    """
    chosen = _several(systems)
    if finite("times", times) < 1:
        raise OutsideEvidenceError(
            f"times is {times:g}; write 1 or more, and name the cheaper system by its row"
        )
    cost = compare(chosen, to, **choices)
    priced = records(cost.table)
    (drawn,) = _draws(priced, draws, seed, _PRICE)
    rows: list[dict[str, Any]] = []
    for key, places, reason in _kinds(cost.table, pooled=bool(cost.pooled)):
        if reason:
            rows += [key | {"system_id": priced[p]["system_id"], "note": reason} for p in places]
            continue
        for one, other in combinations(places, 2):
            for a, b in ((one, other), (other, one)):
                rows.append(key | _cheaper(priced, drawn, a, b, times, bool(cost.pooled)))
    return Result(
        title=f"How likely each is cheaper, and at least {times:g} times cheaper, in {to}",
        table=_in_columns(rows, ["system_id", "other_id", *_kind_columns(cost.table), "ratio",
                                 "chance_cheaper", "chance_times", "n_facts", "n_facts_other",
                                 "note"]),
        assumptions=[_MEANING, f"{draws:,} draws (seed {seed})", *cost.assumptions],
        sources=cost.sources,
        left_out=cost.left_out,
        trace=cost.trace,
    )  # fmt: skip


def chance_on_frontier(
    systems: Sequence[str],
    measure: str,
    to: str,
    *,
    draws: int = 10_000,
    seed: int = 1,
    **choices: Any,
) -> Result:
    """How likely each system is on the frontier of price against capability, kind by kind.

    On the frontier as :func:`armscost.frontier` has it: no other option, and no mix of two,
    gives as much for less. Each system's price and figure are drawn from their ranges.

    Args:
        systems: Ids of at least two systems.
        measure: A measure of :func:`cost_per_capability`.
        to: Currency and price year.
        draws: How many.
        seed: The same seed gives the same answer.
        **choices: ``under``, ``alike``, ``pool``, ``basis``, ``scope``, ``condition``,
            ``order``, ``index``, ``rate`` and ``book`` of :func:`cost_per_capability`.

    Returns:
        A :class:`armscost.results.Result`. One row a system and kind: ``chance_efficient``,
        ``chance_dominated``, ``chance_extended_dominated`` (they add up to 1), ``n_options`` in
        the kind, and ``note``. Kinds that are unknown, or that only one system has, have no
        chance and the reason in ``note``.

    Raises:
        OutsideEvidenceError: For one system only, or where no price or figure is left.
        UnknownNameError: For an unknown system, measure, currency or filter word.

    Example:
        >>> found = chance_on_frontier(["caesar", "k9"], "range_max", "EUR_2024",
        ...                            scope="with_support", under="rocket-assisted shell")
        >>> found.table["chance_efficient"].dropna().between(0, 1).all().item()
        True
    """
    chosen = _several(systems)
    per = cost_per_capability(chosen, measure, to, draws=draws, seed=seed, **choices)
    table = per.table
    options = records(table)
    costs, reach = _draws(options, draws, seed, COST, REACH)
    rows: list[dict[str, Any]] = []
    for key, places, reason in _kinds(table, pooled=bool(per.pooled)):
        status = None if reason else on_frontier(costs[places], reach[places])
        for place, index in enumerate(places):
            row = key | {"system_id": options[index]["system_id"], "n_options": len(places)}
            if status is None:
                rows.append(row | {"note": reason})
                continue
            chances = {f"chance_{name}": float((status[place] == code).mean())
                       for code, name in enumerate(STATUS)}  # fmt: skip
            rows.append(row | chances | {"note": _thin(options[index])})
    return Result(
        title=f"How likely each is on the frontier of price against {measure}, in {to}",
        table=_in_columns(rows, ["system_id", *_kind_columns(table), "n_options",
                                 *(f"chance_{name}" for name in STATUS), "note"]),
        assumptions=[_MEANING, *per.assumptions],
        sources=per.sources,
        left_out=per.left_out,
        trace=per.trace,
    )  # fmt: skip


STATUS = ("efficient", "dominated", "extended_dominated")


def on_frontier(costs: Floats, effects: Floats) -> npt.NDArray[np.int8]:
    """Status of each option in each draw, as :func:`armscost.frontier` gives it.

    Args:
        costs: Options by draws.
        effects: The same.

    Returns:
        Options by draws: places in ``STATUS``.

    Example:
        >>> on_frontier(np.array([[0.0], [100], [110]]), np.array([[0.0], [1], [3]])).T
        array([[0, 2, 0]], dtype=int8)
    """
    status = np.zeros(costs.shape, dtype=np.int8)
    for i in range(len(costs)):
        cost, effect = costs[i], effects[i]
        no_worse = (costs <= cost) & (effects >= effect)
        better = (costs < cost) | (effects > effect)
        status[i, (no_worse & better).any(axis=0)] = 1
    for i in range(len(costs)):
        cost, effect = costs[i], effects[i]
        mixed = np.zeros(costs.shape[1], dtype=bool)
        for j in range(len(costs)):
            for k in range(len(costs)):
                between = (effects[j] < effect) & (effect < effects[k])
                # as products: no division where two options do the same
                line = costs[j] * (effects[k] - effect) + costs[k] * (effect - effects[j])
                mixed |= between & (line < cost * (effects[k] - effects[j]) * (1 - 1e-12))
        status[i, mixed & (status[i] == 0)] = 2
    return status


# --------------------------------------------------------------------------------------
# Kinds and draws
# --------------------------------------------------------------------------------------


def _several(systems: Sequence[str]) -> list[str]:
    chosen = systems_named(systems)
    if len(chosen) < 2:
        raise OutsideEvidenceError(
            f"a chance compares systems, and there is only {chosen[0]}; give at least two"
        )
    return chosen


def _kind_columns(table: pd.DataFrame) -> list[str]:
    return [name for name in (*GROUP[1:], "capability_condition") if name in table]


def _kinds(table: pd.DataFrame, *, pooled: bool) -> list[tuple[dict[str, Any], list[int], str]]:
    """Each kind: its words, the rows that are of it, and why they cannot be compared."""
    columns = _kind_columns(table)
    kinds = []
    for _, rows in table.groupby(columns, sort=False, dropna=False):
        first = rows.iloc[0]
        key = {name: first[name] for name in columns}
        note = first["ratio_note"] if "ratio_note" in table else None
        reason = ""
        if not pooled and isinstance(note, str) and "like nothing" in note:
            reason = note
        elif len(rows) < 2:
            reason = f"only {first['system_id']} has a figure of this kind"
        kinds.append((key, [int(place) for place in rows.index], reason))
    return kinds


def _draws(
    rows: list[dict[str, Any]], draws: int, seed: int, *ranges: Sequence[str]
) -> list[Floats]:
    """For each range rows by draws; every range of every row is drawn independently."""
    names = [f"{names[1]} {place}" for names in ranges for place in range(len(rows))]
    u = draw({name: Estimate.uniform(0.0, 1.0) for name in names}, draws, seed)
    return [
        np.stack([spread(u[f"{names[1]} {place}"], row, names) for place, row in enumerate(rows)])
        for names in ranges
    ]


def _cheaper(
    rows: list[dict[str, Any]], drawn: Floats, a: int, b: int, times: float, pooled: bool
) -> dict[str, Any]:
    this, other = rows[a], rows[b]
    notes = [this["ratio_note"] if pooled else None, _thin(this, other)]
    return {
        "system_id": this["system_id"],
        "other_id": other["system_id"],
        "ratio": np.nan if pooled else other["median"] / this["median"],
        "chance_cheaper": float((drawn[a] < drawn[b]).mean()),
        "chance_times": float((drawn[b] >= times * drawn[a]).mean()),
        "n_facts": int(this["n_facts"]),
        "n_facts_other": int(other["n_facts"]),
        "note": "; ".join(note for note in notes if note) or None,
    }


def _thin(*rows: dict[str, Any]) -> str | None:
    thin = [str(row["system_id"]) for row in rows if row["n_facts"] < 2]
    return f"one fact only of {' and of '.join(thin)}: surer than it is" if thin else None


def _in_columns(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(dict.fromkeys(columns)))

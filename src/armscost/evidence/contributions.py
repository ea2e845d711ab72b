"""Money promised and paid, each sum counted once however often it is told."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from armscost import prices, units
from armscost.errors import NoRateError, chosen
from armscost.evidence.tables import graded
from armscost.records import disproved
from armscost.results import Result, records

GROUPS = ("year", "contributor")
# The parts of a whole that are tried for a split that adds up: all subsets of so many.
_MOST_PARTS = 12
# What keeps parts and whole together: three digits, or a whole that is only "about" so much.
_ROUNDING = {"exact": 0.005}
_ROUGHLY = 0.025


@dataclass(frozen=True)
class Split:
    """One way in which a whole was divided.

    Attributes:
        parts: The rows of the parts.
        amounts: Their amounts in the currency of the whole, in order.
    """

    parts: list[dict[str, Any]]
    amounts: list[float]

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return sum(self.amounts)


def amount_of(row: dict[str, Any]) -> float | None:
    """The amount of a contribution: the amount, else the one end that is printed, else none.

    Example:
        >>> amount_of({"amount_low": 20e9})
        20000000000.0
    """
    found = [row[name] for name in ("amount", "amount_low", "amount_high") if name in row]
    return float(found[0]) if found else None


def splits(whole: dict[str, Any], parts: list[dict[str, Any]]) -> list[Split]:
    """The ways in which a sum was divided: by payer and by purpose are two, not one.

    Args:
        whole: A contribution with an amount.
        parts: The contributions that are part of it.

    Returns:
        One split of all parts; where they exceed the whole and some of them add up to it,
        those as one split and the others as another. One part a fact; the part printed by the
        whole's own source goes first. Parts in another currency are converted at the rate of
        the whole's day, or of its year; those without an amount are no part of a split.
    """
    chosen: dict[str, tuple[dict[str, Any], float]] = {}
    for part in sorted(parts, key=lambda row: row["source_id"] != whole["source_id"]):
        amount = in_currency_of(whole, part)
        if amount is not None:
            chosen.setdefault(part["fact_id"], (part, amount))
    rows, size = list(chosen.values()), amount_of(whole)
    if not rows or size is None:
        return []
    everything = Split(*(list(column) for column in zip(*rows, strict=True)))
    room = _ROUNDING.get(whole["qualifier"], _ROUGHLY)
    if everything.total <= size * (1 + room) or len(rows) > _MOST_PARTS:
        return [everything]
    for picked in _subsets(len(rows)):
        if abs(sum(rows[i][1] for i in picked) / size - 1) <= room:
            rest = [i for i in range(len(rows)) if i not in picked]
            return [
                Split([rows[i][0] for i in side], [rows[i][1] for i in side])
                for side in (picked, rest)
            ]
    return [everything]


def _subsets(count: int) -> Iterator[tuple[int, ...]]:
    sizes = range(count - 1, 0, -1)
    return itertools.chain.from_iterable(itertools.combinations(range(count), n) for n in sizes)


def in_currency_of(whole: dict[str, Any], part: dict[str, Any]) -> float | None:
    """The amount of a part in the currency of its whole; None where there is none."""
    amount = amount_of(part)
    if amount is None or "currency" not in whole:
        return None
    if part["currency"] == whole["currency"]:
        return amount
    when = str(whole.get("dated", part.get("dated", "")))
    on: Any = when if len(when) == len("2025-04-11") else when[:4]
    try:
        return amount * prices.exchange_rate(part["currency"], whole["currency"], on).value
    except NoRateError:
        return None


# --------------------------------------------------------------------------------------
# Totals
# --------------------------------------------------------------------------------------


def contribution_totals(
    by: str = "year",
    to: str | None = None,
    *,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    book: prices.PriceBook | None = None,
) -> Result:
    """Add up contributions without counting any money twice.

    A fact counts once a stage: its best graded figure. What is ``part_of`` a larger sum of the
    same stage is taken out of that sum, so that a contributor's part stands with the
    contributor and only the rest with the group. Stages are kept apart: what was announced,
    contracted and delivered may be one and the same money and does not add up. Targets and
    demands are no promise and are left out.

    Args:
        by: ``"year"`` (the year the money is for, else of its date) or ``"contributor"``.
        to: Currency and price year, such as ``"EUR_2024"``; without it each currency has its
            own rows of then-year money.
        order: See :func:`armscost.rebase`.
        index: See :func:`armscost.rebase`.
        rate: See :func:`armscost.rebase`.
        book: Rates and indices of your own.

    Returns:
        A :class:`~armscost.results.Result`; its table has a row for each year or contributor,
        ``stage`` and ``currency``: ``total``, ``n_facts``. ``.trace`` has the figures with
        their ``net`` share; ``.left_out`` those not counted, with the reason.

    Raises:
        UnknownNameError: For another ``by``, or an unknown currency.
        NoRateError: For a price year to which no contribution can be brought; it says why.

    Example:
        >>> totals = contribution_totals("year", "EUR_2024")
        >>> {"year", "stage", "total"} <= set(totals.table.columns)
        True
    """
    chosen("grouping of contributions", by, GROUPS)
    if to is not None:
        units.price_unit(to)
    method = {"order": order, "index": index, "rate": rate, "book": book}
    counted, left_out = _counted_once()
    _net_of_parts(counted, left_out)
    found, factors, promised = [], [], len(left_out)
    for row in counted:
        net, factor = row["net"], None
        if to is not None:
            try:
                factor = _factor(row, to, method)
            except NoRateError as error:
                left_out.append(_not_used(row, str(error)))
                continue
            factors.append(factor)
        found.append(
            {
                by: row["year"] if by == "year" else row["contributor"],
                **{n: row[n] for n in ("contribution_id", "fact_id", "stage", "source_id")},
                "currency": to or row["currency"],
                "printed": row["printed"],
                "net": net * (factor.value if factor else 1.0),
                "share_counted": net / row["printed"],
                "statement": row["statement"],
            }
        )
    if not found:
        reason = Counter(row["reason"] for row in left_out[promised:]).most_common(1)[0][0]
        raise NoRateError(f"no contribution can be brought to {to}: {reason}")
    trace = pd.DataFrame(found)
    table = trace.groupby([by, "stage", "currency"], as_index=False, observed=True).agg(
        total=("net", "sum"), n_facts=("fact_id", "nunique")
    )
    return Result(
        title=f"Contributions by {by}, each sum once, stages apart" + (f", in {to}" if to else ""),
        table=table,
        assumptions=[
            "one value a fact and stage: the best graded figure",
            "a sum without its parts of the same stage; the parts stand with their contributors",
            "a part in another currency is taken out at the rate of the whole's day or year",
            "stages are not added: announced, contracted and delivered may be the same money",
            *prices.summary(factors),
        ],
        sources=sorted(trace["source_id"].unique()),
        left_out=pd.DataFrame(left_out, columns=["figure", "reason", "source_id"]),
        trace=trace,
    )


def _counted_once() -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    counted: dict[tuple[str, str], dict[str, Any]] = {}
    left_out = []
    for row in records(graded("contributions")):
        amount = amount_of(row)
        year = row.get("year", str(row.get("dated", ""))[:4])
        key = (row["fact_id"], row["stage"])
        if amount is None:
            left_out.append(_not_used(row, "goods without a price, no amount of money"))
        elif wrong := disproved(row):
            left_out.append(_not_used(row, wrong))
        elif row["qualifier"] == "target":
            left_out.append(_not_used(row, "a target or a demand, not money promised"))
        elif not year:
            left_out.append(_not_used(row, "no date"))
        elif key in counted:
            told = counted[key]["contribution_id"]
            left_out.append(_not_used(row, f"the same {row['stage']} money as {told}"))
        else:
            counted[key] = row | {"printed": amount, "net": amount, "year": int(year)}
    return list(counted.values()), left_out


def _net_of_parts(counted: list[dict[str, Any]], left_out: list[dict[str, str]]) -> None:
    """Take from each sum what its parts of the same stage already tell."""
    fact_of = {row["contribution_id"]: row["fact_id"] for row in records(graded("contributions"))}
    by_fact = {(row["fact_id"], row["stage"]): row for row in counted}
    parts: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in list(counted):
        key = fact_of.get(row.get("part_of", ""), ""), row["stage"]
        if key in by_fact:
            parts.setdefault(key, []).append(row)
    for key, mine in parts.items():
        whole = by_fact[key]
        used = splits(whole, mine)
        first = used[0] if used else Split([], [])
        whole["net"] = max(0.0, whole["printed"] - first.total)
        for row in mine:
            if not any(row is part for part in first.parts):
                row["net"] = 0.0
                counted.remove(row)
                left_out.append(_not_used(row, f"inside {whole['contribution_id']} already"))


def _factor(row: dict[str, Any], to: str, method: dict[str, Any]) -> prices.Factor:
    currency, year = units.price_unit(to)
    return prices.factor(row["currency"], row["year"], currency, year, **method)


def _not_used(row: dict[str, Any], reason: str) -> dict[str, str]:
    return {
        "figure": row["contribution_id"],
        "reason": reason,
        "source_id": row["source_id"],
    }

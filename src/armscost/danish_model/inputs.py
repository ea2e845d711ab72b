"""What the tables know of a line: price, output, lead time, learning, local content.

Each input is an :class:`~armscost.estimates.Estimate` with the figures it comes from. Where no
figure exists an input is a stated assumption with a range, and marked as one.

The tables do not change while a program runs, and inputs are immutable: each is looked up once.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets
from armscost.comparison.unit_price import compare
from armscost.errors import OutsideEvidenceError
from armscost.estimates import Estimate
from armscost.results import records

# What a figure of output counts as a rate that ran, and what as a rate that could run.
RAN = ("produced", "delivered")
COULD = ("capacity",)
_MONTHS = {"month": 1, "year": 12}
_PRICED_FIRST = ("contract_price", "budget_line", "procurement", "flyaway", "press_claim")


@dataclass(frozen=True)
class Input:
    """One input of the model.

    Attributes:
        estimate: Low, best and high.
        unit: Its unit, as text.
        told: Where it comes from, in one line.
        sources: Ids of the sources behind it.
        assumed: Whether it is an assumption of ours, no figure of anybody's.
        scope: For a price, what it buys.
    """

    estimate: Estimate
    unit: str
    told: str
    sources: tuple[str, ...] = ()
    assumed: bool = False
    scope: str = ""

    def line(self, name: str) -> str:
        """The input as a printable assumption."""
        low, best, high = (float(getattr(self.estimate, end)) for end in ("low", "best", "high"))
        span = f"{best:,.4g}" if low == high else f"{best:,.4g} ({low:,.4g} to {high:,.4g})"
        mark = "ASSUMED: " if self.assumed else ""
        return f"{name}: {span} {self.unit}; {mark}{self.told}"


def assumption(low: float, best: float, high: float, unit: str, why: str) -> Input:
    """A range that no source gives, with the reason for it."""
    return Input(_range(low, best, high), unit, why, assumed=True)


def _range(low: float, best: float, high: float) -> Estimate:
    return Estimate(low=low, best=best, high=high, bounds="min_max", shape="triangular")


# --------------------------------------------------------------------------------------
# Price
# --------------------------------------------------------------------------------------


@functools.cache
def price(system: str, to: str, **method: Any) -> Input:
    """What one new item costs, from the group of figures that is best supported.

    Contracts come before budget lines, those before press claims. Within the kind, the best
    graded fact, then the latest, is the best value; low and high are the ends over the facts of
    its scope. Scopes are not mixed; the scope is told.

    Raises:
        OutsideEvidenceError: Where no price of a new item can be used.
    """
    answer = compare([system], to=to, condition="new", **method)
    counted = answer.trace[answer.trace["counted"]].copy()
    kinds = counted["cost_basis"].astype("str")
    basis = next((b for b in _PRICED_FIRST if (kinds == b).any()), kinds.iloc[0])
    counted["_letter"] = counted["reliability"].map({c: i for i, c in enumerate("ABCDEF")})
    counted["_date"] = counted["price_date"].fillna("").astype("str")
    graded = counted[kinds == basis].sort_values("_date", ascending=False, kind="stable")
    best = graded.sort_values(["credibility", "_letter"], kind="stable").iloc[0]
    facts = graded[graded["scope"].astype("str") == str(best["scope"])]
    told = (
        f"{basis}, scope {best['scope']}, {len(facts)} fact(s); best: {best['printed']}"
        f"{' (computed by armscost)' if best['computed'] else ''}, grade {best['grade']}"
    )
    ends = _range(facts["low"].min(), float(best["central"]), facts["high"].max())
    sources = tuple(sorted(facts["source_id"].unique()))
    return Input(ends, to, told, sources, scope=str(best["scope"]))


# --------------------------------------------------------------------------------------
# Output
# --------------------------------------------------------------------------------------


def rates(system: str, statuses: Sequence[str]) -> pd.DataFrame:
    """Published rates of a system a month, one row a fact, oldest first.

    Returns:
        Columns ``month`` (of the end of the period it speaks of, else of the statement),
        ``low``, ``rate``, ``high`` a month, ``status``, ``statement``, ``source_id``,
        ``credibility``.
    """
    table = datasets.shared_table("outputs")
    chosen = table[
        (table["system_id"] == system)
        & table["status"].isin(list(statuses))
        & table["per"].isin(list(_MONTHS))
        & (table["credibility"] < 5)
        & ~table["item"].isin(["barrel", "charge set", "tracked vehicle of any type"])
    ]
    rows = []
    for row in records(chosen.sort_values("credibility", kind="stable")):
        ends = [row.get(name) for name in ("rate_low", "rate", "rate_high")]
        given = [end / _MONTHS[row["per"]] for end in ends if end is not None]
        when = str(row.get("period_end", row.get("stated_on", "")))
        if given and when:
            rows.append(
                {
                    "month": _month(when),
                    "low": min(given),
                    "rate": given[1 if len(given) == 3 else 0],
                    "high": max(given),
                    "status": row["status"],
                    "fact_id": row["fact_id"],
                    "statement": row["statement"],
                    "source_id": row["source_id"],
                    "credibility": row["credibility"],
                    "stated_on": str(row.get("stated_on", when)),
                }
            )
    names = ["month", "low", "rate", "high", "status", "fact_id", "statement", "source_id"]
    found = pd.DataFrame(rows, columns=[*names, "credibility", "stated_on"])
    return found.drop_duplicates("fact_id").sort_values("month", kind="stable", ignore_index=True)


def _month(date: str) -> pd.Period:
    """The month a date lies in; a year alone means its last month."""
    return pd.Period(date if len(date) > 4 else f"{date}-12", freq="M")


@functools.cache
def running_rate(system: str, start: pd.Period) -> Input:
    """What the line makes a month at the start: the figures of the year before it.

    Raises:
        OutsideEvidenceError: For a system without a figure of output, and for a start before
            the first one.
    """
    found = rates(system, RAN)
    if found.empty:
        table = datasets.shared_table("outputs")
        known = table.loc[table["status"].isin(RAN) & table["per"].isin(list(_MONTHS)), "system_id"]
        raise OutsideEvidenceError(
            f"no published rate of output of {system}: give one in overrides, for example "
            f"capacity='10/month'; systems that have one: {', '.join(sorted(known.unique()))}"
        )
    before = found[found["month"] <= start]
    if before.empty:
        first = found["month"].iloc[0]
        raise OutsideEvidenceError(
            f"start {start} is before the first figure of output of {system}, {first}; start "
            "then or later, or give capacity in overrides"
        )
    latest = before["month"].iloc[-1]
    recent = before[before["month"] > latest - 12]
    best = recent.sort_values(["month", "credibility"], ascending=[False, True]).iloc[0]
    age = (start - latest).n
    told = (
        f"{len(recent)} figure(s) of the 12 months to {latest}; latest: {best['statement']}"
        f"{f' ({age} months before the start)' if age > 6 else ''}"
    )
    ends = _range(recent["low"].min(), best["rate"], max(recent["high"].max(), best["rate"]))
    return Input(ends, "a month", told, tuple(sorted(recent["source_id"].unique())))


@functools.cache
def stated_capacity(system: str, start: pd.Period) -> Input | None:
    """What the line is said to be able to make a month, where anybody has said so."""
    found = rates(system, COULD)
    found = found[found["month"] <= start + 12]
    if found.empty:
        return None
    last = found.iloc[-1]
    ends = _range(found["low"].min(), last["rate"], max(found["high"].max(), last["rate"]))
    told = f"capacity as stated, not output: {last['statement']}"
    return Input(ends, "a month", told, tuple(sorted(found["source_id"].unique())))


@functools.cache
def units_built(system: str, start: pd.Period) -> Input:
    """Units built before the start: a published count, else the stated rates added up."""
    table = datasets.shared_table("outputs")
    counts = table[
        (table["system_id"] == system)
        & (table["per"] == "cumulative")
        & table["status"].isin(["produced"])
    ]
    for row in reversed(records(counts.sort_values("period_end", kind="stable"))):
        month = _month(str(row.get("period_end", row.get("stated_on"))))
        if abs((start - month).n) <= 24 and row.get("rate", 0) > 10:
            told = f"published count: {row['statement']}"
            return Input(Estimate.exact(row["rate"]), "units", told, (row["source_id"],))
    found = rates(system, RAN)
    found = found[found["month"] <= start]
    if found.empty:
        return assumption(20, 100, 500, "units", "no figure of output before the start")
    by_month = found.groupby("month")["rate"].median()
    months = pd.period_range(by_month.index[0], start, freq="M")
    total = float(by_month.reindex(months).ffill().sum())
    told = "stated monthly rates added up by armscost, each held until the next, half to double"
    return Input(_range(total / 2, total, total * 2), "units", told, assumed=True)


@functools.cache
def lead_time(system: str, start: pd.Period) -> Input | None:
    """Months from order to delivery, as achieved; as promised where nothing else is known."""
    table = datasets.shared_table("deliveries")
    mine = table[(table["system_id"] == system) & (table["credibility"] < 5)]
    columns = ["lead_months_low", "lead_months", "lead_months_high"]
    mine = mine[mine[columns].notna().any(axis=1)]
    said = mine["stated_on"].fillna("0000").astype("str")
    mine = mine[said.str[:4].astype(int) <= start.year + 1]
    done = mine[mine["planned"] == "no"]
    used = done if len(done) else mine
    if used.empty:
        return None
    values = used.drop_duplicates("fact_id")[columns].to_numpy(float).ravel()
    values = values[~np.isnan(values)]
    latest = records(used.sort_values("stated_on", kind="stable"))[-1]
    best = latest.get("lead_months", float(np.median(values)))
    word = "achieved" if len(done) else "planned"
    told = f"{len(used)} figure(s), {word}; latest: {latest['statement']}"
    ends = _range(values.min(), best, values.max())
    return Input(ends, "months", told, tuple(sorted(used["source_id"].unique())))


@functools.cache
def domestic_share(system: str) -> Input | None:
    """The share of a system that is made at home, as published."""
    table = datasets.shared_table("indicators")
    name = datasets.system(system).name
    mine = table[(table["measure"] == "domestic_share") & table["subject"].str.contains(name)]
    mine = mine[mine["qualifier"] != "target"]
    if mine.empty:
        return None
    row = records(mine.sort_values("credibility", kind="stable"))[0]
    value = _share(row)
    at_least = row["qualifier"] == "at_least"
    ends = _range(value, value, (1 + value) / 2 if at_least else value)
    told = f"{row['statement']}{' (at least: up to half of the rest)' if at_least else ''}"
    return Input(ends, "of the price", told, (row["source_id"],))


def _share(row: dict[str, Any]) -> float:
    """A published share or percentage as a number from 0 to 1."""
    value = float(next(row[name] for name in ("value", "value_low", "value_high") if name in row))
    return value / 100 if row.get("unit") == "percent" else value


@functools.cache
def national_load(area: str = "UKR") -> Input:
    """The share of an arms industry's capacity that has orders, where figures disagree."""
    table = datasets.shared_table("indicators")
    mine = table[
        (table["area"] == area) & table["measure"].isin(["capacity_used_share", "unfunded_share"])
    ]
    shares, sources = [], []
    for row in records(mine):
        value = _share(row)
        shares.append(1 - value if row["measure"] == "unfunded_share" else value)
        sources.append(row["source_id"])
    if not shares:
        return assumption(0.3, 0.5, 0.7, "of the line", "no figure of the industry's load")
    ends = _range(min(shares), float(np.median(shares)), max(shares))
    told = (
        f"share of {area} industry capacity with orders, {len(shares)} disagreeing figures; "
        "assumed to hold for this line"
    )
    return Input(ends, "of the line", told, tuple(sorted(set(sources))), assumed=True)

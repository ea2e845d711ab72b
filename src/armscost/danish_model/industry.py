"""What a country's arms industry could make, and what is ordered and paid for, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets, prices, units
from armscost.danish_model.history import with_columns
from armscost.errors import NoRateError, OutsideEvidenceError, chosen, whole
from armscost.records import disproved
from armscost.results import Result, records, rows_of

# Which published measures are counts of the same thing.
COUNTS = {
    "capacity": "capacity",
    "funded_orders": "funded",
    "capacity_used": "funded",
    "output": "output",
    "idle_capacity": "idle_money",
}
# Shares of capacity, and whether they are of what is used or of what is idle.
SHARES = {"capacity_used_share": "used", "unfunded_share": "idle"}
_ENDS = ("low", "", "high")
READ = ("indicator_id", "area", "measure", "subject", "unit", "period", "qualifier", "statement",
        "source_id", "credibility")  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class IndustryGap(Result):
    """Capacity against funded orders; the table has a row a year.

    Attributes:
        unit: Currency and price year of every sum.
        loaded: A row a year and sum: ``year``, ``channel``, ``sum``, and the share of idle
            capacity that it would load, ``share_low`` to ``share_high``; empty without sums.
    """

    unit: str
    loaded: pd.DataFrame

    def chart(self) -> Any:
        """Capacity beside funded orders, year by year, with the range of the counts."""
        from armscost import charts

        columns = [c for c in self.table.columns if c.partition("_")[0] in
                   ("year", "capacity", "funded", "idle") and "money" not in c]  # fmt: skip
        return charts.idle_capacity(self.table[columns], self.unit)


def industry_gap(
    year: int | Iterable[int] | None = None,
    sums: Mapping[str, Any] | None = None,
    *,
    to: str | None = None,
    area: str = "UKR",
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    indicators: pd.DataFrame | None = None,
) -> IndustryGap:
    """Set an arms industry's capacity against the orders that are paid for, by year.

    Counts that disagree are kept as a range; ``.trace`` says who said what. A count enters with
    its own low and high. The idle share of capacity has a low and a high end over every way to
    it: each count of orders with each of capacity that can both hold (no more ordered than can
    be made), idle money over the median capacity, and the shares that were stated. Goals said in
    advance and figures of a part of the industry are left out, with the reason.

    Args:
        year: One year, several, or every year there is a figure of (the default).
        sums: Sums of money by channel, for example ``{"danish_model": "1 billion EUR_2025"}``:
            what share of idle capacity each would load.
        to: Currency and price year for all years, for example ``"USD_2024"``; needed for more
            than one year with figures. By default for one year its own US dollars.
        area: Whose industry.
        order: See :func:`armscost.rebase`.
        index: See :func:`armscost.rebase`.
        rate: See :func:`armscost.rebase`.
        indicators: Figures of your own, in the columns of the table ``indicators``.

    Returns:
        An :class:`IndustryGap`; ``.table`` has ``year``, then ``capacity``, ``funded``,
        ``output`` and ``idle_money`` with ``…_low``, ``…_high`` and ``n_…`` (counts), in
        ``unit``, and ``idle_low``, ``idle``, ``idle_high`` (shares of capacity, 0 to 1). The
        middle is the median of the counts, a count without one counting by the middle of its
        ends.

    Raises:
        OutsideEvidenceError: For a year without a figure (it names the years there are), a sum
            that is not above zero, or several years without ``to``.
        UnknownNameError: For an area without such figures.
        NoRateError: For a sum that no index or rate brings to ``to``.

    Example:
        >>> gap = industry_gap(2025, {"danish_model": "1 billion USD_2025"})
        >>> row = gap.table.iloc[0]
        >>> float(row["capacity_low"]) < float(row["capacity_high"])
        True
        >>> gap.unit
        'USD_2025'
    """
    found, left = figures_of(area, indicators)
    left = left.drop(columns="measure")
    there = sorted(set(found["year"]))
    years = there if year is None else _years(year, there, area)
    if to is None and len(years) > 1:
        raise OutsideEvidenceError(
            f"{len(years)} years have {len(years)} price years; name one for all of them, for "
            "example to='USD_2024'"
        )
    unit = to or f"USD_{years[0]}"
    currency, price_year = units.price_unit(unit)
    method = {"order": order, "index": index, "rate": rate}
    counted, no_price, lines = _rebased(
        found[found["year"].isin(years)], currency, price_year, method
    )
    shown = [one for one in years if (counted["year"] == one).any()]
    if not shown:
        raise OutsideEvidenceError(
            f"no figure of {years[0]} in {unit}: {no_price['reason'].iloc[0]}"
        )
    table = pd.DataFrame([_row(one, counted[counted["year"] == one]) for one in shown])
    loaded, sum_lines = _loaded(table, sums or {}, unit, method)
    return IndustryGap(
        title=f"Arms industry of {area}: capacity and funded orders, {unit}",
        table=table,
        assumptions=list(dict.fromkeys([*_assumptions(unit, to), *lines, *sum_lines])),
        sources=sorted(set(counted["source_id"])),
        left_out=pd.concat([left, no_price], ignore_index=True),
        trace=counted.reset_index(drop=True),
        unit=unit,
        loaded=loaded,
    )


def _years(year: int | Iterable[int], there: list[int], area: str) -> list[int]:
    given: Any = year
    several = isinstance(given, Iterable) and not isinstance(given, str)
    years = sorted({whole("year", one) for one in (given if several else [given])})
    for one in years:
        if one not in there:
            raise OutsideEvidenceError(
                f"no figure of the arms industry of {area} in {one}; there are figures of "
                f"{', '.join(map(str, there))}"
            )
    if not years:
        raise OutsideEvidenceError(f"no year given; there are {', '.join(map(str, there))}")
    return years


def figures_of(
    area: str, indicators: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every count and share of one whole industry, and those left out.

    Returns:
        The figures, ``low``, ``value``, ``high`` in ``unit`` as printed, and those left out:
        ``figure``, ``reason``, ``measure``.

    Raises:
        UnknownNameError: For an area without such figures.
    """
    if indicators is None:
        table = datasets.shared_table("indicators")
    else:
        table = with_columns(indicators, READ)
    table = table[table["measure"].isin([*COUNTS, *SHARES])]
    chosen("area with figures of its arms industry", area, set(table["area"]))
    mine = table[table["area"] == area]
    rows, left = [], []
    for row in records(mine.sort_values("indicator_id")):
        reason = _why_not(row)
        if reason:
            told = {"figure": row["indicator_id"], "reason": reason, "measure": row["measure"]}
            left.append(told)
            continue
        ends = [row.get(f"value_{end}" if end else "value") for end in _ENDS]
        given = [float(end) for end in ends if end is not None]
        rows.append(
            {
                "year": int(str(row["period"])[:4]),
                "measure": row["measure"],
                "low": min(given),
                "value": float(ends[1]) if ends[1] is not None else float(np.mean(given)),
                "high": max(given),
                "unit": row["unit"],
                "qualifier": row["qualifier"],
                "period": row["period"],
                "statement": row["statement"],
                "source_id": row["source_id"],
                "credibility": row["credibility"],
                "indicator_id": row["indicator_id"],
            }
        )
    names = ["year", "measure", "low", "value", "high", "unit", "qualifier", "period", "statement",
             "source_id", "credibility", "indicator_id"]  # fmt: skip
    return pd.DataFrame(rows, columns=names), pd.DataFrame(
        left, columns=["figure", "reason", "measure"], dtype="str"
    )


def _why_not(row: dict[str, Any]) -> str | None:
    """Why a figure is no count of the whole industry's year, or None."""
    wrong = disproved(row)
    if wrong:
        return wrong
    if row["qualifier"] == "target":
        return "a goal or an outlook said in advance, no count"
    if "defence industry" not in str(row["subject"]):
        return f"of a part of the industry only: {row['subject']}"
    if not {"value", "value_low", "value_high"} & set(row) or "period" not in row:
        return "no value or no year"
    if row["measure"] in SHARES and row["unit"] != "percent":
        return f"a share in {row['unit']}; per cent is understood"
    if row["measure"] in COUNTS and row["unit"] not in units.CURRENCIES:
        return f"in {row['unit']}, not in money"
    return None


def _rebased(
    found: pd.DataFrame, currency: str, price_year: int, method: dict[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """The counts in one money; shares as they are, 0 to 1."""
    rows, left, factors = [], [], []
    for row in records(found):
        if row["measure"] in SHARES:
            rows.append(row | {f"{end}_in": row[end] / 100 for end in ("low", "value", "high")})
            continue
        try:
            factor = prices.factor(
                row["unit"], row["year"], currency, price_year,
                order=method["order"], index=method["index"], rate=method["rate"],
            )  # fmt: skip
        except NoRateError as error:
            left.append({"figure": row["indicator_id"], "reason": str(error)})
            continue
        factors.append(factor)
        rows.append(
            row | {f"{end}_in": row[end] * factor.value for end in ("low", "value", "high")}
        )
    names = [*found.columns, "low_in", "value_in", "high_in"]
    return (
        pd.DataFrame(rows, columns=names),
        pd.DataFrame(left, columns=["figure", "reason"], dtype="str"),
        prices.summary(factors) if factors else [],
    )


def _row(year: int, counted: pd.DataFrame) -> dict[str, Any]:
    """One year: each count with its range, and the idle share over every way to it."""
    row: dict[str, Any] = {"year": year}
    for name in dict.fromkeys(COUNTS.values()):
        mine = counted[counted["measure"].map(COUNTS) == name]
        row |= {
            f"{name}_low": mine["low_in"].min(),
            name: mine["value_in"].median(),
            f"{name}_high": mine["high_in"].max(),
            f"n_{name}": len(mine),
        }
    return row | _idle(row, counted)


def _idle(row: dict[str, Any], counted: pd.DataFrame) -> dict[str, float]:
    """The idle share: low, middle and high over stated shares and over the counts."""
    low, middle, high = [], [], []
    for share in rows_of(counted[counted["measure"].isin(SHARES)]):
        used = SHARES[share.measure] == "used"
        low.append(1 - share.high_in if used else share.low_in)
        middle.append(1 - share.value_in if used else share.value_in)
        high.append(1 - share.low_in if used else share.high_in)
    pairs = _pairs(counted)
    if pairs:
        low.append(min(pairs))
        middle.append(float(np.median(pairs)))
        high.append(max(pairs))
    if row["n_capacity"] and row["n_idle_money"]:
        low.append(row["idle_money_low"] / row["capacity"])
        middle.append(row["idle_money"] / row["capacity"])
        high.append(row["idle_money_high"] / row["capacity"])
    if not middle:
        return {"idle_low": np.nan, "idle": np.nan, "idle_high": np.nan}
    ends = (min(low), float(np.median(middle)), max(high))
    return dict(zip(("idle_low", "idle", "idle_high"), ends, strict=True))


def _pairs(counted: pd.DataFrame) -> list[float]:
    """The idle share by every count of orders and of capacity that can both hold."""
    kinds = counted["measure"].map(COUNTS)
    ends = ["low_in", "value_in", "high_in"]
    orders, capacity = (
        np.unique(counted.loc[kinds == kind, ends].to_numpy(float))
        for kind in ("funded", "capacity")
    )
    return [float(1 - o / c) for o in orders for c in capacity if o <= c]


def _loaded(
    table: pd.DataFrame, sums: Mapping[str, Any], unit: str, method: dict[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """What share of idle capacity each sum would load, each year."""
    columns = ["year", "channel", "sum", "share_low", "share", "share_high"]
    rows, lines = [], []
    if not isinstance(sums, Mapping):
        raise OutsideEvidenceError(
            f"sums is {sums!r}; write channel to sum: {{'danish_model': '1 billion USD_2025'}}"
        )
    for channel, money in sums.items():
        amount, way = prices.rebase(
            money, unit, method["order"], method["index"], method["rate"], explain=True
        )
        value = float(amount.to(unit).magnitude)
        if not value > 0:
            raise OutsideEvidenceError(f"the sum of {channel} is {money}; give one above zero")
        lines += prices.summary([way])
        for row in records(table):
            shares = [
                value / (row[f"capacity{c}"] * row[f"idle{i}"])
                if row.get(f"capacity{c}", 0) * row.get(f"idle{i}", 0) > 0 else np.nan
                for c, i in (("_high", "_high"), ("", ""), ("_low", "_low"))
            ]  # fmt: skip
            rows.append(dict(zip(columns, (row["year"], channel, value, *shares), strict=True)))
    return pd.DataFrame(rows, columns=columns), list(dict.fromkeys(lines))


def _assumptions(unit: str, to: str | None) -> list[str]:
    return [
        f"every sum in {unit}" + ("" if to else ", the year's own US dollars, since none was named")
        + "; a figure's price year is the year it speaks of",
        "low and high are the ends over all counts, the middle their median: nobody is picked",
        "capacity_used counts as funded orders; an 'at least' may be more",
        "shares of idle capacity: a sum over capacity times idle share, both at their high end "
        "(share_low), middle and low end (share_high)",
        f"data version {datasets.data_version()}",
    ]  # fmt: skip

"""The figures of the explorer: every price and output as published, and factors between moneys."""

from __future__ import annotations

import functools
from typing import Any

import pandas as pd

from armscost import datasets, prices
from armscost.comparison.unit_price import unit_prices
from armscost.errors import NoRateError
from armscost.results import records

MONTHS_OF = {"day": 12 / 365.25, "month": 1.0, "year": 12.0}


def everything() -> dict[str, Any]:
    """What the page reads: figures, systems, sources and factors."""
    figures = [*_prices(), *_outputs()]
    return {
        "version": datasets.data_version(),
        "systems": _systems({figure["system"] for figure in figures}),
        "sources": _sources({figure["source"] for figure in figures}),
        "figures": figures,
        "factors": factors(),
    }


def _systems(used: set[str]) -> dict[str, Any]:
    table = datasets.shared_table("systems")
    return {
        row["system_id"]: {
            "name": row["name"],
            "category": row["category"],
            "other_names": row.get("other_names", ""),
        }
        for row in records(table[table["system_id"].isin(used)])
    }


def _sources(used: set[str]) -> dict[str, Any]:
    table = datasets.shared_table("sources")
    return {
        row["source_id"]: {
            "publisher": row["publisher"],
            "title": row["title"],
            "url": row.get("url", ""),
            "reliability": row["reliability"],
        }
        for row in records(table[table["source_id"].isin(used)])
    }


# --- prices -------------------------------------------------------------------------------------


def _prices() -> list[dict[str, Any]]:
    """Every row of costs, with the price of one item where the library gives one."""
    costs = datasets.shared_table("costs")
    usable, left_out = unit_prices(costs)
    reasons = dict(zip(left_out["figure"], left_out["reason"], strict=True))
    unit = {row["cost_id"]: row for row in records(usable)}
    return [_price(row, unit.get(row["cost_id"]), reasons) for row in records(costs)]


def _price(
    row: dict[str, Any], unit: dict[str, Any] | None, reasons: dict[str, str]
) -> dict[str, Any]:
    found = _common(row, "price", row["cost_id"]) | {
        "kind": row["cost_basis"],
        "scope": row["scope"],
        "condition": row.get("condition", "not stated"),
        "date": str(row.get("price_date", "")),
        "year": _year(row.get("price_year", row.get("price_date"))),
        "currency": row.get("currency", ""),
        "item": row["per"],
        "printed": _as_printed(row),
        "parties": "; ".join(row[name] for name in ("buyer", "seller") if name in row),
    }
    if unit is None:
        return found | {"why_not": reasons[row["cost_id"]]}
    ends = {"low": unit["unit_low"], "central": unit["unit_central"], "high": unit["unit_high"]}
    return found | {name: _plain(value) for name, value in ends.items()} | {
        "computed": unit["computed"]
    }  # fmt: skip


def _as_printed(row: dict[str, Any]) -> str:
    """The money as the source printed it: of one item first, else the total."""
    for stem, names in (
        ("each", ("amount_low", "amount", "amount_high")),
        ("for", ("total_low", "total_amount", "total_high")),
    ):
        ends = [f"{row[name]:,.10g}" for name in names if name in row]
        if ends:
            tail = " each"
            if stem == "for":
                tail = f" for {row['quantity']:,.10g}" if "quantity" in row else " in all"
            return f"{_firmly(row)}{row['currency']} {'–'.join(ends)}{tail}"
    return f"{_firmly(row)}{row['quantity']:,.10g}, no price"


# --- outputs ------------------------------------------------------------------------------------


def _outputs() -> list[dict[str, Any]]:
    """Every row of outputs, with its rate a month where the period says so."""
    return [_output(row) for row in records(datasets.shared_table("outputs"))]


def _output(row: dict[str, Any]) -> dict[str, Any]:
    ends = [row[name] for name in ("rate_low", "rate", "rate_high") if name in row]
    when = str(row.get("period_end", row.get("stated_on", "")))
    found = _common(row, "output", row["output_id"]) | {
        "kind": row["status"],
        "scope": "",
        "condition": "",
        "date": when,
        "year": _year(when),
        "currency": "",
        "item": row["item"],
        "area": row.get("area", ""),
        "printed": f"{_firmly(row)}{'–'.join(f'{end:,.10g}' for end in ends)} {_span(row)}",
    }
    months = _months(row)
    if not ends:
        return found | {"why_not": "no rate given"}
    if months is None:
        return found | {"why_not": "a running total" if row["per"] == "cumulative" else "no period"}
    best = row.get("rate", sum(ends) / len(ends))
    return found | {
        "low": _plain(min(ends) / months),
        "central": _plain(best / months),
        "high": _plain(max(ends) / months),
        "computed": "" if row["per"] == "month" else f"from a figure per {row['per']}",
    }


def _span(row: dict[str, Any]) -> str:
    if row["per"] == "cumulative":
        return f"in all by {row.get('period_end', row.get('stated_on', 'an unstated day'))}"
    if row["per"] == "period":
        return f"from {row.get('period_start', '?')} to {row.get('period_end', '?')}"
    return f"a {row['per']}"


def _months(row: dict[str, Any]) -> float | None:
    """How many months the rate is of; None where that is not known."""
    if row["per"] in MONTHS_OF:
        return MONTHS_OF[row["per"]]
    dates = [str(row.get(name, "")) for name in ("period_start", "period_end")]
    if row["per"] != "period" or min(map(len, dates)) < len("2024-01"):
        return None
    first, last = (pd.Period(date, freq="M") for date in dates)
    return float((last - first).n + 1)


# --- factors ------------------------------------------------------------------------------------


def factors() -> dict[str, dict[str, float | str]]:
    """Factors from every money of the prices to every currency and year one may ask for.

    Returns:
        Target, for example ``EUR_2024``, to money to the factor, or to the reason why there is
        none. Targets are the currencies of the prices in each year that at least one converts to.
    """
    costs = datasets.shared_table("costs").dropna(subset=["currency", "price_year"])
    pairs = zip(costs["currency"], costs["price_year"], strict=True)
    moneys = sorted({(str(currency), int(year)) for currency, year in pairs})
    years = sorted({int(y) for y in datasets.shared_table("price_indices")["year"]})
    found = {}
    for currency in sorted({currency for currency, _ in moneys}):
        for year in years:
            row = {f"{c}_{y}": _factor(c, y, currency, year) for c, y in moneys}
            # A year to which nothing but that year's own prices converts is no target.
            if sum(isinstance(value, float) for value in row.values()) > len(row) / 2:
                found[f"{currency}_{year}"] = row
    return found


def _factor(currency: str, year: int, to_currency: str, to_year: int) -> float | str:
    try:
        return _plain(prices.factor(currency, year, to_currency, to_year).value)
    except NoRateError as error:
        return str(error)


# --- parts --------------------------------------------------------------------------------------


def _common(row: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "table": table,
        "system": row["system_id"],
        "variant": row.get("variant", ""),
        "fact": row["fact_id"],
        "source": row["source_id"],
        "grade": f"{_reliability()[row['source_id']]}{row['credibility']}",
        "statement": row["statement"],
    }


@functools.cache
def _reliability() -> dict[str, str]:
    table = datasets.shared_table("sources")
    return dict(zip(table["source_id"], table["reliability"].astype("str"), strict=True))


def _firmly(row: dict[str, Any]) -> str:
    """The qualifier as a word before the number."""
    word = row["qualifier"].replace("_", " ")
    return "" if word in ("exact", "range") else f"{word} "


def _year(date: Any) -> int | None:
    return int(str(date)[:4]) if str(date)[:4].isdigit() else None


def _plain(value: float) -> float:
    """Ten significant digits, which is more than any source prints."""
    return float(f"{value:.10g}")

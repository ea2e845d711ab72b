"""What systems cost: published prices in one currency and price year, like with like.

A figure keeps its group: cost basis, scope, condition and what one item is. Groups are never
mixed, a fact counts once however many papers printed it, and every number leads back to the
figures as they were printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets, prices, units
from armscost.errors import NoRateError, OutsideEvidenceError, each_chosen
from armscost.records import Cost, disproved
from armscost.results import Result, records

GROUP = ["system_id", "cost_basis", "scope", "condition", "per"]
POOL = ["system_id", "per"]
COLUMNS = [
    *GROUP[:4], "low", "median", "high", "n_facts", "n_origins", "ratio", "ratio_note", "per",
]  # fmt: skip
FILTERS = {"basis": "cost_basis", "scope": "scope", "condition": "condition"}
# F means "cannot be judged": it comes after E because nothing better is known of it.
_RELIABILITY = {letter: place for place, letter in enumerate("ABCDEF")}
GOAL = "a plan, a goal or a proposal: no price agreed or paid"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Comparison(Result):
    """What systems cost in one currency and price year; see :func:`compare`.

    Attributes:
        unit: Currency and price year of every amount, for example ``EUR_2024``.
        pooled: The groups that were put together because the caller said ``pool=True``.
    """

    unit: str
    pooled: list[str] = field(default_factory=list)

    def _explain_rows(self, rows: pd.DataFrame) -> list[str]:
        lines: list[str] = []
        for key, group in rows.groupby(GROUP, sort=False, dropna=False):
            names = [str(part) if part == part and part is not None else "unstated" for part in key]
            lines += ["", " | ".join(names)]
            for row in records(group):
                lines += told(row, self.unit)
        return lines

    def chart(self) -> Any:
        """The price ladder: each published price a dot, by scope, with range and source."""
        from armscost import charts

        names = {"system_id": "system", "central": "value", "publisher": "source",
                 "price_year": "year"}  # fmt: skip
        return charts.price_ladder(self.trace.rename(columns=names), self.unit)


def told(row: dict[str, Any], unit: str) -> list[str]:
    """One published figure on its way to the table, in words."""
    lines = [f"  {row['printed']}  [{row['cost_id']}]"]
    if row["computed"]:
        lines.append(f"    unit price computed by armscost: {row['computed']}")
    lines += [f"    {step}" for step in row["steps"].splitlines()]
    span = "" if row["low"] == row["high"] else f" (from {row['low']:,.0f} to {row['high']:,.0f})"
    lines.append(f"    = {row['central']:,.0f} {unit}{span}")
    lines.append(f"    {row['publisher']}, grade {row['grade']}, {row['source_id']}")
    if not row["counted"]:
        lines.append(f"    same fact as another figure ({row['fact_id']}): not counted again")
    return lines


def compare(
    systems: Sequence[str],
    to: str,
    *,
    pool: bool = False,
    basis: str | Sequence[str] | None = None,
    scope: str | Sequence[str] | None = None,
    condition: str | Sequence[str] | None = None,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    book: prices.PriceBook | None = None,
) -> Comparison:
    """Compare what systems cost, in one currency and price year, like with like.

    Args:
        systems: Ids of systems; ratios are to the first.
        to: Currency and price year, for example ``"EUR_2024"``.
        pool: Put all groups of a system into one row, each fact once. The result lists what
            was pooled, and gives no ratio between unlike groups.
        basis: Keep only these cost bases (``contract_price``, ``budget_line``, …).
        scope: Keep only these scopes (``item_only``, ``with_support``, …).
        condition: Keep only these conditions (``new``, ``used``, …).
        order: ``"deflate_then_exchange"`` or ``"exchange_then_deflate"``.
        index: Which price index; see :func:`armscost.rebase`.
        rate: ``"market"`` or ``"ppp"``.
        book: Rates and indices of your own.

    Returns:
        A :class:`Comparison`. Its table has one row for each system, cost basis, scope and
        condition: ``low``, ``median``, ``high`` in ``to`` for one item (``per``), ``n_facts``,
        ``n_origins``, ``ratio`` of medians to the first system where the groups are alike and
        known, else ``ratio_note`` with the reason.

    Raises:
        UnknownNameError: For an unknown system, currency or filter word.
        OutsideEvidenceError: For a price year no index covers, or where nothing is left.

    Example:
        >>> result = compare(["pzh-2000"], to="EUR_2024", scope="unknown")
        >>> int(result.table["n_facts"].iloc[0]) > 0
        True
        >>> print(result.explain("pzh-2000"))  # doctest: +ELLIPSIS
        What one item costs in EUR_2024: pzh-2000
        ...
    """
    chosen = systems_named(systems)
    currency, year = units.price_unit(to)
    figures = _filtered(chosen, basis=basis, scope=scope, condition=condition)
    usable, left_out = unit_prices(figures)
    method = {"order": order, "index": index, "rate": rate, "book": book}
    trace, no_price, assumptions = rebased(usable, currency, year, method)
    absent = _without_figures(chosen, figures, basis=basis, scope=scope, condition=condition)
    left_out = pd.concat([left_out, no_price, absent], ignore_index=True)
    if trace.empty:
        raise OutsideEvidenceError(_nothing_left(chosen, left_out))
    group = POOL if pool else GROUP
    trace = count_facts_once(trace, group)
    table = _statistics(trace, group, chosen)
    pooled = _pooled(trace) if pool else []
    if pool:
        table["ratio"], table["ratio_note"] = np.nan, "pooled: unlike groups have no ratio"
    else:
        add_ratios(table, chosen[0])
    return Comparison(
        title=f"What one item costs in {to}: {', '.join(chosen)}",
        table=table[[column for column in COLUMNS if column in table]],
        assumptions=[*assumptions, *choices(trace), *pooled],
        sources=sorted(trace["source_id"].unique()),
        left_out=left_out,
        trace=trace,
        unit=to,
        pooled=pooled,
    )


# --------------------------------------------------------------------------------------
# Which figures
# --------------------------------------------------------------------------------------


def systems_named(names: Sequence[str]) -> list[str]:
    """The ids as a list, each once, refused where one is unknown or none is given."""
    known = datasets.shared_table("systems")["system_id"].tolist()
    chosen = each_chosen("system", names, known, where="armscost show")
    if not chosen:
        raise OutsideEvidenceError("no system named; give at least one, for example 'bohdan'")
    return chosen


def _filtered(systems: list[str], **filters: str | Sequence[str] | None) -> pd.DataFrame:
    costs = datasets.shared_table("costs")
    figures = costs[costs["system_id"].isin(systems)]
    for name, wanted in filters.items():
        if wanted is None:
            continue
        column = FILTERS[name]
        _, allowed = datasets.kind_of(Cost.model_fields[column].annotation)
        words = each_chosen(name, wanted, allowed)
        kept = figures[figures[column].isin(words)]
        if kept.empty:
            there = ", ".join(sorted(figures[column].dropna().unique())) or "none"
            raise OutsideEvidenceError(
                f"no figure of {', '.join(systems)} with {name} {' or '.join(words)}; "
                f"there are: {there}"
            )
        figures = kept
    return figures


def _without_figures(
    systems: list[str], figures: pd.DataFrame, **filters: str | Sequence[str] | None
) -> pd.DataFrame:
    """Each system of which the filters, or the tables, leave no figure: which ones there are."""
    costs = datasets.shared_table("costs")
    there = set(figures["system_id"])
    absent = [name for name in systems if name not in there]
    reasons = []
    for name in absent:
        own = costs[costs["system_id"] == name]
        asked = []
        for word, wanted in filters.items():
            if wanted is not None:
                words = wanted if isinstance(wanted, str) else " or ".join(wanted)
                kinds = ", ".join(sorted(own[FILTERS[word]].dropna().unique())) or "none"
                asked.append(f"{word} {words} (there are: {kinds})")
        reasons.append("no figure with " + ", ".join(asked) if len(own) else "no price published")
    columns = {"figure": absent, "reason": reasons, "system_id": absent, "source_id": ""}
    return pd.DataFrame(columns, dtype="str")


def unit_prices(figures: pd.DataFrame, *, goals: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Prices of one item: as printed, or a total over its quantity, marked as computed.

    Args:
        figures: Rows of the table ``costs``.
        goals: Whether plans, goals and proposals are asked for; they are no prices otherwise.

    Returns:
        The figures that have one, with columns ``unit_low``, ``unit_central``, ``unit_high``
        and ``computed``; and those left out, with the reason.
    """
    frame = figures.copy()
    printed = frame[["amount_low", "amount", "amount_high"]].to_numpy(float)
    total = frame[["total_low", "total_amount", "total_high"]].to_numpy(float)
    quotient = total / frame["quantity"].to_numpy(float)[:, None]
    stated = ~np.isnan(printed).all(axis=1)
    low, central, high = np.where(stated[:, None], printed, quotient).T
    ends = pd.DataFrame({"low": low, "central": central, "high": high}, index=frame.index)
    middle = ends["central"].fillna(ends[["low", "high"]].mean(axis=1))
    frame["unit_central"] = middle
    frame["unit_low"] = ends["low"].fillna(middle)
    frame["unit_high"] = ends["high"].fillna(middle)
    frame["computed"] = [
        _how_computed(row, s) for row, s in zip(records(frame), stated, strict=True)
    ]
    reasons = [_why_not(row, goals) for row in records(frame)]
    usable = np.array([reason is None for reason in reasons], dtype=bool)
    left_out = not_used(frame[~usable], [reason for reason in reasons if reason])
    return frame[usable], left_out


def _how_computed(row: dict[str, Any], stated: bool) -> str:
    parts = []
    if not stated and "quantity" in row:
        parts.append(f"total over {row['quantity']:,.0f} {row['per']}s")
    ends = {name for name in ("amount", "total_amount") if name in row}
    both = {"amount_low", "amount_high"} <= set(row) or {"total_low", "total_high"} <= set(row)
    if not ends and both:
        parts.append("middle of the published range")
    return "; ".join(parts)


def _why_not(row: dict[str, Any], goals: bool) -> str | None:
    """Why a figure has no place in a comparison, or None."""
    if "currency" not in row:
        return "no price published, only a quantity"
    if "unit_central" not in row:
        return "a total without a quantity"
    if wrong := disproved(row):
        return wrong
    if row["qualifier"] == "target" and not goals:
        return GOAL
    if "sum_of" in row:
        return "a sum of facts that are counted one by one"
    if "price_year" not in row:
        return "no price year"
    return None


def not_used(figures: pd.DataFrame, reasons: list[str]) -> pd.DataFrame:
    """Prices left out, each with its reason, as every ``left_out`` lists them."""
    return pd.DataFrame(
        {
            "figure": figures["cost_id"].astype("str").to_numpy(),
            "reason": reasons,
            "system_id": figures["system_id"].astype("str").to_numpy(),
            "source_id": figures["source_id"].astype("str").to_numpy(),
        }
    )


# --------------------------------------------------------------------------------------
# One price base
# --------------------------------------------------------------------------------------


def rebased(
    figures: pd.DataFrame, currency: str, year: int, method: dict[str, Any]
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Every figure in the wanted currency and price year, with the steps that led there."""
    sources = datasets.shared_table("sources").set_index("source_id")
    rows, without, reasons, factors = [], [], [], []
    for position, figure in enumerate(records(figures)):
        try:
            factor = prices.factor(
                figure["currency"], int(figure["price_year"]), currency, year, **method
            )
        except NoRateError as error:
            without.append(position)
            reasons.append(str(error))
            continue
        factors.append(factor)
        source = sources.loc[figure["source_id"]]
        rows.append(
            {name: figure.get(name) for name in GROUP}
            | {
                name: figure.get(name)
                for name in ("cost_id", "fact_id", "source_id", "tax", "note")
            }
            | {
                "variant": figure.get("variant"),
                "buyer": figure.get("buyer"),
                "price_basis": figure["price_basis"],
                "price_date": figure.get("price_date"),
                "price_year": figure["price_year"],
                "quantity": figure.get("quantity"),
                "printed": _as_printed(figure),
                "computed": figure["computed"],
                "factor": factor.value,
                "steps": _steps(factor),
                "low": figure["unit_low"] * factor.value,
                "central": figure["unit_central"] * factor.value,
                "high": figure["unit_high"] * factor.value,
                "qualifier": figure["qualifier"],
                "statement": figure["statement"],
                "credibility": figure["credibility"],
                "reliability": source["reliability"],
                "grade": f"{source['reliability']}{figure['credibility']}",
                "publisher": source["publisher"],
                "published": source["published"],
                "origin_id": source["origin_id"],
            }
        )
    left_out = not_used(figures.iloc[without], reasons)
    return pd.DataFrame(rows), left_out, prices.summary(factors)


def _steps(factor: prices.Factor) -> str:
    """The steps from the printed money to the wanted one, a line each."""
    lines = [f"× {step.value:.5g}  {step.line}" for step in factor.steps]
    return "\n".join([*lines, *(mark for step in factor.steps for mark in step.marks)])


def _as_printed(figure: dict[str, Any]) -> str:
    """The amount as the source printed it, for example ``EUR 184,000,000 for 10``."""
    money = figure["currency"]
    for low, best, high in (
        ("amount_low", "amount", "amount_high"),
        ("total_low", "total_amount", "total_high"),
    ):
        ends = [figure[name] for name in (low, best, high) if name in figure]
        if ends:
            shown = " to ".join(f"{end:,.0f}" for end in ends)
            whole = low.startswith("total")
            tail = f" for {figure['quantity']:,.0f}" if whole else " each"
            firm = "" if figure["qualifier"] in ("exact", "range") else f"{figure['qualifier']} "
            day = figure.get("price_date", figure.get("price_year"))
            return f"{firm.replace('_', ' ')}{money} {shown}{tail}, {day}"
    raise OutsideEvidenceError(f"{figure['cost_id']} has no amount")  # pragma: no cover


# --------------------------------------------------------------------------------------
# Counting and comparing
# --------------------------------------------------------------------------------------


def count_facts_once(trace: pd.DataFrame, group: Sequence[str] = GROUP) -> pd.DataFrame:
    """Mark one figure a fact in each group: the best graded, then the latest published."""
    place = trace.assign(
        _letter=trace["reliability"].map(_RELIABILITY),
        _published=trace["published"].fillna("").astype("str"),
        _row=range(len(trace)),
    )
    place = place.sort_values("_published", ascending=False, kind="stable")
    place = place.sort_values(["credibility", "_letter"])
    first = place.drop_duplicates([*group, "fact_id"])["_row"]
    trace = trace.assign(counted=False)
    trace.loc[trace.index[first.to_numpy()], "counted"] = True
    return trace


def _statistics(trace: pd.DataFrame, group: list[str], systems: list[str]) -> pd.DataFrame:
    rows = []
    for key, figures in trace.groupby(group, sort=False, dropna=False):
        counted = figures[figures["counted"]]
        rows.append(
            dict(zip(group, key, strict=True))
            | {
                "low": counted["low"].min(),
                "median": counted["central"].median(),
                "high": counted["high"].max(),
                "n_facts": counted["fact_id"].nunique(),
                "n_origins": figures["origin_id"].nunique(),
            }
        )
    table = pd.DataFrame(rows)
    places = {
        "system_id": systems,
        "cost_basis": datasets.kind_of(Cost.model_fields["cost_basis"].annotation)[1],
        "scope": datasets.kind_of(Cost.model_fields["scope"].annotation)[1],
        "condition": ("new", "used", "refurbished", "from_stock"),
    }
    keys = [name for name in group if name in places]
    for name in reversed(keys):
        rank = {word: place for place, word in enumerate(places[name])}
        table = table.iloc[table[name].map(rank).argsort(kind="stable")]
    return table.reset_index(drop=True)


def add_ratios(table: pd.DataFrame, first: str, alike: Sequence[str] = GROUP[1:]) -> None:
    """Ratios of medians to the first system, only between groups that are alike and known.

    Args:
        table: Gets the columns ``ratio`` and ``ratio_note``.
        first: The system that ratios are to.
        alike: The columns that must agree.
    """
    alike = list(alike)
    base = {
        tuple(row.get(name) for name in alike): row["median"]
        for row in records(table[table["system_id"] == first])
    }
    ratios, notes = [], []
    for row in records(table):
        key = tuple(row.get(name) for name in alike)
        if row["scope"] == "unknown":
            ratio, note = np.nan, "scope unknown: like nothing, not even unknown"
        elif row.get("condition") is None:
            ratio, note = np.nan, "condition not stated: like nothing"
        elif key not in base:
            ratio, note = np.nan, f"{first} has no figure of this kind"
        else:
            ratio, note = row["median"] / base[key], None
        ratios.append(ratio)
        notes.append(note)
    table["ratio"] = ratios
    table["ratio_note"] = pd.Series(notes, dtype="object")


def _pooled(trace: pd.DataFrame) -> list[str]:
    """What was put together for each system, and which facts stood in several of its groups."""
    alone = count_facts_once(trace)
    lines = []
    for system, figures in trace[trace["counted"]].groupby("system_id", sort=False):
        sizes = figures.groupby(GROUP[1:], sort=False, dropna=False).size()
        parts = [
            f"{n} × {' / '.join(map(str, key))}" for key, n in zip(sizes.index, sizes, strict=True)
        ]
        line = f"pooled for {system} because pool=True: {'; '.join(parts)}"
        again = alone["counted"] & ~trace["counted"] & (alone["system_id"] == system)
        if again.any():
            line += f"; facts told already: {', '.join(trace.loc[again, 'cost_id'])}"
        lines.append(line)
    return lines


def choices(trace: pd.DataFrame) -> list[str]:
    """What a careful reader should know of the figures that were counted."""
    counted = trace[trace["counted"]]
    tax = counted["tax"].value_counts()
    shown = ", ".join(f"{n} {word}" for word, n in tax.items() if n)
    lines = [
        "one value a fact: the best graded figure, then the latest published; "
        f"{len(trace) - len(counted)} figure(s) repeat a fact and are not counted again",
        f"value-added tax is not adjusted: {shown}",
    ]
    computed = int((counted["computed"] != "").sum())
    if computed:
        lines.append(f"{computed} unit price(s) computed by armscost from a published total")
    unstated = int((counted["price_basis"] == "unstated").sum())
    if unstated:
        lines.append(f"{unstated} price(s) whose basis is unstated: read as money of their year")
    for word in ("at_least", "at_most"):
        open_ended = counted.loc[counted["qualifier"] == word, "cost_id"]
        if len(open_ended):
            lines.append(
                f"{len(open_ended)} price(s) say {word.replace('_', ' ')}, taken at the value they "
                f"name: {', '.join(open_ended)}"
            )
    return lines


def _nothing_left(systems: list[str], left_out: pd.DataFrame) -> str:
    if left_out.empty:
        return f"no price of {', '.join(systems)} is in the tables"
    reasons = "; ".join(dict.fromkeys(left_out["reason"]))
    return f"no figure of {', '.join(systems)} can be used: {reasons}"

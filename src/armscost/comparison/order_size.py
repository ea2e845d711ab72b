"""Whether larger orders are cheaper a unit: price against order size over published contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from armscost import datasets, prices, units
from armscost.comparison.unit_price import (
    Comparison,
    choices,
    count_facts_once,
    not_used,
    rebased,
    unit_prices,
)
from armscost.errors import OutsideEvidenceError, chosen, each_chosen, finite
from armscost.records import Cost
from armscost.results import records

# Fewer give an interval that spans everything; and a size effect seen in one span of sizes, or
# with one buyer, is not told apart from what that buyer ordered.
LEAST_FACTS = 6
LEAST_SPREAD = 3.0
KIND = ["cost_basis", "scope", "per"]
STATED = (
    "unit_cost_fall",
    "share_of_cost_fall_due_to_experience",
    "extra_cost_of_low_rates",
    "programmes_below_planned_rate",
    "price_saving",
)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OrderSizeEffect(Comparison):
    """Unit price against order size; see :func:`order_size_effect`.

    Attributes:
        carried: Whether any kind of price carries an elasticity.
        verdict: What the data say, in one sentence a kind.
        statements: Published statements on scale beside it: figures of the table
            ``indicators``, none of them about these contracts.
    """

    carried: bool
    verdict: list[str]
    statements: pd.DataFrame = field(default_factory=pd.DataFrame)

    def chart(self) -> Any:
        """Refused: see ``.table`` and ``.trace``.

        Raises:
            OutsideEvidenceError: Always.
        """
        raise OutsideEvidenceError("order sizes have no chart; read .table and .trace")


def order_size_effect(
    category: str,
    to: str = "EUR_2024",
    *,
    basis: str | Sequence[str] = "contract_price",
    scope: str | Sequence[str] | None = None,
    confidence: float = 0.95,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    book: prices.PriceBook | None = None,
) -> OrderSizeEffect:
    """How unit prices go with the size of the order, over published contracts, or why not.

    Least squares of logarithms within systems, so that dear systems ordered in small numbers
    are not taken for an effect of number::

        ln(unit price) = a(system) + e · ln(quantity)

    e is the elasticity: an order twice as large costs 2**e times as much a unit. Only new items,
    one value a fact, each cost basis and scope by itself. The elasticity is withheld, with the
    reason, where fewer than six facts of systems with at least two remain, sizes lie within a
    factor of three, one buyer placed all orders, or the interval spans zero.

    Args:
        category: A category of the table ``systems``, such as ``"self-propelled howitzer"``.
        to: Currency and price year that prices are brought to, named in the assumptions.
        basis: Cost bases; a budget line or press claim is no contract.
        scope: Keep only these scopes.
        confidence: Of the interval, 0.95 for 95 %.
        order: ``"deflate_then_exchange"`` or ``"exchange_then_deflate"``.
        index: Which price index.
        rate: ``"market"`` or ``"ppp"``.
        book: Rates and indices of your own.

    Returns:
        An :class:`OrderSizeEffect`. One row a cost basis and scope: ``n_facts``, ``n_systems``,
        ``n_buyers``, ``smallest``, ``largest`` order, ``elasticity``, ``low``, ``high``,
        ``price_at_double`` (2**e) and ``note`` (why there is no elasticity).

    Raises:
        UnknownNameError: For an unknown category, basis, scope or currency.
        OutsideEvidenceError: For a confidence outside 0 to 1, or where no contract is left.

    Example:
        >>> found = order_size_effect(category="self-propelled howitzer")
        >>> len(found.verdict) == len(found.table)
        True
    """
    if not 0 < finite("confidence", confidence) < 1:
        advice = f"; write {confidence / 100:g}" if 1 < confidence < 100 else ""
        raise OutsideEvidenceError(f"confidence is {confidence:g}; from 0 to 1{advice}")
    currency, year = units.price_unit(to)
    figures = _contracts(category, basis, scope)
    usable, left_out = unit_prices(figures)
    why_not = [_why_not(row) for row in records(usable)]
    sized = np.array([reason is None for reason in why_not], dtype=bool)
    reasons = [reason for reason in why_not if reason is not None]
    left_out = pd.concat([left_out, not_used(usable[~sized], reasons)], ignore_index=True)
    method = {"order": order, "index": index, "rate": rate, "book": book}
    trace, no_price, lines = rebased(usable[sized], currency, year, method)
    left_out = pd.concat([left_out, no_price], ignore_index=True)
    if trace.empty:
        reasons_told = "; ".join(dict.fromkeys(left_out["reason"]))
        raise OutsideEvidenceError(
            f"no contract of a {category} can be used: {reasons_told}"
            if reasons_told
            else f"no contract of a {category} is there on that basis and scope, in new condition; "
            "leave scope out, or see armscost.load('costs')"
        )
    trace = count_facts_once(trace)
    table = _table(trace[trace["counted"]], confidence)
    said = _statements()
    return OrderSizeEffect(
        title=f"Unit price against order size, {category}, in {to}",
        table=table,
        assumptions=[
            f"least squares of ln(unit price in {to}) on ln(quantity) within systems; "
            f"{confidence:.0%} interval of Student's t",
            "only new items; one value a fact; each cost basis and scope by itself",
            "unit prices are totals over quantities, so an error in a quantity looks like a "
            "saving by number",
            "what else differs between a small and a large order (year, equipment, licence "
            "production) is not held fixed",
            *lines,
            *choices(trace),
        ],
        sources=sorted({*trace["source_id"], *said["source_id"]}),
        left_out=left_out,
        trace=trace,
        unit=to,
        carried=bool(table["elasticity"].notna().any()),
        verdict=[_verdict(row) for row in records(table)],
        statements=said,
    )


def _contracts(
    category: str, basis: str | Sequence[str], scope: str | Sequence[str] | None
) -> pd.DataFrame:
    systems = datasets.shared_table("systems")
    known = list(systems["category"].unique())
    chosen("category", category, known, where="armscost.load('systems')['category'].unique()")
    costs = datasets.shared_table("costs")
    figures = costs[costs["system_id"].isin(systems.loc[systems["category"] == category,
                                                        "system_id"])]  # fmt: skip
    for name, column, wanted in (("basis", "cost_basis", basis), ("scope", "scope", scope)):
        if wanted is None:
            continue
        _, allowed = datasets.kind_of(Cost.model_fields[column].annotation)
        figures = figures[figures[column].isin(each_chosen(name, wanted, allowed))]
    return figures


def _why_not(row: dict[str, Any]) -> str | None:
    """Why a price tells nothing of order size, or None."""
    if "quantity" not in row:
        return "no order size"
    condition = row.get("condition", "condition not stated")
    return None if condition == "new" else f"not new: {condition}"


def _table(counted: pd.DataFrame, confidence: float) -> pd.DataFrame:
    rows = []
    for key, own in counted.groupby(KIND):
        rows.append(dict(zip(KIND, key, strict=True)) | _effect(own, confidence))
    return pd.DataFrame(rows)


def _effect(own: pd.DataFrame, confidence: float) -> dict[str, Any]:
    """The elasticity within systems that have two facts or more, or the reason there is none."""
    several = own.groupby("system_id")["fact_id"].transform("size") > 1
    used = own[several]
    size = used["quantity"].astype("float")
    found: dict[str, Any] = {
        "n_facts": len(used),
        "n_systems": used["system_id"].nunique(),
        "n_buyers": used["buyer"].nunique(),
        "smallest": size.min(),
        "largest": size.max(),
        "elasticity": np.nan,
        "low": np.nan,
        "high": np.nan,
        "price_at_double": np.nan,
        "note": None,
    }
    note = _too_little(own, found)
    if note is None:
        try:
            e, low, high = within_systems(used["central"], size, used["system_id"], confidence)
        except OutsideEvidenceError as error:
            return found | {"note": str(error)}
        if low <= 0 <= high:
            note = (
                f"the {confidence:.0%} interval, {low:.2f} to {high:.2f}, spans zero: these "
                "contracts do not tell whether larger orders are cheaper"
            )
        else:
            found |= {"elasticity": e, "low": low, "high": high, "price_at_double": 2**e}
    return found | {"note": note}


def _too_little(own: pd.DataFrame, found: dict[str, Any]) -> str | None:
    if own["scope"].iloc[0] == "unknown":
        return "scope unknown: what these prices contain differs in unknown ways"
    if found["n_facts"] < LEAST_FACTS:
        return (
            f"{found['n_facts']} fact(s) of systems with two or more, of {len(own)} in all; "
            f"{LEAST_FACTS} are needed"
        )
    if found["n_buyers"] < 2:
        return "one buyer placed all orders: its wishes and the number cannot be told apart"
    if found["largest"] < LEAST_SPREAD * found["smallest"]:
        return (
            f"orders of {found['smallest']:.0f} to {found['largest']:.0f}: too alike in size to "
            "tell an effect"
        )
    return None


def within_systems(
    price: Any, quantity: Any, system: Any, confidence: float
) -> tuple[float, float, float]:
    """Elasticity and its interval, each system with a level of its own.

    Args:
        price: Unit prices above zero.
        quantity: Order sizes above zero.
        system: Whose they are.
        confidence: Of the interval.

    Returns:
        Elasticity, low and high end. The degrees of freedom are facts less systems less one.

    Raises:
        OutsideEvidenceError: Where no degree of freedom is left, or sizes do not differ within
            any system.

    Example:
        >>> e, low, high = within_systems([8, 4, 2.1, 1], [1, 2, 4, 8], ["a"] * 4, 0.95)
        >>> round(e, 2), low < e < high
        (-0.99, True)
    """
    frame = pd.DataFrame({"y": np.log(np.asarray(price, float)),
                          "x": np.log(np.asarray(quantity, float)),
                          "system": np.asarray(system)})  # fmt: skip
    means = frame.groupby("system")[["y", "x"]].transform("mean")
    y, x = (frame["y"] - means["y"]).to_numpy(), (frame["x"] - means["x"]).to_numpy()
    free = len(frame) - frame["system"].nunique() - 1
    spread = float(x @ x)
    if free < 1 or spread <= 1e-12:
        raise OutsideEvidenceError(
            "order sizes do not differ enough within systems to tell an effect"
        )
    e = float(x @ y) / spread
    error = float(np.sqrt(((y - e * x) ** 2).sum() / free / spread))
    half = float(student.ppf((1 + confidence) / 2, free)) * error
    return e, e - half, e + half


def _verdict(row: dict[str, Any]) -> str:
    kind = f"{row['cost_basis']}, {row['scope']}".replace("_", " ")
    if "note" in row:
        return f"{kind}: no effect is told; {row['note']}"
    return (
        f"{kind}: an order twice as large costs {row['price_at_double']:.2f} times as much a unit "
        f"(elasticity {row['elasticity']:.2f}, {row['low']:.2f} to {row['high']:.2f}, "
        f"{row['n_facts']} facts)"
    )


def _statements() -> pd.DataFrame:
    """What publications say on scale; figures of other weapons, times and theories."""
    table = datasets.shared_table("indicators")
    columns = [
        "indicator_id", "subject", "measure", "value", "unit", "period", "statement", "source_id",
    ]  # fmt: skip
    return table.loc[table["measure"].isin(STATED), columns].reset_index(drop=True)

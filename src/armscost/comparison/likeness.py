"""Like with like: one ratio between prices of one kind, and two lots brought to one size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from armscost.comparison.frontier import one_unit
from armscost.comparison.unit_price import GROUP, Comparison, compare, systems_named
from armscost.errors import NotComparableError, OutsideEvidenceError, numbers, whole
from armscost.estimates import Estimate, draw
from armscost.learning import LearningCurve
from armscost.results import Result, records

KIND = GROUP[1:]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CostRatio(Result):
    """One ratio of two systems' prices; see :func:`cost_ratio`.

    Attributes:
        ratio: Median price of the first over median price of the second.
        low: Lowest price of the first over highest of the second.
        high: Highest price of the first over lowest of the second.
        overridden: What was compared although unlike; empty where nothing was.
    """

    ratio: float
    low: float
    high: float
    overridden: list[str]


def cost_ratio(
    a: str,
    b: str,
    to: str,
    *,
    pool: bool = False,
    basis: str | Sequence[str] | None = None,
    scope: str | Sequence[str] | None = None,
    condition: str | Sequence[str] | None = None,
    **method: Any,
) -> CostRatio:
    """How many times dearer one system is than another, by prices of one known kind.

    Args:
        a: Id of the system above the line.
        b: Id of the system below it.
        to: Currency and price year, for example ``"EUR_2024"``.
        pool: True to compare unlike kinds of price all the same; the result records which.
        basis: Keep only these cost bases.
        scope: Keep only these scopes.
        condition: Keep only these conditions.
        **method: ``order``, ``index``, ``rate`` and ``book`` of :func:`armscost.compare`.

    Returns:
        A :class:`CostRatio`: ``.ratio``, ``.low``, ``.high``, ``.overridden``, and ``.table``
        with the prices behind it.

    Raises:
        NotComparableError: Where the two share no kind of price, or more than one; the kinds of
            each are named.
        OutsideEvidenceError: Where a system has no price left, or is compared with itself.
        UnknownNameError: For an unknown system, currency or filter word.

    Example:
        >>> found = cost_ratio("pzh-2000", "bohdan", "EUR_2024", pool=True)
        >>> sorted(found.overridden)[0].startswith("pooled for bohdan because pool=True")
        True
    """
    if len(systems_named([a, b])) < 2:
        raise OutsideEvidenceError(f"{a} against itself; name two systems")
    answer = compare([a, b], to, basis=basis, scope=scope, condition=condition, pool=pool, **method)
    _both(answer, a, b)
    overridden = list(answer.pooled)
    shared = answer.table
    if not pool:
        kinds = _shared_kinds(answer, a, b)
        shared = shared[[_kind(row) == kinds[0] for row in records(shared)]]
    if len(shared) != 2 or shared["per"].nunique() > 1:
        items = ", ".join(f"{row['system_id']} per {row['per']}" for row in records(shared))
        raise NotComparableError(f"prices are not of one item: {items}; choose with basis or scope")
    rows = {row["system_id"]: row for row in records(shared)}
    top, bottom = rows[a], rows[b]
    return CostRatio(
        title=f"{a} costs {top['median'] / bottom['median']:.4g} times as much as {b}, in {to}",
        table=shared.drop(columns=["ratio", "ratio_note"]).reset_index(drop=True),
        assumptions=[
            "ratio of medians; low and high: the lowest over the highest price, and the reverse",
            *answer.assumptions,
        ],
        sources=answer.sources,
        left_out=answer.left_out,
        trace=answer.trace,
        ratio=float(top["median"] / bottom["median"]),
        low=float(top["low"] / bottom["high"]),
        high=float(top["high"] / bottom["low"]),
        overridden=overridden,
    )


def _both(answer: Comparison, a: str, b: str) -> None:
    for name in (a, b):
        if name not in set(answer.table["system_id"]):
            own = answer.left_out[answer.left_out["system_id"] == name]
            reasons = "; ".join(dict.fromkeys(own["reason"]))
            raise OutsideEvidenceError(f"{name} has no price to compare: {reasons}")


def _shared_kinds(answer: Comparison, a: str, b: str) -> list[tuple[str, ...]]:
    """The one kind of price that both have, or an error that says what each has."""
    known = [row for row in records(answer.table) if _known(row)]
    kinds = {name: [_kind(row) for row in known if row["system_id"] == name] for name in (a, b)}
    shared = [kind for kind in kinds[a] if kind in kinds[b]]
    if len(shared) == 1:
        return shared
    if shared:
        raise NotComparableError(
            f"{a} and {b} share {len(shared)} kinds of price: {_told(shared)}; choose one with "
            "basis, scope and condition"
        )
    there = "; ".join(
        f"{name}: {_told([_kind(r) for r in records(answer.table) if r['system_id'] == name])}"
        for name in (a, b)
    )
    raise NotComparableError(
        f"{a} and {b} have no kind of price in common that is known ({there}); write pool=True to "
        "compare them all the same, and the result will say so"
    )


def _known(row: dict[str, Any]) -> bool:
    return row["scope"] != "unknown" and row.get("condition") is not None


def _kind(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(name, "unstated")) for name in KIND)


def _told(kinds: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" / ".join(kind) for kind in kinds)


# --------------------------------------------------------------------------------------
# One quantity
# --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class QuantityNormalised(Result):
    """Two prices at one lot; see :func:`normalise_quantity`.

    Attributes:
        ratio_as_printed: Price a over price b, whatever their lots.
        ratio: The same at the common lot: median over the slopes.
        ratio_low: Its 10th percentile.
        ratio_high: Its 90th percentile.
    """

    ratio_as_printed: float
    ratio: float
    ratio_low: float
    ratio_high: float


def normalise_quantity(
    price_a: Any,
    price_b: Any,
    *,
    lot_a: tuple[int, int],
    lot_b: tuple[int, int],
    slope: Any,
    theory: str,
    at: tuple[int, int] | None = None,
    draws: int = 10_000,
    seed: int = 1,
) -> QuantityNormalised:
    """Bring two average lot prices to the same cumulative units before they are compared.

    With A(m, n) the average cost of units m to n on a learning curve of slope s::

        price at the common lot = price · A(common lot; s) / A(own lot; s)

    Args:
        price_a: Average price of one unit of lot a; a number or a quantity.
        price_b: The same of lot b, in the same currency and price year.
        lot_a: First and last cumulative unit of lot a: ``(1, 18)``.
        lot_b: First and last cumulative unit of lot b.
        slope: What is left of the cost after a doubling: a number, ``(low, high)`` for a range
            in which every slope is equally likely, or an Estimate. There is no default: where
            none is published for the system, 0.80 to 0.95 spans most of what is for others.
        theory: ``"crawford"`` or ``"wright"``.
        at: The common lot; by default lot a, which then keeps its price.
        draws: How many slopes.
        seed: The same seed gives the same answer.

    Returns:
        A :class:`QuantityNormalised`. Its table has a row a price: ``price``, ``first_unit``,
        ``last_unit``, ``low``, ``median``, ``high`` at the common lot (10th, 50th, 90th
        percentile), and ``unit``. The two makers' slopes are drawn independently.

    Raises:
        OutsideEvidenceError: For a slope that is no share (85 for 0.85), a lot that is no pair
            of whole units in order, or a price not above zero.
        MixedPricesError: Where the prices are in different money.
        UnknownNameError: For a theory of another name.

    Example:
        >>> same = normalise_quantity(3.0, 2.0, lot_a=(1, 10), lot_b=(201, 300), slope=0.85,
        ...                           theory="crawford")
        >>> same.ratio_as_printed, round(same.ratio, 3)
        (1.5, 0.578)
    """
    names = ["price_a", "price_b"]
    money, unit = one_unit([price_a, price_b], "price", names)
    for name, value in zip(names, money, strict=True):
        if value <= 0:
            raise OutsideEvidenceError(f"{name} is {value:g}; give an amount above zero")
    lots = {"lot_a": _lot(lot_a, "lot_a"), "lot_b": _lot(lot_b, "lot_b")}
    common = lots["lot_a"] if at is None else _lot(at, "at")
    slopes = _slopes(slope, draws, seed)
    rows, moved = [], []
    for price, (name, own), drawn in zip(money, lots.items(), slopes, strict=True):
        curve = LearningCurve(first_unit=1.0, slope=drawn, theory=theory)  # type: ignore[arg-type] # checked there, with its own message
        there = np.broadcast_to(
            price * np.asarray(curve.lot_average(*common)) / np.asarray(curve.lot_average(*own)),
            np.shape(slopes[0]),
        )
        low, median, high = np.quantile(there, [0.1, 0.5, 0.9])
        moved.append(there)
        rows.append(
            {"price": float(price), "of": name, "first_unit": own[0], "last_unit": own[1],
             "low": float(low), "median": float(median), "high": float(high),
             "unit": None if unit is None else str(unit)}
        )  # fmt: skip
    low, median, high = np.quantile(moved[0] / moved[1], [0.1, 0.5, 0.9])
    return QuantityNormalised(
        title=f"Two prices at units {common[0]} to {common[1]}",
        table=pd.DataFrame(rows),
        assumptions=[
            f"slope {_slope_told(slope)}, of each maker its own; theory {theory}",
            f"common lot: units {common[0]} to {common[1]}" + (" (lot a)" if at is None else ""),
            f"10th, 50th and 90th percentiles of {draws:,} draws (seed {seed})",
            "a price is the average of its lot, and nothing but experience sets lots apart",
        ],
        ratio_as_printed=float(money[0] / money[1]),
        ratio=float(median),
        ratio_low=float(low),
        ratio_high=float(high),
    )


def _lot(given: Any, name: str) -> tuple[int, int]:
    try:
        first, last = given
        counted = int(first) == first and int(last) == last and 1 <= first <= last
    except (TypeError, ValueError, OverflowError):
        counted = False
    if not counted:
        raise OutsideEvidenceError(
            f"{name} is {given!r}; write its first and last cumulative unit, such as (1, 18)"
        )
    return int(first), int(last)


def _slopes(slope: Any, draws: int, seed: int) -> list[Any]:
    """The slopes of both makers, drawn independently; a known slope stays as it is."""
    whole("draws", draws, least=2)
    own = slope
    if not isinstance(slope, Estimate):
        ends = np.atleast_1d(numbers("slope", slope))
        for end in ends:
            LearningCurve(first_unit=1.0, slope=float(end), theory="crawford")  # refuses 85
        if np.ndim(slope) == 0:
            return [ends] * 2
        if len(ends) != 2 or ends[0] > ends[1]:
            raise OutsideEvidenceError(f"slope is {slope!r}; write a number or (low, high)")
        own = Estimate.uniform(*map(float, ends))
    drawn = draw({"a": own, "b": own}, draws, seed)
    return [drawn["a"], drawn["b"]]


def _slope_told(slope: Any) -> str:
    return (
        str(slope)
        if isinstance(slope, Estimate) or not np.ndim(slope)
        else ("{} to {}".format(*slope))
    )

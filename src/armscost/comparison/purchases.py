"""Equal terms: what one sum buys of each system, and what one effect costs with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from armscost import units
from armscost.comparison.capability import COST, REACH, cost_per_capability, spread, told_figures
from armscost.comparison.measures import PER_CREW
from armscost.comparison.unit_price import GROUP, Comparison, compare
from armscost.errors import OutsideEvidenceError, finite
from armscost.estimates import Estimate, draw
from armscost.results import records

# Rounds and shells of several guns add up; how far one reaches does not.
_ADDS_UP = ("rate_of_fire", "rounds", "shells", "tonne", "crew")
# A price that goes into the sum exactly must not lose a unit to the last digit of a float.
_LAST_DIGIT = 1e-12
# From here on floats skip whole numbers, and no count is one.
_MOST = 2**53


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Purchases(Comparison):
    """Whole units for a sum or an effect; see :func:`equal_budget` and :func:`equal_effect`."""

    def _explain_rows(self, rows: pd.DataFrame) -> list[str]:
        if "figure_of" not in rows:
            return super()._explain_rows(rows)
        money = rows[rows["figure_of"] == "cost"]
        return super()._explain_rows(money) + told_figures(rows)

    def chart(self) -> Any:
        """The price ladder of the prices behind the units.

        Raises:
            OutsideEvidenceError: For equal effects; :func:`cost_per_capability` has a chart.
        """
        if "figure_of" in self.trace:
            raise OutsideEvidenceError(
                "an equal effect has no chart; cost_per_capability(...).chart() shows both sides"
            )
        return super().chart()


def equal_budget(systems: Sequence[str], budget: Any, **choices: Any) -> Purchases:
    """What one sum buys of each system, in whole units, by kind of price.

    Args:
        systems: Ids of systems.
        budget: The sum with its currency and price year, ``"100 million EUR_2024"``; prices
            are brought to that.
        **choices: ``pool``, ``basis``, ``scope``, ``condition``, ``order``, ``index``, ``rate``
            and ``book`` of :func:`armscost.compare`.

    Returns:
        A :class:`Purchases`. One row for each system, cost basis, scope and condition:
        ``units_low`` at the highest price, ``units`` at the median, ``units_high`` at the
        lowest; ``spent`` and ``left`` at the median price; the prices ``low``, ``median``,
        ``high`` and, as :func:`armscost.compare` gives them, ``ratio`` (of prices) or
        ``ratio_note``.

    Raises:
        OutsideEvidenceError: For a sum that is not above zero or buys more than 2**53 units,
            or where no price is left.
        MixedPricesError: For a sum that mixes prices.
        NotComparableError: For a sum that is no money.
        UnknownNameError: For an unknown system, currency or filter word.

    Example:
        >>> bought = equal_budget(["caesar"], "100 million EUR_2024", scope="item_only")
        >>> bool((bought.table["units_low"] <= bought.table["units_high"]).all())
        True
    """
    money, to = _sum(budget)
    cost = compare(systems, to, **choices)
    table = cost.table.copy()
    for name, price in (("units_low", "high"), ("units", "median"), ("units_high", "low")):
        table[name] = _counts(affordable(money, table[price]), f"a budget of {money:g} {to}")
    table["spent"] = table["units"] * table["median"]
    table["left"] = money - table["spent"]
    front = [c for c in GROUP[:4] if c in table]
    counts = ["units_low", "units", "units_high", "spent", "left"]
    rest = [c for c in table if c not in (*front, *counts)]
    return Purchases(
        title=f"What {money:,.0f} {to} buys of each: {', '.join(table['system_id'].unique())}",
        table=table[[*front, *counts, *rest]],
        assumptions=[
            f"whole units at one price, without a discount for number: {money:,.0f} {to} over the "
            "highest, the median and the lowest price",
            *cost.assumptions,
        ],
        sources=cost.sources,
        left_out=cost.left_out,
        trace=cost.trace,
        unit=to,
        pooled=cost.pooled,
    )


def equal_effect(
    systems: Sequence[str],
    effect: float,
    measure: str,
    to: str,
    *,
    draws: int = 10_000,
    seed: int = 1,
    **choices: Any,
) -> Purchases:
    """What one effect costs with each system, in whole units.

    With c and k drawn from the ranges of price and capability, as for
    :func:`cost_per_capability`::

        units = ceiling(effect / k)        cost = units · c

    Args:
        systems: Ids of systems.
        effect: How much, in the unit of the measure: 100 (km).
        measure: A measure of :func:`cost_per_capability`.
        to: Currency and price year.
        draws: How many.
        seed: The same seed gives the same answer.
        **choices: ``under``, ``alike``, ``pool``, ``basis``, ``scope``, ``condition``,
            ``order``, ``index``, ``rate`` and ``book`` of :func:`cost_per_capability`.

    Returns:
        A :class:`Purchases`. One row a system and kind: ``units_low``, ``units``,
        ``units_high`` for the highest, median and lowest capability; ``low``, ``median``,
        ``high``, the cost of the effect in ``to`` (median price times ``units``; 10th and 90th
        percentiles of the draws); and both sides as :func:`cost_per_capability` gives them.

    Raises:
        OutsideEvidenceError: For an effect that is not above zero or needs more than 2**53
            units, or where no price or figure is left.
        UnknownNameError: For an unknown system, measure, currency or filter word.

    Example:
        >>> found = equal_effect(["caesar"], 36, "rounds_carried", "EUR_2024", scope="item_only")
        >>> int(found.table["units"].iloc[0])
        2
    """
    if finite("effect", effect) <= 0:
        raise OutsideEvidenceError(f"an effect of {effect:g}; give an amount above zero")
    per = cost_per_capability(systems, measure, to, draws=draws, seed=seed, **choices)
    table = per.table.drop(columns=["ratio", "ratio_note", "unit"])
    u = draw({"price": Estimate.uniform(0.0, 1.0), "figure": Estimate.uniform(0.0, 1.0)},
             draws, seed)  # fmt: skip
    for name, reach in zip(("units_low", "units", "units_high"), reversed(REACH), strict=True):
        table[name] = _counts(
            _whole(effect / table[reach]), f"an effect of {effect:g} {per.measure_unit}"
        )
    costs = [_whole(effect / spread(u["figure"], row, REACH)) * spread(u["price"], row, COST)
             for row in records(table)]  # fmt: skip
    table["low"], table["high"] = np.quantile(costs, [0.1, 0.9], axis=1)
    table["median"] = table["units"] * table["cost"]
    front = [c for c in (*GROUP[:4], "capability_condition") if c in table]
    counts = ["units_low", "units", "units_high", "low", "median", "high"]
    rest = [c for c in table if c not in (*front, *counts)]
    adds_up = measure.startswith(_ADDS_UP) and not measure.endswith(PER_CREW)
    doubt = [] if adds_up else [
        f"{measure} is added up over units, which is arithmetic only: several short reaches or "
        "speeds do not make a long one"
    ]  # fmt: skip
    return Purchases(
        title=f"What {effect:g} {per.measure_unit} of {measure} costs in {to}: "
        + ", ".join(table["system_id"].unique()),
        table=table[[*front, *counts, *rest]],
        assumptions=["whole units, at one price whatever their number", *doubt, *per.assumptions],
        sources=per.sources,
        left_out=per.left_out,
        trace=per.trace,
        unit=to,
        pooled=per.pooled,
    )


def affordable(money: Any, price: Any) -> Any:
    """Whole units for a sum; a price that goes into it exactly loses none to rounding.

    Example:
        >>> float(affordable(1.0, 1 / 49))
        49.0
    """
    return np.floor(money / price * (1 + _LAST_DIGIT))


def _whole(units_needed: Any) -> Any:
    return np.ceil(units_needed * (1 - _LAST_DIGIT))


def _counts(whole: pd.Series, what: str) -> pd.Series:
    """Whole floats as integers, refused where a float no longer counts one by one."""
    if whole.max() > _MOST:
        raise OutsideEvidenceError(
            f"{what} is {whole.max():g} units, more than can be counted; give a smaller one"
        )
    return whole.astype("int64")


def _sum(budget: Any) -> tuple[float, str]:
    """The sum as a plain number, and the price base it is in."""
    money = units.quantity(budget) if isinstance(budget, str) else budget
    parts = units.split(money)
    to = f"{parts.currency}_{parts.year}"
    if parts.rest or parts.power != 1:
        raise OutsideEvidenceError(f"{budget} is no sum of money; write 100 million EUR_2024")
    plain = float(money.to(to).magnitude)
    if not np.isfinite(plain) or plain <= 0:
        raise OutsideEvidenceError(f"a budget of {plain:g} {to}; give an amount above zero")
    return plain, to

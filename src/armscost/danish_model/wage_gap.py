"""How dear labour and everything else are in one economy against another, as published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets, prices
from armscost.danish_model.inputs import Input, assumption
from armscost.errors import NoRateError, OutsideEvidenceError
from armscost.estimates import Estimate
from armscost.prices.economies import ECONOMY_OF, EURO_AREA
from armscost.records import SHOWN_TO_BE_WRONG
from armscost.results import records

WHOLE_ECONOMY = ("whole economy NACE B-S excl. O", "total economy")
# Hours of labour cost that a month's gross wage pays: it leaves out what employers pay on top,
# and months have holidays. No source gives it for Ukraine.
HOURS_OF_A_WAGE = (110.0, 125.0, 140.0)


def currency_of(area: str) -> str:
    """The currency of an economy.

    Raises:
        OutsideEvidenceError: For an economy whose currency is not known here.

    Example:
        >>> currency_of("UKR"), currency_of("FRA")
        ('UAH', 'EUR')
    """
    if area in EURO_AREA:
        return "EUR"
    for currency, economy in ECONOMY_OF.items():
        if economy == area:
            return currency
    raise OutsideEvidenceError(f"no currency known for {area}; give wage and level")


def wage_ratio(area: str, against: str, latest: int) -> Input:
    """An hour of labour in one economy over that in another, at market rates.

    The same concept of the same economy-wide scope in one year, the latest that both have.
    Where one of them has only a monthly wage, its hourly labour cost is derived from that by a
    stated assumption.

    Raises:
        OutsideEvidenceError: Where no year and concept is common to both.
    """
    mine, theirs = _by_year(area), _by_year(against)
    for year in sorted(set(mine) & set(theirs), reverse=True):
        if year > latest:
            continue
        for concept in ("labour_cost", "wage"):
            one, other = mine[year].get(concept), theirs[year].get(concept)
            if one is not None and other is not None:
                return _ratio(one, other, year, concept)
        for mine_of, theirs_of in (("wage", "labour_cost"), ("labour_cost", "wage")):
            one, other = mine[year].get(mine_of), theirs[year].get(theirs_of)
            if one is not None and other is not None:
                whose = "first" if mine_of == "wage" else "second"
                return _ratio(one, other, year, "labour_cost", derived=whose)
    raise OutsideEvidenceError(
        f"no labour cost or wage of one year for both {area} ({_years(mine)}) and {against} "
        f"({_years(theirs)}); give one, for example wage=0.2"
    )


def _years(found: dict[int, Any]) -> str:
    return ", ".join(map(str, sorted(found))) or "no year"


def _by_year(area: str) -> dict[int, dict[str, pd.DataFrame]]:
    """Economy-wide labour costs an hour and wages a month, in euro of their year."""
    table = datasets.shared_table("indicators")
    mine = table[
        (table["area"] == area)
        & table["measure"].isin(["labour_cost", "wage"])
        & table["subject"].isin(WHOLE_ECONOMY)
        & (table["credibility"] != SHOWN_TO_BE_WRONG)
    ]
    found: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for row in records(mine):
        per = {"labour_cost": "hour", "wage": "month"}[row["measure"]]
        if row.get("per") != per or "value" not in row:
            continue
        year = int(str(row["period"])[:4])
        try:
            factor = prices.factor(row["unit"], year, "EUR", year)
        except NoRateError:
            continue
        row = row | {"euro": row["value"] * factor.value}
        found.setdefault(year, {}).setdefault(row["measure"], []).append(row)
    return {y: {m: pd.DataFrame(rows) for m, rows in by.items()} for y, by in found.items()}


def _ratio(
    one: pd.DataFrame, other: pd.DataFrame, year: int, concept: str, derived: str = ""
) -> Input:
    """The one over the other; ``derived`` names the side that is worked out from a wage."""
    mine, theirs = _ends(one, derived == "first"), _ends(other, derived == "second")
    ends = [a / b for a, b in zip(mine, reversed(theirs), strict=True)]
    told = f"{concept} of the whole economy, {year}, at market rates"
    if derived:
        low, _, high = HOURS_OF_A_WAGE
        told += (
            f"; the {derived} derived from a monthly wage, which pays {low:g} to {high:g} "
            "hours of labour cost"
        )
    sources = tuple(sorted({*one["source_id"], *other["source_id"]}))
    return Input(_estimate(*ends), "of theirs", told, sources, assumed=bool(derived))


def _ends(figures: pd.DataFrame, of_a_month: bool) -> tuple[float, float, float]:
    """Lowest, middle and highest of the figures; of an hour, where they are of a month's wage."""
    few, usual, many = HOURS_OF_A_WAGE if of_a_month else (1.0, 1.0, 1.0)
    euro = figures["euro"]
    return float(euro.min() / many), float(euro.median() / usual), float(euro.max() / few)


def price_level(area: str, against: str, year: int) -> Input:
    """The price level of one economy over that of another: parity over market rate of each.

    Raises:
        NoRateError: Where a parity or rate of that year is missing; it says which years exist.
    """
    levels, sources = [], []
    for kind in ("gdp_ppp", "gdp_ppp_imf"):
        try:
            pair = [_level(name, kind, year) for name in (area, against)]
        except NoRateError:
            if kind == "gdp_ppp":
                raise
            continue
        levels.append(pair[0][0] / pair[1][0])
        sources += [pair[0][1], pair[1][1]]
    told = f"parities of GDP over market rates, {year}, {len(levels)} vintage(s)"
    ends = _estimate(min(levels), levels[0], max(levels))
    return Input(ends, "of theirs", told, tuple(sorted(set(sources))))


def _level(area: str, kind: str, year: int) -> tuple[float, str]:
    book, currency = prices.default_book(), currency_of(area)
    parity = book.parity(area, kind, year)
    if parity is None:
        years = book.parity_years(area, kind) or "no year"
        raise NoRateError(f"no {kind} of {area} for {year}; there is one for {years}")
    market = prices.exchange_rate("USD", currency, year).value
    return prices.price_level(parity.value, market), parity.source_id


def local_content(share: Input | None, area: str) -> Input:
    """The published domestic share; where there is none, half to all of it is assumed."""
    if share is not None:
        return share
    return assumption(0.5, 0.8, 1.0, "of the price", f"no domestic share of it in {area} found")


def as_estimate(name: str, value: Any, *, most: float) -> Estimate:
    """A caller's number or estimate: a share from 0 to 1, or above 0 where ``most`` is infinite.

    Raises:
        OutsideEvidenceError: For a value outside, with what to write instead.
    """
    made = value if isinstance(value, Estimate) else Estimate.exact(value)
    if hasattr(made.best, "units"):
        raise OutsideEvidenceError(f"{name} is in {made.best.units}; write bare numbers")
    ends = [float(made.low), float(made.high)]
    # A share may be nothing at all; a ratio of nothing has no logarithm.
    enough = ends[0] >= 0 if most == 1 else ends[0] > 0
    if not (enough and ends[1] <= most and np.isfinite(ends[1])):
        hint = f"; for {ends[1]:g} % write {ends[1] / 100:g}" if most == 1 and ends[1] > 1 else ""
        limit = "above 0" if np.isinf(most) else f"from 0 to {most:g}"
        raise OutsideEvidenceError(f"{name} is {ends[0]:g} to {ends[1]:g}; it lies {limit}{hint}")
    return made


def _estimate(low: float, best: float, high: float) -> Estimate:
    if low == high:
        return Estimate.exact(best)
    return Estimate(low=low, best=best, high=high, bounds="min_max", shape="triangular")


def sources_of(*inputs: Input) -> Iterator[str]:
    """Every source behind the inputs."""
    for one in inputs:
        yield from one.sources

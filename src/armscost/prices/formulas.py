"""The arithmetic of price years on bare numbers: no table, no currency, no unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from armscost.errors import NoRateError, OutsideEvidenceError, chosen, finite, numbers

Floats = NDArray[np.float64]


def constant_prices(nominal: ArrayLike, index: ArrayLike, base: float) -> Any:
    """Then-year amounts at the prices of one year.

    Args:
        nominal: Amounts, each at the prices of its own year: a number or an array.
        index: The price index of those years, of the same shape or one number.
        base: The index of the year whose prices are wanted.

    Returns:
        ``nominal × base / index``; a float for numbers, else an array.

    Raises:
        OutsideEvidenceError: For an index that is not above 0, or shapes that do not fit.

    Example:
        >>> [round(float(x)) for x in constant_prices([10_000, 10_500, 11_500], [100, 108, 120], 100)]
        [10000, 9722, 9583]
    """  # noqa: E501 - an example is one line
    amounts, levels = numbers("nominal", nominal), _positive("index", index)
    level = float(_positive("base", finite("base", base)))
    if levels.ndim and levels.shape != amounts.shape:
        raise OutsideEvidenceError(
            f"{amounts.shape} amounts and {levels.shape} index values do not pair; give one "
            "index value for each amount"
        )
    real = amounts * level / levels
    return float(real) if real.ndim == 0 else real


def outlay_weighted_index(
    raw: ArrayLike, outlays: ArrayLike, *, shares_of: str = "constant"
) -> float:
    """The weighted index of a sum that is paid out over several years.

    Args:
        raw: The raw (purchasing) index of each year of outlay, 1 in the year of obligation.
        outlays: The share of the sum that is paid in each year; they sum to 1.
        shares_of: ``"constant"`` where the shares are of constant-year money, so that the
            index is Σ oᵢ·rᵢ; ``"then_year"`` where they are of the then-year obligation, so
            that it is 1 / Σ (oᵢ/rᵢ), the form of the US Department of Defense.

    Returns:
        The index: then-year money for one unit of constant-year money.

    Raises:
        UnknownNameError: For another ``shares_of``.
        OutsideEvidenceError: For shares that do not sum to 1, or an index not above 0.

    Example:
        >>> round(outlay_weighted_index([1, 1.02, 1.0404, 1.061208], [0.4, 0.3, 0.2, 0.1]), 7)
        1.0202008
    """
    levels, shares = _positive("raw index", raw), numbers("outlays", outlays)
    if levels.ndim != 1 or levels.shape != shares.shape:
        raise OutsideEvidenceError(
            f"{levels.shape} index values and {shares.shape} shares do not pair; give one for "
            "each year of outlay"
        )
    if not np.all(shares >= 0) or abs(float(shares.sum()) - 1) > 1e-6:
        raise OutsideEvidenceError(
            f"the outlay shares sum to {float(shares.sum()):g}; they are shares from 0 to 1 and "
            "sum to 1"
        )
    forms = {
        "constant": lambda: float(shares @ levels),
        "then_year": lambda: 1 / float(shares @ (1 / levels)),
    }
    return forms[chosen("kind of outlay shares", shares_of, forms)]()


def chain_annual_rates(rates: Mapping[int, float], from_year: int, to_year: int) -> float:
    """The factor between two price years from annual rates of change.

    Args:
        rates: The rate of each year over the year before, as a share: 0.092 for 9.2 %.
        from_year: The year the money is of.
        to_year: The year whose prices are wanted; before ``from_year`` it is the reciprocal.

    Returns:
        The product of ``1 + rate`` over the years after the first, to the last.

    Raises:
        NoRateError: For a year without a rate; it says which years there are.
        OutsideEvidenceError: For a rate of −1 or below.

    Example:
        >>> round(chain_annual_rates({2022: 0.092, 2023: 0.064}, 2021, 2023), 6)
        1.161888
    """
    if to_year < from_year:
        return 1 / chain_annual_rates(rates, to_year, from_year)
    missing = [year for year in range(from_year + 1, to_year + 1) if year not in rates]
    if missing:
        raise NoRateError(
            f"no rate for {', '.join(map(str, missing))}; there are rates for "
            f"{', '.join(map(str, sorted(rates))) or 'no year'}"
        )
    factor = 1.0
    for year in range(from_year + 1, to_year + 1):
        rate = finite(f"the rate of {year}", rates[year])
        if rate <= -1:
            raise OutsideEvidenceError(f"a rate of {rate:g} in {year} leaves no price")
        factor *= 1 + rate
    return factor


def mixed_orders(
    exchange_then_deflate: float, deflate_then_exchange: float, *, nontradable_share: float
) -> float:
    """The third method: each order for the part of the cost that it suits.

    Tradable goods are priced abroad, so they are exchanged first and then deflated; what is
    not traded follows home prices, so it is deflated first and then exchanged (Turner and
    others, Value in Health 2019).

    Args:
        exchange_then_deflate: The sum rebased in that order.
        deflate_then_exchange: The sum rebased in that order.
        nontradable_share: Share of the cost that is not traded, 0 to 1.

    Returns:
        The two sums weighted by the share.

    Raises:
        OutsideEvidenceError: For a share outside 0 to 1.

    Example:
        >>> round(mixed_orders(116.84, 172.09, nontradable_share=0.8), 2)
        161.04
    """
    share = finite("nontradable_share", nontradable_share)
    if not 0 <= share <= 1:
        raise OutsideEvidenceError(f"a share of {share:g}; write 0.8 for 80 %")
    first = finite("exchange_then_deflate", exchange_then_deflate)
    return (1 - share) * first + share * finite("deflate_then_exchange", deflate_then_exchange)


def price_level(parity: float, market_rate: float) -> float:
    """How dear a country is: its parity over its market rate.

    Args:
        parity: Local currency for one international dollar.
        market_rate: Local currency for one US dollar.

    Returns:
        The price level, 1 where a dollar buys as much as in the United States.

    Raises:
        OutsideEvidenceError: For a number that is not above 0.

    Example:
        >>> price_level(16.0, 40.0)
        0.4
    """
    level = _positive("parity", finite("parity", parity))
    return float(level) / float(_positive("market rate", finite("market rate", market_rate)))


def _positive(what: str, values: ArrayLike) -> Floats:
    array: Floats = numbers(what, values)
    if not np.all(array > 0) or not np.all(np.isfinite(array)):
        raise OutsideEvidenceError(f"{what} {array.tolist()} must be above 0 and finite")
    return array

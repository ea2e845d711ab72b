"""The one bridge between moneys of different currencies and price years."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, overload

from armscost import units
from armscost.errors import NotComparableError
from armscost.prices.book import PriceBook, as_date, book_or_default, remember
from armscost.prices.exchange import Rate
from armscost.prices.factors import Factor, factor


@overload
def rebase(
    quantity: Any,
    to: Any,
    order: str = ...,
    index: str = ...,
    rate: str = ...,
    area: str | None = ...,
    *,
    to_area: str | None = ...,
    date: dt.date | str | None = ...,
    book: PriceBook | None = ...,
    explain: Literal[False] = ...,
) -> Any: ...


@overload
def rebase(
    quantity: Any,
    to: Any,
    order: str = ...,
    index: str = ...,
    rate: str = ...,
    area: str | None = ...,
    *,
    to_area: str | None = ...,
    date: dt.date | str | None = ...,
    book: PriceBook | None = ...,
    explain: Literal[True],
) -> tuple[Any, Factor]: ...


def rebase(
    quantity: Any,
    to: Any,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    area: str | None = None,
    *,
    to_area: str | None = None,
    date: dt.date | str | None = None,
    book: PriceBook | None = None,
    explain: bool = False,
) -> Any:
    """Take money to another currency and price year, by a named method.

    The two orders differ, on real data by −51 % to +36 %, so the order is part of the answer.
    The way back of one order is the other.

    Args:
        quantity: Money as a pint Quantity (a number or an array, plain or within a compound
            unit such as ``MEUR_2023/km``), or a text for :func:`armscost.quantity`.
        to: The wanted unit: money alone, ``"USD_2024"`` or ``"MUSD_2024"``, which leaves the
            rest of the unit as it is, or the whole unit.
        order: ``"deflate_then_exchange"`` (own economy's index to the target year, then that
            year's rate) or ``"exchange_then_deflate"`` (the rate of the amount's own year,
            then the target economy's index).
        index: ``"consumer"``: euro area HICP, US CPI-U, the national CPI elsewhere;
            ``"gdp_deflator"``; ``"defence"``: the US deflator of defence outlays; or a series.
        rate: ``"market"``; ``"ppp"`` compares real resources and is never the price of a
            purchase.
        area: Whose index, in place of the economy of the currency that is deflated; with
            parities the economy of the amount, needed for the euro (``area="DEU"``).
        to_area: With parities, the economy of the target currency.
        date: The day of a dated amount, exchanged at that day's fixing or the last one within
            7 days before, in either order. With ``"deflate_then_exchange"`` and a target of
            another year, prices of that year meet the rate of the old day, and the answer is
            off by how far exchange rate and prices moved apart in between (``explain=True``
            says so too); ``order="exchange_then_deflate"`` exchanges on the day and deflates
            after.
        book: Rates and indices of one's own.
        explain: Return the :class:`Factor` too, which tells the whole way.

    Returns:
        A Quantity of the same registry; with ``explain=True`` the pair of it and the Factor.

    Raises:
        NoRateError: Where a rate or index is missing; it says which years there are.
        UnknownNameError: For an unknown currency, order, index, rate or area.
        MixedPricesError: For a unit with two moneys in it.
        NotComparableError: For a Quantity without money.

    Example:
        >>> price = units.quantity("2 million USD_2020")
        >>> print(rebase(price, "MUSD_2024").round(3))
        2.424 megaUSD_2024
        >>> there = rebase(price, "EUR_2024")
        >>> back = rebase(there, "USD_2020", order="exchange_then_deflate")
        >>> bool(abs(back / price - 1) < 1e-12)
        True
    """
    if isinstance(quantity, str):
        quantity = units.quantity(quantity)
    if not hasattr(quantity, "unit_items"):
        raise NotComparableError(f"{quantity!r} holds no money; write it as 5 EUR_2024")
    if not isinstance(to, str):
        to = str(to)  # a unit would keep its registry in memory
    book = book_or_default(book)
    make = type(quantity)
    key = (to, order, index, rate, area, to_area, date, tuple(quantity.unit_items()))
    known = book.of_registry(make)
    try:
        scale, unit, found = known[key]
    except (KeyError, TypeError):
        day = as_date(date) if date is not None else None
        method = {"order": order, "index": index, "rate": rate, "area": area, "to_area": to_area}
        scale, unit, found = _plan(quantity, to, day, book, method)
        remember(known, key, (scale, unit, found))
    result = make(quantity.magnitude * scale, unit)
    return (result, found) if explain else result


def _plan(
    quantity: Any, to: Any, date: dt.date | None, book: PriceBook, method: dict[str, Any]
) -> tuple[float, Any, Factor]:
    """The scale of the result and the names of its unit; they depend on the unit alone."""
    money = units.split(quantity)
    goal = units.target(quantity, to)
    found = factor(
        money.currency, money.year, goal.currency, goal.year, date=date, book=book, **method
    )
    scale, unit = units.in_money(quantity, to, goal.currency, goal.year)
    return scale * found.value**money.power, unit, found


def exchange_rate(
    base: str, quote: str, on: int | str | dt.date, *, book: PriceBook | None = None
) -> Rate:
    """What one unit of a currency was worth in another.

    Args:
        base: ISO code of the currency of which there is one.
        quote: ISO code of the currency it is expressed in.
        on: A day (``"2025-04-11"`` or a date): that day's fixing, else the last one within 7
            days before; or a year (``2024``): the average of the year, the ratio of the
            averages per euro where neither is the euro.
        book: Rates of one's own.

    Returns:
        The :class:`Rate`: ``.value`` units of ``quote`` for one ``base``, ``.date`` the day
        used (None for a year), ``.basis``, ``.source_id``.

    Raises:
        NoRateError: Where there is no rate; it says which there are.
        UnknownNameError: For an unknown currency.
        OutsideEvidenceError: For a month: there are days and years.

    Example:
        >>> exchange_rate("EUR", "BGN", on="2020-05-03").date
        datetime.date(2020, 4, 30)
        >>> exchange_rate("EUR", "LTL", on=2020).basis
        'legal_rate'
    """
    return book_or_default(book).exchange_rate(base, quote, on)

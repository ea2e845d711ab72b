"""Factors for whole columns: one gather from a small table, no loop over rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from armscost.prices.book import MOST_DAYS_BACK, PriceBook, book_or_default
from armscost.prices.factors import Method, Step, deflate, exchange
from armscost.units import CURRENCIES, FIRST_YEAR, LAST_YEAR, price_unit

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

STATUSES = (
    "ok",
    "no rate",
    "no index",
    "no amount",
    "unknown currency",
    "year out of range",
)
OK, NO_RATE, NO_INDEX, NO_AMOUNT, UNKNOWN_CURRENCY, YEAR_OUT_OF_RANGE = range(len(STATUSES))

# A code is a place in this list; the place after the last is an unknown currency.
CODES = tuple(sorted(CURRENCIES))
UNKNOWN = len(CODES)
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
OUT_OF_RANGE = len(YEARS)
_EPOCH = dt.date(1970, 1, 1).toordinal()
# From the firmest to the weakest; a cross rate is as firm as its weaker leg.
FIXING_BASES = ("identity", "legal_rate", "daily_fixing", "single_fixing")


@dataclass(frozen=True)
class FactorTable:
    """Every factor to one money by one method.

    Rows are the currencies of ``CODES`` and a last one for unknown currencies; columns are the
    price years ``FIRST_YEAR`` to ``LAST_YEAR`` and a last one for years out of range.

    Attributes:
        factors: The factor of each cell, NaN where there is none.
        status: Why not, a place in ``STATUSES``.
        deflators: The part of the factor that moves the price year.
        exchanges: The part that changes the currency.
        bases: The basis of the rate in each cell, ``""`` where there is none.
        indices: The series that deflated each cell, ``""`` where none did.
        marks: What a careful reader should know, by currency and year.
        sources: The sources behind each currency and year.
    """

    factors: Floats
    status: Codes
    deflators: Floats
    exchanges: Floats
    bases: NDArray[np.object_]
    indices: NDArray[np.object_]
    marks: dict[tuple[str, int], tuple[str, ...]]
    sources: dict[tuple[str, int], tuple[str, ...]]


@dataclass(frozen=True)
class FixingTable:
    """The rate to one currency on every day: that day's fixing or the last within 7 days.

    Attributes:
        first: The day of the first column; the last column is for all days outside.
        rates: Units of the target for one of each currency of ``CODES``, NaN for none.
        back: How many days before the day the fixing is.
        bases: The basis of each rate, a place in ``FIXING_BASES``.
    """

    first: dt.date
    rates: Floats
    back: NDArray[np.int8]
    bases: NDArray[np.int8]


def factor_table(
    to: str,
    *,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    area: str | None = None,
    to_area: str | None = None,
    book: PriceBook | None = None,
) -> FactorTable:
    """Every factor to a money, worked out once and kept.

    Args:
        to: The target, for example ``"EUR_2024"``.
        order: See :class:`armscost.prices.Method`.
        index: See :class:`armscost.prices.Method`.
        rate: See :class:`armscost.prices.Method`.
        area: See :class:`armscost.prices.Method`.
        to_area: See :class:`armscost.prices.Method`.
        book: Rates and indices; the package's own by default.

    Returns:
        The :class:`FactorTable`.

    Raises:
        UnknownNameError: For an unknown target, order, index, rate or area.
        OutsideEvidenceError: For a target year outside the price years.

    Example:
        >>> table = factor_table("EUR_2024")
        >>> float(table.factors[CODES.index("EUR"), YEARS.index(2024)])
        1.0
    """
    book = book_or_default(book)
    to_currency, to_year = price_unit(to)
    method = Method(order, index, rate, area, to_area).checked(book)
    return book.remembered(
        ("factor_table", to, method), lambda: _factor_table(to_currency, to_year, method, book)
    )


def _factor_table(to_currency: str, to_year: int, method: Method, book: PriceBook) -> FactorTable:
    shape = (UNKNOWN + 1, OUT_OF_RANGE + 1)
    deflators, exchanges = np.full(shape, np.nan), np.full(shape, np.nan)
    bases, indices = np.full(shape, "", object), np.full(shape, "", object)
    marks: dict[tuple[str, int], tuple[str, ...]] = {}
    sources: dict[tuple[str, int], tuple[str, ...]] = {}
    for row, currency in enumerate(CODES):
        area = method.deflated_area(currency, to_currency)
        at_target = exchange(currency, to_currency, to_year, method, book)
        for column, year in enumerate(YEARS):
            deflator = deflate(area, year, to_year, method, book)
            changed = (
                at_target
                if method.deflates_first
                else exchange(currency, to_currency, year, method, book)
            )
            if isinstance(deflator, Step):
                deflators[row, column] = deflator.value
                indices[row, column] = _label(deflator)
            if isinstance(changed, Step):
                exchanges[row, column] = changed.value
                bases[row, column] = changed.rate.basis if changed.rate else method.rate
            steps = [step for step in (deflator, changed) if isinstance(step, Step)]
            marks[currency, year] = tuple(mark for step in steps for mark in step.marks)
            sources[currency, year] = tuple(
                dict.fromkeys(source for step in steps for source in step.sources)
            )
    factors = deflators * exchanges
    status = np.where(np.isnan(deflators), NO_INDEX, np.where(np.isnan(exchanges), NO_RATE, OK))
    status[:, OUT_OF_RANGE] = YEAR_OUT_OF_RANGE
    status[UNKNOWN, :] = UNKNOWN_CURRENCY
    return FactorTable(
        factors, status.astype(np.uint8), deflators, exchanges, bases, indices, marks, sources
    )


def _label(step: Step) -> str:
    return f"{step.series.area} {step.series.index}" if step.series else ""


def fixing_table(to_currency: str, *, book: PriceBook | None = None) -> FixingTable:
    """The rates of dated amounts to a currency, worked out once and kept.

    Args:
        to_currency: ISO code of the target.
        book: Rates; the package's own by default.

    Returns:
        The :class:`FixingTable`.
    """
    book = book_or_default(book)
    return book.remembered(("fixing_table", to_currency), lambda: _fixing_table(to_currency, book))


def _fixing_table(to_currency: str, book: PriceBook) -> FixingTable:
    legal = {currency: book.legal_rate(currency) for currency in CODES}
    since = {c: _number(leg[1]) for c, leg in legal.items() if leg is not None and leg[1]}
    numbers = [book.fixings(currency).days.astype(int) for currency in CODES]
    ends = [n for days in numbers if len(days) for n in (days[0], days[-1])] + [*since.values()]
    first = min(ends, default=0)
    width = _number(dt.date(LAST_YEAR, 12, 31)) - first + 1
    per_euro = np.full((UNKNOWN, width), np.nan)
    basis = np.zeros((UNKNOWN, width), np.int8)
    for row, currency in enumerate(CODES):
        fixed = book.fixings(currency)
        places = fixed.days.astype(int) - first
        per_euro[row, places] = fixed.rates
        basis[row, places] = [FIXING_BASES.index(name) for name in fixed.bases]
        if currency in since:
            leg = legal[currency]
            per_euro[row, since[currency] - first :] = leg[0] if leg else np.nan
            basis[row, since[currency] - first :] = FIXING_BASES.index("legal_rate")
    mine = CODES.index(to_currency)
    per_euro[CODES.index("EUR")] = 1.0
    carried, back = _carried(per_euro[mine] / per_euro)
    columns = np.arange(width) - back
    weaker = np.maximum(basis, basis[mine])
    weaker[CODES.index("EUR")] = basis[mine]
    if to_currency == "EUR":
        weaker = basis
    rates = np.full((UNKNOWN + 1, width + 1), np.nan)
    rates[:UNKNOWN, :width] = carried
    rates[mine] = 1.0
    behind, names = np.zeros(rates.shape, np.int8), np.zeros(rates.shape, np.int8)
    behind[:UNKNOWN, :width] = back
    names[:UNKNOWN, :width] = np.take_along_axis(weaker, columns, axis=1)
    names[mine], behind[mine] = FIXING_BASES.index("identity"), 0
    return FixingTable(dt.date.fromordinal(_EPOCH + int(first)), rates, behind, names)


def _number(day: dt.date) -> int:
    """Days since 1970, as numpy counts them."""
    return day.toordinal() - _EPOCH


def _carried(rates: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """Let each fixing stand for the days up to a week after it, unless there is a later one."""
    places = np.where(np.isnan(rates), -1, np.arange(rates.shape[1]))
    latest = np.maximum.accumulate(places, axis=1)
    back = np.arange(rates.shape[1]) - latest
    held = (latest >= 0) & (back <= MOST_DAYS_BACK)
    carried = np.where(held, np.take_along_axis(rates, np.maximum(latest, 0), axis=1), np.nan)
    return carried, np.where(held, back, 0).astype(np.int8)


def currency_codes(currencies: ArrayLike) -> NDArray[np.intp]:
    """The place of each currency in ``CODES``; ``UNKNOWN`` for one that is not there.

    Args:
        currencies: ISO codes; upper case, as they are written.

    Returns:
        An integer array of the same shape.

    Example:
        >>> currency_codes(["EUR", "XXX"]).tolist() == [CODES.index("EUR"), UNKNOWN]
        True
    """
    names = np.asarray(currencies, dtype=object)
    uniques, inverse = np.unique(names.astype(str), return_inverse=True)
    places = {currency: place for place, currency in enumerate(CODES)}
    found = np.array([places.get(str(name), UNKNOWN) for name in uniques], dtype=np.intp)
    return found[inverse].reshape(names.shape)


def year_places(years: ArrayLike) -> NDArray[np.intp]:
    """The column of each year; ``OUT_OF_RANGE`` for one outside the price years or missing.

    Args:
        years: Years as integers or floats; NaN is missing.

    Returns:
        An integer array of the same shape.

    Example:
        >>> year_places([1980, 2031]).tolist() == [0, OUT_OF_RANGE]
        True
    """
    values = np.asarray(years)
    inside = (values >= FIRST_YEAR) & (values <= LAST_YEAR)
    if values.dtype.kind == "f":
        inside &= values == np.floor(values)
    return np.where(inside, np.where(inside, values, FIRST_YEAR) - FIRST_YEAR, OUT_OF_RANGE).astype(
        np.intp
    )


def factors_of(
    currencies: NDArray[np.intp], years: NDArray[np.intp], table: FactorTable
) -> tuple[Floats, Codes]:
    """The factor and the status of each row, by one gather each.

    Args:
        currencies: From :func:`currency_codes`.
        years: From :func:`year_places`.
        table: From :func:`factor_table`.

    Returns:
        Factors (NaN where there is none) and codes of ``STATUSES``.

    Example:
        >>> table = factor_table("EUR_2024")
        >>> factors, status = factors_of(currency_codes(["EUR", "XXX"]), year_places([2024, 2024]),
        ...                              table)
        >>> factors.tolist(), [STATUSES[code] for code in status]
        ([1.0, nan], ['ok', 'unknown currency'])
    """
    flat = currencies * (OUT_OF_RANGE + 1) + years
    return table.factors.ravel()[flat], table.status.ravel()[flat]

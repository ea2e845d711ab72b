"""The factor between two moneys, and every step of the way that it took."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from armscost.errors import NoRateError, OutsideEvidenceError, chosen
from armscost.prices.book import PriceBook, book_or_default
from armscost.prices.economies import (
    ECONOMY_OF,
    PARITIES,
    PARITY_IN_EURO,
    SAME_AREA,
    economy_of,
    index_names,
    pays_in,
)
from armscost.prices.exchange import Rate
from armscost.prices.series import NO_YEAR, NOT_AN_OUTCOME, Series

ORDERS = ("deflate_then_exchange", "exchange_then_deflate")
RATES = ("market", *PARITIES)
_PARITY_LABEL = "a parity compares real resources; it is never the price of a purchase"


@dataclass(frozen=True)
class Method:
    """How money is taken from one currency and price year to another.

    Attributes:
        order: ``"deflate_then_exchange"``: the amount's own economy's index to the target
            year, then that year's rate. ``"exchange_then_deflate"``: the rate of the amount's
            own year, then the target economy's index.
        index: ``"consumer"``, ``"gdp_deflator"``, ``"defence"`` or any named series.
        rate: ``"market"``, or ``"ppp"`` (World Bank) or ``"ppp_imf"``: parities compare real
            resources and are never the price of a purchase.
        area: Whose index; by default the economy whose money is deflated. With parities, the
            economy of the amount.
        to_area: With parities, the economy of the target currency.
    """

    order: str = "deflate_then_exchange"
    index: str = "consumer"
    rate: str = "market"
    area: str | None = None
    to_area: str | None = None

    def checked(self, book: PriceBook) -> Method:
        """The same with areas under their one name.

        Raises:
            UnknownNameError: For an unknown order, index, rate or area.
            OutsideEvidenceError: For ``to_area`` without parities, where it has no meaning.
        """
        chosen("order", self.order, ORDERS)
        chosen("rate", self.rate, RATES)
        index_names("USA", self.index, book.index_names)
        if self.to_area is not None and self.rate == "market":
            raise OutsideEvidenceError(
                "to_area is for parities (rate='ppp'); at market rates name whose index in area"
            )
        named = (self.area, self.to_area)
        area, to_area = (None if a is None else book.check_area(a) for a in named)
        return replace(self, area=area, to_area=to_area)

    @property
    def deflates_first(self) -> bool:
        """Whether the index comes before the rate."""
        return self.order == "deflate_then_exchange"

    def deflated_area(self, currency: str, to_currency: str) -> str:
        """The economy whose index deflates."""
        if self.deflates_first:
            return self.area or economy_of(currency)
        if self.rate == "market":
            return self.area or economy_of(to_currency)
        return self.to_area or economy_of(to_currency)


@dataclass(frozen=True)
class Step:
    """One step: its factor, and a line, marks and sources that tell of it."""

    value: float
    line: str
    sources: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    rate: Rate | None = None
    series: Series | None = None


@dataclass(frozen=True)
class Factor:
    """What one unit of a currency and year is in another, and why.

    Attributes:
        value: The factor: ``deflator.value × exchange.value``.
        currency: Currency of the amount.
        year: Its price year.
        to_currency: The target's currency.
        to_year: The target's price year.
        method: Order, index, rate and areas.
        deflator: The step between price years.
        exchange: The step between currencies.
        version: The version of the data.
    """

    value: float
    currency: str
    year: int
    to_currency: str
    to_year: int
    method: Method
    deflator: Step
    exchange: Step
    version: str = field(default="")

    @property
    def steps(self) -> tuple[Step, Step]:
        """The two steps in the order they are taken."""
        pair = (self.deflator, self.exchange)
        return pair if self.method.deflates_first else (pair[1], pair[0])

    @property
    def sources(self) -> list[str]:
        """The ids of the sources used."""
        return list(dict.fromkeys(s for step in self.steps for s in step.sources))

    @property
    def series(self) -> str:
        """The series that deflated, for example ``UKR cpi``; empty within one price year."""
        found = self.deflator.series
        return f"{found.area} {found.index}" if found else ""

    @property
    def assumptions(self) -> list[str]:
        """Every choice behind the factor, one line each."""
        lines = [
            f"order {self.method.order}, index {self.method.index}, rate {self.method.rate}",
            *(step.line for step in self.steps),
            *(mark for step in self.steps for mark in step.marks),
        ]
        return [*lines, self.version] if self.version else lines

    def explain(self) -> str:
        """The way from the amount to the result, as lines to read."""
        head = (
            f"1 {self.currency}_{self.year} = {self.value:.6g} {self.to_currency}_{self.to_year}"
            f" = {' x '.join(f'{step.value:.6g}' for step in self.steps)}"
        )
        tail = ["sources: " + ", ".join(self.sources)] if self.sources else []
        return "\n".join([head, *(f"  {line}" for line in [*self.assumptions, *tail])])

    def __str__(self) -> str:
        return self.explain()


def factor(
    currency: str,
    year: int,
    to_currency: str,
    to_year: int,
    *,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    area: str | None = None,
    to_area: str | None = None,
    date: dt.date | None = None,
    book: PriceBook | None = None,
) -> Factor:
    """The factor from one currency and price year to another, traced.

    Args:
        currency: ISO code of the amount.
        year: Its price year.
        to_currency: ISO code of the target.
        to_year: Its price year.
        order: See :class:`Method`.
        index: See :class:`Method`.
        rate: See :class:`Method`.
        area: See :class:`Method`.
        to_area: See :class:`Method`.
        date: The day of a dated amount: it is exchanged at that day's fixing, or the last
            one within 7 days before, in either order; the index still goes by the year. Where
            the order deflates first to another year, the assumptions say what that mixes.
        book: Rates and indices; the package's own by default.

    Returns:
        The :class:`Factor`, with its steps, sources and assumptions.

    Raises:
        NoRateError: Where a rate, parity or index is missing; it says which years there are.
        UnknownNameError: For an unknown currency, order, index, rate or area.
        OutsideEvidenceError: For a day outside the price year, or with parities.

    Example:
        >>> found = factor("UAH", 2021, "EUR", 2024)
        >>> found.series, found.exchange.rate.basis
        ('UKR cpi', 'annual_average')
    """
    book = book_or_default(book)
    method = Method(order, index, rate, area, to_area)

    def work_out() -> Factor:
        for code in (currency, to_currency):
            economy_of(code)
        checked = method.checked(book)
        _check_date(date, year, rate)
        return _factor(currency, year, to_currency, to_year, checked, date, book)

    if date is not None:  # there are too many days to remember each
        return work_out()
    return book.remembered((currency, year, to_currency, to_year, method), work_out)


def _factor(
    currency: str,
    year: int,
    to_currency: str,
    to_year: int,
    method: Method,
    date: dt.date | None,
    book: PriceBook,
) -> Factor:
    deflator = deflate(method.deflated_area(currency, to_currency), year, to_year, method, book)
    if isinstance(deflator, str):
        raise NoRateError(deflator)
    on = to_year if method.deflates_first else year
    changed = exchange(currency, to_currency, date or on, method, book)
    if isinstance(changed, str):
        raise NoRateError(changed)
    if date is not None and method.deflates_first and to_year != year and currency != to_currency:
        changed = replace(
            changed, marks=(*changed.marks, two_times(f"the rate of {date}", to_year))
        )
    return Factor(
        deflator.value * changed.value,
        currency,
        year,
        to_currency,
        to_year,
        method,
        deflator,
        changed,
        book.version,
    )


def two_times(rate: str, to_year: int) -> str:
    """What a dated amount mixes where the order deflates first, in one line.

    Args:
        rate: Which rate, in words.
        to_year: The year whose prices it meets.
    """
    return (
        f"prices of {to_year} meet {rate}: the answer is off by how far exchange rate and prices "
        "moved apart in between; order='exchange_then_deflate' exchanges on the day and deflates "
        "after"
    )


def deflate(area: str, year: int, to_year: int, method: Method, book: PriceBook) -> Step | str:
    """The step between two price years, or why there is none."""
    if year == to_year:
        return Step(1.0, f"no deflation: both are at {year} prices")
    name = index_names(area, method.index, book.index_names)
    only = method.index in ("consumer", "defence")
    if name is None or book.years_of(area, name, outcomes_only=only) == NO_YEAR:
        others = ", ".join(book.indices_of(area))
        return f"no {method.index} index of {area}; " + (
            f"there are {others}" if others else "nor any other"
        )
    series = book.series(area, name, (year, to_year), outcomes_only=only)
    if series is None:
        missing = [
            y for y in (year, to_year) if not book.series(area, name, (y, y), outcomes_only=only)
        ]
        return (
            f"no {name} of {area} for {' and '.join(map(str, missing or (year, to_year)))}; there "
            f"are values for {book.years_of(area, name, outcomes_only=only)}"
        )
    used = [(y, series.levels[y]) for y in (year, to_year)]
    marks = tuple(
        f"{area} {name} {y} ({level.basis.replace('_', ' ')}): {level.note or 'no note'}"
        for y, level in used
        if level.basis in ("estimate", "derived", *NOT_AN_OUTCOME)
    )
    if name.endswith("_fy"):
        marks += ("price years are read as US fiscal years (October to September)",)
    ratio = series.ratio(year, to_year)
    line = (
        f"deflated by {area} {name} ({series.base_year}): {used[1][1].value:g} in {to_year} over "
        f"{used[0][1].value:g} in {year} = {ratio:.6g}"
    )
    sources = tuple(dict.fromkeys(level.source_id for _, level in used))
    return Step(ratio, line, sources, marks, series=series)


def exchange(
    currency: str, to_currency: str, on: int | dt.date, method: Method, book: PriceBook
) -> Step | str:
    """The step between two currencies, or why there is none."""
    if method.rate != "market":
        year = on if isinstance(on, int) else on.year
        return _at_parity(currency, to_currency, year, method, book)
    rate = book.find_rate(currency, to_currency, on)
    if rate is None:
        return book.no_rate(currency, to_currency, on)
    if rate.basis == "identity":
        return Step(1.0, f"no exchange: both are {currency}", rate=rate)
    marks = tuple(f"{currency} to {to_currency}: {note}" for note in rate.notes)
    if rate.basis == "partial_year_average":
        marks = (f"the {rate.year} rate is an average of a part of the year", *marks)
    if isinstance(on, dt.date) and rate.date is not None and rate.date != on:
        marks = (f"no fixing on {on}: the one of {rate.date} is used", *marks)
    return Step(rate.value, f"exchanged at {rate}", rate.sources, marks, rate=rate)


def _at_parity(
    currency: str, to_currency: str, year: int, method: Method, book: PriceBook
) -> Step | str:
    kind = PARITIES[method.rate]
    areas = (
        method.area or ECONOMY_OF[currency],
        method.to_area or ECONOMY_OF[to_currency],
    )
    if currency == to_currency and method.to_area is None:
        areas = (areas[0], areas[0])
    if currency == to_currency and areas[0] == areas[1]:
        return Step(1.0, f"no exchange: both are {currency}")
    values: list[float] = []
    used = []
    for code, area in zip((currency, to_currency), areas, strict=True):
        level = book.parity(SAME_AREA.get(area, area), kind, year)
        if level is None:
            if area == "EA":
                return (
                    "no purchasing power parity of the euro area; name one of its countries: "
                    f"{'area' if code == currency else 'to_area'}='DEU'"
                )
            there = book.parity_years(area, kind)
            return f"no {kind} of {area} in {year}; there are values for {there}"
        if not pays_in(SAME_AREA.get(area, area), code):
            return f"a parity of {area} is not in {code}: name an economy that pays in {code}"
        legal = book.legal_rate(code) if code in PARITY_IN_EURO else None
        values.append(level.value * (legal[0] if legal else 1.0))
        used.append(level)
    value = values[1] / values[0]
    line = (
        f"exchanged at purchasing power parity ({kind}, {year}): {areas[1]} {values[1]:g} over "
        f"{areas[0]} {values[0]:g} = {value:.6g}"
    )
    marks = [
        f"{area} {kind} {year} ({level.basis}): {level.note or 'no note'}"
        for area, level in zip(areas, used, strict=True)
        if level.basis != "published" or level.note
    ]
    sources = tuple(dict.fromkeys(level.source_id for level in used))
    return Step(value, line, sources, (_PARITY_LABEL, *marks))


def _check_date(date: dt.date | None, year: int, rate: str) -> None:
    if date is None:
        return
    if rate != "market":
        raise OutsideEvidenceError("parities are of years; leave the date out with rate='ppp'")
    if date.year != year:
        raise OutsideEvidenceError(
            f"a day in {date.year} for money of {year}; write the amount at {date.year} prices "
            "or leave the date out"
        )


def summary(factors: list[Factor]) -> list[str]:
    """The assumptions behind many factors, each said once.

    Args:
        factors: Factors of one method, for example those of a table's rows.

    Returns:
        The method, the series and rates used, every mark on them, and the data version.

    Example:
        >>> summary([factor("USD", 2020, "EUR", 2024), factor("EUR", 2021, "EUR", 2024)])[1]
        'price indices: USA cpi_u, EA hicp'
    """
    if not factors:
        return []
    method = factors[0].method
    lines = [f"order {method.order}, index {method.index}, rate {method.rate}"]
    series = list(dict.fromkeys(f.series for f in factors if f.series))
    if series:
        lines.append(f"price indices: {', '.join(series)}")
    bases = [f.exchange.rate.basis for f in factors if f.exchange.rate is not None]
    if bases:
        year = f" of {factors[0].to_year}" if method.deflates_first else " of each price's year"
        lines.append(f"exchange rates{year}: {', '.join(dict.fromkeys(bases)).replace('_', ' ')}")
    marks = [mark for f in factors for step in f.steps for mark in step.marks]
    return [*lines, *dict.fromkeys(marks), *dict.fromkeys(f.version for f in factors if f.version)]

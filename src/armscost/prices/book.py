"""The book of rates: exchange rates, price indices and parities, looked up and traced."""

from __future__ import annotations

import datetime as dt
import functools
import re
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from armscost.datasets import data_version, shared_table
from armscost.errors import NoRateError, OutsideEvidenceError, chosen
from armscost.prices.economies import SAME_AREA, economy_of
from armscost.prices.exchange import (
    FIRMNESS,
    NO_FIXINGS,
    Fixings,
    Leg,
    Rate,
    all_fixings,
    annual_and_legal,
)
from armscost.prices.own_tables import own_table
from armscost.prices.series import Level, Series, all_parities, all_series, spans

# A fixing stands for the days up to a week after it: weekends and holidays have none.
MOST_DAYS_BACK = 7
# When a memory is full it is emptied: what was in it is worked out again.
MOST_REMEMBERED = 2_000


FoundT = TypeVar("FoundT")


class PriceBook:
    """Exchange rates, price indices and parities, ours or one's own.

    Args:
        exchange_rates: Rows with the columns of the table ``exchange_rates``, in place of
            ours: a DataFrame of pandas or polars, an Arrow table or a list of dictionaries.
        price_indices: The same for ``price_indices``.
        purchasing_power: The same for ``purchasing_power``.

    Raises:
        OutsideEvidenceError: For rows that break the rules of our own tables, all named, for
            two rows with one key, and for what is no table.

    Example:
        >>> own = PriceBook(exchange_rates=[
        ...     {"currency": "USD", "year": 2024, "rate_per_eur": 1.1,
        ...      "basis": "annual_average", "source_id": "treasury"}])
        >>> own.exchange_rate("EUR", "USD", 2024).value
        1.1
    """

    def __init__(
        self, exchange_rates: Any = None, price_indices: Any = None, purchasing_power: Any = None
    ) -> None:
        given = {
            "exchange_rates": exchange_rates,
            "price_indices": price_indices,
            "purchasing_power": purchasing_power,
        }
        self.own_tables = tuple(name for name, rows in given.items() if rows is not None)
        frames = {
            name: shared_table(name) if rows is None else own_table(name, rows)
            for name, rows in given.items()
        }
        self._rates = frames["exchange_rates"]
        self._annual, self._legal = annual_and_legal(self._rates)
        self._series = all_series(frames["price_indices"])
        self._parities = all_parities(frames["purchasing_power"])
        self._memory: dict[Any, Any] = {}
        # Of a registry that nobody uses any more nothing is remembered.
        self._of_registries: weakref.WeakKeyDictionary[Any, dict[Any, Any]]
        self._of_registries = weakref.WeakKeyDictionary()

    def remembered(self, question: Any, work_out: Callable[[], FoundT]) -> FoundT:
        """The answer to a question, worked out once; prices and frames keep theirs here."""
        try:
            found: FoundT = self._memory[question]
        except (KeyError, TypeError):  # with a list in it the question itself is refused
            found = work_out()
            remember(self._memory, question, found)
        return found

    def of_registry(self, make: Any) -> dict[Any, Any]:
        """What is remembered of a registry, told by its class of quantities.

        It must not lead back to the registry, which would live on by it.
        """
        try:
            return self._of_registries[make]
        except KeyError:
            return self._of_registries.setdefault(make, {})

    @functools.cached_property
    def version(self) -> str:
        """The version of the data, and which tables are the caller's own."""
        text = f"data version {data_version()}"
        return text + (f", own {', '.join(self.own_tables)}" if self.own_tables else "")

    # --- exchange rates -----------------------------------------------------------------

    def exchange_rate(self, base: str, quote: str, on: int | str | dt.date) -> Rate:
        """The rate on a day or over a year; see :func:`armscost.exchange_rate`."""
        for currency in (base, quote):
            economy_of(currency)
        when = _year(on) or as_date(on)
        found = self.find_rate(base, quote, when)
        if found is None:
            raise NoRateError(self.no_rate(base, quote, when))
        return found

    def find_rate(self, base: str, quote: str, on: int | dt.date) -> Rate | None:
        """The same, None where there is none."""
        year = on if isinstance(on, int) else on.year
        if base == quote:
            day = None if isinstance(on, int) else on
            return Rate(base, quote, 1.0, day, year, "identity", ())
        legs = self._year_legs(base, quote, on) if isinstance(on, int) else None
        legs = self._day_legs(base, quote, on) if isinstance(on, dt.date) else legs
        if legs is None:
            return None
        bases = [leg[2] for leg in legs if leg[3] is not None]
        days = [leg[1] for leg in legs if leg[1] is not None]
        return Rate(
            base,
            quote,
            legs[1][0] / legs[0][0],
            None if isinstance(on, int) else (days[0] if days else on),
            year,
            max(bases, key=FIRMNESS.index),
            tuple(dict.fromkeys(leg[3] for leg in legs if leg[3] is not None)),
            tuple(dict.fromkeys(leg[4] for leg in legs if leg[4])),
        )

    def _year_legs(self, base: str, quote: str, year: int) -> list[Leg] | None:
        legs = [self._in_year(currency, year) for currency in (base, quote)]
        return [leg for leg in legs if leg] if all(legs) else None

    def _in_year(self, currency: str, year: int) -> Leg | None:
        if currency == "EUR":
            return (1.0, None, "annual_average", None, None)
        legal = self._legal.get(currency)
        if legal is not None and legal[1] is not None and year >= legal[1].year:
            return (legal[0], None, *legal[2:])
        return self._annual.get((currency, year))

    def _day_legs(self, base: str, quote: str, day: dt.date) -> list[Leg] | None:
        # Both legs of a cross rate are of one day: the last on which both were fixed.
        wanted = day
        while (day - wanted).days <= MOST_DAYS_BACK:
            legs = [self._on_day(currency, wanted, day) for currency in (base, quote)]
            if None in legs:
                return None
            days = {leg[1] for leg in legs if leg is not None and leg[1] is not None}
            if len(days) <= 1:
                return [leg for leg in legs if leg is not None]
            wanted = min(days)
        return None

    def _on_day(self, currency: str, wanted: dt.date, asked: dt.date) -> Leg | None:
        if currency == "EUR":
            return (1.0, None, "daily_fixing", None, None)
        legal = self._legal.get(currency)
        if legal is not None and legal[1] is not None and wanted >= legal[1]:
            return (legal[0], None, *legal[2:])
        fixed = self.fixings(currency)
        place = int(np.searchsorted(fixed.days, np.datetime64(wanted), side="right")) - 1
        if place < 0:
            return None
        found: dt.date = fixed.days[place].item()
        if (asked - found).days > MOST_DAYS_BACK:
            return None
        return (float(fixed.rates[place]), found, fixed.bases[place], fixed.sources[place], None)

    def fixings(self, currency: str) -> Fixings:
        """The fixings of a currency in order; none for the euro and unknown ones."""
        return self._all_fixings.get(currency, NO_FIXINGS)

    @functools.cached_property
    def _all_fixings(self) -> dict[str, Fixings]:
        return all_fixings(self._rates)

    def legal_rate(self, currency: str) -> Leg | None:
        """The irrevocable rate of a currency that became the euro, with its first day."""
        return self._legal.get(currency)

    def no_rate(self, base: str, quote: str, on: int | dt.date) -> str:
        """Say which rate is missing, and what there is."""
        parts = []
        for currency in (base, quote):
            if currency == "EUR":
                continue
            if isinstance(on, int):
                if self._in_year(currency, on) is not None:
                    continue
                there = spans(year for code, year in self._annual if code == currency)
                parts.append(f"{currency} in {on}; averages there are of {there}")
            else:
                if self._on_day(currency, on, on) is not None:
                    continue
                days = self.fixings(currency).days
                there = f"{days[0]} to {days[-1]}" if len(days) else "no day"
                parts.append(
                    f"{currency} on {on} or in the {MOST_DAYS_BACK} days before; fixings there "
                    f"are of {there}, averages of "
                    + spans(year for code, year in self._annual if code == currency)
                )
        what = ", and of ".join(parts) or f"{base} and {quote} on one day near {on}"
        return f"no exchange rate of {what}"

    # --- price indices ------------------------------------------------------------------

    @property
    def index_names(self) -> list[str]:
        """Every name of a price index in the book."""
        return sorted({name for _, name in self._series})

    def indices_of(self, area: str) -> list[str]:
        """The names of the price indices of one area."""
        return sorted(name for where, name in self._series if where == area)

    @property
    def areas(self) -> list[str]:
        """Every area of which an index or a parity is known."""
        return sorted({a for a, _ in self._series} | {a for a, _ in self._parities})

    def check_area(self, area: str) -> str:
        """The area under its one name.

        Raises:
            UnknownNameError: For an area of which neither index nor parity is known.
        """
        where = "armscost.load('price_indices')['area'].unique()"
        name = chosen("area", area, [*self.areas, *SAME_AREA], where=where)
        return SAME_AREA.get(name, name)

    def series(
        self, area: str, index: str, years: tuple[int, int], *, outcomes_only: bool
    ) -> Series | None:
        """The series of an index that covers both years; the longest where there are several.

        Args:
            area: The economy.
            index: The name of the series.
            years: The two years.
            outcomes_only: Leave projections and parts of years out.
        """
        for found in self._series.get((area, index), ()):
            if found.years(outcomes_only=outcomes_only).issuperset(years):
                return found
        return None

    def years_of(self, area: str, index: str, *, outcomes_only: bool = False) -> str:
        """The years that an index covers in an area, as text."""
        found = self._series.get((area, index), ())
        return spans(y for series in found for y in series.years(outcomes_only=outcomes_only))

    # --- purchasing power ---------------------------------------------------------------

    def parity(self, area: str, kind: str, year: int) -> Level | None:
        """Local currency for one international dollar; None where there is none."""
        return self._parities.get((area, kind), {}).get(year)

    def parity_years(self, area: str, kind: str) -> str:
        """The years for which there is a parity, as text."""
        return spans(self._parities.get((area, kind), {}))


@functools.cache
def default_book() -> PriceBook:
    """The package's own book, made once."""
    return PriceBook()


def _year(on: Any) -> int | None:
    """The year, where a whole number or four digits were given."""
    if isinstance(on, str):
        return int(on) if re.fullmatch(r"\d{4}", on) else None
    return int(on) if hasattr(on, "__index__") and not isinstance(on, bool) else None


def as_date(date: Any) -> dt.date:
    """A day from a date, a time or a text.

    Raises:
        OutsideEvidenceError: For anything but a day.

    Example:
        >>> as_date("2025-04-11")
        datetime.date(2025, 4, 11)
    """
    if isinstance(date, dt.date) and date == date:
        return date.date() if isinstance(date, dt.datetime) else date
    try:
        return dt.date.fromisoformat(date)
    except (TypeError, ValueError):
        raise OutsideEvidenceError(
            f"{date!r} is no day; write a day as 2025-04-11 or a year as 2025"
        ) from None


def book_or_default(book: Any) -> PriceBook:
    """The book given, or the package's own for None.

    Raises:
        OutsideEvidenceError: For what is no book.
    """
    if book is None:
        return default_book()
    if not isinstance(book, PriceBook):
        raise OutsideEvidenceError(f"book is {book!r}; give an armscost.PriceBook")
    return book


def remember(memory: dict[Any, Any], question: Any, answer: Any) -> None:
    """Keep an answer in a memory that never grows past its size."""
    if len(memory) >= MOST_REMEMBERED:
        memory.clear()
    memory[question] = answer

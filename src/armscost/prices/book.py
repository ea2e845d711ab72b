"""The book of rates: exchange rates, price indices and parities, looked up and traced."""

from __future__ import annotations

import datetime as dt
import functools
import re
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from armscost.datasets import data_version, shared_table
from armscost.errors import NoRateError, OutsideEvidenceError, chosen
from armscost.prices.economies import SAME_AREA, economy_of
from armscost.records import ExchangeRate, PriceIndex, PurchasingPower, Record

if TYPE_CHECKING:
    import pandas as pd

# A fixing stands for the days up to a week after it: weekends and holidays have none.
MOST_DAYS_BACK = 7
# When a memory is full it is emptied: what was in it is worked out again.
MOST_REMEMBERED = 2_000
NOT_AN_OUTCOME = ("projection", "partial_year")
_TABLES: dict[str, type[Record]] = {
    "exchange_rates": ExchangeRate,
    "price_indices": PriceIndex,
    "purchasing_power": PurchasingPower,
}


@dataclass(frozen=True)
class Rate:
    """An exchange rate and where it comes from.

    Attributes:
        base: The currency of which there is one.
        quote: The currency it is expressed in.
        value: Units of ``quote`` for one of ``base``.
        date: The day of the fixing used; None for an average.
        year: The calendar year.
        basis: ``daily_fixing``, ``annual_average``, ``partial_year_average``,
            ``single_fixing``, ``legal_rate``, or ``identity`` for one currency.
        sources: The ids of the sources.
        notes: What a careful reader should know of the rates behind it.
    """

    base: str
    quote: str
    value: float
    date: dt.date | None
    year: int
    basis: str
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def source_id(self) -> str:
        """The id of the source; two legs from two sources are parted by ``"; "``."""
        return "; ".join(self.sources)

    def __str__(self) -> str:
        when = self.date.isoformat() if self.date else str(self.year)
        return f"1 {self.base} = {self.value:.6g} {self.quote} ({self.basis}, {when})"


@dataclass(frozen=True)
class Level:
    """One value of a series: what it is, how firm, and whose."""

    value: float
    basis: str
    source_id: str
    note: str | None


@dataclass(frozen=True)
class Series:
    """A price index of one area with one base year."""

    area: str
    index: str
    base_year: str
    levels: dict[int, Level]

    def years(self, *, outcomes_only: bool) -> set[int]:
        """The years it covers, with or without projections and parts of years."""
        return {
            year
            for year, level in self.levels.items()
            if not (outcomes_only and level.basis in NOT_AN_OUTCOME)
        }

    def ratio(self, from_year: int, to_year: int) -> float:
        """The factor from the prices of one year to those of another."""
        return self.levels[to_year].value / self.levels[from_year].value


class Fixings(NamedTuple):
    """The fixings of one currency, in order of their days.

    Attributes:
        days: ``datetime64[D]``.
        rates: Units of the currency for one euro.
        bases: ``daily_fixing`` or ``single_fixing``, one a day.
        sources: The id of the source, one a day.
    """

    days: NDArray[np.datetime64]
    rates: NDArray[np.float64]
    bases: list[str]
    sources: list[str]


_NO_FIXINGS = Fixings(np.array([], "datetime64[D]"), np.array([]), [], [])

FoundT = TypeVar("FoundT")

# What a currency costs: units for one euro, with the day, the basis and the source.
_Leg = tuple[float, dt.date | None, str, str | None, str | None]


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
            name: shared_table(name) if rows is None else _validated(name, rows)
            for name, rows in given.items()
        }
        self._rates = frames["exchange_rates"]
        self._annual, self._legal = _annual_and_legal(self._rates)
        self._series = _all_series(frames["price_indices"])
        self._parities = _all_parities(frames["purchasing_power"])
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
            max(bases, key=_FIRMNESS.index),
            tuple(dict.fromkeys(leg[3] for leg in legs if leg[3] is not None)),
            tuple(dict.fromkeys(leg[4] for leg in legs if leg[4])),
        )

    def _year_legs(self, base: str, quote: str, year: int) -> list[_Leg] | None:
        legs = [self._in_year(currency, year) for currency in (base, quote)]
        return [leg for leg in legs if leg] if all(legs) else None

    def _in_year(self, currency: str, year: int) -> _Leg | None:
        if currency == "EUR":
            return (1.0, None, "annual_average", None, None)
        legal = self._legal.get(currency)
        if legal is not None and legal[1] is not None and year >= legal[1].year:
            return (legal[0], None, *legal[2:])
        return self._annual.get((currency, year))

    def _day_legs(self, base: str, quote: str, day: dt.date) -> list[_Leg] | None:
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

    def _on_day(self, currency: str, wanted: dt.date, asked: dt.date) -> _Leg | None:
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
        return self._all_fixings.get(currency, _NO_FIXINGS)

    @functools.cached_property
    def _all_fixings(self) -> dict[str, Fixings]:
        return _fixings(self._rates)

    def legal_rate(self, currency: str) -> _Leg | None:
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


_FIRMNESS = (
    "identity",
    "legal_rate",
    "daily_fixing",
    "annual_average",
    "single_fixing",
    "partial_year_average",
)


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
    if isinstance(date, dt.datetime):
        return date.date()
    if isinstance(date, dt.date):
        return date
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


def spans(years: Iterable[int]) -> str:
    """Years as text, runs joined.

    Example:
        >>> spans([2010, 2011, 2012, 2015])
        '2010–2012, 2015'
    """
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs) or "no year"


# --------------------------------------------------------------------------------------
# From tables to look-ups
# --------------------------------------------------------------------------------------


def _annual_and_legal(
    rates: pd.DataFrame,
) -> tuple[dict[tuple[str, int], _Leg], dict[str, _Leg]]:
    annual: dict[tuple[str, int], _Leg] = {}
    legal: dict[str, _Leg] = {}
    rows = rates[~rates["basis"].isin(["daily_fixing", "single_fixing"])]
    for row in rows.to_dict("records"):
        note = row["note"] if isinstance(row["note"], str) else None
        leg = (float(row["rate_per_eur"]), None, str(row["basis"]), str(row["source_id"]), note)
        key = (str(row["currency"]), int(row["year"]))
        if leg[2] == "legal_rate":
            legal[key[0]] = (leg[0], row["date"], *leg[2:])
        elif key not in annual or leg[2] == "annual_average":
            annual[key] = leg
    return annual, legal


def _fixings(rates: pd.DataFrame) -> dict[str, Fixings]:
    rows = rates[rates["basis"].isin(["daily_fixing", "single_fixing"])]
    days = np.array(rows["date"].to_list(), dtype="datetime64[D]")
    values = rows["rate_per_eur"].to_numpy(float)
    codes, bases, sources = (
        rows[name].astype(str).to_numpy() for name in ("currency", "basis", "source_id")
    )
    # Of two fixings of one day the ECB's comes last, and the last one counts.
    order = np.lexsort((bases == "daily_fixing", days, codes))
    return {
        str(currency): Fixings(
            days[mine], values[mine], bases[mine].tolist(), sources[mine].tolist()
        )
        for currency in np.unique(codes)
        for mine in [order[codes[order] == currency]]
    }


def _all_series(indices: pd.DataFrame) -> dict[tuple[str, str], list[Series]]:
    by_base: dict[tuple[str, str, str], dict[int, Level]] = {}
    for row in indices.to_dict("records"):
        area = SAME_AREA.get(str(row["area"]), str(row["area"]))
        key = (area, str(row["index"]), str(row["base_year"]))
        by_base.setdefault(key, {})[int(row["year"])] = _level(row)
    found: dict[tuple[str, str], list[Series]] = {}
    for (area, index, base), levels in sorted(by_base.items(), key=lambda item: -len(item[1])):
        found.setdefault((area, index), []).append(Series(area, index, base, levels))
    return found


def _all_parities(parities: pd.DataFrame) -> dict[tuple[str, str], dict[int, Level]]:
    found: dict[tuple[str, str], dict[int, Level]] = {}
    for row in parities.to_dict("records"):
        key = (str(row["area"]), str(row["kind"]))
        found.setdefault(key, {})[int(row["year"])] = _level(row)
    return found


def _level(row: Mapping[Any, Any]) -> Level:
    note = row["note"] if isinstance(row["note"], str) else None
    return Level(float(row["value"]), str(row["basis"]), str(row["source_id"]), note)


def _validated(name: str, rows: Any) -> pd.DataFrame:
    """A table of the caller's, held to the rules of ours."""
    import pandas as pd

    model, faults, records, seen = _TABLES[name], [], [], set()
    for number, row in enumerate(_as_dictionaries(rows)):
        filled = {k: v for k, v in row.items() if not (pd.api.types.is_scalar(v) and pd.isna(v))}
        if "base_year" in filled:
            filled["base_year"] = str(filled["base_year"])
        try:
            record = model.model_validate(filled)
        except ValidationError as error:
            faults += [
                f"row {number}, {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
                for fault in error.errors()
            ]
            continue
        key = tuple(getattr(record, column) for column in model.key)
        if key in seen:
            faults.append(f"row {number}: {key} is there twice; one row a {', '.join(model.key)}")
        seen.add(key)
        records.append(record.model_dump())
    if faults:
        more = f"; and {len(faults) - 10} more" if len(faults) > 10 else ""
        raise OutsideEvidenceError(f"own {name}: " + "; ".join(faults[:10]) + more)
    frame = pd.DataFrame(records, columns=list(model.model_fields))
    return frame.astype({"date": object}) if "date" in frame else frame


def _as_dictionaries(rows: Any) -> list[dict[str, Any]]:
    for method, arguments in (("to_pylist", ()), ("to_dicts", ()), ("to_dict", ("records",))):
        if hasattr(rows, method) and not isinstance(rows, dict):
            found: list[dict[str, Any]] = getattr(rows, method)(*arguments)
            return found
    if not isinstance(rows, Iterable) or not all(isinstance(row, Mapping) for row in rows):
        raise OutsideEvidenceError(
            f"{rows!r} is no table; give a DataFrame, an Arrow table or a list of dictionaries"
        )
    return [dict(row) for row in rows]

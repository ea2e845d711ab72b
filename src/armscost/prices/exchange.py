"""Exchange rates as a book holds them: of days, of years, and fixed by law."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

# From the firmest down: a cross rate is as firm as the weaker of its legs.
FIRMNESS = (
    "identity",
    "legal_rate",
    "daily_fixing",
    "annual_average",
    "single_fixing",
    "partial_year_average",
)

# What a currency costs: units for one euro, with the day, the basis and the source.
Leg = tuple[float, dt.date | None, str, str | None, str | None]


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


NO_FIXINGS = Fixings(np.array([], "datetime64[D]"), np.array([]), [], [])


def annual_and_legal(
    rates: pd.DataFrame,
) -> tuple[dict[tuple[str, int], Leg], dict[str, Leg]]:
    """The averages by currency and year, and the legal rate of each currency that has one."""
    annual: dict[tuple[str, int], Leg] = {}
    legal: dict[str, Leg] = {}
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


def all_fixings(rates: pd.DataFrame) -> dict[str, Fixings]:
    """The fixings of every currency that has any."""
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

